package faulttest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"voc/ingest/broker"
	"voc/ingest/broker/apache"
)

// The two Kafkas.
const (
	KFake  = "kfake"
	Apache = "apache"
)

// Kafka is a broker whose clients come through a proxy. The harness itself goes past the proxy.
type Kafka struct {
	Proxy  *Proxy
	dir    string
	real   string // address of the broker itself
	fake   *broker.Broker
	apache *apache.Server
	kgo    *kgo.Client
	admin  *kafka.Client
}

// StartKafka starts a broker with the topics of a seed.
func StartKafka(ctx context.Context, kind, dir string) (*Kafka, error) {
	proxy, err := NewProxy("")
	if err != nil {
		return nil, err
	}
	k := &Kafka{Proxy: proxy, dir: dir}
	if kind == Apache {
		k.apache, err = apache.Start(ctx, apache.Config{Dir: filepath.Join(dir, "kafka"), Properties: map[string]string{
			"advertised.listeners": "CLIENT://" + proxy.Addr(),
			// The posts of a seed carry times of years ago.
			"log.retention.ms": "-1",
		}})
		if err == nil {
			k.real = k.apache.Addr()
			proxy.SetTarget(k.real)
		}
	} else {
		err = k.startFake(ctx)
	}
	if err != nil {
		proxy.Close()
		return nil, err
	}
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, k.real)
	}
	k.admin = &kafka.Client{Addr: kafka.TCP(proxy.Addr()), Timeout: 10 * time.Second,
		Transport: &kafka.Transport{Dial: dial, MetadataTTL: 200 * time.Millisecond}}
	k.kgo, err = kgo.NewClient(kgo.SeedBrokers(proxy.Addr()), kgo.Dialer(dial), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.ProducerLinger(0))
	if err != nil {
		k.Close()
		return nil, err
	}
	return k, k.createTopics(ctx)
}

// startFake starts the embedded Kafka, again on the same log after a stop.
func (k *Kafka) startFake(ctx context.Context) error {
	b, err := broker.Start(ctx, broker.Config{
		Dir: filepath.Join(k.dir, "kafka"), MinSessionTimeout: 500 * time.Millisecond,
		Listen: func() (net.Listener, error) {
			ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
			if err != nil {
				return nil, err
			}
			k.real = ln.Addr().String()
			k.Proxy.SetTarget(k.real)
			return behind{ln, k.Proxy.ln.Addr()}, nil
		},
	})
	if err != nil {
		return err
	}
	k.fake = b
	return nil
}

// behind is a listener that clients reach through the address of a proxy.
type behind struct {
	net.Listener
	addr net.Addr
}

// Addr implements net.Listener.
func (b behind) Addr() net.Addr { return b.addr }

// Close ends the broker.
func (k *Kafka) Close() {
	if k.kgo != nil {
		k.kgo.Close()
	}
	k.Proxy.Close()
	if k.fake != nil {
		k.fake.Close()
	}
	if k.apache != nil {
		k.apache.Kill()
	}
}

// Restart ends the broker abruptly and starts it again on the same log.
func (k *Kafka) Restart(ctx context.Context) error {
	if k.apache != nil {
		k.apache.Kill()
		return k.apache.Restart(ctx)
	}
	k.fake.Close()
	k.Proxy.Cut(Reset, 0)
	return k.startFake(ctx)
}

// FailCommits lets the next commits fail, in turn with each of the errors that a broker gives to a member in good
// standing. It works on the embedded Kafka only.
func (k *Kafka) FailCommits() error {
	if k.fake == nil {
		return errors.New("commits can be made to fail on the embedded Kafka only")
	}
	for _, err := range []*kerr.Error{
		kerr.CoordinatorNotAvailable, kerr.RequestTimedOut, kerr.NotCoordinator, kerr.RebalanceInProgress, kerr.IllegalGeneration, kerr.UnknownMemberID,
	} {
		k.fake.Cluster().Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.OffsetCommit}, Err: err})
	}
	return nil
}

