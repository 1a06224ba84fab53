package stats

import (
	"cmp"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat"
)

// Detector finds spikes and drops. It holds rules only: what it says at a moment depends on the history until that
// moment and on the alerts raised before, so a rehearsal over old data says what the live run would have said.
type Detector struct {
	cfg      AlertConfig
	holidays map[string]bool
}

// NewDetector checks the rules.
func NewDetector(cfg AlertConfig) (*Detector, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	d := &Detector{cfg: cfg, holidays: map[string]bool{}}
	for _, h := range cfg.Holidays {
		d.holidays[h] = true
	}
	return d, nil
}

// Rehearse judges every step from from to to (inclusive), each with the alerts of the steps before.
func (d *Detector) Rehearse(tl *Timeline, from, to time.Time, step time.Duration) []Alert {
	var all []Alert
	for t := from; !t.After(to) && step > 0; t = t.Add(step) {
		all = append(all, d.Detect(tl, t, all)...)
	}
	return all
}

// Detect judges the moment t. past are the alerts and notes raised before, at least those of the cool-down, and those
// another detector raised at t; later ones are left out. Posts after t and cells of hours that end after t have no influence. Before MinWeeks of history
// nothing is said.
func (d *Detector) Detect(tl *Timeline, t time.Time, past []Alert) []Alert {
	t = t.In(tl.zone)
	if t.AddDate(0, 0, -7*d.cfg.MinWeeks).Add(-max(d.cfg.Window, d.cfg.DropWindow)).Before(tl.start) {
		return nil
	}
	recent := past[:0:0]
	for _, a := range past {
		if !a.At.After(t) && t.Sub(a.At) < d.rest(a.Kind) {
			recent = append(recent, a)
		}
	}
	found := d.spikes(tl, t, recent)
	if drop, ok := d.drop(tl, t, recent); ok {
		found = append(found, drop)
	}
	return found
}

// rest is how long a cause is not told again. A silence stays visible for as long as its window is.
func (d *Detector) rest(kind AlertKind) time.Duration {
	if kind == Drop {
		return d.cfg.CoolDown + d.cfg.DropWindow
	}
	return d.cfg.CoolDown
}

// candidate is one topic that stands out.
type candidate struct {
	alert Alert
	posts map[string]bool
}

func (d *Detector) spikes(tl *Timeline, t time.Time, recent []Alert) []Alert {
	from := t.Add(-d.cfg.Window)
	posts := tl.posts(from, t)
	byTopic := map[string][]Mention{}
	for _, m := range posts {
		for _, topic := range m.Topics {
			byTopic[topic] = append(byTopic[topic], m)
		}
	}
	var usual *usualness
	var found []candidate
	consider := func(topic string, ms []Mention) {
		if uint64(len(ms)) < d.cfg.MinPosts {
			return
		}
		if usual == nil {
			usual = d.usual(tl, t, d.cfg.Window)
		}
		if c, ok := d.spike(usual, topic, ms); ok {
			found = append(found, c)
		}
	}
	for _, topic := range tl.topics {
		consider(topic, byTopic[topic])
	}
	// The total is lifted by any topic, so it speaks only when no topic does or did.
	if len(found) == 0 && !slices.ContainsFunc(recent, func(a Alert) bool { return a.Kind != Drop }) {
		consider(AllTopics, posts)
	}
	var alerts []Alert
	for _, a := range d.causes(found, posts) {
		if !slices.ContainsFunc(recent, func(r Alert) bool { return d.sameCause(r, a, posts) }) {
			alerts = append(alerts, a)
		}
	}
	return alerts
}

// spike judges one topic by its posts in the window, first with every author's posts up to PerAuthor, then with all.
func (d *Detector) spike(u *usualness, topic string, ms []Mention) (candidate, bool) {
	expected := u.expected(topic)
	if float64(len(ms)) < d.cfg.MinRatio*expected.mean {
		return candidate{}, false
	}
	perAuthor := map[string]uint64{}
	c := candidate{posts: make(map[string]bool, len(ms))}
	for _, m := range ms {
		perAuthor[m.Author]++
		c.posts[m.PostID] = true
	}
	var capped uint64
	a := Alert{Kind: Spike, At: u.t, From: u.t.Add(-u.window), Topics: []string{topic}, Posts: uint64(len(ms)), Authors: uint64(len(perAuthor)), Expected: expected.mean}
	for author, n := range perAuthor {
		capped += min(n, d.cfg.PerAuthor)
		if n > a.Top.Hits || n == a.Top.Hits && author < a.Loudest {
			a.Loudest, a.Top = author, Share{n, uint64(len(ms))}
		}
	}
	limit := u.limit()
	// The spread can only make a count more ordinary.
	if expected.upper(a.Posts, spread{linear: 1}) > limit {
		return candidate{}, false
	}
	scatter := u.spread(topic)
	a.P = expected.upper(capped, scatter)
	if a.P > limit || a.Authors < d.cfg.MinAuthors || capped < d.cfg.MinPosts || float64(capped) < d.cfg.MinRatio*expected.mean {
		a.Kind, a.P = Note, expected.upper(a.Posts, scatter)
		// Few people stand behind a note; many people of whom one wrote a post too many are just chance.
		few := a.Authors < d.cfg.MinAuthors || 2*capped <= a.Posts
		if a.P > limit || !few {
			return candidate{}, false
		}
	}
	c.alert = a
	return c, true
}

