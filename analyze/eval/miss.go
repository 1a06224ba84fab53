package eval

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"voc/analyze"
)

// Miss is one post on which labels and result differ.
type Miss struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	// Flip says that positive and negative were confounded.
	Flip  bool   `json:"flip,omitzero"`
	Diffs []Diff `json:"diffs"`
}

// Diff is one wrong tag of a post. Want is empty for a tag that should not be there, Got for one that is missing.
type Diff struct {
	// Family is sentiment, topic, intent or the kind of a signal.
	Family string `json:"family"`
	Want   string `json:"want,omitzero"`
	Got    string `json:"got,omitzero"`
	// Evidence is what the analyzer rests Got on.
	Evidence []analyze.Evidence `json:"evidence,omitzero"`
}

// misses lists every wrong post: flips first, then in the order of the file.
func misses(posts []judged) []Miss {
	var out []Miss
	for _, p := range posts {
		m := Miss{ID: p.item.ID, Text: p.item.Text}
		if p.item.Title != "" {
			m.Text = strings.TrimSpace(p.item.Title + "\n" + p.item.Text)
		}
		if c := p.class; c != nil && c.want != c.got {
			m.Flip = isFlip(*c)
			m.Diffs = append(m.Diffs, Diff{Family: "sentiment", Want: c.want, Got: c.got, Evidence: p.result.Evidence})
		}
		m.Diffs = append(m.Diffs, topicDiffs(&p)...)
		m.Diffs = append(m.Diffs, setDiffs("intent", p.intents, func(tag string) []analyze.Evidence {
			for _, in := range p.result.Intents {
				if in.ID == tag {
					return in.Evidence
				}
			}
			return nil
		})...)
		for _, kind := range slices.Sorted(maps.Keys(p.signals)) {
			m.Diffs = append(m.Diffs, setDiffs(kind, p.signals[kind], func(tag string) []analyze.Evidence {
				for _, s := range p.result.Signals {
					if s.Kind == kind && s.Value == tag {
						return s.Evidence
					}
				}
				return nil
			})...)
		}
		if m.Diffs != nil {
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b Miss) int {
		switch {
		case a.Flip == b.Flip:
			return 0
		case a.Flip:
			return -1
		}
		return 1
	})
	return out
}

// topicDiffs puts a topic of wrong polarity on one line instead of two.
func topicDiffs(p *judged) []Diff {
	if p.pairs == nil {
		return nil
	}
	want, got := byTopic(p.pairs.want), byTopic(p.pairs.got)
	union := maps.Clone(want)
	maps.Copy(union, got)
	var out []Diff
	for _, id := range slices.Sorted(maps.Keys(union)) {
		if want[id] == got[id] {
			continue
		}
		d := Diff{Family: "topic", Want: want[id], Got: got[id]}
		for _, t := range p.result.Topics {
			if t.ID == id || root(t.ID) == id {
				d.Evidence = append(d.Evidence, t.Evidence...)
			}
		}
		out = append(out, d)
	}
	return out
}

// byTopic maps topic to its whole pair tag.
func byTopic(pairs map[string]bool) map[string]string {
	m := make(map[string]string, len(pairs))
	for tag := range pairs {
		id, _, _ := strings.Cut(tag, ":")
		m[id] = tag
	}
	return m
}

func setDiffs(family string, set *tagSets, evidence func(tag string) []analyze.Evidence) []Diff {
	if set == nil {
		return nil
	}
	var out []Diff
	for t := range set.want {
		if !set.got[t] {
			out = append(out, Diff{Family: family, Want: t})
		}
	}
	for t := range set.got {
		if !set.want[t] && !set.free[t] {
			out = append(out, Diff{Family: family, Got: t, Evidence: evidence(t)})
		}
	}
	slices.SortFunc(out, func(a, b Diff) int {
		return cmp.Or(cmp.Compare(a.Want, b.Want), cmp.Compare(a.Got, b.Got))
	})
	return out
}
