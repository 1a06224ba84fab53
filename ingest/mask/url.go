package mask

import "strings"

// urls notes where URLs are and masks what is secret in them: credentials, parameters with telling names, opaque
// segments of the path, profiles on social networks.
func (w *Worker) urls() {
	f := &w.f
	for i := 0; i < len(f.r); i++ {
		start := w.schemeAt(i)
		if start < 0 {
			continue
		}
		end := i
		for end < len(f.r) && isURLRune(f.r[end]) {
			end++
		}
		for end > i && strings.ContainsRune(".,;:!?'\"", f.r[end-1]) {
			end--
		}
		for k := i; k < end; k++ {
			f.flag[k] |= inURL
		}
		if end > start {
			w.url(start, end)
		}
		i = max(i, end-1)
	}
}

// schemeAt gives the cell behind a URL's scheme at cell i, or -1.
func (w *Worker) schemeAt(i int) int {
	f := &w.f
	if b := f.at(i - 1); isAlnum(b) {
		return -1
	}
	switch lower(f.r[i]) {
	case 'h':
		if f.has(i, "https://") {
			return i + len("https://")
		}
		if f.has(i, "http://") {
			return i + len("http://")
		}
	case 'f':
		if f.has(i, "ftp://") {
			return i + len("ftp://")
		}
	case 'w':
		if f.has(i, "www.") {
			return i
		}
	}
	if b := f.at(i - 1); b != '.' && b != '@' && b != '-' && b != '/' {
		if end, v := w.m.social.longest(f.r, i); v != 0 && f.at(end) == '/' {
			return i
		}
	}
	return -1
}

func isURLRune(r rune) bool {
	if r == barrier {
		return true
	}
	return r > ' ' && r < 0x7f && r != '<' && r != '>' && r != '"' && r != '{' && r != '}' && r != '|' && r != '\\' && r != '^' && r != '`'
}

// url masks the secrets of the URL whose host begins at from.
func (w *Worker) url(from, to int) {
	f := &w.f
	hostEnd := from
	for hostEnd < to && f.r[hostEnd] != '/' && f.r[hostEnd] != '?' && f.r[hostEnd] != '#' {
		hostEnd++
	}
	pathStart := hostEnd
	host := from
	for k := hostEnd - 1; k > from; k-- {
		if f.r[k] == '@' {
			w.hit(Secret, from, k, w.canonicalASCII(from, k))
			host = k + 1
			break
		}
	}
	for k := host; k < hostEnd; k++ {
		if f.r[k] == ':' {
			hostEnd = k
		}
	}
	own := w.m.ownDomain(f.r, host, hostEnd)
	if f.has(host, "www.") {
		host += len("www.")
	}
	social := w.m.social.exact(f.r, host, hostEnd)
	segment := 0
	for i := pathStart; i < to && f.r[i] == '/'; {
		end := i + 1
		for end < to && f.r[end] != '/' && f.r[end] != '?' && f.r[end] != '#' {
			end++
		}
		w.pathSegment(i+1, end, social && segment == 0, own)
		segment++
		i = end
	}
}

// pathSegment masks one segment of a path when it is a profile or opaque.
func (w *Worker) pathSegment(from, to int, profile, own bool) {
	f := &w.f
	if from >= to || w.blocked(from, to) {
		return
	}
	if profile {
		w.profile(from, to)
		return
	}
	if own || !f.opaque(from, to) {
		return
	}
	w.hit(Secret, from, to, w.canonicalExact(from, to))
}

// profile masks the name of a profile on a social network.
func (w *Worker) profile(from, to int) {
	f := &w.f
	if f.r[from] == '@' || f.r[from] == '~' {
		from++
	}
	if to-from < 2 || to-from > 64 || w.m.notProfiles.exact(f.r, from, to) {
		return
	}
	w.hit(Account, from, to, w.canonicalASCII(from, to))
}

// opaque reports whether a segment looks made by a machine: long, of letters and digits that change often, and not
// words joined by dashes.
func (f *folded) opaque(from, to int) bool {
	const long, changesPerRune = 16, 5
	run, digits, letters, changes, words := 0, 0, 0, 0, 0
	wordLetters := 0
	endWord := func() {
		if wordLetters >= 3 && wordLetters == run || run > 0 && run <= 4 && wordLetters == 0 {
			words++
		}
		run, wordLetters = 0, 0
	}
	parts := 1
	for i := from; i < to; i++ {
		r := f.r[i]
		switch {
		case isASCIILetter(r):
			letters++
			wordLetters++
			run++
			if p := f.at(i - 1); i > from && (isDigit(p) || isASCIILetter(p) && (p >= 'a') != (r >= 'a')) {
				changes++
			}
		case isDigit(r):
			digits++
			run++
			if i > from && isASCIILetter(f.at(i-1)) {
				changes++
			}
		case r == '-' || r == '_' || r == '.':
			endWord()
			parts++
		default:
			return false
		}
	}
	endWord()
	n := letters + digits
	if n < long || letters == 0 || digits == 0 && changes < n/changesPerRune+2 {
		return false
	}
	return words*2 < parts && (changes >= 3 || digits >= 4)
}

// params masks the values of parameters with telling names, inside of URLs and in pieces of them.
func (w *Worker) params() {
	f := &w.f
	for i := 1; i < len(f.r); i++ {
		if f.r[i] != '=' {
			continue
		}
		k := i
		for k > 0 && i-k < 40 && (isAlnum(f.r[k-1]) || f.r[k-1] == '_' || f.r[k-1] == '-') {
			k--
		}
		if b := f.at(k - 1); k == i || b != '?' && b != '&' && b != '#' && b != ';' {
			continue
		}
		if !w.m.secretParams.exact(f.r, k, i) {
			continue
		}
		end := i + 1
		for end < len(f.r) && f.r[end] != barrier && isURLRune(f.r[end]) && f.r[end] != '&' && f.r[end] != '#' && f.r[end] != ';' {
			end++
		}
		for end > i+1 && strings.ContainsRune(".,)]!?'", f.r[end-1]) {
			end--
		}
		if end-i > 2 {
			w.hit(Secret, i+1, end, w.canonicalExact(i+1, end))
		}
	}
}

// keys masks API keys that tell themselves by their first letters, and JSON web tokens.
func (w *Worker) keys() {
	f := &w.f
	for i := 0; i < len(f.r); i++ {
		if isAlnum(f.at(i - 1)) {
			continue
		}
		end, v := w.m.keyPrefixes.longest(f.r, i)
		if v == 0 {
			continue
		}
		digits := 0
		k := end
		for k < len(f.r) && (isAlnum(f.r[k]) || f.r[k] == '-' || f.r[k] == '_' || f.r[k] == '.') {
			if isDigit(f.r[k]) {
				digits++
			}
			k++
		}
		for k > end && (f.r[k-1] == '.' || f.r[k-1] == '-') {
			k--
		}
		if k-end >= 12 && digits > 0 {
			w.hit(Secret, i, k, w.canonicalExact(i, k))
		}
		i = max(i, k-1)
	}
}

// keyPrefixes begin the API keys of well-known services.
const keyPrefixes = "sk- sk_live_ sk_test_ pk_live_ rk_live_ ghp_ gho_ ghs_ github_pat_ glpat- akia asia xoxb- xoxp- xoxa- aiza eyj ya29. npm_ hf_ sg. whsec_"
