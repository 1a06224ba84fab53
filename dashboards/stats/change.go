package stats

import (
	"errors"
	"fmt"
	"math"
)

// Week is what one topic got in one calendar week. SQL views give one row a topic and week.
type Week struct {
	Posts   uint64 // posts of the topic
	Authors uint64 // distinct authors of them
	// SumSquares is the sum, over these authors, of the square of their posts: 60 posts by 2 authors with 30 each
	// are 1800, by 60 authors 60. 0 with Posts > 0 means that it is not known; every post then counts as
	// independent.
	SumSquares uint64
	Base       uint64 // posts of the whole scope (community, segment) in that week
}

// Series is a topic's history without gaps: Weeks holds consecutive weeks, oldest first, weeks without posts
// included, and its last element is the week reported.
type Series struct {
	ID    string
	Weeks []Week
}

// Basis says what is compared between weeks.
type Basis string

// The bases of comparison.
const (
	BasisShare Basis = "share" // the topic's share of all posts: a busy week lifts no topic
	BasisCount Basis = "count" // the number of posts, for the total itself and for weeks of equal activity
)

// ChangeConfig rules how changes are judged.
type ChangeConfig struct {
	Basis      Basis
	History    int     // weeks before the reported one that make the mean
	MinWeeks   int     // weeks of history below which only the last week is compared
	MinPosts   uint64  // posts, reported or expected, below which the verdict is TooFew
	MinAuthors uint64  // authors below which a rise (this week's) or fall (the history's best week) is TooFew
	MinEffect  float64 // smallest relative change worth an arrow, 0.1 for 10%
	FDR        float64 // expected share of wrong arrows among all arrows of a report
}

// DefaultChangeConfig compares shares with the mean of 8 weeks.
func DefaultChangeConfig() ChangeConfig {
	return ChangeConfig{Basis: BasisShare, History: 8, MinWeeks: 3, MinPosts: 10, MinAuthors: 3, MinEffect: 0.1, FDR: 0.1}
}

// Validate joins every fault of the configuration.
func (c ChangeConfig) Validate() error {
	var errs []error
	if c.Basis != BasisShare && c.Basis != BasisCount {
		errs = append(errs, fmt.Errorf("change_basis is %q; it must be share or count", c.Basis))
	}
	if c.History < 1 || c.History > 52 {
		errs = append(errs, fmt.Errorf("change_history is %d weeks; it must be 1 to 52", c.History))
	}
	if c.MinWeeks < 2 || c.MinWeeks > max(2, c.History) {
		errs = append(errs, fmt.Errorf("change_min_weeks is %d; it must be 2 to change_history", c.MinWeeks))
	}
	if c.MinPosts < 1 {
		errs = append(errs, errors.New("change_min_posts is 0; it must be at least 1"))
	}
	if c.MinAuthors < 1 {
		errs = append(errs, errors.New("change_min_authors is 0; it must be at least 1"))
	}
	if !(c.MinEffect >= 0 && c.MinEffect < 10) {
		errs = append(errs, fmt.Errorf("change_min_effect is %v; it must be 0 to 10, where 0.1 means 10%%", c.MinEffect))
	}
	if !(c.FDR > 0 && c.FDR < 1) {
		errs = append(errs, fmt.Errorf("change_fdr is %v; it must lie between 0 and 1", c.FDR))
	}
	return errors.Join(errs...)
}

// Verdict is what may be said about a change.
type Verdict string

// The verdicts.
const (
	Up     Verdict = "up"
	Down   Verdict = "down"
	Flat   Verdict = "flat"    // no change that could not be chance, or too small to matter
	TooFew Verdict = "too_few" // nothing may be said: no arrow
)

// Arrow returns the mark shown beside a number; TooFew has none.
func (v Verdict) Arrow() string {
	switch v {
	case Up:
		return "↑"
	case Down:
		return "↓"
	case Flat:
		return "→"
	default:
		return ""
	}
}

// Reason says why a verdict was given.
type Reason string

// The reasons for verdicts.
const (
	ReasonSignificant Reason = "significant"  // unlikely by chance, even among this many topics
	ReasonChance      Reason = "chance"       // within what chance does
	ReasonSmall       Reason = "small"        // beyond chance but smaller than MinEffect
	ReasonFewPosts    Reason = "few_posts"    // fewer than MinPosts, now and before
	ReasonFewAuthors  Reason = "few_authors"  // the change rests on fewer than MinAuthors
	ReasonNoHistory   Reason = "no_history"   // nothing to compare with
	ReasonShortMemory Reason = "short_memory" // fewer than MinWeeks weeks; judged against last week only
)

