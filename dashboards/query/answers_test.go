package query_test

import (
	"testing"

	"voc/dashboards/query"
)

// What stands ready of an answer is asked for only with parameters for which it is the same.
func TestAnswersAreOfWholeWeeks(t *testing.T) {
	for _, c := range []struct {
		name   string
		params query.Params
		want   bool
	}{
		{"attention_reasons", query.Params{"week": "2026-01-05"}, true},
		{"attention_reasons", query.Params{"week": "2026-01-05", "limit": 3}, true},
		{"attention_reasons", query.Params{"week": "2026-01-06"}, false},
		{"question_weeks", query.Params{"from": "2026-01-05", "to": "2026-03-08"}, true},
		{"question_weeks", query.Params{"from": "2026-01-06", "to": "2026-03-09"}, false},
		{"question_weeks", query.Params{"from": "2026-01-12", "to": "2026-03-08"}, false},
		{"question_ledger", query.Params{"from": "2026-01-05", "to": "2026-03-08", "status": []string{"open"}, "limit": 100}, true},
		{"question_ledger", query.Params{"from": "2026-01-05", "to": "2026-03-08", "status": []string{"open"}, "limit": 101}, false},
		{"question_ledger", query.Params{"from": "2026-01-05", "to": "2026-03-08", "status": []string{"open"}, "limit": 100, "sort": "newest"}, false},
		{"question_ledger", query.Params{"from": "2026-01-05", "to": "2026-03-08", "status": []string{"answered"}, "limit": 100}, false},
		{"core_members", query.Params{"week": "2026-01-05"}, false},
	} {
		q, err := query.Get(c.name)
		if err != nil {
			t.Fatal(err)
		}
		bound, err := q.Bind(c.params.With("community", "shop"))
		if err != nil {
			t.Fatal(err)
		}
		if got := q.Answer(bound) != ""; got != c.want {
			t.Errorf("%s with %v is asked of what stands ready: %t, want %t", c.name, c.params, got, c.want)
		}
	}
}
