package quantity

// changes appends the changes that the amounts of the sentence take part in: first those with two amounts, then those
// with one.
func (s *scanner) changes(dst []Change) []Change {
	begin := len(dst)
	used := make([]bool, len(s.amounts))
	for i := 0; i+1 < len(s.amounts); i++ {
		if used[i] {
			continue
		}
		if c, ok := s.fromTo(&s.amounts[i], &s.amounts[i+1]); ok {
			used[i], used[i+1] = true, true
			dst = append(dst, s.shift(c))
		}
	}
	if len(dst) == begin {
		if c, ok := s.beforeAfter(); ok {
			return append(dst, s.shift(c))
		}
	}
	for i := range s.amounts {
		if used[i] {
			continue
		}
		if c, ok := s.single(&s.amounts[i]); ok {
			dst = append(dst, s.shift(c))
		}
	}
	return s.halves(dst)
}

func (s *scanner) shift(c Change) Change {
	c.Start += s.offset
	c.End += s.offset
	return c
}

func between(a, b *Amount) Change {
	if b.Per == "" && a.Per != "" && a.Unit == b.Unit {
		c := *b
		c.Per = a.Per
		b = &c
	}
	c := Change{Start: a.Start, End: b.End, Family: b.Family, Value: a.String() + "→" + b.String()}
	switch {
	case b.Size < a.Size:
		c.Direction = -1
	case b.Size > a.Size:
		c.Direction = 1
	}
	return c
}

// fromTo reads AからBに and A→B.
func (s *scanner) fromTo(a, b *Amount) (Change, bool) {
	if a.Unit == "" && b.Unit != "" {
		c := *a
		c.Unit, c.Family = b.Unit, b.Family
		if a.Number != 0 {
			c.Size = a.Number * b.Size / nonZero(b.Number)
		}
		a = &c
	}
	if a.Family != b.Family || a.Family == Times {
		return Change{}, false
	}
	if a.Family == Plain && (s.at(b.End) != 'に' && s.at(b.End) != 'へ' || s.at(a.Start-1) == ' ' && isLatin(s.at(a.Start-2))) {
		return Change{}, false
	}
	gap := s.rs[a.End:b.Start]
	arrow := len(gap) >= 1 && len(gap) <= 3 && (gap[0] == '→' || gap[0] == '⇒' || gap[0] == '➡' || gap[0] == '-' && len(gap) > 1 && gap[1] == '>')
	from := len(gap) >= 2 && len(gap) <= 6 && gap[0] == 'か' && gap[1] == 'ら' || len(gap) >= 3 && len(gap) <= 8 && (gap[0] == '以' || gap[0] == '近' || gap[0] == '弱' || gap[0] == 'ほ') && hasFrom(gap)
	if !arrow && !from {
		return Change{}, false
	}
	if from {
		if s.has(b.End, "かか") || s.has(b.End, "掛か") || s.has(b.End, "待") || s.has(b.End, "で届") {
			return Change{}, false // 3日から5日かかる is a range
		}
		if s.has(b.End, "まで") && !s.turns(b.End+2) {
			return Change{}, false // a range
		}
		if s.has(b.End, "の間") || s.has(b.End, "くらい") || s.has(b.End, "ほど") || s.has(b.End, "程度") && !s.has(b.End+2, "に") {
			return Change{}, false
		}
	}
	return between(a, b), true
}

