package query_test

import (
	"slices"
	"testing"

	"voc/dashboards/query"
)

// The twenty questions are twenty, each has a query of its own, and everyone asks some of them.
func TestTwentyQuestions(t *testing.T) {
	var queries, who []string
	for _, a := range query.Twenty() {
		if _, err := query.Get(a.Query); err != nil {
			t.Error(err)
		}
		if a.Question == "" || slices.Contains(queries, a.Query) {
			t.Errorf("%s is asked twice or for nothing", a.Query)
		}
		queries = append(queries, a.Query)
		who = append(who, a.Who)
	}
	slices.Sort(who)
	if want := []string{"analyst", "cs", "pm"}; len(queries) != 20 || !slices.Equal(slices.Compact(who), want) {
		t.Errorf("%d questions are asked by %v, want 20 by %v", len(queries), slices.Compact(who), want)
	}
}
