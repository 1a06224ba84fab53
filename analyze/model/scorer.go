package model

import (
	"math"

	"voc/analyze/sentiment"
)

// Scorer decides the tags of a post, with buffers of its own. Use one per goroutine.
type Scorer struct {
	w    *Weights
	s    *Sample
	post postSums
	// rows are those of the features of the post, each once, and examples the first places of them in the sample. met finds
	// a row among them.
	rows     []int32
	examples []int32
	met      places
	// at is where the row of each feature of the sample stands in rows; -1 when the weights do not know it. often tells how
	// many features have a row.
	at    []int32
	often []int32
	// large are the weights of the post that do not fit in a byte.
	large []largeHere
	// During a pass, once are the rows that the post has once, those near the topic from the front and those inside from the
	// back. Of the other rows inside tells where in the sentences of the topic they were met, and close lists those that were.
	// zone are the zones of the clauses, counted from Whole.
	once   []int32
	inside []meeting
	close  []int32
	zone   []uint8
	// said and keys are what AboutKeys gives.
	said []saying
	keys []Key
	// share is what the words of the post add to a task, and spans the best of them.
	share   []int32
	spans   []Span
	learned About
	// namer is told the parts of the features of topics when it is not nil.
	namer func(Key, string)

	couple  coupling
	chances []chance
	odds    []odds
	settled sentiment.Label
}

// largeHere is a largeWeight whose row stands at a place of rows.
type largeHere struct {
	at int32
	largeWeight
}

// NewScorer makes a scorer.
func NewScorer(w *Weights) *Scorer { return &Scorer{w: w, couple: newCoupling(w.Intents)} }

// Read scores a post. The sample must not change until the last question about it.
func (sc *Scorer) Read(s *Sample) {
	sc.s = s
	sc.collect(s.Rows)
	clear(sc.post[:])
	sc.w.addPost(&sc.post, sc.rows)
	sc.readLarge()
	for i, b := range sc.w.bias[:sc.w.AboutTask(0)] {
		if i < Classes {
			sc.post[i] = scaled(b, sc.post[i], len(sc.rows))
		} else {
			sc.post[i] += b
		}
	}
}

// collect fills rows, examples, often and at.
func (sc *Scorer) collect(seen []int32) {
	sc.met.reset(len(seen))
	most := len(seen) + 1
	sc.rows, sc.examples, sc.often, sc.at = grown(sc.rows, most), grown(sc.examples, most), grown(sc.often, most), grown(sc.at, len(seen))
	rows, examples, often, ats, met := sc.rows, sc.examples, sc.often, sc.at, sc.met
	n := 0
	for i, row := range seen {
		if row < 0 {
			ats[i] = -1
			continue
		}
		// A new row is written behind the others whether it is new or not, which saves a branch nobody can foresee.
		rows[n], examples[n], often[n] = row, int32(i), 0
		at := met.place(row, n)
		ats[i] = int32(at)
		often[at]++
		n += int(uint64(at-n)>>63) ^ 1 // the row is new when at is n, and before n when it is not
	}
	sc.rows, sc.examples = rows[:n], examples[:n]
}

