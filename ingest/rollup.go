package ingest

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// startRollup rebuilds changed windows again and again until the returned function is called or ctx ends. The stop
// function waits for a rebuild in flight, which it cancels.
func (p *Pipeline) startRollup(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		ticker := time.NewTicker(p.cfg.RollupInterval)
		defer ticker.Stop()
		failed := false
		for {
			began := time.Now()
			n, err := p.deps.Rollup.Rebuild(ctx)
			switch {
			case ctx.Err() != nil:
				return
			case err != nil:
				p.metrics.rollupErr.Inc()
				level := slog.LevelDebug
				if !failed {
					level = slog.LevelWarn
				}
				failed = true
				p.log.Log(ctx, level, "rebuilding changed windows failed; they stay marked and are tried again", slog.Any("error", err))
			default:
				if failed {
					p.log.InfoContext(ctx, "rebuilding changed windows works again")
				}
				failed = false
				if n > 0 {
					p.metrics.windows.Add(float64(n))
					p.metrics.rollup.Observe(time.Since(began).Seconds())
				}
			}
			select {
			case <-ticker.C:
			case <-ctx.Done():
				return
			}
		}
	})
	return func() {
		cancel()
		wg.Wait()
	}
}
