// Command vocbench measures the program end to end on embedded servers. With -what pipeline it measures throughput
// against the bare tokenizer in the same run, freshness, memory and start-up time of `voc run`; with -what retag the
// re-tagging of stored posts while new ones come; with -what outage the memory of `voc run` while ClickHouse is away; with
// -what cost the processor time a post of worker, ClickHouse and broker, of several binaries in turn; with -what fresh how soon
// their posts can be read at a given rate; with -what peers all of
// that against MeCab, kagome, Python and ClickHouse's own Kafka engine, and what capacity follows from it (README.md); with
// -what queries what people wait for when they read.
//
// It is a tool of developers (make bench and the targets bench-*) and prints a table; absolute figures mean something only
// together with the peer's on the same machine, or as processor time.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/segmentio/kafka-go"

	"voc/ingest/broker"
	"voc/ingest/event"
	"voc/ingest/sample"
	"voc/schema/engine"
)

type options struct {
	voc        string
	posts      int
	days       int
	partitions int
	cores      int
	what       string
	outage     time.Duration
	rate       int
	data       string
	seed       uint64
	only       string
	parts      string
	rounds     int
	hook       string
	peers      string
	markdown   string
}

func main() {
	engine.RunChild()
	runBroker()
	runLanguage()
	var o options
	flag.StringVar(&o.voc, "voc", "bin/voc", "binary to measure; with -what cost and fresh several, separated by commas, in turn")
	flag.IntVar(&o.rounds, "rounds", 1, "with -what cost, fresh and peers: how often each binary or peer is measured")
	flag.StringVar(&o.hook, "hook", "", "with -what cost: a shell command that runs beside the load; WORKER, SERVER and BROKER are process ids")
	flag.IntVar(&o.posts, "posts", 100_000, "posts of the throughput run")
	flag.IntVar(&o.days, "days", 90, "days over which the posts are spread: 90 is what a backlog looks like, 1 a live stream, whose inserts touch one month")
	flag.IntVar(&o.partitions, "partitions", 4, "partitions of voc.posts")
	flag.IntVar(&o.cores, "cores", 2, "goroutines of the bare tokenizer and analyzer")
	flag.StringVar(&o.what, "what", "pipeline", "pipeline, peers, cost, fresh, retag, outage or queries")
	flag.DurationVar(&o.outage, "outage", 3*time.Minute, "how long ClickHouse is away")
	flag.IntVar(&o.rate, "rate", 50, "new posts a second during a retag or an outage, and with -what fresh")
	flag.StringVar(&o.data, "data", "", "folder of the servers' data; it is kept, and -what queries uses what it holds. Empty: a temporary one")
	flag.StringVar(&o.parts, "parts", "", "parts of -what queries, separated by commas: sizes, twenty, questions, drill, report, rebuild, pages. Empty: all")
	flag.StringVar(&o.only, "only", "", "only the named queries that match this expression, of -what queries")
	flag.Uint64Var(&o.seed, "seed", 1, "chooses what is asked of the queries")
	flag.StringVar(&o.peers, "peers", ".voc/peers", "with -what peers: folder that make peers has filled")
	flag.StringVar(&o.markdown, "markdown", "", "with -what pipeline and peers: file whose blocks are rewritten, BENCHMARKS.md")
	flag.Parse()
	work := run
	switch o.what {
	case "cost":
		work = runCost
	case "fresh":
		work = runFresh
	case "peers":
		work = comparePeers
	}
	// An interrupted measurement ends what it has started.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := work(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "vocbench:", err)
		os.Exit(1)
	}
}

// bench is the running servers and the texts.
type bench struct {
	options
	dir   string
	kafka string
	// server is the process of ClickHouse.
	server int
	conn   driver.Conn
	// reader has the rights of a reader only.
	reader driver.Conn
	texts  []string
	env    []string
	said   strings.Builder
}

