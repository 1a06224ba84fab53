//go:build faultpoints

package main

import (
	"os"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/ingest"
	"voc/ingest/faulttest/points"
)

func faultPoints(cfg ingest.Config, deps *ingest.Deps) error {
	return points.New(os.Environ()).Instrument(cfg, deps)
}

func rollupPoints(conn driver.Conn) driver.Conn {
	return points.New(os.Environ()).Conn(conn)
}
