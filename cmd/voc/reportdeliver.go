package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/spf13/cobra"

	"voc/cmd/internal/config"
	"voc/dashboards/delivery"
	"voc/dashboards/query"
	"voc/dashboards/report"
	"voc/ingest/telemetry"
)

func (a *app) reportScheduleCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schedule",
		Short: "Stay and deliver each weekly report when it is due, once to every target",
		Long: `Delivers the report of the last week that has ended whenever report.schedule comes round, to every target that is set:
report.file, report.mail, report.webhook. What was delivered stands in report.ledger_file, so that a restart delivers
nothing twice and a missed moment is made up for. Whatever is away is tried again until it is back.`,
		Example: `  voc report schedule --config voc.yaml
  voc report schedule --set report.schedule="0 8 * * 1" --set report.file.dir=reports`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := a.loadConfig()
			if err != nil {
				return err
			}
			return a.schedule(c.Context(), cfg, nil)
		},
	}
}

func (a *app) deliveriesCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "deliveries",
		Short:   "List what was delivered to whom, and what failed",
		Example: `  voc report deliveries --config voc.yaml`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			cfg, err := a.loadConfig()
			if err != nil {
				return err
			}
			zone, err := cfg.Calendar.Zone()
			if err != nil {
				return err
			}
			entries, err := delivery.ReadLedger(cfg.Report.Ledger)
			if err != nil {
				return err
			}
			for _, e := range entries {
				fmt.Fprintln(a.out, strings.TrimSpace(fmt.Sprintf("%s  %-9s  %s  %s  %s", e.At.In(zone).Format("2006-01-02 15:04:05"), e.Event, e.Notice, e.Target, e.Error)))
			}
			if len(entries) == 0 {
				fmt.Fprintf(a.out, "%s is empty: nothing was delivered yet.\n", cfg.Report.Ledger)
			}
			return nil
		},
	}
}

// The kinds of targets.
const (
	toFile    = "file"
	toMail    = "mail"
	toWebhook = "webhook"
)

// targets are those of the configuration, of the kinds asked for; all of them when none is named.
func targets(c config.Report, kinds []string) ([]delivery.Target, error) {
	for _, k := range kinds {
		if !slices.Contains([]string{"all", toFile, toMail, toWebhook}, k) {
			return nil, usageError{fmt.Errorf("--deliver is %q; give file, mail, webhook or all", k)}
		}
	}
	any := len(kinds) == 0 || slices.Contains(kinds, "all")
	wanted := func(kind string) bool { return any || slices.Contains(kinds, kind) }
	missing := func(kind, key string) error {
		return usageError{fmt.Errorf("--deliver names %s, but %s is not set", kind, key)}
	}
	var list []delivery.Target
	if wanted(toFile) {
		switch {
		case c.File.Dir != "":
			list = append(list, delivery.Files{Dir: c.File.Dir, Pattern: c.File.Name, Formats: reportFormats(c.File.Formats)})
		case !any:
			return nil, missing(toFile, "report.file.dir")
		}
	}
	if wanted(toMail) {
		switch {
		case c.Mail.Host != "":
			m, err := mailServer(c.Mail)
			if err != nil {
				return nil, err
			}
			for _, to := range c.Mail.To {
				list = append(list, delivery.Mail{Server: m, To: to})
			}
		case !any:
			return nil, missing(toMail, "report.mail.host")
		}
	}
	if wanted(toWebhook) {
		switch {
		case c.Webhook.URL != "":
			list = append(list, delivery.NewWebhook(string(c.Webhook.URL)))
		case !any:
			return nil, missing(toWebhook, "report.webhook.url")
		}
	}
	if len(list) == 0 {
		return nil, usageError{errors.New("there is nowhere to deliver to; set report.file.dir, report.mail.host or report.webhook.url")}
	}
	return list, nil
}

func reportFormats(names []string) []report.Format {
	list := make([]report.Format, len(names))
	for i, s := range names {
		list[i] = report.Format(s)
	}
	return list
}

func mailServer(c config.ReportMail) (delivery.MailServer, error) {
	m := delivery.MailServer{
		Host: c.Host, Port: c.Port, TLS: delivery.MailTLS(c.TLS), Username: c.Username, Password: string(c.Password), From: c.From,
		Formats: reportFormats(c.Attach), Timeout: 30 * time.Second,
	}
	if c.CAFile != "" {
		b, err := os.ReadFile(c.CAFile)
		if err != nil {
			return m, fmt.Errorf("report.mail.ca_file cannot be read: %w", err)
		}
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(b) {
			return m, fmt.Errorf("report.mail.ca_file %s holds no certificate; give a PEM file", c.CAFile)
		}
		m.Config = &tls.Config{RootCAs: roots, ServerName: c.Host, MinVersion: tls.VersionTLS12}
	}
	return m, nil
}

// linkBase is where links in reports lead to.
func linkBase(c config.Config) string {
	if c.Report.BaseURL != "" {
		return c.Report.BaseURL
	}
	return c.Serve.PublicURL
}

