package train

import (
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"slices"
	"sync"

	"voc/analyze"
	"voc/analyze/model"
	"voc/analyze/sentiment"
)

// Family are the choices for the tasks of one kind.
type Family struct {
	// Cost is that of a wrong post, Yes how many times as much one with the tag counts.
	Cost, Yes float64
	// Rule and Runes are how much easier a feature of the rules and one of characters gains weight than one of words, and
	// Rare the power of the logarithm of its rarity.
	Rule, Runes, Rare float64
}

// Settings are the choices of a training.
type Settings struct {
	Polarity, Topic, Intent, About Family
	Epochs                         int
	// Folds is in how many parts the posts are dealt to choose thresholds and to see what the model says of unseen posts.
	Folds int
	// Prior is how many posts with a tag outweigh the threshold of all tags together.
	Prior float64
	// Caution is added to the log odds of the neutral polarity. Labelled posts are written to say something; those of a
	// community more often say little.
	Caution float64
	// TopicCaution and IntentCaution raise the thresholds of topics and intents. Those with the best F1 on the labelled posts are too low
	// for plain text, whose tags are easier to tell: the surer the scores, the higher the best threshold.
	TopicCaution, IntentCaution float64
	// Shared is how many times as much a post counts that the rules were written on: each was chosen to stand for many.
	Shared float64
	Procs  int
}

// DefaultSettings are those of the weights that ship with voc.
func DefaultSettings() Settings {
	return Settings{
		Polarity: Family{Cost: 0.06, Yes: 1, Rule: 3, Runes: 1.5, Rare: 0.7},
		Topic:    Family{Cost: 0.12, Yes: 1.2, Rule: 1.3, Runes: 2, Rare: 0.5},
		Intent:   Family{Cost: 0.12, Yes: 1.2, Rule: 1.3, Runes: 1, Rare: 0.5},
		About:    Family{Cost: 0.06, Yes: 1, Rule: 2.5, Runes: 1.5, Rare: 0.5},
		Epochs:   12, Folds: 3, Prior: 60, Caution: 0.4, TopicCaution: 0.5, IntentCaution: 0.25, Shared: 2, Procs: 2}
}

// fold deals an id to one of n parts; it does not depend on other posts.
func fold(id string, n int) int {
	h := fnv.New32a()
	h.Write([]byte(id))
	x := h.Sum32()
	x ^= x >> 15
	x *= 0x2c1b3c6d
	x ^= x >> 12
	return int(x % uint32(n))
}

// HeldOut reports whether a post belongs to the fifth that no choice may look at.
func HeldOut(id string) bool { return fold("held out "+id, 5) == 0 }

type trainer struct {
	d     *Data
	s     Settings
	tasks int // of the post
	frame *model.Weights
	// scales are those of the polarity, the topics, the intents and the polarity of topics.
	scales [4][]float32
}

// Fit trains on the examples with the given numbers.
func Fit(d *Data, use []int, s Settings) (*model.Weights, error) {
	frame := &model.Weights{Topics: d.Topics, Intents: d.Intents}
	t := &trainer{d: d, s: s, tasks: frame.AboutTask(0), frame: frame}
	for i, f := range t.families() {
		t.scales[i] = d.scale(f)
	}
	w := t.post(use)
	unseen, err := t.unseen(use)
	if err != nil {
		return nil, err
	}
	t.thresholds(w, use, unseen)
	full, err := t.build(w, nil)
	if err != nil {
		return nil, err
	}
	about := t.about(use, unseen, full)
	return t.build(w, about)
}

func (t *trainer) families() [4]*Family {
	return [4]*Family{&t.s.Polarity, &t.s.Topic, &t.s.Intent, &t.s.About}
}

// scale gives the scale of every feature.
func (d *Data) scale(f *Family) []float32 {
	out := make([]float32, len(d.kinds))
	for i, k := range d.kinds {
		rare := math.Pow(math.Log(float64(len(d.Examples))/float64(max(1, d.posts[i])))/5, f.Rare)
		switch {
		case k.Rules() || k == model.AboutKind:
			out[i] = float32(f.Rule)
		case k == model.RunesKind:
			out[i] = float32(f.Runes * rare)
		default:
			out[i] = float32(rare)
		}
	}
	return out
}

