package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/segmentio/kafka-go"
	"github.com/spf13/cobra"

	"voc/ingest"
	"voc/ingest/sample"
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
		Short: "Start everything embedded, feed the sample community through Kafka and answer three questions by SQL",
		Long: `Starts an embedded Kafka and an embedded ClickHouse on a data folder, creates the tables, feeds a sample
community of twelve weeks through Kafka, tags it and prints the answers to three questions. Then it stays, so that
you can look around and send posts of your own; Ctrl-C ends everything. A second start continues on the same data.`,
		Example: `  voc demo
  voc demo --once                                  # print the answers and exit
  voc demo --sample=false --data-dir .voc/mine     # empty servers for your own posts (voc import)`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if f.pace < 0 || f.pace > 10*time.Minute {
				return usageError{fmt.Errorf("--pace is %s; give 0s to 10m", f.pace)}
			}
			return a.demo(c.Context(), f)
		},
	}
	cmd.Flags().StringVar(&f.dir, "data-dir", ".voc/demo", "folder of the servers' data; delete it to start afresh")
	cmd.Flags().BoolVar(&f.once, "once", false, "exit after the answers instead of staying")
	cmd.Flags().BoolVar(&f.sample, "sample", true, "feed the sample community")
	cmd.Flags().DurationVar(&f.pace, "pace", 20*time.Second, "how long feeding the sample takes; 0s = as fast as possible")
	cmd.Flags().Uint64Var(&f.seed, "seed", 1, "seed of the sample community")
	return cmd
}

func (a *app) demo(ctx context.Context, f demoFlags) (err error) {
	cfg, err := a.loadConfig()
	if err != nil {
		return err
	}
	logger, closeLog, err := fileLogger(filepath.Join(f.dir, "voc.log"), cfg.Log)
	if err != nil {
		return err
	}
	defer closeLog()

	fmt.Fprintf(a.out, "voc demo — data in %s, log in %s\n", f.dir, filepath.Join(f.dir, "voc.log"))
	s, err := startStack(ctx, f.dir, cfg, logger, a.out)
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, s.stop(context.WithoutCancel(ctx)))
		fmt.Fprintln(a.out, "stopped; start again with the same command to continue on this data")
	}()
	applied, err := migrateUp(ctx, s.config, nil)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "  Tables      %d migrations applied\n", applied)

	began := time.Now()
	p, stopPipeline, err := startPipeline(ctx, s.config, logger)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stopPipeline()) }()
	fmt.Fprintf(a.out, "  Pipeline    ready in %.1f s\n\n", time.Since(began).Seconds())

	conn, err := openClickHouse(ctx, mustOptions(s.engine.DSN(engine.Reader)))
	if err != nil {
		return err
	}
	defer conn.Close()
	if f.sample {
		if err := a.feedSample(ctx, s, p, conn, f); err != nil {
			return err
		}
		if err := a.answer(ctx, conn); err != nil {
			return err
		}
	}
	a.whereToLook(s)
	if f.once {
		return nil
	}
	fmt.Fprintln(a.out, "\nCtrl-C ends everything.")
	select {
	case <-ctx.Done():
		return nil
	case <-p.Done():
		return fmt.Errorf("the pipeline ended by itself: %w; see %s", p.Err(), filepath.Join(f.dir, "voc.log"))
	}
}

var _ = []any{json.Valid, os.Exit, clickhouse.Open, driver.Conn(nil), kafka.Message{}, ingest.Config{}, sample.Config{}}