// causes merges topics that share most of their posts, within each kind.
func (d *Detector) causes(found []candidate, window []Mention) []Alert {
	surplus := func(a Alert) float64 { return float64(a.Posts) - a.Expected }
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(surplus(b.alert), surplus(a.alert)), cmp.Compare(a.alert.Topics[0], b.alert.Topics[0]))
	})
	groups := newDisjoint(len(found))
	for i := range found {
		for j := range i {
			if found[i].alert.Kind != found[j].alert.Kind {
				continue
			}
			common := 0
			for id := range found[i].posts {
				if found[j].posts[id] {
					common++
				}
			}
			if float64(common) >= d.cfg.SameCause*float64(min(len(found[i].posts), len(found[j].posts))) {
				groups.union(i, j)
			}
		}
	}
	var alerts []Alert
	for i := range found {
		if groups.find(i) != i {
			continue
		}
		a := found[i].alert // the root is the smallest index, the largest surplus
		a.Topics = nil
		ids := map[string]bool{}
		for j := range found {
			if groups.find(j) == i {
				a.Topics = append(a.Topics, found[j].alert.Topics[0])
				for id := range found[j].posts {
					ids[id] = true
				}
			}
		}
		for _, m := range window {
			if ids[m.PostID] {
				a.PostIDs = append(a.PostIDs, m.PostID)
			}
		}
		alerts = append(alerts, a)
	}
	return alerts
}

// sameCause says whether a recent alert r already told of a: they name a common topic, or most posts of a bear a topic
// of r or were part of it.
func (d *Detector) sameCause(r, a Alert, window []Mention) bool {
	if r.Kind != a.Kind {
		return false
	}
	named := func(topics []string) bool {
		return slices.ContainsFunc(topics, func(t string) bool { return slices.Contains(r.Topics, t) })
	}
	if named(a.Topics) || r.Topics[0] == AllTopics {
		return true
	}
	told, mine := 0, map[string]bool{}
	for _, id := range a.PostIDs {
		mine[id] = true
	}
	for _, m := range window {
		if mine[m.PostID] && (named(m.Topics) || slices.Contains(r.PostIDs, m.PostID)) {
			told++
		}
	}
	return float64(told) >= d.cfg.SameCause*float64(len(a.PostIDs))
}

// drop tells of silence in one alert, whatever topics are silent: if all posts fail, that is the cause of the rest.
func (d *Detector) drop(tl *Timeline, t time.Time, recent []Alert) (Alert, bool) {
	u := d.usual(tl, t, d.cfg.DropWindow)
	from := t.Add(-d.cfg.DropWindow)
	posts := tl.posts(from, t)
	counts := map[string]uint64{AllTopics: uint64(len(posts))}
	for _, m := range posts {
		for _, topic := range m.Topics {
			counts[topic]++
		}
	}
	var found []Alert
	for _, topic := range tl.topics {
		n := counts[topic]
		if float64(n) > d.cfg.DropRatio*u.atMost(topic) {
			continue
		}
		expected := u.expected(topic)
		if expected.mean < d.cfg.MinUsual || float64(n) > d.cfg.DropRatio*expected.mean || expected.lower(n, spread{linear: 1}) > u.limit() {
			continue
		}
		if p := expected.lower(n, u.spread(topic)); p <= u.limit() {
			found = append(found, Alert{Kind: Drop, At: t, From: from, Topics: []string{topic}, Posts: n, Expected: expected.mean, P: p})
		}
	}
	if len(found) == 0 {
		return Alert{}, false
	}
	slices.SortFunc(found, func(a, b Alert) int {
		return cmp.Or(cmp.Compare(b.Expected-float64(b.Posts), a.Expected-float64(a.Posts)), cmp.Compare(a.Topics[0], b.Topics[0]))
	})
	a := found[0]
	for _, f := range found[1:] {
		a.Topics = append(a.Topics, f.Topics[0])
	}
	authors := map[string]bool{}
	for _, m := range posts {
		if a.Topics[0] == AllTopics || slices.Contains(m.Topics, a.Topics[0]) {
			authors[m.Author] = true
		}
	}
	a.Authors = uint64(len(authors))
	// After one alert a further topic that falls silent is told only when the first one has recovered.
	return a, !slices.ContainsFunc(recent, func(r Alert) bool { return r.Kind == Drop })
}

