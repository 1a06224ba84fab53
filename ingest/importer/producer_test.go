package importer

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"voc/ingest/broker"
	"voc/ingest/connect"
)

func startBroker(t *testing.T, partitions int) *broker.Broker {
	t.Helper()
	b, err := broker.Start(t.Context(), broker.Config{Topics: []string{"voc.posts"}, Partitions: partitions})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

func producer(t *testing.T, addr string, change func(*ProducerConfig)) *Producer {
	t.Helper()
	cfg := ProducerConfig{Kafka: connect.Config{Brokers: []string{addr}}, Topic: "voc.posts", BatchRows: 50,
		RetryMin: time.Millisecond, RetryMax: 10 * time.Millisecond, RetryFor: 20 * time.Second, Timeout: 5 * time.Second}
	if change != nil {
		change(&cfg)
	}
	p, err := NewProducer(cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return p
}

// edits are n rows about a few posts, each row a newer version.
func edits(n int) string {
	var b strings.Builder
	b.WriteString("post_id,version,body,posted_at\n")
	for i := range n {
		fmt.Fprintf(&b, "p%d,%d,本文%d,2026-11-01\n", i%7, i, i)
	}
	return b.String()
}

// consume reads n messages of every partition's log and returns the versions of each key in their order.
func consume(t *testing.T, addr string, partitions, n int) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for p := range partitions {
		conn, err := kafka.DialLeader(t.Context(), "tcp", addr, "voc.posts", p)
		if err != nil {
			t.Fatal(err)
		}
		first, last, err := conn.ReadOffsets()
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
		r := kafka.NewReader(kafka.ReaderConfig{Brokers: []string{addr}, Topic: "voc.posts", Partition: p, MaxWait: 10 * time.Millisecond})
		for range last - first {
			m, err := r.ReadMessage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			_, v, _ := strings.Cut(string(m.Value), `"version":`)
			v, _, _ = strings.Cut(v, ",")
			out[string(m.Key)] = append(out[string(m.Key)], v)
			n--
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if n > 0 {
		t.Errorf("%d messages are missing", n)
	}
	return out
}

// wantOrder tests that the versions of each post never go back, apart from whole batches that were sent again.
func wantOrder(t *testing.T, got map[string][]string, rows int) {
	t.Helper()
	seen := 0
	for key, versions := range got {
		high := -1
		for _, v := range versions {
			var n int
			if _, err := fmt.Sscan(v, &n); err != nil {
				t.Fatal(err)
			}
			if n == high {
				continue
			}
			if n < high {
				t.Errorf("version %d of %s comes after %d", n, key, high)
			}
			high = n
			seen++
		}
	}
	if seen != rows {
		t.Errorf("%d rows arrived; want %d", seen, rows)
	}
}

func TestImportInOrder(t *testing.T) {
	b := startBroker(t, 3)
	p := producer(t, b.Addr(), nil)
	const rows = 730
	x, err := Open(Config{Format: CSV}, strings.NewReader(edits(rows)))
	if err != nil {
		t.Fatal(err)
	}
	var told []Stats
	s, err := p.Import(t.Context(), x, func(s Stats) { told = append(told, s) })
	if err != nil || s.Produced != rows || s.Rows != rows || p.Confirmed() != rows {
		t.Fatalf("%v, %v", s, err)
	}
	if len(told) < 10 || told[len(told)-1].Produced != rows {
		t.Errorf("%d progress calls, the last %v", len(told), told[len(told)-1])
	}
	for i := 1; i < len(told); i++ {
		if told[i].Produced < told[i-1].Produced || told[i].BytesRead < told[i-1].BytesRead {
			t.Errorf("progress went back: %v after %v", told[i], told[i-1])
		}
	}
	wantOrder(t, consume(t, b.Addr(), 3, rows), rows)
}

// TestBrokerTrouble lets the broker fail every third produce request for a while; nothing is lost and order holds.
func TestBrokerTrouble(t *testing.T) {
	b := startBroker(t, 2)
	n := 0
	b.Cluster().ControlKey(int16(kmsg.Produce), func(kreq kmsg.Request) (kmsg.Response, error, bool) {
		b.Cluster().KeepControl()
		n++
		if n%3 != 1 || n > 30 {
			return nil, nil, false
		}
		req := kreq.(*kmsg.ProduceRequest)
		resp := req.ResponseKind().(*kmsg.ProduceResponse)
		for _, topic := range req.Topics {
			rt := kmsg.NewProduceResponseTopic()
			rt.Topic, rt.TopicID = topic.Topic, topic.TopicID
			for _, part := range topic.Partitions {
				rp := kmsg.NewProduceResponseTopicPartition()
				rp.Partition, rp.ErrorCode = part.Partition, kerr.NotLeaderForPartition.Code
				rt.Partitions = append(rt.Partitions, rp)
			}
			resp.Topics = append(resp.Topics, rt)
		}
		return resp, nil, true
	})
	p := producer(t, b.Addr(), nil)
	const rows = 500
	x, err := Open(Config{Format: CSV}, strings.NewReader(edits(rows)))
	if err != nil {
		t.Fatal(err)
	}
	s, err := p.Import(t.Context(), x, nil)
	if err != nil || s.Produced != rows {
		t.Fatalf("%v, %v", s, err)
	}
	if n < 12 {
		t.Fatalf("only %d produce requests were seen; the fault was not tested", n)
	}
	wantOrder(t, consume(t, b.Addr(), 2, rows), rows)
}

func TestGivesUpWithoutBroker(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	p := producer(t, addr, func(c *ProducerConfig) { c.RetryFor, c.Timeout = 200*time.Millisecond, 100*time.Millisecond })
	x, err := Open(Config{Format: CSV}, strings.NewReader(edits(10)))
	if err != nil {
		t.Fatal(err)
	}
	s, err := p.Import(t.Context(), x, nil)
	if err == nil || !strings.Contains(err.Error(), "gave up after 200ms") || s.Produced != 0 || s.Rows != 10 {
		t.Errorf("%v, %v; want to give up with nothing produced", s, err)
	}
}

func TestGoodRowsInFrontOfTooManyErrorsAreSent(t *testing.T) {
	b := startBroker(t, 1)
	p := producer(t, b.Addr(), nil)
	x, err := Open(Config{Format: CSV}, strings.NewReader("body,posted_at\na,2026-11-01\nb\n"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := p.Import(t.Context(), x, nil)
	if !errors.Is(err, ErrTooManyErrors) || s.Produced != 1 || s.Skipped["ragged"] != 1 {
		t.Errorf("%v, %v", s, err)
	}
	consume(t, b.Addr(), 1, 1)
}

func TestProducerConfigErrors(t *testing.T) {
	_, err := NewProducer(ProducerConfig{}, nil)
	for _, want := range []string{"brokers is empty", "topic is empty"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v; want one with %q", err, want)
		}
	}
}