func run(ctx context.Context, o options) (err error) {
	dir := o.data
	if dir == "" {
		if dir, err = os.MkdirTemp("", "vocbench"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	b := &bench{options: o, dir: dir}
	if b.texts, err = texts(); err != nil {
		return err
	}
	eng, err := engine.Start(ctx, engine.Config{Dir: filepath.Join(dir, "clickhouse")})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, eng.Stop(ctx)) }()
	k, err := broker.Start(ctx, broker.Config{
		Dir: filepath.Join(dir, "kafka"), Partitions: o.partitions,
		Topics: topics(),
	})
	if err != nil {
		return err
	}
	defer k.Close()
	b.kafka = k.Addr()
	b.server = eng.PID()
	b.env = environment(b.kafka, eng.DSN(engine.Admin))
	opt, err := clickhouse.ParseDSN(eng.DSN(engine.Admin))
	if err != nil {
		return err
	}
	if err := b.command(ctx, "migrate", "up").Run(); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	opt.ReadTimeout = 30 * time.Minute // copying a million posts says nothing until it is done
	if b.conn, err = clickhouse.Open(opt); err != nil {
		return err
	}
	defer b.conn.Close()
	if opt, err = clickhouse.ParseDSN(eng.DSN(engine.Reader)); err != nil {
		return err
	}
	if b.reader, err = clickhouse.Open(opt); err != nil {
		return err
	}
	defer b.reader.Close()
	switch b.what {
	case "pipeline":
		return b.measure(ctx)
	case "retag":
		return b.retag(ctx)
	case "outage":
		return b.measureOutage(ctx, eng)
	case "queries":
		return b.reading(ctx)
	}
	return fmt.Errorf("-what is %q; give pipeline, peers, cost, fresh, retag, outage or queries", b.what)
}

// privacyKey is the key that the measured programs make pseudonyms with.
const privacyKey = "0123456789abcdef0123456789abcdef"

// environment configures the measured programs.
func environment(kafka, dsn string) []string {
	return append(os.Environ(), "VOC_KAFKA_BROKERS="+kafka, "VOC_CLICKHOUSE_DSN="+dsn, "VOC_PRIVACY_KEY="+privacyKey, "VOC_HTTP_LISTEN=", "VOC_LOG_LEVEL=warn")
}

func (b *bench) command(ctx context.Context, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, b.voc, args...)
	c.Env, c.Stderr = b.env, os.Stderr
	return c
}

// startVoc starts `voc run`; stop ends it and waits for that.
func (b *bench) startVoc(ctx context.Context) (voc *os.Process, stop func(), err error) {
	c := b.command(ctx, "run")
	if err := c.Start(); err != nil {
		return nil, nil, fmt.Errorf("voc run: %w", err)
	}
	return c.Process, func() {
		_ = c.Process.Signal(syscall.SIGTERM)
		_ = c.Wait()
	}, nil
}

func (b *bench) measure(ctx context.Context) error {
	b.say("%s, load of the machine %s\n", time.Now().Format(time.DateOnly), load())
	size := 0
	for _, t := range b.texts {
		size += len(t)
	}
	b.say("texts: %d posts of the sample community, %d bytes on average, posted on %d days\n", len(b.texts), size/len(b.texts), b.days)
	n := min(b.posts, 40_000)
	bare, err := b.languageRate(kagomePeer, n)
	if err != nil {
		return err
	}
	tagged, err := b.languageRate(analyzerPeer, n)
	if err != nil {
		return err
	}
	b.row("kagome, tokenising only", bare, bare)
	b.row("voc analyzer, all tags", tagged, bare)

	if err := b.produce(ctx, "load", b.posts); err != nil {
		return err
	}
	began := time.Now()
	voc, stopVoc, err := b.startVoc(ctx)
	if err != nil {
		return err
	}
	defer stopVoc()
	first, _, err := b.await(ctx, "load", 1)
	if err != nil {
		return err
	}
	// What came with the first batch came before the clock.
	at := time.Now()
	early, err := b.visible(ctx, "load")
	if err != nil {
		return err
	}
	if early > b.posts/2 {
		return fmt.Errorf("%d of %d posts came at once, so no rate can be told from the others; give more by -posts", early, b.posts)
	}
	_, all, err := b.await(ctx, "load", b.posts)
	if err != nil {
		return err
	}
	rate := float64(b.posts-early) / all.Sub(at).Seconds()
	b.row("voc run, Kafka to ClickHouse", rate, bare)
	b.say("start-up of voc run to the first posts in SQL: %.1f s\n", first.Sub(began).Seconds())
	b.say("memory of voc run after %d posts: %d MB now, %d MB at most\n", b.posts, memory(voc.Pid, memoryNow), memory(voc.Pid, mostMemory))
	// Near full load: posts arrive at four fifths of the rate that was measured.
	for _, r := range []float64{10, 1000, 0.8 * rate} {
		took, err := b.freshness(ctx, fmt.Sprintf("rate%.0f", r), r)
		if err != nil {
			return err
		}
		b.say("freshness at %6.0f posts/s: p50 %4d ms, p99 %4d ms\n", r, quantile(took, 50).Milliseconds(), quantile(took, 99).Milliseconds())
	}
	if b.markdown == "" {
		return nil
	}
	return replaceBlocks(b.markdown, map[string]string{"pipeline": "```\n" + b.said.String() + "```"})
}

