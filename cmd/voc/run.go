package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/cenkalti/backoff/v5"
	"github.com/spf13/cobra"

	"voc/cmd/internal/config"
	"voc/ingest/duplicates"
	"voc/ingest/telemetry"
	"voc/schema/revision"
	"voc/schema/rollup"
)

func (a *app) runCommand() *cobra.Command {
	var check bool
	var brokers []string
	var group, dsn string
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Run the pipeline against your Kafka and ClickHouse",
		Long: `Reads the topics as a member of the consumer group, tags the posts and writes facts and aggregates. Start it as often
as the topics have partitions, on one machine or many: the group shares the partitions. The first SIGTERM or Ctrl-C
writes and commits what is in hand and ends; a second one ends at once, and nothing is lost either way.`,
		Example: `  voc config dump --defaults > voc.yaml    # edit brokers and dsn
  export VOC_PRIVACY_KEY=$(openssl rand -hex 32)   # keep it: pseudonyms depend on it
  voc migrate up --config voc.yaml
  voc run --config voc.yaml`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			for _, b := range brokers {
				a.set = append(a.set, "kafka.brokers="+b)
			}
			if group != "" {
				a.set = append(a.set, "kafka.group="+group)
			}
			if dsn != "" {
				a.set = append(a.set, "clickhouse.dsn="+dsn)
			}
			cfg, err := a.loadConfig()
			if err != nil {
				return err
			}
			if check {
				return a.checkRun(cfg)
			}
			return a.run(c.Context(), cfg)
		},
	}
	cmd.Flags().BoolVar(&check, "check", false, "build everything from the configuration, connect to nothing, and exit")
	cmd.Flags().StringArrayVar(&brokers, "brokers", nil, "the same as --set kafka.brokers=host:port,host:port")
	cmd.Flags().StringVar(&group, "group", "", "the same as --set kafka.group=NAME")
	cmd.Flags().StringVar(&dsn, "clickhouse", "", "the same as --set clickhouse.dsn=DSN, for one without a password")
	return cmd
}

// checkRun builds what run builds.
func (a *app) checkRun(cfg config.Config) error {
	pr, err := newProcessing(cfg)
	if err != nil {
		return err
	}
	log, err := telemetry.NewLogger(a.err, cfg.Log.Level, cfg.Log.Format)
	if err != nil {
		return err
	}
	p, err := buildPipeline(cfg, pr, 0, nil, log, telemetry.NewRegistry())
	if err != nil {
		return err
	}
	if err := p.Close(); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "everything can be built: revision %s\n", pr.revision())
	return nil
}

func (a *app) run(ctx context.Context, cfg config.Config) error {
	log, err := telemetry.NewLogger(a.err, cfg.Log.Level, cfg.Log.Format)
	if err != nil {
		return err
	}
	w, err := startWorker(ctx, cfg, log)
	if err != nil {
		return err
	}
	go limitMemory(ctx)
	<-w.done
	return w.err
}

// worker is a running pipeline with its operations endpoint.
type worker struct {
	// ops is the address of the operations endpoint; empty when it is off.
	ops  string
	done chan struct{}
	err  error // read after done
}

