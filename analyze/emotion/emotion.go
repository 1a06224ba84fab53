// Package emotion finds what the writer of a text feels, and where the writer tells that something cost effort.
//
// It owns the reading of the lexicon's emotion and effort phrases, of smileys and of emoji: a feeling that is denied,
// wished for, quoted or another person's is none. It decides no polarity; the opinions it is given only tell how an
// ambiguous sign (😭, 何度も) is meant. Its caller is the root package.
package emotion

import (
	"fmt"
	"strings"

	"voc/analyze/lexicon"
	"voc/analyze/parse"
	"voc/analyze/sentiment"
	"voc/analyze/token"
)

// The emotions.
const (
	Joy       = "joy"
	Fun       = "fun"
	Anger     = "anger"
	Sadness   = "sadness"
	Surprise  = "surprise"
	Anxiety   = "anxiety"
	Relief    = "relief"
	Affection = "affection"
	Disgust   = "disgust"
)

// High is the only value of effort.
const High = "high"

// Found is an emotion, or effort when Effort is set, carried by the tokens [First, End).
type Found struct {
	Effort     bool
	Value      string
	First, End int
	Rule       string
}

// stance is how a phrase must stand to name a feeling of the writer.
type stance uint8

const (
	anywhere stance = iota
	alone           // a predicate without an object
	said            // a predicate or exclamation, not a description
)

// feeling is a compiled lexicon entry.
type feeling struct {
	value               string // empty for a phrase that only hides others
	how                 stance
	text, rule          string
	effort, act, again  bool
	weak, long, emotion bool
}

// Engine holds the compiled entries. It is immutable and safe for concurrent use.
type Engine struct {
	lex   *lexicon.Lexicon
	known map[*lexicon.Entry]*feeling
}

// New makes an engine over a finished lexicon.
func New(lex *lexicon.Lexicon) (*Engine, error) {
	e := &Engine{lex: lex, known: map[*lexicon.Entry]*feeling{}}
	for entry := range lex.Entries() {
		if entry.Kind&(lexicon.Feeling|lexicon.Effort) == 0 {
			continue
		}
		f := &feeling{text: entry.Text, rule: "emotion:" + entry.Text}
		if entry.Kind&lexicon.Feeling != 0 {
			f.emotion = true
			name, how, _ := strings.Cut(entry.Emotion, " ")
			switch name {
			case Joy, Fun, Anger, Sadness, Surprise, Anxiety, Relief, Affection, Disgust:
				f.value = name
			case "none":
			default:
				return nil, fmt.Errorf("lexicon: phrase %q has the emotion %q; use joy, fun, anger, sadness, surprise, anxiety, relief, affection, disgust or none", entry.Text, name)
			}
			switch how {
			case "":
			case "alone":
				f.how = alone
			case "said":
				f.how = said
			default:
				return nil, fmt.Errorf("lexicon: phrase %q has the emotion stance %q; use alone or said, or leave it out", entry.Text, how)
			}
		}
		for _, arg := range entry.Effort {
			switch arg {
			case "":
				f.effort = true
			case "act":
				f.act = true
			case "again":
				f.again = true
			case "weak":
				f.weak = true
			case "long":
				f.long = true
			default:
				return nil, fmt.Errorf("lexicon: phrase %q has the effort kind %q; use act, again, long or weak, or leave it out", entry.Text, arg)
			}
		}
		e.known[entry] = f
	}
	return e, nil
}

// Worker finds emotions with buffers of its own. Use one per goroutine.
type Worker struct {
	e    *Engine
	hits []hit
}

// hit is a phrase found at the tokens [first, end).
type hit struct {
	f          *feeling
	first, end int
}

// NewWorker makes a worker.
func (e *Engine) NewWorker() *Worker { return &Worker{e: e} }

// Find appends the emotions and the effort of d to dst, sentence by sentence. ops are the opinions of d, ordered by
// position.
func (w *Worker) Find(dst []Found, d *parse.Doc, ops []sentiment.Opinion) []Found {
	w.collect(d)
	all := w.hits
	for si := range d.Sentences {
		s := &d.Sentences[si]
		n, m := 0, 0
		for n < len(all) && all[n].first < s.EndToken {
			n++
		}
		for m < len(ops) && ops[m].First < s.EndToken {
			m++
		}
		if !s.Quoted {
			mood := moodOf(d, ops[:m])
			dst = w.phrases(dst, d, s, all[:n], &mood)
			dst = w.signs(dst, d, s, mood)
			dst = w.effort(dst, d, all[:n], ops[:m], mood)
		}
		all, ops = all[n:], ops[m:]
	}
	return dst
}

// collect fills w.hits with the known phrases of d.
func (w *Worker) collect(d *parse.Doc) {
	w.hits = w.hits[:0]
	for _, h := range d.Hits {
		if w.e.lex.Brief(h.ID).Kind&(lexicon.Feeling|lexicon.Effort) != 0 {
			w.hits = append(w.hits, hit{w.e.known[w.e.lex.Entry(h.ID)], int(h.First), int(h.Last) + 1})
		}
	}
}