func hasFrom(gap []rune) bool {
	for i := 0; i+1 < len(gap); i++ {
		if gap[i] == 'か' && gap[i+1] == 'ら' {
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

var lessWords = []string{"減", "削減", "短縮", "カット", "圧縮", "安く", "節約", "下が", "少なく", "短く", "軽減", "低下", "ダウン", "浮", "縮", "落ち", "下落", "抑え", "省け", "早くな", "速くな", "早まっ"}
var moreWords = []string{"増", "アップ", "伸び", "上が", "向上", "高く", "上昇", "改善", "多く", "延び", "拡大", "プラス", "値上", "長く", "遅く"}

func (s *scanner) any(i int, words []string) bool {
	for _, w := range words {
		if s.has(i, w) {
			return true
		}
	}
	return false
}

// turns reports whether a word of change stands at i.
func (s *scanner) turns(i int) bool { return s.any(i, lessWords) || s.any(i, moreWords) }

// skip jumps over particles and adverbs between an amount and the word of change.
func (s *scanner) skip(i int) int {
	for hop := 0; hop < 3; hop++ {
		moved := false
		for _, w := range []string{"以上", "近く", "ほど", "くらい", "ぐらい", "程度", "も", "の", "ずつ", "分", "、", "は", "弱", "強", "ほぼ"} {
			if s.has(i, w) {
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
func (s *scanner) single(a *Amount) (Change, bool) {
	c := Change{Start: a.Start, End: a.End, Family: a.Family}
	j := s.skip(a.End)
	if a.Family == Times {
		switch {
		case s.at(j) == 'に' || s.at(j) == 'へ' || s.any(j, moreWords) || s.has(j, "速") || s.has(j, "早") || s.has(a.End, "、") || s.has(j, "になる") || s.has(j, "楽") || (j >= len(s.rs) || s.at(j) == '。' || s.at(j) == '！') && (s.at(a.Start-1) != 'の' || s.has(a.Start-3, "前年") || s.has(a.Start-3, "前月") || s.has(a.Start-3, "以前") || s.has(a.Start-3, "従来")):
			c.Value, c.Direction = "x"+format(a.Number), 1
			if a.Number < 1 {
				c.Direction = -1
			}
			return c, s.at(j) != 'の'
		}
		return c, false
	}
	if a.Unit == "" {
		return c, false
	}
	switch {
	case s.any(j, lessWords) && !s.has(j, "落ち着") && !s.has(j, "早くな"):
		c.Value, c.Direction = "-"+a.String(), -1
		return c, true
	case s.any(j, moreWords) && !s.has(j, "上がる前") && !(s.has(j, "値上") && a.Family != Money && a.Family != Share):
		c.Value, c.Direction = "+"+a.String(), 1
		return c, true
	case a.Number == 0 && (s.at(j) == 'に' || s.at(j) == 'へ'):
		c.Value, c.Direction = "→"+a.String(), -1
		return c, true
	case s.has(j, "を超え") || s.has(j, "を突破") || s.has(j, "に達し") || s.has(j, "を達成") || s.has(j, "に到達"):
		c.Value, c.Direction = "→"+a.String(), 1
		return c, true
	case s.has(a.End, "まで") && s.any(a.End+2, lessWords):
		c.Value, c.Direction = "→"+a.String(), -1
		return c, true
	case s.has(a.End, "まで") && s.any(a.End+2, moreWords):
		c.Value, c.Direction = "→"+a.String(), 1
		return c, true
	case a.Family == Time && (s.has(j, "で終わるように") || s.has(j, "で済むように") || s.has(j, "で完了するように") || s.has(j, "でできるように") || s.has(j, "に短縮") || s.has(j, "に縮") || s.has(j, "で終わるなんて")):
		c.Value, c.Direction = "→"+a.String(), -1
		return c, true
	}
	return c, false
}

// beforeAfter reads 30分かかっていたのが、今は5分: an amount with a past predicate and a later one that holds now.
func (s *scanner) beforeAfter() (Change, bool) {
	for i := range s.amounts {
		a := &s.amounts[i]
		if a.Family != Time && a.Family != Money || !s.pastBehind(a.End) {
			continue
		}
		for k := i + 1; k < len(s.amounts); k++ {
			b := &s.amounts[k]
			if b.Family != a.Family || b.Size == a.Size {
				continue
			}
			if s.at(b.End) == 'に' || s.at(b.End) == 'へ' || s.has(b.End, "で") || b.End >= len(s.rs) || s.at(b.End) == '。' || s.has(b.End, "くらい") || s.has(b.End, "ほどに") {
				return between(a, b), true
			}
		}
	}
	return Change{}, false
}

// pastBehind reports whether a past predicate (かかっていた, がかりだった, 待ち) follows closely.
func (s *scanner) pastBehind(i int) bool {
	for _, w := range []string{"かか", "がかり", "掛か", "だった", "でした", "待ち", "要し", "も", "ほど", "くらい", "以上", "近く", "台でした", "払っ", "を使っ"} {
		if s.has(i, w) {
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
func (s *scanner) halves(dst []Change) []Change {
	for i := range s.rs {
		c := Change{Start: i + s.offset, Family: Times}
		switch {
		case s.has(i, "半減"):
			c.End, c.Value, c.Direction = i+2, "x0.5", -1
		case s.has(i, "半分に") || s.has(i, "半分以下に") || s.has(i, "半分まで"):
			c.End, c.Value, c.Direction = i+2, "x0.5", -1
		case s.has(i, "倍増") && !s.digit(i-1):
			c.End, c.Value, c.Direction = i+2, "x2", 1
		case s.has(i, "倍に") && !s.digit(i-1) && s.at(i-1) != '数':
			c.End, c.Value, c.Direction = i+1, "x2", 1
		case s.has(i, "分の1に") && s.digit(i-1):
			c.Start--
			c.End, c.Value, c.Direction = i+3, "x1/"+string(s.rs[i-1]), -1
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
