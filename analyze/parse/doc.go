// Package parse turns a text into the document that every rule package reads: folded text, sentences, words,
// chunks, clauses and the phrases found in it.
//
// It owns grammar that carries no opinion: which words form a chunk (文節), how a chunk is modified (negated,
// wished for, asked, past, …), which chunk it belongs to, where a clause ends and how it relates to the next. It
// does not know which words are good or bad and decides no tag. Its callers are sentiment, topic, intent and the
// root package.
package parse

import (
	"voc/analyze/normalize"
	"voc/analyze/pattern"
	"voc/analyze/split"
	"voc/analyze/token"
)

// Doc is one parsed text. It is filled by Worker.Parse and overwritten by the next Parse.
type Doc struct {
	Text      normalize.Text
	Sentences []Sentence
	Clauses   []Clause
	Chunks    []Chunk
	Tokens    []token.Token
	// Hits are all phrases found, ordered by first token.
	Hits []pattern.Hit
	// HitAt[i] is the index in Hits of the first hit that begins at token i or later.
	HitAt []int32
	// ChunkOf and ClauseOf give the chunk and the clause of every token.
	ChunkOf, ClauseOf []int32
}

// Sentence is a sentence with the ranges of its parts, ends exclusive.
type Sentence struct {
	split.Sentence
	FirstToken, EndToken   int
	FirstChunk, EndChunk   int
	FirstClause, EndClause int
}

// Clause is a part of a sentence with one predicate at its end.
type Clause struct {
	Sentence             int
	FirstToken, EndToken int
	FirstChunk, EndChunk int
	// Link says how the clause relates to the next one.
	Link Link
	// Lead says how a word at its beginning (しかし, でも) relates it to what came before.
	Lead Link
	// Quoted says that the words are not the writer's own: a > line, or 「…」という声.
	Quoted bool
}

// Link is the relation between two clauses.
type Link uint8

// The relations.
const (
	None      Link = iota
	Contrast       // が, けど, のに, しかし
	Concede        // ても, ものの: the second part counts
	Cause          // ので, から, ため
	Condition      // ば, たら, と, なら
	List           // て, し, 連用中止
)

// Mod is how a chunk is modified by the words after its content word.
type Mod uint64

// The modifications.
const (
	Negated     Mod = 1 << iota // an odd number of negations
	DoubleNeg                   // negated twice: なくはない
	Partial                     // わけではない, とは限らない, とは言えない
	NotOnly                     // だけではない, ばかりでなく
	Past                        // た
	Desire                      // たい
	Want                        // てほしい
	Receive                     // てくれる, てもらう, ていただく
	Please                      // てください, お願いします
	Potential                   // できる, れる of a 五段 verb, 可能
	Passive                     // れる, られる
	Causative                   // せる
	Regret                      // てしまう, ちゃう
	Excess                      // すぎる
	Hard                        // にくい, づらい, がたい
	Easy                        // やすい
	Appear                      // そう, よう, みたい
	Hearsay                     // らしい, そうだ, って, とのこと, という声
	Guess                       // だろう, かも, はず
	Question                    // か, の？
	Imperative                  // 命令形, な
	Conditional                 // ば, たら, なら, と
	Change                      // なる after an adverbial form
	Obligation                  // べき, なければならない
	Concession                  // ても, でも
	Progressive                 // ている
	Invite                      // ましょう, よう
	Attributive                 // modifies the noun after it
	Adverbial                   // modifies the predicate after it
	Only                        // しか
	TooMuch                     // ほど〜ない
	Doubt                       // かな, かしら
	Attempt                     // てみる
	Thought                     // と思う after it
	Final                       // ends the sentence
	Mistaken                    // と思ったら, と思いきや: it turned out otherwise
	Tag                         // じゃないですか, くない？: asks for agreement
	Certain                     // はずがない, わけがない: denied outright
)

// Kind of a chunk.
type Kind uint8

// The kinds of chunks.
const (
	Nominal    Kind = iota
	Verbal          // verb, or noun with する
	Adjectival      // い-adjective
	NaAdj           // adjectival noun with だ, な, に
	Modifier        // adverb, 連体詞
	Connective      // conjunction
	Exclaim         // interjection
	Mark            // symbol, emoji, smiley
)

// Chunk is a content word with the words that belong to it.
type Chunk struct {
	Sentence, Clause int
	First, End       int // tokens
	// ContentEnd is the end of the content words; the rest are particles and auxiliaries.
	ContentEnd int
	// Head is the token that carries the meaning: the last content word.
	Head int
	Kind Kind
	Mod  Mod
	// Negations counts the negations in the chunk.
	Negations int
	// Particle is the last particle that ties a noun to its predicate: が, は, を, …; empty when there is none.
	Particle string
	// Governor is the chunk this one modifies or is an argument of; -1 for the last one of a sentence.
	Governor int
}

// Has reports whether all of mods are set.
func (c *Chunk) Has(mods Mod) bool { return c.Mod&mods == mods }

// Any reports whether one of mods is set.
func (c *Chunk) Any(mods Mod) bool { return c.Mod&mods != 0 }

// Predicate reports whether the chunk can govern arguments.
func (c *Chunk) Predicate() bool {
	return c.Kind == Verbal || c.Kind == Adjectival || c.Kind == NaAdj
}

// Original gives the span of the given text that the tokens [first, end) stand for.
func (d *Doc) Original(first, end int) (from, to int) {
	if first >= end {
		return 0, 0
	}
	return d.Text.Original(d.Tokens[first].Start, d.Tokens[end-1].End)
}

// HitsIn gives the hits that begin at a token in [first, end).
func (d *Doc) HitsIn(first, end int) []pattern.Hit {
	return d.Hits[d.HitAt[first]:d.HitAt[end]]
}