// Text returns the reason in Japanese, for the report.
func (r Reason) Text() string {
	switch r {
	case ReasonSignificant:
		return "偶然では説明しにくい変化"
	case ReasonChance:
		return "偶然の範囲内"
	case ReasonSmall:
		return "変化はごく小さい"
	case ReasonFewPosts:
		return "件数が少なく判断できない"
	case ReasonFewAuthors:
		return "投稿者が少なく判断できない"
	case ReasonNoHistory:
		return "比較できる過去がない"
	case ReasonShortMemory:
		return "過去の週が足りず平均と比べられない"
	default:
		return string(r)
	}
}

// Comparison is the reported week against a baseline.
type Comparison struct {
	Weeks      int      // weeks of the baseline; 0 means that nothing was compared
	Expected   float64  // posts that the baseline would have given this week
	Ratio      float64  // posts over Expected, +Inf for something out of nothing, NaN without baseline
	RatioCI    Interval // 95%, of this comparison alone
	Diff       float64  // difference of the shares of Base, NaN without Base
	P          float64  // two-sided, NaN when no test was made
	Q          float64  // P after Benjamini–Hochberg over all topics of the report
	Dispersion float64  // variance over mean that the test allowed for
	Verdict    Verdict
	Reason     Reason
}

// Change is the judged change of one topic. Verdict and Reason are those of VsMean, or of VsLast when the history is
// shorter than MinWeeks.
type Change struct {
	ID      string
	Now     Week
	Verdict Verdict
	Reason  Reason
	VsLast  Comparison
	VsMean  Comparison
}

// Changes judges every topic of one report together: the correction for many tests spans all topics (once for each
// of the two comparisons), and dispersions are learned from all of them. The result is in the order of series.
func Changes(cfg ChangeConfig, series []Series) ([]Change, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cases := make([]changeCase, len(series))
	scatters := make([]scatter, 0, len(series))
	for i, s := range series {
		c, err := newChangeCase(cfg, s)
		if err != nil {
			return nil, err
		}
		cases[i] = c
		if c.scatter.df >= 1 {
			scatters = append(scatters, c.scatter)
		}
	}
	common := fitPrior(scatters)
	changes := make([]Change, len(series))
	last, mean := make([]float64, len(series)), make([]float64, len(series))
	for i := range cases {
		changes[i] = cases[i].test(cfg, common)
		last[i], mean[i] = changes[i].VsLast.P, changes[i].VsMean.P
	}
	last, mean = BenjaminiHochberg(last), BenjaminiHochberg(mean)
	for i := range changes {
		c := &changes[i]
		c.VsLast.Q, c.VsMean.Q = last[i], mean[i]
		c.VsLast.judge(cfg)
		c.VsMean.judge(cfg)
		main := c.VsMean
		if main.Reason == ReasonShortMemory {
			main = c.VsLast
		}
		c.Verdict, c.Reason = main.Verdict, main.Reason
	}
	return changes, nil
}

// changeCase is one series cut to the baseline, with its scatter.
type changeCase struct {
	id      string
	now     Week
	past    []Week // oldest first, at most History, only weeks with exposure
	last    *Week  // nil when last week has no exposure or does not exist
	scatter scatter
	burst   float64 // how much more the reported week's posts cluster on authors than the history's, at least 1
}

func newChangeCase(cfg ChangeConfig, s Series) (changeCase, error) {
	if len(s.Weeks) == 0 {
		return changeCase{}, fmt.Errorf("series %q has no weeks; the last one must be the week reported", s.ID)
	}
	for i, w := range s.Weeks {
		switch {
		case w.Authors > w.Posts:
			return changeCase{}, fmt.Errorf("series %q, week %d: %d authors wrote %d posts; authors cannot exceed posts", s.ID, i, w.Authors, w.Posts)
		case w.SumSquares != 0 && w.SumSquares < w.Posts:
			return changeCase{}, fmt.Errorf("series %q, week %d: sum of squares %d is below the %d posts", s.ID, i, w.SumSquares, w.Posts)
		case cfg.Basis == BasisShare && w.Posts > w.Base:
			return changeCase{}, fmt.Errorf("series %q, week %d: %d posts exceed the base of %d", s.ID, i, w.Posts, w.Base)
		}
	}
	end := len(s.Weeks) - 1
	c := changeCase{id: s.ID, now: s.Weeks[end]}
	for i := max(0, end-cfg.History); i < end; i++ {
		if exposure(cfg, s.Weeks[i]) > 0 {
			c.past = append(c.past, s.Weeks[i])
		}
	}
	if end > 0 && exposure(cfg, s.Weeks[end-1]) > 0 {
		c.last = &s.Weeks[end-1]
	}
	var counts, exposures []float64
	var posts, squares float64
	// When the same authors each write more, Σ posts²/Σ posts − 1 grows like the count: that much is no burst of one.
	allowed := 1.0
	for _, w := range c.past {
		counts = append(counts, float64(w.Posts))
		exposures = append(exposures, exposure(cfg, w))
		posts += float64(w.Posts)
		squares += authorSquares(w)
		if w.Posts > 0 {
			growth := max(1, float64(c.now.Posts)/float64(w.Posts)*exposure(cfg, w)/exposure(cfg, c.now))
			allowed = max(allowed, 1+(authorDispersion(w)-1)*growth)
		}
	}
	if len(c.past) >= cfg.MinWeeks {
		c.scatter = newScatter(counts, exposures, ratioOr1(squares, posts))
	} else {
		// A short history says nothing about scatter, so the reported week's authors speak as well.
		c.scatter = scatter{author: ratioOr1(squares+authorSquares(c.now), posts+float64(c.now.Posts)), mean: posts / max(1, float64(len(c.past)))}
	}
	c.burst = max(1, authorDispersion(c.now)/allowed)
	return c, nil
}

