package stats

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"
)

var (
	tokyo  = time.FixedZone("Asia/Tokyo", 9*3600)
	monday = time.Date(2026, 1, 5, 0, 0, 0, 0, tokyo)
)

// rhythm is how busy an hour of the week is: quiet nights, working hours, and a peak on Monday morning.
func rhythm(t time.Time) float64 {
	h := t.Hour()
	x := 0.2
	if h >= 8 && h < 23 {
		x = 1
	}
	switch {
	case t.Weekday() == time.Saturday || t.Weekday() == time.Sunday:
		x *= 0.6
	case t.Weekday() == time.Monday && h >= 9 && h < 11:
		x *= 5
	}
	return x
}

// quiet makes weeks of a community of 30 topics and about 200 posts a day in which nothing happens: hours differ by a
// gamma shock of 30%, a post draws replies under the same topic within two hours, authors write unequally often.
func quiet(r *rand.Rand, weeks int) []Mention {
	var out []Mention
	id := 0
	for hour := range weeks * 168 {
		start := monday.Add(time.Duration(hour) * time.Hour)
		rate := 8.5 * rhythm(start) * distuv.Gamma{Alpha: 11, Beta: 11, Src: r}.Rand()
		for range poisson(r, rate) {
			at := start.Add(time.Duration(r.IntN(3600)) * time.Second)
			topics := []string{fmt.Sprintf("topic%02d", int(30*r.Float64()*r.Float64()))}
			if r.Float64() < 0.3 {
				topics = append(topics, fmt.Sprintf("topic%02d", r.IntN(30)))
			}
			for first := true; first || r.Float64() < 0.3; first = false {
				id++
				out = append(out, Mention{fmt.Sprintf("q%06d", id), fmt.Sprint("member", int(800*r.Float64()*r.Float64())), at, topics})
				at = at.Add(time.Duration(r.IntN(7200)) * time.Second)
			}
		}
	}
	return out
}

// burst adds posts by authors spread over three hours.
func burst(r *rand.Rand, start time.Time, posts, authors int, topics ...string) []Mention {
	out := make([]Mention, posts)
	for i := range out {
		at := start.Add(time.Duration(i)*3*time.Hour/time.Duration(posts) + time.Duration(r.IntN(60))*time.Second)
		out[i] = Mention{fmt.Sprintf("burst%03d", i), fmt.Sprint("guest", i%authors), at, topics}
	}
	return out
}

func rehearse(t *testing.T, cfg AlertConfig, ms []Mention, from, to time.Time, step time.Duration) []Alert {
	t.Helper()
	d, err := NewDetector(cfg)
	if err != nil {
		t.Fatal(err)
	}
	tl, err := TimelineOf(tokyo, monday, ms)
	if err != nil {
		t.Fatal(err)
	}
	return d.Rehearse(tl, from, to, step)
}

// about splits the findings into those that name a topic and the false alarms beside them.
func about(alerts []Alert, topic string) (named, others []Alert) {
	for _, a := range alerts {
		if slices.Contains(a.Topics, topic) {
			named = append(named, a)
		} else {
			others = append(others, a)
		}
	}
	return named, others
}

// F24: a burst of 30 posts on pricing by 20 authors within 3 hours raises exactly one alert, whatever the hour.
func TestAlertBurst(t *testing.T) {
	extra := 0
	for seed := range uint64(20) {
		r := rng(400 + seed)
		start := monday.AddDate(0, 0, 63+r.IntN(7)).Add(time.Duration(r.IntN(24)) * time.Hour)
		ms := append(quiet(r, 11), burst(r, start, 30, 20, "pricing", "pricing/plan")...)
		alerts, others := about(rehearse(t, DefaultAlertConfig(), ms, start.AddDate(0, 0, -1), start.AddDate(0, 0, 1), 5*time.Minute), "pricing")
		extra += len(others)
		if len(alerts) != 1 {
			t.Errorf("seed %d: %d findings, want one: %+v", seed, len(alerts), alerts)
			continue
		}
		a := alerts[0]
		if a.Kind != Spike || !slices.Equal(a.Topics, []string{"pricing", "pricing/plan"}) || a.Authors < 5 {
			t.Errorf("seed %d: found %+v", seed, a)
		}
		// The tenth post comes after 54 minutes; the step after that one tells.
		if late := a.At.Sub(start); late > 60*time.Minute || late < 30*time.Minute {
			t.Errorf("seed %d: told %v after the start", seed, late)
		}
		if len(a.PostIDs) < 10 || !strings.HasPrefix(a.PostIDs[0], "burst") {
			t.Errorf("seed %d: posts %v", seed, a.PostIDs)
		}
	}
	t.Logf("%d false alarms beside 20 bursts in 6 weeks", extra)
	if extra > 2 {
		t.Errorf("%d alerts about something else", extra)
	}
}

