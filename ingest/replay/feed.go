package replay

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/segmentio/kafka-go"

	"voc/ingest/connect"
	"voc/ingest/event"
	"voc/schema"
)

// HeaderReplay names the message that a sent one repairs, as topic/partition/offset.
const HeaderReplay = "voc-replay-of"

// Topics are the topics of the events, which say how a message is checked.
type Topics struct{ Posts, Activity, Accounts, Surveys string }

// Config of a feeder.
type Config struct {
	Kafka  connect.Config
	Topics Topics
	Limits event.Limits
	// Unchecked sends messages too that would be refused again.
	Unchecked bool
	// Again sends messages too that were sent before.
	Again bool
	// DryRun checks and sends nothing.
	DryRun bool
}

// Verdict is what became of a letter.
type Verdict struct {
	Letter *Letter
	// Sent is true when Kafka has it, or would have in a dry run. Err says why not; ErrSent that it was sent before.
	Sent bool
	Err  error
}

// ErrSent is the error of letters that were sent again before.
var ErrSent = errors.New("it was sent again before")

// Feeder sends letters to the topics they came from.
type Feeder struct {
	cfg    Config
	conn   driver.Conn
	client *kafka.Client
}

// NewFeeder checks the configuration. conn is to the database of the tables and has the rights of schema.RoleWriter.
func NewFeeder(cfg Config, conn driver.Conn) (*Feeder, error) {
	if conn == nil || cfg.Topics.Posts == "" {
		return nil, errors.New("replay: a connection and the topics are needed")
	}
	var topics []string
	for _, t := range []string{cfg.Topics.Posts, cfg.Topics.Activity, cfg.Topics.Accounts, cfg.Topics.Surveys} {
		if t != "" {
			topics = append(topics, t)
		}
	}
	tr, err := cfg.Kafka.Transport(topics...)
	if err != nil {
		return nil, fmt.Errorf("replay: kafka: %w", err)
	}
	return &Feeder{cfg: cfg, conn: conn, client: &kafka.Client{Addr: cfg.Kafka.Addr(), Transport: tr, Timeout: 30 * time.Second}}, nil
}

// Close ends the connections to Kafka.
func (f *Feeder) Close() {
	if t, ok := f.client.Transport.(*kafka.Transport); ok {
		t.CloseIdleConnections()
	}
}

// batchLetters is how many letters go into one request.
const batchLetters = 100

// Feed sends letters and marks those that Kafka has. It returns a verdict for each, in their order. The error is that of
// Kafka or ClickHouse; what was sent before it is marked, or is sent once more by the next call, which is harmless.
func (f *Feeder) Feed(ctx context.Context, letters []Letter, progress func(done int)) ([]Verdict, error) {
	verdicts := make([]Verdict, len(letters))
	state, err := f.known(ctx, letters)
	if err != nil {
		return nil, err
	}
	type target struct {
		topic     string
		partition int
	}
	groups := map[target][]int{}
	var order []target
	here := map[Origin]bool{}
	for i := range letters {
		l := &letters[i]
		verdicts[i].Letter = l
		if verdicts[i].Err = f.check(l, state); verdicts[i].Err != nil {
			continue
		}
		if here[l.Origin()] {
			verdicts[i].Err = errors.New("it is given twice; keep one of the two")
			continue
		}
		here[l.Origin()] = true
		to := target{l.Topic, l.Partition}
		if l.keyChanged() {
			if to.partition, err = f.partitionOf(ctx, l); err != nil {
				return verdicts, err
			}
		}
		if groups[to] == nil {
			order = append(order, to)
		}
		groups[to] = append(groups[to], i)
	}
	done := 0
	for _, to := range order {
		for batch := range slices.Chunk(groups[to], batchLetters) {
			if !f.cfg.DryRun {
				if err := f.send(ctx, to.topic, to.partition, letters, batch); err != nil {
					return verdicts, err
				}
			}
			for _, i := range batch {
				verdicts[i].Sent = true
			}
			if done += len(batch); progress != nil {
				progress(done)
			}
		}
	}
	return verdicts, nil
}

// known looks up which letters there are, and which of them were sent: false and true.
func (f *Feeder) known(ctx context.Context, letters []Letter) (map[Origin]bool, error) {
	topics := map[string]bool{}
	var names []string
	for i := range letters {
		if t := letters[i].Topic; !topics[t] {
			topics[t] = true
			names = append(names, t)
		}
	}
	state := map[Origin]bool{}
	for _, topic := range names {
		rows, err := f.conn.Query(ctx, "SELECT kafka_partition, kafka_offset, state != 'open' FROM dead_letters WHERE kafka_topic = {topic:String}",
			driver.NamedValue{Name: "topic", Value: topic})
		if err != nil {
			return nil, fmt.Errorf("replay: cannot read the dead letters: %w", err)
		}
		for rows.Next() {
			var partition uint32
			var offset uint64
			var sent uint8
			if err := rows.Scan(&partition, &offset, &sent); err != nil {
				return nil, errors.Join(fmt.Errorf("replay: cannot read the dead letters: %w", err), rows.Close())
			}
			state[Origin{topic, int(partition), int64(offset)}] = sent == 1
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, fmt.Errorf("replay: cannot read the dead letters: %w", err)
		}
	}
	return state, nil
}