func (c *changeCase) test(cfg ChangeConfig, common prior) Change {
	phi, df := common.dispersion(c.scatter)
	phi *= c.burst
	ch := Change{ID: c.id, Now: c.now}
	ch.VsMean = c.compare(cfg, c.past, phi, df)
	if len(c.past) > 0 && len(c.past) < cfg.MinWeeks {
		ch.VsMean.P = math.NaN()
		ch.VsMean.Verdict, ch.VsMean.Reason = TooFew, ReasonShortMemory
	}
	var last []Week
	if c.last != nil {
		last = []Week{*c.last}
	}
	ch.VsLast = c.compare(cfg, last, phi, df)
	return ch
}

// compare tests the reported week against the baseline weeks; a Verdict set here is final, an empty one is left to
// judge.
func (c *changeCase) compare(cfg ChangeConfig, baseline []Week, phi, df float64) Comparison {
	now := exposure(cfg, c.now)
	cmp := Comparison{
		Weeks: len(baseline), Expected: math.NaN(), Ratio: math.NaN(), Diff: math.NaN(), P: math.NaN(), Q: math.NaN(),
		RatioCI: Interval{0, math.Inf(1)}, Dispersion: phi,
	}
	if len(baseline) == 0 || now == 0 {
		cmp.Verdict, cmp.Reason = TooFew, ReasonNoHistory
		return cmp
	}
	var posts, base, bestAuthors uint64
	var before float64
	for _, w := range baseline {
		posts += w.Posts
		base += w.Base
		before += exposure(cfg, w)
		bestAuthors = max(bestAuthors, w.Authors)
	}
	cmp.Expected = float64(posts) * now / before
	cmp.Ratio = float64(c.now.Posts) / cmp.Expected // 0/0 is NaN: nothing before, nothing now
	cmp.Diff = Share{c.now.Posts, c.now.Base}.Value() - Share{posts, base}.Value()
	share := now / (now + before)
	cmp.RatioCI = ratioInterval(c.now.Posts, posts, share, phi)
	authors := c.now.Authors
	if float64(c.now.Posts) < cmp.Expected {
		authors = bestAuthors
	}
	switch {
	case max(float64(c.now.Posts), cmp.Expected) < float64(cfg.MinPosts):
		cmp.Verdict, cmp.Reason = TooFew, ReasonFewPosts
	case authors < cfg.MinAuthors:
		cmp.Verdict, cmp.Reason = TooFew, ReasonFewAuthors
	default:
		cmp.P = studentize(twoSided(conditional(c.now.Posts, posts, share, phi)), df)
	}
	return cmp
}

func (cmp *Comparison) judge(cfg ChangeConfig) {
	switch {
	case cmp.Verdict != "":
	case cmp.Q > cfg.FDR:
		cmp.Verdict, cmp.Reason = Flat, ReasonChance
	case math.Abs(cmp.Ratio-1) < cfg.MinEffect:
		cmp.Verdict, cmp.Reason = Flat, ReasonSmall
	case cmp.Ratio > 1:
		cmp.Verdict, cmp.Reason = Up, ReasonSignificant
	default:
		cmp.Verdict, cmp.Reason = Down, ReasonSignificant
	}
}

// exposure is what the topic's posts are measured against: the scope's posts, or one week.
func exposure(cfg ChangeConfig, w Week) float64 {
	if cfg.Basis == BasisCount {
		return 1
	}
	return float64(w.Base)
}

func authorSquares(w Week) float64 { return max(float64(w.SumSquares), float64(w.Posts)) }

// authorDispersion is the variance over mean of a count whose authors come independently, each with their posts.
func authorDispersion(w Week) float64 { return ratioOr1(authorSquares(w), float64(w.Posts)) }

func ratioOr1(a, b float64) float64 {
	if b == 0 {
		return 1
	}
	return a / b
}
