package schema

import (
	"context"
	"fmt"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Row is a row of a storage table.
type Row interface {
	// Table is the name of the storage table.
	Table() string
	// Columns are the columns that are written, in the order of Values.
	Columns() []string
	// Values are the row's values.
	Values() []any
}

// InsertSQL returns the statement for clickhouse-go's PrepareBatch that writes rows like the given one.
func InsertSQL(r Row) string {
	columns := r.Columns()
	quoted := make([]string, len(columns))
	for i, c := range columns {
		quoted[i] = "`" + c + "`"
	}
	return "INSERT INTO " + r.Table() + " (" + strings.Join(quoted, ", ") + ")"
}

// InsertSettings are the settings every insert of facts must have. Deduplication of inserts is off because marks of
// equal content count each, and because facts carry their own versions; an insert is acknowledged only once it is
// stored; and one batch may touch any number of months.
func InsertSettings() clickhouse.Settings {
	return clickhouse.Settings{
		"async_insert":                    0,
		"insert_deduplicate":              0,
		"max_partitions_per_insert_block": 0,
		"insert_distributed_sync":         1,
	}
}

// Insert writes rows, those of each table in one batch and therefore in one block. The tables are written in the
// order of their first row, each after the one before it was acknowledged.
func Insert(ctx context.Context, conn driver.Conn, rows ...Row) error {
	var order []string
	groups := map[string][]Row{}
	for _, r := range rows {
		if groups[r.Table()] == nil {
			order = append(order, r.Table())
		}
		groups[r.Table()] = append(groups[r.Table()], r)
	}
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(InsertSettings()))
	for _, table := range order {
		if err := insertBatch(ctx, conn, groups[table]); err != nil {
			return fmt.Errorf("schema: cannot insert into %s: %w", table, err)
		}
	}
	return nil
}

func insertBatch(ctx context.Context, conn driver.Conn, rows []Row) error {
	batch, err := conn.PrepareBatch(ctx, InsertSQL(rows[0]))
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := batch.Append(r.Values()...); err != nil {
			_ = batch.Abort()
			return err
		}
	}
	return batch.Send()
}
