package chtest

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/schema/engine"
	"voc/schema/migrate"
)

// clusterName is what the tests' cluster is called.
const clusterName = "pair"

// Cluster is two embedded servers, each a shard of one cluster. They have no Keeper, so Conn does what the Keeper's
// queue does on real ones: it sends a statement with ON CLUSTER to each server.
type Cluster struct {
	// Conn is a connection as voc_admin to the first server, with the database as its default.
	Conn driver.Conn
	// Migrate is the configuration for migrations of a sharded database.
	Migrate migrate.Config
	servers []*engine.Server
	configs []engine.Config
}

// OpenCluster starts both servers; they end with the test.
func OpenCluster(t testing.TB) *Cluster {
	t.Helper()
	c := &Cluster{Migrate: migrate.Config{Cluster: clusterName, Sharded: true}.WithDefaults()}
	shared := engine.Cluster{Name: clusterName, Ports: freePorts(t, 2), Password: rand.Text()}
	dir := t.TempDir()
	for _, port := range shared.Ports {
		cfg := engine.Config{Dir: filepath.Join(dir, strings.Repeat("x", len(c.configs)+1)), Databases: []string{c.Migrate.Database}, TCPPort: port, Cluster: &shared}
		c.configs = append(c.configs, cfg)
		c.servers = append(c.servers, nil)
		c.Start(t, len(c.configs)-1)
	}
	t.Cleanup(func() {
		for i := range c.servers {
			c.Stop(t, i)
		}
	})
	if _, err := migrate.Up(t.Context(), c.everywhere(t, ""), c.Migrate, nil); err != nil {
		t.Fatal(err)
	}
	c.Conn = c.everywhere(t, c.Migrate.Database)
	return c
}

// DSN returns the address of the database on the first server for a role.
func (c *Cluster) DSN(role engine.Role) string {
	return c.servers[0].DatabaseDSN(role, c.Migrate.Database)
}

// As connects to the first server as a role.
func (c *Cluster) As(t testing.TB, role engine.Role) driver.Conn {
	t.Helper()
	return Connect(t, c.DSN(role))
}

// everywhere connects to the first server, and for statements with ON CLUSTER to every one.
func (c *Cluster) everywhere(t testing.TB, database string) driver.Conn {
	t.Helper()
	all := everywhere{}
	for _, srv := range c.servers {
		all.servers = append(all.servers, Connect(t, srv.DatabaseDSN(engine.Admin, database)))
	}
	all.Conn = all.servers[0]
	return all
}

// Shard connects to one server, to see what it holds itself.
func (c *Cluster) Shard(t testing.TB, i int) driver.Conn {
	t.Helper()
	return Connect(t, c.servers[i].DatabaseDSN(engine.Admin, c.Migrate.Database))
}

// Start starts a server, at its old address when it ran before.
func (c *Cluster) Start(t testing.TB, i int) {
	t.Helper()
	srv, err := engine.Start(context.Background(), c.configs[i])
	if err != nil {
		t.Fatal(err)
	}
	c.servers[i] = srv
}

// Stop stops a server. The others are told nothing.
func (c *Cluster) Stop(t testing.TB, i int) {
	t.Helper()
	if c.servers[i] == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := c.servers[i].Stop(ctx); err != nil {
		t.Errorf("chtest: %v", err)
	}
	c.servers[i] = nil
}

// everywhere sends statements with ON CLUSTER to all servers.
type everywhere struct {
	driver.Conn
	servers []driver.Conn
}

func (e everywhere) Exec(ctx context.Context, query string, args ...any) error {
	const clause = " ON CLUSTER " + clusterName
	if !strings.Contains(query, clause) {
		return e.Conn.Exec(ctx, query, args...)
	}
	var errs []error
	for _, s := range e.servers {
		errs = append(errs, s.Exec(ctx, strings.Replace(query, clause, "", 1), args...))
	}
	return errors.Join(errs...)
}

// freePorts returns ports that nobody listens on now.
func freePorts(t testing.TB, n int) []int {
	t.Helper()
	var ports []int
	for range n {
		l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}