// F24: on a topic that is talked about anyway the same burst is found too.
func TestAlertBurstOnBusyTopic(t *testing.T) {
	found := 0
	const seeds = 20
	for seed := range uint64(seeds) {
		r := rng(450 + seed)
		start := monday.AddDate(0, 0, 65).Add(14 * time.Hour)
		ms := append(quiet(r, 11), burst(r, start, 30, 20, "topic03")...)
		alerts, _ := about(rehearse(t, DefaultAlertConfig(), ms, start.AddDate(0, 0, -1), start.AddDate(0, 0, 1), 5*time.Minute), "topic03")
		if len(alerts) == 1 {
			found++
		}
		if len(alerts) > 1 {
			t.Errorf("seed %d: %d alerts: %+v", seed, len(alerts), alerts)
		}
	}
	t.Logf("burst on a topic with about 2 posts in 3 hours found in %d of %d", found, seeds)
	if found < seeds*9/10 {
		t.Errorf("found in %d of %d", found, seeds)
	}
}

// F24: 30 posts by one author are a note, not an alert.
func TestAlertSingleAuthor(t *testing.T) {
	for seed := range uint64(10) {
		r := rng(500 + seed)
		start := monday.AddDate(0, 0, 64).Add(time.Duration(r.IntN(24)) * time.Hour)
		ms := append(quiet(r, 11), burst(r, start, 30, 1, "pricing")...)
		alerts, _ := about(rehearse(t, DefaultAlertConfig(), ms, start.AddDate(0, 0, -1), start.AddDate(0, 0, 1), 5*time.Minute), "pricing")
		if len(alerts) != 1 || alerts[0].Kind != Note {
			t.Errorf("seed %d: %+v, want one note", seed, alerts)
			continue
		}
		if a := alerts[0]; a.Loudest != "guest0" || a.Top.Value() != 1 {
			t.Errorf("seed %d: loudest %s with %v", seed, a.Loudest, a.Top)
		}
	}
}

// F24: the peak of Monday morning, five times the usual, raises nothing; without its weekday it would.
func TestAlertMondayPeak(t *testing.T) {
	mondays, others := 0, 0
	for seed := range uint64(10) {
		ms := quiet(rng(600+seed), 12)
		from := monday.AddDate(0, 0, 63)
		for week := range 3 {
			at := from.AddDate(0, 0, 7*week)
			for _, a := range rehearse(t, DefaultAlertConfig(), ms, at.Add(8*time.Hour), at.Add(15*time.Hour), 5*time.Minute) {
				if a.Kind != Drop { // chance may silence a topic on a Monday as on any day
					mondays++
					t.Logf("a usual Monday raises %+v", a)
				}
			}
		}
		// The same posts with past Mondays cut out: the peak is seen for the first time.
		var flatPast []Mention
		for _, m := range ms {
			if m.At.Weekday() != time.Monday || m.At.After(from) || m.At.Hour() > 11 || m.At.Hour() < 8 || m.PostID[6] == '0' || m.PostID[6] == '1' {
				flatPast = append(flatPast, m)
			}
		}
		others += len(rehearse(t, DefaultAlertConfig(), flatPast, from.Add(8*time.Hour), from.Add(15*time.Hour), 5*time.Minute))
	}
	if mondays > 0 {
		t.Errorf("%d alerts on 30 usual Monday mornings, want none", mondays)
	}
	if others < 5 {
		t.Errorf("%d alerts on 10 unusual Monday mornings: the peak proves nothing", others)
	}
}

