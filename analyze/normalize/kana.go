package normalize

func isHiragana(r rune) bool { return r >= 0x3041 && r <= 0x3096 }

func isKatakana(r rune) bool { return r >= 0x30a1 && r <= 0x30fa || r == 'ー' }

// katakanaOf are characters that look like a katakana letter and stand between katakana by mistake.
func katakanaOf(r rune) rune {
	switch r {
	case '一', '-', '‐', '‑', '–', '—', '―', '−', '─', '━', '~', '〜':
		return 'ー'
	case '二':
		return 'ニ'
	case '口':
		return 'ロ'
	case '力':
		return 'カ'
	case '工':
		return 'エ'
	case '夕':
		return 'タ'
	case '卜':
		return 'ト'
	case '八':
		return 'ハ'
	case 'べ':
		return 'ベ'
	case 'ぺ':
		return 'ペ'
	}
	return 0
}

// lookAlikes mends characters that stand for a katakana letter of the same shape, and reports whether there were any.
func (n *Normalizer) lookAlikes(b *Buffer) (mended bool) {
	for i, r := range b.Runes {
		if n.traitOf(r)&resembles == 0 {
			continue
		}
		k := katakanaOf(r)
		if k == 0 || i == 0 || !isKatakana(b.Runes[i-1]) {
			continue
		}
		next := rune(0)
		if i+1 < len(b.Runes) {
			next = b.Runes[i+1]
		}
		ok := false
		switch r {
		case 'べ', 'ぺ':
			ok = next != 'き' && next != 'し' && (!isHiragana(next) || isParticleStart(next))
		case '二', '口', '力', '工', '夕', '卜', '八':
			ok = isKatakana(next)
		case '一':
			ok = isKatakana(next) || next == 0
		default:
			ok = isKatakana(next) && next != 'ー'
		}
		if ok {
			b.Runes[i], mended = k, true
		}
	}
	return mended
}

func isParticleStart(r rune) bool {
	switch r {
	case 'が', 'は', 'を', 'に', 'の', 'も', 'で', 'と', 'や', 'だ':
		return true
	}
	return false
}

// vowel is the vowel of a kana as a large hiragana, or 0.
func vowel(r rune) rune {
	if r >= 0x30a1 && r <= 0x30f6 {
		r -= 0x60
	}
	if r < 0x3041 || r > 0x3096 {
		return 0
	}
	return vowels[r-0x3041]
}

// vowels holds the vowel of every kana from ぁ (U+3041) to ゖ (U+3096), 0 for っ and ん.
var vowels = func() (v [0x3096 - 0x3041 + 1]rune) {
	rows := map[rune]string{
		'あ': "ぁあかがさざただなはばぱまゃやらゎわゕ",
		'い': "ぃいきぎしじちぢにひびぴみりゐ",
		'う': "ぅうくぐすずつづぬふぶぷむゅゆるゔ",
		'え': "ぇえけげせぜてでねへべぺめれゑゖ",
		'お': "ぉおこごそぞとどのほぼぽもょよろを",
	}
	for k, row := range rows {
		for _, r := range row {
			v[r-0x3041] = k
		}
	}
	return v
}()

func isSmallVowel(r rune) bool {
	switch r {
	case 'ぁ', 'ぃ', 'ぅ', 'ぇ', 'ぉ':
		return true
	}
	return false
}

// collapse folds long marks and repeated letters and marks: すごーーーい and すごぉぉい become すごい, ！！！ becomes ！.
// A removed rune joins the span of the one before it. It reports false, and leaves out alone, when nothing is removed.
func (n *Normalizer) collapse(in, out *Buffer) (removed bool) {
	size := len(in.Runes)
	from := 0 // what is not copied yet
	for i := 0; i < size; {
		r := in.Runes[i]
		if i+1 < size && in.Runes[i+1] != r && n.traitOf(r)&stretches == 0 {
			i++
			continue
		}
		run := i + 1
		for run < size && in.Runes[run] == r {
			run++
		}
		prev := rune(0)
		if i > from {
			prev = in.Runes[i-1]
		} else if k := len(out.Runes); removed && k > 0 {
			prev = out.Runes[k-1]
		}
		keep := keepOf(r, prev, run-i)
		if keep == run-i {
			i = run
			continue
		}
		if !removed {
			out.reset()
			removed = true
		}
		// The removed runes join the span of the last one that stays.
		out.copy(in, from, i+keep)
		if k := len(out.To); k > 0 {
			last := in.To[run-1]
			if keep == 0 {
				last = max(out.To[k-1], last)
			}
			out.To[k-1] = last
		}
		i = run
		from = i
	}
	if removed {
		out.copy(in, from, size)
	}
	return removed
}

// keepOf is how many runes of a run stay. prev is the rune before the run.
func keepOf(r, prev rune, run int) int {
	switch {
	case r == 'ー' || r == '〜' || r == '~':
		return keepLong(prev)
	case isSmallVowel(r) && isHiragana(prev) && vowel(prev) == vowel(r):
		return 0
	case r == 'っ' || r == 'ッ':
		return 1
	case r == '！' || r == '？' || r == '。' || r == '、' || r == '…' || r == '・' && run > 1 || r == '♪' || r == '☆' || r == '★':
		return 1
	case r == 'w':
		return min(run, 3)
	case r == '\n':
		return min(run, 2)
	case r == ' ':
		return 1
	case run >= 3 && (vowel(r) == r || vowel(r) == r-0x60):
		return 1
	case run >= 4 && !(r >= '0' && r <= '9'):
		return 3
	}
	return run
}

// keepLong is 0 for a long mark that only stretches the word: after hiragana, and after another long mark.
func keepLong(prev rune) int {
	if isHiragana(prev) || prev == 'ー' {
		return 0
	}
	return 1
}
