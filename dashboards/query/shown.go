package query

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/schema"
)

// readOthers returns the statements of a folder that stand beside those of the queries, by the names of these.
func readOthers(fsys fs.FS, folder string, parts map[string]string) (map[string]string, error) {
	paths, err := fs.Glob(fsys, "sql/"+folder+"/*.sql")
	if err != nil {
		return nil, err
	}
	others := map[string]string{}
	for _, p := range paths {
		text, err := fs.ReadFile(fsys, p)
		if err != nil {
			return nil, err
		}
		if others[strings.TrimSuffix(path.Base(p), ".sql")], err = expand(strings.TrimSpace(string(text)), parts, 0); err != nil {
			return nil, fmt.Errorf("query: %s: %w", p, err)
		}
	}
	return others, nil
}

// Shown returns the statement over shown_posts_ready, the copies of the posts that stand first in lists of whole weeks, which gives
// what SQL gives for these parameters while shown_not_ready has none of the weeks; it is empty when there is none. A week has
// copies of as many posts as the query gives by default, so that no more may be asked for, and of those that its other
// defaults choose.
func (q Query) Shown(bound map[string]any) string {
	from, to := bound["from"], bound["to"]
	if q.shown == "" || !onWeekday(from, time.Monday) || !onWeekday(to, time.Sunday) {
		return ""
	}
	for _, p := range q.Params {
		usual, _ := p.parse(p.Default)
		switch p.Name {
		case "community", "from", "to", "topic":
		case "limit":
			most, _ := usual.(uint64)
			if limit, ok := bound["limit"].(uint64); !ok || limit > most {
				return ""
			}
		case "intent":
			// Promotion and spam have lists of their own; the others are without them.
			intents, _ := bound["intent"].([]string)
			apart := func(i string) bool { return slices.Contains(schema.SetAside(), i) }
			if p.Required == (len(intents) == 0) || slices.ContainsFunc(intents, apart) && slices.ContainsFunc(intents, func(i string) bool { return !apart(i) }) {
				return ""
			}
		default:
			if !reflect.DeepEqual(bound[p.Name], usual) {
				return ""
			}
		}
	}
	// A severe post is one by what its own week knows.
	if q.Name == "severe_posts" && !lastWeek(from, to, 0) {
		return ""
	}
	return q.shown
}

func onWeekday(day any, weekday time.Weekday) bool {
	text, _ := day.(string)
	d, err := time.Parse(dateLayout, text)
	return err == nil && d.Weekday() == weekday
}

// lastWeek says whether to is the last day of the week that begins so many weeks after from.
func lastWeek(from, to any, weeks int) bool {
	first, _ := from.(string)
	d, err := time.Parse(dateLayout, first)
	return err == nil && d.AddDate(0, 0, 7*weeks+6).Format(dateLayout) == to
}

// missingShownSQL counts the weeks of the days that have no copies.
const missingShownSQL = "SELECT count() FROM shown_not_ready WHERE community = {community:String} AND week BETWEEN {from:Date} AND {to:Date}"

// shownStatement returns the statement over copies when they may be asked, and else nothing.
func (q Query) shownStatement(ctx context.Context, conn driver.Conn, bound map[string]any) (string, error) {
	sql := q.Shown(bound)
	if sql == "" {
		return "", nil
	}
	var missing uint64
	err := conn.QueryRow(ctx, missingShownSQL, clickhouse.Named("community", bound["community"]), clickhouse.Named("from", bound["from"]), clickhouse.Named("to", bound["to"])).Scan(&missing)
	if err != nil {
		return "", fmt.Errorf("cannot tell what stands ready: %w", err)
	}
	if missing > 0 {
		return "", nil
	}
	return sql, nil
}