// False alarms on 60 quiet weeks, judged every 10 minutes. The rate asked for is 0.05 a week.
func TestAlertFalseAlarms(t *testing.T) {
	weeks, alerts, notes, drops := 0, 0, 0, 0
	for seed := range uint64(4) {
		ms := quiet(rng(700+seed), 24)
		for _, a := range rehearse(t, DefaultAlertConfig(), ms, monday.AddDate(0, 0, 63), monday.AddDate(0, 0, 168), 10*time.Minute) {
			switch a.Kind {
			case Spike:
				alerts++
			case Drop:
				drops++
			default:
				notes++
			}
		}
		weeks += 15
	}
	t.Logf("%d quiet weeks: %d spikes, %d drops, %d notes: %.3f false alarms a week", weeks, alerts, drops, notes, float64(alerts+drops)/float64(weeks))
	if alerts+drops > weeks/10 {
		t.Errorf("%d false alarms in %d quiet weeks, want at most %d", alerts+drops, weeks, weeks/10)
	}
}

// A community that falls silent on a working day raises one drop; a national holiday that is on the list does not.
func TestAlertDrop(t *testing.T) {
	silentDay := func(ms []Mention, day time.Time, keep int) []Mention {
		var out []Mention
		for i, m := range ms {
			if m.At.Before(day) || !m.At.Before(day.AddDate(0, 0, 1)) || i%100 < keep {
				out = append(out, m)
			}
		}
		return out
	}
	wednesday := monday.AddDate(0, 0, 65)
	ms := quiet(rng(800), 11)
	from, to := wednesday.AddDate(0, 0, -1), wednesday.AddDate(0, 0, 3)
	alerts, _ := about(rehearse(t, DefaultAlertConfig(), silentDay(ms, wednesday, 5), from, to, 15*time.Minute), AllTopics)
	if len(alerts) != 1 || alerts[0].Kind != Drop || alerts[0].Topics[0] != AllTopics {
		t.Fatalf("a silent Wednesday raises %+v", alerts)
	}
	if late := alerts[0].At.Sub(wednesday); late > 24*time.Hour {
		t.Errorf("silence told after %v", late)
	}
	cfg := DefaultAlertConfig()
	cfg.Holidays = []string{wednesday.Format(time.DateOnly)}
	listed := rehearse(t, cfg, silentDay(ms, wednesday, 45), from, to, 15*time.Minute)
	unlisted := rehearse(t, DefaultAlertConfig(), silentDay(ms, wednesday, 45), from, to, 15*time.Minute)
	if drops, _ := about(listed, AllTopics); len(drops) != 0 {
		t.Errorf("a holiday as quiet as a Sunday raises %+v", drops)
	}
	if drops, _ := about(unlisted, AllTopics); len(drops) != 1 {
		t.Errorf("the same day, unlisted, raises %d drops, want one", len(drops))
	}
}

// What is said at a moment does not change with what comes after it, nor with the order of the posts.
func TestAlertPure(t *testing.T) {
	r := rng(900)
	start := monday.AddDate(0, 0, 65).Add(10 * time.Hour)
	ms := append(quiet(r, 11), burst(r, start, 30, 20, "pricing")...)
	ms = append(ms, burst(r, start.Add(30*time.Hour), 60, 40, "later")...)
	d, err := NewDetector(DefaultAlertConfig())
	if err != nil {
		t.Fatal(err)
	}
	whole, err := TimelineOf(tokyo, monday, ms)
	if err != nil {
		t.Fatal(err)
	}
	var past []Alert
	for at := start; at.Before(start.Add(4 * time.Hour)); at = at.Add(20 * time.Minute) {
		var until []Mention
		for _, m := range ms {
			if !m.At.After(at) {
				until = append(until, m)
			}
		}
		r.Shuffle(len(until), func(i, j int) { until[i], until[j] = until[j], until[i] })
		cutoff, err := TimelineOf(tokyo, monday, until)
		if err != nil {
			t.Fatal(err)
		}
		live, rehearsed := d.Detect(cutoff, at, past), d.Detect(whole, at, past)
		if fmt.Sprint(live) != fmt.Sprint(rehearsed) {
			t.Fatalf("at %v live says %v, the rehearsal %v", at, live, rehearsed)
		}
		past = append(past, live...)
	}
	if len(past) != 1 {
		t.Errorf("%d alerts, want one", len(past))
	}
	if early := d.Detect(whole, monday.AddDate(0, 0, 20), nil); early != nil {
		t.Errorf("with less than three weeks of history: %v", early)
	}
}

