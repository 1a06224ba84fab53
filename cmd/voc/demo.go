package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/spf13/cobra"

	"voc/cmd/internal/config"
	"voc/ingest/telemetry"
	"voc/schema/engine"
)

// demoFlags are the options of voc demo.
type demoFlags struct {
	dir    string
	once   bool
	sample bool
	pace   time.Duration
	seed   uint64
}

func (a *app) demoCommand() *cobra.Command {
	f := demoFlags{}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Start everything embedded, feed the sample community through Kafka, and show it in pages and by SQL",
		Long: `Starts an embedded Kafka and an embedded ClickHouse on a data folder, creates the tables, feeds a sample
community of twelve weeks through Kafka, tags it and answers three questions by SQL. Then it stays with the web pages,
so that you can look around and send posts of your own; Ctrl-C ends everything. A second start continues on the same data.`,
		Example: `  voc demo
  voc demo --once                                  # print the answers and exit
  voc demo --sample=false --data-dir .voc/mine     # empty servers for your own posts, see voc import`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if f.pace < 0 || f.pace > 10*time.Minute {
				return usageError{fmt.Errorf("--pace is %s; give 0s to 10m", f.pace)}
			}
			cfg, err := a.loadConfig()
			if err != nil {
				return err
			}
			return a.demo(c.Context(), cfg, f)
		},
	}
	cmd.Flags().StringVar(&f.dir, "data-dir", ".voc/demo", "folder of the servers' data; delete it to start afresh")
	cmd.Flags().BoolVar(&f.once, "once", false, "exit after the answers instead of staying")
	cmd.Flags().BoolVar(&f.sample, "sample", true, "feed the sample community")
	cmd.Flags().DurationVar(&f.pace, "pace", 20*time.Second, "how long feeding the sample takes; 0s = as fast as possible")
	cmd.Flags().Uint64Var(&f.seed, "seed", 1, "seed of the sample community; it counts at the first start on a data folder")
	return cmd
}

func (a *app) demo(ctx context.Context, cfg config.Config, f demoFlags) (err error) {
	logFile := filepath.Join(f.dir, "voc.log")
	logger, closeLog, err := openLog(logFile, cfg.Log)
	if err != nil {
		return err
	}
	defer closeLog()
	fmt.Fprintf(a.out, "voc demo: data in %s, log in %s\n\n", f.dir, logFile)
	began := time.Now()
	s, err := startStack(ctx, f.dir, cfg, logger, a.out)
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, s.stop(context.WithoutCancel(ctx)))
		fmt.Fprintf(a.out, "\nEverything is stopped. Start again to continue on the same data, or delete %s to start afresh.\n", f.dir)
	}()
	applied, err := migrateUp(ctx, s.config, nil)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "  Tables      %d statements applied\n", applied)

	// The worker is stopped before its servers, and waited for.
	wctx, stopWorker := context.WithCancel(ctx)
	defer stopWorker()
	start := time.Now()
	w, err := startWorker(wctx, s.config, logger)
	if err != nil {
		return err
	}
	defer func() {
		stopWorker()
		<-w.done
		err = errors.Join(err, w.err)
	}()
	fmt.Fprintf(a.out, "  Pipeline    ready in %.1f s\n", time.Since(start).Seconds())

	conn, err := openReader(ctx, s.config.ClickHouse)
	if err != nil {
		return err
	}
	defer conn.Close()
	p, err := startDemoPages(wctx, s.config, conn, logger)
	if err != nil {
		return err
	}
	defer func() {
		stopWorker()
		<-p.done
	}()
	fmt.Fprintf(a.out, "  Pages       %s\n\n", p.url)
	err = a.demoOn(ctx, s, w, p, conn, f, began)
	if ctx.Err() != nil {
		// Ctrl-C is how a demo ends, whatever it was doing.
		return nil
	}
	return err
}

// demoOn feeds, answers and stays on running servers.
func (a *app) demoOn(ctx context.Context, s *stack, w *worker, p *pages, conn driver.Conn, f demoFlags, began time.Time) error {
	if f.sample {
		if err := a.feedSample(ctx, s, w, f); err != nil {
			return err
		}
		if err := a.answer(ctx, conn); err != nil {
			return err
		}
	}
	a.whereToLook(s, w, p)
	if f.once {
		fmt.Fprintf(a.out, "\nDone in %.0f s.\n", time.Since(began).Seconds())
		return nil
	}
	fmt.Fprintln(a.out, "\nThe servers stay until Ctrl-C.")
	select {
	case <-ctx.Done():
		return nil
	case <-p.done:
		return fmt.Errorf("the pages ended by themselves: %w", p.err)
	case <-w.done:
		return fmt.Errorf("the pipeline ended by itself; see the log in %s", f.dir)
	}
}

// answer runs the questions of the demo.
func (a *app) answer(ctx context.Context, conn driver.Conn) error {
	for i, q := range demoQuestions {
		fmt.Fprintf(a.out, "%d. %s\n\n%s\n\n", i+1, q.title, indent(q.sql))
		if err := printQuery(ctx, a.out, conn, q.sql); err != nil {
			return fmt.Errorf("question %d: %w", i+1, err)
		}
		fmt.Fprintln(a.out)
	}
	return nil
}

func (a *app) whereToLook(s *stack, w *worker, p *pages) {
	fmt.Fprintf(a.out, `Where to look
  Pages                %[6]s
  SQL in the browser   http://%[1]s/play
  SQL for any client   %[2]s
  Kafka                %[3]s
  Metrics, readiness   http://%[4]s/metrics and /readyz
  Settings             %[5]s

Next, in another terminal
  bin/voc report weekly --community musubira --config %[5]s   # the weekly report, as a page
  bin/voc explain mb-00001 --config %[5]s     # why a post has its tags
  bin/voc import FILE.csv --config %[5]s      # posts of your own
  bin/voc doctor --config %[5]s               # is everything right?
`, s.engine.HTTPAddr(), s.engine.DSN(engine.Reader), s.broker.Addr(), w.ops, s.configFile(), p.url)
}

// openLog opens the demo's log file for appending.
func openLog(path string, c config.Log) (*slog.Logger, func(), error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, nil, fmt.Errorf("cannot make the data folder: %w", err)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot open the log: %w", err)
	}
	log, err := telemetry.NewLogger(f, c.Level, c.Format)
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return log, func() { f.Close() }, nil
}
