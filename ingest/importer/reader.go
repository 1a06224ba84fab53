package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Stats counts what became of the rows. Rows = Produced + the sum of Skipped.
type Stats struct {
	Rows     int            // rows read, header and blank lines excluded
	Produced int            // rows that became events
	Skipped  map[string]int // rows that did not, by reason
	// Repeated counts produced rows whose post_id came up before: they are further versions of one post, or ids that
	// are not unique.
	Repeated  int
	BytesRead int64
}

// SkippedRows is the number of rows that produced nothing.
func (s Stats) SkippedRows() int {
	n := 0
	for _, v := range s.Skipped {
		n += v
	}
	return n
}

// String sums the import up in a sentence.
func (s Stats) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d rows, %d produced, %d skipped", s.Rows, s.Produced, s.SkippedRows())
	sep := " ("
	for _, r := range slices.Sorted(maps.Keys(s.Skipped)) {
		fmt.Fprintf(&b, "%s%s %d", sep, r, s.Skipped[r])
		sep = ", "
	}
	if sep == ", " {
		b.WriteByte(')')
	}
	if s.Repeated > 0 {
		fmt.Fprintf(&b, ", %d with an id that came up before", s.Repeated)
	}
	return b.String()
}

// ErrTooManyErrors ends a reading with more rows at fault than Config.MaxErrors allows.
var ErrTooManyErrors = errors.New("too many rows are at fault")

// Reader reads one file. It is used by one goroutine.
type Reader struct {
	cfg     Config
	bytes   *countingReader
	lines   *lineReader
	records *recordReader
	mapper  *mapper
	plan    Plan
	fields  []Assignment          // of the columns, for CSV and TSV
	keys    map[string]Assignment // of the keys seen so far, for JSON Lines
	first   *record               // the first row, when the file has no header
	build   *builder
	stats   Stats
	faults  int
}

// Open looks at the beginning of a file: encoding, header, mapping. The plan can be shown before Read is called.
func Open(cfg Config, r io.Reader) (*Reader, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	x := &Reader{cfg: cfg, bytes: &countingReader{r: r}, mapper: newMapper(cfg), build: newBuilder(cfg), stats: Stats{Skipped: map[string]int{}}}
	text, enc, err := decoded(x.bytes, cfg.Encoding)
	if err != nil {
		return nil, err
	}
	x.plan.Encoding = enc
	x.lines = newLineReader(text)
	if cfg.Format == JSONL {
		x.keys = map[string]Assignment{}
	} else if err := x.header(); err != nil {
		return nil, err
	}
	for _, f := range slices.Sorted(maps.Keys(cfg.Defaults)) {
		x.plan.Assigned = append(x.plan.Assigned, Assignment{Field: f, How: "default", Value: cfg.Defaults[f]})
	}
	return x, nil
}

// Plan returns the mapping. For JSON Lines it grows with the keys that the rows bring.
func (x *Reader) Plan() Plan { return x.plan }

// Progress returns how much was read so far.
func (x *Reader) Progress() Stats {
	s := x.stats
	s.BytesRead = x.bytes.n
	s.Skipped = maps.Clone(s.Skipped)
	return s
}

func (x *Reader) header() error {
	x.records = &recordReader{lines: x.lines, delim: x.cfg.Delimiter, lenient: x.cfg.Format == TSV}
	for {
		rec, err := x.records.next()
		if errors.Is(err, io.EOF) {
			return errors.New("the file is empty; its first row must name the columns")
		}
		if err != nil {
			return err
		}
		if rec.fault != nil {
			return fmt.Errorf("the header cannot be read: %w", rec.fault)
		}
		if len(rec.fields) == 1 && strings.TrimSpace(rec.fields[0]) == "" {
			continue
		}
		columns := rec.fields
		if x.cfg.NoHeader {
			x.first = &rec
			columns = make([]string, len(rec.fields))
			for i := range columns {
				columns[i] = strconv.Itoa(i + 1)
			}
		} else {
			for i := range columns {
				columns[i] = strings.TrimSpace(columns[i])
			}
			for len(columns) > 1 && columns[len(columns)-1] == "" {
				columns = columns[:len(columns)-1] // a delimiter too many at the end of the header
			}
		}
		if x.fields, err = x.mapper.assign(columns); err != nil {
			return err
		}
		x.plan.Assigned = append(x.plan.Assigned, x.fields...)
		return x.needBody(columns)
	}
}

// needBody refuses a file in which nothing can be the text of the posts.
func (x *Reader) needBody(columns []string) error {
	if x.cfg.Defaults["body"] != "" {
		return nil
	}
	for _, a := range x.fields {
		if a.Field == "body" || a.Field == "title" || a.Field == "rating" {
			return nil
		}
	}
	return fmt.Errorf("no column is the text of the posts; map one of %s to body", quoteAll(columns))
}

