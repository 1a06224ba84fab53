package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"voc/dashboards/dashtest"
	"voc/dashboards/query"
	"voc/dashboards/report"
	"voc/schema/chtest"
)

// A list that shows only the first says how many there are of all.
func TestListsCountWhatTheyLeaveOut(t *testing.T) {
	db := chtest.Open(t)
	dashtest.Fill(t, db, 1)
	day := dashtest.Week().Format("2006-01-02")
	db.Exec(t, "INSERT INTO post_facts (community, day, post_id, posted_at, author_id, author_role, source, intents) SELECT '"+dashtest.Community+"', '"+day+
		"', concat('story ', toString(number)), '"+day+" 12:00:00', toString(number), 'member', 'community', ['success_story'] FROM numbers(30)")
	r := build(t, db, options())
	count := func(sql string) (n uint64) {
		t.Helper()
		if err := db.Conn.QueryRow(t.Context(), sql).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	inWeeks := func(n int) string {
		return fmt.Sprintf("FROM posts WHERE community = '%s' AND day BETWEEN '%s' AND '%s' AND author_role != 'staff' AND NOT hasAny(intents, ['promotion', 'spam'])", dashtest.Community,
			dashtest.Week().AddDate(0, 0, -7*(n-1)).Format("2006-01-02"), dashtest.Week().AddDate(0, 0, 6).Format("2006-01-02"))
	}
	stories := count("SELECT count() " + inWeeks(1) + " AND has(intents, 'success_story')")
	i := slices.IndexFunc(r.Sections, func(s report.Section) bool { return s.ID == "praise" })
	if lead := lineOf(r.Sections[i].Lead); stories < 30 || !strings.Contains(lead, fmt.Sprintf("成功事例は %d件", stories)) {
		t.Errorf("of %d stories the report says %q", stories, lead)
	}
	core := block(t, r, "core")
	members := count("SELECT count() FROM (SELECT author_id " + inWeeks(4) + " AND author_id != '' GROUP BY author_id HAVING uniqExact(week) >= 3)")
	if members < 30 || !strings.Contains(core.Note, fmt.Sprintf("した人は%d人。", members)) || len(core.Table.Rows) != 8 || !strings.HasPrefix(core.Table.More, "ほか") {
		t.Errorf("of %d core members %d are listed, and the report says %q and %q", members, len(core.Table.Rows), core.Note, core.Table.More)
	}
	var weeks []query.QuestionWeek
	span := query.Params{"community": dashtest.Community, "from": dashtest.Week(), "to": dashtest.Week().AddDate(0, 0, 6)}
	if err := query.Run(t.Context(), db.Conn, "question_weeks", span, &weeks); err != nil {
		t.Fatal(err)
	}
	for i, want := range []uint64{weeks[0].Questions, weeks[0].Questions - weeks[0].Replied, weeks[0].Solved} {
		if f := block(t, r, "question-tiles").Tiles[i].Figure; *f.Value != float64(want) || f.Posts == "" {
			t.Errorf("tile %d of the questions says %s at %q, want %d", i, f.Text, f.Posts, want)
		}
	}
}
