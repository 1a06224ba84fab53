package model

import (
	"math"

	"voc/analyze/sentiment"
)

// together counts how often the labelled posts of corpus carry an intent with each polarity: neutral, positive,
// negative, mixed. Intents that are not here go with any polarity alike.
var together = map[string][Classes]float64{
	"answer":           {1159, 69, 8, 2},
	"bug":              {0, 0, 3251, 136},
	"churn_risk":       {106, 8, 796, 57},
	"complaint":        {0, 0, 18095, 3276},
	"empathy":          {387, 60, 178, 1},
	"greeting":         {528, 31, 5, 0},
	"praise":           {0, 16122, 0, 3259},
	"promotion":        {490, 0, 0, 0},
	"question":         {5527, 13, 300, 4},
	"recommend":        {1, 587, 0, 11},
	"request":          {1977, 48, 457, 57},
	"resolution":       {2, 836, 1, 25},
	"success_story":    {0, 2327, 0, 115},
	"thanks":           {9, 838, 48, 20},
	"tip":              {667, 264, 13, 7},
	"upsell_signal":    {643, 96, 7, 6},
	"wants_to_connect": {549, 25, 5, 0},
}

// posts are all posts of each polarity, and about how often what a post of one polarity (row) says of a topic has another.
var (
	posts = [Classes]float64{16875, 20126, 20708, 3389}
	about = [Classes][Classes]float64{{11304, 0, 0, 0}, {97, 18268, 0, 0}, {53, 2, 21253, 0}, {9, 1840, 1955, 1406}}
)

// Chosen on 9,604 posts that the weights had not seen: sentiment .820 → .825, intents .772 → .774.
const (
	// intentShare and topicShare are how much the intents and the topics weigh beside the score of the polarity itself.
	intentShare, topicShare = 0.5, 0.5
	// aboutShare is how much the polarity of the post weighs for those of its topics, whose scores know of it already.
	aboutShare = 0.5
	// rare is the count added to each pair, so that what was never seen together is unlikely and not impossible.
	rare = 20.0
)

// ratios are the logs of how much likelier (and unlikelier) a tag is with a polarity than without knowing it.
type ratios struct{ with, without [Classes]float64 }

type coupling struct {
	intents []ratios
	topics  [Classes][Classes]float64
}

func newCoupling(intents []string) coupling {
	var c coupling
	all := 0.0
	for _, n := range posts {
		all += n
	}
	for _, id := range intents {
		var r ratios
		n, known := together[id]
		sum := 0.0
		for _, x := range n {
			sum += x
		}
		for s := range n {
			if known {
				p, q := (n[s]+rare*sum/all)/(posts[s]+rare), sum/all
				r.with[s], r.without[s] = math.Log(p/q), math.Log((1-p)/(1-q))
			}
		}
		c.intents = append(c.intents, r)
	}
	var of [Classes]float64
	total := 0.0
	for s := range about {
		for k, n := range about[s] {
			of[k] += n
			total += n
		}
	}
	for s := range about {
		sum := 0.0
		for _, n := range about[s] {
			sum += n
		}
		for k, n := range about[s] {
			c.topics[s][k] = math.Log((n + rare*of[k]/total) / (sum + rare) / (of[k] / total))
		}
	}
	return c
}

// Settle decides the polarity of the post together with those of its topics and with its intents: a post that complains is
// not positive, and one that is negative says nothing good of its only topic. topics are the scores of the topics
// given, intents tells which intents the taxonomy leaves to the model.
func (sc *Scorer) Settle(topics [][Classes]int32, intents []bool) {
	alone, _ := sc.Label()
	best, lead, logs := sc.settle(alone, topics, intents, roughly)
	if lead <= float64(logs)*roughError {
		best, _, _ = sc.settle(alone, topics, intents, exactly)
	}
	sc.settled = best
}

