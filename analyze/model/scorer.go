package model

import (
	"math"
	"slices"
	"strings"

	"voc/analyze/sentiment"
)

// Scorer decides the tags of a post, with buffers of its own. Use one per goroutine.
type Scorer struct {
	w    *Weights
	s    *Sample
	post [maxPost]int32
	// met holds, for every row, the pass that met it last and the zones it was met in: a feature counts once in each.
	met  []uint32
	pass uint32
	zone []uint8
	keys []Key
	// share is what the words of the post add to a task, and spans the best of them.
	share   []int32
	spans   []Span
	learned About
	// namer is told the parts of the features of topics when it is not nil.
	namer func(Key, string)
}

// Span are the words [First, End) of a post.
type Span struct{ First, End int32 }

// NewScorer makes a scorer.
func NewScorer(w *Weights) *Scorer {
	return &Scorer{w: w, met: make([]uint32, len(w.keys))}
}

// zoneBits are the bits of met that tell zones.
const zoneBits = 3

// next begins a pass over features.
func (sc *Scorer) next() {
	if sc.pass++; sc.pass >= 1<<(32-zoneBits) {
		clear(sc.met)
		sc.pass = 1
	}
}

// first reports whether the pass meets a row for the first time in a zone.
func (sc *Scorer) first(row int32, zone int) bool {
	m := sc.met[row]
	if m>>zoneBits != sc.pass {
		m = sc.pass << zoneBits
	} else if m&(1<<zone) != 0 {
		return false
	}
	sc.met[row] = m | 1<<zone
	return true
}

// Read scores a post. The sample must not change until the last question about it.
func (sc *Scorer) Read(s *Sample) {
	sc.s = s
	clear(sc.post[:])
	n := 0
	sc.next()
	for i := range s.Seen {
		row := s.Seen[i].Row
		if row < 0 || !sc.first(row, 0) {
			continue
		}
		n++
		for _, x := range sc.w.post.row(row) {
			sc.post[x.Task&(maxPost-1)] += int32(x.Value)
		}
	}
	for i, b := range sc.w.bias[:sc.w.AboutTask(0)] {
		if i < Classes {
			sc.post[i] = scaled(b, sc.post[i], n)
		} else {
			sc.post[i] += b
		}
	}
}

// Factor is by how much a sum of n weights of a polarity is scaled: long posts have more features of either side, which
// makes them no clearer.
func Factor(n int) float64 { return math.Sqrt(usual / float64(max(n, shortest))) }

const (
	usual    = 250 // features of a post that is neither long nor short
	shortest = 20
)

// scaled is a polarity's bias and sum of weights.
func scaled(bias, sum int32, n int) int32 { return bias + int32(float64(sum)*Factor(n)) }

// Score is the sum of the weights of a task of the post: log odds in units of One.
func (sc *Scorer) Score(task int) int32 { return sc.post[task] }

// Label is the polarity of the post with its strength in [-1, 1].
func (sc *Scorer) Label() (sentiment.Label, float64) {
	return decide([Classes]int32(sc.post[:Classes]))
}

func decide(p [Classes]int32) (sentiment.Label, float64) {
	best := sentiment.Neutral
	for k := sentiment.Label(1); k < Classes; k++ {
		if p[k] > p[best] {
			best = k
		}
	}
	return best, strength(best, p)
}

// strength is half the distance of the two sides, folded into [-1, 1]; its sign agrees with the label.
func strength(l sentiment.Label, p [Classes]int32) float64 {
	x := float64(p[sentiment.Positive]-p[sentiment.Negative]) / (2 * One)
	const least = 0.05
	switch l {
	case sentiment.Positive:
		x = max(x, least)
	case sentiment.Negative:
		x = min(x, -least)
	case sentiment.Neutral:
		x /= 4
	}
	if x < 0 {
		return x / (1 - x)
	}
	return x / (1 + x)
}

// Has reports whether a topic or an intent is given.
func (sc *Scorer) Has(task int) bool { return sc.post[task] > 0 }

