package mask

import "unicode/utf8"

// appendRune appends r as UTF-8; it exists because utf8.AppendRune would turn the barrier into a replacement
// character that a reader could take for text.
func appendRune(dst []byte, r rune) []byte {
	if r == barrier {
		return dst
	}
	return utf8.AppendRune(dst, r)
}

// canonicalASCII gives the cells in lower case without spaces.
func (w *Worker) canonicalASCII(from, to int) []byte {
	dst := w.ascii[:0]
	for _, r := range w.f.r[from:to] {
		if r != ' ' {
			dst = appendRune(dst, lower(r))
		}
	}
	w.ascii = dst
	return dst
}

// canonicalExact gives the cells as they are.
func (w *Worker) canonicalExact(from, to int) []byte {
	dst := w.ascii[:0]
	for _, r := range w.f.r[from:to] {
		dst = appendRune(dst, r)
	}
	w.ascii = dst
	return dst
}

// canonicalName gives a name without spaces and middle dots, in lower case.
func (w *Worker) canonicalName(from, to int) []byte {
	dst := w.ascii[:0]
	for _, r := range w.f.r[from:to] {
		if r != ' ' && r != '・' {
			dst = appendRune(dst, lower(oldForm(r)))
		}
	}
	w.ascii = dst
	return dst
}

// oldForm gives the common form of kanji that names are written with in several ways.
func oldForm(r rune) rune {
	switch r {
	case '髙':
		return '高'
	case '﨑', '嵜':
		return '崎'
	case '邊', '邉':
		return '辺'
	case '齋', '齊', '斉':
		return '斎'
	case '濵', '濱':
		return '浜'
	case '嶋', '嶌':
		return '島'
	case '櫻':
		return '桜'
	case '澤':
		return '沢'
	case '廣':
		return '広'
	case '國':
		return '国'
	}
	return r
}

// canonicalAddress gives an address with ASCII digits, one dash between block numbers, and without spaces.
func (w *Worker) canonicalAddress(from, to int) []byte {
	f := &w.f
	dst := w.ascii[:0]
	dash := func() {
		if n := len(dst); n > 0 && dst[n-1] != '-' {
			dst = append(dst, '-')
		}
	}
	for i := from; i < to; {
		r := f.r[i]
		afterNumber := i > from && (isDigit(f.at(i-1)) || isKanjiNumber(f.at(i-1)))
		if end, v := w.m.blockMarks.longest(f.r, i); v != 0 && afterNumber && r != '条' && r != '線' {
			dash()
			i = end
			continue
		}
		number := isDigit(f.at(i+1)) || isKanjiNumber(f.at(i+1))
		switch {
		case r == ' ' || r == '\n':
		case afterNumber && number && (r == '-' || r == 'ー' || r == 'の' || r == 'ノ'):
			dash()
		case kanjiDigit(r) >= 0 && (afterNumber || i+1 < to && w.afterIsMark(i+1)):
			dst = append(dst, byte('0'+kanjiDigit(r)))
		default:
			dst = appendRune(dst, lower(r))
		}
		i++
	}
	for n := len(dst); n > 0 && dst[n-1] == '-'; n = len(dst) {
		dst = dst[:n-1]
	}
	w.ascii = dst
	return dst
}

func (w *Worker) afterIsMark(i int) bool {
	r := w.f.at(i)
	return r == '丁' || r == '番' || r == '号' || r == 'の' || r == '-'
}