// Two unrelated bursts at the same time are two alerts; a burst without a tag is told of all posts.
func TestAlertCauses(t *testing.T) {
	r := rng(1000)
	start := monday.AddDate(0, 0, 65).Add(10 * time.Hour)
	base := quiet(r, 11)
	other := burst(r, start, 40, 25, "outage")
	for i := range other {
		other[i].PostID = "other" + other[i].PostID
	}
	two := rehearse(t, DefaultAlertConfig(), append(append(slices.Clone(base), burst(r, start, 30, 20, "pricing")...), other...), start, start.AddDate(0, 0, 1), 5*time.Minute)
	topics := []string{}
	for _, a := range two {
		topics = append(topics, a.Topics...)
	}
	slices.Sort(topics)
	if !slices.Equal(topics, []string{"outage", "pricing"}) || len(two) != 2 {
		t.Errorf("two causes give %+v", two)
	}
	untagged := rehearse(t, DefaultAlertConfig(), append(slices.Clone(base), burst(r, start, 150, 90)...), start, start.AddDate(0, 0, 1), 5*time.Minute)
	if len(untagged) != 1 || untagged[0].Topics[0] != AllTopics {
		t.Errorf("150 untagged posts give %+v", untagged)
	}
	// After the cool-down the same topic may be told again.
	again := burst(r, start.AddDate(0, 0, 1), 30, 20, "pricing")
	for i := range again {
		again[i].PostID = "again" + again[i].PostID
	}
	if n := len(rehearse(t, DefaultAlertConfig(), slices.Concat(base, burst(r, start, 30, 20, "pricing"), again), start, start.AddDate(0, 0, 2), 5*time.Minute)); n != 2 {
		t.Errorf("two bursts a day apart give %d alerts", n)
	}
}

func TestForecastTails(t *testing.T) {
	// Poisson with mean 2: P(≥ 3) = 1 − 5e⁻² = 0.32332, P(≤ 1) = 3e⁻² = 0.40601.
	f := forecast{mean: 2, seen: 1e18}
	plain := spread{linear: 1}
	near(t, "upper", f.upper(3, plain), 0.32332, 1e-5)
	near(t, "lower", f.lower(1, plain), 0.40601, 1e-5)
	// Size 2 and mean 2 (variance 4 = 2·2 = 2 + 0.5·2²): p = 1/2, probabilities 1/4 1/4 3/16 …
	near(t, "negative binomial upper", f.upper(2, spread{linear: 2}), 0.5, 1e-9)
	near(t, "negative binomial lower", f.lower(1, spread{linear: 2}), 0.5, 1e-9)
	near(t, "square spread", f.lower(1, spread{1, 0.5}), 0.5, 1e-9)
	// Doubt about a mean that rests on 2 posts: the same variance comes from mean²/seen.
	near(t, "doubt", forecast{mean: 2, seen: 2}.upper(2, plain), 0.5, 1e-9)
	near(t, "none", f.upper(0, plain), 1, 0)
	near(t, "nothing usual", forecast{}.lower(0, plain), 1, 0)
}

func TestTamed(t *testing.T) {
	// Median 2, MAD 1·1.4826, more than sqrt(2): the reach is 3·1.4826.
	got := tamed([]float64{2, 1, 3, 2, 50}, 3)
	near(t, "outburst", got[4], 2+3*1.4826, 1e-9)
	near(t, "usual", got[1], 1, 0)
}

