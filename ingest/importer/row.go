package importer

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"golang.org/x/text/unicode/norm"

	"voc/ingest/event"
)

// Row is one post that a file gave: the event and the message that carries it.
type Row struct {
	Line  int
	Post  event.Post
	Key   []byte
	Value []byte
}

// RowError says what is wrong with a row. Such a row produces nothing.
type RowError struct {
	Line   int
	Column string // empty when the whole row is at fault
	Field  string // event field the column fills
	Reason string // short and of a closed set; the key of Stats.Skipped
	Detail string // what is wrong and what would be right
}

// Error makes a RowError usable as an error.
func (e *RowError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "line %d", e.Line)
	if e.Column != "" {
		fmt.Fprintf(&b, ", column %s", e.Column)
	}
	if e.Field != "" && e.Field != e.Column {
		fmt.Fprintf(&b, " (%s)", e.Field)
	}
	b.WriteString(": ")
	b.WriteString(e.Detail)
	return b.String()
}

// builder turns the values of a row into an event. It is used by one goroutine.
type builder struct {
	cfg   Config
	times *timeParser
	seen  map[[8]byte]uint32 // how often a row or an id came up; about 30 bytes a row
}

func newBuilder(cfg Config) *builder {
	return &builder{cfg: cfg, times: newTimeParser(cfg.TimeLayouts, cfg.Zone), seen: map[[8]byte]uint32{}}
}

// value is one column of a row.
type value struct {
	column, field, text string
}

// blank says whether a row holds nothing at all.
func blank(vs []value) bool {
	for _, v := range vs {
		if strings.TrimSpace(v.text) != "" {
			return false
		}
	}
	return true
}

// build makes the event of row number n (from 1). repeated says that the file named the post before.
func (b *builder) build(lineNo, n int, vs []value) (row Row, repeated bool, fault *RowError) {
	var p event.Post
	filled := map[string]string{} // field -> column
	for _, v := range vs {
		if v.field == "" || (strings.TrimSpace(v.text) == "" && v.field != "body") {
			continue
		}
		filled[v.field] = v.column
		if err := b.set(&p, v.field, v.text); err != nil {
			return Row{}, false, &RowError{Line: lineNo, Column: v.column, Field: v.field, Reason: "bad_value", Detail: err.Error()}
		}
	}
	for field, text := range b.cfg.Defaults {
		if _, ok := filled[field]; ok && (field != "body" || p.Body != "") {
			continue
		}
		if err := b.set(&p, field, text); err != nil {
			return Row{}, false, &RowError{Line: lineNo, Field: field, Reason: "bad_value", Detail: "the default: " + err.Error()}
		}
	}
	if p.PostedAt.IsZero() && p.Event != event.Deleted {
		t, ok := b.cfg.PostedAt.at(n)
		if !ok {
			return Row{}, false, &RowError{Line: lineNo, Column: filled["posted_at"], Field: "posted_at", Reason: "no_time",
				Detail: "the row has no time; map a column to posted_at, or say where the time comes from with posted-at (now or spread:90d)"}
		}
		p.PostedAt = t
	}
	if p.PostID == "" {
		p.PostID = b.id(vs)
	} else {
		repeated = b.count([]byte(p.Community+"\x00"+p.PostID)) > 1
	}
	raw, err := json.Marshal(wire(p), json.Deterministic(true))
	if err != nil {
		return Row{}, false, &RowError{Line: lineNo, Reason: "invalid_utf8", Detail: "the row holds bytes that are not UTF-8; give the encoding of the file"}
	}
	checked, r := event.DecodePost(raw, event.Meta{}, b.cfg.Limits)
	if r != nil {
		return Row{}, false, &RowError{Line: lineNo, Column: filled[r.Field], Field: r.Field, Reason: string(r.Reason), Detail: r.Detail}
	}
	return Row{Line: lineNo, Post: checked, Key: []byte(p.PostID), Value: raw}, repeated, nil
}

// wirePost is what is sent: like event.Post, but a field without a value is left out, and the body never is.
type wirePost struct {
	PostID     string            `json:"post_id"`
	Event      event.Kind        `json:"event,omitempty"`
	Version    *uint64           `json:"version,omitzero"`
	OccurredAt time.Time         `json:"occurred_at,omitzero"`
	PostedAt   time.Time         `json:"posted_at,omitzero"`
	Title      string            `json:"title,omitempty"`
	Body       string            `json:"body"`
	Community  string            `json:"community,omitempty"`
	Source     string            `json:"source,omitempty"`
	Channel    string            `json:"channel,omitempty"`
	ThreadID   string            `json:"thread_id,omitempty"`
	ReplyTo    string            `json:"reply_to,omitempty"`
	URL        string            `json:"url,omitempty"`
	Rating     float64           `json:"rating,omitzero"`
	Views      uint64            `json:"views,omitzero"`
	Reactions  map[string]uint64 `json:"reactions,omitempty"`
	Accepted   bool              `json:"accepted,omitzero"`
	Author     event.Author      `json:"author,omitzero"`
	Attributes map[string]string `json:"attributes,omitempty"`
}

