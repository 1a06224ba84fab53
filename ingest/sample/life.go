package sample

import (
	"math/rand/v2"
	"strings"
	"time"
)

// Channels that the stories name.
const (
	ChannelStock   = "在庫・棚卸"
	ChannelAsk     = "質問"
	ChannelRequest = "要望"
	ChannelBug     = "バグ報告"
	ChannelStory   = "事例"
	ChannelTalk    = "雑談"
	ChannelNews    = "お知らせ"
)

// everyday is how many threads a channel sees in a week.
type everyday struct {
	community, channel string
	threads            float64
}

func pace() []everyday {
	return []everyday{
		{Work, ChannelAsk, 9.5}, {Work, ChannelRequest, 4}, {Work, ChannelBug, 3}, {Work, ChannelStory, 1.7}, {Work, ChannelTalk, 6},
		{Work, "自己紹介", 1.5}, {Work, "イベント", .7}, {Work, ChannelNews, .9}, {Work, "コミュニティ運営", .9}, {Work, "サポートチャット", 5},
		{Plants, "植物相談", 4.6}, {Plants, "みんなの植物", 4.2}, {Plants, "アプリの使い方", 1.6}, {Plants, "ほしい機能", 1.3},
		{Plants, ChannelTalk, 1.6}, {Plants, ChannelNews, .5},
	}
}

// live makes the everyday threads of every week.
func (w *world) live() {
	r := w.rand("life")
	byChannel := map[string][]*script{}
	for _, id := range w.lib.order {
		s := w.lib.scripts[id]
		if s.pool || s.story != "" || s.by == "partner" || s.by == "outsider" || s.channel == ChannelStock || s.id == "t-hello" || s.id == "m-hello" {
			continue
		}
		key := w.communityOf(s) + "/" + s.channel
		byChannel[key] = append(byChannel[key], s)
	}
	times := map[*script]float64{}
	for week := 1; week <= w.cal.weeks; week++ {
		for _, e := range pace() {
			growth := 1.5 + .018*float64(week)
			n := int(e.threads*growth + r.Float64())
			scripts := byChannel[e.community+"/"+e.channel]
			if len(scripts) == 0 {
				continue
			}
			for range n {
				s := scripts[0]
				best := 1e9
				for _, c := range scripts {
					if x := (times[c] + r.Float64()*1.6) / c.weight; x < best {
						s, best = c, x
					}
				}
				times[s]++
				w.thread(r, s, w.starter(r, s, week, nil), w.startTime(r, s, week))
			}
		}
	}
	w.hellos(r)
	w.reviews(r)
	w.pointHunt(r)
}

// communityOf says which community a script belongs to: its id begins with m for the plants.
func (w *world) communityOf(s *script) string {
	if strings.HasPrefix(s.id, "m-") || strings.HasPrefix(s.id, "mr-") {
		return Plants
	}
	return Work
}

func (w *world) startTime(r *rand.Rand, s *script, week int) time.Time {
	h := workRhythm()
	switch {
	case s.by == "staff":
		h = officeRhythm()
	case w.communityOf(s) == Plants:
		h = homeRhythm()
	}
	for {
		t := h.moment(r, w.cal, week)
		if s.on == 0 || int(t.Weekday()) == s.on {
			return t
		}
	}
}

// starter draws who begins a thread in the week; fits may narrow it further.
func (w *world) starter(r *rand.Rand, s *script, week int, fits func(*member) bool) *member {
	role := s.by
	c := w.communityOf(s)
	at := w.cal.at(week, 3, 0)
	test := func(m *member) bool {
		if !m.active(at) || (fits != nil && !fits(m)) {
			return false
		}
		if a := m.account; a != nil && (a.size < s.size || (s.industry != "" && a.industry != s.industry) || (s.plan != "" && a.plan != s.plan)) {
			return false
		}
		return m != w.cast.hunter
	}
	people := w.cast.of(c, role)
	if role == "member" && r.Float64() < .08 && s.act != "question" {
		people = append(append([]*member{}, people...), w.cast.of(c, "leader")...)
	}
	return w.someone(r, people, test)
}

