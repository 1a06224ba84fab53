package quantity

import (
	"math"
	"strconv"
)

// changes appends the changes that the amounts of the sentence take part in.
func (s *Scanner) changes(dst []Change) []Change {
	s.used = append(s.used[:0], make([]bool, len(s.amounts))...)
	used := s.used
	for i := range s.amounts {
		a := &s.amounts[i]
		if used[i] {
			continue
		}
		if i+1 < len(s.amounts) {
			if c, ok := s.fromTo(a, &s.amounts[i+1]); ok {
				used[i], used[i+1] = true, true
				dst = append(dst, s.shift(c))
				continue
			}
		}
		if k, ok := s.beforeAfter(i); ok {
			used[i], used[k] = true, true
			dst = append(dst, s.shift(s.between(a, &s.amounts[k])))
			continue
		}
		if c, ok := s.single(a); ok {
			used[i] = true
			dst = append(dst, s.shift(c))
		}
	}
	return s.halves(dst)
}

func (s *Scanner) shift(c Change) Change {
	c.Start += s.offset
	c.End += s.offset
	return c
}

// between is the change from a to b. A period told of one of them holds for both: 月12件から1件.
func (s *Scanner) between(a, b *Amount) Change {
	from, to := *a, *b
	if from.Unit == to.Unit && from.Per == "" {
		from.Per = to.Per
	}
	if from.Unit == to.Unit && to.Per == "" {
		to.Per = from.Per
	}
	c := Change{Start: a.Start, End: b.End, Family: b.Family}
	s.buf = to.Append(append(from.Append(s.buf[:0]), "→"...))
	c.Value = string(s.buf)
	switch {
	case b.Size < a.Size:
		c.Direction = -1
	case b.Size > a.Size:
		c.Direction = 1
	}
	return c
}

// fromTo reads AからBに, AがBに and A→B.
func (s *Scanner) fromTo(a, b *Amount) (Change, bool) {
	if a.Unit == "" && b.Unit != "" {
		c := *a
		c.Unit, c.Family = b.Unit, b.Family
		if a.Number != 0 {
			c.Size = a.Number * b.Size / nonZero(b.Number)
		}
		a = &c
	}
	if a.Family != b.Family || a.Family == Times || a.Family == Plain && (a.Unit != b.Unit || s.version(a.Start)) {
		return Change{}, false
	}
	switch end := s.approx(b.End); {
	case s.arrow(a.End, b.Start):
		return s.between(a, b), true
	case s.lead(a.End, b.Start, "から"):
		ends := s.into(end) || a.Family != Plain && (s.turns(end) || s.reaches(end) || s.stops(end))
		return s.between(a, b), ends || s.has(end, "まで") && s.turns(end+2)
	case s.lead(a.End, b.Start, "が"), s.lead(a.End, b.Start, "を"), a.Family == Time && s.task(a.End, b.Start):
		ends := s.into(end) && !s.has(end, "に1") && !s.has(end, "に一")
		return s.between(a, b), ends && a.Unit == b.Unit || ends && a.Family == Time && a.Size != b.Size
	}
	return Change{}, false
}

// task reports whether the runes [i, end) only name what takes the time before: の作業が, 仕事が.
func (s *Scanner) task(i, end int) bool {
	if end-i > 9 || end-i < 2 || s.rs[end-1] != 'が' && s.rs[end-1] != 'を' {
		return false
	}
	if s.at(i) == 'の' {
		i++
	}
	for _, r := range s.rs[i : end-1] {
		if r < 'ァ' || r == '、' { // hiragana and marks
			return false
		}
	}
	return end-1 > i
}

// arrow reports whether nothing but an arrow stands at the runes [i, end).
func (s *Scanner) arrow(i, end int) bool {
	found := false
	for ; i < end; i++ {
		switch s.rs[i] {
		case '→', '⇒', '➡', '➔', '⇨', '>':
			found = true
		case ' ', '-', '=', '約', '、':
		default:
			return false
		}
	}
	return found
}

