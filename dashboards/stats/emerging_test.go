package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// said is one post as its words.
type said struct {
	id, author string
	words      []string
	body       string
}

// chatter makes weeks of 1,200 posts by 500 unequally keen authors over 3,000 words. Every author has favourite words,
// and in each week every word has a shock of 20%: posts are neither independent nor stable.
func chatter(r *rand.Rand, weeks int) [][]said {
	const words, authors = 3000, 500
	out := make([][]said, weeks)
	for w := range out {
		cumulative := make([]float64, words)
		total := 0.0
		for i := range cumulative {
			total += distuv.Gamma{Alpha: 25, Beta: 25, Src: r}.Rand() / float64(i+10)
			cumulative[i] = total
		}
		for p := range 1200 {
			author := int(authors * r.Float64() * r.Float64())
			s := said{id: fmt.Sprintf("w%02dp%04d", w, p), author: fmt.Sprint("a", author)}
			for range 8 {
				word, _ := slices.BinarySearch(cumulative, r.Float64()*total)
				if r.Float64() < 0.2 {
					word = (author*37 + r.IntN(5)) % words
				}
				s.words = append(s.words, fmt.Sprintf("語%04d", word))
			}
			s.body = strings.Join(s.words, "")
			out[w] = append(out[w], s)
		}
	}
	return out
}

// emergingInput counts the last week against those before.
func emergingInput(weeks [][]said) EmergingInput {
	in := EmergingInput{Bodies: map[string]string{}}
	terms := map[string]*Term{}
	past := len(weeks) - 1
	for w, posts := range weeks {
		users := map[string]map[string]bool{}
		active := map[string]bool{}
		for _, p := range posts {
			active[p.author] = true
			for _, word := range slices.Compact(slices.Sorted(slices.Values(p.words))) {
				if terms[word] == nil {
					terms[word] = &Term{Text: word, Past: make([]uint64, past)}
				}
				if users[word] == nil {
					users[word] = map[string]bool{}
				}
				users[word][p.author] = true
				if w == past {
					terms[word].Now = append(terms[word].Now, Occurrence{p.id, p.author, false})
					in.Bodies[p.id] = p.body
				}
			}
		}
		if w == past {
			in.ActiveAuthors = uint64(len(active))
			continue
		}
		in.PastActive = append(in.PastActive, uint64(len(active)))
		for word, u := range users {
			terms[word].Past[w] = uint64(len(u))
		}
	}
	for _, t := range terms {
		in.Terms = append(in.Terms, *t)
	}
	return in
}

