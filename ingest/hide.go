package ingest

import (
	"voc/ingest/event"
	"voc/ingest/process"
)

// Every text of an event is either masked here and in process.Fill, or it is an id, which is stored as its source gives
// it because rows are joined by it; see Masker.ID. The ids of persons become pseudonyms in rows.go.

func (x *engine) hidePost(e *event.Post) {
	x.hideIDs(&e.PostID, &e.ThreadID, &e.ReplyTo, &e.Author.AccountID)
	x.hideTexts(&e.URL, &e.Source, &e.Channel, &e.Author.Level)
	e.Attributes = process.Values(e.Attributes, x.masker.Mask)
	for kind, n := range e.Reactions {
		if k := x.masker.Mask(kind); k != kind {
			delete(e.Reactions, kind)
			e.Reactions[k] += n
		}
	}
}

func (x *engine) hideActivity(a *event.Activity) {
	x.hideIDs(&a.EventID, &a.PostID, &a.Author.AccountID)
	x.hideTexts(&a.Kind, &a.Author.Level)
	a.Attributes = process.Values(a.Attributes, x.masker.Mask)
}

func (x *engine) hideSurvey(s *event.Survey) {
	x.hideIDs(&s.ResponseID, &s.SurveyID, &s.Author.AccountID)
	x.hideTexts(&s.Author.Level)
	s.Attributes = process.Values(s.Attributes, x.masker.Mask)
}

// hideAccount leaves names in attributes, of which csm_owner is meant to be read. The name of an account is masked where
// it is that of a person: companies that bear one keep theirs.
func (x *engine) hideAccount(a *event.Account) {
	x.hideIDs(&a.AccountID)
	x.hideTexts(&a.Name)
	a.Attributes = process.Values(a.Attributes, x.masker.Patterns)
}

func (x *engine) hideIDs(ids ...*string) {
	for _, id := range ids {
		*id = x.masker.ID(*id)
	}
}

func (x *engine) hideTexts(texts ...*string) {
	for _, s := range texts {
		*s = x.masker.Mask(*s)
	}
}
