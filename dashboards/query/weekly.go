package query

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/schema"
)

// weekly is a statement over what stands ready of weeks. Of views that have a sibling with only that it reads the sibling.
type weekly struct {
	sql string
	// when is the condition under which it gives what the query gives.
	when string
}

// whenLine begins a weekly statement.
var whenLine = regexp.MustCompile(`^-- when: (.+)\n`)

func parseWeekly(text string) (weekly, error) {
	m := whenLine.FindStringSubmatch(text)
	if m == nil {
		return weekly{}, fmt.Errorf("a weekly statement begins with a line %q and a condition", "-- when:")
	}
	return weekly{standing().ReplaceAllString(text[len(m[0]):], "${1}"+schema.ReadySuffix), m[1]}, nil
}

// readyView finds the views that only have what stands ready.
var readyView = regexp.MustCompile(`\b([a-z_]+)` + schema.ReadySuffix + `\b`)

// Weekly returns the statement over what stands ready of weeks, the views that must be empty and the condition that must hold
// for it to give what SQL gives. It does not read posts, or only few, and a query without one has none.
func (q Query) Weekly() (sql string, missing []string, condition string) {
	with, alone := schema.Standing(), schema.StandingAlone()
	for _, m := range readyView.FindAllStringSubmatch(q.weekly.sql, -1) {
		if view := alone[m[0]]; view != "" {
			missing = append(missing, view)
		} else {
			missing = append(missing, with[m[1]])
		}
	}
	slices.Sort(missing)
	return q.weekly.sql, slices.Compact(missing), q.weekly.when
}

// weeklyStatement returns the statement of Weekly when it may be asked, and else nothing.
func (q Query) weeklyStatement(ctx context.Context, conn driver.Conn, bound map[string]any) (string, error) {
	sql, views, condition := q.Weekly()
	if sql == "" || lastDay(bound) == "" {
		return "", nil
	}
	missing, fits, err := standsReady(ctx, conn, bound, views, "ifNull("+condition+", false)")
	if err != nil {
		return "", err
	}
	if missing > 0 || !fits {
		return "", nil
	}
	return sql, nil
}
