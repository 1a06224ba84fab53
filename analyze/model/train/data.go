// Package train learns the weights of analyze/model from labelled posts.
//
// It owns the solver, the choice of thresholds and the cross-validation. It is deterministic: the same posts, rules and
// settings give the same weights on machines of one kind, and the same Stamp on every machine. Its callers are
// cmd/vocmodel and tests.
package train

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"voc/analyze"
	"voc/analyze/eval"
	"voc/analyze/model"
	"voc/analyze/taxonomy"
)

// Shared is the group of posts that are in every training and never measured: the rules were written on them.
const Shared = "shared"

// Example is a labelled post with what the model sees of it.
type Example struct {
	Item eval.Item
	// Group is the corpus it comes from, or Shared.
	Group string
	// Only, when it is not empty, is the one topic or intent that the post was judged for.
	Only   string
	Sample model.Sample
	Rules  analyze.Result
	rows   []int32 // of the sample, each once, by rank
}

// Data are labelled posts over one vocabulary.
type Data struct {
	Examples        []Example
	Topics, Intents []string
	keys            []model.Key
	// rank numbers the keys by how many posts have them, so that what is needed often lies together. The rows of examples
	// are ranks, and kinds and posts (how many posts have a feature) are by rank.
	rank []int32
	// at are the rows that weights have for the keys.
	at    []int32
	kinds []model.Kind
	posts []int32
}