func (k *Kafka) createTopics(ctx context.Context) error {
	req := &kafka.CreateTopicsRequest{}
	for _, name := range []string{topicPosts, topicActivity, topicAccounts, topicSurveys, topicDead} {
		t := kafka.TopicConfig{Topic: name, NumPartitions: max(1, partitions[name]), ReplicationFactor: 1,
			ConfigEntries: []kafka.ConfigEntry{{ConfigName: "retention.ms", ConfigValue: "-1"}}}
		req.Topics = append(req.Topics, t)
	}
	res, err := k.admin.CreateTopics(ctx, req)
	if err != nil {
		return fmt.Errorf("create topics: %w", err)
	}
	for name, err := range res.Errors {
		if err != nil {
			return fmt.Errorf("create topic %s: %w", name, err)
		}
	}
	return nil
}

// Produce writes records in their order and waits for the broker.
func (k *Kafka) Produce(ctx context.Context, records []Record) error {
	recs := make([]*kgo.Record, len(records))
	for i, r := range records {
		recs[i] = &kgo.Record{Topic: r.Topic, Partition: int32(r.Partition), Key: []byte(r.Key), Value: r.Value, Timestamp: r.Time}
	}
	if err := k.kgo.ProduceSync(ctx, recs...).FirstErr(); err != nil {
		return fmt.Errorf("produce: %w", err)
	}
	return nil
}

// ProduceAborted writes records in a transaction and gives it up.
func (k *Kafka) ProduceAborted(ctx context.Context, records []Record) error {
	c, err := kgo.NewClient(append(k.kgo.Opts(), kgo.TransactionalID("harness"))...)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.BeginTransaction(); err != nil {
		return err
	}
	for _, r := range records {
		rec := &kgo.Record{Topic: r.Topic, Partition: int32(r.Partition), Key: []byte(r.Key), Value: r.Value, Timestamp: r.Time}
		if err := c.ProduceSync(ctx, rec).FirstErr(); err != nil {
			return fmt.Errorf("produce in a transaction: %w", err)
		}
	}
	return c.EndTransaction(ctx, kgo.TryAbort)
}

// Place is a partition of a topic.
type Place struct {
	Topic     string
	Partition int
}

// places lists the partitions that are read.
func places() []Place {
	var out []Place
	for t, n := range partitions {
		for p := range n {
			out = append(out, Place{t, p})
		}
	}
	return out
}

func byTopic() map[string][]int {
	m := map[string][]int{}
	for _, p := range places() {
		m[p.Topic] = append(m[p.Topic], p.Partition)
	}
	return m
}

// Ends returns the end of each partition.
func (k *Kafka) Ends(ctx context.Context) (map[Place]int64, error) {
	req := &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{}}
	for t, ids := range byTopic() {
		for _, id := range ids {
			req.Topics[t] = append(req.Topics[t], kafka.LastOffsetOf(id))
		}
	}
	res, err := k.admin.ListOffsets(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("ask for the ends of the log: %w", err)
	}
	out := map[Place]int64{}
	for t, ps := range res.Topics {
		for _, p := range ps {
			if p.Error != nil {
				return nil, fmt.Errorf("ask for the end of %s/%d: %w", t, p.Partition, p.Error)
			}
			out[Place{t, p.Partition}] = p.LastOffset
		}
	}
	return out, nil
}