func wire(p event.Post) wirePost {
	return wirePost{
		PostID: p.PostID, Event: p.Event, Version: p.Version, OccurredAt: p.OccurredAt, PostedAt: p.PostedAt, Title: p.Title,
		Body: p.Body, Community: p.Community, Source: p.Source, Channel: p.Channel, ThreadID: p.ThreadID, ReplyTo: p.ReplyTo,
		URL: p.URL, Rating: p.Rating, Views: p.Views, Reactions: p.Reactions, Accepted: p.Accepted, Author: p.Author, Attributes: p.Attributes,
	}
}

// id makes the id of a row that brings none from what the row says, so that the same file gives the same ids
// wherever it is read. Equal rows of one file are told apart by their order.
func (b *builder) id(vs []value) string {
	h := sha256.New()
	for _, v := range vs {
		for _, s := range []string{v.column, v.text} {
			h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(s))))
			h.Write([]byte(s))
		}
	}
	sum := h.Sum(nil)
	if n := b.count(sum); n > 1 {
		sum = binary.BigEndian.AppendUint32(sum, n)
		again := sha256.Sum256(sum)
		sum = again[:]
	}
	return b.cfg.IDPrefix + hex.EncodeToString(sum[:12])
}

// count says how often b was counted, this time included.
func (b *builder) count(key []byte) uint32 {
	sum := sha256.Sum256(key)
	k := [8]byte(sum[:8])
	b.seen[k]++
	return b.seen[k]
}

// set puts a column's text into a field.
func (b *builder) set(p *event.Post, field, text string) error {
	if name, ok := strings.CutPrefix(field, "attributes."); ok {
		if p.Attributes == nil {
			p.Attributes = map[string]string{}
		}
		p.Attributes[name] = strings.TrimSpace(text)
		return nil
	}
	if kind, ok := strings.CutPrefix(field, "reactions."); ok {
		n, err := whole(text)
		if err != nil {
			return err
		}
		if p.Reactions == nil {
			p.Reactions = map[string]uint64{}
		}
		p.Reactions[kind] = n
		return nil
	}
	s := strings.TrimSpace(text)
	var err error
	switch field {
	case "post_id":
		p.PostID = s
	case "event":
		p.Event = event.Kind(strings.ToLower(s))
	case "version":
		var n uint64
		if n, err = whole(s); err == nil {
			p.Version = &n
		}
	case "occurred_at":
		p.OccurredAt, err = b.times.parse(s)
	case "posted_at":
		p.PostedAt, err = b.times.parse(s)
	case "title":
		p.Title = s
	case "body":
		p.Body = text
	case "community":
		p.Community = s
	case "source":
		p.Source = s
	case "channel":
		p.Channel = s
	case "thread_id":
		p.ThreadID = s
	case "reply_to":
		p.ReplyTo = s
	case "url":
		p.URL = s
	case "rating":
		p.Rating, err = stars(s)
	case "views":
		p.Views, err = whole(s)
	case "accepted":
		p.Accepted, err = yes(s)
	case "author.id":
		p.Author.ID = s
	case "author.role":
		p.Author.Role, err = role(s)
	case "author.account_id":
		p.Author.AccountID = s
	case "author.level":
		p.Author.Level = s
	default:
		err = fmt.Errorf("there is no event field %q", field)
	}
	return err
}

// whole reads a whole number as people write it: 1,234 or １２３４ or 12.0.
func whole(s string) (uint64, error) {
	t := strings.ReplaceAll(strings.TrimSpace(norm.NFKC.String(s)), ",", "")
	if n, err := strconv.ParseUint(t, 10, 64); err == nil {
		return n, nil
	}
	if f, err := strconv.ParseFloat(t, 64); err == nil && f >= 0 && f == math.Trunc(f) && f <= 1<<53 {
		return uint64(f), nil
	}
	return 0, fmt.Errorf("%q must be a whole number of 0 or more", short(s))
}

// stars reads a rating: 4, 4.5, ★★★★☆, 星4つ.
func stars(s string) (float64, error) {
	t := strings.TrimSpace(norm.NFKC.String(s))
	if n := strings.Count(t, "★"); n > 0 && strings.Trim(t, "★☆ ") == "" {
		return float64(n), nil
	}
	t = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(t, "★"), "星"), "つ"), "点"))
	f, err := strconv.ParseFloat(t, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, fmt.Errorf("%q must be a number of stars from 1 to 5", short(s))
	}
	return f, nil
}

func yes(s string) (bool, error) {
	switch strings.ToLower(norm.NFKC.String(s)) {
	case "true", "t", "1", "yes", "y", "はい", "○", "〇", "有", "済", "解決済み":
		return true, nil
	case "false", "f", "0", "no", "n", "いいえ", "×", "無", "未", "未解決":
		return false, nil
	}
	return false, fmt.Errorf("%q must be true or false", short(s))
}

func role(s string) (string, error) {
	switch r := strings.ToLower(norm.NFKC.String(s)); r {
	case "member", "leader", "staff", "partner", "outsider":
		return r, nil
	case "会員", "メンバー", "ユーザー", "顧客", "お客様":
		return "member", nil
	case "リーダー", "アンバサダー":
		return "leader", nil
	case "運営", "スタッフ", "社員", "担当者", "事務局":
		return "staff", nil
	case "パートナー", "代理店":
		return "partner", nil
	case "外部", "ゲスト", "非会員":
		return "outsider", nil
	}
	return "", errors.New(strconv.Quote(short(s)) + " must be member, leader, staff, partner or outsider")
}
