package points

import (
	"context"
	"fmt"
	"slices"
	"time"

	"voc/ingest"
	"voc/ingest/sink"
	"voc/schema"
)

// The safeties that can be switched off. Each breaks one sentence of the delivery contract on purpose, to prove that
// the harness sees it.
const (
	CommitFirst     = "commit-before-write"    // success is reported before the rows are written
	NoRegistry      = "no-registry"            // nobody is asked what a post's first event fixed
	MarkCreatedOnly = "mark-created-only"      // edits and deletions do not mark the window they change
	MarkFirst       = "mark-before-facts"      // windows are marked before their facts are in
	VersionOnly     = "version-without-offset" // two contents may share one version; the harness changes the table
)

// Safeties lists them.
func Safeties() []string {
	return []string{CommitFirst, NoRegistry, MarkCreatedOnly, MarkFirst, VersionOnly}
}

// lag is how long what was reported too early takes to come true, long enough for a kill to fall in between; rebuilt is
// long enough for a rebuild, also on a busy machine.
const (
	lag     = 400 * time.Millisecond
	rebuilt = 4 * time.Second
)

func (p *Points) switchOff(cfg ingest.Config, deps *ingest.Deps) error {
	if p.off == "" || p.off == VersionOnly {
		return nil
	}
	if !slices.Contains(Safeties(), p.off) {
		return fmt.Errorf("%s is %q; give one of %v", OffEnv, p.off, Safeties())
	}
	s, err := sink.New(cfg.Sink, sink.Deps{Log: deps.Log, Step: deps.Step})
	if err != nil {
		return err
	}
	deps.Store = &unsafeStore{Store: s, off: p.off}
	return nil
}

// unsafeStore is a store without one of its safeties.
type unsafeStore struct {
	ingest.Store
	off string
}

// Registered implements ingest.Store.
func (s *unsafeStore) Registered(ctx context.Context, keys []sink.PostKey) (map[sink.PostKey]time.Time, error) {
	if s.off == NoRegistry {
		return map[sink.PostKey]time.Time{}, nil
	}
	return s.Store.Registered(ctx, keys)
}

// WriteFacts implements ingest.Store.
func (s *unsafeStore) WriteFacts(ctx context.Context, b *sink.Batch) ([]sink.Refused, error) {
	switch s.off {
	case CommitFirst:
		later := copyOf(b)
		go func() {
			time.Sleep(lag)
			_, _ = s.Store.WriteFacts(context.WithoutCancel(ctx), later)
		}()
		return nil, nil
	case MarkFirst:
		if err := s.Store.WriteLedger(ctx, &sink.Batch{Windows: windows(b)}); err != nil {
			return nil, err
		}
		time.Sleep(rebuilt)
	}
	return s.Store.WriteFacts(ctx, b)
}

// WriteLedger implements ingest.Store.
func (s *unsafeStore) WriteLedger(ctx context.Context, b *sink.Batch) error {
	switch s.off {
	case CommitFirst:
		later := copyOf(b)
		go func() {
			time.Sleep(2 * lag)
			_ = s.Store.WriteLedger(context.WithoutCancel(ctx), later)
		}()
		return nil
	case MarkFirst:
		b = copyOf(b)
		b.Windows = nil
	case MarkCreatedOnly:
		b = copyOf(b)
		created := map[schema.Window]bool{}
		for i := range b.Posts {
			if r := &b.Posts[i]; r.Event == "created" {
				created[schema.Window{Community: r.Community, Day: r.Day}] = true
			}
		}
		b.Windows = slices.DeleteFunc(b.Windows, func(w schema.Window) bool { return !created[w] })
	}
	return s.Store.WriteLedger(ctx, b)
}

// windows are those that the posts of a batch change.
func windows(b *sink.Batch) []schema.Window {
	seen := map[schema.Window]bool{}
	var out []schema.Window
	for _, rows := range [][]schema.PostRow{b.Early, b.Posts} {
		for i := range rows {
			w := schema.Window{Community: rows[i].Community, Day: rows[i].Day}
			if !seen[w] {
				seen[w] = true
				out = append(out, w)
			}
		}
	}
	return out
}

// copyOf keeps the rows of a batch, whose memory its owner uses again.
func copyOf(b *sink.Batch) *sink.Batch {
	return &sink.Batch{
		Early: slices.Clone(b.Early), Registry: slices.Clone(b.Registry), Posts: slices.Clone(b.Posts), Activity: slices.Clone(b.Activity),
		Accounts: slices.Clone(b.Accounts), Surveys: slices.Clone(b.Surveys), Outcomes: slices.Clone(b.Outcomes),
		DeadLetters: slices.Clone(b.DeadLetters), Windows: slices.Clone(b.Windows),
	}
}
