package alerts_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"voc/dashboards/alerts"
	"voc/dashboards/dashtest"
	"voc/dashboards/delivery"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
)

func TestMain(m *testing.M) { chtest.Main(m) }

// live is a community that somebody watches under a clock.
type live struct {
	t      *testing.T
	db     *chtest.DB
	judge  *alerts.Judge
	names  *wording.Names
	ledger string
	now    time.Time
	sent   []string // all texts that reached the webhook
	hook   *httptest.Server
}

func watch(t *testing.T, db *chtest.DB) *live {
	t.Helper()
	names, err := wording.Default(db.Calendar.Zone())
	if err != nil {
		t.Fatal(err)
	}
	j, err := alerts.New(db.As(t, engine.Reader), names.Zone(), alerts.Config{})
	if err != nil {
		t.Fatal(err)
	}
	l := &live{t: t, db: db, judge: j, names: names, ledger: filepath.Join(t.TempDir(), "ledger")}
	l.hook = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var m struct {
			Text   string
			Blocks []struct{ Text struct{ Text string } }
		}
		if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
			t.Error(err)
		}
		text := m.Text
		for _, b := range m.Blocks {
			text += "\n" + b.Text.Text
		}
		l.sent = append(l.sent, text)
	}))
	t.Cleanup(l.hook.Close)
	return l
}

// run watches from a moment to another in steps of five minutes; every call is a new process on the same ledger.
func (l *live) run(from, to time.Time) {
	l.t.Helper()
	ledger, err := delivery.OpenLedger(l.ledger)
	if err != nil {
		l.t.Fatal(err)
	}
	defer ledger.Close()
	l.now = from
	clock := func() time.Time { return l.now }
	log := slog.New(slog.DiscardHandler)
	w := &alerts.Watcher{
		Open:    func(context.Context) (*alerts.Judge, func(), error) { return l.judge, func() {}, nil },
		Courier: &delivery.Courier{Targets: []delivery.Target{delivery.NewWebhook(l.hook.URL)}, Ledger: ledger, Log: log, Now: clock},
		Names:   l.names, BaseURL: "https://voc.example.jp", Communities: []string{dashtest.Community}, Interval: 5 * time.Minute, Log: log, Now: clock,
	}
	for ; !l.now.After(to); l.now = l.now.Add(w.Interval) {
		if err := w.Round(l.t.Context()); err != nil {
			l.t.Fatal(err)
		}
	}
}

// burst writes so many posts about search, of so many people, spread over three hours.
func burst(t *testing.T, db *chtest.DB, begin time.Time, posts, people int, name string) {
	t.Helper()
	says := []string{"%s窓口の検索が朝から遅いです。", "%sの支店でも絞り込みに30秒かかります。", "%s、一覧を開くたびに固まって仕事になりません。", "%sの端末では検索の結果が返ってきません。", "%s、昨日まで普通だったのに探せなくなりました。"}
	var rows []schema.Row
	for i := range posts {
		at := begin.Add(time.Duration(i) * 3 * time.Hour / time.Duration(posts))
		row := post(db, dashtest.Community, fmt.Sprintf("%s-%03d", name, i), fmt.Sprintf("%s-author-%d", name, i%people), at)
		row.Body = fmt.Sprintf(says[i%len(says)], fmt.Sprint(i+1))
		row.Sentiment, row.Score = "negative", -0.6
		row.Topics = schema.PostTopics{ID: []string{"search"}, Sentiment: []string{"negative"}, Score: []float32{-0.6}}
		row.Signals = schema.PostSignals{Kind: []string{"opinion_unit"}, Value: []string{"検索→遅い"}}
		rows = append(rows, row, &schema.Window{Community: dashtest.Community, Day: row.Day})
	}
	db.Insert(t, rows...)
	dashtest.Count(t, db)
}

// post is a post that says nothing in particular.
func post(db *chtest.DB, community, id, author string, at time.Time) *schema.PostRow {
	return &schema.PostRow{
		Community: community, PostID: id, SourceVersion: 2, Day: db.Calendar.Day(at), PostedAt: at, OccurredAt: at, Event: "created", Source: "community", Channel: "雑談",
		ThreadID: id, AuthorID: author, AuthorRole: "member", Body: "こんにちは。", Sentiment: "neutral", AnalyzerRevision: 1,
		Reactions: map[string]uint64{}, Attributes: map[string]string{},
	}
}

