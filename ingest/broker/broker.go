// Package broker runs a Kafka inside the process, so that voc works on a machine without one.
//
// It wraps franz-go's kfake, which speaks the wire protocol (groups, transactions, SASL, TLS) and keeps its log in a
// folder. It is one node without replication: good for a demo, a laptop and tests, not a replacement for a cluster.
// It listens on the loopback interface only. Its callers are the commands demo and run --embedded, and tests; a
// second folder, broker/apache, runs the real Apache Kafka for tests.
package broker

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/sasl"
	"github.com/segmentio/kafka-go/sasl/plain"
	"github.com/segmentio/kafka-go/sasl/scram"
	"github.com/twmb/franz-go/pkg/kfake"
	"golang.org/x/sys/unix"
)

// Config of an embedded Kafka.
type Config struct {
	// Dir keeps the log, the group offsets and the port across restarts, also after kill -9. Empty keeps everything in
	// memory and forgets it on Close.
	Dir string
	// Topics are created when they do not exist yet; existing ones keep their partitions.
	Topics []string
	// Compacted names those of Topics that keep only the newest record of a key.
	Compacted []string
	// Partitions of each created topic; zero means 4.
	Partitions int
	// Port on 127.0.0.1; zero takes the port of the last start in Dir, else one that the system chooses.
	Port int
	// SyncWrites calls fsync on every produced batch. Without it, a killed process loses nothing but a power cut may.
	SyncWrites bool
	// SASL admits only this user; nil admits everybody.
	SASL *SASL
	// TLS is the server side of TLS; nil serves plain text.
	TLS *tls.Config
	// ClientTLS is how Start itself connects to create topics when TLS is given.
	ClientTLS *tls.Config
	// MaxMessageBytes is the largest batch that a producer may send; zero means 8 MiB.
	MaxMessageBytes int
	// Listen replaces listening on Port of 127.0.0.1. Clients are sent to the address of the listener that it returns,
	// which may be that of a proxy in front of the broker. Nil is right for everybody but tests.
	Listen func() (net.Listener, error)
	// MinSessionTimeout is the shortest session timeout a group member may ask for; zero means 6 s, as in Apache Kafka.
	MinSessionTimeout time.Duration
}

// SASL is the one user of the broker.
type SASL struct {
	Mechanism string // PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512
	Username  string
	Password  string
}

// Broker is a running embedded Kafka.
type Broker struct {
	cluster *kfake.Cluster
	addr    string
	lock    *os.File
}

// ErrInUse is returned by Start when another process runs a broker on the same folder.
var ErrInUse = errors.New("another process runs the embedded Kafka on this folder; stop it or choose another folder")

// Start runs a broker until Close. It returns when the broker accepts connections and all topics exist.
func Start(ctx context.Context, cfg Config) (_ *Broker, err error) {
	b := &Broker{}
	defer func() {
		if err != nil {
			b.Close()
		}
	}()
	if cfg.Partitions == 0 {
		cfg.Partitions = 4
	}
	if cfg.MaxMessageBytes == 0 {
		cfg.MaxMessageBytes = 8 << 20
	}
	opts := []kfake.Opt{
		kfake.ClusterID("voc-embedded"),
		kfake.DefaultNumPartitions(cfg.Partitions),
		kfake.ListenFn(cfg.listen),
		kfake.BrokerConfigs(map[string]string{
			"message.max.bytes": strconv.Itoa(cfg.MaxMessageBytes),
			// Posts of past weeks carry their own time and would be deleted on arrival by the default of seven days.
			"log.retention.ms": "-1",
			// The group of a demo that was stopped for a month must not start from the beginning.
			"offsets.retention.minutes": strconv.Itoa(10 * 365 * 24 * 60),
		}),
	}
	if cfg.MinSessionTimeout > 0 {
		opts = append(opts, kfake.GroupMinSessionTimeout(cfg.MinSessionTimeout))
	}
	port := cfg.Port
	if cfg.Dir != "" {
		if err := b.acquire(cfg.Dir); err != nil {
			return nil, err
		}
		if port == 0 {
			if port, err = readPort(portFile(cfg.Dir)); err != nil {
				return nil, err
			}
		}
		opts = append(opts, kfake.DataDir(filepath.Join(cfg.Dir, "log")))
		if cfg.SyncWrites {
			opts = append(opts, kfake.SyncWrites())
		}
	}
	opts = append(opts, kfake.Ports(port))
	if cfg.TLS != nil {
		opts = append(opts, kfake.TLS(cfg.TLS))
	}
	if cfg.SASL != nil {
		opts = append(opts, kfake.EnableSASL(), kfake.Superuser(cfg.SASL.Mechanism, cfg.SASL.Username, cfg.SASL.Password))
	}
	if b.cluster, err = kfake.NewCluster(opts...); err != nil {
		return nil, fmt.Errorf("start the embedded Kafka on 127.0.0.1:%d: %w", port, err)
	}
	addrs := b.cluster.ListenAddrs()
	if len(addrs) != 1 {
		return nil, fmt.Errorf("the embedded Kafka listens on %d addresses; it must be one", len(addrs))
	}
	b.addr = addrs[0]
	if cfg.Dir != "" {
		_, p, err := net.SplitHostPort(b.addr)
		if err != nil {
			return nil, fmt.Errorf("read the address of the embedded Kafka: %w", err)
		}
		if err := writeFile(portFile(cfg.Dir), p+"\n"); err != nil {
			return nil, fmt.Errorf("remember the port of the embedded Kafka: %w", err)
		}
	}
	if err := b.createTopics(ctx, cfg); err != nil {
		return nil, err
	}
	return b, nil
}

