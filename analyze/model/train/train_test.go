package train

import (
	"bytes"
	"math"
	"sync"
	"testing"

	"voc/analyze"
	"voc/analyze/model"
)

const root = "../../.."

var loaded = sync.OnceValues(func() ([]Example, error) {
	a, err := analyze.New(analyze.Config{NoModel: true})
	if err != nil {
		return nil, err
	}
	return Load(root, a)
})

func examples(t *testing.T) []Example {
	t.Helper()
	list, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestSolverFindsTheMinimum compares with the condition of a minimum: the gradient of penalty and losses is zero.
func TestSolverFindsTheMinimum(t *testing.T) {
	p := &problem{
		rows:   [][]int32{{0}, {0, 1}, {1}, {1, 2}, {2}, {0, 2}, {}},
		scale:  []float32{1, 2, 0.5},
		yes:    make([][lanes]bool, 7),
		cost:   make([][lanes]float64, 7),
		factor: []float64{1, 1, 1, 0.5, 1, 1, 2},
	}
	cost := []float64{1, 2, 1, 0.5, 1, 0, 1}
	for i, yes := range []bool{true, true, false, false, true, true, false} {
		for k := range lanes {
			p.yes[i][k], p.cost[i][k] = yes != (k == 1), cost[(i+k/2)%len(cost)]
		}
	}
	var s solver
	w, bias := s.solve(p, 400)
	for lane := range lanes {
		gradient := []float64{0, 0, 0, bias[lane]}
		for r := range w {
			gradient[r] = w[r][lane] / float64(p.scale[r])
		}
		for i, rows := range p.rows {
			sign := -1.0
			if p.yes[i][lane] {
				sign = 1
			}
			sum := 0.0
			for _, r := range rows {
				sum += w[r][lane]
			}
			sum = sum*p.factor[i] + bias[lane]
			d := -p.cost[i][lane] * sign / (1 + math.Exp(sign*sum))
			for _, r := range rows {
				gradient[r] += d * float64(p.scale[r]) * p.factor[i]
			}
			gradient[3] += d
		}
		for k, g := range gradient {
			if math.Abs(g) > 0.02 {
				t.Errorf("task %d: the slope along weight %d is %.4f, want 0; weights %.3f", lane, k, g, w)
			}
		}
	}
}

func TestThresholdHasTheBestF1(t *testing.T) {
	list := []scored{{-1, false}, {0.9, true}, {-0.5, true}, {0.1, false}, {-0.6, false}, {0.2, true}, {-0.55, false}}
	best, yes := bestThreshold(list)
	if yes != 3 || best >= -0.5 || best <= -0.55 {
		t.Errorf("threshold %.3f of %d, want one between -0.55 and -0.5 of 3", best, yes)
	}
}

func TestTrainingIsReproducible(t *testing.T) {
	list := examples(t)
	var few []Example
	for i := range list {
		if i%30 == 0 {
			few = append(few, list[i])
		}
	}
	s := DefaultSettings()
	var files [2][]byte
	for i := range files {
		d := dataOf(t, few)
		s.Procs = i + 1
		w, err := Fit(d, d.All(), s)
		if err != nil {
			t.Fatal(err)
		}
		w.Stamp = d.Stamp(s)
		if files[i], err = w.Encode(); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("the same posts give different weights")
	}
}

func dataOf(t *testing.T, list []Example) *Data {
	t.Helper()
	d, err := NewData(list, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestStamp holds what makes weights stale.
func TestStamp(t *testing.T) {
	few := append([]Example(nil), examples(t)[:50]...)
	d := dataOf(t, few)
	s := DefaultSettings()
	stamp := d.Stamp(s)
	if s.Procs++; d.Stamp(s) != stamp {
		t.Error("the number of processors makes weights stale")
	}
	if s.Epochs++; d.Stamp(s) == stamp {
		t.Error("other settings leave weights fresh")
	}
	s = DefaultSettings()
	if few[3].Item.Sentiment == analyze.Mixed {
		few[3].Item.Sentiment = analyze.Neutral
	} else {
		few[3].Item.Sentiment = analyze.Mixed
	}
	if d.Stamp(s) == stamp {
		t.Error("another label leaves weights fresh")
	}
}

// TestModelHelpsOnHeldOutPosts trains on a quarter of the posts without the held-out fifth of every corpus and measures on
// that fifth. All posts reach more and take longer. The floors lie a little below what was reached when they were set; the
// rules alone must lie below.
func TestModelHelpsOnHeldOutPosts(t *testing.T) {
	var some []Example
	for i, e := range examples(t) {
		if i%4 == 0 {
			some = append(some, e)
		}
	}
	d := dataOf(t, some)
	held := func(e *Example) bool { return e.Group != Shared && HeldOut(e.Item.ID) }
	w, err := Fit(d, d.Where(func(e *Example) bool { return !held(e) }), DefaultSettings())
	if err != nil {
		t.Fatal(err)
	}
	o := Measure(d, w, d.Where(held))
	rules, learned, err := o.Reports()
	if err != nil {
		t.Fatal(err)
	}
	for metric, floor := range map[string]float64{"sentiment.accuracy": 0.78, "topics.micro_f1": 0.62, "pairs.micro_f1": 0.50, "intents.micro_f1": 0.74} {
		before, err := rules.Metric(metric)
		if err != nil {
			t.Fatal(err)
		}
		after, err := learned.Metric(metric)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: rules %.4f, with the model %.4f, of %d posts", metric, before, after, len(o.Items))
		if after < floor || after < before+0.05 {
			t.Errorf("%s is %.4f, want at least %.2f and 0.05 more than the %.4f of the rules", metric, after, floor, before)
		}
	}
}

// TestShippedWeightsAreFresh is what `make check` asks.
func TestShippedWeightsAreFresh(t *testing.T) {
	w, err := model.Default()
	if err != nil {
		t.Fatal(err)
	}
	if want := dataOf(t, examples(t)).Stamp(DefaultSettings()); w.Stamp != want {
		t.Errorf("the weights carry the stamp %s, the posts, rules and settings %s; run `make generate` and commit it", w.Stamp, want)
	}
}
