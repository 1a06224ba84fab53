package sample

import (
	"math/rand/v2"
	"strings"
	"time"
	"unicode/utf8"
)

// storyWeeks is how many weeks the stories take; a longer calendar has ordinary weeks before them.
const storyWeeks = 12

// stories plays the hidden stories into the everyday life.
func (w *world) stories() {
	w.loginOutage()
	w.priceChange()
	w.successSpreads()
	w.stockGoesQuiet()
	w.exportGrows()
	w.pitches()
	w.copyCampaign()
	w.junk()
}

// say lets a member write one of the pool's texts as a reply, or as a thread of its own when parent is nil.
func (w *world) say(r *rand.Rand, pool string, by *member, parent *post, channel string, at time.Time) *post {
	if by == nil || !by.active(at) || !at.Before(w.cal.end) {
		return nil
	}
	s := w.lib.scripts[pool]
	d := draft{texts: s.open, act: s.act, mood: s.mood, bare: true}
	var p *post
	if parent != nil {
		p = w.reply(r, by, parent, parent.thread(), d, nil, at)
	} else {
		d.slots = w.slots(r, by, nil, nil)
		if p = w.compose(r, by, true, d); p != nil {
			p.source, p.channel, p.at = "community", channel, at
		}
	}
	if p == nil {
		return nil
	}
	p.script, p.story = s.id, s.story
	w.add(p)
	return p
}

// twice adds a second thought from the same pool to a post, as people do who are upset.
func (w *world) twice(r *rand.Rand, p *post, chance float64) {
	if p == nil || p.author.voice != polite || r.Float64() > chance {
		return
	}
	s := w.lib.scripts[p.script]
	t := w.choose(r, s.open, polite, 0)
	slots := w.slots(r, p.author, p.parent, p.root)
	if p.parent == nil {
		slots["to"] = p.author.handle
	}
	more := t.render(r, slots)
	if t.voice != polite || more == p.clean {
		return
	}
	sep := pick(r, "", "", "\n")
	if last, _ := utf8.DecodeLastRuneInString(p.body); !strings.ContainsRune("。！？", last) {
		sep = "\n"
	}
	p.body += sep + more
	p.clean += sep + more
}

func (w *world) small(m *member) bool { return m.account != nil && m.account.plan == PlanSmall }

