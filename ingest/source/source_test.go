package source_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kgo"

	"voc/ingest/source"
	"voc/ingest/source/sourcetest"
)

func TestMain(m *testing.M) { sourcetest.Main(m) }

func count(r *sourcetest.Recorder, want int) func() (bool, string) {
	return func() (bool, string) {
		values, _ := r.Values()
		return len(values) >= want, fmt.Sprintf("%d of %d distinct records", len(values), want)
	}
}

func records(topic string, partitions, n int) []*kgo.Record {
	var out []*kgo.Record
	for i := range n {
		out = append(out, sourcetest.Record(topic, i%partitions, fmt.Sprintf("k%d", i), fmt.Sprintf("%s-%d", topic, i)))
	}
	return out
}

func TestSeveralTopicsInOrderAndCommitted(t *testing.T) {
	k := sourcetest.Open(t)
	a, b, group := k.Topic(t, "a", 3), k.Topic(t, "b", 2), sourcetest.Name("g")
	k.Produce(t, records(a, 3, 300)...)
	k.Produce(t, records(b, 2, 100)...)
	r := &sourcetest.Recorder{}
	s, stop := sourcetest.Run(t, k.Config(group, a, b), r)
	sourcetest.Eventually(t, 20*time.Second, count(r, 400))
	if st := s.Status(); !st.Joined || st.Assigned != 5 || st.Err != "" {
		t.Errorf("status %+v", st)
	}
	stop()
	next := map[string]int64{}
	for _, rec := range r.Taken() {
		id := fmt.Sprintf("%s/%d", rec.Topic, rec.Partition)
		if rec.Offset != next[id] {
			t.Fatalf("%s: offset %d after %d", id, rec.Offset, next[id]-1)
		}
		next[id]++
		if want := "k" + rec.Value[strings.LastIndex(rec.Value, "-")+1:]; rec.Key != want {
			t.Fatalf("value %s has key %s", rec.Value, rec.Key)
		}
	}
	for p, c := range k.Committed(t, group, a, 3) {
		if c != 100 {
			t.Errorf("%s/%d: committed %d, want 100", a, p, c)
		}
	}

	// A second run continues where the first stopped.
	k.Produce(t, sourcetest.Record(a, 0, "k", "late"))
	r2 := &sourcetest.Recorder{}
	_, stop = sourcetest.Run(t, k.Config(group, a, b), r2)
	sourcetest.Eventually(t, 20*time.Second, count(r2, 1))
	stop()
	if got := r2.Taken(); len(got) != 1 || got[0].Value != "late" || got[0].Offset != 100 {
		t.Errorf("the second run read %+v", got)
	}
}

func TestNullAndEmptyAreKeptApart(t *testing.T) {
	k := sourcetest.Open(t)
	topic := k.Topic(t, "null", 1)
	k.Produce(t, &kgo.Record{Topic: topic, Key: []byte("tomb")}, &kgo.Record{Topic: topic, Value: []byte{}},
		&kgo.Record{Topic: topic, Value: []byte("v"), Headers: []kgo.RecordHeader{{Key: "h", Value: []byte("1")}}})
	var mu sync.Mutex
	var got []source.Record
	r := &sourcetest.Recorder{Before: func(_ context.Context, _ *source.Partition, b source.Batch) error {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, b.Records...)
		return nil
	}}
	_, stop := sourcetest.Run(t, k.Config(sourcetest.Name("g"), topic), r)
	sourcetest.Eventually(t, 20*time.Second, func() (bool, string) { n := len(r.Taken()); return n == 3, fmt.Sprint(n, " records") })
	stop()
	if !r.Taken()[0].Null || r.Taken()[0].Key != "tomb" || r.Taken()[1].Null {
		t.Errorf("got %+v", r.Taken())
	}
	if got[1].Key != nil || got[1].Value == nil {
		t.Errorf("key %v, value %v, want a null key and an empty value", got[1].Key, got[1].Value)
	}
	if h := got[2].Headers; len(h) != 1 || h[0].Key != "h" || string(h[0].Value) != "1" {
		t.Errorf("headers %+v", h)
	}
	if time.Since(got[2].Time).Abs() > time.Minute {
		t.Errorf("time %s", got[2].Time)
	}
}

