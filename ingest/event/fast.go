package event

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// scanner reads what most producers write: one object of known fields, in any order, with strings that need no \u. It
// gives up on everything else, also on all that is wrong, and leaves it to the JSON library, which knows what to say
// about it. What it does read, it reads as the library does; a test and a fuzzer hold the two side by side.
type scanner struct {
	b []byte
	i int
}

// postFields are the fields of a post, by their order in the mask of those that were seen.
const (
	fieldPostID = 1 << iota
	fieldEvent
	fieldVersion
	fieldOccurredAt
	fieldPostedAt
	fieldTitle
	fieldBody
	fieldCommunity
	fieldSource
	fieldChannel
	fieldThreadID
	fieldReplyTo
	fieldURL
	fieldRating
	fieldViews
	fieldReactions
	fieldAccepted
	fieldAuthor
	fieldAttributes
)

const (
	fieldID = 1 << iota
	fieldRole
	fieldAccountID
	fieldLevel
)

// scanPost reads a post. When it reports false, w is in any state.
func scanPost(value []byte, w *wirePost) bool {
	if !utf8.Valid(value) {
		return false
	}
	s := scanner{b: value}
	p := &w.Post
	ok := s.object(func(name []byte) (field int, ok bool) {
		switch string(name) {
		case "post_id":
			return fieldPostID, s.string(&p.PostID)
		case "event":
			var kind string
			ok = s.string(&kind)
			p.Event = Kind(kind)
			return fieldEvent, ok
		case "version":
			p.Version = new(uint64)
			return fieldVersion, s.uint(p.Version)
		case "occurred_at":
			return fieldOccurredAt, s.time(&p.OccurredAt)
		case "posted_at":
			return fieldPostedAt, s.time(&p.PostedAt)
		case "title":
			return fieldTitle, s.string(&p.Title)
		case "body":
			w.Body = new(string)
			return fieldBody, s.string(w.Body)
		case "community":
			return fieldCommunity, s.string(&p.Community)
		case "source":
			return fieldSource, s.string(&p.Source)
		case "channel":
			return fieldChannel, s.string(&p.Channel)
		case "thread_id":
			return fieldThreadID, s.string(&p.ThreadID)
		case "reply_to":
			return fieldReplyTo, s.string(&p.ReplyTo)
		case "url":
			return fieldURL, s.string(&p.URL)
		case "rating":
			var n uint64
			ok = s.uint(&n)
			p.Rating = float64(n)
			return fieldRating, ok && n < 1<<53
		case "views":
			return fieldViews, s.uint(&p.Views)
		case "reactions":
			p.Reactions = map[string]uint64{}
			return fieldReactions, s.members(func(kind string) bool {
				var n uint64
				_, twice := p.Reactions[kind]
				ok := s.uint(&n)
				p.Reactions[kind] = n
				return ok && !twice
			})
		case "accepted":
			return fieldAccepted, s.bool(&p.Accepted)
		case "author":
			return fieldAuthor, s.author(&p.Author)
		case "attributes":
			p.Attributes = map[string]string{}
			return fieldAttributes, s.members(func(name string) bool {
				var v string
				_, twice := p.Attributes[name]
				ok := s.string(&v)
				p.Attributes[name] = v
				return ok && !twice
			})
		}
		return 0, false
	})
	s.space()
	return ok && s.i == len(s.b)
}

func (s *scanner) author(a *Author) bool {
	return s.object(func(name []byte) (int, bool) {
		switch string(name) {
		case "id":
			return fieldID, s.string(&a.ID)
		case "role":
			return fieldRole, s.string(&a.Role)
		case "account_id":
			return fieldAccountID, s.string(&a.AccountID)
		case "level":
			return fieldLevel, s.string(&a.Level)
		}
		return 0, false
	})
}

// object reads an object. member reads the value of a field and says which it was; none may come twice.
func (s *scanner) object(member func(name []byte) (field int, ok bool)) bool {
	seen := 0
	return s.each(func() bool {
		name, ok := s.raw()
		if !ok || !s.next(':') {
			return false
		}
		s.space()
		field, ok := member(name)
		if !ok || seen&field != 0 {
			return false
		}
		seen |= field
		return true
	})
}

// members reads an object of any names.
func (s *scanner) members(member func(name string) bool) bool {
	return s.each(func() bool {
		var name string
		if !s.string(&name) || !s.next(':') {
			return false
		}
		s.space()
		return member(name)
	})
}

