package query

import (
	"context"
	"fmt"
	"reflect"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Run asks the query of a name and fills dest, a pointer to a slice of structs whose fields carry the columns' names in
// ch tags; the row types of this package are such structs. Every column must have a field.
func Run(ctx context.Context, conn driver.Conn, name string, params Params, dest any) error {
	q, err := Get(name)
	if err != nil {
		return err
	}
	bound, args, err := q.bind(params)
	if err != nil {
		return err
	}
	into := reflect.ValueOf(dest)
	if into.Kind() != reflect.Pointer || into.IsNil() || into.Elem().Kind() != reflect.Slice {
		return fmt.Errorf("query %s: rows go into a pointer to a slice, not into %T", name, dest)
	}
	rows, err := answered(ctx, conn, q, bound, func(ctx context.Context, sql string) (reflect.Value, int, error) {
		rows := reflect.New(into.Type().Elem())
		err := conn.Select(ctx, rows.Interface(), sql, args...)
		return rows.Elem(), rows.Elem().Len(), err
	})
	if err != nil {
		return fmt.Errorf("query %s: %w", name, err)
	}
	into.Elem().Set(rows)
	return nil
}

// Args returns the arguments with which clickhouse-go sends the query's parameters.
func (q Query) Args(params Params) ([]any, error) {
	_, args, err := q.bind(params)
	return args, err
}

// bind returns the values by name, and as Args does.
func (q Query) bind(params Params) (map[string]any, []any, error) {
	bound, err := q.Bind(params)
	if err != nil {
		return nil, nil, err
	}
	args := make([]any, 0, len(bound))
	for _, p := range q.Params {
		args = append(args, clickhouse.Named(p.Name, bound[p.Name]))
	}
	return bound, args, nil
}

// Table is a result of any shape.
type Table struct {
	Columns []Column
	Rows    [][]any // one value a column, of the column's Go type
}

// Column of a result.
type Column struct {
	Name string
	Type string // as ClickHouse calls it
}

// RunTable asks the query of a name and returns whatever columns it has, for pages and tools that show any query.
func RunTable(ctx context.Context, conn driver.Conn, name string, params Params) (Table, error) {
	q, err := Get(name)
	if err != nil {
		return Table{}, err
	}
	bound, args, err := q.bind(params)
	if err != nil {
		return Table{}, err
	}
	t, err := answered(ctx, conn, q, bound, func(ctx context.Context, sql string) (Table, int, error) {
		t, err := table(ctx, conn, sql, args)
		return t, len(t.Rows), err
	})
	if err != nil {
		return Table{}, fmt.Errorf("query %s: %w", name, err)
	}
	return t, nil
}

func table(ctx context.Context, conn driver.Conn, sql string, args []any) (Table, error) {
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		return Table{}, err
	}
	defer rows.Close()
	var t Table
	types := rows.ColumnTypes()
	targets, values := make([]any, len(types)), make([]reflect.Value, len(types))
	for i, c := range types {
		t.Columns = append(t.Columns, Column{c.Name(), c.DatabaseTypeName()})
		target := reflect.New(c.ScanType())
		targets[i], values[i] = target.Interface(), target.Elem()
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return Table{}, err
		}
		row := make([]any, len(values))
		for i, v := range values {
			row[i] = v.Interface() // a copy; of slices and maps every row has its own
		}
		t.Rows = append(t.Rows, row)
	}
	return t, rows.Err()
}
