package main

import (
	"fmt"

	"github.com/segmentio/kafka-go"

	"voc/cmd/internal/config"
	"voc/ingest/connect"
)

// kafkaConnection turns the configuration into what the packages of ingest connect with.
func kafkaConnection(k config.Kafka) (connect.Config, error) {
	c := connect.Config{
		Brokers: k.Brokers, ClientID: "voc",
		SASL: connect.SASL{Mechanism: k.SASL.Mechanism, Username: k.SASL.Username, Password: string(k.SASL.Password)},
	}
	if k.TLS.Enabled {
		t, err := connect.LoadTLS(k.TLS.CAFile, k.TLS.CertFile, k.TLS.KeyFile, k.TLS.ServerName)
		if err != nil {
			return c, fmt.Errorf("kafka.tls: %w", err)
		}
		c.TLS = t
	}
	return c, nil
}

func kafkaClient(k config.Kafka) (*kafka.Client, error) {
	c, err := kafkaConnection(k)
	if err != nil {
		return nil, err
	}
	t, err := c.Transport()
	if err != nil {
		return nil, fmt.Errorf("kafka: %w", err)
	}
	return &kafka.Client{Addr: c.Addr(), Transport: t}, nil
}
