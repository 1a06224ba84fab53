package analyze

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"voc/analyze/model"
	"voc/analyze/sentiment"
	"voc/analyze/taxonomy"
)

// learned is the part of an Analyzer that the model has: its weights and which of its tags the taxonomy leaves to it.
type learned struct {
	weights *model.Weights
	// topics and intents tell, for every tag of the weights, whether the taxonomy leaves it to the model.
	topics, intents []bool
	// topicRules and intentRules are how evidence names the model.
	topicRules, intentRules []string
}

// newLearned finds the tags of a taxonomy that the model decides.
func newLearned(w *model.Weights, file *taxonomy.File) (*learned, error) {
	l := &learned{weights: w, topics: make([]bool, len(w.Topics)), intents: make([]bool, len(w.Intents))}
	for _, id := range w.Topics {
		l.topicRules = append(l.topicRules, "model:topic/"+id)
	}
	for _, id := range w.Intents {
		l.intentRules = append(l.intentRules, "model:intent/"+id)
	}
	mark := func(kind string, tags []taxonomy.Tag, known []string, on []bool) (err error) {
		taxonomy.Walk(tags, func(t *taxonomy.Tag, _ string) {
			if !t.Learned {
				return
			}
			i := slices.Index(known, t.ID)
			if i < 0 {
				err = fmt.Errorf("%s %s says learned, but the model that ships with voc knows only %s", kind, t.ID, strings.Join(known, ", "))
				return
			}
			on[i] = true
		})
		return err
	}
	if err := mark("topic", file.Topics, w.Topics, l.topics); err != nil {
		return nil, err
	}
	if err := mark("intent", file.Intents, w.Intents, l.intents); err != nil {
		return nil, err
	}
	return l, nil
}

// place is where a word of the post stands in its field, in runes of the given text.
type place struct {
	from, to int32
	title    bool
}

func (p place) field() Field {
	if p.title {
		return FieldTitle
	}
	return FieldBody
}

// modelWorker lets the model look at posts. It does nothing when the reader is nil.
type modelWorker struct {
	reader *model.Reader
	// scorer is nil while features are only collected.
	scorer *model.Scorer
	// title are the places of the words of the title, which come before those of the body.
	title []place
	// about are the scores of the topics at the places at of the result; learned those that only the model found.
	about, learned [][model.Classes]int32
	at             []int
}

func newModelWorker(a *Analyzer) modelWorker {
	if a.learned == nil {
		return modelWorker{}
	}
	return modelWorker{reader: model.NewReader(a.lex, a.assoc, a.learned.weights), scorer: model.NewScorer(a.learned.weights)}
}

func (m *modelWorker) begin() {
	if m.reader != nil {
		m.reader.Reset()
		m.title = m.title[:0]
	}
}

func (m *modelWorker) read(field Field, f *model.Field) {
	if m.reader == nil {
		return
	}
	m.reader.Add(f)
	if field != FieldTitle {
		return
	}
	for i := range f.Doc.Tokens {
		from, to := f.Doc.Original(i, i+1)
		m.title = append(m.title, place{int32(from), int32(to), true})
	}
}

// place is where a word of the post stands. The body must be the field read last.
func (w *Worker) place(word int32) place {
	i := int(word) - len(w.model.title)
	if i < 0 {
		return w.model.title[word]
	}
	from, to := w.doc.Original(i, i+1)
	return place{int32(from), int32(to), false}
}

// correct lets the model have its say on what the rules found.
func (w *Worker) correct(in Input, out *Result) {
	m := &w.model
	if m.reader == nil {
		return
	}
	sample := m.reader.Finish(model.Post{Reply: in.IsReply, Staff: in.AuthorRole == "staff", Sum: w.sum})
	if m.scorer == nil {
		return
	}
	m.scorer.Read(sample)
	w.correctTopics(in, out, sample)
	m.scorer.Settle(m.about, w.a.learned.intents)
	w.correctSentiment(in, out)
	for i := range m.at {
		t := &out.Topics[m.at[i]]
		label, score := m.scorer.AboutSettled(m.about[i])
		t.Sentiment, t.Score = polarity(label), round(score)
	}
	w.correctIntents(in, out)
}

// sideClear is the balance from which the opinions of the rules show one side of a polarity.
const sideClear = 0.45

