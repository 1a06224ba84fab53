package delivery

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"voc/dashboards/report"
)

//go:embed mail.html
var mailFile embed.FS

// MailTLS says how a connection to the mail server is secured.
type MailTLS string

// The ways. A server that does not offer STARTTLS is refused, never spoken to in the open.
const (
	StartTLS MailTLS = "starttls"
	FullTLS  MailTLS = "tls" // from the first byte, usually port 465
	NoTLS    MailTLS = "none"
)

// MailServer is where mails are handed over.
type MailServer struct {
	Host string
	Port int
	TLS  MailTLS
	// Roots replaces the system's certificate authorities when set.
	Config *tls.Config
	// Username may be empty for a server that asks nobody.
	Username, Password string
	From               string
	// Formats of the report are attached.
	Formats []report.Format
	Timeout time.Duration
}

// Mail is one recipient: each has mails of their own, so that one wrong address keeps nobody else waiting.
type Mail struct {
	Server MailServer
	To     string
}

// Name implements Target.
func (m Mail) Name() string { return "mail:" + m.To }

// Deliver implements Target.
func (m Mail) Deliver(ctx context.Context, n Notice) error {
	msg, err := m.message(n)
	if err != nil {
		return err
	}
	s := m.Server
	options := []mail.Option{mail.WithPort(s.Port), mail.WithTimeout(s.Timeout)}
	switch s.TLS {
	case FullTLS:
		options = append(options, mail.WithSSL())
	case NoTLS:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if s.Config != nil {
		options = append(options, mail.WithTLSConfig(s.Config))
	}
	if s.Username != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.Username), mail.WithPassword(s.Password))
	}
	c, err := mail.NewClient(s.Host, options...)
	if err != nil {
		return fmt.Errorf("cannot prepare the mail server: %w", err)
	}
	if err := c.DialAndSendWithContext(ctx, msg); err != nil {
		return fmt.Errorf("the mail server %s:%d did not take the mail to %s: %w", s.Host, s.Port, m.To, hide(err, s.Password))
	}
	return nil
}

func (m Mail) message(n Notice) (*mail.Msg, error) {
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := errors.Join(msg.From(m.Server.From), msg.To(m.To)); err != nil {
		return nil, fmt.Errorf("the mail to %s cannot be addressed: %w", m.To, err)
	}
	msg.Subject(n.Title)
	msg.SetDate()
	msg.SetMessageIDWithValue(m.messageID(n))
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(mail.TypeTextPlain, n.Text())
	body, err := n.HTML()
	if err != nil {
		return nil, err
	}
	msg.AddAlternativeString(mail.TypeTextHTML, body)
	if n.Report == nil {
		return msg, nil
	}
	for _, f := range m.Server.Formats {
		b, err := n.render(f)
		if err != nil {
			return nil, err
		}
		// A page that is attached as text/html is shown below the mail by some readers; as a file it is opened.
		if err := msg.AttachReader(FileName(DefaultName, n.Report, f), bytes.NewReader(b), mail.WithFileContentType(contentType(f))); err != nil {
			return nil, fmt.Errorf("the report cannot be attached: %w", err)
		}
	}
	return msg, nil
}

// messageID is the same whenever the notice is sent to this recipient, by which mail servers know a repetition.
func (m Mail) messageID(n Notice) string {
	sum := sha256.Sum256([]byte(n.ID + "\x00" + m.To))
	_, domain, ok := strings.Cut(strings.TrimSuffix(m.Server.From[strings.LastIndexByte(m.Server.From, '<')+1:], ">"), "@")
	if !ok {
		domain = m.Server.Host
	}
	return "voc-" + hex.EncodeToString(sum[:16]) + "@" + domain
}

func contentType(f report.Format) mail.ContentType {
	switch f {
	case report.FormatHTML:
		return "text/html"
	case report.FormatMarkdown:
		return "text/markdown"
	case report.FormatJSON:
		return "application/json"
	default:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
}

// Text is the notice for readers of plain text.
func (n Notice) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n\n", n.Title, n.Lead)
	for i, l := range n.Lines {
		fmt.Fprintf(&b, "%d. %s\n", i+1, plain(l))
	}
	if n.Link != "" {
		fmt.Fprintf(&b, "\n%s: %s\n", n.LinkText, n.Link)
	}
	return b.String()
}

// HTML is the notice as mail programs can show it: tables and inline styles only.
func (n Notice) HTML() (string, error) {
	t, err := template.New("mail.html").Funcs(template.FuncMap{
		"href": n.href, "rows": pairs, "plain": plain, "strong": func(s report.Span) bool { return s.Tone == report.ToneStrong || s.Tone == report.ToneBad },
	}).ParseFS(mailFile, "mail.html")
	if err != nil {
		return "", fmt.Errorf("delivery: %w", err)
	}
	var b strings.Builder
	if err := t.Execute(&b, n); err != nil {
		return "", fmt.Errorf("the mail cannot be written: %w", err)
	}
	return b.String(), nil
}

// pairs puts two tiles into a row.
func pairs(list []report.Tile) [][]report.Tile {
	var rows [][]report.Tile
	for len(list) > 0 {
		n := min(2, len(list))
		rows = append(rows, list[:n])
		list = list[n:]
	}
	return rows
}

// hide keeps a secret out of an error's text.
func hide(err error, secret string) error {
	if secret == "" || !strings.Contains(err.Error(), secret) {
		return err
	}
	return errors.New(strings.ReplaceAll(err.Error(), secret, "<redacted>"))
}
