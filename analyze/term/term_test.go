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

func TestName(t *testing.T) {
	table := term.New(normalize.New(nil).Fold, [][]string{{"全然", "ぜんぜん"}, {"Wi-Fi", "ワイファイ"}, {"店舗", "お店"}, {"お店", "みせ"}})
	tests := map[string]string{"ぜんぜん": "全然", "ゼンゼン": "全然", "全然": "全然", "wifi": "wifi", "ワイファイ": "wifi", "お店": "店舗", "みせ": "お店"}
	for in, want := range tests {
		if got, ok := table.Name(in); !ok || got != want {
			t.Errorf("Name(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
	if got, ok := table.Name("全部"); ok {
		t.Errorf("全部 is taken for %q", got)
	}
}
