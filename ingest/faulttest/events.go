package faulttest

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"voc/ingest/event"
)

// Topics of a seed; the dead letters have one more.
const (
	topicPosts    = "voc.posts"
	topicActivity = "voc.activity"
	topicAccounts = "voc.accounts"
	topicSurveys  = "voc.surveys"
	topicDead     = "voc.deadletter"
)

// partitions of each topic that is read.
var partitions = map[string]int{topicPosts: 3, topicActivity: 2, topicAccounts: 1, topicSurveys: 2}

// Record is one message to produce.
type Record struct {
	Topic     string
	Partition int
	Key       string
	Value     []byte // nil is a null value
	Time      time.Time
	Kind      string // what it tries, for the report
	Aborted   bool   // produced in a transaction that is given up
}

// texts are what members write. None names a person, so that masking leaves them as they are.
var texts = []string{
	"料金プランが高すぎます", "値段は高いけどサポートは最高です", "アプリがよく落ちて困っています", "検索の使い方を教えてください",
	"新しいダッシュボードがとても便利です", "解約を検討しています", "ログインできません", "エクスポート機能を追加してほしいです",
	"ありがとうございます、解決しました", "通知が多すぎて不便です", "画面が見やすくて気に入っています", "今日は天気がいいですね",
	"サポートの返信が遅いです", "配送が早くて助かりました", "連携の設定は設定画面から行えます", "月額プランの値上げには反対です",
	"ガラスが割れました", "液晶のサイズが小さくて残念です", "電池の持ちがとても良いです", "液晶のサイズは最高ですがガラスが弱いです",
}

// taxonomy has topics of three levels whose parents have no rules, beside the default ones: such parents exist in the
// aggregates only.
const taxonomy = `version: 1
name: fault test
inherit: [topics, intents]
topics:
  - id: device
    name: 端末
    children:
      - id: device/screen
        name: 画面部品
        children:
          - id: device/screen/glass
            name: ガラス
            rules:
              - id: words
                any: [ガラス]
                examples: {match: [ガラスが割れた。], reject: [画面が割れた。]}
          - id: device/screen/size
            name: 大きさ
            rules:
              - id: words
                any: [液晶のサイズ]
                examples: {match: [液晶のサイズが小さい。], reject: [靴のサイズが小さい。]}
      - id: device/battery
        name: 電池
        rules:
          - id: words
            any: [電池]
            examples: {match: [電池が長持ちする。], reject: [電車が長い。]}
`

// days are the windows that posts fall into: around a change of the year, which is also one of the ISO week, and
// three that were over long before. They are few, so that one wrong post shows.
var days = []string{"2024-12-28", "2024-12-29", "2024-12-30", "2024-12-31", "2025-01-01", "2025-01-05", "2025-01-06", "2024-02-29", "2023-12-31", "2022-01-02"}

type version int

const (
	explicit version = iota // version is given
	occurred                // occurred_at is given
	neither                 // the time of the record decides
)

type genPost struct {
	community, id string
	at            time.Time
	style         version
	next          uint64
	last          uint64 // last explicit version sent
}

// Generator makes the events of a seed: it is a function of the seed alone.
type Generator struct {
	rng    *rand.Rand
	clock  time.Time
	posts  []*genPost
	taken  map[[2]string]bool // community and id
	sent   []Record
	events int
	jst    *time.Location
	Counts map[string]int
}

// NewGenerator returns the generator of a seed.
func NewGenerator(seed uint64) *Generator {
	jst := time.FixedZone("JST", 9*3600)
	return &Generator{
		rng: rand.New(rand.NewPCG(seed, 1)), jst: jst, Counts: map[string]int{}, taken: map[[2]string]bool{},
		clock: time.Date(2025, 1, 12, 22, 0, 0, 0, jst),
	}
}

