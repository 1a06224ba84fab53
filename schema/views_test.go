package schema_test

import (
	"slices"
	"testing"
	"time"

	"voc/schema"
	"voc/schema/chtest"
)

func want(t *testing.T, db *chtest.DB, query string, lines ...string) {
	t.Helper()
	if got := db.Query(t, query); !slices.Equal(got, lines) {
		t.Errorf("%s:\n got %v\nwant %v", query, got, lines)
	}
}

var noon = time.Date(2026, 1, 5, 3, 0, 0, 0, time.UTC)

func simplePost(id string, version, offset uint64, revision uint16, body string) *schema.PostRow {
	return &schema.PostRow{
		Community: "c", Day: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), PostID: id, SourceVersion: version, PostedAt: noon, OccurredAt: noon,
		Event: "created", Body: body, AnalyzerRevision: revision, KafkaTopic: "voc.posts", KafkaOffset: offset,
	}
}

// The version that is read is decided by the content of the rows, not by the order in which they arrive.
func TestVersionsDecideNotArrival(t *testing.T) {
	rows := []schema.Row{
		simplePost("1", 2, 10, 1, "version 2, offset 10"),
		simplePost("1", 2, 12, 1, "version 2, offset 12"),
		simplePost("1", 2, 12, 2, "version 2, offset 12, revision 2"),
		simplePost("1", 1, 99, 9, "version 1, offset 99"),
		simplePost("1", 1<<63, 1, 0, "a huge version"),
		simplePost("2", 0, 1<<48-1, 65535, "the largest offset"),
		simplePost("2", 1, 0, 0, "a newer version all the same"),
	}
	for range 2 {
		db := chtest.Open(t)
		for _, r := range rows {
			db.Insert(t, r) // one part each
		}
		want(t, db, "SELECT post_id, body FROM posts ORDER BY post_id", "('1','a huge version')", "('2','a newer version all the same')")
		db.Exec(t, "OPTIMIZE TABLE post_facts FINAL")
		want(t, db, "SELECT post_id, body FROM posts ORDER BY post_id", "('1','a huge version')", "('2','a newer version all the same')")
		slices.Reverse(rows)
	}
}

// The first event fixes posted_at: the lowest offset that has one, even when it is written again later, and a
// deletion, which has none, only as long as nothing else is known.
func TestRegistryKeepsTheFirst(t *testing.T) {
	rows := []schema.Row{
		&schema.RegistryRow{Community: "c", PostID: "1", KafkaOffset: 1},
		&schema.RegistryRow{Community: "c", PostID: "1", PostedAt: noon, KafkaOffset: 5},
		&schema.RegistryRow{Community: "c", PostID: "1", PostedAt: noon.Add(time.Hour), KafkaOffset: 7},
		&schema.RegistryRow{Community: "c", PostID: "1", PostedAt: noon, KafkaOffset: 5},
	}
	for range 2 {
		db := chtest.Open(t)
		for _, r := range rows {
			db.Insert(t, r)
		}
		want(t, db, "SELECT posted_at, kafka_offset FROM post_registry FINAL", "('2026-01-05 12:00:00.000',5)")
		slices.Reverse(rows)
	}
}

func outcome(offset uint64, what schema.Outcome, id string, version uint64) *schema.OutcomeRow {
	return &schema.OutcomeRow{KafkaTopic: "voc.posts", KafkaOffset: offset, RecordTime: noon, Outcome: what, Community: "c", PostID: id, SourceVersion: version}
}

