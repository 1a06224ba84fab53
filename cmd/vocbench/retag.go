package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/segmentio/kafka-go"
	"golang.org/x/sys/unix"

	"voc/analyze"
	"voc/ingest/mask"
	"voc/ingest/privacy"
	"voc/ingest/process"
	"voc/schema"
	"voc/schema/revision"
)

// stored is the community whose posts are tagged again, and different how many different posts it has; the others
// repeat their texts under other ids on other days.
const (
	stored    = "stored"
	different = 10_000
)

// retag fills the table, tags everything again in two runs, of which the first is killed, while new posts come, and
// runs a third time.
func (b *bench) retag(ctx context.Context) error {
	old, err := b.fill(ctx)
	if err != nil {
		return err
	}
	_, stopVoc, err := b.startVoc(ctx)
	if err != nil {
		return err
	}
	defer stopVoc()
	if err := b.produce(ctx, "warm", 100); err != nil {
		return err
	}
	if _, _, err := b.await(ctx, "warm", 100); err != nil {
		return err
	}
	feeding, stop := context.WithCancel(ctx)
	fed := make(chan int, 1)
	go func() { fed <- b.feed(feeding, "live") }()
	defer stop()

	began, serverBefore := time.Now(), cpu(b.server)
	killed, err := b.retagUntil(ctx, old, b.posts*3/10)
	if err != nil {
		return err
	}
	rest, out, err := b.retagRun(ctx)
	if err != nil {
		return err
	}
	took := time.Since(began)
	server := cpu(b.server) - serverBefore
	client := killed.UserTime() + killed.SystemTime() + rest.UserTime() + rest.SystemTime()
	fmt.Print("the run after the kill: ", out)
	n := float64(b.posts)
	fmt.Printf("retag of %d posts in two runs: %s, %.0f posts/s; load %s\n", b.posts, took.Round(time.Second), n/took.Seconds(), load())
	fmt.Printf("processor time a post: voc retag %.0f µs, ClickHouse, with new posts, rebuilds and merges, %.0f µs; together %.1f minutes on 2 cores for a million\n",
		client.Seconds()*1e6/n, server.Seconds()*1e6/n, (client+server).Minutes()*1e6/n/2)
	fmt.Printf("memory of voc retag: %d MB at most; of ClickHouse: %d MB\n", maxRSS(rest)/1024, memory(b.server, mostMemory))
	stop()
	sent := <-fed
	_, _, err = b.await(ctx, "live", sent)
	fmt.Printf("new posts meanwhile: %d, all stored: %t\n", sent, err == nil)
	_, out, again := b.retagRun(ctx)
	fmt.Print("once more: ", out)
	return errors.Join(err, again, b.history(ctx, old))
}

// history says how many posts the earlier analyzer's results can be asked of, and how many the new one's.
func (b *bench) history(ctx context.Context, old uint16) error {
	var before, now, posts uint64
	began := time.Now()
	if err := b.conn.QueryRow(ctx, "SELECT countIf(analyzer_revision = ?), countIf(current) FROM post_history WHERE community = ?", old, stored).Scan(&before, &now); err != nil {
		return err
	}
	took := time.Since(began)
	if err := b.conn.QueryRow(ctx, "SELECT count() FROM posts WHERE community = ?", stored).Scan(&posts); err != nil {
		return err
	}
	fmt.Printf("post_history: %d of the earlier analyzer, %d current, in %s; posts: %d\n", before, now, took.Round(time.Millisecond), posts)
	if before != posts || now != posts {
		return errors.New("not every post has both results")
	}
	return nil
}

