package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jedib0t/go-pretty/v6/table"
)

func TestPlan(t *testing.T) {
	a := assumptions{use: 0.5, nodeCores: 10, nodeDisk: 1e12, replicas: 2, copies: 3, retention: 2, window: 1e6}
	c := costs{worker: 100, server: 200, wire: 500, received: 400, onDisk: 1000}
	// 10,000 posts/s: 1 s of workers a second at half use is 2 cores; 2 s of ClickHouse is 4 cores, less than one node.
	// A day has 864 million posts: 864 GB, twice; 365 of them are 630.72 TB, half of that on 316 nodes of 1 TB.
	want := need{Rate: 1e4, Partitions: 2, WorkerCores: 2, Shards: 1, DiskShards: 316, DiskDay: 1.728e12, DiskYear: 630.72e12,
		KafkaDisk: 2 * 86400 * 1e4 * 500 * 3, KafkaIn: 5e6, KafkaOut: 15e6, ClickHouseIn: 8e6, Communities: 864}
	if d := cmp.Diff(want, plan(1e4, c, a)); d != "" {
		t.Error(d)
	}
	// A hundred times the posts need a hundred times everything; 400 cores of ClickHouse are 40 nodes.
	n := plan(1e6, c, a)
	if n.WorkerCores != 200 || n.Partitions != 200 || n.Shards != 40 || n.DiskShards != 31536 || n.KafkaIn != 5e8 {
		t.Errorf("a million posts/s: %+v", n)
	}
	// Parts of a core and of a node are whole ones.
	if n := plan(1, c, a); n.WorkerCores != 1 || n.Partitions != 1 || n.Shards != 1 || n.Communities != 1 {
		t.Errorf("one post/s: %+v", n)
	}
}

func TestCapacityFollowsTheFigures(t *testing.T) {
	c := made()
	render := func() string {
		var b strings.Builder
		c.writeCapacity(&b, table.Writer.RenderMarkdown)
		return b.String()
	}
	// 100 µs of a worker are 2 cores for 10,000 posts/s, 199 µs of ClickHouse 4 cores: one of 16 in each replica.
	if got := render(); !strings.Contains(got, "| 10,000 | 2 | 2 | 2 | 32 | 691 GB | 252 TB | 3.9 TB | 5.0 MB/s | 15 MB/s | 10 MB/s | 864 |") ||
		!strings.Contains(got, "| 1,000,000 | 200 | 200 | 50 |") {
		t.Error(got)
	}
	c.ways[0].samples[0].consumer *= 10
	if got := render(); !strings.Contains(got, "| 1,000,000 | 2,000 | 2,000 | 50 |") {
		t.Errorf("a worker that costs ten times as much does not show:\n%s", got)
	}
	c.ways[0].samples = nil
	if got := render(); !strings.Contains(got, "not computed") {
		t.Errorf("without figures: %s", got)
	}
}

func TestNumbers(t *testing.T) {
	for got, want := range map[string]string{
		whole(999): "999", whole(1000): "1,000", whole(1234567): "1,234,567",
		number(9.94): "9.9", number(12.3): "12",
		bytesOf(999): "999 B", bytesOf(1500): "1.5 kB", bytesOf(3.7e16): "37 PB",
		ratio(0.123): "0.12", ratio(1): "1.0", ratio(37.4): "37",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
