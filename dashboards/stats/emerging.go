package stats

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Occurrence is one post of the reported week that holds a term.
type Occurrence struct {
	PostID string
	Author string
	Tagged bool // the post has a topic of the taxonomy
}

// Term is a word, phrase or opinion unit with its use now and before. Copies of one text should be left out by the
// caller (similar.Find), or a campaign emerges as news.
type Term struct {
	Text string
	Now  []Occurrence
	// Authors counts the distinct authors now when Now is left out, because too few use the term for it to emerge.
	Authors uint64
	Past    []uint64 // distinct authors who used it in each past week, oldest first
}

// EmergingInput is everything one search needs.
type EmergingInput struct {
	Terms         []Term
	ActiveAuthors uint64   // distinct authors of the reported week
	PastActive    []uint64 // distinct authors of each past week, oldest first; as long as every Term.Past
	// Tested is the number of terms with at least MinAuthors authors over all these weeks, when Terms holds only the
	// promising ones of them; 0 when Terms is complete.
	Tested int
	Bodies map[string]string // texts by post id, to choose examples that differ; may be incomplete
}

// EmergingConfig rules what counts as emerging.
type EmergingConfig struct {
	MinPosts   int
	MinAuthors int
	MinRatio   float64 // authors now over those expected
	FDR        float64 // expected part of chance findings among the terms found
	SamePosts  float64 // part of the rarer term's posts that two terms share to be one matter, 0 to 1
	Examples   int
	Limit      int // most groups returned
}

// DefaultEmergingConfig wants five posts of four authors and twice the usual.
func DefaultEmergingConfig() EmergingConfig {
	return EmergingConfig{MinPosts: 5, MinAuthors: 4, MinRatio: 2, FDR: 0.05, SamePosts: 0.5, Examples: 3, Limit: 20}
}

// Validate joins every fault of the configuration.
func (c EmergingConfig) Validate() error {
	var errs []error
	refuse := func(bad bool, format string, args ...any) {
		if bad {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	refuse(c.MinPosts < 1, "emerging_min_posts is %d; it must be at least 1", c.MinPosts)
	refuse(c.MinAuthors < 1, "emerging_min_authors is %d; it must be at least 1", c.MinAuthors)
	refuse(!(c.MinRatio >= 1), "emerging_min_ratio is %v; it must be at least 1", c.MinRatio)
	refuse(!(c.FDR > 0 && c.FDR < 1), "emerging_fdr is %v; it must lie between 0 and 1", c.FDR)
	refuse(!(c.SamePosts > 0 && c.SamePosts <= 1), "emerging_same_posts is %v; it must be above 0 and at most 1", c.SamePosts)
	refuse(c.Examples < 1, "emerging_examples is %d; it must be at least 1", c.Examples)
	refuse(c.Limit < 1, "emerging_limit is %d; it must be at least 1", c.Limit)
	return errors.Join(errs...)
}

// Candidate is a matter that emerges: terms that stand in the same posts. The figures are those of the first term,
// PostIDs and Untagged those of all.
type Candidate struct {
	Terms    []string // the most telling first
	Posts    int
	Authors  int
	Expected float64  // authors that the past weeks would have given
	Ratio    float64  // Authors over Expected, +Inf for a term never used before
	Score    float64  // log-likelihood ratio over the dispersion; larger is more surprising
	Q        float64  // after Benjamini–Hochberg over all terms
	PostIDs  []string // ascending
	Untagged int      // posts without a topic: what the taxonomy does not know yet
	Examples []string // post ids, of different authors and texts
}

// Emerging finds terms that more authors use this week than in the weeks before, beyond what chance does among so many
// terms, and groups those that stand in the same posts. It counts authors, not posts: one author who repeats a word
// is one voice. Candidates come with the most surprising first; ties by text.
func Emerging(cfg EmergingConfig, in EmergingInput) ([]Candidate, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	uses, err := termUses(in)
	if err != nil {
		return nil, err
	}
	found := surprising(cfg, in, uses)
	var groups [][]*termUse
	for _, u := range found {
		joined := false
		for i, g := range groups {
			if samePosts(g[0], u) >= cfg.SamePosts {
				groups[i] = append(g, u)
				joined = true
				break
			}
		}
		if !joined {
			groups = append(groups, []*termUse{u})
		}
	}
	groups = groups[:min(len(groups), cfg.Limit)]
	candidates := make([]Candidate, len(groups))
	for i, g := range groups {
		if candidates[i], err = newCandidate(cfg, in, g); err != nil {
			return nil, err
		}
	}
	return candidates, nil
}

// termUse is a term with its counts.
type termUse struct {
	term     Term
	posts    map[string]Occurrence
	authors  uint64
	past     uint64 // sum over weeks of authors
	expected float64
	score, q float64
}

func termUses(in EmergingInput) ([]*termUse, error) {
	uses := make([]*termUse, len(in.Terms))
	for i, t := range in.Terms {
		if len(t.Past) != len(in.PastActive) {
			return nil, fmt.Errorf("term %q has %d past weeks, the active authors have %d; both must cover the same weeks", t.Text, len(t.Past), len(in.PastActive))
		}
		u := &termUse{term: t, posts: make(map[string]Occurrence, len(t.Now))}
		authors := map[string]bool{}
		for _, o := range t.Now {
			u.posts[o.PostID] = o
			authors[o.Author] = true
		}
		u.authors = max(uint64(len(authors)), t.Authors)
		for w, n := range t.Past {
			if n > in.PastActive[w] {
				return nil, fmt.Errorf("term %q, past week %d: %d authors of %d active ones", t.Text, w, n, in.PastActive[w])
			}
			u.past += n
		}
		if u.authors > in.ActiveAuthors {
			return nil, fmt.Errorf("term %q: %d authors of %d active ones this week", t.Text, u.authors, in.ActiveAuthors)
		}
		uses[i] = u
	}
	return uses, nil
}

// surprising tests every term and returns those that pass, best first.
func surprising(cfg EmergingConfig, in EmergingInput, uses []*termUse) []*termUse {
	var pastActive uint64
	weeks := 0
	for _, n := range in.PastActive {
		pastActive += n
		if n > 0 {
			weeks++
		}
	}
	if pastActive == 0 || in.ActiveAuthors == 0 {
		return nil
	}
	scatters := make([]scatter, len(uses))
	var known []scatter
	for i, u := range uses {
		scatters[i] = scatter{author: 1, mean: float64(u.past) / float64(weeks)}
		if weeks >= 3 {
			scatters[i] = termScatter(u.term.Past, in.PastActive)
			known = append(known, scatters[i])
		}
	}
	common := fitPrior(known)
	share := float64(in.ActiveAuthors) / float64(in.ActiveAuthors+pastActive)
	ps := make([]float64, len(uses))
	family := 0
	for i, u := range uses {
		ps[i] = 1
		u.expected = float64(u.past) * float64(in.ActiveAuthors) / float64(pastActive)
		// Given its total, a term with fewer authors could not pass whatever week they fell into: it is no test.
		if u.authors+u.past < uint64(cfg.MinAuthors) {
			continue
		}
		family++
		phi, df := common.dispersion(scatters[i])
		_, upper := conditional(u.authors, u.past, share, phi)
		ps[i] = studentize(min(1, 2*upper), df) / 2
		u.score = logLikelihoodRatio(u.authors, in.ActiveAuthors, u.past, pastActive) / phi
	}
	order := make([]int, 0, family)
	for i, u := range uses {
		if u.authors+u.past >= uint64(cfg.MinAuthors) {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(ps[a], ps[b]), a-b) })
	qs := bhSorted(ps, make([]float64, len(uses)), order, max(family, in.Tested))
	var found []*termUse
	for _, i := range order {
		u := uses[i]
		u.q = qs[i]
		if u.q <= cfg.FDR && len(u.posts) >= cfg.MinPosts && u.authors >= uint64(cfg.MinAuthors) && float64(u.authors) >= cfg.MinRatio*u.expected {
			found = append(found, u)
		}
	}
	slices.SortFunc(found, func(a, b *termUse) int {
		// Of terms that say as much, the longer one says it more clearly.
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(len(b.posts), len(a.posts)), cmp.Compare(len(b.term.Text), len(a.term.Text)), cmp.Compare(a.term.Text, b.term.Text))
	})
	return found
}