// lead reports whether the runes [i, end) are the given particle, with words of approximation around it.
func (s *Scanner) lead(i, end int, particle string) bool {
	i = s.approx(i)
	if !s.has(i, particle) {
		return false
	}
	i += len([]rune(particle))
	for hop := 0; hop < 2 && i < end; hop++ {
		for _, w := range []string{"平均", "わずか", "たったの", "たった", "約", "最短", "、", "なんと", "ほぼ", "一気に", "だいたい", "およそ", "今では", "今は"} {
			if s.has(i, w) {
				i += len([]rune(w))
			}
		}
	}
	return i == end
}

// approx jumps over what makes an amount rough: 近く, ほど, 以上.
func (s *Scanner) approx(i int) int {
	o := s.opening(i)
	for _, w := range []string{"以上", "以下", "近く", "ほど", "くらい", "ぐらい", "程度", "弱", "強", "前後", "台", "未満"} {
		if o.of(w) && s.has(i, w) {
			return i + len([]rune(w))
		}
	}
	return i
}

// into reports whether に or へ at i ends a change, or nothing follows.
func (s *Scanner) into(i int) bool {
	return s.at(i) == 'に' && !s.has(i, "にかけて") || s.at(i) == 'へ'
}

// reaches reports whether a sentence or a part of it ends at i.
func (s *Scanner) reaches(i int) bool {
	switch s.at(i) {
	case 0, '。', '！', '、', '\n':
		return true
	}
	return false
}

// stops reports whether at i it is said that something is done within the amount before: 20分で終わる.
func (s *Scanner) stops(i int) bool {
	return s.at(i) == 'で' && s.any(i+1, []string{"終", "済", "完了", "でき", "出来", "ok", "すみ", "す。", "す！", "完成", "片付", "処理", "回", "届"}) || s.has(i, "です")
}

// version reports whether a bare number at i counts releases rather than a quantity: バージョン2, ios 17.
func (s *Scanner) version(i int) bool {
	for i > 0 && s.at(i-1) == ' ' {
		i--
	}
	if isLatin(s.at(i-1)) || s.at(i-1) == '.' {
		return true
	}
	for _, w := range []string{"バージョン", "レベル", "シリーズ", "第", "ステージ", "号", "プラン", "モデル"} {
		if n := len([]rune(w)); i >= n && s.has(i-n, w) {
			return true
		}
	}
	return false
}

func nonZero(x float64) float64 {
	if x == 0 {
		return 1
	}
	return x
}

var lessWords = []string{"減", "削減", "短縮", "カット", "圧縮", "安く", "節約", "下が", "少なく", "短く", "軽減", "低下", "ダウン", "浮", "縮", "落ち", "下落", "抑え", "省け", "早くな", "速くな", "早まっ", "早く終", "早く帰", "早く済", "値下", "痩せ", "やせ", "引き下"}
var moreWords = []string{"増", "アップ", "伸び", "上が", "向上", "高く", "上昇", "改善", "多く", "延び", "拡大", "プラス", "値上", "長く", "遅く", "延長", "急増", "積み上", "引き上"}

func (s *Scanner) any(i int, words []string) bool {
	o := s.opening(i)
	for _, w := range words {
		if o.of(w) && s.has(i, w) {
			return true
		}
	}
	return false
}

// turns reports whether a word of change stands at i.
func (s *Scanner) turns(i int) bool { return s.any(i, lessWords) || s.any(i, moreWords) }

// skip jumps over particles and adverbs between an amount and the word of change.
func (s *Scanner) skip(i int) int {
	for hop := 0; hop < 3; hop++ {
		moved, o := false, s.opening(i)
		for _, w := range []string{"以上", "近く", "ほど", "くらい", "ぐらい", "程度", "も", "の", "ずつ", "分", "、", "は", "弱", "強", "ほぼ"} {
			if o.of(w) && s.has(i, w) {
				i += len([]rune(w))
				moved = true
				break
			}
		}
		if !moved {
			break
		}
	}
	return i
}

