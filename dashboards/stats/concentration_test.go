package stats

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

func TestConcentrate(t *testing.T) {
	c := Concentrate([]uint64{1, 0, 6, 3})
	// Shares 0.6, 0.3, 0.1: HHI = 0.36 + 0.09 + 0.01.
	near(t, "HHI", c.HHI, 0.46, 1e-12)
	near(t, "effective authors", c.Effective, 1/0.46, 1e-12)
	if c.Posts != 10 || c.Authors != 3 {
		t.Errorf("%d posts by %d authors, want 10 by 3", c.Posts, c.Authors)
	}
	if c.Top(2) != (Share{9, 10}) || c.Top(9) != (Share{10, 10}) || c.Top(0) != (Share{0, 10}) {
		t.Errorf("top shares %v %v %v", c.Top(2), c.Top(9), c.Top(0))
	}
	if k, ok := c.Few(3, 0.9); k != 2 || !ok {
		t.Errorf("90%% by %d, %v; want 2", k, ok)
	}
	empty := Concentrate(nil)
	if !math.IsNaN(empty.HHI) || empty.Mark() != "" {
		t.Errorf("no posts give %+v", empty)
	}
}

func TestMark(t *testing.T) {
	for _, c := range []struct {
		counts []uint64
		want   string
	}{
		{[]uint64{30, 30}, "2人で100%"},
		{[]uint64{58, 2}, "1人で96%"},
		{[]uint64{1999, 1}, "1人で99%"},
		{[]uint64{5, 1, 1, 1, 1, 1}, "1人で50%"},
		{[]uint64{4, 1, 1, 1, 1, 1}, ""},
		{[]uint64{2, 2}, ""},
		{slices.Repeat([]uint64{1}, 40), ""},
	} {
		if got := Concentrate(c.counts).Mark(); got != c.want {
			t.Errorf("mark of %v is %q, want %q", c.counts, got, c.want)
		}
	}
}

// M7: 60 posts by 2 authors lead the raw order, 40 posts by 35 authors the order of voices.
func TestRank(t *testing.T) {
	a := Topic{ID: "A", Voices: []Voices{{"x", "acme", "large", 30, 2}, {"y", "acme", "large", 30, 1}}}
	b := Topic{ID: "B"}
	for i := range 35 {
		v := Voices{Author: fmt.Sprint(i), Stratum: "small", Posts: 1, Unique: 1}
		if i < 5 {
			v.Posts, v.Unique = 2, 2
		}
		if i < 10 {
			v.Account = fmt.Sprint("account", i%2)
		}
		b.Voices = append(b.Voices, v)
	}
	weights, err := PostStratify([]Stratum{{"large", 60, 10}, {"small", 40, 90}}, 0)
	if err != nil {
		t.Fatal(err)
	}
	for by, want := range map[Order]string{ByPosts: "A B", ByUnique: "B A", ByAuthors: "B A", ByAccounts: "B A", ByWeighted: "B A"} {
		r, err := Rank([]Topic{b, a}, weights, by)
		if err != nil {
			t.Fatal(err)
		}
		if got := r[0].ID + " " + r[1].ID; got != want {
			t.Errorf("by %s: %s, want %s", by, got, want)
		}
		if by != ByPosts {
			continue
		}
		if r[0].Concentration.Mark() != "2人で100%" || r[1].Concentration.Mark() != "" {
			t.Errorf("marks %q and %q", r[0].Concentration.Mark(), r[1].Concentration.Mark())
		}
		near(t, "HHI of A", r[0].Concentration.HHI, 0.5, 1e-12)
		near(t, "HHI of B", r[1].Concentration.HHI, (5*4+30)/1600.0, 1e-12)
		if r[1].Accounts != 27 || r[1].Authors != 35 || r[0].Accounts != 1 || r[0].Unique != 3 {
			t.Errorf("counts %+v and %+v", r[0], r[1])
		}
		near(t, "weighted sum", r[0].Weighted+r[1].Weighted, 100, 1e-9)
		near(t, "weighted A", r[0].Weighted, 10, 1e-9)
	}
	tie, _ := Rank([]Topic{{ID: "z"}, {ID: "a"}}, Weights{}, ByPosts)
	if tie[0].ID != "a" {
		t.Error("ties are not broken by id")
	}
	if _, err := Rank(nil, Weights{}, "likes"); err == nil || !strings.Contains(err.Error(), `"likes"`) {
		t.Errorf("error %v for an unknown order", err)
	}
}

func TestPostStratify(t *testing.T) {
	strata := []Stratum{{"high", 10, 30}, {"low", 70, 60}, {"tech", 0, 10}, {"", 20, 0}}
	w, err := PostStratify(strata, 0)
	if err != nil {
		t.Fatal(err)
	}
	// 80 posts stand for high:low = 1:2, so high weighs 80/3/10 and low 160/3/70; unknown posts keep 1.
	near(t, "high", w.Of("high"), 8.0/3, 1e-12)
	near(t, "low", w.Of("low"), 16.0/21, 1e-12)
	near(t, "unknown", w.Of(""), 1, 0)
	near(t, "sum", 10*w.Of("high")+70*w.Of("low")+20*w.Of(""), 100, 1e-9)
	near(t, "silent customers", w.SilentCustomers, 0.1, 1e-12)
	if !slices.Equal(w.Silent, []string{"tech"}) || w.Hardly != nil {
		t.Errorf("silent %v, hardly heard %v", w.Silent, w.Hardly)
	}
	squares := 10*64.0/9 + 70*256.0/441 + 20
	near(t, "effective posts", w.EffectivePosts, 10000/squares, 1e-9)

	capped, err := PostStratify([]Stratum{{"big", 3, 30}, {"mid", 7, 10}, {"small", 90, 60}}, 3)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "capped", capped.Of("big"), 3, 1e-12)
	near(t, "sum under a cap", 3*capped.Of("big")+7*capped.Of("mid")+90*capped.Of("small"), 100, 1e-9)
	near(t, "proportion of the others", capped.Of("mid")/capped.Of("small"), (10.0/7)/(60.0/90), 1e-9)
	if !slices.Equal(capped.Hardly, []string{"big"}) { // 30% of customers, 3% of posts
		t.Errorf("hardly heard %v, want big", capped.Hardly)
	}

	// Whatever the mix, the weights sum to the number of posts.
	r := rng(4)
	for range 200 {
		var s []Stratum
		var posts, sum float64
		for i := range 1 + r.IntN(8) {
			s = append(s, Stratum{fmt.Sprint(i), uint64(r.IntN(3) * r.IntN(500)), float64(r.IntN(3)) * r.ExpFloat64()})
		}
		limit := []float64{0, 1.01, 5}[r.IntN(3)]
		w, err := PostStratify(s, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range s {
			posts += float64(x.Posts)
			sum += float64(x.Posts) * w.Of(x.Value)
			if limit > 0 && w.Of(x.Value) > limit*(1+1e-9) {
				t.Fatalf("weight %v exceeds the limit %v", w.Of(x.Value), limit)
			}
		}
		if math.Abs(sum-posts) > 1e-6*(1+posts) {
			t.Fatalf("weights of %v sum to %v, want %v posts", s, sum, posts)
		}
	}
	for want, bad := range map[string][]Stratum{"given twice": {{"a", 1, 1}, {"a", 1, 1}}, "customers": {{"a", 1, -1}}} {
		if _, err := PostStratify(bad, 0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
	if _, err := PostStratify(nil, 1); err == nil {
		t.Error("a largest weight of 1 is accepted")
	}
}