func TestAbortedAndControlRecordsAreNotData(t *testing.T) {
	k := sourcetest.Open(t)
	topic := k.Topic(t, "txn", 1)
	c := k.Kgo(t, kgo.TransactionalID(sourcetest.Name("tx")))
	transact := func(commit bool, n int, name string) {
		t.Helper()
		if err := c.BeginTransaction(); err != nil {
			t.Fatal(err)
		}
		for i := range n {
			if err := c.ProduceSync(t.Context(), sourcetest.Record(topic, 0, "k", fmt.Sprintf("%s-%d", name, i))).FirstErr(); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.EndTransaction(t.Context(), kgo.TransactionEndTry(commit)); err != nil {
			t.Fatal(err)
		}
	}
	transact(true, 3, "good")
	transact(false, 4, "aborted")
	k.Produce(t, sourcetest.Record(topic, 0, "k", "plain"))
	transact(false, 2, "aborted-again")
	transact(true, 2, "better")
	r := &sourcetest.Recorder{}
	group := sourcetest.Name("g")
	_, stop := sourcetest.Run(t, k.Config(group, topic), r)
	sourcetest.Eventually(t, 20*time.Second, func() (bool, string) {
		n := k.Committed(t, group, topic, 1)[0]
		return n == 16, fmt.Sprintf("committed %d of 16", n)
	})
	stop()
	values, _ := r.Values()
	if len(values) != 6 || values["plain"] != 1 || values["better-1"] != 1 {
		t.Errorf("data records: %v", values)
	}
	kinds := map[source.Kind]int{}
	for i, rec := range r.Taken() {
		kinds[rec.Kind]++
		if rec.Offset != int64(i) {
			t.Errorf("record %d has offset %d: an offset is unaccounted for", i, rec.Offset)
		}
		if rec.Kind != source.Data && (rec.Value != "" || rec.Key != "") {
			t.Errorf("a record of kind %d shows its content", rec.Kind)
		}
	}
	if kinds[source.Control] != 4 || kinds[source.Aborted] != 6 {
		t.Errorf("kinds %v, want 4 control and 6 aborted records", kinds)
	}
}

func TestOpenTransactionHoldsBackWithoutSpinning(t *testing.T) {
	k := sourcetest.Open(t)
	topic := k.Topic(t, "open", 1)
	c := k.Kgo(t, kgo.TransactionalID(sourcetest.Name("tx")))
	if err := c.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	if err := c.ProduceSync(t.Context(), sourcetest.Record(topic, 0, "k", "undecided")).FirstErr(); err != nil {
		t.Fatal(err)
	}
	k.Produce(t, sourcetest.Record(topic, 0, "k", "behind"))
	r := &sourcetest.Recorder{}
	_, stop := sourcetest.Run(t, k.Config(sourcetest.Name("g"), topic), r)
	time.Sleep(700 * time.Millisecond) // nothing must happen in this time
	if n := len(r.Taken()); n != 0 {
		t.Errorf("%d records were handed out before the transaction was decided", n)
	}
	if err := c.EndTransaction(t.Context(), kgo.TryCommit); err != nil {
		t.Fatal(err)
	}
	sourcetest.Eventually(t, 20*time.Second, count(r, 2))
	stop()
}

// A compacted partition ends in a batch whose last records are gone: its last offset is higher than that of any record
// in it. A reader that does not jump over it asks for the same batch for ever.
func TestCompactedEndOfBatch(t *testing.T) {
	k := sourcetest.Open(t)
	topic := k.Topic(t, "compact", 1,
		kafka.ConfigEntry{ConfigName: "cleanup.policy", ConfigValue: "compact"},
		kafka.ConfigEntry{ConfigName: "segment.ms", ConfigValue: "200"},
		kafka.ConfigEntry{ConfigName: "min.cleanable.dirty.ratio", ConfigValue: "0.001"},
		kafka.ConfigEntry{ConfigName: "min.compaction.lag.ms", ConfigValue: "0"},
		kafka.ConfigEntry{ConfigName: "max.compaction.lag.ms", ConfigValue: "200"})
	if !sourcetest.OnApache() {
		t.Log("the embedded Kafka keeps every record of this topic; the hole is tested on Apache Kafka and in TestSkipHole")
	}
	// One batch of three keys, then newer values for the last two: after compaction the batch holds "a" only.
	batch := k.Kgo(t, kgo.ProducerLinger(50*time.Millisecond))
	for _, v := range []string{"1", "2"} {
		if err := batch.ProduceSync(t.Context(), sourcetest.Record(topic, 0, "a"+v, "v"+v), sourcetest.Record(topic, 0, "b", "v"+v),
			sourcetest.Record(topic, 0, "c", "v"+v)).FirstErr(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(300 * time.Millisecond) // lets the segment become old enough to be rolled
	}
	k.Produce(t, sourcetest.Record(topic, 0, "d", "roll"))
	time.Sleep(300 * time.Millisecond)
	k.Produce(t, sourcetest.Record(topic, 0, "e", "roll"))
	if sourcetest.OnApache() {
		sourcetest.Eventually(t, 60*time.Second, func() (bool, string) {
			seen := offsets(t, k, topic)
			return !seen[1] && !seen[2], fmt.Sprintf("offsets still there: %v", seen)
		})
	}
	r := &sourcetest.Recorder{}
	group := sourcetest.Name("g")
	_, stop := sourcetest.Run(t, k.Config(group, topic), r)
	sourcetest.Eventually(t, 20*time.Second, func() (bool, string) {
		n := k.Committed(t, group, topic, 1)[0]
		return n == 8, fmt.Sprintf("committed %d of 8", n)
	})
	stop()
}

// offsets reads which offsets of partition 0 are in the log.
func offsets(t *testing.T, k *sourcetest.Kafka, topic string) map[int64]bool {
	t.Helper()
	c := k.Kgo(t, kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{topic: {0: kgo.NewOffset().AtStart()}}))
	defer c.Close()
	seen := map[int64]bool{}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for !seen[7] {
		f := c.PollFetches(ctx)
		if err := f.Err0(); err != nil {
			t.Fatalf("read %s: %v", topic, err)
		}
		f.EachRecord(func(r *kgo.Record) { seen[r.Offset] = true })
	}
	return seen
}

func TestDeletedHeadOfLogIsReported(t *testing.T) {
	k := sourcetest.Open(t)
	topic, group := k.Topic(t, "head", 1), sourcetest.Name("g")
	k.Produce(t, records(topic, 1, 10)...)
	r := &sourcetest.Recorder{}
	_, stop := sourcetest.Run(t, k.Config(group, topic), r)
	sourcetest.Eventually(t, 20*time.Second, count(r, 10))
	stop()
	k.Produce(t, records(topic, 1, 20)[10:]...)
	deleteBefore(t, k, topic, 15)

	var lost atomic.Int64
	r = &sourcetest.Recorder{Before: func(_ context.Context, _ *source.Partition, b source.Batch) error { lost.Add(b.Lost); return nil }}
	_, stop = sourcetest.Run(t, k.Config(group, topic), r)
	sourcetest.Eventually(t, 20*time.Second, count(r, 5))
	stop()
	if got := r.Taken(); got[0].Offset != 15 {
		t.Errorf("continued at %d, want 15", got[0].Offset)
	}
}

func TestTopicMadeAnewIsReadFromItsStart(t *testing.T) {
	k := sourcetest.Open(t)
	topic, group := k.Topic(t, "anew", 1), sourcetest.Name("g")
	k.Produce(t, records(topic, 1, 10)...)
	r := &sourcetest.Recorder{}
	_, stop := sourcetest.Run(t, k.Config(group, topic), r)
	sourcetest.Eventually(t, 20*time.Second, count(r, 10))
	stop()
	res, err := k.Client().DeleteTopics(t.Context(), &kafka.DeleteTopicsRequest{Topics: []string{topic}})
	if err == nil {
		err = res.Errors[topic]
	}
	if err != nil {
		t.Fatal(err)
	}
	sourcetest.Eventually(t, 20*time.Second, func() (bool, string) {
		res, err := k.Client().CreateTopics(t.Context(), &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{{Topic: topic, NumPartitions: 1, ReplicationFactor: 1}}})
		if err == nil {
			err = res.Errors[topic]
		}
		return err == nil, fmt.Sprint(err)
	})
	k.Produce(t, sourcetest.Record(topic, 0, "k", "new life"))
	r = &sourcetest.Recorder{}
	_, stop = sourcetest.Run(t, k.Config(group, topic), r)
	sourcetest.Eventually(t, 20*time.Second, count(r, 1))
	stop()
	if got := r.Taken(); got[0].Value != "new life" {
		t.Errorf("got %+v", got)
	}
}