func (w *Worker) correctSentiment(in Input, out *Result) {
	label, score := w.model.scorer.Settled()
	before := len(out.Evidence)
	ok := true
	for _, side := range [...]struct {
		label sentiment.Label
		found float64
		rule  string
	}{{sentiment.Positive, w.sum.Plus, "model:sentiment/positive"}, {sentiment.Negative, w.sum.Minus, "model:sentiment/negative"}} {
		if label != side.label && label != sentiment.Mixed || side.found >= sideClear {
			continue
		}
		spans := w.model.scorer.Words(int(side.label))
		if len(spans) == 0 && label == sentiment.Mixed {
			spans = w.model.scorer.Words(int(label))
		}
		ok = ok && len(spans) > 0
		out.Evidence = w.addSpans(in, out.Evidence, spans, side.rule)
	}
	if !ok {
		out.Evidence = out.Evidence[:before] // no word shows the polarity, so it stays that of the rules
		return
	}
	out.Sentiment, out.Score = polarity(label), round(score)
}

func (w *Worker) addSpans(in Input, dst []Evidence, spans []model.Span, rule string) []Evidence {
	for _, s := range spans {
		first, last := w.place(s.First), w.place(s.End-1)
		if first.title != last.title {
			last = first
		}
		dst = appendEvidence(dst, w.spanOf(in, first.field(), int(first.from), int(last.to), rule))
	}
	return dst
}

// spanOf is span for any field of the post.
func (w *Worker) spanOf(in Input, field Field, from, to int, rule string) Evidence {
	if field == FieldBody {
		return w.span(field, from, to, rule)
	}
	text, at, invalid := w.text, w.at, w.invalid
	w.text, w.invalid, w.at = in.Title, !utf8.ValidString(in.Title), nil
	for i := range in.Title {
		w.at = append(w.at, int32(i))
	}
	w.at = append(w.at, int32(len(in.Title)))
	e := w.span(field, from, to, rule)
	w.text, w.at, w.invalid = text, at, invalid
	return e
}

// correctTopics settles which topics the post has, and leaves the scores of their polarities in the modelWorker.
func (w *Worker) correctTopics(in Input, out *Result, sample *model.Sample) {
	l, sc, m := w.a.learned, w.model.scorer, &w.model
	m.about, m.at = m.about[:0], m.at[:0]
	for i, id := range l.weights.Topics {
		if !l.topics[i] {
			continue
		}
		found := false
		for k := range out.Topics {
			found = found || under(out.Topics[k].ID, id)
		}
		switch has := sc.Has(l.weights.TopicTask(i)); {
		case found && !has:
			out.Topics = keepOnly(out.Topics, func(t *Topic) bool { return !under(t.ID, id) })
		case !found && has:
			if about, spans := sc.Learned(i); about != nil {
				t := addTopic(out, id)
				t.Evidence = w.addSpans(in, t.Evidence, spans, l.topicRules[i])
				m.learned = append(m.learned, sc.Scores(about))
			}
		}
	}
	n := 0
	for k := range out.Topics {
		t := &out.Topics[k]
		if !l.decides(t.ID) {
			continue
		}
		if about := sample.About(t.ID); about != nil {
			m.about = append(m.about, sc.Scores(about))
		} else {
			m.about = append(m.about, m.learned[n])
			n++
		}
		m.at = append(m.at, k)
	}
	m.learned = m.learned[:0]
}

// decides reports whether the model decides about a topic.
func (l *learned) decides(id string) bool {
	for i, top := range l.weights.Topics {
		if l.topics[i] && under(id, top) {
			return true
		}
	}
	return false
}

// under reports whether a topic is another one or stands below it.
func under(id, top string) bool {
	return strings.HasPrefix(id, top) && (len(id) == len(top) || id[len(top)] == '/')
}

func (w *Worker) correctIntents(in Input, out *Result) {
	l, sc := w.a.learned, w.model.scorer
	for i, id := range l.weights.Intents {
		if !l.intents[i] {
			continue
		}
		at := slices.IndexFunc(out.Intents, func(x Intent) bool { return x.ID == id })
		switch has := sc.HasIntent(i); {
		case at >= 0 && !has:
			out.Intents = keepOnly(out.Intents, func(x *Intent) bool { return x.ID != id })
		case at < 0 && has:
			if spans := sc.Words(l.weights.IntentTask(i)); len(spans) > 0 {
				x := newIntent(out, id)
				x.Evidence = w.addSpans(in, x.Evidence, spans, l.intentRules[i])
			}
		}
	}
}

// A Collector tells what a model could learn from. It is for trainers.
type Collector struct {
	w      *Worker
	reader *model.Reader
}

// NewCollector makes a collector of the features of posts. The tags it sees are those of the rules alone.
func (a *Analyzer) NewCollector() *Collector {
	c := &Collector{w: a.NewWorker(), reader: model.NewReader(a.lex, a.assoc, nil)}
	c.w.model = modelWorker{reader: c.reader}
	return c
}

// Collect analyses a post with the rules and gives their result and the features. Both are overwritten by the next call.
func (c *Collector) Collect(in Input, rules *Result) *model.Sample {
	c.w.Analyze(in, rules)
	return c.reader.Sample()
}
