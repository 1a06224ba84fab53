package event

import (
	"strings"
)

// Reason says why a message was refused. The set is closed: it is a label of metrics and a column of the dead
// letters.
type Reason string

// The reasons for refusing a message. All but the last three come from decoding.
const (
	ReasonTooLarge         Reason = "too_large"           // the value is longer than Limits.MaxMessageBytes; it was not decoded
	ReasonInvalidUTF8      Reason = "invalid_utf8"        // the value is not UTF-8, or holds half of a surrogate pair
	ReasonInvalidJSON      Reason = "invalid_json"        // the value is not one JSON value
	ReasonTooDeep          Reason = "too_deep"            // objects or arrays nest deeper than Limits.MaxDepth
	ReasonNullValue        Reason = "null_value"          // the value is the JSON word null
	ReasonDuplicateField   Reason = "duplicate_field"     // an object names a field twice
	ReasonUnknownField     Reason = "unknown_field"       // the event has no such field
	ReasonMissingField     Reason = "missing_field"       // a required field is absent, null or empty
	ReasonWrongType        Reason = "wrong_type"          // a field has the wrong JSON type
	ReasonInvalidTime      Reason = "invalid_time"        // a time is not RFC 3339
	ReasonTimeOutOfRange   Reason = "time_out_of_range"   // a time lies before 2000 or too far ahead
	ReasonOutOfRange       Reason = "out_of_range"        // a number lies outside its range
	ReasonUnknownEvent     Reason = "unknown_event"       // the field event names no known kind
	ReasonUnknownValue     Reason = "unknown_value"       // a field with a closed set of values holds another one
	ReasonTooLong          Reason = "too_long"            // a text or id is longer than allowed
	ReasonTooMany          Reason = "too_many"            // an object has more entries than allowed
	ReasonControlCharacter Reason = "control_character"   // an id holds a control character
	ReasonInvalidURL       Reason = "invalid_url"         // url is not an http or https address
	ReasonEmptyBody        Reason = "empty_body"          // a post has neither text nor title nor rating
	ReasonAnalyzerPanic    Reason = "analyzer_panic"      // the analysis of this post crashed
	ReasonDecoderPanic     Reason = "decoder_panic"       // the decoding of this message crashed
	ReasonStoreRefused     Reason = "refused_by_database" // ClickHouse refused this row and takes its neighbours
)

// Reasons returns every reason, in a fixed order.
func Reasons() []Reason {
	return []Reason{
		ReasonTooLarge, ReasonInvalidUTF8, ReasonInvalidJSON, ReasonTooDeep, ReasonNullValue, ReasonDuplicateField,
		ReasonUnknownField, ReasonMissingField, ReasonWrongType, ReasonInvalidTime, ReasonTimeOutOfRange,
		ReasonOutOfRange, ReasonUnknownEvent, ReasonUnknownValue, ReasonTooLong, ReasonTooMany,
		ReasonControlCharacter, ReasonInvalidURL, ReasonEmptyBody, ReasonAnalyzerPanic, ReasonDecoderPanic,
		ReasonStoreRefused,
	}
}

// Reject says why a message was refused. It never holds message content: Field is a path of field names, in which
// a name that the wire format does not know is shown only when it looks like an identifier, and Detail says what
// would be right.
type Reject struct {
	Reason Reason
	Field  string // dotted path, such as author.id; empty when the whole message is at fault
	Detail string // one sentence that says what would be right
}

// Error makes a Reject usable as an error.
func (r *Reject) Error() string {
	var b strings.Builder
	b.WriteString(string(r.Reason))
	if r.Field != "" {
		b.WriteString(" at ")
		b.WriteString(r.Field)
	}
	b.WriteString(": ")
	b.WriteString(r.Detail)
	return b.String()
}

func reject(reason Reason, field, detail string) *Reject {
	return &Reject{Reason: reason, Field: field, Detail: detail}
}

const maxShownName = 40

// safeName returns a field name that a producer chose, if it looks like an identifier, and "?" otherwise: a name can
// carry content too (a mail address as the key of an attribute).
func safeName(name string) string {
	if name == "" || len(name) > maxShownName {
		return "?"
	}
	digits := 0
	for i := range len(name) {
		c := name[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c == '-':
		case c >= '0' && c <= '9':
			if digits++; digits > 4 {
				return "?"
			}
		default:
			return "?"
		}
	}
	return name
}
