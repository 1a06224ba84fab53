package taxonomy_test

import (
	"strings"
	"testing"

	"voc/analyze/taxonomy"
)

// good is a taxonomy without a problem; the faulty ones below differ from it in one place.
const good = `version: 1
name: test
topics:
  - id: price
    rules:
      - id: words
        any: [料金, 値段]
        none: [料金所]
        examples:
          match: [料金が高い]
          reject: [料金所を通る]
    children:
      - id: price/plan
        rules:
          - any: [プラン]
            examples: {match: [プランの話], reject: [料金の話]}
intents:
  - id: ask
    rules:
      - grammar: [question]
        examples: {match: [できますか？], reject: [できます。]}
`

func TestCheckFindsNothingWrong(t *testing.T) {
	f, problems := taxonomy.Check("test.yaml", []byte(good))
	if len(problems) != 0 || f == nil || len(f.Topics) != 1 {
		t.Fatalf("got %v and %+v, want the file and no problems", problems, f)
	}
	if _, problems := taxonomy.Check("default.yaml", taxonomy.Default); len(problems) != 0 {
		t.Errorf("the taxonomy that ships with voc: %v", problems)
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name     string
		old, new string
		line     int
		fatal    bool
		want     string
	}{
		{"unknown field", "    rules:\n      - id: words\n", "    rulez: []\n    rules:\n      - id: words\n", 5, true, `unknown field "rulez"`},
		{"unknown field of a rule", "        none: [料金所]\n", "        nun: [料金所]\n", 8, true, `unknown field "nun"`},
		{"key twice", "    rules:\n      - id: words\n", "    id: price\n    rules:\n      - id: words\n", 5, true, "already defined"},
		{"text for a list", "any: [料金, 値段]", "any: 料金", 7, true, "sequence is expected"},
		{"syntax", "any: [料金, 値段]", "any: [料金, 値段", 8, true, "must be specified"},
		{"version", "version: 1", "version: 2", 1, true, "version is 2; write version: 1"},
		{"alias in its own tag", "      - id: price/plan\n", "      - &plan\n        id: price/plan\n        children: [*plan]\n", 0, true, "an alias (*name) stands inside"},
		{"two documents", "name: test\n", "name: test\n---\nname: other\n", 0, true, "more than one YAML document"},
		{"inherit", "name: test", "name: test\ninherit: [topics, colours]", 3, true, `inherit holds "colours"`},
		{"id shape", "id: price/plan", "id: price/Plan", 13, true, "must be lower-case"},
		{"id twice", "id: price/plan", "id: price", 13, true, "used twice"},
		{"child outside its parent", "id: price/plan", "id: cost/plan", 13, true, "must begin with its parent's"},
		{"parent that is not there", "intents:\n", "  - id: support/phone\n    rules: [{any: [電話], examples: {match: [電話], reject: [手紙]}}]\nintents:\n", 17, true, "names a parent support that is not inherited"},
		{"nothing in a tag", "    children:\n      - id: price/plan\n        rules:\n          - any: [プラン]\n            examples: {match: [プランの話], reject: [料金の話]}\n",
			"  - id: empty\n", 12, true, "neither rules nor children"},
		{"rule id shape", "id: words", "id: Words!", 6, true, "the rule id must be"},
		{"rule id twice", "    children:", "      - id: words\n        any: [価格]\n        examples: {match: [価格], reject: [量]}\n    children:", 12, true, `the rule id "words" is used twice`},
		{"no words", "any: [料金, 値段]\n        ", "", 6, true, "can never match"},
		{"empty phrase", "any: [料金, 値段]", `any: [料金, "…値段"]`, 7, true, "is empty"},
		{"all in none", "none: [料金所]", "all: [月額]\n        none: [月額]", 8, true, "stands in none as well, so the rule can never match"},
		{"any in none", "none: [料金所]", "none: [ﾈﾀﾞﾝ, 値段]", 7, false, "can never be the evidence"},
		{"none takes all", "none: [料金所]", "none: [料金, 値段]", 6, true, "none takes back every phrase"},
		{"part of speech", "none: [料金所]", "pos: [動詞句]", 8, true, "part of speech"},
		{"scope", "none: [料金所]", "scope: page", 8, true, `the scope "page" is unknown`},
		{"near", "none: [料金所]", "near: {any: [月], within: 0}", 8, true, "near needs any and a positive within"},
		{"near without a phrase", "      - grammar: [question]", "      - grammar: [question]\n        near: {any: [月], within: 3}", 20, false, "have no effect"},
		{"grammar word", "grammar: [question]", "grammar: [questions]", 20, true, `the grammar word "questions" is unknown`},
		{"grammar both ways", "grammar: [question]", "grammar: [question]\n        not_grammar: [question]", 20, true, "stands in not_grammar as well"},
		{"weak intent", "grammar: [question]", "grammar: [question]\n        weak: true", 21, false, "weak has no effect"},
		{"listed twice", "any: [料金, 値段]", "any: [料金, 値段, 価格|料金]", 7, false, `the phrase "料金" is listed twice`},
		{"listed in width twice", "any: [プラン]", "any: [プラン, ﾌﾟﾗﾝ]", 15, false, `the phrase "プラン" is listed twice`},
		{"two topics share a phrase", "intents:\n", "  - id: shop\n    rules: [{any: [プラン], examples: {match: [プラン], reject: [料金]}}]\nintents:\n", 18, false, "also stands in price/plan"},
		{"no examples", "            examples: {match: [プランの話], reject: [料金の話]}\n", "", 15, false, "needs at least one example"},
		{"no reject", "reject: [料金の話]", "reject: []", 15, false, "needs at least one example"},
		{"example both ways", "reject: [料金の話]", "reject: [プランの話]", 16, true, "stands under match and reject"},
		{"word", "topics:\n", "words: [ブレーキ, a b c]\ntopics:\n", 3, true, "write one word"},
		{"word twice", "topics:\n", "words: [ブレーキ, ブレーキ]\ntopics:\n", 3, false, "stands twice"},
		{"entity", "intents:\n", "entities: [{kind: product}]\nintents:\n", 17, true, "kind and value are both needed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(good, c.old, c.new, 1)
			if text == good {
				t.Fatalf("%q is not in the good file", c.old)
			}
			_, problems := taxonomy.Check("test.yaml", []byte(text))
			if len(problems) != 1 {
				t.Fatalf("got %d problems, want one: %v", len(problems), problems)
			}
			p := problems[0]
			if p.Line != c.line || p.Fatal != c.fatal || !strings.Contains(p.String(), c.want) {
				t.Errorf("got %+v, want line %d, fatal %v, text with %q", p, c.line, c.fatal, c.want)
			}
			_, err := taxonomy.Parse("test.yaml", []byte(text))
			if (err != nil) != c.fatal {
				t.Errorf("Parse gave %v, want an error: %v", err, c.fatal)
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("the error has more than one line: %v", err)
			}
		})
	}
}

