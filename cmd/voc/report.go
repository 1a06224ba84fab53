package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/spf13/cobra"

	"voc/cmd/internal/config"
	"voc/dashboards/query"
	"voc/dashboards/report"
	"voc/dashboards/wording"
)

// reportFlags are the options of voc report weekly.
type reportFlags struct {
	community string
	week      string
	formats   []string
	out       string
	purpose   string
	baseURL   string
	stamp     bool
}

func (a *app) reportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "report", Short: "Write reports for people, in Japanese", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	f := reportFlags{}
	weekly := &cobra.Command{
		Use:   "weekly",
		Short: "Write the weekly VOC report of a community",
		Long: `Writes what a CS lead needs on Monday: what changed and why, with intervals and voices, requests, open questions, who
needs attention, and how good the data is. Every number names the query it came from. The same data gives the same
bytes.`,
		Example: `  voc report weekly --community musubira --config .voc/demo/voc.yaml
  voc report weekly --week 2026-W46 --community shop --format html,xlsx --out reports`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := a.loadConfig()
			if err != nil {
				return err
			}
			return a.weekly(c.Context(), cfg, f)
		},
	}
	fl := weekly.Flags()
	fl.StringVar(&f.community, "community", "", "community; not needed when there is only one")
	fl.StringVar(&f.week, "week", "", "ISO week such as 2026-W46; default: the last week that has ended")
	fl.StringSliceVar(&f.formats, "format", []string{"html"}, "html, md, json, xlsx, separated by commas")
	fl.StringVar(&f.out, "out", ".", "folder the files are written to")
	fl.StringVar(&f.purpose, "purpose", "", "what the community is for, one sentence at the top")
	fl.StringVar(&f.baseURL, "base-url", "", "address of voc's web pages, for links from numbers to posts")
	fl.BoolVar(&f.stamp, "stamp", false, "print when the report was made; the bytes then differ each time")
	cmd.AddCommand(weekly)
	return cmd
}

func (a *app) weekly(ctx context.Context, cfg config.Config, f reportFlags) error {
	formats := make([]report.Format, len(f.formats))
	for i, s := range f.formats {
		formats[i] = report.Format(strings.TrimSpace(s))
		if !slices.Contains(report.Formats(), formats[i]) {
			return usageError{fmt.Errorf("--format is %q; give html, md, json or xlsx", s)}
		}
	}
	zone, err := time.LoadLocation(cfg.Calendar.Timezone)
	if err != nil {
		return fmt.Errorf("calendar.timezone: %w", err)
	}
	names, err := tagNames(cfg.Analyze, zone)
	if err != nil {
		return err
	}
	opt := reportOptions(names)
	opt.Community, opt.Purpose = f.community, f.purpose
	if opt.Week, err = weekOf(f.week, time.Now().In(zone)); err != nil {
		return usageError{fmt.Errorf("--week: %w", err)}
	}
	if f.stamp {
		opt.Now = time.Now()
	}
	conn, err := openReader(ctx, cfg.ClickHouse)
	if err != nil {
		return err
	}
	defer conn.Close()
	if opt.Community == "" {
		if opt.Community, err = onlyCommunity(ctx, conn); err != nil {
			return err
		}
	}
	r, err := report.Build(ctx, conn, opt)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(f.out, 0o755); err != nil {
		return fmt.Errorf("cannot make the folder of --out: %w", err)
	}
	for _, format := range formats {
		name := filepath.Join(f.out, fmt.Sprintf("voc-%s-%s.%s", opt.Community, query.FormatWeek(opt.Week), format))
		if err := writeReport(r, name, format, f.baseURL); err != nil {
			return err
		}
		fmt.Fprintln(a.out, name)
	}
	return nil
}

// writeReport replaces the file as a whole, so that a reader never sees half a report.
func writeReport(r *report.Report, name string, format report.Format, baseURL string) error {
	f, err := os.Create(name + ".new")
	if err != nil {
		return fmt.Errorf("cannot write the report: %w", err)
	}
	if err := errors.Join(r.Write(f, format, baseURL), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), name)
}

// weekOf reads an ISO week; empty is the last one that has ended.
func weekOf(text string, now time.Time) (time.Time, error) {
	if text == "" {
		y, w := now.AddDate(0, 0, -7).ISOWeek()
		text = fmt.Sprintf("%04d-W%02d", y, w)
	}
	return query.ParseWeek(text)
}

// reportOptions are what every report of this configuration has in common.
func reportOptions(names *wording.Names) report.Options {
	opt := report.Options{Zone: names.Zone(), Topics: map[string]string{}, Intents: map[string]string{}}
	for _, id := range names.Topics() {
		opt.Topics[id] = names.Leaf(id)
	}
	for _, id := range names.Intents() {
		opt.Intents[id] = names.Intent(id)
	}
	return opt
}

// onlyCommunity is the community of a database that has just one.
func onlyCommunity(ctx context.Context, conn driver.Conn) (string, error) {
	var names []string
	if err := conn.QueryRow(ctx, "SELECT arraySort(groupUniqArray(community)) FROM community_daily").Scan(&names); err != nil {
		return "", fmt.Errorf("cannot list the communities: %w", err)
	}
	switch len(names) {
	case 0:
		return "", errors.New("there are no posts yet; run the pipeline first")
	case 1:
		return names[0], nil
	}
	return "", usageError{fmt.Errorf("there are several communities; give --community with one of %s", strings.Join(names, ", "))}
}