// mood is the sign of what the words of a sentence say: whether they praise, and whether they blame.
type mood struct{ good, bad bool }

// add takes an emotion into the mood.
func (m *mood) add(value string) {
	switch value {
	case Joy, Fun, Relief, Affection:
		m.good = true
	case Anger, Sadness, Anxiety, Disgust:
		m.bad = true
	}
}

func moodOf(d *parse.Doc, ops []sentiment.Opinion) mood {
	var m mood
	for i := range ops {
		if o := &ops[i]; d.Chunks[o.Chunk].Kind != parse.Mark {
			m.good = m.good || o.Score > 0
			m.bad = m.bad || o.Score < 0
		}
	}
	return m
}

// phrases appends the emotions that words and emoji of the sentence name, and adds to m what the words say. The longest
// phrase at each place counts.
func (w *Worker) phrases(dst []Found, d *parse.Doc, s *parse.Sentence, hits []hit, m *mood) []Found {
	until := s.FirstToken // tokens below it belong to a chosen phrase
	for i := 0; i < len(hits); i++ {
		h := hits[i]
		if h.first < until || !h.f.emotion {
			continue
		}
		for i+1 < len(hits) && hits[i+1].first == h.first {
			i++
			if n := hits[i]; n.f.emotion && n.end > h.end {
				h = n
			}
		}
		if !fits(d, h.first, h.end) {
			continue
		}
		until = h.end
		if h.f.value == "" || !w.holds(d, h, *m) {
			continue
		}
		if d.Chunks[d.ChunkOf[h.first]].Kind != parse.Mark {
			m.add(h.f.value)
		}
		dst = append(dst, Found{Value: h.f.value, First: h.first, End: h.end, Rule: h.f.rule})
	}
	return dst
}

// fits reports whether the tokens [first, end) can be a phrase of their own: no particle that only looks like one, and
// not a part of a longer compound (安心パック).
func fits(d *parse.Doc, first, end int) bool {
	t := &d.Tokens[first]
	c := &d.Chunks[d.ChunkOf[first]]
	if first >= c.ContentEnd && c.ContentEnd > c.First {
		return false
	}
	switch t.POS {
	case token.Aux, token.VerbSuffix, token.Prefix, token.NounDep:
		return end > first+1
	case token.VerbDep:
		return false
	case token.Interjection:
		if first > 0 && d.ClauseOf[first-1] == d.ClauseOf[first] && !d.Tokens[first-1].POS.IsMark() {
			return false // 宿やった is a copula
		}
	}
	l := &d.Chunks[d.ChunkOf[end-1]]
	if end < l.ContentEnd && d.Tokens[end-1].POS.IsNoun() && end <= l.Head {
		n := d.Tokens[end].POS
		return !n.IsNoun() || n == token.NounSuffix || n == token.NounNumber
	}
	return true
}

// climate are the nouns that tell of a work rather than of the writer: 怖い話, 泣ける映画.
func climate(t *token.Token) bool {
	switch t.Base {
	case "話", "映画", "曲", "物語", "シーン", "本", "小説", "漫画", "マンガ", "ストーリー", "番組", "動画", "ゲーム", "絵", "人", "方", "顔", "歌", "夢", "アニメ", "ドラマ":
		return true
	}
	return false
}

// holds reports whether the phrase at h tells a feeling that the writer has.
func (w *Worker) holds(d *parse.Doc, h hit, m mood) bool {
	ci := int(d.ChunkOf[h.end-1])
	c := &d.Chunks[ci]
	if c.Kind == parse.Mark && contradicts(h.f.value, m) || willing(d, c) {
		return false
	}
	if d.Clauses[c.Clause].Quoted || c.Any(parse.Hearsay|parse.Please|parse.Imperative|parse.Invite|parse.Conditional) && !exclaims(h.f.value) {
		return false
	}
	if denied(d, c, h.end) || supposed(d, ci, h.f.value) {
		return false
	}
	if c.Any(parse.Want|parse.Obligation) || c.Any(parse.Desire) && h.end <= c.ContentEnd {
		return false
	}
	if h.f.value == Anger && c.Any(parse.Passive) {
		return false // 怒られた
	}
	if c.Any(parse.Question) && !c.Any(parse.Tag) && asks(h.f.value) {
		return false
	}
	if c.Any(parse.Attributive) && c.Governor >= 0 {
		g := &d.Chunks[c.Governor]
		if c.Kind != parse.Nominal && climate(&d.Tokens[g.Head]) && (g.Particle != "" || g.Any(parse.Attributive)) {
			return false
		}
		if c.Kind == parse.Nominal && reported(&d.Tokens[g.Head]) {
			return false
		}
	}
	if h.f.value == Sadness && m.good && !m.bad && weeps(&d.Tokens[h.first]) {
		return false // 感動して泣いた
	}
	switch h.f.how {
	case alone:
		return c.Predicate() && !c.Any(parse.Attributive) && !hasObject(d, ci)
	case said:
		return !c.Any(parse.Attributive|parse.Adverbial) && (c.Particle == "" || c.Particle == "と") && c.Kind != parse.Modifier
	}
	return !othersFeel(d, ci)
}

