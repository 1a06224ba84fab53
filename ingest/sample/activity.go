package sample

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"voc/ingest/event"
)

// activity makes what members do besides writing: views, reactions, acceptances, joining, logins and points.
func (w *world) activity(put putter) {
	r := w.rand("activity")
	n := 0
	send := func(kind string, at time.Time, a event.Activity) {
		if !at.Before(w.cal.end) {
			return
		}
		n++
		a.EventID, a.Event, a.OccurredAt = fmt.Sprintf("act-%06d", n), kind, at
		key := a.PostID
		if key == "" {
			key = a.Author.ID
		}
		put(TopicActivity, key, at, a)
	}
	for _, p := range w.posts {
		if p.source == "community" {
			w.attention(r, p, send)
		}
		w.pointsFor(r, p, send)
	}
	w.presence(r, send)
}

type sender func(kind string, at time.Time, a event.Activity)

// resonance is how much attention a post draws, relative to an ordinary one.
func resonance(p *post) float64 {
	f := 1.0
	if p.root != nil {
		f = .45
	}
	switch {
	case p.script == "hero":
		f = 14
	case p.script == "price-announce" || p.script == "login-known":
		f = 10
	case p.script == "price-staff-answer" || p.script == "login-fix":
		f = 6
	case p.act == "success_story":
		f *= 3
	case p.author.role == "staff" && p.root == nil:
		f *= 2
	case p.act == "spam" || p.act == "reward_driven":
		f *= .3
	}
	if p.accepted {
		f *= 2
	}
	return f
}

func (w *world) attention(r *rand.Rand, p *post, send sender) {
	f := resonance(p)
	scale, reading := 9.0, workRhythm()
	if p.community == Plants {
		scale, reading = 6, homeRhythm()
	}
	if p.root == nil {
		for i, share := range []float64{.6, .25, .15} {
			views := int64(scale * f * share * (.5 + r.Float64()))
			if views == 0 {
				continue
			}
			at := p.at.Add(time.Duration(i*i) * 30 * time.Hour)
			send("viewed", reading.within(r, at), event.Activity{Community: p.community, PostID: p.id, Count: &views})
		}
	}
	like := f * .9
	if p.mood == "angry" || p.act == "question" {
		like *= .6
	}
	seen := map[*member]bool{p.author: true}
	for range int(like*(.3+r.ExpFloat64()*.7) + r.Float64()*.8) {
		at := p.at.Add(delay(r, 9*time.Hour))
		m := w.someone(r, w.cast.of(p.community, "member"), func(m *member) bool { return !seen[m] && m.active(at) })
		if m == nil {
			break
		}
		seen[m] = true
		kind := pick(r, "like", "like", "clap")
		switch {
		case p.mood == "angry" || p.mood == "sad":
			kind = pick(r, "same_here", "same_here", "like")
		case p.act == "answer" || p.act == "tip":
			kind = pick(r, "helpful", "thanks", "like")
		case p.community == Plants:
			kind = pick(r, "like", "heart", "heart")
		}
		send("reacted", m.rhythm.settle(r, at), event.Activity{Community: p.community, PostID: p.id, Author: author(m), Kind: kind})
	}
	if p.accepted {
		root := p.thread()
		send("accepted", root.author.rhythm.settle(r, p.at.Add(delay(r, 5*time.Hour))), event.Activity{Community: p.community, PostID: p.id, Author: author(root.author)})
	}
}

// pointsFor gives the points of writing, asking, answering and being accepted.
func (w *world) pointsFor(r *rand.Rand, p *post, send sender) {
	if p.community != Work || p.source != "community" || p.author.role == "staff" || p.author.role == "outsider" {
		return
	}
	give := func(kind string, points int64, at time.Time) {
		send("point", at, event.Activity{Community: p.community, Author: author(p.author), Kind: kind, Count: &points})
	}
	switch {
	case p.root == nil && p.act == "question":
		give("ask", 5, p.at)
	case p.root == nil:
		give("post", 5, p.at)
	case p.act == "answer":
		give("answer", 10, p.at)
	default:
		give("reply", 2, p.at)
	}
	if p.accepted {
		give("best_answer", 30, p.at.Add(time.Duration(6+r.IntN(60))*time.Hour))
	}
}

