package rollup_test

import (
	"testing"

	"voc/schema/chtest"
	"voc/schema/rollup"
)

// The holes between offsets are the same whether full blocks of them are kept or every record is read.
func TestHolesWithFullBlocks(t *testing.T) {
	db := chtest.Open(t)
	r := newRollup(t, db, rollup.Config{})
	// Partition 0 begins in the middle of a block and has a full one, a hole and a record twice; partition 1 has a hole in
	// its first block.
	records := func(from, n string) {
		db.Exec(t, "INSERT INTO record_outcomes (kafka_topic, kafka_partition, kafka_offset, record_time, outcome) SELECT 'voc.posts', number < 10, if(number < 10, 2 * number, number), '2026-01-06 12:00:00', 'filtered' FROM numbers("+from+", "+n+")")
	}
	records("0", "10")
	records("262000", "262400")
	records("524350", "50")
	records("524410", "1")
	records("524410", "1")
	const question = "SELECT kafka_partition, first_offset, last_offset, recorded, unexplained, gaps FROM ledger_offsets ORDER BY kafka_partition"
	want := db.Query(t, question)
	equal(t, want[:1], "(0,262000,524410,262401,10,[(524400,524409)])")
	for range 2 {
		if err := r.KeepOffsets(t.Context()); err != nil {
			t.Fatal(err)
		}
		equal(t, db.Query(t, "SELECT kafka_topic, kafka_partition, block FROM offset_blocks"), "('voc.posts',0,1)")
		equal(t, db.Query(t, question), want...)
	}
	// The records of the block are not read any more.
	db.Exec(t, "ALTER TABLE record_outcomes DELETE WHERE kafka_offset BETWEEN 300000 AND 400000 SETTINGS mutations_sync = 2")
	equal(t, db.Query(t, question), want...)
	records("524405", "1")
	equal(t, db.Query(t, "SELECT recorded, unexplained, gaps FROM ledger_offsets WHERE kafka_partition = 0"), "(262402,9,[(524400,524404),(524406,524409)])")
}
