package model

import (
	"math"

	"voc/analyze/sentiment"
)

// together counts how often the labelled posts of corpus carry an intent with each polarity: neutral, positive,
// negative, mixed. Intents that are not here go with any polarity alike.
var together = map[string][Classes]float64{
	"answer":           {774, 61, 8, 1},
	"bug":              {0, 0, 2339, 109},
	"churn_risk":       {60, 3, 560, 33},
	"complaint":        {0, 0, 11929, 2448},
	"empathy":          {291, 38, 115, 2},
	"greeting":         {397, 24, 3, 1},
	"praise":           {0, 10638, 0, 2422},
	"promotion":        {360, 0, 0, 0},
	"question":         {2964, 10, 210, 4},
	"recommend":        {1, 436, 0, 11},
	"request":          {1457, 38, 302, 44},
	"resolution":       {3, 592, 0, 21},
	"success_story":    {0, 1629, 0, 109},
	"thanks":           {10, 599, 25, 16},
	"tip":              {443, 216, 13, 7},
	"upsell_signal":    {455, 85, 8, 6},
	"wants_to_connect": {411, 24, 5, 0},
}

// posts are all posts of each polarity, and about how often what a post of one polarity (row) says of a topic has another.
var (
	posts = [Classes]float64{10931, 13429, 13788, 2543}
	about = [Classes][Classes]float64{{7424, 0, 0, 0}, {76, 12238, 0, 0}, {42, 1, 14552, 0}, {7, 1374, 1491, 1054}}
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
	sc.chances = sc.chances[:0]
	for i, on := range intents {
		if on {
			z := float64(sc.post[sc.w.IntentTask(i)]) / One
			sc.chances = append(sc.chances, chance{z, logAdd(z, 0), &sc.couple.intents[i]})
		}
	}
	best, most := alone, math.Inf(-1)
	for s := range sentiment.Label(Classes) {
		if opposite(s, alone) {
			continue // the other tags can soften a polarity, not turn it round
		}
		sum := float64(sc.post[s]) / One
		for i := range sc.chances {
			c := &sc.chances[i]
			sum += intentShare * (logAdd(c.score+c.ratio.with[s], c.ratio.without[s]) - c.sum)
		}
		for i := range topics {
			sum += topicShare * agreement(&topics[i], &sc.couple.topics[s])
		}
		if sum > most {
			best, most = s, sum
		}
	}
	sc.settled = best
}

// chance is the score of an intent, the log of its odds' sum with the score of its absence, 0, and what a polarity
// changes.
type chance struct {
	score, sum float64
	ratio      *ratios
}

func opposite(a, b sentiment.Label) bool {
	return a == sentiment.Positive && b == sentiment.Negative || a == sentiment.Negative && b == sentiment.Positive
}

// agreement is the log of how well the scores of a topic go with a polarity of the post.
func agreement(p *[Classes]int32, ratio *[Classes]float64) float64 {
	given, sum := math.Inf(-1), math.Inf(-1)
	for k, v := range p {
		x := float64(v) / One
		sum = logAdd(sum, x)
		given = logAdd(given, x+ratio[k])
	}
	return given - sum
}

// logAdd is log(exp(a)+exp(b)).
func logAdd(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	return a + math.Log1p(math.Exp(b-a))
}

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
