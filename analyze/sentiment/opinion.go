// Package sentiment finds opinions: which words of a text praise or blame, after negation, contrast, wishes,
// conditions, comparison and hearsay have been taken into account, and of what.
//
// It owns polarity. It does not know topics or intents; it says of which chunk an opinion is, and analyze/topic
// asks it about spans. Its callers are analyze/topic, analyze/intent and the root package.
package sentiment

import "voc/analyze/parse"

// Flag says how an opinion is meant.
type Flag uint32

// The flags.
const (
	Negation    Flag = 1 << iota // the polarity was turned by a negation
	Wished                       // wished for, so not (yet) so
	Asked                        // inside a question
	Supposed                     // inside a condition
	Reported                     // somebody else's words
	Former                       // how it was before
	Implied                      // no word praises or blames; the event does
	Thanks                       // the thanks of a polite closing
	Absent                       // something is missing
	Compared                     // turned by a comparison
	Event                        // tells of an event rather than evaluates
	Expectation                  // looks forward
	Stance                       // tells of leaving or returning a thing, whose denial is no praise
)

// Opinion is one piece of praise (Score > 0) or blame (Score < 0).
type Opinion struct {
	// First and End are the tokens that carry the opinion, with the negation that turned it.
	First, End int
	// Chunk is the chunk of the polar word, Subject that of what it is said of, or -1.
	Chunk, Subject int
	Clause         int
	Score          float64
	// Trend is +1 for more of the subject and -1 for less, whether that is good or not.
	Trend float64
	Rule  string
	Flags Flag
}

// Has reports whether all flags are set.
func (o *Opinion) Has(f Flag) bool { return o.Flags&f == f }

// scratch are the buffers of one Worker.
type scratch struct {
	used   []bool // tokens covered by a chosen phrase
	picked []pick
	noun   []int32 // chunk -> index of the pick that makes it good or bad, -1
	taken  []bool  // picks that another opinion has absorbed
	spoken []bool  // chunks that hold an opinion
	says   says    // of the text
}

// pick is a chosen lexicon phrase.
type pick struct {
	first, end int // tokens
	entry      *entryRef
	chunk      int
	score      float64
	subject    int
	rule       string
}

func (s *scratch) reset(d *parse.Doc) {
	s.used = resize(s.used, len(d.Tokens))
	s.spoken = resize(s.spoken, len(d.Chunks))
	s.picked = s.picked[:0]
	s.says = saidBy(d)
	if cap(s.noun) < len(d.Chunks) {
		s.noun = make([]int32, len(d.Chunks))
	}
	s.noun = s.noun[:len(d.Chunks)]
	for i := range s.noun {
		s.noun[i] = -1
	}
}

func resize(b []bool, n int) []bool {
	if cap(b) < n {
		return make([]bool, n)
	}
	b = b[:n]
	clear(b)
	return b
}
