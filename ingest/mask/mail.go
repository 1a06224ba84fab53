package mask

// maxLocal is how far the part in front of the @ is followed, in cells. The standard allows 64.
const maxLocal = 320

// atSign is something that stands for @. A sure one is @ itself or its percent code; a loose one needs a known
// top-level domain behind it, a word needs its dots written as words or a known top-level domain.
type atSign struct {
	from, to int
	sure     bool
	word     bool
}

// mails masks mail addresses.
func (w *Worker) mails() {
	f := &w.f
	for i := 0; i < len(f.r); i++ {
		at, ok := w.atSignAt(i)
		if !ok {
			continue
		}
		if end := w.mailAt(at); end > i {
			i = end - 1
		}
	}
}

func (w *Worker) atSignAt(i int) (atSign, bool) {
	f := &w.f
	switch r := f.r[i]; {
	case r == '@':
		return atSign{i, i + 1, true, false}, true
	case r == '%' && f.has(i, "%40"):
		return atSign{i, i + 3, true, false}, true
	case r == '(' || r == '[' || r == '{' || r == '<':
		if end := w.m.atWords.inBrackets(f.r, i); end > 0 {
			return atSign{i, end, false, false}, true
		}
	case r == 'ア' && w.f.startsWith(i, "アットマーク"):
		return atSign{i, i + len([]rune("アットマーク")), false, false}, true
	case isStar(r):
		return atSign{i, i + 1, false, false}, true
	case r == ' ' && f.has(i, " at ") && isAlnum(f.at(i-1)):
		return atSign{i + 1, i + 3, false, true}, true
	}
	return atSign{}, false
}

// inBrackets gives the end of a bracket at cell i that holds nothing but a word of t, or 0.
func (t *trie) inBrackets(cells []rune, i int) int {
	k := i + 1
	for k < len(cells) && cells[k] == ' ' {
		k++
	}
	end, v := t.longest(cells, k)
	if v == 0 {
		return 0
	}
	for end < len(cells) && cells[end] == ' ' && end-k < 12 {
		end++
	}
	if end < len(cells) && (cells[end] == ')' || cells[end] == ']' || cells[end] == '}' || cells[end] == '>') {
		return end + 1
	}
	return 0
}

func (f *folded) startsWith(i int, s string) bool {
	for _, r := range s {
		if f.at(i) != r {
			return false
		}
		i++
	}
	return true
}

// mailAt masks the address around an @ and gives its end, or 0.
func (w *Worker) mailAt(at atSign) int {
	f := &w.f
	from, plainLeft := w.localBefore(at.from)
	if from == at.from {
		return 0
	}
	to, known, spelled := w.domainAfter(at.to)
	if to == 0 {
		return 0
	}
	plainRight := f.at(at.to) != ' '
	switch {
	case at.word:
		if !spelled || !known {
			return 0
		}
	case !at.sure, !plainLeft, !plainRight:
		if !known {
			return 0
		}
	}
	canonical := w.scratch[:0]
	canonical = w.appendMail(canonical, from, at, to)
	if !w.hit(Mail, from, to, canonical) {
		return to
	}
	return to
}

// localBefore gives the start of what stands in front of an @, and whether it touches the @.
func (w *Worker) localBefore(at int) (int, bool) {
	f := &w.f
	end := at
	if f.at(end-1) == ' ' {
		end--
	}
	i := end
	if f.at(i-1) == '"' {
		for k := i - 2; k >= 0 && i-k < 64 && f.r[k] != '\n' && f.r[k] != barrier; k-- {
			if f.r[k] == '"' {
				return k, end == at
			}
		}
	}
	for i > 0 && end-i < maxLocal && isLocal(f.r[i-1]) {
		i--
	}
	for i < end && (f.r[i] == '.' || f.r[i] == '\'' || f.r[i] == '*' || f.r[i] == '!') {
		i++
	}
	if i == end {
		return at, true
	}
	return i, end == at
}

func isLocal(r rune) bool {
	if isAlnum(r) || isLetterAbroad(r) {
		return true
	}
	switch r {
	case '.', '_', '%', '+', '-', '~', '\'', '!', '$', '*', '^':
		return true
	}
	return false
}

// domainAfter reads the domain behind an @: its end (0 for none), whether its last label is a known top-level
// domain, and whether its dots are written as words.
func (w *Worker) domainAfter(i int) (end int, known, spelled bool) {
	f := &w.f
	if f.at(i) == ' ' {
		i++
	}
	labels := 0
	start := i
	for i-start < 255 {
		from := i
		for i < len(f.r) && i-from < 64 && (isAlnum(f.r[i]) || f.r[i] == '-' || isLetterAbroad(f.r[i])) {
			i++
		}
		if i == from && labels == 0 {
			// A Japanese domain, which only its dot can tell from text.
			for i < len(f.r) && i-from < 24 && isJapanese(f.r[i]) {
				i++
			}
			if f.at(i) != '.' {
				return 0, false, false
			}
		}
		if i == from {
			break
		}
		labels++
		end = i
		known = w.m.topLevel.exact(f.r, from, i)
		next, word := w.dotAt(i)
		if next == 0 {
			break
		}
		if f.at(next-1) == '。' && !w.knownLabelAt(next) {
			break
		}
		spelled = spelled || word
		i = next
	}
	for end > start && (f.r[end-1] == '-' || f.r[end-1] == '.') {
		end--
	}
	if labels < 2 || end-start < 4 {
		return 0, false, false
	}
	if !isASCIILetter(f.r[end-1]) && !isDigit(f.r[end-1]) && !isLetterAbroad(f.r[end-1]) {
		return 0, false, false
	}
	return end, known, spelled
}

