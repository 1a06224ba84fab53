package eval

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"voc/analyze"
)

// fixed is an analyzer that knows its answers by heart.
type fixed map[string]analyze.Result

func (f fixed) Analyze(in analyze.Input, out *analyze.Result) { *out = f[in.Body] }

func topic(id string, s analyze.Sentiment) analyze.Topic { return analyze.Topic{ID: id, Sentiment: s} }

func intents(ids ...string) []analyze.Intent {
	var out []analyze.Intent
	for _, id := range ids {
		out = append(out, analyze.Intent{ID: id})
	}
	return out
}

var point = Options{Bootstrap: Bootstrap{Resamples: -1}}

// The battery of this test is small enough to count on paper; every expected figure below was.
const battery = `
{"id":"a","text":"高いけど親切","sentiment":"mixed","topics":[{"id":"pricing","sentiment":"negative"},{"id":"support","sentiment":"positive"}],"intents":["complaint","praise"],"phenomena":["contrast"]}
{"id":"b","text":"速い","sentiment":"positive","topics":[{"id":"performance","sentiment":"positive"}],"intents":["praise"],"phenomena":["short"],"pair":"fast"}
{"id":"c","text":"速くない","sentiment":"negative","topics":[{"id":"performance","sentiment":"negative"}],"intents":["complaint"],"phenomena":["negation","short"],"pair":"fast"}
{"id":"d","text":"明日は休みです","sentiment":"neutral","topics":[],"intents":[],"phenomena":["fact"]}
{"id":"e","text":"できなくはない","sentiment":"neutral","also":["positive"],"phenomena":["negation"]}
`

func answers() fixed {
	return fixed{
		"高いけど親切": {Sentiment: analyze.Mixed, Topics: []analyze.Topic{topic("pricing/plan", analyze.Negative), topic("support", analyze.Neutral)}, Intents: intents("praise")},
		"速い":     {Sentiment: analyze.Positive, Topics: []analyze.Topic{topic("performance", analyze.Positive)}, Intents: intents("praise")},
		"速くない": {
			Sentiment: analyze.Positive, Score: 0.5,
			Evidence: []analyze.Evidence{{Start: 0, End: 2, Text: "速く", Rule: "lex.fast"}},
			Topics:   []analyze.Topic{topic("performance", analyze.Positive)}, Intents: intents("praise", "level_question"),
		},
		"明日は休みです": {Sentiment: analyze.Neutral, Topics: []analyze.Topic{topic("contract", analyze.Neutral)}},
		"できなくはない": {Sentiment: analyze.Positive, Topics: []analyze.Topic{topic("feature", analyze.Neutral)}, Intents: intents("praise")},
	}
}