func TestStartLast(t *testing.T) {
	k := sourcetest.Open(t)
	topic, group := k.Topic(t, "last", 1), sourcetest.Name("g")
	k.Produce(t, records(topic, 1, 10)...)
	cfg := k.Config(group, topic)
	cfg.Start = source.StartLast
	r := &sourcetest.Recorder{}
	s, stop := sourcetest.Run(t, cfg, r)
	sourcetest.Eventually(t, 20*time.Second, func() (bool, string) { st := s.Status(); return st.Joined, fmt.Sprint(st) })
	time.Sleep(300 * time.Millisecond) // the position is resolved by the first fetch
	k.Produce(t, sourcetest.Record(topic, 0, "k", "new"))
	sourcetest.Eventually(t, 20*time.Second, count(r, 1))
	stop()
	if got := r.Taken(); len(got) != 1 || got[0].Offset != 10 {
		t.Errorf("got %+v", got)
	}
}

func TestNothingIsCommittedWhenNothingWasRead(t *testing.T) {
	k := sourcetest.Open(t)
	topic, group := k.Topic(t, "empty", 2), sourcetest.Name("g")
	s, stop := sourcetest.Run(t, k.Config(group, topic), &sourcetest.Recorder{})
	sourcetest.Eventually(t, 20*time.Second, func() (bool, string) { st := s.Status(); return st.Joined, fmt.Sprint(st) })
	stop()
	for p, c := range k.Committed(t, group, topic, 2) {
		if c != -1 {
			t.Errorf("partition %d: committed %d without reading", p, c)
		}
	}
}

