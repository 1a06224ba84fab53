package mask

// separator is what joins two runs of digits.
type separator uint8

const (
	apart  separator = iota // nothing that joins
	hyphen                  // - or a dash, also ー and 一 between digits, with at most one space on each side
	space                   // one or two spaces
	dot                     // . or ・
	paren                   // an opening or closing parenthesis
	spoken                  // の, / and ~
)

// part is a run of digits of one script. from and to are cells, to exclusive.
type part struct {
	from, to int
	kanji    bool
	sep      separator // what joins it to the part before
}

func (p part) len() int { return p.to - p.from }

// digitAt is the value of the digit in cell i, else -1. The letter O and circles count as zero beside a digit or
// between separators of a number.
func (f *folded) digitAt(i int) int {
	r := f.at(i)
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r == 'O' || r == 'o' || r == '○' || r == '◯':
		if f.zeroLike(i) {
			return 0
		}
	}
	return -1
}

// zeroLike reports whether the O in cell i is written for a zero: a digit on one side, and on the other side a digit,
// a dash or the border of the word.
func (f *folded) zeroLike(i int) bool {
	before, after := f.at(i-1), f.at(i+1)
	if isDigit(before) {
		return isDigit(after) || after == '-'
	}
	return isDigit(after) && !isASCIILetter(before) && (before == barrier || before == '-' || before == ' ' || !isAlnum(before))
}

// partsOf splits the digits of the text into runs and says how they are joined.
func (f *folded) partsOf(dst []part) []part {
	dst = dst[:0]
	n := len(f.r)
	for i := 0; i < n; {
		if f.may[i]&mayNumber == 0 {
			i++
			continue
		}
		if f.digitAt(i) >= 0 {
			j := i + 1
			for j < n && f.digitAt(j) >= 0 {
				j++
			}
			dst = f.addPart(dst, part{from: i, to: j})
			i = j
			continue
		}
		if kanjiDigit(f.r[i]) >= 0 {
			j := i + 1
			for j < n && kanjiDigit(f.r[j]) >= 0 && f.digitAt(j) < 0 {
				j++
			}
			if j-i == 1 && f.r[i] == '一' && i > 0 && f.digitAt(i-1) >= 0 && f.digitAt(j) >= 0 {
				i = j // a dash written as the kanji one
				continue
			}
			dst = f.addPart(dst, part{from: i, to: j, kanji: true})
			i = j
			continue
		}
		i++
	}
	return dst
}

func (f *folded) addPart(dst []part, p part) []part {
	if k := len(dst); k > 0 {
		p.sep = f.separatorOf(dst[k-1].to, p.from)
	}
	return append(dst, p)
}

// separatorOf says what the cells between two runs of digits are.
func (f *folded) separatorOf(from, to int) separator {
	if to-from > 3 || to == from {
		return apart
	}
	kind := apart
	for i := from; i < to; i++ {
		var s separator
		switch f.r[i] {
		case ' ':
			s = space
		case '-', 'ー', '一':
			s = hyphen
		case '.', '・', '_':
			s = dot
		case '(', ')':
			s = paren
		case 'の', '/', '~', '〜':
			s = spoken
		default:
			return apart
		}
		switch {
		case kind == apart || kind == space:
			kind = s
		case s == space:
		case kind == paren && (s == hyphen || s == paren), kind == hyphen && s == paren:
			kind = paren
		default:
			return apart
		}
	}
	return kind
}

// appendDigits appends the digits of a part as ASCII.
func (f *folded) appendDigits(dst []byte, p part) []byte {
	for i := p.from; i < p.to; i++ {
		v := f.digitAt(i)
		if v < 0 {
			v = kanjiDigit(f.r[i])
		}
		dst = append(dst, byte('0'+v))
	}
	return dst
}

// glued reports whether letters touch the cells from to to, as in WH-1000XM5.
func (f *folded) glued(from, to int) bool {
	before, after := f.at(from-1), f.at(to)
	if before == '-' || before == '_' {
		before = f.at(from - 2)
	}
	if after == '-' || after == '_' {
		after = f.at(to + 1)
	}
	return isASCIILetter(before) || isASCIILetter(after)
}

// inNumber reports whether the cells from to to are part of a longer number: 1,234 or 3.14.
func (f *folded) inNumber(from, to int) bool {
	if b := f.at(from - 1); (b == ',' || b == '.') && isDigit(f.at(from-2)) {
		return true
	}
	a := f.at(to)
	return (a == ',' || a == '.') && isDigit(f.at(to+1))
}

// chain is a sequence of parts that are joined by one separator: parts[first..last].
type chain struct{ first, last int }

// chainFrom follows the parts from i on while the separator stays the same.
func chainFrom(parts []part, i, most int) chain {
	c := chain{i, i}
	for j := i + 1; j < len(parts) && j-i < most && parts[j].sep != apart && !parts[j].kanji; j++ {
		if j > i+1 && parts[j].sep != parts[i+1].sep {
			break
		}
		c.last = j
	}
	return c
}

// cards masks payment cards and マイナンバー: long numbers with a check digit.
func (w *Worker) cards() {
	for i := 0; i < len(w.parts); i++ {
		if w.parts[i].kanji {
			continue
		}
		c := chainFrom(w.parts, i, maxCardDigits)
		j := w.cardEnd(i, c.last)
		if j < 0 {
			continue
		}
		i = j
	}
}

