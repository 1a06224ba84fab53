// Package export writes a contract view, a named query or a statement of one's own as CSV, TSV, JSON or Parquet. The
// server encodes the rows and they are passed on as they come, so an export of any size needs little memory.
//
// It decides nothing about who may read what: that is the rights of the connection, which should be a reader's. Every
// statement runs read-only.
package export

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/dashboards/query"
	"voc/schema"
)

// Format of an export.
type Format string

// The formats. Parquet needs a connection over HTTP (a DSN that begins with http:// or https://), the others take any.
const (
	CSV     Format = "csv"
	TSV     Format = "tsv"
	JSON    Format = "json"  // one array
	JSONL   Format = "jsonl" // one object a line
	Parquet Format = "parquet"
)

// Formats returns every format.
func Formats() []Format { return []Format{CSV, TSV, JSON, JSONL, Parquet} }

// MediaType is the format's type for HTTP.
func (f Format) MediaType() string {
	switch f {
	case CSV:
		return "text/csv; charset=utf-8"
	case TSV:
		return "text/tab-separated-values; charset=utf-8"
	case JSON:
		return "application/json"
	case JSONL:
		return "application/x-ndjson"
	default:
		return "application/vnd.apache.parquet"
	}
}

// server is the name of the format at the server.
func (f Format) server() string {
	return map[Format]string{CSV: "CSVWithNames", TSV: "TSVWithNames", JSON: "JSONEachRow", JSONL: "JSONEachRow", Parquet: "Parquet"}[f]
}

// Request says what is exported. Exactly one of View, Query and SQL is set.
type Request struct {
	// View is a contract view. Community, From and To narrow it where it has such columns.
	View      string
	Community string
	From, To  time.Time // days, both inclusive; zero for no limit

	// Query is the name of a named query, with its Params.
	Query  string
	Params query.Params

	// SQL is a SELECT of one's own, which may use {name:Type}; SQLParams are their values as text.
	SQL       string
	SQLParams map[string]string

	Format Format
	// Spreadsheet prepares CSV and TSV for Excel: a byte-order mark, without which it takes Japanese for Latin, and an
	// apostrophe before texts that it would run as a formula. Programs should leave it off.
	Spreadsheet bool
}

