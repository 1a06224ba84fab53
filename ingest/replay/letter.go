// Package replay reads the dead-letter topic, gives refused messages out for repair, and sends repaired ones to the
// topic they came from.
//
// It changes no table but the one that says what was sent again, and repairs nothing by itself. The messages it gives
// out are raw: they may hold what must not be stored. Sending again is at least once; the events' ids and versions make
// a second sending harmless, and what was sent is not sent a second time unless asked for.
package replay

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/segmentio/kafka-go"

	"voc/ingest/deadletter"
)

// Origin is the message that was refused.
type Origin struct {
	Topic     string
	Partition int
	Offset    int64
}

// String is the origin as errors show it.
func (o Origin) String() string { return fmt.Sprintf("%s/%d/%d", o.Topic, o.Partition, o.Offset) }

// Letter is one refused message with its reason.
type Letter struct {
	deadletter.Letter
	// Refused is when it was refused.
	Refused time.Time
	// Omitted says that the value was too large for the dead-letter topic and is not here.
	Omitted bool
	// Key and value as they were refused; empty for a letter that was not read from a file.
	keySum, valueSum string
}

// Origin is where the message came from.
func (l *Letter) Origin() Origin { return Origin{l.Topic, l.Partition, l.Offset} }

// keyChanged and repaired compare a letter that was read from a file with what was refused.
func (l *Letter) keyChanged() bool { return l.keySum != "" && l.keySum != sum(l.Key) }

func (l *Letter) repaired() bool {
	return l.keyChanged() || l.valueSum != "" && l.valueSum != sum(l.Value)
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	if b == nil {
		h = sha256.Sum256([]byte("null")) // apart from the empty value, and no secret
	}
	return hex.EncodeToString(h[:8])
}

// fromMessage reads a message of the dead-letter topic.
func fromMessage(offset int64, at time.Time, key, value []byte, headers []kafka.Header) (Letter, error) {
	l := Letter{Refused: at}
	l.Key, l.Value = key, value
	found := 0
	for _, h := range headers {
		s := string(h.Value)
		var err error
		switch h.Key {
		case deadletter.HeaderReason:
			l.Reason = s
		case deadletter.HeaderField:
			l.Field = s
		case deadletter.HeaderDetail:
			l.Detail = s
		case deadletter.HeaderTopic:
			l.Topic = s
			found++
		case deadletter.HeaderPartition:
			l.Partition, err = strconv.Atoi(s)
			found++
		case deadletter.HeaderOffset:
			l.Offset, err = strconv.ParseInt(s, 10, 64)
			found++
		case deadletter.HeaderTime:
			if s != "" {
				var ms int64
				ms, err = strconv.ParseInt(s, 10, 64)
				l.Time = time.UnixMilli(ms).UTC()
			}
		case deadletter.HeaderOmitted:
			l.Omitted = s == "true"
		default:
			l.Headers = append(l.Headers, deadletter.Header{Key: h.Key, Value: h.Value})
		}
		if err != nil {
			return l, fmt.Errorf("the dead letter at offset %d has %q in the header %s; only voc may write to this topic", offset, s, h.Key)
		}
	}
	if found != 3 || l.Topic == "" || l.Partition < 0 || l.Offset < 0 {
		return l, fmt.Errorf("the dead letter at offset %d does not say where it came from; only voc may write to this topic", offset)
	}
	return l, nil
}

// line is a letter as JSON.
type line struct {
	Topic     string    `json:"topic"`
	Partition int       `json:"partition"`
	Offset    int64     `json:"offset"`
	Time      time.Time `json:"time,omitzero"`
	Refused   time.Time `json:"refused,omitzero"`
	Reason    string    `json:"reason,omitempty"`
	Field     string    `json:"field,omitempty"`
	Detail    string    `json:"detail,omitempty"`
	// Key and Value are texts; those that are not UTF-8 are in the base64 fields. Value may also be given as the
	// object itself.
	Key         *string        `json:"key"`
	KeyBase64   string         `json:"key_base64,omitempty"`
	Value       jsontext.Value `json:"value"`
	ValueBase64 string         `json:"value_base64,omitempty"`
	Omitted     bool           `json:"omitted,omitzero"`
	Headers     []lineHeader   `json:"headers,omitempty"`
	KeySum      string         `json:"key_sum,omitempty"`
	ValueSum    string         `json:"value_sum,omitempty"`
}

