package delivery

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"voc/dashboards/report"
)

// Files writes reports into a folder.
type Files struct {
	Dir     string
	Pattern string // see CheckName
	Formats []report.Format
}

// Name implements Target.
func (f Files) Name() string { return "file" }

// Deliver implements Target. Each file appears as a whole or not at all.
func (f Files) Deliver(_ context.Context, n Notice) error {
	_, err := f.Write(n)
	return err
}

// Write returns the names of the files that it wrote.
func (f Files) Write(n Notice) ([]string, error) {
	var names []string
	for _, format := range f.Formats {
		b, err := n.render(format)
		if err != nil {
			return names, err
		}
		name := filepath.Join(f.Dir, filepath.FromSlash(FileName(f.Pattern, n.Report, format)))
		if err := replace(name, b); err != nil {
			return names, fmt.Errorf("cannot write the report: %w", err)
		}
		names = append(names, name)
	}
	return names, nil
}

// replace writes a file under another name first, on disk before it takes the place of the old one.
func replace(name string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	t, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	_, err = t.Write(content)
	err = errors.Join(err, t.Chmod(0o644), t.Sync(), t.Close())
	if err == nil {
		err = os.Rename(t.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(t.Name()))
	}
	return nil
}
