package ingest

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// maxRollupPause is the longest pause after failures.
const maxRollupPause = 30 * time.Second

// startRollup rebuilds changed windows again and again until the returned function is called or ctx ends. The stop
// function waits for a rebuild in flight, which it cancels.
func (p *Pipeline) startRollup(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		failures := 0
		for {
			began := time.Now()
			stats, err := p.deps.Rollup.RunOnce(ctx)
			took := time.Since(began)
			// Rebuilding takes at most a fifth of the time, so that it cannot starve the writes.
			pause := max(p.cfg.RollupInterval, 4*took)
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
				pause = max(pause, min(maxRollupPause, p.cfg.RollupInterval<<min(failures, 8)))
				failures++
			default:
				if failures > 0 {
					p.log.InfoContext(ctx, "rebuilding changed windows works again")
				}
				failures = 0
				if stats.Windows > 0 {
					p.metrics.windows.Add(float64(stats.Windows))
					p.metrics.rollup.Observe(took.Seconds())
				}
			}
			// While posts wait to be read it is a twentieth: the windows of today are rebuilt as a whole, however little
			// has come to them.
			for ended := time.Now(); ; pause = p.cfg.RollupInterval {
				timer := time.NewTimer(pause)
				select {
				case <-timer.C:
				case <-ctx.Done():
					timer.Stop()
					return
				}
				if p.behind.Load() == 0 || time.Since(ended) >= 19*took {
					break
				}
			}
		}
	})
	return func() {
		cancel()
		wg.Wait()
	}
}
