//go:build !faultpoints

package main

import (
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/ingest"
)

// faultPoints and rollupPoints are where the fault harness reaches into a worker. A program that is built without the
// tag faultpoints, as every release is, holds nothing of it.
func faultPoints(ingest.Config, *ingest.Deps) error { return nil }

func rollupPoints(conn driver.Conn) driver.Conn { return conn }
