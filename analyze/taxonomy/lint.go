package taxonomy

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"voc/analyze/normalize"
	"voc/analyze/token"
)

// Problem is something wrong with a taxonomy. A fatal one keeps it from being used.
type Problem struct {
	// Line is where it stands in the file; 0 when that is not known.
	Line  int
	Where string
	Text  string
	Fatal bool
}

func (p Problem) String() string {
	if p.Line > 0 {
		return fmt.Sprintf("line %d: %s: %s", p.Line, p.Where, p.Text)
	}
	return p.Where + ": " + p.Text
}

var (
	idShape   = regexp.MustCompile(`^[a-z0-9_]+(/[a-z0-9_]+)*$`)
	ruleShape = regexp.MustCompile(`^[a-z0-9_-]+$`)
)

// linter collects problems and finds the lines they stand in.
type linter struct {
	source   *ast.File
	fold     func(string) string
	problems []Problem
}

func newLinter(text []byte) *linter {
	l := &linter{fold: normalize.New(nil).Fold}
	// The text was decoded before, so an error here costs line numbers only.
	if f, err := parser.ParseBytes(text, 0); err == nil {
		l.source = f
	}
	return l
}

// line is the line of the node at a YAML path such as $.topics[0].rules[1].
func (l *linter) line(path string) int {
	if l.source == nil {
		return 0
	}
	p, err := yaml.PathString(path)
	if err != nil {
		return 0
	}
	n, err := p.FilterFile(l.source)
	if err != nil || n == nil {
		return 0
	}
	// A mapping's own token is the colon of its first entry; the key stands before it.
	switch v := n.(type) {
	case *ast.MappingNode:
		if len(v.Values) > 0 {
			n = v.Values[0].Key
		}
	case *ast.MappingValueNode:
		n = v.Key
	}
	if n.GetToken() == nil {
		return 0
	}
	return n.GetToken().Position.Line
}

func (l *linter) fatal(path, where, format string, a ...any) {
	l.problems = append(l.problems, Problem{l.line(path), where, fmt.Sprintf(format, a...), true})
}

func (l *linter) warn(path, where, format string, a ...any) {
	l.problems = append(l.problems, Problem{l.line(path), where, fmt.Sprintf(format, a...), false})
}

