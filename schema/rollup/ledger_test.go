package rollup_test

import (
	"testing"
	"time"

	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/rollup"
)

// What became of the records of a day says what the ledger says of them, and says nothing once one of them, or a post that
// one is about, came or changed.
func TestLedgerFollowsRecordsAndPosts(t *testing.T) {
	db := chtest.Open(t)
	r := newRollup(t, db, rollup.Config{})
	offset := uint64(0)
	record := func(day, id string, version uint64, outcome schema.Outcome) {
		t.Helper()
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		offset++
		row := &schema.OutcomeRow{KafkaTopic: "voc.posts", KafkaOffset: offset, RecordTime: at.Add(3 * time.Hour), Outcome: outcome, PostID: id, SourceVersion: version}
		if id != "" {
			row.Community = "default"
		}
		db.Insert(t, row)
	}
	wrote := func(id, day string, version uint64) {
		t.Helper()
		write(t, db, post(db, id, version, day+"T03:00:00Z", func(p *schema.PostRow) { p.KafkaOffset = offset }))
		run(t, r)
	}
	keep := func(want int) {
		t.Helper()
		if n, err := r.KeepLedger(t.Context(), 0, 100); err != nil || n != want {
			t.Errorf("the ledger of %d days was kept, want %d: %v", n, want, err)
		}
	}
	// Days that stand say what the ledger says.
	stands := func(want ...string) {
		t.Helper()
		equal(t, db.Query(t, "SELECT toString(day) FROM ledger_days WHERE stands ORDER BY day"), want...)
		equal(t, db.Query(t, `SELECT day, t.kafka_topic, t.kafka_partition, t.read, t.stored, t.superseded, t.dead_letter, t.filtered, t.missing
			FROM ledger_days ARRAY JOIN topics AS t ORDER BY day`),
			db.Query(t, "SELECT day, kafka_topic, kafka_partition, read, stored, superseded, dead_letter, filtered, missing FROM ledger WHERE day IN (SELECT day FROM ledger_days WHERE stands) ORDER BY day")...)
	}
	record("2026-01-06", "a", 1, schema.OutcomeStored)
	wrote("a", "2026-01-05", 1)
	record("2026-01-06", "", 0, schema.OutcomeDeadLetter)
	record("2026-01-06", "", 0, schema.OutcomeFiltered)
	record("2026-01-07", "b", 1, schema.OutcomeStored)
	wrote("b", "2026-01-07", 1)
	record("2026-01-09", "", 0, schema.OutcomeFiltered)
	stands()
	keep(3)
	stands("('2026-01-06')", "('2026-01-07')", "('2026-01-09')")
	keep(0)

	// A newer version supersedes a record of another day.
	record("2026-01-08", "a", 2, schema.OutcomeStored)
	wrote("a", "2026-01-05", 2)
	stands("('2026-01-07')", "('2026-01-09')")
	keep(2)
	stands("('2026-01-06')", "('2026-01-07')", "('2026-01-08')", "('2026-01-09')")
	equal(t, db.Query(t, "SELECT topics.superseded FROM ledger_days WHERE day = '2026-01-06'"), "([1])")

	// Another record of the day, and the same once more.
	for range 2 {
		record("2026-01-09", "", 0, schema.OutcomeFiltered)
		offset--
		stands("('2026-01-06')", "('2026-01-07')", "('2026-01-08')")
		keep(1)
		stands("('2026-01-06')", "('2026-01-07')", "('2026-01-08')", "('2026-01-09')")
	}
	offset++

	// A post that is missing may come on any day.
	record("2026-01-10", "c", 1, schema.OutcomeStored)
	keep(1)
	equal(t, db.Query(t, "SELECT topics.missing FROM ledger_days WHERE day = '2026-01-10'"), "([1])")
	wrote("c", "2026-02-01", 1)
	stands("('2026-01-06')", "('2026-01-07')", "('2026-01-08')", "('2026-01-09')")
	keep(1)
	equal(t, db.Query(t, "SELECT topics.missing FROM ledger_days WHERE day = '2026-01-10'"), "([0])")

	// What changed a moment ago is left to whoever asks.
	record("2026-01-11", "c", 1, schema.OutcomeStored)
	if n, err := r.KeepLedger(t.Context(), time.Hour, 100); err != nil || n != 1 {
		t.Errorf("the ledger of %d days was kept: %v", n, err)
	}
	equal(t, db.Query(t, "SELECT toString(day) FROM ledger_days WHERE NOT stands"), "('2026-01-11')")
}
