package auth

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"
	"github.com/go-chi/httprate"
)

// Mode is how people log in.
type Mode string

// The modes.
const (
	ByPassword Mode = "users"
	ByHeader   Mode = "header"
	ByOIDC     Mode = "oidc"
)

// Config says how people log in.
type Config struct {
	Mode  Mode
	Users *Users
	// Default are the communities of people whom the users file does not name, when OpenID Connect or a proxy vouches
	// for them; empty = they see nothing.
	Default []string
	// Header carries the name that the proxy vouches for; it counts only on connections from Trusted.
	Header  string
	Trusted []netip.Prefix
	OIDC    OIDC
	// Session is how long a session lasts.
	Session time.Duration
	// Secure lets browsers send the cookie over HTTPS only.
	Secure bool
	// Client names the client a request comes from, to bound its tries; nil takes the address of the connection.
	Client func(*http.Request) string
	Log    *slog.Logger
}

// Login knows who is asking.
type Login struct {
	Config
	sessions *scs.SessionManager
	byClient *httprate.RateLimiter
	byName   *httprate.RateLimiter
	hashing  chan struct{} // bounds the memory that checking passwords takes
	provider provider
}

// Form is what the page for logging in shows.
type Form struct {
	Form  bool   // ask for name and password
	Start string // address that begins OpenID Connect
	Next  string
	User  string
	Error string
	// Status is that of the answer.
	Status int
}

// Show writes the page for logging in.
type Show func(w http.ResponseWriter, r *http.Request, f Form)

// tries is how often a password may be tried in a minute, by one client and for one name.
const tries = 10

// New checks the configuration.
func New(c Config) (*Login, error) {
	switch {
	case c.Users == nil || c.Log == nil:
		return nil, errors.New("auth: Users and Log are needed")
	case !slices.Contains([]Mode{ByPassword, ByHeader, ByOIDC}, c.Mode):
		return nil, fmt.Errorf("auth: the mode is %q; use users, header or oidc", c.Mode)
	case c.Mode == ByHeader && (c.Header == "" || len(c.Trusted) == 0):
		return nil, errors.New("auth: a header without trusted proxies could be sent by anybody; name both")
	case c.Session < time.Minute:
		return nil, fmt.Errorf("auth: a session of %s is too short; give a minute or more", c.Session)
	}
	if c.Mode == ByOIDC {
		if err := c.OIDC.check(); err != nil {
			return nil, err
		}
	}
	if c.Client == nil {
		c.Client = func(r *http.Request) string {
			host, _, err := net.SplitHostPort(r.RemoteAddr)
			if err != nil {
				return r.RemoteAddr
			}
			return host
		}
	}
	l := &Login{Config: c, sessions: scs.New(), hashing: make(chan struct{}, 2)}
	l.sessions.Store = memstore.New()
	l.sessions.Lifetime = c.Session
	l.sessions.IdleTimeout = min(c.Session, 4*time.Hour)
	l.sessions.HashTokenInStore = true
	l.sessions.Cookie.Name = "voc_session"
	l.sessions.Cookie.HttpOnly = true
	l.sessions.Cookie.SameSite = http.SameSiteLaxMode
	l.sessions.Cookie.Secure = c.Secure
	if c.Secure {
		l.sessions.Cookie.Name = "__Host-voc_session"
	}
	l.sessions.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		c.Log.Error("a session failed", "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
	}
	l.byClient = httprate.NewRateLimiter(tries, time.Minute)
	l.byName = httprate.NewRateLimiter(tries, time.Minute)
	return l, nil
}

// CanLogOut says whether there is a session to end; a proxy's login is the proxy's to end.
func (l *Login) CanLogOut() bool { return l.Mode != ByHeader }

// The keys of a session.
const (
	keyUser  = "user"
	keyStamp = "stamp"
	keyFlow  = "flow"
)

// Require lets requests of known users through and sends everybody else to log in.
func (l *Login) Require(next http.Handler) http.Handler {
	if l.Mode == ByHeader {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			u, err := l.vouched(r)
			if err != nil {
				l.Log.Warn("a request was refused", "client", r.RemoteAddr, "reason", err)
				http.Error(w, "ログインが必要です。社内の入口(プロキシ)から開いてください。", http.StatusForbidden)
				return
			}
			next.ServeHTTP(w, r.WithContext(withUser(r.Context(), u)))
		})
	}
	return l.sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u, ok := l.current(r)
		if !ok {
			if r.Method != http.MethodGet && r.Method != http.MethodHead {
				http.Error(w, "ログインが必要です。", http.StatusUnauthorized)
				return
			}
			to := "/login"
			if target := r.URL.RequestURI(); target != "/" {
				to += "?next=" + url.QueryEscape(target)
			}
			http.Redirect(w, r, to, http.StatusSeeOther)
			return
		}
		next.ServeHTTP(w, r.WithContext(withUser(r.Context(), u)))
	}))
}

