package importer

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxLineBytes bounds a line and maxRecordBytes a quoted record of several lines, so that a hostile file cannot fill
// the memory.
const (
	maxLineBytes   = 4 << 20
	maxRecordBytes = 4 << 20
	maxRecordLines = 2000
)

// line is a physical line without its end.
type line struct {
	number int
	text   string
	long   bool // it was longer than maxLineBytes; the text is its beginning
}

// lineReader reads physical lines that end with LF or CRLF and can take some back.
type lineReader struct {
	r      *bufio.Reader
	number int
	back   []line
}

func newLineReader(r io.Reader) *lineReader { return &lineReader{r: bufio.NewReaderSize(r, 64<<10)} }

// next returns the next line, or io.EOF.
func (l *lineReader) next() (line, error) {
	if n := len(l.back); n > 0 {
		x := l.back[n-1]
		l.back = l.back[:n-1]
		return x, nil
	}
	var b strings.Builder
	long := false
	for {
		part, err := l.r.ReadSlice('\n')
		if b.Len()+len(part) > maxLineBytes {
			long = true
			part = part[:max(0, maxLineBytes-b.Len())]
		}
		b.Write(part)
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return line{}, fmt.Errorf("read the file: %w", err)
		}
		if err != nil && b.Len() == 0 {
			return line{}, io.EOF
		}
		break
	}
	l.number++
	s := strings.TrimSuffix(b.String(), "\n")
	return line{number: l.number, text: strings.TrimSuffix(s, "\r"), long: long}, nil
}

// unread takes lines back, the last given one to be read last.
func (l *lineReader) unread(lines []line) {
	for i := len(lines) - 1; i >= 0; i-- {
		l.back = append(l.back, lines[i])
	}
}

// errOpenQuote says that a record's quoted field is still open at its end.
var errOpenQuote = errors.New("a quoted field is never closed")

// errQuote says that a quote stands where none may.
var errQuote = errors.New("a quote inside of a quoted field must be doubled")

// splitRecord cuts a record into fields. A field that begins with a quote ends with one, and a quote within it is
// doubled; anything else is literal.
func splitRecord(s string, delim rune) ([]string, error) {
	var fields []string
	for {
		if strings.HasPrefix(s, `"`) {
			field, rest, err := quotedField(s[1:], delim)
			if err != nil {
				return nil, err
			}
			fields = append(fields, field)
			if rest == "" {
				return fields, nil
			}
			s = rest[utf8.RuneLen(delim):]
			continue
		}
		i := strings.IndexRune(s, delim)
		if i < 0 {
			return append(fields, s), nil
		}
		fields = append(fields, s[:i])
		s = s[i+utf8.RuneLen(delim):]
	}
}

// quotedField reads behind an opening quote; rest begins with the delimiter or is empty at the end of the record.
func quotedField(s string, delim rune) (field, rest string, err error) {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			return "", "", errOpenQuote
		}
		b.WriteString(s[:i])
		s = s[i+1:]
		switch {
		case strings.HasPrefix(s, `"`):
			b.WriteByte('"')
			s = s[1:]
		case s == "":
			return b.String(), "", nil
		default:
			if r, _ := utf8.DecodeRuneInString(s); r != delim {
				return "", "", errQuote
			}
			return b.String(), s, nil
		}
	}
}

// record is a row of a delimited file.
type record struct {
	line   int // of its first line
	fields []string
	fault  *RowError
}

// recordReader cuts a delimited file into records.
type recordReader struct {
	lines *lineReader
	delim rune
	// lenient reads a line literally when its quotes make no sense: TSV files often know no quoting at all.
	lenient bool
}

// next returns the next record, or io.EOF. A record at fault is returned with its fault; reading goes on behind its
// first line.
func (r *recordReader) next() (record, error) {
	first, err := r.lines.next()
	if err != nil {
		return record{}, err
	}
	rec := record{line: first.number}
	if first.long {
		rec.fault = &RowError{Line: first.number, Reason: "too_large", Detail: fmt.Sprintf("the line is longer than %d bytes", maxLineBytes)}
		return rec, nil
	}
	text, more := first.text, []line(nil)
	for {
		fields, err := splitRecord(text, r.delim)
		if err == nil {
			rec.fields = fields
			return rec, nil
		}
		if errors.Is(err, errOpenQuote) {
			longer, ok, readErr := r.extend(text, &more)
			if readErr != nil {
				return record{}, readErr
			}
			if ok {
				text = longer
				continue
			}
		}
		r.lines.unread(more)
		if r.lenient {
			rec.fields = strings.Split(first.text, string(r.delim))
			return rec, nil
		}
		detail := err.Error()
		if errors.Is(err, errOpenQuote) {
			detail = "a field begins with a quote that is never closed; close it, or double the quotes within the field"
		}
		rec.fault = &RowError{Line: first.number, Reason: "quotes", Detail: detail}
		return rec, nil
	}
}

// extend appends lines to a record whose quote is open, up to the next line with a quote. It gives up at the end of
// the file and at the limits of a record. Lines taken are added to more.
func (r *recordReader) extend(text string, more *[]line) (string, bool, error) {
	var b strings.Builder
	b.WriteString(text)
	for len(*more) < maxRecordLines && b.Len() < maxRecordBytes {
		l, err := r.lines.next()
		if errors.Is(err, io.EOF) {
			return "", false, nil
		}
		if err != nil {
			return "", false, err
		}
		*more = append(*more, l)
		if l.long {
			return "", false, nil
		}
		b.WriteByte('\n')
		b.WriteString(l.text)
		if strings.Contains(l.text, `"`) {
			return b.String(), true, nil
		}
	}
	return "", false, nil
}
