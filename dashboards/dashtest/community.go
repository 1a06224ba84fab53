package dashtest

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/rollup"
)

// What the community is about.
const (
	// Community is the name of the large community; a small one named Other must never show in its numbers.
	Community = "default"
	Other     = "other"
	// Weeks is how many weeks it lives, Week being the last.
	Weeks = 10
	// FlareTopic rises in the last week among members of the plan FlarePlan.
	FlareTopic, FlarePlan = "pricing/plan", "standard"
	// Moved is the account whose touch_model changed from high to community at the start of the second last week.
	Moved = "acc-05"
)

// Week is the Monday of the last week, 2026-W46.
func Week() time.Time { return time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC) }

// Truths are what was planted and must be found.
type Truths struct {
	Posts       int      // of Community, deleted ones left out
	Flare       int      // posts of FlareTopic in the last week
	Severe      []string // ids of the rare but severe posts
	Stories     int      // success stories of the last week
	Quarantined int      // promotion and spam of the last week
	Untold      string   // account with a complaint that nobody answered for more than 48 hours
	Dead        int      // refused messages of the last week
}

type member struct {
	id, role, level, account string
	joined                   time.Time
	rate                     float64
}

type builder struct {
	rng     *rand.Rand
	zone    *time.Location
	rows    []schema.Row
	windows map[schema.Window]bool
	members []member
	plan    map[string]string
	offset  uint64
	post    int
	event   int
	truths  Truths
}

// Fill writes the community of a seed into a database and counts its windows.
func Fill(t testing.TB, db *chtest.DB, seed uint64) Truths {
	t.Helper()
	rows, truths := Rows(seed, db.Calendar)
	db.Insert(t, rows...)
	Count(t, db)
	return truths
}