// single reads a change told with one amount: 20時間減った, 1.8倍に, 0件になった, 80%を超えた.
func (s *Scanner) single(a *Amount) (Change, bool) {
	c := Change{Start: a.Start, End: a.End, Family: a.Family}
	j := s.skip(a.End)
	if a.Family == Times {
		s.buf = strconv.AppendFloat(append(s.buf[:0], 'x'), a.Number, 'f', -1, 64)
		c.Value, c.Direction = string(s.buf), 1
		if a.Number < 1 {
			c.Direction = -1
		}
		return c, s.multiplies(a, j)
	}
	if a.Unit == "" {
		return c, false
	}
	sign, direction := "", 0
	switch {
	case s.less(j) && !s.has(j, "早くな") && (!s.has(j, "落ち") || a.Family == Share || a.Family == Money), s.nounOfChange(a.End, lessWords):
		sign, direction = "-", -1
	case s.any(j, moreWords) && !s.has(j, "上がる前") && !(s.has(j, "値上") && a.Family != Money && a.Family != Share), s.nounOfChange(a.End, moreWords):
		sign, direction = "+", 1
	case a.Number == 0 && s.into(j):
		sign, direction = "→", -1
	case (a.Unit == "時間" || a.Unit == "分" || a.Unit == "秒") && s.becomes(j):
		sign, direction = "→", -1
	case a.Family == Share && s.becomes(j):
		sign = "→"
	case s.any(j, []string{"を超え", "を突破", "に達し", "を達成", "に到達", "を上回", "の大台"}):
		sign, direction = "→", 1
	case s.any(j, []string{"を切", "を下回", "に抑え"}) && a.Family != Money, s.any(j, []string{"に減", "に短縮", "に縮", "に下が", "に削減", "に低下", "に圧縮", "に落ち", "へ減", "へ短縮"}):
		sign, direction = "→", -1
	case s.any(j, []string{"に増", "に上が", "に伸び", "に向上", "へ増", "へ上が", "に値上", "に改善", "に急増"}):
		sign, direction = "→", 1
	case s.has(a.End, "まで") && s.any(a.End+2, lessWords):
		sign, direction = "→", -1
	case s.has(a.End, "まで") && s.any(a.End+2, moreWords):
		sign, direction = "→", 1
	case a.Family == Time && s.any(j, []string{"で終わるように", "で済むように", "で完了するように", "でできるように", "で終わるなんて"}):
		sign, direction = "→", -1
	default:
		return c, false
	}
	s.buf = a.Append(append(s.buf[:0], sign...))
	c.Value, c.Direction = string(s.buf), direction
	return c, true
}

// becomes reports whether something is told to have come to the amount before i: になった, になりました, になり、.
func (s *Scanner) becomes(i int) bool {
	if s.has(i, "以内") {
		i += 2
	}
	return s.any(i, []string{"になった", "になっ", "になりました", "になり、", "へと"}) && !s.has(i, "になったら")
}

// less reports whether a word of decrease stands at i.
func (s *Scanner) less(i int) bool { return s.any(i, lessWords) && !s.has(i, "落ち着") }

// nounOfChange reports whether a noun of change follows over の and one more noun: 年間100時間の工数削減.
func (s *Scanner) nounOfChange(i int, words []string) bool {
	if s.at(i) != 'の' {
		return false
	}
	for k := i + 1; k < i+8; k++ {
		switch r := s.at(k); {
		case s.any(k, words) && s.at(k) > 'ん': // kanji or katakana: 削減 and アップ, not が上がる
			return true
		case r == 0, r >= 'ぁ' && r <= 'ん', r == '、', r == '。':
			return false
		}
	}
	return false
}

// multiplies reports whether a multiple tells a change: 2倍に伸びた, 10倍速い, 前年の2倍。
func (s *Scanner) multiplies(a *Amount, j int) bool {
	switch {
	case s.has(a.End, "の") && !s.has(a.End, "の速") && !s.has(a.End, "のスピード"):
		return false
	case s.at(j) == 'に', s.at(j) == 'へ', s.any(j, moreWords), s.any(j, []string{"速", "早", "楽", "スピード", "売れ", "多く", "の速"}), s.has(a.End, "、"):
		return true
	case s.reaches(j):
		if s.at(a.Start-1) != 'の' {
			return true
		}
		for _, w := range []string{"前年の", "前月の", "以前の", "従来の", "昨年の", "導入前の", "去年の", "先月の"} {
			if n := len([]rune(w)); a.Start >= n && s.has(a.Start-n, w) {
				return true
			}
		}
	}
	return false
}