func TestCheckEmptyFile(t *testing.T) {
	for _, text := range []string{"", "# nothing but a comment\n"} {
		if f, problems := taxonomy.Check("test.yaml", []byte(text)); f != nil || len(problems) != 1 || !strings.Contains(problems[0].Text, "empty") {
			t.Errorf("Check(%q) = %v, %v; want no file and one problem that says empty", text, f, problems)
		}
	}
}

func TestInherit(t *testing.T) {
	text := `version: 1
inherit: [topics]
topics:
  - id: pricing/discount
    rules: [{any: [学割], examples: {match: [学割が使えない], reject: [料金が高い]}}]
  - id: support
    rules: [{any: [店員], examples: {match: [店員が親切], reject: [料金が高い]}}]
  - id: delivery_box
    rules: [{any: [宅配ボックス], examples: {match: [宅配ボックスが満杯], reject: [料金が高い]}}]
`
	f, err := taxonomy.Parse("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	base, err := taxonomy.Parse("default.yaml", taxonomy.Default)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{}
	rules := map[string]int{}
	taxonomy.Walk(f.Topics, func(tag *taxonomy.Tag, parent string) { ids[tag.ID], rules[tag.ID] = parent, len(tag.Rules) })
	n := 0
	taxonomy.Walk(base.Topics, func(*taxonomy.Tag, string) { n++ })
	if len(ids) != n+2 {
		t.Errorf("%d topics, want the %d inherited ones and two more", len(ids), n)
	}
	if p, ok := ids["pricing/discount"]; !ok || p != "pricing" {
		t.Errorf("pricing/discount stands under %q, want pricing", p)
	}
	if rules["support"] != 1 {
		t.Errorf("support has %d rules, want the one that replaces the inherited", rules["support"])
	}
	if len(f.Intents) != 0 {
		t.Errorf("%d intents, want none: they are not inherited", len(f.Intents))
	}
}

// FuzzParse checks that any bytes are read or refused in one line, and that what is read can be checked again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("version: 1\ntopics:\n  - &a\n    id: a\n    rules: [{any: [x]}]\n    children: [*a]\n"))
	f.Add([]byte("version: 1\ninherit: [topics]\ntopics: [{id: pricing/x, rules: [{any: [a|b…c]}]}]\n"))
	f.Add([]byte("- 1\n- \"\x00\"\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		file, problems := taxonomy.Check("f.yaml", text)
		if file == nil && (len(problems) != 1 || !problems[0].Fatal) {
			t.Fatalf("no file and the problems %v; want one that is fatal", problems)
		}
		lines := strings.Count(string(text), "\n") + 1
		for _, p := range problems {
			if p.Line < 0 || p.Line > lines+strings.Count(string(text), "\r") || p.Text == "" {
				t.Fatalf("the problem %+v stands on no line of %d", p, lines)
			}
		}
	})
}
