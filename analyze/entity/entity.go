// Package entity finds the names that a taxonomy lists as entities: own products, features and plans, competitors.
//
// It owns which of two overlapping names counts. The names are the taxonomy's; it guesses none. Its caller is the root
// package.
package entity

import (
	"fmt"
	"iter"
	"strings"

	"voc/analyze/parse"
	"voc/analyze/pattern"
	"voc/analyze/taxonomy"
	"voc/analyze/token"
)

// Found is a name found at the tokens [First, End). Value is kind:name.
type Found struct {
	Value, Rule string
	First, End  int
}

// name is what a found entity says.
type name struct{ value, rule string }

// Engine holds the compiled names. It is immutable and safe for concurrent use.
type Engine struct {
	names []name
	// byPhrase gives the indexes in names of the entities a phrase stands for.
	byPhrase pattern.Lists
}

// Compile adds the names to b.
func Compile(list []taxonomy.Entity, b *pattern.Builder) (*Engine, error) {
	e := &Engine{}
	byPhrase := map[pattern.ID][]int32{}
	for i := range list {
		n := &list[i]
		e.names = append(e.names, name{n.Kind + ":" + n.Value, "entity." + n.Kind})
		for _, phrase := range n.Spellings() {
			id, err := b.Add(phrase)
			if err != nil {
				return nil, fmt.Errorf("entity %s %q: %w", n.Kind, n.Value, err)
			}
			byPhrase[id] = append(byPhrase[id], int32(i))
		}
	}
	e.byPhrase = pattern.NewLists(byPhrase)
	return e, nil
}

// Words are the names as words to add to the dictionary, so that a name it does not know is not cut in pieces. Names of
// one or two characters are left out: they would cut other words.
func Words(list []taxonomy.Entity) []token.Word {
	var out []token.Word
	for i := range list {
		for _, s := range list[i].Spellings() {
			for alt := range alternatives(s) {
				if len([]rune(alt)) > 2 {
					out = append(out, token.Word{Text: alt, Kind: "n"})
				}
			}
		}
	}
	return out
}

// Find appends the names found in d to dst, ordered by position. Of names that overlap, the one that begins first
// counts, then the longest; quoted lines count as well, because a quoted competitor is still spoken about.
func (e *Engine) Find(dst []Found, d *parse.Doc) []Found {
	if len(e.names) == 0 {
		return dst
	}
	until := int32(0)
	for i := 0; i < len(d.Hits); i++ {
		h := d.Hits[i]
		if h.First < until || e.byPhrase.Of(h.ID) == nil {
			continue
		}
		for k := i + 1; k < len(d.Hits) && d.Hits[k].First == h.First; k++ {
			if n := d.Hits[k]; e.byPhrase.Of(n.ID) != nil && n.Last > h.Last {
				h = n
			}
		}
		until = h.Last + 1
		for _, k := range e.byPhrase.Of(h.ID) {
			n := &e.names[k]
			dst = append(dst, Found{Value: n.value, Rule: n.rule, First: int(h.First), End: int(h.Last) + 1})
		}
	}
	return dst
}

// alternatives are the spellings that a phrase joins with |, without those that hold a gap or a space.
func alternatives(phrase string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for alt := range strings.SplitSeq(phrase, "|") {
			if alt = strings.TrimSpace(alt); alt != "" && !strings.ContainsAny(alt, "… ") && !yield(alt) {
				return
			}
		}
	}
}