// say prints a line, and keeps it for the file that -markdown names.
func (b *bench) say(format string, args ...any) {
	fmt.Printf(format, args...)
	fmt.Fprintf(&b.said, format, args...)
}

func (b *bench) row(name string, rate, bare float64) {
	b.say("%-32s %9.0f posts/s  %5.2f × kagome\n", name, rate, rate/bare)
}

// texts are the bodies of the sample community, joined so that they have about 300 bytes.
func texts() ([]string, error) {
	c, err := sample.New(sample.Config{Seed: 1, End: time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		return nil, err
	}
	var out []string
	var b strings.Builder
	for e := range c.Events() {
		var p event.Post
		if e.Topic != "voc.posts" || json.Unmarshal(e.Value, &p) != nil || p.Body == "" {
			continue
		}
		b.WriteString(p.Body)
		if b.Len() >= 240 {
			out = append(out, b.String())
			b.Reset()
		} else {
			b.WriteByte('\n')
		}
	}
	return out, nil
}

// parallel calls do for 0 to n-1 on the given number of goroutines and returns how many a second that made.
func (b *bench) parallel(n int, worker func() func(i int)) float64 {
	var wg sync.WaitGroup
	began := time.Now()
	for g := range b.cores {
		wg.Go(func() {
			do := worker()
			for i := g; i < n; i += b.cores {
				do(i)
			}
		})
	}
	wg.Wait()
	return float64(n) / time.Since(began).Seconds()
}

// languageRate is how many of n posts a second a language peer handles in this process.
func (b *bench) languageRate(peer string, n int) (float64, error) {
	work, err := b.worker(peer)
	if err != nil {
		return 0, err
	}
	b.parallel(n/10, work) // warm-up
	return b.parallel(n, work), nil
}

func (b *bench) post(community string, i int) kafka.Message {
	posted := time.Now().AddDate(0, 0, -(i % max(1, b.days)))
	v, _ := json.Marshal(map[string]any{
		"post_id": community + strconv.Itoa(i), "posted_at": posted.Format(time.RFC3339), "body": b.texts[i%len(b.texts)],
		"community": community, "source": "community", "channel": "質問",
		"author": map[string]string{"id": "u" + strconv.Itoa(i%5000), "role": "member"},
	})
	return kafka.Message{Key: []byte(community + strconv.Itoa(i)), Value: v}
}

func (b *bench) writer() *kafka.Writer {
	return &kafka.Writer{Addr: kafka.TCP(b.kafka), Topic: "voc.posts", Balancer: &kafka.Hash{}, RequiredAcks: kafka.RequireAll,
		BatchSize: 1000, BatchTimeout: 2 * time.Millisecond}
}

func (b *bench) produce(ctx context.Context, community string, n int) error {
	return b.produceTo(ctx, "voc.posts", community, n)
}

// produceTo produces the first n posts of a community to a topic.
func (b *bench) produceTo(ctx context.Context, topic, community string, n int) error {
	w := b.writer()
	w.Topic = topic
	defer w.Close()
	for from := 0; from < n; from += 5000 {
		var ms []kafka.Message
		for i := from; i < min(n, from+5000); i++ {
			ms = append(ms, b.post(community, i))
		}
		if err := w.WriteMessages(ctx, ms...); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) visible(ctx context.Context, community string) (int, error) {
	var n uint64
	// The count of the raw rows is enough here, because no post is sent twice, and it disturbs the measurement least.
	err := b.conn.QueryRow(ctx, "SELECT count() FROM post_facts WHERE community = ?", community).Scan(&n)
	return int(n), err
}

// pause is how long to wait before asking again what took some time to answer. Asking must not be a load that is measured,
// at most a hundredth of the time; but one slow answer must not blur when the posts came.
func pause(asked time.Duration) time.Duration {
	return min(max(20*time.Millisecond, 99*asked), 250*time.Millisecond)
}

// await returns when the first and when all posts of a community could be read.
func (b *bench) await(ctx context.Context, community string, n int) (first, all time.Time, err error) {
	deadline := time.Now().Add(10 * time.Minute)
	for time.Now().Before(deadline) {
		asked := time.Now()
		have, err := b.visible(ctx, community)
		if err != nil {
			return first, all, err
		}
		if have > 0 && first.IsZero() {
			first = time.Now()
		}
		if have >= n {
			return first, time.Now(), nil
		}
		time.Sleep(pause(time.Since(asked)))
	}
	return first, all, fmt.Errorf("only some of %d posts arrived in 10 minutes", n)
}
