package retag_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"voc/analyze"
	"voc/ingest/event"
	"voc/ingest/mask"
	"voc/ingest/privacy"
	"voc/ingest/process"
	"voc/ingest/retag"
	"voc/ingest/sample"
	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
	"voc/schema/revision"
)

// benchPosts is how many posts the benchmark tags again.
const benchPosts = 50_000

// benchRunes is the least length of a post of the benchmark.
const benchRunes = 90

// sampleRows are posts of the shipped community, repeated with other ids over a year.
func sampleRows(b *testing.B, n int, g *privacy.Guard, tagger process.Tagger, number uint16) []schema.Row {
	b.Helper()
	c, err := sample.New(sample.Config{Seed: 1, End: time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		b.Fatal(err)
	}
	var posts []schema.PostRow
	var res analyze.Result
	var body []string
	for ev := range c.Events() {
		if ev.Topic != sample.TopicPosts || len(posts) == 5000 {
			continue
		}
		e, rejected := event.DecodePost(ev.Value, event.Meta{Time: ev.Time}, event.DefaultLimits())
		if rejected != nil || e.Event == event.Deleted {
			continue
		}
		p := schema.PostRow{
			Community: "bench", SourceVersion: 1, Event: "created", Source: "community", Channel: e.Channel, AuthorID: g.Pseudonym(e.Author.ID), AuthorRole: e.Author.Role,
			ReplyTo: e.ReplyTo, URL: e.URL, AnalyzerRevision: number, KafkaTopic: "voc.posts",
		}
		// Two to three posts of the community make one of the length that the figures are for.
		if body = append(body, e.Body); len([]rune(strings.Join(body, "\n"))) < benchRunes {
			continue
		}
		process.Fill(&p, e.Title, strings.Join(body, "\n"), g, tagger, &res)
		body = body[:0]
		posts = append(posts, p)
	}
	rows := make([]schema.Row, n)
	for i := range rows {
		p := posts[i%len(posts)]
		p.PostID, p.KafkaOffset = fmt.Sprintf("p-%08d", i), uint64(i)
		p.PostedAt = time.Date(2026, 1, 1, i%24, 0, 0, 0, time.UTC).AddDate(0, 0, i%300)
		p.Day, p.OccurredAt = p.PostedAt.Truncate(24*time.Hour), p.PostedAt
		rows[i] = &p
	}
	return rows
}

// BenchmarkRetag tags posts of the shipped community again, with the real analyzer and masker.
func BenchmarkRetag(b *testing.B) {
	db := chtest.Open(b)
	conn := db.As(b, engine.Writer)
	an, err := analyze.New(analyze.Config{})
	if err != nil {
		b.Fatal(err)
	}
	m, err := mask.New(mask.Config{Key: mask.Key("a secret key of the tests")}, mask.NewDictionaryNames(an.Tokenizer()))
	if err != nil {
		b.Fatal(err)
	}
	g, err := privacy.NewWithMasker([]byte("a secret key of the tests"), m, nil)
	if err != nil {
		b.Fatal(err)
	}
	old, err := revision.Register(b.Context(), conn, "before+masker", "test", "")
	if err != nil {
		b.Fatal(err)
	}
	rows := sampleRows(b, benchPosts, g, an.NewWorker(), old)
	for at := 0; at < len(rows); at += 20_000 {
		if err := schema.Insert(b.Context(), conn, rows[at:min(len(rows), at+20_000)]...); err != nil {
			b.Fatal(err)
		}
	}
	runes := 0
	for _, r := range rows {
		p, ok := r.(*schema.PostRow)
		if !ok {
			b.Fatal("no post")
		}
		runes += len([]rune(p.Body))
	}
	for i := 0; b.Loop(); i++ {
		hash := fmt.Sprint("after ", i, "+masker")
		number, err := revision.Activate(b.Context(), conn, hash, "test", "")
		if err != nil {
			b.Fatal(err)
		}
		r, err := retag.New(retag.Config{}, retag.Deps{
			Conn: conn, NewTagger: func() process.Tagger { return an.NewWorker() }, Masker: g, Masked: "+masker", Keys: g.ErasureKeys(), Hash: hash, Revision: number,
		})
		if err != nil {
			b.Fatal(err)
		}
		s, err := r.Run(b.Context(), nil)
		if err != nil || s.Posts != benchPosts {
			b.Fatalf("%+v: %v", s, err)
		}
		b.ReportMetric(float64(s.Posts)/s.Took.Seconds(), "posts/s")
		b.ReportMetric(1e6/float64(s.Posts)*s.Took.Minutes(), "min/1M")
	}
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	b.ReportMetric(float64(mem.Sys)/(1<<20), "MiB")
	b.Logf("%d characters a post on average; %s", runes/benchPosts, strings.TrimSpace(runtime.Version()))
}
