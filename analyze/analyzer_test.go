package analyze_test

import (
	"bufio"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"voc/analyze"
	"voc/analyze/token"
)

var shared = sync.OnceValues(func() (*analyze.Analyzer, error) { return analyze.New(analyze.Config{}) })

func analyzer(t testing.TB) *analyze.Analyzer {
	t.Helper()
	a, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestMinimalPairs holds texts that differ in little and mean the opposite. Each line of the file is a polarity and a
// text; lines that belong together stand together.
func TestMinimalPairs(t *testing.T) {
	f, err := os.Open("testdata/minimal_pairs.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := analyzer(t).NewWorker()
	var r analyze.Result
	sc := bufio.NewScanner(f)
	for n := 1; sc.Scan(); n++ {
		want, text, ok := strings.Cut(sc.Text(), "\t")
		if !ok {
			continue
		}
		w.Analyze(analyze.Input{Body: text}, &r)
		if string(r.Sentiment) != want {
			t.Errorf("line %d: %q is %s (%.2f, %v), want %s", n, text, r.Sentiment, r.Score, r.Evidence, want)
		}
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
}

func TestTopicsHaveTheirOwnPolarity(t *testing.T) {
	var r analyze.Result
	analyzer(t).NewWorker().Analyze(analyze.Input{Body: "値段は高いけどサポートは最高です"}, &r)
	got := map[string]analyze.Sentiment{}
	for _, x := range r.Topics {
		got[x.ID] = x.Sentiment
	}
	want := map[string]analyze.Sentiment{"pricing": analyze.Negative, "support": analyze.Positive}
	if !reflect.DeepEqual(got, want) || r.Sentiment != analyze.Mixed {
		t.Errorf("topics %v, post %s; want %v, mixed", got, r.Sentiment, want)
	}
}

func TestIntents(t *testing.T) {
	w := analyzer(t).NewWorker()
	var r analyze.Result
	for text, want := range map[string]string{
		"一括ダウンロードできると助かります。":   "[request]",
		"一括ダウンロードできて助かりました。":   "[praise]",
		"解約するつもりはありません。":       "[]",
		"解約した人の話を聞きました。":       "[]",
		"CSVで出力できますか？":         "[question]",
		"どうしてこんなに高いんですか？":      "[complaint]",
		"来月からメンテナンスの時間が変わります。": "[]",
	} {
		w.Analyze(analyze.Input{Body: text}, &r)
		ids := []string{}
		for _, i := range r.Intents {
			ids = append(ids, i.ID)
		}
		if got := fmt.Sprint(ids); got != want {
			t.Errorf("%q: intents %s, want %s", text, got, want)
		}
	}
}

func TestSpellingsOfOneConcept(t *testing.T) {
	a := analyzer(t)
	for _, group := range [][]string{{"サーバー", "サーバ", "ｻｰﾊﾞｰ"}, {"問い合わせ", "問合せ", "問い合せ"}, {"スマホ", "ｽﾏﾎ", "スマートフォン"},
		{"使いづらい", "使いずらい", "使い辛い"}, {"ブルベ", "ブルべ"}} {
		for _, w := range group {
			if got := a.Reduce(w); got != a.Reduce(group[0]) {
				t.Errorf("%s is %q, but %s is %q", w, got, group[0], a.Reduce(group[0]))
			}
		}
	}
}

func TestAspect(t *testing.T) {
	w := analyzer(t).NewWorker()
	body := "料理は美味しいが、部屋は汚い。"
	if s, _ := w.AnalyzeAspect(analyze.Input{Body: body}, 0, 2); s != analyze.Positive {
		t.Errorf("料理 is %s, want positive", s)
	}
	if s, _ := w.AnalyzeAspect(analyze.Input{Body: body}, 9, 11); s != analyze.Negative {
		t.Errorf("部屋 is %s, want negative", s)
	}
	if s, _ := w.AnalyzeAspect(analyze.Input{Body: body}, 90, 99); s != analyze.Neutral {
		t.Errorf("a span outside of the body is %s, want neutral", s)
	}
}

// check holds what is promised of every result.
func check(t *testing.T, in analyze.Input, r *analyze.Result) {
	t.Helper()
	lengths := map[analyze.Field]int{analyze.FieldBody: utf8.RuneCountInString(in.Body), analyze.FieldTitle: utf8.RuneCountInString(in.Title)}
	texts := map[analyze.Field][]rune{analyze.FieldBody: []rune(in.Body), analyze.FieldTitle: []rune(in.Title)}
	spans := func(tag string, list []analyze.Evidence) {
		for _, e := range list {
			if e.Start < 0 || e.End < e.Start || e.End > lengths[e.Field] {
				t.Fatalf("%s: span [%d,%d) lies outside of %d runes", tag, e.Start, e.End, lengths[e.Field])
			}
			if got := string(texts[e.Field][e.Start:e.End]); got != e.Text {
				t.Fatalf("%s: text %q, but the span holds %q", tag, e.Text, got)
			}
			if e.Rule == "" {
				t.Fatalf("%s: a span names no rule", tag)
			}
		}
	}
	spans("sentiment", r.Evidence)
	for i, x := range r.Topics {
		spans(x.ID, x.Evidence)
		if len(x.Evidence) == 0 || i > 0 && r.Topics[i-1].ID >= x.ID {
			t.Fatalf("topic %s has no evidence or stands out of order", x.ID)
		}
	}
	for i, x := range r.Intents {
		spans(x.ID, x.Evidence)
		if len(x.Evidence) == 0 || i > 0 && r.Intents[i-1].ID >= x.ID {
			t.Fatalf("intent %s has no evidence or stands out of order", x.ID)
		}
	}
	for _, x := range r.Signals {
		spans(x.Kind, x.Evidence)
	}
	if r.Score < -1 || r.Score > 1 {
		t.Fatalf("score %v", r.Score)
	}
}

var hostile = []string{
	"", " ", "\xff\xfe\x00", "。。。", "「「「", ">>>", "はがのをにで", "ない", "ないないない", "かもしれない", "と思ったら", "(((((^^", "わけではない",
	"ではない。じゃない？", "3時間から", "→→→", "のに", "🙃", "http://", "です。ます。", "しか", "ほど", "どころか", "ざるを得ない", "ずにはいられない", "\u3099\u3099", "だけ",
}

func FuzzAnalyze(f *testing.F) {
	for _, s := range hostile {
		f.Add(s, s)
	}
	f.Add("タイトル", "値段は高いけどサポートは最高です。エラーが出なくなりました！")
	a := analyzer(f)
	f.Fuzz(func(t *testing.T, title, body string) {
		in := analyze.Input{Title: title, Body: body, IsReply: len(body)%2 == 0}
		var first, second analyze.Result
		a.NewWorker().Analyze(in, &first)
		check(t, in, &first)
		w := a.NewWorker()
		w.Analyze(analyze.Input{Body: "別の投稿。とても良い。"}, &second)
		w.Analyze(in, &second)
		if first.Sentiment != second.Sentiment || len(first.Topics) != len(second.Topics) || len(first.Intents) != len(second.Intents) || len(first.Evidence) != len(second.Evidence) {
			t.Fatal("a worker that was used before gives another result")
		}
		w.AnalyzeAspect(in, 0, 3)
	})
}

func TestHostilePosts(t *testing.T) {
	w := analyzer(t).NewWorker()
	var r analyze.Result
	for _, s := range []string{"ア", "😀", "最高", "ない", "w", "「", "。", "値段が高い、", "3時間から20分", "(", "ー"} {
		body := strings.Repeat(s, 20_000/utf8.RuneCountInString(s))
		best := time.Hour
		for range 3 {
			begin := time.Now()
			w.Analyze(analyze.Input{Body: body}, &r)
			best = min(best, time.Since(begin))
		}
		check(t, analyze.Input{Body: body}, &r)
		if len(r.Flags) != 1 || r.Flags[0] != analyze.FlagTruncated {
			t.Errorf("%s: flags %v", s, r.Flags)
		}
		t.Logf("20,000 runes of %s: %s", s, best)
	}
}

func TestConcurrentWorkersAgree(t *testing.T) {
	a := analyzer(t)
	posts := []string{"アプリが重い。", "とても良いサービスです。", "返事がありません。", "検索できると助かります。"}
	want := make([]analyze.Result, len(posts))
	for i, p := range posts {
		a.NewWorker().Analyze(analyze.Input{Body: p}, &want[i])
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			w := a.NewWorker()
			var r analyze.Result
			for n := range 200 {
				w.Analyze(analyze.Input{Body: posts[n%len(posts)]}, &r)
				if r.Sentiment != want[n%len(posts)].Sentiment {
					t.Errorf("%s: %s, want %s", posts[n%len(posts)], r.Sentiment, want[n%len(posts)].Sentiment)
				}
			}
		})
	}
	wg.Wait()
}

func TestConfigErrors(t *testing.T) {
	for name, c := range map[string]struct {
		cfg  analyze.Config
		want string
	}{
		"limit":      {analyze.Config{MaxRunes: -1}, "MaxRunes"},
		"taxonomy":   {analyze.Config{Taxonomy: []byte("version: 7\nname: x\n"), TaxonomyName: "mine.yaml"}, "mine.yaml"},
		"tokenizer":  {analyze.Config{Tokenizer: "mecab"}, "lattice, kagome"},
		"dictionary": {analyze.Config{UserDictionary: []byte("ハコビル verb\n")}, "line 1"},
	} {
		if _, err := analyze.New(c.cfg); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v does not name %s", name, err, c.want)
		}
	}
}

