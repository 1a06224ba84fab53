package eval

import (
	"fmt"
	"maps"
	"slices"

	"voc/analyze"
)

// Analyzer tags one post. Out is overwritten. *analyze.Worker is one; it is called from a single goroutine.
type Analyzer interface {
	Analyze(in analyze.Input, out *analyze.Result)
}

// AnalyzerFunc makes an Analyzer of a function.
type AnalyzerFunc func(in analyze.Input, out *analyze.Result)

// Analyze calls f.
func (f AnalyzerFunc) Analyze(in analyze.Input, out *analyze.Result) { f(in, out) }

// Run analyses every item in order. The results do not share memory.
func Run(items []Item, a Analyzer) []analyze.Result {
	results := make([]analyze.Result, len(items))
	for i := range items {
		a.Analyze(items[i].Input(), &results[i])
	}
	return results
}

// MixedAs says what a given "mixed" counts as when the labels know no such class.
type MixedAs string

// The readings of a given "mixed".
const (
	// MixedKeep leaves it a class of its own. It is the zero value's meaning.
	MixedKeep MixedAs = "keep"
	// MixedNeutral counts it as neutral.
	MixedNeutral MixedAs = "neutral"
	// MixedScore takes the sign of the score; a score of 0 is neutral.
	MixedScore MixedAs = "score"
)

// Options are the choices of a scoring. The zero value scores against the contract's labels.
type Options struct {
	Bootstrap Bootstrap
	Mixed     MixedAs
}

func (o Options) validate() error {
	switch o.Mixed {
	case "", MixedKeep, MixedNeutral, MixedScore:
		return nil
	}
	return fmt.Errorf("option mixed is %q; use keep, neutral or score", o.Mixed)
}

// polarity reads a given sentiment under the option.
func (o Options) polarity(s analyze.Sentiment, score float64) analyze.Sentiment {
	if s != analyze.Mixed {
		return s
	}
	switch o.Mixed {
	case MixedNeutral:
		return analyze.Neutral
	case MixedScore:
		switch {
		case score > 0:
			return analyze.Positive
		case score < 0:
			return analyze.Negative
		}
		return analyze.Neutral
	}
	return s
}

// Report is everything measured on one labelled file. A part that the labels do not judge is nil.
type Report struct {
	Posts     int          `json:"posts"`
	Sentiment *ClassReport `json:"sentiment,omitzero"`
	// Topics ignores the polarity, Pairs are (topic, polarity) as "pricing:negative".
	Topics *TagReport `json:"topics,omitzero"`
	Pairs  *TagReport `json:"pairs,omitzero"`
	// TopicPolarity is how many of the rightly found topics have the right polarity.
	TopicPolarity *Proportion `json:"topic_polarity,omitzero"`
	Intents       *TagReport  `json:"intents,omitzero"`
	// Signals are by kind.
	Signals map[string]*TagReport `json:"signals,omitzero"`
	// Variants are the spellings, of a file that has them instead of posts.
	Variants  *VariantReport `json:"variants,omitzero"`
	Coverage  Coverage       `json:"coverage"`
	Phenomena []Phenomenon   `json:"phenomena,omitzero"`
	// PairGroups is how many minimal-pair groups have every sentiment right; PairFlips are the flips inside of groups.
	PairGroups *Proportion `json:"pair_groups,omitzero"`
	PairFlips  []string    `json:"pair_flips,omitzero"`
	// Unjudged counts given ids that neither the contract nor the file knows; they are not scored.
	Unjudged map[string]int `json:"unjudged,omitzero"`
	Misses   []Miss         `json:"misses,omitzero"`
}

// Coverage is how many posts got no tag. It needs no labels.
type Coverage struct {
	// Untagged posts have neither topic nor intent.
	Untagged Proportion `json:"untagged"`
	NoTopic  Proportion `json:"no_topic"`
	NoIntent Proportion `json:"no_intent"`
}

// Phenomenon is how well posts with one difficulty were tagged: right sentiment, exactly the right (topic, polarity)
// pairs, exactly the right intents. A part that is not judged has Total 0.
type Phenomenon struct {
	Name      string     `json:"name"`
	Posts     int        `json:"posts"`
	Sentiment Proportion `json:"sentiment"`
	Pairs     Proportion `json:"pairs"`
	Intents   Proportion `json:"intents"`
	Flips     int        `json:"flips"`
}

// judged is one post with everything that was compared on it.
type judged struct {
	item           *Item
	result         *analyze.Result
	class          *classPair
	topics         *tagSets
	pairs, intents *tagSets
	signals        map[string]*tagSets
}