// startWorker builds everything, which fails at once, and then runs until ctx ends. ClickHouse and Kafka may be away,
// now and later: the worker waits for them and says so on /readyz.
func startWorker(ctx context.Context, cfg config.Config, log *slog.Logger) (*worker, error) {
	began := time.Now()
	pr, err := newProcessing(cfg)
	if err != nil {
		return nil, err
	}
	reg := telemetry.NewRegistry()
	opt, err := clickHouseOptions(cfg.ClickHouse, asWriter(cfg.ClickHouse), cfg.ClickHouse.Database)
	if err != nil {
		return nil, err
	}
	conn, err := openLazily(opt)
	if err != nil {
		return nil, err
	}
	agg, err := rollup.New(rollupPoints(conn), rollup.Config{Database: cfg.ClickHouse.Database, Interval: cfg.Ingest.RollupInterval, Logger: log})
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	copies, err := duplicates.New(conn, duplicates.Config{Database: cfg.ClickHouse.Database, Interval: cfg.Ingest.DuplicatesInterval, Logger: log})
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	// Built once before the first connection, so that a mistake in the configuration is told at once.
	if p, err := buildPipeline(cfg, pr, 0, agg, log, nil); err != nil {
		return nil, errors.Join(err, conn.Close())
	} else if err := p.Close(); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	w := &worker{done: make(chan struct{})}
	var srv *telemetry.Server
	if cfg.HTTP.Listen != "" {
		if srv, err = telemetry.Listen(ctx, cfg.HTTP.Listen, reg, log); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		srv.AddCheck("clickhouse", func(ctx context.Context) error { return conn.Ping(ctx) })
		srv.AddCheck("kafka", func(context.Context) error { return errors.New("not in the consumer group yet") })
		srv.Start()
		w.ops = srv.Addr()
	}
	log.Info("started", "version", version(), "revision", pr.revision(), "operations", w.ops, "took", time.Since(began).Round(time.Millisecond))
	go func() {
		defer close(w.done)
		w.err = func() error {
			number, err := registerRevision(ctx, conn, opt, pr.revision(), log)
			if err != nil {
				return err
			}
			p, err := buildPipeline(cfg, pr, number, agg, log, reg)
			if err != nil {
				return err
			}
			if srv != nil {
				srv.AddCheck("clickhouse", p.ClickHouseReady)
				srv.AddCheck("kafka", p.KafkaReady)
			}
			stopReloads, err := watchTaxonomy(ctx, cfg, pr, p, conn, srv, log, reg)
			if err != nil {
				return errors.Join(err, p.Close())
			}
			defer stopReloads()
			if cfg.Ingest.DuplicatesInterval > 0 {
				var comparing sync.WaitGroup
				comparing.Go(func() { copies.Run(ctx) })
				defer comparing.Wait()
			}
			return errors.Join(p.Run(ctx), p.Close())
		}()
		// A stop while still waiting for ClickHouse is a stop like any other.
		if errors.Is(w.err, context.Canceled) && ctx.Err() != nil {
			w.err = nil
		}
		if srv != nil {
			stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			w.err = errors.Join(w.err, srv.Stop(stop))
		}
		w.err = errors.Join(w.err, conn.Close())
		log.Info("stopped", "error", w.err)
	}()
	return w, nil
}

// heldMemory keeps the process below 400 MB: about 80 MB of it are not the runtime's. At full load 150 to 180 MB are in
// use.
const heldMemory = 300 << 20

// limitMemory makes the garbage collector work harder when the process would hold more than heldMemory, unless the
// environment says how much it may hold. Where more is in use, the limit follows: with one that leaves no room, collecting
// took most of the time (1,784 posts a second instead of 6,687 on two cores) and helped nobody.
func limitMemory(ctx context.Context) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.FreeOSMemory() // what was needed to load the dictionaries
	debug.SetMemoryLimit(heldMemory)
	used := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(5 * time.Second):
		}
		metrics.Read(used)
		debug.SetMemoryLimit(max(heldMemory, int64(used[0].Value.Uint64()/3*4)))
	}
}

// registerRevision waits until the database gives the analyzer its number.
func registerRevision(ctx context.Context, conn driver.Conn, opt *clickhouse.Options, hash string, log *slog.Logger) (uint16, error) {
	wait := backoff.NewExponentialBackOff()
	wait.MaxInterval = 10 * time.Second
	return backoff.Retry(ctx, func() (uint16, error) {
		actx, cancel := context.WithTimeout(ctx, 20*time.Second)
		defer cancel()
		n, err := revision.Register(actx, conn, hash, version(), "analyzer+masker")
		if isMissingTable(err) {
			return 0, backoff.Permanent(fmt.Errorf("the database has no tables of voc; run `voc migrate up`: %w", err))
		}
		return n, err
	}, backoff.WithBackOff(wait), backoff.WithMaxElapsedTime(0), backoff.WithNotify(func(err error, d time.Duration) {
		log.Warn("cannot register the analyzer in ClickHouse yet", "error", explainConnection(err, opt, "clickhouse.dsn"), "again_in", d.Round(time.Millisecond))
	}))
}
