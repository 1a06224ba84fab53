package main

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/segmentio/kafka-go"

	"voc/ingest/sample"
	"voc/schema"
	"voc/schema/rollup"
)

const (
	// large is the community whose posts are read; the sample's own stay beside it.
	large = "bench"
	// rounds is how often the sample's life passes through the pipeline, each time under other names and with other texts.
	rounds = 4
	// lifeWeeks is how long the sample's life lasts. Its copies are laid over one year, which ends with it.
	lifeWeeks, yearWeeks = 104, 52
	// medianRunes and spread are those of the log-normal lengths of posts; the mean is about 100 characters.
	medianRunes, spread = 75.0, 0.75
)

// lifeEnd is the end of the sample's life, and lastWeek the Monday of its last week.
func lifeEnd() time.Time  { return time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC) }
func lastWeek() time.Time { return lifeEnd().AddDate(0, 0, -7) }

// populate fills the tables with the posts of the community large. A hundred thousand different ones go through the
// real pipeline. The others are their copies under other ids, by other authors, in other weeks, so that the texts of a
// week differ, and so do those of a day, which are compressed together. One in twelve of the posts about prices is moved
// into the last week, that there is something to report. What is there already grows to the number of posts.
func (b *bench) populate(ctx context.Context) error {
	began := time.Now()
	var base, have uint64
	if err := b.conn.QueryRow(ctx, "SELECT countIf(community != {large:String}), countIf(community = {large:String}) FROM posts", clickhouse.Named("large", large)).Scan(&base, &have); err != nil {
		return err
	}
	if base == 0 {
		if err := b.live(ctx); err != nil {
			return err
		}
		if err := b.conn.QueryRow(ctx, "SELECT count() FROM posts").Scan(&base); err != nil {
			return err
		}
		fmt.Printf("%d posts through the pipeline in %s\n", base, time.Since(began).Round(time.Second))
	}
	per := func(n int) int { return (n + int(base)/2) / int(base) } // copies for n posts
	first, copies := per(int(have)), max(1, per(b.posts))
	with := func(from, n int) context.Context {
		return clickhouse.Context(ctx, clickhouse.WithParameters(clickhouse.Parameters{
			"from": strconv.Itoa(from), "n": strconv.Itoa(n), "copies": strconv.Itoa(copies), "large": large,
			"first": lifeEnd().AddDate(0, 0, -7*lifeWeeks).Format(time.DateOnly), "year": lifeEnd().AddDate(0, 0, -7*yearWeeks).Format(time.DateOnly),
			"last": lastWeek().Format(time.DateOnly),
		}), clickhouse.WithSettings(schema.InsertSettings()))
	}
	if first == 0 {
		if err := b.statements(with(0, 0), "begin.sql"); err != nil {
			return err
		}
	}
	const atOnce = 4 // copies a statement, so that the server answers in time
	for from := first; from < copies; from += atOnce {
		if err := b.statements(with(from, min(atOnce, copies-from)), "multiply.sql"); err != nil {
			return err
		}
	}
	if first < copies {
		fmt.Printf("copies %d to %d in %s\n", first+1, copies, time.Since(began).Round(time.Second))
		if err := b.statements(with(first, copies-first), "finish.sql"); err != nil {
			return err
		}
	}
	if err := b.count(ctx); err != nil {
		return err
	}
	fmt.Printf("the tables were filled in %s; load %s\n", time.Since(began).Round(time.Second), load())
	return nil
}

