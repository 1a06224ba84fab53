package parse

import (
	"slices"

	"voc/analyze/normalize"
	"voc/analyze/pattern"
	"voc/analyze/split"
	"voc/analyze/token"
)

// Parser holds what parsing needs. It is immutable and safe for concurrent use.
type Parser struct {
	normalizer *normalize.Normalizer
	tokenizer  *token.Tokenizer
	phrases    *pattern.Set
}

// New makes a parser that looks for the given phrases.
func New(n *normalize.Normalizer, t *token.Tokenizer, phrases *pattern.Set) *Parser {
	return &Parser{n, t, phrases}
}

// Worker parses with buffers of its own. Use one per goroutine.
type Worker struct {
	p       *Parser
	tokens  *token.Worker
	phrases *pattern.Matcher
	spans   []split.Sentence
	atoms   []atom
}

// NewWorker makes a worker.
func (p *Parser) NewWorker() *Worker {
	return &Worker{p: p, tokens: p.tokenizer.NewWorker(), phrases: p.phrases.NewMatcher()}
}

// Parse overwrites d with the parsed text. At most limit runes are read; 0 means all.
func (w *Worker) Parse(d *Doc, text string, limit int) {
	d.Sentences, d.Clauses, d.Chunks = d.Sentences[:0], d.Clauses[:0], d.Chunks[:0]
	d.Tokens, d.Hits, d.HitAt = d.Tokens[:0], d.Hits[:0], d.HitAt[:0]
	d.ChunkOf, d.ClauseOf = d.ChunkOf[:0], d.ClauseOf[:0]
	w.p.normalizer.Normalize(&d.Text, text, limit)
	w.spans = split.Sentences(w.spans[:0], d.Text.Runes)
	k := chunker{d: d}
	for i, sp := range w.spans {
		s := Sentence{Sentence: sp, FirstToken: len(d.Tokens)}
		w.tokenize(d, sp.Start, sp.End)
		s.EndToken = len(d.Tokens)
		d.Sentences = append(d.Sentences, s)
		k.chunks(i)
		k.clauses(i)
		w.quotes(d, &d.Sentences[i])
		d.Hits = w.phrases.Match(d.Hits, d.Text.Runes, d.Tokens[s.FirstToken:s.EndToken], s.FirstToken)
	}
	d.index()
}

// tokenize appends the tokens of the folded runes [start, end): links and smileys are one token each, the rest is
// up to the tokenizer.
func (w *Worker) tokenize(d *Doc, start, end int) {
	first := len(d.Tokens)
	w.atoms = findAtoms(w.atoms[:0], d.Text.Runes, start, end)
	at := start
	for _, a := range w.atoms {
		d.Tokens = w.tokens.AppendRunes(d.Tokens, d.Text.String, d.Text.Runes, d.Text.Byte, at, a.start)
		d.Tokens = append(d.Tokens, token.Token{Start: a.start, End: a.end, Surface: d.Text.Slice(a.start, a.end),
			Base: a.kind, POS: token.Symbol, Known: true})
		at = a.end
	}
	d.Tokens = w.tokens.AppendRunes(d.Tokens, d.Text.String, d.Text.Runes, d.Text.Byte, at, end)
	d.although(first)
	for i := first; i < len(d.Tokens); i++ {
		canonical(&d.Tokens[i])
		if i > first {
			well(&d.Tokens[i-1], &d.Tokens[i])
			if i > first+1 {
				missing(&d.Tokens[i-2], &d.Tokens[i-1], &d.Tokens[i])
			}
		}
	}
}

// although joins の and に to the のに of a contrast, which the dictionary often takes for a noun and a particle:
// 伝えたのに入っていた. After a plain verb it stays as it is when a purpose is told: 探すのに苦労する.
func (d *Doc) although(first int) {
	out := first
	for i := first; i < len(d.Tokens); i++ {
		t := &d.Tokens[i]
		joined := t.POS == token.NounDep && t.Surface == "の" && i > first && i+1 < len(d.Tokens) && d.Tokens[i+1].Surface == "に" && d.Tokens[i+1].POS == token.Case && d.contrasts(i)
		if out != i {
			d.Tokens[out] = *t
		}
		if joined {
			i++
			t = &d.Tokens[out]
			t.End, t.POS, t.Base, t.Lemma = d.Tokens[i].End, token.Joining, "のに", "のに"
			t.Surface = d.Text.Slice(t.Start, t.End)
		}
		out++
	}
	d.Tokens = d.Tokens[:out]
}

