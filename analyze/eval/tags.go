package eval

import (
	"math"
	"slices"
)

// TagRow is how well one tag was given.
type TagRow struct {
	Tag string `json:"tag"`
	// TP, FP and FN count posts: rightly given, wrongly given, missed.
	TP        int        `json:"tp"`
	FP        int        `json:"fp"`
	FN        int        `json:"fn"`
	Precision Proportion `json:"precision"`
	Recall    Proportion `json:"recall"`
	F1        Estimate   `json:"f1"`
}

// Support is how many posts carry the tag according to the labels.
func (r TagRow) Support() int { return r.TP + r.FN }

// TagReport is how well a family of tags was given. Micro pools the counts of all tags; macro is the plain mean over the
// tags that were labelled or given at least once.
type TagReport struct {
	Posts   int        `json:"posts"`
	Tags    []TagRow   `json:"tags"`
	Micro   TagRow     `json:"micro"`
	MacroF1 Estimate   `json:"macro_f1"`
	Exact   Proportion `json:"exact"`
}

// Row returns the row of a tag.
func (r *TagReport) Row(tag string) (TagRow, bool) {
	i, ok := slices.BinarySearchFunc(r.Tags, tag, func(row TagRow, t string) int {
		switch {
		case row.Tag < t:
			return -1
		case row.Tag > t:
			return 1
		}
		return 0
	})
	if !ok {
		return TagRow{}, false
	}
	return r.Tags[i], true
}

// tagSets are the tags of one post: what the labels want, what the analyzer gave, and what is neither right nor wrong.
// A wanted tag is never free.
type tagSets struct {
	want, got, free map[string]bool
}

func (s *tagSets) exact() bool {
	for t := range s.want {
		if !s.got[t] {
			return false
		}
	}
	for t := range s.got {
		if !s.want[t] && !s.free[t] {
			return false
		}
	}
	return true
}

// The outcome of one tag on one post.
const (
	truePositive = iota
	falsePositive
	falseNegative
)

type hit struct{ tag, outcome int }

// scoreTags counts the sets of all posts. A free tag that was given is not counted.
func scoreTags(posts []tagSets, boot Bootstrap) *TagReport {
	index := map[string]int{}
	var names []string
	for _, p := range posts {
		for _, set := range []map[string]bool{p.want, p.got} {
			for t := range set {
				if _, ok := index[t]; !ok {
					index[t] = 0
					names = append(names, t)
				}
			}
		}
	}
	slices.Sort(names)
	for i, t := range names {
		index[t] = i
	}

	hits := make([][]hit, len(posts))
	exact := 0
	for i, p := range posts {
		if p.exact() {
			exact++
		}
		for t := range p.want {
			outcome := falseNegative
			if p.got[t] {
				outcome = truePositive
			}
			hits[i] = append(hits[i], hit{index[t], outcome})
		}
		for t := range p.got {
			if !p.want[t] && !p.free[t] {
				hits[i] = append(hits[i], hit{index[t], falsePositive})
			}
		}
	}

	rep := &TagReport{Posts: len(posts), Exact: NewProportion(exact, len(posts))}
	counts := make([][3]int, len(names))
	count := func(weight []int) {
		clear(counts)
		for i, hs := range hits {
			for _, h := range hs {
				counts[h.tag][h.outcome] += weight[i]
			}
		}
	}
	// The figures are: one F1 per tag, then micro F1, then macro F1.
	est := boot.run(len(posts), len(names)+2, func(weight []int, out []float64) {
		count(weight)
		var all [3]int
		sum, defined := 0.0, 0
		for t, c := range counts {
			v := f1(c[truePositive], c[falsePositive], c[falseNegative])
			out[t] = v
			if !math.IsNaN(v) {
				sum += v
				defined++
			}
			for k := range all {
				all[k] += c[k]
			}
		}
		out[len(names)] = f1(all[truePositive], all[falsePositive], all[falseNegative])
		out[len(names)+1] = math.NaN()
		if defined > 0 {
			out[len(names)+1] = sum / float64(defined)
		}
	})

	ones := make([]int, len(posts))
	for i := range ones {
		ones[i] = 1
	}
	count(ones)
	var all [3]int
	rep.Tags = make([]TagRow, len(names))
	for t, name := range names {
		rep.Tags[t] = newTagRow(name, counts[t], est[t])
		for k := range all {
			all[k] += counts[t][k]
		}
	}
	rep.Micro = newTagRow("micro", all, est[len(names)])
	rep.MacroF1 = est[len(names)+1]
	return rep
}

func newTagRow(name string, c [3]int, f Estimate) TagRow {
	tp, fp, fn := c[truePositive], c[falsePositive], c[falseNegative]
	return TagRow{
		Tag: name, TP: tp, FP: fp, FN: fn,
		Precision: NewProportion(tp, tp+fp),
		Recall:    NewProportion(tp, tp+fn),
		F1:        f,
	}
}

// ClassReport is how well posts were put into classes of which each has exactly one.
type ClassReport struct {
	Posts    int        `json:"posts"`
	Accuracy Proportion `json:"accuracy"`
	MacroF1  Estimate   `json:"macro_f1"`
	Classes  []TagRow   `json:"classes"`
	// Labels are the rows and columns of Confusion: Confusion[i][j] posts are labelled Labels[i] and were given Labels[j].
	Labels    []string `json:"labels"`
	Confusion [][]int  `json:"confusion"`
	// Flips counts posts labelled positive and given negative, or the other way round.
	Flips int `json:"flips"`
}

// classPair is the class of one post, labelled and given.
type classPair struct{ want, got string }

// scoreClasses counts the classes. Order fixes the order of the labels; classes that never occur are left out.
func scoreClasses(posts []classPair, order []string, boot Bootstrap) *ClassReport {
	sets := make([]tagSets, len(posts))
	right, flips := 0, 0
	used := map[string]bool{}
	for i, p := range posts {
		sets[i] = tagSets{want: map[string]bool{p.want: true}, got: map[string]bool{p.got: true}}
		used[p.want], used[p.got] = true, true
		switch {
		case p.want == p.got:
			right++
		case isFlip(p):
			flips++
		}
	}
	tags := scoreTags(sets, boot)
	rep := &ClassReport{Posts: len(posts), Accuracy: NewProportion(right, len(posts)), MacroF1: tags.MacroF1, Flips: flips}
	index := map[string]int{}
	for _, c := range order {
		if used[c] {
			index[c] = len(rep.Labels)
			rep.Labels = append(rep.Labels, c)
			row, _ := tags.Row(c)
			rep.Classes = append(rep.Classes, row)
		}
	}
	rep.Confusion = make([][]int, len(rep.Labels))
	for i := range rep.Confusion {
		rep.Confusion[i] = make([]int, len(rep.Labels))
	}
	for _, p := range posts {
		rep.Confusion[index[p.want]][index[p.got]]++
	}
	return rep
}

func isFlip(p classPair) bool {
	return p.want == "positive" && p.got == "negative" || p.want == "negative" && p.got == "positive"
}
