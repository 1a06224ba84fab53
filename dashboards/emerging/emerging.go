// Package emerging brings what the queries say about terms and opinion units into the form that package stats judges:
// what many more people say this week than in the weeks before, whether the taxonomy knows it or not. The report and
// the pages show the same findings from here. The package keeps nothing and decides nothing about chance.
package emerging

import (
	"fmt"
	"maps"
	"slices"

	"voc/analyze/similar"
	"voc/dashboards/query"
	"voc/dashboards/stats"
)

// Found is what emerged, most surprising first, and the week's texts by post id.
type Found struct {
	Candidates []stats.Candidate
	Bodies     map[string]string
}

// Ask adds to the parameters of a week what the query emerging_terms needs to leave out the posts of terms that cannot emerge.
func Ask(week query.Params) query.Params {
	return week.With("ratio", stats.DefaultEmergingConfig().MinRatio)
}

// Of judges the terms of a week, as Ask asks for them. texts are the week's posts, active its distinct authors and past those
// of the weeks before that the community has posts in, oldest first; without such weeks nothing can emerge. Of posts that say
// the same with other names or prices, the one with the smallest id speaks for all, so that a campaign is one voice.
func Of(texts []query.WeekText, terms []query.EmergingTerm, active uint64, past []uint64) (Found, error) {
	type post struct {
		author string
		tagged bool
	}
	known := make(map[string]post, len(texts))
	f := Found{Bodies: make(map[string]string, len(texts))}
	in := stats.EmergingInput{ActiveAuthors: active, PastActive: past, Bodies: f.Bodies}
	for _, p := range texts {
		known[p.PostID] = post{query.Speaker(p.AuthorID, p.PostID), len(p.Topics) > 0}
		f.Bodies[p.PostID] = p.Body
	}
	if len(terms) == 0 || len(past) == 0 {
		return f, nil
	}
	groups, err := copies(f.Bodies, terms)
	if err != nil {
		return f, fmt.Errorf("emerging: %w", err)
	}
	in.Tested = int(terms[0].Tested)
	for _, r := range terms {
		t := stats.Term{Text: r.Value, Past: r.Past[max(0, len(r.Past)-len(past)):]}
		told := map[int]bool{} // groups of copies that have spoken
		for _, id := range r.Posts {
			p, ok := known[id]
			if !ok {
				continue
			}
			if g, copied := groups[id]; copied {
				if told[g] {
					continue
				}
				told[g] = true
			}
			t.Now = append(t.Now, stats.Occurrence{PostID: id, Author: p.author, Tagged: p.tagged})
		}
		if len(r.Posts) == 0 {
			t.Authors = r.Authors
		}
		in.Terms = append(in.Terms, t)
	}
	if f.Candidates, err = stats.Emerging(stats.DefaultEmergingConfig(), in); err != nil {
		return f, fmt.Errorf("emerging: %w", err)
	}
	return f, nil
}

// copies tells the group of every post of the terms that says the same as another one of them.
func copies(bodies map[string]string, terms []query.EmergingTerm) (map[string]int, error) {
	named := map[string]bool{}
	for _, r := range terms {
		for _, id := range r.Posts {
			if _, ok := bodies[id]; ok {
				named[id] = true
			}
		}
	}
	texts := make([]similar.Text, 0, len(named))
	for _, id := range slices.Sorted(maps.Keys(named)) {
		texts = append(texts, similar.Text{ID: id, Body: bodies[id]})
	}
	found, err := similar.Find(similar.DefaultConfig(), texts)
	if err != nil {
		return nil, err
	}
	groups := map[string]int{}
	for i, g := range found.GroupOf {
		if g >= 0 {
			groups[texts[i].ID] = g
		}
	}
	return groups, nil
}
