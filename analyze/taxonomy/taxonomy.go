// Package taxonomy owns the file in which users say what their topics and intents are, and its compiled form.
//
// It owns the YAML format, its checks (lint), the examples that every rule carries, and the matching of a rule's
// words in a parsed document. It decides no polarity and does not know Kafka, ClickHouse or where the file came
// from. Its callers are analyze/topic, analyze/intent, the root package and, for the checks, the command line.
package taxonomy

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Default is the taxonomy that ships with voc.
//
//go:embed default.yaml
var Default []byte

// File is a taxonomy file.
type File struct {
	// Version is the format's version; 1 is the only one.
	Version int `yaml:"version"`
	// Name is how reports call the taxonomy.
	Name string `yaml:"name"`
	// Revision is the author's own version, free text.
	Revision string `yaml:"revision,omitempty"`
	// Inherit names what is taken over from the default taxonomy: intents, topics. Own ids replace inherited ones.
	Inherit []string `yaml:"inherit,omitempty"`
	// Words are added to the dictionary, one a line item: "word" or "word kind".
	Words   []string `yaml:"words,omitempty"`
	Topics  []Tag    `yaml:"topics,omitempty"`
	Intents []Tag    `yaml:"intents,omitempty"`
	// Entities are names to be found in posts: own products and plans, competitors.
	Entities []Entity `yaml:"entities,omitempty"`
}

// Tag is a topic or an intent.
type Tag struct {
	ID          string `yaml:"id"`
	Name        string `yaml:"name,omitempty"`
	Description string `yaml:"description,omitempty"`
	// Learned leaves the tag to the linear model that ships with voc: it can add the tag where no rule fires, take it away,
	// and judge what is said about a topic. Only the tags of the taxonomy that ships with voc can be learned.
	Learned  bool   `yaml:"learned,omitempty"`
	Rules    []Rule `yaml:"rules,omitempty"`
	Children []Tag  `yaml:"children,omitempty"`
}

// Rule says when a tag is given. Words are phrases in dictionary form; a|b are spellings of one phrase, a…b is a
// followed by b in the same sentence.
type Rule struct {
	ID string `yaml:"id,omitempty"`
	// Any: one of these must occur; it is the evidence.
	Any []string `yaml:"any,omitempty"`
	// All: each of these must occur in the scope.
	All []string `yaml:"all,omitempty"`
	// None: none of these may occur in the scope.
	None []string `yaml:"none,omitempty"`
	// Near: one of these must occur close to the evidence.
	Near *Near `yaml:"near,omitempty"`
	// POS restricts the last word of the evidence to parts of speech: 名詞, 動詞, 形容詞, …
	POS []string `yaml:"pos,omitempty"`
	// Scope is what All, None and Grammar look at: clause, sentence (the default) or post.
	Scope string `yaml:"scope,omitempty"`
	// Grammar and NotGrammar name what the clause of the evidence must and must not be: question, wish, negative, …
	Grammar    []string `yaml:"grammar,omitempty"`
	NotGrammar []string `yaml:"not_grammar,omitempty"`
	// Weak rules give the tag only when no other tag of the kind was found in the clause.
	Weak     bool      `yaml:"weak,omitempty"`
	Examples *Examples `yaml:"examples,omitempty"`
}

// Near is a set of words and how many words away from the evidence they may stand.
type Near struct {
	Any    []string `yaml:"any"`
	Within int      `yaml:"within"`
}

// Examples are texts that must and must not make the rule fire. Every rule carries both.
type Examples struct {
	// Reply says that the texts answer another post, Staff that staff wrote them.
	Reply  bool     `yaml:"reply,omitempty"`
	Staff  bool     `yaml:"staff,omitempty"`
	Match  []string `yaml:"match"`
	Reject []string `yaml:"reject"`
}

// Entity is a name to be found, under a kind such as product, feature, plan or competitor. Any are further spellings
// of the value.
type Entity struct {
	Kind  string   `yaml:"kind"`
	Value string   `yaml:"value"`
	Any   []string `yaml:"any,omitempty"`
}

// Spellings are the phrases that stand for the entity: its value, and others.
func (e *Entity) Spellings() []string { return append([]string{e.Value}, e.Any...) }

// Parse reads a taxonomy file strictly: unknown keys are errors, and so is everything that Check calls fatal. name is
// how errors call the file.
func Parse(name string, text []byte) (*File, error) {
	f, problems := Check(name, text)
	var errs []string
	for _, p := range problems {
		if p.Fatal {
			errs = append(errs, p.String())
		}
	}
	if len(errs) > 0 {
		return nil, fmt.Errorf("taxonomy %s: %s", name, strings.Join(errs, "; "))
	}
	return f, nil
}

