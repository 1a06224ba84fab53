// Package similar finds texts that are light variations of one another: copies, campaigns, cross-posts.
//
// It compares characters, not meaning, and leaves texts alone that are too short to tell a copy from a saying. It knows
// neither posts nor where they are kept. Its callers are the job that groups stored posts and the statistics.
package similar

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Config rules what is a light variation of the same text. Similarity is the Jaccard index of shingles of
// three characters after width, case, spaces, punctuation, emoji, links and drawn-out sounds are undone.
type Config struct {
	MinRunes int     // shorter texts are never grouped: many people say "ありがとうございます"
	Strict   float64 // similarity needed at 20 characters and below, where one other noun is another question
	Loose    float64 // similarity needed from 100 characters on; in between it falls in a straight line
}

// DefaultConfig leaves texts below 20 characters alone.
func DefaultConfig() Config {
	return Config{MinRunes: 20, Strict: 0.85, Loose: 0.5}
}

// Validate joins every fault of the configuration.
func (c Config) Validate() error {
	var errs []error
	if c.MinRunes < 1 {
		errs = append(errs, fmt.Errorf("duplicate_min_runes is %d; it must be at least 1", c.MinRunes))
	}
	if !(c.Strict > 0 && c.Strict <= 1) {
		errs = append(errs, fmt.Errorf("duplicate_strict is %v; it must be above 0 and at most 1", c.Strict))
	}
	// The banding finds less than 80% of the pairs below 0.45.
	if !(c.Loose >= 0.45 && c.Loose <= c.Strict) {
		errs = append(errs, fmt.Errorf("duplicate_loose is %v; it must be 0.45 to duplicate_strict", c.Loose))
	}
	return errors.Join(errs...)
}

// threshold returns the similarity that makes two texts duplicates when the shorter one has so many runes.
func (c Config) threshold(runes int) float64 {
	const short, long = 20, 100
	x := float64(min(max(runes, short), long)-short) / (long - short)
	return c.Strict + x*(c.Loose-c.Strict)
}

// Similar says whether two texts are variations of one another.
func (c Config) Similar(f, g Fingerprint) bool {
	return f.Alike(g, c.threshold(min(f.runes, g.runes)))
}

// Text is one post to be compared.
type Text struct {
	ID     string
	Author string
	Body   string
}

// Group is one text in two or more variations.
type Group struct {
	Members []int // indices into the texts given, ascending
	Authors int   // distinct
}

// Groups says which texts are variations of one another.
type Groups struct {
	Groups  []Group // largest first, ties by the smallest id of a member
	GroupOf []int   // for every text its index in Groups, or −1
}

// Unique returns how many texts there are among those at indices when each group counts once. A topic's deduplicated
// count is Unique of its posts.
func (d Groups) Unique(indices []int) int {
	seen := map[int]bool{}
	n := 0
	for _, i := range indices {
		g := d.GroupOf[i]
		if g < 0 {
			n++
		} else if !seen[g] {
			seen[g] = true
			n++
		}
	}
	return n
}

const (
	bands       = 32
	rowsPerBand = 4
	// A band's bucket is searched for this many texts, newest first: boilerplate that fills a bucket cannot make the
	// search quadratic, and a real copy is found in one of the other bands.
	bucketDepth = 64
)

// Find groups the near-duplicates among texts. Texts are taken in the order of their ids; each is compared with
// the first text of every group that shares a MinHash band with it, and joins all groups whose first text is similar.
// The outcome does not depend on the order of texts. Time grows linearly with the number of texts.
func Find(cfg Config, texts []Text) (Groups, error) {
	if err := cfg.Validate(); err != nil {
		return Groups{}, err
	}
	order := make([]int, len(texts))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(texts[a].ID, texts[b].ID), cmp.Compare(texts[a].Body, texts[b].Body), cmp.Compare(a, b))
	})
	var founders []Fingerprint
	founderOf := make([]int, len(texts)) // −1 for texts too short
	index := newBandIndex()
	merged := &disjoint{}
	for _, i := range order {
		founderOf[i] = -1
		f := NewFingerprint(texts[i].Body)
		if f.runes < cfg.MinRunes {
			continue
		}
		keys := index.keys(f)
		for _, c := range index.candidates(keys) {
			switch {
			case founderOf[i] >= 0 && merged.find(founderOf[i]) == merged.find(c):
				// They are together already.
			case !cfg.Similar(f, founders[c]):
			case founderOf[i] < 0:
				founderOf[i] = c
			default:
				merged.union(founderOf[i], c)
			}
		}
		if founderOf[i] < 0 {
			founderOf[i] = len(founders)
			founders = append(founders, f)
			merged.grow()
			index.add(keys)
		}
	}
	return collect(texts, order, founderOf, merged), nil
}