func TestLedger(t *testing.T) {
	db := chtest.Open(t)
	deleted := simplePost("gone", 4, 4, 1, "")
	deleted.Deleted = true
	db.Insert(t,
		simplePost("1", 1, 0, 1, "old"), simplePost("1", 2, 1, 1, "new"), simplePost("1", 2, 1, 2, "new, tagged again"),
		simplePost("2", 9, 2, 1, "newest first"), deleted,
		outcome(0, schema.OutcomeStored, "1", 1), outcome(1, schema.OutcomeStored, "1", 2),
		outcome(2, schema.OutcomeStored, "2", 9), outcome(3, schema.OutcomeStored, "2", 8), // an older version that came later
		outcome(4, schema.OutcomeStored, "gone", 4),
		outcome(5, schema.OutcomeDeadLetter, "", 0), outcome(6, schema.OutcomeFiltered, "", 0), outcome(7, schema.OutcomeStored, "", 0),
	)
	// The same records are read again.
	db.Insert(t, outcome(0, schema.OutcomeStored, "1", 1), outcome(5, schema.OutcomeDeadLetter, "", 0))
	want(t, db, "SELECT * FROM ledger", "('voc.posts',0,'2026-01-05',8,4,2,1,1,0)")
	want(t, db, "SELECT * FROM ledger_offsets", "('voc.posts',0,0,7,8,0,[])")

	// A record that says it was stored and was not, and another whose post is there in an older version only.
	db.Insert(t, outcome(8, schema.OutcomeStored, "nowhere", 1), outcome(12, schema.OutcomeStored, "2", 10), outcome(20, schema.OutcomeFiltered, "", 0))
	want(t, db, "SELECT read, stored, superseded, dead_letter, filtered, missing FROM ledger", "(11,4,2,1,2,2)")
	want(t, db, "SELECT * FROM ledger_offsets", "('voc.posts',0,0,20,11,10,[(9,11),(13,19)])")
	want(t, db, "SELECT count() FROM ledger WHERE read != stored + superseded + dead_letter + filtered + missing", "(0)")
}

func TestAccounts(t *testing.T) {
	db := chtest.Open(t)
	state := func(id, day, touch string, offset uint64, deleted bool) *schema.AccountRow {
		at, err := time.ParseInLocation(time.DateOnly, day, db.Calendar.Zone())
		if err != nil {
			t.Fatal(err)
		}
		return &schema.AccountRow{AccountID: id, ValidFrom: at, Deleted: deleted, Attributes: map[string]string{"touch_model": touch}, KafkaOffset: offset}
	}
	db.Insert(t,
		state("a", "2026-03-01", "community", 2, false), state("a", "2026-01-01", "high", 1, false), state("a", "2026-03-01", "wrong, corrected later", 0, false),
		state("b", "2026-01-01", "low", 3, false), state("b", "2026-02-01", "", 4, true),
		state("later", "2199-01-01", "tech", 5, false),
	)
	want(t, db, "SELECT account_id, toDate32(valid_from), toDate32(valid_to), attributes['touch_model'] FROM account_history ORDER BY ALL",
		"('a','2026-01-01','2026-03-01','high')", "('a','2026-03-01','2299-12-31','community')", "('b','2026-01-01','2026-02-01','low')", "('later','2199-01-01','2299-12-31','tech')")
	want(t, db, "SELECT account_id, attributes['touch_model'] FROM accounts ORDER BY ALL", "('a','community')")
}

func TestSurveysAreCategorised(t *testing.T) {
	db := chtest.Open(t)
	for i, s := range []struct {
		metric string
		score  float32
	}{{"nps", 10}, {"nps", 9}, {"nps", 8}, {"nps", 7}, {"nps", 6}, {"nps", 0}, {"csat", 5}, {"csat", 4}, {"csat", 3}} {
		db.Insert(t, &schema.SurveyRow{Community: "c", Day: noon.Truncate(24 * time.Hour), ResponseID: string(rune('a' + i)), Metric: s.metric, Score: s.score, AnsweredAt: noon})
	}
	want(t, db, "SELECT category FROM surveys ORDER BY response_id", "('promoter')", "('promoter')", "('passive')", "('passive')", "('detractor')", "('detractor')", "('satisfied')", "('satisfied')", "('dissatisfied')")
}

// A topic's parents come along once, with the polarity of all its children together.
func TestParentsOfTopics(t *testing.T) {
	db := chtest.Open(t)
	p := simplePost("1", 1, 1, 1, "")
	p.Topics = schema.PostTopics{
		ID: []string{"pricing/plan", "pricing/discount", "support", "docs/api/errors", "search", "search/speed"}, Sentiment: []string{"positive", "negative", "neutral", "negative", "positive", "negative"},
		Score: []float32{1, -0.5, 0, -1, 0.5, -1},
	}
	db.Insert(t, p)
	want(t, db, "SELECT topic, level, inherited, sentiment, score FROM post_topics ORDER BY topic",
		"('docs',1,true,'negative',-1)", "('docs/api',2,true,'negative',-1)", "('docs/api/errors',3,false,'negative',-1)",
		"('pricing',1,true,'mixed',0.25)", "('pricing/discount',2,false,'negative',-0.5)", "('pricing/plan',2,false,'positive',1)",
		"('search',1,false,'positive',0.5)", "('search/speed',2,false,'negative',-1)", "('support',1,false,'neutral',0)")
}
