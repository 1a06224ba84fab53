package ingest_test

import (
	"testing"
	"time"

	"voc/ingest/source/sourcetest"
	"voc/schema/engine"
	"voc/schema/rollup"
)

func TestEveryKindOfEventReachesItsTable(t *testing.T) {
	e := newEnv(t, 1).withRollup()
	_, stop := e.run()
	e.produce(e.posts, 0,
		`p1	{"post_id":"p1","posted_at":"2026-11-16T00:30:00+09:00","title":"題","body":"料金が高いです","community":"cam","source":"forum","channel":"c","thread_id":"t","reply_to":"p0","url":"https://example.com/1","rating":4.5,"views":3,"reactions":{"like":2},"accepted":true,"author":{"id":"u1","role":"staff","account_id":"a1","level":"gold"},"attributes":{"plan":"pro"}}`,
		created("p2", "ふつう"))
	e.produce(e.cfg.Topics.Activity, 0,
		`x	{"event":"viewed","occurred_at":"2026-11-16T00:00:00Z","post_id":"p1","count":5,"author":{"id":"u1"}}`,
		`x	{"event":"joined","event_id":"j1","occurred_at":"2026-11-16T00:00:00Z","author":{"id":"u2"},"invited_by":"u1"}`)
	e.produce(e.cfg.Topics.Accounts, 0, `a1	{"account_id":"a1","valid_from":"2026-01-01T00:00:00Z","name":"田中工業","attributes":{"plan":"pro"}}`, `a1`)
	e.produce(e.cfg.Topics.Surveys, 0,
		`r1	{"response_id":"r1","survey_id":"s","metric":"nps","score":9,"answered_at":"2026-11-16T00:00:00Z","comment":"高い","author":{"id":"u1"}}`,
		`r2	{"response_id":"r2","metric":"csat","score":3,"answered_at":"2026-11-16T00:00:00Z"}`)
	e.settled(e.posts, 0, 2)
	e.settled(e.cfg.Topics.Activity, 0, 2)
	e.settled(e.cfg.Topics.Accounts, 0, 2)
	e.settled(e.cfg.Topics.Surveys, 0, 2)
	e.want("SELECT post_id, toString(day), title, body, sentiment, score, topics.id, topics.sentiment, intents, signals.kind, signals.value FROM post_facts FINAL WHERE post_id = 'p1'",
		"('p1','2026-11-16','題','料金が高いです','negative',-0.5,['pricing'],['negative'],['complaint'],['emotion'],['anger'])")
	e.want("SELECT evidence.kind, evidence.tag, evidence.field, evidence.start, evidence.end, evidence.rule FROM post_facts FINAL WHERE post_id = 'survey/r1'",
		"(['sentiment','topic','intent','signal'],['negative','pricing','complaint','emotion=anger'],['body','body','body','body'],[0,0,0,0],[2,2,2,2],['pricing/high','pricing/high','pricing/high','pricing/high'])")
	e.want("SELECT community, source, channel, thread_id, reply_to, url, rating, views, accepted, reactions, attributes, author_role, author_level, account_id FROM post_facts FINAL WHERE post_id = 'p1'",
		"('cam','forum','c','t','p0','https://example.com/1',4.5,3,true,{'like':2},{'plan':'pro'},'staff','gold','a1')")
	e.want("SELECT count(), uniqExact(author_id), any(length(author_id)) FROM post_facts FINAL", "(3,1,22)")
	e.want("SELECT event, count, invited_by = (SELECT any(author_id) FROM post_facts) FROM activity_facts FINAL ORDER BY event", "('joined',1,1)", "('viewed',5,0)")
	e.want("SELECT account_id, name, deleted FROM account_facts FINAL ORDER BY valid_from", "('a1','田中工業',0)", "('a1','',1)")
	e.want("SELECT response_id, metric, score FROM survey_facts FINAL ORDER BY response_id", "('r1','nps',9)", "('r2','csat',3)")
	e.want("SELECT outcome, count() FROM record_outcomes FINAL GROUP BY outcome", "('stored',8)")
	sourcetest.Eventually(t, 10*time.Second, func() (bool, string) {
		got := e.query("SELECT sum(posts) FROM community_daily")
		return len(got) == 1 && got[0] == "(3)", "community_daily: " + got[0]
	})
	stop()
}

// What readers ask of days and weeks stands ready some time after they came to rest, written by the pipeline itself.
func TestDaysAndWeeksStandReady(t *testing.T) {
	e := newEnv(t, 1)
	r, err := rollup.New(e.db.As(t, engine.Writer), rollup.Config{Database: e.db.Database, Rest: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	e.deps.Rollup = r
	_, stop := e.run()
	defer stop()
	e.produce(e.posts, 0, created("p1", "料金が高いです"))
	e.settled(e.posts, 0, 1)
	for _, table := range []string{"week_stamps", "segment_stamps", "question_stamps", "day_stamps"} {
		sourcetest.Eventually(t, 3*time.Minute, func() (bool, string) {
			// The stamp must be the one that the day has by now: the week may have been counted before the post came.
			got := e.query("SELECT count() FROM " + table + " WHERE (SELECT sum(posts) FROM community_daily) = 1")
			return len(got) == 1 && got[0] != "(0)", table + " is empty"
		})
	}
}
