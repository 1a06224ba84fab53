package model

import (
	"slices"
	"strings"
)

// saying numbers the features of a topic that can be told beforehand: two or three parts, of which only the last ones differ.
type saying uint8

// Where the sayings of each kind begin. A label counts 1, a label before a label Classes.
const (
	saidTopic, saidModel, saidClause saying = 0, Classes, 2 * Classes
	saidOnly, saidNothing            saying = 3 * Classes, 4 * Classes

	saidPair                                                         = saidNothing + Classes
	saidPostPair, saidClausePair, saidModelPair, saidOnlyPair saying = saidPair, saidPair + Classes*Classes, saidPair + 2*Classes*Classes, saidPair + 3*Classes*Classes

	saidModelMargin  = saidOnlyPair + Classes*Classes
	saidClauseMargin = saidModelMargin + Classes*marginSteps
	saidPlus         = saidClauseMargin + Classes*marginSteps
	saidMinus        = saidPlus + saying(len(thresholds))
	allSayings       = saidMinus + saying(len(thresholds))
)

// marginSteps is how many steps of a score margins name.
const marginSteps = 7

// sayingParts are the parts of the sayings.
var sayingParts = func() (list [allSayings][3]part) {
	topicLabel, modelLabel, clauseSays := partOf("topic"), partOf("model"), partOf("clause")
	onlyTopic := partOf("only topic")
	for i, a := range []part{topicLabel, modelLabel, clauseSays, onlyTopic, partOf("no opinion")} {
		for k, label := range labels {
			list[i*Classes+k] = [3]part{a, label}
		}
	}
	for i, a := range []part{partOf("post"), clauseSays, modelLabel, onlyTopic} {
		for k, label := range labels {
			for n, second := range labels {
				list[int(saidPair)+(i*Classes+k)*Classes+n] = [3]part{a, label, second}
			}
		}
	}
	for k, label := range labels {
		for n, m := range margins {
			list[int(saidModelMargin)+k*marginSteps+n] = [3]part{modelLabel, label, m}
			list[int(saidClauseMargin)+k*marginSteps+n] = [3]part{clauseSays, label, m}
		}
	}
	for i, t := range thresholdParts {
		list[int(saidPlus)+i], list[int(saidMinus)+i] = [3]part{topicLabel, plus, t}, [3]part{topicLabel, minus, t}
	}
	return list
}()

func (x saying) key() Key {
	p := &sayingParts[x]
	return aboutKey(&p[0], &p[1], &p[2])
}

func aboutKey(a, b, c *part) Key { return keyOf(kindAbout, a.hash, b.hash, c.hash) }

// addition is what a feature adds to the polarities of a topic. n is 0 when the weights do not know it, and else 1.
type addition struct {
	sum [Classes]int32
	n   int
}

func (w *Weights) addition(k Key) (a addition) {
	row := w.lookUp(k)
	if row < 0 {
		return a
	}
	a.n = 1
	for k := range a.sum {
		a.sum[k] = w.weightOf(row, w.AboutTask(Elsewhere)+k)
	}
	return a
}

// sayings fills said.
func (sc *Scorer) sayings(t *About, inside [Classes]int32) []saying {
	topic := saying(t.Sum.Label())
	rule := saying(sc.s.Sum.Label())
	label, _ := sc.Label()
	clauseLabel, _ := decide(inside)
	post, clause := saying(label), saying(clauseLabel)
	said := sc.said[:0]
	said = append(said, saidTopic+topic, saidPostPair+rule*Classes+topic, saidModel+post, saidClause+clause,
		saidClausePair+post*Classes+clause, saidModelPair+post*Classes+topic)
	if sc.single() {
		said = append(said, saidOnly+post, saidOnlyPair+post*Classes+topic)
	}
	if t.Sum.Plus == 0 && t.Sum.Minus == 0 {
		said = append(said, saidNothing+post)
	}
	for i, limit := range thresholds {
		if t.Sum.Plus >= limit {
			said = append(said, saidPlus+saying(i))
		}
		if t.Sum.Minus >= limit {
			said = append(said, saidMinus+saying(i))
		}
	}
	for k := range saying(Classes) {
		said = append(said, saidModelMargin+k*marginSteps+margin(sc.post[k]), saidClauseMargin+k*marginSteps+margin(inside[k]))
	}
	sc.said = said
	return said
}

// ownKeys are the features that name the topic.
func (sc *Scorer) ownKeys(t *About) [2]Key {
	id, label := partOf(t.ID), sc.postLabel()
	return [2]Key{aboutKey(&id, &none, &none), aboutKey(&id, label, &none)}
}

// postLabel is the polarity of the post as a part.
func (sc *Scorer) postLabel() *part {
	label, _ := sc.Label()
	return &labels[label]
}

// AboutKeys are the features of a topic that are not seen at a place: what the rules say about it, and what the model
// says of the post and of the topic's clauses. They are valid until the next call.
func (sc *Scorer) AboutKeys(t *About, inside [Classes]int32) []Key {
	sc.keys = sc.keys[:0]
	for _, x := range sc.sayings(t, inside) {
		p := &sayingParts[x]
		sc.key(&p[0], &p[1], &p[2])
		if x-saidModelPair < Classes*Classes {
			id := partOf(t.ID)
			sc.key(&id, &none, &none)
			sc.key(&id, sc.postLabel(), &none)
		}
	}
	return sc.keys
}

func (sc *Scorer) key(a, b, c *part) {
	k := aboutKey(a, b, c)
	sc.keys = append(sc.keys, k)
	if sc.namer != nil {
		sc.namer(k, strings.TrimSpace(kindNames[kindAbout]+" "+a.text+" "+b.text+" "+c.text))
	}
}

// AllAboutKeys are all keys that AboutKeys can give for the topics, sorted.
func AllAboutKeys(topics []string) []Key {
	var keys []Key
	for x := range allSayings {
		keys = append(keys, x.key())
	}
	for _, id := range topics {
		topic := partOf(id)
		keys = append(keys, aboutKey(&topic, &none, &none))
		for i := range labels {
			keys = append(keys, aboutKey(&topic, &labels[i], &none))
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// margins name the steps of a score.
var margins = partsOf([]string{"<-3", "<-1.5", "<-0.5", "±0.5", ">0.5", ">1.5", ">3"})

func margin(score int32) saying {
	return saying(step(int(score), -3*One, -One*3/2, -One/2, One/2, One*3/2, 3*One))
}

// single reports whether the rules found at most one topic.
func (sc *Scorer) single() bool {
	n := 0
	for i := range sc.s.Topics {
		if !child(sc.s.Topics[i].ID) {
			n++
		}
	}
	return n <= 1
}