// someone draws a member by heat among those that pass the test; nil when nobody does.
func (w *world) someone(r *rand.Rand, people []*member, test func(*member) bool) *member {
	var sum float64
	for _, m := range people {
		if test(m) {
			sum += m.heat
		}
	}
	x := r.Float64() * sum
	for _, m := range people {
		if !test(m) {
			continue
		}
		if x -= m.heat; x <= 0 {
			return m
		}
	}
	return nil
}

// thread writes an opening and lets the script's replies come. It returns the opening, or nil when nobody could
// write it or the time is over.
func (w *world) thread(r *rand.Rand, s *script, by *member, at time.Time) *post {
	if by == nil || !by.active(at) || !at.Before(w.cal.end) {
		return nil
	}
	vars := s.values(r)
	slots := w.slots(r, by, nil, nil)
	for k, v := range vars {
		slots[k] = v
	}
	root := w.compose(r, by, true, draft{texts: s.open, act: s.act, mood: s.mood, slots: slots, chat: s.source == "chat",
		bare: s.by == "staff" || s.story == "hero"})
	if root == nil {
		return nil
	}
	root.script, root.story, root.source, root.channel, root.at = s.id, s.story, s.source, s.channel, at
	if len(s.ratings) > 0 {
		root.rating = s.ratings[r.IntN(len(s.ratings))]
	}
	if t := w.title(r, s.titles, root, slots); t != "" {
		root.title = t
	}
	w.add(root)
	w.replies(r, s, root, vars)
	return root
}

// title draws a title; most posts have one where the script offers any.
func (w *world) title(r *rand.Rand, ts []*text, root *post, slots map[string]string) string {
	var fits []*text
	for _, t := range ts {
		if _, ok := t.follow(root.ctx); ok {
			fits = append(fits, t)
		}
	}
	if len(fits) == 0 || (root.author.role != "staff" && r.Float64() < .3) {
		return ""
	}
	return fits[r.IntN(len(fits))].render(r, slots)
}

func (w *world) add(p *post) {
	w.posts = append(w.posts, p)
	p.author.posts++
}

// replies lets the steps of a script happen, in order, each with its probability.
func (w *world) replies(r *rand.Rand, s *script, root *post, vars map[string]string) {
	here := []*post{root}
	in := map[*member]bool{root.author: true}
	for _, st := range s.steps {
		if r.Float64() >= st.chance {
			continue
		}
		var p *post
		if st.who == "asker" {
			p = w.askerReply(r, s, st, root, here, vars)
		} else {
			p = w.otherReply(r, s, st, root, here, in, vars)
		}
		if p == nil {
			continue
		}
		w.add(p)
		in[p.author] = true
		here = append(here, p)
	}
	w.echoes(r, root, here, in)
}

// reply writes an answer to parent at the given time; nil when nothing fits or the writer is not there.
func (w *world) reply(r *rand.Rand, by *member, parent, root *post, d draft, vars map[string]string, at time.Time) *post {
	if !by.active(at) || !at.Before(w.cal.end) {
		return nil
	}
	d.slots = w.slots(r, by, parent, root)
	for k, v := range vars {
		d.slots[k] = v
	}
	d.ctx = parent.ctx
	p := w.compose(r, by, false, d)
	if p == nil {
		return nil
	}
	p.root, p.parent, p.at = root, parent, at
	p.script, p.story, p.source, p.channel = root.script, root.story, root.source, root.channel
	return p
}