func mustEmerging(t *testing.T, cfg EmergingConfig, in EmergingInput) []Candidate {
	t.Helper()
	c, err := Emerging(cfg, in)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// F20: on 20 shuffled weeks at most one candidate a week passes on average.
func TestEmergingShuffledWeeks(t *testing.T) {
	r := rng(1100)
	weeks := chatter(r, 28)
	r.Shuffle(len(weeks), func(i, j int) { weeks[i], weeks[j] = weeks[j], weeks[i] })
	passed, terms := 0, 0
	for end := 9; end <= 28; end++ {
		in := emergingInput(weeks[end-9 : end])
		terms += len(in.Terms)
		passed += len(mustEmerging(t, DefaultEmergingConfig(), in))
	}
	t.Logf("%d candidates in 20 weeks of %d terms", passed, terms/20)
	if passed > 20 {
		t.Errorf("%d candidates in 20 weeks in which nothing happened, want at most 20", passed)
	}
}

// F20: 25 posts by 18 authors about something new are among the first five candidates, with their examples.
func TestEmergingPlanted(t *testing.T) {
	for seed := range uint64(10) {
		r := rng(1200 + seed)
		weeks := chatter(r, 9)
		planted := map[string]bool{}
		for i := range 25 {
			p := &weeks[8][i*40]
			p.author = fmt.Sprint("planted", i%18)
			// Two new words and one that is in use; each post has at least two of the three.
			news := []string{"二重請求", "カード明細", "語0150"}
			if i%3 > 0 {
				news = slices.Delete(news, i%3, i%3+1)
			}
			p.words = append(p.words[:5], news...)
			p.body = strings.Join(p.words, "")
			planted[p.id] = true
		}
		candidates := mustEmerging(t, DefaultEmergingConfig(), emergingInput(weeks))
		at := slices.IndexFunc(candidates, func(c Candidate) bool { return slices.Contains(c.Terms, "二重請求") })
		if at < 0 || at >= 5 {
			t.Errorf("seed %d: at place %d of %d", seed, at, len(candidates))
			continue
		}
		c := candidates[at]
		if c.Terms[0] != "二重請求" || !slices.Contains(c.Terms, "カード明細") {
			t.Errorf("seed %d: terms %v", seed, c.Terms)
		}
		if c.Posts != 25 || c.Authors != 18 || !math.IsInf(c.Ratio, 1) || c.Untagged < 25 {
			t.Errorf("seed %d: %d posts by %d authors, ratio %v, %d untagged", seed, c.Posts, c.Authors, c.Ratio, c.Untagged)
		}
		if len(c.Examples) != 3 {
			t.Errorf("seed %d: examples %v", seed, c.Examples)
		}
		for _, id := range c.Examples {
			if !planted[id] {
				t.Errorf("seed %d: example %s is not one of the planted posts", seed, id)
			}
		}
		if len(candidates) > 2 {
			t.Errorf("seed %d: %d candidates beside the planted one", seed, len(candidates)-1)
		}
	}
}

// How few authors of a new word are enough.
func TestEmergingPower(t *testing.T) {
	const seeds = 20
	found := map[int]int{}
	for seed := range uint64(seeds) {
		weeks := chatter(rng(1500+seed), 9)
		for i, authors := range []int{5, 6, 8, 12} {
			for k := range authors {
				p := &weeks[8][i*200+k*10]
				p.author = fmt.Sprint("new", k)
				p.words = append(p.words, fmt.Sprint("新語", authors))
			}
		}
		for _, c := range mustEmerging(t, DefaultEmergingConfig(), emergingInput(weeks)) {
			for _, authors := range []int{5, 6, 8, 12} {
				if slices.Contains(c.Terms, fmt.Sprint("新語", authors)) {
					found[authors]++
				}
			}
		}
	}
	t.Logf("a new word of 5, 6, 8, 12 authors is found in %d, %d, %d, %d of %d weeks", found[5], found[6], found[8], found[12], seeds)
	if found[8] < seeds*9/10 || found[12] < seeds {
		t.Errorf("found with 8 authors in %d, with 12 in %d of %d weeks", found[8], found[12], seeds)
	}
}

// One author who repeats a word, and a word that nobody but two people use, are no news.
func TestEmergingNeedsAuthors(t *testing.T) {
	r := rng(1300)
	weeks := chatter(r, 9)
	for i := range 40 {
		weeks[8][i].words = append(weeks[8][i].words, "連呼")
		weeks[8][i].author = fmt.Sprint("loud", i%3)
	}
	if c := mustEmerging(t, DefaultEmergingConfig(), emergingInput(weeks)); len(c) > 0 {
		t.Errorf("three authors make %+v", c)
	}
	cfg := DefaultEmergingConfig()
	cfg.MinAuthors = 3
	few := emergingInput(weeks)
	for i := range few.Terms {
		if few.Terms[i].Text == "連呼" {
			_, upper := conditional(3, 0, 1.0/9, 1)
			near(t, "chance of three new authors", upper, 1.0/729, 1e-9)
		}
	}
	if c := mustEmerging(t, cfg, few); len(c) > 0 {
		t.Errorf("three authors among thousands of words make %+v", c)
	}
}

func TestEmergingSameInputSameOutput(t *testing.T) {
	weeks := chatter(rng(1400), 9)
	for i := range 30 {
		weeks[8][i].words = append(weeks[8][i].words, "甲", "乙", []string{"丙", "丁"}[i/15])
		weeks[8][i].author = fmt.Sprint("n", i)
	}
	a := mustEmerging(t, DefaultEmergingConfig(), emergingInput(weeks))
	for range 5 { // map order gives the terms in another order each time
		if b := mustEmerging(t, DefaultEmergingConfig(), emergingInput(weeks)); fmt.Sprint(a) != fmt.Sprint(b) {
			t.Fatalf("two runs differ:\n%v\n%v", a, b)
		}
	}
	if len(a) != 1 || len(a[0].Terms) != 4 {
		t.Errorf("words of the same posts make %+v, want one group of four", a)
	}
}

func TestLogLikelihoodRatio(t *testing.T) {
	// 10 of 100 now, 10 of 300 before: 20 of 400, expected 5, 95, 15, 285.
	want := 2 * (10*math.Log(10.0/5) + 90*math.Log(90.0/95) + 10*math.Log(10.0/15) + 290*math.Log(290.0/285))
	near(t, "G²", logLikelihoodRatio(10, 100, 10, 300), want, 1e-9)
	near(t, "no change", logLikelihoodRatio(10, 100, 30, 300), 0, 1e-9)
	if g := logLikelihoodRatio(0, 100, 30, 300); g >= 0 {
		t.Errorf("a falling term scores %v", g)
	}
	if g := logLikelihoodRatio(5, 5, 0, 300); !(g > 0) || math.IsInf(g, 0) {
		t.Errorf("everybody says a new word: %v", g)
	}
}

func TestEmergingRefuses(t *testing.T) {
	for want, in := range map[string]EmergingInput{
		"past weeks":      {Terms: []Term{{Text: "x", Past: []uint64{1}}}, ActiveAuthors: 1},
		"2 authors of 1 ": {Terms: []Term{{Text: "x", Past: []uint64{2}}}, ActiveAuthors: 1, PastActive: []uint64{1}},
		"this week":       {Terms: []Term{{Text: "x", Now: []Occurrence{{"p", "a", true}}}}},
	} {
		if _, err := Emerging(DefaultEmergingConfig(), in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
	for want, spoil := range map[string]func(*EmergingConfig){
		"emerging_min_posts":   func(c *EmergingConfig) { c.MinPosts = 0 },
		"emerging_min_authors": func(c *EmergingConfig) { c.MinAuthors = 0 },
		"emerging_min_ratio":   func(c *EmergingConfig) { c.MinRatio = 0 },
		"emerging_fdr":         func(c *EmergingConfig) { c.FDR = 0 },
		"emerging_same_posts":  func(c *EmergingConfig) { c.SamePosts = 0 },
		"emerging_examples":    func(c *EmergingConfig) { c.Examples = 0 },
		"emerging_limit":       func(c *EmergingConfig) { c.Limit = 0 },
	} {
		cfg := DefaultEmergingConfig()
		spoil(&cfg)
		if _, err := Emerging(cfg, EmergingInput{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that names %s", err, want)
		}
	}
	if c := mustEmerging(t, DefaultEmergingConfig(), EmergingInput{}); len(c) > 0 {
		t.Errorf("nothing gives %v", c)
	}
}
