package sample

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"
)

// The two communities.
const (
	Work   = "musubira"  // members of a field-report, attendance and stock tool for companies
	Plants = "mizuyarin" // users of an app that reminds them to water their plants
)

// account is a customer company.
type account struct {
	id       string
	name     string
	plan     string
	touch    string
	industry string
	phase    string
	ltv      string
	csm      string
	size     int
	sites    int
	months   int
	since    time.Time
}

func (a *account) attributes() map[string]string {
	return map[string]string{
		"plan": a.plan, "touch_model": a.touch, "industry": a.industry, "usage_phase": a.phase,
		"ltv_band": a.ltv, "csm_owner": a.csm, "employees": strconv.Itoa(a.size),
	}
}

// career says how long the company has used the product.
func (a *account) career() string {
	switch {
	case a.months < 9:
		return "使い始めて" + strconv.Itoa(a.months) + "か月の初心者です"
	case a.months < 12:
		return "使い始めて1年弱です"
	}
	return "使い始めて" + strconv.Itoa(a.months/12) + "年ほどです"
}

// newPrice fills in what the price change means for the company: 480 yen a head, at least 5, becomes 620, at least 10.
func (a *account) newPrice(s map[string]string) {
	before, after := 480*max(5, a.size), 620*max(10, a.size)
	s["short"] = strconv.Itoa(max(0, 10-a.size))
	s["times"] = fmt.Sprintf("%.1f倍", float64(after)/float64(before))
	s["bill"], s["diff"], s["diffyear"] = thousands(before), thousands(after-before), thousands(12*(after-before))
}

func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

// Plans of the accounts.
const (
	PlanSmall  = "ライト"
	PlanMiddle = "スタンダード"
	PlanLarge  = "エンタープライズ"
)

// style is how a person's texts look, each a probability per post.
type style struct {
	emoji, kaomoji, typo, laugh, stretch, lines, bang float64
	halfKana, wideDigits                              bool
}

// member is a person of one community.
type member struct {
	id        string
	handle    string
	community string
	role      string
	level     string
	account   *account
	voice     voice
	style     style
	rhythm    *rhythm
	joined    time.Time
	invitedBy *member
	heat      float64 // how often this person writes, relative to others
	posts     int
	gone      time.Time // from when the person is silent; zero for never
}

func (m *member) active(t time.Time) bool {
	return !t.Before(m.joined) && (m.gone.IsZero() || t.Before(m.gone))
}

// cast is everybody.
type cast struct {
	members  []*member
	accounts []*account
	by       map[string]map[string][]*member // community, role
	hero     *member                         // whose success story spreads
	expert   *member                         // who alone answers in the stock channel
	tired    *member                         // the leader who is asked too often
	hunter   *member                         // who writes for the points
}

func (c *cast) of(community, role string) []*member { return c.by[community][role] }

func (w *world) people() error {
	r := w.rand("people")
	handles, err := w.names("handles")
	if err != nil {
		return err
	}
	if err := w.makeAccounts(r, 58); err != nil {
		return err
	}
	c := &w.cast
	add := func(m *member) *member {
		m.id = fmt.Sprintf("u%04d", 1000+len(c.members)*7)
		c.members = append(c.members, m)
		if c.by[m.community] == nil {
			c.by[m.community] = map[string][]*member{}
		}
		c.by[m.community][m.role] = append(c.by[m.community][m.role], m)
		return m
	}
	next := func() string {
		h := handles[0]
		handles = handles[1:]
		return h
	}
	// Work: leaders first, so that the well-known people have the first names of the list.
	for i := range 6 {
		a := c.accounts[i*5] // none of them in freight, whose people fall silent
		m := add(&member{handle: next(), community: Work, role: "leader", level: pick(r, "プラチナ", "プラチナ", "ゴールド"),
			account: a, style: w.style(r, .6), rhythm: workRhythm(), heat: 2.2})
		m.joined = w.cal.start.Add(-time.Duration(200+r.IntN(500)) * day)
	}
	leaders := c.of(Work, "leader")
	c.hero, c.expert, c.tired = leaders[1], leaders[2], leaders[3]
	c.expert.gone = w.cal.at(w.week(8), 0, 0)
	for i := range 92 {
		m := add(&member{handle: next(), community: Work, role: "member", account: c.accounts[i%len(c.accounts)],
			level: weighted(r, []string{"ブロンズ", "シルバー", "ゴールド", "プラチナ"}, []float64{46, 32, 17, 5}),
			voice: w.voice(r, .18, .07, .05), style: w.style(r, 1), rhythm: workRhythm(), heat: .3 + r.ExpFloat64()})
		m.joined = w.joinTime(r, .25)
		if m.account.industry == "物流" {
			m.gone = w.cal.at(w.week(7), 0, 0)
			m.heat = 1.2 + r.Float64() // a segment whose silence can be seen was not silent before
			m.joined = w.joinTime(r, 0)
		}
	}
	c.hunter = c.of(Work, "member")[12]
	c.hunter.voice, c.hunter.gone, c.hunter.joined = polite, time.Time{}, w.joinTime(r, 0)
	for _, g := range []struct{ pool, community, role string }{
		{"staff-musubira", Work, "staff"}, {"partners", Work, "partner"}, {"outsiders", Work, "outsider"}, {"staff-mizuyarin", Plants, "staff"},
	} {
		names, err := w.names(g.pool)
		if err != nil {
			return err
		}
		for _, n := range names {
			m := add(&member{handle: n, community: g.community, role: g.role, rhythm: officeRhythm(), heat: 1})
			m.joined = w.cal.start.Add(-time.Duration(30+r.IntN(600)) * day)
			if g.role == "outsider" {
				m.rhythm = nightRhythm()
			}
			if g.community == Plants {
				m.style = style{emoji: .5}
			}
		}
	}
	for range 40 {
		m := add(&member{handle: next(), community: Plants, role: "member",
			level: weighted(r, []string{"ブロンズ", "シルバー", "ゴールド"}, []float64{6, 3, 1}),
			voice: w.voice(r, .5, .08, .04), style: w.style(r, 2.4), rhythm: homeRhythm(), heat: .3 + r.ExpFloat64()})
		m.joined = w.joinTime(r, .3)
	}
	w.invitations(r)
	return nil
}

