package query_test

import (
	"strings"
	"testing"
	"time"

	"voc/dashboards/query"
)

const good = "-- name: n\n-- title: 題\n-- meaning: 意味。\n-- meaning: 続き。\n-- param: week Date 週\n-- param: topic Array(String) = [] 話題\n-- param: text String = '' 語句\n-- param: n UInt8 = 8 数\n" +
	"SELECT {week:Date}, {topic:Array(String)}, {text:String}, {n:UInt8} /*@part*/\n"

func TestParse(t *testing.T) {
	q, err := query.Parse(good, map[string]string{"part": "FROM posts /*@inner*/", "inner": "WHERE 1"})
	if err != nil {
		t.Fatal(err)
	}
	if q.Name != "n" || q.Title != "題" || q.Meaning != "意味。続き。" || len(q.Params) != 4 || !strings.HasSuffix(q.SQL, "FROM posts WHERE 1") {
		t.Errorf("got %+v", q)
	}
	bound, err := q.Bind(query.Params{"week": time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC)})
	if err != nil || bound["week"] != "2026-11-09" || bound["n"] != uint64(8) || bound["text"] != "" {
		t.Errorf("bound %v (%v)", bound, err)
	}
}

func TestForLeavesOutWhatIsNotAsked(t *testing.T) {
	const (
		topics = "    AND a\n    AND b\n"
		some   = "    AND c\n"
		alone  = "    AND (empty({topic:Array(String)}) OR hasAny(topics, {topic:Array(String)}) OR (d))\n"
		open   = "    AND (empty({topic:Array(String)}) OR (e\n    OR f))\n"
		text   = "    AND ({text:String} = '' OR g)\n"
		two    = "    AND ({text:String} = '' OR h) AND (empty({topic:Array(String)}) OR i)\n"
	)
	q, err := query.Parse(good, map[string]string{"part": "FROM posts\nWHERE 1\n    -- [given topic\n" + topics + "    -- given]\n    -- [given text cost speed\n" + some + "    -- given]\n" +
		alone + open + text + two + "LIMIT 1"})
	if err != nil {
		t.Fatal(err)
	}
	for want, bound := range map[string]map[string]any{
		open + two:                                {"topic": []string{}, "text": ""},
		topics + alone + open + two:               {"topic": []string{"pricing"}, "text": ""},
		open + text + two:                         {"topic": []string{}, "text": "costs"},
		topics + some + alone + open + text + two: {"topic": []string{"pricing"}, "text": "speed"},
	} {
		if got := q.For(bound).SQL; !strings.HasSuffix(got, "WHERE 1\n"+want+"LIMIT 1") {
			t.Errorf("%v: got %s, want %s at the end", bound, got, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	parts := map[string]string{"part": "", "loop": "/*@loop*/"}
	for want, text := range map[string]string{
		"no name":                      strings.Replace(good, "-- name: n\n", "", 1),
		"no title":                     strings.Replace(good, "-- title: 題\n", "", 1),
		"no meaning":                   strings.ReplaceAll(strings.Replace(good, "-- meaning: 意味。\n", "", 1), "-- meaning: 続き。\n", ""),
		"is not understood":            "-- what: x\n" + good,
		"declared and not used":        strings.Replace(good, "{text:String}", "''", 1),
		"used and not declared":        strings.Replace(good, "-- param: n UInt8 = 8 数\n", "", 1),
		"used as UInt64":               strings.Replace(good, "{n:UInt8}", "{n:UInt64}", 1),
		"declared twice":               strings.Replace(good, "-- param: n UInt8", "-- param: n UInt8 = 8 数\n-- param: n UInt8", 1),
		"the default of n is":          strings.Replace(good, "= 8 数", "= 300 数", 1),
		"there is no part":             strings.Replace(good, "@part", "@other", 1),
		"include one another":          strings.Replace(good, "@part", "@loop", 1),
		"[given what, but there is no": strings.Replace(good, "/*@part*/", "\n-- [given what\nAND 1\n-- given]", 1),
		"cannot end with marked lines": strings.Replace(good, "/*@part*/", "\n-- [given text\nAND 1\n-- given]", 1),
		"be empty":                     strings.Replace(good, "/*@part*/", "\n-- [given n\nAND 1\n-- given]", 1),
		"only texts can be compared":   strings.Replace(good, "/*@part*/", "\n-- [given topic pricing\nAND 1\n-- given]", 1),
		"end with -- given]":           strings.Replace(good, "/*@part*/", "\n-- [given text\nAND 1", 1),
		"has the type Map(String)":     strings.ReplaceAll(good, "text String = ''", "text Map(String) = ''"),
	} {
		if want == "has the type Map(String)" {
			text = strings.Replace(text, "{text:String}", "{text:Map(String)}", 1)
		}
		if _, err := query.Parse(text, parts); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestBindRefuses(t *testing.T) {
	q, err := query.Parse(good, map[string]string{"part": ""})
	if err != nil {
		t.Fatal(err)
	}
	for want, p := range map[string]query.Params{
		"week is missing":         {},
		`week is "yesterday"`:     {"week": "yesterday"},
		"there is no parameter x": {"week": "2026-11-09", "x": 1},
		"n is \"256\"":            {"week": "2026-11-09", "n": 256},
		"topic is a int":          {"week": "2026-11-09", "topic": 3},
		"text is a float64":       {"week": "2026-11-09", "text": 1.5},
	} {
		if _, err := q.Bind(p); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	if _, err := query.Get("nothing"); err == nil || !strings.Contains(err.Error(), "topic_weeks") {
		t.Errorf("error %v does not name the queries", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(good)
	f.Add("-- param: a Array(UInt8) = 1,2 x\nSELECT {a:Array(UInt8)}")
	f.Fuzz(func(t *testing.T, text string) {
		q, err := query.Parse(text, map[string]string{"part": "x"})
		if err != nil {
			return
		}
		for _, p := range q.Params {
			if !strings.Contains(q.SQL, "{"+p.Name+":"+string(p.Type)+"}") {
				t.Errorf("%s is not used in %q", p.Name, q.SQL)
			}
		}
	})
}
