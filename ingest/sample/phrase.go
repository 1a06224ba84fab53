package sample

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// phrase is a compiled text of the material: plain text, {slots} and [one|of|these], which may nest.
type phrase struct{ parts []part }

// part is exactly one of literal text, a slot or alternatives.
type part struct {
	literal string
	slot    string
	options []phrase
}

// parsePhrase compiles a text. It refuses brackets that do not match and a slot without a name.
func parsePhrase(s string) (phrase, error) {
	p, rest, err := parseSequence(s, 0)
	if err != nil {
		return phrase{}, err
	}
	if rest != "" {
		return phrase{}, fmt.Errorf("%q has a %q without its opening bracket", s, rest[:1])
	}
	return p, nil
}

func parseSequence(s string, depth int) (phrase, string, error) {
	var p phrase
	var lit strings.Builder
	flush := func() {
		if lit.Len() > 0 {
			p.parts = append(p.parts, part{literal: lit.String()})
			lit.Reset()
		}
	}
	for s != "" {
		switch s[0] {
		case '\\':
			if strings.HasPrefix(s, `\n`) {
				lit.WriteByte('\n')
				s = s[2:]
				continue
			}
			return phrase{}, "", fmt.Errorf(`%q has a \ that is not followed by n`, s)
		case '{':
			name, rest, ok := strings.Cut(s[1:], "}")
			if !ok || name == "" || strings.ContainsAny(name, "{[|]") {
				return phrase{}, "", fmt.Errorf("%q must continue with a slot name and }", s)
			}
			flush()
			p.parts = append(p.parts, part{slot: name})
			s = rest
			continue
		case '}':
			return phrase{}, "", fmt.Errorf("%q begins with a } that closes nothing", s)
		case '[':
			flush()
			alt := part{options: []phrase{}}
			rest := s[1:]
			for {
				o, r, err := parseSequence(rest, depth+1)
				if err != nil {
					return phrase{}, "", err
				}
				alt.options = append(alt.options, o)
				if r == "" {
					return phrase{}, "", fmt.Errorf("%q must close its [ with ]", s)
				}
				rest = r[1:]
				if r[0] == ']' {
					break
				}
			}
			p.parts = append(p.parts, alt)
			s = rest
			continue
		case '|', ']':
			flush()
			if depth == 0 && s[0] == '|' {
				return phrase{}, "", fmt.Errorf("%q has a | outside of brackets", s)
			}
			return p, s, nil
		}
		lit.WriteByte(s[0])
		s = s[1:]
	}
	flush()
	return p, "", nil
}

// render draws one wording. A slot without a value is an error of the caller that validate has excluded; it is left
// visible in the text rather than dropped.
func (p phrase) render(r *rand.Rand, slots map[string]string) string {
	var b strings.Builder
	p.write(&b, r, slots)
	return b.String()
}

func (p phrase) write(b *strings.Builder, r *rand.Rand, slots map[string]string) {
	for _, q := range p.parts {
		switch {
		case q.options != nil:
			q.options[r.IntN(len(q.options))].write(b, r, slots)
		case q.slot != "":
			v, ok := slots[q.slot]
			if !ok {
				v = "{" + q.slot + "}"
			}
			b.WriteString(v)
		default:
			b.WriteString(q.literal)
		}
	}
}

// slots calls f for every slot of the phrase.
func (p phrase) slots(f func(string)) {
	for _, q := range p.parts {
		if q.slot != "" {
			f(q.slot)
		}
		for _, o := range q.options {
			o.slots(f)
		}
	}
}

// wordings counts how many texts a phrase can give with its slots fixed.
func (p phrase) wordings() int {
	n := 1
	for _, q := range p.parts {
		if q.options == nil {
			continue
		}
		sum := 0
		for _, o := range q.options {
			sum += o.wordings()
		}
		n *= sum
	}
	return n
}