// column are the weights of one task, the bias last.
type column []float64

// post trains the tasks of whole posts.
func (t *trainer) post(use []int) []column {
	rows := make([][]int32, len(use))
	for i, u := range use {
		rows[i] = t.d.Examples[u].rows
	}
	factor := factors(rows)
	plain := make([]float64, len(rows))
	for i := range plain {
		plain[i] = 1
	}
	return t.solveAll(t.blocks(), func(block []int) *problem {
		n := t.family(block[0])
		f := t.families()[n]
		p := newProblem(rows, plain, t.scales[n])
		for i, u := range use {
			for k, task := range block {
				p.yes[i][k] = t.has(&t.d.Examples[u], task)
				switch {
				case !t.judged(&t.d.Examples[u], task):
				case p.yes[i][k]:
					p.cost[i][k] = f.Cost * f.Yes
				default:
					p.cost[i][k] = f.Cost
				}
				if t.d.Examples[u].Group == Shared {
					p.cost[i][k] *= t.s.Shared
				}
			}
		}
		if n == 0 {
			p.factor = factor
		}
		return p
	})
}

func newProblem(rows [][]int32, factor []float64, scale []float32) *problem {
	return &problem{rows: rows, factor: factor, scale: scale, yes: make([][lanes]bool, len(rows)), cost: make([][lanes]float64, len(rows))}
}

// blocks are the tasks of the post that are solved side by side: of one family each.
func (t *trainer) blocks() [][]int {
	var out [][]int
	for task := range t.tasks {
		if last := len(out) - 1; last >= 0 && len(out[last]) < lanes && t.family(out[last][0]) == t.family(task) {
			out[last] = append(out[last], task)
			continue
		}
		out = append(out, []int{task})
	}
	return out
}

// family is the number of the family of a task of the post.
func (t *trainer) family(task int) int {
	switch {
	case task < model.Classes:
		return 0
	case task < t.frame.IntentTask(0):
		return 1
	}
	return 2
}

// solveAll gives a column for every task of the blocks, in their order.
func (t *trainer) solveAll(blocks [][]int, problemOf func(block []int) *problem) []column {
	solved := make([][]column, len(blocks))
	var wg sync.WaitGroup
	for first := range t.s.Procs {
		wg.Go(func() {
			var s solver
			for b := first; b < len(blocks); b += t.s.Procs {
				w, bias := s.solve(problemOf(blocks[b]), t.s.Epochs)
				for k := range blocks[b] {
					c := make(column, len(w)+1)
					for r := range w {
						c[r] = w[r][k]
					}
					c[len(w)] = bias[k]
					solved[b] = append(solved[b], c)
				}
			}
		})
	}
	wg.Wait()
	return slices.Concat(solved...)
}

// classes are the polarities in the order of sentiment.Label.
var classes = [...]analyze.Sentiment{analyze.Neutral, analyze.Positive, analyze.Negative, analyze.Mixed}

func (t *trainer) has(e *Example, task int) bool {
	switch {
	case task < model.Classes:
		return e.Item.Sentiment == classes[task]
	case task < t.frame.IntentTask(0):
		id := t.d.Topics[task-t.frame.TopicTask(0)]
		for i := range e.Item.Topics {
			if e.Item.Topics[i].ID == id {
				return true
			}
		}
		return false
	}
	return slices.Contains(e.Item.Intents, t.d.Intents[task-t.frame.IntentTask(0)])
}

func (t *trainer) judged(e *Example, task int) bool {
	switch {
	case task < model.Classes:
		return e.Item.Sentiment != ""
	case task < t.frame.IntentTask(0):
		return e.Item.Topics != nil && (e.Only == "" || e.Only == t.d.Topics[task-t.frame.TopicTask(0)])
	}
	return e.Item.Intents != nil && (e.Only == "" || e.Only == t.d.Intents[task-t.frame.IntentTask(0)])
}

