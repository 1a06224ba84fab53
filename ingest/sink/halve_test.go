package sink

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/ch-go/proto"

	"voc/schema"
)

// flaky refuses its first inserts for a reason that nobody has classified, and later those of one topic.
type flaky struct {
	failures int
	bad      string
	inserts  int
	taken    map[string]int
}

func (f *flaky) insert(_ context.Context, _ string, columns proto.Input, _ func() error) error {
	topics, ok := columns[0].Data.(proto.ColumnOf[string])
	if !ok {
		return errors.New("the first column is no text")
	}
	unknown := &ch.Exception{Code: 49}
	if f.inserts++; f.inserts <= f.failures {
		return unknown
	}
	for i := range topics.Rows() {
		if topics.Row(i) == f.bad {
			return unknown
		}
	}
	for i := range topics.Rows() {
		f.taken[topics.Row(i)]++
	}
	return nil
}

func (f *flaky) close() error { return nil }

// A server that recovers while the bad rows are looked for must not make good rows into dead letters, however far the
// search had come; and a row that is really refused is still found.
func TestRecoveryDuringTheSearchForBadRows(t *testing.T) {
	for failures := range 14 {
		for _, bad := range []string{"", "c"} {
			s, err := New(Config{DSN: "clickhouse://localhost:1/", Database: "voc", InsertTimeout: time.Second, RetryMin: time.Microsecond, RetryMax: time.Microsecond}, Deps{Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			server := &flaky{failures: failures, bad: bad, taken: map[string]int{}}
			s.inserter = server
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
				if name != bad && server.taken[name] == 0 {
					t.Errorf("after %d failures the row %s is lost", failures, name)
				}
			}
		}
	}
}
