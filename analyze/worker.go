package analyze

import (
	"math"
	"sort"

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
	topicSum map[string]sentiment.Sum
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
		topics: a.topics.NewWorker(), intents: a.intents.NewWorker(), topicSum: map[string]sentiment.Sum{}, signals: newSignalWorker(a)}
	w.model = newModelWorker(a)
	w.signals.spell = func(first, end int) string { return w.evidence(FieldBody, first, end, "").Text }
	return w
}

// Analyze overwrites out with what it finds in the post. It accepts any bytes and never fails. Title and body are
// read one after the other; what both say adds up.
func (w *Worker) Analyze(in Input, out *Result) {
	*out = Result{Evidence: out.Evidence[:0], Topics: out.Topics[:0], Intents: out.Intents[:0], Signals: out.Signals[:0], Flags: out.Flags[:0]}
	w.sum = sentiment.Sum{}
	clear(w.topicSum)
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
	w.text, w.invalid, w.at = text, w.doc.Text.Invalid, w.at[:0]
	for i := range text {
		w.at = append(w.at, int32(i))
	}
	w.at = append(w.at, int32(len(text)))
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
		t := topicOf(out, f.ID)
		sum := w.topicSum[f.ID]
		sum.Merge(f.Sum)
		w.topicSum[f.ID] = sum
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

func topicOf(out *Result, id string) *Topic {
	for i := range out.Topics {
		if out.Topics[i].ID == id {
			return &out.Topics[i]
		}
	}
	out.Topics = append(out.Topics, Topic{ID: id})
	return &out.Topics[len(out.Topics)-1]
}

func addIntent(out *Result, id string, e Evidence) {
	for i := range out.Intents {
		if out.Intents[i].ID == id {
			out.Intents[i].Evidence = appendEvidence(out.Intents[i].Evidence, e)
			return
		}
	}
	out.Intents = append(out.Intents, Intent{ID: id, Evidence: []Evidence{e}})
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
		t := &out.Topics[i]
		sum := w.topicSum[t.ID]
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
	sort.Slice(out.Topics, func(i, j int) bool { return out.Topics[i].ID < out.Topics[j].ID })
	sort.Slice(out.Intents, func(i, j int) bool { return out.Intents[i].ID < out.Intents[j].ID })
	sort.Strings(out.Flags)
}

func sortEvidence(list []Evidence) {
	sort.SliceStable(list, func(i, j int) bool {
		a, b := &list[i], &list[j]
		switch {
		case a.Field != b.Field:
			return a.Field > b.Field // the title comes first
		case a.Start != b.Start:
			return a.Start < b.Start
		case a.End != b.End:
			return a.End < b.End
		}
		return a.Rule < b.Rule
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
