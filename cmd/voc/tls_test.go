package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"voc/ingest/broker"
	"voc/schema/engine"
)

// authority signs certificates of a test.
type authority struct {
	t    testing.TB
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t testing.TB, name string) *authority {
	t.Helper()
	a := &authority{t: t, key: newKey(t)}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	a.cert = a.sign(template, template, &a.key.PublicKey)
	return a
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (a *authority) sign(template, parent *x509.Certificate, key *ecdsa.PublicKey) *x509.Certificate {
	a.t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return cert
}

// pem is the authority's certificate as a file holds it.
func (a *authority) pem() string { return certPEM(a.cert) }

func certPEM(c *x509.Certificate) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
}

// issue makes a certificate for a name, which may be an address, and returns it with its key as files hold them.
func (a *authority) issue(name string) (cert, key string) {
	a.t.Helper()
	k := newKey(a.t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if ip := net.ParseIP(name); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{name}
	}
	der, err := x509.MarshalECPrivateKey(k)
	if err != nil {
		a.t.Fatal(err)
	}
	return certPEM(a.sign(template, a.cert, &k.PublicKey)), string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}))
}

// terminator ends TLS in front of a server that cannot speak it.
type terminator struct {
	addr   string
	served atomic.Int64 // connections whose handshake succeeded
}

// newTerminator listens with a certificate for name. With clients, it asks for certificates that they signed.
func newTerminator(t testing.TB, a *authority, name, target string, clients *authority) *terminator {
	t.Helper()
	cert, key := a.issue(name)
	pair, err := tls.X509KeyPair([]byte(cert), []byte(key))
	if err != nil {
		t.Fatal(err)
	}
	cfg := &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	if clients != nil {
		cfg.ClientAuth, cfg.ClientCAs = tls.RequireAndVerifyClientCert, x509.NewCertPool()
		cfg.ClientCAs.AddCert(clients.cert)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", cfg)
	if err != nil {
		t.Fatal(err)
	}
	p := &terminator{addr: l.Addr().String()}
	var open sync.WaitGroup
	t.Cleanup(func() {
		l.Close()
		open.Wait()
	})
	open.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() { p.serve(conn.(*tls.Conn), target) })
		}
	})
	return p
}

func (p *terminator) serve(client *tls.Conn, target string) {
	defer client.Close()
	if client.Handshake() != nil {
		return
	}
	p.served.Add(1)
	server, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer server.Close()
	var both sync.WaitGroup
	both.Go(func() { _, _ = io.Copy(server, client); server.Close() })
	both.Go(func() { _, _ = io.Copy(client, server); client.Close() })
	both.Wait()
}

// behind replaces the address of a DSN and asks for TLS.
func behind(t testing.TB, dsn, addr, query string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	u.Host, u.RawQuery = addr, query
	return u.String()
}

