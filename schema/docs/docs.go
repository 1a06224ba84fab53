// Package docs writes schema/README.md from the comments that the database itself carries, so that the page cannot
// say anything else than `SELECT comment FROM system.columns` does.
//
// cmd/vocdoc and the package's own test call it.
package docs

import (
	"context"
	_ "embed"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/schema"
	"voc/schema/engine"
	"voc/schema/migrate"
)

//go:embed readme.md.tmpl
var page string

// Column of a view.
type Column struct {
	Name, Type, Comment string
}

// Relation is a view with its columns, or a storage table without.
type Relation struct {
	Name, Comment string
	Columns       []Column
}

// Generate renders the page from an embedded server that it starts for the purpose and stops again.
func Generate(ctx context.Context) (page []byte, err error) {
	err = WithDatabase(ctx, func(conn driver.Conn, database string) error {
		page, err = Render(ctx, conn, database)
		return err
	})
	return page, err
}

// WithDatabase calls a function with a connection to an empty migrated database, its default, on an embedded server that
// it starts for the purpose and stops again.
func WithDatabase(ctx context.Context, use func(conn driver.Conn, database string) error) error {
	dir, err := os.MkdirTemp("", "voc-docs-")
	if err != nil {
		return fmt.Errorf("docs: %w", err)
	}
	defer os.RemoveAll(dir)
	srv, err := engine.Start(ctx, engine.Config{Dir: dir, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("docs: %w", err)
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		_ = srv.Stop(ctx)
	}()
	dsn := srv.DSN(engine.Admin)
	admin, database, err := migrate.Open(dsn)
	if err != nil {
		return fmt.Errorf("docs: %w", err)
	}
	defer admin.Close()
	if _, err := migrate.Up(ctx, admin, migrate.Config{Database: database}, nil); err != nil {
		return fmt.Errorf("docs: %w", err)
	}
	opt, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		return fmt.Errorf("docs: %w", err)
	}
	conn, err := clickhouse.Open(opt)
	if err != nil {
		return fmt.Errorf("docs: %w", err)
	}
	defer conn.Close()
	return use(conn, database)
}

// Render renders the page from a migrated database.
func Render(ctx context.Context, conn driver.Conn, database string) ([]byte, error) {
	// The views of what stands ready have the columns of their siblings.
	names := slices.DeleteFunc(schema.Views(), func(view string) bool { return strings.HasSuffix(view, schema.ReadySuffix) })
	views, err := relations(ctx, conn, database, names, true)
	if err != nil {
		return nil, err
	}
	tables, err := relations(ctx, conn, database, schema.Tables(), false)
	if err != nil {
		return nil, err
	}
	t, err := template.New("readme").Funcs(template.FuncMap{"cell": cell}).Parse(page)
	if err != nil {
		return nil, fmt.Errorf("docs: %w", err)
	}
	var b strings.Builder
	err = t.Execute(&b, map[string]any{
		"Views": views, "Tables": tables, "Metrics": schema.Metrics(), "Standing": schema.Standing(),
		"Admin": schema.RoleAdmin, "Writer": schema.RoleWriter, "Decider": schema.RoleDecider, "Reader": schema.RoleReader, "Bound": schema.BoundRole("shop"),
	})
	if err != nil {
		return nil, fmt.Errorf("docs: %w", err)
	}
	return []byte(b.String()), nil
}

// cell makes a text fit into a cell of a table.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

func relations(ctx context.Context, conn driver.Conn, database string, names []string, columns bool) ([]Relation, error) {
	out := make([]Relation, 0, len(names))
	for _, name := range names {
		r := Relation{Name: name}
		if err := conn.QueryRow(ctx, "SELECT comment FROM system.tables WHERE database = ? AND name = ?", database, name).Scan(&r.Comment); err != nil {
			return nil, fmt.Errorf("docs: cannot read the comment of %s: %w", name, err)
		}
		if columns {
			var err error
			if r.Columns, err = columnsOf(ctx, conn, database, name); err != nil {
				return nil, fmt.Errorf("docs: cannot read the columns of %s: %w", name, err)
			}
		}
		out = append(out, r)
	}
	return out, nil
}

func columnsOf(ctx context.Context, conn driver.Conn, database, name string) ([]Column, error) {
	rows, err := conn.Query(ctx, "SELECT name, type, comment FROM system.columns WHERE database = ? AND table = ? ORDER BY position", database, name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Column
	for rows.Next() {
		var c Column
		if err := rows.Scan(&c.Name, &c.Type, &c.Comment); err != nil {
			return nil, err
		}
		c.Type = strings.ReplaceAll(c.Type, "LowCardinality(String)", "String")
		out = append(out, c)
	}
	return out, rows.Err()
}
