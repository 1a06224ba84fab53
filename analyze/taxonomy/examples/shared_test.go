//go:build shareddata

// The tests in this file measure the example on labelled reports that are not part of the repository:
//
//	go test -tags shareddata -v -run TestCarParts ./analyze/taxonomy/examples
//
// They read mlit/complaints.tsv from $VOC_SHARED_DATA, or from ../shared/data beside the repository.
package examples_test

import (
	"bufio"
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"voc/analyze"
)

// labelled is a report and the device its reader filed it under.
type labelled struct{ text, label string }

// carLabels maps the labels of the file to the ids of car-parts.yaml.
var carLabels = map[string]string{
	"エンジン": "engine", "動力伝達": "drivetrain", "制動装置": "brakes", "保安灯火": "safety_lights", "車枠・車体": "body",
	"その他": "other", "かじ取り": "steering", "乗車装置": "cabin", "燃料装置": "fuel", "電気装置": "electrical",
	"走行装置": "wheels", "緩衝装置": "suspension", "排ｶﾞｽ･騒音": "exhaust", "電動機(モーター)": "motor",
	"装置その他": "aftermarket", "非装置": "no_device",
}

func sharedFile(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("VOC_SHARED_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	return filepath.Join(dir, name)
}

// halves splits the reports at random, the same way each time: rules are written by looking at the first half only.
func halves(t *testing.T) (tuned, unseen []labelled) {
	t.Helper()
	f, err := os.Open(sharedFile(t, "mlit/complaints.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []labelled
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		text, label, ok := strings.Cut(sc.Text(), "\t")
		if !ok || text == "text" {
			continue
		}
		if carLabels[label] == "" {
			t.Fatalf("the label %q is unknown", label)
		}
		all = append(all, labelled{text, carLabels[label]})
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	rand.New(rand.NewPCG(20, 26)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:len(all)/2], all[len(all)/2:]
}

// guess is what the analyzer says of one report.
type guess struct {
	tags []string
	top  string
}

// mostEvident is the topic with the longest evidence of its own rules; at a tie the one that is named first.
func mostEvident(r *analyze.Result) string {
	type weight struct {
		id           string
		length, from int
	}
	var all []weight
	for _, t := range r.Topics {
		id, _, _ := strings.Cut(t.ID, "/")
		w := weight{id: id, from: 1 << 30}
		for _, e := range t.Evidence {
			if strings.HasPrefix(e.Rule, t.ID+".") {
				w.length += e.End - e.Start
				w.from = min(w.from, e.Start)
			}
		}
		all = append(all, w)
	}
	if len(all) == 0 {
		return ""
	}
	return slices.MinFunc(all, func(a, b weight) int {
		return cmp.Or(cmp.Compare(b.length, a.length), cmp.Compare(a.from, b.from), cmp.Compare(a.id, b.id))
	}).id
}

func tagAll(a *analyze.Analyzer, posts []labelled) []guess {
	out := make([]guess, len(posts))
	var wg sync.WaitGroup
	n := runtime.GOMAXPROCS(0)
	for k := range n {
		wg.Go(func() {
			w := a.NewWorker()
			var r analyze.Result
			for i := k; i < len(posts); i += n {
				w.Analyze(analyze.Input{Body: posts[i].text}, &r)
				g := guess{top: mostEvident(&r)}
				for _, t := range r.Topics {
					id, _, _ := strings.Cut(t.ID, "/")
					if !slices.Contains(g.tags, id) {
						g.tags = append(g.tags, id)
					}
				}
				out[i] = g
			}
		})
	}
	wg.Wait()
	return out
}

type figures struct{ recall, top1, tags, untagged float64 }

func score(posts []labelled, got []guess) (figures, string) {
	var f figures
	type cell struct{ label, hit, given, top, topHit int }
	per := map[string]*cell{}
	for _, id := range carLabels {
		per[id] = &cell{}
	}
	for i, p := range posts {
		per[p.label].label++
		f.tags += float64(len(got[i].tags))
		if len(got[i].tags) == 0 {
			f.untagged++
		}
		for _, id := range got[i].tags {
			per[id].given++
			if id == p.label {
				per[id].hit++
				f.recall++
			}
		}
		if top := got[i].top; top != "" {
			per[top].top++
			if top == p.label {
				per[top].topHit++
				f.top1++
			}
		}
	}
	n := float64(len(posts))
	f = figures{f.recall / n, f.top1 / n, f.tags / n, f.untagged / n}
	var b strings.Builder
	fmt.Fprintf(&b, "%d reports: label among the tags %.3f, most evident topic is the label %.3f, %.2f tags a report, %.3f without a tag\n",
		len(posts), f.recall, f.top1, f.tags, f.untagged)
	for _, id := range slices.SortedFunc(maps.Keys(per), func(a, b string) int { return cmp.Compare(per[b].label, per[a].label) }) {
		c := per[id]
		fmt.Fprintf(&b, "%-14s %5d reports  recall %.2f  precision %.2f  top-1: recall %.2f precision %.2f\n", id, c.label,
			ratio(c.hit, c.label), ratio(c.hit, c.given), ratio(c.topHit, c.label), ratio(c.topHit, c.top))
	}
	return f, b.String()
}

func ratio(a, b int) float64 { return float64(a) / float64(max(1, b)) }

func TestCarParts(t *testing.T) {
	text, err := os.ReadFile("car-parts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	a, err := analyze.New(analyze.Config{Taxonomy: text, TaxonomyName: "car-parts.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	tuned, unseen := halves(t)
	if out := os.Getenv("VOC_CAR_DUMP"); out != "" {
		dump(t, out, tuned, tagAll(a, tuned))
	}
	_, report := score(tuned, tagAll(a, tuned))
	t.Logf("tuned half: %s", report)
	if os.Getenv("VOC_CAR_DUMP") != "" {
		return
	}
	got, report := score(unseen, tagAll(a, unseen))
	t.Logf("unseen half: %s", report)
	if got.recall < 0.70 || got.top1 < 0.60 {
		t.Errorf("the label is among the tags in %.3f (at least 0.70) and the most evident topic in %.3f (at least 0.60)", got.recall, got.top1)
	}
}

func dump(t *testing.T, file string, posts []labelled, got []guess) {
	t.Helper()
	var b strings.Builder
	for i, p := range posts {
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\n", p.label, got[i].top, strings.Join(got[i].tags, ","), p.text)
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}
