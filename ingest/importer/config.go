// Package importer turns files of posts (CSV, TSV, JSON Lines) into events of the topic voc.posts and sends them.
//
// It owns reading, the mapping of columns to event fields, and the ids of rows that bring none: importing a file
// twice gives the same ids and so the same posts. What it produces has passed the decoder of ingest/event, so the
// pipeline will not refuse it. No row is ever left out silently: every row is produced or counted under a reason,
// and the reader reports it with its line, its column and what would be right. The package analyses nothing and
// writes to no database.
//
// Broken once: a quote that is never closed must not swallow the rest of the file, so records are cut here, line by
// line, and reading goes on at the line behind the broken one.
package importer

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"voc/ingest/event"
)

// Format of a file.
type Format string

// The formats.
const (
	CSV   Format = "csv"
	TSV   Format = "tsv"
	JSONL Format = "jsonl"
)

// FormatOf guesses the format by a file's name; it is empty when the name does not tell.
func FormatOf(name string) Format {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv":
		return CSV
	case ".tsv", ".tab":
		return TSV
	case ".jsonl", ".ndjson", ".json":
		return JSONL
	}
	return ""
}

// Config says how a file becomes events.
type Config struct {
	// Format of the file; required.
	Format Format
	// Columns maps event fields (body, author.id, attributes.plan, …) to the names of columns or JSON keys. Fields
	// that are not named here are mapped by the names of the columns, see Plan.
	Columns map[string]string
	// Defaults gives event fields the value they have where a row brings none.
	Defaults map[string]string
	// Ignore names columns that shall be left out.
	Ignore []string
	// DropUnknown leaves out columns that no field was found for; otherwise they become attributes of their name.
	DropUnknown bool
	// Encoding of the file: utf-8, utf-16, shift_jis (that is cp932), euc-jp or iso-2022-jp; empty means to find out.
	Encoding string
	// Delimiter of CSV columns; zero means a comma. TSV always has tabs.
	Delimiter rune
	// NoHeader says that the first row is data; the columns are then called 1, 2, 3, …
	NoHeader bool
	// TimeLayouts are tried before the usual ones, in the notation of package time.
	TimeLayouts []string
	// Zone of times that name none; nil means Asia/Tokyo.
	Zone *time.Location
	// PostedAt is where a row without a time gets its time from; the zero value refuses such rows.
	PostedAt PostedAt
	// IDPrefix begins the ids of rows that bring none; empty means "row-". Such an id is made from the row's content
	// alone, so rows that are alike in two files are one post; give each file a prefix of its own to keep them apart.
	IDPrefix string
	// MaxErrors ends the reading when more rows than this were at fault; negative means never.
	MaxErrors int
	// OnError is called for every row at fault, in order; nil means to count only.
	OnError func(*RowError)
	// Limits bound an event; the zero value means event.DefaultLimits with room for a Kafka batch.
	Limits event.Limits
}

// PostedAt is the time of rows that bring none.
type PostedAt struct {
	mode string // "", now or spread
	span time.Duration
	base time.Time
}

// ParsePostedAt reads the option: empty (such rows are refused), "now" (all get the time now), or "spread:90d" (the
// rows are spread evenly over the 90 days before now, always the same row to the same place).
func ParsePostedAt(s string, now time.Time) (PostedAt, error) {
	switch {
	case s == "":
		return PostedAt{}, nil
	case s == "now":
		return PostedAt{mode: "now", base: now.Truncate(time.Second)}, nil
	case strings.HasPrefix(s, "spread:"):
		d, err := parseDays(strings.TrimPrefix(s, "spread:"))
		if err != nil {
			return PostedAt{}, fmt.Errorf("posted-at is %q; it must be now or spread: with a time such as spread:90d: %w", s, err)
		}
		return PostedAt{mode: "spread", span: d, base: now.Truncate(24 * time.Hour)}, nil
	}
	return PostedAt{}, fmt.Errorf("posted-at is %q; it must be now or spread: with a time such as spread:90d", s)
}

// parseDays reads a duration that may be given in days (90d) or weeks (12w).
func parseDays(s string) (time.Duration, error) {
	for suffix, hours := range map[string]string{"d": "24h", "w": "168h"} {
		n, ok := strings.CutSuffix(s, suffix)
		if !ok {
			continue
		}
		var days int
		if _, err := fmt.Sscanf(n+"\n", "%d\n", &days); err != nil || days < 1 || days > 36500 {
			return 0, fmt.Errorf("%q must be a number of days between 1d and 36500d", s)
		}
		unit, err := time.ParseDuration(hours)
		return time.Duration(days) * unit, err
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < time.Minute {
		return 0, fmt.Errorf("%q must be a duration of at least a minute", s)
	}
	return d, nil
}

// at gives the time of the row with the given number, from 1.
func (p PostedAt) at(row int) (time.Time, bool) {
	switch p.mode {
	case "now":
		return p.base, true
	case "spread":
		// Multiples of the golden ratio, modulo one, fill an interval evenly however many there are.
		const golden = 0.6180339887498949
		f := float64(row) * golden
		f -= float64(int(f))
		return p.base.Add(-p.span + time.Duration(f*float64(p.span)).Truncate(time.Second)), true
	}
	return time.Time{}, false
}

const defaultMaxMessage = 1_000_000

// withDefaults fills in what is not given.
func (c Config) withDefaults() Config {
	if c.Zone == nil {
		c.Zone = time.FixedZone("Asia/Tokyo", 9*60*60)
	}
	if c.IDPrefix == "" {
		c.IDPrefix = "row-"
	}
	if c.Limits.MaxMessageBytes == 0 {
		c.Limits = event.DefaultLimits()
		c.Limits.MaxMessageBytes = defaultMaxMessage
	}
	switch c.Format {
	case TSV:
		c.Delimiter = '\t'
	case CSV:
		if c.Delimiter == 0 {
			c.Delimiter = ','
		}
	}
	return c
}

// Validate joins every fault of the configuration, each naming its option.
func (c Config) Validate() error {
	var errs []error
	switch c.Format {
	case CSV, TSV, JSONL:
	case "":
		errs = append(errs, errors.New("format is not given and the file's name does not tell; it must be csv, tsv or jsonl"))
	default:
		errs = append(errs, fmt.Errorf("format is %q; it must be csv, tsv or jsonl", c.Format))
	}
	if c.Encoding != "" {
		if _, err := lookupEncoding(c.Encoding); err != nil {
			errs = append(errs, err)
		}
	}
	if d := c.Delimiter; d == '"' || d == '\n' || d == '\r' {
		errs = append(errs, fmt.Errorf("delimiter is %q; it must be a character that is neither a quote nor a line break", d))
	}
	for _, m := range []struct {
		option string
		fields map[string]string
	}{{"column", c.Columns}, {"default", c.Defaults}} {
		names := make([]string, 0, len(m.fields))
		for f := range m.fields {
			names = append(names, f)
		}
		slices.Sort(names)
		for _, f := range names {
			if !knownField(f) {
				errs = append(errs, fmt.Errorf("%s %s: there is no such event field; it must be one of %s, attributes.NAME or reactions.KIND",
					m.option, f, strings.Join(fieldNames(), ", ")))
			}
		}
	}
	return errors.Join(errs...)
}
