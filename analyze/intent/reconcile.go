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
	var has kinds
	for i := range w.matches {
		if i == 0 || w.matches[i].Tag != w.matches[i-1].Tag {
			has |= kindOf(w.matches[i].Tag)
		}
	}
	annoyed := len(w.grammar) > 0 && w.grammar[0]&taxonomy.Annoyed != 0
	w.keep(func(m *taxonomy.Match) bool {
		kind := kindOf(m.Tag)
		switch {
		case kind == complaint:
			return !(has&bug != 0 && !annoyed && w.sameClause(m, "bug")) && has&promotion == 0
		case kind&(praise|recommend|successStory|upsellSignal|thanks|request|tip|question|wantsToConnect) != 0:
			if has&promotion != 0 {
				return false
			}
		}
		if has&wantsToConnect != 0 && kind&(question|request) != 0 && w.sameSentence(d, m, "wants_to_connect") {
			return false
		}
		if kind == answer && m.Rule == "answer.reply" {
			return has&(thanks|empathy|resolution|question|greeting|wantsToConnect|praise|complaint|churnRisk|request|successStory|recommend) == 0
		}
		return kind != tip || has&answer == 0
	})
}

// kinds is a set of the intents that say something about others.
type kinds uint32

const (
	complaint kinds = 1 << iota
	bug
	promotion
	praise
	recommend
	successStory
	upsellSignal
	thanks
	request
	tip
	question
	wantsToConnect
	answer
	empathy
	resolution
	greeting
	churnRisk
)

func kindOf(tag string) kinds {
	switch tag {
	case "complaint":
		return complaint
	case "bug":
		return bug
	case "promotion":
		return promotion
	case "praise":
		return praise
	case "recommend":
		return recommend
	case "success_story":
		return successStory
	case "upsell_signal":
		return upsellSignal
	case "thanks":
		return thanks
	case "request":
		return request
	case "tip":
		return tip
	case "question":
		return question
	case "wants_to_connect":
		return wantsToConnect
	case "answer":
		return answer
	case "empathy":
		return empathy
	case "resolution":
		return resolution
	case "greeting":
		return greeting
	case "churn_risk":
		return churnRisk
	}
	return 0
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
