package forget_test

import (
	"strings"
	"testing"

	"voc/ingest/duplicates"
	"voc/ingest/forget"
	"voc/ingest/pipetest"
	"voc/ingest/privacy"
	"voc/ingest/process"
	"voc/ingest/retag"
	"voc/ingest/source/sourcetest"
	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
	"voc/schema/revision"
	"voc/schema/rollup"
)

// On a sharded database the pipeline, the re-tagging, the comparison of copies and the erasure work through the
// Distributed tables, and the erasure leaves nothing on any shard.
func TestForgetOnShards(t *testing.T) {
	e := pipetest.New(t, 1)
	cluster := chtest.OpenCluster(t)
	writer := cluster.As(t, engine.Writer)
	agg, err := rollup.New(writer, rollup.Config{})
	if err != nil {
		t.Fatal(err)
	}
	e.Config.Sink.DSN, e.Config.Sink.Database = cluster.DSN(engine.Writer), cluster.Migrate.Database
	e.Deps.Rollup = agg
	for _, hash := range []string{"before", "after"} {
		if _, err := revision.Register(t.Context(), writer, hash, "test", ""); err != nil {
			t.Fatal(err)
		}
	}
	ends := fill(e)
	_, stop := e.Run()
	settled(e, ends)
	stop()
	again := pipetest.Words{"高い": "pricing/plan"}
	r, err := retag.New(retag.Config{}, retag.Deps{Conn: writer, NewTagger: func() process.Tagger { return again }, Masker: e.Guard, Keys: e.Guard.ErasureKeys(), Hash: "after", Revision: 2})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := r.Run(t.Context(), nil); err != nil || s.Changed == 0 {
		t.Fatalf("re-tagging: %+v, %v", s, err)
	}
	if _, err := agg.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	copies, err := duplicates.New(writer, duplicates.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := copies.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := schema.Insert(t.Context(), writer, decided(privacy.Pseudonym([]byte(pipetest.Key), "taro"))...); err != nil {
		t.Fatal(err)
	}
	traces := func() (found []string) {
		t.Helper()
		for i := range 2 {
			shard := cluster.Shard(t, i)
			tables, err := chtest.Lines(t.Context(), shard, "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE '%\\_local' AND name NOT LIKE 'erasure%' ORDER BY name")
			if err != nil {
				t.Fatal(err)
			}
			for _, table := range tables {
				table = strings.Trim(table, "()'")
				lines, err := chtest.Lines(t.Context(), shard, "SELECT * FROM "+table)
				if err != nil {
					t.Fatal(err)
				}
				for _, l := range lines {
					if strings.Contains(l, "琵琶湖") || strings.Contains(l, privacy.Pseudonym([]byte(pipetest.Key), "taro")) {
						found = append(found, table+": "+l)
					}
				}
			}
		}
		return found
	}
	if len(traces()) == 0 {
		t.Fatal("the person left no trace; the test proves nothing")
	}
	f, err := forget.New(forget.Config{Settle: -1, Cluster: cluster.Migrate.Cluster, Sharded: true}, forget.Deps{
		Conn: cluster.Conn, Keys: e.Guard.ErasureKeys(), Log: sourcetest.Log(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	cert, err := f.Run(t.Context(), forget.Subject{Kind: forget.Author, Pseudonym: privacy.Pseudonym([]byte(pipetest.Key), "taro")}, func(string) {})
	if err != nil {
		t.Fatalf("%v\n%+v", err, cert)
	}
	if left := traces(); len(left) > 0 {
		t.Errorf("the shards still hold %d rows of the person:\n%s", len(left), strings.Join(left, "\n"))
	}
}
