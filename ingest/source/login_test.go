package source_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"voc/ingest/broker"
	"voc/ingest/broker/apache"
	"voc/ingest/connect"
	"voc/ingest/source"
	"voc/ingest/source/sourcetest"
)

const (
	user     = "voc"
	password = "geheim-p4ss"
)

func TestLogin(t *testing.T) {
	mechanisms := []string{"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"}
	shared := ""
	if sourcetest.OnApache() {
		s, err := apache.Start(t.Context(), apache.Config{Dir: t.TempDir() + "/kafka", SASL: &apache.SASL{Username: user, Password: password}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Kill)
		shared = s.Addr()
	}
	for _, m := range mechanisms {
		t.Run(m, func(t *testing.T) {
			addr := shared
			if addr == "" {
				b, err := broker.Start(t.Context(), broker.Config{SASL: &broker.SASL{Mechanism: m, Username: user, Password: password}})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(b.Close)
				addr = b.Addr()
			}
			login(t, connect.Config{Brokers: []string{addr}, SASL: connect.SASL{Mechanism: m, Username: user, Password: password}})
		})
	}
}

func TestTLS(t *testing.T) {
	server, client := certificates(t)
	b, err := broker.Start(t.Context(), broker.Config{
		TLS: server, ClientTLS: client, SASL: &broker.SASL{Mechanism: "SCRAM-SHA-512", Username: user, Password: password}, Topics: []string{"seed"},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	login(t, connect.Config{Brokers: []string{b.Addr()}, TLS: client, SASL: connect.SASL{Mechanism: "SCRAM-SHA-512", Username: user, Password: password}})

	// A certificate that nobody vouches for is refused, and the reason is said.
	cfg := (&sourcetest.Kafka{Addr: b.Addr()}).Config(sourcetest.Name("g"), "seed")
	cfg.Kafka.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	s, stop := sourcetest.Run(t, cfg, &sourcetest.Recorder{})
	sourcetest.Eventually(t, 20*time.Second, func() (bool, string) {
		st := s.Status()
		return strings.Contains(st.Err, "certificate"), fmt.Sprintf("%+v", st)
	})
	stop()
}

// login reads one record with the given login, and shows what a wrong password does.
func login(t *testing.T, good connect.Config) {
	t.Helper()
	topic, group := sourcetest.Name("login"), sourcetest.Name("g")
	transport, err := good.Transport(topic)
	if err != nil {
		t.Fatal(err)
	}
	defer transport.CloseIdleConnections()
	client := &kafka.Client{Addr: good.Addr(), Transport: transport, Timeout: 10 * time.Second}
	res, err := client.CreateTopics(t.Context(), &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{{Topic: topic, NumPartitions: 1, ReplicationFactor: 1}}})
	if err == nil {
		err = res.Errors[topic]
	}
	if err != nil {
		t.Fatal(err)
	}
	w := &kafka.Writer{Addr: good.Addr(), Topic: topic, Transport: transport, BatchTimeout: time.Millisecond, RequiredAcks: kafka.RequireAll}
	defer func() { _ = w.Close() }()
	// A broker that has just made a topic may not know it for a moment.
	sourcetest.Eventually(t, 20*time.Second, func() (bool, string) {
		err := w.WriteMessages(t.Context(), kafka.Message{Value: []byte("secret meeting")})
		if err != nil && !errors.Is(err, kafka.UnknownTopicOrPartition) {
			t.Fatal(err)
		}
		return err == nil, fmt.Sprint(err)
	})
	base := (&sourcetest.Kafka{Addr: good.Brokers[0]}).Config(group, topic)

	base.Kafka = good
	base.Kafka.SASL.Password = "wrong-" + password
	r := &sourcetest.Recorder{}
	s, stop := sourcetest.Run(t, base, r)
	sourcetest.Eventually(t, 20*time.Second, func() (bool, string) {
		st := s.Status()
		return st.Err != "" && !st.Joined, fmt.Sprintf("%+v", st)
	})
	if st := s.Status(); strings.Contains(st.Err, password) {
		t.Errorf("the status shows the password: %s", st.Err)
	}
	began := time.Now()
	stop()
	if d := time.Since(began); d > 3*time.Second {
		t.Errorf("stopping a source that cannot log in took %s", d)
	}

	base.Kafka = good
	_, stop = sourcetest.Run(t, base, r)
	sourcetest.Eventually(t, 20*time.Second, count(r, 1))
	stop()
}

func certificates(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true, IsCA: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(cert)
	return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}},
		&tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}
}

// A coordinator that answers with errors is something only the embedded Kafka can be told to be.
func TestFailingCommits(t *testing.T) {
	for name, tc := range map[string]struct {
		code  int16
		times int
	}{
		"coordinator is loading, then well": {kerr.CoordinatorLoadInProgress.Code, 3},
		"coordinator has moved":             {kerr.NotCoordinator.Code, 1},
		"member was forgotten":              {kerr.UnknownMemberID.Code, 1},
		"generation is over":                {kerr.IllegalGeneration.Code, 2},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := broker.Start(t.Context(), broker.Config{MinSessionTimeout: 500 * time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(b.Close)
			k := &sourcetest.Kafka{Addr: b.Addr(), Fake: b}
			topic, group := k.Topic(t, "commit", 1), sourcetest.Name("g")
			k.Produce(t, records(topic, 1, 10)...)
			var failures atomic.Int64
			b.Cluster().ControlKey(int16(kmsg.OffsetCommit), func(req kmsg.Request) (kmsg.Response, error, bool) {
				r, ok := req.(*kmsg.OffsetCommitRequest)
				if !ok || failures.Load() >= int64(tc.times) {
					return nil, nil, false
				}
				failures.Add(1)
				b.Cluster().KeepControl()
				res := r.ResponseKind().(*kmsg.OffsetCommitResponse)
				for _, rt := range r.Topics {
					t := kmsg.NewOffsetCommitResponseTopic()
					t.Topic = rt.Topic
					for _, rp := range rt.Partitions {
						p := kmsg.NewOffsetCommitResponseTopicPartition()
						p.Partition, p.ErrorCode = rp.Partition, tc.code
						t.Partitions = append(t.Partitions, p)
					}
					res.Topics = append(res.Topics, t)
				}
				return res, nil, true
			})
			r := &sourcetest.Recorder{}
			_, stop := sourcetest.Run(t, k.Config(group, topic), r)
			sourcetest.Eventually(t, 30*time.Second, func() (bool, string) {
				c := k.Committed(t, group, topic, 1)[0]
				return c == 10, fmt.Sprintf("committed %d of 10 after %d failures", c, failures.Load())
			})
			stop()
			if failures.Load() < int64(tc.times) {
				t.Errorf("%d commits failed, want %d: the test has become weak", failures.Load(), tc.times)
			}
			values, _ := r.Values()
			if len(values) != 10 {
				t.Errorf("%d records, want 10", len(values))
			}
		})
	}
	var _ source.Handler = (*sourcetest.Recorder)(nil)
}
