package emotion

import (
	"strings"

	"voc/analyze/parse"
	"voc/analyze/token"
)

// signs appends the emotions of smileys, stage directions and written laughter. A smiley that the words of its
// sentence contradict is left out.
func (w *Worker) signs(dst []Found, d *parse.Doc, s *parse.Sentence, m mood) []Found {
	for i := s.FirstToken; i < s.EndToken; i++ {
		t := &d.Tokens[i]
		value, rule := "", ""
		switch {
		case t.POS == token.Symbol:
			value, rule = smiley(t)
		case laughs(d, s, i):
			value, rule = Fun, "emotion:笑"
		}
		if value == "" || contradicts(value, m) {
			continue
		}
		dst = append(dst, Found{Value: value, First: i, End: i + 1, Rule: rule})
	}
	return dst
}

// smiley is the emotion of a smiley token.
func smiley(t *token.Token) (value, rule string) {
	switch t.Base {
	case parse.AtomJoy:
		if strings.Contains(t.Surface, "笑") {
			return Fun, "emotion:(笑)"
		}
		return Joy, "emotion:顔文字"
	case parse.AtomSad:
		return Sadness, "emotion:顔文字"
	case parse.AtomAngry:
		return Anger, "emotion:顔文字"
	case parse.AtomSurprise:
		return Surprise, "emotion:顔文字"
	}
	return "", ""
}

// contradicts reports whether a sign says the opposite of the words beside it: tears of joy, a bitter smile.
func contradicts(value string, m mood) bool {
	switch value {
	case Sadness, Anger:
		return m.good && !m.bad
	case Joy:
		return m.bad && !m.good
	}
	return false
}

// laughs reports whether the token is written laughter: a 草 that is no grass, ww and www that are no address.
func laughs(d *parse.Doc, s *parse.Sentence, i int) bool {
	t := &d.Tokens[i]
	switch t.Surface {
	case "草":
		before := i == s.FirstToken || d.Tokens[i-1].POS.IsMark() || d.Tokens[i-1].Surface == "で" || d.Tokens[i-1].Surface == "は" || inflected(&d.Tokens[i-1])
		return before && ends(d, s, i+1)
	case "w", "ww", "www":
		return i > s.FirstToken && !latin(d.Tokens[i-1].Surface) && ends(d, s, i+1) || i == s.FirstToken && t.Surface != "w" && ends(d, s, i+1)
	case "笑", "爆笑":
		return i > s.FirstToken && d.Tokens[i-1].POS != token.Genitive && ends(d, s, i+1) && !d.Tokens[i-1].POS.IsNoun()
	}
	return false
}

func inflected(t *token.Token) bool {
	return t.POS.IsVerb() || t.POS.IsAdj() || t.POS == token.Aux || t.POS == token.Final
}

// ends reports whether the sentence ends at token i but for marks and smileys; a dot between letters is none.
func ends(d *parse.Doc, s *parse.Sentence, i int) bool {
	if i >= s.EndToken {
		return true
	}
	t := &d.Tokens[i]
	if t.Surface == "." || t.Surface == "/" || t.Surface == ":" || t.Surface == "-" {
		return i+1 >= s.EndToken
	}
	return t.POS.IsMark()
}

func latin(s string) bool {
	last := s[len(s)-1]
	return last >= 'a' && last <= 'z' || last >= '0' && last <= '9'
}