// current is the user of the request's session. The users file is asked each time, so that whoever is removed from it,
// or gets another password, is out at once.
func (l *Login) current(r *http.Request) (User, bool) {
	name := l.sessions.GetString(r.Context(), keyUser)
	if name == "" {
		return User{}, false
	}
	e, ok, err := l.Users.Get(name)
	if err != nil {
		l.Log.Error("the users file cannot be read", "error", err)
		return User{}, false
	}
	if l.Mode == ByPassword {
		if !ok || e.stamp() != l.sessions.GetString(r.Context(), keyStamp) {
			return User{}, false
		}
		return User{name, e.Communities}, true
	}
	return l.user(name, e, ok), true
}

// user is somebody for whom others vouch.
func (l *Login) user(name string, e Entry, known bool) User {
	if known {
		return User{name, e.Communities}
	}
	return User{name, l.Default}
}

// vouched is the user whom a trusted proxy names.
func (l *Login) vouched(r *http.Request) (User, error) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return User{}, err
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return User{}, err
	}
	if !Trusts(l.Trusted, addr) {
		return User{}, errors.New("the connection does not come from a trusted proxy")
	}
	values := r.Header.Values(l.Header)
	if len(values) != 1 {
		return User{}, fmt.Errorf("the header %s stands there %d times; the proxy must set it once", l.Header, len(values))
	}
	if err := checkName(values[0]); err != nil {
		return User{}, err
	}
	e, ok, err := l.Users.Get(values[0])
	if err != nil {
		return User{}, err
	}
	return l.user(values[0], e, ok), nil
}

// Trusts says whether an address lies in one of the networks.
func Trusts(trusted []netip.Prefix, addr netip.Addr) bool {
	addr = addr.Unmap()
	return slices.ContainsFunc(trusted, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// Register adds the pages for logging in and out.
func (l *Login) Register(mux *http.ServeMux, show Show) {
	if l.Mode == ByHeader {
		return
	}
	handle := func(pattern string, h http.HandlerFunc) { mux.Handle(pattern, l.sessions.LoadAndSave(h)) }
	form := func(r *http.Request) Form {
		f := Form{Next: local(r.FormValue("next"))}
		if l.Mode == ByPassword {
			f.Form = true
		} else {
			f.Start = "/login/start?next=" + url.QueryEscape(f.Next)
		}
		return f
	}
	handle("GET /login", func(w http.ResponseWriter, r *http.Request) {
		if _, ok := l.current(r); ok {
			http.Redirect(w, r, form(r).Next, http.StatusSeeOther)
			return
		}
		show(w, r, form(r))
	})
	handle("POST /logout", func(w http.ResponseWriter, r *http.Request) {
		if err := l.sessions.Destroy(r.Context()); err != nil {
			l.Log.Error("a session could not be ended", "error", err)
		}
		http.Redirect(w, r, "/login", http.StatusSeeOther)
	})
	if l.Mode == ByOIDC {
		handle("GET /login/start", l.start)
		handle("GET /login/callback", func(w http.ResponseWriter, r *http.Request) { l.callback(w, r, show, form(r)) })
		return
	}
	handle("POST /login", func(w http.ResponseWriter, r *http.Request) { l.password(w, r, show, form(r)) })
}

func (l *Login) password(w http.ResponseWriter, r *http.Request, show Show, f Form) {
	host := l.Client(r)
	f.User = r.PostFormValue("user")
	if checkName(f.User) != nil {
		f.User = ""
	}
	if l.byClient.OnLimit(w, r, host) || f.User != "" && l.byName.OnLimit(w, r, f.User) {
		f.Error, f.Status = "試行が多すぎます。1分ほど待ってから、もう一度お試しください。", http.StatusTooManyRequests
		show(w, r, f)
		return
	}
	select {
	case l.hashing <- struct{}{}:
		defer func() { <-l.hashing }()
	case <-r.Context().Done():
		return
	}
	e, ok, err := l.Users.Verify(f.User, r.PostFormValue("password"))
	if err != nil {
		l.Log.Error("a password could not be checked", "error", err)
		f.Error, f.Status = "いまはログインできません。管理者に知らせてください。", http.StatusInternalServerError
		show(w, r, f)
		return
	}
	if !ok {
		l.Log.Warn("a login failed", "client", host)
		f.Error, f.Status = "ユーザー名かパスワードが違います。", http.StatusUnauthorized
		show(w, r, f)
		return
	}
	if !l.begin(w, r, e.Name, e.stamp()) {
		return
	}
	http.Redirect(w, r, f.Next, http.StatusSeeOther)
}

// begin starts a session under a new token, so that a token known from before is worth nothing.
func (l *Login) begin(w http.ResponseWriter, r *http.Request, name, stamp string) bool {
	if err := l.sessions.RenewToken(r.Context()); err != nil {
		l.sessions.ErrorFunc(w, r, err)
		return false
	}
	l.sessions.Put(r.Context(), keyUser, name)
	l.sessions.Put(r.Context(), keyStamp, stamp)
	l.Log.Info("logged in", "user", name)
	return true
}

// local makes an address of this server out of what was asked for, / when it points elsewhere.
func local(next string) string {
	u, err := url.Parse(next)
	if err != nil || !utf8.ValidString(next) || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") || u.Host != "" || u.Scheme != "" ||
		strings.HasPrefix(u.Path, "//") || strings.HasPrefix(u.Path, "/login") || strings.HasPrefix(u.Path, "/logout") {
		return "/"
	}
	return (&url.URL{Path: u.Path, RawQuery: u.RawQuery}).String()
}
