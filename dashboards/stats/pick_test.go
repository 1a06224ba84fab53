package stats

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// crowd makes candidate voices; some are light variations of others.
func crowd(r *rand.Rand, n int) []Voice {
	words := vocabulary(r, 500)
	voices := make([]Voice, n)
	for i := range voices {
		v := Voice{ID: fmt.Sprintf("p%03d", i), Author: fmt.Sprint("a", r.IntN(n)), Body: wordyText(r, words, 25), Weight: float64(r.IntN(5))}
		for range 1 + r.IntN(4) {
			v.Topics = append(v.Topics, fmt.Sprint("topic", int(30*r.Float64()*r.Float64())))
		}
		for range 1 + r.IntN(2) {
			v.Segments = append(v.Segments, fmt.Sprint("segment", int(15*r.Float64()*r.Float64())))
		}
		if i%5 == 0 {
			v.Body = vary(r, campaign)
		}
		voices[i] = v
	}
	return voices
}

func covers(voices []Voice, chosen []int) int {
	seen := map[string]bool{}
	for _, i := range chosen {
		for _, s := range voices[i].Topics {
			seen["t"+s] = true
		}
		for _, s := range voices[i].Segments {
			seen["s"+s] = true
		}
	}
	return len(seen)
}

// F36: the choice covers at least as much as the best of 1,000 random choices, though those may repeat a text.
func TestPickVoicesBeatsRandom(t *testing.T) {
	better := 0
	const seeds = 30
	for seed := range uint64(seeds) {
		r := rng(300 + seed)
		voices := crowd(r, 120)
		cfg := DefaultPickConfig()
		cfg.Voices = 3 + int(seed%8)
		pick, err := PickVoices(cfg, voices)
		if err != nil {
			t.Fatal(err)
		}
		if len(pick.Voices) != cfg.Voices {
			t.Errorf("seed %d: %d voices, want %d", seed, len(pick.Voices), cfg.Voices)
		}
		got, best := covers(voices, pick.Voices), 0
		if uint64(got) != pick.Coverage().Hits {
			t.Errorf("seed %d: coverage says %d, counted %d", seed, pick.Coverage().Hits, got)
		}
		for range 1000 {
			best = max(best, covers(voices, r.Perm(len(voices))[:cfg.Voices]))
		}
		if got < best {
			t.Errorf("seed %d: %d labels covered, the best of 1,000 random choices covers %d", seed, got, best)
		}
		if got > best {
			better++
		}
		campaigns := 0
		authors := map[string]bool{}
		for _, i := range pick.Voices {
			authors[voices[i].Author] = true
			if i%5 == 0 {
				campaigns++
			}
		}
		if campaigns > 1 || len(authors) != len(pick.Voices) {
			t.Errorf("seed %d: %d copies of one text, %d authors of %d voices", seed, campaigns, len(authors), len(pick.Voices))
		}
		// Another order of the candidates gives the same posts.
		shuffled := slices.Clone(voices)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		again, err := PickVoices(cfg, shuffled)
		if err != nil {
			t.Fatal(err)
		}
		for k := range pick.Voices {
			if voices[pick.Voices[k]].ID != shuffled[again.Voices[k]].ID {
				t.Fatalf("seed %d: another order gives another choice", seed)
			}
		}
	}
	t.Logf("more than the best random choice in %d of %d cases", better, seeds)
	if better < seeds/2 {
		t.Errorf("better than random in only %d of %d cases", better, seeds)
	}
}

// Greedy alone takes b to e first and covers five with two voices; the exchange finds the pair that covers all six.
func TestPickVoicesExchange(t *testing.T) {
	voices := []Voice{
		{ID: "1", Author: "1", Body: "一つ目の投稿", Topics: []string{"b", "c", "d", "e"}},
		{ID: "2", Author: "2", Body: "別の人の声です", Topics: []string{"a", "b", "c"}},
		{ID: "3", Author: "3", Body: "さらに違う意見", Topics: []string{"d", "e", "f"}},
	}
	pick, err := PickVoices(PickConfig{Voices: 2, Similarity: 0.4}, voices)
	if err != nil {
		t.Fatal(err)
	}
	if pick.Topics != (Share{6, 6}) {
		t.Errorf("topics covered: %v, want 6 of 6", pick.Topics)
	}
}

func TestPickVoicesLimits(t *testing.T) {
	thanks := []Voice{
		{ID: "1", Author: "a", Body: "ありがとう!"}, {ID: "2", Author: "b", Body: "ありがとう。"}, {ID: "3", Author: "c", Body: "👍"},
		{ID: "4", Author: "d", Body: "👍"}, {ID: "5", Author: "c", Body: "同じ人のもう一つの投稿", Weight: -1},
	}
	pick, err := PickVoices(DefaultPickConfig(), thanks)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(pick.Voices, []int{0, 2}) {
		t.Errorf("chose %v, want the first thanks and the first thumb", pick.Voices)
	}
	if c := pick.Coverage(); c.Total != 0 {
		t.Errorf("coverage of nothing is %v", c)
	}
	if pick, err := PickVoices(DefaultPickConfig(), nil); err != nil || pick.Voices != nil {
		t.Errorf("nothing to choose from gives %v, %v", pick, err)
	}
	for want, spoil := range map[string]func(*PickConfig){
		"pick_voices":     func(c *PickConfig) { c.Voices = 0 },
		"pick_per_author": func(c *PickConfig) { c.PerAuthor = -1 },
		"pick_similarity": func(c *PickConfig) { c.Similarity = 0 },
	} {
		cfg := DefaultPickConfig()
		spoil(&cfg)
		if _, err := PickVoices(cfg, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that names %s", err, want)
		}
	}
}