// count counts the windows and weeks that wait for it, and brings the parts of the months that are over together, as the
// server does by itself a quarter of an hour after the last row.
func (b *bench) count(ctx context.Context) error {
	r, err := rollup.New(b.conn, rollup.Config{Chunk: 16})
	if err != nil {
		return err
	}
	s, err := r.RunOnce(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	days, err := r.KeepDays(ctx, 0, 0)
	if err != nil {
		return err
	}
	fmt.Printf("keys of %d days kept in %s\n", days, time.Since(began).Round(time.Second))
	if err := r.KeepOffsets(ctx); err != nil {
		return err
	}
	began = time.Now()
	var weeks [2]int
	for i := range weeks { // what became of questions is counted when all else of weeks is published
		if weeks[i], err = r.CountWeeks(ctx, 0); err != nil {
			return err
		}
		if err := r.PublishWeeks(ctx, 0); err != nil {
			return err
		}
	}
	fmt.Printf("%d windows counted in %s, %d and %d weeks in %s\n", s.Windows, s.Took.Round(time.Second), weeks[0], weeks[1], time.Since(began).Round(time.Second))
	began = time.Now()
	if days, err = r.KeepLedger(ctx, 0, math.MaxInt); err != nil {
		return err
	}
	fmt.Printf("the ledger of %d days kept in %s\n", days, time.Since(began).Round(time.Second))
	if err := b.settle(ctx); err != nil {
		return err
	}
	began = time.Now()
	for _, table := range []string{"post_facts", "activity_facts"} {
		var months []string
		if err := b.conn.QueryRow(ctx, "SELECT groupArray(partition) FROM (SELECT partition FROM system.parts WHERE active AND database = currentDatabase() AND table = {table:String} AND partition < {last:String} GROUP BY partition HAVING count() > 1)",
			clickhouse.Named("table", table), clickhouse.Named("last", lastWeek().Format("200601"))).Scan(&months); err != nil {
			return err
		}
		for _, month := range months {
			if err := b.conn.Exec(ctx, "OPTIMIZE TABLE "+table+" PARTITION "+month+" FINAL"); err != nil {
				return err
			}
		}
	}
	fmt.Printf("months brought together in %s\n", time.Since(began).Round(time.Second))
	return nil
}

// settle waits until the server merges nothing any more.
func (b *bench) settle(ctx context.Context) error {
	for quiet := 0; quiet < 3; {
		var merges uint64
		if err := b.conn.QueryRow(ctx, "SELECT count() FROM system.merges").Scan(&merges); err != nil {
			return err
		}
		if merges == 0 {
			quiet++
		} else {
			quiet = 0
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
	return nil
}

// live sends the sample's life through Kafka and the pipeline.
func (b *bench) live(ctx context.Context) error {
	c, err := sample.New(sample.Config{Seed: 1, Weeks: lifeWeeks, End: lifeEnd()})
	if err != nil {
		return err
	}
	var bodies []string
	for e := range c.Events() {
		var p struct{ Body string }
		if e.Topic == sample.TopicPosts && json.Unmarshal(e.Value, &p) == nil && p.Body != "" {
			bodies = append(bodies, p.Body)
		}
	}
	_, stopVoc, err := b.startVoc(ctx)
	if err != nil {
		return err
	}
	defer stopVoc()
	w := b.writer()
	w.Topic = "" // each message names its own
	defer w.Close()
	sent := 0
	for round := range rounds {
		var batch []kafka.Message
		for e := range c.Events() {
			m, err := again(e, round, bodies)
			if err != nil {
				return err
			}
			if m.Value == nil {
				continue
			}
			batch = append(batch, m)
			if len(batch) == 5000 {
				if err := w.WriteMessages(ctx, batch...); err != nil {
					return err
				}
				sent += len(batch)
				batch = batch[:0]
			}
		}
		if err := w.WriteMessages(ctx, batch...); err != nil {
			return err
		}
		sent += len(batch)
	}
	for deadline := time.Now().Add(20 * time.Minute); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		var read uint64
		if err := b.conn.QueryRow(ctx, "SELECT uniqExact(kafka_topic, kafka_partition, kafka_offset) FROM record_outcomes").Scan(&read); err != nil {
			return err
		}
		if read >= uint64(sent) {
			return nil
		}
	}
	return fmt.Errorf("not all of %d messages were read in 20 minutes", sent)
}

// again is an event of the sample's life as it comes in a round. The accounts come in the first one only.
func again(e sample.Event, round int, bodies []string) (kafka.Message, error) {
	if e.Topic == sample.TopicAccounts {
		if round > 0 {
			return kafka.Message{}, nil
		}
		return kafka.Message{Topic: e.Topic, Key: e.Key, Value: e.Value, Time: e.Time}, nil
	}
	d := json.NewDecoder(bytes.NewReader(e.Value))
	d.UseNumber() // versions have more digits than a float
	var v map[string]any
	if err := d.Decode(&v); err != nil {
		return kafka.Message{}, err
	}
	rename := func(m map[string]any, keys ...string) {
		for _, k := range keys {
			if s, ok := m[k].(string); ok && s != "" {
				m[k] = fmt.Sprintf("%s-%d", s, round)
			}
		}
	}
	rename(v, "post_id", "thread_id", "reply_to", "event_id", "response_id", "invited_by")
	if a, ok := v["author"].(map[string]any); ok {
		rename(a, "id")
	}
	if body, ok := v["body"].(string); ok {
		v["body"] = lengthen(body, fmt.Sprint(v["post_id"]), bodies)
	}
	value, err := json.Marshal(v)
	return kafka.Message{Topic: e.Topic, Key: fmt.Appendf(nil, "%s-%d", e.Key, round), Value: value, Time: e.Time}, err
}

// lengthen appends other posts to a text until it is as long as the post's id says. An edited post grows as before.
func lengthen(body, id string, bodies []string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // it never fails
	r := rand.New(rand.NewPCG(h.Sum64(), 1))
	want := int(medianRunes * math.Exp(spread*r.NormFloat64()))
	for utf8.RuneCountInString(body) < want {
		body += "\n" + bodies[r.IntN(len(bodies))]
	}
	return body
}

//go:embed sql/*.sql
var statementFiles embed.FS

// statements runs those of a file of the folder sql.
func (b *bench) statements(ctx context.Context, file string) error {
	text, err := statementFiles.ReadFile("sql/" + file)
	if err != nil {
		return err
	}
	if err := b.runAll(ctx, string(text)); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// runAll runs statements, each of which ends with a semicolon at the end of a line.
func (b *bench) runAll(ctx context.Context, statements string) error {
	for s := range strings.SplitSeq(statements, ";\n") {
		if strings.TrimSpace(s) == "" {
			continue
		}
		if err := b.conn.Exec(ctx, s); err != nil {
			return err
		}
	}
	return nil
}
