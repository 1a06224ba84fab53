package sample

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"voc/ingest/event"
	schemaevent "voc/schema/event"
)

var dump = flag.String("dump", "", "write the posts of seed 1 to this file, to be read by a person")

var testEnd = time.Date(2026, 11, 16, 0, 0, 0, 0, jst)

// made keeps communities from test to test; they are immutable.
var made sync.Map

func make1(t *testing.T, seed uint64) *Community {
	t.Helper()
	if c, ok := made.Load(seed); ok {
		return c.(*Community)
	}
	c := makeAfresh(t, seed)
	made.Store(seed, c)
	return c
}

func makeAfresh(t *testing.T, seed uint64) *Community {
	t.Helper()
	c, err := New(Config{Seed: seed, End: testEnd})
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return c
}

// read decodes the created posts in order, and every other event by the strict decoder of the pipeline.
func read(t *testing.T, c *Community) (created []event.Post, others map[string]int) {
	t.Helper()
	others = map[string]int{}
	limits := event.DefaultLimits()
	limits.Now = func() time.Time { return testEnd }
	for e := range c.Events() {
		meta := event.Meta{Topic: e.Topic, Key: e.Key, Time: e.Time}
		var r *event.Reject
		switch e.Topic {
		case TopicPosts:
			var p event.Post
			if p, r = event.DecodePost(e.Value, meta, limits); r == nil {
				if string(e.Key) != p.PostID {
					t.Fatalf("key %q of post %q; want the post id", e.Key, p.PostID)
				}
				if p.Event == event.Created {
					created = append(created, p)
				}
				others["post "+string(p.Event)]++
			}
		case TopicActivity:
			var a event.Activity
			if a, r = event.DecodeActivity(e.Value, meta, limits); r == nil {
				others["activity "+a.Event]++
			}
		case TopicAccounts:
			_, r = event.DecodeAccount(e.Value, meta, limits)
			others["account"]++
		case TopicSurveys:
			var s event.Survey
			if s, r = event.DecodeSurvey(e.Value, meta, limits); r == nil {
				others["survey "+s.Metric]++
				if s.Comment != "" {
					others["comment"]++
				}
			}
		default:
			t.Fatalf("event of topic %q", e.Topic)
		}
		if r != nil {
			t.Fatalf("%s refused: %v\n%s", e.Topic, r, e.Value)
		}
	}
	return created, others
}

func TestSameSeedSameBytes(t *testing.T) {
	a, b := makeAfresh(t, 1).Fingerprint(), makeAfresh(t, 1).Fingerprint()
	if a != b {
		t.Fatal("the same seed gave other bytes")
	}
	if a == make1(t, 42).Fingerprint() {
		t.Fatal("another seed gave the same bytes")
	}
	if later, err := New(Config{Seed: 1, End: testEnd.AddDate(0, 0, 6)}); err != nil || later.Fingerprint() != a {
		t.Fatalf("an end inside of the next week must give the same weeks (%v)", err)
	}
}

func TestCountsAndVariety(t *testing.T) {
	for _, seed := range []uint64{1, 42} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			c := make1(t, seed)
			created, others := read(t, c)
			if n := len(created); n < 2400 || n > 3000 {
				t.Errorf("%d posts; want about 2600", n)
			}
			within(t, "edited share", float64(others["post edited"])/float64(len(created)), .02, .05)
			within(t, "deleted share", float64(others["post deleted"])/float64(len(created)), .005, .02)
			for _, kind := range []string{"viewed", "reacted", "accepted", "joined", "login", "point"} {
				if others["activity "+kind] == 0 {
					t.Errorf("no %s event", kind)
				}
			}
			if others["survey nps"] < 80 || others["survey csat"] < 30 || others["comment"] < 60 {
				t.Errorf("too few survey answers: %v", others)
			}
			texts, seen := map[string]bool{}, map[string]map[string]int{}
			count := func(kind, value string) {
				if seen[kind] == nil {
					seen[kind] = map[string]int{}
				}
				seen[kind][value]++
			}
			ids := map[string]bool{}
			at := map[string]time.Time{}
			for _, p := range created {
				texts[p.Body] = true
				count("role", p.Author.Role)
				count("level", p.Author.Level)
				count("source", p.Source)
				count("channel", p.Channel)
				count("author", p.Author.ID)
				count("plan", p.Attributes["plan"])
				if ids[p.PostID] {
					t.Errorf("post id %s is given twice", p.PostID)
				}
				ids[p.PostID] = true
				at[p.PostID] = p.PostedAt
				if p.ReplyTo != "" && (at[p.ReplyTo].IsZero() || at[p.ReplyTo].After(p.PostedAt) || at[p.ThreadID].IsZero()) {
					t.Errorf("post %s answers %s of thread %s before it is there", p.PostID, p.ReplyTo, p.ThreadID)
				}
				if strings.ContainsAny(p.Body+p.Title, "{}[]|") || !utf8.ValidString(p.Body) || strings.TrimSpace(p.Body) == "" {
					t.Errorf("post %s shows its template: %q", p.PostID, p.Body)
				}
				if strings.Contains(p.Body, "さんさん") || strings.Contains(p.Body, "さんさま") {
					t.Errorf("post %s names somebody twice: %q", p.PostID, p.Body)
				}
			}
			within(t, "share of distinct texts", float64(len(texts))/float64(len(created)), .9, 1)
			for kind, want := range map[string][]string{
				"role":   {"member", "leader", "staff", "partner", "outsider"},
				"level":  {"プラチナ", "ゴールド", "シルバー", "ブロンズ"},
				"source": {"community", "app_review", "chat"},
				"plan":   {PlanSmall, PlanMiddle, PlanLarge},
				"channel": {ChannelAsk, ChannelRequest, ChannelBug, ChannelStory, ChannelTalk, ChannelNews, ChannelStock,
					"自己紹介", "イベント", "コミュニティ運営", "サポートチャット"},
			} {
				for _, v := range want {
					if seen[kind][v] == 0 {
						t.Errorf("no post has the %s %s", kind, v)
					}
				}
			}
			if n := len(seen["author"]); n < 115 || n > 170 {
				t.Errorf("%d people wrote; want about 150", n)
			}
		})
	}
}

