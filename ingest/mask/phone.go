package mask

// maxPhoneParts is how many runs of digits a phone number may be broken into: one for every digit, and the country.
const maxPhoneParts = 15

// phones masks phone numbers.
func (w *Worker) phones() {
	for i := 0; i < len(w.parts); i++ {
		if !w.alive(i) {
			continue
		}
		if j := w.phoneEnd(i); j >= 0 {
			i = j
		}
	}
}

// phoneEnd masks the phone number that begins with part i and gives its last part, or -1.
func (w *Worker) phoneEnd(i int) int {
	first := w.parts[i]
	from := first.from
	if w.f.flag[from]&inURL != 0 && !w.f.hasBefore(from, "tel:") && !w.f.hasBefore(from, "tel:+") {
		return -1
	}
	plus := w.f.at(from-1) == '+'
	if !w.startsNumber(i, plus) {
		return -1
	}
	cued := w.cueBefore(cuePhone, from)
	if w.cueBefore(cueExtension, from) && first.len() >= 2 && first.len() <= 6 && w.endsNumber(i) {
		return w.phoneHit(i, from, w.f.appendDigits(w.scratch[:0], first))
	}
	var shape [maxPhoneParts]int
	digits := w.scratch[:0]
	best := -1
	for j := i; j < len(w.parts) && j-i < maxPhoneParts; j++ {
		p := w.parts[j]
		if j > i && (p.sep == apart || !w.alive(j)) {
			break
		}
		if len(digits)+p.len() > 16 {
			break
		}
		digits = w.f.appendDigits(digits, p)
		shape[j-i] = p.len()
		n := phoneNumber{digits: digits, shape: shape[:j-i+1], plus: plus, cued: cued, seps: w.parts[i+1 : j+1]}
		if len(digits) >= 7 && (w.endsNumber(j) || n.mobile()) && n.valid() {
			best = j
		}
	}
	if best < 0 {
		return -1
	}
	digits = digits[:0]
	for j := i; j <= best; j++ {
		digits = w.f.appendDigits(digits, w.parts[j])
	}
	if plus {
		from--
	}
	return w.phoneHit(best, from, nationalForm(digits, plus))
}

func (w *Worker) phoneHit(j, from int, canonical []byte) int {
	to := w.parts[j].to
	if w.f.at(from-1) == '(' && w.closesAt(from, to) {
		from--
	}
	if !w.hit(Phone, from, to, canonical) {
		return -1
	}
	return j
}

// closesAt reports whether a parenthesis in front of cell from is closed between from and to, so that it belongs to
// the number: (03)1234-5678.
func (w *Worker) closesAt(from, to int) bool {
	for k := from; k < to; k++ {
		switch w.f.r[k] {
		case ')':
			return true
		case '(':
			return false
		}
	}
	return false
}

// startsNumber reports whether a phone number may begin at part i.
func (w *Worker) startsNumber(i int, plus bool) bool {
	p := w.parts[i]
	before := w.f.at(p.from - 1)
	if i > 0 && p.sep == hyphen && w.alive(i-1) && !plus {
		return false
	}
	if (before == '.' || before == ',') && w.f.digitAt(p.from-2) >= 0 && p.len() < 10 {
		return false
	}
	if before == '-' || before == '_' || before == '#' || before == '\\' || before == '¥' || before == '$' {
		return before == '-' && !isAlnum(w.f.at(p.from-2))
	}
	if !isASCIILetter(before) {
		return true
	}
	return w.cueBefore(cuePhone, p.from)
}

// endsNumber reports whether a phone number may end with part j.
func (w *Worker) endsNumber(j int) bool {
	p := w.parts[j]
	after := w.f.at(p.to)
	if isASCIILetter(after) || after == '_' || after == '%' {
		return false
	}
	if after == '.' && isDigit(w.f.at(p.to+1)) && j+1 < len(w.parts) && w.parts[j+1].sep != dot {
		return false
	}
	return j+1 >= len(w.parts) || w.parts[j+1].sep != hyphen || !w.alive(j+1)
}

// phoneNumber is a candidate: its digits, the lengths of its runs and what joins them.
type phoneNumber struct {
	digits []byte
	shape  []int
	seps   []part
	plus   bool
	cued   bool
}