// TestClickHouseOverTLS runs the commands through a TLS terminator that asks for client certificates.
func TestClickHouseOverTLS(t *testing.T) {
	w := newWorld(t, broker.Config{})
	ca, clientCA := newAuthority(t, "ours"), newAuthority(t, "clients")
	plain := w.db.DSN(engine.Admin)
	u, err := url.Parse(plain)
	if err != nil {
		t.Fatal(err)
	}
	proxy := newTerminator(t, ca, "127.0.0.1", u.Host, clientCA)
	named := newTerminator(t, ca, "clickhouse.example.jp", u.Host, nil)
	cert, key := clientCA.issue("voc")
	caFile, certFile, keyFile := w.file("ca.pem", ca.pem()), w.file("cert.pem", cert), w.file("key.pem", key)
	otherFile := w.file("other.pem", newAuthority(t, "somebody else").pem())

	logins := func(addr, query string) []string {
		return []string{
			"VOC_CLICKHOUSE_ADMIN_DSN=" + behind(t, w.db.DSN(engine.Admin), addr, query),
			"VOC_CLICKHOUSE_DSN=" + behind(t, w.db.DSN(engine.Writer), addr, query),
			"VOC_CLICKHOUSE_READER_DSN=" + behind(t, w.db.DSN(engine.Reader), addr, query),
		}
	}
	files := []string{"VOC_CLICKHOUSE_CA_FILE=" + caFile, "VOC_CLICKHOUSE_CERT_FILE=" + certFile, "VOC_CLICKHOUSE_KEY_FILE=" + keyFile}
	secure := append(logins(proxy.addr, "secure=true"), files...)

	// through says that the command's connections went through the terminator.
	through := func(name string, do func()) {
		t.Helper()
		before := proxy.served.Load()
		do()
		if proxy.served.Load() == before {
			t.Errorf("voc %s reached ClickHouse past the terminator", name)
		}
	}
	through("migrate up", func() { w.must(secure, "migrate", "up") })
	w.produce(w.topics[0], nil, postsOfAWeek...)
	through("run", func() {
		r := w.start(secure, "run")
		r.await("two posts", func() bool { return w.counted() == 2 })
		if e := r.stop(); e.code != exitOK {
			t.Errorf("voc run: %s", e)
		}
	})
	through("doctor", func() { w.must(secure, "doctor") })
	through("query", func() { w.must(secure, "query", "SELECT count() FROM posts") })
	through("report", func() { w.must(secure, "report", "weekly", "--week", "2026-W46", "--out", w.dir) })
	through("replay list", func() { w.must(secure, "replay", "list") })
	through("retag", func() { w.must(secure, "retag") })
	through("serve", func() {
		r := w.start(secure, "serve")
		if code, text := r.page("/"); code != 200 || !strings.Contains(text, "shop") {
			t.Errorf("the first page answers %d: %s", code, text)
		}
		r.stop()
	})
	through("forget", func() {
		w.must(secure, "forget", "--yes", "--post", "p2", "--community", "shop", "--settle", "100ms", "--data-dir", "none")
	})
	// A name that is not the dialled one is accepted when it is the one that is expected.
	w.must(append(logins(named.addr, "secure=true"), "VOC_CLICKHOUSE_CA_FILE="+caFile, "VOC_CLICKHOUSE_SERVER_NAME=clickhouse.example.jp"), "migrate", "status")
	w.must(logins(named.addr, "secure=true&skip_verify=true"), "migrate", "status")

	for name, bad := range map[string]struct {
		environ []string
		want    string
	}{
		"another authority":      {slices.Concat(secure, []string{"VOC_CLICKHOUSE_CA_FILE=" + otherFile}), "clickhouse.ca_file"},
		"no authority":           {append(logins(named.addr, "secure=true"), "VOC_CLICKHOUSE_SERVER_NAME=clickhouse.example.jp"), "clickhouse.ca_file"},
		"another name":           {append(logins(named.addr, "secure=true"), "VOC_CLICKHOUSE_CA_FILE="+caFile), "clickhouse.server_name"},
		"no client certificate":  {append(logins(proxy.addr, "secure=true"), "VOC_CLICKHOUSE_CA_FILE="+caFile), "clickhouse.cert_file"},
		"plain text to TLS":      {logins(proxy.addr, ""), "?secure=true"},
		"TLS to plain text":      {append(logins(u.Host, "secure=true"), "VOC_CLICKHOUSE_CA_FILE="+caFile), "plain text"},
		"files without TLS":      {append(logins(u.Host, ""), "VOC_CLICKHOUSE_CA_FILE="+caFile), "add ?secure=true"},
		"authority for nothing":  {append(logins(named.addr, "secure=true&skip_verify=true"), "VOC_CLICKHOUSE_CA_FILE="+caFile), "skip_verify"},
		"no PEM":                 {append(logins(named.addr, "secure=true"), "VOC_CLICKHOUSE_CA_FILE="+w.file("no.pem", "x")), "PEM"},
		"certificate, other key": {append(logins(proxy.addr, "secure=true"), "VOC_CLICKHOUSE_CA_FILE="+caFile, "VOC_CLICKHOUSE_CERT_FILE="+certFile, "VOC_CLICKHOUSE_KEY_FILE="+w.file("other.key", secondKey(ca))), "key_file"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, args := range [][]string{{"migrate", "status"}, {"query", "SELECT 1"}, {"report", "weekly", "--week", "2026-W46", "--out", w.dir}, {"serve"}} {
				e := w.voc(bad.environ, args...)
				if e.code == exitOK || !strings.Contains(e.err, bad.want) {
					t.Errorf("voc %s: want a refusal that names %q, got %s", strings.Join(args, " "), bad.want, e)
				}
			}
			if e := w.voc(bad.environ, "doctor"); e.code == exitOK || !strings.Contains(e.out, bad.want) {
				t.Errorf("voc doctor: want a refusal that names %q, got %s", bad.want, e)
			}
		})
	}
	t.Run("run waits and says why", func(t *testing.T) {
		r := w.start(slices.Concat(secure, []string{"VOC_CLICKHOUSE_CA_FILE=" + otherFile}), "run")
		r.await("the reason in the log", func() bool { return strings.Contains(r.err.String(), "clickhouse.ca_file") })
		if e := r.stop(); e.code != exitOK {
			t.Errorf("voc run: %s", e)
		}
	})
}

func secondKey(a *authority) string {
	_, key := a.issue("x")
	return key
}
