package tryout_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"voc/analyze"
	"voc/analyze/taxonomy"
	"voc/analyze/taxonomy/tryout"
)

func config(text string) analyze.Config {
	return analyze.Config{Taxonomy: []byte(text), TaxonomyName: "test.yaml"}
}

func analyzer(t *testing.T, text string) *analyze.Analyzer {
	t.Helper()
	a, err := analyze.New(config(text))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestShippedTaxonomies holds the taxonomies of the repository to what users' own are held to.
func TestShippedTaxonomies(t *testing.T) {
	files, err := filepath.Glob("../examples/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples were found: %v", err)
	}
	for _, file := range append(files, "../default.yaml") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, problems := taxonomy.Check(file, text)
			phrases, err := tryout.Phrases(config(string(text)), nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range append(problems, phrases...) {
				t.Error(p)
			}
			for _, f := range tryout.Test(analyzer(t, string(text))).Failures {
				t.Error(f)
			}
		})
	}
}

func TestTestTellsWhatDoesNotHold(t *testing.T) {
	got := tryout.Test(analyzer(t, `version: 1
topics:
  - id: price
    rules:
      - id: fee
        any: [月額料金]
        examples: {match: [月額料金が高い, 値段が高い], reject: [送料が高い, 月額料金の話]}
      - id: value
        any: [値段]
        examples: {match: [値段が高い], reject: []}
      - id: bare
        any: [送料]
intents:
  - id: answer
    rules:
      - any: [できますよ]
        grammar: [reply]
        examples: {reply: true, match: [設定からできますよ], reject: [できません]}
  - id: notice
    rules:
      - any: [公開しました]
        grammar: [staff]
        examples: {staff: true, match: [新機能を公開しました], reject: [公開します]}
`))
	if got.Rules != 5 || got.Texts != 9 {
		t.Errorf("%d rules and %d texts, want 5 and 9", got.Rules, got.Texts)
	}
	var lines []string
	for _, f := range got.Failures {
		lines = append(lines, f.String())
	}
	want := []string{
		`topic price rule fee: must match "値段が高い"; what fired: [price.value]`,
		`topic price rule fee: must not match "月額料金の話"`,
		`topic price rule value: the rule needs at least one example to match and one to reject`,
		`topic price rule bare: the rule needs at least one example to match and one to reject`,
	}
	if !slices.Equal(lines, want) {
		t.Errorf("failures:\n%s\nwant:\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
}

func TestPhrases(t *testing.T) {
	got, err := tryout.Phrases(config(`version: 1
topics:
  - id: account
    rules:
      - id: cut
        any: [ログイン, 高い。安い, パスワード…忘れる]
        examples: {match: [ログイン], reject: [料金]}
      - id: swallowed
        any: [料金プラン, プランの変更]
        none: [プラン]
        examples: {match: [ログイン], reject: [料金]}
      - id: free
        any: [料金プラン, ログアウト, ラン]
        none: [プラン]
        examples: {match: [ログイン], reject: [料金]}
`), posts("プランの話", "ﾌﾟﾗﾝです", "プランがない", "ログアウトした", "ログアウトする", "ログアウトできない"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`topics account rule cut: the phrase "高い。安い" of any does not match itself`,
		`topics account rule swallowed: each phrase of any holds a phrase of none`,
		`topics account rule free: the phrase "ラン" stands in 3 posts, but always inside a longer word (…プランの話… in 1)`,
		`topics account rule free: ["料金プラン"] hold a phrase of none`,
	}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %q", got, want)
	}
	for i, p := range got {
		if !strings.HasPrefix(p.String(), want[i]) || p.Fatal {
			t.Errorf("got %+v, want a warning that begins with %q", p, want[i])
		}
	}
}

// measured has two topics that stand on the same posts, a child, a rule that never fires and an intent.
const measured = `version: 1
topics:
  - id: price
    rules: [{id: words, any: [料金]}]
    children:
      - id: price/plan
        rules: [{id: words, any: [料金プラン]}]
  - id: bill
    rules: [{id: words, any: [請求]}, {id: idle, any: [督促状]}]
  - id: house
    children:
      - id: house/door
        rules: [{id: words, any: [玄関]}]
      - id: house/bath
        rules: [{id: words, any: [風呂]}]
intents:
  - id: ask
    rules: [{id: words, any: [ですか]}]
`

func posts(texts ...string) []tryout.Post {
	var out []tryout.Post
	for i, s := range texts {
		out = append(out, tryout.Post{ID: fmt.Sprint(i + 1), Input: analyze.Input{Body: s}})
	}
	return out
}

func TestMeasure(t *testing.T) {
	c := tryout.Measure(analyzer(t, measured), posts(
		"料金の請求が来た", "料金と請求の話", "請求された料金", "請求と料金です", "料金の請求ですか", // price and bill
		"料金プランの話", "料金です", "請求", // price and its plan, price, bill
		"玄関と風呂の話", "天気の話ですか"))
	if c.Posts != 10 || c.NoTopic != 1 || c.NoIntent != 8 {
		t.Errorf("%d posts, %d without topic, %d without intent; want 10, 1, 8", c.Posts, c.NoTopic, c.NoIntent)
	}
	wantTopics := []tryout.Count{{ID: "price", Posts: 7}, {ID: "price/plan", Posts: 1}, {ID: "bill", Posts: 6}, {ID: "house", Posts: 1}, {ID: "house/door", Posts: 1}, {ID: "house/bath", Posts: 1}}
	if !slices.Equal(c.Topics, wantTopics) || !slices.Equal(c.Intents, []tryout.Count{{ID: "ask", Posts: 2}}) {
		t.Errorf("topics %v, intents %v; want %v and ask on 2", c.Topics, c.Intents, wantTopics)
	}
	if !slices.Equal(c.Idle, []string{"bill.idle"}) {
		t.Errorf("idle rules %v, want bill.idle", c.Idle)
	}
	want := tryout.Overlap{Small: tryout.Count{ID: "bill", Posts: 6}, Large: tryout.Count{ID: "price", Posts: 7}, Both: 5}
	if len(c.Overlaps) != 1 || c.Overlaps[0] != want {
		t.Errorf("overlaps %+v, want %+v: 5 of 6 posts is over four fifths, and a child may stand on its parent's posts", c.Overlaps, want)
	}
	c = tryout.Measure(analyzer(t, measured), posts("料金の請求", "料金の請求", "料金の請求", "料金の請求", "料金です", "請求"))
	if len(c.Overlaps) != 0 {
		t.Errorf("overlaps %+v, want none: 4 of 5 posts is not over four fifths", c.Overlaps)
	}
}

// TestCompareEqualsBruteForce moves words between topics of the default taxonomy and compares the examples of all its
// rules one by one.
func TestCompareEqualsBruteForce(t *testing.T) {
	file, err := taxonomy.Parse("default.yaml", taxonomy.Default)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, tags := range [][]taxonomy.Tag{file.Topics, file.Intents} {
		taxonomy.Walk(tags, func(tag *taxonomy.Tag, _ string) {
			for _, r := range tag.Rules {
				texts = append(append(texts, r.Examples.Match...), r.Examples.Reject...)
			}
		})
	}
	before := analyzer(t, string(taxonomy.Default))
	after := analyzer(t, `version: 1
inherit: [topics, intents]
words: [激おこ]
topics:
  - id: pricing
    rules: [{id: words, any: [料金, 重い]}]
  - id: heavy
    rules: [{id: words, any: [重い, 画面, です]}]
intents:
  - id: question
    rules: [{id: never, any: [存在しない語句です]}]
`)
	all := posts(texts...)
	got := tryout.Compare(before, after, all, 2)
	topics, intents, turned, changed := bruteForce(before, after, all)
	if got.Posts != len(all) || got.Changed != changed || got.Sentiment.Turned != turned {
		t.Errorf("%d posts, %d changed, %d sentiments; want %d, %d, %d", got.Posts, got.Changed, got.Sentiment.Turned, len(all), changed, turned)
	}
	sameChanges(t, got.Topics, topics)
	sameChanges(t, got.Intents, intents)
	if c := topics["pricing"]; c.Gained == 0 || c.Lost == 0 || topics["heavy"].Gained < 10 || intents["question"].Lost == 0 {
		t.Errorf("the comparison shows too little: %+v %+v", topics, intents)
	}
	for _, c := range got.Topics {
		kinds := map[string]int{}
		for _, e := range c.Examples {
			if kinds[e.How]++; kinds[e.How] > 2 {
				t.Errorf("topic %s has more than two examples of %s", c.ID, e.How)
			}
			if e.How == "gained" && !slices.ContainsFunc(e.Rules, func(r string) bool { return strings.HasPrefix(r, c.ID+".") || r == "model:topic/"+c.ID }) {
				t.Errorf("the example %+v does not name the rule of %s that fired", e, c.ID)
			}
		}
		if c.Gained > 0 && kinds["gained"] != min(2, c.Gained) || c.Lost > 0 && kinds["lost"] != min(2, c.Lost) {
			t.Errorf("topic %s with %d gained and %d lost has the examples %v", c.ID, c.Gained, c.Lost, kinds)
		}
	}
	if d := tryout.Compare(before, before, all, 2); d.Changed != 0 {
		t.Errorf("a taxonomy differs from itself on %d posts", d.Changed)
	}
}

// bruteForce compares the printed tags of each post by itself.
func bruteForce(before, after *analyze.Analyzer, posts []tryout.Post) (topics, intents map[string]tryout.Change, turned, changed int) {
	topics, intents = map[string]tryout.Change{}, map[string]tryout.Change{}
	tags := func(a *analyze.Analyzer, p tryout.Post) (s string, topics, intents map[string]string) {
		var r analyze.Result
		a.NewWorker().Analyze(p.Input, &r)
		topics, intents = map[string]string{}, map[string]string{}
		for _, x := range r.Topics {
			topics[x.ID] = string(x.Sentiment)
		}
		for _, x := range r.Intents {
			intents[x.ID] = "yes"
		}
		return string(r.Sentiment), topics, intents
	}
	count := func(into map[string]tryout.Change, old, now map[string]string) (differs bool) {
		ids := map[string]bool{}
		for id := range old {
			ids[id] = true
		}
		for id := range now {
			ids[id] = true
		}
		for id := range ids {
			c := into[id]
			switch was, is := old[id], now[id]; {
			case was == is:
				c.Before, c.After = c.Before+1, c.After+1
			case was == "":
				c.After, c.Gained, differs = c.After+1, c.Gained+1, true
			case is == "":
				c.Before, c.Lost, differs = c.Before+1, c.Lost+1, true
			default:
				c.Before, c.After, c.Turned, differs = c.Before+1, c.After+1, c.Turned+1, true
			}
			into[id] = c
		}
		return differs
	}
	for _, p := range posts {
		s1, t1, i1 := tags(before, p)
		s2, t2, i2 := tags(after, p)
		if s1 != s2 {
			turned++
		}
		dt, di := count(topics, t1, t2), count(intents, i1, i2)
		if s1 != s2 || dt || di {
			changed++
		}
	}
	return topics, intents, turned, changed
}

func sameChanges(t *testing.T, got []tryout.Change, want map[string]tryout.Change) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d tags, want %d", len(got), len(want))
	}
	for i, c := range got {
		w := want[c.ID]
		if c.Before != w.Before || c.After != w.After || c.Gained != w.Gained || c.Lost != w.Lost || c.Turned != w.Turned {
			t.Errorf("%s: %+v, want %+v", c.ID, c, w)
		}
		if i > 0 && got[i-1].ID >= c.ID {
			t.Errorf("%s stands behind %s", c.ID, got[i-1].ID)
		}
	}
}
