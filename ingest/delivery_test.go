package ingest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kgo"

	"voc/ingest"
	"voc/ingest/deadletter"
	"voc/ingest/privacy"
	"voc/ingest/source/sourcetest"
	"voc/schema/chtest"
	"voc/schema/engine"
)

// letters reads the whole dead-letter topic.
func (e *env) letters(n int) []*kgo.Record {
	e.t.Helper()
	c := e.k.Kgo(e.t, kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{e.cfg.DeadLetter.Topic: {0: kgo.NewOffset().AtStart()}}))
	defer c.Close()
	ctx, cancel := context.WithTimeout(e.t.Context(), 20*time.Second)
	defer cancel()
	var out []*kgo.Record
	for len(out) < n {
		f := c.PollFetches(ctx)
		if err := f.Err0(); err != nil {
			e.t.Fatalf("%d of %d dead letters: %v", len(out), n, err)
		}
		out = append(out, f.Records()...)
	}
	return out
}

func header(r *kgo.Record, name string) string {
	for _, h := range r.Headers {
		if h.Key == name {
			return string(h.Value)
		}
	}
	return ""
}

func TestBadMessagesBecomeDeadLettersAndStopNobody(t *testing.T) {
	e := newEnv(t, 1)
	const ok = `"posted_at":"2026-11-16T09:00:00+09:00","body":"x"`
	bad := []struct{ reason, field, value string }{
		{"invalid_json", "", ""},
		{"invalid_json", "", "{"},
		{"invalid_utf8", "", "{\"post_id\":\"\xff\"}"},
		{"null_value", "", "null"},
		{"duplicate_field", "post_id", `{"post_id":"1","post_id":"2",` + ok + `}`},
		{"unknown_field", "extra", `{"post_id":"1","extra":1,` + ok + `}`},
		{"missing_field", "post_id", `{` + ok + `}`},
		{"wrong_type", "post_id", `{"post_id":1,` + ok + `}`},
		{"invalid_time", "posted_at", `{"post_id":"1","posted_at":"yesterday","body":"x"}`},
		{"time_out_of_range", "posted_at", `{"post_id":"1","posted_at":"2999-01-01T00:00:00Z","body":"x"}`},
		{"time_out_of_range", "posted_at", `{"post_id":"1","posted_at":"1970-01-01T00:00:00Z","body":"x"}`},
		{"out_of_range", "rating", `{"post_id":"1","rating":9,` + ok + `}`},
		{"unknown_event", "event", `{"post_id":"1","event":"liked",` + ok + `}`},
		{"unknown_value", "author.role", `{"post_id":"1","author":{"role":"king"},` + ok + `}`},
		{"too_long", "channel", `{"post_id":"1","channel":"` + strings.Repeat("c", 200) + `",` + ok + `}`},
		{"too_deep", "", strings.Repeat("[", 50_000)},
		{"control_character", "post_id", `{"post_id":"a\u0000",` + ok + `}`},
		{"invalid_url", "url", `{"post_id":"1","url":"javascript:x",` + ok + `}`},
		{"empty_body", "body", `{"post_id":"1","posted_at":"2026-11-16T09:00:00+09:00","body":" "}`},
		{"too_large", "", `{"post_id":"1","body":"` + strings.Repeat("あ", 5<<20/3) + `"}`},
		{"analyzer_panic", "", `{"post_id":"1","posted_at":"2026-11-16T09:00:00+09:00","body":"panic please"}`},
	}
	_, stop := e.run()
	for i, b := range bad {
		e.produce(e.posts, 0, fmt.Sprintf("key%d\t%s", i, b.value), created(fmt.Sprint("good", i), "よい"))
	}
	n := len(bad)
	e.settled(e.posts, 0, int64(2*n))
	e.want("SELECT count() FROM post_facts FINAL", fmt.Sprintf("(%d)", n))
	e.want("SELECT outcome, count() FROM record_outcomes FINAL GROUP BY outcome ORDER BY outcome",
		fmt.Sprintf("('dead_letter',%d)", n), fmt.Sprintf("('stored',%d)", n))
	got := e.query("SELECT kafka_offset, reason, field, size, message_key FROM dead_letter_facts FINAL ORDER BY kafka_offset")
	letters := e.letters(n)
	for i, b := range bad {
		if want := fmt.Sprintf("(%d,'%s','%s',%d,'key%d')", 2*i, b.reason, b.field, len(b.value), i); i >= len(got) || got[i] != want {
			t.Errorf("row %d: got %v, want %s", i, got[min(i, len(got)-1)], want)
		}
		l := letters[i]
		if string(l.Value) != b.value || string(l.Key) != fmt.Sprint("key", i) {
			t.Errorf("letter %d holds %.60q, want the raw message %.60q", i, l.Value, b.value)
		}
		for name, want := range map[string]string{
			deadletter.HeaderReason: b.reason, deadletter.HeaderField: b.field, deadletter.HeaderTopic: e.posts,
			deadletter.HeaderPartition: "0", deadletter.HeaderOffset: fmt.Sprint(2 * i), deadletter.HeaderTime: fmt.Sprint(l.Timestamp.UnixMilli()),
		} {
			got := header(l, name)
			if name == deadletter.HeaderTime {
				if got == "" {
					t.Errorf("letter %d has no %s", i, name)
				}
				continue
			}
			if got != want {
				t.Errorf("letter %d: header %s is %q, want %q", i, name, got, want)
			}
		}
		if header(l, deadletter.HeaderDetail) == "" {
			t.Errorf("letter %d does not say what would be right", i)
		}
	}
	stop()
}