// Write runs the request and writes its rows. After an error what was written is incomplete and must be thrown away.
func Write(ctx context.Context, conn driver.Conn, w io.Writer, r Request) error {
	if !slices.Contains(Formats(), r.Format) {
		return fmt.Errorf("export: there is no format %q; use csv, tsv, json, jsonl or parquet", r.Format)
	}
	statement, args, err := r.statement(ctx, conn)
	if err != nil {
		return err
	}
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(settings(r.Format)))
	if r.Spreadsheet && (r.Format == CSV || r.Format == TSV) {
		if statement, err = guarded(ctx, conn, statement, args); err != nil {
			return err
		}
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	if err := write(ctx, conn, w, r.Format, statement, args); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

func settings(f Format) clickhouse.Settings {
	s := clickhouse.Settings{
		"readonly": 2, "output_format_json_quote_64bit_integers": 0, "output_format_parquet_string_as_string": 1, "date_time_output_format": "iso",
		"output_format_json_array_of_rows": 0,
	}
	if f == JSON {
		s["output_format_json_array_of_rows"] = 1
	}
	return s
}

// statement is the SELECT of a request.
func (r Request) statement(ctx context.Context, conn driver.Conn) (string, []any, error) {
	given := 0
	for _, s := range []string{r.View, r.Query, r.SQL} {
		if s != "" {
			given++
		}
	}
	if given != 1 {
		return "", nil, errors.New("export: give one of a view, a named query and a statement")
	}
	switch {
	case r.Query != "":
		q, err := query.Get(r.Query)
		if err != nil {
			return "", nil, err
		}
		args, err := q.Args(r.Params)
		return q.SQL, args, err
	case r.SQL != "":
		args := make([]any, 0, len(r.SQLParams))
		for name, value := range r.SQLParams {
			args = append(args, clickhouse.Named(name, value))
		}
		return strings.TrimRight(strings.TrimSpace(r.SQL), ";"), args, nil
	}
	if !slices.Contains(schema.Views(), r.View) {
		return "", nil, fmt.Errorf("export: there is no view %q; use one of %s", r.View, strings.Join(schema.Views(), ", "))
	}
	columns, err := describe(ctx, conn, "SELECT * FROM "+r.View, nil)
	if err != nil {
		return "", nil, fmt.Errorf("export: %w", err)
	}
	has := func(name string) bool {
		return slices.ContainsFunc(columns, func(c query.Column) bool { return c.Name == name })
	}
	var where []string
	var args []any
	add := func(set bool, column, condition, name, value string) error {
		if !set {
			return nil
		}
		if !has(column) {
			return fmt.Errorf("export: the view %s has no column %s to narrow it by", r.View, column)
		}
		where, args = append(where, condition), append(args, clickhouse.Named(name, value))
		return nil
	}
	day := "day"
	if !has(day) && has("week") {
		day = "week"
	}
	if err := errors.Join(
		add(r.Community != "", "community", "community = {community:String}", "community", r.Community),
		add(!r.From.IsZero(), day, day+" >= {from:Date}", "from", r.From.Format(time.DateOnly)),
		add(!r.To.IsZero(), day, day+" <= {to:Date}", "to", r.To.Format(time.DateOnly)),
	); err != nil {
		return "", nil, err
	}
	statement := "SELECT * FROM " + r.View
	if len(where) > 0 {
		statement += " WHERE " + strings.Join(where, " AND ")
	}
	return statement, args, nil
}

// describe returns the columns of a statement without running it.
func describe(ctx context.Context, conn driver.Conn, statement string, args []any) ([]query.Column, error) {
	rows, err := conn.Query(ctx, "DESCRIBE TABLE ("+statement+"\n)", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var columns []query.Column
	values := make([]string, len(rows.Columns()))
	targets := make([]any, len(values))
	for i := range values {
		targets[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		columns = append(columns, query.Column{Name: values[0], Type: values[1]})
	}
	return columns, rows.Err()
}

var textType = regexp.MustCompile(`^(LowCardinality\()?(Nullable\()?(String|FixedString\(\d+\))\)*$`)

// guarded puts an apostrophe before the texts that a spreadsheet would run.
func guarded(ctx context.Context, conn driver.Conn, statement string, args []any) (string, error) {
	columns, err := describe(ctx, conn, statement, args)
	if err != nil {
		return "", fmt.Errorf("export: %w", err)
	}
	names := quoteNames(columns)
	list := slices.Clone(names)
	for i, c := range columns {
		name := names[i]
		if textType.MatchString(c.Type) {
			list[i] = fmt.Sprintf(`if(match(toString(%s), '^[=+\\-@\\t\\r]'), concat('\'', %s), toString(%s)) AS %s`, name, name, name, name)
		}
	}
	return "SELECT " + strings.Join(list, ", ") + from(statement, names), nil
}

// from reads a statement as a table whose columns have the names, quoted, that the statement alone gives them. They must be
// said, because a sub-select without a name is called another in there. Columns with the same name cannot be told apart.
func from(statement string, names []string) string {
	clause := " FROM (" + statement + "\n)"
	if len(slices.Compact(slices.Sorted(slices.Values(names)))) < len(names) {
		return clause
	}
	return clause + " AS rows (" + strings.Join(names, ", ") + ")"
}

func quoteNames(columns []query.Column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = "`" + strings.NewReplacer("\\", "\\\\", "`", "\\`").Replace(c.Name) + "`"
	}
	return names
}

// write lets the server encode the rows. Over the native protocol, which knows no formats, each row is encoded as a text.
func write(ctx context.Context, conn driver.Conn, w io.Writer, f Format, statement string, args []any) error {
	stream, err := conn.QueryFormat(ctx, f.server(), statement, args...)
	switch {
	case err == nil:
		_, err = io.Copy(w, stream)
		return errors.Join(err, stream.Close())
	case !errors.Is(err, clickhouse.ErrFormatNativeUnsupported):
		return err
	case f == Parquet:
		return fmt.Errorf("parquet needs a connection over HTTP; give a DSN that begins with http:// or https://: %w", err)
	}
	return writeRows(ctx, conn, w, f, statement, args)
}

func writeRows(ctx context.Context, conn driver.Conn, w io.Writer, f Format, statement string, args []any) error {
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(settings(JSONL))) // the array around the rows is written here
	columns, err := describe(ctx, conn, statement, args)
	if err != nil {
		return err
	}
	names := quoteNames(columns)
	literals := make([]string, len(columns))
	for i, c := range columns {
		literals[i] = "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(c.Name) + "'"
	}
	row := map[Format]string{CSV: "CSV", TSV: "TSV", JSON: "JSONEachRow", JSONL: "JSONEachRow"}[f]
	out := bufio.NewWriterSize(w, 1<<16)
	if f == CSV || f == TSV {
		var head string
		if err := conn.QueryRow(ctx, fmt.Sprintf("SELECT formatRow('%s', %s)", row, strings.Join(literals, ", "))).Scan(&head); err != nil {
			return err
		}
		if _, err := out.WriteString(head); err != nil {
			return err
		}
	}
	rows, err := conn.Query(ctx, fmt.Sprintf("SELECT formatRowNoNewline('%s', %s)", row, strings.Join(names, ", "))+from(statement, names), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		before, after := "", "\n"
		if f == JSON {
			before, after = ",\n", ""
			if n == 0 {
				before = "[\n"
			}
		}
		if _, err := out.WriteString(before + text + after); err != nil {
			return err
		}
		n++
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if f == JSON {
		end := "\n]\n"
		if n == 0 {
			end = "[\n\n]\n"
		}
		if _, err := out.WriteString(end); err != nil {
			return err
		}
	}
	return out.Flush()
}
