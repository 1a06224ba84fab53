package quantity_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"voc/analyze/normalize"
	"voc/analyze/quantity"
)

// found lists what Find gives for a text: changes first, then "=" and the other amounts.
func found(text string) string {
	var s quantity.Scanner
	changes, amounts := s.Find(nil, nil, []rune(normalize.New(nil).Fold(text)), 0)
	var out []string
	for _, c := range changes {
		out = append(out, c.Value)
	}
	for _, a := range amounts {
		out = append(out, "="+a.String())
	}
	return strings.Join(out, " ")
}

func TestFind(t *testing.T) {
	tests := []struct{ text, want string }{
		// from and to
		{"請求書の作成が5時間から40分になりました", "5時間→40分"},
		{"確認が90分が15分に", "90分→15分"},
		{"1.5時間かかる作業が10分で終わりました", "1.5時間→10分"},
		{"月次の締めに2日半かかっていたのが半日に", "2.5日→0.5日"},
		{"以前は2時間、今は10分です", "2時間→10分"},
		{"ＣＰＡが８千円から５千円に下がった", "8000円→5000円"},
		{"更新率 71％→84％", "71%→84%"},
		{"エラーが月30件から2件に減った", "30件/月→2件/月"},
		{"平均3日からわずか4時間に", "3日→4時間"},
		{"担当者が6人から2人に減りました", "6人→2人"},
		{"評価が3.1から4.2に", "3.1→4.2"},
		{"3時間の作業が20分に", "3時間→20分"},
		{"半日仕事が30分になりました", "0.5日→30分"},
		{"100枚あった書類が10枚に", "100枚→10枚"},
		{"10人で回していた受付を3人でできるように", "10人→3人"},
		{"昨年は80件、今年は120件です", "80件→120件"},
		{"2時間かけていた日報が10分で終わる", "2時間→10分"},
		{"手戻りが週5回から週1回に", "5回/週→1回/週"},
		// one end or a difference
		{"返信が10分になりました", "→10分"},
		{"継続率が9割になった", "→90%"},
		{"使い始めて3年になります", "=3年"},
		{"返品がゼロ件になった", "→0件"},
		{"月会費が500円値下げ", "-500円"},
		{"10分早く終わった", "-10分"},
		{"入力ミスが0件になった", "→0件"},
		{"登録者が1万人を突破", "→10000人"},
		{"残業が月15時間減った", "-15時間/月"},
		{"年間100時間の工数削減", "-100時間/年"},
		{"印刷代が3割減", "-30%"},
		{"売上が20%アップしました", "+20%"},
		{"成約率が5ポイント上がった", "+5pt"},
		{"1営業日で返せるように", "=1営業日"},
		// multiples
		{"問い合わせが半減", "x0.5"},
		{"作業量が半分になった", "x0.5"},
		{"申込が2.5倍に", "x2.5"},
		{"来場者が倍増しました", "x2"},
		{"売上は前年の3倍。", "x3"},
		{"値段は他社の2倍します", ""},
		{"工数が4分の1になった", "x0.25"},
		// amounts
		{"月3,300円のプランです", "=3300円/月"},
		{"年間12万円", "=120000円/年"},
		{"1日に40件の問い合わせがある", "=40件/日"},
		{"2週間待った", "=2週間"},
		{"5回電話しました", "=5回"},
		{"千円払った", "=1000円"},
		{"三人で使っています", "=3人"},
		{"二回落ちました", "=2回"},
		{"半年使いました", "=0.5年"},
		{"1年半たちました", "=1.5年"},
		{"数百円の差", ""},
		{"何十回も試した", ""},
		{"小学3年生", ""},
		{"二人三脚で", ""},
		{"千葉の百貨店", ""},
		{"25日締めです", ""},
		// neither
		{"3日から5日かかります", "=3日 =5日"},
		{"15時20分に直りました", ""},
		{"1時間20分かかった", "=80分"},
		{"10時から18時まで", ""},
		{"バージョン2から3に上げました", ""},
		{"iOS 17から18に上げました", ""},
		{"iPhone 15から17に変えた", ""},
		{"12月24日に届いた", ""},
		{"2026年から使っています", ""},
		{"5回目の参加です", ""},
		{"2年前に買いました", ""},
		{"第2回から第4回まで", ""},
		{"A4からA3に", ""},
		{"TEL 03-0000-0000", ""},
		{"二度手間で三日坊主", ""},
		{"20代から30代に人気", ""},
		{"1階から3階に移った", ""},
	}
	for _, tt := range tests {
		if got := found(tt.text); got != tt.want {
			t.Errorf("%s: found %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestSpansAreShifted(t *testing.T) {
	var s quantity.Scanner
	text := []rune("集計が3時間から20分になった")
	changes, _ := s.Find(nil, nil, text, 100)
	if len(changes) != 1 {
		t.Fatalf("%d changes, want 1", len(changes))
	}
	if got := string(text[changes[0].Start-100 : changes[0].End-100]); got != "3時間から20分" {
		t.Errorf("span is %q", got)
	}
	if changes[0].Direction != -1 || changes[0].Family != quantity.Time {
		t.Errorf("change is %+v, want less time", changes[0])
	}
}

// TestLongLineIsFast holds that a line of numbers only takes time in proportion to its length.
func TestLongLineIsFast(t *testing.T) {
	var s quantity.Scanner
	rs := []rune(strings.Repeat("3時間だった20分で", 2000))
	start := time.Now()
	s.Find(nil, nil, rs, 0)
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("%d runes took %v", len(rs), d)
	}
}

func FuzzFind(f *testing.F) {
	for _, seed := range []string{"3時間から20分に", "月5万円", "半分に", "11月30日", "1,000,000,000億万円", "99999999999999999999999件減", "0から0に", "分の1に", "1分の1に", "9999999999999999億万千", "1..2,3"} {
		f.Add(seed)
	}
	var s quantity.Scanner
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		rs := []rune(text)
		changes, amounts := s.Find(nil, nil, rs, 0)
		for _, c := range changes {
			if c.Start < 0 || c.End > len(rs) || c.Start >= c.End || c.Value == "" || strings.ContainsAny(c.Value, "NI") {
				t.Fatalf("%q: change %+v", text, c)
			}
		}
		for _, a := range amounts {
			if a.Start < 0 || a.End > len(rs) || a.Start >= a.End || a.Unit == "" {
				t.Fatalf("%q: amount %+v", text, a)
			}
		}
	})
}
