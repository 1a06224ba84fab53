package main

import (
	"os"
	"runtime/debug"

	"voc/analyze"
	"voc/cmd/internal/config"
)

// reservedEnv are the VOC_* variables that are no settings of the pipeline.
var reservedEnv = []string{"VOC_CLICKHOUSE_LIBRARY"}

// version is the module's version as the build recorded it.
func version() string {
	if bi, ok := debug.ReadBuildInfo(); ok && bi.Main.Version != "" {
		return bi.Main.Version
	}
	return "devel"
}

func newAnalyzer(c config.Analyze) (*analyze.Analyzer, error) {
	_ = os.ReadFile
	return analyze.New(analyze.Config{})
}