// each reads an object, calling one for every member.
func (s *scanner) each(one func() bool) bool {
	if !s.next('{') {
		return false
	}
	if s.next('}') {
		return true
	}
	for {
		s.space()
		if !one() {
			return false
		}
		if s.next('}') {
			return true
		}
		if !s.next(',') {
			return false
		}
	}
}

func (s *scanner) space() {
	for s.i < len(s.b) && (s.b[s.i] == ' ' || s.b[s.i] == '\n' || s.b[s.i] == '\t' || s.b[s.i] == '\r') {
		s.i++
	}
}

// next skips spaces and the byte c, if that is what comes.
func (s *scanner) next(c byte) bool {
	s.space()
	if s.i >= len(s.b) || s.b[s.i] != c {
		return false
	}
	s.i++
	return true
}

// raw reads a string without escapes.
func (s *scanner) raw() ([]byte, bool) {
	if s.i >= len(s.b) || s.b[s.i] != '"' {
		return nil, false
	}
	for k := s.i + 1; k < len(s.b); k++ {
		switch c := s.b[k]; {
		case c == '"':
			out := s.b[s.i+1 : k]
			s.i = k + 1
			return out, true
		case c == '\\' || c < ' ':
			return nil, false
		}
	}
	return nil, false
}

// string reads a string into memory of its own.
func (s *scanner) string(to *string) bool {
	if raw, ok := s.raw(); ok {
		*to = string(raw)
		return true
	}
	if s.i >= len(s.b) || s.b[s.i] != '"' {
		return false
	}
	end := s.i + 1
	for end < len(s.b) && s.b[end] != '"' {
		if s.b[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(s.b) {
		return false
	}
	var text strings.Builder
	text.Grow(end - s.i)
	from := s.i + 1
	for k := from; k < end; k++ {
		c := s.b[k]
		switch {
		case c < ' ':
			return false
		case c != '\\':
			continue
		}
		text.Write(s.b[from:k])
		k++
		c = s.b[k]
		switch c {
		case '"', '\\', '/':
		case 'n':
			c = '\n'
		case 't':
			c = '\t'
		case 'r':
			c = '\r'
		case 'b':
			c = '\b'
		case 'f':
			c = '\f'
		default:
			return false
		}
		text.WriteByte(c)
		from = k + 1
	}
	text.Write(s.b[from:end])
	*to, s.i = text.String(), end+1
	return true
}

// uint reads a whole number that surely fits.
func (s *scanner) uint(to *uint64) bool {
	from := s.i
	for s.i < len(s.b) && s.b[s.i] >= '0' && s.b[s.i] <= '9' {
		s.i++
	}
	digits := s.b[from:s.i]
	const safe = 19 // digits that fit into 64 bits whatever they are
	if len(digits) == 0 || len(digits) > safe || digits[0] == '0' && len(digits) > 1 {
		return false
	}
	if s.i < len(s.b) && (s.b[s.i] == '.' || s.b[s.i] == 'e' || s.b[s.i] == 'E') {
		return false
	}
	n, err := strconv.ParseUint(string(digits), 10, 64)
	*to = n
	return err == nil
}

func (s *scanner) bool(to *bool) bool {
	for _, word := range [...]string{"true", "false"} {
		if end := s.i + len(word); end <= len(s.b) && string(s.b[s.i:end]) == word {
			s.i, *to = end, word == "true"
			return true
		}
	}
	return false
}

// time reads a time of the strict form of RFC 3339; Go's own reading lets some others pass.
func (s *scanner) time(to *time.Time) bool {
	raw, ok := s.raw()
	const form = "0000-00-00T00:00:00"
	if !ok || len(raw) <= len(form) || !shaped(raw[:len(form)], form) {
		return false
	}
	zone := raw[len(form):]
	if zone[0] == '.' {
		n := 1
		for n < len(zone) && zone[n] >= '0' && zone[n] <= '9' {
			n++
		}
		if n == 1 {
			return false
		}
		zone = zone[n:]
	}
	if string(zone) != "Z" && !shaped(zone, "+00:00") && !shaped(zone, "-00:00") {
		return false
	}
	return to.UnmarshalText(raw) == nil
}

// shaped reports whether b is form with any digits in place of the zeros.
func shaped(b []byte, form string) bool {
	if len(b) != len(form) {
		return false
	}
	for i, c := range b {
		if form[i] == '0' && c >= '0' && c <= '9' {
			continue
		}
		if form[i] != c {
			return false
		}
	}
	return true
}