// Addr is the address to give to clients as their only bootstrap broker.
func (b *Broker) Addr() string { return b.addr }

// Cluster is the kfake cluster itself, through which tests inject faults.
func (b *Broker) Cluster() *kfake.Cluster { return b.cluster }

// Close stops the broker and releases its folder. It may be called more than once.
func (b *Broker) Close() {
	if b.cluster != nil {
		b.cluster.Close()
		b.cluster = nil
	}
	if b.lock != nil {
		b.lock.Close() // also gives up the lock
		b.lock = nil
	}
}

func (b *Broker) acquire(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("create the folder of the embedded Kafka: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open the lock of the embedded Kafka: %w", err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		return fmt.Errorf("%s: %w", dir, ErrInUse)
	}
	b.lock = f
	return nil
}

func (b *Broker) createTopics(ctx context.Context, cfg Config) error {
	if len(cfg.Topics) == 0 {
		return nil
	}
	mechanism, err := cfg.SASL.mechanism()
	if err != nil {
		return err
	}
	transport := &kafka.Transport{TLS: cfg.ClientTLS, SASL: mechanism, MetadataTopics: cfg.Topics}
	defer transport.CloseIdleConnections()
	client := &kafka.Client{Addr: kafka.TCP(b.addr), Transport: transport, Timeout: 10 * time.Second}
	req := &kafka.CreateTopicsRequest{}
	for _, t := range cfg.Topics {
		tc := kafka.TopicConfig{Topic: t, NumPartitions: cfg.Partitions, ReplicationFactor: 1}
		for _, c := range cfg.Compacted {
			if c == t {
				tc.ConfigEntries = append(tc.ConfigEntries, kafka.ConfigEntry{ConfigName: "cleanup.policy", ConfigValue: "compact"})
			}
		}
		req.Topics = append(req.Topics, tc)
	}
	res, err := client.CreateTopics(ctx, req)
	if err != nil {
		return fmt.Errorf("create the topics of the embedded Kafka: %w", err)
	}
	for t, err := range res.Errors {
		if err != nil && !errors.Is(err, kafka.TopicAlreadyExists) {
			return fmt.Errorf("create topic %s in the embedded Kafka: %w", t, err)
		}
	}
	return nil
}

func (s *SASL) mechanism() (sasl.Mechanism, error) {
	if s == nil {
		return nil, nil
	}
	switch s.Mechanism {
	case "PLAIN":
		return plain.Mechanism{Username: s.Username, Password: s.Password}, nil
	case "SCRAM-SHA-256":
		return scram.Mechanism(scram.SHA256, s.Username, s.Password)
	case "SCRAM-SHA-512":
		return scram.Mechanism(scram.SHA512, s.Username, s.Password)
	default:
		return nil, fmt.Errorf("SASL mechanism %q is not known; give PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512", s.Mechanism)
	}
}

// listen listens on 127.0.0.1 whatever host the cluster asks for.
func (c Config) listen(network, address string) (net.Listener, error) {
	if c.Listen != nil {
		return c.Listen()
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	return (&net.ListenConfig{}).Listen(context.Background(), network, net.JoinHostPort("127.0.0.1", port))
}

func portFile(dir string) string { return filepath.Join(dir, "port") }

func readPort(file string) (int, error) {
	b, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the port of the embedded Kafka: %w", err)
	}
	p, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil || p < 1 || p > 65535 {
		return 0, fmt.Errorf("%s must hold a port number; delete the file to have a new one chosen", file)
	}
	return p, nil
}

// writeFile replaces a file at once, so that a crash leaves the old or the new content.
func writeFile(name, content string) error {
	tmp := name + ".tmp"
	if err := os.WriteFile(tmp, []byte(content), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, name)
}