func termScatter(past, active []uint64) scatter {
	var counts, exposures []float64
	for w, n := range active {
		if n > 0 {
			counts = append(counts, float64(past[w]))
			exposures = append(exposures, float64(n))
		}
	}
	return newScatter(counts, exposures, 1)
}

// logLikelihoodRatio is Dunning's G² of a term used by a of m now and b of n before; it is negative when the use fell.
func logLikelihoodRatio(a, m, b, n uint64) float64 {
	all := float64(m + n)
	use, rest := float64(a+b), float64(m+n-a-b)
	part := func(observed, row, column float64) float64 {
		if observed == 0 {
			return 0
		}
		return observed * math.Log(observed*all/(row*column))
	}
	g := 2 * (part(float64(a), float64(m), use) + part(float64(m-a), float64(m), rest) +
		part(float64(b), float64(n), use) + part(float64(n-b), float64(n), rest))
	if float64(a)*float64(n) < float64(b)*float64(m) {
		return -g
	}
	return g
}

// samePosts is the part of the rarer term's posts that hold the other term too.
func samePosts(a, b *termUse) float64 {
	if len(b.posts) < len(a.posts) {
		a, b = b, a
	}
	common := 0
	for id := range a.posts {
		if _, ok := b.posts[id]; ok {
			common++
		}
	}
	return float64(common) / float64(len(a.posts))
}

func newCandidate(cfg EmergingConfig, in EmergingInput, group []*termUse) (Candidate, error) {
	lead := group[0]
	c := Candidate{Posts: len(lead.posts), Authors: int(lead.authors), Expected: lead.expected, Ratio: float64(lead.authors) / lead.expected, Score: lead.score, Q: lead.q}
	voices := map[string]*Voice{}
	for _, u := range group {
		c.Terms = append(c.Terms, u.term.Text)
		for id, o := range u.posts {
			if voices[id] == nil {
				voices[id] = &Voice{ID: id, Author: o.Author, Body: in.Bodies[id]}
				c.PostIDs = append(c.PostIDs, id)
				if !o.Tagged {
					c.Untagged++
				}
			}
			voices[id].Topics = append(voices[id].Topics, u.term.Text)
		}
	}
	slices.Sort(c.PostIDs)
	// An example must hold the leading term, and better many of the others.
	var examples []Voice
	for _, id := range c.PostIDs {
		if _, ok := lead.posts[id]; ok {
			v := *voices[id]
			v.Weight = float64(len(v.Topics))
			examples = append(examples, v)
		}
	}
	pick := DefaultPickConfig()
	pick.Voices = cfg.Examples
	chosen, err := PickVoices(pick, examples)
	if err != nil {
		return Candidate{}, err
	}
	for _, i := range chosen.Voices {
		c.Examples = append(c.Examples, examples[i].ID)
	}
	return c, nil
}
