package sentiment_test

import (
	"testing"

	"voc/analyze"
)

// TestComposition checks one sentence or more for each way of composing a polarity, by the rules alone.
func TestComposition(t *testing.T) {
	a, err := analyze.New(analyze.Config{NoModel: true})
	if err != nil {
		t.Fatal(err)
	}
	const pos, neg, neu = "positive", "negative", "neutral"
	for _, class := range []struct {
		name  string
		posts [][2]string
	}{
		{"denied outright", [][2]string{
			{neg, "こんな画面が使いやすいはずがない。"}, {pos, "この職人さんの仕事に満足しないわけがない。"}, {neg, "この味で満足するわけがない。"},
		}},
		{"granted and no more", [][2]string{
			{neu, "量は足りなくはない。"}, {neu, "味に満足していないわけではない。"}, {neu, "文句を言うほどのことではありません。"}, {neu, "不満とまでは言えない。"},
		}},
		{"denied twice", [][2]string{
			{pos, "問い合わせに答えてもらえないことはなかった。"}, {pos, "ここの手順書が役に立たない日はない。"}, {pos, "続けない理由が見当たらない。"}, {pos, "ここで頼まない手はない。"},
			{neg, "ここで頼む手はない。"}, {pos, "荷物が届かなかったためしがない。"},
		}},
		{"nothing but", [][2]string{{neg, "朝の入力作業は苦痛以外の何物でもない。"}, {neg, "ひどいとしか言いようがない。"}, {neg, "苦情しか出てこない。"}}},
		{"no other like it", [][2]string{{pos, "これほど便利な鞄はない。"}, {neg, "これほど使いにくい鞄はない。"}, {pos, "ここほど親切な店はない。"}}},
		{"beside the point", [][2]string{{neu, "速いに越したことはない。"}, {neu, "電話すれば済む話。"}}},
		{"a bad thing that does not come", [][2]string{
			{pos, "勧誘の電話が来なくなった。"}, {neg, "確認の電話が来なくなった。"}, {pos, "雑音が入らない。"},
		}},
		{"let alone", [][2]string{{neg, "快適どころか苦痛でした。"}, {pos, "不満どころか、前より安くなりました。"}}},
		{"never again", [][2]string{{neg, "二度とここでは受け取らない。"}}},
		{"what would have been", [][2]string{
			{neg, "電話に出てくれていれば、間に合った。"}, {pos, "この控えがなければ困っていた。"}, {neg, "注意書きさえあれば迷わなかったのに。"}, {pos, "無いと困る道具です。"}, {neg, "なくても困らない道具です。"},
		}},
		{"said by others", [][2]string{
			{pos, "地味だと言われるけど大好き。"}, {pos, "遠いと聞いていたが、五分で着いた。"}, {neg, "静かだと聞いていたが、隣が工事中。"},
		}},
		{"in spite of", [][2]string{{pos, "暗い部屋でもきれいに写る。"}, {pos, "弱い電波でも快適に話せる。"}}},
		{"no longer", [][2]string{{pos, "うるさかった部屋が、今では快適です。"}, {pos, "動作が重かった件、直りました。"}}},
		{"seldom", [][2]string{{pos, "不味い店を探すほうが難しい。"}, {neg, "雑音が出ない日のほうが珍しい。"}}},
		{"asking who would", [][2]string{{neg, "この出来で満足する人いる？"}, {pos, "この味が嫌いな人いる？"}, {neu, "髪が絡みやすい人にも使えますか？"}}},
	} {
		t.Run(class.name, func(t *testing.T) {
			w := a.NewWorker()
			var r analyze.Result
			for _, p := range class.posts {
				if w.Analyze(analyze.Input{Body: p[1]}, &r); string(r.Sentiment) != p[0] {
					t.Errorf("%q is %s (%.2f, %v), want %s", p[1], r.Sentiment, r.Score, r.Evidence, p[0])
				}
			}
		})
	}
}
