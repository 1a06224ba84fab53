package main

import (
	"fmt"
	"io"
	"math"

	"github.com/jedib0t/go-pretty/v6/table"
)

// assumptions are what the capacity model takes for granted beside the measured costs.
type assumptions struct {
	// use is the share of a core that is planned for; the rest is for peaks, rebalances and catching up.
	use float64
	// nodeCores and nodeDisk are one ClickHouse node, nodeDisk in bytes that may be filled.
	nodeCores, nodeDisk float64
	// replicas is how many nodes keep the same rows, copies how many brokers keep the same messages.
	replicas, copies float64
	// retention is how many days Kafka keeps messages.
	retention float64
	// window is the largest community and day, in posts: a day is rebuilt whole when it changes.
	window float64
}

func defaultAssumptions() assumptions {
	return assumptions{use: 0.5, nodeCores: 16, nodeDisk: 8e12, replicas: 2, copies: 3, retention: 3, window: 1e6}
}

// costs are what was measured for a post: processor time in µs, sizes in bytes.
type costs struct {
	worker, server         float64
	wire, received, onDisk float64
}

// need is what a rate of posts needs.
type need struct {
	Rate float64
	// Partitions of the posts' topic, and WorkerCores of all `voc run` together.
	Partitions, WorkerCores float64
	// Shards are what the processors need and DiskShards what a year on disk needs; both without replicas.
	Shards, DiskShards float64
	// DiskDay and DiskYear are bytes on all replicas, KafkaDisk on all brokers.
	DiskDay, DiskYear, KafkaDisk float64
	// KafkaIn, KafkaOut and ClickHouseIn are bytes a second: what producers send, what brokers send to workers and to each
	// other, and what workers and replicas send to ClickHouse.
	KafkaIn, KafkaOut, ClickHouseIn float64
	// Communities is how many there must be at least for none to have a day above the window.
	Communities float64
}

const (
	day  = 86_400
	year = 365
)

// plan is linear in the rate: each post costs the same however many there are.
func plan(rate float64, c costs, a assumptions) need {
	cores := math.Ceil(rate * c.worker / 1e6 / a.use)
	n := need{
		Rate:        rate,
		WorkerCores: cores,
		// A partition is read by one worker on one core at most.
		Partitions: cores,
		Shards:     math.Ceil(rate * c.server / 1e6 / a.use / a.nodeCores),
		DiskDay:    rate * day * c.onDisk * a.replicas,
		KafkaDisk:  rate * day * a.retention * c.wire * a.copies,
		KafkaIn:    rate * c.wire,
		// To the workers once, and to each further copy.
		KafkaOut:     rate * c.wire * a.copies,
		ClickHouseIn: rate * c.received * a.replicas,
		Communities:  math.Ceil(rate * day / a.window),
	}
	n.DiskYear = n.DiskDay * year
	n.DiskShards = math.Ceil(n.DiskYear / a.replicas / a.nodeDisk)
	return n
}

// writeCapacity derives the needs from the figures of `voc run`, or says that there are none.
func (c *comparison) writeCapacity(w io.Writer, how render) {
	f := find(c.ways, rowVoc, c.cores())
	if f.Rounds == 0 {
		fmt.Fprintln(w, "Capacity: not computed, because voc run was not measured.")
		return
	}
	a := defaultAssumptions()
	// What happens after the posts can be read is merges and rebuilds, nearly all of it in ClickHouse.
	k := costs{worker: f.Consumer, server: f.Server + f.After, wire: c.wireSize, received: f.Received, onDisk: f.Stored}
	fmt.Fprintf(w, "Measured costs of a post: %s µs of a worker, %s µs of ClickHouse with merges and rebuilds, %.0f bytes as a message, %.0f bytes into ClickHouse (uncompressed, as on one machine), %.0f bytes on disk.\n\n",
		number(k.worker), number(k.server), k.wire, k.received, k.onDisk)
	t := newTable()
	t.AppendHeader(table.Row{"posts/s", "partitions", "worker cores", "ClickHouse nodes", "… for a year on disk", "disk a day", "disk a year", "Kafka disk", "Kafka in", "Kafka out", "ClickHouse in", "communities ≥"})
	for _, rate := range []float64{10_000, 100_000, 1_000_000} {
		n := plan(rate, k, a)
		t.AppendRow(table.Row{whole(rate), whole(n.Partitions), whole(n.WorkerCores), whole(n.Shards * a.replicas), whole(math.Max(n.Shards, n.DiskShards) * a.replicas),
			bytesOf(n.DiskDay), bytesOf(n.DiskYear), bytesOf(n.KafkaDisk), bytesOf(n.KafkaIn) + "/s", bytesOf(n.KafkaOut) + "/s", bytesOf(n.ClickHouseIn) + "/s", whole(n.Communities)})
	}
	fmt.Fprintf(w, "%s\n\n", how(t))
	for _, s := range a.sentences() {
		fmt.Fprintf(w, "* %s\n", s)
	}
	fmt.Fprintln(w)
}

func (a assumptions) sentences() []string {
	return []string{
		fmt.Sprintf("Rates are held all day and cores are planned at %.0f %%, so that peaks of %s times the rate still pass.", 100*a.use, ratio(1/a.use)),
		fmt.Sprintf("A ClickHouse node has %.0f cores and fills %s; every row is on %.0f of them, and each of those is taken to do the whole work of its rows.", a.nodeCores, bytesOf(a.nodeDisk), a.replicas),
		fmt.Sprintf("Kafka keeps messages for %.0f days on %.0f brokers, uncompressed. Its processors are not planned here: the embedded broker says nothing about Apache Kafka's.", a.retention, a.copies),
		"A partition is read by one worker, so there are as many partitions as planned cores; more do no harm and leave room to grow.",
		fmt.Sprintf("A community has at most %s posts a day, because a changed day is rebuilt whole: this is where the model stops being linear. make bench-safety measures a rebuild. A stream with fewer communities than the last column must be divided by another key.", whole(a.window)),
		"Costs come from a small database: merges of larger parts, more days and a registry that no longer fits into memory cost more. Take ClickHouse's column as the least.",
	}
}

// bytesOf prints bytes in the largest decimal unit that leaves at least 1.
func bytesOf(n float64) string {
	units := []string{"B", "kB", "MB", "GB", "TB", "PB"}
	i := 0
	for ; n >= 1000 && i < len(units)-1; i++ {
		n /= 1000
	}
	return number(n) + " " + units[i]
}
