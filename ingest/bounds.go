package ingest

import (
	"context"
	"sync"
	"time"
)

// bounds keep the batches of all partitions together below a number of records, however many partitions there are: so
// many that are collected, and as many that are written meanwhile. Each partition may overshoot that by a record or two.
//
// When enough are collected in a round, or a batch of it is due for another reason, the next round begins and all batches
// of this one are due, so that they are written together. The first rounds of a process are short, because what comes
// first should be seen soon, also of a backlog.
type bounds struct {
	mu sync.Mutex
	// most is the bound, and backlog that in a backlog; limit is the one that the rounds have grown to.
	most, backlog, limit int
	// round numbers the rounds; collected are the records of batches that began in this one and are not being written, and
	// bytes their sizes.
	round, collected, bytes int
	// held are all records that are collected or being written.
	held int
	// flights are the batches that are being written.
	flights int
	// trips are those of the rounds of which batches are being written.
	trips map[int]*trip
}

// trip is the way of the batches of one round through the steps of writing.
type trip struct {
	flights  int
	meetings [meetings]meeting
}

// meeting is where the batches of a trip wait for each other, so that they take the next step together.
type meeting struct {
	// coming are the batches that are neither there nor done.
	coming int
	// open is closed when none is coming any more.
	open chan struct{}
}

// meetings is how often batches meet.
const meetings = 3

// longestMeeting bounds how long a batch waits for others.
const longestMeeting = 100 * time.Millisecond

const (
	// collectedRows is the most records that are collected, unless one batch may have more.
	collectedRows = 10_000
	// backlogRows is the same in a backlog, where no post is seen sooner for a smaller batch and each costs ClickHouse less in
	// a large one, as long as records are not larger than usual: more than collectedRows have at most backlogBytes.
	backlogRows  = 20_000
	backlogBytes = 24 << 20
	// firstRows is how many the first round has; each further one has twice as many.
	firstRows = 500
)

func newBounds(most int) *bounds {
	return &bounds{most: most, backlog: max(most, backlogRows), limit: min(most, firstRows), trips: map[int]*trip{}}
}

// begin returns the round in which a batch begins.
func (b *bounds) begin() (round int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.round
}

// take counts one more record of a batch that began in the given round, and says whether the batch is due. Late says that
// there is a backlog.
func (b *bounds) take(round, size int, late bool) (due bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	most := b.most
	if late {
		most = b.backlog
	}
	b.held++
	if round == b.round {
		b.collected++
		b.bytes += size
		if b.collected >= min(most, b.limit) || b.collected >= b.most && b.bytes >= backlogBytes {
			b.limit = min(b.backlog, 2*b.limit)
			b.next()
		}
	}
	return round != b.round || b.held >= 2*most
}

// next begins the next round. mu must be held.
func (b *bounds) next() { b.round, b.collected, b.bytes = b.round+1, 0, 0 }

// behind reports whether batches are being written and one of the given round comes too late to go with them: it began
// after they were due.
func (b *bounds) behind(round int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.flights > 0 && round == b.round
}

// fly says that a batch is written from now on, which ends the round it began in.
func (b *bounds) fly(round int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if round == b.round {
		b.next()
	}
	b.flights++
	t := b.trips[round]
	if t == nil {
		t = &trip{}
		b.trips[round] = t
	}
	t.flights++
	for i := range t.meetings {
		m := &t.meetings[i]
		if m.coming++; m.coming == 1 {
			m.open = make(chan struct{})
		}
	}
}

// meet waits until no other batch of the round is on its way to the meeting, or for longestMeeting. A batch goes to one
// meeting after the other.
func (b *bounds) meet(ctx context.Context, round, i int) {
	b.mu.Lock()
	t := b.trips[round]
	open := t.meetings[i].open
	t.arrive(i)
	b.mu.Unlock()
	timer := time.NewTimer(longestMeeting)
	defer timer.Stop()
	select {
	case <-open:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// arrive counts a batch that has come to a meeting or never will.
func (t *trip) arrive(i int) {
	m := &t.meetings[i]
	if m.coming--; m.coming == 0 {
		close(m.open)
	}
}

// land says that a batch of n records of the given round is written or was given up; it has been at the given number of
// meetings.
func (b *bounds) land(n, round, met int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.held -= n
	b.flights--
	t := b.trips[round]
	for i := met; i < meetings; i++ {
		t.arrive(i)
	}
	if t.flights--; t.flights == 0 {
		delete(b.trips, round)
	}
}

// drop says that a batch of n records that began in the given round will not be written.
func (b *bounds) drop(n, round int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.held -= n
	if round == b.round {
		b.collected -= n
	}
}
