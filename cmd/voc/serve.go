package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/spf13/cobra"

	"voc/analyze/taxonomy"
	"voc/cmd/internal/config"
	"voc/dashboards/report"
	"voc/dashboards/web"
	"voc/dashboards/web/auth"
	"voc/dashboards/wording"
	"voc/ingest/telemetry"
)

func (a *app) serveCommand() *cobra.Command {
	var listen string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the web pages over your ClickHouse",
		Long: `Serves the pages in which people read what the community says. They only read: give clickhouse.reader_dsn a user with
the role voc_reader. Who may see which community stands in the users file; by default people log in with a password.`,
		Example: `  voc serve user add sasaki --communities support,forum --config voc.yaml
  voc serve --config voc.yaml
  voc serve --set serve.auth=none                       # on your own machine`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if listen != "" {
				a.set = append(a.set, "serve.listen="+listen)
			}
			cfg, err := a.loadConfig()
			if err != nil {
				return err
			}
			return a.serve(c.Context(), cfg)
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "", "the same as --set serve.listen=host:port")
	cmd.AddCommand(a.serveUserCommand())
	return cmd
}

func (a *app) serve(ctx context.Context, cfg config.Config) error {
	log, err := telemetry.NewLogger(a.err, cfg.Log.Level, cfg.Log.Format)
	if err != nil {
		return err
	}
	conn, err := openReader(ctx, cfg.ClickHouse)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := warnOfWriter(ctx, conn, log); err != nil {
		return err
	}
	s, err := startPages(ctx, cfg, conn, log)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "voc serve: %s\n", s.url)
	if cfg.Serve.Auth == "none" {
		fmt.Fprintln(a.out, "Nobody has to log in, and only this machine can connect.")
	}
	<-s.done
	return s.err
}

// warnOfWriter tells of a database user that may do more than the pages need.
func warnOfWriter(ctx context.Context, conn driver.Conn, log *slog.Logger) error {
	var readonly string
	if err := conn.QueryRow(ctx, "SELECT toString(getSetting('readonly'))").Scan(&readonly); err != nil {
		return fmt.Errorf("cannot ask ClickHouse for the rights of the pages' user: %w", err)
	}
	if readonly == "0" {
		log.Warn("the pages use a ClickHouse user that is not read-only; give clickhouse.reader_dsn one with the role voc_reader and readonly 2")
	}
	return nil
}

// pages is the running web server.
type pages struct {
	url  string
	done chan struct{}
	err  error // read after done
}

// startPages serves until ctx ends, and then finishes the pages in hand.
func startPages(ctx context.Context, cfg config.Config, conn driver.Conn, log *slog.Logger) (*pages, error) {
	wc, err := webConfig(cfg, conn, log)
	if err != nil {
		return nil, err
	}
	server, err := web.New(wc)
	if err != nil {
		return nil, err
	}
	handler, err := server.Handler()
	if err != nil {
		return nil, err
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", cfg.Serve.Listen)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on serve.listen: %w", err)
	}
	srv := web.HTTPServer(handler, cfg.Serve.Timeout, log)
	p := &pages{done: make(chan struct{})}
	scheme := "http"
	if cfg.Serve.TLSCertFile != "" {
		scheme = "https"
	}
	p.url = scheme + "://" + l.Addr().String() + "/"
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		stopped <- srv.Shutdown(end)
	})
	go func() {
		defer close(p.done)
		if scheme == "https" {
			p.err = srv.ServeTLS(l, cfg.Serve.TLSCertFile, cfg.Serve.TLSKeyFile)
		} else {
			p.err = srv.Serve(l)
		}
		if stop() { // it ended by itself
			return
		}
		p.err = <-stopped
	}()
	return p, nil
}

// startDemoPages serves the pages of the demo. On a loopback address nobody has to log in; a taken port is replaced by
// another one.
func startDemoPages(ctx context.Context, cfg config.Config, conn driver.Conn, log *slog.Logger) (*pages, error) {
	if cfg.Serve.Loopback() {
		cfg.Serve.Auth = "none"
	}
	p, err := startPages(ctx, cfg, conn, log)
	if errors.Is(err, syscall.EADDRINUSE) {
		host, _, _ := net.SplitHostPort(cfg.Serve.Listen) // validated
		cfg.Serve.Listen = net.JoinHostPort(host, "0")
		p, err = startPages(ctx, cfg, conn, log)
	}
	return p, err
}

