package auth

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const password = "correct horse battery"

func usersFile(t *testing.T) *Users {
	t.Helper()
	u, err := OpenUsers(filepath.Join(t.TempDir(), "users.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func set(t *testing.T, u *Users, name, password string, communities ...string) {
	t.Helper()
	if err := u.Set(name, password, communities); err != nil {
		t.Fatal(err)
	}
}

func TestUsersFile(t *testing.T) {
	u := usersFile(t)
	set(t, u, "sasaki", password, "support", "forum")
	set(t, u, "tanaka@example.jp", "", Everything)
	info, err := os.Stat(u.path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has the mode %v: %v", info.Mode(), err)
	}
	b, err := os.ReadFile(u.path)
	if err != nil || strings.Contains(string(b), password) || !strings.Contains(string(b), "$argon2id$") {
		t.Errorf("the file holds %s: %v", b, err)
	}
	again, err := OpenUsers(u.path)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, password string
		want           bool
	}{{"sasaki", password, true}, {"sasaki", "wrong wrong wrong", false}, {"sasaki", "", false}, {"nobody", password, false}, {"tanaka@example.jp", "", false}, {"", "", false}} {
		e, ok, err := again.Verify(c.name, c.password)
		if err != nil || ok != c.want || ok && e.Name != c.name {
			t.Errorf("Verify(%q, %q) = %v, %v", c.name, c.password, ok, err)
		}
	}
	if err := u.Remove("sasaki"); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := again.Verify("sasaki", password); ok || err != nil {
		t.Errorf("a removed user is let in: %v", err)
	}
	if err := u.Remove("sasaki"); err == nil {
		t.Error("removing somebody unknown is no error")
	}
	if _, _, _, err := argon2id.DecodeHash(nobody); err != nil {
		t.Errorf("the hash that is compared for unknown names is not understood: %v", err)
	}
}

func TestWrongUsers(t *testing.T) {
	u := usersFile(t)
	for name, err := range map[string]error{
		"short password": u.Set("a", "short", []string{"x"}), "no communities": u.Set("a", password, nil), "empty community": u.Set("a", password, []string{""}),
		"no name": u.Set("", password, []string{"x"}), "spaces": u.Set(" a", password, []string{"x"}), "line break": u.Set("a\nb", password, []string{"x"}),
	} {
		if err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	for _, text := range []string{
		"users: [{name: a, communities: [x]}, {name: a, communities: [y]}]", "users: [{name: a, communities: [x], admin: true}]", "users: [{name: a, communities: [x], password: hunter2}]", "users: 3",
	} {
		if _, err := ParseUsers([]byte(text)); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s gives the error %v", text, err)
		}
	}
}

func FuzzParseUsers(f *testing.F) {
	f.Add([]byte("users:\n  - name: a\n    communities: [x]\n"))
	f.Add([]byte("users: [{name: a, communities: ['*'], password: $argon2id$v=19$m=1,t=1,p=1$YQ$YQ}]"))
	f.Add([]byte("&a [*a]"))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := ParseUsers(b)
		for _, e := range list {
			if err == nil && (e.Name == "" || len(e.Communities) == 0) {
				t.Errorf("%q was taken", e)
			}
		}
	})
}

func TestWhoMaySee(t *testing.T) {
	for _, c := range []struct {
		user User
		want bool
	}{{User{}, false}, {User{"", []string{"*"}}, false}, {User{"a", nil}, false}, {User{"a", []string{"other"}}, false}, {User{"a", []string{"other", "mine"}}, true}, {User{"a", []string{"*"}}, true}} {
		if c.user.May("mine") != c.want {
			t.Errorf("%+v may see: %v", c.user, !c.want)
		}
	}
}

func TestNextStaysHere(t *testing.T) {
	for in, want := range map[string]string{
		"/posts?week=2026-W46": "/posts?week=2026-W46", "": "/", "//evil.example": "/", "https://evil.example/": "/", "/\\evil.example": "/", "/%2f/evil": "/", "javascript:alert(1)": "/", "/login": "/", "/logout": "/",
		"/a\r\nSet-Cookie: x": "/", "relative": "/", "/\tx": "/",
	} {
		if got := local(in); got != want {
			t.Errorf("local(%q) = %q, not %q", in, got, want)
		}
	}
}

func FuzzLocal(f *testing.F) {
	f.Add("/posts?x=1")
	f.Add("//evil.example/\\")
	f.Add("/%5c%5cevil")
	f.Fuzz(func(t *testing.T, next string) {
		got := local(next)
		u, err := url.Parse(got)
		if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") || strings.HasPrefix(got, "/\\") {
			t.Errorf("local(%q) leads to %q", next, got)
		}
	})
}

