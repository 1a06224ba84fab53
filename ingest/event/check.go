package event

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// check collects the first fault of an event; after a fault every further test is skipped.
type check struct {
	l    *Limits
	meta Meta
	r    *Reject
}

func (c *check) fail(reason Reason, field, detail string) {
	if c.r == nil {
		c.r = reject(reason, field, detail)
	}
}

func (c *check) required(field string, missing bool, detail string) {
	if missing {
		c.fail(ReasonMissingField, field, detail)
	}
}

func (c *check) requiredID(field, id string) {
	if id == "" {
		c.fail(ReasonMissingField, field, field+" must be given and must not be empty")
	}
	c.id(field, id)
}

func (c *check) id(field, id string) { c.plain(field, id, c.l.MaxIDBytes) }

func (c *check) name(field, name string) { c.plain(field, name, c.l.MaxNameBytes) }

// plain tests a text that identifies something: it is compared and printed, so it must not hold control characters
// (among them line and paragraph separators and the marks that turn the direction of writing).
func (c *check) plain(field, s string, limit int) {
	if c.r != nil || s == "" {
		return
	}
	if len(s) > limit {
		c.fail(ReasonTooLong, field, field+" must be at most "+strconv.Itoa(limit)+" bytes long")
		return
	}
	for _, r := range s {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || (r >= '\u202a' && r <= '\u202e') || (r >= '\u2066' && r <= '\u2069') {
			c.fail(ReasonControlCharacter, field, field+" must not hold control characters")
			return
		}
	}
}

func (c *check) text(field, s string, limit int) {
	if len(s) > limit {
		c.fail(ReasonTooLong, field, field+" must be at most "+strconv.Itoa(limit)+" bytes long")
	}
}

func (c *check) community(s *string) {
	if *s == "" {
		*s = DefaultCommunity
	}
	c.name("community", *s)
}

func (c *check) author(a *Author) {
	c.id("author.id", a.ID)
	c.id("author.account_id", a.AccountID)
	c.name("author.level", a.Level)
	switch a.Role {
	case "", "member", "leader", "staff", "partner", "outsider":
	default:
		c.fail(ReasonUnknownValue, "author.role", "author.role must be member, leader, staff, partner or outsider")
	}
}

// attributes tests the segments of an event and drops empty ones: "" means the same as absent.
func (c *check) attributes(m map[string]string) {
	if len(m) > c.l.MaxEntries {
		c.fail(ReasonTooMany, "attributes", "attributes must have at most "+strconv.Itoa(c.l.MaxEntries)+" entries")
		return
	}
	for k, v := range m {
		if c.r != nil {
			return
		}
		if k == "" {
			c.fail(ReasonMissingField, "attributes", "every attribute must have a name")
			return
		}
		if v == "" {
			delete(m, k)
			continue
		}
		field := "attributes." + safeName(k)
		c.plain(field, k, c.l.MaxNameBytes)
		c.plain(field, v, c.l.MaxValueBytes)
	}
}

func (c *check) reactions(m map[string]uint64) {
	if len(m) > c.l.MaxEntries {
		c.fail(ReasonTooMany, "reactions", "reactions must have at most "+strconv.Itoa(c.l.MaxEntries)+" kinds")
		return
	}
	for k, n := range m {
		if c.r != nil {
			return
		}
		if k == "" {
			c.fail(ReasonMissingField, "reactions", "every reaction must have a kind")
			return
		}
		if n == 0 {
			delete(m, k)
			continue
		}
		field := "reactions." + safeName(k)
		c.plain(field, k, c.l.MaxNameBytes)
		c.number(field, n)
	}
}

// number keeps counters below 2^53: a sum of a thousand of them still fits into 64 bits, and JavaScript readers see
// them exactly.
func (c *check) number(field string, n uint64) {
	if n > 1<<53 {
		c.fail(ReasonOutOfRange, field, field+" must be at most 9007199254740992")
	}
}

func (c *check) score(v, low, high float64, detail string) {
	if math.IsNaN(v) || v < low || v > high {
		c.fail(ReasonOutOfRange, "score", detail)
	}
}

func (c *check) time(field string, t time.Time) {
	if c.r != nil || t.IsZero() {
		return
	}
	if t.Before(earliest) || t.After(c.l.latest(c.meta)) {
		c.fail(ReasonTimeOutOfRange, field,
			field+" must lie after 1999 and at most "+c.l.MaxAhead.String()+" after the record's Kafka time")
	}
}

func (c *check) post(p *Post) {
	c.community(&p.Community)
	c.name("source", p.Source)
	c.name("channel", p.Channel)
	c.id("thread_id", p.ThreadID)
	c.id("reply_to", p.ReplyTo)
	c.author(&p.Author)
	c.text("title", p.Title, c.l.MaxTitleBytes)
	c.attributes(p.Attributes)
	c.reactions(p.Reactions)
	c.number("views", p.Views)
	if p.Rating != 0 && (math.IsNaN(p.Rating) || p.Rating < 1 || p.Rating > 5) {
		c.fail(ReasonOutOfRange, "rating", "rating must be 1 to 5 (leave it out, or give 0, when there is none)")
	}
	if p.URL != "" && c.r == nil {
		c.plain("url", p.URL, c.l.MaxURLBytes)
		if !hasPrefixFold(p.URL, "https://") && !hasPrefixFold(p.URL, "http://") {
			c.fail(ReasonInvalidURL, "url", "url must begin with https:// or http://")
		}
	}
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) > len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