func TestMissingTopicDoesNotStopTheOthers(t *testing.T) {
	k := sourcetest.Open(t)
	topic, missing, group := k.Topic(t, "there", 1), sourcetest.Name("missing"), sourcetest.Name("g")
	k.Produce(t, records(topic, 1, 5)...)
	r := &sourcetest.Recorder{}
	s, stop := sourcetest.Run(t, k.Config(group, topic, missing), r)
	sourcetest.Eventually(t, 20*time.Second, count(r, 5))
	if st := s.Status(); len(st.Missing) != 1 || st.Missing[0] != missing {
		t.Errorf("status %+v does not name the missing topic", st)
	}
	time.Sleep(time.Second) // long enough for a tight loop of rejoins to show
	if n := len(r.Assignments()); n > 2 {
		t.Errorf("%d generations while nothing happened", n)
	}
	k.CreateTopic(t, missing, 1)
	k.Produce(t, sourcetest.Record(missing, 0, "k", "appeared"))
	sourcetest.Eventually(t, 30*time.Second, count(r, 6))
	stop()
}

func TestOnlyMissingTopics(t *testing.T) {
	k := sourcetest.Open(t)
	missing := sourcetest.Name("missing")
	r := &sourcetest.Recorder{}
	s, stop := sourcetest.Run(t, k.Config(sourcetest.Name("g"), missing), r)
	sourcetest.Eventually(t, 20*time.Second, func() (bool, string) {
		st := s.Status()
		return strings.Contains(st.Err, missing) && !st.Joined, fmt.Sprintf("%+v", st)
	})
	k.CreateTopic(t, missing, 1)
	k.Produce(t, sourcetest.Record(missing, 0, "k", "appeared"))
	sourcetest.Eventually(t, 30*time.Second, count(r, 1))
	stop()
}

func TestAddedPartitionsAreRead(t *testing.T) {
	k := sourcetest.Open(t)
	topic, group := k.Topic(t, "grow", 1), sourcetest.Name("g")
	k.Produce(t, records(topic, 1, 5)...)
	r := &sourcetest.Recorder{}
	_, stop := sourcetest.Run(t, k.Config(group, topic), r)
	sourcetest.Eventually(t, 20*time.Second, count(r, 5))
	res, err := k.Client().CreatePartitions(t.Context(), &kafka.CreatePartitionsRequest{Topics: []kafka.TopicPartitionsConfig{{Name: topic, Count: 3}}})
	if err == nil {
		err = res.Errors[topic]
	}
	if err != nil {
		t.Fatal(err)
	}
	sourcetest.Eventually(t, 20*time.Second, func() (bool, string) {
		c := k.Kgo(t)
		err := c.ProduceSync(t.Context(), sourcetest.Record(topic, 2, "k", "in the new partition")).FirstErr()
		return err == nil, fmt.Sprint(err)
	})
	sourcetest.Eventually(t, 30*time.Second, count(r, 6))
	stop()
}

