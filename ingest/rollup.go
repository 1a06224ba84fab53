package ingest

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"voc/schema/rollup"
)

// maxRollupPause is the longest pause after failures.
const maxRollupPause = 30 * time.Second

// startRollup rebuilds changed windows again and again, and keeps ready what readers ask of days and weeks that came to
// rest, until the returned function is called or ctx ends. The stop function waits for what is in flight, which it cancels.
func (p *Pipeline) startRollup(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { p.deps.Rollup.KeepReady(ctx, p.giveWay) })
	wg.Go(func() {
		failures := 0
		since := p.load()
		for {
			var rests time.Time // since the last step
			rest := func(ctx context.Context, took time.Duration) (more bool) {
				rests, since = time.Now(), p.load()
				p.giveWay(ctx, took)
				return p.behind.Load() > 0 || since.busy(p.load()) // otherwise the rest can be done at once
			}
			var stats rollup.Stats
			var err error
			if p.behind.Load() > 0 || since.busy(p.load()) {
				stats, err = p.deps.Rollup.RunPaced(ctx, rest)
			} else if stats, err = p.deps.Rollup.RunOnce(ctx); err == nil && stats.Windows > 0 {
				rest(ctx, stats.Took)
			}
			pause := p.cfg.RollupInterval
			if rests.IsZero() {
				since = p.load()
			} else {
				pause -= time.Since(rests)
			}
			switch {
			case ctx.Err() != nil:
				return
			case err != nil:
				p.metrics.rollupErr.Inc()
				level := slog.LevelDebug
				if failures == 0 {
					level = slog.LevelWarn
				}
				p.log.Log(ctx, level, "rebuilding changed windows failed; they stay marked and are tried again", slog.Any("error", err))
				pause = min(maxRollupPause, p.cfg.RollupInterval<<min(failures, 8))
				failures++
			default:
				if failures > 0 {
					p.log.InfoContext(ctx, "rebuilding changed windows works again")
				}
				failures = 0
				if stats.Windows > 0 {
					p.metrics.windows.Add(float64(stats.Windows))
					p.metrics.rollup.Observe(stats.Took.Seconds())
				}
			}
			sleep(ctx, pause)
		}
	})
	return func() {
		cancel()
		wg.Wait()
	}
}

// giveWay pauses after a step of a rebuild, so that rebuilding takes at most a fifth of the time and cannot starve the
// writes. While posts wait to be read, or would with more work, it is a twentieth: the windows of today are rebuilt as a
// whole, however little has come to them. In a backlog it is a hundredth: whatever is counted then is out of date at once,
// and is counted again when the backlog is over.
func (p *Pipeline) giveWay(ctx context.Context, took time.Duration) {
	began, l := time.Now(), p.load()
	for pause := 4 * took; ctx.Err() == nil; {
		sleep(ctx, pause)
		longest := 19 * took
		if p.late.Load() > 0 {
			longest = 99 * took
		}
		left := longest - time.Since(began)
		if p.behind.Load() == 0 && !l.busy(p.load()) || left <= 0 {
			return
		}
		pause = min(p.cfg.RollupInterval, max(took, left))
	}
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// load is how long all analyses have taken up to a time.
type load struct {
	at       time.Time
	analysed time.Duration
	workers  int
}

func (p *Pipeline) load() load {
	return load{at: time.Now(), analysed: time.Duration(p.analysed.Load()), workers: p.cfg.Workers}
}

// busy reports whether posts were being analysed for more than half of the time between two loads.
func (l load) busy(now load) bool {
	return 2*(now.analysed-l.analysed) > time.Duration(l.workers)*now.at.Sub(l.at)
}