func scored(t *testing.T, battery string, a Analyzer, opt Options) *Report {
	t.Helper()
	items, err := Read(strings.NewReader(battery), "battery")
	if err != nil {
		t.Fatal(err)
	}
	rep, err := Score(items, Run(items, a), opt)
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func TestScoreSentiment(t *testing.T) {
	s := scored(t, battery, answers(), point).Sentiment
	// Right: a, b, d and e, whose second reading is allowed. Wrong: c, a flip.
	if s.Accuracy.Hits != 4 || s.Accuracy.Total != 5 || s.Flips != 1 {
		t.Errorf("accuracy %v with %d flips, want 4 of 5 with 1", s.Accuracy, s.Flips)
	}
	if diff := cmp.Diff([]string{"positive", "negative", "neutral", "mixed"}, s.Labels); diff != "" {
		t.Error(diff)
	}
	// e counts as positive, since that was accepted.
	want := [][]int{{2, 0, 0, 0}, {1, 0, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}}
	if diff := cmp.Diff(want, s.Confusion); diff != "" {
		t.Errorf("confusion (-want +got):\n%s", diff)
	}
	// F1: positive 2·2/(4+1+0) = 0.8, negative 0, neutral 1, mixed 1; macro 0.7.
	if math.Abs(s.MacroF1.Value-0.7) > 1e-12 {
		t.Errorf("macro F1 %v, want 0.7", s.MacroF1.Value)
	}
	if r := s.Classes[0]; r.TP != 2 || r.FP != 1 || r.FN != 0 || r.Precision.Hits != 2 || r.Precision.Total != 3 {
		t.Errorf("row positive = %+v", r)
	}
}

func TestScoreTags(t *testing.T) {
	rep := scored(t, battery, answers(), point)
	// Topics: pricing/plan folds into pricing. Right: pricing, support, performance twice. Wrong: contract on d; feature on e
	// is not judged, because e has no topic labels.
	if m := rep.Topics.Micro; m.TP != 4 || m.FP != 1 || m.FN != 0 {
		t.Errorf("topics micro = %+v, want 4 right, 1 wrong, 0 missed", m)
	}
	// Pairs: support has the wrong polarity (1 wrong, 1 missed), so has performance of c; contract is wrong.
	if m := rep.Pairs.Micro; m.TP != 2 || m.FP != 3 || m.FN != 2 {
		t.Errorf("pairs micro = %+v, want 2 right, 3 wrong, 2 missed", m)
	}
	if p := rep.TopicPolarity; p.Hits != 2 || p.Total != 4 {
		t.Errorf("polarity of found topics %v, want 2 of 4", p)
	}
	// Intents: praise right on a and b, wrong on c; complaint missed twice; level_question is no id of the contract.
	if r, _ := rep.Intents.Row("praise"); r.TP != 2 || r.FP != 1 || r.FN != 0 {
		t.Errorf("praise = %+v", r)
	}
	if r, _ := rep.Intents.Row("complaint"); r.TP != 0 || r.FN != 2 || r.Support() != 2 {
		t.Errorf("complaint = %+v", r)
	}
	if diff := cmp.Diff(map[string]int{"intent level_question": 1}, rep.Unjudged); diff != "" {
		t.Error(diff)
	}
	// Micro: 2·2/(2·2+1+2) = 4/7. Macro: (0.8 + 0)/2.
	if got := rep.Intents.Micro.F1.Value; math.Abs(got-4.0/7) > 1e-12 {
		t.Errorf("intents micro F1 %v, want 4/7", got)
	}
	if got := rep.Intents.MacroF1.Value; math.Abs(got-0.4) > 1e-12 {
		t.Errorf("intents macro F1 %v, want 0.4", got)
	}
	// Exactly right intents: b and d of a, b, c, d.
	if e := rep.Intents.Exact; e.Hits != 2 || e.Total != 4 {
		t.Errorf("exactly right intents %v, want 2 of 4", e)
	}
	if _, ok := rep.Intents.Row("tip"); ok {
		t.Error("a tag that never occurred has a row")
	}
}

func TestScorePhenomenaPairsCoverage(t *testing.T) {
	rep := scored(t, battery, answers(), point)
	var names []string
	for _, p := range rep.Phenomena {
		names = append(names, p.Name)
		if p.Name == "negation" && (p.Posts != 2 || p.Sentiment.Hits != 1 || p.Flips != 1 || p.Pairs.Total != 1) {
			t.Errorf("negation = %+v, want 2 posts, 1 right, 1 flip, 1 judged for topics", p)
		}
	}
	if diff := cmp.Diff([]string{"contrast", "fact", "negation", "short"}, names); diff != "" {
		t.Error(diff)
	}
	if g := rep.PairGroups; g.Hits != 0 || g.Total != 1 {
		t.Errorf("minimal pairs %v, want 0 of 1", g)
	}
	if diff := cmp.Diff([]string{"c"}, rep.PairFlips); diff != "" {
		t.Error(diff)
	}
	if c := rep.Coverage; c.Untagged.Hits != 0 || c.NoIntent.Hits != 1 || c.NoIntent.Total != 5 {
		t.Errorf("coverage = %+v, want all tagged and 1 of 5 without intent", c)
	}
}

func TestMisses(t *testing.T) {
	rep := scored(t, battery, answers(), point)
	var got []string
	for _, m := range rep.Misses {
		for _, d := range m.Diffs {
			got = append(got, m.ID+" "+d.Family+" "+d.Want+">"+d.Got)
		}
	}
	want := []string{
		"c sentiment negative>positive", "c topic performance:negative>performance:positive", "c intent >praise", "c intent complaint>",
		"a topic support:positive>support:neutral", "a intent complaint>",
		"d topic >contract:neutral",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("misses (-want +got):\n%s", diff)
	}
	var text bytes.Buffer
	if err := rep.WriteText(&text, 1); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"c FLIP", "「速く」 lex.fast", "Misses: 1 of 3", "accuracy 80.0%"} {
		if !strings.Contains(text.String(), part) {
			t.Errorf("the text report lacks %q:\n%s", part, text.String())
		}
	}
	if strings.Contains(text.String(), "明日は休み") {
		t.Error("the text report lists more misses than asked for")
	}
}