func TestMembersShareAndTakeOver(t *testing.T) {
	k := sourcetest.Open(t)
	topic, group := k.Topic(t, "share", 6), sourcetest.Name("g")
	const total = 6000
	recs := records(topic, 6, total)
	all := &sourcetest.Recorder{}
	slow := func(context.Context, *source.Partition, source.Batch) error {
		time.Sleep(2 * time.Millisecond)
		return nil
	}
	all.Before = slow
	_, stopA := sourcetest.Run(t, k.Config(group, topic), all)
	k.Produce(t, recs[:2000]...)
	b := &sourcetest.Recorder{Before: slow}
	_, stopB := sourcetest.Run(t, k.Config(group, topic), b)
	k.Produce(t, recs[2000:4000]...)
	sourcetest.Eventually(t, 30*time.Second, func() (bool, string) {
		as := b.Assignments()
		return len(as) > 0 && len(as[len(as)-1].Partitions[topic]) == 3, fmt.Sprintf("second member: %+v", as)
	})
	c := &sourcetest.Recorder{Before: slow}
	_, stopC := sourcetest.Run(t, k.Config(group, topic), c)
	sourcetest.Eventually(t, 30*time.Second, func() (bool, string) {
		as := c.Assignments()
		return len(as) > 0 && len(as[len(as)-1].Partitions[topic]) == 2, fmt.Sprintf("third member: %+v", as)
	})
	stopB()
	k.Produce(t, recs[4000:]...)
	union := func() (map[string]int, int) {
		values := map[string]int{}
		again := 0
		for _, r := range []*sourcetest.Recorder{all, b, c} {
			v, _ := r.Values()
			for name, n := range v {
				if values[name] += n; values[name] > 1 {
					again++
				}
			}
		}
		return values, again
	}
	sourcetest.Eventually(t, 60*time.Second, func() (bool, string) {
		v, _ := union()
		return len(v) == total, fmt.Sprintf("%d of %d records", len(v), total)
	})
	stopA()
	stopC()
	if _, again := union(); again > 0 {
		t.Errorf("%d records were delivered more than once, although every handler finished in time", again)
	}
	for _, r := range []*sourcetest.Recorder{all, b, c} {
		if r.Overlaps() > 0 {
			t.Errorf("a partition was consumed by two goroutines at once")
		}
	}
	var sum int64
	for _, n := range k.Committed(t, group, topic, 6) {
		sum += n
	}
	if sum != total {
		t.Errorf("committed %d of %d", sum, total)
	}
}

func TestSlowHandlerDoesNotLoseItsMembership(t *testing.T) {
	k := sourcetest.Open(t)
	topic, group := k.Topic(t, "slow", 1), sourcetest.Name("g")
	k.Produce(t, records(topic, 1, 3)...)
	cfg := k.Config(group, topic)
	cfg.SessionTimeout, cfg.Heartbeat = 6*time.Second, 500*time.Millisecond
	if sourcetest.OnApache() {
		cfg.SessionTimeout = time.Second
		cfg.Heartbeat = 200 * time.Millisecond
	}
	r := &sourcetest.Recorder{Before: func(ctx context.Context, _ *source.Partition, _ source.Batch) error {
		time.Sleep(2500 * time.Millisecond) // longer than a session
		return nil
	}}
	_, stop := sourcetest.Run(t, cfg, r)
	sourcetest.Eventually(t, 20*time.Second, count(r, 3))
	stop()
	if len(r.Assignments()) != 1 {
		t.Errorf("%d generations, want 1: heartbeats must go on while the handler works", len(r.Assignments()))
	}
	if c := k.Committed(t, group, topic, 1)[0]; c != 3 {
		t.Errorf("committed %d, want 3", c)
	}
}

func TestHandlerErrorEndsRunAndCommitsNothing(t *testing.T) {
	k := sourcetest.Open(t)
	topic, group := k.Topic(t, "fatal", 1), sourcetest.Name("g")
	k.Produce(t, records(topic, 1, 3)...)
	broken := errors.New("the sink is broken for good")
	r := &sourcetest.Recorder{Before: func(context.Context, *source.Partition, source.Batch) error { return broken }}
	s, err := source.New(k.Config(group, topic), r, source.Deps{Log: sourcetest.Log(t)})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(t.Context()); !errors.Is(err, broken) {
		t.Errorf("Run ended with %v, want the handler's error", err)
	}
	if c := k.Committed(t, group, topic, 1)[0]; c != -1 {
		t.Errorf("committed %d, want nothing", c)
	}
}

