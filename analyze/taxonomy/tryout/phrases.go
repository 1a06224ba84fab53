package tryout

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"voc/analyze"
	"voc/analyze/normalize"
	"voc/analyze/taxonomy"
)

// frames are the texts a phrase is tried in: a phrase that begins with a particle or ends in the middle of a sentence
// reads differently alone. The phrase takes the place of ~.
var frames = []string{"~", "~。", "これは~。", "これ~です。", "~と思う。", "~こと"}

// Phrases tells phrases that cannot match: those that do not even match themselves, those that stand in the posts but
// only ever inside a longer word (イン in ログイン), and phrases that a phrase of none takes back (none 割引 takes back any 学生割引). They are warnings,
// since other texts may differ. posts may be nil. cfg is the configuration of the analyzer with the taxonomy in question.
func Phrases(cfg analyze.Config, posts []Post) ([]taxonomy.Problem, error) {
	a, err := analyze.New(cfg)
	if err != nil {
		return nil, err
	}
	p := &prober{ids: map[string]string{}, fold: normalize.New(nil).Fold}
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
	p.read(posts)
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
	analyzer *analyze.Analyzer
	worker   *analyze.Worker
	fold     func(string) string
	posts    []Post
	folded   []string        // the posts' texts
	found    map[string]bool // topics found in the posts
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
	p.analyzer, p.worker = a, a.NewWorker()
	return nil
}

// read finds the phrases in the posts.
func (p *prober) read(posts []Post) {
	p.posts, p.found = posts, map[string]bool{}
	for i, t := range tag(p.analyzer, posts) {
		p.folded = append(p.folded, p.fold(posts[i].Title+"\n"+posts[i].Body))
		for _, x := range t.topics {
			p.found[x.id] = true
		}
	}
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
	var swallowed []string
	for _, list := range lists(r) {
		for _, phrase := range list.phrases {
			matched, taken := p.try(phrase, r.None)
			if taken && list.name == "any" {
				left--
				swallowed = append(swallowed, phrase)
			}
			if !matched {
				p.warn(where, "the phrase %q of %s does not match itself; a phrase lies within one sentence, and begins and ends at the border of a word", phrase, list.name)
			} else if !p.found[p.ids[phrase]] && list.name != "none" {
				p.inside(where, phrase)
			}
		}
	}
	switch {
	case len(r.Any) > 0 && left == 0:
		p.warn(where, "each phrase of any holds a phrase of none, so none takes back every match")
	case len(swallowed) > 0:
		p.warn(where, "%q hold a phrase of none, so they can never be the evidence", swallowed)
	}
}

// insideLeast is the number of posts from which a phrase that only stands inside of longer words is told.
const insideLeast = 3

// inside warns of a phrase that was not found as words when its letters stand in several posts.
func (p *prober) inside(where, phrase string) {
	n, example := 0, ""
	for alt := range strings.SplitSeq(phrase, "|") {
		alt = strings.TrimSpace(p.fold(alt))
		for i, text := range p.folded {
			if at := strings.Index(text, alt); at >= 0 {
				if n++; n == 1 {
					example = around(text, at, len(alt)) + " in " + p.posts[i].ID
				}
			}
		}
	}
	if n >= insideLeast {
		p.warn(where, "the phrase %q stands in %d posts, but always inside a longer word (%s); write the longer word, or add the phrase under words", phrase, n, example)
	}
}

// around is the text at [at, at+size) with a few letters on both sides.
func around(text string, at, size int) string {
	const letters = 8
	before, after := []rune(text[:at]), []rune(text[at+size:])
	before, after = before[max(0, len(before)-letters):], after[:min(letters, len(after))]
	return "…" + strings.Join(strings.Fields(string(before)+text[at:at+size]+string(after)), " ") + "…"
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
