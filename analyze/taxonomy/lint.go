package taxonomy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"voc/analyze/token"
)

// Problem is something wrong with a taxonomy. A fatal one keeps it from being used.
type Problem struct {
	Where string
	Text  string
	Fatal bool
}

func (p Problem) String() string { return p.Where + ": " + p.Text }

var (
	idShape   = regexp.MustCompile(`^[a-z0-9_]+(/[a-z0-9_]+)*$`)
	ruleShape = regexp.MustCompile(`^[a-z0-9_-]+$`)
)

// Lint checks the file: ids, hierarchy, rules that can never match, missing examples.
func (f *File) Lint() []Problem {
	var out []Problem
	out = append(out, lintTags("topics", f.Topics)...)
	out = append(out, lintTags("intents", f.Intents)...)
	out = append(out, lintEntities(f.Entities)...)
	for _, w := range f.Words {
		if _, err := ParseWord(w); err != nil {
			out = append(out, Problem{"words", err.Error(), true})
		}
	}
	return out
}

// reservedKinds are the kinds of signals that voc finds itself.
var reservedKinds = []string{"emotion", "effort", "opinion_unit", "outcome", "amount"}

func lintEntities(list []Entity) []Problem {
	var out []Problem
	owner, seen := map[string]string{}, map[string]bool{}
	for i := range list {
		e := &list[i]
		where := fmt.Sprintf("entities[%d]", i)
		fatal := func(format string, a ...any) {
			out = append(out, Problem{where, fmt.Sprintf(format, a...), true})
		}
		key := e.Kind + ":" + e.Value
		switch {
		case e.Kind == "" || e.Value == "":
			fatal("kind and value are both needed")
			continue
		case !ruleShape.MatchString(e.Kind):
			fatal("the kind %q must be lower-case letters, digits, - and _", e.Kind)
		case slices.Contains(reservedKinds, e.Kind):
			fatal("the kind %q is one that voc gives itself; use another such as product, feature, plan or competitor", e.Kind)
		case seen[key]:
			fatal("%s %q stands twice; put all its spellings under one any", e.Kind, e.Value)
		}
		seen[key] = true
		for _, p := range e.Spellings() {
			if strings.Trim(p, " |…") == "" {
				fatal("a spelling of %q is empty; write the name", e.Value)
			}
			if other, ok := owner[p]; ok && other != key {
				out = append(out, Problem{where, fmt.Sprintf("the spelling %q also stands for %s; a post then gets both", p, other), false})
			}
			owner[p] = key
		}
	}
	return out
}

func lintTags(kind string, tags []Tag) []Problem {
	var out []Problem
	seen := map[string]bool{}
	phrases := map[string]string{}
	Walk(tags, func(t *Tag, parent string) {
		where := kind + " " + t.ID
		fatal := func(format string, a ...any) {
			out = append(out, Problem{where, fmt.Sprintf(format, a...), true})
		}
		switch {
		case !idShape.MatchString(t.ID):
			fatal("the id %q must be lower-case letters, digits and _, with / between parent and child", t.ID)
		case seen[t.ID]:
			fatal("the id is used twice; give each tag its own")
		case parent != "" && !strings.HasPrefix(t.ID, parent+"/"):
			fatal("the id must begin with its parent's: %s/…", parent)
		}
		seen[t.ID] = true
		if len(t.Rules) == 0 && len(t.Children) == 0 {
			fatal("the tag has neither rules nor children, so it can never be given")
		}
		rules := map[string]bool{}
		for i := range t.Rules {
			r := &t.Rules[i]
			rid := r.Name(i)
			if rules[rid] {
				fatal("the rule id %q is used twice", rid)
			}
			rules[rid] = true
			out = append(out, lintRule(where+" rule "+rid, r)...)
			for _, p := range r.Any {
				if other, ok := phrases[p]; ok && other != t.ID && !r.conditional() {
					out = append(out, Problem{where + " rule " + rid, fmt.Sprintf("the phrase %q also stands in %s; say which with none or near", p, other), false})
				}
				phrases[p] = t.ID
			}
		}
	})
	return out
}

func (r *Rule) conditional() bool {
	return len(r.All)+len(r.None)+len(r.Grammar)+len(r.NotGrammar) > 0 || r.Near != nil || r.Weak
}

// Name is the rule's id, or its number when it has none.
func (r *Rule) Name(i int) string {
	if r.ID != "" {
		return r.ID
	}
	return fmt.Sprintf("rule%d", i+1)
}

func lintRule(where string, r *Rule) []Problem {
	var out []Problem
	fatal := func(format string, a ...any) { out = append(out, Problem{where, fmt.Sprintf(format, a...), true}) }
	if r.ID != "" && !ruleShape.MatchString(r.ID) {
		fatal("the rule id must be lower-case letters, digits, - and _")
	}
	if len(r.Any)+len(r.All)+len(r.Grammar) == 0 {
		fatal("the rule has no any, all or grammar, so it can never match")
	}
	for _, list := range [][]string{r.Any, r.All, r.None} {
		for _, p := range list {
			if strings.Trim(p, " |…") == "" {
				fatal("an entry is empty; write a phrase in dictionary form")
			}
		}
	}
	for _, a := range append(append([]string(nil), r.Any...), r.All...) {
		for _, n := range r.None {
			if a == n {
				fatal("%q stands in none as well, so the rule can never match", a)
			}
		}
	}
	for _, p := range r.POS {
		if _, ok := token.Group(p); !ok {
			fatal("the part of speech %q is unknown; use %s", p, token.GroupNames())
		}
	}
	switch r.Scope {
	case "", "clause", "sentence", "post":
	default:
		fatal("the scope %q is unknown; use clause, sentence or post", r.Scope)
	}
	if r.Near != nil && (len(r.Near.Any) == 0 || r.Near.Within <= 0) {
		fatal("near needs any and a positive within")
	}
	for _, g := range append(append([]string(nil), r.Grammar...), r.NotGrammar...) {
		if _, ok := GrammarNamed(g); !ok {
			fatal("the grammar word %q is unknown; use %s", g, strings.Join(GrammarNames(), ", "))
		}
	}
	if r.Examples == nil || len(r.Examples.Match) == 0 || len(r.Examples.Reject) == 0 {
		out = append(out, Problem{where, "the rule needs at least one example to match and one to reject", false})
	}
	return out
}

// ParseWord reads an added word: "word" or "word kind".
func ParseWord(line string) (token.Word, error) {
	f := strings.Fields(line)
	switch len(f) {
	case 1:
		return token.Word{Text: f[0], Kind: "n"}, nil
	case 2:
		if !strings.Contains(" "+strings.ReplaceAll(token.Kinds(), ",", "")+" ", " "+f[1]+" ") {
			return token.Word{}, fmt.Errorf("word %q: kind %q is unknown; use one of %s", f[0], f[1], token.Kinds())
		}
		return token.Word{Text: f[0], Kind: f[1]}, nil
	}
	return token.Word{}, fmt.Errorf("word %q: write one word, or a word and its kind", line)
}
