// Package opinion finds opinion units: a noun with what is said of it, 通知→来る(否定,変化), in a form that can be counted.
//
// It owns which noun goes with which predicate and the canonical form of both. It needs no lexicon, judges nothing as
// good or bad, and reads no dependency tree: it works on the chunks of analyze/parse. Its caller is the root package.
package opinion

import (
	"unicode/utf8"

	"voc/analyze/parse"
	"voc/analyze/token"
)

// Unit is a noun and its predicate. The tokens [First, End) hold both.
type Unit struct {
	Noun, Predicate int // chunks
	First, End      int
	// idiom is the chunk that belongs to the predicate's meaning (参考に in 参考になる), or -1.
	idiom int
	flags flag
}

// flag is what is said about the predicate.
type flag uint16

const (
	possible flag = 1 << iota
	passive
	hard
	easy
	excess
	wished
	denied
	changed
	supposed
)

var flagNames = [...]string{"可能", "受身", "困難", "容易", "過度", "希望", "否定", "変化", "仮定"}

// Find appends the units of d to dst, ordered by predicate.
func Find(dst []Unit, d *parse.Doc) []Unit {
	for si := range d.Sentences {
		s := &d.Sentences[si]
		if s.Quoted {
			continue
		}
		for pi := s.FirstChunk; pi < s.EndChunk; pi++ {
			if u, ok := unitAt(d, s, pi); ok {
				dst = append(dst, u)
			}
		}
	}
	return dst
}

// unitAt finds the unit whose predicate is the chunk pi.
func unitAt(d *parse.Doc, s *parse.Sentence, pi int) (Unit, bool) {
	p := &d.Chunks[pi]
	if !predicates(d, pi) || background(d, s, p) {
		return Unit{}, false
	}
	u := Unit{Noun: -1, Predicate: pi, idiom: -1}
	rank := 0
	for i := pi - 1; i >= d.Clauses[p.Clause].FirstChunk; i-- {
		if r := role(d, i, pi); r > rank {
			u.Noun, rank = i, r
		}
	}
	head := &d.Tokens[p.Head]
	if becomes(head) && p.Kind == parse.Verbal {
		if u.idiom = complement(d, pi); u.idiom < 0 || u.idiom == u.Noun {
			return Unit{}, false
		}
	}
	if u.Noun < 0 {
		if u.Noun = modified(d, p, pi); u.Noun < 0 {
			return Unit{}, false
		}
	}
	u.flags = flagsOf(d, s, &u)
	if plain(d, &u, rank) {
		return Unit{}, false
	}
	a, b := min(u.Noun, pi), max(u.Noun, pi)
	u.First, u.End = d.Chunks[a].First, d.Chunks[b].End
	for u.End > u.First+1 && d.Tokens[u.End-1].POS.IsParticle() {
		u.End--
	}
	return u, true
}

// predicates reports whether the chunk can say something of a noun.
func predicates(d *parse.Doc, pi int) bool {
	p := &d.Chunks[pi]
	t := &d.Tokens[p.Head]
	switch p.Kind {
	case parse.Verbal:
		switch t.Base {
		case "思う", "いう", "言う", "申す", "存じる", "お願い", "願う", "いる", "おる", "いらっしゃる", "する", "致す", "いたす", "くださる", "下さる", "いただく", "頂く", "もらう", "くれる", "おっしゃる", "感じる", "考える", "聞く", "やる", "行う", "おこなう", "なさる", "いただける", "頂ける", "もらえる", "幸い", "さる", "できる", "出来る":
			return t.Base == "できる" || t.Base == "出来る"
		}
		return !(t.POS == token.NounPron || t.POS == token.NounAdverb || t.POS == token.NounSuffix && p.ContentEnd-p.First == 1)
	case parse.Adjectival:
		return !p.Any(parse.Adverbial) || !manner(t)
	case parse.NaAdj:
		return !p.Any(parse.Adverbial) && t.POS == token.NounAdj && p.Particle == ""
	case parse.Nominal:
		return p.Particle == "" && state(t)
	}
	return false
}

