package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/segmentio/kafka-go"

	"voc/schema/engine"
)

// stage is a ClickHouse and a broker, both empty at first, on which the consumers of one round work one after another.
type stage struct {
	*bench
	eng    *engine.Server
	broker *child
}

func (o options) newStage(ctx context.Context, texts []string) (_ *stage, err error) {
	s := &stage{bench: &bench{options: o, texts: texts}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close(ctx))
		}
	}()
	if s.dir, err = os.MkdirTemp("", "vocbench"); err != nil {
		return nil, err
	}
	if s.eng, err = engine.Start(ctx, engine.Config{
		Dir: filepath.Join(s.dir, "clickhouse"), Databases: []string{vocDatabase, osetiDatabase, wordSumDatabase, engineDatabase}, Logger: slog.New(slog.DiscardHandler)}); err != nil {
		return nil, err
	}
	if s.broker, err = o.startBroker(ctx, filepath.Join(s.dir, "kafka")); err != nil {
		return nil, err
	}
	s.kafka, s.server = s.broker.addr, s.eng.PID()
	s.env = environment(s.kafka, s.eng.DSN(engine.Admin))
	if err := s.command(ctx, "migrate", "up").Run(); err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	opt, err := clickhouse.ParseDSN(s.eng.DSN(engine.Admin))
	if err != nil {
		return nil, err
	}
	s.conn, err = clickhouse.Open(opt)
	return s, err
}