// TestTagsDoNotDependOnTheTokenizer holds kagome's own tokenizer, the fallback, against the one of this repository.
func TestTagsDoNotDependOnTheTokenizer(t *testing.T) {
	reference, err := analyze.New(analyze.Config{Tokenizer: token.Kagome})
	if err != nil {
		t.Fatal(err)
	}
	if reference.Revision() != analyzer(t).Revision() {
		t.Error("the revision depends on the tokenizer")
	}
	texts, err := os.ReadFile("testdata/minimal_pairs.tsv")
	if err != nil {
		t.Fatal(err)
	}
	w, v := analyzer(t).NewWorker(), reference.NewWorker()
	n := 0
	for line := range strings.SplitSeq(string(texts), "\n") {
		_, text, ok := strings.Cut(line, "\t")
		if !ok {
			continue
		}
		n++
		var got, want analyze.Result
		w.Analyze(analyze.Input{Body: text}, &got)
		v.Analyze(analyze.Input{Body: text}, &want)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, with kagome's tokenizer %+v", text, got, want)
		}
	}
	if n < 100 {
		t.Errorf("only %d texts", n)
	}
}

const post = "アプリの動作が遅くて困っていましたが、先週の更新でかなり速くなりました。サポートの対応も丁寧で満足しています。CSVで出力できるとさらに助かります。"

func BenchmarkAnalyze(b *testing.B) {
	w := analyzer(b).NewWorker()
	var r analyze.Result
	b.SetBytes(int64(len(post)))
	b.ReportAllocs()
	for b.Loop() {
		w.Analyze(analyze.Input{Body: post}, &r)
	}
}

func BenchmarkTokenise(b *testing.B) {
	w := analyzer(b).Tokenizer().NewWorker()
	b.SetBytes(int64(len(post)))
	b.ReportAllocs()
	for b.Loop() {
		w.Append(nil, post, 0)
	}
}

func BenchmarkRulesAlone(b *testing.B) {
	w := analyzer(b).RulesAlone().NewWorker()
	var r analyze.Result
	b.SetBytes(int64(len(post)))
	b.ReportAllocs()
	for b.Loop() {
		w.Analyze(analyze.Input{Body: post}, &r)
	}
}