// state reports whether a noun describes a state, so that it can be a predicate though it is no adjectival noun.
func state(t *token.Token) bool {
	switch t.Base {
	case "無料", "有料", "満員", "満室", "満席", "品切れ", "欠品", "在庫切れ", "売り切れ", "上々", "不明", "不足", "最高", "最低", "最悪", "抜群", "大変", "無効", "有効", "半額", "割高", "割安", "別料金", "必須", "任意", "不在", "ゼロ", "なし", "無し", "空", "不良", "限定的", "真っ白", "真っ黒", "非表示", "多め", "少なめ", "大きめ", "小さめ", "高め", "安め", "薄め", "濃いめ", "きつめ", "ゆるめ", "手一杯", "英語のみ", "ボロボロ", "ガタガタ", "ぐちゃぐちゃ", "バラバラ", "ばらばら", "だめ", "ダメ", "駄目", "イマイチ", "いまいち", "微妙":
		return true
	}
	return t.POS == token.NounAdj
}

// background reports whether the predicate only sets the scene for the one behind it: アプリを更新したら、….
func background(d *parse.Doc, s *parse.Sentence, p *parse.Chunk) bool {
	if !p.Any(parse.Conditional) {
		return false
	}
	return p.Kind == parse.Verbal && d.Clauses[p.Clause].Link == parse.Condition && mainPast(d, s, p)
}

// mainPast reports whether the sentence tells what happened rather than what would.
func mainPast(d *parse.Doc, s *parse.Sentence, p *parse.Chunk) bool {
	for i := s.EndChunk - 1; i >= s.FirstChunk; i-- {
		c := &d.Chunks[i]
		if c.Kind == parse.Mark || c == p {
			continue
		}
		return c.Clause > p.Clause && c.Any(parse.Past|parse.Change|parse.Progressive)
	}
	return false
}

// role ranks the chunk i as the noun that the predicate pi is said of; 0 is none.
func role(d *parse.Doc, i, pi int) int {
	c, p := &d.Chunks[i], &d.Chunks[pi]
	head := &d.Tokens[p.Head]
	if c.Kind != parse.Nominal && c.Kind != parse.NaAdj || c.Any(parse.Attributive) || !names(d, c) || reach(d, i) != pi {
		return 0
	}
	switch c.Particle {
	case "を":
		if p.Kind == parse.Verbal && !suspended(d, i, pi) {
			return 5
		}
	case "が":
		return 4
	case "も", "は":
		if !p.Any(parse.Attributive) || d.Tokens[d.Chunks[max(p.Governor, 0)].Head].POS == token.NounDep {
			return 3
		}
	case "に":
		if p.Kind == parse.Verbal && takesNi(head) {
			return 3
		}
	case "":
		if i != pi-1 || c.End != c.ContentEnd || c.Kind != parse.Nominal {
			return 0
		}
		if isNo(head) || head.Base == "なし" || head.Base == "無し" {
			return 6 // 文句なし
		}
		if p.Kind != parse.Nominal && !scrap(d.Tokens[c.Head].Surface) && utf8.RuneCountInString(d.Tokens[c.Head].Surface) > 1 && !compoundVerb(head) {
			return 2
		}
	}
	return 0
}

// suspended reports whether the を noun i belongs to a noun of action before the predicate: 高速道路を走行中、….
func suspended(d *parse.Doc, i, pi int) bool {
	for k := i + 1; k < pi; k++ {
		c := &d.Chunks[k]
		if c.Kind != parse.Nominal || c.ContentEnd-c.First < 2 || d.Tokens[c.ContentEnd-2].POS != token.NounVerbal {
			continue
		}
		switch d.Tokens[c.ContentEnd-1].Surface {
		case "中", "後", "時", "前", "直後", "直前", "際":
			return true
		}
	}
	return false
}

// compoundVerb reports whether the verb is the second half of a compound that the tokenizer cut: 覗き|込む.
func compoundVerb(t *token.Token) bool {
	switch t.Base {
	case "込む", "続ける", "直す", "出す", "始める", "合う", "切る", "過ぎる", "すぎる", "付ける", "上げる", "合わせる", "回る":
		return true
	}
	return false
}

// manner reports whether the く form of an adjective tells how something is done; that of others ends a statement of its
// own: 選択肢も多く、….
func manner(t *token.Token) bool {
	switch t.Base {
	case "多い", "少ない", "広い", "狭い", "汚い", "暗い", "古い", "うるさい", "ない", "無い", "臭い", "若い", "近い", "遠い", "悪い", "薄い", "濃い", "可愛い", "かわいい", "寒い", "暑い", "硬い", "固い", "柔らかい":
		return false
	}
	return true
}

