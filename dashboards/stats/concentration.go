package stats

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Concentration says on how few people a number of posts rests.
type Concentration struct {
	Posts     uint64
	Authors   int
	HHI       float64  // Herfindahl–Hirschman index: sum of squared shares, 1 for a single author; NaN without posts
	Effective float64  // 1/HHI: so many authors with equal posts would be as concentrated; NaN without posts
	counts    []uint64 // descending
}

// Concentrate measures posts per author; zeros do not count. An author that is not known must be given as an author
// of its own for each post by the caller, who alone knows whether that is right for the source.
func Concentrate(perAuthor []uint64) Concentration {
	c := Concentration{HHI: math.NaN(), Effective: math.NaN()}
	for _, n := range perAuthor {
		if n > 0 {
			c.counts = append(c.counts, n)
			c.Posts += n
		}
	}
	c.Authors = len(c.counts)
	slices.SortFunc(c.counts, func(a, b uint64) int { return cmp.Compare(b, a) })
	if c.Posts == 0 {
		return c
	}
	c.HHI = 0
	for _, n := range c.counts {
		share := float64(n) / float64(c.Posts)
		c.HHI += share * share
	}
	c.Effective = 1 / c.HHI
	return c
}

// Top returns the share of posts that the k authors with the most posts wrote.
func (c Concentration) Top(k int) Share {
	s := Share{Total: c.Posts}
	for _, n := range c.counts[:min(max(k, 0), len(c.counts))] {
		s.Hits += n
	}
	return s
}

// Few returns the smallest number of authors, at most people, who wrote at least share of the posts; ok is false when
// more are needed, so that no mark is due.
func (c Concentration) Few(people int, share float64) (k int, ok bool) {
	if c.Posts == 0 {
		return 0, false
	}
	for k = 1; k <= min(people, len(c.counts)); k++ {
		if c.Top(k).Value() >= share {
			return k, true
		}
	}
	return 0, false
}

// Mark returns the note beside a number that rests on few people, as in "2人で100%", or nothing. It is due from 5
// posts on, when up to three authors wrote 80% of them or one wrote half.
func (c Concentration) Mark() string {
	if c.Posts < 5 {
		return ""
	}
	k, ok := c.Few(3, 0.8)
	if !ok {
		if k, ok = c.Few(1, 0.5); !ok {
			return ""
		}
	}
	// Rounded down, so that 99.9% is not printed as everything.
	return strconv.Itoa(k) + "人で" + strconv.FormatUint(c.Top(k).Hits*100/c.Posts, 10) + "%"
}

// Voices is what one author, as a member of one account and stratum, wrote about a topic.
type Voices struct {
	Author  string
	Account string // empty when none is known; such authors count as accounts of their own
	Stratum string // the segment value that weights go by, empty when unknown
	Posts   uint64
	Unique  uint64 // posts with near-duplicates counted once; by the caller, from similar.Find
}

// Topic is all voices on a topic.
type Topic struct {
	ID     string
	Voices []Voices
}

// Ranked holds every way to count a topic, side by side.
type Ranked struct {
	ID            string
	Posts         uint64
	Unique        uint64
	Authors       uint64
	Accounts      uint64
	Weighted      float64 // posts, each weighing as its stratum's weight
	Concentration Concentration
}

// Order says what a ranking counts.
type Order string

// The orders of a ranking.
const (
	ByPosts    Order = "posts"
	ByUnique   Order = "unique"
	ByAuthors  Order = "authors"
	ByAccounts Order = "accounts"
	ByWeighted Order = "weighted"
)

// Orders returns every order.
func Orders() []Order { return []Order{ByPosts, ByUnique, ByAuthors, ByAccounts, ByWeighted} }

// Rank counts topics in every way and sorts them by one, largest first, ties by id. weights may be the zero Weights,
// which count every post as one.
func Rank(topics []Topic, weights Weights, by Order) ([]Ranked, error) {
	if !slices.Contains(Orders(), by) {
		return nil, fmt.Errorf("ranking order is %q; it must be one of %v", by, Orders())
	}
	ranked := make([]Ranked, 0, len(topics))
	for _, t := range topics {
		r := Ranked{ID: t.ID}
		perAuthor := map[string]uint64{}
		accounts := map[string]bool{}
		for _, v := range t.Voices {
			if v.Posts == 0 {
				continue
			}
			r.Posts += v.Posts
			r.Unique += v.Unique
			r.Weighted += float64(v.Posts) * weights.Of(v.Stratum)
			perAuthor[v.Author] += v.Posts
			if v.Account != "" {
				accounts["account "+v.Account] = true
			} else {
				accounts["author "+v.Author] = true
			}
		}
		counts := make([]uint64, 0, len(perAuthor))
		for _, n := range perAuthor {
			counts = append(counts, n)
		}
		r.Concentration = Concentrate(counts)
		r.Authors, r.Accounts = uint64(len(perAuthor)), uint64(len(accounts))
		ranked = append(ranked, r)
	}
	slices.SortFunc(ranked, func(a, b Ranked) int {
		return cmp.Or(cmp.Compare(b.Value(by), a.Value(by)), cmp.Compare(a.ID, b.ID))
	})
	return ranked, nil
}