// otherReply is a reply of anybody but the one who began the thread. It answers the opening.
func (w *world) otherReply(r *rand.Rand, s *script, st *step, root *post, here []*post, in map[*member]bool, vars map[string]string) *post {
	parent, last := root, here[len(here)-1]
	if st.after != "" {
		if last.act != st.after {
			return nil
		}
		parent = last
	}
	at := last.at
	if st.wait > 0 {
		at = root.at.Add(st.wait)
	}
	week := w.cal.week(at) - (w.cal.weeks - storyWeeks)
	by := w.responder(r, s, st, root, in, at)
	if by == nil {
		return nil
	}
	median := map[string]time.Duration{"peer": 5 * time.Hour, "other": 60 * time.Hour, "leader": 100 * time.Minute, "hero": 100 * time.Minute, "expert": 70 * time.Minute, "staff": 5 * time.Hour}[st.who]
	if s.source == "chat" {
		median = 12 * time.Minute
	}
	if root.mood == "angry" {
		median /= 3
	}
	h := by.rhythm
	tired := by == w.cast.tired && week >= 6
	if tired {
		median *= time.Duration(week - 4)
		if r.Float64() < float64(week-5)*.18 {
			h = nightRhythm()
		}
	}
	when := h.settle(r, at.Add(delay(r, median)))
	if !by.active(when) {
		return nil
	}
	d := draft{texts: st.texts, act: st.act, mood: st.mood}
	if tired && root.act == "question" && root.channel == ChannelAsk && r.Float64() < float64(week-5)*.09 {
		d = draft{texts: w.lib.scripts["leader-tired"].open, act: "tired_answer", mood: "calm", bare: true}
	}
	p := w.reply(r, by, parent, root, d, vars, when)
	if p == nil {
		return nil
	}
	if st.accept && p.act == "answer" && r.Float64() < .8 {
		p.accepted = true
	}
	return p
}

// responder draws who takes a step of the script.
func (w *world) responder(r *rand.Rand, s *script, st *step, root *post, in map[*member]bool, at time.Time) *member {
	c := root.community
	free := func(m *member) bool { return !in[m] && m.active(at) && m != w.cast.hunter }
	switch st.who {
	case "staff":
		for _, m := range w.cast.of(c, "staff") {
			if in[m] {
				return m // one member of staff keeps a thread
			}
		}
		return w.someone(r, w.cast.of(c, "staff"), func(*member) bool { return true })
	case "hero":
		if m := w.cast.hero; free(m) {
			return m
		}
		return nil
	case "expert":
		if m := w.cast.expert; free(m) {
			return m
		}
		return nil
	case "leader":
		if c != Work {
			return w.someone(r, w.cast.of(c, "member"), free)
		}
		if m := w.cast.tired; free(m) && r.Float64() < .55 {
			return m
		}
		return w.someone(r, w.cast.of(c, "leader"), func(m *member) bool { return free(m) && m != w.cast.expert })
	}
	people := w.cast.of(c, "member")
	if c == Work && r.Float64() < .12 {
		people = w.cast.of(c, "leader")
		return w.someone(r, people, func(m *member) bool { return free(m) && m != w.cast.expert && m != w.cast.tired })
	}
	fit := func(m *member) bool {
		return free(m) && (root.channel != ChannelRequest || m.account == nil || m.account.size >= s.size)
	}
	return w.someone(r, people, fit)
}

// askerReply is a reply of the one who began the thread, to the reply it fits best.
func (w *world) askerReply(r *rand.Rand, s *script, st *step, root *post, here []*post, vars map[string]string) *post {
	var parent *post
	for i := len(here) - 1; i > 0; i-- {
		p := here[i]
		if p.author == root.author || !answersTo(st.act, p.act) {
			continue
		}
		if w.choosable(st.texts, p.ctx) && (parent == nil || (p.accepted && !parent.accepted)) {
			parent = p
		}
	}
	last := here[len(here)-1]
	if parent == nil {
		if len(here) > 1 || st.act != "complaint" {
			return nil
		}
		// A complaint that nobody answered comes days later.
		return w.reply(r, root.author, root, root, draft{texts: st.texts, act: st.act, mood: st.mood, bare: true}, vars,
			root.author.rhythm.settle(r, root.at.Add(2*day+delay(r, day))))
	}
	median := 2 * time.Hour
	if s.source == "chat" {
		median = 8 * time.Minute
	}
	at := root.author.rhythm.settle(r, last.at.Add(delay(r, median)))
	if !root.author.active(at) {
		return nil
	}
	return w.reply(r, root.author, parent, root, draft{texts: st.texts, act: st.act, mood: st.mood, chat: s.source == "chat"}, vars, at)
}

