package rollup_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
	"voc/schema/rollup"
)

// BenchmarkWindow counts one day of a community afresh, by how many posts it has. A tenth as many authors write them in
// eight channels, about 24 topics and four intents.
func BenchmarkWindow(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint("posts=", n), func(b *testing.B) {
			db := chtest.Open(b)
			const block = 50_000
			for from := 0; from < n; from += block {
				db.Exec(b, fmt.Sprintf(`INSERT INTO post_facts (community, day, post_id, source_version, kafka_offset, posted_at, occurred_at, event, source, channel, reply_to, author_id,
	author_role, body, sentiment, score, topics.id, topics.sentiment, topics.score, intents, views)
SELECT 'default', '2026-03-02', toString(number), 1, number, toDateTime64('2026-03-02 00:00:00', 3) + number %% 86400 AS posted_at, posted_at, 'created', 'community', concat('board ', toString(number %% 8)),
	if(number %% 3 = 0, '', 'p'), concat('author ', toString(cityHash64(number) %% %d)), if(number %% 20 = 0, 'staff', 'member'), '写真の取り込みが遅くて困っています。',
	['positive', 'negative', 'neutral', 'mixed'][1 + number %% 4], 0.25, arrayDistinct([concat('product/part ', toString(number %% 12)), concat('support/kind ', toString(cityHash64(number) %% 10))]),
	['negative', 'neutral'], [-0.5, 0], [['question', 'request', 'complaint', 'praise'][1 + number %% 4]], number %% 100
FROM numbers(%d, %d)`, n/10, from, min(block, n-from)))
			}
			r, err := rollup.New(db.As(b, engine.Writer), rollup.Config{})
			if err != nil {
				b.Fatal(err)
			}
			w := schema.Window{Community: "default", Day: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)}
			// The time that passes is that of a machine which does nothing else; what the server used does not depend on it.
			var used time.Duration
			ctx := clickhouse.Context(b.Context(), clickhouse.WithProfileEvents(func(events []clickhouse.ProfileEvent) {
				for _, e := range events {
					if e.Name == "OSCPUVirtualTimeMicroseconds" && e.Type == "increment" {
						used += time.Duration(e.Value) * time.Microsecond
					}
				}
			}))
			for b.Loop() {
				if err := rollup.Mark(b.Context(), db.Conn, []schema.Window{w}); err != nil {
					b.Fatal(err)
				}
				if s, err := r.RunOnce(ctx); err != nil || s.Windows != 1 {
					b.Fatalf("%+v: %v", s, err)
				}
			}
			b.ReportMetric(float64(used.Milliseconds())/float64(b.N), "cpu-ms/op")
			if got := db.Query(b, "SELECT sum(posts) FROM community_daily"); got[0] != fmt.Sprintf("(%d)", n) {
				b.Fatalf("%s posts are counted, want %d", got[0], n)
			}
		})
	}
}
