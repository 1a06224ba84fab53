// Package signal finds what a post tells beside topics, polarity and intents: emotions, effort, opinion units,
// numbers of outcome, amounts and named entities.
//
// It owns the kinds of signals and the canonical form of their values. Words come from the lexicon and the taxonomy,
// numbers from analyze/quantity. Its caller is the root package.
package signal

import (
	"strings"

	"voc/analyze/lexicon"
	"voc/analyze/parse"
	"voc/analyze/pattern"
	"voc/analyze/quantity"
	"voc/analyze/token"
)

// The kinds of signals.
const (
	Emotion     = "emotion"
	Effort      = "effort"
	OpinionUnit = "opinion_unit"
	Outcome     = "outcome"
	Amount      = "amount"
	Entity      = "entity" // value is kind:name
)

// Found is a signal at the tokens [First, End).
type Found struct {
	Kind, Value, Rule string
	First, End        int
}

// Named is an entity of the taxonomy.
type Named struct{ Kind, Value string }

// Engine holds the words. It is immutable and safe for concurrent use.
type Engine struct {
	lex      *lexicon.Lexicon
	entities map[pattern.ID]Named
}

// New makes an engine; entities are the phrases that name something.
func New(lex *lexicon.Lexicon, entities map[pattern.ID]Named) *Engine { return &Engine{lex, entities} }

// Worker finds signals with buffers of its own. Use one per goroutine.
type Worker struct {
	e       *Engine
	changes []quantity.Change
	amounts []quantity.Amount
	value   strings.Builder
}

// NewWorker makes a worker.
func (e *Engine) NewWorker() *Worker { return &Worker{e: e} }

// Find appends the signals of d to dst.
func (w *Worker) Find(dst []Found, d *parse.Doc) []Found {
	dst = w.words(dst, d)
	dst = w.units(dst, d)
	return w.numbers(dst, d)
}

// words finds emotions, effort and entities.
func (w *Worker) words(dst []Found, d *parse.Doc) []Found {
	for i := range d.Hits {
		h := &d.Hits[i]
		if n, ok := w.e.entities[h.ID]; ok {
			dst = append(dst, Found{Entity, n.Kind + ":" + n.Value, "entity." + n.Kind, int(h.First), int(h.Last) + 1})
		}
		e := w.e.lex.Entry(h.ID)
		if e == nil || e.Kind&(lexicon.Feeling|lexicon.Effort) == 0 || covered(d, w.e.lex, i) {
			continue
		}
		c := &d.Chunks[d.ChunkOf[h.Last]]
		cl := &d.Clauses[c.Clause]
		if cl.Quoted || d.Sentences[c.Sentence].Quoted || c.Any(parse.Hearsay) {
			continue
		}
		if e.Kind&lexicon.Feeling != 0 && w.felt(d, h, c) {
			dst = append(dst, Found{Emotion, e.Emotion, "emotion:" + e.Text, int(h.First), int(h.Last) + 1})
		}
		if e.Kind&lexicon.Effort != 0 && toiled(d, h, c) {
			dst = append(dst, Found{Effort, "high", "effort:" + e.Text, int(h.First), int(h.Last) + 1})
		}
	}
	return dst
}

// covered reports whether hit i lies inside a longer phrase that has its own reading.
func covered(d *parse.Doc, lex *lexicon.Lexicon, i int) bool {
	h := d.Hits[i]
	for k := range d.Hits {
		o := d.Hits[k]
		if o.First > h.First || o.Last < h.Last || o.Last-o.First <= h.Last-h.First {
			continue
		}
		if e := lex.Entry(o.ID); e != nil && e.Kind&(lexicon.Masked|lexicon.Feeling|lexicon.Effort) != 0 {
			return true
		}
	}
	return false
}

