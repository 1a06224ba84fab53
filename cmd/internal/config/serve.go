package config

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"time"
)

// Serve is the web pages.
type Serve struct {
	Listen             string        `yaml:"listen" doc:"Address of the pages, host:port."`
	Auth               string        `yaml:"auth" doc:"How people log in: users (password, see voc serve user), oidc, header (of a reverse proxy) or none, which is allowed on loopback addresses only."`
	UsersFile          string        `yaml:"users_file" doc:"File of the users with their communities; voc serve user writes it."`
	DefaultCommunities []string      `yaml:"default_communities" doc:"Communities of people whom oidc or the proxy vouches for and users_file does not name; * = all, empty = none."`
	Header             string        `yaml:"header" doc:"Header with the user's name, with auth header."`
	TrustedProxies     []string      `yaml:"trusted_proxies" doc:"Networks from which header and X-Forwarded-For are believed."`
	OIDC               OIDC          `yaml:"oidc" doc:"The OpenID Connect provider, with auth oidc."`
	PublicURL          string        `yaml:"public_url" doc:"Address of the pages as browsers see it, such as https://voc.example.jp; with https, cookies are sent over HTTPS only."`
	TLSCertFile        string        `yaml:"tls_cert_file" doc:"PEM file of the certificate, to serve HTTPS without a proxy."`
	TLSKeyFile         string        `yaml:"tls_key_file" doc:"PEM file of the certificate's key."`
	Session            time.Duration `yaml:"session" doc:"How long one stays logged in."`
	Timeout            time.Duration `yaml:"timeout" doc:"Longest work on one page."`
	PagesPerMinute     int           `yaml:"pages_per_minute" doc:"Pages one client may open in a minute; 0 = no bound."`
	Weeks              int           `yaml:"weeks" doc:"Weeks before that a week is compared with."`
}

// OIDC is an OpenID Connect provider.
type OIDC struct {
	Issuer           string `yaml:"issuer" doc:"Address of the issuer, such as https://login.example.jp."`
	ClientID         string `yaml:"client_id" doc:"Client id that the provider gave to voc."`
	ClientSecret     Secret `yaml:"client_secret" doc:"Client secret; better given by VOC_SERVE_OIDC_CLIENT_SECRET or client_secret_file."`
	ClientSecretFile string `yaml:"client_secret_file" doc:"File whose first line is the client secret."`
	NameClaim        string `yaml:"name_claim" doc:"Claim that names the user."`
}

func (s Serve) validate(f *faults) {
	_, port, err := net.SplitHostPort(s.Listen)
	f.add(err == nil && port != "", "serve.listen", "is %q; give host:port, such as 127.0.0.1:8080", s.Listen)
	f.add(slices.Contains([]string{"users", "oidc", "header", "none"}, s.Auth), "serve.auth", "is %q; give users, oidc, header or none", s.Auth)
	f.add(s.Auth != "none" || s.Loopback(), "serve.auth", "is none but serve.listen is %q, which others can reach; listen on 127.0.0.1 or choose how people log in", s.Listen)
	f.add(s.Auth == "none" || s.UsersFile != "", "serve.users_file", "is empty; name a file")
	f.add(s.Auth != "header" || s.Header != "", "serve.header", "is empty; name the header that the proxy sets")
	f.add(s.Auth != "header" || len(s.TrustedProxies) > 0, "serve.trusted_proxies", "is empty; name the networks of the proxy, or anybody could send the header")
	for _, p := range s.TrustedProxies {
		_, err := netip.ParsePrefix(p)
		f.add(err == nil, "serve.trusted_proxies", "holds %q; give a network such as 10.0.0.0/8", p)
	}
	if s.PublicURL != "" {
		u, err := url.Parse(s.PublicURL)
		f.add(err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") && (u.Path == "" || u.Path == "/"), "serve.public_url",
			"is %q; give an address without a path, such as https://voc.example.jp", s.PublicURL)
	}
	if s.Auth == "oidc" {
		u, err := url.Parse(s.OIDC.Issuer)
		f.add(err == nil && u.Host != "", "serve.oidc.issuer", "is %q; give the address of the provider", s.OIDC.Issuer)
		f.add(s.OIDC.ClientID != "", "serve.oidc.client_id", "is empty; give what the provider calls voc")
		f.add(s.OIDC.NameClaim != "", "serve.oidc.name_claim", "is empty; name the claim with the user's name, such as email")
		f.add(s.PublicURL != "", "serve.public_url", "is empty; the provider must know where to send people back to")
	}
	f.add(s.OIDC.ClientSecret == "" || s.OIDC.ClientSecretFile == "", "serve.oidc.client_secret_file", "and serve.oidc.client_secret are both set; give one of them")
	f.add(s.OIDC.ClientSecret != redacted, "serve.oidc.client_secret", "is the placeholder of a redacted dump; give the real one")
	f.add((s.TLSCertFile == "") == (s.TLSKeyFile == ""), "serve.tls_key_file", "and serve.tls_cert_file belong together; give both or none")
	f.add(s.Session >= time.Minute && s.Session <= 30*24*time.Hour, "serve.session", "is %s; give 1m to 720h", s.Session)
	f.add(s.Timeout >= time.Second && s.Timeout <= 10*time.Minute, "serve.timeout", "is %s; give 1s to 10m", s.Timeout)
	f.add(s.PagesPerMinute >= 0 && s.PagesPerMinute <= 1_000_000, "serve.pages_per_minute", "is %d; give 0 to 1000000", s.PagesPerMinute)
	f.add(s.Weeks >= 1 && s.Weeks <= 52, "serve.weeks", "is %d; give 1 to 52", s.Weeks)
}

// Loopback says that only the same machine can reach the pages.
func (s Serve) Loopback() bool {
	host, _, err := net.SplitHostPort(s.Listen)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