func TestARowThatClickHouseRefusesBecomesADeadLetter(t *testing.T) {
	e := newEnv(t, 1)
	e.db.Exec(t, "ALTER TABLE post_facts ADD CONSTRAINT no_poison CHECK body != '毒'")
	_, stop := e.run()
	var batch []string
	for i := range 40 {
		body := "よい"
		if i == 7 || i == 23 || i == 24 {
			body = "毒"
		}
		batch = append(batch, created(fmt.Sprint("p", i), body))
	}
	e.produce(e.posts, 0, batch...)
	e.settled(e.posts, 0, 40)
	e.produce(e.posts, 0, created("alone", "毒")) // a batch of its own
	e.settled(e.posts, 0, 41)
	e.want("SELECT count() FROM post_facts FINAL", "(37)")
	e.want("SELECT groupArray(kafka_offset), any(reason) FROM (SELECT * FROM dead_letter_facts FINAL ORDER BY kafka_offset)", "([7,23,24,40],'refused_by_database')")
	e.want("SELECT outcome, count() FROM record_outcomes FINAL GROUP BY outcome ORDER BY outcome", "('dead_letter',4)", "('stored',37)")
	for _, l := range e.letters(4) {
		if !strings.Contains(string(l.Value), "毒") {
			t.Errorf("letter holds %q, which is not the refused message", l.Value)
		}
	}
	stop()
}

