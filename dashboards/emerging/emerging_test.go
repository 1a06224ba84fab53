package emerging_test

import (
	"fmt"
	"testing"

	"voc/dashboards/emerging"
	"voc/dashboards/query"
)

// said are eight people who use one word; body gives the text of each.
func said(body func(i int) string) ([]query.WeekText, query.EmergingTerm) {
	term := query.EmergingTerm{Value: "二重請求", Past: []uint64{0, 0, 0, 0}}
	var texts []query.WeekText
	for i := range 8 {
		id := fmt.Sprintf("p%d", i)
		texts = append(texts, query.WeekText{PostID: id, AuthorID: fmt.Sprintf("a%d", i), Body: body(i)})
		term.Posts = append(term.Posts, id)
	}
	return texts, term
}

func TestCampaignIsOneVoice(t *testing.T) {
	own := []string{
		"今月の明細を見たら二重請求になっていました。問い合わせの返事もまだ来ません。", "先週から二重請求が続いていて経理の締めに間に合わないので困っています。",
		"二重請求の件、うちのチームでも三人が同じ目にあいました。原因を知りたいです。", "カードを更新したあとに二重請求されたようです。返金の方法を教えてください。",
		"請求書が二通届きました。これは二重請求ではないのでしょうか。", "サポートに電話したら二重請求は調査中とのこと。早く直してほしい。",
		"年額に切り替えたら二重請求。解約も考えています。", "管理画面では一件なのに銀行では二重請求でした。画面の表示も直してください。",
	}
	for name, c := range map[string]struct {
		body func(i int) string
		want int
	}{
		"eight people in their own words": {func(i int) string { return own[i] }, 1},
		"one text sent by eight accounts": {func(i int) string {
			return fmt.Sprintf("【拡散希望】この会社は二重請求をしています。みなさんも明細を確認して、すぐに解約しましょう。%d", i)
		}, 0},
	} {
		texts, term := said(c.body)
		found, err := emerging.Of(texts, []query.EmergingTerm{term}, 100, []uint64{100, 100, 100, 100})
		if err != nil {
			t.Fatal(err)
		}
		if len(found.Candidates) != c.want {
			t.Errorf("%s: %d candidates, want %d: %+v", name, len(found.Candidates), c.want, found.Candidates)
		}
		if c.want == 1 && len(found.Candidates) == 1 && found.Candidates[0].Authors != 8 {
			t.Errorf("%s: %d authors, want 8", name, found.Candidates[0].Authors)
		}
	}
}

// Terms whose posts were left out, because they did not rise, are tests all the same.
func TestTermsThatDidNotRiseAreTests(t *testing.T) {
	if ratio := emerging.Ask(nil)["ratio"]; ratio != 2.0 {
		t.Errorf("terms are asked for that rose by %v, want 2, since others cannot emerge", ratio)
	}
	texts, term := said(func(i int) string {
		return fmt.Sprintf("二重請求について%dつ目の困りごとを書きます。%d月の分が合いません。", i*i, i+1)
	})
	term.Past = []uint64{2, 1, 3, 2}
	// Many more people than usual, but not twice as many: one of the few terms that are not chance. Without it the other would be
	// found among three terms only.
	usual := query.EmergingTerm{Value: "料金", Authors: 75, Past: []uint64{40, 41, 39, 40}}
	for tested, want := range map[uint64]int{5: 1, 100_000: 0} {
		term.Tested, usual.Tested = tested, tested
		found, err := emerging.Of(texts, []query.EmergingTerm{term, usual}, 100, []uint64{100, 100, 100, 100})
		if err != nil {
			t.Fatal(err)
		}
		if len(found.Candidates) != want {
			t.Errorf("%d candidates among %d terms, want %d: %+v", len(found.Candidates), tested, want, found.Candidates)
		}
	}
}
