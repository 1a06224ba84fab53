package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/cmd/internal/config"
)

// openAdmin connects as the admin to the server's default database, because the configured one may not exist yet.
func openAdmin(ctx context.Context, c config.ClickHouse) (driver.Conn, error) {
	return openClickHouse(ctx, c, firstDSN(c.AdminDSN, c.DSN), "")
}

// openReader connects as the reader.
func openReader(ctx context.Context, c config.ClickHouse) (driver.Conn, error) {
	return openClickHouse(ctx, c, firstDSN(c.ReaderDSN, c.DSN), c.Database)
}

func firstDSN(dsns ...config.DSN) config.DSN {
	for _, d := range dsns {
		if d != "" {
			return d
		}
	}
	return ""
}

// openClickHouse connects and checks that the server answers.
func openClickHouse(ctx context.Context, c config.ClickHouse, dsn config.DSN, database string) (driver.Conn, error) {
	opt, err := clickHouseOptions(c, dsn, database)
	if err != nil {
		return nil, err
	}
	conn, err := clickhouse.Open(opt)
	if err != nil {
		return nil, fmt.Errorf("cannot use the ClickHouse settings: %w", err)
	}
	if err := conn.Ping(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("ClickHouse at %s does not answer; check %s and that the server runs: %w",
			strings.Join(opt.Addr, ", "), "clickhouse.dsn", err), conn.Close())
	}
	return conn, nil
}

// clickHouseOptions reads a DSN and adds what the configuration says beside it.
func clickHouseOptions(c config.ClickHouse, dsn config.DSN, database string) (*clickhouse.Options, error) {
	opt, err := clickhouse.ParseDSN(string(dsn))
	if err != nil {
		// The parser's message may quote the password.
		return nil, errors.New("clickhouse.dsn cannot be read; give clickhouse://user:password@host:9000/")
	}
	opt.Auth.Database = database
	if c.CAFile != "" {
		pem, err := os.ReadFile(c.CAFile)
		if err != nil {
			return nil, fmt.Errorf("clickhouse.ca_file cannot be read: %w", err)
		}
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("clickhouse.ca_file %s holds no PEM certificate", c.CAFile)
		}
		if opt.TLS == nil {
			return nil, errors.New("clickhouse.ca_file is given but the DSN does not ask for TLS; add ?secure=true to it")
		}
		opt.TLS.RootCAs = pool
		opt.TLS.MinVersion = tls.VersionTLS12
	}
	return opt, nil
}

// namedValue is a parameter that the server puts in, never the client.
func namedValue(name, value string) driver.NamedValue {
	return driver.NamedValue{Name: name, Value: value}
}

// openLazily makes a connection pool without connecting.
func openLazily(opt *clickhouse.Options) (driver.Conn, error) {
	conn, err := clickhouse.Open(opt)
	if err != nil {
		return nil, fmt.Errorf("cannot use the ClickHouse settings: %w", err)
	}
	return conn, nil
}

// isMissingTable says that the server knows no such table or database.
func isMissingTable(err error) bool {
	const unknownTable, unknownDatabase = 60, 81
	var ex *clickhouse.Exception
	return errors.As(err, &ex) && (ex.Code == unknownTable || ex.Code == unknownDatabase)
}
