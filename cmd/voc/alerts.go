package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"voc/cmd/internal/config"
	"voc/dashboards/alerts"
	"voc/dashboards/delivery"
	"voc/dashboards/query"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
	"voc/ingest/telemetry"
)

// alertFlags are the options of voc alerts.
type alertFlags struct {
	community string
	days      int
	watch     bool
	deliver   []string
}

func (a *app) alertsCommand() *cobra.Command {
	f := alertFlags{}
	cmd := &cobra.Command{
		Use:   "alerts",
		Short: "Say what changes suddenly: spikes, silences, and whether messages still arrive",
		Long: `Judges the last days as they would have been judged live, and the present: whether the pipeline is fed, and whether the
community is quiet and why. With --watch it stays, judges every alerts.interval, and delivers each cause once by mail or
webhook (report.mail, report.webhook). Bursts by few people are listed but wake nobody.`,
		Example: `  voc alerts --config .voc/demo/voc.yaml --days 60
  voc alerts --watch --deliver webhook --config voc.yaml`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := a.loadConfig()
			if err != nil {
				return err
			}
			if f.days < 1 || f.days > 366 {
				return usageError{fmt.Errorf("--days is %d; give 1 to 366", f.days)}
			}
			if len(f.deliver) > 0 && !f.watch {
				return usageError{fmt.Errorf("--deliver belongs to --watch")}
			}
			zone, err := cfg.Calendar.Zone()
			if err != nil {
				return err
			}
			names, err := tagNames(cfg.Analyze, zone)
			if err != nil {
				return err
			}
			if f.watch {
				return a.watch(c.Context(), cfg, f, names)
			}
			return a.listAlerts(c.Context(), cfg, f, names)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.community, "community", "", "only this community")
	fl.IntVar(&f.days, "days", 7, "days up to now that are judged")
	fl.BoolVar(&f.watch, "watch", false, "stay, judge the present again and again, and deliver")
	fl.StringSliceVar(&f.deliver, "deliver", nil, "with --watch: mail, webhook or all (default)")
	return cmd
}

// openJudge connects for one round of judging.
func openJudge(ctx context.Context, cfg config.Config, names *wording.Names) (*alerts.Judge, func(), error) {
	conn, err := openReader(ctx, cfg.ClickHouse)
	if err != nil {
		return nil, nil, err
	}
	j, err := alerts.New(conn, names.Zone(), alerts.Config{Holidays: cfg.Alerts.Holidays})
	if err != nil {
		conn.Close()
		return nil, nil, err
	}
	return j, func() { conn.Close() }, nil
}

func (a *app) listAlerts(ctx context.Context, cfg config.Config, f alertFlags, names *wording.Names) error {
	conn, err := openReader(ctx, cfg.ClickHouse)
	if err != nil {
		return err
	}
	defer conn.Close()
	j, err := alerts.New(conn, names.Zone(), alerts.Config{Holidays: cfg.Alerts.Holidays})
	if err != nil {
		return err
	}
	var rows []query.CommunityRow
	if err := query.Run(ctx, conn, "communities", nil, &rows); err != nil {
		return err
	}
	now := time.Now()
	told := false
	for _, r := range rows {
		if f.community != "" && r.Community != f.community {
			continue
		}
		told = true
		arrivals, err := j.Arrivals(ctx, r.Community, now)
		if err != nil {
			return err
		}
		fmt.Fprintf(a.out, "%s\n  %s\n", r.Community, arrivalText(arrivals, names))
		if !arrivals.Stopped {
			quiet, err := j.QuietAt(ctx, r.Community, now)
			if err != nil {
				return err
			}
			fmt.Fprintf(a.out, "  %s\n", quietText(quiet))
		}
		to := now.Truncate(time.Hour)
		list, err := j.Rehearse(ctx, r.Community, to.AddDate(0, 0, -f.days), to, time.Hour)
		if err != nil {
			return err
		}
		for _, x := range list {
			fmt.Fprintf(a.out, "  %s  %s  %s\n", x.At.In(names.Zone()).Format("2006-01-02 15:04"), alerts.Label(x.Kind), x.Text(names.Topic))
		}
		if len(list) == 0 {
			fmt.Fprintf(a.out, "  直近%d日に急な変化はありません。\n", f.days)
		}
	}
	if !told && f.community != "" {
		return usageError{fmt.Errorf("--community is %q, which has no posts", f.community)}
	}
	return nil
}

func arrivalText(a stats.Arrivals, names *wording.Names) string {
	switch {
	case !a.Enough:
		return "取り込み: 目安になる過去の週がまだ足りません。"
	case a.Stopped:
		return "取り込み: 止まっています。" + alerts.StoppedText(a, names)
	default:
		return fmt.Sprintf("取り込み: 動いています。最後に届いたのは%sです。", names.FullAt(a.Last))
	}
}

func quietText(q stats.Quiet) string {
	switch {
	case !q.Enough:
		return "にぎわい: 比べられる過去の週がまだ足りません。"
	case !q.Quiet:
		return "にぎわい: いつもの範囲です。"
	}
	text := "にぎわい: 静かです。"
	for _, c := range q.Causes {
		text += "\n    - " + c.Text()
	}
	return text
}

func (a *app) watch(ctx context.Context, cfg config.Config, f alertFlags, names *wording.Names) error {
	log, err := telemetry.NewLogger(a.err, cfg.Log.Level, cfg.Log.Format)
	if err != nil {
		return err
	}
	// Alerts are messages, not files.
	cfg.Report.File.Dir = ""
	list, err := targets(cfg.Report, f.deliver)
	if err != nil {
		return err
	}
	ledger, err := delivery.OpenLedger(cfg.Alerts.Ledger)
	if err != nil {
		return err
	}
	defer ledger.Close()
	w := &alerts.Watcher{
		Open:    func(ctx context.Context) (*alerts.Judge, func(), error) { return openJudge(ctx, cfg, names) },
		Courier: &delivery.Courier{Targets: list, Ledger: ledger, Log: log, Now: time.Now},
		Names:   names, BaseURL: linkBase(cfg), Interval: cfg.Alerts.Interval, Log: log, Now: time.Now, Wait: delivery.Sleep,
	}
	if f.community != "" {
		w.Communities = []string{f.community}
	}
	log.Info("watching for sudden changes", "interval", cfg.Alerts.Interval.String(), "targets", len(list))
	return w.Run(ctx)
}
