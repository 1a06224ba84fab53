// Command vocdoc writes the documents that are derived from code: the example configuration, the description of the
// database and the dashboards. With -check it writes nothing and fails when one of them is stale.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"voc/cmd/internal/config"
	"voc/dashboards/grafana"
	"voc/schema/docs"
	"voc/schema/engine"
)

// document is one generated file; the path is relative to the module's root.
type document struct {
	path   string
	render func(context.Context) ([]byte, error)
}

// documents returns everything that is generated.
func documents() ([]document, error) {
	list := []document{
		{"cmd/voc.example.yaml", exampleConfig},
		{"schema/README.md", docs.Generate},
	}
	files, err := grafana.Files()
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		list = append(list, document{filepath.Join("dashboards/grafana", name), func(context.Context) ([]byte, error) { return files[name], nil }})
	}
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
	list, err := documents()
	if err != nil {
		return err
	}
	for _, d := range list {
		want, err := d.render(ctx)
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
		if err := os.WriteFile(path, want, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func exampleConfig(context.Context) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("# Every setting of voc with its default. Keep only the lines you change.\n")
	b.WriteString("# Each can also be given by the environment variable in brackets or by --set key=value.\n")
	err := config.Default().Dump(&b, true)
	return b.Bytes(), err
}
