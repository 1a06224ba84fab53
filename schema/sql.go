package schema

import "embed"

// Migrations holds sql/NNNN_name.sql, applied once and in order, and sql/views/name.sql, applied again whenever
// their text changes. They are templates; schema/migrate renders and applies them.
//
//go:embed sql/*.sql sql/views/*.sql
var Migrations embed.FS
