package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/cmd/internal/config"
	"voc/ingest/connect"
)

// access is one of the logins of the configuration; key names the setting for messages.
type access struct {
	key string
	dsn config.DSN
}

// asAdmin, asWriter, asReader and asDecider are the logins with the least rights that do the work; what is not set falls back to
// the writer's.
func asAdmin(c config.ClickHouse) access {
	if c.AdminDSN != "" {
		return access{"clickhouse.admin_dsn", c.AdminDSN}
	}
	return asWriter(c)
}

func asWriter(c config.ClickHouse) access { return access{"clickhouse.dsn", c.DSN} }

func asReader(c config.ClickHouse) access {
	if c.ReaderDSN != "" {
		return access{"clickhouse.reader_dsn", c.ReaderDSN}
	}
	return asWriter(c)
}

func asDecider(c config.ClickHouse) access {
	if c.DeciderDSN != "" {
		return access{"clickhouse.decider_dsn", c.DeciderDSN}
	}
	return asWriter(c)
}

// openAdmin connects as the admin to the server's default database, because the configured one may not exist yet.
func openAdmin(ctx context.Context, c config.ClickHouse) (driver.Conn, error) {
	return openClickHouse(ctx, c, asAdmin(c), "")
}

// openWriter connects as the pipeline does.
func openWriter(ctx context.Context, c config.ClickHouse) (driver.Conn, error) {
	return openClickHouse(ctx, c, asWriter(c), c.Database)
}

// openReader connects as the reader.
func openReader(ctx context.Context, c config.ClickHouse) (driver.Conn, error) {
	return openClickHouse(ctx, c, asReader(c), c.Database)
}

// openDecider connects as whoever writes down what people decide.
func openDecider(ctx context.Context, c config.ClickHouse) (driver.Conn, error) {
	return openClickHouse(ctx, c, asDecider(c), c.Database)
}

// reader loads the configuration and connects as the reader.
func (a *app) reader(ctx context.Context) (config.Config, driver.Conn, error) {
	cfg, err := a.loadConfig()
	if err != nil {
		return cfg, nil, err
	}
	conn, err := openReader(ctx, cfg.ClickHouse)
	return cfg, conn, err
}

// openClickHouse connects and checks that the server answers.
func openClickHouse(ctx context.Context, c config.ClickHouse, as access, database string) (driver.Conn, error) {
	opt, err := clickHouseOptions(c, as, database)
	if err != nil {
		return nil, err
	}
	conn, err := openLazily(opt)
	if err != nil {
		return nil, err
	}
	if err := conn.Ping(ctx); err != nil {
		return nil, errors.Join(explainConnection(err, opt, as.key), conn.Close())
	}
	return conn, nil
}

// openLazily makes a connection pool without connecting.
func openLazily(opt *clickhouse.Options) (driver.Conn, error) {
	conn, err := clickhouse.Open(opt)
	if err != nil {
		return nil, fmt.Errorf("cannot use the ClickHouse settings: %w", err)
	}
	return conn, nil
}

// clickHouseOptions reads a DSN and adds what the configuration says beside it.
func clickHouseOptions(c config.ClickHouse, as access, database string) (*clickhouse.Options, error) {
	opt, err := clickhouse.ParseDSN(string(as.dsn))
	if err != nil {
		// The parser's message may quote the password.
		return nil, fmt.Errorf("%s cannot be read; give clickhouse://user:password@host:9000/", as.key)
	}
	opt.Auth.Database = database
	if opt.TLS == nil {
		if c.CAFile != "" || c.CertFile != "" || c.ServerName != "" {
			return nil, fmt.Errorf("clickhouse.ca_file, cert_file or server_name is given but %s does not ask for TLS; add ?secure=true to it", as.key)
		}
		return opt, nil
	}
	if opt.TLS.InsecureSkipVerify && c.CAFile != "" {
		return nil, fmt.Errorf("%s says skip_verify=true, which makes clickhouse.ca_file useless; remove one of them", as.key)
	}
	t, err := connect.LoadTLS(c.CAFile, c.CertFile, c.KeyFile, c.ServerName)
	if err != nil {
		return nil, fmt.Errorf("clickhouse: %w", err)
	}
	t.InsecureSkipVerify = opt.TLS.InsecureSkipVerify
	opt.TLS = t
	return opt, nil
}

// The codes with which a server refuses a login.
const unknownUser, wrongPassword, authenticationFailed = 192, 193, 516

// explainConnection says why a server cannot be used, and which setting is likely wrong.
func explainConnection(err error, opt *clickhouse.Options, key string) error {
	advice := "check " + key + " and that the server runs"
	var (
		verify *tls.CertificateVerificationError
		host   x509.HostnameError
		record tls.RecordHeaderError
		remote *net.OpError
		server *clickhouse.Exception
	)
	switch {
	case errors.As(err, &host):
		advice = "its certificate is for another name; dial that name in " + key + " or set clickhouse.server_name"
	case errors.As(err, &verify):
		advice = "its certificate is not trusted; name the authority that signed it in clickhouse.ca_file"
	case errors.As(err, &record):
		advice = "this port speaks plain text; give the TLS port in " + key + " (usually 9440), or take ?secure=true away"
	case errors.As(err, &remote) && remote.Op == "remote error": // the type of the alert itself is not exported
		advice = "it refuses the TLS handshake; when it asks for a client certificate, set clickhouse.cert_file and clickhouse.key_file"
	case errors.As(err, &server) && slices.Contains([]int32{unknownUser, wrongPassword, authenticationFailed}, server.Code):
		advice = "it refuses the login; check user and password in " + key
	case errors.As(err, &server):
		advice = "it answers with an error"
	case opt.TLS == nil && (errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || strings.Contains(err.Error(), "unexpected packet")):
		// The client reads the server's TLS alert as a packet of its own protocol, or finds the connection closed.
		advice = "it does not speak plain ClickHouse on this port; when the port wants TLS, add ?secure=true to " + key
	}
	return fmt.Errorf("ClickHouse at %s cannot be used: %s: %w", strings.Join(opt.Addr, ", "), advice, err)
}

// namedValue is a parameter that the server puts in, never the client.
func namedValue(name, value string) driver.NamedValue {
	return driver.NamedValue{Name: name, Value: value}
}

// isMissingTable says that the server knows no such table or database.
func isMissingTable(err error) bool {
	const unknownTable, unknownDatabase = 60, 81
	var ex *clickhouse.Exception
	return errors.As(err, &ex) && (ex.Code == unknownTable || ex.Code == unknownDatabase)
}
