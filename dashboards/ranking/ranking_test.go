package ranking_test

import (
	"fmt"
	"math"
	"testing"

	"voc/dashboards/dashtest"
	"voc/dashboards/query"
	"voc/dashboards/ranking"
	"voc/dashboards/stats"
	"voc/schema/chtest"
	"voc/schema/engine"
)

func TestMain(m *testing.M) { chtest.Main(m) }

// posts are n posts on a topic, written in turn by the authors, each of a company and plan of its own choice.
func posts(in *ranking.Input, topic string, n, authors int, plan string) {
	for i := range n {
		id, author := fmt.Sprintf("%s-%03d", topic, i), fmt.Sprintf("%s-author-%d", topic, i%authors)
		body := fmt.Sprintf("%sについて%d番目に書きます。%sという経験をしました。%d", topic, i, string(rune('亜'+i*37)), i*i*7919)
		in.Texts = append(in.Texts, query.WeekText{PostID: id, AuthorID: author, Body: body, Topics: []string{topic}})
		in.Voices = append(in.Voices, query.WeekVoice{PostID: id, AuthorID: author, AccountID: "company of " + author, Value: plan})
	}
}

// Two people who write sixty posts do not outvote thirty-five who write forty.
func TestOneVoiceOneVote(t *testing.T) {
	in := ranking.Input{Segment: "plan", Mix: []query.CustomerPart{{Segment: "plan", Value: "large", Customers: 30}, {Segment: "plan", Value: "small", Customers: 60}, {Segment: "plan", Value: "quiet", Customers: 10}}}
	posts(&in, "a", 60, 2, "large")
	posts(&in, "b", 40, 35, "small")
	r, err := ranking.Of(in)
	if err != nil {
		t.Fatal(err)
	}
	a, b := r.Row("a"), r.Row("b")
	raw, people := ranking.Places(r.Top(), stats.ByPosts), ranking.Places(r.Top(), stats.ByAuthors)
	if raw["a"] != 1 || raw["b"] != 2 || people["b"] != 1 || people["a"] != 2 {
		t.Errorf("places by posts %v, by authors %v", raw, people)
	}
	if a.Authors != 2 || b.Authors != 35 || a.Accounts != 2 || b.Accounts != 35 || a.Concentration.Mark() != "2人で100%" || b.Concentration.Mark() != "" {
		t.Errorf("a %+v, b %+v", a, b)
	}
	if sum := a.Weighted + b.Weighted; math.Abs(sum-100) > 1e-9 || a.Weighted >= 60 || b.Weighted <= 40 {
		t.Errorf("weighted %v and %v", a.Weighted, b.Weighted)
	}
	if r.Segment != "plan" || len(r.Weights.Silent) != 1 || r.Weights.Silent[0] != "quiet" || math.Abs(r.Weights.SilentCustomers-.1) > 1e-9 {
		t.Errorf("segment %q, silent %v (%v)", r.Segment, r.Weights.Silent, r.Weights.SilentCustomers)
	}
}

// Copies count once in their topic, and their authors as many as they are.
func TestCopiesCountOnce(t *testing.T) {
	in := ranking.Input{Segment: "plan"}
	posts(&in, "b", 10, 10, "")
	for i := range 30 {
		id := fmt.Sprintf("copy-%02d", i)
		in.Texts = append(in.Texts, query.WeekText{PostID: id, AuthorID: fmt.Sprint("x", i%4), Body: "このアプリは最高です。皆さんもぜひ今すぐ無料で登録してお得な特典を受け取ってください。", Topics: []string{"b"}})
	}
	r, err := ranking.Of(in)
	if err != nil {
		t.Fatal(err)
	}
	b := r.Row("b")
	if b.Posts != 40 || b.Unique != 11 || b.Authors != 14 || r.Copies != 29 {
		t.Errorf("%+v, %d copies", b, r.Copies)
	}
	if r.Segment != "" || b.Weighted != 40 {
		t.Errorf("weighted %v by %q without knowing the customers", b.Weighted, r.Segment)
	}
	if none := r.Row("nobody"); none.Posts != 0 || none.Concentration.Mark() != "" {
		t.Errorf("%+v", none)
	}
}

// The same metric by two ways: what is counted here post by post is what the views count, topic by topic.
func TestSameNumbersAsTheViews(t *testing.T) {
	db := chtest.Open(t)
	dashtest.Fill(t, db, 1)
	week := dashtest.Week()
	span := query.Params{"community": dashtest.Community, "from": week, "to": week.AddDate(0, 0, 6)}
	in := ranking.Input{Segment: "plan"}
	reader := db.As(t, engine.Reader)
	for _, err := range []error{
		query.Run(t.Context(), reader, "week_texts", span, &in.Texts), query.Run(t.Context(), reader, "week_voices", span.With("segment", "plan"), &in.Voices),
		query.Run(t.Context(), reader, "customer_mix", query.Params{"community": span["community"], "to": span["to"]}, &in.Mix),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	r, err := ranking.Of(in)
	if err != nil {
		t.Fatal(err)
	}
	var topics []query.TopicWeek
	if err := query.Run(t.Context(), db.Conn, "topic_weeks", query.Params{"community": dashtest.Community, "week": week, "weeks": 0}, &topics); err != nil {
		t.Fatal(err)
	}
	var unknown uint64
	if err := db.Conn.QueryRow(t.Context(), "SELECT count() FROM posts WHERE community = ? AND week = ? AND author_id = ''", dashtest.Community, week).Scan(&unknown); err != nil {
		t.Fatal(err)
	}
	if len(topics) < 5 || len(topics) != len(r.Topics) {
		t.Fatalf("%d topics in the view, %d ranked", len(topics), len(r.Topics))
	}
	for _, want := range topics {
		got := r.Row(want.Topic)
		if got.Posts != want.Posts || unknown == 0 && got.Authors != want.Authors || got.Accounts < want.Accounts || got.Unique > got.Posts || got.Unique == 0 {
			t.Errorf("%s: %+v, the view says %+v", want.Topic, got, want)
		}
	}
	var other []query.CustomerPart
	if err := query.Run(t.Context(), reader, "customer_mix", query.Params{"community": "nobody", "to": span["to"]}, &other); err != nil || len(other) > 0 || len(in.Mix) == 0 {
		t.Errorf("a community that nobody uses has the customers %v (%v)", other, err)
	}
	var posts, weighted float64
	for _, s := range r.Mix {
		posts += float64(s.Posts)
		weighted += float64(s.Posts) * r.Weights.Of(s.Value)
	}
	if r.Segment != "plan" || posts == 0 || math.Abs(posts-weighted) > 1e-6 {
		t.Errorf("by %q: %v posts weigh %v", r.Segment, posts, weighted)
	}
}
