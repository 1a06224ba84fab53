package analyze_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ikawaha/kagome-dict/ipa"
	"github.com/ikawaha/kagome/v2/tokenizer"

	"voc/analyze"
)

// usualPosts are posts of about 100 characters.
func usualPosts(t testing.TB) []string {
	t.Helper()
	b, err := os.ReadFile("testdata/minimal_pairs.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var posts []string
	var post strings.Builder
	for line := range strings.SplitSeq(string(b), "\n") {
		if _, text, ok := strings.Cut(line, "\t"); ok {
			post.WriteString(text)
			if post.Len() >= 270 {
				posts = append(posts, post.String())
				post.Reset()
			}
		}
	}
	if len(posts) < 10 {
		t.Fatalf("only %d posts", len(posts))
	}
	return posts
}

// TestAllocations holds how often the analysis of a post asks for memory once the buffers of a worker have grown. What is
// left is the folded text and rules with something added (lex:遅い+neg).
func TestAllocations(t *testing.T) {
	posts := usualPosts(t)
	w := analyzer(t).NewWorker()
	var r analyze.Result
	all := func() {
		for _, p := range posts {
			w.Analyze(analyze.Input{Body: p}, &r)
		}
	}
	all()
	const most = 5
	if got := testing.AllocsPerRun(20, all) / float64(len(posts)); got > most {
		t.Errorf("%.1f allocations a post, want at most %d", got, most)
	} else {
		t.Logf("%.1f allocations a post", got)
	}
}

// TestCostAgainstKagome holds the whole analysis of posts against what kagome takes to cut the same posts into words. The
// bound is generous: on an idle machine it is about 1.5.
func TestCostAgainstKagome(t *testing.T) {
	posts := usualPosts(t)
	k, err := tokenizer.New(ipa.Dict(), tokenizer.OmitBosEos())
	if err != nil {
		t.Fatal(err)
	}
	w := analyzer(t).NewWorker()
	var r analyze.Result
	// The least of many times for each post alone is hardly touched by what else the machine does.
	cuts, tags := make([]time.Duration, len(posts)), make([]time.Duration, len(posts))
	least := func(d *time.Duration, begin time.Time) {
		if took := time.Since(begin); *d == 0 || took < *d {
			*d = took
		}
	}
	for range 25 {
		for i, p := range posts {
			begin := time.Now()
			k.Tokenize(p)
			least(&cuts[i], begin)
			begin = time.Now()
			w.Analyze(analyze.Input{Body: p}, &r)
			least(&tags[i], begin)
		}
	}
	var cut, tag time.Duration
	for i := range posts {
		cut += cuts[i]
		tag += tags[i]
	}
	ratio := float64(tag) / float64(cut)
	t.Logf("%.2f times kagome's tokenizer, %s a post", ratio, tag/time.Duration(len(posts)))
	if ratio > 4 {
		t.Errorf("the analysis takes %.1f times as long as kagome's tokenizer alone, want at most 4", ratio)
	}
}
