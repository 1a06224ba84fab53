package mask

import (
	"sync"

	"voc/ingest/privacy"
)

// Shared masks texts and replaces author ids for callers that run on many goroutines. It hands its workers around.
type Shared struct {
	workers sync.Pool
	authors *privacy.Pseudonymiser
	seen    func(Counts)
}

// NewShared makes a Shared over m. seen, when not nil, is called with the counts of every text in which something
// was masked; it is called from many goroutines.
func NewShared(m *Masker, seen func(Counts)) (*Shared, error) {
	authors, err := privacy.New(m.cfg.Key)
	if err != nil {
		return nil, err
	}
	s := &Shared{authors: authors, seen: seen}
	s.workers.New = func() any { return m.NewWorker() }
	return s, nil
}

// Mask gives the text with personal data replaced by tokens.
func (s *Shared) Mask(text string) string {
	if text == "" {
		return ""
	}
	w, ok := s.workers.Get().(*Worker)
	if !ok {
		panic("mask: the pool holds something that is no worker")
	}
	defer s.workers.Put(w)
	masked, counts := w.Mask(text)
	if s.seen != nil && counts != (Counts{}) {
		s.seen(counts)
	}
	return masked
}

// Pseudonym replaces the id of an author. Ids of authors are the affair of package privacy; Pseudonym of this package
// is for values inside of texts, and the two never meet.
func (s *Shared) Pseudonym(id string) string { return s.authors.Pseudonym(id) }