// Committed returns what a group has committed; partitions without a commit are absent.
func (k *Kafka) Committed(ctx context.Context, group string) (map[Place]int64, error) {
	res, err := k.admin.OffsetFetch(ctx, &kafka.OffsetFetchRequest{GroupID: group, Topics: byTopic()})
	if err == nil {
		err = res.Error
	}
	if errors.Is(err, kafka.GroupIdNotFound) {
		return map[Place]int64{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("ask for the offsets of group %s: %w", group, err)
	}
	out := map[Place]int64{}
	for t, ps := range res.Topics {
		for _, p := range ps {
			if p.CommittedOffset >= 0 {
				out[Place{t, p.Partition}] = p.CommittedOffset
			}
		}
	}
	return out, nil
}

// Rewind commits offset 0 everywhere. The group must have no members.
func (k *Kafka) Rewind(ctx context.Context, group string) error {
	req := &kafka.OffsetCommitRequest{GroupID: group, GenerationID: -1, Topics: map[string][]kafka.OffsetCommit{}}
	for t, ids := range byTopic() {
		for _, id := range ids {
			req.Topics[t] = append(req.Topics[t], kafka.OffsetCommit{Partition: id, Offset: 0})
		}
	}
	res, err := k.admin.OffsetCommit(ctx, req)
	if err != nil {
		return fmt.Errorf("rewind group %s: %w", group, err)
	}
	for _, ps := range res.Topics {
		for _, p := range ps {
			if p.Error != nil {
				return fmt.Errorf("rewind group %s: %w", group, p.Error)
			}
		}
	}
	return nil
}

// Logged is a record as it lies in the log.
type Logged struct {
	Place
	Offset  int64
	Time    time.Time
	Key     []byte
	Value   []byte
	Null    bool
	Skipped bool // a control record, or part of a transaction that was given up
	Headers map[string]string
}

// Read returns a topic's log up to its end now, in order of partition and offset.
func (k *Kafka) Read(ctx context.Context, topic string, parts int) ([]Logged, error) {
	all, err := k.read(ctx, topic, parts, kgo.ReadUncommitted())
	if err != nil {
		return nil, err
	}
	kept, err := k.read(ctx, topic, parts, kgo.ReadCommitted())
	if err != nil {
		return nil, err
	}
	valid := map[Place]map[int64]bool{}
	for _, r := range kept {
		if valid[r.Place] == nil {
			valid[r.Place] = map[int64]bool{}
		}
		valid[r.Place][r.Offset] = true
	}
	for i := range all {
		all[i].Skipped = all[i].Skipped || !valid[all[i].Place][all[i].Offset]
	}
	return all, nil
}

func (k *Kafka) read(ctx context.Context, topic string, parts int, level kgo.IsolationLevel) ([]Logged, error) {
	req := &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{}}
	from := map[string]map[int32]kgo.Offset{topic: {}}
	for p := range parts {
		req.Topics[topic] = append(req.Topics[topic], kafka.LastOffsetOf(p))
		from[topic][int32(p)] = kgo.NewOffset().AtStart()
	}
	res, err := k.admin.ListOffsets(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("ask for the end of %s: %w", topic, err)
	}
	left := 0
	ends := map[int32]int64{}
	for _, p := range res.Topics[topic] {
		if p.LastOffset > 0 {
			ends[int32(p.Partition)] = p.LastOffset
			left++
		}
	}
	c, err := kgo.NewClient(append(k.kgo.Opts(), kgo.ConsumePartitions(from), kgo.FetchIsolationLevel(level), kgo.KeepControlRecords())...)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	var out []Logged
	for left > 0 {
		fs := c.PollFetches(ctx)
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("read %s: %w", topic, err)
		}
		fs.EachRecord(func(r *kgo.Record) {
			l := Logged{Place: Place{topic, int(r.Partition)}, Offset: r.Offset, Time: r.Timestamp, Key: r.Key, Value: r.Value, Null: r.Value == nil,
				Skipped: r.Attrs.IsControl(), Headers: map[string]string{}}
			for _, h := range r.Headers {
				l.Headers[h.Key] = string(h.Value)
			}
			out = append(out, l)
			if end, ok := ends[r.Partition]; ok && r.Offset >= end-1 {
				delete(ends, r.Partition)
				left--
			}
		})
	}
	return out, nil
}