func within(t *testing.T, what string, v, low, high float64) {
	t.Helper()
	if v < low || v > high {
		t.Errorf("%s is %.3f; want %.3f to %.3f", what, v, low, high)
	}
}

// TestStories measures every hidden story in the plain posts, without any tagging.
func TestStories(t *testing.T) {
	for _, seed := range []uint64{1, 42} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			c := make1(t, seed)
			created, _ := read(t, c)
			start, _ := c.Span()
			truths := c.Truths()
			byID := map[string]event.Post{}
			week := func(p event.Post) int { return int(p.PostedAt.Sub(start)/(7*day)) + 1 }
			perWeek := func(test func(event.Post) bool) [storyWeeks + 1]int {
				var n [storyWeeks + 1]int
				for _, p := range created {
					if p.Community == Work && test(p) {
						n[week(p)]++
					}
				}
				return n
			}
			for _, p := range created {
				byID[p.PostID] = p
			}
			story := func(id StoryID) Story {
				s, ok := truths.Story(id)
				if !ok {
					t.Fatalf("no story %s", id)
				}
				for _, p := range s.Posts {
					if byID[p].PostID == "" {
						t.Fatalf("story %s names the post %q, which is not there", id, p)
					}
				}
				return s
			}
			has := func(words ...string) func(event.Post) bool {
				return func(p event.Post) bool {
					return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(p.Body, w) })
				}
			}

			price := perWeek(has("値上げ", "人分", "倍に", "10名", "１０名", "料金改定", "最低人数", "6,200円"))
			if before := max(price[4], price[5], price[6]); price[7] < 20 || price[7] < 5*max(before, 1) {
				t.Errorf("price talk per week %v; want a flare-up in week 7", price)
			}
			small, all := 0, 0
			for _, id := range story(StoryPrice).Posts {
				if p := byID[id]; truths.Acts[id] == "complaint" {
					all++
					if p.Attributes["plan"] == PlanSmall {
						small++
					}
				}
			}
			if all < 40 || float64(small) < .9*float64(all) {
				t.Errorf("%d of %d complaints about the price come from the small plan", small, all)
			}

			login := perWeek(func(p event.Post) bool {
				return p.Channel == ChannelBug && has("ログイン", "入れま", "ﾛｸﾞｲﾝ")(p)
			})
			if login[5] < 20 || login[5] < 5*max(1, login[3]) {
				t.Errorf("login reports per week %v; want a burst in week 5", login)
			}
			relief := 0
			for _, id := range story(StoryLogin).Posts {
				if truths.Acts[id] == "resolution" {
					relief++
					if w := week(byID[id]); w != 6 {
						t.Errorf("relief in week %d: %s", w, byID[id].Body)
					}
				}
			}
			if relief < 15 {
				t.Errorf("%d posts of relief; want at least 15", relief)
			}

			copies := map[string]bool{}
			for _, id := range story(StorySuccess).Posts {
				if truths.Scripts[id] == "hero-imitate" && truths.Acts[id] == "success_story" {
					copies[byID[id].Author.ID] = true
				}
			}
			if len(copies) < 10 {
				t.Errorf("%d people copied the success story; want at least 10", len(copies))
			}

			stock := perWeek(func(p event.Post) bool { return p.Channel == ChannelStock })
			if early, late := stock[3]+stock[4]+stock[5], stock[10]+stock[11]+stock[12]; early < 4*late || early < 30 {
				t.Errorf("posts per week in the stock channel %v; want it to go quiet", stock)
			}
			expert := story(StoryStock).Author
			if n := perWeek(func(p event.Post) bool { return p.Author.ID == expert }); n[8]+n[9]+n[10]+n[11]+n[12] != 0 || n[5] == 0 {
				t.Errorf("posts of the stock expert per week %v; want none from week 8", n)
			}

			export := perWeek(func(p event.Post) bool { return truths.Scripts[p.PostID] == "export" && p.ReplyTo == "" })
			if export[1]+export[2]+export[3] > 6 || export[10]+export[11]+export[12] < 18 {
				t.Errorf("export requests per week %v; want slow growth", export)
			}

			tired := story(StoryOverload).Author
			night := func(from, to int) float64 {
				n, dark := 0, 0
				for _, p := range created {
					if w := week(p); p.Author.ID == tired && p.ReplyTo != "" && w >= from && w <= to {
						n++
						if h := p.PostedAt.In(jst).Hour(); h >= 22 || h < 5 {
							dark++
						}
					}
				}
				return float64(dark) / float64(max(n, 1))
			}
			if early, late := night(1, 5), night(9, 12); late < early+.2 {
				t.Errorf("the busy leader answers at night %.2f of the time at first and %.2f at the end", early, late)
			}

			freight := perWeek(func(p event.Post) bool { return p.Attributes["industry"] == "物流" })
			var later int
			for _, n := range freight[7:] {
				later += n
			}
			if later != 0 || freight[2]+freight[3]+freight[4] < 12 {
				t.Errorf("posts of the freight companies per week %v; want silence from week 7", freight)
			}
			if n := len(story(StoryCopy).Posts); n < 15 {
				t.Errorf("%d posts in the copy campaign", n)
			}
			if n := len(story(StoryPitch).Posts); n < 10 {
				t.Errorf("%d posts about pitches", n)
			}
			if n := len(story(StoryPoints).Posts); n < 10 {
				t.Errorf("%d posts of the point hunter", n)
			}
		})
	}
}

