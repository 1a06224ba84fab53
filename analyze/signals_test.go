package analyze_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"voc/analyze"
)

// worker makes a worker with the default taxonomy and the given entities.
func worker(t testing.TB, entities string) *analyze.Worker {
	t.Helper()
	cfg := analyze.Config{}
	if entities != "" {
		cfg.Taxonomy = []byte("version: 1\nname: test\ninherit: [topics, intents]\nentities:\n" + entities)
		cfg.TaxonomyName = "test.yaml"
	}
	a, err := analyze.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return a.NewWorker()
}

// signals lists the values of one kind.
func signals(r *analyze.Result, kind string) string {
	var out []string
	for _, s := range r.Signals {
		if s.Kind == kind {
			out = append(out, s.Value)
		}
	}
	return strings.Join(out, " ")
}

func TestSignals(t *testing.T) {
	w := worker(t, `
  - {kind: competitor, value: ハコビル, any: [HakoBiru, 箱ビル]}
  - {kind: plan, value: スタータープラン, any: [スターター]}
`)
	tests := []struct{ kind, text, want string }{
		{"emotion", "やっと直って嬉しい", "joy"},
		{"emotion", "直ったら嬉しいです", ""},
		{"emotion", "別に嬉しくはない", ""},
		{"emotion", "社長が怒っています", ""},
		{"emotion", "また落ちた。もう怒りしかない", "anger"},
		{"emotion", "昨日は上司に怒られました", ""},
		{"emotion", "> 悲しいです\n了解しました", ""},
		{"emotion", "不安がなくなりました", ""},
		{"emotion", "悲しい映画の話をする板です", ""},
		{"emotion", "悲しい気持ちになりました", "sadness"},
		{"emotion", "感動して泣きました", "joy"},
		{"emotion", "線を引く機能を使っています", ""},
		{"emotion", "この値段は正直引く", "disgust"},
		{"emotion", "扇風機のファンの音", ""},
		{"emotion", "ずっとファンです", "affection"},
		{"emotion", "最高すぎる😭", ""},
		{"emotion", "届かない😭", "sadness"},
		{"emotion", "直った(^^)", "joy"},
		{"emotion", "おもしろすぎるw", "fun"},
		{"emotion", "庭の草", ""},
		{"emotion", "それは草", "fun"},
		{"emotion", "www.example.jp を見て", ""},
		{"emotion", "大好きな店です", "affection"},
		{"effort", "何度も電話したのにつながらない", "high"},
		{"effort", "何度もリピートしています", ""},
		{"effort", "何度も使っていて最高です", ""},
		{"effort", "転記がなくなりました", ""},
		{"effort", "毎月手作業で転記しています", "high"},
		{"effort", "以前は手作業でしたが、今は楽です", ""},
		{"effort", "わざわざご連絡いただきありがとうございます", ""},
		{"effort", "マニュアルを3回読み返しました", "high"},
		{"effort", "どこにあるか探し回った", "high"},
		{"opinion_unit", "アプリを更新したら通知が来なくなった", "通知→来る(否定,変化)"},
		{"opinion_unit", "検索が遅い", "検索→遅い"},
		{"opinion_unit", "文字が小さすぎて読めない", "文字→小さい(過度)"},
		{"opinion_unit", "思ったより画面が見づらい", "画面→見づらい"},
		{"opinion_unit", "フロントの対応がとても丁寧でした", "対応→丁寧"},
		{"opinion_unit", "CSVの出力に失敗する", "出力→失敗"},
		{"opinion_unit", "PDFが開けません", "PDF→開ける(否定)"},
		{"opinion_unit", "表示が速くなった", "表示→速い(変化)"},
		{"opinion_unit", "文句なしです", "文句→ない"},
		{"opinion_unit", "高速道路を走行中、エンジンが止まった", "エンジン→止まる"},
		{"opinion_unit", "よろしくお願いします", ""},
		{"opinion_unit", "これが私の答えです", ""},
		{"outcome", "集計が3時間から20分になった", "3時間→20分"},
		{"amount", "月5万円で契約しています", "50000円/月"},
		{"entity", "ハコビルから乗り換えました", "competitor:ハコビル"},
		{"entity", "hakobiruと迷い、スターターにしました", "competitor:ハコビル plan:スタータープラン"},
		{"entity", "ビルの箱", ""},
	}
	var r analyze.Result
	for _, tt := range tests {
		w.Analyze(analyze.Input{Body: tt.text}, &r)
		if got := signals(&r, tt.kind); got != tt.want {
			t.Errorf("%s: %s is %q, want %q", tt.text, tt.kind, got, tt.want)
		}
	}
}

