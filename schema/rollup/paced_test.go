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

// A paced run counts what one run would, in steps between which others have their turn.
func TestPacedRun(t *testing.T) {
	db := chtest.Open(t)
	var posts []*schema.PostRow
	for i := range 40 {
		posts = append(posts, post(db, fmt.Sprint(i), 1, time.Date(2026, 9, 1+i, 9, 0, 0, 0, time.UTC).Format(time.RFC3339), nil))
	}
	write(t, db, posts...)
	r := newRollup(t, db, rollup.Config{})
	pauses := 0
	stats, err := r.RunPaced(t.Context(), func(_ context.Context, took time.Duration) {
		if pauses++; took <= 0 {
			t.Errorf("step %d took %s", pauses, took)
		}
		time.Sleep(50 * time.Millisecond)
	})
	if err != nil || stats.Windows != 40 || stats.Statements < 2 || pauses != stats.Statements {
		t.Errorf("%d pauses, %+v, %v", pauses, stats, err)
	}
	equal(t, db.Query(t, "SELECT count(), sum(posts) FROM community_daily"), "(40,40)")
	if stats := run(t, r); stats.Dirty != 0 {
		t.Errorf("%d windows are still dirty", stats.Dirty)
	}
}
