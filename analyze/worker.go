package analyze

import (
	"math"
	"slices"
	"strings"

	"voc/analyze/intent"
	"voc/analyze/model"
	"voc/analyze/parse"
	"voc/analyze/sentiment"
	"voc/analyze/topic"
)

// Worker analyses posts with buffers of its own. Use one per goroutine.
type Worker struct {
	a        *Analyzer
	parser   *parse.Worker
	opinions *sentiment.Worker
	topics   *topic.Worker
	intents  *intent.Worker
	doc      parse.Doc
	ops      []sentiment.Opinion
	sum      sentiment.Sum
	topicSum []sentiment.Sum // of the topics of the result, until they are put in order
	// text is the field being read and at the byte offset of each of its runes, with its length behind.
	text    string
	at      []int32
	invalid bool
	signals signalWorker
	model   modelWorker
}

// NewWorker makes a worker.
func (a *Analyzer) NewWorker() *Worker {
	w := &Worker{a: a, parser: a.parser.NewWorker(), opinions: a.opinions.NewWorker(),
		topics: a.topics.NewWorker(), intents: a.intents.NewWorker(), signals: newSignalWorker(a)}
	w.model = newModelWorker(a)
	w.signals.spell = func(first, end int) string { return w.evidence(FieldBody, first, end, "").Text }
	return w
}

// Analyze overwrites out with what it finds in the post. It accepts any bytes and never fails. Title and body are
// read one after the other; what both say adds up.
func (w *Worker) Analyze(in Input, out *Result) {
	*out = Result{Evidence: out.Evidence[:0], Topics: out.Topics[:0], Intents: out.Intents[:0], Signals: out.Signals[:0], Flags: out.Flags[:0]}
	w.sum = sentiment.Sum{}
	w.topicSum = w.topicSum[:0]
	w.model.begin()
	if in.Title != "" {
		w.field(in, FieldTitle, in.Title, out)
	}
	w.field(in, FieldBody, in.Body, out)
	w.finish(in, out)
}

// field analyses one text of the post.
func (w *Worker) field(in Input, field Field, text string, out *Result) {
	d := &w.doc
	w.parse(text)
	if d.Text.Truncated {
		addFlag(out, FlagTruncated)
	}
	if d.Text.Invalid {
		addFlag(out, FlagInvalidUTF8)
	}
	w.ops = w.opinions.Opinions(w.ops[:0], d, sentiment.Context{Reply: in.IsReply, Staff: in.AuthorRole == "staff"})
	for i := range w.ops {
		o := &w.ops[i]
		if o.Score == 0 {
			continue
		}
		w.sum.Add(o.Score, sentiment.Weight(d, o))
		if len(out.Evidence) < 2*maxEvidence {
			out.Evidence = append(out.Evidence, w.evidence(field, o.First, o.End, o.Rule))
		}
	}
	post := intent.Post{Reply: in.IsReply, Staff: in.AuthorRole == "staff"}
	grammar := w.intents.Grammar(d, w.ops, post)
	topics := w.topics.Find(d, w.ops, grammar)
	w.addTopics(field, out, topics)
	intents := w.intents.Find(d, grammar)
	for _, m := range intents {
		addIntent(out, m.Tag, w.evidence(field, m.First, m.End, m.Rule))
	}
	w.model.read(field, &model.Field{Doc: d, Opinions: w.ops, Grammar: grammar, Matches: w.topics.Matches, Found: topics, Intents: intents})
	w.addSignals(field, out)
}

// parse fills w.doc with the parsed text and remembers where its runes lie.
func (w *Worker) parse(text string) {
	w.parser.Parse(&w.doc, text, w.a.maxRunes)
	w.text, w.invalid, w.at = text, w.doc.Text.Invalid, w.doc.Text.Origin
}

// evidence is the span of the given text behind the tokens [first, end).
func (w *Worker) evidence(field Field, first, end int, rule string) Evidence {
	from, to := w.doc.Original(first, end)
	return w.span(field, from, to, rule)
}

// span is the span of the given text at the runes [from, to). Its text shares the memory of the field.
func (w *Worker) span(field Field, from, to int, rule string) Evidence {
	to = min(to, len(w.at)-1)
	from = min(from, to)
	text := w.text[w.at[from]:w.at[to]]
	if w.invalid {
		text = string([]rune(text)) // one U+FFFD for each byte that is not UTF-8, as the offsets count them
	}
	return Evidence{Start: from, End: to, Text: text, Rule: rule, Field: field}
}

