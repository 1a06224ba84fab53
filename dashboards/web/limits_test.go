package web_test

import (
	"fmt"
	"strings"
	"testing"

	"voc/dashboards/dashtest"
	"voc/schema/chtest"
)

// moreQuestionsThanAreRead is about a ledger that is read in part: the numbers and the lists are those of the whole.
func moreQuestionsThanAreRead(t *testing.T, db *chtest.DB) {
	c := config(t, db)
	whole := handler(t, c)
	c.Questions = 7
	part := handler(t, c)
	between := func(text, from, to string) string {
		_, text, _ = strings.Cut(text, from)
		text, _, _ = strings.Cut(text, to)
		return text
	}
	for _, status := range []string{"all", "open", "answered", "thanked", "resolved", "accepted"} {
		want, got := get(t, whole, "/questions?status="+status).text, get(t, part, "/questions?status="+status).text
		if strings.Contains(want, "の質問を比べました") || !strings.Contains(got, "新しい方から7件の質問を比べました") {
			t.Errorf("%s: the page does not say what it compared", status)
		}
		for from, to := range map[string]string{"<h1>質問と回答": "<nav", `<section class="card" aria-label="質問の一覧">`: "</section>", `aria-current="page">`: "</a>", `id="weeks"`: "<tbody>"} {
			if w, g := between(want, from, to), between(got, from, to); len(w) < 5 || w != g && (status != "all" || !strings.Contains(from, "一覧")) {
				t.Errorf("%s: of the whole ledger\n%s\nand of a part\n%s", status, w, g)
			}
		}
	}
}

// allCoreMembersCount opens the page of activity, which lists the first core members and counts all.
func allCoreMembersCount(t *testing.T, db *chtest.DB) {
	var members uint64
	if err := db.Conn.QueryRow(t.Context(), "SELECT count() FROM (SELECT author_id FROM posts WHERE community = ? AND day BETWEEN ? AND ? AND author_id != '' AND author_role != 'staff'"+
		" AND NOT hasAny(intents, ['promotion', 'spam']) GROUP BY author_id HAVING uniqExact(week) >= 3)",
		dashtest.Community, dashtest.Week().AddDate(0, 0, -21).Format("2006-01-02"), dashtest.Week().AddDate(0, 0, 6).Format("2006-01-02")).Scan(&members); err != nil {
		t.Fatal(err)
	}
	page := get(t, handler(t, config(t, db)), "/activity").text
	if want := fmt.Sprintf("中心メンバー%d人が", members); members < 30 || !strings.Contains(page, want) {
		t.Errorf("the page does not say %q", want)
	}
}
