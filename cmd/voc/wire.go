package main

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"voc/analyze"
	"voc/analyze/model"
	"voc/analyze/token"
	"voc/cmd/internal/config"
	"voc/ingest"
	"voc/ingest/source"
	"voc/schema/engine"
)

// reservedEnv are the VOC_* variables that are no settings of the pipeline.
var reservedEnv = []string{engine.LibraryEnv}

// version is the module's version as the build recorded it.
func version() string {
	bi, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	return cmp.Or(strings.Trim(bi.Main.Version, "()"), "devel")
}

func newAnalyzer(c config.Analyze) (*analyze.Analyzer, error) {
	ac, err := analyzerConfig(c)
	if err != nil {
		return nil, err
	}
	if ac.NoModel {
		return analyze.New(ac)
	}
	// The dictionary and the weights take most of the start; they are read side by side.
	decoded := make(chan error, 1)
	go func() {
		var err error
		ac.Model, err = model.Default()
		decoded <- err
	}()
	_, err = token.IPA()
	if err := errors.Join(err, <-decoded); err != nil {
		return nil, err
	}
	return analyze.New(ac)
}

// analyzerConfig reads the files that the configuration names.
func analyzerConfig(c config.Analyze) (analyze.Config, error) {
	ac := analyze.Config{MaxRunes: c.MaxRunes, NoModel: !c.Model, Tokenizer: token.Engine(c.Tokenizer)}
	for _, f := range []struct {
		key, file string
		into      *[]byte
	}{{"analyze.taxonomy", c.Taxonomy, &ac.Taxonomy}, {"analyze.user_dictionary", c.UserDictionary, &ac.UserDictionary}} {
		if f.file == "" {
			continue
		}
		b, err := os.ReadFile(f.file)
		if err != nil {
			return ac, fmt.Errorf("%s cannot be read: %w", f.key, err)
		}
		*f.into = b
	}
	if c.Taxonomy != "" {
		ac.TaxonomyName = filepath.Base(c.Taxonomy)
	}
	return ac, nil
}

// pipelineConfig turns the configuration into that of the pipeline.
func pipelineConfig(c config.Config) (ingest.Config, error) {
	p := ingest.DefaultConfig()
	var err error
	if p.Kafka, err = kafkaConnection(c.Kafka); err != nil {
		return p, err
	}
	t := c.Kafka.Topics
	p.Topics = ingest.Topics{Posts: t.Posts, Activity: t.Activity, Accounts: t.Accounts, Surveys: t.Surveys}
	p.Source.Group, p.Source.Start, p.Source.Drain = c.Kafka.Group, source.Start(c.Kafka.StartOffset), c.Ingest.Drain
	p.Source.SessionTimeout, p.Source.RebalanceTimeout, p.Source.Heartbeat = c.Kafka.SessionTimeout, c.Kafka.RebalanceTimeout, c.Kafka.Heartbeat
	// A group that notices a dead worker early shall also try to join early, and leave time to finish a write.
	p.Source.Grace, p.Source.JoinBackoff = min(p.Source.Grace, c.Kafka.RebalanceTimeout/3), min(p.Source.JoinBackoff, c.Kafka.Heartbeat)
	p.DeadLetter.Topic = t.DeadLetter
	p.Sink.DSN, p.Sink.Database, p.Sink.InsertTimeout = string(c.ClickHouse.DSN), c.ClickHouse.Database, c.ClickHouse.InsertTimeout
	opt, err := clickHouseOptions(c.ClickHouse, asWriter(c.ClickHouse), c.ClickHouse.Database)
	if err != nil {
		return p, err
	}
	p.Sink.TLS = opt.TLS
	p.Batch.MaxRows, p.Batch.MaxBytes, p.Batch.MaxAge = c.Ingest.BatchRows, c.Ingest.BatchBytes, c.Ingest.BatchAge
	p.Limits.MaxMessageBytes, p.Limits.IgnoreUnknown = c.Ingest.MaxMessageBytes, c.Ingest.IgnoreUnknownFields
	p.RollupInterval = c.Ingest.RollupInterval
	p.Zone, err = c.Calendar.Zone()
	return p, err
}

// buildPipeline makes a pipeline that is connected to nothing yet.
func buildPipeline(c config.Config, pr *processing, revision uint16, agg ingest.Rollup, log *slog.Logger, reg prometheus.Registerer) (*ingest.Pipeline, error) {
	pc, err := pipelineConfig(c)
	if err != nil {
		return nil, err
	}
	guard, err := pr.guard(reg)
	if err != nil {
		return nil, err
	}
	deps := ingest.Deps{
		NewTagger: func() ingest.Tagger { return pr.analyzer.NewWorker() },
		Revision:  revision, Masker: guard, Rollup: agg, Log: log, Registry: reg,
	}
	if err := faultPoints(pc, &deps); err != nil {
		return nil, err
	}
	return ingest.New(pc, deps)
}