func TestAlertText(t *testing.T) {
	name := func(id string) string { return map[string]string{"pricing": "料金"}[id] }
	a := Alert{Kind: Spike, At: monday.Add(3 * time.Hour), From: monday, Topics: []string{"pricing"}, Posts: 1030, Authors: 20, Expected: 2.14}
	for want, a := range map[string]Alert{
		"「料金」が3時間で1,030件、20人から投稿されています(通常は2.1件)。":  a,
		"「料金」が3時間で1,030件ありますが、投稿者は20人です(通常は2.1件)。": func() Alert { b := a; b.Kind = Note; return b }(),
		"投稿全体が1.5時間で3件に減りました(通常は2.1件)。": func() Alert {
			b := a
			b.Kind, b.Topics, b.Posts, b.At = Drop, []string{AllTopics}, 3, monday.Add(90*time.Minute)
			return b
		}(),
	} {
		if got := a.Text(name); got != want {
			t.Errorf("text %q, want %q", got, want)
		}
	}
}

func TestAlertConfigValidate(t *testing.T) {
	if err := DefaultAlertConfig().Validate(); err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(*AlertConfig){
		"alert_window":       func(c *AlertConfig) { c.Window = time.Minute },
		"alert_drop_window":  func(c *AlertConfig) { c.DropWindow = 48 * time.Hour },
		"alert_weeks":        func(c *AlertConfig) { c.Weeks = 1; c.MinWeeks = 2 },
		"alert_min_weeks":    func(c *AlertConfig) { c.MinWeeks = 9 },
		"alert_min_posts":    func(c *AlertConfig) { c.MinPosts = 0 },
		"alert_min_authors":  func(c *AlertConfig) { c.MinAuthors = 0 },
		"alert_per_author":   func(c *AlertConfig) { c.PerAuthor = 0 },
		"alert_min_ratio":    func(c *AlertConfig) { c.MinRatio = 0.5 },
		"alert_min_usual":    func(c *AlertConfig) { c.MinUsual = 0 },
		"alert_drop_ratio":   func(c *AlertConfig) { c.DropRatio = 1 },
		"alert_false_alarms": func(c *AlertConfig) { c.FalseAlarms = 0 },
		"alert_cool_down":    func(c *AlertConfig) { c.CoolDown = time.Hour },
		"alert_same_cause":   func(c *AlertConfig) { c.SameCause = 0 },
		"alert_holidays":     func(c *AlertConfig) { c.Holidays = []string{"23.11.2026"} },
	} {
		cfg := DefaultAlertConfig()
		spoil(&cfg)
		err := cfg.Validate()
		if err == nil || !strings.Contains(err.Error(), want+" ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("error %v, want one that names %s alone", err, want)
		}
	}
}

func TestTimelineRefuses(t *testing.T) {
	early := monday.Add(-time.Hour)
	if _, err := NewTimeline(tokyo, monday, []HourCell{{"a", early, 1}}, nil); err == nil || !strings.Contains(err.Error(), "before the start") {
		t.Errorf("error %v for an early cell", err)
	}
	if _, err := TimelineOf(tokyo, monday, []Mention{{"p", "a", early, nil}}); err == nil || !strings.Contains(err.Error(), "before the start") {
		t.Errorf("error %v for an early post", err)
	}
	tl, err := NewTimeline(tokyo, monday, []HourCell{{"a", monday, 6}, {"a", monday.Add(time.Hour), 2}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "half of the first and a quarter of the second hour", tl.count("a", monday.Add(30*time.Minute), monday.Add(75*time.Minute)), 3.5, 1e-9)
	near(t, "beyond the end", tl.count("a", monday, monday.AddDate(1, 0, 0)), 8, 0)
	if c := cmp.Compare(tl.count("b", monday, monday.Add(time.Hour)), 0); c != 0 {
		t.Error("an unknown topic has posts")
	}
}