// TestEveryKindOfTalk holds the sample to the map of the domain: each kind of tag has something to find.
func TestEveryKindOfTalk(t *testing.T) {
	n := map[string]int{}
	for _, act := range make1(t, 1).Truths().Acts {
		n[act]++
	}
	for _, act := range []string{
		"question", "answer", "resolution", "request", "idea", "complaint", "bug", "praise", "success_story", "tip", "thanks", "greeting",
		"connect", "empathy", "recommend", "churn", "upsell", "pitch", "spam", "level_question", "heard_in_community", "belonging",
		"too_high", "competitor", "meta", "rule_violation", "moderation", "vote", "new_feature", "event_feedback", "reward_driven",
		"ask_leader", "tired_answer", "pii", "announce", "opinion", "chat",
	} {
		if n[act] == 0 {
			t.Errorf("no post does %s", act)
		}
	}
}

func TestRhythm(t *testing.T) {
	created, _ := read(t, make1(t, 1))
	weekend, night, n := 0, 0, 0
	for _, p := range created {
		if p.Community != Work || p.Source != "community" {
			continue
		}
		n++
		at := p.PostedAt.In(jst)
		if at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
			weekend++
		}
		if at.Hour() < 5 {
			night++
		}
	}
	within(t, "weekend share at work", float64(weekend)/float64(n), .01, .15)
	within(t, "share between midnight and five", float64(night)/float64(n), 0, .08)
}

func TestEventsAreInOrder(t *testing.T) {
	c := make1(t, 42)
	start, end := c.Span()
	last := start
	for e := range c.Events() {
		if e.Time.Before(last) || !e.Time.Before(end) {
			t.Fatalf("event at %s after one at %s; the end is %s", e.Time, last, end)
		}
		last = e.Time
	}
}

func TestLongerCalendarKeepsTheStoriesAtItsEnd(t *testing.T) {
	c, err := New(Config{Seed: 1, End: testEnd, Weeks: 20})
	if err != nil {
		t.Fatal(err)
	}
	s, _ := c.Truths().Story(StoryPrice)
	if want := testEnd.AddDate(0, 0, -7*6); !s.From.Equal(want) {
		t.Errorf("the price story begins at %s; want %s", s.From, want)
	}
	if created, _ := read(t, c); len(created) < 3500 {
		t.Errorf("%d posts in 20 weeks", len(created))
	}
}