// About decides the polarity of what the post says about a topic.
func (sc *Scorer) About(t *About) (sentiment.Label, float64) { return decide(sc.about(t)) }

func (sc *Scorer) about(t *About) [Classes]int32 {
	var p [Classes]int32
	inside := sc.zones(t)
	n := 0
	sc.next()
	for i := range sc.s.Seen {
		x := &sc.s.Seen[i]
		if x.Row < 0 {
			continue
		}
		zone := sc.zoneOf(x.Clause)
		if !sc.first(x.Row, zone) {
			continue
		}
		n++
		for _, v := range sc.w.about[zone].row(x.Row) {
			p[v.Task&(Classes-1)] += int32(v.Value)
		}
	}
	for _, k := range sc.AboutKeys(t, inside) {
		row := sc.w.find(k)
		if row < 0 {
			continue
		}
		n++
		for _, v := range sc.w.about[Elsewhere].row(row) {
			p[v.Task&(Classes-1)] += int32(v.Value)
		}
	}
	for k := range p {
		p[k] = scaled(sc.w.bias[sc.w.AboutTask(0)+k], p[k], n)
	}
	return p
}

func (sc *Scorer) zoneOf(clause int32) int {
	if clause == Whole {
		return Elsewhere
	}
	return int(sc.zone[clause])
}

// zones fills zone for a topic and returns the polarity of its own clauses.
func (sc *Scorer) zones(t *About) [Classes]int32 {
	sc.zone = append(sc.zone[:0], make([]uint8, len(sc.s.Sentence))...)
	for _, c := range t.Clauses {
		sentence := sc.s.Sentence[c]
		for i := int(c) - 1; i >= 0 && sc.s.Sentence[i] == sentence; i-- {
			sc.zone[i] = max(sc.zone[i], Near)
		}
		for i := int(c) + 1; i < len(sc.zone) && sc.s.Sentence[i] == sentence; i++ {
			sc.zone[i] = max(sc.zone[i], Near)
		}
		sc.zone[c] = Inside
	}
	var p [Classes]int32
	n := 0
	sc.next()
	for i := range sc.s.Seen {
		x := &sc.s.Seen[i]
		if x.Row < 0 || sc.zoneOf(x.Clause) != Inside || !sc.first(x.Row, Inside) {
			continue
		}
		n++
		for _, v := range sc.w.post.row(x.Row) {
			if v.Task >= Classes {
				break
			}
			p[v.Task] += int32(v.Value)
		}
	}
	for i := range p {
		p[i] = scaled(sc.w.bias[i], p[i], n)
	}
	return p
}

// ZoneOf is the zone of a clause, as seen from the topic asked about last.
func (sc *Scorer) ZoneOf(clause int32) int { return sc.zoneOf(clause) }

// Inside is the polarity of the clauses of a topic by the weights of the post's polarity.
func (sc *Scorer) Inside(t *About) [Classes]int32 { return sc.zones(t) }

var (
	postLabel, topicLabel  = partOf("post"), partOf("topic")
	modelLabel, clauseSays = partOf("model"), partOf("clause")
	onlyTopic              = partOf("only topic")
	noOpinion              = partOf("no opinion")
)