// readLarge adds the weights that do not fit in a byte.
func (sc *Scorer) readLarge() {
	sc.large = sc.large[:0]
	for _, l := range sc.w.large {
		at := sc.met.find(l.row)
		if at < 0 {
			continue
		}
		sc.large = append(sc.large, largeHere{at, l})
		if int(l.task) < sc.w.base {
			sc.post[l.task] += int32(l.rest)
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
	p, inside, n := sc.pass(t)
	for _, x := range sc.sayings(t, inside) {
		a := &sc.w.said[x]
		n += a.n
		for k := range p {
			p[k] += a.sum[k]
		}
	}
	for _, k := range sc.ownKeys(t) {
		a := sc.w.addition(k)
		n += a.n
		for k := range p {
			p[k] += a.sum[k]
		}
	}
	for k := range p {
		p[k] = scaled(sc.w.bias[sc.w.AboutTask(0)+k], p[k], n)
	}
	return p
}

// pass sums the n weights of a topic's polarity, and what the weights of the post's polarity say of the topic's clauses. A
// feature counts once in each zone. Most features are met elsewhere, so those that are not are taken from the sum of all.
func (sc *Scorer) pass(t *About) (sum, inside [Classes]int32, n int) {
	sc.zones(t)
	sc.inside, sc.close = zeroed(sc.inside, len(sc.rows)), sc.close[:0]
	sc.once = grown(sc.once, len(sc.rows))
	near, back := 0, len(sc.once)
	within := 0
	n = len(sc.rows)
	copy(sum[:], sc.post[sc.w.polar:])
	for first := 0; first < len(sc.at); first += maxAdds {
		fresh, freshInside := sc.passPart(first, min(first+maxAdds, len(sc.at)), &near, &back, &sum, &inside)
		n += fresh
		within += freshInside
	}
	sc.addOnce(&sum, sc.once[:near], Near)
	sc.addOnce(&sum, sc.once[back:], Inside)
	sc.w.addPolarity(&inside, sc.once[back:])
	within += len(sc.once) - back
	for list := sc.close; len(list) > 0; {
		part := list[:min(maxAdds, len(list))]
		list = list[len(part):]
		var gone four
		only := 0
		for _, at := range part {
			also := sc.elsewhere(at)
			gone += sc.w.about(sc.rows[at], Elsewhere) & four(also-1)
			only += 1 - int(also)
		}
		var sums [Classes]int32
		gone.addTo(&sums, only)
		for k := range sum {
			sum[k] -= sums[k]
		}
		n -= only
	}
	base := sc.w.base
	for _, l := range sc.large {
		task := int(l.task)
		zone := (task - base) / Classes
		met := sc.metAt(l.at)
		switch {
		case task >= base && met&metIn(zone) != 0:
			sum[(task-base)%Classes] += int32(l.rest)
		case task < Classes && met&metIn(Inside) != 0:
			inside[task] += int32(l.rest)
		}
	}
	for i := range inside {
		inside[i] = scaled(sc.w.bias[i], inside[i], within)
	}
	return sum, inside, n
}

// meeting tells how often a row was met in the sentences of a topic, and below that in which zones.
type meeting int32

const meetingOnce meeting = 1 << Zones

func metIn[Z int | uint8](zone Z) meeting { return 1 << zone }

// elsewhere is 1 when a row was also met elsewhere during a pass, and else 0.
func (sc *Scorer) elsewhere(at int32) uint64 {
	return uint64(int64(sc.inside[at]/meetingOnce)-int64(sc.often[at])) >> 63
}

// metAt are the zones in which a row was met.
func (sc *Scorer) metAt(at int32) meeting {
	if sc.often[at] == 1 {
		return metIn(sc.ZoneOf(sc.s.Seen[sc.examples[at]].Clause))
	}
	return sc.inside[at] | meeting(sc.elsewhere(at))*metIn(Elsewhere)
}

// addOnce adds what rows say in a zone to sum, in place of what they say elsewhere.
func (sc *Scorer) addOnce(sum *[Classes]int32, rows []int32, zone int) {
	var post postSums
	sc.w.addAbout(&post, rows)
	for k := range sum {
		at := sc.w.polar + k
		sum[k] += post[at+zone*Classes] - post[at+Elsewhere*Classes]
	}
}

// passPart adds what the features [first, end) of the sample, at most maxAdds, say near and inside of a topic to sum and
// inside, and counts those that were not met before in their zones. A weight that does not count is masked, which saves
// branches nobody can foresee. Rows that the post has once are put into sc.once instead, before near and from back on.
func (sc *Scorer) passPart(first, end int, near, back *int, sum, inside *[Classes]int32) (n, within int) {
	var sums, sumsInside four
	zones, meetings, rows, often, close, w := sc.zone, sc.inside, sc.rows, sc.often, sc.close, sc.w
	once, front, rear := sc.once, *near, *back
	seen := sc.s.Seen[first:end]
	for i, at := range sc.at[first:end] {
		zone := zones[seen[i].Clause-Whole]
		if zone == Elsewhere || at < 0 {
			continue
		}
		if often[at] == 1 {
			if zone == Inside {
				rear--
				once[rear] = rows[at]
			} else {
				once[front] = rows[at]
				front++
			}
			continue
		}
		met := meetings[at]
		if met == 0 {
			close = append(close, at)
		}
		meetings[at] = (met | metIn(zone)) + meetingOnce
		fresh := four(met>>zone&1) - 1
		row := rows[at]
		sums += w.about(row, zone) & fresh
		n += int(fresh & 1)
		fresh &= -four(zone >> 1) // of the zones only Inside has this bit
		sumsInside += w.polarity(row) & fresh
		within += int(fresh & 1)
	}
	sc.close, *near, *back = close, front, rear
	sums.addTo(sum, n)
	sumsInside.addTo(inside, within)
	return n, within
}

// zeroed is grown with nothing but zeros.
func zeroed[T any](b []T, n int) []T {
	b = grown(b, n)
	clear(b)
	return b
}

// zones fills zone for a topic.
func (sc *Scorer) zones(t *About) {
	sc.zone = zeroed(sc.zone, len(sc.s.Sentence)-Whole)
	zone := sc.zone[-Whole:]
	for _, c := range t.Clauses {
		sentence := sc.s.Sentence[c]
		for i := int(c) - 1; i >= 0 && sc.s.Sentence[i] == sentence; i-- {
			zone[i] = max(zone[i], Near)
		}
		for i := int(c) + 1; i < len(zone) && sc.s.Sentence[i] == sentence; i++ {
			zone[i] = max(zone[i], Near)
		}
		zone[c] = Inside
	}
}

// ZoneOf is the zone of a clause, as seen from the topic asked about last.
func (sc *Scorer) ZoneOf(clause int32) int { return int(sc.zone[clause-Whole]) }

// Inside is the polarity of the clauses of a topic by the weights of the post's polarity.
func (sc *Scorer) Inside(t *About) [Classes]int32 {
	_, inside, _ := sc.pass(t)
	return inside
}

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
	for i, row := range sc.rows {
		x := &sc.s.Seen[sc.examples[i]]
		reasons = append(reasons, Reason{sc.w.key(row), sc.w.weightOf(row, task), x.First, x.End()})
	}
	return reasons, sc.w.bias[task]
}

// AboutReasons lists what makes up the score of a polarity of a topic.
func (sc *Scorer) AboutReasons(t *About, label sentiment.Label) (reasons []Reason, bias int32) {
	_, inside, _ := sc.pass(t)
	type place struct {
		row  int32
		zone int
	}
	met := map[place]bool{}
	for i := range sc.s.Seen {
		x, row := &sc.s.Seen[i], sc.s.Rows[i]
		if row < 0 {
			continue
		}
		if m := (place{row, sc.ZoneOf(x.Clause)}); !met[m] {
			met[m] = true
			reasons = append(reasons, Reason{sc.w.key(row), sc.w.weightOf(row, sc.w.AboutTask(m.zone)+int(label)), x.First, x.End()})
		}
	}
	for _, k := range sc.AboutKeys(t, inside) {
		if row := sc.w.lookUp(k); row >= 0 {
			reasons = append(reasons, Reason{Key: k, Weight: sc.w.weightOf(row, sc.w.AboutTask(Elsewhere)+int(label))})
		}
	}
	return reasons, sc.w.bias[sc.w.AboutTask(0)+int(label)]
}

// Scores are the scores of the polarities of a topic.
func (sc *Scorer) Scores(t *About) [Classes]int32 { return sc.about(t) }

// Name makes the scorer tell the names of the features of topics to the reader.
func (sc *Scorer) Name(r *Reader) { sc.namer = func(k Key, name string) { r.names[k] = name } }

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
		if x := &s.Seen[i]; x.Clause >= 0 && x.First <= word && word < x.End() {
			return x.Clause
		}
	}
	return 0
}