func (w *Worker) addTopics(field Field, out *Result, found []topic.Found) {
	for i := range found {
		f := &found[i]
		k := topicOf(out, f.ID)
		if k == len(w.topicSum) {
			w.topicSum = append(w.topicSum, sentiment.Sum{})
		}
		w.topicSum[k].Merge(f.Sum)
		t := &out.Topics[k]
		for _, m := range f.Matches {
			match := &w.topics.Matches[m]
			t.Evidence = appendEvidence(t.Evidence, w.evidence(field, match.First, match.End, match.Rule))
		}
		for _, k := range f.Opinions {
			if o := &w.ops[k]; o.Score != 0 {
				t.Evidence = appendEvidence(t.Evidence, w.evidence(field, o.First, o.End, o.Rule))
			}
		}
	}
}

// topicOf is the place of a topic, which is added when it is not there.
func topicOf(out *Result, id string) int {
	for i := range out.Topics {
		if out.Topics[i].ID == id {
			return i
		}
	}
	addTopic(out, id)
	return len(out.Topics) - 1
}

// addTopic adds a topic without evidence, in the memory of one of an earlier post.
func addTopic(out *Result, id string) *Topic {
	n := len(out.Topics)
	if n == cap(out.Topics) {
		out.Topics = append(out.Topics, Topic{})
	}
	out.Topics = out.Topics[:n+1]
	t := &out.Topics[n]
	*t = Topic{ID: id, Evidence: t.Evidence[:0]}
	return t
}

// newIntent adds an intent without evidence, in the memory of one of an earlier post.
func newIntent(out *Result, id string) *Intent {
	n := len(out.Intents)
	if n == cap(out.Intents) {
		out.Intents = append(out.Intents, Intent{})
	}
	out.Intents = out.Intents[:n+1]
	x := &out.Intents[n]
	*x = Intent{ID: id, Evidence: x.Evidence[:0]}
	return x
}

// keepOnly drops the elements of list that keep refuses. Their memory stays behind the end for those to come.
func keepOnly[T any](list []T, keep func(*T) bool) []T {
	n := 0
	for i := range list {
		if keep(&list[i]) {
			list[n], list[i] = list[i], list[n]
			n++
		}
	}
	return list[:n]
}

func addIntent(out *Result, id string, e Evidence) {
	for i := range out.Intents {
		if out.Intents[i].ID == id {
			out.Intents[i].Evidence = appendEvidence(out.Intents[i].Evidence, e)
			return
		}
	}
	x := newIntent(out, id)
	x.Evidence = append(x.Evidence, e)
}

// maxEvidence is how many spans a tag shows. A post that repeats one phrase a thousand times needs no thousand spans.
const maxEvidence = 40

func appendEvidence(list []Evidence, e Evidence) []Evidence {
	if len(list) >= maxEvidence {
		return list
	}
	for i := range list {
		if list[i] == e {
			return list
		}
	}
	return append(list, e)
}

func addFlag(out *Result, flag string) {
	for _, f := range out.Flags {
		if f == flag {
			return
		}
	}
	out.Flags = append(out.Flags, flag)
}

// finish decides the polarities and puts everything in order.
func (w *Worker) finish(in Input, out *Result) {
	out.Sentiment, out.Score = polarity(w.sum.Label()), round(w.sum.Score())
	for i := range out.Topics {
		t, sum := &out.Topics[i], &w.topicSum[i]
		t.Sentiment, t.Score = polarity(sum.Label()), round(sum.Score())
	}
	w.correct(in, out)
	for i := range out.Topics {
		sortEvidence(out.Topics[i].Evidence)
	}
	for i := range out.Intents {
		sortEvidence(out.Intents[i].Evidence)
	}
	sortEvidence(out.Evidence)
	sortSignals(out.Signals)
	slices.SortFunc(out.Topics, func(a, b Topic) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(out.Intents, func(a, b Intent) int { return strings.Compare(a.ID, b.ID) })
	slices.Sort(out.Flags)
}

func sortEvidence(list []Evidence) {
	if len(list) < 2 {
		return
	}
	slices.SortStableFunc(list, func(a, b Evidence) int {
		switch {
		case a.Field != b.Field:
			return strings.Compare(string(b.Field), string(a.Field)) // the title comes first
		case a.Start != b.Start:
			return a.Start - b.Start
		case a.End != b.End:
			return a.End - b.End
		}
		return strings.Compare(a.Rule, b.Rule)
	})
}

func polarity(l sentiment.Label) Sentiment {
	switch l {
	case sentiment.Positive:
		return Positive
	case sentiment.Negative:
		return Negative
	case sentiment.Mixed:
		return Mixed
	}
	return Neutral
}

// round keeps two decimals, so that results print alike everywhere.
func round(x float64) float64 { return math.Round(x*100) / 100 }