func collect(texts []Text, order, founderOf []int, merged *disjoint) Groups {
	d := Groups{GroupOf: make([]int, len(texts))}
	members := map[int][]int{}
	var roots []int // in the order of their first text
	for _, i := range order {
		if founderOf[i] < 0 {
			continue
		}
		root := merged.find(founderOf[i])
		if members[root] == nil {
			roots = append(roots, root)
		}
		members[root] = append(members[root], i)
	}
	slices.SortStableFunc(roots, func(a, b int) int { return len(members[b]) - len(members[a]) })
	for i := range d.GroupOf {
		d.GroupOf[i] = -1
	}
	for _, root := range roots {
		m := members[root]
		if len(m) < 2 {
			continue
		}
		slices.Sort(m)
		authors := map[string]bool{}
		for _, i := range m {
			d.GroupOf[i] = len(d.Groups)
			authors[texts[i].Author] = true
		}
		d.Groups = append(d.Groups, Group{Members: m, Authors: len(authors)})
	}
	return d
}

// bandIndex finds texts that agree in all rows of at least one band of their MinHash signature: with 32 bands of 4
// rows a pair of similarity s is found with the probability 1 − (1 − s⁴)³², 0.87 at 0.5 and 0.98 at 0.6.
type bandIndex struct {
	factors [bands * rowsPerBand]uint64
	head    map[uint64]int32 // band key -> newest entry
	next    []int32          // entry founder*bands+band -> older entry of the same key, −1 at the end
	seen    []int32          // founder -> query that saw it last
	query   int32
	found   []int
}

func newBandIndex() *bandIndex {
	x := &bandIndex{head: map[uint64]int32{}}
	for i := range x.factors {
		x.factors[i] = mix(uint64(i)) | 1
	}
	return x
}

// keys returns one key for each band.
func (x *bandIndex) keys(f Fingerprint) [bands]uint64 {
	var signature [bands * rowsPerBand]uint32
	for i := range signature {
		signature[i] = math.MaxUint32
	}
	for _, s := range f.shingles {
		// The odd multiples of a spread value, of which the upper half is taken, serve as 128 hash functions.
		v := mix(uint64(s))
		for i, a := range &x.factors {
			signature[i] = min(signature[i], uint32(v*a>>32))
		}
	}
	var keys [bands]uint64
	for b := range keys {
		k := uint64(b)
		for _, v := range signature[b*rowsPerBand : (b+1)*rowsPerBand] {
			k = mix(k ^ uint64(v))
		}
		keys[b] = k
	}
	return keys
}

// candidates returns the texts that share a band, each once; the slice is valid until the next call.
func (x *bandIndex) candidates(keys [bands]uint64) []int {
	x.query++
	x.found = x.found[:0]
	for _, k := range keys {
		entry, ok := x.head[k]
		for depth := 0; ok && entry >= 0 && depth < bucketDepth; depth++ {
			founder := int(entry) / bands
			if x.seen[founder] != x.query {
				x.seen[founder] = x.query
				x.found = append(x.found, founder)
			}
			entry = x.next[entry]
		}
	}
	slices.Sort(x.found)
	return x.found
}

// add enters the next text.
func (x *bandIndex) add(keys [bands]uint64) {
	founder := len(x.seen)
	x.seen = append(x.seen, 0)
	for b, k := range keys {
		older, ok := x.head[k]
		if !ok {
			older = -1
		}
		x.next = append(x.next, older)
		x.head[k] = int32(founder*bands + b)
	}
}

// disjoint is a union-find over 0 to n−1; the smaller index is the root.
type disjoint struct{ parent []int }

func (d *disjoint) grow() { d.parent = append(d.parent, len(d.parent)) }

func (d *disjoint) find(i int) int {
	for d.parent[i] != i {
		d.parent[i] = d.parent[d.parent[i]]
		i = d.parent[i]
	}
	return i
}

func (d *disjoint) union(i, j int) {
	a, b := d.find(i), d.find(j)
	d.parent[max(a, b)] = min(a, b)
}
