package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
	"voc/schema/rollup"
)

// clusterRows are posts of many authors in many days beside the rows that fill every table.
func clusterRows() []schema.Row {
	rows := append(rowsOfCommunity("shop", 100), rowsOfCommunity("forum", 200)...)
	days := map[schema.Window]bool{}
	for i := range 400 {
		p := simplePost(fmt.Sprint("post-", i), 1, uint64(1000+i), 1, fmt.Sprint("text ", i))
		p.Community = []string{"shop", "forum", "third"}[i%3]
		p.Day = p.Day.AddDate(0, 0, i%20)
		p.PostedAt, p.OccurredAt = p.PostedAt.AddDate(0, 0, i%20), p.PostedAt.AddDate(0, 0, i%20)
		p.AuthorID, p.AccountID = fmt.Sprint("author-", i%37), fmt.Sprint("account-", i%11)
		p.Sentiment = []string{"positive", "negative", "neutral", "mixed"}[i%4]
		p.Topics = schema.PostTopics{ID: []string{"pricing/plan"}, Sentiment: []string{"negative"}, Score: []float32{-0.5}}
		p.Intents = [][]string{{"request"}, {"question"}, {}}[i%7%3]
		if i > 9 && i%7 == 6 {
			p.ReplyTo = fmt.Sprint("post-", i-9) // of the same community, often in another week
		}
		days[schema.Window{Community: p.Community, Day: p.Day}] = true
		rows = append(rows, p, &schema.OutcomeRow{KafkaTopic: "voc.posts", KafkaPartition: uint32(i % 8), KafkaOffset: uint64(1000 + i), RecordTime: noon, Outcome: schema.OutcomeStored, Community: p.Community, PostID: p.PostID, SourceVersion: 1})
		if i%3 == 0 {
			rows = append(rows, &schema.ActivityRow{Community: p.Community, Day: p.Day, EventID: fmt.Sprint(i), Event: []string{"viewed", "accepted"}[i%2], OccurredAt: noon, PostID: p.PostID, AuthorID: "reader", Count: 2, KafkaTopic: "voc.activity", KafkaOffset: uint64(i)})
		}
		if i%5 == 0 { // an edit and, on another offset, a deletion
			edit := *p
			edit.SourceVersion, edit.KafkaOffset, edit.Body, edit.Deleted = 2, uint64(2000+i), "edited", i%10 == 0
			rows = append(rows, &edit)
		}
	}
	for w := range days {
		rows = append(rows, &w)
	}
	return rows
}

func count(t *testing.T, conn driver.Conn) {
	t.Helper()
	r, err := rollup.New(conn, rollup.Config{LargeWeek: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := r.KeepDays(t.Context(), 0, 0); err != nil || n == 0 {
		t.Fatalf("the keys of %d days were kept: %v", n, err)
	}
	for range 2 { // what became of questions is counted when all else of weeks is published
		if n, err := r.CountWeeks(t.Context(), 0); err != nil || n == 0 {
			t.Fatalf("%d weeks counted: %v", n, err)
		}
		if err := r.PublishWeeks(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := r.KeepLedger(t.Context(), 0, 1000); err != nil || n == 0 {
		t.Fatalf("the ledger of %d days was kept: %v", n, err)
	}
	// A day is counted again, so that it and its week do not stand ready.
	if err := rollup.Mark(t.Context(), conn, []schema.Window{{Community: "shop", Day: simplePost("", 1, 1, 1, "").Day}}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// volatile are the columns that say when something was written.
const volatile = "ingested_at|calculated_at|compared_at|first_seen|registered_at|first_used|replaced_at"

// TestClusterEqualsOneServer writes the same rows to one server and to a cluster of two shards: every view says the same.
// Without one of the shards nothing is told wrong: reading, writing and counting fail, and go on when it is back.
func TestClusterEqualsOneServer(t *testing.T) {
	one, cluster := chtest.Open(t), chtest.OpenCluster(t)
	rows := clusterRows()
	writer := cluster.As(t, engine.Writer)
	for _, conn := range []driver.Conn{one.Conn, writer} {
		for i := 0; i < len(rows); i += 300 { // several blocks, as batches are
			if err := schema.Insert(t.Context(), conn, rows[i:min(len(rows), i+300)]...); err != nil {
				t.Fatal(err)
			}
		}
		count(t, conn)
	}
	reader := cluster.As(t, engine.Reader)
	compare := func() {
		t.Helper()
		for _, view := range schema.Views() {
			query := "SELECT * EXCEPT '^(" + volatile + ")$' FROM " + view + " ORDER BY ALL"
			want, err := chtest.Lines(t.Context(), one.As(t, engine.Reader), query)
			if err != nil {
				t.Fatalf("%s: %v", view, err)
			}
			got, err := chtest.Lines(t.Context(), reader, query)
			if err != nil {
				t.Errorf("%s on the cluster: %v", view, err)
				continue
			}
			if len(want) == 0 && view != "analyzer_revisions" {
				t.Errorf("%s is empty; the test proves nothing about it", view)
			}
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("%s differs: %d rows on the cluster, %d on one server; first on the cluster %s", view, len(got), len(want), append(got, "none")[0])
			}
		}
	}
	compare()
	for i := range 2 {
		for _, table := range []string{"post_facts", "record_outcomes", "day_windows", "post_registry"} {
			var n uint64
			if err := cluster.Shard(t, i).QueryRow(t.Context(), "SELECT count() FROM "+table+"_local").Scan(&n); err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				t.Errorf("shard %d holds no row of %s; nothing is distributed", i+1, table)
			}
		}
	}

	cluster.Stop(t, 1)
	_, err := chtest.Lines(t.Context(), reader, "SELECT count() FROM posts")
	if err == nil || !strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("reading without a shard: error is %v, want one that names the server", err)
	}
	late := simplePost("late", 1, 9000, 1, "late")
	late.Community = "shop"
	again := append([]schema.Row{}, rows[:300]...)
	if err := schema.Insert(t.Context(), writer, append(again, late)...); err == nil {
		t.Error("writing without a shard is acknowledged")
	}
	r, err := rollup.New(writer, rollup.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.RunOnce(t.Context()); err == nil {
		t.Error("counting without a shard succeeds")
	}
	cluster.Start(t, 1)
	for _, conn := range []driver.Conn{one.Conn, writer} {
		if err := schema.Insert(t.Context(), conn, append(again, late)...); err != nil {
			t.Fatal(err)
		}
		count(t, conn)
	}
	compare()
}
