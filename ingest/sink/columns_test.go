package sink

import (
	"slices"
	"testing"

	"github.com/ClickHouse/ch-go/proto"

	"voc/schema"
)

// The sink fills columns by name; the schema says which there are.
func TestColumnsAreThoseOfTheSchema(t *testing.T) {
	compare(t, posts, &schema.PostRow{})
	compare(t, registry, &schema.RegistryRow{})
	compare(t, activity, &schema.ActivityRow{})
	compare(t, accounts, &schema.AccountRow{})
	compare(t, surveys, &schema.SurveyRow{})
	compare(t, outcomes, &schema.OutcomeRow{})
	compare(t, deadLetters, &schema.DeadLetterRow{})
	compare(t, marks, &schema.Window{})
}

func compare[R any](t *testing.T, tab table[R], row schema.Row) {
	t.Helper()
	if tab.name != row.Table() {
		t.Errorf("table %s, want %s", tab.name, row.Table())
	}
	var names []string
	for _, c := range tab.columns {
		names = append(names, c.name)
	}
	want := slices.Clone(row.Columns())
	slices.Sort(names)
	slices.Sort(want)
	if !slices.Equal(names, want) {
		t.Errorf("%s: columns %v, want %v", tab.name, names, want)
	}
}

// A block that is used again needs no memory but that of its first insert, whatever the rows hold.
func TestABlockIsUsedAgain(t *testing.T) {
	rows := full[schema.PostRow](600)
	b := posts.block()
	var out proto.Buffer
	encode := func() {
		if err := b.fill(rows); err != nil {
			t.Fatal(err)
		}
		out.Reset()
		if err := (proto.Block{Columns: len(b.input), Rows: len(rows)}).EncodeBlock(&out, proto.Version, b.input); err != nil {
			t.Fatal(err)
		}
	}
	encode()
	// The types' names are put together for each column of each block, under the race detector with more steps.
	if n := testing.AllocsPerRun(10, encode); n > float64(len(rows)) {
		t.Errorf("%v allocations for %d rows, want fewer than one a row", n, len(rows))
	}
}
