package ingest_test

import (
	"context"
	"fmt"
	"testing"

	"voc/ingest"
)

// Engines are swapped all the time: the rows of one batch carry one revision, and none is lost.
func TestABatchCarriesOneRevision(t *testing.T) {
	e := newEnv(t, 1)
	e.db.Exec(t, "SYSTEM STOP MERGES post_facts") // so that a part is an insert
	p, stop := e.run(func(c *ingest.Config, _ *ingest.Deps) { c.Batch.MaxRows = 7 })
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := uint16(2); ctx.Err() == nil; n = n%60_000 + 1 {
			p.Swap(ingest.Engine{NewTagger: func() ingest.Tagger { return fakeTagger{} }, Revision: n, Masker: e.deps.Masker})
		}
	}()
	var posts []string
	for i := range 400 {
		posts = append(posts, created(fmt.Sprint("p", i), "高い"))
	}
	e.produce(e.posts, 0, posts...)
	e.settled(e.posts, 0, 400)
	cancel()
	<-done
	stop()
	e.want("SELECT count(), uniqExact(analyzer_revision) > 3 FROM post_facts", "(400,1)")
	e.want("SELECT count() FROM (SELECT _part FROM post_facts GROUP BY _part HAVING uniqExact(analyzer_revision) > 1)", "(0)")
}
