package faq

import (
	"fmt"
	"testing"

	"voc/dashboards/query"
)

// variants are one question as fifteen people ask it.
func variants() []string {
	return []string{
		"CSVをエクスポートすると文字化けします。どうすればよいでしょうか。",
		"いつもお世話になっております。CSVエクスポートの文字化けを直す方法を教えてください。",
		"エクスポートしたCSVをExcelで開くと文字化けするのですが、同じ方はいますか。",
		"CSVの文字化けで困っています。エクスポートの設定で直せますか?",
		"はじめまして。経理の者です。エクスポートしたCSVが文字化けしてしまいます。回避方法をご存じの方はいらっしゃいますか。",
		"csvエクスポートが文字化けする",
		"CSVのエクスポートで日本語が文字化けします。対処を教えていただけませんか",
		"文字化けしないCSVエクスポートのやり方を知りたいです。",
		"エクスポートのCSV、文字化けしませんか?",
		"昨日から使い始めました。CSVエクスポートが文字化けするのは仕様でしょうか。",
		"CSVファイルをエクスポートして開くと文字化け。どなたか教えてください!",
		"文字化けについて質問です。CSVをエクスポートするときの文字コードは選べますか。",
		"先輩から引き継いだばかりです。CSVエクスポートの文字化け、皆さんはどうしていますか?",
		"CSV エクスポート 文字化け 解決方法ありますか",
		"部署の30人で使っています。CSVのエクスポート結果が文字化けするので、直し方を教えてください。よろしくお願いいたします。",
	}
}

// others are questions about the same topic that must stay apart.
func others() []string {
	return []string{
		"レポートをPDFで印刷する方法を教えてください。", "月次レポートの締め日を変えるにはどうすればよいですか。", "グラフの色を変更できますか。", "ダッシュボードを部署ごとに分けることはできますか。",
		"CSVのインポートで上限は何件までですか。", "定期配信メールの宛先を追加する手順がわかりません。", "集計の単位を千円にするにはどこで設定しますか。", "過去のレポートは何年分残りますか。",
		"CSVの列の順番を入れ替えられますか。", "レポートに会社のロゴを入れられますか?",
	}
}

func TestVariantsOfAQuestionAreOneCandidate(t *testing.T) {
	var list []query.Question
	add := func(asker, body string) {
		list = append(list, query.Question{PostID: fmt.Sprintf("q%02d", len(list)), AuthorID: asker, Body: body, Topics: []string{"reporting"}, Views: uint64(len(list))})
	}
	for i, v := range variants() {
		add(fmt.Sprint("a", i), v)
		if i < len(others()) {
			add(fmt.Sprint("b", i), others()[i])
		}
	}
	groups := Groups(list)
	if g := groups[0]; g.Askers != 15 || len(g.Questions) != 15 {
		for _, q := range g.Questions {
			t.Log(q.Body)
		}
		t.Errorf("the first candidate has %d askers, want 15", g.Askers)
	}
	for _, g := range groups[1:] {
		if g.Askers > 1 {
			t.Errorf("these are not one question:")
			for _, q := range g.Questions {
				t.Log(q.Body)
			}
		}
	}
	// The order of the questions does not matter.
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	if again := Groups(list); again[0].Askers != groups[0].Askers || len(again) != len(groups) {
		t.Errorf("%d groups in one order, %d in the other", len(groups), len(again))
	}
}

func TestOneAskerIsOneVoice(t *testing.T) {
	var list []query.Question
	for i := range 4 {
		list = append(list, query.Question{PostID: fmt.Sprint(i), AuthorID: "same", Body: variants()[0]})
	}
	if g := Groups(list); len(g) != 1 || g[0].Askers != 1 || len(g[0].Questions) != 4 {
		t.Errorf("groups are %+v", g)
	}
}

func TestAsked(t *testing.T) {
	for body, want := range map[string]string{
		"お世話になります。PDFの出力方法を教えてください。よろしくお願いします。": "PDFの出力方法を教えてください。",
		"エラーE-102が出ます。なぜでしょうか。":                 "エラーE-102が出ます。なぜでしょうか。",
		"ただの文です。": "ただの文です。",
		"設定はどこですか?皆さんはいかがでしょうか。": "設定はどこですか?",
	} {
		if got := asked(body); got != want {
			t.Errorf("%q asks %q, want %q", body, got, want)
		}
	}
}

func FuzzSentences(f *testing.F) {
	f.Add("一。二!三?\n四")
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range Sentences(text) {
			if s == "" {
				t.Error("empty sentence")
			}
		}
		_ = features(asked(text))
	})
}
