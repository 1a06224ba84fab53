// Command vocdoc writes the documents that are derived from code: the example configuration, the description of the
// database and the dashboards. With -check it writes nothing and fails when one of them is stale.
package main

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/cmd/internal/config"
	"voc/dashboards/grafana"
	"voc/dashboards/superset"
	"voc/schema/docs"
	"voc/schema/engine"
)

// document is one generated file; the path is relative to the module's root.
type document struct {
	path   string
	render func() ([]byte, error)
}

// documents returns everything that is generated. The database is an empty one with voc's views.
func documents(ctx context.Context, conn driver.Conn, database string) ([]document, error) {
	list := []document{
		{"cmd/voc.example.yaml", exampleConfig},
		{"schema/README.md", func() ([]byte, error) { return docs.Render(ctx, conn, database) }},
	}
	boards, err := grafana.Files()
	if err != nil {
		return nil, err
	}
	bundle, err := superset.Files(ctx, conn)
	if err != nil {
		return nil, err
	}
	for dir, files := range map[string]map[string][]byte{"dashboards/grafana": boards, "dashboards/superset": bundle} {
		for name, text := range files {
			list = append(list, document{filepath.Join(dir, name), func() ([]byte, error) { return text, nil }})
		}
	}
	slices.SortFunc(list, func(a, b document) int { return cmp.Compare(a.path, b.path) })
	return list, nil
}

func main() {
	engine.RunChild()
	check := flag.Bool("check", false, "fail when a document is stale instead of writing it")
	root := flag.String("root", ".", "root of the module")
	flag.Parse()
	if err := run(context.Background(), *root, *check); err != nil {
		fmt.Fprintln(os.Stderr, "vocdoc:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, root string, check bool) error {
	return docs.WithDatabase(ctx, func(conn driver.Conn, database string) error {
		list, err := documents(ctx, conn, database)
		if err != nil {
			return err
		}
		return write(list, root, check)
	})
}

func write(list []document, root string, check bool) error {
	for _, d := range list {
		want, err := d.render()
		if err != nil {
			return fmt.Errorf("%s: %w", d.path, err)
		}
		path := filepath.Join(root, d.path)
		have, err := os.ReadFile(path)
		if err == nil && bytes.Equal(have, want) {
			continue
		}
		if check {
			return fmt.Errorf("%s is stale; run `make generate` and commit it", d.path)
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, want, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func exampleConfig() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("# Every setting of voc with its default. Keep only the lines you change.\n")
	b.WriteString("# Each can also be given by the environment variable in brackets or by --set key=value.\n")
	err := config.Default().Dump(&b, true)
	return b.Bytes(), err
}