// Score compares results with labels. Results[i] must be the result of items[i].
func Score(items []Item, results []analyze.Result, opt Options) (*Report, error) {
	if len(items) != len(results) {
		return nil, fmt.Errorf("%d results for %d labelled posts; give one result per post, in order", len(results), len(items))
	}
	if err := opt.validate(); err != nil {
		return nil, err
	}
	known := knownIDs(items)
	rep := &Report{Posts: len(items), Unjudged: map[string]int{}}
	posts := make([]judged, len(items))
	for i := range items {
		posts[i] = judge(&items[i], &results[i], known, rep.Unjudged, opt)
	}
	if len(rep.Unjudged) == 0 {
		rep.Unjudged = nil
	}
	rep.fill(posts, opt)
	rep.Coverage = coverage(results)
	rep.Phenomena = phenomena(posts)
	rep.minimalPairs(posts)
	rep.Misses = misses(posts)
	return rep, nil
}

// ids are the topics and intents that are scored.
type ids struct{ topics, intents map[string]bool }

// knownIDs are the ids of the contract and those the labels use.
func knownIDs(items []Item) ids {
	k := ids{topics: map[string]bool{}, intents: map[string]bool{}}
	for _, id := range contractTopics {
		k.topics[id] = true
	}
	for _, id := range contractIntents {
		k.intents[id] = true
	}
	for i := range items {
		for _, t := range items[i].Topics {
			k.topics[t.ID] = true
		}
		for _, id := range items[i].Intents {
			k.intents[id] = true
		}
	}
	return k
}

func judge(it *Item, res *analyze.Result, known ids, unjudged map[string]int, opt Options) judged {
	j := judged{item: it, result: res}
	if it.Sentiment != "" {
		got := opt.polarity(res.Sentiment, res.Score)
		want := it.Sentiment
		if slices.Contains(it.Also, got) {
			want = got
		}
		j.class = &classPair{want: string(want), got: className(got)}
	}
	if it.Topics != nil {
		topics, pairs := &tagSets{want: map[string]bool{}}, &tagSets{want: map[string]bool{}}
		for _, t := range it.Topics {
			topics.want[t.ID] = true
			pairs.want[pairTag(t.ID, t.Sentiment)] = true
		}
		topics.got, pairs.got = givenTopics(res, known, unjudged, opt)
		j.topics, j.pairs = topics, pairs
	}
	if it.Intents != nil {
		set := &tagSets{want: map[string]bool{}, got: map[string]bool{}}
		for _, id := range it.Intents {
			set.want[id] = true
		}
		for _, in := range res.Intents {
			switch {
			case !known.intents[in.ID]:
				unjudged["intent "+in.ID]++
			case it.Judge == nil || slices.Contains(it.Judge, in.ID):
				set.got[in.ID] = true
			}
		}
		j.intents = set
	}
	if it.Signals != nil {
		j.signals = judgeSignals(it, res)
	}
	return j
}

// givenTopics are the topics of a result, children folded into their top level unless the labels use the child's id.
// Children of different polarity make their parent mixed.
func givenTopics(res *analyze.Result, known ids, unjudged map[string]int, opt Options) (topics, pairs map[string]bool) {
	polarity := map[string]analyze.Sentiment{}
	for _, t := range res.Topics {
		id := t.ID
		if !known.topics[id] {
			id = root(id)
		}
		if !known.topics[id] {
			unjudged["topic "+t.ID]++
			continue
		}
		s := opt.polarity(t.Sentiment, t.Score)
		if before, ok := polarity[id]; ok {
			s = join(before, s)
		}
		polarity[id] = s
	}
	topics, pairs = map[string]bool{}, map[string]bool{}
	for id, s := range polarity {
		topics[id] = true
		pairs[pairTag(id, s)] = true
	}
	return topics, pairs
}

func judgeSignals(it *Item, res *analyze.Result) map[string]*tagSets {
	sets := map[string]*tagSets{}
	for _, kind := range it.Judge {
		sets[kind] = &tagSets{want: map[string]bool{}, got: map[string]bool{}, free: map[string]bool{}}
	}
	for _, s := range it.Signals {
		sets[s.Kind].want[s.Value] = true
	}
	for _, s := range it.AlsoSignals {
		sets[s.Kind].free[s.Value] = true
	}
	for _, s := range res.Signals {
		if set := sets[s.Kind]; set != nil {
			set.got[s.Value] = true
		}
	}
	return sets
}

// join is the polarity of two opinions on one topic.
func join(a, b analyze.Sentiment) analyze.Sentiment {
	switch {
	case a == b || b == analyze.Neutral || b == "":
		return a
	case a == analyze.Neutral || a == "":
		return b
	}
	return analyze.Mixed
}

