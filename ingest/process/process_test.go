package process_test

import (
	"reflect"
	"testing"

	"voc/analyze"
	"voc/ingest/process"
	"voc/schema"
)

// The slices of a row share their memory, and none may reach into another.
func TestSetFillsEverySlice(t *testing.T) {
	at := func(start int, rule string) []analyze.Evidence {
		return []analyze.Evidence{{Start: start, End: start + 2, Rule: rule}}
	}
	res := analyze.Result{
		Sentiment: analyze.Mixed, Score: 0.5, Evidence: at(0, "r0"),
		Topics: []analyze.Topic{
			{ID: "pricing", Sentiment: analyze.Negative, Score: -1, Evidence: at(1, "r1")},
			{ID: "design", Sentiment: analyze.Positive, Score: 1, Evidence: []analyze.Evidence{{Start: 2, End: 4, Rule: "r2", Field: analyze.FieldTitle}}},
		},
		Intents: []analyze.Intent{{ID: "request", Evidence: at(3, "r3")}},
		Signals: []analyze.Signal{{Kind: "effort", Value: "high", Evidence: at(4, "r4")}, {Kind: "entity", Value: "voc"}},
		Flags:   []string{"truncated"},
	}
	want := schema.PostRow{
		Sentiment: "mixed", Score: 0.5,
		Topics:  schema.PostTopics{ID: []string{"pricing", "design"}, Sentiment: []string{"negative", "positive"}, Score: []float32{-1, 1}},
		Intents: []string{"request"},
		Signals: schema.PostSignals{Kind: []string{"effort", "entity"}, Value: []string{"high", "voc"}},
		Evidence: schema.PostEvidence{
			Kind:  []string{"sentiment", "topic", "topic", "intent", "signal"},
			Tag:   []string{"mixed", "pricing", "design", "request", "effort=high"},
			Field: []string{"body", "body", "title", "body", "body"},
			Start: []uint32{0, 1, 2, 3, 4}, End: []uint32{2, 3, 4, 5, 6},
			Rule: []string{"r0", "r1", "r2", "r3", "r4"},
		},
		Flags: []string{"truncated"},
	}
	var got schema.PostRow
	process.Set(&got, &res)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	_ = append(got.Topics.ID, "more")
	_ = append(got.Evidence.Kind, "more")
	if !reflect.DeepEqual(got, want) {
		t.Errorf("after something was appended, got  %+v\nwant %+v", got, want)
	}
	if n := testing.AllocsPerRun(10, func() { process.Set(&got, &res) }); n > 4 {
		t.Errorf("%v allocations, want three and one for the signal", n)
	}
	process.Set(&got, &analyze.Result{Sentiment: analyze.Neutral})
	if !reflect.DeepEqual(got, schema.PostRow{Sentiment: "neutral"}) {
		t.Errorf("of an empty result, got %+v", got)
	}
}