// glimpse is what a model that has not seen a post says of it.
type glimpse struct {
	scores []float64 // of the tasks of the post
	w      *model.Weights
}

// deal puts every example in one of the folds; a corpus is in one as a whole, so that what is chosen by the folds suits
// the text of other hands.
func (t *trainer) deal(use []int) []int {
	posts := map[string]int{}
	for _, u := range use {
		posts[t.d.Examples[u].Group]++
	}
	delete(posts, Shared)
	groups := slices.Sorted(maps.Keys(posts))
	slices.SortStableFunc(groups, func(a, b string) int { return posts[b] - posts[a] })
	of, load := map[string]int{}, make([]int, t.s.Folds)
	for _, g := range groups {
		least := slices.Index(load, slices.Min(load))
		of[g] = least
		load[least] += posts[g]
	}
	out := make([]int, len(use))
	for i, u := range use {
		e := &t.d.Examples[u]
		f, ok := of[e.Group]
		if !ok || len(groups) < t.s.Folds {
			f = fold(e.Item.ID, t.s.Folds)
		}
		out[i] = f
	}
	return out
}

func (t *trainer) unseen(use []int) (map[int]glimpse, error) {
	out := map[int]glimpse{}
	folds := t.deal(use)
	for f := range t.s.Folds {
		var learn, look []int
		for i, u := range use {
			if folds[i] == f {
				look = append(look, u)
			} else {
				learn = append(learn, u)
			}
		}
		w := t.post(learn)
		built, err := t.build(w, nil)
		if err != nil {
			return nil, err
		}
		for _, u := range look {
			g := glimpse{w: built, scores: make([]float64, t.tasks)}
			for k := range g.scores {
				g.scores[k] = score(w[k], t.d.Examples[u].rows, k < model.Classes)
			}
			out[u] = g
		}
	}
	return out, nil
}

func score(w column, rows []int32, scaled bool) float64 {
	sum := 0.0
	for _, r := range rows {
		sum += w[r]
	}
	if scaled {
		sum *= model.Factor(len(rows))
	}
	return w[len(w)-1] + sum
}

func factors(rows [][]int32) []float64 {
	out := make([]float64, len(rows))
	for i := range rows {
		out[i] = model.Factor(len(rows[i]))
	}
	return out
}

// thresholds moves the biases of topics and intents to where unseen posts have the best F1: that of all tags together
// for rare tags, their own for frequent ones.
func (t *trainer) thresholds(w []column, use []int, unseen map[int]glimpse) {
	for n, r := range [][2]int{{model.Classes, t.frame.IntentTask(0)}, {t.frame.IntentTask(0), t.tasks}} {
		caution := []float64{t.s.TopicCaution, t.s.IntentCaution}[n]
		var all []scored
		own := make([][]scored, r[1])
		for task := r[0]; task < r[1]; task++ {
			for _, u := range use {
				if !t.judged(&t.d.Examples[u], task) {
					continue
				}
				own[task] = append(own[task], scored{unseen[u].scores[task], t.has(&t.d.Examples[u], task)})
			}
			all = append(all, own[task]...)
		}
		common, _ := bestThreshold(all)
		for task := r[0]; task < r[1]; task++ {
			best, yes := bestThreshold(own[task])
			share := float64(yes) / (float64(yes) + t.s.Prior)
			w[task][len(w[task])-1] -= share*best + (1-share)*common + caution
		}
	}
}

type scored struct {
	score float64
	yes   bool
}

// bestThreshold is the score from which a tag is best given, and how many posts have it.
func bestThreshold(list []scored) (best float64, yes int) {
	slices.SortFunc(list, func(a, b scored) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return 0
	})
	for _, x := range list {
		if x.yes {
			yes++
		}
	}
	hit, top := 0, -1.0
	for i, x := range list {
		if x.yes {
			hit++
		}
		if i+1 < len(list) && list[i+1].score < x.score {
			if f := 2 * float64(hit) / float64(i+1+yes); f > top && math.Abs(x.score) < 2 {
				top, best = f, (x.score+list[i+1].score)/2
			}
		}
	}
	return best, yes
}