func (w *Worker) knownLabelAt(i int) bool {
	f := &w.f
	k := i
	for k < len(f.r) && k-i < 24 && isAlnum(f.r[k]) {
		k++
	}
	return w.m.topLevel.exact(f.r, i, k)
}

// dotAt reads a dot of a domain at cell i, written as a mark or as a word, and gives its end, or 0.
func (w *Worker) dotAt(i int) (end int, word bool) {
	f := &w.f
	switch f.at(i) {
	case '.', '。':
		return i + 1, false
	case '(', '[', '{':
		return w.m.dotWords.inBrackets(f.r, i), true
	case 'ド':
		if f.startsWith(i, "ドット") {
			return i + 3, true
		}
	case ' ':
		if f.has(i, " dot ") {
			return i + 5, true
		}
		if k := w.m.dotWords.inBrackets(f.r, i+1); k > 0 && (f.at(i+1) == '(' || f.at(i+1) == '[' || f.at(i+1) == '{') {
			if f.at(k) == ' ' {
				k++
			}
			return k, true
		}
	}
	return 0, false
}

// appendMail appends the address in lower case with plain marks.
func (w *Worker) appendMail(dst []byte, from int, at atSign, to int) []byte {
	f := &w.f
	for i := from; i < at.from; i++ {
		if r := f.r[i]; r != ' ' || f.r[from] == '"' {
			dst = appendRune(dst, lower(r))
		}
	}
	dst = append(dst, '@')
	for i := at.to; i < to; {
		if next, _ := w.dotAt(i); next > i && next <= to {
			dst = append(dst, '.')
			i = next
			continue
		}
		if r := f.r[i]; r != ' ' {
			dst = appendRune(dst, lower(r))
		}
		i++
	}
	return dst
}

// mentions masks @handles.
func (w *Worker) mentions() {
	f := &w.f
	for i := 0; i < len(f.r); i++ {
		if f.r[i] != '@' || f.flag[i]&inURL != 0 {
			continue
		}
		if b := f.at(i - 1); isAlnum(b) || b == '_' || b == '.' || b == '-' {
			continue
		}
		if end := w.handleAfter(i + 1); end > 0 {
			w.hit(Mention, i, end, w.canonicalASCII(i+1, end))
		}
	}
}

// handleAfter gives the end of the handle at cell i, or 0.
func (w *Worker) handleAfter(i int) int {
	f := &w.f
	k, letters := i, 0
	for k < len(f.r) && k-i < 64 && (isAlnum(f.r[k]) || f.r[k] == '_' || f.r[k] == '.' || f.r[k] == '-') {
		if isASCIILetter(f.r[k]) {
			letters++
		}
		k++
	}
	for k > i && (f.r[k-1] == '.' || f.r[k-1] == '-') {
		k--
	}
	if k == i {
		return w.japaneseHandle(i)
	}
	if letters == 0 || k-i < 2 || f.at(k) == '/' || w.m.notHandles.exact(f.r, i, k) {
		return 0
	}
	return k
}

// japaneseHandle is a name behind an @ that stands at the border of a word on both sides: @ゆうこ ありがとう.
func (w *Worker) japaneseHandle(i int) int {
	f := &w.f
	if b := f.at(i - 2); b != barrier && b != ' ' && b != '\n' && b != '(' {
		return 0
	}
	k := i
	for k < len(f.r) && k-i <= 10 && isJapanese(f.r[k]) {
		if f.startsWith(k, "さん") || f.startsWith(k, "ちゃん") || f.startsWith(k, "くん") || f.startsWith(k, "様") {
			break
		}
		k++
	}
	if k-i < 2 || k-i > 10 {
		return 0
	}
	switch r := f.at(k); {
	case r == ' ', r == '\n', r == 'さ', r == 'ち', r == 'く', r == '様', r == barrier, r == ':', r == '、':
	default:
		return 0
	}
	if w.names != nil && w.names.Use(string(f.r[i:k]))&(UsePlace|UseCommon|UseOrganisation) != 0 {
		return 0
	}
	return k
}

// The tables of mail.go and url.go, separated by spaces.
const (
	topLevels    = "com net org jp co info biz io me dev app museum xyz tokyo osaka us uk cn kr tw hk sg de fr edu gov mil ac ne or go ad ed gr lg name pro tv cc ai shop site online store cloud email jobs mobi asia eu au ca in ru br it es nl ch se"
	atWords      = "at アット アットマーク a @ あっと あっとまーく"
	dotWords     = "dot ドット どっと . d"
	notHandles   = "cosme nifty home wiki it media import override autowired font-face keyframes charset supports types param return returns deprecated test before after property app.route staticmethod classmethod echo off everyone here channel all"
	secretParams = "token access_token refresh_token id_token auth_token csrf_token authtoken api_key apikey api-key key secret client_secret password passwd pass pwd pw session session_id sessionid sess sid phpsessid jsessionid sig signature auth authorization code otp pin jwt hash hmac ticket invite invite_code reset reset_token verify confirm credential credentials private_key x-amz-signature x-amz-credential x-amz-security-token x-goog-signature awsaccesskeyid user username user_id userid uid login email mail tel phone member_id customer_id"
	socialHosts  = "twitter.com x.com mobile.twitter.com instagram.com facebook.com m.facebook.com tiktok.com youtube.com threads.net note.com github.com line.me ameblo.jp linkedin.com/in t.me mixi.jp"
	notProfiles  = "i search hashtag home explore intent share p reel reels stories tv watch embed channel c playlist results shorts feed settings login signup about help legal privacy tos groups events pages features topics marketplace status sharer dialog notifications messages r ti"
)
