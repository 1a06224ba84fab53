package event

import (
	"errors"
	"fmt"
	"time"
)

// Limits bound what a message may hold. A message beyond a limit is refused, never cut.
type Limits struct {
	MaxMessageBytes int  // of the message value; a longer one is not decoded (default 1 MiB)
	MaxDepth        int  // nesting of objects and arrays (default 16)
	MaxIDBytes      int  // of every id: post_id, thread_id, author.id, … (default 256)
	MaxNameBytes    int  // of community, source, channel, kinds and keys of attributes (default 128)
	MaxTitleBytes   int  // of title and of an account's name (default 8 KiB)
	MaxValueBytes   int  // of one attribute's value (default 1 KiB)
	MaxURLBytes     int  // of url (default 4 KiB)
	MaxEntries      int  // of attributes and of reactions (default 64)
	IgnoreUnknown   bool // skip unknown fields instead of refusing the message (default false)
	// MaxAhead is how far a time of the event may lie after the record's Kafka time, or after the wall clock when the
	// record has none or claims to come from the future (default 24 h).
	MaxAhead time.Duration
	// Now is the wall clock; nil means time.Now.
	Now func() time.Time
}

// DefaultLimits returns the limits that hold when nothing is configured.
func DefaultLimits() Limits {
	return Limits{
		MaxMessageBytes: 1 << 20,
		MaxDepth:        16,
		MaxIDBytes:      256,
		MaxNameBytes:    128,
		MaxTitleBytes:   8 << 10,
		MaxValueBytes:   1 << 10,
		MaxURLBytes:     4 << 10,
		MaxEntries:      64,
		MaxAhead:        24 * time.Hour,
	}
}

// Validate joins every fault of the limits, each naming its field.
func (l Limits) Validate() error {
	var errs []error
	for _, f := range []struct {
		name string
		v    int
	}{
		{"max_message_bytes", l.MaxMessageBytes}, {"max_depth", l.MaxDepth}, {"max_id_bytes", l.MaxIDBytes},
		{"max_name_bytes", l.MaxNameBytes}, {"max_title_bytes", l.MaxTitleBytes}, {"max_value_bytes", l.MaxValueBytes},
		{"max_url_bytes", l.MaxURLBytes}, {"max_entries", l.MaxEntries},
	} {
		if f.v <= 0 {
			errs = append(errs, fmt.Errorf("%s is %d; it must be positive", f.name, f.v))
		}
	}
	if l.MaxAhead <= 0 {
		errs = append(errs, fmt.Errorf("max_ahead is %s; it must be positive", l.MaxAhead))
	}
	return errors.Join(errs...)
}

func (l *Limits) now() time.Time {
	if l.Now != nil {
		return l.Now()
	}
	return time.Now()
}

// earliest is the first moment that a time of an event may name.
var earliest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// latest is the last moment that a time of this record's event may name.
func (l *Limits) latest(meta Meta) time.Time {
	now := l.now()
	if !meta.Time.IsZero() && meta.Time.Before(now) {
		now = meta.Time
	}
	return now.Add(l.MaxAhead)
}