// AboutKeys are the features of a topic that are not seen at a place: what the rules say about it, and what the model
// says of the post and of the topic's clauses. They are valid until the next call.
func (sc *Scorer) AboutKeys(t *About, inside [Classes]int32) []Key {
	sc.keys = sc.keys[:0]
	topic := labels[t.Sum.Label()]
	rule := labels[sc.s.Sum.Label()]
	post, _ := sc.Label()
	clause, _ := decide(inside)
	sc.key(topicLabel, topic, part{})
	sc.key(postLabel, rule, topic)
	sc.key(modelLabel, labels[post], part{})
	sc.key(clauseSays, labels[clause], part{})
	sc.key(clauseSays, labels[post], labels[clause])
	sc.key(modelLabel, labels[post], topic)
	sc.key(partOf(t.ID), part{}, part{})
	sc.key(partOf(t.ID), labels[post], part{})
	if sc.single() {
		sc.key(onlyTopic, labels[post], part{})
		sc.key(onlyTopic, labels[post], topic)
	}
	if t.Sum.Plus == 0 && t.Sum.Minus == 0 {
		sc.key(noOpinion, labels[post], part{})
	}
	for i, limit := range thresholds {
		if t.Sum.Plus >= limit {
			sc.key(topicLabel, plus, thresholdParts[i])
		}
		if t.Sum.Minus >= limit {
			sc.key(topicLabel, minus, thresholdParts[i])
		}
	}
	for k := range Classes {
		sc.key(modelLabel, labels[k], margins[margin(sc.post[k])])
		sc.key(clauseSays, labels[k], margins[margin(inside[k])])
	}
	return sc.keys
}

// margins name the steps of a score.
var margins = partsOf([]string{"<-3", "<-1.5", "<-0.5", "±0.5", ">0.5", ">1.5", ">3"})

func margin(score int32) int {
	return step(int(score), -3*One, -One*3/2, -One/2, One/2, One*3/2, 3*One)
}

// single reports whether the rules found at most one topic.
func (sc *Scorer) single() bool {
	n := 0
	for i := range sc.s.Topics {
		if !child(sc.s.Topics[i].ID) {
			n++
		}
	}
	return n <= 1
}

func (sc *Scorer) key(a, b, c part) {
	k := keyOf(kindAbout, a.hash, b.hash, c.hash)
	sc.keys = append(sc.keys, k)
	if sc.namer != nil {
		sc.namer(k, strings.TrimSpace(kindNames[kindAbout]+" "+a.text+" "+b.text+" "+c.text))
	}
}

