package migrate

import (
	"context"
	"io/fs"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// UpFrom is Up with files of a test's own.
func UpFrom(ctx context.Context, conn driver.Conn, files fs.FS, cfg Config) (int, error) {
	return up(ctx, conn, files, cfg, nil)
}

// Render returns every statement of a configuration, those that make the database first.
func Render(files fs.FS, cfg Config) ([]string, error) {
	cfg = cfg.WithDefaults()
	all, err := steps(files, cfg)
	if err != nil {
		return nil, err
	}
	statements := bootstrap(cfg)
	for _, s := range all {
		statements = append(statements, s.SQL)
	}
	return statements, nil
}

// Unrecorded executes one step without recording it, as a crash leaves it.
func Unrecorded(ctx context.Context, conn driver.Conn, files fs.FS, cfg Config, n int) error {
	cfg = cfg.WithDefaults()
	all, err := steps(files, cfg)
	if err != nil {
		return err
	}
	for _, s := range bootstrap(cfg) {
		if err := exec(ctx, conn, s); err != nil {
			return err
		}
	}
	return exec(ctx, conn, all[n].SQL)
}