// contrasts reports whether のに at token i joins two clauses that contradict each other.
func (d *Doc) contrasts(i int) bool {
	prev := &d.Tokens[i-1]
	switch {
	case prev.POS == token.Aux && (prev.Base == "た" || prev.Base == "ない" || prev.Base == "です" || prev.Base == "ます" || prev.Base == "ん" || prev.Base == "たい"), prev.Surface == "な" && prev.POS == token.Aux:
		return true
	case prev.POS == token.Aux && prev.Base == "だ", prev.POS == token.VerbDep:
		return true
	case !prev.POS.IsVerb() && !prev.POS.IsAdj() && prev.POS != token.VerbSuffix:
		return false
	}
	if i+2 >= len(d.Tokens) || d.Tokens[i+2].POS.IsMark() {
		return true
	}
	if prev.POS.IsAdj() {
		return true
	}
	for k := i + 2; k < min(i+6, len(d.Tokens)); k++ {
		switch d.Tokens[k].Base {
		case "便利", "最適", "時間", "苦労", "手間", "必要", "使う", "使える", "かかる", "ちょうど", "向く", "良い", "いい", "慣れる", "役立つ", "十分", "一苦労", "大変", "ぴったり", "もってこい", "うってつけ", "困る", "簡単", "楽", "面倒", "重宝", "要る", "いる", "分", "日":
			return false
		}
	}
	return true
}

// well turns the adverb よく into the adjective it is in よくなる and よくない.
func well(t, next *token.Token) {
	if t.POS != token.Adverb || t.Surface != "よく" && t.Surface != "良く" {
		return
	}
	if next.Base == "なる" || next.Base == "する" && next.Form == token.FormContinuous || next.Base == "ない" || next.Surface == "は" || next.Surface == "も" {
		t.POS, t.Base, t.Form = token.Adj, "良い", token.FormContinuous
	}
}

// missing turns the auxiliary ない into the adjective it is behind a noun with は, が or も: 頼む手はない.
func missing(noun, particle, t *token.Token) {
	if t.POS == token.Aux && t.Base == "ない" && noun.POS.IsNoun() && noun.POS != token.NounAdj && (particle.Surface == "は" || particle.Surface == "が" || particle.Surface == "も") {
		t.POS = token.Adj
	}
}

// canonical gives the spellings of 良い one dictionary form.
func canonical(t *token.Token) {
	if t.POS.IsAdj() && (t.Base == "よい" || t.Base == "いい" || t.Base == "ええ") {
		t.Base = "良い"
	}
}

// index fills the look-up tables from tokens to hits, chunks and clauses.
func (d *Doc) index() {
	n := len(d.Tokens)
	d.HitAt = slices.Grow(d.HitAt[:0], n+1)[:n+1]
	at := 0
	for h := range d.Hits {
		for ; at <= int(d.Hits[h].First); at++ {
			d.HitAt[at] = int32(h)
		}
	}
	for ; at <= n; at++ {
		d.HitAt[at] = int32(len(d.Hits))
	}
	d.ChunkOf, d.ClauseOf = slices.Grow(d.ChunkOf[:0], n)[:n], slices.Grow(d.ClauseOf[:0], n)[:n]
	at = 0
	for i := range d.Chunks {
		c := &d.Chunks[i]
		for end := min(c.End, n); at < end; at++ {
			d.ChunkOf[at], d.ClauseOf[at] = int32(i), int32(c.Clause)
		}
	}
}

// quotes marks the clauses inside 「…」 that somebody else is quoted with: 「使いにくい」という声.
func (w *Worker) quotes(d *Doc, s *Sentence) {
	open := -1
	for i := s.FirstToken; i < s.EndToken; i++ {
		switch d.Tokens[i].POS {
		case token.Open:
			open = i
		case token.Close:
			if open >= 0 && i+1 < s.EndToken && quoting(d.Tokens[i+1:s.EndToken]) {
				for ci := s.FirstClause; ci < s.EndClause; ci++ {
					c := &d.Clauses[ci]
					if c.FirstToken >= open-1 && c.EndToken <= i+2 {
						c.Quoted = true
					}
				}
				markQuoted(d, s, open, i)
			}
			open = -1
		}
	}
}

// markQuoted sets Hearsay on the chunks between two quotation marks.
func markQuoted(d *Doc, s *Sentence, open, end int) {
	for i := s.FirstChunk; i < s.EndChunk; i++ {
		if c := &d.Chunks[i]; c.First > open && c.First < end {
			c.Mod |= Hearsay
		}
	}
}

// quoting reports whether the words behind a closing quotation mark say that it was somebody's voice.
func quoting(ts []token.Token) bool {
	seen := false
	for i := range min(len(ts), 7) {
		if seen && i+1 < len(ts) && ts[i+1].POS == token.VerbSuffix {
			return false // と言われた tells what was said to the writer, which is the writer's experience
		}
		switch ts[i].Base {
		case "と", "との", "という", "って", "といった", "とか", "なんて":
			seen = true
		case "言う", "いう", "言われる", "聞く", "書く", "ある", "見かける", "見る", "返る", "返す", "問い合わせ", "質問", "話す", "言い出す", "つぶやく", "おっしゃる", "表示", "案内":
			if seen {
				return true
			}
		case "思う", "感じる", "考える", "いえる", "言える":
			return false
		}
		if seen && voice(&ts[i]) {
			return true
		}
	}
	return false
}
