// Package migrate brings a ClickHouse database to the tables and views of this release.
//
// It only goes forward. Every statement is idempotent and recorded with its checksum after it succeeded, so a run
// that was interrupted is simply repeated, and any number of runs at once do no harm: they apply the same
// statements. It never drops a table and never touches another database than the configured one.
package migrate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/cenkalti/backoff/v5"

	"voc/schema"
)

// Table is where applied statements are recorded.
const Table = "schema_migrations"

// ErrChanged is wrapped when an applied migration reads differently now.
var ErrChanged = errors.New("an applied migration must not change; add a new file instead")

// State is a step and when it was applied.
type State struct {
	Step
	// Applied is zero when the step is still to be applied.
	Applied time.Time
}

// Open connects to the server of a DSN for migrating and returns the database that the DSN names. The connection
// itself is to the server's default database, because the named one may not exist yet.
func Open(dsn string) (driver.Conn, string, error) {
	opt, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		return nil, "", fmt.Errorf("migrate: the ClickHouse DSN cannot be read: %w", err)
	}
	database := opt.Auth.Database
	opt.Auth.Database = ""
	conn, err := clickhouse.Open(opt)
	if err != nil {
		return nil, "", fmt.Errorf("migrate: %w", err)
	}
	return conn, database, nil
}

// Up applies what is missing, calling progress (which may be nil) after each statement, and returns how many were
// applied.
func Up(ctx context.Context, conn driver.Conn, cfg Config, progress func(Step)) (int, error) {
	return up(ctx, conn, schema.Migrations, cfg, progress)
}

// Plan returns what Up would apply.
func Plan(ctx context.Context, conn driver.Conn, cfg Config) ([]Step, error) {
	states, err := Status(ctx, conn, cfg)
	if err != nil {
		return nil, err
	}
	var pending []Step
	for _, s := range states {
		if s.Applied.IsZero() {
			pending = append(pending, s.Step)
		}
	}
	if len(pending) == len(states) {
		return pending, nil // there are no tables yet
	}
	forgetting, err := retentionSteps(ctx, conn, cfg.WithDefaults())
	return append(pending, forgetting...), err
}

// Status returns every step of this release.
func Status(ctx context.Context, conn driver.Conn, cfg Config) ([]State, error) {
	return status(ctx, conn, schema.Migrations, cfg)
}

func up(ctx context.Context, conn driver.Conn, files fs.FS, cfg Config, progress func(Step)) (int, error) {
	cfg = cfg.WithDefaults()
	states, err := status(ctx, conn, files, cfg)
	if err != nil {
		return 0, err
	}
	for _, statement := range bootstrap(cfg) {
		if err := exec(ctx, conn, statement); err != nil {
			return 0, fmt.Errorf("migrate: cannot prepare the database %s: %w", cfg.Database, err)
		}
	}
	applied := 0
	for _, s := range states {
		if !s.Applied.IsZero() {
			continue
		}
		if err := exec(ctx, conn, s.SQL); err != nil {
			return applied, fmt.Errorf("migrate: %s, statement %d: %w", s.Name, s.Statement, err)
		}
		if err := record(ctx, conn, cfg, s.Step); err != nil {
			return applied, err
		}
		applied++
		if progress != nil {
			progress(s.Step)
		}
	}
	n, err := retain(ctx, conn, cfg, progress)
	return applied + n, err
}

// bootstrap makes the database and the table that remembers.
func bootstrap(cfg Config) []string {
	f := functions(cfg)
	onCluster := f["on_cluster"].(func() string)()
	engine := f["engine"].(func(string, string) string)("MergeTree", "")
	return []string{
		"CREATE DATABASE IF NOT EXISTS " + cfg.Database + onCluster,
		"CREATE TABLE IF NOT EXISTS " + cfg.Database + "." + Table + onCluster + `
(
    name String COMMENT 'File of the statement',
    statement UInt16 COMMENT 'Number of the statement within the file, from 1',
    checksum String COMMENT 'Checksum of the statement''s text',
    settings String COMMENT 'Settings the statement was rendered with',
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When it succeeded'
)
ENGINE = ` + engine + `
ORDER BY (name, statement, applied_at)
COMMENT 'Statements of voc migrate that were applied'`,
	}
}

