package forget

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"

	"voc/ingest/connect"
)

// Kafka is the cluster that the posts came from.
type Kafka struct {
	Config connect.Config
	// Posts is the topic whose keys are post ids. Others are topics that hold raw messages too, the dead letters among
	// them.
	Posts  string
	Others []string
}

// records is what was read of the erased posts.
type records struct {
	messages map[string]uint64 // by topic
	keys     map[int][][]byte  // of the posts topic, by partition
}

// records asks the ledger which messages the posts came from, before the ledger forgets it.
func (f *Forget) records(ctx context.Context, t *targets) (records, error) {
	r := records{messages: map[string]uint64{}, keys: map[int][][]byte{}}
	if f.deps.Kafka == nil {
		return r, nil
	}
	for _, in := range inLists(t.hashes) {
		err := f.each(ctx, "SELECT kafka_topic, kafka_partition, post_id, count() FROM record_outcomes FINAL WHERE "+hashOfPost+" IN ("+in+") GROUP BY ALL", nil, func(scan func(...any) error) error {
			var topic, id string
			var partition uint32
			var n uint64
			if err := scan(&topic, &partition, &id, &n); err != nil {
				return err
			}
			r.messages[topic] += n
			if topic == f.deps.Kafka.Posts {
				r.keys[int(partition)] = append(r.keys[int(partition)], []byte(id))
			}
			return nil
		})
		if err != nil {
			return r, err
		}
	}
	return r, nil
}

// finish says what the topics keep, and sends tombstones to the topic of posts when it is compacted.
func (k *Kafka) finish(ctx context.Context, r records, cert *Certificate) error {
	transport, err := k.Config.Transport(append([]string{k.Posts}, k.Others...)...)
	if err != nil {
		return fmt.Errorf("forget: kafka: %w", err)
	}
	defer transport.CloseIdleConnections()
	client := &kafka.Client{Addr: k.Config.Addr(), Transport: transport, Timeout: 20 * time.Second}
	for _, name := range append([]string{k.Posts}, k.Others...) {
		topic := Topic{Name: name, Messages: r.messages[name]}
		if topic.Cleanup, topic.Retention, err = policy(ctx, client, name); err != nil {
			return err
		}
		if name == k.Posts && strings.Contains(topic.Cleanup, "compact") {
			for partition, keys := range r.keys {
				if err := tombstones(ctx, client, name, partition, keys); err != nil {
					return err
				}
				topic.Tombstones += len(keys)
			}
		}
		cert.Topics = append(cert.Topics, topic)
	}
	return nil
}

// policy is how a topic forgets.
func policy(ctx context.Context, client *kafka.Client, topic string) (cleanup, retention string, err error) {
	res, err := client.DescribeConfigs(ctx, &kafka.DescribeConfigsRequest{Resources: []kafka.DescribeConfigRequestResource{{
		ResourceType: kafka.ResourceTypeTopic, ResourceName: topic, ConfigNames: []string{"cleanup.policy", "retention.ms"},
	}}})
	if err != nil {
		return "", "", fmt.Errorf("forget: ask for the retention of %s: %w", topic, err)
	}
	for _, r := range res.Resources {
		if r.Error != nil {
			return "", "", fmt.Errorf("forget: ask for the retention of %s: %w", topic, r.Error)
		}
		for _, e := range r.ConfigEntries {
			switch e.ConfigName {
			case "cleanup.policy":
				cleanup = e.ConfigValue
			case "retention.ms":
				if ms, err := strconv.ParseInt(e.ConfigValue, 10, 64); err == nil && ms >= 0 && ms < int64(200*365*24*time.Hour/time.Millisecond) {
					retention = (time.Duration(ms) * time.Millisecond).String()
				}
			}
		}
	}
	if cleanup == "compact" {
		retention = "" // only compaction deletes
	}
	return cleanup, retention, nil
}

// tombstones gives keys a null value, in the partition where their messages are.
func tombstones(ctx context.Context, client *kafka.Client, topic string, partition int, keys [][]byte) error {
	for batch := range slices.Chunk(keys, 500) {
		records := make([]kafka.Record, len(batch))
		for i, key := range batch {
			records[i] = kafka.Record{Time: time.Now(), Key: kafka.NewBytes(key)}
		}
		res, err := client.Produce(ctx, &kafka.ProduceRequest{Topic: topic, Partition: partition, RequiredAcks: kafka.RequireAll, Records: kafka.NewRecordReader(records...)})
		if err == nil {
			err = res.Error
		}
		if err != nil {
			return fmt.Errorf("forget: send %d tombstones to %s/%d: %w", len(batch), topic, partition, err)
		}
	}
	return nil
}
