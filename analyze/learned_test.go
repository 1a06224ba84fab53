package analyze_test

import (
	"math"
	"os"
	"reflect"
	"strings"
	"testing"

	"voc/analyze"
)

var modelPosts = []string{
	post, "値段は高いけどサポートは最高です。", "解約も考えましたが、窓口の方の説明で納得しました。", "ボタンの位置が分かりません。教えてください！", "😀", "",
	"箱がつぶれて届いた。中身は無事。", "CSVで出力できませんか？\n> 出力は便利でした\nよろしくお願いします。",
}

// TestExplanationAddsUp holds that the printed weights make up the score, and the score the tag.
func TestExplanationAddsUp(t *testing.T) {
	a := analyzer(t)
	seen := 0
	for _, text := range modelPosts {
		e := a.Explain(analyze.Input{Title: "質問", Body: text})
		for _, v := range e.Model {
			seen++
			sum := 0.0
			for _, r := range v.Reasons {
				sum += r.Weight
				if r.Feature == "" {
					t.Errorf("%q: %s %s has a reason without a name", text, v.Kind, v.Tag)
				}
			}
			if got := v.Bias + v.Scale*sum; math.Abs(got-v.Score) > 0.002 {
				t.Errorf("%q: %s %s: the reasons make %.4f, the score is %.4f", text, v.Kind, v.Tag, got, v.Score)
			}
			if (v.Kind == "topic" || v.Kind == "intent") && v.Given != (v.Score > 0) {
				t.Errorf("%q: %s %s has the score %.2f, but given is %v", text, v.Kind, v.Tag, v.Score, v.Given)
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d verdicts", seen)
	}
}

func TestModelEvidenceOfTitles(t *testing.T) {
	w := analyzer(t).NewWorker()
	var r analyze.Result
	for _, title := range []string{"解約について", "値上げはひどい\xff", "お礼"} {
		for _, body := range modelPosts {
			in := analyze.Input{Title: title, Body: body}
			w.Analyze(in, &r)
			check(t, in, &r)
		}
	}
}

// TestRulesAlone holds that a configuration can leave the model out, which another revision shows.
func TestRulesAlone(t *testing.T) {
	alone, err := analyze.New(analyze.Config{NoModel: true})
	if err != nil {
		t.Fatal(err)
	}
	if alone.Revision() == analyzer(t).Revision() {
		t.Error("with and without the model the revision is the same")
	}
	var want, got analyze.Result
	changed := 0
	for _, text := range modelPosts {
		in := analyze.Input{Body: text}
		alone.NewWorker().Analyze(in, &want)
		analyzer(t).RulesAlone().NewWorker().Analyze(in, &got)
		if !reflect.DeepEqual(want, got) {
			t.Errorf("%q: NoModel and RulesAlone differ", text)
		}
		for _, list := range [][]analyze.Evidence{got.Evidence, evidenceOf(&got)} {
			for _, e := range list {
				if strings.HasPrefix(e.Rule, "model:") {
					t.Errorf("%q: the rules alone name %s", text, e.Rule)
				}
			}
		}
		analyzer(t).NewWorker().Analyze(in, &got)
		if !reflect.DeepEqual(want, got) {
			changed++
		}
		if e := alone.Explain(in); len(e.Model) != 0 {
			t.Errorf("%q: the model explains tags while it is off", text)
		}
	}
	if changed == 0 {
		t.Error("the model changes nothing")
	}
}

func evidenceOf(r *analyze.Result) []analyze.Evidence {
	var out []analyze.Evidence
	for _, t := range r.Topics {
		out = append(out, t.Evidence...)
	}
	for _, i := range r.Intents {
		out = append(out, i.Evidence...)
	}
	return out
}

// TestTopicsOfOthersAreTheirs holds that the model leaves topics alone that the taxonomy does not give to it.
func TestTopicsOfOthersAreTheirs(t *testing.T) {
	text, err := os.ReadFile("taxonomy/examples/car-parts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	a, err := analyze.New(analyze.Config{Taxonomy: text, TaxonomyName: "car-parts.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	w, rules := a.NewWorker(), a.RulesAlone().NewWorker()
	var want, got analyze.Result
	for _, body := range append(modelPosts, "走行中にエンジンが止まった。", "ブレーキの効きが悪く、ディーラーに相談した。", "エアバッグの警告灯が点灯する。") {
		w.Analyze(analyze.Input{Body: body}, &got)
		rules.Analyze(analyze.Input{Body: body}, &want)
		if !reflect.DeepEqual(want.Topics, got.Topics) {
			t.Errorf("%q: topics %v, by the rules alone %v", body, got.Topics, want.Topics)
		}
	}
}

func TestUnknownLearnedTag(t *testing.T) {
	_, err := analyze.New(analyze.Config{TaxonomyName: "mine.yaml", Taxonomy: []byte(`version: 1
name: mine
topics:
  - id: engine
    learned: true
    rules: [{id: words, any: [エンジン]}]
`)})
	if err == nil || !strings.Contains(err.Error(), "engine") || !strings.Contains(err.Error(), "pricing") {
		t.Errorf("error %v, want one that names the topic and those the model knows", err)
	}
}
