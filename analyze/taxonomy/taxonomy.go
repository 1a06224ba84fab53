// Package taxonomy owns the file in which users say what their topics and intents are, and its compiled form.
//
// It owns the YAML format, its checks (lint), the examples that every rule carries, and the matching of a rule's
// words in a parsed document. It decides no polarity and does not know Kafka, ClickHouse or where the file came
// from. Its callers are analyze/topic, analyze/intent, the root package and, for the checks, the command line.
package taxonomy

import (
	"bytes"
	_ "embed"
	"fmt"
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
	Rules       []Rule `yaml:"rules,omitempty"`
	Children    []Tag  `yaml:"children,omitempty"`
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

// Examples are texts that must and must not get the tag. Every rule carries both.
type Examples struct {
	Match  []string `yaml:"match"`
	Reject []string `yaml:"reject"`
}

// Entity is a name to be found, under a kind such as product, feature, plan or competitor. Any are its spellings; without
// them it is found by its value.
type Entity struct {
	Kind  string   `yaml:"kind"`
	Value string   `yaml:"value"`
	Any   []string `yaml:"any,omitempty"`
}

// Spellings are the phrases that stand for the entity.
func (e *Entity) Spellings() []string {
	if len(e.Any) > 0 {
		return e.Any
	}
	return []string{e.Value}
}

// Parse reads a taxonomy file strictly: unknown keys are errors. name is how errors call the file.
func Parse(name string, text []byte) (*File, error) {
	var f File
	dec := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict(), yaml.DisallowUnknownField())
	if err := dec.Decode(&f); err != nil {
		return nil, fmt.Errorf("taxonomy %s: %w", name, err)
	}
	if f.Version != 1 {
		return nil, fmt.Errorf("taxonomy %s: version is %d; write version: 1", name, f.Version)
	}
	if err := f.resolve(name); err != nil {
		return nil, err
	}
	var errs []string
	for _, p := range f.Lint() {
		if p.Fatal {
			errs = append(errs, p.String())
		}
	}
	if len(errs) > 0 {
		return nil, fmt.Errorf("taxonomy %s: %s", name, strings.Join(errs, "; "))
	}
	return &f, nil
}

// resolve adds what the file inherits from the default taxonomy.
func (f *File) resolve(name string) error {
	if len(f.Inherit) == 0 {
		return nil
	}
	base, err := Parse("default.yaml", Default)
	if err != nil {
		return err
	}
	for _, what := range f.Inherit {
		switch what {
		case "topics":
			f.Topics = merge(base.Topics, f.Topics)
		case "intents":
			f.Intents = merge(base.Intents, f.Intents)
		default:
			return fmt.Errorf("taxonomy %s: inherit holds %q; use topics or intents", name, what)
		}
	}
	return nil
}

// merge is base with the tags of own put in place of those with the same id, and the others behind.
func merge(base, own []Tag) []Tag {
	at := map[string]int{}
	out := append([]Tag(nil), base...)
	for i, t := range out {
		at[t.ID] = i
	}
	for _, t := range own {
		if i, ok := at[t.ID]; ok {
			out[i] = t
			continue
		}
		out = append(out, t)
	}
	return out
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