// reportMaker builds reports, with a connection of its own each time: the database may have been away in between.
type reportMaker struct {
	cfg config.Config
	opt report.Options
	url string
}

func newReportMaker(cfg config.Config) (*reportMaker, error) {
	zone, err := cfg.Calendar.Zone()
	if err != nil {
		return nil, err
	}
	names, err := tagNames(cfg.Analyze, zone)
	if err != nil {
		return nil, err
	}
	m := &reportMaker{cfg: cfg, opt: reportOptions(names), url: linkBase(cfg)}
	m.opt.Purpose, m.opt.Weeks = cfg.Report.Purpose, cfg.Serve.Weeks
	return m, nil
}

// dbMost bounds the making of one report.
const dbMost = 5 * time.Minute

// Build makes the notice of a week.
func (m *reportMaker) Build(ctx context.Context, community string, week time.Time) (delivery.Notice, error) {
	ctx, cancel := context.WithTimeout(ctx, dbMost)
	defer cancel()
	conn, err := openReader(ctx, m.cfg.ClickHouse)
	if err != nil {
		return delivery.Notice{}, err
	}
	defer conn.Close()
	opt := m.opt
	opt.Community, opt.Week = community, week
	r, err := report.Build(ctx, conn, opt)
	if err != nil {
		return delivery.Notice{}, err
	}
	return delivery.NoticeOf(r, m.url), nil
}

// Communities lists those with posts in the eight weeks up to the given one, or the configured ones.
func (m *reportMaker) Communities(ctx context.Context, week time.Time) ([]string, error) {
	if len(m.cfg.Report.Communities) > 0 {
		return m.cfg.Report.Communities, nil
	}
	ctx, cancel := context.WithTimeout(ctx, dbMost)
	defer cancel()
	conn, err := openReader(ctx, m.cfg.ClickHouse)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	var rows []query.CommunityRow
	if err := query.Run(ctx, conn, "communities", nil, &rows); err != nil {
		return nil, err
	}
	var list []string
	for _, r := range rows {
		if !r.LastDay.Before(week.AddDate(0, 0, -56)) && r.FirstDay.Before(week.AddDate(0, 0, 7)) {
			list = append(list, r.Community)
		}
	}
	return list, nil
}

// courier opens the ledger; close gives it free.
func (a *app) courier(cfg config.Config, kinds []string) (c *delivery.Courier, closeLedger func(), err error) {
	log, err := telemetry.NewLogger(a.err, cfg.Log.Level, cfg.Log.Format)
	if err != nil {
		return nil, nil, err
	}
	list, err := targets(cfg.Report, kinds)
	if err != nil {
		return nil, nil, err
	}
	ledger, err := delivery.OpenLedger(cfg.Report.Ledger)
	if err != nil {
		return nil, nil, err
	}
	return &delivery.Courier{Targets: list, Ledger: ledger, Log: log, Now: time.Now}, func() { ledger.Close() }, nil
}

// schedule delivers on time until ctx ends.
func (a *app) schedule(ctx context.Context, cfg config.Config, kinds []string) error {
	m, err := newReportMaker(cfg)
	if err != nil {
		return err
	}
	when, err := delivery.ParseSchedule(cfg.Report.Schedule, m.opt.Zone)
	if err != nil {
		return usageError{fmt.Errorf("report.schedule %w", err)}
	}
	c, closeLedger, err := a.courier(cfg, kinds)
	if err != nil {
		return err
	}
	defer closeLedger()
	s := &delivery.Scheduler{Courier: c, Schedule: when, CatchUp: cfg.Report.CatchUp, Communities: m.Communities, Build: m.Build, Wait: delivery.Sleep}
	return s.Run(ctx)
}

// deliverTries is how often voc report weekly --deliver tries before it gives up.
const deliverTries = 5

// deliver brings one week to the targets that do not have it, or to all of them again.
func (a *app) deliver(ctx context.Context, cfg config.Config, community string, week time.Time, kinds []string, again bool) error {
	m, err := newReportMaker(cfg)
	if err != nil {
		return err
	}
	c, closeLedger, err := a.courier(cfg, kinds)
	if err != nil {
		return err
	}
	defer closeLedger()
	list := []string{community}
	if community == "" {
		if list, err = m.Communities(ctx, week); err != nil {
			return err
		}
	}
	if len(list) == 0 {
		return errors.New("there are no posts yet; run the pipeline first")
	}
	var errs []error
	for _, name := range list {
		id := delivery.ReportID(name, week)
		pending := len(c.Pending(id))
		if pending == 0 && !again {
			fmt.Fprintf(a.out, "%s: everybody has it already; --again delivers it once more\n", id)
			continue
		}
		n, err := m.Build(ctx, name, week)
		if err == nil {
			repeat := again
			_, err = backoff.Retry(ctx, func() (struct{}, error) {
				err := c.Deliver(ctx, n, repeat)
				repeat = false
				return struct{}{}, err
			}, backoff.WithMaxTries(deliverTries))
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", id, err))
			continue
		}
		fmt.Fprintf(a.out, "%s: delivered\n", id)
	}
	return errors.Join(errs...)
}
