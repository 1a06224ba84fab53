package main

import (
	"reflect"
	"testing"

	"voc/analyze"
	"voc/cmd/internal/config"
)

// What newProcessing lets go of is needed neither by kagome's tokenizer nor by the engine of a later reload.
func TestEnginesAfterTheDictionaryWasReleased(t *testing.T) {
	c := config.Default()
	c.Privacy.Key = "0123456789abcdef0123456789abcdef"
	post := analyze.Input{Body: "突然の値上げ。ｻｰﾊﾞｰが重くて、サポートに問い合わせたが使えない。"}
	var results []analyze.Result
	for _, tokenizer := range []string{"lattice", "kagome", "lattice"} {
		c.Analyze.Tokenizer = tokenizer
		p, err := newProcessing(c)
		if err != nil {
			t.Fatal(err)
		}
		var r analyze.Result
		p.analyzer.NewWorker().Analyze(post, &r)
		results = append(results, r)
	}
	if len(results[0].Topics) == 0 || results[0].Sentiment != analyze.Negative {
		t.Errorf("the tags are %+v", results[0])
	}
	for i, r := range results[1:] {
		if !reflect.DeepEqual(r, results[0]) {
			t.Errorf("engine %d says %+v, the first one %+v", i+2, r, results[0])
		}
	}
}