// answersTo says whether a step of the asker can follow a reply of the given act.
func answersTo(act, reply string) bool {
	switch act {
	case "answer":
		return reply == "question"
	case "thanks", "resolution":
		return reply == "answer" || reply == "tip" || reply == "connect" || reply == "recommend" || (act == "resolution" && reply == "question")
	default: // upsell, complaint, churn, pii
		return reply == "answer" || reply == "recommend"
	}
}

func (w *world) choosable(ts []*text, ctx aspects) bool {
	for _, t := range ts {
		if _, ok := t.follow(ctx); ok {
			return true
		}
	}
	return false
}

// echoes are the voices of others: the same trouble early on, and later the thanks of those who found the answer.
func (w *world) echoes(r *rand.Rand, root *post, here []*post, in map[*member]bool) {
	if root.community != Work || root.source != "community" || root.story != "" {
		return
	}
	say := func(pool, act, mood string, at time.Time) {
		m := w.someone(r, w.cast.of(Work, "member"), func(m *member) bool { return !in[m] && m.active(at) && m != w.cast.hunter })
		if m == nil {
			return
		}
		in[m] = true
		at = m.rhythm.settle(r, at)
		if p := w.reply(r, m, root, root, draft{texts: w.lib.scripts[pool].open, act: act, mood: mood, bare: true}, nil, at); p != nil {
			p.ctx = 0
			w.add(p)
		}
	}
	if root.act == "question" && len(here) < 3 && r.Float64() < .2 {
		say("same", "empathy", "calm", root.at.Add(delay(r, 8*time.Hour)))
	}
	for _, p := range here {
		if p.accepted && r.Float64() < .22 {
			say("again", "thanks", "thanks", p.at.Add(delay(r, 5*day)))
		}
	}
	if root.act == "question" && root.channel == ChannelAsk && r.Float64() < .1 && w.cal.week(root.at) > w.cal.weeks-storyWeeks+2 {
		w.mention(r, root, in)
	}
}

// mention is somebody, often of the staff, who calls the leader that is always called.
func (w *world) mention(r *rand.Rand, root *post, in map[*member]bool) {
	at := root.at.Add(delay(r, 3*time.Hour))
	pool, people := "mention-leader", w.cast.of(Work, "member")
	if r.Float64() < .5 {
		pool, people = "staff-mention-leader", w.cast.of(Work, "staff")
	}
	m := w.someone(r, people, func(m *member) bool { return !in[m] && m.active(at) && m != w.cast.hunter })
	if m == nil || in[w.cast.tired] {
		return
	}
	p := w.reply(r, m, root, root, draft{texts: w.lib.scripts[pool].open, act: "ask_leader", mood: "ask", bare: true}, nil, m.rhythm.settle(r, at))
	if p == nil {
		return
	}
	p.ctx, p.story = 0, "overload"
	w.add(p)
	week := w.cal.week(p.at) - (w.cal.weeks - storyWeeks)
	if week < 7 || r.Float64() > .75 {
		return
	}
	q := w.reply(r, w.cast.tired, p, root, draft{texts: w.lib.scripts["leader-named"].open, act: "tired_answer", mood: "sad", bare: true}, nil,
		nightRhythm().settle(r, p.at.Add(delay(r, 20*time.Hour))))
	if q == nil {
		return
	}
	q.story = "overload"
	w.add(q)
	if week >= 9 && r.Float64() < .5 {
		at := q.at.Add(delay(r, 4*time.Hour))
		m := w.someone(r, w.cast.of(Work, "member"), func(m *member) bool { return !in[m] && m.active(at) && m != w.cast.hunter })
		if m == nil {
			return
		}
		if x := w.reply(r, m, q, root, draft{texts: w.lib.scripts["leader-worry"].open, act: "empathy", mood: "calm", bare: true}, nil, m.rhythm.settle(r, at)); x != nil {
			x.story = "overload"
			w.add(x)
		}
	}
}

