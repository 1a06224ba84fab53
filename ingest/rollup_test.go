package ingest

import (
	"testing"
	"testing/synctest"
	"time"
)

// Rebuilds make room when the analysis would fill more than half of the processors, whether posts wait or not.
func TestLoad(t *testing.T) {
	began := time.Now()
	at := func(passed, analysed time.Duration) load {
		return load{at: began.Add(passed), analysed: analysed, workers: 2}
	}
	for _, c := range []struct {
		analysed time.Duration
		want     bool
	}{{0, false}, {100 * time.Millisecond, false}, {time.Second, false}, {1100 * time.Millisecond, true}, {2 * time.Second, true}} {
		if got := at(0, 0).busy(at(time.Second, c.analysed)); got != c.want {
			t.Errorf("%s of analysis in a second on two workers: busy is %v", c.analysed, got)
		}
	}
	if !at(time.Hour, time.Minute).busy(at(time.Hour+time.Second, time.Minute+2*time.Second)) {
		t.Error("what was before the first load counts")
	}
}

// A step of a rebuild is followed by four times its time when there is room, by nineteen times when posts would wait, and by
// ninety-nine times in a backlog.
func TestRebuildsGiveWay(t *testing.T) {
	const took = 100 * time.Millisecond
	for name, c := range map[string]struct {
		behind, late int64
		share        time.Duration // of analysis in a second, on two workers
		want         time.Duration
	}{
		"idle":                {want: 4 * took},
		"some posts":          {share: 900 * time.Millisecond, want: 4 * took},
		"many posts":          {share: 1500 * time.Millisecond, want: 19 * took},
		"behind":              {behind: 1, want: 19 * took},
		"behind without work": {behind: 4, want: 19 * took},
		"backlog":             {behind: 4, late: 1, share: 1500 * time.Millisecond, want: 99 * took},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &Pipeline{cfg: Config{Workers: 2, RollupInterval: time.Second}}
				p.behind.Store(c.behind)
				p.late.Store(c.late)
				work := time.NewTicker(10 * time.Millisecond)
				done := make(chan struct{})
				go func() {
					for {
						select {
						case <-work.C:
							p.analysed.Add(int64(c.share / 100))
						case <-done:
							return
						}
					}
				}()
				began := time.Now()
				p.giveWay(t.Context(), took)
				if waited := time.Since(began); waited < c.want || waited > c.want+took {
					t.Errorf("waited %s, want %s", waited, c.want)
				}
				work.Stop()
				close(done)
			})
		})
	}
}