func TestReportJSON(t *testing.T) {
	rep := scored(t, battery, answers(), point)
	var a, b bytes.Buffer
	if err := rep.WriteJSON(&a); err != nil {
		t.Fatal(err)
	}
	var back Report
	if err := json.Unmarshal(a.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rep, &back); diff != "" {
		t.Errorf("report through JSON (-want +got):\n%s", diff)
	}
	if err := scored(t, battery, answers(), point).WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	if a.String() != b.String() {
		t.Error("the same scoring was written differently")
	}
}

func TestSignals(t *testing.T) {
	const lines = `
{"id":"a","text":"3時間が20分に","signals":[{"kind":"outcome","value":"3時間→20分"}],"also_signals":[{"kind":"amount","value":"20分"}],"judge":["outcome","amount"]}
{"id":"b","text":"月5万円","signals":[{"kind":"amount","value":"50000円/月"}],"judge":["outcome","amount"]}
`
	signal := func(kind, value string) analyze.Signal { return analyze.Signal{Kind: kind, Value: value} }
	rep := scored(t, lines, fixed{
		"3時間が20分に": {Signals: []analyze.Signal{signal("outcome", "3時間→20分"), signal("amount", "20分"), signal("emotion", "joy")}},
		"月5万円":     {Signals: []analyze.Signal{signal("amount", "5円")}},
	}, point)
	if m := rep.Signals["outcome"].Micro; m.TP != 1 || m.FP != 0 || m.FN != 0 {
		t.Errorf("outcome = %+v, want 1 right", m)
	}
	if m := rep.Signals["amount"].Micro; m.TP != 0 || m.FP != 1 || m.FN != 1 {
		t.Errorf("amount = %+v, want 1 wrong and 1 missed; an also-signal is neither", m)
	}
	if rep.Signals["emotion"] != nil {
		t.Error("a kind that is not judged was scored")
	}
	if rep.Sentiment != nil || rep.Topics != nil || rep.Intents != nil {
		t.Error("fields without labels were scored")
	}
}

func TestJudgeLimitsIntents(t *testing.T) {
	const line = `{"id":"a","text":"見られると嬉しい","intents":["request"],"judge":["request","praise"]}`
	rep := scored(t, line, fixed{"見られると嬉しい": {Intents: intents("request", "tip")}}, point)
	if m := rep.Intents.Micro; m.TP != 1 || m.FP != 0 {
		t.Errorf("intents = %+v, want tip to be ignored", m)
	}
	rep = scored(t, line, fixed{"見られると嬉しい": {Intents: intents("request", "praise")}}, point)
	if m := rep.Intents.Micro; m.FP != 1 {
		t.Errorf("intents = %+v, want praise to be wrong", m)
	}
}

func TestMixedOption(t *testing.T) {
	const lines = `{"id":"a","text":"x","sentiment":"positive"}
{"id":"b","text":"y","sentiment":"neutral"}`
	a := fixed{"x": {Sentiment: analyze.Mixed, Score: 0.2}, "y": {Sentiment: analyze.Mixed}}
	for opt, want := range map[MixedAs]int{"": 0, MixedKeep: 0, MixedNeutral: 1, MixedScore: 2} {
		o := point
		o.Mixed = opt
		if got := scored(t, lines, a, o).Sentiment.Accuracy.Hits; got != want {
			t.Errorf("mixed as %q: %d right, want %d", opt, got, want)
		}
	}
	if _, err := Score(nil, nil, Options{Mixed: "maybe"}); err == nil || !strings.Contains(err.Error(), "keep, neutral or score") {
		t.Errorf("unknown option gave %v", err)
	}
	if _, err := Score(make([]Item, 2), nil, point); err == nil {
		t.Error("results of another length were accepted")
	}
}

func TestFoldedTopics(t *testing.T) {
	const line = `{"id":"a","text":"x","topics":[{"id":"pricing","sentiment":"mixed"},{"id":"docs/faq","sentiment":"neutral"},{"id":"search","sentiment":"positive"}]}`
	rep := scored(t, line, fixed{"x": {Topics: []analyze.Topic{
		topic("pricing/plan", analyze.Negative), topic("pricing", analyze.Neutral), topic("pricing/discount", analyze.Positive),
		topic("search/filter", analyze.Neutral), topic("search/sort", analyze.Positive),
		topic("docs/faq", analyze.Neutral), topic("weather", analyze.Positive),
	}}}, point)
	if m := rep.Pairs.Micro; m.TP != 3 || m.FP != 0 || m.FN != 0 {
		t.Errorf("pairs = %+v, want all right: children fold, labelled children stay", m)
	}
	if rep.Unjudged["topic weather"] != 1 {
		t.Errorf("unjudged = %v, want the unknown topic", rep.Unjudged)
	}
}