// Count rebuilds every window that was marked.
func Count(t testing.TB, db *chtest.DB) {
	t.Helper()
	r, err := rollup.New(db.Conn, rollup.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Rows returns the rows of a community, marks of its windows last.
func Rows(seed uint64, calendar schema.Calendar) ([]schema.Row, Truths) {
	b := &builder{rng: rand.New(rand.NewPCG(seed, 1)), zone: calendar.Zone(), windows: map[schema.Window]bool{}, plan: map[string]string{}}
	b.accounts()
	b.people()
	first := b.monday(0)
	for week := range Weeks {
		for day := range 7 {
			b.day(week, day, first.AddDate(0, 0, 7*week+day))
		}
	}
	b.lastWeek()
	b.otherCommunity()
	b.ledger()
	b.decide()
	marks := slices.SortedFunc(maps.Keys(b.windows), func(x, y schema.Window) int {
		return cmp.Or(cmp.Compare(x.Community, y.Community), x.Day.Compare(y.Day))
	})
	for _, w := range marks {
		b.rows = append(b.rows, &w)
	}
	return b.rows, b.truths
}

// monday returns midnight of the Monday of a week, 0 being the first.
func (b *builder) monday(week int) time.Time {
	w := Week().AddDate(0, 0, 7*(week-Weeks+1))
	return time.Date(w.Year(), w.Month(), w.Day(), 0, 0, 0, 0, b.zone)
}

func (b *builder) accounts() {
	plans := []string{"standard", "standard", "pro", "enterprise"}
	touches := []string{"tech", "low", "high", "community"}
	industries := []string{"製造", "小売", "医療", "建設", "IT"}
	owners := []string{"佐々木", "高橋", "中村"}
	start := b.monday(0).AddDate(-1, 0, 0)
	for i := range 24 {
		id := fmt.Sprintf("acc-%02d", i+1)
		attributes := map[string]string{
			"plan": plans[i%4], "touch_model": touches[i%4], "industry": industries[i%5], "csm_owner": owners[i%3], "ltv_band": []string{"A", "B", "C"}[i%3],
		}
		b.plan[id] = attributes["plan"]
		if id == Moved {
			attributes["touch_model"] = "high"
		}
		b.add(&schema.AccountRow{AccountID: id, ValidFrom: start, Name: fmt.Sprintf("見本%s株式会社%02d", industries[i%5], i+1), Attributes: attributes})
		if id == Moved {
			moved := map[string]string{}
			for k, v := range attributes {
				moved[k] = v
			}
			moved["touch_model"] = "community"
			b.add(&schema.AccountRow{AccountID: id, ValidFrom: b.monday(Weeks - 2), Name: "見本IT株式会社05", Attributes: moved})
		}
		if i == 23 {
			b.add(&schema.AccountRow{AccountID: id, ValidFrom: b.monday(Weeks - 4), Deleted: true})
		}
	}
}

func (b *builder) people() {
	for i := range 150 {
		m := member{id: fmt.Sprintf("m%03d", i+1), role: "member", level: []string{"bronze", "bronze", "silver", "gold"}[i%4], rate: 0.2 + b.rng.ExpFloat64()*0.8}
		m.account = fmt.Sprintf("acc-%02d", i%24+1)
		m.joined = b.monday(0).AddDate(0, 0, -b.rng.IntN(400))
		switch {
		case i < 5:
			m.role, m.level, m.rate = "leader", "platinum", 6
		case i < 9:
			m.role, m.account, m.level = "staff", "", ""
		case i < 12:
			m.role = "partner"
		case i < 15:
			m.role, m.account = "outsider", ""
		case i%11 == 0:
			m.account = ""
		case i > 110:
			m.joined = b.monday(0).AddDate(0, 0, b.rng.IntN(7*Weeks)).Add(time.Duration(b.rng.IntN(86400)) * time.Second)
		}
		b.members = append(b.members, m)
		if m.role != "staff" && i%7 != 0 {
			b.activity("joined", m, m.joined, "", 1)
		}
	}
}

// pick returns a member of a role who had joined, weighted by how much they write.
func (b *builder) pick(at time.Time, fits func(member) bool) member {
	var sum float64
	for _, m := range b.members {
		if fits(m) && m.joined.Before(at) {
			sum += m.rate
		}
	}
	at2 := b.rng.Float64() * sum
	for _, m := range b.members {
		if fits(m) && m.joined.Before(at) {
			if at2 -= m.rate; at2 <= 0 {
				return m
			}
		}
	}
	return b.members[20]
}

func role(names ...string) func(member) bool {
	return func(m member) bool {
		for _, n := range names {
			if m.role == n {
				return true
			}
		}
		return false
	}
}

// hours are the likely hours of a post; mornings and evenings are full.
var hours = []int{7, 8, 8, 9, 9, 9, 10, 10, 11, 12, 12, 13, 14, 15, 16, 17, 18, 20, 20, 21, 21, 22, 23, 1}

func (b *builder) day(week, weekday int, day time.Time) {
	n := 20 + b.rng.IntN(10)
	if weekday > 4 {
		n /= 3
	}
	everyday, stories, flare, pitches := everyday(), stories(), flare(), pitches()
	for range n {
		at := day.Add(time.Duration(hours[b.rng.IntN(len(hours))])*time.Hour + time.Duration(b.rng.IntN(3_600_000))*time.Millisecond)
		s := everyday[b.rng.IntN(len(everyday))]
		who := b.pick(at, role("member", "leader", "partner"))
		switch x := b.rng.Float64(); {
		case x < 0.03:
			s = stories[b.rng.IntN(len(stories))]
		case x < 0.05:
			s, who = pitches[b.rng.IntN(len(pitches))], b.pick(at, role("outsider"))
		case x < 0.07:
			s = flare[b.rng.IntN(len(flare)-1)] // prices are talked about at any time
		}
		b.starter(who, at, s, week)
	}
	for range 20 + b.rng.IntN(20) {
		at := day.Add(time.Duration(hours[b.rng.IntN(len(hours))])*time.Hour + time.Duration(b.rng.IntN(3600))*time.Second)
		b.activity("login", b.pick(at, role("member", "leader", "partner")), at, "", 1)
	}
	if weekday == 2 {
		m := b.pick(day, role("member"))
		score := float32(b.rng.IntN(11))
		b.survey(m, day.Add(15*time.Hour), "nps", score)
		b.survey(b.pick(day, role("member")), day.Add(16*time.Hour), "csat", float32(1+b.rng.IntN(5)))
	}
}

// starter writes a post that begins a thread, with whatever it draws.
func (b *builder) starter(who member, at time.Time, s say, week int) string {
	source, channel := "community", []string{"質問広場", "活用相談", "雑談"}[b.rng.IntN(3)]
	if b.rng.Float64() < 0.12 && week < Weeks {
		source, channel = "review", ""
	}
	id := b.write(who, at, s, source, channel, "", "", nil)
	if source == "review" {
		return id
	}
	for range 1 + b.rng.IntN(4) {
		viewer := b.pick(at, role("member", "leader"))
		b.activity("viewed", viewer, at.Add(time.Duration(5+b.rng.IntN(600))*time.Minute), id, int64(1+b.rng.IntN(6)))
	}
	asks := has(s.intents, "question")
	chance := 0.35
	if asks {
		chance = 0.8
	}
	if b.rng.Float64() >= chance {
		return id
	}
	answerer := b.pick(at, role("leader", "member", "staff"))
	if b.rng.Float64() < 0.2 {
		answerer = b.pick(at, role("staff"))
	}
	list := answers()
	a := list[b.rng.IntN(len(list))]
	if asks {
		a = list[b.rng.IntN(3)]
	}
	replied := at.Add(time.Duration(15+b.rng.IntN(2400)) * time.Minute)
	answer := b.reply(answerer, replied, a, channel, id, id)
	if !asks || answerer.id == who.id {
		return id
	}
	back := replied.Add(time.Duration(30+b.rng.IntN(900)) * time.Minute)
	switch x := b.rng.Float64(); {
	case x < 0.25:
		b.reply(who, back, thanked, channel, id, answer)
	case x < 0.4:
		b.reply(who, back, trying, channel, id, answer)
	case x < 0.55:
		b.reply(who, back, resolved, channel, id, answer)
	case x < 0.7:
		b.activity("accepted", who, back, answer, 1)
	}
	return id
}

func (b *builder) reply(who member, at time.Time, r reply, channel, thread, to string) string {
	s := say{text: r.text, sentiment: "neutral", intents: r.intents}
	if has(r.intents, "thanks") || has(r.intents, "resolution") {
		s.sentiment, s.score = "positive", 0.4
	}
	return b.write(who, at, s, "community", channel, thread, to, nil)
}

func has(marks []mark, tag string) bool {
	for _, m := range marks {
		if m.tag == tag {
			return true
		}
	}
	return false
}

// lastWeek plants what the report of the last week must find.
func (b *builder) lastWeek() {
	monday := b.monday(Weeks - 1)
	wednesday := monday.AddDate(0, 0, 2)
	notice := b.write(b.members[6], wednesday.Add(13*time.Hour), say{
		text:      "新料金プランを来年1月から始めます。詳しくはお知らせの表をご覧ください。",
		sentiment: "neutral", topics: []mark{topic("pricing/plan", "neutral", "新料金プラン")},
	}, "community", "お知らせ", "", "", map[string]string{"title": "新料金プランのお知らせ"})
	flare := flare()
	standard := func(m member) bool {
		return (m.role == "member" || m.role == "leader") && b.plan[m.account] == FlarePlan
	}
	for range 34 {
		at := wednesday.Add(13*time.Hour + time.Duration(20+b.rng.IntN(330))*time.Minute)
		fits := standard
		if b.rng.Float64() < 0.12 {
			fits = role("member")
		}
		b.write(b.pick(at, fits), at, flare[b.rng.IntN(len(flare))], "community", "お知らせ", notice, notice, nil)
	}
	for i, s := range severe() {
		id := b.write(b.members[40+i], monday.AddDate(0, 0, 1+i).Add(10*time.Hour), s, "community", "質問広場", "", "", nil)
		b.truths.Severe = append(b.truths.Severe, id)
	}
	untold := b.members[30]
	b.truths.Untold = untold.account
	b.write(untold, monday.Add(9*time.Hour), everyday()[9], "community", "活用相談", "", "", nil)
	b.survey(b.members[60], monday.AddDate(0, 0, 3).Add(10*time.Hour), "nps", 10)
	b.survey(b.members[61], monday.AddDate(0, 0, 3).Add(11*time.Hour), "nps", 3)
	question := b.write(b.members[62], monday.Add(10*time.Hour), everyday()[11], "community", "質問広場", "", "", nil)
	answer := b.reply(b.members[0], monday.Add(12*time.Hour), answers()[1], "質問広場", question, question)
	b.write(b.members[63], monday.Add(15*time.Hour), stories()[3], "community", "活用相談", "", "", nil)
	b.activity("accepted", b.members[62], monday.Add(14*time.Hour), answer, 1)
	for _, s := range stories()[:2] {
		who := b.pick(monday, role("member"))
		id := b.write(who, monday.AddDate(0, 0, 3).Add(11*time.Hour), s, "community", "活用相談", "", "", nil)
		b.reply(b.members[50], monday.AddDate(0, 0, 3).Add(14*time.Hour), answers()[3], "活用相談", id, id)
	}
}

func (b *builder) otherCommunity() {
	at := b.monday(Weeks - 1).Add(34 * time.Hour)
	for i := range 30 {
		s := everyday()[i%20]
		row := b.row(b.members[20+i], at.Add(time.Duration(i)*time.Minute), s)
		row.Community = Other
		b.put(row)
		b.truths.Posts--
	}
}

func (b *builder) ledger() {
	day := b.monday(Weeks-1).AddDate(0, 0, 4)
	for i, reason := range []string{"bad_json", "missing_field", "missing_field", "future_time"} {
		b.offset++
		b.add(
			&schema.DeadLetterRow{KafkaTopic: "voc.posts", KafkaPartition: 0, KafkaOffset: b.offset, RecordTime: day.Add(time.Duration(i) * time.Minute), Reason: reason,
				Field: []string{"", "body", "body", "posted_at"}[i], Detail: "見本の理由です。", MessageKey: "k", Size: 100},
			&schema.OutcomeRow{KafkaTopic: "voc.posts", KafkaPartition: 0, KafkaOffset: b.offset, RecordTime: day, Outcome: schema.OutcomeDeadLetter},
		)
		b.truths.Dead++
	}
}

func (b *builder) write(who member, at time.Time, s say, source, channel, thread, replyTo string, extra map[string]string) string {
	row := b.row(who, at, s)
	row.Source, row.Channel, row.ThreadID, row.ReplyTo = source, channel, thread, replyTo
	if thread == "" && source == "community" {
		row.ThreadID = row.PostID
	}
	row.Title = extra["title"]
	if source == "review" {
		row.Rating = 3 + 2*s.score
		row.ThreadID = ""
	}
	b.put(row)
	last := at.After(b.monday(Weeks - 1))
	if last && has(s.topics, FlareTopic) {
		b.truths.Flare++
	}
	if last && has(s.intents, "success_story") {
		b.truths.Stories++
	}
	if last && (has(s.intents, "promotion") || has(s.intents, "spam")) {
		b.truths.Quarantined++
	}
	return row.PostID
}

// put writes the row, an older version of some, and deletes a few posts afterwards.
func (b *builder) put(row *schema.PostRow) {
	if b.post%37 == 0 {
		old := *row
		old.SourceVersion, old.Body, old.Sentiment, old.Score = 1, "書き直す前の文です。", "neutral", 0
		old.Topics, old.Intents, old.Evidence, old.Signals = schema.PostTopics{}, nil, schema.PostEvidence{}, schema.PostSignals{}
		b.add(&old, b.outcome(&old))
		row.Event = "edited"
	}
	b.offset++
	row.KafkaOffset = b.offset
	b.add(row, b.outcome(row))
	b.truths.Posts++
	if b.post%53 == 0 {
		b.offset++
		gone := schema.PostRow{Community: row.Community, Day: row.Day, PostID: row.PostID + "-gone", SourceVersion: 3, Deleted: true, PostedAt: row.PostedAt,
			OccurredAt: row.PostedAt, Event: "deleted", KafkaTopic: "voc.posts", KafkaOffset: b.offset}
		doomed := *row
		doomed.PostID, doomed.ReplyTo = gone.PostID, ""
		b.add(&doomed, &gone, b.outcome(&gone))
	}
	b.windows[schema.Window{Community: row.Community, Day: row.Day}] = true
}

func (b *builder) outcome(row *schema.PostRow) *schema.OutcomeRow {
	return &schema.OutcomeRow{KafkaTopic: row.KafkaTopic, KafkaPartition: row.KafkaPartition, KafkaOffset: row.KafkaOffset, RecordTime: row.OccurredAt,
		Outcome: schema.OutcomeStored, Community: row.Community, PostID: row.PostID, SourceVersion: row.SourceVersion}
}

func (b *builder) row(who member, at time.Time, s say) *schema.PostRow {
	b.post++
	b.offset++
	body := openers[b.rng.IntN(len(openers))] + s.text + closers[b.rng.IntN(len(closers))]
	if len(s.intents) > 0 && (s.intents[0].tag == "thanks" || s.intents[0].tag == "resolution") {
		body = s.text
	}
	row := &schema.PostRow{
		Community: Community, PostID: fmt.Sprintf("p%05d", b.post), SourceVersion: 2, PostedAt: at, OccurredAt: at, Event: "created", Source: "community",
		Views: uint64(b.rng.IntN(60)), Reactions: map[string]uint64{}, Attributes: map[string]string{}, AuthorID: who.id, AuthorRole: who.role, AuthorLevel: who.level,
		AccountID: who.account, Body: body, Sentiment: s.sentiment, Score: s.score, AnalyzerRevision: 1, KafkaTopic: "voc.posts", KafkaOffset: b.offset,
	}
	if n := b.rng.IntN(8) - 3; n > 0 {
		row.Reactions["like"] = uint64(n)
	}
	if b.post%5 == 0 {
		row.Attributes["usage_phase"] = []string{"setup", "first_use", "full", "expansion"}[b.post/5%4]
	}
	y, m, d := at.In(b.zone).Date()
	row.Day = time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	prove := func(kind string, m mark, tag string) {
		i := strings.Index(body, m.words)
		if i < 0 || m.words == "" {
			return
		}
		start := uint32(len([]rune(body[:i])))
		row.Evidence.Kind = append(row.Evidence.Kind, kind)
		row.Evidence.Tag = append(row.Evidence.Tag, tag)
		row.Evidence.Field = append(row.Evidence.Field, "body")
		row.Evidence.Start = append(row.Evidence.Start, start)
		row.Evidence.End = append(row.Evidence.End, start+uint32(len([]rune(m.words))))
		row.Evidence.Rule = append(row.Evidence.Rule, "fixture")
	}
	for _, m := range s.topics {
		row.Topics.ID = append(row.Topics.ID, m.tag)
		row.Topics.Sentiment = append(row.Topics.Sentiment, m.value)
		row.Topics.Score = append(row.Topics.Score, s.score)
		prove("topic", m, m.tag)
	}
	for _, m := range s.intents {
		row.Intents = append(row.Intents, m.tag)
		prove("intent", m, m.tag)
	}
	for _, m := range s.signals {
		row.Signals.Kind = append(row.Signals.Kind, m.tag)
		row.Signals.Value = append(row.Signals.Value, m.value)
		prove("signal", m, m.tag+"="+m.value)
	}
	return row
}

func (b *builder) activity(event string, who member, at time.Time, post string, count int64) {
	b.event++
	y, m, d := at.In(b.zone).Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	b.offset++
	b.add(&schema.ActivityRow{Community: Community, Day: day, EventID: fmt.Sprintf("e%06d", b.event), Event: event, OccurredAt: at, PostID: post, AuthorID: who.id,
		AuthorRole: who.role, AuthorLevel: who.level, AccountID: who.account, Count: count, KafkaTopic: "voc.activity", KafkaOffset: uint64(b.event)})
	b.windows[schema.Window{Community: Community, Day: day}] = true
}

func (b *builder) survey(who member, at time.Time, metric string, score float32) {
	b.event++
	y, m, d := at.In(b.zone).Date()
	b.add(&schema.SurveyRow{Community: Community, Day: time.Date(y, m, d, 0, 0, 0, 0, time.UTC), ResponseID: fmt.Sprintf("r%05d", b.event), SurveyID: "quarterly",
		Metric: metric, Score: score, AnsweredAt: at, AuthorID: who.id, AuthorRole: who.role, AuthorLevel: who.level, AccountID: who.account})
}

func (b *builder) add(rows ...schema.Row) { b.rows = append(b.rows, rows...) }