// site is a server whose pages say who asks.
func site(t *testing.T, c Config) *httptest.Server {
	t.Helper()
	c.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	if c.Session == 0 {
		c.Session = time.Hour
	}
	l, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", l.Require(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u := UserOf(r.Context())
		_, _ = io.WriteString(w, u.Name+" sees "+strings.Join(u.Communities, ",")+" at "+r.URL.RequestURI())
	})))
	l.Register(mux, func(w http.ResponseWriter, _ *http.Request, f Form) {
		if f.Status != 0 {
			w.WriteHeader(f.Status)
		}
		_, _ = io.WriteString(w, "login "+f.Error+" next "+f.Next+" start "+f.Start)
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func client(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

func fetch(t *testing.T, c *http.Client, method, address string, form url.Values, header ...string) (int, string, *http.Response) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Add(header[i], header[i+1])
	}
	r, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(b), r
}

func TestPassword(t *testing.T) {
	u := usersFile(t)
	set(t, u, "sasaki", password, "support")
	s := site(t, Config{Mode: ByPassword, Users: u})
	c := client(t)
	if _, body, _ := fetch(t, c, "GET", s.URL+"/posts?x=1", nil); !strings.HasPrefix(body, "login") || !strings.Contains(body, "next /posts?x=1") {
		t.Errorf("somebody unknown sees %q", body)
	}
	if status, _, _ := fetch(t, c, "POST", s.URL+"/posts", url.Values{}); status != http.StatusUnauthorized {
		t.Errorf("a form of somebody unknown gives %d", status)
	}
	wrong := url.Values{"user": {"sasaki"}, "password": {"wrong wrong wrong"}, "next": {"/posts?x=1"}}
	status, first, _ := fetch(t, c, "POST", s.URL+"/login", wrong)
	wrong.Set("user", "nobody")
	status2, second, _ := fetch(t, c, "POST", s.URL+"/login", wrong)
	if status != http.StatusUnauthorized || status2 != status || first != second {
		t.Errorf("a wrong password gives %d %q, an unknown name %d %q", status, first, status2, second)
	}
	status, body, r := fetch(t, c, "POST", s.URL+"/login", url.Values{"user": {"sasaki"}, "password": {password}, "next": {"/posts?x=1"}})
	if status != http.StatusOK || body != "sasaki sees support at /posts?x=1" {
		t.Errorf("logging in gives %d %q", status, body)
	}
	set0 := r.Request.Response // the answer to the form, before the redirect was followed
	cookie := set0.Header.Get("Set-Cookie")
	if !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") || strings.Contains(cookie, "sasaki") {
		t.Errorf("the cookie is %q", cookie)
	}
	// Another password ends the session.
	set(t, u, "sasaki", password+"!", "support", "forum")
	if _, body, _ := fetch(t, c, "GET", s.URL+"/", nil); !strings.HasPrefix(body, "login") {
		t.Errorf("the session outlives its password: %q", body)
	}
	if _, body, _ := fetch(t, c, "POST", s.URL+"/login", url.Values{"user": {"sasaki"}, "password": {password + "!"}}); body != "sasaki sees support,forum at /" {
		t.Errorf("the new password gives %q", body)
	}
	// The old token is worth nothing after logging out, even if it is sent again.
	at, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	old := c.Jar.Cookies(at)
	fetch(t, c, "POST", s.URL+"/logout", url.Values{})
	c.Jar.SetCookies(at, old)
	if _, body, _ := fetch(t, c, "GET", s.URL+"/", nil); !strings.HasPrefix(body, "login") {
		t.Errorf("the session outlives logging out: %q", body)
	}
	if err := u.Remove("sasaki"); err != nil {
		t.Fatal(err)
	}
	if status, _, _ := fetch(t, c, "POST", s.URL+"/login", url.Values{"user": {"sasaki"}, "password": {password + "!"}}); status != http.StatusUnauthorized {
		t.Errorf("a removed user gets %d", status)
	}
}

func TestTriesAreBounded(t *testing.T) {
	u := usersFile(t)
	set(t, u, "sasaki", password, "support")
	s := site(t, Config{Mode: ByPassword, Users: u})
	c := client(t)
	last := 0
	for range tries + 2 {
		last, _, _ = fetch(t, c, "POST", s.URL+"/login", url.Values{"user": {"nobody"}, "password": {strings.Repeat("x", 500)}})
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("try %d gives %d", tries+2, last)
	}
	if status, _, _ := fetch(t, c, "POST", s.URL+"/login", url.Values{"user": {"sasaki"}, "password": {password}}); status != http.StatusTooManyRequests {
		t.Errorf("the right password after that gives %d", status)
	}
}

