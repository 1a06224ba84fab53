package config

import (
	"log/slog"
	"net/url"
)

const redacted = "<redacted>"

// Secret is a value that never shows itself in logs, dumps or error texts. Convert it to string to use it.
type Secret string

// String implements fmt.Stringer with the redacted form.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// GoString implements fmt.GoStringer with the redacted form.
func (s Secret) GoString() string { return s.String() }

// LogValue implements slog.LogValuer with the redacted form.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText implements encoding.TextMarshaler with the redacted form.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// DSN is a connection URL that shows everything but its password and those values of its query that may be secret.
type DSN string

// shownInQuery says which values of a DSN's query are no secrets.
func shownInQuery(name string) bool {
	switch name {
	case "secure", "skip_verify", "compress", "compress_level", "connection_open_strategy", "database", "username",
		"dial_timeout", "read_timeout", "max_execution_time", "max_open_conns", "max_idle_conns", "conn_max_lifetime", "block_buffer_size":
		return true
	}
	return false
}

// String implements fmt.Stringer with the redacted form.
func (d DSN) String() string {
	u, err := url.Parse(string(d))
	if err != nil {
		return redacted
	}
	if u.RawQuery != "" {
		q := u.Query()
		for k := range q {
			if !shownInQuery(k) {
				q.Set(k, "redacted")
			}
		}
		u.RawQuery = q.Encode()
	}
	return u.Redacted()
}

// GoString implements fmt.GoStringer with the redacted form.
func (d DSN) GoString() string { return d.String() }

// LogValue implements slog.LogValuer with the redacted form.
func (d DSN) LogValue() slog.Value { return slog.StringValue(d.String()) }

// MarshalText implements encoding.TextMarshaler with the redacted form.
func (d DSN) MarshalText() ([]byte, error) { return []byte(d.String()), nil }
