package sample

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// world is the state while a community is made. Every draw comes from a source that is named after what it is for,
// so that a change of one story does not shuffle the rest.
type world struct {
	seed    uint64
	cal     calendar
	lib     *library
	cast    cast
	posts   []*post
	said    map[string]int // texts as posted
	uses    map[*text]int
	typos   [][2]string
	chatter *rand.Rand
}

// post is a post while the world is made; ids are given when all are there.
type post struct {
	id        string
	script    string
	story     string
	community string
	source    string
	channel   string
	root      *post
	parent    *post
	author    *member
	at        time.Time
	title     string
	body      string
	clean     string // the body without its typo
	act       string
	mood      string
	rating    int
	accepted  bool
	helpful   int
	edits     []edit
	deleted   time.Time
	ctx       aspects
}

type edit struct {
	at   time.Time
	body string
}

func (p *post) thread() *post {
	if p.root != nil {
		return p.root
	}
	return p
}

func (w *world) rand(label string) *rand.Rand {
	var h uint64 = 14695981039346656037
	for _, c := range []byte(label) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return rand.New(rand.NewPCG(w.seed, h))
}

// week translates a week of the stories, told over twelve weeks, into one of this calendar.
func (w *world) week(n int) int { return w.cal.weeks - storyWeeks + n }

// names returns the texts of a pool that has no slots.
func (w *world) names(pool string) ([]string, error) {
	ts, err := w.lib.pool(pool)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(ts))
	for i, t := range ts {
		out[i] = t.render(w.chatter, nil)
	}
	return out, nil
}

// draw takes any text of a pool that validate has found to exist.
func (w *world) draw(r *rand.Rand, pool string) string {
	ts := w.lib.scripts[pool].open
	return ts[r.IntN(len(ts))].render(r, nil)
}

// slots are the words a text of this member may fill in.
func (w *world) slots(r *rand.Rand, m *member, parent, root *post) map[string]string {
	s := map[string]string{"me": m.handle, "leader": w.cast.tired.handle, "hero": w.cast.hero.handle, "minor": strconv.Itoa(r.IntN(9))}
	if parent != nil {
		s["to"] = parent.author.handle
	}
	if root != nil {
		s["asker"] = root.author.handle
	}
	s["tel"] = fmt.Sprintf("090-0000-%04d", r.IntN(10000))
	s["mail"] = pick(r, "hanako.y", "genba-info", "k.takahashi", "soumu") + strconv.Itoa(r.IntN(90)+10) + "@example." + pick(r, "com", "jp")
	s["person"] = w.draw(r, "person")
	if a := m.account; a != nil {
		s["ind"], s["size"], s["sites"], s["career"] = a.industry, strconv.Itoa(a.size), strconv.Itoa(a.sites), a.career()
		s["plan"], s["company"] = a.plan, a.name
		a.newPrice(s)
	}
	return s
}

// values draws the variables, which stay the same through one thread.
func (s *script) values(r *rand.Rand) map[string]string {
	out := map[string]string{}
	for _, v := range s.vars {
		if len(v.values) > 0 {
			out[v.name] = v.values[r.IntN(len(v.values))]
		} else {
			out[v.name] = strconv.Itoa(v.low + r.IntN(v.high-v.low+1))
		}
	}
	return out
}

// choose takes the text that fits the voice and the open aspects and was used least.
func (w *world) choose(r *rand.Rand, ts []*text, v voice, ctx aspects) *text {
	fits := func(v voice) []*text {
		var out []*text
		for _, t := range ts {
			if _, ok := t.follow(ctx); ok && t.voice == v {
				out = append(out, t)
			}
		}
		return out
	}
	var cand []*text
	if v != polite && r.Float64() < .85 {
		cand = fits(v)
	}
	if len(cand) == 0 {
		cand = fits(polite)
	}
	if len(cand) == 0 && v != polite {
		cand = fits(v)
	}
	if len(cand) == 0 {
		return nil
	}
	least := w.uses[cand[0]]
	for _, t := range cand {
		least = min(least, w.uses[t])
	}
	var rare []*text
	for _, t := range cand {
		if w.uses[t] <= least {
			rare = append(rare, t)
		}
	}
	t := rare[r.IntN(len(rare))]
	w.uses[t]++
	return t
}

// draft is what compose needs to write one text.
type draft struct {
	texts []*text
	act   string
	mood  string
	chat  bool // a support chat: little ceremony
	ctx   aspects
	slots map[string]string
	bare  bool // neither greeting nor closing
}

// compose writes a text in the member's voice and habits. It tries for a text that nobody has posted; short ones may
// repeat, as they do among people. It returns nil when no text fits.
func (w *world) compose(r *rand.Rand, m *member, root bool, d draft) *post {
	mood := d.mood
	if mood == "" {
		mood = "calm"
	}
	var p *post
	for try := range 20 {
		t := w.choose(r, d.texts, m.voice, d.ctx)
		if t == nil {
			return nil
		}
		ctx, _ := t.follow(d.ctx)
		body := t.render(r, d.slots)
		if t.voice == polite {
			body = w.wrap(r, body, m, d, root, try > 6)
		}
		clean := body
		if m.role == "member" || m.role == "leader" || m.community == Plants {
			body, clean = w.dress(r, m, body, mood, d.act != "churn" && (m.role != "staff" || mood != "calm"))
		}
		p = &post{author: m, community: m.community, body: body, clean: clean, act: d.act, mood: d.mood, ctx: ctx}
		if n := w.said[plain(body)]; n == 0 || (len([]rune(body)) < 12 && n < 3) {
			break
		}
		if try%4 != 3 {
			w.uses[t]--
		}
	}
	w.said[plain(p.body)]++
	return p
}

