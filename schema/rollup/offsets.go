package rollup

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"voc/schema"
)

// offsetsPause is how long the offsets rest between two looks for full blocks: what is not in one yet is read for every
// question about holes, up to a block a partition and those that have holes.
const offsetsPause = 10 * time.Minute

// keepOffsetsSQL writes the blocks of offsets that are full now. A record that is known stays known, so a full block stays
// full, whoever else writes it.
const keepOffsetsSQL = `
INSERT INTO @offset_blocks (kafka_topic, kafka_partition, block, last_time) SETTINGS async_insert = 0, insert_deduplicate = 0
SELECT kafka_topic, kafka_partition, intDiv(kafka_offset, 262144) AS block, max(record_time)
FROM @record_outcomes
WHERE indexHint((kafka_topic, kafka_partition, intDiv(kafka_offset, 262144)) GLOBAL NOT IN (SELECT kafka_topic, kafka_partition, block FROM @offset_blocks))
    AND (cityHash64(kafka_topic), kafka_partition, intDiv(kafka_offset, 262144)) GLOBAL NOT IN (SELECT cityHash64(kafka_topic), kafka_partition, block FROM @offset_blocks)
GROUP BY kafka_topic, kafka_partition, block
HAVING groupBitmap(kafka_offset) = 262144`

// KeepOffsets remembers the blocks of offsets that are full, so that ledger_offsets need not read their records.
func (r *Rollup) KeepOffsets(ctx context.Context) error {
	if err := r.step(ctx); err != nil {
		return err
	}
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(schema.InsertSettings()))
	if err := r.conn.Exec(ctx, r.sql(keepOffsetsSQL)); err != nil {
		return fmt.Errorf("rollup: cannot keep the full blocks of offsets: %w", err)
	}
	return nil
}