// check says why a letter is not to be sent.
func (f *Feeder) check(l *Letter, state map[Origin]bool) error {
	sent, ok := state[l.Origin()]
	switch {
	case !ok:
		return fmt.Errorf("%s is no dead letter; keep topic, partition and offset as they were exported", l.Origin())
	case sent && !f.cfg.Again:
		return ErrSent
	case l.Omitted && len(l.Value) == 0:
		return errors.New("its value was too large for the dead-letter topic; put it into value from the topic it came from")
	case f.cfg.Unchecked:
		return nil
	}
	meta := event.Meta{Topic: l.Topic, Partition: l.Partition, Offset: l.Offset, Key: l.Key, Time: l.Time}
	var rejected *event.Reject
	t := f.cfg.Topics
	switch l.Topic {
	case t.Posts:
		_, rejected = event.DecodePost(l.Value, meta, f.cfg.Limits)
	case t.Activity:
		_, rejected = event.DecodeActivity(l.Value, meta, f.cfg.Limits)
	case t.Accounts:
		_, rejected = event.DecodeAccount(l.Value, meta, f.cfg.Limits)
	case t.Surveys:
		_, rejected = event.DecodeSurvey(l.Value, meta, f.cfg.Limits)
	default:
		return fmt.Errorf("its topic %s is not read any more; see kafka.topics", l.Topic)
	}
	if rejected != nil {
		return fmt.Errorf("it would be refused again: %w", rejected)
	}
	return nil
}

// partitionOf is where the records of a changed key are. Others keep the partition they came from, whatever
// partitioner their producer has.
func (f *Feeder) partitionOf(ctx context.Context, l *Letter) (int, error) {
	meta, err := f.client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{l.Topic}})
	if err != nil {
		return 0, fmt.Errorf("replay: ask for the topic %s: %w", l.Topic, err)
	}
	var ids []int
	for _, t := range meta.Topics {
		if t.Name == l.Topic {
			for _, p := range t.Partitions {
				ids = append(ids, p.ID)
			}
		}
	}
	if len(ids) == 0 {
		return 0, fmt.Errorf("replay: the topic %s does not exist", l.Topic)
	}
	slices.Sort(ids)
	return (&kafka.Hash{}).Balance(kafka.Message{Key: l.Key}, ids...), nil
}

// send produces letters to one partition and marks them.
func (f *Feeder) send(ctx context.Context, topic string, partition int, letters []Letter, batch []int) error {
	records := make([]kafka.Record, len(batch))
	for n, i := range batch {
		l := &letters[i]
		r := kafka.Record{Time: l.Time, Headers: []kafka.Header{{Key: HeaderReplay, Value: []byte(l.Origin().String())}}}
		// The time stays: it orders events that bring no version.
		if r.Time.IsZero() {
			r.Time = time.Now()
		}
		if l.Key != nil {
			r.Key = kafka.NewBytes(bytes.Clone(l.Key))
		}
		if l.Value != nil {
			r.Value = kafka.NewBytes(bytes.Clone(l.Value))
		}
		for _, h := range l.Headers {
			if h.Key != HeaderReplay {
				r.Headers = append(r.Headers, kafka.Header(h))
			}
		}
		records[n] = r
	}
	res, err := f.client.Produce(ctx, &kafka.ProduceRequest{Topic: topic, Partition: partition, RequiredAcks: kafka.RequireAll, Records: kafka.NewRecordReader(records...)})
	if err == nil {
		err = res.Error
	}
	if err != nil {
		return fmt.Errorf("replay: send %d messages to %s/%d: %w", len(batch), topic, partition, err)
	}
	marks := make([]schema.Row, len(batch))
	for n, i := range batch {
		l := &letters[i]
		marks[n] = &schema.ReplayRow{
			KafkaTopic: l.Topic, KafkaPartition: uint32(l.Partition), KafkaOffset: uint64(l.Offset),
			ReplayPartition: uint32(partition), ReplayOffset: uint64(res.BaseOffset) + uint64(n), Repaired: l.repaired(),
		}
	}
	if err := schema.Insert(ctx, f.conn, marks...); err != nil {
		return fmt.Errorf("replay: %d messages were sent but not marked as sent, they may be sent once more: %w", len(batch), err)
	}
	return nil
}
