// Package connect turns one description of a Kafka cluster (brokers, TLS, SASL) into what kafka-go needs: a dialer
// for consumer groups and a transport for everything else.
//
// It opens no connection by itself and reads no configuration file; certificate files are read by LoadTLS. Its
// callers are source, deadletter and whoever produces events.
package connect

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/sasl"
	"github.com/segmentio/kafka-go/sasl/plain"
	"github.com/segmentio/kafka-go/sasl/scram"
)

// Config describes a Kafka cluster and how to log in.
type Config struct {
	Brokers  []string    // host:port of the bootstrap brokers
	ClientID string      // shown in the brokers' logs and metrics
	TLS      *tls.Config // nil means plain text
	SASL     SASL        // the zero value means no login
}

// SASL is a login. Its password is never printed.
type SASL struct {
	Mechanism string // PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512; empty means no login
	Username  string
	Password  string
}

// String hides the password from logs and dumps.
func (s SASL) String() string {
	if s.Mechanism == "" {
		return "no SASL"
	}
	return s.Mechanism + " as " + s.Username
}

// GoString hides the password from %#v.
func (s SASL) GoString() string { return s.String() }

// Validate joins every fault of the description, each naming its field.
func (c Config) Validate() error {
	var errs []error
	if len(c.Brokers) == 0 {
		errs = append(errs, errors.New("brokers is empty; give at least one host:port"))
	}
	for i, b := range c.Brokers {
		if _, port, err := net.SplitHostPort(b); err != nil || port == "" {
			errs = append(errs, fmt.Errorf("brokers[%d] is %q; it must be host:port", i, b))
		}
	}
	if _, err := c.SASL.mechanism(); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (s SASL) mechanism() (sasl.Mechanism, error) {
	if s.Mechanism != "" && s.Username == "" {
		return nil, errors.New("sasl.username is empty; give the user name")
	}
	switch s.Mechanism {
	case "":
		return nil, nil
	case "PLAIN":
		return plain.Mechanism{Username: s.Username, Password: s.Password}, nil
	case "SCRAM-SHA-256":
		return scram.Mechanism(scram.SHA256, s.Username, s.Password)
	case "SCRAM-SHA-512":
		return scram.Mechanism(scram.SHA512, s.Username, s.Password)
	default:
		return nil, fmt.Errorf("sasl.mechanism is %q; give PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512", s.Mechanism)
	}
}

// dialTimeout bounds a connection's whole set-up, TLS and SASL included.
const dialTimeout = 10 * time.Second

// Dialer returns a dialer for kafka.ConsumerGroup and kafka.Conn.
func (c Config) Dialer() (*kafka.Dialer, error) {
	m, err := c.SASL.mechanism()
	if err != nil {
		return nil, err
	}
	return &kafka.Dialer{ClientID: c.ClientID, Timeout: dialTimeout, DualStack: true, TLS: c.TLS, SASLMechanism: m}, nil
}

// Transport returns a new connection pool that looks up only the given topics. The default transport of kafka-go is
// shared by the whole process and would ask for every topic of the cluster.
func (c Config) Transport(topics ...string) (*kafka.Transport, error) {
	m, err := c.SASL.mechanism()
	if err != nil {
		return nil, err
	}
	return &kafka.Transport{
		ClientID: c.ClientID, DialTimeout: dialTimeout, TLS: c.TLS, SASL: m,
		MetadataTopics: topics, MetadataTTL: 5 * time.Second,
	}, nil
}

// Addr returns the bootstrap brokers as one address for kafka.Client and kafka.Writer.
func (c Config) Addr() net.Addr { return kafka.TCP(c.Brokers...) }

// LoadTLS reads the client side of TLS: caFile replaces the system's certificate authorities, certFile and keyFile
// are the client's own certificate; each may be empty. The caller says whose settings they are.
func LoadTLS(caFile, certFile, keyFile, serverName string) (*tls.Config, error) {
	cfg := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: serverName}
	if caFile != "" {
		pem, err := os.ReadFile(caFile)
		if err != nil {
			return nil, fmt.Errorf("ca_file cannot be read: %w", err)
		}
		cfg.RootCAs = x509.NewCertPool()
		if !cfg.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("ca_file %s holds no certificate; it must be a PEM file", caFile)
		}
	}
	if certFile != "" || keyFile != "" {
		cert, err := tls.LoadX509KeyPair(certFile, keyFile)
		if err != nil {
			return nil, fmt.Errorf("cert_file and key_file cannot be used: %w", err)
		}
		cfg.Certificates = []tls.Certificate{cert}
	}
	return cfg, nil
}
