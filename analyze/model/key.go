package model

import "math/bits"

// Key names a feature: a hash of its kind and its parts, of which 40 bits are kept. It is never 0.
type Key uint64

// keyBits is how much of a hash a key keeps. With 200,000 known features, one post in 5,000 with 1,000 unknown features
// takes one of those for a known one.
const keyBits = 40

// Kind is the family of a feature.
type Kind uint8

// The kinds of features.
const (
	kindWord      Kind = iota // a word in dictionary form
	kindState                 // a word and a modification of its chunk: 遅い negated
	kindPair                  // two words that follow each other
	kindSkip                  // two words with one between them
	kindDepends               // the head of a chunk and the head of the chunk it belongs to
	kindRunes                 // two or three characters
	kindEnd                   // the last words of a sentence
	kindMod                   // a modification of a predicate
	kindGrammar               // what can be said of a clause
	kindLastGram              // what can be said of the last clause
	kindClass                 // the class of a word in the lexicon
	kindOpinion               // the rule of an opinion
	kindSense                 // direction, strength and flags of an opinion
	kindLastSense             // the same, of the last opinion of the post
	kindTopicRule             // a topic rule that fired
	kindIntent                // an intent rule that fired
	kindPost                  // what is known of the whole post
	kindBalance               // the balance of the opinions about the post
	kindAbout                 // what is known of one topic of a post
	kindFound                 // a topic the rules found
	kindLength
	kindFirst // the first word of a sentence
	kindAssoc // what a word suggests

	Kinds // the number of kinds
)

var kindNames = [...]string{"word", "word", "words", "words", "link", "letters", "end", "form", "grammar",
	"last grammar", "lexicon", "opinion", "sense", "last sense", "topic rule", "intent rule", "post", "balance", "topic", "found", "length", "first word", "suggests"}

// AboutKind is the kind of what is known of one topic.
const AboutKind = kindAbout

// RunesKind is the kind of characters.
const RunesKind = kindRunes

// String is the kind's name.
func (k Kind) String() string { return kindNames[k] }

// Rules reports whether features of the kind tell what the rules found.
func (k Kind) Rules() bool { return k >= kindGrammar && k <= kindFound || k == kindAssoc }

// Long reports whether features of the kind are rare combinations.
func (k Kind) Long() bool { return k == kindRunes || k == kindSkip }

// hashStart is the hash of nothing.
const hashStart = uint64(14695981039346656037)

// hashString is FNV-1a.
func hashString(s string) uint64 { return hashMore(hashStart, s) }

// hashMore is the hash of what h is the hash of, with s behind.
func hashMore(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// join combines a hash with a further part; the order counts.
func join(h, part uint64) uint64 {
	h = (h ^ bits.RotateLeft64(part, 29)) * 0x9e3779b97f4a7c15
	return h ^ h>>31
}

// keyOf is the key of a feature of one to three parts.
func keyOf(k Kind, a, b, c uint64) Key { return keyEnd(join(keyStart(k, a), b), c) }

// keyStart is the hash of a kind and the first part of a feature.
func keyStart(k Kind, a uint64) uint64 { return join(uint64(k)+1, a) }

// keyEnd is the key of a feature with the given hash of all but its last part.
func keyEnd(h, c uint64) Key {
	h = join(h, c)
	h ^= h >> 29
	if h &= 1<<keyBits - 1; h == 0 {
		h = 1
	}
	return Key(h)
}