// makeAccounts makes the customer companies. Small plans have few employees, as the price story needs.
func (w *world) makeAccounts(r *rand.Rand, n int) error {
	heads, err := w.names("company-head")
	if err != nil {
		return err
	}
	csm, err := w.names("csm")
	if err != nil {
		return err
	}
	industries := []string{"建設", "設備工事", "製造", "物流", "小売", "介護", "清掃", "飲食"}
	for i := range n {
		ind := industries[i%len(industries)]
		tails, err := w.names("company-tail-" + ind)
		if err != nil {
			return err
		}
		a := &account{id: fmt.Sprintf("a%03d", 100+i), industry: ind, name: heads[i%len(heads)] + tails[(i/len(heads)+i)%len(tails)]}
		switch x := r.Float64(); {
		case x < .5:
			a.plan, a.size, a.ltv = PlanSmall, 5+r.IntN(5), pick(r, "C", "C", "B")
			a.touch, a.csm = pick(r, "テックタッチ", "コミュニティタッチ", "コミュニティタッチ"), "未設定"
		case x < .85:
			a.plan, a.size, a.ltv = PlanMiddle, 12+r.IntN(90), pick(r, "B", "B", "A")
			a.touch, a.csm = pick(r, "ロータッチ", "ロータッチ", "コミュニティタッチ"), csm[r.IntN(len(csm))]
		default:
			a.plan, a.size, a.ltv = PlanLarge, 130+r.IntN(700), pick(r, "A", "S")
			a.touch, a.csm = pick(r, "ハイタッチ", "ハイタッチ", "ロータッチ"), csm[r.IntN(len(csm))]
		}
		a.sites = max(2, min(60, a.size/4+r.IntN(4)))
		a.months = 1 + r.IntN(40)
		a.phase = weighted(r, []string{"導入準備", "利用開始", "本格運用", "拡張"}, []float64{8, 25, 50, 17})
		if a.months < 4 {
			a.phase = pick(r, "導入準備", "利用開始")
		}
		a.since = w.cal.start.AddDate(0, -a.months, r.IntN(20))
		w.cast.accounts = append(w.cast.accounts, a)
	}
	return nil
}

// joinTime draws when a member joined: with probability fresh within the weeks shown, else before.
func (w *world) joinTime(r *rand.Rand, fresh float64) time.Time {
	if r.Float64() < fresh {
		return workRhythm().moment(r, w.cal, 1+r.IntN(w.cal.weeks-2))
	}
	return w.cal.start.Add(-time.Duration(5+r.IntN(700)) * day).Add(time.Duration(r.IntN(86400)) * time.Second)
}

// invitations links some fresh members to somebody who was there before.
func (w *world) invitations(r *rand.Rand) {
	for _, m := range w.cast.members {
		if m.role != "member" || m.joined.Before(w.cal.start) || r.Float64() > .4 {
			continue
		}
		old := w.cast.of(m.community, "member")
		if o := old[r.IntN(len(old))]; o.joined.Before(m.joined) {
			m.invitedBy = o
		}
	}
}

func (w *world) voice(r *rand.Rand, c, k, h float64) voice {
	switch x := r.Float64(); {
	case x < c:
		return casual
	case x < c+k:
		return kansai
	case x < c+k+h:
		return hakata
	}
	return polite
}

// style draws a person's habits; lively scales emoji and the like.
func (w *world) style(r *rand.Rand, lively float64) style {
	var s style
	switch x := r.Float64(); {
	case x < .3:
		s.emoji = min(.9, (.1+.4*r.Float64())*lively)
	case x < .42:
		s.kaomoji = min(.8, (.15+.4*r.Float64())*lively)
	}
	s.typo = []float64{0, .02, .05, .12, .3}[r.IntN(5)]
	s.laugh = .06 * r.Float64() * lively
	s.stretch = .1 * r.Float64() * lively
	s.lines = []float64{0, 0, .15, .6}[r.IntN(4)]
	s.bang = .3 * r.Float64() * min(lively, 1.5)
	s.halfKana = r.Float64() < .05
	s.wideDigits = r.Float64() < .1
	return s
}

func pick(r *rand.Rand, s ...string) string { return s[r.IntN(len(s))] }

func weighted(r *rand.Rand, s []string, weights []float64) string {
	var sum float64
	for _, w := range weights {
		sum += w
	}
	x := r.Float64() * sum
	for i, w := range weights {
		if x -= w; x < 0 {
			return s[i]
		}
	}
	return s[len(s)-1]
}