func TestSoftStopLetsTheHandlerFinishAndHardStopDoesNot(t *testing.T) {
	k := sourcetest.Open(t)
	for _, hard := range []bool{false, true} {
		t.Run(fmt.Sprintf("hard=%v", hard), func(t *testing.T) {
			topic, group := k.Topic(t, "stop", 1), sourcetest.Name("g")
			k.Produce(t, records(topic, 1, 3)...)
			entered := make(chan struct{})
			r := &sourcetest.Recorder{Before: func(ctx context.Context, _ *source.Partition, _ source.Batch) error {
				close(entered)
				select {
				case <-time.After(700 * time.Millisecond):
					return nil
				case <-ctx.Done():
					return context.Cause(ctx)
				}
			}}
			s, stop := sourcetest.Run(t, k.Config(group, topic), r)
			<-entered
			began := time.Now()
			if hard {
				s.Abort()
			}
			stop()
			want := int64(3)
			if hard {
				want = -1
				if d := time.Since(began); d > 600*time.Millisecond {
					t.Errorf("the hard stop took %s", d)
				}
			}
			if c := k.Committed(t, group, topic, 1)[0]; c != want {
				t.Errorf("committed %d, want %d", c, want)
			}
		})
	}
}

func TestStopIsQuickWhenIdle(t *testing.T) {
	k := sourcetest.Open(t)
	topic := k.Topic(t, "idle", 4)
	s, stop := sourcetest.Run(t, k.Config(sourcetest.Name("g"), topic), &sourcetest.Recorder{})
	sourcetest.Eventually(t, 20*time.Second, func() (bool, string) { st := s.Status(); return st.Joined, fmt.Sprint(st) })
	began := time.Now()
	stop()
	if d := time.Since(began); d > 2*time.Second {
		t.Errorf("an idle source took %s to stop", d)
	}
}

func TestBrokerAwayAndBack(t *testing.T) {
	k, restart := sourcetest.OpenRestartable(t)
	topic, group := k.Topic(t, "away", 2), sourcetest.Name("g")
	k.Produce(t, records(topic, 2, 10)...)
	r := &sourcetest.Recorder{}
	s, stop := sourcetest.Run(t, k.Config(group, topic), r)
	sourcetest.Eventually(t, 20*time.Second, count(r, 10))
	k.Stop(t)
	sourcetest.Eventually(t, 30*time.Second, func() (bool, string) {
		st := s.Status()
		return !st.Joined && st.Err != "", fmt.Sprintf("%+v", st)
	})
	restart()
	k.Produce(t, sourcetest.Record(topic, 1, "k", "after the restart"))
	sourcetest.Eventually(t, 60*time.Second, count(r, 11))
	stop()
}

func TestBrokerAwayAtStart(t *testing.T) {
	k, restart := sourcetest.OpenRestartable(t)
	topic := k.Topic(t, "start", 1)
	k.Produce(t, records(topic, 1, 2)...)
	k.Stop(t)
	r := &sourcetest.Recorder{}
	s, stop := sourcetest.Run(t, k.Config(sourcetest.Name("g"), topic), r)
	sourcetest.Eventually(t, 20*time.Second, func() (bool, string) { st := s.Status(); return st.Err != "", fmt.Sprintf("%+v", st) })
	restart()
	sourcetest.Eventually(t, 60*time.Second, count(r, 2))
	stop()
}

func TestConfigValidateNamesEachField(t *testing.T) {
	ok := source.DefaultConfig()
	ok.Kafka.Brokers, ok.Group, ok.Topics = []string{"127.0.0.1:9092"}, "g", []string{"t"}
	if err := ok.Validate(); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*source.Config){
		"brokers":         func(c *source.Config) { c.Kafka.Brokers = nil },
		"group":           func(c *source.Config) { c.Group = "" },
		"topics":          func(c *source.Config) { c.Topics = nil },
		"start_offset":    func(c *source.Config) { c.Start = "yesterday" },
		"session_timeout": func(c *source.Config) { c.SessionTimeout = 0 },
		"heartbeat":       func(c *source.Config) { c.Heartbeat = c.SessionTimeout },
		"grace":           func(c *source.Config) { c.Grace = c.RebalanceTimeout },
		"fetch_max_bytes": func(c *source.Config) { c.FetchMaxBytes = 0 },
		"retry_min":       func(c *source.Config) { c.RetryMin = time.Hour },
	} {
		c := ok
		change(&c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want a fault of %s", err, want)
		}
	}
}

func deleteBefore(t *testing.T, k *sourcetest.Kafka, topic string, offset int64) {
	t.Helper()
	if err := sourcetest.DeleteRecords(t.Context(), k.Kgo(t), topic, 0, offset); err != nil {
		t.Fatal(err)
	}
}
