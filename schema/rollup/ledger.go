package rollup

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"voc/schema"
)

const (
	// ledgerPause is how long the ledger rests between two looks for days that changed: to count some reads the numbers of
	// all posts and, to find them, those of all records.
	ledgerPause = time.Hour
	// ledgerDays is how many days of records one statement counts, and ledgerMost how many are counted at a time.
	ledgerDays, ledgerMost = 28, 56
	// ledgerRest is how long the days of posts must not have been counted again before records are counted beside them. The clock
	// of the server decides which of the two came first, so it is longer than clocks differ.
	ledgerRest = time.Minute
)

// KeepLedger counts what became of the records of at most so many days, newest first, so that ledger_days need not look them up among all
// posts, and returns how many days were looked at. What is not at rest, has missing records, or a post of several days, is left to whoever asks.
//
// The records of a day are known by a sum that is read before they are counted, and the days of their posts by the rows that
// these have in day_windows, none of which may be younger than rest when the counting begins. What comes later changes one
// or the other, and the row is not read any more. A record whose post is nowhere, or is a deletion of what nobody has seen,
// may meet a post of any day: its day stands until the community changes.
func (r *Rollup) KeepLedger(ctx context.Context, rest time.Duration, most int) (int, error) {
	rows, err := r.conn.Query(ctx, r.sql("SELECT day, records FROM @ledger_days WHERE NOT stands ORDER BY day DESC"))
	if err != nil {
		return 0, fmt.Errorf("rollup: cannot look for days of records: %w", err)
	}
	defer rows.Close()
	var days []string
	for rows.Next() {
		var day time.Time
		var records uint64
		if err := rows.Scan(&day, &records); err != nil {
			return 0, fmt.Errorf("rollup: cannot read the days of records: %w", err)
		}
		days = append(days, fmt.Sprintf("(%s, toUInt64(%d))", date(day), records))
	}
	if err := rows.Err(); err != nil {
		return 0, fmt.Errorf("rollup: cannot read the days of records: %w", err)
	}
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(schema.InsertSettings()))
	done := 0
	for chunk := range slices.Chunk(days[:min(len(days), most)], ledgerDays) {
		if err := r.step(ctx); err != nil {
			return done, err
		}
		if err := r.conn.Exec(ctx, r.sql(ledgerSQL(chunk, rest))); err != nil {
			return done, fmt.Errorf("rollup: cannot count the records of %d days: %w", len(chunk), err)
		}
		done += len(chunk)
	}
	return done, nil
}

// ledgerSQL writes the rows of days, which are literals of the day and the sum of its records. It counts as the view ledger does.
func ledgerSQL(days []string, rest time.Duration) string {
	keys := make([]string, len(days))
	for i, d := range days {
		keys[i], _, _ = strings.Cut(strings.TrimPrefix(d, "("), ", ")
	}
	in := "toDate(record_time) IN (" + strings.Join(keys, ", ") + ")"
	return `INSERT INTO @ledger_windows (day, records, touched, topics) SETTINGS async_insert = 0, insert_deduplicate = 0
SELECT a.day, any(a.records), groupArrayIf(w.state, w.state != 0), any(l.topics)
FROM (SELECT arrayJoin([` + strings.Join(days, ", ") + `]) AS asked, asked.1 AS day, asked.2 AS records) AS a
INNER JOIN
(
    SELECT day, topics, arrayJoin(touched) AS touch, touch.1 AS community, touch.2 AS posted
    FROM
    (
        SELECT day, groupArray((kafka_topic, kafka_partition, read, stored, superseded, dead_letter, filtered, missing)) AS topics, groupUniqArrayArray(posts) AS touched
        FROM
        (
            SELECT
                kafka_topic, kafka_partition, day, sum(records) AS read, sumIf(records, outcome = 'stored' AND (other OR version = newest)) AS stored,
                sumIf(records, outcome = 'stored' AND NOT other AND version < newest) AS superseded, sumIf(records, outcome = 'dead_letter') AS dead_letter,
                sumIf(records, outcome = 'filtered') AS filtered, sumIf(records, outcome = 'stored' AND NOT other AND version > newest) AS missing,
                groupUniqArray((toString(community), if(posted = last_posted, posted, toDate(0)))) AS posts
            FROM
            (
                SELECT
                    kafka_topic, kafka_partition, toDate(record_time) AS day, outcome, true AS other, toUInt128(0) AS version, toUInt128(0) AS newest, count() AS records,
                    '' AS community, toDate(0) AS posted, toDate(0) AS last_posted
                FROM @record_outcomes FINAL
                WHERE post_id = '' AND ` + in + `
                GROUP BY kafka_topic, kafka_partition, day, outcome
                SETTINGS use_skip_indexes_if_final_exact_mode = 0
                UNION ALL
                SELECT
                    o.kafka_topic, o.kafka_partition, o.day, any(o.outcome), false, any(o.version),
                    bitShiftLeft(bitShiftRight(maxIf(f.ver, f.community = o.community AND f.post_id = o.post_id), 16), 16), 1,
                    any(o.community), minIf(f.day, f.community = o.community AND f.post_id = o.post_id), maxIf(f.day, f.community = o.community AND f.post_id = o.post_id)
                FROM
                (
                    SELECT kafka_topic, kafka_partition, kafka_offset, toDate(record_time) AS day, outcome, community, post_id, cityHash64(post_id) AS post,
                        bitOr(bitShiftLeft(toUInt128(source_version), 64), bitShiftLeft(toUInt128(kafka_offset), 16)) AS version
                    FROM @record_outcomes FINAL
                    WHERE post_id != '' AND ` + in + `
                    SETTINGS use_skip_indexes_if_final_exact_mode = 0
                ) AS o
                GLOBAL LEFT JOIN
                (
                    SELECT community, post_id, day, cityHash64(post_id) AS post, ver FROM @post_facts
                ) AS f ON o.post = f.post
                GROUP BY o.kafka_topic, o.kafka_partition, o.kafka_offset, o.day
            )
            GROUP BY kafka_topic, kafka_partition, day
        )
        GROUP BY day
    )
) AS l ON l.day = a.day
LEFT JOIN
(
    SELECT community, day, state
    FROM (` + schema.WindowStatesSQL("@") + `)
    WHERE toUnixTimestamp64Milli(calculated_at) + ` + fmt.Sprint(rest.Milliseconds()) + ` <= toUnixTimestamp64Milli(now64(3))
) AS w ON w.community = l.community AND w.day = l.posted
GROUP BY a.day
HAVING countIf(w.state = 0 AND l.community != '') = 0`
}
