package sink

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/schema"
)

// flakyConn refuses its first inserts for a reason that nobody has classified, and later those of one community.
type flakyConn struct {
	driver.Conn
	failures int
	bad      string
	inserts  int
	taken    map[string]int
}

type flakyBatch struct {
	driver.Batch
	c    *flakyConn
	rows []string
}

type flakyColumn struct {
	driver.BatchColumn
	b     *flakyBatch
	first bool
}

func (c *flakyConn) PrepareBatch(context.Context, string, ...driver.PrepareBatchOption) (driver.Batch, error) {
	return &flakyBatch{c: c}, nil
}

func (b *flakyBatch) Column(i int) driver.BatchColumn { return &flakyColumn{b: b, first: i == 0} }

func (c *flakyColumn) Append(v any) error {
	if s, ok := v.([]string); ok && c.first {
		c.b.rows = s
	}
	return nil
}

func (b *flakyBatch) Abort() error { return nil }

func (b *flakyBatch) Send() error {
	unknown := &clickhouse.Exception{Code: 49}
	if b.c.inserts++; b.c.inserts <= b.c.failures {
		return unknown
	}
	for _, r := range b.rows {
		if r == b.c.bad {
			return unknown
		}
	}
	for _, r := range b.rows {
		b.c.taken[r]++
	}
	return nil
}

// A server that recovers while the bad rows are looked for must not make good rows into dead letters, however far the
// search had come; and a row that is really refused is still found.
func TestRecoveryDuringTheSearchForBadRows(t *testing.T) {
	for failures := range 14 {
		for _, bad := range []string{"", "c"} {
			s, err := New(Config{DSN: "clickhouse://localhost:1/", Database: "voc", InsertTimeout: time.Second, RetryMin: time.Microsecond, RetryMax: time.Microsecond}, Deps{Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			conn := &flakyConn{Conn: s.conn, failures: failures, bad: bad, taken: map[string]int{}}
			s.conn = conn
			var rows []*schema.OutcomeRow
			for i, name := range []string{"a", "b", "c", "d"} {
				rows = append(rows, &schema.OutcomeRow{KafkaTopic: name, KafkaOffset: uint64(i)})
			}
			var refused []Refused
			write(t.Context(), s, outcomes, rows, &refused, &err)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range refused {
				if r.Origin.Topic != bad {
					t.Errorf("after %d failures the good row %s is refused", failures, r.Origin.Topic)
				}
			}
			if want := len(bad); len(refused) != want {
				t.Errorf("after %d failures %d rows are refused, want %d", failures, len(refused), want)
			}
			for _, name := range []string{"a", "b", "c", "d"} {
				if name != bad && conn.taken[name] == 0 {
					t.Errorf("after %d failures the row %s is lost", failures, name)
				}
			}
		}
	}
}