// AllAboutKeys are all keys that AboutKeys can give for the topics, sorted.
func AllAboutKeys(topics []string) []Key {
	seen := map[Key]bool{}
	add := func(a, b, c part) { seen[keyOf(kindAbout, a.hash, b.hash, c.hash)] = true }
	for _, x := range labels {
		for _, a := range []part{topicLabel, modelLabel, clauseSays, onlyTopic, noOpinion} {
			add(a, x, part{})
		}
		for _, y := range labels {
			for _, a := range []part{postLabel, clauseSays, modelLabel, onlyTopic} {
				add(a, x, y)
			}
		}
		for _, m := range margins {
			add(modelLabel, x, m)
			add(clauseSays, x, m)
		}
		for _, id := range topics {
			add(partOf(id), x, part{})
		}
	}
	for _, id := range topics {
		add(partOf(id), part{}, part{})
	}
	for _, t := range thresholdParts {
		add(topicLabel, plus, t)
		add(topicLabel, minus, t)
	}
	keys := make([]Key, 0, len(seen))
	for k := range seen {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// maxSpans is how many spans of words Words gives.
const maxSpans = 3

// Reason is what one feature adds to a score.
type Reason struct {
	Key    Key
	Weight int32
	// The words [First, End) carry it; none when they are equal.
	First, End int32
}

// Reasons lists what makes up the score of a task of the post: their weights, times Factor for a polarity, and the bias
// are the score.
func (sc *Scorer) Reasons(task int) (reasons []Reason, bias int32) {
	sc.next()
	for i := range sc.s.Seen {
		x := &sc.s.Seen[i]
		if x.Row >= 0 && sc.first(x.Row, 0) {
			reasons = append(reasons, Reason{x.Key, weightOf(&sc.w.post, x.Row, task), x.First, x.End})
		}
	}
	return reasons, sc.w.bias[task]
}

// AboutReasons lists what makes up the score of a polarity of a topic.
func (sc *Scorer) AboutReasons(t *About, label sentiment.Label) (reasons []Reason, bias int32) {
	inside := sc.zones(t)
	sc.next()
	for i := range sc.s.Seen {
		x := &sc.s.Seen[i]
		if x.Row < 0 {
			continue
		}
		if zone := sc.zoneOf(x.Clause); sc.first(x.Row, zone) {
			reasons = append(reasons, Reason{x.Key, weightOf(&sc.w.about[zone], x.Row, int(label)), x.First, x.End})
		}
	}
	for _, k := range sc.AboutKeys(t, inside) {
		if row := sc.w.find(k); row >= 0 {
			reasons = append(reasons, Reason{Key: k, Weight: weightOf(&sc.w.about[Elsewhere], row, int(label))})
		}
	}
	return reasons, sc.w.bias[sc.w.AboutTask(0)+int(label)]
}

func weightOf(r *ragged, row int32, task int) int32 {
	for _, x := range r.row(row) {
		if int(x.Task) >= task {
			if int(x.Task) == task {
				return int32(x.Value)
			}
			break
		}
	}
	return 0
}

// Scores are the scores of the polarities of a topic.
func (sc *Scorer) Scores(t *About) [Classes]int32 { return sc.about(t) }

// Name makes the scorer tell the names of the features of topics to the reader.
func (sc *Scorer) Name(r *Reader) { sc.namer = func(k Key, name string) { r.names[k] = name } }

// Words are the words of the post that speak most for a task, in the order of the text; none when only features
// without a place do. They are valid until the next call.
func (sc *Scorer) Words(task int) []Span {
	sc.share = append(sc.share[:0], make([]int32, sc.s.Words)...)
	sc.next()
	for i := range sc.s.Seen {
		x := &sc.s.Seen[i]
		if x.Row < 0 || x.First >= x.End || !sc.first(x.Row, 0) {
			continue
		}
		if v := weightOf(&sc.w.post, x.Row, task); v != 0 {
			each := v / (x.End - x.First)
			for k := x.First; k < x.End; k++ {
				sc.share[k] += each
			}
		}
	}
	return sc.bestSpans()
}

// bestSpans joins neighbours that speak for a task and keeps the strongest runs.
func (sc *Scorer) bestSpans() []Span {
	sc.spans = sc.spans[:0]
	most := int32(0)
	for _, v := range sc.share {
		most = max(most, v)
	}
	if most <= 0 {
		return nil
	}
	var sums [maxSpans]int32
	for i := 0; i < len(sc.share); {
		if sc.share[i] < max(1, most/4) {
			i++
			continue
		}
		span, sum := Span{int32(i), int32(i)}, int32(0)
		for i < len(sc.share) && sc.share[i] >= max(1, most/4) {
			sum += sc.share[i]
			i++
		}
		span.End = int32(i)
		if len(sc.spans) < maxSpans {
			sums[len(sc.spans)] = sum
			sc.spans = append(sc.spans, span)
			continue
		}
		least := 0
		for k := range sums {
			if sums[k] < sums[least] {
				least = k
			}
		}
		if sum > sums[least] {
			copy(sums[least:], sums[least+1:])
			sc.spans = append(append(sc.spans[:least], sc.spans[least+1:]...), span)
			sums[maxSpans-1] = sum
		}
	}
	return sc.spans
}

// Learned is topic i where the rules do not see it: at the words that speak for it, which it returns too. It is nil when no
// word does, and valid until the next call.
func (sc *Scorer) Learned(i int) (*About, []Span) {
	a := &sc.learned
	*a = About{ID: sc.w.Topics[i], Clauses: a.Clauses[:0]}
	spans := sc.Words(sc.w.TopicTask(i))
	for _, span := range spans {
		a.Clauses = append(a.Clauses, sc.s.ClauseOf(span.First))
	}
	if len(spans) == 0 {
		return nil, nil
	}
	return a, spans
}

// ClauseOf is a clause that holds the word; the first clause when none does.
func (s *Sample) ClauseOf(word int32) int32 {
	for i := range s.Seen {
		if x := &s.Seen[i]; x.Clause >= 0 && x.First <= word && word < x.End {
			return x.Clause
		}
	}
	return 0
}
