package ingest

import (
	"context"
	"sync/atomic"
	"time"

	"voc/ingest/batch"
	"voc/ingest/source"
)

// collector works on one partition. While one batch is written, the next one is collected, so that the processors do
// not wait for the server. A batch is written only after the one before it is committed, so what the contract says
// about the order of writes and commits holds as if there were one batch at a time.
type collector struct {
	p    *Pipeline
	part *source.Partition
	w    *writer // of the batch that is collected
	next *writer // of the batch after it; in use while flight is not nil
	// flight gives what became of the batch that is being written; nil when there is none.
	flight chan error
	// sent is the offset that the batch written last commits; -1 when there was none.
	sent int64
	// behind and late say whether the partition is among those that the pipeline counts as such.
	behind, late bool
	// patience is that of the batches that records are added to.
	patience batch.Patience
}

func newCollector(p *Pipeline, part *source.Partition) *collector {
	return &collector{p: p, part: part, w: newWriter(p, part), next: newWriter(p, part), sent: -1, patience: batch.Prompt}
}

// close waits for the batch that is being written, and forgets the one that is collected.
func (c *collector) close() {
	_ = c.land() // whoever closes has an error already or has landed
	c.p.bounds.drop(c.w.policy.Len(), c.w.round)
	count(&c.behind, false, &c.p.behind)
	count(&c.late, false, &c.p.late)
}

// takenAtOnce is how many records a partition works on before it lets another one have the tagger: some milliseconds. A
// partition that waits cannot see that its batch is due, and is written after the others instead of with them.
const takenAtOnce = 128

// take decodes and analyses the records of one fetch, and has the batch written whenever it is due.
func (c *collector) take(ctx context.Context, b source.Batch) error {
	if len(c.flight) > 0 {
		if err := c.land(); err != nil {
			return err
		}
	}
	// As long as records wait in hand, the partition is behind, whether there are more in Kafka or not.
	count(&c.behind, len(b.Records) > 0 && b.Stable > b.Next, &c.p.behind)
	c.patience = batch.Prompt
	if len(b.Records) > 0 {
		c.patience = c.p.cfg.Batch.Waited(b.Records[0].Time, time.Now())
	}
	count(&c.late, c.behind && c.patience == batch.Backlog, &c.p.late)
	c.w.policy.SetPatience(c.patience)
	for records := b.Records; len(records) > 0; {
		n, reason, err := c.w.takeSome(ctx, records[:min(len(records), takenAtOnce)])
		if err != nil {
			return err
		}
		records = records[n:]
		if reason != batch.None {
			if err := c.flush(ctx, reason); err != nil {
				return err
			}
		}
	}
	if !c.behind {
		c.patience = batch.Prompt
	}
	c.w.policy.SetPatience(c.patience)
	c.w.next = max(c.w.next, b.Next)
	now := time.Now()
	if reason := c.w.ripe(c.w.policy.Due(now), now); reason != batch.None {
		return c.flush(ctx, reason)
	}
	if c.w.policy.Len() == 0 && c.sent >= 0 && c.w.next > c.sent {
		// Compaction left a hole: nothing to write, but the position moves on.
		if err := c.land(); err != nil {
			return err
		}
		c.sent = c.w.next
		return c.part.Commit(ctx, c.w.next)
	}
	return nil
}

// flush begins to write the batch that is collected, as soon as the one before it is committed.
func (c *collector) flush(ctx context.Context, reason batch.Reason) error {
	if c.w.policy.Len() == 0 {
		return nil
	}
	if err := c.land(); err != nil {
		return err
	}
	n := c.w.policy.Len()
	c.p.bounds.fly(c.w.round)
	w, flight := c.w, make(chan error, 1)
	c.w, c.next, c.flight, c.sent = c.next, w, flight, w.next
	c.w.next = w.next
	c.w.policy.SetPatience(c.patience)
	w.met = 0
	go func() {
		err := w.flush(ctx, reason)
		c.p.bounds.land(n, w.round, w.met)
		flight <- err
	}()
	return nil
}

// finish writes what is in hand and waits until it is committed.
func (c *collector) finish(ctx context.Context) error {
	if err := c.flush(ctx, batch.Drain); err != nil {
		return err
	}
	return c.land()
}

// land waits until no batch is being written, and returns what the last one failed with.
func (c *collector) land() error {
	if c.flight == nil {
		return nil
	}
	err := <-c.flight
	c.flight = nil
	return err
}

// count keeps a number of partitions right while what is true of one of them changes.
func count(is *bool, now bool, n *atomic.Int64) {
	switch {
	case now && !*is:
		n.Add(1)
	case !now && *is:
		n.Add(-1)
	}
	*is = now
}