func record(ctx context.Context, conn driver.Conn, cfg Config, s Step) error {
	// A plain INSERT … VALUES with literals: the statement's own text never holds user input.
	statement := fmt.Sprintf("INSERT INTO %s.%s (name, statement, checksum, settings) SETTINGS async_insert = 0, insert_deduplicate = 0 VALUES (%s, %d, %s, %s)",
		cfg.Database, Table, schema.Literal(s.Name), s.Statement, schema.Literal(s.Checksum), schema.Literal(cfg.settings()))
	if err := exec(ctx, conn, statement); err != nil {
		return fmt.Errorf("migrate: %s, statement %d was applied but could not be recorded; run it again: %w", s.Name, s.Statement, err)
	}
	return nil
}

type recorded struct {
	checksum string
	settings string
	at       time.Time
}

// status compares the files with the record.
func status(ctx context.Context, conn driver.Conn, files fs.FS, cfg Config) ([]State, error) {
	cfg = cfg.WithDefaults()
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	all, err := steps(files, cfg)
	if err != nil {
		return nil, err
	}
	done, err := readRecord(ctx, conn, cfg)
	if err != nil {
		return nil, err
	}
	states := make([]State, 0, len(all))
	for _, step := range all {
		s := State{Step: step}
		if r, ok := done[stepKey{step.Name, step.Statement}]; ok {
			if r.settings != cfg.settings() {
				return nil, fmt.Errorf("migrate: the database %s was made with %q and the configuration says %q; use the recorded settings or another database",
					cfg.Database, r.settings, cfg.settings())
			}
			switch {
			case r.checksum == step.Checksum:
				s.Applied = r.at
			case !step.Repeatable:
				return nil, fmt.Errorf("migrate: %s, statement %d, was applied at %s with checksum %s and has checksum %s now: %w",
					step.Name, step.Statement, r.at.Format(time.RFC3339), r.checksum, step.Checksum, ErrChanged)
			}
		}
		states = append(states, s)
	}
	return states, nil
}

type stepKey struct {
	name      string
	statement int
}

func readRecord(ctx context.Context, conn driver.Conn, cfg Config) (map[stepKey]recorded, error) {
	var exists uint64
	if err := conn.QueryRow(ctx, "SELECT count() FROM system.tables WHERE database = ? AND name = ?", cfg.Database, Table).Scan(&exists); err != nil {
		return nil, fmt.Errorf("migrate: cannot ask the server for its tables: %w", err)
	}
	done := map[stepKey]recorded{}
	if exists == 0 {
		return done, nil
	}
	rows, err := conn.Query(ctx, fmt.Sprintf(`SELECT name, statement, checksum, settings, applied_at FROM %s.%s ORDER BY applied_at`, cfg.Database, Table))
	if err != nil {
		return nil, fmt.Errorf("migrate: cannot read what was applied: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var (
			key       stepKey
			r         recorded
			statement uint16
		)
		if err := rows.Scan(&key.name, &statement, &r.checksum, &r.settings, &r.at); err != nil {
			return nil, fmt.Errorf("migrate: cannot read what was applied: %w", err)
		}
		key.statement = int(statement)
		done[key] = r
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("migrate: cannot read what was applied: %w", err)
	}
	return done, nil
}

// exec runs one statement. Two migrations that create or replace the same thing at the same moment can make each
// other fail; as every statement is idempotent, such a failure is tried again.
func exec(ctx context.Context, conn driver.Conn, statement string) error {
	ctx, cancel := context.WithTimeout(ctx, stepTimeout)
	defer cancel()
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		err := conn.Exec(ctx, statement)
		if err != nil && !collided(err) {
			err = backoff.Permanent(err)
		}
		return struct{}{}, err
	}, backoff.WithMaxTries(8))
	if err != nil {
		return fmt.Errorf("%w; the statement begins %q", err, firstLine(statement))
	}
	return nil
}

// collided says whether another migration at the same moment caused the error.
func collided(err error) bool {
	var e *clickhouse.Exception
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code {
	case 57, // TABLE_ALREADY_EXISTS: it was created between the check and the creation
		60,  // UNKNOWN_TABLE: the temporary table of CREATE OR REPLACE is gone
		82,  // DATABASE_ALREADY_EXISTS
		218, // TABLE_IS_DROPPED
		473: // DEADLOCK_AVOIDED
		return true
	}
	return false
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
