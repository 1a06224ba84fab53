package rollup_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
	"voc/schema/rollup"
)

// Readers that poll while a window is published 200 times see it before or after, never in between: every post of
// the window changes its polarity and topic each time, and the totals of every reading are those of one version.
func TestReadersNeverSeeHalfAWindow(t *testing.T) {
	db := chtest.Open(t)
	const posts, publishes, readers = 10, 200, 1
	version := func(v uint64) []*schema.PostRow {
		out := make([]*schema.PostRow, posts)
		for i := range out {
			out[i] = post(db, fmt.Sprint(i), v, "2026-01-05T00:00:00Z", func(p *schema.PostRow) {
				if v%2 == 1 {
					p.Sentiment = "positive"
					p.Topics = schema.PostTopics{ID: []string{fmt.Sprint("topic", i)}, Sentiment: []string{"positive"}, Score: []float32{1}}
				}
			})
		}
		return out
	}
	r := newRollup(t, db, rollup.Config{})
	write(t, db, version(0)...)
	run(t, r)

	ctx, cancel := context.WithCancel(t.Context())
	var readings, changes atomic.Int64
	done := make(chan error, readers)
	for range readers {
		conn := db.As(t, engine.Reader)
		go func() {
			last := uint64(0)
			for ctx.Err() == nil {
				var total, positive, negative, topics uint64
				if err := conn.QueryRow(context.Background(), "SELECT sum(posts), sum(positive), sum(negative), uniqExact(topic) FROM topic_daily WHERE day = '2026-01-05'").
					Scan(&total, &positive, &negative, &topics); err != nil {
					done <- err
					return
				}
				before := total == posts && negative == posts && positive == 0 && topics == 1
				after := total == posts && positive == posts && negative == 0 && topics == posts
				if !before && !after {
					done <- fmt.Errorf("a reader saw %d posts, %d positive, %d negative, %d topics", total, positive, negative, topics)
					return
				}
				readings.Add(1)
				if positive != last {
					changes.Add(1)
				}
				last = positive
			}
			done <- nil
		}()
	}
	for v := range uint64(publishes) {
		write(t, db, version(v+1)...)
		run(t, r)
	}
	cancel()
	for range readers {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if readings.Load() < publishes || changes.Load() < publishes/4 {
		t.Errorf("%d readings saw %d changes: too few to prove anything", readings.Load(), changes.Load())
	}
	t.Logf("%d readings saw %d changes", readings.Load(), changes.Load())
}
