package analyze

import (
	"voc/analyze/model"
)

// modelWorker lets the model look at posts. It does nothing when the reader is nil.
type modelWorker struct {
	reader *model.Reader
	scorer *model.Scorer
}

func newModelWorker(a *Analyzer) modelWorker { return modelWorker{} }

func (m *modelWorker) begin() {
	if m.reader != nil {
		m.reader.Reset()
	}
}

func (m *modelWorker) read(field Field, f *model.Field) {
	if m.reader != nil {
		m.reader.Add(f)
	}
}

func (m *modelWorker) decide(w *Worker, in Input, out *Result) {
	if m.reader == nil {
		return
	}
	m.reader.Finish(model.Post{Reply: in.IsReply, Staff: in.AuthorRole == "staff", Sum: w.sum})
}

// A Collector tells what a model could learn from. It is for trainers.
type Collector struct {
	w      *Worker
	reader *model.Reader
}

// NewCollector makes a collector of the features of posts. The tags it sees are those of the rules alone.
func (a *Analyzer) NewCollector() *Collector {
	c := &Collector{w: a.NewWorker(), reader: model.NewReader(a.lex, nil)}
	c.w.model = modelWorker{reader: c.reader}
	return c
}

// Collect analyses a post with the rules and gives their result and the features. Both are overwritten by the next call.
func (c *Collector) Collect(in Input, rules *Result) *model.Sample {
	c.w.Analyze(in, rules)
	return c.reader.Sample()
}
