package event

import (
	"bytes"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// DefaultCommunity is the community of an event that names none.
const DefaultCommunity = "default"

// wirePost is Post with a body that tells absent from empty. Its Body hides the embedded one from the decoder.
type wirePost struct {
	Post
	Body *string `json:"body"`
}

// DecodePost reads one message of voc.posts. The returned post is valid by itself: ids are within limits, times are
// in range, defaults are filled in, and a deletion has no text. A null value (tombstone) must not be given to it:
// a tombstone's key names a post but not its community, so nobody can say what it deletes.
func DecodePost(value []byte, meta Meta, limits Limits) (Post, *Reject) {
	var w wirePost
	// Objects nest two deep in what scanPost reads.
	if len(value) > limits.MaxMessageBytes || limits.MaxDepth < 2 || !scanPost(value, &w) {
		var slow wirePost // by itself, because what the library fills is allocated
		if r := decode(value, &slow, &limits); r != nil {
			return Post{}, r
		}
		w = slow
	}
	p := w.Post
	switch p.Event {
	case "":
		p.Event = Created
	case Created, Edited, Deleted:
	default:
		return Post{}, reject(ReasonUnknownEvent, "event", "event must be created, edited or deleted")
	}
	c := check{l: &limits, meta: meta}
	c.requiredID("post_id", p.PostID)
	c.post(&p)
	if p.Event == Deleted {
		p.Title = ""
	} else {
		c.required("posted_at", p.PostedAt.IsZero(), "posted_at must be given for created and edited posts, as an RFC 3339 time")
		c.required("body", w.Body == nil, "body must be given for created and edited posts")
		if w.Body != nil {
			p.Body = *w.Body
		}
		if c.r == nil && blank(p.Body) && blank(p.Title) && p.Rating == 0 {
			c.fail(ReasonEmptyBody, "body", "body must hold text, unless the post has a title or a rating")
		}
	}
	c.time("posted_at", p.PostedAt)
	c.time("occurred_at", p.OccurredAt)
	if c.r != nil {
		return Post{}, c.r
	}
	return p, nil
}

// DecodeActivity reads one message of voc.activity. An event without event_id gets the record's origin as its id,
// which makes a replay of the record harmless.
func DecodeActivity(value []byte, meta Meta, limits Limits) (Activity, *Reject) {
	var a Activity
	if r := decode(value, &a, &limits); r != nil {
		return Activity{}, r
	}
	c := check{l: &limits, meta: meta}
	needsPost, needsAuthor := false, false
	switch a.Event {
	case "viewed", "reacted", "accepted":
		needsPost = true
	case "joined", "login", "point":
		needsAuthor = true
	case "":
		c.required("event", true, "event must be viewed, reacted, accepted, joined, login or point")
	default:
		c.fail(ReasonUnknownEvent, "event", "event must be viewed, reacted, accepted, joined, login or point")
	}
	c.required("occurred_at", a.OccurredAt.IsZero(), "occurred_at must be an RFC 3339 time")
	c.time("occurred_at", a.OccurredAt)
	if needsPost {
		c.required("post_id", a.PostID == "", "post_id must name the post that was viewed, reacted to or accepted")
	}
	if needsAuthor {
		c.required("author.id", a.Author.ID == "", "author.id must name the member of a joined, login or point event")
	}
	c.id("event_id", a.EventID)
	c.id("post_id", a.PostID)
	c.id("invited_by", a.InvitedBy)
	c.name("kind", a.Kind)
	c.community(&a.Community)
	c.author(&a.Author)
	c.attributes(a.Attributes)
	if a.Count == nil {
		one := int64(1)
		a.Count = &one
	}
	const countLimit = 1_000_000_000_000
	if n := *a.Count; n > countLimit || n < -countLimit || (a.Event != "point" && n < 1) {
		c.fail(ReasonOutOfRange, "count", "count must be a positive number, or the points (also negative) of a point event, up to 1e12")
	}
	if a.EventID == "" {
		a.EventID = originID(meta)
	}
	if c.r != nil {
		return Activity{}, c.r
	}
	return a, nil
}

// DecodeAccount reads one message of voc.accounts. A nil value (tombstone) ends the account that the key names, at
// the record's Kafka time.
func DecodeAccount(value []byte, meta Meta, limits Limits) (Account, *Reject) {
	c := check{l: &limits, meta: meta}
	if value == nil {
		id := string(meta.Key)
		if !utf8.ValidString(id) {
			return Account{}, reject(ReasonInvalidUTF8, "key", "the message key must be the account_id in UTF-8")
		}
		c.requiredID("key", id)
		c.required("valid_from", meta.Time.IsZero(), "a tombstone needs a Kafka timestamp, which says when the account ended")
		if c.r != nil {
			return Account{}, c.r
		}
		return Account{AccountID: id, ValidFrom: meta.Time, Deleted: true}, nil
	}
	var a Account
	if r := decode(value, &a, &limits); r != nil {
		return Account{}, r
	}
	c.requiredID("account_id", a.AccountID)
	c.required("valid_from", a.ValidFrom.IsZero(), "valid_from must be an RFC 3339 time")
	c.time("valid_from", a.ValidFrom)
	c.text("name", a.Name, limits.MaxTitleBytes)
	c.attributes(a.Attributes)
	if c.r != nil {
		return Account{}, c.r
	}
	return a, nil
}

// DecodeSurvey reads one message of voc.surveys.
func DecodeSurvey(value []byte, meta Meta, limits Limits) (Survey, *Reject) {
	var s Survey
	if r := decode(value, &s, &limits); r != nil {
		return Survey{}, r
	}
	c := check{l: &limits, meta: meta}
	c.requiredID("response_id", s.ResponseID)
	c.id("survey_id", s.SurveyID)
	c.required("metric", s.Metric == "", "metric must be nps or csat")
	c.required("score", s.Score == nil, "score must be given: 0 to 10 for nps, 1 to 5 for csat")
	c.required("answered_at", s.AnsweredAt.IsZero(), "answered_at must be an RFC 3339 time")
	c.time("answered_at", s.AnsweredAt)
	if c.r == nil {
		switch s.Metric {
		case "nps":
			c.score(*s.Score, 0, 10, "score must be 0 to 10 for nps")
		case "csat":
			c.score(*s.Score, 1, 5, "score must be 1 to 5 for csat")
		default:
			c.fail(ReasonUnknownValue, "metric", "metric must be nps or csat")
		}
	}
	c.community(&s.Community)
	c.author(&s.Author)
	c.attributes(s.Attributes)
	if c.r != nil {
		return Survey{}, c.r
	}
	return s, nil
}

// SourceVersion orders the events of one post: the version of the event, else the milliseconds of occurred_at, else
// those of the Kafka timestamp, else zero. It is a function of the record alone, so a replay gives it again.
func (p *Post) SourceVersion(meta Meta) uint64 {
	switch {
	case p.Version != nil:
		return *p.Version
	case !p.OccurredAt.IsZero():
		return millis(p.OccurredAt)
	default:
		return millis(meta.Time)
	}
}

// SourceVersion of a survey's comment as a post: the milliseconds of answered_at.
func (s *Survey) SourceVersion() uint64 { return millis(s.AnsweredAt) }

func millis(t time.Time) uint64 {
	if t.IsZero() || t.UnixMilli() < 0 {
		return 0
	}
	return uint64(t.UnixMilli())
}

func originID(m Meta) string {
	return m.Topic + "/" + strconv.Itoa(m.Partition) + "/" + strconv.FormatInt(m.Offset, 10)
}

// decode reads value into out, which must be a pointer to a struct, and turns every failure into a Reject.
func decode(value []byte, out any, l *Limits) *Reject {
	if len(value) > l.MaxMessageBytes {
		return reject(ReasonTooLarge, "", "the message value must be at most "+strconv.Itoa(l.MaxMessageBytes)+" bytes long")
	}
	if !utf8.Valid(value) {
		return reject(ReasonInvalidUTF8, "", "the message value must be UTF-8")
	}
	if depth(value, l.MaxDepth) > l.MaxDepth {
		return reject(ReasonTooDeep, "", "objects and arrays must nest at most "+strconv.Itoa(l.MaxDepth)+" deep")
	}
	if string(bytes.TrimSpace(value)) == "null" {
		return reject(ReasonNullValue, "", "the message value must be a JSON object, not the word null")
	}
	if err := json.Unmarshal(value, out, json.RejectUnknownMembers(!l.IgnoreUnknown)); err != nil {
		return explain(err, reflect.TypeOf(out).Elem())
	}
	return nil
}

// depth returns how deep objects and arrays nest, and stops counting just above limit. It only looks at brackets
// outside of strings, so it is exact for valid JSON and cheap for the rest.
func depth(value []byte, limit int) int {
	d, deepest := 0, 0
	for i := 0; i < len(value); i++ {
		switch value[i] {
		case '"':
			for i++; i < len(value) && value[i] != '"'; i++ {
				if value[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			if d++; d > deepest {
				if deepest = d; deepest > limit {
					return deepest
				}
			}
		case '}', ']':
			d--
		}
	}
	return deepest
}

// explain turns an error of the JSON library into a Reject. The library's texts quote content, so none is passed on.
func explain(err error, t reflect.Type) *Reject {
	if sem, ok := errors.AsType[*json.SemanticError](err); ok {
		path, known := fieldPath(sem.JSONPointer, t)
		switch {
		case errors.Is(err, json.ErrUnknownName):
			return reject(ReasonUnknownField, path, "the event has no such field; see the JSON Schema of the topic")
		case sem.GoType == reflect.TypeFor[time.Time]() && sem.JSONKind == '"':
			return reject(ReasonInvalidTime, path, path+" must be an RFC 3339 time such as 2026-11-16T09:00:00+09:00")
		case sem.JSONKind == '0' && isNumber(sem.GoType):
			if isInteger(sem.GoType) && bytes.ContainsAny(sem.JSONValue, ".eE") {
				return reject(ReasonWrongType, path, path+" must be "+typeName(sem.GoType))
			}
			return reject(ReasonOutOfRange, path, path+" must be "+typeName(sem.GoType)+" within its range")
		case path == "" || !known:
			return reject(ReasonWrongType, path, "the message value must be a JSON object")
		default:
			return reject(ReasonWrongType, path, path+" must be "+typeName(sem.GoType))
		}
	}
	if syn, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		path, _ := fieldPath(syn.JSONPointer, t)
		switch {
		case errors.Is(err, jsontext.ErrDuplicateName):
			return reject(ReasonDuplicateField, path, "each field may be given only once in an object")
		case syn.Err != nil && strings.Contains(syn.Err.Error(), "surrogate pair"):
			return reject(ReasonInvalidUTF8, path, `a \u escape of a surrogate must come as a pair`)
		default:
			return reject(ReasonInvalidJSON, path, "the message value must be one JSON object; it breaks off or is malformed at byte "+
				strconv.FormatInt(syn.ByteOffset, 10))
		}
	}
	return reject(ReasonInvalidJSON, "", "the message value must be one JSON object and nothing after it")
}

// fieldPath turns a JSON pointer into a dotted path. Names that the wire format knows are shown as they are, others
// only when they look harmless. known says whether the whole path belongs to the wire format.
func fieldPath(p jsontext.Pointer, t reflect.Type) (path string, known bool) {
	var parts []string
	known = true
	for tok := range p.Tokens() {
		next, ok := memberType(t, tok)
		if !ok {
			tok, known = safeName(tok), false
		}
		parts = append(parts, tok)
		t = next
		if len(parts) > 8 {
			parts = append(parts[:8], "…")
			break
		}
	}
	return strings.Join(parts, "."), known || t != nil
}

// memberType returns the type of the member name of t, and whether the wire format fixes that name.
func memberType(t reflect.Type, name string) (reflect.Type, bool) {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil {
		return nil, false
	}
	switch t.Kind() {
	case reflect.Struct:
		for f := range t.Fields() {
			if f.Anonymous {
				if m, ok := memberType(f.Type, name); ok {
					return m, true
				}
			} else if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag == name {
				return f.Type, true
			}
		}
	case reflect.Map:
		return t.Elem(), false
	}
	return nil, false
}

func isNumber(t reflect.Type) bool {
	return isInteger(t) || (t != nil && (t.Kind() == reflect.Float64 || t.Kind() == reflect.Float32))
}

func isInteger(t reflect.Type) bool {
	return t != nil && t.Kind() >= reflect.Int && t.Kind() <= reflect.Uint64
}

func typeName(t reflect.Type) string {
	if t == nil {
		return "of another type"
	}
	if t == reflect.TypeFor[time.Time]() {
		return "a string with an RFC 3339 time"
	}
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number of zero or more"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "a whole number"
	case reflect.Pointer:
		return typeName(t.Elem())
	default:
		return "an object"
	}
}

// blank reports whether nobody could read anything in s: only spaces, control and zero-width characters.
func blank(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.IsControl(r) && !unicode.Is(unicode.Cf, r) && r != '\u3164' && r != '\u2800'
	}) < 0
}

// HasText reports whether a text holds anything that somebody could read.
func HasText(s string) bool { return !blank(s) }
