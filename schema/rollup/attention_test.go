package rollup_test

import (
	"testing"

	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/rollup"
)

// Who needs attention is told as of the end of a week, follows every post of the nine weeks, and not before all that it is
// counted from stands ready; of small weeks nothing is told.
func TestAttentionFollowsItsWeeks(t *testing.T) {
	db := chtest.Open(t)
	r := newRollup(t, db, rollup.Config{LargeWeek: 2})
	count, keep := following(t, r)
	put := func(id, at string, version uint64, change func(*schema.PostRow)) {
		t.Helper()
		write(t, db, post(db, id, version, at, func(p *schema.PostRow) {
			p.Intents, p.Sentiment = nil, "neutral"
			change(p)
		}))
		run(t, r)
	}
	needed := func(want ...string) {
		t.Helper()
		equal(t, db.Query(t, "SELECT toString(week), arrayZip(accounts, authors, whys, posts), arrayMap(x -> toString(toDate(x)), last) FROM attention_progress ORDER BY week"), want...)
	}
	for _, at := range []string{"2025-12-02T03:00:00Z", "2025-12-09T03:00:00Z", "2025-12-16T03:00:00Z"} {
		put("of "+at[:10], at, 1, func(p *schema.PostRow) { p.AccountID = "quiet" })
	}
	broken := func(p *schema.PostRow) { p.AccountID, p.Intents = "acme", []string{"bug"} }
	put("broken", "2026-01-06T03:00:00Z", 1, broken)
	put("worse", "2026-01-06T04:00:00Z", 1, broken)
	put("asked", "2026-01-06T03:00:00Z", 1, func(p *schema.PostRow) { p.AuthorID, p.Intents = "b", []string{"question"} })
	put("me too", "2026-01-06T05:00:00Z", 1, func(p *schema.PostRow) { p.AuthorID, p.ReplyTo = "c", "of 2025-12-16" }) // this source has replies
	answer := func(p *schema.PostRow) { p.AuthorID, p.ReplyTo = "c", "asked" }
	put("answer", "2026-01-13T03:00:00Z", 1, answer)
	put("leaving", "2026-01-13T04:00:00Z", 1, func(p *schema.PostRow) {
		p.AccountID, p.Intents, p.Sentiment = "acme", []string{"churn_risk"}, "negative"
	})
	keep(5)
	count(5)
	needed()
	db.Exec(t, "TRUNCATE TABLE writer_stamps")
	count(5)
	needed()
	count(2)
	const (
		asked  = "('','b',2,['asked'])"
		broke  = "('acme','',1,['worse','broken'])"
		left   = "('acme','',3,['leaving']),('acme','',4,['leaving'])"
		silent = "('quiet','',6,['of 2025-12-16'])"
	)
	first := "('2026-01-05',[" + asked + "," + broke + "," + silent + "],['2026-01-06','2026-01-06','2025-12-16'])"
	needed(first, "('2026-01-12',["+broke+","+left+","+silent+"],['2026-01-06','2026-01-13','2026-01-13','2025-12-16'])")
	count(0)
	// Nothing of before is told of the week that changed, and of the one before it all.
	put("answer", "2026-01-13T03:00:00Z", 2, func(p *schema.PostRow) { answer(p); p.Deleted = true })
	needed(first)
	keep(1)
	count(1)
	needed(first)
	count(1)
	needed(first, "('2026-01-12',["+asked+","+broke+","+left+","+silent+"],['2026-01-06','2026-01-06','2026-01-13','2026-01-13','2025-12-16'])")
	// A fault that is edited to be none, and a post that breaks a silence, change every week until the ninth.
	put("broken", "2026-01-06T03:00:00Z", 2, func(p *schema.PostRow) { p.AccountID = "acme" })
	needed()
	put("back", "2026-01-06T06:00:00Z", 1, func(p *schema.PostRow) { p.AccountID = "quiet" })
	needed()
	keep(1)
	count(1)
	needed()
	count(2)
	needed("('2026-01-05',["+asked+",('acme','',1,['worse'])],['2026-01-06','2026-01-06'])",
		"('2026-01-12',["+asked+",('acme','',1,['worse']),"+left+"],['2026-01-06','2026-01-06','2026-01-13','2026-01-13'])")
	count(0)
}
