package sink

import (
	"slices"
	"testing"

	"voc/schema"
)

// The sink fills columns by name; the schema says which there are.
func TestColumnsAreThoseOfTheSchema(t *testing.T) {
	compare(t, posts, &schema.PostRow{})
	compare(t, registry, &schema.RegistryRow{})
	compare(t, activity, &schema.ActivityRow{})
	compare(t, accounts, &schema.AccountRow{})
	compare(t, surveys, &schema.SurveyRow{})
	compare(t, outcomes, &schema.OutcomeRow{})
	compare(t, deadLetters, &schema.DeadLetterRow{})
	compare(t, marks, &schema.Window{})
}

func compare[R any](t *testing.T, tab table[R], row schema.Row) {
	t.Helper()
	if tab.name != row.Table() {
		t.Errorf("table %s, want %s", tab.name, row.Table())
	}
	var names []string
	for _, c := range tab.columns {
		names = append(names, c.name)
	}
	want := slices.Clone(row.Columns())
	slices.Sort(names)
	slices.Sort(want)
	if !slices.Equal(names, want) {
		t.Errorf("%s: columns %v, want %v", tab.name, names, want)
	}
}
