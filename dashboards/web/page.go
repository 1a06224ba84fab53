package web

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/hashicorp/golang-lru/v2/expirable"
	"golang.org/x/sync/errgroup"

	"voc/dashboards/query"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
)

//go:embed templates/*.html
var templateFiles embed.FS

// pages are the parsed templates by name.
type pages struct {
	byName map[string]*template.Template
}

func loadPages(n *wording.Names, a *assets) (*pages, error) {
	base, err := template.New("").Funcs(functions(n, a)).ParseFS(templateFiles, "templates/layout.html", "templates/parts.html")
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, err
	}
	p := &pages{map[string]*template.Template{}}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if name == "layout" || name == "parts" {
			continue
		}
		t, err := base.Clone()
		if err == nil {
			_, err = t.ParseFS(templateFiles, file)
		}
		if err != nil {
			return nil, fmt.Errorf("web: %w", err)
		}
		p.byName[name] = t
	}
	return p, nil
}

// functions are what templates may call. They print; they decide nothing.
func functions(n *wording.Names, a *assets) template.FuncMap {
	return template.FuncMap{
		"asset": a.path, "topic": n.Topic, "leaf": n.Leaf, "intent": n.Intent, "segment": n.Segment, "value": n.Value, "role": n.Role, "verdictname": n.Verdict, "source": n.Source,
		"sentiment": n.Sentiment, "status": n.Status, "severity": n.Severity, "reason": n.Reason, "flag": n.Flag, "day": n.Day, "at": n.At, "fullat": n.FullAt, "fullday": n.FullDay, "weekname": n.Week,
		"weekdays": n.WeekDays, "isoweek": query.FormatWeek, "hours": n.Hours, "clip": wording.Clip,
		"count": stats.Count,
		"percent": func(hits, total uint64) string {
			return stats.Percent(stats.Share{Hits: hits, Total: total}.Value())
		},
		"float": func(v uint64) float64 { return float64(v) },
		"rows":  newEntityTable,
	}
}

// page is what a handler gives to the layout.
type page struct {
	Template string
	Title    string
	Nav      string // id of the menu's entry
	Status   int
	Charts   bool
	// Own says that the page has its own choice of days, so that the week's is left out.
	Own bool
	// Bare leaves the menu out.
	Bare bool
	Data any
}

// pageFunc makes a page for one request.
type pageFunc func(q *request) (page, error)

// request is one request on its way through a handler.
type request struct {
	*http.Request
	scope
	ctx context.Context
	s   *Server
}

// statusError is an error whose text is meant for the reader.
type statusError struct {
	status int
	text   string
}

func (e statusError) Error() string { return e.text }

func notFound(text string) error { return statusError{http.StatusNotFound, text} }

// page runs a handler under the time limit and shows its page, or a page that says what went wrong.
func (s *Server) page(h pageFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), s.Timeout)
		defer cancel()
		c, err := s.scope(ctx, r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		q := &request{Request: r, scope: c, ctx: ctx, s: s}
		p, err := h(q)
		if err != nil {
			s.failIn(w, r, c, err)
			return
		}
		s.show(w, r, c, p)
	})
}

// layout is the data of the layout.
type layout struct {
	page
	Scope   scope
	Path    string
	Keep    [][2]string // parameters that the choice of a week keeps
	Menu    []menuEntry
	LoggedI bool // somebody is logged in and can log out
}

// step is the way to a week beside.
type step struct{ Href, Label, Mark string }

// Previous and Next lead to the weeks beside, with nothing to follow where there is none.
func (l layout) Previous() step {
	return step{l.weekHref(l.Scope.Previous()), "前の週", "‹"}
}

// Next leads to the week after.
func (l layout) Next() step {
	return step{l.weekHref(l.Scope.Next()), "次の週", "›"}
}

func (l layout) weekHref(week time.Time) string {
	if week.IsZero() {
		return ""
	}
	pairs := []string{"week", query.FormatWeek(week)}
	for _, k := range l.Keep {
		pairs = append(pairs, k[0], k[1])
	}
	return l.Scope.Href(l.Path, pairs...)
}

type menuEntry struct {
	ID, Title, Href string
}

func (s *Server) menu(c scope) []menuEntry {
	list := []menuEntry{
		{"overview", "今週の概要", c.Href("/")}, {"topics", "話題の順位", c.Href("/topics")}, {"posts", "投稿を探す", c.filterHref()}, {"questions", "質問と回答", c.Href("/questions")},
		{"attention", "対応が必要", c.Href("/attention")}, {"alerts", "急な変化", c.Href("/alerts")}, {"actions", "対応の進み具合", c.Href("/actions")},
		{"activity", "活動", c.Href("/activity")}, {"roles", "役割とCX・CO", c.Href("/roles")},
	}
	if s.Reports != nil {
		list = append(list, menuEntry{"reports", "週次レポート", c.Href("/reports")})
	}
	return append(list, menuEntry{"quality", "データの品質", c.Href("/quality")})
}

func (c scope) filterHref() string {
	if c.Community.Community == "" {
		return query.PostsPath
	}
	return c.filter().Path()
}

