package main

import (
	"bufio"
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"voc/schema/engine"
	"voc/schema/rollup"
)

// peerFiles are the programs and tables of the peers.
//
//go:embed peers/*.py peers/*.sql
var peerFiles embed.FS

// The databases that the ways from Kafka to ClickHouse write to.
const (
	vocDatabase     = "voc"
	osetiDatabase   = "peer_oseti"
	wordSumDatabase = "peer_wordsum"
	engineDatabase  = "peer_engine"
)

// vocConsumer is `voc run` with everything that it does.
func vocConsumer(posts int) consumer {
	return consumer{topic: "voc.posts", database: vocDatabase, table: "post_facts", posts: posts,
		start: func(ctx context.Context, s *stage) ([]*exec.Cmd, error) {
			c := s.command(ctx, "run")
			if err := c.Start(); err != nil {
				return nil, fmt.Errorf("voc run: %w", err)
			}
			return []*exec.Cmd{c}, nil
		},
		behind: func(ctx context.Context, s *stage) (int, error) {
			r, err := rollup.New(s.conn, rollup.Config{})
			if err != nil {
				return 0, err
			}
			return r.Dirty(ctx)
		}}
}

// engineConsumer is ClickHouse's own Kafka engine with a materialized view: everything but the language.
func engineConsumer(posts int) consumer {
	c := consumer{topic: "peer.engine", database: engineDatabase, table: "posts", posts: posts, tables: []string{"tables.sql", "engine.sql"}}
	c.start = func(context.Context, *stage) ([]*exec.Cmd, error) { return nil, nil }
	return c
}

// newPython fails with the reason why its packages are not there.
func newPython(peers string) (interpreter string, err error) {
	if _, err := os.Stat(filepath.Join(peers, ".done")); err != nil {
		return "", reason(peers, "python", "its packages are not in "+peers+"; run make peers")
	}
	return filepath.Abs(filepath.Join(peers, "bin", "python"))
}

// pythonConsumer is the program peers/consumer.py, one process a core in one group.
func pythonConsumer(interpreter, database, sentiment string, posts int) consumer {
	c := consumer{topic: "peer." + sentiment, database: database, table: "posts", posts: posts, tables: []string{"tables.sql"}}
	c.start = func(ctx context.Context, s *stage) (commands []*exec.Cmd, err error) {
		program, err := peerFiles.ReadFile("peers/consumer.py")
		if err != nil {
			return nil, err
		}
		file := filepath.Join(s.dir, "consumer.py")
		if err := os.WriteFile(file, program, 0o600); err != nil {
			return nil, err
		}
		starting, started := context.WithTimeout(ctx, time.Minute)
		defer started()
		shares := make(chan share)
		for i := range s.cores {
			p := exec.CommandContext(ctx, interpreter, file, "--kafka", s.kafka, "--topic", c.topic, "--clickhouse", s.eng.HTTPAddr(),
				"--user", string(engine.Admin), "--table", c.database+"."+c.table, "--sentiment", sentiment)
			p.Env = append(os.Environ(), "CLICKHOUSE_PASSWORD="+s.eng.Password(engine.Admin))
			p.Stderr = os.Stderr
			out, err := p.StdoutPipe()
			if err != nil {
				return commands, err
			}
			if err := p.Start(); err != nil {
				return commands, fmt.Errorf("the Python consumer: %w", err)
			}
			commands = append(commands, p)
			go tell(starting, i, out, shares)
		}
		return commands, dealt(starting, shares, s.cores, s.partitions)
	}
	return c
}

// share is how many partitions a process has been given, or why it has none.
type share struct {
	process, partitions int
	err                 error
}

// tell passes on what a process prints about its share until starting ends, and then reads on so that it can go on printing.
func tell(starting context.Context, process int, out io.Reader, shares chan<- share) {
	send := func(s share) {
		select {
		case shares <- s:
		case <-starting.Done():
		}
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		n, err := strconv.Atoi(lines.Text())
		send(share{process, n, err})
	}
	send(share{process: process, err: errors.New("it has ended")})
}

// dealt waits until all partitions are dealt out and no process that could have one is without.
func dealt(ctx context.Context, shares <-chan share, processes, partitions int) error {
	have := make([]int, processes)
	for {
		var s share
		select {
		case s = <-shares:
		case <-ctx.Done():
			return fmt.Errorf("the processes have %v of %d partitions: %w", have, partitions, ctx.Err())
		}
		if s.err != nil {
			return fmt.Errorf("consumer process %d: %w", s.process+1, s.err)
		}
		have[s.process] = s.partitions
		sum, busy := 0, 0
		for _, n := range have {
			sum += n
			busy += min(n, 1)
		}
		if sum == partitions && busy == min(processes, partitions) {
			return nil
		}
	}
}