// settle is the best polarity with its lead over the second best, and how many logs went into each of them at most.
func (sc *Scorer) settle(alone sentiment.Label, topics [][Classes]int32, intents []bool, how precision) (best sentiment.Label, lead float64, logs int) {
	sc.chances = sc.chances[:0]
	for i, on := range intents {
		if on {
			z := float64(sc.post[sc.w.IntentTask(i)]) / One
			sc.chances = append(sc.chances, chance{z, how.logAdd(z, 0), &sc.couple.intents[i]})
		}
	}
	sc.odds = sc.odds[:0]
	for i := range topics {
		sc.odds = append(sc.odds, how.odds(&topics[i]))
	}
	best = alone
	most, second := math.Inf(-1), math.Inf(-1)
	for s := range sentiment.Label(Classes) {
		if opposite(s, alone) {
			continue // the other tags can soften a polarity, not turn it round
		}
		sum := float64(sc.post[s]) / One
		for i := range sc.chances {
			c := &sc.chances[i]
			sum += intentShare * (how.logAdd(c.score+c.ratio.with[s], c.ratio.without[s]) - c.sum)
		}
		for i := range sc.odds {
			sum += topicShare * how.agreement(&sc.odds[i], &sc.couple.topics[s])
		}
		if sum > most {
			best, most, second = s, sum, most
		} else {
			second = max(second, sum)
		}
	}
	return best, most - second, 2*len(sc.chances) + 2*Classes*len(sc.odds)
}

// chance is the score of an intent, the log of its odds' sum with the score of its absence, 0, and what a polarity
// changes.
type chance struct {
	score, sum float64
	ratio      *ratios
}

// odds are the log odds of the polarities of a topic and the log of their sum.
type odds struct {
	of  [Classes]float64
	sum float64
}

func opposite(a, b sentiment.Label) bool {
	return a == sentiment.Positive && b == sentiment.Negative || a == sentiment.Negative && b == sentiment.Positive
}

func (how precision) odds(p *[Classes]int32) (o odds) {
	for k, v := range p {
		o.of[k] = float64(v) / One
		if k == 0 {
			o.sum = o.of[k]
		} else {
			o.sum = how.logAdd(o.sum, o.of[k])
		}
	}
	return o
}

// agreement is the log of how well the scores of a topic go with a polarity of the post.
func (how precision) agreement(o *odds, ratio *[Classes]float64) float64 {
	given := o.of[0] + ratio[0]
	for k := 1; k < Classes; k++ {
		given = how.logAdd(given, o.of[k]+ratio[k])
	}
	return given - o.sum
}

// precision is how a log of a sum is found.
type precision bool

const (
	exactly precision = false
	roughly precision = true
)

// logAdd is log(exp(a)+exp(b)).
func (how precision) logAdd(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if how == exactly {
		return a + math.Log1p(math.Exp(b-a))
	}
	x := (a - b) * logSteps
	i := int(x)
	if i >= len(logTable)-1 {
		return a
	}
	from, to := float64(logTable[i]), float64(logTable[i+1])
	return a + from + (x-float64(i))*(to-from)
}

const (
	// logSteps is how many steps of logTable make 1.
	logSteps = 32
	// roughError is more than what a rough log is off: an eighth of the square of a step times the curvature (1/4), the
	// rest of the table's end, and what 32 bits round off.
	roughError = 1e-4
)

// logTable is log(1+exp(-x)) at steps of x.
var logTable = func() (table [12*logSteps + 1]float32) {
	for i := range table {
		table[i] = float32(math.Log1p(math.Exp(-float64(i) / logSteps)))
	}
	return table
}()

// Settled is the polarity that Settle chose with its strength in [-1, 1].
func (sc *Scorer) Settled() (sentiment.Label, float64) {
	return sc.settled, strength(sc.settled, [Classes]int32(sc.post[:Classes]))
}

// HasIntent reports whether intent i is given. The polarity that Settle chose speaks against intents only.
func (sc *Scorer) HasIntent(i int) bool {
	r := &sc.couple.intents[i]
	return float64(sc.post[sc.w.IntentTask(i)])/One+min(0, r.with[sc.settled]-r.without[sc.settled]) > 0
}

// AboutSettled decides the polarity of a topic with the given scores, with the polarity that Settle chose.
func (sc *Scorer) AboutSettled(p [Classes]int32) (sentiment.Label, float64) {
	for k := range p {
		p[k] += int32(aboutShare * One * sc.couple.topics[sc.settled][k])
	}
	return decide(p)
}