func TestLive(t *testing.T) {
	db := chtest.Open(t)
	dashtest.Fill(t, db, 1)
	w := dashtest.Week()
	day := func(n, hour int) time.Time { // of the last week, whose posts end on its Sunday
		return time.Date(w.Year(), w.Month(), w.Day()+n, hour, 0, 0, 0, db.Calendar.Zone())
	}

	t.Run("a burst of many people is told once, soon, with opinions and voices", func(t *testing.T) {
		begin := day(1, 13)
		burst(t, db, begin, 30, 20, "many")
		l := watch(t, db)
		// Twelve posts in three hours are clear by any measure; five minutes later it is told.
		l.run(begin, begin.Add(80*time.Minute))
		if len(l.sent) != 1 {
			t.Fatalf("%d messages after 80 minutes: %q", len(l.sent), l.sent)
		}
		for _, want := range []string{"【急増】検索", "「検索→遅い」", "https://voc.example.jp/posts?", "「検索→遅い」8人"} {
			if !strings.Contains(l.sent[0], want) {
				t.Errorf("the message lacks %q:\n%s", want, l.sent[0])
			}
		}
		if voices := strings.Count(l.sent[0], "メンバー)"); voices != 3 {
			t.Errorf("the message has %d voices:\n%s", voices, l.sent[0])
		}
		// A restart and the rest of the burst add nothing.
		l.run(begin.Add(80*time.Minute), begin.Add(4*time.Hour))
		if len(l.sent) != 1 {
			t.Errorf("in the end there are %d messages: %q", len(l.sent), l.sent[1:])
		}
	})
	t.Run("thirty posts of one person wake nobody", func(t *testing.T) {
		begin := day(0, 13)
		burst(t, db, begin, 30, 1, "one")
		l := watch(t, db)
		l.run(begin.Add(time.Hour), begin.Add(3*time.Hour+30*time.Minute))
		if len(l.sent) != 0 {
			t.Errorf("somebody was woken: %q", l.sent)
		}
		entries, err := delivery.ReadLedger(l.ledger)
		if err != nil || len(entries) != 1 || !strings.HasPrefix(entries[0].Notice, "alert/"+dashtest.Community+"/note/search/") {
			t.Errorf("the ledger has %+v, %v; want one note", entries, err)
		}
		list, err := l.judge.Rehearse(t.Context(), dashtest.Community, begin, begin.Add(4*time.Hour), time.Hour)
		if err != nil || len(list) != 1 || list[0].Kind != stats.Note || list[0].Top.Hits < 10 {
			t.Errorf("the rehearsal says %+v, %v", list, err)
		}
	})
	t.Run("when nothing arrives, the pipe is told of, not the community", func(t *testing.T) {
		l := watch(t, db)
		l.run(day(8, 9), day(8, 10))
		l.run(day(8, 10), day(8, 11))
		if len(l.sent) != 1 || !strings.Contains(l.sent[0], "【取り込みの停止】") {
			t.Errorf("got %q; want one message about the pipe", l.sent)
		}
		list, err := l.judge.Rehearse(t.Context(), dashtest.Community, day(8, 12), day(9, 12), time.Hour)
		if err != nil || len(list) != 0 {
			t.Errorf("the rehearsal tells of silence: %+v, %v", list, err)
		}
		a, err := l.judge.Arrivals(t.Context(), dashtest.Community, day(4, 15))
		if err != nil || a.Stopped || !a.Enough {
			t.Errorf("on a Friday it says %+v, %v", a, err)
		}
	})
}

func TestQuietWeekNamesItsCause(t *testing.T) {
	db := chtest.Open(t)
	week := dashtest.Week()
	start := time.Date(week.Year(), week.Month(), week.Day(), 9, 0, 0, 0, db.Calendar.Zone())
	fill := func(community string, lastReplies, lastPitches int) {
		var rows []schema.Row
		for back := 7; back >= 0; back-- {
			replies, pitches := 10, 0
			threads := 8
			if back == 0 {
				replies, pitches = lastReplies, lastPitches
				if lastPitches > 0 {
					threads = 4
				}
			}
			for d := range 7 {
				at := start.AddDate(0, 0, -7*back+d)
				write := func(kind string, n, people int, change func(*schema.PostRow)) {
					for i := range n {
						row := post(db, community, fmt.Sprintf("%s-%d-%d-%s-%d", community, back, d, kind, i), fmt.Sprintf("%s%d", kind, (d+i)%people), at.Add(time.Duration(i)*time.Minute))
						change(row)
						rows = append(rows, row, &schema.Window{Community: community, Day: row.Day})
					}
				}
				write("thread", threads, 20, func(*schema.PostRow) {})
				write("reply", replies, 12, func(r *schema.PostRow) { r.ReplyTo = "x" })
				write("pitch", pitches, 5, func(r *schema.PostRow) { r.Intents = []string{"promotion"} })
			}
		}
		db.Insert(t, rows...)
	}
	fill("repliers", 3, 0)
	fill("pitches", 8, 6)
	fill("usual", 10, 0)
	dashtest.Count(t, db)
	l := watch(t, db)
	for community, want := range map[string]string{"repliers": "メンバーの返信が70%減った(21件、通常は70.0件)", "pitches": "宣伝・迷惑投稿が0件から42件に増えた"} {
		q, err := l.judge.Quiet(t.Context(), community, week, 7)
		if err != nil || !q.Quiet || len(q.Causes) == 0 || q.Causes[0].Text() != want {
			t.Errorf("%s: quiet %v, causes %+v, %v; want %s first", community, q.Quiet, q.Causes, err, want)
		}
	}
	if q, err := l.judge.Quiet(t.Context(), "usual", week, 7); err != nil || q.Quiet || !q.Enough || len(q.Causes) != 0 {
		t.Errorf("a usual week is called %+v, %v", q, err)
	}
	// On a Wednesday the first two days are compared with the first two days.
	if q, err := l.judge.QuietAt(t.Context(), "usual", start.AddDate(0, 0, 2)); err != nil || q.Quiet || q.Posts.Now != 36 {
		t.Errorf("on Wednesday it says %+v, %v", q, err)
	}
}
