package tryout

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"voc/analyze"
	"voc/analyze/taxonomy"
)

// frames are the texts a phrase is tried in: a phrase that begins with a particle or ends in the middle of a sentence
// reads differently alone. The phrase takes the place of ~.
var frames = []string{"~", "~。", "これは~。", "これ~です。", "~と思う。", "~こと"}

// Phrases tells phrases that do not match themselves, because the dictionary cuts them elsewhere than at their ends,
// and rules whose none takes back all that any gives. The same phrases may match in texts that no frame foresees, so
// these are warnings. cfg is the configuration of the analyzer with the taxonomy in question.
func Phrases(cfg analyze.Config) ([]taxonomy.Problem, error) {
	a, err := analyze.New(cfg)
	if err != nil {
		return nil, err
	}
	p := &prober{ids: map[string]string{}}
	f := a.Taxonomy()
	for _, tags := range [][]taxonomy.Tag{f.Topics, f.Intents} {
		taxonomy.Walk(tags, func(t *taxonomy.Tag, _ string) {
			for i := range t.Rules {
				for _, list := range lists(&t.Rules[i]) {
					p.add(list.phrases)
				}
			}
		})
	}
	if err := p.compile(cfg, f.Words); err != nil {
		return nil, err
	}
	p.kind("topics", f.Topics)
	p.kind("intents", f.Intents)
	return p.problems, nil
}

type phraseList struct {
	name    string
	phrases []string
}

func lists(r *taxonomy.Rule) []phraseList {
	out := []phraseList{{"any", r.Any}, {"all", r.All}, {"none", r.None}}
	if r.Near != nil {
		out = append(out, phraseList{"near", r.Near.Any})
	}
	return out
}

// prober analyses phrases with a taxonomy in which every phrase is a topic of its own.
type prober struct {
	ids      map[string]string // phrase to topic
	tags     []taxonomy.Tag
	worker   *analyze.Worker
	res      analyze.Result
	problems []taxonomy.Problem
}

func (p *prober) add(phrases []string) {
	for _, text := range phrases {
		if p.ids[text] != "" {
			continue
		}
		id := fmt.Sprintf("p%d", len(p.tags))
		p.ids[text] = id
		p.tags = append(p.tags, taxonomy.Tag{ID: id, Rules: []taxonomy.Rule{{Any: []string{text}}}})
	}
}

func (p *prober) compile(cfg analyze.Config, words []string) error {
	text, err := yaml.Marshal(taxonomy.File{Version: 1, Name: "phrases", Words: words, Topics: p.tags})
	if err != nil {
		return fmt.Errorf("phrases of the taxonomy: %w", err)
	}
	cfg.Taxonomy, cfg.TaxonomyName = text, "phrases"
	a, err := analyze.New(cfg)
	if err != nil {
		return err
	}
	p.worker = a.NewWorker()
	return nil
}

func (p *prober) kind(kind string, tags []taxonomy.Tag) {
	taxonomy.Walk(tags, func(t *taxonomy.Tag, _ string) {
		for i := range t.Rules {
			r := &t.Rules[i]
			p.rule(fmt.Sprintf("%s %s rule %s", kind, t.ID, r.Name(i)), r)
		}
	})
}

func (p *prober) rule(where string, r *taxonomy.Rule) {
	left := len(r.Any)
	for _, list := range lists(r) {
		for _, phrase := range list.phrases {
			matched, taken := p.try(phrase, r.None)
			switch {
			case !matched:
				p.warn(where, "the phrase %q of %s does not match itself: the dictionary has no word border at its ends; write whole words, or add it under words", phrase, list.name)
			case taken && list.name == "any":
				left--
			}
		}
	}
	if left == 0 && len(r.Any) > 0 {
		p.warn(where, "each phrase of any holds a phrase of none, so none takes back every match")
	}
}

func (p *prober) warn(where, format string, a ...any) {
	p.problems = append(p.problems, taxonomy.Problem{Where: where, Text: fmt.Sprintf(format, a...)})
}

// try says whether every spelling of the phrase is found in one of the frames, and whether a phrase of none is found in
// each spelling alone.
func (p *prober) try(phrase string, none []string) (matched, taken bool) {
	matched, taken = true, true
	for alt := range strings.SplitSeq(phrase, "|") {
		alt = strings.ReplaceAll(strings.TrimSpace(alt), "…", "")
		found := false
		for i, frame := range frames {
			hits := p.hits(strings.ReplaceAll(frame, "~", alt))
			found = found || slices.Contains(hits, p.ids[phrase])
			if i == 0 {
				taken = taken && slices.ContainsFunc(none, func(n string) bool { return slices.Contains(hits, p.ids[n]) })
			}
			if found {
				break
			}
		}
		matched = matched && found
	}
	return matched, taken
}

func (p *prober) hits(text string) []string {
	p.worker.Analyze(analyze.Input{Body: text}, &p.res)
	out := make([]string, 0, len(p.res.Topics))
	for i := range p.res.Topics {
		out = append(out, p.res.Topics[i].ID)
	}
	return out
}
