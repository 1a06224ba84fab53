package erasure

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Load returns everything that was erased by now. What an earlier call returned, the set and the number of rows it was
// made of, spares the reading when nothing has come since; give nil and 0 at first.
func Load(ctx context.Context, conn driver.Conn, database string, old *Set, rows uint64) (*Set, uint64, error) {
	table := "erasure_keys"
	if database != "" {
		table = "`" + database + "`." + table
	}
	var n uint64
	// The table only grows, and its engine merges no rows away: the number tells whether something was added.
	if err := conn.QueryRow(ctx, "SELECT count() FROM "+table).Scan(&n); err != nil {
		return old, rows, fmt.Errorf("ask for the number of erasures: %w", err)
	}
	if old != nil && n == rows {
		return old, rows, nil
	}
	set := &Set{}
	if n == 0 {
		return set, 0, nil
	}
	r, err := conn.Query(ctx, "SELECT key, max(until), count() FROM "+table+" GROUP BY key")
	if err != nil {
		return old, rows, fmt.Errorf("read the erasures: %w", err)
	}
	defer r.Close()
	n = 0
	for r.Next() {
		var k string
		var until time.Time
		var c uint64
		if err := r.Scan(&k, &until, &c); err != nil {
			return old, rows, fmt.Errorf("read the erasures: %w", err)
		}
		n += c
		var key Key
		if copy(key[:], k) == len(key) {
			set.Add(key, until)
		}
	}
	if err := r.Err(); err != nil {
		return old, rows, fmt.Errorf("read the erasures: %w", err)
	}
	return set, n, nil
}