// maxCardDigits is the length of the longest card number.
const maxCardDigits = 19

// cardEnd masks a card or マイナンバー that begins with part i and ends at or before part last. It gives its last
// part, or -1.
func (w *Worker) cardEnd(i, last int) int {
	var lengths [maxCardDigits]int
	digits := w.scratch[:0]
	best, kind := -1, Card
	for j := i; j <= last && j-i < maxCardDigits; j++ {
		p := w.parts[j]
		lengths[j-i] = p.len()
		if len(digits)+p.len() > maxCardDigits {
			break
		}
		digits = w.f.appendDigits(digits, p)
		if len(digits) < 12 || !w.whole(i, j) {
			continue
		}
		shape := lengths[:j-i+1]
		switch {
		case w.isCard(digits, shape, i, j == last):
			best, kind = j, Card
		case len(digits) == 12 && w.isMyNumber(digits, shape, i):
			best, kind = j, MyNumber
		}
	}
	w.scratch = digits[:0]
	if best < 0 {
		return -1
	}
	digits = digits[:0]
	for j := i; j <= best; j++ {
		digits = w.f.appendDigits(digits, w.parts[j])
	}
	from, to := w.parts[i].from, w.parts[best].to
	if !w.hit(kind, from, to, digits) {
		return -1
	}
	return best
}

// whole reports whether parts[i..j] are a number of their own: no letters, no thousands, no URL, not the middle of a
// hyphenated number.
func (w *Worker) whole(i, j int) bool {
	from, to := w.parts[i].from, w.parts[j].to
	if w.f.glued(from, to) || w.f.inNumber(from, to) || w.f.flag[from]&inURL != 0 {
		return false
	}
	if i > 0 && w.parts[i].sep == hyphen && w.alive(i-1) {
		return false
	}
	return j+1 >= len(w.parts) || w.parts[j+1].sep != hyphen || !w.alive(j+1)
}

// alive reports whether part i is not masked yet.
func (w *Worker) alive(i int) bool { return w.f.r[w.parts[i].from] != barrier }

func (w *Worker) isCard(digits []byte, shape []int, i int, whole bool) bool {
	n := len(digits)
	if n < 13 || !cardShape(shape, whole) || sameDigits(digits) {
		return false
	}
	cued := w.cueBefore(cueCard, w.parts[i].from)
	if !luhn(digits) {
		// Behind a cue a number with a slip of the finger is as telling as the right one.
		return cued && n >= 14 && n <= 16
	}
	if n == 13 && len(shape) == 1 && !cued {
		return false // a JAN code; cards of 13 digits are no longer issued
	}
	return cued || issued(digits)
}

// issued reports whether a card network issues numbers with these first digits and this length.
func issued(d []byte) bool {
	n := len(d)
	two := int(d[0]-'0')*10 + int(d[1]-'0')
	switch {
	case d[0] == '4':
		return n == 13 || n == 16 || n == 19
	case two >= 51 && two <= 55, two >= 22 && two <= 27:
		return n == 16
	case two == 34 || two == 37:
		return n == 15
	case two == 35:
		return n >= 16
	case two == 30 || two == 36 || two == 38 || two == 39:
		return n == 14 || n == 16
	case d[0] == '6':
		return n >= 16
	}
	return false
}

// cardShape reports whether a card is written in groups of these lengths.
func cardShape(shape []int, whole bool) bool {
	if len(shape) == 1 {
		return true
	}
	if len(shape) == 3 && shape[0] == 4 && shape[1] == 6 {
		return true
	}
	fours, ones := true, true
	for i, n := range shape {
		if n != 4 && (i < len(shape)-1 || n > 4) {
			fours = false
		}
		if n != 1 {
			ones = false
		}
	}
	return fours || ones && whole
}

func luhn(d []byte) bool {
	sum := 0
	for i := range d {
		v := int(d[len(d)-1-i] - '0')
		if i%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}

func sameDigits(d []byte) bool {
	for _, c := range d {
		if c != d[0] {
			return false
		}
	}
	return true
}

func (w *Worker) isMyNumber(digits []byte, shape []int, i int) bool {
	switch {
	case len(shape) == 1, len(shape) == 3 && shape[0] == 4 && shape[1] == 4, len(shape) == 12:
	default:
		return false
	}
	if w.cueBefore(cueMyNumber, w.parts[i].from) {
		return true
	}
	return !sameDigits(digits) && myNumberCheck(digits) == int(digits[11]-'0') && !roundNumber(digits)
}

// roundNumber reports whether a number ends in many zeros, as sums do and numbers of persons do not.
func roundNumber(d []byte) bool {
	for _, c := range d[len(d)-6:] {
		if c != '0' {
			return false
		}
	}
	return true
}

// myNumberCheck is the check digit of the first eleven digits.
func myNumberCheck(d []byte) int {
	sum := 0
	for n := 1; n <= 11; n++ {
		q := n + 1
		if n > 6 {
			q = n - 5
		}
		sum += int(d[11-n]-'0') * q
	}
	if r := sum % 11; r > 1 {
		return 11 - r
	}
	return 0
}