// presence makes the joining and the logins.
func (w *world) presence(r *rand.Rand, send sender) {
	for _, m := range w.cast.members {
		if m.role == "outsider" {
			continue
		}
		if !m.joined.Before(w.cal.start) {
			a := event.Activity{Community: m.community, Author: author(m)}
			if m.invitedBy != nil {
				a.InvitedBy = m.invitedBy.id
			}
			send("joined", m.joined, a)
		}
		for week := 1; week <= w.cal.weeks; week++ {
			often := min(5, .4+m.heat*1.4)
			if joined := w.cal.week(m.joined); joined > 0 && week > joined {
				// Of those who are new, part comes back less each week.
				often *= .25 + .75*math.Exp(-float64(week-joined)/3)
			}
			if !m.active(w.cal.at(week, 6, 0)) {
				often *= .1 // who stopped writing looks in once in a while, then no more
			}
			story := week - (w.cal.weeks - storyWeeks)
			if m.community == Work && story == 5 {
				often *= .6
			}
			for range int(often + r.Float64()) {
				at := m.rhythm.moment(r, w.cal, week)
				if at.Before(m.joined) {
					continue
				}
				send("login", at, event.Activity{Community: m.community, Author: author(m),
					Attributes: map[string]string{"device": pick(r, "ios", "android", "android", "web", "web")}})
			}
		}
	}
}

// surveys makes the NPS rounds of the weeks 3, 8 and 11 and the CSAT answers behind support chats.
func (w *world) surveys(put putter) {
	r := w.rand("surveys")
	n := 0
	send := func(m *member, survey, metric, pool string, score float64, at time.Time, talk float64) {
		n++
		s := event.Survey{ResponseID: fmt.Sprintf("sv-%04d", n), SurveyID: survey, Metric: metric, Score: &score, AnsweredAt: at,
			Community: m.community, Author: author(m), Attributes: segment(m)}
		if r.Float64() < talk {
			ts := w.lib.scripts[pool].open
			for range 6 {
				if p := w.compose(r, m, true, draft{texts: ts, bare: true, mood: surveyMood(metric, score), slots: w.slots(r, m, nil, nil)}); p != nil {
					s.Comment = p.body
					if w.said[plain(p.body)] < 2 {
						break
					}
				}
			}
		}
		if at.Before(w.cal.end) {
			put(TopicSurveys, s.ResponseID, at, s)
		}
	}
	for _, round := range []struct {
		week  int
		drift float64
	}{{3, 0}, {8, -1.8}, {11, -.3}} {
		week := w.week(round.week)
		for _, m := range w.cast.of(Work, "member") {
			at := m.rhythm.moment(r, w.cal, week)
			if !m.active(at) || r.Float64() > .62 {
				continue
			}
			drift := round.drift
			if m.account.plan == PlanSmall {
				drift *= 1.6
			}
			score := float64(min(10, max(0, int(8.1+drift+r.NormFloat64()*1.7))))
			pool := "nps-7"
			if score >= 9 {
				pool = "nps-9"
			} else if score <= 6 {
				pool = "nps-4"
			}
			send(m, fmt.Sprintf("nps-w%02d", week), "nps", pool, score, at, .5)
		}
	}
	for _, p := range w.posts {
		if p.source != "chat" || p.root != nil || r.Float64() > .6 {
			continue
		}
		shares := []float64{.05, .08, .17, .35, .35}
		if p.mood == "angry" {
			shares = []float64{.3, .25, .25, .15, .05}
		}
		score := strings.Index("12345", weighted(r, []string{"1", "2", "3", "4", "5"}, shares)) + 1
		pool := "csat-3"
		if score >= 4 {
			pool = "csat-5"
		} else if score <= 2 {
			pool = "csat-1"
		}
		send(p.author, "support-chat", "csat", pool, float64(score), p.at.Add(time.Duration(40+r.IntN(600))*time.Minute), .5)
	}
}

func surveyMood(metric string, score float64) string {
	high := 9.0
	if metric == "csat" {
		high = 4
	}
	switch {
	case score >= high:
		return "happy"
	case score <= high-4+.5:
		return "sad"
	}
	return "calm"
}
