package rollup_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/rollup"
)

// A paced run counts what one run would, in steps between which others have their turn. One that is told to end leaves the
// rest dirty.
func TestPacedRun(t *testing.T) {
	db := chtest.Open(t)
	var posts []*schema.PostRow
	for i := range 40 {
		posts = append(posts, post(db, fmt.Sprint(i), 1, time.Date(2026, 9, 1+i, 9, 0, 0, 0, time.UTC).Format(time.RFC3339), nil))
	}
	write(t, db, posts...)
	r := newRollup(t, db, rollup.Config{})
	stats, err := r.RunPaced(t.Context(), func(context.Context, time.Duration) bool { return false })
	if err != nil || stats.Statements != 1 || stats.Windows == 0 {
		t.Errorf("a run that was told to end: %+v, %v", stats, err)
	}
	left, pauses := 40-stats.Windows, 0
	stats, err = r.RunPaced(t.Context(), func(_ context.Context, took time.Duration) bool {
		if pauses++; took <= 0 {
			t.Errorf("step %d took %s", pauses, took)
		}
		time.Sleep(50 * time.Millisecond)
		return true
	})
	if err != nil || stats.Windows != left || stats.Statements < 2 || pauses != stats.Statements {
		t.Errorf("%d pauses, %+v, %v", pauses, stats, err)
	}
	equal(t, db.Query(t, "SELECT count(), sum(posts) FROM community_daily"), "(40,40)")
	if stats := run(t, r); stats.Dirty != 0 {
		t.Errorf("%d windows are still dirty", stats.Dirty)
	}
}