// Value is the number that an order goes by.
func (r Ranked) Value(by Order) float64 {
	switch by {
	case ByUnique:
		return float64(r.Unique)
	case ByAuthors:
		return float64(r.Authors)
	case ByAccounts:
		return float64(r.Accounts)
	case ByWeighted:
		return r.Weighted
	default:
		return float64(r.Posts)
	}
}

// Stratum is one segment value with its posts and its part of the customers.
type Stratum struct {
	Value     string
	Posts     uint64
	Customers float64 // number or share of customers; 0 when the customer base does not know the value
}

// Weights make posts count as if they came in the customers' mix. The zero Weights weigh every post as 1.
type Weights struct {
	byStratum map[string]float64
	// EffectivePosts is Kish's effective sample size: what the weighted posts are worth as independent, equally
	// weighted ones.
	EffectivePosts float64
	// Silent are strata with customers and without posts, in the order given: no weight can make them heard.
	Silent []string
	// SilentCustomers is their part of all customers, 0 to 1.
	SilentCustomers float64
	// Hardly are strata whose part of the customers is at least hardlyHeard times their part of the posts.
	Hardly []string
}

const hardlyHeard = 5

// Of returns the weight of a post of the stratum, 1 for one that was not given.
func (w Weights) Of(stratum string) float64 {
	if v, ok := w.byStratum[stratum]; ok {
		return v
	}
	return 1
}

// PostStratify returns the weights under which the strata with posts stand as among the customers. Posts of strata
// that the customer base does not know keep the weight 1. The weights of all posts sum to the number of posts.
//
// No post weighs more than maxWeight (0 for no limit, otherwise above 1): a stratum's few posts cannot be made to
// speak for many; what is cut off is spread over the other strata in proportion.
func PostStratify(strata []Stratum, maxWeight float64) (Weights, error) {
	if err := validateStrata(strata, maxWeight); err != nil {
		return Weights{}, err
	}
	w := Weights{byStratum: make(map[string]float64, len(strata))}
	var posts, customers, all float64 // posts and customers of strata that have both; customers of all
	for _, s := range strata {
		all += s.Customers
		if s.Posts > 0 && s.Customers > 0 {
			posts += float64(s.Posts)
			customers += s.Customers
		}
	}
	open := map[string]bool{}
	for _, s := range strata {
		switch {
		case s.Posts == 0 && s.Customers > 0:
			w.Silent = append(w.Silent, s.Value)
			w.SilentCustomers += s.Customers / all
		case s.Posts > 0 && s.Customers > 0:
			w.byStratum[s.Value] = s.Customers / customers * posts / float64(s.Posts)
			open[s.Value] = true
			if s.Customers/all >= hardlyHeard*float64(s.Posts)/posts {
				w.Hardly = append(w.Hardly, s.Value)
			}
		}
	}
	w.trim(strata, open, maxWeight)
	var sum, squares float64
	for _, s := range strata {
		v := w.Of(s.Value)
		sum += v * float64(s.Posts)
		squares += v * v * float64(s.Posts)
	}
	if squares > 0 {
		w.EffectivePosts = sum * sum / squares
	}
	return w, nil
}

// trim caps the weights of the open strata and scales the rest up until no weight exceeds the cap.
func (w Weights) trim(strata []Stratum, open map[string]bool, maxWeight float64) {
	if maxWeight == 0 {
		return
	}
	for {
		var cut, rest float64
		for _, s := range strata {
			v := w.byStratum[s.Value]
			if !open[s.Value] {
				continue
			}
			if v > maxWeight {
				cut += (v - maxWeight) * float64(s.Posts)
				w.byStratum[s.Value] = maxWeight
				open[s.Value] = false
			} else {
				rest += v * float64(s.Posts)
			}
		}
		if cut == 0 || rest == 0 {
			return
		}
		for _, s := range strata {
			if open[s.Value] {
				w.byStratum[s.Value] *= (rest + cut) / rest
			}
		}
	}
}

func validateStrata(strata []Stratum, maxWeight float64) error {
	var errs []error
	if maxWeight != 0 && !(maxWeight > 1) {
		errs = append(errs, fmt.Errorf("the largest weight is %v; it must be above 1, or 0 for no limit", maxWeight))
	}
	seen := map[string]bool{}
	for _, s := range strata {
		if seen[s.Value] {
			errs = append(errs, fmt.Errorf("stratum %q is given twice; each value must occur once", s.Value))
		}
		seen[s.Value] = true
		if !(s.Customers >= 0) || math.IsInf(s.Customers, 1) {
			errs = append(errs, fmt.Errorf("stratum %q has %v customers; it must be a number from 0", s.Value, s.Customers))
		}
	}
	return errors.Join(errs...)
}
