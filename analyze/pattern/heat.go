package pattern

import (
	"voc/analyze/token"
	"voc/analyze/trie"
)

// warm gives the spellings a heat by how often the states that lead to them are passed in a sample of posts. The set must
// have an index of them.
func (b *Builder) warm(s *Set, words []trie.Word) {
	passed, below := make([]float64, s.index.States()), make([]float64, s.index.States())
	m := s.NewMatcher()
	for post := range token.Sample() {
		text := b.fold(post)
		if tokens := b.cut(text); len(tokens) > 0 {
			m.read([]rune(text), tokens)
			for i := range tokens {
				m.pass(passed, i)
			}
		}
	}
	for i := range words {
		s.eachState(words[i].Text, func(state int32) { below[state]++ })
	}
	for i := range words {
		// A state gets what it is passed from the words below it together.
		s.eachState(words[i].Text, func(state int32) { words[i].Heat += passed[state] / below[state] })
	}
}

// pass counts the states that a search from token i goes through.
func (m *Matcher) pass(passed []float64, i int) {
	state := int32(trie.Root)
	for k := i; k < len(m.spans); k++ {
		sp := &m.spans[k]
		m.walkBy(state, sp.base, sp.end, passed)
		if state = m.walkBy(state, sp.surface, sp.after, passed); state == trie.None {
			return
		}
	}
}

func (m *Matcher) walkBy(state, from, to int32, passed []float64) int32 {
	for _, code := range m.codes[from:to] {
		if state = m.s.index.Step(state, code); state == trie.None {
			return trie.None
		}
		passed[state]++
	}
	return state
}

func (s *Set) eachState(text string, f func(state int32)) {
	state := int32(trie.Root)
	for _, r := range text {
		if state = s.index.Step(state, s.index.Code(r)); state == trie.None {
			return // a character too many for the index
		}
		f(state)
	}
}