func TestConfigErrors(t *testing.T) {
	for name, cfg := range map[string]Config{"sample weeks": {End: testEnd, Weeks: 3}, "sample end": {}} {
		if _, err := New(cfg); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%+v: error %v; want one about %s", cfg, err, name)
		}
	}
}

func TestDefaultEnd(t *testing.T) {
	for now, want := range map[string]string{
		"2026-11-16T00:00:00+09:00": "2026-11-16T00:00:00+09:00",
		"2026-11-15T14:59:59Z":      "2026-11-09T00:00:00+09:00",
		"2026-11-15T15:00:00Z":      "2026-11-16T00:00:00+09:00",
		"2026-11-21T20:00:00+09:00": "2026-11-16T00:00:00+09:00",
	} {
		n, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := DefaultEnd(n).Format(time.RFC3339); got != want {
			t.Errorf("DefaultEnd(%s) = %s; want %s", now, got, want)
		}
	}
}

// TestMaterialIsUsed finds texts that nothing can ever reach.
func TestMaterialIsUsed(t *testing.T) {
	lib, err := loadLibrary()
	if err != nil {
		t.Fatal(err)
	}
	wordings := 0
	for _, id := range lib.order {
		s := lib.scripts[id]
		for _, st := range s.steps {
			for _, x := range st.texts {
				wordings += x.wordings()
				var reach bool
				for _, o := range s.open {
					ctx, _ := o.follow(0)
					if _, ok := x.follow(ctx); ok {
						reach = true
					}
					for _, other := range s.steps {
						for _, y := range other.texts {
							if c, ok := y.follow(ctx); ok && other != st {
								if _, ok := x.follow(c); ok {
									reach = true
								}
							}
						}
					}
				}
				if !reach {
					t.Errorf("script %s: no reply can ever read %q", id, x.render(anyDraw(), nil))
				}
			}
		}
		for _, x := range s.open {
			wordings += x.wordings()
		}
	}
	if wordings < 2500 {
		t.Errorf("the material gives %d wordings; want thousands", wordings)
	}
	t.Logf("%d scripts and pools, %d wordings without slots", len(lib.order), wordings)
}

// TestDumpForReaders writes what a person should read, when asked to.
func TestDumpForReaders(t *testing.T) {
	c := make1(t, 1)
	var b bytes.Buffer
	truths := c.Truths()
	for e := range c.Events() {
		if e.Topic != TopicPosts {
			continue
		}
		var p event.Post
		if err := json.Unmarshal(e.Value, &p); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%q\t%q\n", p.PostID, p.Event, p.ThreadID, p.ReplyTo, p.PostedAt.Format("01-02 15:04"),
			p.Channel, p.Author.Role, truths.Scripts[p.PostID], truths.Acts[p.PostID], p.Title, p.Body)
	}
	if *dump != "" {
		if err := os.WriteFile(*dump, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestEventsFitTheSchemas holds the events to the JSON Schemas that producers are given.
func TestEventsFitTheSchemas(t *testing.T) {
	schemas := map[string]*jsonschema.Schema{}
	for topic, name := range map[string]string{TopicPosts: "post", TopicActivity: "activity", TopicAccounts: "account", TopicSurveys: "survey"} {
		raw, err := schemaevent.Schema(name)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		c := jsonschema.NewCompiler()
		c.AssertFormat()
		if err := c.AddResource(name, doc); err != nil {
			t.Fatal(err)
		}
		if schemas[topic], err = c.Compile(name); err != nil {
			t.Fatal(err)
		}
	}
	for e := range make1(t, 1).Events() {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(e.Value))
		if err != nil {
			t.Fatal(err)
		}
		if err := schemas[e.Topic].Validate(v); err != nil {
			t.Fatalf("%s %s: %v", e.Topic, e.Value, err)
		}
	}
}

// People read when they are awake, and at work mostly on weekdays.
func TestReadingHasARhythm(t *testing.T) {
	c := make1(t, 1)
	limits := event.DefaultLimits()
	limits.Now = func() time.Time { return testEnd }
	var all, night, weekend float64
	for e := range c.Events() {
		if e.Topic != TopicActivity {
			continue
		}
		a, r := event.DecodeActivity(e.Value, event.Meta{Topic: e.Topic, Key: e.Key, Time: e.Time}, limits)
		if r != nil {
			t.Fatal(r)
		}
		if a.Event != "viewed" || a.Community != Work {
			continue
		}
		all++
		if h := e.Time.Hour(); h >= 1 && h < 5 {
			night++
		}
		if d := e.Time.Weekday(); d == time.Saturday || d == time.Sunday {
			weekend++
		}
	}
	within(t, "share of the night", night/all, 0, .02)
	within(t, "share of the weekend", weekend/all, .01, .24)
}
