// Package lexicon owns voc's own word knowledge: which words praise or blame and how strongly, which nouns belong
// to which class, how predicates read by the class of their subject, which events one counts on, and the words and
// spellings the dictionary lacks.
//
// The data are the text files under data, written for voc and embedded (SOURCES.md says how they came about). The
// package compiles them into phrases; it does not look at texts and decides no polarity itself. Its callers are
// analyze/sentiment, analyze/topic and the root package.
package lexicon

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"slices"
	"sort"
	"strings"

	"voc/analyze/normalize"
	"voc/analyze/pattern"
	"voc/analyze/token"
)

//go:embed data/*.txt
var data embed.FS

// Class is a set of noun classes.
type Class uint32

// Pair is the score of a predicate for subjects of a class.
type Pair struct {
	Class Class
	Score float64
	Rule  string // how opinions name the reading
}

// Kind is what an entry is used for; an entry can have several.
type Kind uint16

// The kinds of entries.
const (
	Polar       Kind = 1 << iota // praises or blames by itself
	Paired                       // praises or blames by its subject
	Expected                     // an event whose absence is a fault
	Masked                       // hides the entries inside it
	Degree                       // strengthens or weakens
	Classed                      // a noun of a class
	Feeling                      // names an emotion
	Effort                       // tells of effort the writer had
	Gratitude                    // thanks; praise unless something is blamed
	Mishap                       // one is glad not to have to
	Leaving                      // tells of leaving; blame whose denial is no praise
	Official                     // only a company says it to its customers, or a seller to anybody
	Predicative                  // praises or blames only as the predicate of its clause
	Mend                         // an event that puts something right, which is good news rather than praise
	Hope                         // looks forward to something
	Annoyance                    // turns the report of a fault into a complaint
)

// Entry is what the lexicon knows of a phrase.
type Entry struct {
	Text        string
	Kind        Kind
	Score       float64 // of Polar
	Pairs       []Pair
	None, Other float64 // of Paired: without a subject, and with one of no listed class
	Trend       float64 // of Paired: +1 for more, -1 for less
	Class       Class
	Factor      float64 // of Degree
	// Rule and PairRule are how opinions name the entry that is Polar, and the one that is Paired.
	Rule, PairRule string
	// Emotion is the argument of the section, of Feeling: a name, and how the phrase must stand.
	Emotion string
	// Effort are the arguments of the sections, of Effort.
	Effort []string
}

// Brief is what is asked most often of an entry, in little memory. It is zero for a phrase that is not in the lexicon.
type Brief struct {
	Class Class
	Kind  Kind
	Side  int8 // of the score: 1 praises, -1 blames
}

// Lexicon is the compiled lexicon. It is immutable and safe for concurrent use.
type Lexicon struct {
	entries map[pattern.ID]*Entry
	byID    []*Entry
	briefs  []Brief
	classes []string
	words   []token.Word
	spell   []normalize.Variant
	same    [][]string
	hash    string
	rows    []row
}

// row is one item of the data files, kept until the phrases are compiled.
type row struct {
	where, section, arg, text string
}

// Load reads the embedded data.
func Load() (*Lexicon, error) { return load(data) }

func load(files fs.FS) (*Lexicon, error) {
	names, err := fs.Glob(files, "data/*.txt")
	if err != nil {
		return nil, fmt.Errorf("lexicon: list data: %w", err)
	}
	sort.Strings(names)
	l := &Lexicon{entries: map[pattern.ID]*Entry{}}
	sum := sha256.New()
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("lexicon: %w", err)
		}
		sum.Write(text)
		if err := l.read(name, string(text)); err != nil {
			return nil, err
		}
	}
	l.hash = hex.EncodeToString(sum.Sum(nil))
	return l, nil
}

// Hash identifies the lexicon's content.
func (l *Lexicon) Hash() string { return l.hash }

// Words are the words to add to the dictionary.
func (l *Lexicon) Words() []token.Word { return l.words }

// Same are groups of words that name one concept, the usual one first.
func (l *Lexicon) Same() [][]string { return l.same }

// Variants are the spellings to fold.
func (l *Lexicon) Variants() []normalize.Variant { return l.spell }

func (l *Lexicon) read(name, text string) error {
	section, arg := "", ""
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n++
		line = strings.TrimSpace(line)
		where := fmt.Sprintf("%s:%d", name, n)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			section, arg, _ = strings.Cut(strings.Trim(line, "[]"), " ")
			if section == "class" {
				l.classes = append(l.classes, arg)
			}
		case section == "":
			return fmt.Errorf("lexicon: %s: a line stands before the first section; begin with one such as [polar +1]", where)
		case section == "variant":
			from, to, ok := strings.Cut(line, ">")
			if !ok {
				return fmt.Errorf("lexicon: %s: %q has no >; write spelling > canonical spelling", where, line)
			}
			l.spell = append(l.spell, normalize.Variant{From: strings.TrimSpace(from), To: strings.TrimSpace(to)})
		case section == "word":
			for w := range strings.FieldsSeq(line) {
				l.words = append(l.words, token.Word{Text: w, Kind: arg})
			}
		case section == "same":
			l.same = append(l.same, strings.Fields(line))
		case section == "pair":
			l.rows = append(l.rows, row{where, section, arg, line})
		default:
			for w := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == ' ' || r == '|' }) {
				l.rows = append(l.rows, row{where, section, arg, w})
			}
		}
	}
	return nil
}

// Compile adds the lexicon's phrases to b.
func (l *Lexicon) Compile(b *pattern.Builder) error {
	c := compiler{l: l, b: b}
	for _, r := range l.rows {
		if err := c.add(r); err != nil {
			return fmt.Errorf("lexicon: %s: %w", r.where, err)
		}
	}
	return nil
}

// Finish makes look-up by ID fast; n is the number of phrases in the built set.
func (l *Lexicon) Finish(n int) {
	l.byID, l.briefs = make([]*Entry, n), make([]Brief, n)
	for id, e := range l.entries {
		l.byID[id], l.briefs[id] = e, Brief{Class: e.Class, Kind: e.Kind, Side: int8(cmp.Compare(e.Score, 0))}
		e.Rule, e.PairRule = "lex:"+e.Text, "pair:"+e.Text
		e.Pairs = slices.Clone(e.Pairs) // alternatives share them
		for i := range e.Pairs {
			p := &e.Pairs[i]
			p.Rule = "pair:" + l.ClassNames(p.Class)[0] + "+" + e.Text
		}
	}
	l.rows = nil
}

// Entry is the entry of a phrase, or nil when the lexicon does not know it.
func (l *Lexicon) Entry(id pattern.ID) *Entry { return l.byID[id] }

// Brief is the short form of the entry of a phrase.
func (l *Lexicon) Brief(id pattern.ID) Brief { return l.briefs[id] }

// Entries are all entries, in no order.
func (l *Lexicon) Entries() iter.Seq[*Entry] { return maps.Values(l.entries) }

// ClassNamed is the class with the given name, and false when there is none.
func (l *Lexicon) ClassNamed(name string) (Class, bool) {
	for i, c := range l.classes {
		if c == name {
			return 1 << i, true
		}
	}
	return 0, false
}

// ClassNames gives the names of a set of classes.
func (l *Lexicon) ClassNames(set Class) []string {
	var out []string
	for i, c := range l.classes {
		if set&(1<<i) != 0 {
			out = append(out, c)
		}
	}
	return out
}