func TestSignalsOfTitleAndBodyAreOne(t *testing.T) {
	w := worker(t, "")
	var r analyze.Result
	w.Analyze(analyze.Input{Title: "ｱﾌﾟﾘが落ちる", Body: "🤔アプリが落ちる。嬉しい！"}, &r)
	i := slices.IndexFunc(r.Signals, func(s analyze.Signal) bool { return s.Kind == analyze.SignalUnit })
	if i < 0 || r.Signals[i].Value != "アプリ→落ちる" || len(r.Signals[i].Evidence) != 2 {
		t.Fatalf("signals %+v, want one unit with two spans", r.Signals)
	}
	title, body := r.Signals[i].Evidence[0], r.Signals[i].Evidence[1]
	if title.Field != analyze.FieldTitle || title.Text != "ｱﾌﾟﾘが落ちる" || body.Field != analyze.FieldBody || body.Start != 1 || body.Text != "アプリが落ちる" {
		t.Errorf("spans %+v and %+v", title, body)
	}
}

func TestReduce(t *testing.T) {
	a, err := analyze.New(analyze.Config{})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		concept string
		forms   []string
	}{
		{"サーバー", []string{"サーバ", "ｻｰﾊﾞｰ"}},
		{"問い合わせ", []string{"問合せ", "問い合せ"}},
		{"スマートフォン", []string{"スマホ", "ｽﾏﾎ"}},
		{"使いづらい", []string{"使いずらい", "使い辛い"}},
		{"ブルベ", []string{"ブルべ"}},
		{"すごい", []string{"すごーーーい", "スゴイ"}},
		{"貸し切り", []string{"貸切り", "貸切"}},
		{"解約", []string{"かいやく", "カイヤク"}},
		{"機能", nil},
		{"昨日", nil},
	}
	seen := map[string]string{}
	for _, tt := range tests {
		want := a.Reduce(tt.concept)
		if other, ok := seen[want]; ok {
			t.Errorf("%s and %s are one", tt.concept, other)
		}
		seen[want] = tt.concept
		for _, f := range tt.forms {
			if got := a.Reduce(f); got != want {
				t.Errorf("%s becomes %q, %s %q", f, got, tt.concept, want)
			}
		}
	}
}

// TestSteadyStateMemory holds that a post costs a worker no memory by its length: only new tags with their spans do.
func TestSteadyStateMemory(t *testing.T) {
	w := worker(t, "")
	var r analyze.Result
	short := "アプリが落ちる。何度も電話したのに返事がない。3時間待った。悲しい。"
	long := short + strings.Repeat("これは駅までの道です。", 200)
	cost := func(text string) float64 {
		w.Analyze(analyze.Input{Body: text}, &r)
		return testing.AllocsPerRun(20, func() { w.Analyze(analyze.Input{Body: text}, &r) })
	}
	if a, b := cost(short), cost(long); b > a+10 {
		t.Errorf("a short post costs %.0f allocations, one of %d runes %.0f", a, utf8.RuneCountInString(long), b)
	}
}

func FuzzSignals(f *testing.F) {
	for _, seed := range []string{"アプリが落ちる😭www", "Σ(ﾟДﾟ)3時間から20分に", "\xff\xfe嬉しい", "(´；ω；｀)", "草", "うまくいかない。半分に", "１１月３０日→→0から0に", "\u3099\u200d👨‍👩‍👧が高い"} {
		f.Add("", seed)
	}
	w := worker(f, "  - {kind: plan, value: プロ}\n")
	var r analyze.Result
	f.Fuzz(func(t *testing.T, title, body string) {
		w.Analyze(analyze.Input{Title: title, Body: body}, &r)
		for _, s := range r.Signals {
			if s.Kind == "" || s.Value == "" || len(s.Evidence) == 0 {
				t.Fatalf("signal %+v lacks a part", s)
			}
			for _, e := range s.Evidence {
				rs := []rune(body)
				if e.Field == analyze.FieldTitle {
					rs = []rune(title)
				}
				if e.Start < 0 || e.Start >= e.End || e.End > len(rs) || string(rs[e.Start:e.End]) != e.Text || e.Rule == "" {
					t.Fatalf("%s %s: span %+v does not lie in %q", s.Kind, s.Value, e, string(rs))
				}
			}
		}
	})
}