func (s *Server) show(w http.ResponseWriter, r *http.Request, c scope, p page) {
	t, ok := s.pages.byName[p.Template]
	if !ok {
		s.Log.Error("a page has no template", "template", p.Template)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	l := layout{page: p, Scope: c, Path: r.URL.Path, Menu: s.menu(c), LoggedI: s.Login != nil && c.User.Name != "" && s.Login.CanLogOut()}
	if topic := r.URL.Query().Get("topic"); topic != "" && r.URL.Path == "/topic" {
		l.Keep = append(l.Keep, [2]string{"topic", topic})
	}
	if p.Status >= 400 {
		l.Path = "/"
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "layout.html", l); err != nil {
		s.Log.Error("a page cannot be written", "path", r.URL.Path, "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if p.Status != 0 {
		w.WriteHeader(p.Status)
	}
	_, _ = w.Write(b.Bytes()) // the client went away, nothing to do
}

func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	s.failIn(w, r, scope{}, err)
}

// failure is the data of the page that says what went wrong.
type failure struct {
	Text  string
	Retry string // address to try again
}

// failIn shows what went wrong, in words that say what to do. Causes inside the server go to the log only.
func (s *Server) failIn(w http.ResponseWriter, r *http.Request, c scope, err error) {
	p := page{Template: "failure", Title: "表示できません", Status: http.StatusInternalServerError}
	data := failure{Text: "ページを作れませんでした。しばらくしてから、もう一度お試しください。続くときは管理者に知らせてください。", Retry: r.URL.RequestURI()}
	var st statusError
	var ex *clickhouse.Exception
	switch {
	case errors.As(err, &st):
		p.Status, data.Text = st.status, st.text
		if st.status != http.StatusTooManyRequests {
			data.Retry = ""
		}
		if st.status == http.StatusNotFound {
			p.Title = "見つかりません"
		}
	case r.Context().Err() != nil:
		return // nobody is waiting any more
	case errors.Is(err, context.DeadlineExceeded) || errors.As(err, &ex) && ex.Code == codeTimeout:
		p.Status, data.Text = http.StatusGatewayTimeout, "集計に時間がかかりすぎたため、途中で止めました。期間や条件を狭めるか、しばらくしてからお試しください。"
	case errors.As(err, &ex) && (ex.Code == codeUnknownTable || ex.Code == codeUnknownDatabase):
		p.Status, data.Text = http.StatusServiceUnavailable, "データベースに表がまだありません。管理者が `voc migrate up` を実行すると使えるようになります。"
	case isAway(err):
		p.Status, data.Text = http.StatusServiceUnavailable, "データベースにつながりません。しばらくしてから、もう一度お試しください。"
	}
	if p.Status >= http.StatusInternalServerError {
		s.Log.Error("a page failed", "path", r.URL.Path, "status", p.Status, "error", err)
	}
	p.Data = data
	s.show(w, r, c, p)
}

// isAway says that the database could not be reached.
func isAway(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) || errors.Is(err, io.EOF) || errors.Is(err, clickhouse.ErrAcquireConnTimeout) || errors.Is(err, clickhouse.ErrConnectionClosed)
}

// Codes of ClickHouse's errors.
const (
	codeTimeout         = 159
	codeUnknownTable    = 60
	codeUnknownDatabase = 81
)

func (s *Server) notFound(*request) (page, error) {
	return page{}, notFound("このアドレスのページはありません。メニューから選んでください。")
}

// empty is the page of a database without posts.
func (q *request) empty() (page, bool) {
	if q.Community.Community != "" {
		return page{}, false
	}
	return page{Template: "nodata", Title: "まだ投稿がありません", Nav: "overview", Data: q.s.Login != nil && !q.User.All()}, true
}

// group asks several queries side by side.
type group struct {
	*errgroup.Group
	ctx context.Context
	s   *Server
}

func (q *request) group() *group {
	g, ctx := errgroup.WithContext(q.ctx)
	g.SetLimit(4)
	return &group{g, ctx, q.s}
}

func ask[T any](g *group, into *[]T, name string, p query.Params) {
	g.Go(func() error {
		list, err := recall(g.s.answers, fmt.Sprintf("%s %#v", name, p), func() ([]T, error) {
			var list []T
			err := query.Run(g.ctx, g.s.Conn, name, p, &list)
			return list, err
		})
		*into = list
		return err
	})
}

// answerMost is how many answers are kept, answerAge for how long: people go back and forth between pages that ask the
// same. What a page shows is at most so old.
const (
	answerMost = 200
	answerAge  = 10 * time.Second
)

// recall returns the kept answer to a question, or a new one, as a list of the caller's own whose elements are shared.
func recall[T any](answers *expirable.LRU[string, any], id string, get func() ([]T, error)) ([]T, error) {
	if kept, ok := answers.Get(id); ok {
		if list, ok := kept.([]T); ok {
			return slices.Clone(list), nil
		}
	}
	list, err := get()
	if err == nil {
		answers.Add(id, slices.Clone(list))
	}
	return list, err
}

// calendarDay is the midnight in UTC of the calendar day of an instant in the calendar's zone.
func (s *Server) calendarDay(t time.Time) time.Time {
	y, m, d := t.In(s.Names.Zone()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