func (s *stage) close(ctx context.Context) (err error) {
	if s.conn != nil {
		err = s.conn.Close()
	}
	if s.broker != nil {
		err = errors.Join(err, s.broker.stop())
	}
	if s.eng != nil {
		err = errors.Join(err, s.eng.Stop(ctx))
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}

// consumer is a way from Kafka to ClickHouse.
type consumer struct {
	topic string
	// database and table receive the posts, each as one row with a post_id. What the whole database takes is measured.
	database, table string
	// posts are produced to be measured, after some to get warm.
	posts int
	// tables are statements that are run before; what they make in the database goes afterwards. Empty for voc's own.
	tables []string
	// keep leaves the tables.
	keep bool
	// start begins consuming and returns when every process has its partitions. The engine inside ClickHouse has none.
	start func(ctx context.Context, s *stage) ([]*exec.Cmd, error)
	// behind tells how much is still to be done when all posts can be read; nil when nothing is.
	behind func(ctx context.Context, s *stage) (int, error)
}

// consume measures one consumer: it is warmed up, suspended while its work is produced, and let go.
func (s *stage) consume(ctx context.Context, c consumer) (out measurement, err error) {
	if err := s.createTopic(ctx, c.topic); err != nil {
		return out, err
	}
	for _, file := range c.tables {
		if err := s.execute(ctx, c, file); err != nil {
			return out, err
		}
	}
	if len(c.tables) > 0 && !c.keep {
		defer func() { err = errors.Join(err, s.execute(ctx, c, "drop.sql")) }()
	}
	commands, err := c.start(ctx, s)
	defer func() {
		for _, c := range commands {
			_ = c.Process.Signal(syscall.SIGTERM)
		}
		for _, c := range commands {
			_ = c.Wait()
		}
	}()
	if err != nil {
		return out, err
	}
	warm := max(100, c.posts/20)
	if err := s.produceTo(ctx, c.topic, "warm", warm); err != nil {
		return out, err
	}
	if err := s.arrive(ctx, c, warm); err != nil {
		return out, err
	}
	own := make(processes, len(commands))
	for i, c := range commands {
		own[i] = c.Process.Pid
	}
	server, broker := processes{s.server}, processes{s.broker.cmd.Process.Pid}
	all := append(append(processes{}, own...), s.server, broker[0])
	all.calm()
	held := own
	if len(own) == 0 {
		held = server
	}
	if err := held.signal(syscall.SIGSTOP); err != nil {
		return out, err
	}
	err = s.produceTo(ctx, c.topic, "load", c.posts)
	used := [3]time.Duration{own.cpu(), server.cpu(), broker.cpu()}
	began := time.Now()
	if err = errors.Join(err, held.signal(syscall.SIGCONT)); err != nil {
		return out, err
	}
	received, err := s.received(ctx)
	if err != nil {
		return out, err
	}
	if err := s.arrive(ctx, c, warm+c.posts); err != nil {
		return out, err
	}
	out = measurement{posts: c.posts, wall: time.Since(began), consumer: own.cpu() - used[0], server: server.cpu() - used[1], broker: broker.cpu() - used[2]}
	until := all.cpu()
	if err := s.caughtUp(ctx, c); err != nil {
		return out, err
	}
	all.calm()
	out.after = all.cpu() - until
	for _, pid := range own {
		out.memory += float64(memory(pid, mostMemory))
	}
	now, err := s.received(ctx)
	if err != nil {
		return out, err
	}
	out.received = float64(now-received) / float64(c.posts)
	if out.stored, err = s.stored(ctx, c.database, warm+c.posts); err != nil {
		return out, err
	}
	return out, s.whole(ctx, c, warm+c.posts)
}

// processes are ids of running processes.
type processes []int

func (p processes) cpu() (sum time.Duration) {
	for _, pid := range p {
		sum += cpu(pid)
	}
	return sum
}

func (p processes) signal(s syscall.Signal) (err error) {
	for _, pid := range p {
		err = errors.Join(err, syscall.Kill(pid, s))
	}
	return err
}

// calm waits until the processes have used less than a twentieth of a core for two seconds, half a minute at most.
func (p processes) calm() {
	last := p.cpu()
	for quiet, end := 0, time.Now().Add(30*time.Second); quiet < 2 && time.Now().Before(end); {
		time.Sleep(time.Second)
		now := p.cpu()
		if quiet++; now-last > 50*time.Millisecond {
			quiet = 0
		}
		last = now
	}
}

func (s *stage) createTopic(ctx context.Context, name string) error {
	client := &kafka.Client{Addr: kafka.TCP(s.kafka), Timeout: 10 * time.Second}
	r, err := client.CreateTopics(ctx, &kafka.CreateTopicsRequest{
		Topics: []kafka.TopicConfig{{Topic: name, NumPartitions: s.partitions, ReplicationFactor: 1}},
	})
	if err != nil {
		return fmt.Errorf("create the topic %s: %w", name, err)
	}
	if err := r.Errors[name]; err != nil && !errors.Is(err, kafka.TopicAlreadyExists) {
		return fmt.Errorf("create the topic %s: %w", name, err)
	}
	return nil
}

// execute runs the statements of a file of the folder peers.
func (s *stage) execute(ctx context.Context, c consumer, file string) error {
	text, err := peerFiles.ReadFile("peers/" + file)
	if err != nil {
		return err
	}
	own := strings.NewReplacer("@database", c.database, "@topic", c.topic, "@kafka", s.kafka)
	if err := s.runAll(ctx, own.Replace(string(text))); err != nil {
		return fmt.Errorf("%s of %s: %w", file, c.database, err)
	}
	return nil
}

// arrive waits until a consumer's table has n rows, and gives up when none comes for two minutes.
func (s *stage) arrive(ctx context.Context, c consumer, n int) error {
	var have, before uint64
	for last := time.Now(); time.Since(last) < 2*time.Minute; {
		asked := time.Now()
		err := s.conn.QueryRow(ctx, "SELECT count() FROM {database:Identifier}.{table:Identifier}",
			clickhouse.Named("database", c.database), clickhouse.Named("table", c.table)).Scan(&have)
		if err != nil {
			return fmt.Errorf("count the posts in %s: %w", c.database, err)
		}
		if int(have) >= n {
			return nil
		}
		if have > before {
			last, before = time.Now(), have
		}
		time.Sleep(pause(time.Since(asked)))
	}
	return fmt.Errorf("%s has %d of %d posts and got none for two minutes", c.database, have, n)
}

// caughtUp waits until nothing is left that a consumer does after the posts can be read.
func (s *stage) caughtUp(ctx context.Context, c consumer) error {
	if c.behind == nil {
		return nil
	}
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(500 * time.Millisecond) {
		left, err := c.behind(ctx, s)
		if left == 0 || err != nil {
			return err
		}
	}
	return fmt.Errorf("%s is not done with its posts after two minutes", c.database)
}

// whole fails unless the table has each of n posts exactly once: who loses some has not done the work.
func (s *stage) whole(ctx context.Context, c consumer, n int) error {
	var rows, posts uint64
	err := s.conn.QueryRow(ctx, "SELECT count(), uniqExact(post_id) FROM {database:Identifier}.{table:Identifier}",
		clickhouse.Named("database", c.database), clickhouse.Named("table", c.table)).Scan(&rows, &posts)
	if err != nil {
		return err
	}
	if int(rows) != n || int(posts) != n {
		return fmt.Errorf("%s has %d rows of %d posts; it must have %d of each", c.database, rows, posts, n)
	}
	return nil
}

// received is how many bytes ClickHouse has read from the network.
func (s *stage) received(ctx context.Context) (n uint64, err error) {
	err = s.conn.QueryRow(ctx, "SELECT sum(value) FROM system.events WHERE event = 'NetworkReceiveBytes'").Scan(&n)
	return n, err
}

// stored is what a database takes on disk, in bytes a post.
func (s *stage) stored(ctx context.Context, database string, posts int) (float64, error) {
	var n uint64
	err := s.conn.QueryRow(ctx, "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = {database:String}",
		clickhouse.Named("database", database)).Scan(&n)
	return float64(n) / float64(posts), err
}