// hellos are the first posts of those who joined.
func (w *world) hellos(r *rand.Rand) {
	for _, m := range w.cast.members {
		if m.role != "member" || m.joined.Before(w.cal.start) || r.Float64() < .3 || m == w.cast.hunter {
			continue
		}
		id := "t-hello"
		if m.community == Plants {
			id = "m-hello"
		}
		w.thread(r, w.lib.scripts[id], m, m.rhythm.settle(r, m.joined.Add(delay(r, 90*time.Minute))))
	}
}

// reviews are those of the two apps; some get an answer of the vendor.
func (w *world) reviews(r *rand.Rand) {
	for _, app := range []struct {
		community, prefix, staff string
		perWeek                  float64
		shares                   []float64
	}{
		{Work, "rv-", "rv-staff", 4, []float64{.14, .16, .16, .24, .3}},
		{Plants, "mr-", "mr-staff", 7.5, []float64{.08, .1, .12, .22, .48}},
	} {
		for week := 1; week <= w.cal.weeks; week++ {
			for range int(app.perWeek + r.Float64()) {
				stars := weighted(r, []string{"1", "2", "3", "4", "5"}, app.shares)
				s := w.lib.scripts[app.prefix+stars]
				w.review(r, s, app.community, app.staff, homeRhythm().moment(r, w.cal, week))
			}
		}
	}
}

func (w *world) review(r *rand.Rand, s *script, community, staff string, at time.Time) {
	m := w.someone(r, w.cast.of(community, "member"), func(m *member) bool { return m.active(at) && m != w.cast.hunter })
	if m == nil {
		return
	}
	p := w.compose(r, m, true, draft{texts: s.open, act: s.act, mood: s.mood, slots: w.slots(r, m, nil, nil), bare: true})
	if p == nil {
		return
	}
	p.script, p.story, p.source, p.channel, p.at = s.id, s.story, "app_review", "アプリのレビュー", at
	p.rating = s.ratings[r.IntN(len(s.ratings))]
	p.helpful = int(r.ExpFloat64() * 2)
	w.add(p)
	if r.Float64() < .12 {
		a := w.someone(r, w.cast.of(community, "staff"), func(*member) bool { return true })
		when := officeRhythm().settle(r, at.Add(delay(r, day)))
		ts := w.lib.scripts[staff].open
		ts = ts[:len(ts)-1] // regrets
		if p.rating >= 4 {
			ts = w.lib.scripts[staff].open[len(ts):] // thanks
		}
		if q := w.reply(r, a, p, p, draft{texts: ts, act: "answer", mood: "calm", bare: true}, nil, when); q != nil {
			w.add(q)
		}
	}
}

// pointHunt is a member who writes the same few words under many posts within minutes.
func (w *world) pointHunt(r *rand.Rand) {
	for week := 2; week <= w.cal.weeks; week += 2 {
		at := w.cal.at(week, 2+r.IntN(3), 12*time.Hour+time.Duration(r.IntN(3600))*time.Second)
		var roots []*post
		for _, p := range w.posts {
			if p.root == nil && p.community == Work && p.source == "community" && p.at.Before(at) && p.at.After(at.Add(-6*day)) && p.mood == "happy" {
				roots = append(roots, p)
			}
		}
		r.Shuffle(len(roots), func(i, j int) { roots[i], roots[j] = roots[j], roots[i] })
		for i, root := range roots[:min(4, len(roots))] {
			p := w.reply(r, w.cast.hunter, root, root, draft{texts: w.lib.scripts["point-hunt"].open, act: "reward_driven", mood: "calm", bare: true}, nil,
				at.Add(time.Duration(i*40+r.IntN(35))*time.Second))
			if p != nil {
				p.story = "points"
				w.add(p)
			}
		}
	}
}
