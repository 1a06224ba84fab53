package eval

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"voc/analyze"
)

// TableOptions say how a TSV or CSV file with a header line is read.
type TableOptions struct {
	// Format is "tsv" (tab-separated, no quoting) or "csv" (RFC 4180).
	Format string
	// TextColumn and LabelColumn name the columns; empty means "text" and "label". IDColumn is optional.
	TextColumn, LabelColumn, IDColumn string
	// Map turns labels into polarities. A label that is not in it must be a polarity already. Mapping a label to the
	// empty string leaves its rows out.
	Map map[string]analyze.Sentiment
	// Where keeps only rows whose column has the given value.
	Where map[string]string
	// FromColumn and ToColumn name the columns of an aspect's rune offsets, for ReadAspects; empty means "from" and "to".
	FromColumn, ToColumn string
}

// ParseMap reads label mappings as the command line gives them, "pos=positive". The right side may be empty.
func ParseMap(pairs []string) (map[string]analyze.Sentiment, error) {
	m := make(map[string]analyze.Sentiment, len(pairs))
	for _, p := range pairs {
		label, s, ok := strings.Cut(p, "=")
		if !ok || label == "" {
			return nil, fmt.Errorf("mapping %q is not LABEL=POLARITY, such as pos=positive", p)
		}
		if _, twice := m[label]; twice {
			return nil, fmt.Errorf("label %q is mapped twice", label)
		}
		if s != "" {
			if err := checkSentiment(analyze.Sentiment(s)); err != nil {
				return nil, fmt.Errorf("mapping %q: %w", p, err)
			}
		}
		m[label] = analyze.Sentiment(s)
	}
	return m, nil
}

// ReadTable reads a file of texts with one polarity label each. Only the sentiment is judged.
func ReadTable(r io.Reader, name string, opt TableOptions) ([]Item, error) {
	var items []Item
	err := eachRow(r, name, opt, func(line int, row row) error {
		s, err := row.label()
		if err != nil || s == "" {
			return err
		}
		it := Item{ID: row.id(line), Text: row.text(), Sentiment: s}
		if it.Text == "" {
			return fmt.Errorf("column %q is empty; a labelled row needs a text", row.opt.TextColumn)
		}
		items = append(items, it)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return nil, fmt.Errorf("%s: no row is left to score; check the file, the mapping and the row filter", name)
	}
	return items, nil
}

// row is one record under the options.
type row struct {
	opt    TableOptions
	column map[string]int
	fields []string
}

func (r row) text() string { return r.fields[r.column[r.opt.TextColumn]] }

func (r row) id(line int) string {
	if r.opt.IDColumn != "" {
		return r.fields[r.column[r.opt.IDColumn]]
	}
	return fmt.Sprintf("line-%d", line)
}

// label is the row's polarity, empty when the mapping leaves such rows out.
func (r row) label() (analyze.Sentiment, error) {
	label := r.fields[r.column[r.opt.LabelColumn]]
	if s, ok := r.opt.Map[label]; ok {
		return s, nil
	}
	s := analyze.Sentiment(label)
	if err := checkSentiment(s); err != nil {
		return "", fmt.Errorf("label %q is neither a polarity nor mapped to one; add a mapping such as %s=positive, or %s= to leave such rows out",
			label, label, label)
	}
	return s, nil
}

func (r row) offset(column string) (int, error) {
	n, err := strconv.Atoi(r.fields[r.column[column]])
	if err != nil || n < 0 {
		return 0, fmt.Errorf("column %q is %q; a rune offset of 0 or more is needed", column, r.fields[r.column[column]])
	}
	return n, nil
}

// eachRow calls f with every row that passes the filter, with its line number.
func eachRow(r io.Reader, name string, opt TableOptions, f func(line int, row row) error, extra ...string) error {
	if opt.TextColumn == "" {
		opt.TextColumn = "text"
	}
	if opt.LabelColumn == "" {
		opt.LabelColumn = "label"
	}
	for _, s := range slices.Sorted(maps.Keys(opt.Map)) {
		if opt.Map[s] != "" {
			if err := checkSentiment(opt.Map[s]); err != nil {
				return fmt.Errorf("mapping of label %q: %w", s, err)
			}
		}
	}
	next, err := records(r, opt.Format)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	head, _, err := next()
	if err != nil {
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("%s: empty; a header line with the column names is needed", name)
		}
		return fmt.Errorf("%s: %w", name, err)
	}
	column := map[string]int{}
	for i, h := range head {
		h = strings.TrimPrefix(h, "\ufeff")
		if _, twice := column[h]; twice {
			return fmt.Errorf("%s: two columns are called %q", name, h)
		}
		column[h] = i
	}
	needed := append([]string{opt.TextColumn, opt.LabelColumn}, extra...)
	if opt.IDColumn != "" {
		needed = append(needed, opt.IDColumn)
	}
	needed = slices.AppendSeq(needed, maps.Keys(opt.Where))
	for _, c := range needed {
		if _, ok := column[c]; !ok {
			return fmt.Errorf("%s: no column %q; the header has %q", name, c, head)
		}
	}
	for {
		fields, line, err := next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if len(fields) != len(head) {
			return fmt.Errorf("%s line %d: %d fields where the header has %d", name, line, len(fields), len(head))
		}
		rec := row{opt: opt, column: column, fields: fields}
		keep := true
		for c, v := range opt.Where {
			keep = keep && fields[column[c]] == v
		}
		if !keep {
			continue
		}
		if err := f(line, rec); err != nil {
			return fmt.Errorf("%s line %d: %w", name, line, err)
		}
	}
}

// records returns a function that gives one record after the other with its line number, and io.EOF at the end.
func records(r io.Reader, format string) (func() ([]string, int, error), error) {
	switch format {
	case "csv":
		cr := csv.NewReader(r)
		cr.FieldsPerRecord = -1
		return func() ([]string, int, error) {
			fields, err := cr.Read()
			if err != nil {
				return nil, 0, err
			}
			line, _ := cr.FieldPos(0)
			return fields, line, nil
		}, nil
	case "tsv":
		sc := bufio.NewScanner(r)
		sc.Buffer(make([]byte, 64<<10), maxLine)
		n := 0
		return func() ([]string, int, error) {
			for sc.Scan() {
				n++
				if line := strings.TrimSuffix(sc.Text(), "\r"); line != "" {
					return strings.Split(line, "\t"), n, nil
				}
			}
			if err := sc.Err(); err != nil {
				return nil, 0, fmt.Errorf("line %d: %w", n+1, err)
			}
			return nil, 0, io.EOF
		}, nil
	}
	return nil, fmt.Errorf("format %q is not known; use tsv or csv", format)
}
