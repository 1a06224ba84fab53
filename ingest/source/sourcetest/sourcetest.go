// Package sourcetest gives tests a Kafka: the embedded one, or Apache Kafka when the environment variable
// VOC_TEST_KAFKA is "apache". The same tests run on both; nothing is skipped.
package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kgo"

	"voc/ingest/broker"
	"voc/ingest/broker/apache"
	"voc/ingest/connect"
	"voc/ingest/source"
)

// Kafka is a running broker of a test.
type Kafka struct {
	Addr   string
	Fake   *broker.Broker // nil on Apache Kafka
	Apache *apache.Server // nil on the embedded Kafka

	mu     sync.Mutex
	client *kafka.Client
}

// OnApache reports whether this run of the tests uses Apache Kafka.
func OnApache() bool { return os.Getenv("VOC_TEST_KAFKA") == "apache" }

var (
	sharedMu sync.Mutex
	shared   *Kafka
	sharedAt string
	serial   atomic.Int64
)

// Main runs the tests of a package and then stops the broker they shared. Call it from TestMain.
func Main(m *testing.M) {
	code := m.Run()
	Close()
	os.Exit(code)
}

// Close stops the shared broker, for packages whose TestMain has another Main to call.
func Close() {
	sharedMu.Lock()
	defer sharedMu.Unlock()
	if shared != nil {
		shared.stop()
		os.RemoveAll(sharedAt)
		shared = nil
	}
}

// Open returns the broker that the tests of the package share.
func Open(t testing.TB) *Kafka {
	t.Helper()
	sharedMu.Lock()
	defer sharedMu.Unlock()
	if shared != nil {
		return shared
	}
	dir, err := os.MkdirTemp("", "voc-kafka-")
	if err != nil {
		t.Fatal(err)
	}
	k, err := start(context.Background(), dir)
	if err != nil {
		os.RemoveAll(dir)
		t.Fatal(err)
	}
	shared, sharedAt = k, dir
	return k
}

// OpenOwn returns a broker of the test's own, which it may kill.
func OpenOwn(t testing.TB) *Kafka {
	t.Helper()
	k, err := start(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.stop() })
	return k
}

func start(ctx context.Context, dir string) (*Kafka, error) {
	if v := os.Getenv("VOC_TEST_KAFKA"); v != "" && v != "apache" && v != "kfake" {
		return nil, fmt.Errorf("VOC_TEST_KAFKA is %q; give apache or kfake", v)
	}
	if OnApache() {
		s, err := apache.Start(ctx, apache.Config{Dir: dir + "/kafka"})
		if err != nil {
			return nil, err
		}
		return &Kafka{Addr: s.Addr(), Apache: s}, nil
	}
	b, err := broker.Start(ctx, fakeConfig(dir))
	if err != nil {
		return nil, err
	}
	return &Kafka{Addr: b.Addr(), Fake: b}, nil
}

func fakeConfig(dir string) broker.Config {
	return broker.Config{Dir: dir + "/kafka", MinSessionTimeout: 500 * time.Millisecond}
}

func (k *Kafka) stop() {
	k.mu.Lock()
	if k.client != nil {
		if t, ok := k.client.Transport.(*kafka.Transport); ok {
			t.CloseIdleConnections()
		}
		k.client = nil
	}
	k.mu.Unlock()
	if k.Fake != nil {
		k.Fake.Close()
	}
	if k.Apache != nil {
		k.Apache.Kill()
	}
}

// Stop ends the broker abruptly; Restart brings it back on the same address with the same log.
func (k *Kafka) Stop(t testing.TB) {
	t.Helper()
	k.stop()
}

// Restart starts a stopped broker again. dir is not needed for Apache Kafka, which remembers it.
func (k *Kafka) Restart(t testing.TB, cfg broker.Config) {
	t.Helper()
	if k.Apache != nil {
		if err := k.Apache.Restart(t.Context()); err != nil {
			t.Fatal(err)
		}
		return
	}
	b, err := broker.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	k.Fake = b
}

