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
	"slices"
	"strings"
	"syscall"
	"time"

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
	b := &bench{texts: all}
	analyzer, err := b.worker(analyzerPeer)
	if err != nil {
		return err
	}
	kagome, err := b.worker(kagomePeer)
	if err != nil {
		return err
	}
	binaries := strings.Split(o.voc, ",")
	fmt.Println("processor time a post in µs, user and system; 'then' is what comes after all posts can be read: rebuilds and merges")
	fmt.Printf("%-28s %7s %7s %7s %7s %7s %7s %8s %7s\n", "", "worker", "server", "broker", "sum", "then", "kagome", "posts/s", "RSS")
	for range o.rounds {
		for _, binary := range binaries {
			// The bare tokenizer and the analyzer take turns with the program, on one goroutine.
			tagging, bare := timed(analyzer()), timed(kagome())
			o.voc = binary
			c, err := o.cost(ctx, all)
			if err != nil {
				return err
			}
			c.print(filepath.Base(binary), bare)
			fmt.Printf("%-28s %7.0f\n", "  analyzer alone", tagging)
		}
	}
	return nil
}

// timed is the processor time a post that this process takes to handle some, in µs.
func timed(handle func(i int)) float64 {
	const posts = 3000
	began := self()
	for i := range posts {
		handle(i)
	}
	return float64((self() - began).Microseconds()) / posts
}

// cost is what one measurement says, in µs of processor time a post.
type cost struct {
	worker, server, broker, then float64
	rate                         float64
	memory                       int // MiB at most, of the worker
	events                       map[string]uint64
}

func (c cost) print(name string, bare float64) {
	fmt.Printf("%-28s %7.1f %7.1f %7.1f %7.1f %7.1f %7.1f %8.0f %4d MB\n", name, c.worker, c.server, c.broker, c.worker+c.server+c.broker, c.then, bare, c.rate, c.memory)
	fmt.Printf("  inserts %d, parts %d, rows %d, fsyncs %d, queries %d, merges %d of %d rows in %d ms\n", c.events["InsertQuery"], c.events["MergeTreeDataWriterBlocks"],
		c.events["MergeTreeDataWriterRows"], c.events["FileSync"], c.events["SelectQuery"], c.events["Merge"], c.events["MergedRows"], c.events["MergesTimeMilliseconds"])
}

// cost measures the binary that the options name.
func (o options) cost(ctx context.Context, texts []string) (c cost, err error) {
	s, err := o.newStage(ctx, texts)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	voc, stopVoc, err := s.startVoc(ctx)
	if err != nil {
		return c, err
	}
	defer stopVoc()
	// The worker starts, is warmed up, and is then suspended while its work is produced.
	if err := s.produce(ctx, "warm", 2000); err != nil {
		return c, err
	}
	if _, _, err := s.await(ctx, "warm", 2000); err != nil {
		return c, err
	}
	time.Sleep(2 * time.Second)
	if err := voc.Signal(syscall.SIGSTOP); err != nil {
		return c, err
	}
	if err := s.produce(ctx, "load", s.posts); err != nil {
		return c, err
	}
	worker, server, broker := processes{voc.Pid}, processes{s.server}, processes{s.broker.cmd.Process.Pid}
	events, err := s.events(ctx)
	if err != nil {
		return c, err
	}
	before := [3]time.Duration{worker.cpu(), server.cpu(), broker.cpu()}
	began := time.Now()
	if err := voc.Signal(syscall.SIGCONT); err != nil {
		return c, err
	}
	if s.hook != "" {
		h := exec.CommandContext(ctx, "/bin/sh", "-c", s.hook)
		h.Env = append(os.Environ(), fmt.Sprint("WORKER=", worker[0]), fmt.Sprint("SERVER=", server[0]), fmt.Sprint("BROKER=", broker[0]), "DSN="+s.eng.DSN(engine.Admin))
		h.Stdout, h.Stderr = os.Stderr, os.Stderr
		if err := h.Start(); err != nil {
			return c, err
		}
		defer func() { err = errors.Join(err, h.Wait()) }()
	}
	_, all, err := s.await(ctx, "load", s.posts)
	if err != nil {
		return c, err
	}
	each := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 / float64(s.posts) }
	c.rate = float64(s.posts) / all.Sub(began).Seconds()
	c.worker, c.server, c.broker = each(worker.cpu()-before[0]), each(server.cpu()-before[1]), each(broker.cpu()-before[2])
	c.memory = memory(worker[0], mostMemory)
	if c.events, err = s.events(ctx); err != nil {
		return c, err
	}
	for k, v := range events {
		c.events[k] -= v
	}
	everything := slices.Concat(worker, server, broker)
	until := everything.cpu()
	everything.calm()
	c.then = each(everything.cpu() - until)
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
