package ingest_test

import (
	"fmt"
	"testing"
	"time"

	"voc/ingest/erasure"
	"voc/ingest/privacy"
	"voc/schema"
)

// Erased posts and persons are left out of every kind of event, others in the same batch are not, and the ledger knows.
func TestWhatWasErasedStaysAway(t *testing.T) {
	e := newEnv(t, 1).withRollup()
	keys := erasure.NewKeys([]byte(testKey))
	erase := func(k erasure.Key, until time.Time) {
		e.db.Insert(t, &schema.ErasureRow{Key: string(k[:]), Until: until})
	}
	taro := privacy.Pseudonym([]byte(testKey), "taro")
	until := time.Date(2026, 11, 16, 12, 0, 0, 0, time.UTC)
	erase(keys.Post("default", "gone"), erasure.Forever)
	erase(keys.MessageKey("gone"), erasure.Forever)
	erase(keys.Author("", taro), until)
	erase(keys.Author("cam", privacy.Pseudonym([]byte(testKey), "jiro")), until)
	_, stop := e.run()
	post := func(id, at, author, community string) string {
		return fmt.Sprintf("%s\t"+`{"post_id":%q,"version":1,"posted_at":%q,"body":"高い","author":{"id":%q},"community":%q}`, id, id, at, author, community)
	}
	const before, after = "2026-11-16T11:59:00Z", "2026-11-16T12:01:00Z"
	e.produce(e.posts, 0,
		post("gone", after, "hanako", "default"), post("gone", after, "hanako", "cam"), post("kept", before, "hanako", "default"),
		post("taro1", before, "taro", "default"), post("taro2", after, "taro", "cam"), post("jiro1", before, "jiro", "cam"), post("jiro2", before, "jiro", "default"),
		`taro1	{"post_id":"taro1","event":"edited","version":2,"posted_at":"2026-11-16T11:59:00Z","body":"作者なし"}`,
		`gone	{"post_id":"gone","event":"deleted","version":3}`,
		`gone	{"post_id":`)
	e.produce(e.cfg.Topics.Activity, 0,
		`x	{"event":"viewed","event_id":"a1","occurred_at":"2026-11-16T11:00:00Z","post_id":"kept","author":{"id":"taro"}}`,
		`x	{"event":"viewed","event_id":"a2","occurred_at":"2026-11-16T13:00:00Z","post_id":"gone","author":{"id":"taro"}}`,
		`x	{"event":"joined","event_id":"a3","occurred_at":"2026-11-16T11:00:00Z","author":{"id":"hanako"},"invited_by":"taro"}`)
	e.produce(e.cfg.Topics.Surveys, 0,
		`s	{"response_id":"r1","survey_id":"q","metric":"nps","score":3,"answered_at":"2026-11-16T11:00:00Z","comment":"高い","author":{"id":"taro"}}`,
		`s	{"response_id":"r2","survey_id":"q","metric":"nps","score":3,"answered_at":"2026-11-16T11:00:00Z","comment":"高い","author":{"id":"hanako"}}`)
	e.settled(e.posts, 0, 10)
	e.settled(e.cfg.Topics.Activity, 0, 3)
	e.settled(e.cfg.Topics.Surveys, 0, 2)
	e.produce(e.posts, 0, `taro1	{"post_id":"taro1","event":"edited","version":3,"posted_at":"2026-11-16T11:59:00Z","body":"作者なし、後の束"}`)
	e.settled(e.posts, 0, 11)
	stop()
	e.want("SELECT community, post_id FROM post_facts ORDER BY ALL", "('cam','gone')", "('cam','taro2')", "('default','jiro2')", "('default','kept')", "('default','survey/r2')")
	e.want("SELECT event_id, post_id, invited_by FROM activity_facts ORDER BY event_id", "('a2','','')", "('a3','','')")
	e.want("SELECT response_id FROM survey_facts", "('r2')")
	e.want("SELECT count(), countIf(post_id = 'taro1') FROM post_registry", "(5,0)")
	e.want("SELECT outcome, count(), countIf(post_id IN ('taro1', 'jiro1')) FROM record_outcomes FINAL GROUP BY outcome ORDER BY outcome",
		"('dead_letter',1,0)", "('filtered',8,0)", "('stored',7,0)")
	e.want("SELECT message_key FROM dead_letter_facts", "('')")
	e.want("SELECT sum(read), sum(stored) + sum(dead_letter) + sum(filtered), sum(missing) FROM ledger", "(16,16,0)")
}
