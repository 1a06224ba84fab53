package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/ikawaha/kagome-dict/ipa"
	"github.com/ikawaha/kagome/v2/tokenizer"

	"github.com/ClickHouse/clickhouse-go/v2"

	"voc/analyze"
	"voc/ingest/broker"
	"voc/schema/engine"
)

// brokerEnv makes the program a broker in the folder that it names, so that the broker's processor time is told apart
// from that of the producer.
const brokerEnv = "VOC_BENCH_BROKER"

// runBroker is what the re-executed program does: it prints its address and ends with its input.
func runBroker() {
	dir, ok := os.LookupEnv(brokerEnv)
	if !ok {
		return
	}
	var partitions int
	_, err := fmt.Sscan(os.Getenv(brokerEnv+"_PARTITIONS"), &partitions)
	if err == nil {
		var k *broker.Broker
		if k, err = broker.Start(context.Background(), broker.Config{Dir: dir, Partitions: partitions, Topics: topics()}); err == nil {
			fmt.Println(k.Addr())
			_, err = io.Copy(io.Discard, os.Stdin)
			k.Close()
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "vocbench: broker:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func topics() []string {
	return []string{"voc.posts", "voc.activity", "voc.accounts", "voc.surveys", "voc.deadletter"}
}

// child is a broker in a process of its own.
type child struct {
	cmd  *exec.Cmd
	in   io.Closer
	addr string
}

func (o options) startBroker(ctx context.Context, dir string) (*child, error) {
	c := &child{cmd: exec.CommandContext(ctx, "/proc/self/exe")}
	c.cmd.Env = append(os.Environ(), brokerEnv+"="+dir, fmt.Sprint(brokerEnv+"_PARTITIONS=", o.partitions))
	c.cmd.Stderr = os.Stderr
	in, err := c.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	c.in = in
	if _, err := fmt.Fscanln(bufio.NewReader(out), &c.addr); err != nil {
		return nil, errors.Join(fmt.Errorf("the broker did not tell its address: %w", err), c.stop())
	}
	return c, nil
}

func (c *child) stop() error {
	return errors.Join(c.in.Close(), c.cmd.Wait())
}

// runCost measures, for each of the binaries in turn, the processor time a post of worker, ClickHouse and broker. Every
// measurement has servers of its own, so that none inherits another's parts.
func runCost(ctx context.Context, o options) error {
	all, err := texts()
	if err != nil {
		return err
	}
	a, err := analyze.New(analyze.Config{})
	if err != nil {
		return err
	}
	t, err := tokenizer.New(ipa.Dict(), tokenizer.OmitBosEos())
	if err != nil {
		return err
	}
	fmt.Println("processor time a post in µs, user and system; 'then' is what comes after all posts can be read: rebuilds and merges")
	fmt.Printf("%-28s %7s %7s %7s %7s %7s %7s %8s %7s\n", "", "worker", "server", "broker", "sum", "then", "kagome", "posts/s", "RSS")
	for range o.rounds {
		for _, binary := range strings.Split(o.voc, ",") {
			// The bare tokenizer and the analyzer take turns with the program, on one goroutine.
			w := a.NewWorker()
			var r analyze.Result
			tagging := timed(func() {
				for i := range 3000 {
					w.Analyze(analyze.Input{Body: all[i%len(all)]}, &r)
				}
			}) / 3000
			bare := timed(func() {
				for i := range 3000 {
					t.Analyze(all[i%len(all)], tokenizer.Normal)
				}
			}) / 3000
			c, err := o.cost(ctx, binary, all)
			if err != nil {
				return err
			}
			c.print(filepath.Base(binary), bare)
			fmt.Printf("%-28s %7.0f\n", "  analyzer alone", tagging)
		}
	}
	return nil
}

// timed is the processor time of this process during f, in µs.
func timed(f func()) float64 {
	began := cpu(os.Getpid())
	f()
	return float64((cpu(os.Getpid()) - began).Microseconds())
}

// cost is what one measurement says, in µs of processor time a post.
type cost struct {
	worker, server, broker, then float64
	rate                         float64
	memory                       string
	events                       map[string]uint64
}

func (c cost) print(name string, bare float64) {
	fmt.Printf("%-28s %7.1f %7.1f %7.1f %7.1f %7.1f %7.1f %8.0f %7s\n", name, c.worker, c.server, c.broker, c.worker+c.server+c.broker, c.then, bare, c.rate, c.memory)
	fmt.Printf("  inserts %d, parts %d, rows %d, fsyncs %d, queries %d, merges %d of %d rows in %d ms\n", c.events["InsertQuery"], c.events["MergeTreeDataWriterBlocks"],
		c.events["MergeTreeDataWriterRows"], c.events["FileSync"], c.events["SelectQuery"], c.events["Merge"], c.events["MergedRows"], c.events["MergesTimeMilliseconds"])
}

func (o options) cost(ctx context.Context, binary string, texts []string) (c cost, err error) {
	dir, err := os.MkdirTemp("", "vocbench")
	if err != nil {
		return c, err
	}
	defer os.RemoveAll(dir)
	eng, err := engine.Start(ctx, engine.Config{Dir: filepath.Join(dir, "clickhouse")})
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, eng.Stop(ctx)) }()
	k, err := o.startBroker(ctx, filepath.Join(dir, "kafka"))
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, k.stop()) }()
	b := &bench{options: o, dir: dir, kafka: k.addr, server: eng.PID(), texts: texts, env: environment(k.addr, eng.DSN(engine.Admin))}
	b.voc = binary
	if err := b.command(ctx, "migrate", "up").Run(); err != nil {
		return c, fmt.Errorf("migrate: %w", err)
	}
	opt, err := clickhouse.ParseDSN(eng.DSN(engine.Admin))
	if err != nil {
		return c, err
	}
	if b.conn, err = clickhouse.Open(opt); err != nil {
		return c, err
	}
	defer b.conn.Close()
	voc := b.command(ctx, "run")
	if err := voc.Start(); err != nil {
		return c, err
	}
	defer func() {
		_ = voc.Process.Signal(syscall.SIGTERM)
		_ = voc.Wait()
	}()
	// The worker starts, is warmed up, and is then suspended while its work is produced.
	if err := b.produce(ctx, "warm", 2000); err != nil {
		return c, err
	}
	if _, _, err := b.await(ctx, "warm", 2000); err != nil {
		return c, err
	}
	time.Sleep(2 * time.Second)
	if err := voc.Process.Signal(syscall.SIGSTOP); err != nil {
		return c, err
	}
	if err := b.produce(ctx, "load", b.posts); err != nil {
		return c, err
	}
	pids := [3]int{voc.Process.Pid, b.server, k.cmd.Process.Pid}
	events, err := b.events(ctx)
	if err != nil {
		return c, err
	}
	before := cpus(pids)
	began := time.Now()
	if err := voc.Process.Signal(syscall.SIGCONT); err != nil {
		return c, err
	}
	if b.hook != "" {
		h := exec.CommandContext(ctx, "/bin/sh", "-c", b.hook)
		h.Env = append(os.Environ(), fmt.Sprint("WORKER=", pids[0]), fmt.Sprint("SERVER=", pids[1]), fmt.Sprint("BROKER=", pids[2]), "DSN="+eng.DSN(engine.Admin))
		h.Stdout, h.Stderr = os.Stderr, os.Stderr
		if err := h.Start(); err != nil {
			return c, err
		}
		defer func() { err = errors.Join(err, h.Wait()) }()
	}
	_, all, err := b.await(ctx, "load", b.posts)
	if err != nil {
		return c, err
	}
	readable := cpus(pids)
	n := float64(b.posts) * 1000
	c.rate = float64(b.posts) / all.Sub(began).Seconds()
	c.worker, c.server, c.broker = float64(readable[0]-before[0])/n, float64(readable[1]-before[1])/n, float64(readable[2]-before[2])/n
	c.memory = status(pids[0], "VmHWM")
	if c.events, err = b.events(ctx); err != nil {
		return c, err
	}
	for k, v := range events {
		c.events[k] -= v
	}
	quiet := b.quiet(pids, readable)
	for i := range pids {
		c.then += float64(quiet[i]-readable[i]) / n
	}
	return c, nil
}

