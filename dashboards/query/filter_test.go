package query_test

import (
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"voc/dashboards/query"
)

func day(s string) time.Time {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		panic(err)
	}
	return t
}

func fullFilter() query.Filter {
	return query.Filter{
		Community: "既定", From: day("2026-11-09"), To: day("2026-11-15"), ID: []string{"a", "b&c"}, Topic: []string{"pricing/plan", ""}, TopicSentiment: []string{"negative"},
		Intent: []string{"complaint"}, Sentiment: []string{"mixed"}, Source: []string{""}, Channel: []string{"質問 広場"}, Role: []string{"member"}, Account: []string{"x"},
		Author: []string{"y"}, Thread: []string{"t"}, Flag: []string{"f"}, Signal: []string{"opinion_unit=通知→来ない"}, Phrase: []string{"高い"}, Segment: []string{"plan=", "a=b=c"},
		Weekday: []uint8{1, 7}, Hour: []uint8{0, 23}, Reply: "no", Quarantined: "yes", Text: "%_'\\", Sort: "negative", Limit: 10, Offset: 20,
	}
}

func TestFilterPathRoundTrip(t *testing.T) {
	want := fullFilter()
	v := reflect.ValueOf(want)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Fatalf("the test leaves %s empty", v.Type().Field(i).Name)
		}
	}
	u, err := url.Parse(want.Path())
	if err != nil {
		t.Fatal(err)
	}
	got, err := query.ParseFilter(u.Query())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s\ngives %+v\nwant  %+v", want.Path(), got, want)
	}
	if u.Path != query.PostsPath {
		t.Errorf("path %s", u.Path)
	}
}

// Every parameter of the two queries is set by a filter, and every field of a filter reaches them.
func TestFilterReachesEveryParameter(t *testing.T) {
	for name, params := range map[string]query.Params{"posts_list": fullFilter().ListParams(), "posts_count": fullFilter().Params(), "posts_weeks": fullFilter().Params(), "posts_authors": fullFilter().Params()} {
		q, err := query.Get(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := q.Bind(params); err != nil {
			t.Error(err)
		}
		for _, p := range q.Params {
			if _, ok := params[p.Name]; !ok {
				t.Errorf("%s: a filter does not set %s", name, p.Name)
			}
		}
	}
}

func TestParseFilterRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                                             "from and to are needed",
		"from=2026-11-09":                              "from and to are needed",
		"from=09/11/2026&to=2026-11-15":                `from is "09/11/2026"`,
		"from=2026-11-15&to=2026-11-09":                "is before",
		"from=1990-01-01&to=2026-11-09":                "days apart",
		"week=2026-W54":                                "no such week",
		"week=2026-46":                                 "ISO week such as",
		"week=2026-W46&hour=24":                        "hour",
		"week=2026-W46&weekday=0":                      "weekday",
		"week=2026-W46&reply=maybe":                    "reply",
		"week=2026-W46&sort=random":                    "sort",
		"week=2026-W46&limit=100000":                   "limit",
		"week=2026-W46&segment=plan":                   "segment",
		"week=2026-W46&nonsense=1":                     "nonsense is no filter",
		"week=2026-W46&text=%ff":                       "UTF-8",
		"week=2026-W46&" + strings.Repeat("id=&", 201): "id has 201 values",
	} {
		v, err := url.ParseQuery(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := query.ParseFilter(v); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: error %v, want one with %q", text, err, want)
		}
	}
}

func TestWeeks(t *testing.T) {
	for text, monday := range map[string]string{"2026-W46": "2026-11-09", "2026-W01": "2025-12-29", "2020-W53": "2020-12-28", "2027-W01": "2027-01-04"} {
		got, err := query.ParseWeek(text)
		if err != nil || !got.Equal(day(monday)) {
			t.Errorf("%s is %v (%v), want %s", text, got, err, monday)
		}
		if back := query.FormatWeek(day(monday)); back != text {
			t.Errorf("%s is %s, want %s", monday, back, text)
		}
	}
}

// Whatever address is given, parsing ends with an error or with a filter whose own address means the same.
func FuzzParseFilter(f *testing.F) {
	f.Add(strings.TrimPrefix(fullFilter().Path(), query.PostsPath+"?"))
	f.Add("week=2026-W46&topic=&segment=plan%3D")
	f.Add("from=2026-11-09&to=2026-11-15&hour=3&hour=4")
	f.Fuzz(func(t *testing.T, text string) {
		v, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		first, err := query.ParseFilter(v)
		if err != nil {
			return
		}
		u, err := url.Parse(first.Path())
		if err != nil {
			t.Fatal(err)
		}
		second, err := query.ParseFilter(u.Query())
		if err != nil {
			t.Fatalf("%s is refused: %v", first.Path(), err)
		}
		if first.Path() != second.Path() {
			t.Errorf("%s became %s", first.Path(), second.Path())
		}
		q, err := query.Get("posts_list")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := q.Bind(first.ListParams()); err != nil {
			t.Error(err)
		}
	})
}
