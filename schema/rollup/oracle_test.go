package rollup_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/rollup"
)

// oracle counts posts and activity from the log alone, in plain Go, and prints the lines that the views must give.
type oracle struct {
	posts    map[[2]string]*schema.PostRow // by community and post: the newest version
	activity map[[2]string]*schema.ActivityRow
	windows  map[schema.Window]bool
	calendar schema.Calendar
}

func newer(a, b *schema.PostRow) bool {
	if a.SourceVersion != b.SourceVersion {
		return a.SourceVersion > b.SourceVersion
	}
	if a.KafkaOffset != b.KafkaOffset {
		return a.KafkaOffset > b.KafkaOffset
	}
	return a.AnalyzerRevision > b.AnalyzerRevision
}

func (o *oracle) post(p *schema.PostRow) {
	key := [2]string{p.Community, p.PostID}
	if old := o.posts[key]; old == nil || newer(p, old) {
		o.posts[key] = p
	}
	o.windows[schema.Window{Community: p.Community, Day: p.Day}] = true
}

func (o *oracle) act(a *schema.ActivityRow) {
	key := [2]string{a.Community, a.EventID}
	if old := o.activity[key]; old == nil || a.KafkaOffset >= old.KafkaOffset {
		o.activity[key] = a
	}
	o.windows[schema.Window{Community: a.Community, Day: a.Day}] = true
}

// cell is what one row of a view holds.
type cell struct {
	posts, replies, positive, negative, neutral, mixed, untagged, views, reactions, accepted, rated int
	score, stars                                                                                    int // thousandths
	authors, accounts                                                                               map[string]bool
}

type cells map[string]*cell

func (c cells) add(key string, p *schema.PostRow, sentiment string, score float32) {
	x := c[key]
	if x == nil {
		x = &cell{authors: map[string]bool{}, accounts: map[string]bool{}}
		c[key] = x
	}
	x.posts++
	if p.ReplyTo != "" {
		x.replies++
	}
	switch sentiment {
	case "positive":
		x.positive++
	case "negative":
		x.negative++
	case "neutral":
		x.neutral++
	case "mixed":
		x.mixed++
	}
	x.score += int(math.RoundToEven(float64(score) * 1000))
	if len(p.Topics.ID) == 0 {
		x.untagged++
	}
	x.views += int(p.Views)
	for _, n := range p.Reactions {
		x.reactions += int(n)
	}
	if p.Accepted {
		x.accepted++
	}
	if p.Rating > 0 {
		x.rated++
		x.stars += int(math.RoundToEven(float64(p.Rating) * 1000))
	}
	if p.AuthorID != "" {
		x.authors[p.AuthorID] = true
	}
	if p.AccountID != "" {
		x.accounts[p.AccountID] = true
	}
}

func (c cells) lines() []string {
	var out []string
	for key, x := range c {
		out = append(out, fmt.Sprintf("%s: %d posts %d replies %d/%d/%d/%d %d views %d reactions %d accepted %d rated %d authors %d accounts %d score %d stars",
			key, x.posts, x.replies, x.positive, x.negative, x.neutral, x.mixed, x.views, x.reactions, x.accepted, x.rated, len(x.authors), len(x.accounts), x.score, x.stars))
	}
	slices.Sort(out)
	return out
}