// events are ClickHouse's own counters of what it did for queries and merges.
func (b *bench) events(ctx context.Context) (map[string]uint64, error) {
	rows, err := b.conn.Query(ctx, "SELECT event, value FROM system.events WHERE event IN ('InsertQuery', 'SelectQuery', 'MergeTreeDataWriterBlocks', 'MergeTreeDataWriterRows', 'Merge', 'MergedRows', 'MergesTimeMilliseconds', 'FileSync')")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]uint64{}
	for rows.Next() {
		var name string
		var n uint64
		if err := rows.Scan(&name, &n); err != nil {
			return nil, err
		}
		out[name] = n
	}
	return out, rows.Err()
}

func cpus(pids [3]int) (out [3]time.Duration) {
	for i, pid := range pids {
		out[i] = cpu(pid)
	}
	return out
}

// quiet waits until the processes have had little to do for two seconds, at most a minute, and returns their processor
// times.
func (b *bench) quiet(pids [3]int, last [3]time.Duration) [3]time.Duration {
	calm := 0
	for end := time.Now().Add(time.Minute); calm < 2 && time.Now().Before(end); {
		time.Sleep(time.Second)
		now := cpus(pids)
		used := time.Duration(0)
		for i := range now {
			used += now[i] - last[i]
		}
		if calm++; used > 150*time.Millisecond {
			calm = 0
		}
		last = now
	}
	return last
}