// Read calls f for every row that becomes an event, in the order of the file, until f fails or the context ends.
// Rows at fault are counted, given to Config.OnError and passed over.
func (x *Reader) Read(ctx context.Context, f func(Row) error) (Stats, error) {
	for {
		if err := ctx.Err(); err != nil {
			return x.Progress(), err
		}
		lineNo, vs, fault, err := x.next()
		if errors.Is(err, io.EOF) {
			return x.Progress(), nil
		}
		if err != nil {
			return x.Progress(), err
		}
		if fault == nil && blank(vs) {
			continue
		}
		x.stats.Rows++
		var row Row
		var repeated bool
		if fault == nil {
			row, repeated, fault = x.build.build(lineNo, x.stats.Rows, vs)
		}
		if fault != nil {
			if err := x.skip(fault); err != nil {
				return x.Progress(), err
			}
			continue
		}
		if err := f(row); err != nil {
			return x.Progress(), fmt.Errorf("line %d: %w", lineNo, err)
		}
		x.stats.Produced++
		if repeated {
			x.stats.Repeated++
		}
	}
}

// skip counts a row at fault and reports it; it fails when there were too many.
func (x *Reader) skip(fault *RowError) error {
	x.stats.Skipped[fault.Reason]++
	x.faults++
	if x.cfg.OnError != nil {
		x.cfg.OnError(fault)
	}
	if x.cfg.MaxErrors >= 0 && x.faults > x.cfg.MaxErrors {
		return fmt.Errorf("%w: %d of the first %d; the last is %w", ErrTooManyErrors, x.faults, x.stats.Rows, fault)
	}
	return nil
}

// next reads the values of the next row, or says what is wrong with it.
func (x *Reader) next() (lineNo int, vs []value, fault *RowError, err error) {
	if x.cfg.Format == JSONL {
		return x.nextObject()
	}
	var rec record
	if x.first != nil {
		rec, x.first = *x.first, nil
	} else if rec, err = x.records.next(); err != nil {
		return 0, nil, nil, err
	}
	if rec.fault != nil {
		return rec.line, nil, rec.fault, nil
	}
	fields := rec.fields
	if len(fields) == 1 && strings.TrimSpace(fields[0]) == "" {
		return rec.line, nil, nil, nil
	}
	for len(fields) > len(x.fields) && strings.TrimSpace(fields[len(fields)-1]) == "" {
		fields = fields[:len(fields)-1]
	}
	if len(fields) != len(x.fields) {
		return rec.line, nil, &RowError{Line: rec.line, Reason: "ragged",
			Detail: fmt.Sprintf("the row has %d columns; the header has %d", len(fields), len(x.fields))}, nil
	}
	vs = make([]value, len(fields))
	for i, s := range fields {
		a := x.fields[i]
		if fault := x.clean(rec.line, a, s); fault != nil {
			return rec.line, nil, fault, nil
		}
		vs[i] = value{column: a.Column, field: a.Field, text: s}
	}
	return rec.line, vs, nil, nil
}

// clean refuses a text whose bytes the file's encoding does not know.
func (x *Reader) clean(lineNo int, a Assignment, s string) *RowError {
	if utf8.ValidString(s) && (x.plan.Encoding == "utf-8" || !strings.Contains(s, "\uFFFD")) {
		return nil
	}
	return &RowError{Line: lineNo, Column: a.Column, Field: a.Field, Reason: "invalid_encoding",
		Detail: "the text holds bytes that are not " + x.plan.Encoding + "; save the file as UTF-8 or give its encoding"}
}

func (x *Reader) nextObject() (lineNo int, vs []value, fault *RowError, err error) {
	l, err := x.lines.next()
	if err != nil {
		return 0, nil, nil, err
	}
	if strings.TrimSpace(l.text) == "" {
		return l.number, nil, nil, nil
	}
	if l.long {
		return l.number, nil, &RowError{Line: l.number, Reason: "too_large", Detail: fmt.Sprintf("the line is longer than %d bytes", maxLineBytes)}, nil
	}
	if fault := x.clean(l.number, Assignment{}, l.text); fault != nil {
		return l.number, nil, fault, nil
	}
	if vs, err = flatten(l.text); err != nil {
		return l.number, nil, &RowError{Line: l.number, Reason: "invalid_json", Detail: err.Error()}, nil
	}
	if err := x.assignKeys(vs); err != nil {
		return l.number, nil, &RowError{Line: l.number, Reason: "duplicate_column", Detail: err.Error()}, nil
	}
	return l.number, vs, nil, nil
}

// assignKeys gives the keys of an object their fields. What a key means is decided by the objects it comes with, the
// first time it comes up.
func (x *Reader) assignKeys(vs []value) error {
	var fresh []string
	for _, v := range vs {
		if _, ok := x.keys[v.column]; !ok {
			fresh = append(fresh, v.column)
		}
	}
	if len(fresh) > 0 {
		m := *x.mapper
		m.cfg.Columns = nil // a key that is mapped may be absent from an object
		as, err := m.assign(fresh)
		if err != nil {
			return err
		}
		for _, a := range as {
			if len(x.keys) >= maxKeys {
				return fmt.Errorf("the file has more than %d different keys", maxKeys)
			}
			x.keys[a.Column] = a
			x.plan.Assigned = append(x.plan.Assigned, a)
		}
	}
	used := map[string]string{}
	for i, v := range vs {
		f := x.keys[v.column].Field
		if other, twice := used[f]; f != "" && twice {
			return fmt.Errorf("%s and %s both give %s; ignore one of them", short(other), short(v.column), f)
		}
		used[f] = v.column
		vs[i].field = f
	}
	return nil
}

// maxKeys bounds the different keys of a JSON Lines file.
const maxKeys = 10_000