func TestNothingVanishes(t *testing.T) {
	e := newEnv(t, 1)
	c := e.k.Kgo(t, kgo.TransactionalID(sourcetest.Name("tx")))
	for i, commit := range []bool{true, false, true} {
		if err := c.BeginTransaction(); err != nil {
			t.Fatal(err)
		}
		for n := range 3 {
			key, value, _ := strings.Cut(created(fmt.Sprintf("t%d-%d", i, n), "x"), "\t")
			if err := c.ProduceSync(t.Context(), sourcetest.Record(e.posts, 0, key, value)).FirstErr(); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.EndTransaction(t.Context(), kgo.TransactionEndTry(commit)); err != nil {
			t.Fatal(err)
		}
	}
	e.produce(e.posts, 0, "tombstone", "x\tbroken")
	_, stop := e.run()
	e.settled(e.posts, 0, 14)
	e.want("SELECT count() FROM post_facts FINAL", "(6)")
	e.want("SELECT outcome, count() FROM record_outcomes FINAL GROUP BY outcome ORDER BY outcome", "('dead_letter',1)", "('filtered',7)", "('stored',6)")
	e.want("SELECT recorded, unexplained FROM ledger_offsets", "(14,0)")
	stop()
}

func TestPostedAtIsFixedByTheFirstEvent(t *testing.T) {
	e := newEnv(t, 1).withRollup()
	_, stop := e.run()
	e.produce(e.posts, 0,
		`p	{"post_id":"p","version":1,"posted_at":"2026-11-01T09:00:00+09:00","body":"初版"}`,
		`p	{"post_id":"p","version":2,"event":"edited","posted_at":"2026-11-09T09:00:00+09:00","body":"改訂"}`)
	e.settled(e.posts, 0, 2)
	e.produce(e.posts, 0, `p	{"post_id":"p","version":3,"event":"edited","posted_at":"2026-10-09T09:00:00+09:00","body":"再改訂"}`)
	e.settled(e.posts, 0, 3)
	e.want("SELECT toString(day), source_version, body FROM post_facts FINAL", "('2026-11-01',3,'再改訂')")
	e.produce(e.posts, 0, `p	{"post_id":"p","version":4,"event":"deleted","posted_at":"2026-10-09T09:00:00+09:00"}`)
	e.settled(e.posts, 0, 4)
	e.want("SELECT count() FROM post_facts FINAL", "(0)")
	e.want("SELECT DISTINCT toString(day) FROM post_facts", "('2026-11-01')")
	stop()
}

func TestADeletionBeforeItsPost(t *testing.T) {
	e := newEnv(t, 1).withRollup()
	_, stop := e.run()
	del := func(id string, v int) string {
		return fmt.Sprintf("%s\t"+`{"post_id":%q,"event":"deleted","version":%d}`, id, id, v)
	}
	e.produce(e.posts, 0, del("gone", 5), del("back", 1), del("again", 3))
	e.settled(e.posts, 0, 3)
	e.produce(e.posts, 0, del("again", 9), created("gone", "古い"), // version 1, older than the deletion
		`back	{"post_id":"back","version":2,"posted_at":"2026-11-16T09:00:00+09:00","body":"新しい"}`)
	e.settled(e.posts, 0, 6)
	e.produce(e.posts, 0, created("again", "古い"), del("same", 2), created("same", "古い"))
	e.settled(e.posts, 0, 9)
	e.want("SELECT post_id, body FROM post_facts FINAL WHERE day != toDate(0)", "('back','新しい')")
	sourcetest.Eventually(t, 10*time.Second, func() (bool, string) {
		got := e.query("SELECT sum(posts) FROM community_daily")
		return got[0] == "(1)", got[0]
	})
	stop()
}

func TestASurveyCommentIsTakenBack(t *testing.T) {
	e := newEnv(t, 1)
	_, stop := e.run()
	survey := func(comment, at string) string {
		return fmt.Sprintf("r\t"+`{"response_id":"r","metric":"nps","score":3,"answered_at":%q,"comment":%q}`, at, comment)
	}
	e.produce(e.cfg.Topics.Surveys, 0, survey("高い", "2026-11-16T00:00:00Z"))
	e.settled(e.cfg.Topics.Surveys, 0, 1)
	e.want("SELECT post_id, source, sentiment FROM post_facts FINAL", "('survey/r','survey','negative')")
	e.produce(e.cfg.Topics.Surveys, 0, survey("", "2026-11-18T00:00:00Z"))
	e.settled(e.cfg.Topics.Surveys, 0, 2)
	e.want("SELECT count() FROM post_facts FINAL", "(0)")
	e.want("SELECT toString(day), toString(toDate(answered_at)) FROM survey_facts FINAL", "('2026-11-16','2026-11-18')")
	stop()
}

func TestClickHouseAwayAtStartAndInTheMiddle(t *testing.T) {
	e := newEnv(t, 2).withRollup()
	m := generate(21, 2, 60, 1200)
	p, dsn := through(t, e.cfg.Sink.DSN)
	e.cfg.Sink.DSN = dsn
	p.open.Store(false)
	pl, stop := e.run(func(c *ingest.Config, _ *ingest.Deps) { c.Batch.MaxRows = 40 })
	half := &model{log: map[int][]string{}}
	for part, log := range m.log {
		half.log[part] = log[:len(log)/2]
	}
	e.produceModel(half)
	sourcetest.Eventually(t, 20*time.Second, func() (bool, string) {
		err := pl.ClickHouseReady(t.Context())
		return err != nil && strings.Contains(err.Error(), "unreachable"), fmt.Sprint(err)
	})
	if err := pl.KafkaReady(t.Context()); err != nil {
		t.Errorf("Kafka is not ready while ClickHouse is away: %v", err)
	}
	for part, c := range e.k.Committed(t, e.groups[0], e.posts, 2) {
		if c > 0 {
			t.Errorf("partition %d: committed %d although nothing can be written", part, c)
		}
	}
	p.open.Store(true)
	e.settledModel(half)
	for part, log := range m.log {
		e.produce(e.posts, part, log[len(log)/2:]...)
	}
	for range 30 { // connections break in the middle of inserts
		time.Sleep(20 * time.Millisecond)
		p.cut()
	}
	e.settledModel(m)
	e.check(m)
	if err := pl.ClickHouseReady(t.Context()); err != nil {
		t.Errorf("still not ready: %v", err)
	}
	stop()
}

func TestClickHouseKilledAndRestarted(t *testing.T) {
	e := newEnv(t, 2).withRollup()
	m := generate(22, 2, 60, 3000)
	_, stop := e.run(func(c *ingest.Config, _ *ingest.Deps) { c.Batch.MaxRows = 50 })
	go func() {
		for range 3 {
			time.Sleep(150 * time.Millisecond)
			if pid := e.db.Server().PID(); pid > 0 {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
			time.Sleep(1500 * time.Millisecond)
		}
	}()
	e.produceModel(m)
	e.settledModel(m)
	time.Sleep(2 * time.Second) // the last kill is over
	e.check(m)
	stop()
}

func TestKafkaRestartsInTheMiddle(t *testing.T) {
	k, restart := sourcetest.OpenRestartable(t)
	e := newEnvOn(t, k, chtest.Open(t), 2).withRollup()
	m := generate(23, 2, 60, 1000)
	_, stop := e.run(func(c *ingest.Config, _ *ingest.Deps) { c.Batch.MaxRows = 60 })
	e.produceModel(m)
	time.Sleep(100 * time.Millisecond)
	k.Stop(t)
	time.Sleep(500 * time.Millisecond)
	restart()
	e.settledModel(m)
	e.check(m)
	stop()
}

func TestSoftStopWritesWhatIsInHand(t *testing.T) {
	e := newEnv(t, 1)
	entered := make(chan struct{}, 1)
	_, stop := e.run(func(c *ingest.Config, d *ingest.Deps) {
		c.Batch.MaxAge, c.Batch.MaxRows = time.Hour, 1000 // nothing is due by itself
		d.NewTagger = func() ingest.Tagger { return tell{entered: entered} }
	})
	e.produce(e.posts, 0, created("p1", "x"), created("p2", "x"))
	<-entered
	time.Sleep(100 * time.Millisecond)
	if c := e.k.Committed(t, e.groups[0], e.posts, 1)[0]; c > 0 {
		t.Fatalf("committed %d before the batch was due", c)
	}
	stop()
	e.want("SELECT count() FROM post_facts FINAL", "(2)")
	if c := e.k.Committed(t, e.groups[0], e.posts, 1)[0]; c != 2 {
		t.Errorf("committed %d, want 2", c)
	}
}

type tell struct {
	fakeTagger
	entered chan struct{}
}

func (w tell) Analyze(in analyzeInput, out *analyzeResult) {
	select {
	case w.entered <- struct{}{}:
	default:
	}
	w.fakeTagger.Analyze(in, out)
}

// worker is the configuration of a worker process that a test starts and kills.
type worker struct {
	Brokers  string
	Group    string
	Topics   ingest.Topics
	Letters  string
	DSN      string
	Database string
	Rows     int
}

// runWorker is the main function of such a process.
func runWorker(encoded string) {
	var w worker
	if err := json.Unmarshal([]byte(encoded), &w); err != nil {
		panic(err)
	}
	cfg := ingest.DefaultConfig()
	cfg.Kafka.Brokers = []string{w.Brokers}
	k := &sourcetest.Kafka{Addr: w.Brokers}
	cfg.Source = k.Config(w.Group)
	cfg.Topics, cfg.DeadLetter.Topic = w.Topics, w.Letters
	cfg.Sink.DSN, cfg.Sink.Database = w.DSN, w.Database
	// A killed member is missed soon, so that the next one need not wait for long.
	cfg.Source.SessionTimeout, cfg.Sink.InsertTimeout = 1500*time.Millisecond, 1200*time.Millisecond
	cfg.Batch.MaxRows = w.Rows
	masker, err := privacy.New([]byte(testKey))
	if err != nil {
		panic(err)
	}
	p, err := ingest.New(cfg, ingest.Deps{NewTagger: func() ingest.Tagger { return fakeTagger{} }, Revision: 1, Masker: masker})
	if err != nil {
		panic(err)
	}
	if err := p.Run(context.Background()); err != nil {
		panic(err)
	}
}

func (e *env) startWorker(rows int) *exec.Cmd {
	e.t.Helper()
	b, err := json.Marshal(worker{
		Brokers: e.k.Addr, Group: e.groups[0], Topics: e.cfg.Topics, Letters: e.cfg.DeadLetter.Topic,
		DSN: e.cfg.Sink.DSN, Database: e.cfg.Sink.Database, Rows: rows,
	})
	if err != nil {
		e.t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		e.t.Fatal(err)
	}
	cmd := exec.CommandContext(context.Background(), exe)
	cmd.Env = append(os.Environ(), workerEnv+"="+string(b))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return cmd
}

func TestWorkersKilledInMidBatch(t *testing.T) {
	e := newEnv(t, 2).withRollup()
	m := generate(31, 2, 80, 4000)
	e.produceModel(m)
	total := int64(0)
	for _, log := range m.log {
		total += int64(len(log))
	}
	progress := func() int64 {
		var sum int64
		for _, c := range e.k.Committed(t, e.groups[0], e.posts, 2) {
			sum += max(0, c)
		}
		return sum
	}
	kills := 0
	for round := range 6 {
		before := progress()
		if before >= total {
			break
		}
		w := e.startWorker(50 + 20*round)
		// As soon as it gets on, it is killed in the middle of a later batch.
		sourcetest.Eventually(t, 40*time.Second, func() (bool, string) { return progress() > before, fmt.Sprintf("stuck at %d", before) })
		time.Sleep(time.Duration(13*round) * time.Millisecond)
		_ = w.Process.Signal(syscall.SIGKILL)
		_ = w.Wait()
		kills++
	}
	if kills < 3 {
		t.Errorf("only %d kills in the middle of work: the test has become weak", kills)
	}
	_, stop := e.run()
	e.settledModel(m)
	e.check(m)
	stop()
}

func TestWrongPasswords(t *testing.T) {
	e := newEnv(t, 1)
	e.produce(e.posts, 0, created("p", "x"))
	dsn := e.cfg.Sink.DSN
	e.cfg.Sink.DSN = strings.Replace(dsn, "://"+string(engine.Writer)+":", "://"+string(engine.Writer)+":wrong", 1)
	if e.cfg.Sink.DSN == dsn {
		t.Fatalf("the DSN has another form than this test expects")
	}
	p, stop := e.run()
	sourcetest.Eventually(t, 20*time.Second, func() (bool, string) {
		err := p.ClickHouseReady(t.Context())
		return err != nil && strings.Contains(err.Error(), "misconfigured"), fmt.Sprint(err)
	})
	if err := p.ClickHouseReady(t.Context()); strings.Contains(err.Error(), strings.Split(strings.Split(e.cfg.Sink.DSN, "@")[0], ":")[2]) {
		t.Error("the reason shows the password")
	}
	stop()
	if c := e.k.Committed(t, e.groups[0], e.posts, 1)[0]; c > 0 {
		t.Errorf("committed %d without writing", c)
	}
}

func TestNewNamesEveryFault(t *testing.T) {
	_, err := ingest.New(ingest.Config{}, ingest.Deps{})
	for _, want := range []string{"brokers", "group", "topics.posts", "clickhouse.dsn", "batch_rows", "max_message_bytes", "timezone", "workers", "rollup_interval", "tagger", "privacy.key"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the fault of %s is not named", want)
		}
	}
}

func TestDeadLetterTopicTooSmall(t *testing.T) {
	e := newEnv(t, 1)
	e.cfg.DeadLetter.Topic = e.k.Topic(t, "small", 1, kafka.ConfigEntry{ConfigName: "max.message.bytes", ConfigValue: "20000"})
	_, stop := e.run()
	e.produce(e.posts, 0, "a\tbroken", "b\t"+strings.Repeat("x", 50_000), "c\tbroken", created("p", "x"))
	e.settled(e.posts, 0, 4)
	var got []string
	for _, l := range e.letters(3) {
		got = append(got, fmt.Sprintf("%s %d %s", l.Key, len(l.Value), header(l, deadletter.HeaderOmitted)))
	}
	slices.Sort(got)
	if fmt.Sprint(got) != "[a 6  b 0 true c 6 ]" {
		t.Errorf("got %q", got)
	}
	stop()
}
