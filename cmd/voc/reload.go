package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/prometheus/client_golang/prometheus"

	"voc/cmd/internal/config"
	"voc/ingest"
	"voc/ingest/reload"
	"voc/ingest/telemetry"
	"voc/schema/revision"
)

// watchTaxonomy has a pipeline take up a changed taxonomy or user dictionary, by itself and on SIGHUP. The returned
// function ends it.
func watchTaxonomy(ctx context.Context, cfg config.Config, pr *processing, p *ingest.Pipeline, conn driver.Conn, srv *telemetry.Server, log *slog.Logger, reg prometheus.Registerer) (stop func(), err error) {
	live := pr.live
	build := func(context.Context) (reload.Candidate, error) {
		next, err := newProcessing(cfg)
		if err != nil {
			return reload.Candidate{}, err
		}
		return reload.Candidate{Name: next.revision(), Use: func(ctx context.Context) error {
			// A changed file is a decision for what it says now, also when it said the same some time ago.
			number, err := revision.Activate(ctx, conn, next.revision(), version(), "analyzer+masker")
			if err != nil {
				return err
			}
			p.Swap(ingest.Engine{NewTagger: func() ingest.Tagger { return next.analyzer.NewWorker() }, Revision: number, Masker: live.With(next.masker)})
			return nil
		}}, nil
	}
	var files []string
	for _, f := range []string{cfg.Analyze.Taxonomy, cfg.Analyze.UserDictionary} {
		if f != "" {
			files = append(files, f)
		}
	}
	w, err := reload.New(reload.Config{Files: files, Interval: cfg.Analyze.ReloadInterval}, reload.Deps{Build: build, Current: pr.revision(), Log: log, Registry: reg})
	if err != nil {
		return nil, err
	}
	if srv != nil {
		srv.AddNotice("taxonomy", w.Problem)
	}
	ctx, cancel := context.WithCancel(ctx)
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	var wg sync.WaitGroup
	wg.Go(func() { w.Run(ctx) })
	wg.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-hup:
				_ = w.Trigger(ctx) // the watcher tells what is wrong
			}
		}
	})
	return func() {
		signal.Stop(hup)
		cancel()
		wg.Wait()
	}, nil
}
