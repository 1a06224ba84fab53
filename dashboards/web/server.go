package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/hashicorp/golang-lru/v2/expirable"
	"github.com/klauspost/compress/gzhttp"

	"voc/dashboards/alerts"
	"voc/dashboards/query"
	"voc/dashboards/stats"
	"voc/dashboards/web/auth"
	"voc/dashboards/wording"
)

// Config is what the pages need.
type Config struct {
	// Conn reads the contract views; a user without the right to write is enough and best.
	Conn driver.Conn
	// Names are the words for ids, and the calendar's zone.
	Names *wording.Names
	// Login decides who is who; nil lets everybody see everything, which is for one's own machine only.
	Login *auth.Login
	// Reports gives the weekly reports; nil leaves their pages out.
	Reports Reports
	// Now is the clock of "this week is not over yet".
	Now func() time.Time
	Log *slog.Logger
	// Timeout bounds the work on one page.
	Timeout time.Duration
	// PerMinute bounds the pages of one client in a minute; 0 = no bound.
	PerMinute int
	// Client names the client a request comes from, for PerMinute; nil takes the address of the connection.
	Client func(*http.Request) string
	// Hosts are the names under which the pages may be asked for; empty = any. Without a login it keeps other sites'
	// scripts from reading the pages under a name that leads to this server.
	Hosts []string
	// Weeks is how many weeks before are compared with.
	Weeks int
	// Questions is how many of the newest questions are read to find those that many ask; 0 stands for 20,000.
	Questions uint64
	// Holidays are days such as 2026-11-23 on which a Sunday is usual.
	Holidays []string
}

// Reports makes weekly reports.
type Reports interface {
	// HTML writes the report of a community and week, named by its Monday, as one page without scripts. links is the
	// path below which the report may link to posts.
	HTML(ctx context.Context, community string, week time.Time) ([]byte, error)
}

// Server serves the pages.
type Server struct {
	Config
	pages       *pages
	assets      *assets
	communities *expirable.LRU[string, []query.CommunityRow]
	alerts      *expirable.LRU[string, []stats.Alert]
	judge       *alerts.Judge
	answers     *expirable.LRU[string, any]
}

// New checks the configuration and prepares the pages. It connects to nothing.
func New(c Config) (*Server, error) {
	switch {
	case c.Conn == nil || c.Names == nil || c.Log == nil:
		return nil, errors.New("web: Conn, Names and Log are needed")
	case c.Timeout <= 0:
		return nil, fmt.Errorf("web: Timeout is %s; give a positive duration", c.Timeout)
	case c.Weeks < 1 || c.Weeks > 52:
		return nil, fmt.Errorf("web: Weeks is %d; give 1 to 52", c.Weeks)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Questions == 0 {
		c.Questions = 20_000
	}
	s := &Server{Config: c}
	var err error
	if s.assets, err = loadAssets(); err != nil {
		return nil, err
	}
	if s.pages, err = loadPages(c.Names, s.assets); err != nil {
		return nil, err
	}
	if s.judge, err = alerts.New(c.Conn, c.Names.Zone(), alerts.Config{Holidays: c.Holidays}); err != nil {
		return nil, err
	}
	s.communities = expirable.NewLRU[string, []query.CommunityRow](1, nil, 5*time.Second)
	s.answers = expirable.NewLRU[string, any](answerMost, nil, answerAge)
	s.alerts = expirable.NewLRU[string, []stats.Alert](64, nil, time.Minute)
	return s, nil
}

// Handler is everything the server answers.
func (s *Server) Handler() (http.Handler, error) {
	inner := http.NewServeMux()
	for pattern, h := range map[string]pageFunc{
		"GET /{$}": s.overview, "GET /topic": s.topic, "GET /topics": s.vote, "GET /posts": s.posts, "GET /post": s.post, "GET /questions": s.questions, "GET /attention": s.attention,
		"GET /activity": s.activity, "GET /alerts": s.alertList, "GET /reports": s.reports, "GET /quality": s.quality,
		"GET /actions": s.actions, "GET /roles": s.roles, "/": s.notFound,
	} {
		inner.Handle(pattern, s.page(h))
	}
	inner.Handle("GET /reports/{week}", s.reportPage())
	root := http.NewServeMux()
	root.Handle("GET /static/{hash}/{name}", s.assets)
	root.HandleFunc("GET /healthz", s.healthz)
	if s.Login == nil {
		root.Handle("/", inner)
	} else {
		root.Handle("/", s.Login.Require(inner))
		s.Login.Register(root, s.loginPage)
	}
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.RandomJitter(32, 0, false))
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	return s.recovered(protect(s.named(s.limited(compress(root))))), nil
}

// HTTPServer is a server with the limits that a page server needs. Its Addr is not set.
func HTTPServer(h http.Handler, timeout time.Duration, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 20 * time.Second, WriteTimeout: timeout + 20*time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

func (s *Server) healthz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if err := s.Conn.Ping(ctx); err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, "ClickHouse does not answer")
		return
	}
	fmt.Fprintln(w, "ok")
}

// recovered turns a panic into an error page and a line in the log.
func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v)
			}
			s.Log.Error("a page panicked", "path", r.URL.Path, "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
			s.fail(w, r, errors.New("internal"))
		}()
		next.ServeHTTP(w, r)
	})
}