// about trains the polarity of topics. The columns hold the rows of each zone one behind the other.
func (t *trainer) about(use []int, unseen map[int]glimpse, full *model.Weights) []column {
	n := len(t.d.keys)
	var rows [][]int32
	var want []analyze.Sentiment
	scorers := map[*model.Weights]*model.Scorer{}
	fullScorer := model.NewScorer(full)
	for _, u := range use {
		e := &t.d.Examples[u]
		g := unseen[u]
		sc := scorers[g.w]
		if sc == nil {
			sc = model.NewScorer(g.w)
			scorers[g.w] = sc
		}
		sc.Read(&e.Sample)
		for i := range e.Item.Topics {
			label := &e.Item.Topics[i]
			if label.Sentiment == "" {
				continue
			}
			about := e.Sample.About(label.ID)
			if about == nil {
				fullScorer.Read(&e.Sample)
				if about, _ = fullScorer.Learned(slices.Index(t.d.Topics, label.ID)); about == nil {
					continue
				}
			}
			list := make([]int32, 0, len(e.rows)+20)
			for _, k := range sc.AboutKeys(about, sc.Inside(about)) {
				if r := full.Find(k); r >= 0 {
					list = append(list, t.d.rank[r])
				}
			}
			for i, row := range e.Sample.Rows {
				if row >= 0 {
					list = append(list, int32(sc.ZoneOf(e.Sample.Seen[i].Clause)*n)+t.d.rank[row])
				}
			}
			slices.Sort(list)
			rows = append(rows, slices.Compact(list))
			want = append(want, label.Sentiment)
		}
	}
	scale := slices.Concat(t.scales[3], t.scales[3], t.scales[3])
	factor := factors(rows)
	return t.solveAll([][]int{{0, 1, 2, 3}}, func(block []int) *problem {
		p := newProblem(rows, factor, scale)
		for i := range rows {
			for _, task := range block {
				p.yes[i][task] = want[i] == classes[task]
				p.cost[i][task] = t.s.About.Cost
			}
		}
		return p
	})
}

// build makes weights of columns.
func (t *trainer) build(post, about []column) (*model.Weights, error) {
	bias := make([]int32, t.frame.Tasks())
	n := len(t.d.keys)
	for k, c := range post {
		bias[k] = int32(math.Round(c[n] * model.One))
	}
	bias[sentiment.Neutral] += int32(math.Round(t.s.Caution * model.One))
	for k, c := range about {
		bias[t.tasks+k] = int32(math.Round(c[len(c)-1] * model.One))
	}
	row := func(i int) []model.Weight {
		var list []model.Weight
		i = int(t.d.rank[t.d.at[i]])
		for k, c := range post {
			if v := model.Quantize(c[i]); v != 0 {
				list = append(list, model.Weight{Task: uint8(k), Value: v})
			}
		}
		for zone := 0; about != nil && zone < model.Zones; zone++ {
			for k, c := range about {
				if v := model.Quantize(c[zone*n+i]); v != 0 {
					list = append(list, model.Weight{Task: uint8(t.frame.AboutTask(zone) + k), Value: v})
				}
			}
		}
		return list
	}
	w, err := model.Build(t.d.Topics, t.d.Intents, "", bias, t.d.keys, row)
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	return w, nil
}

// Predict gives the tags of an example, without evidence.
func Predict(sc *model.Scorer, w *model.Weights, e *Example, out *analyze.Result) {
	*out = analyze.Result{}
	sc.Read(&e.Sample)
	label, strength := sc.Label()
	out.Sentiment, out.Score = classes[label], strength
	for i, id := range w.Topics {
		if !sc.Has(w.TopicTask(i)) {
			continue
		}
		about := e.Sample.About(id)
		if about == nil {
			if about, _ = sc.Learned(i); about == nil {
				continue
			}
		}
		l, score := sc.About(about)
		out.Topics = append(out.Topics, analyze.Topic{ID: id, Sentiment: classes[l], Score: score})
	}
	for i, id := range w.Intents {
		if sc.Has(w.IntentTask(i)) {
			out.Intents = append(out.Intents, analyze.Intent{ID: id})
		}
	}
}
