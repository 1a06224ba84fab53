package delivery

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"voc/dashboards/report"
)

// Webhook posts notices to an incoming webhook that understands Slack's blocks.
type Webhook struct {
	// URL is a secret: who has it can post.
	URL    string
	Client *http.Client
}

// NewWebhook is a webhook with time limits. Redirects are not followed, since they would carry the notice elsewhere.
func NewWebhook(address string) Webhook {
	return Webhook{address, &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Name implements Target.
func (w Webhook) Name() string { return "webhook" }

// RetryAfter is an error of a receiver that says when it may be asked again.
type RetryAfter struct {
	Err  error
	Wait time.Duration
}

func (e RetryAfter) Error() string { return e.Err.Error() }

// Unwrap implements errors.Unwrap.
func (e RetryAfter) Unwrap() error { return e.Err }

// Deliver implements Target.
func (w Webhook) Deliver(ctx context.Context, n Notice) error {
	body, err := json.Marshal(slackMessage(n))
	if err != nil {
		return fmt.Errorf("the message cannot be written: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return errors.New("the address of the webhook is no URL; give https://…")
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("Idempotency-Key", n.ID)
	answer, err := w.Client.Do(r)
	if err != nil {
		return fmt.Errorf("the webhook at %s does not answer: %w", r.URL.Host, withoutAddress(err))
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, 200)) // what it says is only for the error
	if answer.StatusCode >= 200 && answer.StatusCode < 300 {
		return nil
	}
	err = fmt.Errorf("the webhook at %s refused the message: %s %s", r.URL.Host, answer.Status, strings.ToValidUTF8(strings.TrimSpace(string(said)), "?"))
	if s, bad := strconv.Atoi(answer.Header.Get("Retry-After")); bad == nil && s > 0 {
		return RetryAfter{err, time.Duration(min(s, 24*3600)) * time.Second}
	}
	return err
}

// withoutAddress leaves the URL out of an error of the HTTP client.
func withoutAddress(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// The parts of Slack's message format that are used.
type (
	message struct {
		Text   string  `json:"text"` // for notifications and receivers that know no blocks
		Blocks []block `json:"blocks"`
	}
	block struct {
		Type     string   `json:"type"`
		Text     *mrkdwn  `json:"text,omitempty"`
		Fields   []mrkdwn `json:"fields,omitempty"`
		Elements []any    `json:"elements,omitempty"`
	}
	mrkdwn struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}
	button struct {
		Type string `json:"type"`
		Text mrkdwn `json:"text"`
		URL  string `json:"url"`
	}
)

// Slack's bounds.
const (
	headerMost  = 150
	sectionMost = 3000
	fieldsMost  = 10
)

func slackMessage(n Notice) message {
	m := message{Text: n.Title, Blocks: []block{{Type: "header", Text: &mrkdwn{"plain_text", cut(n.Title, headerMost)}}}}
	if n.Lead != "" {
		m.Blocks = append(m.Blocks, block{Type: "context", Elements: []any{mrkdwn{"mrkdwn", escape(n.Lead)}}})
	}
	// A section has a bound, and a link that is cut in two would show its address: lines stay whole.
	var section strings.Builder
	flush := func() {
		if section.Len() > 0 {
			m.Blocks = append(m.Blocks, block{Type: "section", Text: &mrkdwn{"mrkdwn", strings.TrimSpace(section.String())}})
			section.Reset()
		}
	}
	for i, l := range n.Lines {
		line := fmt.Sprintf("%d. %s\n", i+1, n.slackLine(l))
		if len([]rune(line)) > sectionMost {
			line = cut(escape(fmt.Sprintf("%d. %s", i+1, plain(l))), sectionMost-1) + "\n"
		}
		if len([]rune(section.String()+line)) > sectionMost {
			flush()
		}
		section.WriteString(line)
	}
	flush()
	var fields []mrkdwn
	for _, t := range n.Tiles[:min(len(n.Tiles), fieldsMost)] {
		fields = append(fields, mrkdwn{"mrkdwn", fmt.Sprintf("%s\n*%s*", escape(t.Label), escape(t.Figure.Text))})
	}
	if len(fields) > 0 {
		m.Blocks = append(m.Blocks, block{Type: "section", Fields: fields})
	}
	if n.Link != "" {
		m.Blocks = append(m.Blocks, block{Type: "actions", Elements: []any{button{"button", mrkdwn{"plain_text", n.LinkText}, n.Link}}})
	}
	return m
}

func (n Notice) slackLine(l report.Line) string {
	var b strings.Builder
	for _, s := range l {
		t := escape(s.Text)
		switch href := n.href(s); {
		case t == "":
		case href != "":
			fmt.Fprintf(&b, "<%s|%s>", escape(href), strings.ReplaceAll(t, "|", "¦"))
		case s.Tone == report.ToneStrong && strings.TrimSpace(t) == t:
			// Slack knows the marks only between spaces; the zero-width ones keep Japanese text together.
			fmt.Fprintf(&b, "\u200b*%s*\u200b", t)
		default:
			b.WriteString(t)
		}
	}
	return b.String()
}

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

func cut(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most-1]) + "…"
}
