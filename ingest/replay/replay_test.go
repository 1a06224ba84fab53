package replay_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"voc/ingest/deadletter"
	"voc/ingest/event"
	"voc/ingest/pipetest"
	"voc/ingest/replay"
	"voc/schema/engine"
)

func TestMain(m *testing.M) { pipetest.Main(m) }

// export reads the dead-letter topic into JSON Lines.
func export(t *testing.T, e *pipetest.Env, f replay.Filter) []string {
	t.Helper()
	r, err := replay.NewReader(e.Config.Kafka, e.Config.DeadLetter.Topic)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var b bytes.Buffer
	var last, total int64
	err = r.Read(t.Context(), f, func(d, n int64) { last, total = d, n }, func(l replay.Letter) error { return replay.Write(&b, l) })
	if err != nil {
		t.Fatal(err)
	}
	if last != total {
		t.Errorf("the progress ends at %d of %d", last, total)
	}
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	slices.Sort(lines)
	return slices.DeleteFunc(lines, func(s string) bool { return s == "" })
}

// feed sends lines and returns how many were sent and the errors of the others.
func feed(t *testing.T, e *pipetest.Env, change func(*replay.Config), lines ...string) (sent int, refused []error) {
	t.Helper()
	topics := e.Config.Topics
	cfg := replay.Config{Kafka: e.Config.Kafka, Limits: event.DefaultLimits(),
		Topics: replay.Topics{Posts: topics.Posts, Activity: topics.Activity, Accounts: topics.Accounts, Surveys: topics.Surveys}}
	if change != nil {
		change(&cfg)
	}
	f, err := replay.NewFeeder(cfg, e.DB.As(t, engine.Writer))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var letters []replay.Letter
	for _, s := range lines {
		l, err := replay.ParseLine([]byte(s))
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		letters = append(letters, l)
	}
	verdicts, err := f.Feed(t.Context(), letters, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range verdicts {
		if v.Sent {
			sent++
		} else {
			refused = append(refused, v.Err)
		}
	}
	return sent, refused
}

// Refused messages are exported, some are repaired and sent again: the counts rise by exactly those, and the ledger
// and the dead letters say what happened.
func TestRepairedLettersAreCountedOnce(t *testing.T) {
	e := pipetest.New(t, 2)
	posts := e.Config.Topics.Posts
	const ok = `"posted_at":"2026-11-16T09:00:00+09:00","body":"高い`
	e.Produce(posts, 0,
		"a\t"+`{"post_id":"a",`+ok+`","rating":9}`,
		pipetest.Post("good", 1, "created", "2026-11-16T09:00:00+09:00", "u", "ふつう"),
		"b\t"+`{"post_id":"b",`+ok+`"`,
		"c\t"+`{"post_id":"c","posted_at":"昨日","body":"遅い"}`,
	)
	e.Produce(posts, 1, "\xff\t"+`{"post_id":"d",`+ok+"\xfe\"}", "e\t{}")
	_, stop := e.Run()
	e.Settled(posts, 0, 4)
	e.Settled(posts, 1, 2)
	e.Want("SELECT count() FROM posts", "(1)")
	e.Want("SELECT state, count() FROM dead_letters GROUP BY state", "('open',5)")

	lines := export(t, e, replay.Filter{Partition: replay.NoPartition})
	if len(lines) != 5 {
		t.Fatalf("%d letters were exported: %q", len(lines), lines)
	}
	if got := export(t, e, replay.Filter{Partition: replay.NoPartition, Reasons: []string{"invalid_time"}}); len(got) != 1 || !strings.Contains(got[0], `昨日`) {
		t.Errorf("of reason invalid_time there are %q", got)
	}
	if got := export(t, e, replay.Filter{Topic: posts, Partition: 0, From: 1, To: 2}); len(got) != 1 || !strings.Contains(got[0], `"offset":2`) {
		t.Errorf("of the offsets 1 to 2 there are %q", got)
	}
	if got := export(t, e, replay.Filter{Partition: replay.NoPartition, Since: time.Now().Add(time.Hour)}); len(got) != 0 {
		t.Errorf("of the future there are %q", got)
	}

	// Nothing is sent that would be refused again.
	if sent, refused := feed(t, e, nil, lines...); sent != 0 || len(refused) != 5 {
		t.Errorf("unrepaired, %d letters were sent and %v refused", sent, refused)
	}
	var repaired []string
	for _, l := range lines {
		switch {
		case strings.Contains(l, `\"rating\":9`):
			repaired = append(repaired, strings.Replace(l, `\"rating\":9`, `\"rating\":5`, 1))
		case strings.Contains(l, `昨日`):
			repaired = append(repaired, strings.Replace(l, `昨日`, `2026-11-15T09:00:00+09:00`, 1))
		case strings.Contains(l, `"value_base64"`):
			// The value as an object, and a key that goes to another partition.
			i := strings.Index(l, `"value":null`)
			l = l[:i] + `"value":{"post_id":"d", ` + ok + `"}` + l[i+len(`"value":null`):]
			l = strings.Replace(l, `"key":null`, `"key":"d"`, 1)
			repaired = append(repaired, l)
		}
	}
	if len(repaired) != 3 {
		t.Fatalf("%d letters were repaired", len(repaired))
	}
	dry, _ := feed(t, e, func(c *replay.Config) { c.DryRun = true }, repaired...)
	sent, refused := feed(t, e, nil, append(repaired, repaired[0])...)
	if dry != 3 || sent != 3 || len(refused) != 1 {
		t.Errorf("dry %d, sent %d, refused %v; want 3, 3 and the one that was given twice", dry, sent, refused)
	}
	ends := []int64{4, 2}
	for _, l := range e.DB.Query(t, "SELECT replay_partition, count() FROM dead_letters WHERE state != 'open' GROUP BY replay_partition ORDER BY 1") {
		var p int
		var n int64
		if _, err := fmt.Sscanf(l, "(%d,%d)", &p, &n); err != nil {
			t.Fatal(err)
		}
		ends[p] += n
	}
	for p, end := range ends {
		e.Settled(posts, p, end)
	}
	e.Want("SELECT count(), countIf(post_id IN ('a', 'c', 'd')) FROM posts", "(4,3)")
	e.Want("SELECT state, count(), countIf(replayed_at IS NULL) FROM dead_letters GROUP BY state ORDER BY state", "('open',2,2)", "('replayed',3,0)")
	e.Want("SELECT sum(read), sum(stored), sum(dead_letter), sum(missing) FROM ledger", "(9,4,5,0)")
	e.Want("SELECT sum(repaired) FROM dead_letter_replays FINAL", "(3)")

	// A second sending changes nothing, and one that is asked for changes no count.
	sent, refused = feed(t, e, nil, repaired...)
	if sent != 0 || len(refused) != 3 || !errors.Is(errors.Join(refused...), replay.ErrSent) {
		t.Errorf("a second time, %d were sent and %v refused", sent, refused)
	}
	if sent, _ = feed(t, e, func(c *replay.Config) { c.Again = true }, repaired[0]); sent != 1 {
		t.Errorf("asked for, %d were sent again", sent)
	}
	e.Want("SELECT count() FROM dead_letters WHERE state = 'replayed'", "(3)")

	// What is sent unrepaired is refused again, and both letters say so.
	var hopeless string
	for _, l := range lines {
		if strings.Contains(l, `"value":"{}"`) {
			hopeless = l
		}
	}
	if sent, refused = feed(t, e, func(c *replay.Config) { c.Unchecked = true }, hopeless); sent != 1 {
		t.Errorf("unchecked, %d were sent: %v", sent, refused)
	}
	e.Settled(posts, 1, ends[1]+1+again(t, e, 1))
	e.Settled(posts, 0, ends[0]+again(t, e, 0))
	stop()
	e.Want("SELECT state, count() FROM dead_letters GROUP BY state ORDER BY state", "('open',2)", "('refused_again',1)", "('replayed',3)")
	e.Want("SELECT count() FROM posts", "(4)")
}

// again counts messages that were sent a second time to a partition.
func again(t *testing.T, e *pipetest.Env, partition int) int64 {
	t.Helper()
	n := e.DB.Query(t, fmt.Sprintf("SELECT count() FROM (SELECT kafka_partition FROM dead_letter_replays WHERE replay_partition = %d AND repaired = 1 AND "+
		"(kafka_partition, kafka_offset) IN (SELECT kafka_partition, kafka_offset FROM dead_letter_replays GROUP BY ALL HAVING count() > 1)) ", partition))[0]
	var count int64
	if _, err := fmt.Sscanf(n, "(%d)", &count); err != nil {
		t.Fatal(err)
	}
	return count / 2
}

func TestLinesRoundTrip(t *testing.T) {
	for name, l := range map[string]deadletter.Letter{
		"text":    {Topic: "t", Partition: 3, Offset: 9, Time: time.UnixMilli(1_700_000_000_123).UTC(), Key: []byte("k\n\"あ"), Value: []byte("{\"a\":\"\\u0000\u2028\"}"), Reason: "r"},
		"bytes":   {Topic: "t", Key: []byte{0xff}, Value: []byte{0, 0xfe}, Headers: []deadletter.Header{{Key: "h", Value: []byte{1}}}},
		"nothing": {Topic: "t"},
		"empty":   {Topic: "t", Key: []byte{}, Value: []byte{}},
	} {
		var b bytes.Buffer
		if err := replay.Write(&b, replay.Letter{Letter: l}); err != nil {
			t.Fatal(err)
		}
		got, err := replay.ParseLine(bytes.TrimSpace(b.Bytes()))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !bytes.Equal(got.Key, l.Key) || !bytes.Equal(got.Value, l.Value) || (got.Value == nil) != (l.Value == nil) || (got.Key == nil) != (l.Key == nil) ||
			!got.Time.Equal(l.Time) || got.Reason != l.Reason || len(got.Headers) != len(l.Headers) || strings.Count(b.String(), "\n") != 1 {
			t.Errorf("%s: %+v became %+v by %s", name, l, got, b.String())
		}
	}
	for _, bad := range []string{``, `{}`, `[]`, `{"topic":"t","partition":-1,"offset":0}`, `{"topic":"t","partition":0,"offset":0,"value":5}`,
		`{"topic":"t","partition":0,"offset":0,"value_base64":"%"}`, `{"topic":"t","extra":1}`} {
		if _, err := replay.ParseLine([]byte(bad)); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
}

func FuzzParseLine(f *testing.F) {
	f.Add([]byte(`{"topic":"t","partition":1,"offset":2,"key":"k","value":"{}","key_sum":"x","headers":[{"key":"h","value_base64":"AA=="}]}`))
	f.Add([]byte(`{"topic":"t","partition":1,"offset":2,"value":{"a": [1, 2]}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := replay.ParseLine(b)
		if err != nil {
			return
		}
		var w bytes.Buffer
		if err := replay.Write(&w, l); err != nil {
			t.Fatal(err)
		}
		again, err := replay.ParseLine(bytes.TrimSpace(w.Bytes()))
		if err != nil || !bytes.Equal(again.Value, l.Value) || !bytes.Equal(again.Key, l.Key) {
			t.Errorf("%q became %q: %v", b, w.Bytes(), err)
		}
	})
}

func TestOnlyLettersOfVocAreRead(t *testing.T) {
	e := pipetest.New(t, 1)
	e.Produce(e.Config.DeadLetter.Topic, 0, "x\tno letter")
	r, err := replay.NewReader(e.Config.Kafka, e.Config.DeadLetter.Topic)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	err = r.Read(context.Background(), replay.Filter{Partition: replay.NoPartition}, nil, func(replay.Letter) error { return nil })
	if err != nil || len(r.Strange()) != 1 || !strings.Contains(r.Strange()[0].Error(), "does not say where it came from") {
		t.Errorf("error is %v, strange are %v", err, r.Strange())
	}
}

func TestFilterValidate(t *testing.T) {
	for want, f := range map[string]replay.Filter{
		"from (":    {Topic: "t", From: 5, To: 2, Partition: replay.NoPartition},
		"partition": {Partition: 1},
		"from or":   {From: 3, Partition: replay.NoPartition},
	} {
		if err := f.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want one that names %s", err, want)
		}
	}
}