// reach is the predicate that an argument belongs to: its governor, or the next predicate when the governor only
// modifies that one (細かく設定できる, 思ったより暗い).
func reach(d *parse.Doc, i int) int {
	c := &d.Chunks[i]
	g := c.Governor
	for hop := 0; hop < 2 && g >= 0; hop++ {
		p := &d.Chunks[g]
		passing := p.Any(parse.Adverbial) && p.Kind != parse.Modifier && (p.Kind != parse.Adjectival || c.Particle == "を" || manner(&d.Tokens[p.Head])) || p.Particle == "より" || p.Particle == "ほど" ||
			p.Kind == parse.Verbal && thinks(&d.Tokens[p.Head]) && !p.Any(parse.Final)
		if !passing {
			break
		}
		next := -1
		end := d.Clauses[p.Clause].EndChunk
		for k := g + 1; k < end; k++ {
			if q := &d.Chunks[k]; q.Predicate() || q.Kind == parse.Nominal && q.Any(parse.Final) {
				next = k
				break
			}
		}
		if next < 0 {
			break
		}
		g = next
	}
	if g < 0 {
		return g
	}
	if near := bareState(d, i, g); near >= 0 {
		return near
	}
	return g
}

// bareState finds a noun of state between the argument and its governor that is its predicate: 参加費が無料なのが….
func bareState(d *parse.Doc, i, g int) int {
	for k := i + 1; k < g; k++ {
		c := &d.Chunks[k]
		if c.Kind == parse.Nominal && c.Particle == "" && c.Any(parse.Attributive) && c.End > c.ContentEnd && d.Tokens[c.ContentEnd].POS == token.Aux {
			return k
		}
	}
	return -1
}

func thinks(t *token.Token) bool {
	return t.Base == "思う" || t.Base == "予想" || t.Base == "想像"
}

func becomes(t *token.Token) bool { return t.Base == "なる" || t.Base == "成る" }

// complement finds the に chunk of なる: 参考に.
func complement(d *parse.Doc, pi int) int {
	for i := pi - 1; i >= 0 && i >= pi-2 && d.Chunks[i].Clause == d.Chunks[pi].Clause; i-- {
		c := &d.Chunks[i]
		if c.Particle == "に" && c.Governor == pi && (c.Kind == parse.Nominal || c.Kind == parse.NaAdj) {
			t := &d.Tokens[c.Head]
			if t.POS == token.NounDep || t.POS == token.NounPron || amount(d, c) || scrap(t.Surface) {
				return -1
			}
			return i
		}
	}
	return -1
}

// amount reports whether the chunk is a number with a unit of measure: 20分に. 二重 is none.
func amount(d *parse.Doc, c *parse.Chunk) bool {
	if !counts(d, c) {
		return false
	}
	switch d.Tokens[c.Head].Surface {
	case "重", "択", "分割":
		return false
	}
	return true
}

// scrap reports whether s is a rest of a word the tokenizer did not know.
func scrap(s string) bool {
	n := 0
	for _, r := range s {
		if n++; r < 'ぁ' || r > 'ゖ' {
			return false
		}
	}
	return n <= 2
}

// takesNi reports whether the verb says of its に noun what other verbs say of their が or を noun.
func takesNi(t *token.Token) bool {
	switch t.Base {
	case "失敗", "成功", "感動", "感謝", "困る", "苦労", "満足", "悩む", "迷う", "驚く", "がっかり", "ガッカリ", "期待", "慣れる", "飽きる", "つながる", "繋がる", "接続", "ログイン", "手間取る", "対応", "不満", "興味", "惹かれる", "癒す", "助ける", "アクセス", "手こずる", "苦戦":
		return true
	}
	return false
}

