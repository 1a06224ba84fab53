package intent

import (
	"voc/analyze/parse"
	"voc/analyze/taxonomy"
)

// reconcile removes what other intents explain better.
//
//   - A fault that is only reported (bug) is no complaint: the complaint needs annoyance or another clause.
//   - Good news of one's own use (success_story) and a problem that is solved (resolution) are praise only when a word
//     of praise is there, which the grammar word praising has checked already for their clauses.
//   - A pitch praises nobody, recommends nothing to a peer and asks for nothing.
//   - A reply is an answer when nothing else was found in it, or when it advises.
//   - Who is looking for people to talk to (wants_to_connect) asks no question and makes no request.
func (w *Worker) reconcile(d *parse.Doc) {
	clear(w.has)
	for i := range w.matches {
		if i == 0 || w.matches[i].Tag != w.matches[i-1].Tag {
			w.has[w.matches[i].Tag] = true
		}
	}
	has := w.has
	annoyed := len(w.grammar) > 0 && w.grammar[0]&taxonomy.Annoyed != 0
	w.keep(func(m *taxonomy.Match) bool {
		switch m.Tag {
		case "complaint":
			return !(has["bug"] && !annoyed && w.sameClause(m, "bug")) && !has["promotion"]
		case "praise", "recommend", "success_story", "upsell_signal", "thanks", "request", "tip", "question", "wants_to_connect":
			if has["promotion"] {
				return false
			}
		}
		if has["wants_to_connect"] && (m.Tag == "question" || m.Tag == "request") && w.sameSentence(d, m, "wants_to_connect") {
			return false
		}
		if m.Tag == "answer" && m.Rule == "answer.reply" {
			return !has["thanks"] && !has["empathy"] && !has["resolution"] && !has["question"] && !has["greeting"] && !has["wants_to_connect"] &&
				!has["praise"] && !has["complaint"] && !has["churn_risk"] && !has["request"] && !has["success_story"] && !has["recommend"]
		}
		if m.Tag == "tip" && has["answer"] {
			return false
		}
		return true
	})
}

func (w *Worker) keep(ok func(m *taxonomy.Match) bool) {
	out := 0
	for i := range w.matches {
		if ok(&w.matches[i]) {
			w.matches[out] = w.matches[i]
			out++
		}
	}
	w.matches = w.matches[:out]
}

func (w *Worker) sameClause(m *taxonomy.Match, tag string) bool {
	for i := range w.matches {
		if o := &w.matches[i]; o.Tag == tag && o.Clause == m.Clause {
			return true
		}
	}
	return false
}

func (w *Worker) sameSentence(d *parse.Doc, m *taxonomy.Match, tag string) bool {
	for i := range w.matches {
		if o := &w.matches[i]; o.Tag == tag && d.Clauses[o.Clause].Sentence == d.Clauses[m.Clause].Sentence {
			return true
		}
	}
	return false
}
