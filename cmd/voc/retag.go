package main

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/spf13/cobra"

	"voc/cmd/internal/config"
	"voc/ingest/process"
	"voc/ingest/retag"
	"voc/schema/revision"
	"voc/schema/rollup"
)

func (a *app) retagCommand() *cobra.Command {
	var rate, chunk int
	var since, until string
	var dry bool
	cmd := &cobra.Command{
		Use:   "retag",
		Short: "Tag stored posts again after the taxonomy, the dictionary or voc itself has changed",
		Long: `Reads the stored (masked) texts of all posts that an earlier analyzer has tagged, tags them with the configured one and
writes the result, newest days first, while new posts keep coming. Interrupted, it continues where it was; a second run
changes nothing. What the earlier analyzer said stays: SELECT … FROM post_history WHERE analyzer_revision = N.

Switch the workers first: voc run takes up a changed taxonomy within seconds (or restart it after an update of voc), and
only then are new posts tagged like the old ones will be. Posts that a slow worker tags with the earlier analyzer in
between are found by another run.`,
		Example: `  voc retag --config voc.yaml --dry-run            # how many posts there are to tag
  voc retag --config voc.yaml
  voc retag --config voc.yaml --rate 500           # leave the machine to others
  voc retag --config voc.yaml --since 2026-10-01   # these days only`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := a.loadConfig()
			if err != nil {
				return err
			}
			rc := retag.Config{Chunk: chunk, Rate: rate}
			if rc.From, err = dateFlag("--since", since); err != nil {
				return err
			}
			if rc.To, err = dateFlag("--until", until); err != nil {
				return err
			}
			if err := rc.Validate(); err != nil {
				return usageError{err}
			}
			return a.retag(c.Context(), cfg, rc, dry)
		},
	}
	fl := cmd.Flags()
	fl.BoolVar(&dry, "dry-run", false, "count what there is to do and write nothing")
	fl.IntVar(&rate, "rate", 0, "posts a second at most; 0 = no limit")
	fl.IntVar(&chunk, "chunk", 0, "posts that are read and written at once; default: 5000")
	fl.StringVar(&since, "since", "", "first day of the posts, as 2026-01-31; default: all")
	fl.StringVar(&until, "until", "", "last day of the posts; default: all")
	return cmd
}

// dateFlag reads a day; empty is the zero time.
func dateFlag(flag, value string) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, value)
	if err != nil {
		return t, usageError{fmt.Errorf("%s is %q; give a day such as 2026-01-31", flag, value)}
	}
	return t, nil
}

func (a *app) retag(ctx context.Context, cfg config.Config, rc retag.Config, dry bool) error {
	pr, err := newProcessing(cfg)
	if err != nil {
		return err
	}
	guard, err := pr.guard(nil)
	if err != nil {
		return err
	}
	conn, err := openWriter(ctx, cfg.ClickHouse)
	if err != nil {
		return err
	}
	defer conn.Close()
	number, err := retagNumber(ctx, conn, pr.revision(), dry)
	if err != nil {
		if isMissingTable(err) {
			return fmt.Errorf("the database has no tables of this release; run `voc migrate up`: %w", err)
		}
		return err
	}
	r, err := retag.New(rc, retag.Deps{
		Conn: conn, NewTagger: func() process.Tagger { return pr.analyzer.NewWorker() }, Masker: guard, Masked: pr.masked(), Keys: guard.ErasureKeys(),
		Hash: pr.revision(), Revision: number, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	plan, err := r.Plan(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "analyzer %s, revision %d\n", pr.revision(), number)
	for _, rev := range slices.Sorted(maps.Keys(plan.ByRevision)) {
		fmt.Fprintf(a.out, "  %d posts are tagged by revision %d\n", plan.ByRevision[rev], rev)
	}
	if plan.Newer > 0 {
		fmt.Fprintf(a.out, "  %d posts are tagged by a later revision and are left alone\n", plan.Newer)
	}
	switch {
	case plan.Posts == 0:
		fmt.Fprintln(a.out, "nothing to do: every post is tagged by this analyzer")
	case dry:
		fmt.Fprintf(a.out, "%d posts of %d days would be tagged again\n", plan.Posts, plan.Windows)
	}
	if dry {
		return nil
	}
	return a.runRetag(ctx, conn, r, plan)
}

// retagNumber gives the analyzer the number above all others. For a dry run it only says which that would be.
func retagNumber(ctx context.Context, conn driver.Conn, hash string, dry bool) (uint16, error) {
	if !dry {
		return revision.Activate(ctx, conn, hash, version(), "analyzer+masker")
	}
	numbers, last, err := revision.Numbers(ctx, conn, hash)
	if err == nil && (len(numbers) == 0 || numbers[len(numbers)-1] != last) {
		last++
	}
	return last, err
}

// runRetag tags and keeps the aggregates up to date, also when no worker is running.
func (a *app) runRetag(ctx context.Context, conn driver.Conn, r *retag.Retag, plan retag.Plan) error {
	agg, err := rollup.New(conn, rollup.Config{Interval: 2 * time.Second, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	follow, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { agg.Run(follow) })
	bar := newProgress(a.err, int64(max(plan.Posts, 1)), "posts")
	stats, err := r.Run(ctx, func(p retag.Progress) { bar.set(int64(p.Done)) })
	stop()
	wg.Wait()
	bar.finish()
	fmt.Fprintf(a.out, "%d posts were tagged again in %s (%.0f a second); %d of them have other tags now\n", stats.Posts, stats.Took.Round(time.Millisecond),
		float64(stats.Posts)/max(stats.Took.Seconds(), 0.001), stats.Changed)
	if stats.Erased > 0 {
		fmt.Fprintf(a.out, "%d posts were left out because they were erased meanwhile\n", stats.Erased)
	}
	if err != nil {
		return fmt.Errorf("not everything was tagged, run it again to continue: %w", err)
	}
	if _, err := agg.RunOnce(ctx); err != nil {
		return fmt.Errorf("the posts are tagged, but their numbers are not counted yet; voc run or another `voc retag` does it: %w", err)
	}
	if stats.Left > 0 {
		return fmt.Errorf("%d posts came meanwhile from a worker with an earlier analyzer; give every worker the same taxonomy and run it again", stats.Left)
	}
	return nil
}