// viewLines is the SQL for the same lines; key names the columns that tell the cells apart.
func viewLines(view, key string) string {
	return `SELECT concat(` + key + `, ': ', toString(posts), ' posts ', toString(replies), ' replies ', toString(positive), '/', toString(negative), '/', toString(neutral), '/', toString(mixed),
	' ', toString(views), ' views ', toString(reactions), ' reactions ', toString(accepted), ' accepted ', toString(rated), ' rated ', toString(authors), ' authors ', toString(accounts),
	' accounts ', toString(toInt64(round(score_sum * 1000))), ' score ', toString(toInt64(round(rating_sum * 1000))), ' stars') AS line FROM ` + view + ` ORDER BY line`
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

// parents adds the parents of topics to a post's topics, as the contract of post_topics says.
func parents(p *schema.PostRow) (ids, sentiments []string, scores []float32) {
	seen := map[string]bool{}
	for i, id := range p.Topics.ID {
		if !seen[id] { // of a topic that is named twice, the first counts
			ids, sentiments, scores = append(ids, id), append(sentiments, p.Topics.Sentiment[i]), append(scores, p.Topics.Score[i])
		}
		seen[id] = true
	}
	for _, id := range p.Topics.ID {
		for i, r := range id {
			if r != '/' || seen[id[:i]] {
				continue
			}
			parent := id[:i]
			seen[parent] = true
			found := map[string]bool{}
			sum, n := 0.0, 0
			for j, child := range p.Topics.ID {
				if strings.HasPrefix(child, parent+"/") {
					found[p.Topics.Sentiment[j]] = true
					sum += float64(p.Topics.Score[j])
					n++
				}
			}
			sentiment := "neutral"
			switch {
			case found["mixed"] || found["positive"] && found["negative"]:
				sentiment = "mixed"
			case found["positive"]:
				sentiment = "positive"
			case found["negative"]:
				sentiment = "negative"
			}
			ids, sentiments, scores = append(ids, parent), append(sentiments, sentiment), append(scores, float32(sum/float64(n)))
		}
	}
	return ids, sentiments, scores
}

// check compares every cell of every aggregate view.
func (o *oracle) check(t *testing.T, db *chtest.DB) {
	t.Helper()
	topics, weekly, intents, channels, communities, hours := cells{}, cells{}, cells{}, cells{}, cells{}, cells{}
	active := map[string]map[string]bool{}
	did := map[string]int64{}
	member := func(key, id string) {
		if id == "" {
			return
		}
		if active[key] == nil {
			active[key] = map[string]bool{}
		}
		active[key][id] = true
	}
	for _, p := range o.posts {
		if p.Deleted {
			continue
		}
		d, w := day(p.Day), day(o.calendar.Week(p.PostedAt))
		where := strings.Join([]string{p.Source, p.Channel, p.AuthorRole}, "|")
		ids, sentiments, scores := parents(p)
		for i, id := range ids {
			topics.add(strings.Join([]string{p.Community, d, id, where}, "|"), p, sentiments[i], scores[i])
			weekly.add(strings.Join([]string{p.Community, w, o.calendar.ISOWeek(p.PostedAt), id, where}, "|"), p, sentiments[i], scores[i])
		}
		for _, id := range slices.Compact(slices.Clone(p.Intents)) {
			intents.add(strings.Join([]string{p.Community, d, id, where}, "|"), p, p.Sentiment, p.Score)
		}
		channels.add(strings.Join([]string{p.Community, d, where}, "|"), p, p.Sentiment, p.Score)
		communities.add(p.Community+"|"+d, p, p.Sentiment, p.Score)
		hours.add(fmt.Sprintf("%s|%s|%d|%s", p.Community, d, p.PostedAt.In(o.calendar.Zone()).Hour(), p.AuthorRole), p, p.Sentiment, p.Score)
		member(p.Community+"|"+d, p.AuthorID)
	}
	for _, a := range o.activity {
		key := a.Community + "|" + day(a.Day)
		did[key+"|"+a.Event] += a.Count
		member(key, a.AuthorID)
	}
	compare(t, "topic_daily", db.Strings(t, viewLines("topic_daily", "community, '|', toString(day), '|', topic, '|', source, '|', channel, '|', author_role")), topics.lines())
	compare(t, "topic_weekly", db.Strings(t, viewLines("topic_weekly", "community, '|', toString(week), '|', iso_week, '|', topic, '|', source, '|', channel, '|', author_role")), weekly.lines())
	compare(t, "intent_daily", db.Strings(t, viewLines("intent_daily", "community, '|', toString(day), '|', intent, '|', source, '|', channel, '|', author_role")), intents.lines())
	compare(t, "channel_daily", db.Strings(t, viewLines("channel_daily", "community, '|', toString(day), '|', source, '|', channel, '|', author_role")), channels.lines())

	var want []string
	for w := range o.windows {
		key := w.Community + "|" + day(w.Day)
		x := communities[key]
		if x == nil {
			x = &cell{}
		}
		want = append(want, fmt.Sprintf("%s: %d posts %d replies %d/%d/%d/%d %d untagged %d authors %d accounts %d score %d active %d viewed %d reacted %d joined",
			key, x.posts, x.replies, x.positive, x.negative, x.neutral, x.mixed, x.untagged, len(x.authors), len(x.accounts), x.score, len(active[key]),
			did[key+"|viewed"], did[key+"|reacted"], did[key+"|joined"]))
	}
	slices.Sort(want)
	compare(t, "community_daily", db.Strings(t, `SELECT concat(community, '|', toString(day), ': ', toString(posts), ' posts ', toString(replies), ' replies ', toString(positive), '/', toString(negative), '/',
	toString(neutral), '/', toString(mixed), ' ', toString(untagged), ' untagged ', toString(authors), ' authors ', toString(accounts), ' accounts ', toString(toInt64(round(score_sum * 1000))), ' score ',
	toString(active_members), ' active ', toString(viewed), ' viewed ', toString(reacted), ' reacted ', toString(joined), ' joined') AS line FROM community_daily ORDER BY line`), want)

	want = nil
	for key, x := range hours {
		want = append(want, fmt.Sprintf("%s: %d posts %d replies %d authors", key, x.posts, x.replies, len(x.authors)))
	}
	slices.Sort(want)
	compare(t, "hourly", db.Strings(t, `SELECT concat(community, '|', toString(day), '|', toString(hour), '|', author_role, ': ', toString(posts), ' posts ', toString(replies), ' replies ', toString(authors), ' authors') AS line
	FROM hourly WHERE posts > 0 ORDER BY line`), want)

	// Every cell opens its posts: the same numbers come out of the facts.
	compare(t, "post_topics", db.Strings(t, `SELECT concat(community, toString(day), topic, source, channel, author_role, sentiment, toString(count())) AS line FROM post_topics
	GROUP BY community, day, topic, source, channel, author_role, sentiment ORDER BY line`), db.Strings(t, `SELECT concat(community, toString(day), topic, source, channel, author_role, s.1, toString(s.2)) AS line
	FROM topic_daily ARRAY JOIN [('positive', positive), ('negative', negative), ('neutral', neutral), ('mixed', mixed)] AS s WHERE s.2 > 0 ORDER BY line`))
}

func compare(t *testing.T, what string, got, want []string) {
	t.Helper()
	if slices.Equal(got, want) {
		return
	}
	shown := 0
	for _, l := range got {
		if !slices.Contains(want, l) && shown < 5 {
			t.Errorf("%s has %q, the oracle has not", what, l)
			shown++
		}
	}
	for _, l := range want {
		if !slices.Contains(got, l) && shown < 10 {
			t.Errorf("%s lacks %q", what, l)
			shown++
		}
	}
	t.Errorf("%s: %d lines, want %d", what, len(got), len(want))
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func randomTopics(r *rand.Rand) schema.PostTopics {
	var out schema.PostTopics
	all := []string{"pricing", "pricing/plan", "pricing/plan/annual", "pricing/discount", "support", "docs/api", "search"}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	all = all[:r.IntN(5)]
	if len(all) > 0 && r.IntN(5) == 0 {
		all = append(all, all[0])
	}
	for _, id := range all {
		out.ID = append(out.ID, id)
		out.Sentiment = append(out.Sentiment, pick(r, "positive", "negative", "neutral", "mixed"))
		out.Score = append(out.Score, pick[float32](r, -1, -0.5, 0, 0.25, 1))
	}
	return out
}

// Random histories, delivered in any order, some of it twice, rolled up at random moments: every cell of every view
// equals what the oracle counts.
func TestEveryCellEqualsTheOracle(t *testing.T) {
	const seeds, batches = 3, 10
	for seed := range uint64(seeds) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			db := chtest.Open(t)
			roll := newRollup(t, db, rollup.Config{Chunk: pick(r, 1, 3, 100)})
			o := &oracle{posts: map[[2]string]*schema.PostRow{}, activity: map[[2]string]*schema.ActivityRow{}, windows: map[schema.Window]bool{}, calendar: db.Calendar}
			base := time.Date(2026, 3, 27, 10, 0, 0, 0, time.UTC)
			postedAt := map[string]time.Time{}
			offset := uint64(0)
			event := func() schema.Row {
				offset++
				community := pick(r, "default", `日本'@\"語`)
				role := pick(r, "member", "leader", "staff", "")
				author := pick(r, "", "a", "b", "c", "d")
				if r.IntN(5) == 0 {
					at := base.Add(time.Duration(r.IntN(240)) * time.Hour)
					return &schema.ActivityRow{
						Community: community, Day: db.Calendar.Day(at), EventID: fmt.Sprint(offset), Event: pick(r, "viewed", "reacted", "joined"), OccurredAt: at,
						AuthorID: author, AuthorRole: role, Count: int64(r.IntN(5)), KafkaOffset: offset,
					}
				}
				id := fmt.Sprint("post-", r.IntN(60))
				at, ok := postedAt[community+id]
				if !ok {
					at = base.Add(time.Duration(r.IntN(240*60)) * time.Minute)
					postedAt[community+id] = at
				}
				p := &schema.PostRow{
					Community: community, Day: db.Calendar.Day(at), PostID: id, SourceVersion: uint64(r.IntN(6)), KafkaOffset: offset, AnalyzerRevision: uint16(r.IntN(3)),
					PostedAt: at, OccurredAt: at, Event: "edited", Source: pick(r, "community", "sns"), Channel: pick(r, "", "qa", "雑談"),
					ReplyTo: pick(r, "", "", "x"), Rating: pick[float32](r, 0, 0, 1, 4.5), Views: uint64(r.IntN(100)), Accepted: r.IntN(4) == 0,
					Reactions: map[string]uint64{"like": uint64(r.IntN(5)), "clap": uint64(r.IntN(3))},
					AuthorID:  author, AuthorRole: role, AccountID: pick(r, "", "x", "y"), Sentiment: pick(r, "positive", "negative", "neutral", "mixed"),
					Score: pick[float32](r, -1, -0.1, 0, 0.333, 1), Topics: randomTopics(r), Intents: pick(r, nil, []string{"request"}, []string{"question", "complaint"}, []string{"praise", "praise"}),
				}
				if r.IntN(6) == 0 {
					*p = schema.PostRow{
						Community: p.Community, Day: p.Day, PostID: p.PostID, SourceVersion: p.SourceVersion, KafkaOffset: p.KafkaOffset,
						PostedAt: at, OccurredAt: at, Event: "deleted", Deleted: true,
					}
				}
				return p
			}
			var old []schema.Row
			for batch := range batches {
				var rows []schema.Row
				for range 1 + r.IntN(40) {
					rows = append(rows, event())
				}
				for range r.IntN(10) { // what was sent before is sent again
					if len(old) > 0 {
						rows = append(rows, pick(r, old...))
					}
				}
				r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
				old = append(old, rows...)
				var marks []schema.Window
				for _, row := range rows {
					switch row := row.(type) {
					case *schema.PostRow:
						o.post(row)
						marks = append(marks, schema.Window{Community: row.Community, Day: row.Day})
					case *schema.ActivityRow:
						o.act(row)
						marks = append(marks, schema.Window{Community: row.Community, Day: row.Day})
					}
				}
				db.Insert(t, rows...)
				if err := rollup.Mark(t.Context(), db.Conn, marks); err != nil {
					t.Fatal(err)
				}
				if r.IntN(3) == 0 || batch == batches-1 {
					run(t, roll)
					o.check(t, db)
				}
				if r.IntN(4) == 0 {
					db.Exec(t, "OPTIMIZE TABLE post_facts FINAL", "OPTIMIZE TABLE day_windows FINAL", "OPTIMIZE TABLE window_marks FINAL")
				}
			}
			differences, err := roll.Audit(t.Context(), base.AddDate(0, 0, -30), base.AddDate(0, 0, 30), false)
			if err != nil || len(differences) != 0 {
				t.Errorf("the audit finds %v, %v", differences, err)
			}
		})
	}
}