func pairTag(id string, s analyze.Sentiment) string { return id + ":" + className(s) }

// className is the class of a given sentiment; an analyzer that gives none shows up under its own name.
func className(s analyze.Sentiment) string {
	if s == "" {
		return "none"
	}
	return string(s)
}

// classOrder is the order of classes in confusion tables; other classes cannot be given by the contract and come last.
func classOrder(posts []classPair) []string {
	order := []string{"positive", "negative", "neutral", "mixed"}
	extra := map[string]bool{}
	for _, p := range posts {
		for _, c := range []string{p.want, p.got} {
			if !slices.Contains(order, c) {
				extra[c] = true
			}
		}
	}
	return append(order, slices.Sorted(maps.Keys(extra))...)
}

// fill computes the tag families that the labels judge.
func (r *Report) fill(posts []judged, opt Options) {
	var classes []classPair
	var topics, pairs, intents []tagSets
	signals := map[string][]tagSets{}
	found, rightPolarity := 0, 0
	for _, p := range posts {
		if p.class != nil {
			classes = append(classes, *p.class)
		}
		if p.topics != nil {
			topics = append(topics, *p.topics)
			pairs = append(pairs, *p.pairs)
			for id := range p.topics.want {
				if p.topics.got[id] {
					found++
				}
			}
			for tag := range p.pairs.want {
				if p.pairs.got[tag] {
					rightPolarity++
				}
			}
		}
		if p.intents != nil {
			intents = append(intents, *p.intents)
		}
		for kind, set := range p.signals {
			signals[kind] = append(signals[kind], *set)
		}
	}
	if classes != nil {
		r.Sentiment = scoreClasses(classes, classOrder(classes), opt.Bootstrap)
	}
	if topics != nil {
		r.Topics = scoreTags(topics, opt.Bootstrap)
		r.Pairs = scoreTags(pairs, opt.Bootstrap)
		share := NewProportion(rightPolarity, found)
		r.TopicPolarity = &share
	}
	if intents != nil {
		r.Intents = scoreTags(intents, opt.Bootstrap)
	}
	for kind, sets := range signals {
		if r.Signals == nil {
			r.Signals = map[string]*TagReport{}
		}
		r.Signals[kind] = scoreTags(sets, opt.Bootstrap)
	}
}

func coverage(results []analyze.Result) Coverage {
	untagged, noTopic, noIntent := 0, 0, 0
	for i := range results {
		t, in := len(results[i].Topics) == 0, len(results[i].Intents) == 0
		if t {
			noTopic++
		}
		if in {
			noIntent++
		}
		if t && in {
			untagged++
		}
	}
	n := len(results)
	return Coverage{Untagged: NewProportion(untagged, n), NoTopic: NewProportion(noTopic, n), NoIntent: NewProportion(noIntent, n)}
}

func phenomena(posts []judged) []Phenomenon {
	type tally struct{ posts, flips, sRight, sAll, pRight, pAll, iRight, iAll int }
	all := map[string]*tally{}
	for _, p := range posts {
		for _, name := range p.item.Phenomena {
			t := all[name]
			if t == nil {
				t = &tally{}
				all[name] = t
			}
			t.posts++
			if p.class != nil {
				t.sAll++
				if p.class.want == p.class.got {
					t.sRight++
				}
				if isFlip(*p.class) {
					t.flips++
				}
			}
			if p.pairs != nil {
				t.pAll++
				if p.pairs.exact() {
					t.pRight++
				}
			}
			if p.intents != nil {
				t.iAll++
				if p.intents.exact() {
					t.iRight++
				}
			}
		}
	}
	var rows []Phenomenon
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t := all[name]
		rows = append(rows, Phenomenon{
			Name: name, Posts: t.posts, Flips: t.flips,
			Sentiment: NewProportion(t.sRight, t.sAll),
			Pairs:     NewProportion(t.pRight, t.pAll),
			Intents:   NewProportion(t.iRight, t.iAll),
		})
	}
	return rows
}

// minimalPairs looks at the sentiment inside of minimal-pair groups.
func (r *Report) minimalPairs(posts []judged) {
	wrong := map[string]bool{}
	groups := map[string]bool{}
	for _, p := range posts {
		if p.item.Pair == "" || p.class == nil {
			continue
		}
		groups[p.item.Pair] = true
		if p.class.want != p.class.got {
			wrong[p.item.Pair] = true
		}
		if isFlip(*p.class) {
			r.PairFlips = append(r.PairFlips, p.item.ID)
		}
	}
	if len(groups) > 0 {
		share := NewProportion(len(groups)-len(wrong), len(groups))
		r.PairGroups = &share
	}
}
