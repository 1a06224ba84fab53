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

// lookAlikes mends characters that stand for a katakana letter of the same shape.
func lookAlikes(b *Buffer) {
	n := len(b.Runes)
	for i, r := range b.Runes {
		k := katakanaOf(r)
		if k == 0 || i == 0 || !isKatakana(b.Runes[i-1]) {
			continue
		}
		next := rune(0)
		if i+1 < n {
			next = b.Runes[i+1]
		}
		switch r {
		case 'べ', 'ぺ':
			if next != 'き' && next != 'し' && (!isHiragana(next) || isParticleStart(next)) {
				b.Runes[i] = k
			}
		case '二', '口', '力', '工', '夕', '卜', '八':
			if isKatakana(next) {
				b.Runes[i] = k
			}
		case '一':
			if isKatakana(next) || next == 0 {
				b.Runes[i] = k
			}
		default:
			if isKatakana(next) && next != 'ー' {
				b.Runes[i] = k
			}
		}
	}
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
// A removed rune joins the span of the one before it.
func collapse(in, out *Buffer) {
	n := len(in.Runes)
	from := 0 // what is not copied yet
	for i := 0; i < n; {
		r := in.Runes[i]
		run := i + 1
		for run < n && in.Runes[run] == r {
			run++
		}
		prev := rune(0)
		if i > from {
			prev = in.Runes[i-1]
		} else if k := len(out.Runes); k > 0 {
			prev = out.Runes[k-1]
		}
		keep := keepOf(r, prev, run-i)
		if keep == run-i {
			i = run
			continue
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
	out.copy(in, from, n)
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
