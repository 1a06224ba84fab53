package analyze

import (
	"cmp"
	"slices"

	"voc/analyze/model"
	"voc/analyze/sentiment"
)

// Verdict is what the linear model says about one tag: log odds that are the sum of Bias and the weights of everything
// seen, times Scale. From 0 on a topic or an intent is given; of the polarities the highest is.
type Verdict struct {
	// Kind is sentiment, topic, polarity (of a topic) or intent; Tag is the polarity, the id, or topic:polarity.
	Kind string `json:"kind"`
	Tag  string `json:"tag"`
	// Rules says whether the rules alone give the tag, Given whether the model does.
	Rules bool    `json:"rules"`
	Given bool    `json:"given"`
	Score float64 `json:"score"`
	Bias  float64 `json:"bias"`
	Scale float64 `json:"scale"`
	// Reasons are what was seen, the strongest first.
	Reasons []Reason `json:"reasons"`
}

// Reason is a thing seen in the post with its weight for (> 0) or against (< 0) a tag.
type Reason struct {
	Feature string  `json:"feature"`
	Text    string  `json:"text,omitempty"` // the words that carry it
	Weight  float64 `json:"weight"`
}

// verdicts explains the tags of the model that are given, and those it takes from the rules.
func (a *Analyzer) verdicts(in Input, out *Result) []Verdict {
	if a.learned == nil {
		return nil
	}
	var rules Result
	a.RulesAlone().NewWorker().Analyze(in, &rules)
	w := a.NewWorker()
	w.model.reader.Name()
	w.model.scorer.Name(w.model.reader)
	w.Analyze(in, out)
	v := &verdictWriter{w: w, in: in}
	l, sc, sample := a.learned, w.model.scorer, w.model.reader.Sample()
	for k := sentiment.Label(0); k < model.Classes; k++ {
		tag := polarity(k)
		if given := out.Sentiment == tag; given || rules.Sentiment == tag {
			reasons, bias := sc.Reasons(int(k))
			v.add(Verdict{Kind: "sentiment", Tag: string(tag), Rules: rules.Sentiment == tag, Given: given}, reasons, bias, sc.Score(int(k)), true)
		}
	}
	for i, id := range l.weights.Topics {
		before := slices.ContainsFunc(rules.Topics, func(t Topic) bool { return under(t.ID, id) })
		at := slices.IndexFunc(out.Topics, func(t Topic) bool { return t.ID == id })
		if !l.topics[i] || !before && at < 0 {
			continue
		}
		task := l.weights.TopicTask(i)
		reasons, bias := sc.Reasons(task)
		v.add(Verdict{Kind: "topic", Tag: id, Rules: before, Given: at >= 0}, reasons, bias, sc.Score(task), false)
		if at < 0 {
			continue
		}
		about := sample.About(id)
		if about == nil {
			about, _ = sc.Learned(i)
		}
		scores := sc.Scores(about)
		for k := sentiment.Label(0); k < model.Classes; k++ {
			if polarity(k) != out.Topics[at].Sentiment {
				continue
			}
			was := slices.ContainsFunc(rules.Topics, func(t Topic) bool { return t.ID == id && t.Sentiment == polarity(k) })
			reasons, bias := sc.AboutReasons(about, k)
			v.add(Verdict{Kind: "polarity", Tag: id + ":" + string(polarity(k)), Rules: was, Given: true}, reasons, bias, scores[k], true)
		}
	}
	for i, id := range l.weights.Intents {
		before := slices.ContainsFunc(rules.Intents, func(x Intent) bool { return x.ID == id })
		given := slices.ContainsFunc(out.Intents, func(x Intent) bool { return x.ID == id })
		if l.intents[i] && (before || given) {
			task := l.weights.IntentTask(i)
			reasons, bias := sc.Reasons(task)
			v.add(Verdict{Kind: "intent", Tag: id, Rules: before, Given: given}, reasons, bias, sc.Score(task), false)
		}
	}
	return v.list
}

type verdictWriter struct {
	w    *Worker
	in   Input
	list []Verdict
}

func (vw *verdictWriter) add(v Verdict, reasons []model.Reason, bias, score int32, polar bool) {
	v.Score, v.Bias, v.Scale = float64(score)/model.One, float64(bias)/model.One, 1
	if polar {
		v.Scale = model.Factor(len(reasons))
	}
	m := &vw.w.model
	for _, r := range reasons {
		if r.Weight == 0 {
			continue
		}
		x := Reason{Feature: m.reader.NameOf(r.Key), Weight: float64(r.Weight) / model.One}
		if r.First < r.End {
			first, last := vw.w.place(r.First), vw.w.place(r.End-1)
			x.Text = vw.w.spanOf(vw.in, first.field(), int(first.from), int(max(first.from, last.to)), "").Text
		}
		v.Reasons = append(v.Reasons, x)
	}
	slices.SortStableFunc(v.Reasons, func(a, b Reason) int { return cmp.Compare(max(b.Weight, -b.Weight), max(a.Weight, -a.Weight)) })
	vw.list = append(vw.list, v)
}