// felt reports whether an emotion word tells what the writer feels: not negated, not supposed, not describing a thing.
func (w *Worker) felt(d *parse.Doc, h *pattern.Hit, c *parse.Chunk) bool {
	after := 0
	for i := int(h.Last) + 1; i < c.End; i++ {
		switch t := &d.Tokens[i]; t.Base {
		case "ない", "ぬ", "ん", "ず":
			if t.POS == token.Aux || t.POS.IsAdj() {
				after++
			}
		case "しか":
			return false
		}
	}
	if int(h.Last) < c.ContentEnd {
		after = c.Negations
	}
	if after%2 == 1 || c.Any(parse.Partial|parse.Question|parse.Want) {
		return false
	}
	if int(h.Last) < c.Head && d.Tokens[c.Head].POS.IsNoun() && d.Tokens[h.Last].POS.IsNoun() && d.Tokens[c.Head].POS != token.NounSuffix {
		return false // 笑顔認識, 草むしり
	}
	g := c.Governor
	if g < 0 {
		return true
	}
	gov := &d.Chunks[g]
	switch {
	case c.Kind == parse.Nominal && gov.Negations > 0 || d.Tokens[gov.Head].Base == "ない":
		return false
	case c.Any(parse.Conditional) && !c.Any(parse.Past):
		return false
	case c.Any(parse.Attributive) && gov.Kind == parse.Nominal && !bare(&d.Tokens[gov.Head]):
		// 怖い話 names a sort of story; 怖い思い is felt.
		return false
	}
	return true
}

// bare reports whether a noun leaves the feeling to what modifies it.
func bare(t *token.Token) bool {
	switch t.Base {
	case "思い", "気持ち", "気分", "こと", "の", "限り", "ところ", "くらい", "ほど", "感じ", "時間", "一日", "ひととき", "体験", "経験", "よう", "状態", "仕事", "アプリ", "サービス", "ブランド", "味", "対応", "作品", "曲", "お店", "店", "宿", "商品":
		return true
	}
	return t.POS == token.NounDep
}

// toiled reports whether an effort word is meant: not negated or wished away.
func toiled(d *parse.Doc, h *pattern.Hit, c *parse.Chunk) bool {
	if c.Negations%2 == 1 || c.Any(parse.Question|parse.Want|parse.Conditional|parse.Partial) {
		return false
	}
	if g := c.Governor; g >= 0 {
		gov := &d.Chunks[g]
		switch d.Tokens[gov.Head].Base {
		case "ない", "減る", "省ける", "省く", "なくなる", "いらない", "不要", "減らせる", "楽", "要る", "いる", "かかる":
			if d.Tokens[gov.Head].Base == "かかる" || d.Tokens[gov.Head].Base == "いる" || d.Tokens[gov.Head].Base == "要る" {
				return gov.Negations%2 == 0
			}
			return false
		case "リピート", "行く", "買う", "食べる", "見る", "読む", "訪れる", "利用", "使う", "聴く", "遊ぶ", "泊まる", "来る", "通う", "飲む", "見返す", "リピ", "笑う", "参加":
			return d.Tokens[h.First].Surface != "何度" && d.Tokens[h.First].Surface != "何回"
		}
		return gov.Negations%2 == 0 || true
	}
	return true
}

// numbers finds outcomes and amounts.
func (w *Worker) numbers(dst []Found, d *parse.Doc) []Found {
	for si := range d.Sentences {
		s := &d.Sentences[si]
		w.changes, w.amounts = quantity.Find(w.changes[:0], w.amounts[:0], d.Text.Runes[s.Start:s.End], s.Start)
		for i := range w.changes {
			c := &w.changes[i]
			if first, end := tokensAt(d, s, c.Start, c.End); first >= 0 {
				dst = append(dst, Found{Outcome, c.Value, "number.change", first, end})
			}
		}
		for i := range w.amounts {
			a := &w.amounts[i]
			if first, end := tokensAt(d, s, a.Start, a.End); first >= 0 {
				dst = append(dst, Found{Amount, a.String(), "number.amount", first, end})
			}
		}
	}
	return dst
}

// tokensAt gives the tokens that cover the runes [start, end) of a sentence.
func tokensAt(d *parse.Doc, s *parse.Sentence, start, end int) (first, last int) {
	first, last = -1, -1
	for i := s.FirstToken; i < s.EndToken; i++ {
		if t := &d.Tokens[i]; t.End > start && t.Start < end {
			if first < 0 {
				first = i
			}
			last = i + 1
		}
	}
	return first, last
}
