// Package split cuts a folded text into sentences.
//
// It owns where a sentence ends and which sentences are quoted from somebody else. It works on runes and returns
// spans; it never rewrites or drops text and knows no words (clauses need words and are found in analyze/parse).
package split

// Sentence is a span of runes, End exclusive, without the white space around it. Quoted says that the line begins
// with a quote mark (>), so the words are another person's.
type Sentence struct {
	Start, End int
	Quoted     bool
	// Question and Exclaim say that the sentence's closing marks hold ？ or ！.
	Question, Exclaim bool
}

// MaxSentence is the length at which a sentence without any mark is cut, in runes.
const MaxSentence = 600

// Sentences appends the sentences of runes to dst. A sentence ends after 。！？ and their like together with the
// closing marks, smileys and brackets that follow, at a line break that does not look like a wrapped line, and at
// MaxSentence.
func Sentences(dst []Sentence, runes []rune) []Sentence {
	start, depth := 0, 0
	lineStart, quoted := true, false
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		if r >= 0x3041 && r <= 0x9fff && !lineStart && i-start < MaxSentence {
			continue // kana and kanji, most of the text, end nothing
		}
		if lineStart && r != ' ' && r != '\n' {
			quoted = r == '>' || r == '＞'
			lineStart = false
		}
		switch {
		case r == '「' || r == '『' || r == '(' || r == '（':
			depth++
		case r == '」' || r == '』' || r == ')' || r == '）':
			depth = max(depth-1, 0)
		}
		switch {
		case r == '\n':
			if quoted || !wrapped(runes, i) {
				dst = appendTrimmed(dst, runes, start, i, quoted)
				start, depth = i+1, 0
				lineStart = true
			}
		case isEnd(runes, i) && (depth == 0 || !closesSoon(runes, i)):
			end := closing(runes, i+1)
			dst = appendTrimmed(dst, runes, start, end, quoted)
			start, i, depth = end, end-1, 0
		case i-start >= MaxSentence:
			dst = appendTrimmed(dst, runes, start, i, quoted)
			start, depth = i, 0
		}
	}
	return appendTrimmed(dst, runes, start, len(runes), quoted)
}

func isEnd(runes []rune, i int) bool {
	switch runes[i] {
	case '。', '！', '？', '．', '♪', '☆', '★', '‼', '⁉':
		return true
	case '.':
		// An end only after Japanese text: 3.5 and voc.example are words.
		return i > 0 && isJapanese(runes[i-1]) && (i+1 == len(runes) || runes[i+1] != '.')
	case '…':
		return i+1 < len(runes) && (runes[i+1] == ' ' || runes[i+1] == '\n')
	}
	return false
}

func isJapanese(r rune) bool {
	return r >= 0x3041 && r <= 0x30fe || r >= 0x4e00 && r <= 0x9fff
}

// closing is the end of the run of marks that belong to the sentence before position i.
func closing(runes []rune, i int) int {
	for i < len(runes) {
		switch r := runes[i]; {
		case r == '。' || r == '！' || r == '？' || r == '♪' || r == '☆' || r == '★' || r == '…':
		case r == '」' || r == '』' || r == ')' || r == '）' || r == '"' || r == '”':
		case r >= 0x2600 && r <= 0x27bf || r >= 0x1f300 && r <= 0x1faff:
		default:
			return i
		}
		i++
	}
	return i
}

// closesSoon reports whether the bracket that is open at i closes on the same line, so that a full stop inside it
// ends no sentence of the writer.
func closesSoon(runes []rune, i int) bool {
	for k := i + 1; k < len(runes) && k < i+200; k++ {
		switch runes[k] {
		case '」', '』', ')', '）':
			return true
		case '\n', '「', '『', '(', '（':
			return false
		}
	}
	return false
}

// wrapped reports whether the line break at i only wraps a line: the line stops at a comma or a particle and the
// next one goes on with Japanese text.
func wrapped(runes []rune, i int) bool {
	if i < 12 || i+1 >= len(runes) || !isJapanese(runes[i+1]) {
		return false
	}
	switch runes[i-1] {
	case '、', ',', 'が', 'は', 'を', 'に', 'の', 'で', 'と', 'も', 'て':
		return true
	}
	return false
}

func appendTrimmed(dst []Sentence, runes []rune, start, end int, quoted bool) []Sentence {
	for start < end && isSpace(runes[start]) {
		start++
	}
	for end > start && isSpace(runes[end-1]) {
		end--
	}
	if start == end {
		return dst
	}
	s := Sentence{Start: start, End: end, Quoted: quoted}
	for k := end - 1; k >= start && isClosingMark(runes[k]); k-- {
		s.Question = s.Question || runes[k] == '？' || runes[k] == '⁉'
		s.Exclaim = s.Exclaim || runes[k] == '！' || runes[k] == '‼'
	}
	return append(dst, s)
}

func isSpace(r rune) bool { return r == ' ' || r == '\n' }

func isClosingMark(r rune) bool {
	switch r {
	case '。', '！', '？', '♪', '☆', '★', '…', '」', '』', ')', '）', '‼', '⁉', ' ':
		return true
	}
	return r >= 0x2600 && r <= 0x27bf || r >= 0x1f300 && r <= 0x1faff
}