// Check reads a taxonomy file and tells all that is wrong with it, in the order of the lines. The file is complete,
// with what it inherits; it is nil when it cannot be read at all, which is a fatal problem.
func Check(name string, text []byte) (*File, []Problem) {
	f, problem := decode(text)
	if problem != nil {
		return nil, []Problem{*problem}
	}
	l := newLinter(text)
	base := &File{}
	if len(f.Inherit) > 0 && f.inheritsKnown(l) {
		inherited, err := Parse("default.yaml", Default)
		if err != nil {
			l.fatal("$.inherit", "inherit", "%s", err)
		} else {
			base = inherited.only(f.Inherit)
		}
	}
	l.file(f, base)
	f.Topics = merge(base.Topics, f.Topics)
	f.Intents = merge(base.Intents, f.Intents)
	return f, l.sorted()
}

// decode reads the YAML text without judging what it says. The YAML library panics on some faulty texts, such as a
// tag (!name) without a value; that is told as a problem of the file.
func decode(text []byte) (f *File, problem *Problem) {
	defer func() {
		if r := recover(); r != nil {
			f, problem = nil, &Problem{Where: "file", Text: "the file is no YAML that can be read; look for tags (!name) and anchors (&name) without a value", Fatal: true}
		}
	}()
	f = &File{}
	dec := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict(), yaml.DisallowUnknownField())
	if err := dec.Decode(f); err != nil {
		return nil, decodeProblem(err)
	}
	if err := dec.Decode(&File{}); !errors.Is(err, io.EOF) {
		return nil, &Problem{Where: "file", Text: "the file holds more than one YAML document; keep the first and drop what follows ---", Fatal: true}
	}
	return f, nil
}

func decodeProblem(err error) *Problem {
	p := &Problem{Where: "file", Text: strings.TrimSpace(err.Error()), Fatal: true}
	var at yaml.Error
	switch {
	case errors.Is(err, io.EOF):
		p.Text = "the file is empty; write version: 1 and topics"
	case errors.Is(err, yaml.ErrExceededMaxDepth):
		p.Text = "the tags are nested too deeply, or an alias (*name) stands inside the tag it repeats"
	case errors.As(err, &at):
		p.Text = at.GetMessage()
		if t := at.GetToken(); t != nil {
			p.Line = t.Position.Line
		}
		if strings.HasPrefix(p.Text, "unknown field") {
			p.Text += "; see the rule language in analyze/taxonomy/README.md"
		}
	}
	return p
}

func (f *File) inheritsKnown(l *linter) bool {
	ok := true
	for i, what := range f.Inherit {
		if what != "topics" && what != "intents" {
			l.fatal(fmt.Sprintf("$.inherit[%d]", i), "inherit", "inherit holds %q; use topics or intents", what)
			ok = false
		}
	}
	return ok
}

// only is f without the kinds of tags that are not named.
func (f *File) only(kinds []string) *File {
	out := &File{}
	if slices.Contains(kinds, "topics") {
		out.Topics = f.Topics
	}
	if slices.Contains(kinds, "intents") {
		out.Intents = f.Intents
	}
	return out
}

// merge is base with the tags of own put in place of those with the same id. A new tag stands behind the others, under
// its parent when its id names one of base.
func merge(base, own []Tag) []Tag {
	out := slices.Clone(base)
	for _, t := range own {
		if old := find(out, t.ID); old != nil {
			*old = t
			continue
		}
		if parent := find(out, parentID(t.ID)); parent != nil {
			parent.Children = append(parent.Children, t)
			continue
		}
		out = append(out, t)
	}
	return out
}

// find is the tag with the given id, or nil.
func find(tags []Tag, id string) *Tag {
	for i := range tags {
		if tags[i].ID == id {
			return &tags[i]
		}
		if t := find(tags[i].Children, id); t != nil {
			return t
		}
	}
	return nil
}

// parentID is the id before the last /, empty for a tag at the top.
func parentID(id string) string {
	i := strings.LastIndexByte(id, '/')
	return id[:max(i, 0)]
}

// Walk calls visit for every tag, parents before children.
func Walk(tags []Tag, visit func(t *Tag, parent string)) {
	var walk func(tags []Tag, parent string)
	walk = func(tags []Tag, parent string) {
		for i := range tags {
			visit(&tags[i], parent)
			walk(tags[i].Children, tags[i].ID)
		}
	}
	walk(tags, "")
}