func TestHeader(t *testing.T) {
	u := usersFile(t)
	set(t, u, "sasaki", "", "support")
	loopback := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	trusted := site(t, Config{Mode: ByHeader, Users: u, Header: "X-User", Trusted: loopback, Default: []string{"forum"}})
	c := client(t)
	for name, want := range map[string]string{"sasaki": "sasaki sees support at /", "tanaka": "tanaka sees forum at /"} {
		if _, body, _ := fetch(t, c, "GET", trusted.URL+"/", nil, "X-User", name); body != want {
			t.Errorf("%s sees %q", name, body)
		}
	}
	for _, header := range [][]string{{}, {"X-User", ""}, {"X-User", "a", "X-User", "b"}} {
		if status, _, _ := fetch(t, c, "GET", trusted.URL+"/", nil, header...); status != http.StatusForbidden {
			t.Errorf("%q gives %d", header, status)
		}
	}
	elsewhere := site(t, Config{Mode: ByHeader, Users: u, Header: "X-User", Trusted: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}})
	if status, _, _ := fetch(t, c, "GET", elsewhere.URL+"/", nil, "X-User", "sasaki"); status != http.StatusForbidden {
		t.Errorf("the header of anybody is believed: %d", status)
	}
	if _, err := New(Config{Mode: ByHeader, Users: u, Header: "X-User", Session: time.Hour, Log: slog.Default()}); err == nil {
		t.Error("a header without trusted proxies is taken")
	}
}

// issuer is an OpenID Connect provider for one user.
type issuer struct {
	*httptest.Server
	key    *rsa.PrivateKey
	claims map[string]any
	// asked is what the last authorisation asked for.
	asked url.Values
	nonce string // sent instead of the one asked for, when set
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	i := &issuer{key: key, claims: map[string]any{}}
	mux := http.NewServeMux()
	reply := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(v); err != nil {
			t.Error(err)
		}
	}
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, map[string]any{"issuer": i.URL, "authorization_endpoint": i.URL + "/authorize", "token_endpoint": i.URL + "/token", "jwks_uri": i.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("/authorize", func(w http.ResponseWriter, r *http.Request) {
		i.asked = r.URL.Query()
		http.Redirect(w, r, i.asked.Get("redirect_uri")+"?"+url.Values{"code": {"good"}, "state": {i.asked.Get("state")}}.Encode(), http.StatusSeeOther)
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
		if r.FormValue("code") != "good" || base64.RawURLEncoding.EncodeToString(sum[:]) != i.asked.Get("code_challenge") {
			http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
			return
		}
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, (&jose.SignerOptions{}).WithHeader("kid", "1"))
		if err != nil {
			t.Error(err)
			return
		}
		nonce := i.asked.Get("nonce")
		if i.nonce != "" {
			nonce = i.nonce
		}
		all := map[string]any{"iss": i.URL, "aud": "voc", "sub": "1", "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(), "nonce": nonce}
		for k, v := range i.claims {
			all[k] = v
		}
		token, err := jwt.Signed(signer).Claims(all).Serialize()
		if err != nil {
			t.Error(err)
			return
		}
		reply(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": token})
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func TestOIDC(t *testing.T) {
	i := newIssuer(t)
	u := usersFile(t)
	set(t, u, "sasaki@example.jp", "", "support")
	// The public address is known once the site listens, so that the site is asked through a second one.
	var s *httptest.Server
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.Config.Handler.ServeHTTP(w, r) }))
	defer front.Close()
	s = site(t, Config{Mode: ByOIDC, Users: u, Default: []string{"forum"}, OIDC: OIDC{Issuer: i.URL, ClientID: "voc", ClientSecret: "s", PublicURL: front.URL, NameClaim: "email"}})
	for _, c := range []struct {
		name   string
		claims map[string]any
		nonce  string
		want   string
	}{
		{"known", map[string]any{"email": "sasaki@example.jp", "email_verified": true}, "", "sasaki@example.jp sees support at /posts?x=1"},
		{"not in the file", map[string]any{"email": "tanaka@example.jp"}, "", "tanaka@example.jp sees forum at /posts?x=1"},
		{"not verified", map[string]any{"email": "sasaki@example.jp", "email_verified": false}, "", "login"},
		{"no mail", map[string]any{}, "", "login"},
		{"for somebody else", map[string]any{"email": "sasaki@example.jp", "aud": "another"}, "", "login"},
		{"expired", map[string]any{"email": "sasaki@example.jp", "exp": time.Now().Add(-time.Hour).Unix()}, "", "login"},
		{"replayed", map[string]any{"email": "sasaki@example.jp"}, "another", "login"},
	} {
		i.claims, i.nonce = c.claims, c.nonce
		browser := client(t)
		if _, body, _ := fetch(t, browser, "GET", front.URL+"/posts?x=1", nil); !strings.Contains(body, "start /login/start?next=%2Fposts%3Fx%3D1") {
			t.Fatalf("the way in is %q", body)
		}
		if _, body, _ := fetch(t, browser, "GET", front.URL+"/login/start?next=%2Fposts%3Fx%3D1", nil); !strings.HasPrefix(body, c.want) {
			t.Errorf("%s: %q", c.name, body)
		}
	}
	i.claims, i.nonce = map[string]any{"email": "sasaki@example.jp"}, ""
	if status, body, _ := fetch(t, client(t), "GET", front.URL+"/login/callback?code=good&state=x", nil); status != http.StatusUnauthorized || strings.Contains(body, "sees") {
		t.Errorf("an answer that nobody asked for gives %d %q", status, body)
	}
}
