package stats

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"voc/analyze/similar"
)

// Voice is one post that may be shown in a report.
type Voice struct {
	ID       string
	Author   string
	Body     string
	Topics   []string
	Segments []string // values such as "plan=pro"; whatever the report wants heard
	// Weight settles which of equally telling posts is shown, for example by reactions or length. Larger is better.
	Weight float64
}

// PickConfig rules the choice of voices.
type PickConfig struct {
	Voices    int // how many to choose at most
	PerAuthor int // posts of one author at most; 0 for no limit
	// Similarity is the Jaccard index of shingles from which two texts may not both be shown. It lies below that of
	// similar.DefaultConfig and has no shortest text: two equal thanks are one too many, and a voice left out costs little.
	Similarity float64
}

// DefaultPickConfig chooses five voices of five authors.
func DefaultPickConfig() PickConfig {
	return PickConfig{Voices: 5, PerAuthor: 1, Similarity: 0.4}
}

// Validate joins every fault of the configuration.
func (c PickConfig) Validate() error {
	var errs []error
	if c.Voices < 1 {
		errs = append(errs, fmt.Errorf("pick_voices is %d; it must be at least 1", c.Voices))
	}
	if c.PerAuthor < 0 {
		errs = append(errs, fmt.Errorf("pick_per_author is %d; it must be 0 for no limit, or more", c.PerAuthor))
	}
	if !(c.Similarity > 0 && c.Similarity <= 1) {
		errs = append(errs, fmt.Errorf("pick_similarity is %v; it must be above 0 and at most 1", c.Similarity))
	}
	return errors.Join(errs...)
}

// Pick is the choice and what it covers.
type Pick struct {
	Voices   []int // indices into the voices given, in the order in which they add most
	Topics   Share // topics covered, of all topics of all voices
	Segments Share // segments covered, likewise
}

// Coverage returns topics and segments covered together, of all there are.
func (p Pick) Coverage() Share {
	return Share{p.Topics.Hits + p.Segments.Hits, p.Topics.Total + p.Segments.Total}
}

// PickVoices chooses voices that together cover as many topics and segments as possible, no two of them
// near-duplicates of each other. It takes the voice that adds most again and again, which is never worse than 63% of
// the best choice, and then exchanges single voices for as long as that covers more. Once nothing more can be
// covered, the rest of the places go to the heaviest voices. The outcome does not depend on the order of voices.
func PickVoices(cfg PickConfig, voices []Voice) (Pick, error) {
	if err := cfg.Validate(); err != nil {
		return Pick{}, err
	}
	p := newPicker(cfg, voices)
	for len(p.chosen) < cfg.Voices {
		best := -1
		for at := range p.voices {
			// Voices are in order of preference, so the first of equals stays.
			if (best < 0 || p.gain(at) > p.gain(best)) && p.admissible(at) {
				best = at
			}
		}
		if best < 0 {
			break
		}
		p.take(best)
	}
	for p.exchange() {
		continue
	}
	return p.result(), nil
}

// picker holds the voices in order of preference, with labels as small integers.
type picker struct {
	cfg      PickConfig
	voices   []Voice
	original []int // index given by the caller
	prints   []similar.Fingerprint
	labels   [][]int
	topics   int // labels below are topics, the others segments
	covered  []int
	chosen   []int
	taken    []bool
}

func newPicker(cfg PickConfig, voices []Voice) *picker {
	p := &picker{cfg: cfg, original: make([]int, len(voices)), taken: make([]bool, len(voices))}
	for i := range voices {
		p.original[i] = i
	}
	slices.SortFunc(p.original, func(a, b int) int {
		x, y := voices[a], voices[b]
		return cmp.Or(cmp.Compare(y.Weight, x.Weight), cmp.Compare(x.ID, y.ID), cmp.Compare(x.Body, y.Body), cmp.Compare(a, b))
	})
	ids := map[string]int{}
	label := func(s string) int {
		if _, ok := ids[s]; !ok {
			ids[s] = len(ids)
		}
		return ids[s]
	}
	for _, i := range p.original {
		for _, t := range voices[i].Topics {
			label("topic " + t)
		}
	}
	p.topics = len(ids)
	for _, i := range p.original {
		v := voices[i]
		p.voices = append(p.voices, v)
		p.prints = append(p.prints, similar.NewFingerprint(v.Body))
		var ls []int
		for _, t := range v.Topics {
			ls = append(ls, label("topic "+t))
		}
		for _, s := range v.Segments {
			ls = append(ls, label("segment "+s))
		}
		slices.Sort(ls)
		p.labels = append(p.labels, slices.Compact(ls))
	}
	p.covered = make([]int, len(ids))
	return p
}

// gain counts the labels that a voice would newly cover.
func (p *picker) gain(at int) int {
	n := 0
	for _, l := range p.labels[at] {
		if p.covered[l] == 0 {
			n++
		}
	}
	return n
}

// admissible says whether a voice may join the chosen ones.
func (p *picker) admissible(at int) bool {
	if p.taken[at] {
		return false
	}
	same := 0
	for _, c := range p.chosen {
		if p.voices[c].Author == p.voices[at].Author {
			same++
		}
		if p.duplicates(c, at) {
			return false
		}
	}
	return p.cfg.PerAuthor == 0 || same < p.cfg.PerAuthor
}

func (p *picker) duplicates(a, b int) bool {
	f, g := p.prints[a], p.prints[b]
	if f.Empty() || g.Empty() {
		// Only signs and emoji; texts that are not known are taken to differ.
		return p.voices[a].Body != "" && p.voices[a].Body == p.voices[b].Body
	}
	return f.Alike(g, p.cfg.Similarity)
}

func (p *picker) take(at int) {
	p.chosen = append(p.chosen, at)
	p.taken[at] = true
	for _, l := range p.labels[at] {
		p.covered[l]++
	}
}

func (p *picker) drop(pos int) (at int) {
	at = p.chosen[pos]
	p.chosen = slices.Delete(p.chosen, pos, pos+1)
	p.taken[at] = false
	for _, l := range p.labels[at] {
		p.covered[l]--
	}
	return at
}

// exchange replaces one chosen voice by one that covers more, and says whether it did. Coverage grows with every
// exchange, so there are at most as many as there are labels.
func (p *picker) exchange() bool {
	for pos := len(p.chosen) - 1; pos >= 0; pos-- {
		out := p.drop(pos)
		best, bestGain := -1, p.gain(out)
		for at := range p.voices {
			if g := p.gain(at); g > bestGain && at != out && p.admissible(at) {
				best, bestGain = at, g
			}
		}
		if best >= 0 {
			p.take(best)
			return true
		}
		p.take(out)
		// take appends; put the voice back where it was.
		p.chosen = slices.Insert(p.chosen[:len(p.chosen)-1], pos, out)
	}
	return false
}

func (p *picker) result() Pick {
	pick := Pick{Topics: Share{Total: uint64(p.topics)}, Segments: Share{Total: uint64(len(p.covered) - p.topics)}}
	for l, n := range p.covered {
		if n == 0 {
			continue
		}
		if l < p.topics {
			pick.Topics.Hits++
		} else {
			pick.Segments.Hits++
		}
	}
	for _, c := range p.chosen {
		pick.Voices = append(pick.Voices, p.original[c])
	}
	return pick
}
