package engine

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"time"
)

// DefaultDatabase is the database that the roles get rights in when Config.Databases is empty.
const DefaultDatabase = "voc"

// Config says where an engine keeps its data and how it is started.
type Config struct {
	// Dir is the folder of data, credentials, configuration and logs. It is made when missing, with mode 0700.
	Dir string
	// Databases are the databases in which the roles writer and reader have rights. The first is the one that DSN
	// names. Default: "voc".
	Databases []string
	// Readers are more users with the rights of a reader, by name, each bound to the one community that it may see.
	Readers map[string]string
	// Cluster makes the server one of several; nil leaves it alone.
	Cluster *Cluster
	// Binary is the path of a clickhouse binary; it wins over everything else when set.
	Binary string
	// Library is the path of libchdb.so; it wins over a binary on PATH when set.
	Library string
	// TCPPort and HTTPPort are the ports of the native and the HTTP protocol; 0 lets the operating system choose.
	TCPPort, HTTPPort int
	// Timezone is the server's zone. Default: UTC. Nothing in voc depends on it; tests prove that by changing it.
	Timezone string
	// MaxMemory is the limit of the server's memory in bytes. Default: half of the machine, at most 4 GiB.
	MaxMemory uint64
	// StartTimeout bounds the time until the server answers. Default: 60 s.
	StartTimeout time.Duration
	// LockTimeout bounds the wait for another process that still uses Dir. Default: 15 s.
	LockTimeout time.Duration
	// Logger receives starts, stops and crashes. Default: slog.Default().
	Logger *slog.Logger
}

// Cluster names servers on the loopback interface as the shards of a cluster. Every one of them gets the same, and
// TCPPort as one of Ports. There is no Keeper: statements with ON CLUSTER do not run.
type Cluster struct {
	// Name is what Distributed tables say.
	Name string
	// Ports are those of the shards' native protocol, in their order.
	Ports []int
	// Password is that of ShardUser, as whom the servers ask each other.
	Password string
}

// ShardUser is who the servers of a Cluster log in as at each other, with the rights of a writer. A common secret would
// run each query as the user who asked, who would need rights on the tables behind the views.
const ShardUser = "voc_shard"

var databaseName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,63}$`)

// withDefaults fills what is empty.
func (c Config) withDefaults() Config {
	if len(c.Databases) == 0 {
		c.Databases = []string{DefaultDatabase}
	}
	if c.Timezone == "" {
		c.Timezone = "UTC"
	}
	if c.MaxMemory == 0 {
		c.MaxMemory = min(4<<30, physicalMemory()/2)
	}
	if c.StartTimeout == 0 {
		c.StartTimeout = time.Minute
	}
	if c.LockTimeout == 0 {
		c.LockTimeout = 15 * time.Second
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c
}

// Validate reports every field that cannot work.
func (c Config) Validate() error {
	var errs []error
	if c.Dir == "" {
		errs = append(errs, errors.New("engine: Dir is empty; give the folder that shall hold the data"))
	}
	for _, name := range c.Databases {
		if !databaseName.MatchString(name) {
			errs = append(errs, fmt.Errorf("engine: Databases holds %q; a name is made of letters, digits and _ and is at most 64 long", name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Readers)) {
		if !databaseName.MatchString(name) || slices.Contains(roles(), Role(name)) || name == "default" || name == ShardUser {
			errs = append(errs, fmt.Errorf("engine: Readers holds the user %q; use a name of letters, digits and _ that is no role", name))
		}
	}
	if cl := c.Cluster; cl != nil {
		if !databaseName.MatchString(cl.Name) || len(cl.Ports) == 0 || cl.Password == "" {
			errs = append(errs, errors.New("engine: Cluster needs a name of letters, digits and _, the ports of its shards and a password"))
		}
		if !slices.Contains(cl.Ports, c.TCPPort) {
			errs = append(errs, fmt.Errorf("engine: TCPPort is %d, which is not one of Cluster.Ports; this server must be a shard of its cluster", c.TCPPort))
		}
	}
	for _, p := range []struct {
		field string
		port  int
	}{{"TCPPort", c.TCPPort}, {"HTTPPort", c.HTTPPort}} {
		if p.port < 0 || p.port > 65535 {
			errs = append(errs, fmt.Errorf("engine: %s is %d; use 0 (any free port) to 65535", p.field, p.port))
		}
	}
	if c.Timezone != "" {
		if _, err := time.LoadLocation(c.Timezone); err != nil {
			errs = append(errs, fmt.Errorf("engine: Timezone %q is unknown; use an IANA name such as Asia/Tokyo: %w", c.Timezone, err))
		}
	}
	if c.MaxMemory != 0 && c.MaxMemory < 256<<20 {
		errs = append(errs, fmt.Errorf("engine: MaxMemory is %d bytes; the server needs at least 256 MiB", c.MaxMemory))
	}
	if c.StartTimeout < 0 || c.LockTimeout < 0 {
		errs = append(errs, errors.New("engine: StartTimeout and LockTimeout must not be negative"))
	}
	return errors.Join(errs...)
}