type lineHeader struct {
	Key         string `json:"key"`
	ValueBase64 string `json:"value_base64"`
}

// Write writes letters as JSON Lines, one a line.
func Write(w io.Writer, l Letter) error {
	x := line{
		Topic: l.Topic, Partition: l.Partition, Offset: l.Offset, Time: l.Time, Refused: l.Refused, Reason: l.Reason, Field: l.Field, Detail: l.Detail,
		Omitted: l.Omitted, KeySum: sum(l.Key), ValueSum: sum(l.Value), Value: jsontext.Value("null"),
	}
	switch {
	case l.Key != nil && utf8.Valid(l.Key):
		s := string(l.Key)
		x.Key = &s
	case l.Key != nil:
		x.KeyBase64 = base64.StdEncoding.EncodeToString(l.Key)
	}
	switch {
	case l.Value != nil && utf8.Valid(l.Value):
		v, err := json.Marshal(string(l.Value))
		if err != nil {
			return fmt.Errorf("write the letter %s: %w", l.Origin(), err)
		}
		x.Value = v
	case l.Value != nil:
		x.ValueBase64 = base64.StdEncoding.EncodeToString(l.Value)
	}
	for _, h := range l.Headers {
		x.Headers = append(x.Headers, lineHeader{h.Key, base64.StdEncoding.EncodeToString(h.Value)})
	}
	b, err := json.Marshal(x)
	if err != nil {
		return fmt.Errorf("write the letter %s: %w", l.Origin(), err)
	}
	_, err = w.Write(append(b, '\n'))
	return err
}

// ParseLine reads one line that Write made and somebody may have changed.
func ParseLine(b []byte) (Letter, error) {
	var x line
	if err := json.Unmarshal(b, &x, json.RejectUnknownMembers(true)); err != nil {
		return Letter{}, fmt.Errorf("the line is no exported dead letter: %w", err)
	}
	l := Letter{Refused: x.Refused, Omitted: x.Omitted, keySum: x.KeySum, valueSum: x.ValueSum}
	l.Topic, l.Partition, l.Offset, l.Time = x.Topic, x.Partition, x.Offset, x.Time
	l.Reason, l.Field, l.Detail = x.Reason, x.Field, x.Detail
	switch {
	case l.Topic == "":
		return l, errors.New("topic is missing; keep the one that was exported")
	case l.Partition < 0 || l.Offset < 0 || int64(l.Partition) > 1<<31-1:
		return l, errors.New("partition and offset must be those that were exported")
	}
	var err error
	if x.Key != nil {
		l.Key = []byte(*x.Key)
	} else if l.Key, err = fromBase64("key_base64", x.KeyBase64); err != nil {
		return l, err
	}
	if l.Value, err = value(x); err != nil {
		return l, err
	}
	for _, h := range x.Headers {
		v, err := fromBase64("headers.value_base64", h.ValueBase64)
		if err != nil {
			return l, err
		}
		l.Headers = append(l.Headers, deadletter.Header{Key: h.Key, Value: v})
	}
	return l, nil
}

func value(x line) ([]byte, error) {
	v := bytes.TrimSpace(x.Value)
	switch {
	case len(v) == 0 || string(v) == "null":
		return fromBase64("value_base64", x.ValueBase64)
	case v[0] == '"':
		var s string
		if err := json.Unmarshal(v, &s); err != nil {
			return nil, fmt.Errorf("value: %w", err)
		}
		return []byte(s), nil
	case v[0] == '{':
		c := jsontext.Value(slices.Clone(v))
		if err := c.Compact(); err != nil {
			return nil, fmt.Errorf("value: %w", err)
		}
		return c, nil
	}
	return nil, errors.New("value must be the message as a text or as an object")
}

func fromBase64(field, s string) ([]byte, error) {
	if s == "" {
		return nil, nil
	}
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return nil, fmt.Errorf("%s is no base64: %w", field, err)
	}
	return b, nil
}