// usualness knows what is usual in the window before t: the same kind of day at the same time in past weeks. A window
// over midnight is looked up in two pieces, so that the evening of a holiday is one of a holiday.
type usualness struct {
	d      *Detector
	tl     *Timeline
	t      time.Time
	window time.Duration
	pieces []piece
	from   time.Time // start of the weeks that count
	level  float64   // activity of the last seven days over that of the weeks
	common *residuals
}

// piece is the part of the window that lies in one day, with the same part of past days of its kind.
type piece struct {
	spans []span
	total float64 // all posts in one of them, on average
}

type span struct{ from, to time.Time }

func (d *Detector) usual(tl *Timeline, t time.Time, window time.Duration) *usualness {
	begin := t.Add(-window)
	u := &usualness{d: d, tl: tl, t: t, window: window, level: 1, from: t.AddDate(0, 0, -7*d.cfg.Weeks).Add(-window)}
	if u.from.Before(tl.start) {
		u.from = tl.start
	}
	midnight := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, tl.zone)
	if begin.Before(midnight) {
		u.pieces = append(u.pieces, u.alike(span{begin, midnight}))
	}
	if t.After(midnight) {
		u.pieces = append(u.pieces, u.alike(span{maxTime(begin, midnight), t}))
	}
	const week = 7 * 24 * time.Hour
	// The window itself is left out, so that what is judged does not make itself usual.
	all := tl.count(AllTopics, u.from, begin)
	if last := tl.count(AllTopics, begin.Add(-week), begin); all > 0 {
		u.level = min(2, max(0.5, last/(all*week.Hours()/begin.Sub(u.from).Hours())))
	}
	return u
}