func (l *linter) sorted() []Problem {
	slices.SortStableFunc(l.problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return l.problems
}

// file checks what the file itself says; base is what it inherits.
func (l *linter) file(f, base *File) {
	if f.Version != 1 {
		l.fatal("$.version", "version", "version is %d; write version: 1", f.Version)
	}
	l.tags("topics", f.Topics, base.Topics)
	l.tags("intents", f.Intents, base.Intents)
	l.entities(f.Entities)
	words := map[string]bool{}
	for i, w := range f.Words {
		path := fmt.Sprintf("$.words[%d]", i)
		word, err := ParseWord(w)
		switch {
		case err != nil:
			l.fatal(path, "words", "%s", err)
		case words[word.Text]:
			l.warn(path, "words", "the word %q stands twice", word.Text)
		}
		words[word.Text] = true
	}
}

// entities checks the names.
func (l *linter) entities(list []Entity) {
	owner, seen := map[string]string{}, map[string]bool{}
	for i := range list {
		e := &list[i]
		path, where := fmt.Sprintf("$.entities[%d]", i), fmt.Sprintf("entities[%d]", i)
		key := e.Kind + ":" + e.Value
		switch {
		case e.Kind == "" || e.Value == "":
			l.fatal(path, where, "kind and value are both needed")
			continue
		case !ruleShape.MatchString(e.Kind):
			l.fatal(path, where, "the kind %q must be lower-case letters, digits, - and _, such as feature, plan or competitor", e.Kind)
		case seen[key]:
			l.fatal(path, where, "%s %q stands twice; put all its spellings under one any", e.Kind, e.Value)
		}
		seen[key] = true
		for _, spelling := range e.Spellings() {
			for _, alt := range l.alternatives(spelling) {
				if strings.Trim(alt, " …") == "" {
					l.fatal(path, where, "a spelling of %q is empty; write the name", e.Value)
				}
				if other, ok := owner[alt]; ok && other != key {
					l.warn(path, where, "the spelling %q also stands for %s; a post then gets both", alt, other)
				}
				owner[alt] = key
			}
		}
	}
}

// place is where a phrase was seen first.
type place struct {
	tag, rule string
	// alone says that the rule asks for nothing but the phrase.
	alone bool
}

// tagsLinter checks the tags of one kind.
type tagsLinter struct {
	*linter
	kind    string
	base    []Tag
	seen    map[string]bool
	phrases map[string]place
}

func (l *linter) tags(kind string, tags, base []Tag) {
	t := &tagsLinter{linter: l, kind: kind, base: base, seen: map[string]bool{}, phrases: map[string]place{}}
	for i := range tags {
		t.tag(fmt.Sprintf("$.%s[%d]", kind, i), &tags[i], "")
	}
}

func (l *tagsLinter) tag(path string, t *Tag, parent string) {
	where := l.kind + " " + t.ID
	switch {
	case !idShape.MatchString(t.ID):
		l.fatal(path+".id", where, "the id %q must be lower-case letters, digits and _, with / between parent and child", t.ID)
	case l.seen[t.ID]:
		l.fatal(path+".id", where, "the id is used twice; give each tag its own")
	case parent != "" && !strings.HasPrefix(t.ID, parent+"/"):
		l.fatal(path+".id", where, "the id must begin with its parent's: %s/…", parent)
	case parent == "" && parentID(t.ID) != "" && find(l.base, parentID(t.ID)) == nil:
		l.fatal(path+".id", where, "the id names a parent %s that is not inherited; put the tag under the children of its parent", parentID(t.ID))
	}
	l.seen[t.ID] = true
	if len(t.Rules) == 0 && len(t.Children) == 0 {
		l.fatal(path, where, "the tag has neither rules nor children, so it can never be given")
	}
	rules := map[string]bool{}
	for i := range t.Rules {
		r := &t.Rules[i]
		rid := r.Name(i)
		at := fmt.Sprintf("%s.rules[%d]", path, i)
		if rules[rid] {
			l.fatal(at, where, "the rule id %q is used twice", rid)
		}
		rules[rid] = true
		l.rule(at, where+" rule "+rid, r)
		l.listed(at, where+" rule "+rid, t.ID, rid, r)
	}
	for i := range t.Children {
		l.tag(fmt.Sprintf("%s.children[%d]", path, i), &t.Children[i], t.ID)
	}
}

// listed tells phrases that stand twice: in one rule, in two rules of a tag, or in two tags without a condition that
// says which is meant.
func (l *tagsLinter) listed(path, where, tag, rule string, r *Rule) {
	alone := len(r.All)+len(r.None)+len(r.Grammar)+len(r.NotGrammar) == 0 && r.Near == nil && !r.Weak
	for i, p := range r.Any {
		at := fmt.Sprintf("%s.any[%d]", path, i)
		for _, alt := range l.alternatives(p) {
			first, seen := l.phrases[alt]
			switch {
			case !seen:
				l.phrases[alt] = place{tag, rule, alone}
			case first.tag == tag && first.rule == rule:
				l.warn(at, where, "the phrase %q is listed twice (spellings that differ in width or case are one)", alt)
			case first.tag == tag && first.alone && alone:
				l.warn(at, where, "the phrase %q is listed in rule %s, too", alt, first.rule)
			case first.tag != tag && first.alone && alone && !related(first.tag, tag):
				l.warn(at, where, "the phrase %q also stands in %s; say which with none or near", alt, first.tag)
			}
		}
	}
}

// related says that one of two tags is the other's ancestor.
func related(a, b string) bool {
	return strings.HasPrefix(a, b+"/") || strings.HasPrefix(b, a+"/")
}

// alternatives are the spellings of a phrase, folded as texts are.
func (l *linter) alternatives(phrase string) []string {
	var out []string
	for alt := range strings.SplitSeq(phrase, "|") {
		if alt = strings.TrimSpace(l.fold(alt)); !slices.Contains(out, alt) {
			out = append(out, alt)
		}
	}
	return out
}

// Name is the rule's id, or its number when it has none.
func (r *Rule) Name(i int) string {
	if r.ID != "" {
		return r.ID
	}
	return fmt.Sprintf("rule%d", i+1)
}

func (l *tagsLinter) rule(path, where string, r *Rule) {
	if r.ID != "" && !ruleShape.MatchString(r.ID) {
		l.fatal(path+".id", where, "the rule id must be lower-case letters, digits, - and _")
	}
	if len(r.Any)+len(r.All)+len(r.Grammar) == 0 {
		l.fatal(path, where, "the rule has no any, all or grammar, so it can never match")
	}
	lists := map[string][]string{"any": r.Any, "all": r.All, "none": r.None}
	if r.Near != nil {
		lists["near.any"] = r.Near.Any
		if len(r.Near.Any) == 0 || r.Near.Within <= 0 {
			l.fatal(path+".near", where, "near needs any and a positive within")
		}
	}
	for _, name := range []string{"any", "all", "none", "near.any"} {
		for i, p := range lists[name] {
			l.phrase(fmt.Sprintf("%s.%s[%d]", path, name, i), where, p)
		}
	}
	l.swallowed(path, where, r)
	for i, p := range r.POS {
		if _, ok := token.Group(p); !ok {
			l.fatal(fmt.Sprintf("%s.pos[%d]", path, i), where, "the part of speech %q is unknown; use %s", p, token.GroupNames())
		}
	}
	switch r.Scope {
	case "", "clause", "sentence", "post":
	default:
		l.fatal(path+".scope", where, "the scope %q is unknown; use clause, sentence or post", r.Scope)
	}
	if len(r.Any)+len(r.All) == 0 && (r.Near != nil || len(r.POS) > 0) {
		l.warn(path, where, "near and pos say something of a phrase; without any or all they have no effect")
	}
	if r.Weak && l.kind == "intents" {
		l.warn(path+".weak", where, "weak has no effect on intents")
	}
	l.grammar(path, where, r)
	l.examples(path, where, r)
}

func (l *linter) phrase(path, where, p string) {
	for alt := range strings.SplitSeq(p, "|") {
		parts := strings.Split(alt, "…")
		for _, part := range parts {
			if strings.TrimSpace(l.fold(part)) == "" {
				l.fatal(path, where, "a part of %q is empty; write a phrase in dictionary form, a|b for two spellings, a…b for two words", p)
				return
			}
		}
	}
}

// swallowed tells phrases that none takes back.
func (l *tagsLinter) swallowed(path, where string, r *Rule) {
	none := map[string]bool{}
	for _, n := range r.None {
		for _, alt := range l.alternatives(n) {
			none[alt] = true
		}
	}
	taken := func(p string) bool {
		return !slices.ContainsFunc(l.alternatives(p), func(alt string) bool { return !none[alt] })
	}
	for i, p := range r.All {
		if taken(p) {
			l.fatal(fmt.Sprintf("%s.all[%d]", path, i), where, "%q stands in none as well, so the rule can never match", p)
		}
	}
	if len(r.Any) > 0 && !slices.ContainsFunc(r.Any, func(p string) bool { return !taken(p) }) {
		l.fatal(path, where, "none takes back every phrase of any, so the rule can never match")
		return
	}
	for i, p := range r.Any {
		if taken(p) {
			l.warn(fmt.Sprintf("%s.any[%d]", path, i), where, "%q stands in none as well, so it can never be the evidence", p)
		}
	}
}

func (l *tagsLinter) grammar(path, where string, r *Rule) {
	for _, list := range []struct {
		name  string
		words []string
	}{{"grammar", r.Grammar}, {"not_grammar", r.NotGrammar}} {
		for i, g := range list.words {
			if _, ok := GrammarNamed(g); !ok {
				l.fatal(fmt.Sprintf("%s.%s[%d]", path, list.name, i), where, "the grammar word %q is unknown; use %s", g, strings.Join(GrammarNames(), ", "))
			}
		}
	}
	for i, g := range r.Grammar {
		if slices.Contains(r.NotGrammar, g) {
			l.fatal(fmt.Sprintf("%s.grammar[%d]", path, i), where, "%q stands in not_grammar as well, so the rule can never match", g)
		}
	}
}

func (l *tagsLinter) examples(path, where string, r *Rule) {
	if r.Examples == nil || len(r.Examples.Match) == 0 || len(r.Examples.Reject) == 0 {
		l.warn(path, where, "%s", NoExamples)
		return
	}
	for i, text := range r.Examples.Match {
		if slices.Contains(r.Examples.Reject, text) {
			l.fatal(fmt.Sprintf("%s.examples.match[%d]", path, i), where, "the example %q stands under match and reject", text)
		}
	}
}

// NoExamples is what a rule without examples is told.
const NoExamples = "the rule needs at least one example to match and one to reject"

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