// Load reads the labelled posts of the repository and analyses them with the rules of a. The posts of Shared are the
// development halves of the gold battery and of its negations, and the minimal pairs.
func Load(root string, a *analyze.Analyzer) ([]Example, error) {
	files, err := filepath.Glob(filepath.Join(root, "analyze/model/corpus/*.jsonl"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("there is no labelled post under %s; give the root of the module", filepath.Join(root, "analyze/model/corpus"))
	}
	c := a.NewCollector()
	var out []Example
	for _, f := range files {
		items, err := readItems(f)
		if err != nil {
			return nil, err
		}
		out = append(out, Collect(c, strings.TrimSuffix(filepath.Base(f), ".jsonl"), items)...)
	}
	var items []eval.Item
	for _, f := range []string{"dev.jsonl", "negation.dev.jsonl"} {
		list, err := readItems(filepath.Join(root, "analyze/eval/gold", f))
		if err != nil {
			return nil, err
		}
		items = append(items, list...)
	}
	pairs, err := readPairs(filepath.Join(root, "analyze/testdata/minimal_pairs.tsv"))
	if err != nil {
		return nil, err
	}
	out = append(out, Collect(c, Shared, append(items, pairs...))...)
	return append(out, ruleExamples(c, a.Taxonomy())...), nil
}

// ruleExamples are the texts that the rules of a taxonomy carry. Each is judged for the tag of its rule alone: one that
// must match has the tag, one that must not match has it when another rule gives it.
func ruleExamples(c *analyze.Collector, f *taxonomy.File) []Example {
	var out []Example
	n := 0
	add := func(tag *taxonomy.Tag, x *taxonomy.Examples, text string, topic, match bool) {
		n++
		it := eval.Item{ID: fmt.Sprintf("rule-%d", n), Text: text, Context: eval.Context{IsReply: x.Reply}}
		if x.Staff {
			it.Context.AuthorRole = "staff"
		}
		e := Collect(c, Shared, []eval.Item{it})[0]
		e.Only = tag.ID
		yes := match
		if topic {
			yes = yes || slices.ContainsFunc(e.Rules.Topics, func(t analyze.Topic) bool { return t.ID == tag.ID })
			e.Item.Topics = []eval.TopicLabel{}
			if yes {
				e.Item.Topics = append(e.Item.Topics, eval.TopicLabel{ID: tag.ID})
			}
		} else {
			yes = yes || slices.ContainsFunc(e.Rules.Intents, func(t analyze.Intent) bool { return t.ID == tag.ID })
			e.Item.Intents = []string{}
			if yes {
				e.Item.Intents = append(e.Item.Intents, tag.ID)
			}
		}
		out = append(out, e)
	}
	for kind, tags := range [][]taxonomy.Tag{f.Topics, f.Intents} {
		taxonomy.Walk(tags, func(t *taxonomy.Tag, parent string) {
			if !t.Learned {
				return
			}
			for i := range t.Rules {
				x := t.Rules[i].Examples
				if x == nil {
					continue
				}
				for _, text := range x.Match {
					add(t, x, text, kind == 0, true)
				}
				for _, text := range x.Reject {
					add(t, x, text, kind == 0, false)
				}
			}
		})
	}
	return out
}

func readItems(path string) ([]eval.Item, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return eval.Read(bytes.NewReader(b), filepath.Base(path))
}

// readPairs reads lines of a polarity and a text.
func readPairs(path string) ([]eval.Item, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var items []eval.Item
	sc := bufio.NewScanner(bytes.NewReader(b))
	for n := 1; sc.Scan(); n++ {
		if label, text, ok := strings.Cut(sc.Text(), "\t"); ok {
			items = append(items, eval.Item{ID: fmt.Sprintf("pair-%d", n), Text: text, Sentiment: analyze.Sentiment(label)})
		}
	}
	return items, sc.Err()
}

// Collect reads the posts of one group.
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

// minSeen is in how many posts a feature must occur to be learned. Long ones are many and seldom help.
func minSeen(k model.Kind) int32 {
	if k.Long() {
		return 3
	}
	return 2
}

// NewData makes the vocabulary of the examples and numbers their features. keep, when not nil, says which kinds of
// features are used.
func NewData(examples []Example, keep func(model.Kind) bool) (*Data, error) {
	d := &Data{Examples: examples, Topics: eval.ContractTopics(), Intents: eval.ContractIntents()}
	type count struct {
		posts, last int32
		kind        model.Kind
	}
	seen := map[model.Key]*count{}
	for _, k := range model.AllAboutKeys(d.Topics) {
		seen[k] = &count{posts: minSeen(model.AboutKind), kind: model.AboutKind}
	}
	for i := range examples {
		for _, x := range examples[i].Sample.Seen {
			if keep != nil && !keep(x.Kind()) {
				continue
			}
			c := seen[x.Key()]
			if c == nil {
				c = &count{last: -1, kind: x.Kind()}
				seen[x.Key()] = c
			}
			if c.last != int32(i) {
				c.last = int32(i)
				c.posts++
			}
		}
	}
	for k, c := range seen {
		if c.posts >= minSeen(c.kind) {
			d.keys = append(d.keys, k)
		}
	}
	slices.Sort(d.keys)
	var err error
	if d.at, err = model.RowsOf(d.keys); err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	row := make(map[model.Key]int32, len(d.keys))
	often := make([]int32, len(d.keys))
	for i, k := range d.keys {
		row[k], often[i] = d.at[i], int32(i)
	}
	slices.SortStableFunc(often, func(a, b int32) int { return int(seen[d.keys[b]].posts - seen[d.keys[a]].posts) })
	d.rank = make([]int32, slices.Max(d.at)+1)
	for i, r := range often {
		c := seen[d.keys[r]]
		d.rank[d.at[r]] = int32(i)
		d.kinds = append(d.kinds, c.kind)
		d.posts = append(d.posts, c.posts)
	}
	for i := range examples {
		examples[i].number(row, d.rank)
	}
	return d, nil
}

func (e *Example) number(row map[model.Key]int32, rank []int32) {
	e.rows, e.Sample.Rows = e.rows[:0], make([]int32, len(e.Sample.Seen))
	for k := range e.Sample.Seen {
		x := &e.Sample.Seen[k]
		r, ok := row[x.Key()]
		if !ok {
			e.Sample.Rows[k] = -1
			continue
		}
		e.Sample.Rows[k] = r
		e.rows = append(e.rows, rank[r])
	}
	slices.Sort(e.rows)
	e.rows = slices.Compact(e.rows)
}

// All are the numbers of all examples.
func (d *Data) All() []int { return d.Where(func(*Example) bool { return true }) }

// Where are the numbers of some examples.
func (d *Data) Where(keep func(e *Example) bool) []int {
	var out []int
	for i := range d.Examples {
		if keep(&d.Examples[i]) {
			out = append(out, i)
		}
	}
	return out
}

// version is raised by every change of this package that changes weights.
const version = 2

// Stamp names everything that weights are made of: the settings, and of every post its labels and its features, which
// depend on the rules.
func (d *Data) Stamp(s Settings) string {
	h := sha256.New()
	s.Procs = 0
	fmt.Fprintf(h, "%d %+v %v %v\n", version, s, d.Topics, d.Intents)
	for i := range d.Examples {
		e := &d.Examples[i]
		fmt.Fprintf(h, "%s %s %s %v %v %v\n", e.Item.ID, e.Group, e.Only, e.Item.Sentiment, e.Item.Topics, e.Item.Intents)
		for _, x := range e.Sample.Seen {
			fmt.Fprintf(h, "%x:%d ", x.Key(), x.Clause)
		}
		for _, t := range e.Sample.Topics {
			fmt.Fprintf(h, "%s %v ", t.ID, t.Clauses)
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}
