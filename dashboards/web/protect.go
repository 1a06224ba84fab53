package web

import (
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/httprate"
)

// contentPolicy lets a page load its own scripts, styles and images, and nothing else; nothing inline runs.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// reportPolicy is that of a weekly report, which is one file with its styles inside and without scripts. The sandbox
// keeps it from doing more even if a script were in it.
const reportPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-popups allow-top-navigation-by-user-activation allow-same-origin"

// maxBody is more than any form of the pages needs.
const maxBody = 64 << 10

// protect sets the headers that hold for every answer and refuses requests that other sites made a browser send.
func protect(next http.Handler) http.Handler {
	csrf := http.NewCrossOriginProtection()
	return csrf.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	}))
}

// named refuses requests for names that are not the server's.
func (s *Server) named(next http.Handler) http.Handler {
	if len(s.Hosts) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		if !slices.Contains(s.Hosts, strings.ToLower(strings.Trim(host, "[]"))) {
			http.Error(w, "このサーバーの名前ではありません。", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// limited bounds the requests of one client.
func (s *Server) limited(next http.Handler) http.Handler {
	if s.PerMinute == 0 {
		return next
	}
	client := s.Client
	if client == nil {
		client = RemoteHost
	}
	return httprate.LimitBy(s.PerMinute, time.Minute,
		func(r *http.Request) (string, error) { return client(r), nil },
		httprate.WithLimitHandler(func(w http.ResponseWriter, r *http.Request) {
			s.fail(w, r, statusError{http.StatusTooManyRequests, "短い時間に多くのページが開かれました。1分ほど待ってから、もう一度お試しください。"})
		}))(next)
}

// RemoteHost is the address a connection comes from, without its port.
func RemoteHost(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
