package migrate

import (
	"errors"
	"fmt"
	"regexp"
	"time"

	"voc/schema"
)

// The families of table engines.
const (
	// EngineMergeTree is for a single server.
	EngineMergeTree = "merge_tree"
	// EngineReplicated is for replicas that share a Keeper.
	EngineReplicated = "replicated"
)

// Config says where the tables are and how they are made. It must be the same at every run against one database;
// what was used first is recorded and a change is refused.
type Config struct {
	// Database holds the tables. Default: voc.
	Database string
	// Timezone is the zone of the calendar. Default: Asia/Tokyo.
	Timezone string
	// Engine is merge_tree or replicated. Default: merge_tree.
	Engine string
	// Cluster is the name of the cluster that statements are sent to with ON CLUSTER; empty for none.
	Cluster string
	// Sharded puts a Distributed table in front of every local one. It needs Cluster.
	Sharded bool
	// Retention says after how many days rows are deleted. Unlike the rest, it may be changed.
	Retention Retention
	// Definer owns the views and is whose rights they use. Default: the user that migrates.
	Definer string
}

// WithDefaults fills what is empty.
func (c Config) WithDefaults() Config {
	if c.Database == "" {
		c.Database = "voc"
	}
	if c.Timezone == "" {
		c.Timezone = schema.DefaultZone
	}
	if c.Engine == "" {
		c.Engine = EngineMergeTree
	}
	return c
}

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Validate reports every field that cannot work.
func (c Config) Validate() error {
	errs := []error{c.Retention.Validate()}
	for _, f := range []struct {
		field, value string
		required     bool
	}{{"database", c.Database, true}, {"cluster", c.Cluster, false}, {"definer", c.Definer, false}} {
		if (f.value != "" || f.required) && !identifier.MatchString(f.value) {
			errs = append(errs, fmt.Errorf("migrate: %s is %q; use letters, digits and _, not beginning with a digit", f.field, f.value))
		}
	}
	if _, err := schema.NewCalendar(c.Timezone); err != nil {
		errs = append(errs, fmt.Errorf("migrate: timezone: %w", err))
	}
	if c.Engine != EngineMergeTree && c.Engine != EngineReplicated {
		errs = append(errs, fmt.Errorf("migrate: engine is %q; use %s or %s", c.Engine, EngineMergeTree, EngineReplicated))
	}
	if c.Sharded && c.Cluster == "" {
		errs = append(errs, errors.New("migrate: sharded is set without cluster; name the cluster whose shards hold the rows"))
	}
	return errors.Join(errs...)
}

// settings is what must not change between runs, as it is recorded.
func (c Config) settings() string {
	s := fmt.Sprintf("timezone=%s engine=%s", c.Timezone, c.Engine)
	if c.Cluster != "" {
		s += " cluster=" + c.Cluster
	}
	if c.Sharded {
		s += " sharded"
	}
	return s
}

// stepTimeout bounds one statement.
const stepTimeout = 5 * time.Minute
