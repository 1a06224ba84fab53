// Package emerging brings what the queries say about terms and opinion units into the form that package stats judges:
// what many more people say this week than in the weeks before, whether the taxonomy knows it or not. The report and
// the pages show the same findings from here. The package keeps nothing and decides nothing about chance.
package emerging

import (
	"fmt"

	"voc/dashboards/query"
	"voc/dashboards/stats"
)

// Found is what emerged, most surprising first, and the week's texts by post id.
type Found struct {
	Candidates []stats.Candidate
	Bodies     map[string]string
}

// Of judges the terms of a week. texts are the week's posts, active its distinct authors and past those of the weeks
// before that the community has posts in, oldest first; without such weeks nothing can emerge.
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
	for _, r := range terms {
		t := stats.Term{Text: r.Value, Past: r.Past[max(0, len(r.Past)-len(past)):]}
		for _, id := range r.Posts {
			if p, ok := known[id]; ok {
				t.Now = append(t.Now, stats.Occurrence{PostID: id, Author: p.author, Tagged: p.tagged})
			}
		}
		in.Terms = append(in.Terms, t)
	}
	if len(in.Terms) == 0 || len(past) == 0 {
		return f, nil
	}
	var err error
	if f.Candidates, err = stats.Emerging(stats.DefaultEmergingConfig(), in); err != nil {
		return f, fmt.Errorf("emerging: %w", err)
	}
	return f, nil
}