// willing reports whether the chunk is 喜んで in front of what one is glad to do.
func willing(d *parse.Doc, c *parse.Chunk) bool {
	return d.Tokens[c.Head].Base == "喜ぶ" && c.End == c.Head+2 && d.Tokens[c.End-1].POS == token.Joining
}

// exclaims reports whether an emotion is told by imperatives and questions as well: ふざけるな, まさか.
func exclaims(value string) bool { return value == Anger || value == Surprise || value == Disgust }

// asks reports whether a question with the emotion's word asks for it rather than tells it.
func asks(value string) bool {
	switch value {
	case Anger, Surprise, Anxiety, Disgust, Sadness:
		return false
	}
	return true
}

func weeps(t *token.Token) bool {
	switch t.Base {
	case "泣く", "泣ける", "涙", "号泣", "涙目":
		return true
	}
	return false
}

// denied reports whether the words [.., end) of the chunk are negated, by the chunk itself or the light verb it depends
// on: 嬉しくない, 心配はしていない, 不安がない.
func denied(d *parse.Doc, c *parse.Chunk, end int) bool {
	n := 0
	for i := end; i < c.End; i++ {
		t := &d.Tokens[i]
		switch t.Base {
		case "ない", "無い", "ぬ", "ん", "ず", "へん":
			if t.POS == token.Aux || t.POS.IsAdj() {
				n++
			}
		case "なくなる", "無くなる":
			n++
		case "なし", "無し":
			n++
		}
	}
	if n%2 == 1 && !c.Any(parse.Obligation|parse.Tag|parse.NotOnly|parse.Only) && c.Negations > 0 || c.Any(parse.Partial) {
		return true
	}
	if c.Governor < 0 || c.Kind != parse.Nominal && c.Kind != parse.NaAdj || c.Any(parse.Attributive) {
		return false
	}
	g := &d.Chunks[c.Governor]
	switch d.Tokens[g.Head].Base {
	case "する", "ある", "感じる", "覚える", "いる", "抱く", "なる", "持つ":
		return g.Negations%2 == 1 && !g.Any(parse.Obligation)
	case "ない", "無い", "なし", "無し", "ゼロ", "皆無":
		return !g.Any(parse.Tag) && c.Particle != "で" && c.Particle != "に"
	case "なくなる", "無くなる", "消える", "減る", "解消", "払拭", "和らぐ", "晴れる", "薄れる":
		return true
	}
	return false
}

// supposed reports whether a pleasant feeling is only what the writer would have: 〜できたら嬉しい, 〜と安心です.
func supposed(d *parse.Doc, ci int, value string) bool {
	switch value {
	case Joy, Relief, Fun, Affection:
	default:
		return false
	}
	c := &d.Chunks[ci]
	s := &d.Sentences[c.Sentence]
	return c.Clause > s.FirstClause && d.Clauses[c.Clause-1].Link == parse.Condition
}

// reported reports whether a noun stands for other people's words or for a thing made of the feeling.
func reported(t *token.Token) bool {
	switch t.Base {
	case "声", "意見", "口コミ", "評判", "話", "噂", "コメント", "言葉", "表情", "アイコン", "スタンプ", "マーク", "絵文字":
		return true
	}
	return false
}

// hasObject reports whether something is said to be done to or with by the predicate chunk.
func hasObject(d *parse.Doc, ci int) bool {
	cl := &d.Clauses[d.Chunks[ci].Clause]
	for i := cl.FirstChunk; i < ci; i++ {
		c := &d.Chunks[i]
		if c.Governor != ci || c.Kind != parse.Nominal {
			continue
		}
		switch c.Particle {
		case "を", "が", "から", "に", "":
			if t := &d.Tokens[c.Head]; t.POS != token.NounAdverb && t.POS != token.NounPron {
				return true
			}
		}
	}
	return false
}

// othersFeel reports whether the subject of the chunk is somebody whose feelings are not the writer's.
func othersFeel(d *parse.Doc, ci int) bool {
	cl := &d.Clauses[d.Chunks[ci].Clause]
	for i := cl.FirstChunk; i < ci; i++ {
		c := &d.Chunks[i]
		if c.Kind != parse.Nominal || c.Any(parse.Attributive) || c.Particle != "が" && c.Particle != "は" && c.Particle != "も" {
			continue
		}
		switch d.Tokens[c.Head].Base {
		case "お客様", "お客さま", "客", "顧客", "上司", "社長", "部長", "課長", "店員", "スタッフ", "担当者", "担当", "店長", "相手", "向こう", "彼", "彼女", "あの人", "部下", "社員", "従業員", "先方", "隣":
			return !d.Chunks[ci].Any(parse.Receive)
		}
	}
	return false
}
