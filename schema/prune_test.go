package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"voc/schema/chtest"
)

// A condition on the day or the week of a post reads those days only, and one on the id of a post uses its
// index, also through the views, FINAL and ARRAY JOIN.
func TestViewsPrune(t *testing.T) {
	db := chtest.Open(t)
	db.Exec(t, `INSERT INTO post_facts (community, day, post_id, posted_at, author_id, topics.id, topics.sentiment, topics.score, intents)
		SELECT 'c' || toString(number % 3), toDate('2026-01-01') + intDiv(number, 1000), toString(number), toDateTime64(toDate('2026-01-01') + intDiv(number, 1000), 3, 'Asia/Tokyo'),
		toString(number), ['pricing'], ['neutral'], [0], ['request'] FROM numbers(100000)`)
	granules := func(query string) (read, all int) {
		t.Helper()
		lines := db.Strings(t, "SELECT explain FROM (EXPLAIN indexes = 1 "+query+")")
		for _, l := range lines {
			var a, b int
			if _, err := fmt.Sscanf(strings.TrimLeft(l, " │├└─"), "Granules: %d/%d", &a, &b); err == nil {
				read, all = a, max(all, b)
			}
		}
		if all == 0 {
			t.Fatalf("no granules are shown for %s:\n%s", query, strings.Join(lines, "\n"))
		}
		return read, all
	}
	for _, view := range []string{"posts", "post_topics", "post_intents"} {
		for condition, most := range map[string]int{
			"day = '2026-02-15'":                      4,
			"day = '2026-02-15' AND community = 'c1'": 1,
			"week = '2026-02-09'":                     4,
			"post_id = '50000'":                       6,
		} {
			read, all := granules("SELECT count() FROM " + view + " WHERE " + condition)
			if read > most || all < 12 {
				t.Errorf("%s WHERE %s reads %d of %d granules, want at most %d", view, condition, read, all, most)
			}
		}
	}
}
