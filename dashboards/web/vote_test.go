package web_test

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"voc/dashboards/dashtest"
	"voc/dashboards/query"
	"voc/schema/chtest"
)

// The ranking's places follow its numbers in every way of counting, and the numbers of posts are those of the table of topics.
func oneVoiceOneVote(t *testing.T, db *chtest.DB) {
	h := handler(t, config(t, db))
	week := "community=" + dashtest.Community + "&week=" + query.FormatWeek(dashtest.Week())
	var topics []query.TopicWeek
	if err := query.Run(t.Context(), db.Conn, "topic_weeks", query.Params{"community": dashtest.Community, "week": dashtest.Week(), "weeks": 0}, &topics); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, x := range topics {
		if x.Level == 1 {
			want[strconv.FormatUint(x.Posts, 10)+"件"] = true
		}
	}
	number := regexp.MustCompile(`^[\d.,]+`)
	for column, order := range []string{"posts", "unique", "authors", "accounts", "weighted"} {
		d := get(t, h, "/topics?"+week+"&order="+order)
		body := document{root: d.all(class("vote"))[0]}
		sorted := body.all(func(n *html.Node) bool { return attr(n, "aria-sort") != "" })
		if len(sorted) != 1 {
			t.Fatalf("%s: %d columns say that they are sorted by", order, len(sorted))
		}
		last, rows := math.Inf(1), 0
		for _, tr := range body.all(tag("tr"))[1:] {
			rows++
			cells := document{root: tr}.all(tag("td"))
			n, err := strconv.ParseFloat(strings.ReplaceAll(number.FindString(text(cells[column])), ",", ""), 64)
			if err != nil || n > last {
				t.Errorf("%s: %q comes after %v (%v)", order, text(cells[column]), last, err)
			}
			last = n
			if raw := text(document{root: cells[0]}.all(tag("a"))[0]); !want[raw] {
				t.Errorf("%s: no topic has %s by the query", order, raw)
			}
		}
		if rows < 4 {
			t.Errorf("%s: %d rows", order, rows)
		}
	}
	for weight, name := range map[string]string{"": "契約プラン", "touch_model": "タッチモデル"} {
		if d := get(t, h, "/topics?"+week+"&weight="+weight); !strings.Contains(d.text, name+"ごとの、投稿と顧客企業の割合と重み") {
			t.Errorf("weight=%s: the weights are not those of %s", weight, name)
		}
	}
}