// alike finds the same time on past days of the same kind.
func (u *usualness) alike(s span) piece {
	var p piece
	var totals []float64
	for j := 1; j <= 7*u.d.cfg.Weeks; j++ {
		past := span{s.from.AddDate(0, 0, -j), s.to.AddDate(0, 0, -j)}
		if past.from.Before(u.from) {
			break
		}
		if u.d.dayKind(past.from) == u.d.dayKind(s.from) {
			p.spans = append(p.spans, past)
			totals = append(totals, u.tl.count(AllTopics, past.from, past.to))
		}
	}
	if len(totals) > 0 {
		p.total = stat.Mean(tamed(totals, usualReach), nil)
	}
	return p
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// limit is the chance of one window below which something is unusual: FalseAlarms spread over the topics talked about
// and the windows of a week. A window that slides has about ten times as many chances as windows side by side
// (measured on quiet weeks judged every 10 minutes).
func (u *usualness) limit() float64 {
	const sliding = 10
	topics := 1
	for _, topic := range u.tl.topics {
		if u.tl.count(topic, u.from, u.t.Add(-u.window)) > 0 {
			topics++
		}
	}
	const hoursOfWeek = 7 * 24
	return u.d.cfg.FalseAlarms / (float64(topics) * hoursOfWeek / u.window.Hours() * sliding)
}

// dayKind is the weekday, or Sunday for holidays.
func (d *Detector) dayKind(t time.Time) time.Weekday {
	if len(d.holidays) > 0 && d.holidays[t.Format(time.DateOnly)] {
		return time.Sunday
	}
	return t.Weekday()
}

// forecast is the usual number of posts and how well it is known.
type forecast struct {
	mean float64
	seen float64 // posts it rests on
}

// profileWeeks is what the whole community's daily rhythm, at the topic's part of all posts, is worth beside the
// topic's own past windows: it speaks where a topic is too rare to show a rhythm.
const profileWeeks = 2

func (u *usualness) expected(topic string) forecast {
	part := u.part(topic)
	var f forecast
	var doubt float64 // variance of the mean, for posts that come independently
	for _, p := range u.pieces {
		own := make([]float64, len(p.spans))
		for i, s := range p.spans {
			own[i] = u.tl.count(topic, s.from, s.to)
		}
		sum := profileWeeks * part * p.total
		for _, x := range tamed(own, usualReach) {
			sum += x
		}
		n := float64(len(own) + profileWeeks)
		f.mean += sum / n
		doubt += sum / (n * n)
	}
	if doubt > 0 {
		f.seen = f.mean * f.mean / doubt
	}
	f.mean *= u.level
	return f
}

// atMost is a quick upper bound of the expected mean, which spares most topics the full look.
func (u *usualness) atMost(topic string) float64 {
	part := u.part(topic)
	var sum float64
	for _, p := range u.pieces {
		most := part * p.total
		for _, s := range p.spans {
			most = max(most, u.tl.count(topic, s.from, s.to))
		}
		sum += most
	}
	return u.level * sum
}

// part is the topic's posts among all posts of the weeks.
func (u *usualness) part(topic string) float64 {
	begin := u.t.Add(-u.window)
	return u.tl.count(topic, u.from, begin) / max(1, u.tl.count(AllTopics, u.from, begin))
}

// spread is how much more than a Poisson count a topic varies: the variance is the larger of linear·mean and
// mean + square·mean². The second matters at hours busier than most.
type spread struct {
	linear, square float64
}

// spreadPosts is what the spread of all topics together is worth beside a topic's own: a topic with fewer posts in all
// the weeks cannot know its spread, least of all after a first burst.
const spreadPosts = 100

// spread weighs a topic's own past against that of all topics. It is costly and asked for only when a count stands
// out.
func (u *usualness) spread(topic string) spread {
	if u.common == nil {
		u.common = &residuals{}
		for _, other := range u.tl.topics {
			if other != AllTopics {
				r := u.residuals(other)
				u.common.square += r.square
				u.common.mean += r.mean
				u.common.meanSquare += r.meanSquare
			}
		}
	}
	r := u.residuals(topic)
	if topic != AllTopics && u.common.mean > 0 {
		weight := spreadPosts / u.common.mean
		r.square += weight * u.common.square
		r.mean += weight * u.common.mean
		r.meanSquare += weight * u.common.meanSquare
	}
	if r.mean == 0 {
		return spread{linear: 1}
	}
	return spread{max(1, r.square/r.mean), max(0, (r.square-r.mean)/r.meanSquare)}
}

// residuals are sums over a topic's past windows.
type residuals struct{ square, mean, meanSquare float64 }

// residuals compares the past windows of this length, at all times of the week, with the means of their times.
func (u *usualness) residuals(topic string) (r residuals) {
	const hoursOfWeek = 7 * 24
	for offset := time.Duration(0); offset < hoursOfWeek*time.Hour; offset += u.window {
		var xs []float64
		for end := u.t.Add(-u.window - offset); !end.Add(-u.window).Before(u.from); end = end.Add(-hoursOfWeek * time.Hour) {
			xs = append(xs, u.tl.count(topic, end.Add(-u.window), end))
		}
		if len(xs) < 2 {
			continue
		}
		// Nothing reaches further than the shortest reach, so there is nothing to tame.
		if slices.Max(xs) > spreadReach {
			xs = tamed(xs, spreadReach)
		}
		m, variance := stat.MeanVariance(xs, nil)
		n := float64(len(xs))
		r.square += n * variance
		r.mean += n * m
		r.meanSquare += n * m * m
	}
	return r
}

// How many deviations from the median a past window may count: few for what is usual, so that one outburst or outage
// does not shift it; more for the spread, because long threads are part of it.
const (
	usualReach  = 3
	spreadReach = 8
)

// tamed pulls values further than so many deviations from the median in.
func tamed(xs []float64, deviations float64) []float64 {
	m := Median(xs)
	reach := deviations * max(mad(xs), math.Sqrt(max(m, 1)))
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = min(m+reach, max(m-reach, x))
	}
	return out
}

// shape returns the size of the negative binomial whose variance holds the spread of posts and the doubt about the
// mean, +Inf when it is a Poisson.
func (f forecast) shape(s spread) float64 {
	extra := max((s.linear-1)*f.mean, s.square*f.mean*f.mean) + f.mean*f.mean/max(f.seen, 0.5)
	if extra <= 1e-9 {
		return math.Inf(1)
	}
	return f.mean * f.mean / extra
}

// upper returns the chance of n posts or more.
func (f forecast) upper(n uint64, s spread) float64 {
	if n == 0 {
		return 1
	}
	// Where nothing was ever seen, half a post in all weeks is taken as usual.
	f.mean = max(f.mean, 0.05)
	r := f.shape(s)
	if math.IsInf(r, 1) {
		return mathext.GammaIncReg(float64(n), f.mean)
	}
	return mathext.RegIncBeta(float64(n), r, f.mean/(r+f.mean))
}

// lower returns the chance of n posts or fewer.
func (f forecast) lower(n uint64, s spread) float64 {
	if f.mean <= 0 {
		return 1
	}
	r := f.shape(s)
	if math.IsInf(r, 1) {
		return mathext.GammaIncRegComp(float64(n)+1, f.mean)
	}
	return mathext.RegIncBeta(r, float64(n)+1, r/(r+f.mean))
}