func (n *phoneNumber) valid() bool {
	if n.plus {
		return n.international()
	}
	d := n.digits
	switch {
	case d[0] == '8' && d[1] == '1' && n.shape[0] == 2 && len(n.shape) > 2:
		return n.international()
	case d[0] != '0':
		return n.local()
	case d[1] == '0':
		// 0081 and 010 81 are the ways to dial Japan from abroad.
		return len(d) >= 12 && len(d) <= 14 && d[2] == '8' && d[3] == '1'
	case len(d) >= 13 && len(d) <= 16 && string(d[:5]) == "01081":
		return true
	case len(d) == 11:
		return n.elevenDigits()
	case len(d) == 10:
		return n.tenDigits()
	}
	return false
}

// international is any number with a country code that is long enough; for Japan the length must be right.
func (n *phoneNumber) international() bool {
	d := n.digits
	if d[0] == '8' && d[1] == '1' {
		rest := len(d) - 2
		if d[2] == '0' {
			rest--
		}
		return rest == 9 || rest == 10
	}
	return n.plus && d[0] != '0' && len(d) >= 8 && len(d) <= 15
}

// local is a number without its area code, which only a cue can tell from others.
func (n *phoneNumber) local() bool {
	if d := n.digits; n.cued && len(d) == 10 && d[0] >= '7' && d[1] == '0' && len(n.shape) <= 3 {
		return true // a mobile phone whose zero a spreadsheet has eaten
	}
	if !n.cued || len(n.shape) != 2 || n.seps[0].sep != hyphen {
		return false
	}
	return n.shape[1] == 4 && n.shape[0] >= 2 && n.shape[0] <= 4
}

// elevenDigits are mobile and IP phones and 0800.
func (n *phoneNumber) elevenDigits() bool {
	d := n.digits
	mobile := d[2] == '0' && d[1] >= '5' || d[1] == '2' && d[2] == '0'
	free := d[1] == '8' && d[2] == '0' && d[3] == '0'
	if !mobile && !free {
		return false
	}
	return n.written(func(first int) bool { return first == 3 || free && first == 4 })
}

// tenDigits are landlines and the services with four-digit prefixes.
func (n *phoneNumber) tenDigits() bool {
	d := n.digits
	if d[1] == '0' || sameDigits(d[1:]) {
		return false
	}
	switch string(d[:4]) {
	case "0120", "0570", "0990", "0180":
		return n.written(func(first int) bool { return first == 4 })
	}
	if len(n.shape) == 3 && n.shape[2] != 4 && n.shape[2] != 3 && !n.cued {
		return false
	}
	return n.written(func(first int) bool { return first >= 2 && first <= 5 })
}

// written reports whether the runs of the number look like a phone number: in one piece, in two or three behind a
// prefix of fitting length, or digit by digit. A number broken in other places needs a prefix of its own or a cue.
func (n *phoneNumber) written(prefix func(int) bool) bool {
	first := n.shape[0]
	switch k := len(n.shape); {
	case k == 1:
		return true
	case k <= 3:
		return prefix(first) && (n.oneStyle() || n.cued || n.mobile())
	case first == 1:
		for _, l := range n.shape {
			if l != 1 {
				return n.cued
			}
		}
		return true
	}
	return first == 3 || first == 4 || n.cued
}

// mobile reports whether the number is written 090, four digits, four digits.
func (n *phoneNumber) mobile() bool {
	return len(n.shape) == 3 && n.shape[0] == 3 && n.shape[1] == 4 && n.shape[2] == 4 && n.digits[2] == '0' && n.digits[1] >= '5' && n.digits[0] == '0'
}

// oneStyle reports whether the separators go together: the same everywhere, or parentheses with anything.
func (n *phoneNumber) oneStyle() bool {
	s := apart
	for _, p := range n.seps {
		if p.sep == paren {
			return true
		}
		if s != apart && s != p.sep {
			return false
		}
		s = p.sep
	}
	return true
}

// nationalForm is the number as dialled in Japan, or with its country code and without the plus.
func nationalForm(d []byte, plus bool) []byte {
	switch {
	case !plus && len(d) == 10 && d[0] >= '7' && d[1] == '0':
		return append([]byte{'0'}, d...)
	case len(d) > 5 && string(d[:5]) == "01081":
		d = d[3:]
	case len(d) > 4 && string(d[:4]) == "0081":
		d = d[2:]
	case !plus && !(len(d) >= 11 && d[0] == '8' && d[1] == '1'):
		return d
	}
	if len(d) < 11 || d[0] != '8' || d[1] != '1' {
		return d
	}
	if d[2] == '0' {
		return d[2:]
	}
	d = d[1:]
	d[0] = '0'
	return d
}
