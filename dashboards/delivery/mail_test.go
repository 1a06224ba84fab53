package delivery_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"voc/dashboards/delivery"
	"voc/dashboards/report"
)

// mailbox is a mail server on the loopback that asks for a password and keeps what it gets.
type mailbox struct {
	mu   sync.Mutex
	got  map[string][][]byte // by recipient
	addr *net.TCPAddr
	pool *x509.CertPool
}

const password = "correct horse battery"

func startMail(t *testing.T, secure bool) *mailbox {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	m := &mailbox{got: map[string][][]byte{}, pool: x509.NewCertPool()}
	m.pool.AddCert(cert)
	s := smtp.NewServer(m)
	s.Domain = "127.0.0.1"
	if secure {
		s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m.addr = l.Addr().(*net.TCPAddr)
	go func() { _ = s.Serve(l) }() // ends with Close
	t.Cleanup(func() { s.Close() })
	return m
}

func (m *mailbox) server() delivery.MailServer {
	return delivery.MailServer{
		Host: "127.0.0.1", Port: m.addr.Port, TLS: delivery.StartTLS, Config: &tls.Config{RootCAs: m.pool, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12},
		Username: "voc", Password: password, From: "VOC <voc@example.jp>", Formats: []report.Format{report.FormatHTML, report.FormatXLSX}, Timeout: 10 * time.Second,
	}
}

// NewSession implements smtp.Backend.
func (m *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &mailSession{m: m}, nil }

type mailSession struct {
	m  *mailbox
	in bool
	to []string
}

func (s *mailSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *mailSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, pw string) error {
		if s.in = user == "voc" && pw == password; !s.in {
			return errors.New("wrong password " + pw)
		}
		return nil
	}), nil
}

func (s *mailSession) Mail(string, *smtp.MailOptions) error {
	if !s.in {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "gone@") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	}
	s.to = append(s.to, to)
	return nil
}

func (s *mailSession) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	for _, to := range s.to {
		s.m.got[to] = append(s.m.got[to], b)
	}
	return err
}

func (s *mailSession) Reset()        { s.to = nil }
func (s *mailSession) Logout() error { return nil }

// parts are the leaves of a mail by content type.
func parts(t *testing.T, contentType, encoding string, body io.Reader) map[string][]byte {
	t.Helper()
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	if !strings.HasPrefix(kind, "multipart/") {
		if strings.EqualFold(encoding, "base64") {
			body = base64.NewDecoder(base64.StdEncoding, body)
		}
		if all[kind], err = io.ReadAll(body); err != nil {
			t.Fatal(err)
		}
		return all
	}
	r := multipart.NewReader(body, params["boundary"])
	for {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range parts(t, p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p) {
			if p.FileName() != "" {
				k = p.FileName()
			}
			all[k] = v
		}
	}
}

func TestMailCarriesSummaryAndAttachments(t *testing.T) {
	m := startMail(t, true)
	n := delivery.NoticeOf(weekly("shop", "2026-W46"), "https://voc.example.jp")
	var ids []string
	for _, to := range []string{"a@example.jp", "b@example.jp", "a@example.jp"} {
		if err := (delivery.Mail{Server: m.server(), To: to}).Deliver(t.Context(), n); err != nil {
			t.Fatal(err)
		}
		msg, err := mail.ReadMessage(bytes.NewReader(m.got[to][len(m.got[to])-1]))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, msg.Header.Get("Message-ID"))
		subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
		if err != nil || subject != "週次VOCレポート 2026年第46週 shop" || msg.Header.Get("To") != "<"+to+">" {
			t.Errorf("subject %q, to %q, %v", subject, msg.Header.Get("To"), err)
		}
		got := parts(t, msg.Header.Get("Content-Type"), msg.Header.Get("Content-Transfer-Encoding"), msg.Body)
		for kind, want := range map[string]string{
			"text/plain": "1. 料金 <上昇> & 解約が40件に増えました。", "text/html": `<a href="https://voc.example.jp/posts?community=shop&amp;topic=pricing"`,
			"voc-shop-2026-W46.html": "<!doctype html>", "voc-shop-2026-W46.xlsx": "PK",
		} {
			// The text of a part that is not base64 is quoted-printable, which the reader of multiparts undoes.
			if !bytes.Contains(got[kind], []byte(want)) {
				t.Errorf("%s lacks %q: %.200s", kind, want, got[kind])
			}
		}
	}
	if ids[0] != ids[2] || ids[0] == ids[1] || !strings.HasSuffix(ids[0], "@example.jp>") {
		t.Errorf("the message ids are %q; want the first and the last equal", ids)
	}
}

func TestMailToSomebodyWhoIsGoneFailsAlone(t *testing.T) {
	m := startMail(t, true)
	n := delivery.NoticeOf(weekly("shop", "2026-W46"), "")
	c := &delivery.Courier{Ledger: openLedger(t, t.TempDir()+"/l"), Log: quietLog(), Now: time.Now}
	for _, to := range []string{"gone@example.jp", "here@example.jp"} {
		c.Targets = append(c.Targets, delivery.Mail{Server: m.server(), To: to})
	}
	for range 2 {
		if err := c.Deliver(t.Context(), n, false); err == nil || !strings.Contains(err.Error(), "no such user") {
			t.Errorf("got %v", err)
		}
	}
	if len(m.got["here@example.jp"]) != 1 {
		t.Errorf("the other one has %d mails", len(m.got["here@example.jp"]))
	}
}

func TestMailIsNeverSentInTheOpen(t *testing.T) {
	m := startMail(t, false) // offers no STARTTLS
	n := delivery.NoticeOf(weekly("shop", "2026-W46"), "")
	if err := (delivery.Mail{Server: m.server(), To: "a@example.jp"}).Deliver(t.Context(), n); err == nil || len(m.got) != 0 {
		t.Errorf("a mail went out without TLS: %v", err)
	}
	stranger := startMail(t, true).server()
	stranger.Config = nil // a certificate that nobody knows
	if err := (delivery.Mail{Server: stranger, To: "a@example.jp"}).Deliver(t.Context(), n); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a server with an unknown certificate was trusted: %v", err)
	}
}

func TestMailErrorsKeepThePasswordSecret(t *testing.T) {
	m := startMail(t, true)
	s := m.server()
	s.Password = "hunter2hunter2"
	err := (delivery.Mail{Server: s, To: "a@example.jp"}).Deliver(t.Context(), delivery.NoticeOf(weekly("shop", "2026-W46"), ""))
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v; want an error without the password", err)
	}
}
