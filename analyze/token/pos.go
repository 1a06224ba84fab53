package token

import "strings"

// POS is a part of speech, coarse enough to write rules with and independent of the dictionary's own names.
type POS uint8

// The parts of speech. Other is what no rule asks for.
const (
	Other        POS = iota
	Noun             // 名詞, also proper nouns and unknown words
	NounVerbal       // サ変接続: 対応, 改善
	NounAdj          // 形容動詞語幹: 便利, 丁寧
	NounNai          // ナイ形容詞語幹: 申し訳, 問題 (in front of ない)
	NounAdverb       // 副詞可能: 今, 以前
	NounNumber       // 数
	NounSuffix       // 接尾: さん, 的, 円
	NounDep          // 非自立: こと, の, ため
	NounPron         // 代名詞
	Verb             // 自立
	VerbDep          // 非自立: いる, くれる, しまう
	VerbSuffix       // 接尾: れる, せる
	Adj              // 形容詞
	AdjDep           // 非自立: にくい, ほしい, よい after て
	Adverb           // 副詞
	Adnominal        // 連体詞: この, 大きな
	Conjunction      // 接続詞
	Case             // 格助詞: が, を, に, で
	Quote            // 格助詞 引用: と
	Topical          // 係助詞: は, も
	Joining          // 接続助詞: て, が, ので, けど
	Limiting         // 副助詞: だけ, まで, など
	Final            // 終助詞: ね, よ, か
	Genitive         // 連体化: の
	Listing          // 並立助詞: と, や
	Aux              // 助動詞
	Interjection     // 感動詞
	Prefix           // 接頭詞
	Symbol           // 記号 and everything that is neither letter nor digit
	Comma            // 読点
	Period           // 句点 and the marks that end a sentence
	Open             // 括弧開
	Close            // 括弧閉
	Space            // 空白
)

// IsNoun reports whether p is a noun of any kind, suffixes and dependent nouns included.
func (p POS) IsNoun() bool { return p >= Noun && p <= NounPron }

// IsContentNoun reports whether p can name a thing on its own.
func (p POS) IsContentNoun() bool {
	return p == Noun || p == NounVerbal || p == NounAdj || p == NounNai || p == NounAdverb
}

// IsVerb reports whether p is a verb of any kind.
func (p POS) IsVerb() bool { return p >= Verb && p <= VerbSuffix }

// IsAdj reports whether p is an i-adjective.
func (p POS) IsAdj() bool { return p == Adj || p == AdjDep }

// IsParticle reports whether p is a particle of any kind.
func (p POS) IsParticle() bool { return p >= Case && p <= Listing }

// IsMark reports whether p is punctuation, a bracket, a space or another symbol.
func (p POS) IsMark() bool { return p >= Symbol }

// groups are the names a taxonomy may use, by the Japanese school names.
var groups = map[string]func(POS) bool{
	"名詞":  POS.IsNoun,
	"動詞":  POS.IsVerb,
	"形容詞": POS.IsAdj,
	"形容動詞": func(p POS) bool {
		return p == NounAdj
	},
	"副詞":  func(p POS) bool { return p == Adverb },
	"連体詞": func(p POS) bool { return p == Adnominal },
	"接続詞": func(p POS) bool { return p == Conjunction },
	"感動詞": func(p POS) bool { return p == Interjection },
	"助詞":  POS.IsParticle,
	"助動詞": func(p POS) bool { return p == Aux },
	"記号":  POS.IsMark,
}

// Group gives the test for a part of speech by its Japanese name, and false when there is no such name.
func Group(name string) (func(POS) bool, bool) {
	f, ok := groups[name]
	return f, ok
}

// GroupNames lists the names Group knows.
func GroupNames() string {
	return "名詞, 動詞, 形容詞, 形容動詞, 副詞, 連体詞, 接続詞, 感動詞, 助詞, 助動詞, 記号"
}

// Form is the inflected form of a verb, adjective or auxiliary.
type Form uint8

// The forms rules ask for.
const (
	FormNone        Form = iota
	FormBase             // 基本形: also 体言接続 of な
	FormIrrealis         // 未然形
	FormContinuous       // 連用形, 連用タ接続, 連用テ接続
	FormConditional      // 仮定形, 仮定縮約
	FormImperative       // 命令
	FormNominal          // 体言接続
)

// classify turns the dictionary's features (品詞 and three 細分類) into a POS.
func classify(f []string) POS {
	at := func(i int) string {
		if i < len(f) {
			return f[i]
		}
		return ""
	}
	switch at(0) {
	case "名詞":
		return nounKind(at(1))
	case "動詞":
		switch at(1) {
		case "非自立":
			return VerbDep
		case "接尾":
			return VerbSuffix
		}
		return Verb
	case "形容詞":
		if at(1) == "自立" || at(1) == "" {
			return Adj
		}
		return AdjDep
	case "副詞":
		return Adverb
	case "連体詞":
		return Adnominal
	case "接続詞":
		return Conjunction
	case "助詞":
		return particleKind(at(1), at(2))
	case "助動詞":
		return Aux
	case "感動詞", "フィラー":
		return Interjection
	case "接頭詞":
		return Prefix
	case "記号":
		switch at(1) {
		case "句点":
			return Period
		case "読点":
			return Comma
		case "括弧開":
			return Open
		case "括弧閉":
			return Close
		case "空白":
			return Space
		case "アルファベット":
			return Noun
		}
		return Symbol
	}
	return Other
}

func nounKind(sub string) POS {
	switch sub {
	case "サ変接続":
		return NounVerbal
	case "形容動詞語幹":
		return NounAdj
	case "ナイ形容詞語幹":
		return NounNai
	case "副詞可能":
		return NounAdverb
	case "数":
		return NounNumber
	case "接尾", "特殊":
		return NounSuffix
	case "非自立":
		return NounDep
	case "代名詞":
		return NounPron
	}
	return Noun
}

func particleKind(sub, subsub string) POS {
	switch sub {
	case "格助詞":
		if subsub == "引用" {
			return Quote
		}
		return Case
	case "係助詞":
		return Topical
	case "接続助詞":
		return Joining
	case "終助詞", "間投助詞", "副助詞／並立助詞／終助詞":
		return Final
	case "連体化":
		return Genitive
	case "並立助詞":
		return Listing
	}
	return Limiting
}

func formOf(name string) Form {
	switch {
	case name == "" || name == "*":
		return FormNone
	case strings.HasPrefix(name, "基本形"), strings.HasPrefix(name, "文語基本形"), strings.HasPrefix(name, "音便基本形"):
		return FormBase
	case strings.HasPrefix(name, "未然"):
		return FormIrrealis
	case strings.HasPrefix(name, "連用"), name == "ガル接続":
		return FormContinuous
	case strings.HasPrefix(name, "仮定"):
		return FormConditional
	case strings.HasPrefix(name, "命令"):
		return FormImperative
	case strings.HasPrefix(name, "体言接続"):
		return FormNominal
	}
	return FormNone
}
