package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/spf13/cobra"

	"voc/cmd/internal/config"
	"voc/dashboards/delivery"
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
	deliver   []string
	again     bool
	schedule  string
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
  voc report weekly --week 2026-W46 --community shop --format html,xlsx --out reports
  voc report weekly --deliver mail,webhook --config voc.yaml            # last week, now, to who does not have it
  voc report weekly --deliver all --schedule "0 8 * * 1" --config voc.yaml   # stays, every Monday at eight`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := a.loadConfig()
			if err != nil {
				return err
			}
			return a.weeklyOrDeliver(c, cfg, f)
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
	fl.StringSliceVar(&f.deliver, "deliver", nil, "deliver instead: file, mail, webhook or all, as report.* is set")
	fl.BoolVar(&f.again, "again", false, "with --deliver: also to those who have the week already")
	fl.StringVar(&f.schedule, "schedule", "", "stay and deliver on this cron schedule, in the calendar's zone")
	cmd.AddCommand(weekly, a.reportScheduleCommand(), a.deliveriesCommand())
	return cmd
}

// weeklyOrDeliver tells the uses of voc report weekly apart: files here and now, delivery now, or a schedule.
func (a *app) weeklyOrDeliver(c *cobra.Command, cfg config.Config, f reportFlags) error {
	if f.purpose != "" {
		cfg.Report.Purpose = f.purpose
	}
	if f.baseURL != "" {
		cfg.Report.BaseURL = f.baseURL
	}
	if f.again && len(f.deliver) == 0 {
		return usageError{errors.New("--again belongs to --deliver")}
	}
	if f.schedule == "" && len(f.deliver) == 0 {
		return a.weekly(c.Context(), cfg, f)
	}
	for _, flag := range []string{"format", "out", "stamp"} {
		if c.Flags().Changed(flag) {
			return usageError{fmt.Errorf("--%s is for files here and now; set report.file.* and report.mail.attach for what is delivered", flag)}
		}
	}
	if f.schedule != "" {
		if f.week != "" || f.again {
			return usageError{errors.New("--schedule delivers each week when it is due; leave --week and --again out")}
		}
		cfg.Report.Schedule = f.schedule
		if f.community != "" {
			cfg.Report.Communities = []string{f.community}
		}
		return a.schedule(c.Context(), cfg, f.deliver)
	}
	zone, err := cfg.Calendar.Zone()
	if err != nil {
		return err
	}
	week, err := weekOf(f.week, time.Now().In(zone))
	if err != nil {
		return usageError{fmt.Errorf("--week: %w", err)}
	}
	return a.deliver(c.Context(), cfg, f.community, week, f.deliver, f.again)
}

func (a *app) weekly(ctx context.Context, cfg config.Config, f reportFlags) error {
	formats := make([]report.Format, len(f.formats))
	for i, s := range f.formats {
		formats[i] = report.Format(strings.TrimSpace(s))
		if !slices.Contains(report.Formats(), formats[i]) {
			return usageError{fmt.Errorf("--format is %q; give html, md, json or xlsx", s)}
		}
	}
	zone, err := cfg.Calendar.Zone()
	if err != nil {
		return err
	}
	names, err := tagNames(cfg.Analyze, zone)
	if err != nil {
		return err
	}
	opt := reportOptions(names)
	opt.Community, opt.Purpose = f.community, cfg.Report.Purpose
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
	files := delivery.Files{Dir: f.out, Pattern: delivery.DefaultName, Formats: formats}
	written, err := files.Write(delivery.NoticeOf(r, linkBase(cfg)))
	for _, name := range written {
		fmt.Fprintln(a.out, name)
	}
	return err
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