// plain keeps the letters and digits of a text: what is left of it without emoji, line breaks and marks.
func plain(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return c
		}
		return -1
	}, s)
}

// wrap adds what polite people put around what they want to say.
func (w *world) wrap(r *rand.Rand, s string, m *member, d draft, root, eager bool) string {
	if m.role == "staff" {
		return w.wrapStaff(r, s, m, d, root)
	}
	if d.bare || m.role == "outsider" || m.role == "partner" {
		return s
	}
	p := func(chance float64) bool {
		if eager {
			chance = min(1, chance*2)
		}
		return r.Float64() < chance
	}
	if !root {
		return w.wrapReply(r, s, d, p)
	}
	head, tail := w.frame(r, s, d, p, m.community == Plants)
	sep := ""
	if (head != "" || tail != "") && r.Float64() < .3 {
		sep = "\n"
	}
	if head != "" {
		s = head + sep + s
	}
	if tail != "" {
		s += sep + tail
	}
	return s
}

// frame draws a greeting with the writer's situation, and a closing, as far as they do not repeat what the text says.
func (w *world) frame(r *rand.Rand, s string, d draft, p func(float64) bool, plants bool) (head, tail string) {
	greet, closing, often := "greet", "", 1.0
	switch d.act {
	case "question", "level_question":
		closing = "close-ask"
	case "request", "idea":
		closing = "close-request"
	case "bug":
		closing = "close-bug"
	case "complaint", "churn", "upsell":
	default:
		return "", ""
	}
	switch {
	case d.chat:
		greet, closing, often = "greet-chat", "close-chat", .4
	case plants && d.act == "question":
		greet, closing, often = "greet-plants", "close-plants", .7
	case plants:
		return "", ""
	}
	fill := func(pool string) string {
		ts := w.lib.scripts[pool].open
		return ts[r.IntN(len(ts))].render(r, d.slots)
	}
	if p(.3*often) && !startsWith(s, "はじめまして", "お世話", "すみません", "便乗", "正直", "念のため", "さっき", "先ほど", "昨日は", "助けて") {
		g := fill(greet)
		if d.act == "question" || !containsAny(g, "質問", "初歩", "過去の") {
			head = g
		}
	}
	if greet == "greet" && d.act != "level_question" && p(.2) && !containsAny(s, "使い始め", "担当", "今月契約", "導入したばかり", "プラン", "弊社", "はじめて", "名") {
		head += fill("ctx")
	}
	if closing != "" && p(.42*often) {
		c := fill(closing)
		for _, x := range []string{
			"教え", "聞かせ", "やり方", "お願い", "方い", "皆さん", "ご存じ", "検討", "端末", "いませんか", "いますか", "助か", "うれしい", "写真", "わかる方",
		} {
			if strings.Contains(c, x) && strings.Contains(s, x) {
				return head, ""
			}
		}
		tail = c
	}
	return head, tail
}

func startsWith(s string, words ...string) bool {
	return slices.ContainsFunc(words, func(x string) bool { return strings.HasPrefix(s, x) })
}

func containsAny(s string, words ...string) bool {
	return slices.ContainsFunc(words, func(x string) bool { return strings.Contains(s, x) })
}

// wrapStaff adds the set phrases of a support desk to a reply.
func (w *world) wrapStaff(r *rand.Rand, s string, m *member, d draft, root bool) string {
	if root || (d.act != "answer" && d.act != "moderation" && d.act != "greeting") {
		return s
	}
	suffix := ""
	if m.community == Plants {
		suffix = "-plants"
	}
	fill := func(pool string) string {
		ts := w.lib.scripts[pool+suffix].open
		return ts[r.IntN(len(ts))].render(r, d.slots)
	}
	if r.Float64() < .5 && !strings.HasPrefix(s, "運営") && !strings.HasPrefix(s, "お待たせ") && !strings.Contains(s, d.slots["to"]) {
		open := fill("staff-open")
		if !strings.Contains(open, "ありがとう") || !strings.Contains(s, "ありがとう") {
			s = open + s
		}
	}
	if r.Float64() < .3 && !strings.Contains(s, "お願い") && !strings.Contains(s, "ください") && !strings.Contains(s, "でしょうか") && !strings.HasSuffix(s, "か。") {
		s += fill("staff-close")
	}
	return s
}

// wrapReply adds what polite people put around an answer or their thanks.
func (w *world) wrapReply(r *rand.Rand, s string, d draft, p func(float64) bool) string {
	if _, ok := d.slots["size"]; !ok {
		return s // the set phrases are those of the workplace
	}
	fill := func(pool string) string {
		ts := w.lib.scripts[pool].open
		return ts[r.IntN(len(ts))].render(r, d.slots)
	}
	switch d.act {
	case "answer", "tip":
		if p(.25) && !startsWith(s, "横から", "ようこそ", "ありがとう", "ざっくり", "もちろん", "正直", "とりあえず", "遅く", "はい", "気づく", "お気") && !containsAny(s, d.slots["to"]+"さん", "私も", "うちも同じ") {
			s = fill("reply-open") + s
		}
		if p(.18) && !containsAny(s, "確認", "参考", "すみません", "（笑）", "？", "わから", "安心", "おすすめしません", "書きますよ", "お見せします") {
			s += fill("reply-close")
		}
	case "thanks", "resolution":
		if !d.chat && p(.35) && !containsAny(s, "ありがと", "感謝", "おおきに", "助か", "なるほど", "失礼", "お騒がせ", "次から") && !containsAny(s, d.slots["to"]+"さん") {
			s = fill("thanks") + s
		}
	}
	return s
}