// OpenRestartable returns a broker of the test's own and a function that starts it again after Stop.
func OpenRestartable(t testing.TB) (*Kafka, func()) {
	t.Helper()
	dir := t.TempDir()
	k, err := start(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.stop() })
	return k, func() { k.Restart(t, fakeConfig(dir)) }
}

// Name returns a name for a topic or group that no other test uses.
func Name(prefix string) string { return fmt.Sprintf("%s.%d", prefix, serial.Add(1)) }

// Client returns a kafka-go client, which all tests on this broker share.
func (k *Kafka) Client() *kafka.Client {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.client == nil {
		// The time to live of what the client knows is also the time limit for asking.
		k.client = &kafka.Client{Addr: kafka.TCP(k.Addr), Transport: &kafka.Transport{MetadataTTL: 2 * time.Second}, Timeout: 20 * time.Second}
	}
	return k.client
}

// Topic creates a topic with a name of its own.
func (k *Kafka) Topic(t testing.TB, prefix string, partitions int, config ...kafka.ConfigEntry) string {
	t.Helper()
	name := Name(prefix)
	k.CreateTopic(t, name, partitions, config...)
	return name
}

// CreateTopic creates the named topic. The broker may not know it for a moment, which the producers of Kgo wait for.
func (k *Kafka) CreateTopic(t testing.TB, name string, partitions int, config ...kafka.ConfigEntry) {
	t.Helper()
	c := k.Client()
	res, err := c.CreateTopics(t.Context(), &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{{
		Topic: name, NumPartitions: partitions, ReplicationFactor: 1, ConfigEntries: config,
	}}})
	if err == nil {
		err = res.Errors[name]
	}
	if err != nil && !errors.Is(err, kafka.TopicAlreadyExists) {
		t.Fatalf("create topic %s: %v", name, err)
	}
}

