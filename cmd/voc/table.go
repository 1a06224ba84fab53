package main

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// printQuery runs sql and writes its rows as a table. A cell is at most cellWidth columns wide.
func printQuery(ctx context.Context, w io.Writer, conn driver.Conn, sql string, args ...any) error {
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		return fmt.Errorf("query failed: %w", err)
	}
	defer rows.Close()
	t := newTable(w)
	types := rows.ColumnTypes()
	head := make(table.Row, len(types))
	var configs []table.ColumnConfig
	for i, c := range types {
		head[i] = c.Name()
		cfg := table.ColumnConfig{Number: i + 1, WidthMax: cellWidth, WidthMaxEnforcer: text.WrapSoft}
		if isNumber(c.ScanType()) {
			cfg.Align = text.AlignRight
		}
		configs = append(configs, cfg)
	}
	t.AppendHeader(head)
	t.SetColumnConfigs(configs)
	for rows.Next() {
		ptrs := make([]any, len(types))
		for i, c := range types {
			ptrs[i] = reflect.New(c.ScanType()).Interface()
		}
		if err := rows.Scan(ptrs...); err != nil {
			return fmt.Errorf("cannot read a row: %w", err)
		}
		row := make(table.Row, len(ptrs))
		for i, p := range ptrs {
			row[i] = formatCell(reflect.ValueOf(p).Elem().Interface())
		}
		t.AppendRow(row)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("cannot read the rows: %w", err)
	}
	t.Render()
	return nil
}

const cellWidth = 60

func newTable(w io.Writer) table.Writer {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.SetStyle(table.StyleLight)
	t.Style().Format.Header = text.FormatDefault
	return t
}

func isNumber(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Int, reflect.Uint8, reflect.Uint16, reflect.Uint32,
		reflect.Uint64, reflect.Uint, reflect.Float32, reflect.Float64:
		return true
	}
	return false
}

func formatCell(v any) string {
	switch v := v.(type) {
	case time.Time:
		if v.Hour() == 0 && v.Minute() == 0 && v.Second() == 0 && v.Nanosecond() == 0 {
			return v.Format(time.DateOnly)
		}
		return v.Format("2006-01-02 15:04:05")
	case float32:
		return trimFloat(float64(v))
	case float64:
		return trimFloat(v)
	case string:
		return strings.TrimSpace(v)
	case []string:
		return strings.Join(v, ", ")
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.Pointer {
		if rv.IsNil() {
			return "-"
		}
		return formatCell(rv.Elem().Interface())
	}
	return fmt.Sprint(v)
}

func trimFloat(f float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.3f", f), "0"), ".")
}
