package query_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"voc/dashboards/dashtest"
	"voc/dashboards/query"
	"voc/schema"
	"voc/schema/chtest"
)

func span(from, to time.Time) query.Params {
	return query.Params{"community": dashtest.Community, "from": from, "to": to}
}

func weekParams() query.Params {
	return query.Params{"community": dashtest.Community, "week": dashtest.Week()}
}

// scalar returns one number of a hand-written statement.
func scalar(t *testing.T, db *chtest.DB, sql string) uint64 {
	t.Helper()
	var n uint64
	if err := db.Conn.QueryRow(t.Context(), "SELECT toUInt64(("+sql+"))").Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// The sum over the values of a segment, unknown included, is the total of every topic and week.
func segmentsAddUp(t *testing.T, db *chtest.DB, _ dashtest.Truths) {
	keys := []string{"plan", "touch_model", "industry", "ltv_band", "usage_phase", "author_role", "author_level", "source", "channel", "tenure", "nobody_has_this"}
	total := map[string]uint64{}
	for _, w := range rows[query.TopicWeek](t, db, "topic_weeks", weekParams()) {
		total[w.Week.Format(time.DateOnly)+" "+w.Topic] = w.Posts
	}
	for _, w := range rows[query.OverviewWeek](t, db, "overview_weeks", weekParams()) {
		total[w.Week.Format(time.DateOnly)+" "] = w.Posts
	}
	if len(total) < 100 {
		t.Fatalf("%d totals", len(total))
	}
	sums := map[string]map[string]uint64{}
	known := map[string]uint64{}
	for _, s := range rows[query.SegmentWeek](t, db, "segment_weeks", weekParams().With("segments", keys)) {
		if sums[s.Segment] == nil {
			sums[s.Segment] = map[string]uint64{}
		}
		sums[s.Segment][s.Week.Format(time.DateOnly)+" "+s.Topic] += s.Posts
		if s.Value != "" && s.Topic == "" {
			known[s.Segment] += s.Posts
		}
	}
	for _, k := range keys {
		for cell, want := range total {
			if sums[k][cell] != want {
				t.Errorf("%s: the values of %s add up to %d, the total is %d", k, cell, sums[k][cell], want)
			}
		}
		if (known[k] == 0) != (k == "nobody_has_this") {
			t.Errorf("%s: %d posts have a known value", k, known[k])
		}
	}
}

// An account counts by what it was when its member wrote.
func segmentsAreThoseOfTheTime(t *testing.T, db *chtest.DB, _ dashtest.Truths) {
	moved := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	open := func(from, to time.Time, value string) uint64 {
		f := query.Filter{Community: dashtest.Community, From: from, To: to, Account: []string{dashtest.Moved}, Segment: []string{"touch_model=" + value}}
		return one[query.PostCount](t, db, "posts_count", f.Params()).Posts
	}
	all := func(from, to time.Time) uint64 {
		return scalar(t, db, fmt.Sprintf("SELECT count() FROM posts WHERE account_id = '%s' AND day BETWEEN '%s' AND '%s' AND community = 'default'", dashtest.Moved, from.Format(time.DateOnly), to.Format(time.DateOnly)))
	}
	first, last := moved.AddDate(0, 0, -60), moved.AddDate(0, 0, 13)
	before, after := all(first, moved.AddDate(0, 0, -1)), all(moved, last)
	if before < 5 || after < 2 {
		t.Fatalf("the account wrote %d posts before and %d after it moved", before, after)
	}
	if n := open(first, moved.AddDate(0, 0, -1), "high"); n != before {
		t.Errorf("%d of %d posts before the move count as high", n, before)
	}
	if n := open(moved, last, "community"); n != after {
		t.Errorf("%d of %d posts after the move count as community", n, after)
	}
	if n := open(first, last, "community") + open(first, last, "high"); n != before+after {
		t.Errorf("%d posts in both, want %d", n, before+after)
	}
	ended := query.Filter{Community: dashtest.Community, From: moved.AddDate(0, 0, -14), To: last, Account: []string{"acc-24"}}
	gone := ended
	gone.Segment = []string{"plan="}
	if a, b := one[query.PostCount](t, db, "posts_count", ended.Params()).Posts, one[query.PostCount](t, db, "posts_count", gone.Params()).Posts; a != b || a == 0 {
		t.Errorf("%d of %d posts of an ended account have no plan", b, a)
	}
}

// The queries show each metric exactly as its one definition gives it.
func queriesEqualMetrics(t *testing.T, db *chtest.DB, _ dashtest.Truths) {
	o := one[query.OverviewWeek](t, db, "overview_weeks", weekParams().With("weeks", 0))
	if o.Posts == 0 || o.Authors == 0 || o.Joined == 0 {
		t.Fatalf("the week is empty: %+v", o)
	}
	share := func(a, b uint64) float64 { return float64(a) / float64(b) }
	surveys := map[string]query.SurveyWeek{}
	var answers uint64
	for _, s := range rows[query.SurveyWeek](t, db, "survey_weeks", weekParams().With("weeks", 0)) {
		surveys[s.Metric] = s
		answers += s.Answers
	}
	var topicPosts, topicNegative uint64
	for _, w := range rows[query.TopicWeek](t, db, "topic_weeks", weekParams().With("weeks", 0)) {
		if w.Level == 1 {
			topicPosts += w.Posts
			topicNegative += w.Negative
		}
	}
	nps, csat := surveys["nps"], surveys["csat"]
	want := map[string]float64{
		"posts": float64(o.Posts), "threads": float64(o.Threads), "replies": float64(o.Replies), "authors": float64(o.Authors), "accounts": float64(o.Accounts),
		"active_members": float64(o.ActiveMembers), "staff_share": share(o.StaffPosts, o.Posts), "positive": float64(o.Positive), "negative": float64(o.Negative),
		"neutral": float64(o.Neutral), "mixed": float64(o.Mixed), "net_sentiment": (float64(o.Positive) - float64(o.Negative)) / float64(o.Posts),
		"untagged_share": share(o.Untagged, o.Posts), "questions": float64(o.Questions), "answers": float64(o.Answers), "requests": float64(o.Requests),
		"complaints": float64(o.Complaints), "praises": float64(o.Praises), "churn_risks": float64(o.ChurnRisks), "viewed": float64(o.Viewed), "reacted": float64(o.Reacted),
		"joined": float64(o.Joined), "topic_posts": float64(topicPosts), "topic_negative": float64(topicNegative),
		"nps": 100 * (float64(nps.Promoters) - float64(nps.Detractors)) / float64(nps.Answers), "csat": share(csat.Satisfied, csat.Answers), "survey_answers": float64(answers),
	}
	for _, m := range schema.Metrics() {
		expected, ok := want[m.ID]
		if !ok {
			t.Errorf("no query shows the metric %s; add it to this test", m.ID)
			continue
		}
		var got float64
		sql := "SELECT toFloat64(assumeNotNull(value)) FROM (" + m.SQL() + ") WHERE community = 'default'"
		if err := db.Conn.QueryRow(t.Context(), sql, named("from", "2026-11-09"), named("to", "2026-11-15")).Scan(&got); err != nil {
			t.Errorf("%s: %v", m.ID, err)
		} else if d := got - expected; d > 1e-9 || d < -1e-9 {
			t.Errorf("%s is %v by its definition and %v in the queries", m.ID, got, expected)
		}
	}
}

// Every number of the activity page equals a separate statement on the facts.
func activityNumbers(t *testing.T, db *chtest.DB, _ dashtest.Truths) {
	first := dashtest.Week().AddDate(0, 0, -63)
	to := dashtest.Week().AddDate(0, 0, 6)
	var joined uint64
	for _, f := range rows[query.Newcomers](t, db, "newcomer_funnel", span(first, to)) {
		joined += f.Joined
		if f.Viewed > f.Joined || f.Posted > f.Viewed || f.PostedAgain > f.Posted || f.Answered > f.Posted || f.FirstPostAnswered > f.Answered {
			t.Errorf("the funnel widens: %+v", f)
		}
	}
	joins := scalar(t, db, "SELECT count() FROM activity WHERE community = 'default' AND event = 'joined' AND day BETWEEN '2026-09-07' AND '2026-11-15'")
	if joined != joins || joins == 0 {
		t.Errorf("the funnel has %d newcomers, %d joined", joined, joins)
	}
	var size, retained uint64
	for _, r := range rows[query.Retention](t, db, "retention_cohorts", span(first, to)) {
		if r.Age == 0 {
			size += r.Joined
		} else {
			retained += r.Active
		}
		if r.Active > r.Joined {
			t.Errorf("more active than joined: %+v", r)
		}
	}
	if size != joins {
		t.Errorf("the cohorts hold %d members, %d joined", size, joins)
	}
	if want := scalar(t, db, `SELECT uniqExact(author_id, w) FROM (
			SELECT author_id, week AS w FROM posts WHERE community = 'default' UNION ALL SELECT author_id, week FROM activity WHERE community = 'default') AS x
		INNER JOIN (SELECT author_id, toMonday(min(occurred_at)) AS c FROM activity WHERE community = 'default' AND event = 'joined' GROUP BY author_id) AS j USING author_id
		WHERE c >= '2026-09-07' AND w > c AND w <= '2026-11-09'`); retained != want {
		t.Errorf("%d member weeks were retained, want %d", retained, want)
	}
	var posts, viewed uint64
	for _, h := range rows[query.HeatCell](t, db, "heatmap", span(dashtest.Week(), to)) {
		posts += h.Posts
		viewed += uint64(h.Viewed)
	}
	if want := scalar(t, db, "SELECT count() FROM posts WHERE community = 'default' AND week = '2026-11-09'"); posts != want {
		t.Errorf("the heat map holds %d posts, want %d", posts, want)
	}
	if want := scalar(t, db, "SELECT sum(count) FROM activity WHERE community = 'default' AND event = 'viewed' AND week = '2026-11-09'"); viewed != want {
		t.Errorf("the heat map holds %d views, want %d", viewed, want)
	}
	core := rows[query.CoreMember](t, db, "core_members", weekParams())
	want := scalar(t, db, `SELECT count() FROM (SELECT author_id FROM posts WHERE community = 'default' AND day BETWEEN '2026-10-19' AND '2026-11-15' AND author_role != 'staff'
		AND NOT hasAny(intents, ['promotion', 'spam']) GROUP BY author_id HAVING uniqExact(week) >= 3)`)
	if uint64(len(core)) != want || len(core) < 5 {
		t.Errorf("%d core members, want %d", len(core), want)
	}
	var week, replies uint64
	for _, c := range core {
		if len(c.Topics) == 0 || c.Replies > c.Posts {
			t.Errorf("%+v", c)
		}
		week, replies = week+c.PostsWeek, replies+c.Replies
	}
	carry := rows[query.CoreMember](t, db, "core_members", weekParams().With("limit", 3))
	if c := carry[0]; len(carry) != 3 || c.Members != want || c.MembersPostsWeek != week || c.MembersReplies != replies {
		t.Errorf("the first of %d core members says %+v, want %d with %d posts of the week and %d replies", len(carry), c, want, week, replies)
	}
	stories := query.Params{"community": dashtest.Community, "from": "2026-09-14", "to": "2026-11-15", "limit": 2}
	told := scalar(t, db, `SELECT count() FROM posts WHERE community = 'default' AND day BETWEEN '2026-09-14' AND '2026-11-15' AND has(intents, 'success_story')
		AND NOT hasAny(intents, ['promotion', 'spam']) AND author_role != 'staff'`)
	if list := rows[query.Story](t, db, "success_stories", stories); len(list) != 2 || list[0].Total != told || told < 5 {
		t.Errorf("%d stories are listed of %d, want two", len(list), told)
	}
}

// thread writes a question and what follows, each reply given hours after the question.
func thread(db *chtest.DB, id string, asked time.Time, follow ...*schema.PostRow) []schema.Row {
	base := func(p *schema.PostRow, n int) *schema.PostRow {
		p.Community, p.SourceVersion, p.Source, p.ThreadID, p.Sentiment, p.KafkaTopic = "qa", 1, "community", id, "neutral", "voc.posts"
		p.Day, p.OccurredAt, p.KafkaOffset = db.Calendar.Day(p.PostedAt), p.PostedAt, uint64(asked.Unix())%1_000_000_000+uint64(n)
		if p.AuthorRole == "" {
			p.AuthorRole = "member"
		}
		return p
	}
	list := []schema.Row{base(&schema.PostRow{PostID: id, PostedAt: asked, AuthorID: "asker-" + id, Intents: []string{"question"}, Body: "教えてください " + id, AccountID: "acc-" + id}, 0)}
	for i, f := range follow {
		f.PostID, f.ReplyTo = fmt.Sprintf("%s-%d", id, i+1), id
		if f.AuthorID == "asker" {
			f.AuthorID = "asker-" + id
		}
		list = append(list, base(f, i+1))
	}
	return list
}

func TestQuestionLedger(t *testing.T) {
	db := chtest.Open(t)
	at := func(hours int) time.Time {
		return time.Date(2026, 11, 9, 9, 0, 0, 0, db.Calendar.Zone()).Add(time.Duration(hours) * time.Hour)
	}
	peer := func(h int) *schema.PostRow {
		return &schema.PostRow{PostedAt: at(h), AuthorID: "peer", Intents: []string{"answer"}, Body: "設定で変えられます"}
	}
	says := func(h int, body string, intents ...string) *schema.PostRow {
		return &schema.PostRow{PostedAt: at(h), AuthorID: "asker", Intents: intents, Body: body}
	}
	staff := peer(5)
	staff.AuthorRole, staff.AuthorID = "staff", "staff-1"
	marked := peer(3)
	marked.Accepted = true
	var all []schema.Row
	add := func(id string, follow ...*schema.PostRow) { all = append(all, thread(db, id, at(0), follow...)...) }
	add("open")
	add("self", says(2, "追記です"))
	add("answered", peer(4))
	add("staffed", staff, peer(9))
	add("trying", peer(4), says(6, "ありがとうございます、試してみます。", "thanks"))
	add("thanked", peer(4), says(6, "ありがとうございます。助かりました。", "thanks"))
	add("early", says(1, "ありがとうございます。", "thanks"))
	add("resolved", peer(4), says(6, "できました!", "resolution"))
	add("accepted", marked)
	add("clicked", peer(3))
	add("later", peer(200))
	all = append(all, &schema.ActivityRow{Community: "qa", Day: db.Calendar.Day(at(7)), EventID: "e1", Event: "accepted", OccurredAt: at(7), PostID: "clicked-1", Count: 1, KafkaTopic: "voc.activity", KafkaOffset: 1},
		&schema.ActivityRow{Community: "qa", Day: db.Calendar.Day(at(7)), EventID: "e2", Event: "viewed", OccurredAt: at(7), PostID: "open", Count: 42, KafkaTopic: "voc.activity", KafkaOffset: 2})
	for i := range 7 {
		all = append(all, &schema.Window{Community: "qa", Day: db.Calendar.Day(at(24 * i))})
	}
	db.Insert(t, all...)
	dashtest.Count(t, db) // it decides which sources hold conversations

	params := query.Params{"community": "qa", "from": "2026-11-09", "to": "2026-11-15"}
	got := map[string]query.Question{}
	for _, q := range rows[query.Question](t, db, "question_ledger", params) {
		got[q.PostID] = q
	}
	for id, want := range map[string]string{
		"open": "open", "self": "open", "answered": "answered", "staffed": "answered", "trying": "answered", "thanked": "thanked", "early": "open",
		"resolved": "resolved", "accepted": "accepted", "clicked": "accepted", "later": "open",
	} {
		if got[id].Status != want {
			t.Errorf("%s is %q, want %q", id, got[id].Status, want)
		}
	}
	if len(got) != 11 {
		t.Errorf("%d questions", len(got))
	}
	if q := got["staffed"]; q.FirstBy != "staff" || q.FirstReplyHours == nil || *q.FirstReplyHours != 5 || q.Replies != 2 || q.StaffReplies != 1 {
		t.Errorf("staffed: %+v", q)
	}
	if q := got["open"]; q.Views != 42 || q.AgeHours != 6*24+15 || q.FirstReplyHours != nil || q.FirstBy != "" {
		t.Errorf("open: %+v", q)
	}
	if q := got["clicked"]; q.AcceptedPost != "clicked-1" {
		t.Errorf("clicked: %+v", q)
	}
	if !got["trying"].AskerCameBack || got["answered"].AskerCameBack {
		t.Error("who came back is wrong")
	}
	w := one[query.QuestionWeek](t, db, "question_weeks", params)
	if w.Questions != 11 || w.Replied != 7 || w.Solved != 4 || w.Accepted != 2 || w.FirstStaff != 1 || w.FirstPeer != 6 || w.SolvedByPeers != 4 || w.MedianHours == nil || *w.MedianHours != 4 {
		t.Errorf("the week is %+v with median %v", w, w.MedianHours)
	}
	if n := len(rows[query.Question](t, db, "question_ledger", params.With("status", []string{"open"}))); n != 4 {
		t.Errorf("%d open questions", n)
	}
}

// points are the sums of the points of everybody who has reasons, the highest first.
func points(reasons []query.EntityReason) []uint64 {
	sums := map[string]uint64{}
	for _, r := range reasons {
		sums[r.Kind+" "+r.Entity] += r.Points
	}
	return slices.SortedFunc(maps.Values(sums), func(a, b uint64) int { return cmp.Compare(b, a) })
}

// Points are what the posts of a reason give, and the posts are there.
func attentionReasons(t *testing.T, db *chtest.DB, truths dashtest.Truths) {
	rule := map[string][3]int{
		"unanswered_complaint": {30, 10, 50}, "churn_signal": {40, 10, 60}, "open_question": {15, 5, 30}, "negative_voice": {5, 5, 20}, "detractor": {20, 0, 20}, "silent": {20, 0, 20},
		"success_story": {30, 10, 50}, "recommend": {20, 10, 40}, "praise": {5, 5, 20}, "upsell": {10, 10, 20}, "accepted_answer": {10, 10, 30}, "promoter": {20, 0, 20},
	}
	seen := map[string]bool{}
	untold := false
	for _, name := range []string{"attention_reasons", "happy_reasons"} {
		all := rows[query.EntityReason](t, db, name, weekParams())
		most := points(all)
		first := rows[query.EntityReason](t, db, name, weekParams().With("limit", 3))
		if got := points(first); len(most) < 6 || !slices.Equal(got, most[:3]) || first[0].Entities != uint64(len(most)) || all[0].Entities != uint64(len(most)) {
			t.Errorf("%s: the first three of %d have %v points of %v; %d are said to be there", name, len(most), got, most, first[0].Entities)
		}
		for _, r := range all {
			p, ok := rule[r.Reason]
			if !ok {
				t.Fatalf("unknown reason %s", r.Reason)
			}
			seen[r.Reason] = true
			if want := min(p[2], p[0]+p[1]*(len(r.Posts)-1)); int(r.Points) != want {
				t.Errorf("%s of %s has %d points for %d posts, want %d", r.Reason, r.Entity, r.Points, len(r.Posts), want)
			}
			if r.Reason == "detractor" || r.Reason == "promoter" {
				continue // the fixture's surveys have no comments
			}
			f := query.Filter{Community: dashtest.Community, From: dashtest.Week().AddDate(0, 0, -42), To: dashtest.Week().AddDate(0, 0, 6), ID: r.Posts}
			if r.Kind == "account" {
				f.Account = []string{r.Entity}
			} else {
				f.Author = []string{r.Entity}
			}
			if n := one[query.PostCount](t, db, "posts_count", f.Params()).Posts; n != uint64(len(r.Posts)) {
				t.Errorf("%s opens %d of %d posts", f.Path(), n, len(r.Posts))
			}
			untold = untold || r.Entity == truths.Untold && r.Reason == "unanswered_complaint"
		}
	}
	if !untold {
		t.Errorf("%s waits for an answer and is not on the list", truths.Untold)
	}
	for reason := range rule {
		if !seen[reason] && reason != "silent" {
			t.Errorf("no row has the reason %s", reason)
		}
	}
}

func severePostsAreFound(t *testing.T, db *chtest.DB, truths dashtest.Truths) {
	var found []string
	for _, p := range rows[query.SeverePost](t, db, "severe_posts", span(dashtest.Week(), dashtest.Week().AddDate(0, 0, 6))) {
		var sum uint64
		for _, v := range p.Values {
			sum += v
		}
		if sum != p.Points || len(p.Reasons) != len(p.Values) {
			t.Errorf("%s: %v %v do not add up to %d", p.PostID, p.Reasons, p.Values, p.Points)
		}
		found = append(found, p.PostID)
	}
	for _, id := range truths.Severe {
		if !slices.Contains(found, id) {
			t.Errorf("%s is severe and is not among %v", id, found)
		}
	}
}

// A post that arrives later, or a reply after the week, does not change what a query says of the week.
func TestWeeksAreClosed(t *testing.T) {
	db := chtest.Open(t)
	dashtest.Fill(t, db, 9)
	all, err := query.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	snapshot := func() map[string]string {
		texts := map[string]string{}
		for _, q := range all {
			if slices.Contains([]string{"communities", "thread_posts", "ledger_holes", "ledger_topics", "stale_windows", "freshness"}, q.Name) {
				continue // these speak of everything, or of when rows were written
			}
			table, err := query.RunTable(t.Context(), db.Conn, q.Name, sampleParams(q))
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(table.Rows)
			if err != nil {
				t.Fatal(err)
			}
			texts[q.Name] = string(text)
		}
		return texts
	}
	before := snapshot()
	next := dashtest.Week().AddDate(0, 0, 7).Add(10 * time.Hour)
	var late []schema.Row
	for i := range 40 {
		p := &schema.PostRow{Community: dashtest.Community, PostID: fmt.Sprintf("late%d", i), SourceVersion: 1, PostedAt: next.Add(time.Duration(i) * time.Minute), Source: "community", AuthorID: fmt.Sprintf("m%03d", i+1),
			AuthorRole: "member", AccountID: fmt.Sprintf("acc-%02d", i%24+1), Body: "後から", Sentiment: "negative", Score: -1, Topics: schema.PostTopics{ID: []string{"pricing/plan"}, Sentiment: []string{"negative"}, Score: []float32{-1}},
			Intents: []string{"complaint", "request", "thanks", "resolution"}, ReplyTo: fmt.Sprintf("p%05d", 1900+i), ThreadID: fmt.Sprintf("p%05d", 1900+i), Accepted: true, KafkaTopic: "voc.posts", KafkaOffset: uint64(900000 + i), AnalyzerRevision: 1}
		p.OccurredAt, p.Day = p.PostedAt, db.Calendar.Day(p.PostedAt)
		late = append(late, p)
	}
	late = append(late, &schema.Window{Community: dashtest.Community, Day: next.Truncate(24 * time.Hour)})
	db.Insert(t, late...)
	dashtest.Count(t, db)
	after := snapshot()
	for name, text := range before {
		if after[name] != text {
			t.Errorf("%s changed with posts of the next week", name)
		}
	}
}