// names reports whether the chunk names a thing one can speak about.
func names(d *parse.Doc, c *parse.Chunk) bool {
	t := &d.Tokens[c.Head]
	if c.ContentEnd <= c.First {
		return false
	}
	switch t.POS {
	case token.NounPron, token.NounDep, token.NounNumber, token.Other:
		return false
	case token.NounAdverb:
		switch t.Base {
		case "同期", "結果", "平均", "上", "下", "前", "後":
			return t.Base == "同期" || t.Base == "結果" || t.Base == "平均"
		}
		return false
	case token.NounSuffix:
		switch t.Surface {
		case "上", "中", "後", "前", "時", "内", "外", "的", "用", "別", "ごと", "毎", "以上", "以下", "たち", "ら", "目", "おき", "間":
			return false
		}
		return c.ContentEnd-c.First > 1 && d.Tokens[c.First].POS != token.NounNumber && d.Tokens[c.First].POS != token.NounPron && !counts(d, c)
	case token.NounAdj:
		return c.Particle != "" && c.Particle != "に"
	}
	switch t.Base {
	case "人", "方", "もの", "物", "こと", "ところ", "とき", "時", "場合", "感じ", "気", "点", "様子", "ため", "為", "皆さん", "みなさん", "皆", "みんな", "みな", "誰", "何", "どれ", "どこ", "これ", "それ", "自分", "私", "僕", "俺", "今", "際", "日", "年", "月", "回", "件", "本当", "実際", "最初", "最後", "一つ", "ひとつ", "二つ", "的", "つもり", "おかげ", "せい", "子", "家族", "友人", "友達", "母", "父", "妻", "夫", "主人", "娘", "息子", "子供", "子ども", "逆", "他", "次", "当方", "弊社", "当社", "うち", "月初", "月末", "年末", "年始", "夜中", "朝", "夜", "昼", "週末", "平日", "休日", "当日", "前日", "翌日", "不可", "見逃し", "いただき":
		return c.ContentEnd-c.First > 1 && t.POS != token.NounDep && !counts(d, c) && t.Base != "方" && t.Base != "いただき"
	}
	return t.POS.IsNoun()
}

// counts reports whether the chunk is a number with its unit.
func counts(d *parse.Doc, c *parse.Chunk) bool {
	for i := c.First; i < c.ContentEnd; i++ {
		if d.Tokens[i].POS == token.NounNumber {
			return true
		}
	}
	return false
}

// modified finds the noun that the describing predicate stands in front of: 重い動作, 丁寧な対応. A verb there tells
// which one is meant rather than what it is like, so it makes no unit.
func modified(d *parse.Doc, p *parse.Chunk, pi int) int {
	if !p.Any(parse.Attributive) || p.Governor != pi+1 || p.Kind != parse.Adjectival && p.Kind != parse.NaAdj {
		return -1
	}
	g := &d.Chunks[p.Governor]
	if (g.Kind == parse.Nominal || g.Kind == parse.NaAdj) && names(d, g) && describes(&d.Tokens[p.Head]) {
		return p.Governor
	}
	return -1
}

// describes reports whether an adjective in front of a noun is more than a determiner: not 多くの, 同じ, 新しい.
func describes(t *token.Token) bool {
	switch t.Base {
	case "ない", "無い", "同じ", "新しい", "欲しい", "ほしい", "多い", "必要", "様々", "さまざま", "色々", "いろいろ", "可能", "簡単", "次", "別", "特別", "普通", "主", "大切", "重要", "若い", "近い", "好き", "いい", "良い", "よい", "大きい", "小さい":
		return false
	}
	return true
}

// plain reports whether the unit says too little to be counted: an everyday deed without a further word about it.
func plain(d *parse.Doc, u *Unit, rank int) bool {
	p := &d.Chunks[u.Predicate]
	if p.Kind != parse.Verbal || u.flags != 0 || u.idiom >= 0 {
		return false
	}
	if p.Any(parse.Please|parse.Question|parse.Invite|parse.Attributive) && rank == 5 {
		return true
	}
	switch d.Tokens[p.Head].Base {
	case "使う", "利用", "使用", "見る", "読む", "書く", "知る", "教える", "伝える", "始める", "持つ", "取る", "行く", "来る", "入れる", "送る", "出す", "作る", "食べる", "飲む", "買う", "購入", "探す", "検討", "開催", "募集", "参加", "確認", "押す", "開く", "選ぶ", "ご覧", "お待ち", "待つ", "受ける", "呼ぶ", "置く", "含む", "掛ける", "かける", "つける", "付ける", "利用者", "案内", "紹介", "連絡", "予約", "宿泊", "泊まる", "話す", "迎える", "過ごす", "つく", "とる", "つくる", "みる", "おすすめ", "希望", "予定":
		return rank == 5 || rank == 2
	}
	return false
}
