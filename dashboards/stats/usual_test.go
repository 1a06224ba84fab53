package stats

import (
	"fmt"
	"testing"
	"time"
)

// every makes one post an hour on a topic from monday on, for some days; the number of posts at an hour can be changed.
func every(days int, posts func(hour time.Time) int) []Mention {
	var out []Mention
	for h := range days * 24 {
		at := monday.Add(time.Duration(h) * time.Hour)
		for i := range posts(at) {
			out = append(out, Mention{fmt.Sprintf("p%05d-%03d", h, i), fmt.Sprint("m", i), at.Add(time.Minute), []string{"topic"}})
		}
	}
	return out
}

func usualAt(t *testing.T, ms []Mention, at time.Time) forecast {
	t.Helper()
	d, err := NewDetector(DefaultAlertConfig())
	if err != nil {
		t.Fatal(err)
	}
	tl, err := TimelineOf(tokyo, monday, ms)
	if err != nil {
		t.Fatal(err)
	}
	return d.usual(tl, at, 3*time.Hour).expected("topic")
}

// With one post an hour, three hours usually hold three posts, which rest on 8 windows and on what the daily rhythm
// says for two more: 30 posts.
func TestUsual(t *testing.T) {
	at := monday.AddDate(0, 0, 70).Add(15 * time.Hour)
	steady := usualAt(t, every(71, func(time.Time) int { return 1 }), at)
	near(t, "mean", steady.mean, 3, 1e-9)
	near(t, "seen", steady.seen, 30, 1e-9)
	night := usualAt(t, every(71, func(time.Time) int { return 1 }), monday.AddDate(0, 0, 70).Add(time.Hour))
	near(t, "mean over midnight", night.mean, 3, 1e-9)
	near(t, "seen over midnight", night.seen, 30, 1e-9)
}

// Activity that doubled eight days ago is usual by now, though seven of the eight weeks had half of it.
func TestUsualFollowsTheLevel(t *testing.T) {
	at := monday.AddDate(0, 0, 70).Add(15 * time.Hour)
	doubled := usualAt(t, every(71, func(h time.Time) int {
		if h.After(at.AddDate(0, 0, -8)) {
			return 2
		}
		return 1
	}), at)
	if doubled.mean < 5 || doubled.mean > 6.5 {
		t.Errorf("after a week at six posts %.2f are usual, want 5 to 6.5", doubled.mean)
	}
}

// One outburst of 60 posts at the same time of an earlier week hardly changes what is usual.
func TestUsualForgetsOutbursts(t *testing.T) {
	at := monday.AddDate(0, 0, 70).Add(15 * time.Hour)
	burst := at.AddDate(0, 0, -21).Add(-2 * time.Hour)
	f := usualAt(t, every(71, func(h time.Time) int {
		if h.Equal(burst) {
			return 60
		}
		return 1
	}), at)
	if f.mean > 4 {
		t.Errorf("after one outburst %.2f posts are usual, want about 3", f.mean)
	}
}

// Each of the two guards alone keeps few people from raising an alert.
func TestAlertFewAuthors(t *testing.T) {
	at := monday.AddDate(0, 0, 70).Add(15 * time.Hour)
	quiet := every(70, func(time.Time) int { return 1 })
	loud := func(authors func(i int) int) (ms []Mention) {
		for i := range 30 {
			ms = append(ms, Mention{fmt.Sprintf("x%02d", i), fmt.Sprint("guest", authors(i)), at.Add(-time.Duration(i) * time.Minute), []string{"pricing"}})
		}
		return append(ms, quiet...)
	}
	unlimited := DefaultAlertConfig()
	unlimited.PerAuthor = 30
	for name, c := range map[string]struct {
		cfg     AlertConfig
		authors func(i int) int
		want    AlertKind
	}{
		"four authors, every post counts":           {unlimited, func(i int) int { return i % 4 }, Note},
		"five authors, every post counts":           {unlimited, func(i int) int { return i % 5 }, Spike},
		"eight authors, one of them with 23 posts":  {DefaultAlertConfig(), func(i int) int { return max(0, i-22) }, Note},
		"fifteen authors with two posts each":       {DefaultAlertConfig(), func(i int) int { return i / 2 }, Spike},
		"twenty authors, one of them with 11 posts": {DefaultAlertConfig(), func(i int) int { return max(0, i-10) }, Spike},
	} {
		found := rehearse(t, c.cfg, loud(c.authors), at, at, time.Minute)
		if len(found) != 1 || found[0].Kind != c.want {
			t.Errorf("%s: %+v, want one %s", name, found, c.want)
		}
	}
}

// A cause is known again by its topic, by the topics of its posts, or by the posts themselves.
func TestSameCause(t *testing.T) {
	d, err := NewDetector(DefaultAlertConfig())
	if err != nil {
		t.Fatal(err)
	}
	window := []Mention{
		{PostID: "1", Topics: []string{"plan", "pricing"}}, {PostID: "2", Topics: []string{"plan", "pricing"}},
		{PostID: "3", Topics: []string{"plan"}}, {PostID: "4", Topics: []string{"plan"}}, {PostID: "5", Topics: []string{"plan"}},
	}
	plan := func(ids ...string) Alert { return Alert{Kind: Spike, Topics: []string{"plan"}, PostIDs: ids} }
	for name, c := range map[string]struct {
		recent, now Alert
		want        bool
	}{
		"same topic, other posts":        {Alert{Kind: Spike, Topics: []string{"x", "plan"}}, plan("3"), true},
		"half of the posts bear a topic": {Alert{Kind: Spike, Topics: []string{"pricing"}}, plan("1", "2", "3", "4"), true},
		"two of five do":                 {Alert{Kind: Spike, Topics: []string{"pricing"}}, plan("1", "2", "3", "4", "5"), false},
		"the posts were told":            {Alert{Kind: Spike, Topics: []string{"x"}, PostIDs: []string{"3", "4"}}, plan("3", "4", "5"), true},
		"all posts were told":            {Alert{Kind: Spike, Topics: []string{AllTopics}}, plan("5"), true},
		"a note does not hide an alert":  {Alert{Kind: Note, Topics: []string{"plan"}}, plan("3"), false},
	} {
		if got := d.sameCause(c.recent, c.now, window); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
