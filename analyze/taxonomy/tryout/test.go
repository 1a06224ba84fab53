package tryout

import (
	"fmt"
	"slices"

	"voc/analyze"
	"voc/analyze/taxonomy"
)

// Tests is the outcome of the examples of all rules.
type Tests struct {
	Rules, Texts int
	Failures     []Failure
}

// Failure is an example that did not hold, or a rule without examples, whose Text is then empty.
type Failure struct {
	// Kind is topic or intent.
	Kind, Tag, Rule string
	Text            string
	// Want says that the text must make the rule fire; otherwise it must not.
	Want bool
	// Got are the rules of the kind that did fire.
	Got []string
}

func (f Failure) String() string {
	where := fmt.Sprintf("%s %s rule %s", f.Kind, f.Tag, f.Rule)
	switch {
	case f.Text == "":
		return where + ": " + taxonomy.NoExamples
	case f.Want:
		return fmt.Sprintf("%s: must match %q; what fired: %s", where, f.Text, orNothing(f.Got))
	}
	return fmt.Sprintf("%s: must not match %q", where, f.Text)
}

func orNothing(rules []string) string {
	if len(rules) == 0 {
		return "nothing"
	}
	return fmt.Sprint(rules)
}

// Test runs the examples of every rule of the taxonomy in force. A text under match must make that very rule fire, not
// only its tag; a text under reject must not.
func Test(a *analyze.Analyzer) *Tests {
	t := &tester{worker: a.RulesAlone().NewWorker()}
	f := a.Taxonomy()
	t.kind("topic", f.Topics)
	t.kind("intent", f.Intents)
	return &t.out
}

type tester struct {
	worker *analyze.Worker
	res    analyze.Result
	out    Tests
}

func (t *tester) kind(kind string, tags []taxonomy.Tag) {
	taxonomy.Walk(tags, func(tag *taxonomy.Tag, _ string) {
		for i := range tag.Rules {
			t.out.Rules++
			r := &tag.Rules[i]
			f := Failure{Kind: kind, Tag: tag.ID, Rule: r.Name(i)}
			if r.Examples == nil || len(r.Examples.Match) == 0 || len(r.Examples.Reject) == 0 {
				t.out.Failures = append(t.out.Failures, f)
			}
			if r.Examples == nil {
				continue
			}
			for _, text := range r.Examples.Match {
				t.text(f, r.Examples, text, true)
			}
			for _, text := range r.Examples.Reject {
				t.text(f, r.Examples, text, false)
			}
		}
	})
}

func (t *tester) text(f Failure, e *taxonomy.Examples, text string, want bool) {
	t.out.Texts++
	in := analyze.Input{Body: text, IsReply: e.Reply}
	if e.Staff {
		in.AuthorRole = "staff"
	}
	t.worker.Analyze(in, &t.res)
	got := fired(&t.res, f.Kind)
	if slices.Contains(got, f.Tag+"."+f.Rule) == want {
		return
	}
	f.Text, f.Want, f.Got = text, want, got
	t.out.Failures = append(t.out.Failures, f)
}

// fired are the rules of one kind in the evidence, each once. Opinions that a topic was credited with are no rules of
// the taxonomy and are left out.
func fired(r *analyze.Result, kind string) []string {
	var out []string
	add := func(tag string, spans []analyze.Evidence) {
		for _, e := range spans {
			of := len(e.Rule) > len(tag) && e.Rule[:len(tag)] == tag && e.Rule[len(tag)] == '.' || e.Rule == "model:"+kind+"/"+tag
			if of && !slices.Contains(out, e.Rule) {
				out = append(out, e.Rule)
			}
		}
	}
	if kind == "topic" {
		for i := range r.Topics {
			add(r.Topics[i].ID, r.Topics[i].Evidence)
		}
		return out
	}
	for i := range r.Intents {
		add(r.Intents[i].ID, r.Intents[i].Evidence)
	}
	return out
}
