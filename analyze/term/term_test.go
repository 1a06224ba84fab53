package term_test

import (
	"testing"

	"voc/analyze/normalize"
	"voc/analyze/term"
)

func TestPlain(t *testing.T) {
	tests := map[string]string{
		"サーバー": "サーバ", "ユーザー": "ユーザ", "カレー": "カレー", "バー": "バー", "サーバー管理": "サーバ管理", "メーカー": "メーカ",
		"ヴァイオリン": "バイオリン", "ラヴ": "ラブ", "wi-fi": "wifi", "追加 料金": "追加料金", "q&a": "qa", "3ヶ月": "3か月", "カ月": "か月", "": "",
	}
	for in, want := range tests {
		if got := term.Plain(in); got != want {
			t.Errorf("Plain(%q) = %q, want %q", in, got, want)
		}
	}
}

// read stands for a dictionary's readings.
func read(word string) string {
	return map[string]string{"解約": "カイヤク", "改訳": "カイヤク", "効果": "コウカ", "高価": "コウカ"}[word]
}

func TestStem(t *testing.T) {
	tests := map[string]string{
		"取り扱い": "取扱", "取扱い": "取扱", "取扱": "取扱", "申し込む": "申込", "貸し切り": "貸切", "高い": "高い", "届かない": "届かない",
		"読み込みない": "読み込みない", "気に入り": "気に入り", "サーバ落ち": "サーバ落ち", "分かりやすい": "分かりやすい",
	}
	for in, want := range tests {
		if got := term.Stem(in); got != want {
			t.Errorf("Stem(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestName(t *testing.T) {
	table := term.New(normalize.New(nil).Fold, read, [][]string{{"全然", "ぜんぜん"}, {"Wi-Fi", "ワイファイ"}, {"店舗", "お店"}, {"お店", "みせ"}, {"解約"}, {"効果"}, {"高価"}})
	tests := map[string]string{"かいやく": "解約", "カイヤク": "解約", "ぜんぜん": "全然", "ゼンゼン": "全然", "全然": "全然", "wifi": "wifi", "ワイファイ": "wifi", "お店": "店舗", "みせ": "店舗"}
	for in, want := range tests {
		if got, ok := table.Name(in); !ok || got != want {
			t.Errorf("Name(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
	for _, in := range []string{"全部", "こうか", "改訳"} {
		if got, ok := table.Name(in); ok {
			t.Errorf("%s is taken for %q", in, got)
		}
	}
}