// Kgo returns a franz-go client, which can do what kafka-go cannot: choose partitions and run transactions.
func (k *Kafka) Kgo(t testing.TB, opts ...kgo.Opt) *kgo.Client {
	t.Helper()
	c, err := kgo.NewClient(append([]kgo.Opt{
		kgo.SeedBrokers(k.Addr), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.ProducerLinger(0), kgo.ProducerBatchMaxBytes(8 << 20),
	}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// Produce writes records and waits until the broker has them.
func (k *Kafka) Produce(t testing.TB, records ...*kgo.Record) {
	t.Helper()
	c := k.Kgo(t)
	if err := c.ProduceSync(t.Context(), records...).FirstErr(); err != nil {
		t.Fatalf("produce: %v", err)
	}
}

// Record makes a record for Produce.
func Record(topic string, partition int, key, value string) *kgo.Record {
	return &kgo.Record{Topic: topic, Partition: int32(partition), Key: []byte(key), Value: []byte(value)}
}

// Config returns a source configuration with short times.
func (k *Kafka) Config(group string, topics ...string) source.Config {
	c := source.DefaultConfig()
	c.Kafka = connect.Config{Brokers: []string{k.Addr}, ClientID: "voc-test"}
	c.Group, c.Topics = group, topics
	c.SessionTimeout, c.Heartbeat, c.RebalanceTimeout = 6*time.Second, 200*time.Millisecond, 6*time.Second
	c.JoinBackoff, c.WatchInterval, c.FetchWait = 200*time.Millisecond, 300*time.Millisecond, 100*time.Millisecond
	c.Grace, c.Drain, c.RetryMin, c.RetryMax = 2*time.Second, 5*time.Second, 10*time.Millisecond, 300*time.Millisecond
	return c
}

// Committed returns the committed offset of each partition of a topic; -1 where nothing was committed.
func (k *Kafka) Committed(t testing.TB, group, topic string, partitions int) []int64 {
	t.Helper()
	ids := make([]int, partitions)
	for i := range ids {
		ids[i] = i
	}
	var res *kafka.OffsetFetchResponse
	var err error
	for range 20 { // the broker may be restarting
		res, err = k.Client().OffsetFetch(t.Context(), &kafka.OffsetFetchRequest{GroupID: group, Topics: map[string][]int{topic: ids}})
		if err == nil {
			err = res.Error
		}
		if err == nil || errors.Is(err, kafka.GroupIdNotFound) {
			break
		}
		time.Sleep(250 * time.Millisecond)
	}
	out := make([]int64, partitions)
	if errors.Is(err, kafka.GroupIdNotFound) {
		for i := range out {
			out[i] = -1
		}
		return out
	}
	if err != nil {
		t.Fatalf("read the offsets of group %s: %v", group, err)
	}
	for _, p := range res.Topics[topic] {
		out[p.Partition] = p.CommittedOffset
	}
	return out
}

// Eventually waits until ok holds, or fails the test with what describes the last state.
func Eventually(t testing.TB, within time.Duration, ok func() (bool, string)) {
	t.Helper()
	deadline := time.Now().Add(within)
	for {
		done, state := ok()
		if done {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", within, state)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// Taken is one record as a Recorder saw it.
type Taken struct {
	Topic     string
	Partition int
	Offset    int64
	Kind      source.Kind
	Key       string
	Value     string
	Null      bool
}

// Recorder is a handler that writes records into memory and commits after each batch.
type Recorder struct {
	// Before, when set, runs before a batch counts as written; its error ends the partition's consumption.
	Before func(ctx context.Context, p *source.Partition, b source.Batch) error

	mu          sync.Mutex
	taken       []Taken
	assignments []source.Assignment
	active      map[string]int
	overlaps    int
}

// Assigned implements source.Handler.
func (r *Recorder) Assigned(a source.Assignment) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.assignments = append(r.assignments, a)
}

// Consume implements source.Handler.
func (r *Recorder) Consume(ctx context.Context, p *source.Partition) error {
	id := fmt.Sprintf("%s/%d", p.Topic, p.ID)
	r.mu.Lock()
	if r.active == nil {
		r.active = map[string]int{}
	}
	if r.active[id]++; r.active[id] > 1 {
		r.overlaps++
	}
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		r.active[id]--
		r.mu.Unlock()
	}()
	for {
		b, err := p.Fetch(ctx, 200*time.Millisecond, false)
		if err != nil {
			return err
		}
		if len(b.Records) == 0 {
			continue
		}
		if r.Before != nil {
			if err := r.Before(ctx, p, b); err != nil {
				return err
			}
		}
		r.mu.Lock()
		for _, rec := range b.Records {
			r.taken = append(r.taken, Taken{p.Topic, p.ID, rec.Offset, rec.Kind, string(rec.Key), string(rec.Value), rec.Value == nil})
		}
		r.mu.Unlock()
		if err := p.Commit(ctx, b.Next); err != nil {
			return err
		}
	}
}

// Taken returns what was written so far, in the order of writing.
func (r *Recorder) Taken() []Taken {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.taken)
}

// Values returns the distinct values of data records, and how many were written more than once.
func (r *Recorder) Values() (values map[string]int, again int) {
	values = map[string]int{}
	for _, t := range r.Taken() {
		if t.Kind == source.Data {
			if values[t.Value]++; values[t.Value] > 1 {
				again++
			}
		}
	}
	return values, again
}

// Assignments returns the generations so far.
func (r *Recorder) Assignments() []source.Assignment {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.assignments)
}

// Overlaps counts partitions that two goroutines of this process consumed at once.
func (r *Recorder) Overlaps() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.overlaps
}

// Run runs a source until the returned stop function is called, which waits for its end and fails the test on an error.
func Run(t testing.TB, cfg source.Config, h source.Handler) (s *source.Source, stop func()) {
	t.Helper()
	s, err := source.New(cfg, h, source.Deps{Log: Log(t)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			select {
			case err := <-done:
				if err != nil {
					t.Errorf("the source ended with: %v", err)
				}
			case <-time.After(30 * time.Second):
				t.Error("the source does not stop")
			}
		})
	}
	t.Cleanup(stop)
	return s, stop
}