// Round makes about n records. Deletions that come before their post stand at its beginning, their posts at its end.
func (g *Generator) Round(n int) []Record {
	var out []Record
	add := func(r Record) {
		g.clock = g.clock.Add(time.Duration(g.rng.IntN(90_000)) * time.Millisecond)
		r.Time = g.clock
		g.Counts[r.Kind]++
		out = append(out, r)
		if r.Value != nil && !r.Aborted {
			g.sent = append(g.sent, r)
		}
	}
	var early []*genPost
	for range 3 {
		p := g.newPost()
		early = append(early, p)
		add(g.post(p, event.Deleted, "deletion before its post", false))
	}
	add(g.bad())
	add(g.survey())
	add(g.activity())
	for range n {
		switch k := g.rng.IntN(100); {
		case k < 26 || len(g.posts) < 5:
			add(g.post(g.newPost(), event.Created, "post", false))
		case k < 50:
			add(g.post(g.old(), event.Edited, "edit", false))
		case k < 58:
			add(g.post(g.old(), event.Edited, "edit that moves the day", true))
		case k < 67:
			add(g.post(g.old(), event.Deleted, "deletion", g.rng.IntN(3) == 0))
		case k < 71:
			add(g.stale())
		case k < 75:
			add(g.equal())
		case k < 82 && len(g.sent) > 0:
			r := g.sent[g.rng.IntN(len(g.sent))]
			r.Kind = "duplicate of the producer"
			add(r)
		case k < 86:
			add(g.bad())
		case k < 91:
			add(g.survey())
		case k < 97:
			add(g.activity())
		case k < 98:
			add(Record{Topic: topicPosts, Partition: g.rng.IntN(3), Key: "gone", Kind: "null value"})
		default:
			add(g.account())
		}
	}
	for i, p := range early {
		if i == 0 {
			// Its version is older than that of the deletion, so that it must stay deleted.
			add(g.postAt(p, event.Created, "post older than its deletion", false, 0))
			continue
		}
		add(g.post(p, event.Created, "post after its deletion", false))
	}
	return out
}

// Bulk makes n posts, each of them once.
func (g *Generator) Bulk(n int) []Record {
	var out []Record
	for range n {
		r := g.post(g.newPost(), event.Created, "post", false)
		g.clock = g.clock.Add(time.Second)
		r.Time = g.clock
		g.Counts[r.Kind]++
		out = append(out, r)
	}
	return out
}

// Late changes only posts whose windows went quiet long ago, and a few of each kind.
func (g *Generator) Late(n int) []Record {
	var out []Record
	g.clock = g.clock.Add(40 * time.Hour)
	for i := range n {
		p := g.posts[g.rng.IntN(max(1, len(g.posts)/2))]
		r := g.post(p, event.Edited, "late edit", i%3 == 0)
		if i%2 == 0 {
			r = g.post(p, event.Deleted, "late deletion", false)
		}
		g.clock = g.clock.Add(time.Second)
		r.Time = g.clock
		g.Counts[r.Kind]++
		out = append(out, r)
	}
	return out
}

// Aborted makes records whose transaction is given up.
func (g *Generator) Aborted(n int) []Record {
	var out []Record
	for range n {
		r := g.post(g.newPost(), event.Created, "aborted transaction", false)
		r.Time, r.Aborted, r.Partition = g.clock, true, n%3
		g.Counts[r.Kind]++
		out = append(out, r)
	}
	return out
}

func (g *Generator) pick(of ...string) string { return of[g.rng.IntN(len(of))] }

func (g *Generator) day() time.Time {
	d, err := time.ParseInLocation(time.DateOnly, days[g.rng.IntN(len(days))], g.jst)
	if err != nil {
		panic(err)
	}
	// Hours around midnight in both zones, to catch a calendar that is not the configured one.
	return d.Add(time.Duration([]int{0, 1, 8, 9, 12, 15, 23}[g.rng.IntN(7)])*time.Hour + time.Duration(g.rng.IntN(3_600_000))*time.Millisecond)
}

func (g *Generator) newPost() *genPost {
	p := &genPost{
		community: g.pick("", "b"), id: fmt.Sprintf("p%d", len(g.posts)), at: g.day(), style: version(g.rng.IntN(3)), next: 1,
	}
	if n := len(g.posts); n > 0 && g.rng.IntN(10) == 0 {
		// Perhaps an id of the other community: ids are unique within a community only.
		if id := g.posts[g.rng.IntN(n)].id; !g.taken[[2]string{p.community, id}] {
			p.id = id
		}
	}
	g.taken[[2]string{p.community, p.id}] = true
	g.posts = append(g.posts, p)
	return p
}

// old picks a post: half of the time a recent one.
func (g *Generator) old() *genPost {
	n := len(g.posts)
	if g.rng.IntN(2) == 0 {
		return g.posts[n-1-g.rng.IntN(min(n, 12))]
	}
	return g.posts[g.rng.IntN(n)]
}

func (g *Generator) stale() Record {
	p := g.old()
	r := g.postAt(p, event.Edited, "edit with an older version", false, uint64(g.rng.IntN(int(p.next))))
	return r
}

func (g *Generator) equal() Record {
	p := g.old()
	return g.postAt(p, event.Edited, "edit with an equal version", false, p.last)
}

func (g *Generator) post(p *genPost, kind event.Kind, what string, move bool) Record {
	v := p.next
	p.next++
	if g.rng.IntN(12) == 0 {
		p.next += uint64(g.rng.IntN(5))
	}
	p.last = v
	return g.postAt(p, kind, what, move, v)
}

