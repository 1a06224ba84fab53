package revision_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"voc/schema/chtest"
	"voc/schema/engine"
	"voc/schema/revision"
)

func TestMain(m *testing.M) { chtest.Main(m) }

func TestRegister(t *testing.T) {
	db := chtest.Open(t)
	conn := db.As(t, engine.Writer)
	for _, tc := range []struct {
		hash string
		want uint16
	}{{"a", 1}, {"b", 2}, {"a", 1}, {"c", 3}, {"b", 2}} {
		got, err := revision.Register(t.Context(), conn, tc.hash, "v1", "detail of "+tc.hash)
		if err != nil {
			t.Fatal(err)
		}
		if got != tc.want {
			t.Errorf("%s has number %d, want %d", tc.hash, got, tc.want)
		}
	}
	// Going back to an earlier analyzer gives it a number above all others, once.
	for range 2 {
		if got, err := revision.Activate(t.Context(), conn, "a", "v2", ""); err != nil || got != 4 {
			t.Errorf("a, made the newest again, has number %d, %v; want 4", got, err)
		}
	}
	if got, err := revision.Register(t.Context(), conn, "a", "v2", ""); err != nil || got != 4 {
		t.Errorf("a has number %d, %v; want its newest, 4", got, err)
	}
	if got, err := revision.Activate(t.Context(), conn, "d", "v2", ""); err != nil || got != 5 {
		t.Errorf("d has number %d, %v; want 5", got, err)
	}
	if numbers, last, err := revision.Numbers(t.Context(), conn, "a"); err != nil || last != 5 || !slices.Equal(numbers, []uint16{1, 4}) {
		t.Errorf("a has the numbers %v of %d: %v", numbers, last, err)
	}
	if _, err := revision.Register(t.Context(), conn, "", "v1", ""); err == nil {
		t.Error("an empty hash was registered")
	}
}

// Many workers start at once with a few analyzers: each analyzer has one number, no number has two.
func TestRegisterAtOnce(t *testing.T) {
	db := chtest.Open(t)
	const workers, analyzers = 12, 4
	numbers := make([]uint16, workers)
	var wg sync.WaitGroup
	for i := range workers {
		conn := db.As(t, engine.Writer)
		wg.Go(func() {
			n, err := revision.Register(t.Context(), conn, fmt.Sprintf("analyzer %d", i%analyzers), "v1", "")
			if err != nil {
				t.Error(err)
			}
			numbers[i] = n
		})
	}
	wg.Wait()
	for i := range workers {
		if numbers[i] != numbers[i%analyzers] {
			t.Errorf("worker %d has number %d and worker %d has %d for the same analyzer", i, numbers[i], i%analyzers, numbers[i%analyzers])
		}
	}
	distinct := slices.Compact(slices.Sorted(slices.Values(numbers)))
	if len(distinct) != analyzers {
		t.Errorf("%d analyzers have the numbers %v", analyzers, distinct)
	}
	if got := db.Query(t, "SELECT count() = uniqExact(revision), max(revision) < 50 FROM analyzer_revisions"); got[0] != "(1,1)" {
		t.Errorf("rows are not one a number: %v", got)
	}
}

func TestAllNumbersUsed(t *testing.T) {
	db := chtest.Open(t)
	db.Exec(t, "INSERT INTO analyzer_revision_facts (revision, hash) VALUES (65535, 'last')")
	if n, err := revision.Register(t.Context(), db.Conn, "one too many", "v1", ""); err == nil {
		t.Errorf("it got number %d", n)
	}
	if n, err := revision.Register(t.Context(), db.Conn, "last", "v1", ""); err != nil || n != 65535 {
		t.Errorf("a known analyzer: %d, %v", n, err)
	}
}