// crowd returns the members of Work that can speak at t, in a random order in which no one comes twice.
func (w *world) crowd(r *rand.Rand, t time.Time, fits func(*member) bool) []*member {
	var out []*member
	for _, m := range w.cast.of(Work, "member") {
		if m.active(t) && m != w.cast.hunter && fits(m) {
			out = append(out, m)
		}
	}
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// burst draws a moment after from that comes soon rather than late, at an hour at which people write.
func (w *world) burst(r *rand.Rand, from time.Time, mean time.Duration) time.Time {
	return workRhythm().settle(r, from.Add(time.Duration(r.ExpFloat64()*float64(mean))))
}

// vendor draws a member of the vendor's staff.
func (w *world) vendor(r *rand.Rand) *member {
	return w.someone(r, w.cast.of(Work, "staff"), func(*member) bool { return true })
}

// loginOutage: from Wednesday of week 5 nobody gets in, on Tuesday of week 6 it is mended and people are relieved.
func (w *world) loginOutage() {
	r := w.rand("login")
	begin, end := w.cal.at(w.week(5), 2, 6*time.Hour), w.cal.at(w.week(6), 1, 9*time.Hour)
	everybody := func(*member) bool { return true }
	report := w.lib.scripts["login-report"]
	people := w.crowd(r, begin, everybody)
	for i, m := range people[:min(28, len(people))] {
		at := begin.Add(30*time.Minute + time.Duration(r.IntN(5*3600))*time.Second)
		if i >= 15 {
			at = workRhythm().settle(r, begin.Add(day+time.Duration(r.Float64()*float64(4*day))))
		}
		if at.Before(end) {
			w.thread(r, report, m, at)
		}
	}
	news := w.thread(r, w.lib.scripts["login-known"], w.vendor(r), begin.Add(3*time.Hour+20*time.Minute))
	for range 13 {
		at := w.burst(r, begin.Add(day), 30*time.Hour)
		m := w.someone(r, w.cast.of(Work, "member"), func(m *member) bool { return m.active(at) && m != w.cast.hunter })
		if news != nil && at.Before(end) {
			w.twice(r, w.say(r, "login-comment", m, news, "", at), .3)
		}
	}
	for range 6 {
		if s := w.lib.scripts["login-app"]; s != nil {
			w.review(r, s, Work, "rv-staff", begin.Add(time.Duration(r.IntN(110))*time.Hour))
		}
	}
	fix := w.thread(r, w.lib.scripts["login-fix"], w.vendor(r), end.Add(40*time.Minute))
	if fix == nil {
		return
	}
	people = w.crowd(r, end, everybody)
	for i, m := range people[:min(26, len(people))] {
		parent := fix
		if i%3 == 2 {
			parent = nil
		}
		w.say(r, "login-relief", m, parent, ChannelBug, w.burst(r, fix.at.Add(10*time.Minute), 9*time.Hour))
	}
}

// priceChange: on Tuesday of week 7 the small plan becomes dearer; on Wednesday of week 8 the vendor gives way.
func (w *world) priceChange() {
	r := w.rand("price")
	begin, end := w.cal.at(w.week(7), 1, 10*time.Hour), w.cal.at(w.week(8), 2, 11*time.Hour)
	news := w.thread(r, w.lib.scripts["price-announce"], w.vendor(r), begin)
	if news == nil {
		return
	}
	small := w.crowd(r, begin, w.small)
	others := w.crowd(r, begin, func(m *member) bool { return !w.small(m) })
	var open []*post
	for i := range 44 {
		m := small[i%len(small)]
		at := w.burst(r, begin.Add(4*time.Minute), 26*time.Hour)
		var p *post
		if i%3 == 2 {
			p = w.say(r, "price-anger-small", m, nil, pick(r, ChannelTalk, ChannelTalk, ChannelRequest), at)
			open = append(open, p)
		} else {
			p = w.say(r, "price-anger-small", m, news, "", at)
		}
		w.twice(r, p, .45)
	}
	for range 26 {
		if p := open[r.IntN(len(open))]; p != nil {
			at := w.burst(r, p.at.Add(5*time.Minute), 9*time.Hour)
			if m := small[r.IntN(len(small))]; m != p.author {
				w.say(r, "price-anger-peer", m, p, "", at)
			}
		}
	}
	for i := range 13 {
		parent := news
		if p := open[i%len(open)]; i%2 == 1 && p != nil {
			parent = p
		}
		w.say(r, "price-neutral", others[i%len(others)], parent, "", w.burst(r, parent.at.Add(time.Hour), 30*time.Hour))
	}
	for i := range 5 {
		w.say(r, "price-question", pickMember(r, small, others), news, "", w.burst(r, begin.Add(20*time.Minute), 8*time.Hour))
		w.say(r, "price-staff-first", w.vendor(r), news, "", officeRhythm().settle(r, begin.Add(time.Duration(3+i*14)*time.Hour)))
	}
	for i := range 9 {
		at := w.burst(r, begin.Add(20*time.Hour), 3*day)
		w.say(r, "price-churn", small[(i*3+5)%len(small)], nil, pick(r, ChannelTalk, ChannelAsk), at)
	}
	for range 6 {
		s := w.lib.scripts["price-app"]
		m := small[r.IntN(len(small))]
		at := begin.Add(time.Duration(4+r.IntN(120)) * time.Hour)
		if p := w.say(r, s.id, m, nil, "アプリのレビュー", at); p != nil {
			p.source, p.rating = "app_review", s.ratings[r.IntN(len(s.ratings))]
		}
	}
	answer := w.thread(r, w.lib.scripts["price-staff-answer"], w.vendor(r), end)
	for i := range 22 {
		w.say(r, "price-relief", small[(i*2+1)%len(small)], answer, "", w.burst(r, end.Add(6*time.Minute), 20*time.Hour))
	}
}

func pickMember(r *rand.Rand, a, b []*member) *member {
	if r.Float64() < .5 || len(b) == 0 {
		return a[r.IntN(len(a))]
	}
	return b[r.IntN(len(b))]
}

// successSpreads: a leader's recipe of week 4 is praised, asked about, copied in the weeks after and told on.
func (w *world) successSpreads() {
	r := w.rand("success")
	begin := w.cal.at(w.week(4), 1, 12*time.Hour+22*time.Minute)
	hero := w.thread(r, w.lib.scripts["hero"], w.cast.hero, begin)
	if hero == nil {
		return
	}
	people := w.crowd(r, begin, func(*member) bool { return true })
	for i, m := range people[:min(20, len(people))] {
		pool := "hero-praise"
		if i%7 == 6 {
			pool = "hero-high"
		}
		w.say(r, pool, m, hero, "", w.burst(r, begin.Add(15*time.Minute), 30*time.Hour))
	}
	for i := range 4 {
		q := w.say(r, "hero-question", people[min(20+i, len(people)-1)], hero, "", w.burst(r, begin.Add(time.Hour), 20*time.Hour))
		if q != nil {
			w.say(r, "hero-answer", w.cast.hero, q, "", w.cast.hero.rhythm.settle(r, q.at.Add(delay(r, time.Hour))))
		}
	}
	imitators := w.crowd(r, begin, func(m *member) bool { return m.account.industry != "物流" && m.account.sites > 1 })
	next := 0
	for i, n := range []int{1, 2, 3, 4, 3, 1} {
		for range n {
			m := imitators[next%len(imitators)]
			next++
			w.thread(r, w.lib.scripts["hero-imitate"], m, m.rhythm.moment(r, w.cal, w.week(5+i)))
		}
	}
	for i := range 5 {
		m := imitators[(next+i)%len(imitators)]
		w.thread(r, w.lib.scripts["hero-spread"], m, m.rhythm.moment(r, w.cal, w.week(5+i)))
	}
}

// stockGoesQuiet: the one who answers in the stock channel leaves after week 7; questions stay open, then cease.
func (w *world) stockGoesQuiet() {
	r := w.rand("stock")
	var scripts []*script
	for _, id := range w.lib.order {
		if s := w.lib.scripts[id]; s.channel == ChannelStock && s.id != "i-quiet-ask" {
			scripts = append(scripts, s)
		}
	}
	r.Shuffle(len(scripts), func(i, j int) { scripts[i], scripts[j] = scripts[j], scripts[i] })
	n := 0
	for week := 1; week <= w.cal.weeks; week++ {
		story := week - (w.cal.weeks - storyWeeks)
		count := 6
		if story >= 8 {
			count = []int{5, 2, 1, 1, 0}[story-8]
		}
		for range count {
			s := scripts[n%len(scripts)]
			if story >= 8 {
				s = w.lib.scripts["i-quiet-ask"]
			}
			n++
			by := w.starter(r, s, week, func(m *member) bool { return m.account == nil || m.account.plan != PlanSmall })
			if by != nil {
				w.thread(r, s, by, by.rhythm.moment(r, w.cal, week))
			}
		}
	}
}

// exportGrows: a request that comes up once in the first week comes ten times in the last, from ever more accounts.
func (w *world) exportGrows() {
	r := w.rand("export")
	asked := map[*account]bool{}
	for i, n := range []int{1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 10} {
		for range n {
			s := w.lib.scripts["export"]
			by := w.starter(r, s, w.week(i+1), func(m *member) bool { return !asked[m.account] })
			if by == nil {
				continue
			}
			asked[by.account] = true
			w.thread(r, s, by, by.rhythm.moment(r, w.cal, w.week(i+1)))
		}
	}
}

// pitches: partners advertise in weeks 3 and 9; members mind, staff steps in.
func (w *world) pitches() {
	r := w.rand("pitch")
	for _, week := range []int{3, 9} {
		partners := w.cast.of(Work, "partner")
		p := w.thread(r, w.lib.scripts["pitch-partner"], partners[r.IntN(len(partners))], w.cal.at(w.week(week), 3, 11*time.Hour+time.Duration(r.IntN(3600))*time.Second))
		if p == nil {
			continue
		}
		people := w.crowd(r, p.at, func(*member) bool { return true })
		for _, m := range people[:min(6, len(people))] {
			w.say(r, "pitch-backlash", m, p, "", w.burst(r, p.at.Add(10*time.Minute), 8*time.Hour))
		}
		w.say(r, "pitch-mod", w.vendor(r), p, "", officeRhythm().settle(r, p.at.Add(5*time.Hour)))
	}
}

// copyCampaign: in week 10 a few outsiders post nearly the same praise of another product.
func (w *world) copyCampaign() {
	r := w.rand("copy")
	begin := w.cal.at(w.week(10), 1, 21*time.Hour)
	s := w.lib.scripts["copycat"]
	var first *post
	for i := range 14 {
		people := w.cast.of(Work, "outsider")
		m := people[i%min(5, len(people))]
		p := w.thread(r, s, m, begin.Add(time.Duration(i)*4*time.Hour+time.Duration(r.IntN(3*3600))*time.Second))
		if p == nil {
			continue
		}
		if first == nil {
			first = p
		}
		if i%4 == 3 {
			p.deleted = officeRhythm().settle(r, p.at.Add(20*time.Hour))
		}
	}
	if first == nil {
		return
	}
	people := w.crowd(r, begin, func(*member) bool { return true })
	for i, m := range people[:min(5, len(people))] {
		parent := first
		if i == 0 {
			parent = nil
		}
		w.say(r, "copycat-suspect", m, parent, ChannelTalk, w.burst(r, begin.Add(26*time.Hour), 20*time.Hour))
	}
}

// junk is the ordinary rubbish of open places, most of it removed.
func (w *world) junk() {
	r := w.rand("junk")
	for week := 1; week <= w.cal.weeks; week += 2 {
		people := w.cast.of(Work, "outsider")
		p := w.thread(r, w.lib.scripts["spam-junk"], people[len(people)-1-r.IntN(2)], nightRhythm().moment(r, w.cal, week))
		if p != nil && r.Float64() < .7 {
			p.deleted = officeRhythm().settle(r, p.at.Add(6*time.Hour))
		}
	}
}
