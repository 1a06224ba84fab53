package sentiment

import (
	"testing"

	"voc/analyze/parse"
	"voc/analyze/token"
)

func TestSaidBy(t *testing.T) {
	for word, want := range map[string]says{
		"以外": saysExcept, "ともかく": saysExcept, "さておき": saysExcept, "今や": saysNow, "今では": saysNow, "いまや": saysNow, "今": saysNow, "いま": saysNow,
		"現在": saysNow, "方": saysRather, "ほう": saysRather, "どころか": saysLetAlone, "どころ": saysLetAlone, "自業自得": saysOwnFault, "お騒がせ": saysOwnFault,
		"早とちり": saysOwnFault, "勘違い": saysOwnFault, "🙃": saysIrony, "棒": saysIrony, "皮肉": saysIrony, "棒読み": saysIrony, "机": 0, "": 0,
	} {
		d := &parse.Doc{Tokens: []token.Token{{Surface: "机", Base: "机"}, {Surface: word, Base: word}}}
		if got := saidBy(d); got != want {
			t.Errorf("%s says %b, want %b", word, got, want)
		}
	}
	for base, want := range map[string]says{"除く": saysExcept, parse.AtomAngry: saysIrony} {
		d := &parse.Doc{Tokens: []token.Token{{Surface: "机", Base: base}}}
		if got := saidBy(d); got != want {
			t.Errorf("the base %s says %b, want %b", base, got, want)
		}
	}
}