// retagUntil kills a re-tagging with SIGKILL once it has written the results of n posts.
func (b *bench) retagUntil(ctx context.Context, old uint16, n int) (*os.ProcessState, error) {
	c := b.command(ctx, "retag")
	if err := c.Start(); err != nil {
		return nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	for {
		var have uint64
		if err := b.conn.QueryRow(ctx, "SELECT count() FROM post_facts WHERE community = ? AND analyzer_revision > ?", stored, old).Scan(&have); err != nil {
			return nil, err
		}
		if have >= uint64(n) {
			fmt.Printf("kill -9 after %d posts\n", have)
			_ = c.Process.Kill()
			if err := <-ended; err == nil {
				return nil, errors.New("voc retag ended before it was killed; give more posts")
			}
			return c.ProcessState, nil
		}
		select {
		case err := <-ended:
			return nil, fmt.Errorf("voc retag ended by itself after %d posts: %w", have, err)
		case <-time.After(time.Second):
		}
	}
}

// retagRun runs voc retag to its end and returns its last two lines.
func (b *bench) retagRun(ctx context.Context) (*os.ProcessState, string, error) {
	c := b.command(ctx, "retag")
	var out bytes.Buffer
	c.Stdout = &out
	err := c.Run()
	lines := strings.SplitAfter(strings.TrimSpace(out.String())+"\n", "\n")
	return c.ProcessState, strings.Join(lines[max(0, len(lines)-3):], ""), err
}

// fill inserts the posts of an earlier analyzer, one that has no model, straight into the table.
func (b *bench) fill(ctx context.Context) (uint16, error) {
	began := time.Now()
	an, err := analyze.New(analyze.Config{NoModel: true})
	if err != nil {
		return 0, err
	}
	m, err := mask.New(mask.Config{Key: mask.Key(privacyKey)}, mask.NewDictionaryNames(an.Tokenizer()))
	if err != nil {
		return 0, err
	}
	guard, err := privacy.NewWithMasker([]byte(privacyKey), m, nil)
	if err != nil {
		return 0, err
	}
	number, err := revision.Register(ctx, b.conn, an.Revision()+"+"+m.Revision(), "vocbench", "")
	if err != nil {
		return 0, err
	}
	base := min(different, b.posts)
	rows := make([]schema.Row, base)
	runes := 0
	b.parallel(base, func() func(int) {
		w := an.NewWorker()
		var res analyze.Result
		return func(i int) {
			at := time.Date(2026, 1, 1, i%24, 0, 0, 0, time.UTC).AddDate(0, 0, i%300)
			p := &schema.PostRow{
				Community: stored, PostID: fmt.Sprintf("p-%08d", i), SourceVersion: 1, Event: "created", Source: "community", Channel: "質問",
				PostedAt: at, OccurredAt: at, Day: at.Truncate(24 * time.Hour), AuthorID: guard.Pseudonym("u" + strconv.Itoa(i%5000)), AuthorRole: "member",
				AnalyzerRevision: number, KafkaTopic: "voc.posts", KafkaOffset: uint64(i),
			}
			process.Fill(p, "", b.texts[i%len(b.texts)], guard, w, &res)
			rows[i] = p
		}
	})
	for _, r := range rows {
		if p, ok := r.(*schema.PostRow); ok {
			runes += len([]rune(p.Body))
		}
	}
	if err := schema.Insert(ctx, b.conn, rows...); err != nil {
		return 0, err
	}
	columns := "`" + strings.Join((&schema.PostRow{}).Columns(), "`, `") + "`"
	const copies = 20 // a statement, so that it stays in memory
	for from := 1; from < b.posts/base; from += copies {
		if err := b.conn.Exec(ctx, fmt.Sprintf(`INSERT INTO post_facts (%s) SELECT %s FROM
			(SELECT f.* REPLACE (concat(f.post_id, '-', toString(n)) AS post_id, f.kafka_offset + n * %d AS kafka_offset, addDays(f.day, n %% 30) AS day,
				addDays(f.posted_at, n %% 30) AS posted_at, addDays(f.occurred_at, n %% 30) AS occurred_at)
			 FROM post_facts AS f CROSS JOIN (SELECT number AS n FROM numbers(%d, %d)) AS k WHERE f.kafka_offset < %d)
			SETTINGS max_partitions_per_insert_block = 0`,
			columns, columns, base, from, min(copies, b.posts/base-from), base)); err != nil {
			return 0, err
		}
	}
	if err := b.conn.Exec(ctx, "INSERT INTO window_marks (community, day) SELECT DISTINCT toString(community), day FROM post_facts"); err != nil {
		return 0, err
	}
	have, err := b.visible(ctx, stored)
	if err != nil {
		return 0, err
	}
	if have != b.posts {
		return 0, fmt.Errorf("%d posts were stored, want %d, which must be a multiple of %d", have, b.posts, base)
	}
	fmt.Printf("stored %d posts of %d characters on average in %s\n", have, runes/base, time.Since(began).Round(time.Second))
	return number, nil
}

// feed produces posts at the rate until ctx ends, and returns how many.
func (b *bench) feed(ctx context.Context, community string) int {
	w := b.writer()
	defer w.Close()
	sent := 0
	began := time.Now()
	for ctx.Err() == nil {
		due := int(time.Since(began).Seconds() * float64(b.rate))
		for i := sent; i < due; i += 1000 {
			to := min(due, i+1000)
			var ms []kafka.Message
			for k := i; k < to; k++ {
				ms = append(ms, b.post(community, k))
			}
			if err := w.WriteMessages(context.WithoutCancel(ctx), ms...); err != nil {
				fmt.Fprintln(os.Stderr, "vocbench: produce:", err)
				return sent
			}
			sent = to
		}
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
	return sent
}

// cpu is the processor time that a running process has used.
func cpu(pid int) time.Duration {
	var t unix.Timespec
	// The number of a process's clock, as clock_getcpuclockid makes it.
	if err := unix.ClockGettime(int32(^pid<<3|2), &t); err != nil {
		return 0
	}
	return time.Duration(t.Nano())
}

// maxRSS is the most memory of a process that has ended, in KiB.
func maxRSS(s *os.ProcessState) int64 {
	if u, ok := s.SysUsage().(*syscall.Rusage); ok {
		return u.Maxrss
	}
	return 0
}

// load is the load of the machine over 1, 5 and 15 minutes.
func load() string {
	raw, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(raw))[:3], " ")
}
