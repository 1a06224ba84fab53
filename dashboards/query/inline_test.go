package query_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"voc/dashboards/dashtest"
	"voc/dashboards/query"
	"voc/schema/chtest"
)

// A query gives the same rows whether its values are sent as parameters or stand in the text.
func inlineIsTheSame(t *testing.T, db *chtest.DB, _ dashtest.Truths) {
	all, err := query.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range all {
		exprs := map[string]string{}
		for name, v := range sampleParams(q) {
			switch v := v.(type) {
			case time.Time:
				exprs[name] = query.Literal(v.Format(time.DateOnly))
			case []string:
				exprs[name] = "['" + strings.Join(v, "', '") + "']"
			default:
				exprs[name] = query.Literal(fmt.Sprint(v))
			}
			if q.Name == "topic_phrases" || q.Name == "topic_threads" {
				exprs["topic"] = "['pricing/plan']"
			}
		}
		sql, err := q.Inline(exprs)
		if err != nil {
			t.Fatal(err)
		}
		args, err := q.Args(sampleParams(q))
		if err != nil {
			t.Fatal(err)
		}
		want, have := db.Query(t, q.SQL, args...), db.Query(t, sql)
		if len(want) != len(have) || strings.Join(want, "\n") != strings.Join(have, "\n") {
			t.Errorf("%s gives %d rows with parameters and %d others without", q.Name, len(want), len(have))
		}
	}
}

func TestInlineRefuses(t *testing.T) {
	q := query.Query{Name: "x", SQL: "SELECT {a:String}, {b:Array(String)}, {c:UInt8}", Params: []query.Param{
		{Name: "a", Type: query.String, Required: true, Meaning: "m"}, {Name: "b", Type: query.StringArray, Default: `p,q'r\`}, {Name: "c", Type: query.UInt8, Default: "8"},
	}}
	for _, c := range []struct {
		exprs map[string]string
		want  string
	}{
		{nil, "a is missing"}, {map[string]string{"a": "'1'", "z": "2"}, "no parameter z"},
	} {
		if _, err := q.Inline(c.exprs); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Inline(%v) gives %v", c.exprs, err)
		}
	}
	have, err := q.Inline(map[string]string{"a": "f(1)"})
	if want := `SELECT CAST(f(1), 'String'), CAST(['p', 'q\'r\\'], 'Array(String)'), CAST(8, 'UInt8')`; err != nil || have != want {
		t.Errorf("Inline gives %s (%v), not %s", have, err, want)
	}
}

// What an expression gives is not known, so that no line may be left out for it.
func TestInlineKeepsWhatAnExpressionMayNeed(t *testing.T) {
	q, err := query.Get("posts_list")
	if err != nil {
		t.Fatal(err)
	}
	exprs := map[string]string{"community": "'c'", "from": "'2026-11-09'", "to": "'2026-11-15'"}
	for _, c := range []struct{ name, expr, line string }{
		{"sort", "${sort:singlequote}", "mapValues(p.reactions))), 0.) ASC"}, {"source", "[$source]", "source)"}, {"segment", "[$segment]", "AS account_says"},
	} {
		without, err := q.Inline(exprs)
		if err != nil {
			t.Fatal(err)
		}
		with := maps.Clone(exprs)
		with[c.name] = c.expr
		kept, err := q.Inline(with)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(without, c.line) || !strings.Contains(kept, c.line) || !strings.Contains(kept, c.expr) {
			t.Errorf("%s is %s: the statement with it must have a line with %q, and the one without it must not:\n%s\n%s", c.name, c.expr, c.line, kept, without)
		}
	}
}

// Topics by source add up to topics of all sources.
func sourcesAddUp(t *testing.T, db *chtest.DB, _ dashtest.Truths) {
	whole := query.Params{"community": dashtest.Community, "week": dashtest.Week()}
	sum := func(params query.Params) (n, squares uint64) {
		var rows []query.TopicWeek
		if err := query.Run(t.Context(), db.Conn, "topic_weeks", params, &rows); err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			n, squares = n+r.Posts, squares+r.SumSquares
		}
		return n, squares
	}
	all, allSquares := sum(whole)
	community, communitySquares := sum(whole.With("source", "community"))
	review, _ := sum(whole.With("source", "review"))
	if review == 0 || community == 0 || community+review != all || communitySquares >= allSquares {
		t.Errorf("community has %d posts and review %d of %d", community, review, all)
	}
	days := query.Params{"community": dashtest.Community, "topic": "performance", "from": dashtest.Week(), "to": dashtest.Week().AddDate(0, 0, 6)}
	var one, none []query.TopicDay
	for source, into := range map[string]*[]query.TopicDay{"": &one, "nowhere": &none} {
		if err := query.Run(t.Context(), db.Conn, "topic_days", days.With("source", source), into); err != nil {
			t.Fatal(err)
		}
	}
	posts := func(list []query.TopicDay) (n uint64) {
		for _, d := range list {
			n += d.Posts
		}
		return n
	}
	if posts(one) == 0 || posts(none) != 0 || len(none) != 7 {
		t.Errorf("%d posts, and %d on %d days of no source", posts(one), posts(none), len(none))
	}
}
