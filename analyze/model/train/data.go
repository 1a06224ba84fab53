// Package train learns the weights of analyze/model from labelled posts.
//
// It owns the solver, the choice of thresholds and the cross-validation. It is deterministic. Its caller is cmd/vocmodel.
package train

import (
	"slices"

	"voc/analyze"
	"voc/analyze/eval"
	"voc/analyze/model"
)

// Example is a labelled post with what the model sees of it.
type Example struct {
	Item   eval.Item
	Group  string // the corpus it comes from
	Sample model.Sample
	Rules  analyze.Result
	rows   []int32 // of the sample, each once
}

// Data are labelled posts over one vocabulary.
type Data struct {
	Examples        []Example
	Topics, Intents []string
	keys            []model.Key
	kinds           []model.Kind
	posts           []int32 // how many posts have a feature
}

// Collect reads the posts of one corpus.
func Collect(c *analyze.Collector, group string, items []eval.Item) []Example {
	out := make([]Example, len(items))
	for i := range items {
		e := &out[i]
		e.Item, e.Group = items[i], group
		s := c.Collect(e.Item.Input(), &e.Rules)
		e.Sample = model.Sample{Seen: slices.Clone(s.Seen), Sentence: slices.Clone(s.Sentence), Words: s.Words, Sum: s.Sum, Topics: slices.Clone(s.Topics)}
		for k := range e.Sample.Topics {
			t := &e.Sample.Topics[k]
			t.Clauses = slices.Clone(t.Clauses)
		}
	}
	return out
}

// minSeen is in how many posts a feature must occur to be learned.
const minSeen = 2

// NewData makes the vocabulary of the examples and numbers their features.
func NewData(examples []Example, keep func(model.Kind) bool) *Data {
	d := &Data{Examples: examples, Topics: eval.ContractTopics(), Intents: eval.ContractIntents()}
	type count struct {
		posts, last int32
		kind        model.Kind
	}
	seen := map[model.Key]*count{}
	for i := range examples {
		for _, x := range examples[i].Sample.Seen {
			c := seen[x.Key]
			if c == nil {
				c = &count{last: -1, kind: x.Kind}
				seen[x.Key] = c
			}
			if c.last != int32(i) {
				c.last = int32(i)
				c.posts++
			}
		}
	}
	about := map[model.Key]bool{}
	for _, k := range model.AllAboutKeys(d.Topics) {
		about[k] = true
		d.keys = append(d.keys, k)
	}
	for k, c := range seen {
		if c.posts >= minSeen && !about[k] && keep(c.kind) {
			d.keys = append(d.keys, k)
		}
	}
	slices.Sort(d.keys)
	row := make(map[model.Key]int32, len(d.keys))
	d.posts = make([]int32, len(d.keys))
	d.kinds = make([]model.Kind, len(d.keys))
	for i, k := range d.keys {
		row[k] = int32(i)
		if c := seen[k]; c != nil {
			d.kinds[i] = c.kind
			d.posts[i] = c.posts
		} else {
			d.kinds[i] = model.AboutKind
		}
	}
	for i := range examples {
		e := &examples[i]
		e.rows = e.rows[:0]
		for k := range e.Sample.Seen {
			x := &e.Sample.Seen[k]
			r, ok := row[x.Key]
			if !ok {
				x.Row = -1
				continue
			}
			x.Row = r
			e.rows = append(e.rows, r)
		}
		slices.Sort(e.rows)
		e.rows = slices.Compact(e.rows)
	}
	return d
}
