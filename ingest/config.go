package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"voc/ingest/batch"
	"voc/ingest/connect"
	"voc/ingest/deadletter"
	"voc/ingest/erasure"
	"voc/ingest/event"
	"voc/ingest/process"
	"voc/ingest/sink"
	"voc/ingest/source"
	"voc/schema"
	"voc/schema/rollup"
)

// Topics names the topics of the four events. Empty means that the topic is not read; Posts must be given.
type Topics struct {
	Posts    string
	Activity string
	Accounts string
	Surveys  string
}

func (t Topics) names() []string {
	var out []string
	for _, n := range []string{t.Posts, t.Activity, t.Accounts, t.Surveys} {
		if n != "" {
			out = append(out, n)
		}
	}
	return out
}

// Config of a pipeline. Kafka and Topics are the one place for the cluster and the topics: New copies them into
// Source and DeadLetter.
type Config struct {
	Kafka      connect.Config
	Topics     Topics
	Source     source.Config
	Sink       sink.Config
	DeadLetter deadletter.Config
	Batch      batch.Config
	Limits     event.Limits
	// Zone is the calendar's zone: it decides the day of a post.
	Zone *time.Location
	// Workers is how many records are analysed at once.
	Workers int
	// RollupInterval is the shortest time between two rebuilds of changed windows.
	RollupInterval time.Duration
}

// DefaultConfig returns everything but the addresses and the group.
func DefaultConfig() Config {
	return Config{
		Topics:         Topics{Posts: "voc.posts", Activity: "voc.activity", Accounts: "voc.accounts", Surveys: "voc.surveys"},
		Source:         source.DefaultConfig(),
		Sink:           sink.DefaultConfig(),
		DeadLetter:     deadletter.DefaultConfig(),
		Batch:          batch.DefaultConfig(),
		Limits:         event.DefaultLimits(),
		Zone:           time.FixedZone("Asia/Tokyo", 9*60*60),
		Workers:        runtime.GOMAXPROCS(0),
		RollupInterval: time.Second,
	}
}

// complete copies the shared settings into the parts.
func (c *Config) complete() {
	c.Source.Kafka, c.DeadLetter.Kafka = c.Kafka, c.Kafka
	c.Source.Topics = c.Topics.names()
}

// Validate joins every fault, each naming its field.
func (c Config) Validate() error {
	c.complete()
	errs := []error{c.Source.Validate(), c.Sink.Validate(), c.DeadLetter.Validate(), c.Batch.Validate(), c.Limits.Validate()}
	if c.Topics.Posts == "" {
		errs = append(errs, errors.New("topics.posts is empty; give a topic name"))
	}
	if c.Zone == nil {
		errs = append(errs, errors.New("timezone is missing; give an IANA zone such as Asia/Tokyo"))
	}
	if c.Workers < 1 {
		errs = append(errs, fmt.Errorf("workers is %d; it must be at least 1", c.Workers))
	}
	if c.RollupInterval <= 0 {
		errs = append(errs, fmt.Errorf("rollup_interval is %s; it must be positive", c.RollupInterval))
	}
	if c.Sink.InsertTimeout >= c.Source.SessionTimeout {
		errs = append(errs, fmt.Errorf("insert_timeout is %s; it must be shorter than session_timeout (%s)", c.Sink.InsertTimeout, c.Source.SessionTimeout))
	}
	return errors.Join(errs...)
}

// Tagger analyses posts, with buffers of its own: one goroutine at a time. *analyze.Worker is one.
type Tagger = process.Tagger

// Masker hides persons. It is used by many goroutines at once. *privacy.Guard is one.
type Masker interface {
	// Pseudonym replaces the id of an author; the same id gives the same pseudonym, the empty one stays empty.
	Pseudonym(id string) string
	// Mask replaces personal data in a text. What it returns is analysed and stored; the text itself is not. Masking
	// it again changes nothing.
	Mask(text string) string
	// Patterns is Mask without names of persons, for values in which a name is meant to be read.
	Patterns(text string) string
	// ID returns an id by which rows are joined, as it is stored; the same id gives the same one everywhere.
	ID(id string) string
	// Former returns the pseudonyms that an id had under earlier keys; nil when there are none.
	Former(id string) []string
	// ErasureKeys derives the keys under which erased posts and persons are remembered.
	ErasureKeys() erasure.Keys
}

// Rollup rebuilds the aggregates of windows that were marked. *rollup.Rollup is one.
type Rollup interface {
	// RunOnce rebuilds all windows that are dirty now.
	RunOnce(ctx context.Context) (rollup.Stats, error)
	// RunPaced does so in small steps, and calls pause after each, until it says that there need not be more.
	RunPaced(ctx context.Context, pause func(ctx context.Context, took time.Duration) (more bool)) (rollup.Stats, error)
	// KeepReady writes what stands ready of days and weeks that came to rest until ctx ends, and calls pause after each step.
	KeepReady(ctx context.Context, pause func(ctx context.Context, took time.Duration))
}

// Store is where rows go. *sink.Sink is one.
type Store interface {
	Registered(ctx context.Context, keys []sink.PostKey) (map[sink.PostKey]time.Time, error)
	EarlyDeletions(ctx context.Context, keys []sink.PostKey) (map[sink.PostKey]schema.PostRow, error)
	// Erased returns what was erased by now; the writer keeps its hands off it.
	Erased(ctx context.Context) (*erasure.Set, error)
	WriteFacts(ctx context.Context, b *sink.Batch) ([]sink.Refused, error)
	WriteLedger(ctx context.Context, b *sink.Batch) error
	Ping(ctx context.Context) error
}

// Letters is where refused messages go. *deadletter.Writer is one.
type Letters interface {
	Write(ctx context.Context, letters []deadletter.Letter) error
}

// Deps are what a pipeline needs from outside.
type Deps struct {
	// NewTagger makes one tagger; it is called Workers times, and again after a tagger has panicked.
	NewTagger func() Tagger
	// Revision is the number of the analyzer in analyzer_revisions.
	Revision uint16
	Masker   Masker
	// Rollup may be nil: then nothing is rebuilt by this process.
	Rollup Rollup
	// Store and Letters replace ClickHouse and the dead-letter topic; nil means those of the configuration.
	Store   Store
	Letters Letters
	// Step is called between any two actions of a batch, with the name of the one that is done. It may be nil; the
	// fault harness ends and suspends processes there.
	Step func(name string)

	Log      *slog.Logger          // nil discards
	Registry prometheus.Registerer // nil registers nothing
}

func (d Deps) validate() error {
	var errs []error
	if d.NewTagger == nil {
		errs = append(errs, errors.New("the pipeline needs a tagger"))
	}
	if d.Masker == nil {
		errs = append(errs, errors.New("the pipeline needs a masker, which needs privacy.key"))
	}
	return errors.Join(errs...)
}