// webConfig turns the configuration into that of the pages.
func webConfig(cfg config.Config, conn driver.Conn, log *slog.Logger) (web.Config, error) {
	zone, err := cfg.Calendar.Zone()
	if err != nil {
		return web.Config{}, err
	}
	names, err := tagNames(cfg.Analyze, zone)
	if err != nil {
		return web.Config{}, err
	}
	c := cfg.Serve
	w := web.Config{
		Conn: conn, Names: names, Log: log, Timeout: c.Timeout, PerMinute: c.PagesPerMinute, Weeks: c.Weeks,
		Reports: weeklyReports{conn, names, c.Weeks}, Holidays: cfg.Alerts.Holidays,
	}
	trusted, err := prefixes(c.TrustedProxies)
	if err != nil {
		return w, err
	}
	w.Client = func(r *http.Request) string { return forwardedFor(r, trusted) }
	if c.Auth == "none" {
		// Without a login, other sites' names that lead here would let their scripts read the pages.
		w.Hosts = []string{"localhost", "127.0.0.1", "::1"}
		if host, _, err := net.SplitHostPort(c.Listen); err == nil {
			w.Hosts = append(w.Hosts, host)
		}
		return w, nil
	}
	users, err := auth.OpenUsers(c.UsersFile)
	if err != nil {
		return w, err
	}
	w.Login, err = auth.New(auth.Config{
		Mode: auth.Mode(c.Auth), Users: users, Default: c.DefaultCommunities, Header: c.Header, Trusted: trusted, Client: w.Client, Session: c.Session,
		Secure: strings.HasPrefix(c.PublicURL, "https://") || c.TLSCertFile != "", Log: log,
		OIDC: auth.OIDC{Issuer: c.OIDC.Issuer, ClientID: c.OIDC.ClientID, ClientSecret: string(c.OIDC.ClientSecret), PublicURL: c.PublicURL, NameClaim: c.OIDC.NameClaim},
	})
	if err != nil {
		return w, err
	}
	if list, err := users.List(); err != nil || c.Auth == "users" && len(list) == 0 {
		return w, errors.Join(err, fmt.Errorf("serve.users_file %s holds no users; add one with `voc serve user add NAME`, or use --set serve.auth=none on your own machine", c.UsersFile))
	}
	return w, nil
}

// tagNames are the words of the configured taxonomy.
func tagNames(c config.Analyze, zone *time.Location) (*wording.Names, error) {
	if c.Taxonomy == "" {
		return wording.Default(zone)
	}
	b, err := os.ReadFile(c.Taxonomy)
	if err != nil {
		return nil, fmt.Errorf("analyze.taxonomy cannot be read: %w", err)
	}
	f, err := taxonomy.Parse(c.Taxonomy, b)
	if err != nil {
		return nil, err
	}
	return wording.New(f, zone), nil
}

func prefixes(list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range list {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("serve.trusted_proxies holds %q; give a network such as 10.0.0.0/8", s)
		}
		out = append(out, p)
	}
	return out, nil
}

// forwardedFor is the client a trusted proxy speaks for: the last address in X-Forwarded-For that is no proxy's own.
func forwardedFor(r *http.Request, trusted []netip.Prefix) string {
	client := web.RemoteHost(r)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		addr, err := netip.ParseAddr(client)
		if err != nil || !auth.Trusts(trusted, addr) {
			return client
		}
		next, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return client
		}
		client = next.String()
	}
	return client
}

// weeklyReports makes the weekly reports that the pages show.
type weeklyReports struct {
	conn  driver.Conn
	names *wording.Names
	weeks int
}

// HTML implements web.Reports.
func (w weeklyReports) HTML(ctx context.Context, community string, week time.Time) ([]byte, error) {
	opt := reportOptions(w.names)
	opt.Community, opt.Week, opt.Weeks = community, week, w.weeks
	r, err := report.Build(ctx, w.conn, opt)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	// The report lies on the same server as the posts that it links to.
	if err := r.HTML(&b, "/"); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