// beforeAfter reads 30分かかっていたのが、今は5分: an amount that is told to be past and a later one that holds now. It
// returns the later one of amount i.
func (s *Scanner) beforeAfter(i int) (int, bool) {
	a := &s.amounts[i]
	if a.Family != Time && a.Family != Money && a.Family != Count || a.Unit == "" || i+1 == len(s.amounts) {
		return 0, false
	}
	past := s.pastBehind(a.End) || s.former(a.Start)
	for k := i + 1; k < len(s.amounts) && k <= i+4; k++ {
		b := &s.amounts[k]
		if b.Family != a.Family || b.Size == a.Size || b.Unit == "" || a.Family == Count && a.Unit != b.Unit {
			continue
		}
		end := s.approx(b.End)
		if s.less(end) || s.any(end, moreWords) {
			return 0, false
		}
		takes := s.any(s.approx(a.End), []string{"かかる", "掛かる", "必要", "がかり", "待ち"})
		if past && (s.into(end) || s.at(end) == 'で' || s.reaches(end)) || takes && (s.stops(end) || s.into(end)) {
			return k, true
		}
	}
	return 0, false
}

// former reports whether a word for the past opens the part of the sentence that ends at i: 以前は3時間.
func (s *Scanner) former(i int) bool {
	for k := max(0, i-10); k < i; k++ {
		if s.any(k, []string{"以前", "これまで", "今まで", "従来", "昔は", "前は", "もともと", "元々", "導入前", "昨年", "去年", "先月まで", "前回は", "最初は"}) {
			return true
		}
	}
	return false
}

// pastBehind reports whether a past predicate (かかっていた, がかりだった, 待ち) follows closely.
func (s *Scanner) pastBehind(i int) bool {
	o := s.opening(i)
	for _, w := range []string{"かか", "がかり", "掛か", "だった", "でした", "待ち", "要し", "かけて", "掛けて", "でやっ", "で回し", "で対応し", "あった", "いた", "必要だ", "使っ", "も", "ほど", "くらい", "以上", "近く", "台でした", "払っ", "を使っ"} {
		if o.of(w) && s.has(i, w) {
			for j := i; j < i+14 && j < len(s.rs); j++ {
				if s.rs[j] == 'た' && j > i {
					return true
				}
			}
		}
	}
	return false
}

// halves reads changes without digits: 半減, 半分に, 倍増, 倍に, ゼロに.
func (s *Scanner) halves(dst []Change) []Change {
	for i, r := range s.rs {
		if r != '半' && r != 'ゼ' && r != '倍' && r != '分' {
			continue
		}
		c := Change{Start: i + s.offset, Family: Times}
		switch {
		case s.has(i, "半減"):
			c.End, c.Value, c.Direction = i+2, "x0.5", -1
		case s.has(i, "半分近く減") || s.has(i, "半分減") || s.has(i, "半分くらい減") || s.has(i, "半分ほど減"):
			c.End, c.Value, c.Direction = i+2, "x0.5", -1
		case s.has(i, "ゼロ件に") || s.has(i, "ゼロ件へ"):
			c.End, c.Value, c.Direction = i+3, "→0件", -1
		case s.has(i, "半分に") || s.has(i, "半分以下に") || s.has(i, "半分まで"):
			c.End, c.Value, c.Direction = i+2, "x0.5", -1
		case s.has(i, "倍増") && !s.digit(i-1):
			c.End, c.Value, c.Direction = i+2, "x2", 1
		case s.has(i, "倍以上に") && !s.digit(i-1) && s.at(i-1) != '数' && s.at(i-1) != '何':
			c.End, c.Value, c.Direction = i+1, "x2", 1
		case s.has(i, "倍に") && !s.digit(i-1) && s.at(i-1) != '数':
			c.End, c.Value, c.Direction = i+1, "x2", 1
		case s.has(i, "分の1に") && s.digit(i-1):
			c.Start--
			c.End, c.Value, c.Direction = i+3, "x"+format(math.Round(100/s.single10(i-1))/100), -1
		case s.has(i, "ゼロに") || s.has(i, "ゼロへ"):
			c.End, c.Value, c.Direction = i+2, "→0", -1
		default:
			continue
		}
		c.End += s.offset
		dst = append(dst, c)
	}
	return dst
}

// single10 is the value of the digit at i.
func (s *Scanner) single10(i int) float64 {
	if r := s.at(i); r >= '1' && r <= '9' {
		return float64(r - '0')
	}
	return nonZero(kanjiDigit(s.at(i)))
}
