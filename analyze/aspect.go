package analyze

import "voc/analyze/sentiment"

// AnalyzeAspect tells the polarity of what a post says about the runes [start, end) of its body, with its evidence.
// It does not use the taxonomy. A span outside of the body, or beyond the analysis limit, is Neutral.
func (w *Worker) AnalyzeAspect(in Input, start, end int) (Sentiment, []Evidence) {
	d := &w.doc
	w.parse(in.Body)
	w.ops = w.opinions.Opinions(w.ops[:0], d, sentiment.Context{Reply: in.IsReply, Staff: in.AuthorRole == "staff"})
	first, last := -1, -1
	for i := range d.Tokens {
		from, to := d.Original(i, i+1)
		if from < end && to > start {
			if first < 0 {
				first = i
			}
			last = i + 1
		}
	}
	if first < 0 {
		return Neutral, nil
	}
	sum, used := w.opinions.At(d, w.ops, first, last, nil)
	var evidence []Evidence
	for _, i := range used {
		evidence = append(evidence, w.evidence(FieldBody, w.ops[i].First, w.ops[i].End, w.ops[i].Rule))
	}
	return polarity(sum.Label()), evidence
}
