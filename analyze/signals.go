package analyze

import (
	"slices"
	"strings"
	"voc/analyze/emotion"
	"voc/analyze/entity"
	"voc/analyze/opinion"
)

// The kinds of signals. What their values look like is told in analyze/eval/gold/GUIDE.md; the value of an entity is its
// kind and value in the taxonomy, joined by a colon: competitor:ACME.
const (
	SignalEmotion = "emotion"
	SignalEffort  = "effort"
	SignalUnit    = "opinion_unit"
	SignalOutcome = "outcome"
	SignalAmount  = "amount"
	SignalEntity  = "entity"
)

// signalWorker finds signals with buffers of its own.
type signalWorker struct {
	buf      []byte
	values   strings.Builder
	emotions *emotion.Worker
	feelings []emotion.Found
	units    []opinion.Unit
	spell    opinion.Speller
	entities []entity.Found
}

// valuesSize is how many bytes of values share one piece of memory.
const valuesSize = 1 << 13

func newSignalWorker(a *Analyzer) signalWorker {
	return signalWorker{emotions: a.emotions.NewWorker()}
}

// value is s.buf as a string. It costs memory of its own once in many posts only.
func (s *signalWorker) value() string {
	if s.values.Len()+len(s.buf) > s.values.Cap() {
		s.values.Reset()
		s.values.Grow(max(valuesSize, len(s.buf)))
	}
	at := s.values.Len()
	s.values.Write(s.buf)
	return s.values.String()[at:]
}

// addSignals adds the signals of the parsed field.
func (w *Worker) addSignals(field Field, out *Result) {
	w.addNumbers(field, out)
	w.signals.feelings = w.signals.emotions.Find(w.signals.feelings[:0], &w.doc, w.ops)
	for _, f := range w.signals.feelings {
		kind := SignalEmotion
		if f.Effort {
			kind = SignalEffort
		}
		addSignal(out, kind, f.Value, w.evidence(field, f.First, f.End, f.Rule))
	}
	w.signals.entities = w.a.entities.Find(w.signals.entities[:0], &w.doc)
	for _, f := range w.signals.entities {
		addSignal(out, SignalEntity, f.Value, w.evidence(field, f.First, f.End, f.Rule))
	}
	w.signals.units = opinion.Find(w.signals.units[:0], &w.doc)
	for i := range w.signals.units {
		u := &w.signals.units[i]
		w.signals.buf = u.Append(w.signals.buf[:0], &w.doc, w.signals.spell)
		addSignal(out, SignalUnit, w.signals.value(), w.evidence(field, u.First, u.End, "unit"))
	}
}

// addNumbers adds the outcomes and amounts.
func (w *Worker) addNumbers(field Field, out *Result) {
	changes, amounts := w.opinions.Numbers()
	for i := range changes {
		c := &changes[i]
		from, to := w.doc.Text.Original(c.Start, c.End)
		addSignal(out, SignalOutcome, c.Value, w.span(field, from, to, "number:change"))
	}
	for i := range amounts {
		a := &amounts[i]
		from, to := w.doc.Text.Original(a.Start, a.End)
		w.signals.buf = a.Append(w.signals.buf[:0])
		addSignal(out, SignalAmount, w.signals.value(), w.span(field, from, to, "number:amount"))
	}
}

// addSignal adds e to the signal of the kind and value.
func addSignal(out *Result, kind, value string, e Evidence) {
	for i := range out.Signals {
		if s := &out.Signals[i]; s.Kind == kind && s.Value == value {
			// Signals are found in the order of the text, so only the last span can be the same.
			if s.Evidence[len(s.Evidence)-1] != e {
				s.Evidence = append(s.Evidence, e)
			}
			return
		}
	}
	if n := len(out.Signals); n < cap(out.Signals) {
		out.Signals = out.Signals[:n+1]
		s := &out.Signals[n]
		s.Kind, s.Value, s.Evidence = kind, value, append(s.Evidence[:0], e)
		return
	}
	out.Signals = append(out.Signals, Signal{Kind: kind, Value: value, Evidence: []Evidence{e}})
}

func sortSignals(list []Signal) {
	for i := range list {
		sortEvidence(list[i].Evidence)
	}
	slices.SortFunc(list, func(a, b Signal) int {
		if c := strings.Compare(a.Kind, b.Kind); c != 0 {
			return c
		}
		return strings.Compare(a.Value, b.Value)
	})
}