func (g *Generator) postAt(p *genPost, kind event.Kind, what string, move bool, v uint64) Record {
	e := event.Post{PostID: p.id, Event: kind, Community: p.community, PostedAt: p.at}
	if kind == event.Created && g.rng.IntN(2) == 0 {
		e.Event = ""
	}
	switch p.style {
	case explicit:
		e.Version = &v
	case occurred:
		e.OccurredAt = p.at.Add(time.Duration(v) * time.Minute)
	}
	if move {
		e.PostedAt = g.day()
	}
	if kind == event.Deleted && !move {
		e.PostedAt = time.Time{}
	}
	if kind != event.Deleted {
		e.Body = texts[g.rng.IntN(len(texts))]
		if g.rng.IntN(3) == 0 {
			e.Body += "。" + texts[g.rng.IntN(len(texts))] + "。"
		}
		if g.rng.IntN(4) == 0 {
			e.Title = texts[g.rng.IntN(len(texts))]
		}
		e.Source, e.Channel = g.pick("", "forum", "sns"), g.pick("", "general", "質問")
		e.Author = event.Author{ID: g.pick("", "u1", "u2", "u3", "u4"), Role: g.pick("", "member", "staff"), AccountID: g.pick("", "a1", "a2"), Level: g.pick("", "gold")}
		if g.rng.IntN(3) == 0 {
			e.ReplyTo, e.ThreadID = "p0", "t0"
		}
		if g.rng.IntN(4) == 0 {
			e.Rating = 1 + float64(g.rng.IntN(9))/2
		}
		e.Views, e.Accepted = uint64(g.rng.IntN(4)), g.rng.IntN(6) == 0
		if g.rng.IntN(3) == 0 {
			e.Reactions = map[string]uint64{"like": uint64(1 + g.rng.IntN(3)), "clap": 1}
			e.Attributes = map[string]string{"plan": g.pick("free", "pro")}
		}
	}
	return Record{Topic: topicPosts, Partition: partition(topicPosts, p.id), Key: p.id, Value: encode(e), Kind: what}
}

func (g *Generator) survey() Record {
	id := fmt.Sprintf("r%d", g.rng.IntN(12))
	score := float64(g.rng.IntN(11))
	s := event.Survey{ResponseID: id, SurveyID: g.pick("", "s1"), Metric: "nps", Score: &score, AnsweredAt: g.day(), Community: g.pick("", "b"),
		Author: event.Author{ID: g.pick("", "u1", "u2"), Role: g.pick("", "member")}}
	kind := "survey"
	if g.rng.IntN(3) > 0 {
		s.Comment, kind = texts[g.rng.IntN(len(texts))], "survey with a comment"
	}
	return Record{Topic: topicSurveys, Partition: partition(topicSurveys, id), Key: id, Value: encode(s), Kind: kind}
}

func (g *Generator) activity() Record {
	g.events++
	count := int64(1 + g.rng.IntN(5))
	a := event.Activity{Event: g.pick("viewed", "reacted", "accepted", "joined", "login", "point"), OccurredAt: g.day(), Community: g.pick("", "b"),
		PostID: "p0", Author: event.Author{ID: g.pick("u1", "u2", "u5"), Role: g.pick("", "member")}, Count: &count}
	if g.rng.IntN(2) == 0 {
		a.EventID = fmt.Sprintf("e%d", g.events)
	}
	return Record{Topic: topicActivity, Partition: g.rng.IntN(partitions[topicActivity]), Key: "x", Value: encode(a), Kind: "activity"}
}

func (g *Generator) account() Record {
	id := g.pick("a1", "a2")
	r := Record{Topic: topicAccounts, Key: id, Kind: "account"}
	if g.rng.IntN(3) > 0 {
		r.Value = encode(event.Account{AccountID: id, ValidFrom: g.day(), Name: "会社"})
	}
	return r
}

// bad makes a message that must become a dead letter; the model finds out by itself why.
func (g *Generator) bad() Record {
	topic := g.pick(topicPosts, topicPosts, topicSurveys, topicActivity)
	value := g.pick(
		`{"post_id":"x","posted_at":`, `[]`,
		`{"posted_at":"2024-12-31T00:00:00Z","body":"本文"}`,
		`{"post_id":"x","event":"moved","posted_at":"2024-12-31T00:00:00Z","body":"本文"}`,
		`{"post_id":"x","posted_at":"2031-01-01T00:00:00Z","body":"本文"}`,
		`{"post_id":"x","posted_at":"2024-12-31T00:00:00Z","body":"本文","surprise":1}`,
	)
	if topic != topicPosts {
		value = g.pick(`{"community":`, `{}`, `{"surprise":1}`)
	}
	return Record{Topic: topic, Partition: g.rng.IntN(partitions[topic]), Key: "bad", Value: []byte(value), Kind: "bad message"}
}

func partition(topic, key string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key))
	return int(h.Sum32()) % partitions[topic]
}

func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
