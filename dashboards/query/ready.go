package query

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/schema"
)

// missingSQL counts the days and weeks of a community, until a day, that a view of what does not stand ready has.
func missingSQL(view string) string {
	column := "week"
	if view == "days_not_ready" {
		column = "day"
	}
	return "(SELECT count() FROM " + view + " WHERE community = {community:String} AND " + column + " <= {until:Date})"
}

// standing finds the views that have a sibling with only what stands ready.
var standing = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(` + strings.Join(slices.Sorted(maps.Keys(schema.Standing())), "|") + `)\b`)
})

// Ready returns the statement over what stands ready, and the views that must be empty for it to give what SQL gives.
// SQL takes ten times as long to plan, because it is prepared to count everything from the posts. A query that reads no such
// views has no such statement.
func (q Query) Ready() (sql string, missing []string) {
	views := schema.Standing()
	for _, view := range standing().FindAllString(q.SQL, -1) {
		missing = append(missing, views[view])
	}
	if len(missing) == 0 {
		return "", nil
	}
	slices.Sort(missing)
	return standing().ReplaceAllString(q.SQL, "${1}"+schema.ReadySuffix), slices.Compact(missing)
}

// lastDay returns the last day that a query of one community looks at, and nothing for other queries.
func lastDay(bound map[string]any) string {
	if community, _ := bound["community"].(string); community == "" {
		return ""
	}
	// No query looks at what is after the last of its days, or after its week.
	until, _ := bound["to"].(string)
	if week, ok := bound["week"].(string); ok {
		if day, err := time.Parse(dateLayout, week); err == nil {
			until = max(until, day.AddDate(0, 0, 6).Format(dateLayout))
		}
	}
	return until
}

// standsReady counts what views have until the last day of a query, and tells whether a condition holds.
func standsReady(ctx context.Context, conn driver.Conn, bound map[string]any, views []string, condition string) (missing uint64, holds bool, err error) {
	args := []any{clickhouse.Named("until", lastDay(bound))}
	for name, value := range bound {
		args = append(args, clickhouse.Named(name, value))
	}
	counts := make([]string, len(views))
	for i, view := range views {
		counts[i] = missingSQL(view)
	}
	if err := conn.QueryRow(ctx, "SELECT "+strings.Join(counts, " + ")+", "+condition, args...).Scan(&missing, &holds); err != nil {
		return 0, false, fmt.Errorf("cannot tell what stands ready: %w", err)
	}
	return missing, holds, nil
}

// statement returns the statement to ask: the one over copies of posts, over weeks, or of what stands ready, when all that
// the query may look at does. What changes after it was looked for is seen by the next who asks: a row that stands ready is
// replaced as a whole, and much later.
func (q Query) statement(ctx context.Context, conn driver.Conn, bound map[string]any) (string, error) {
	if sql, err := q.shownStatement(ctx, conn, bound); sql != "" || err != nil {
		return sql, err
	}
	if sql, err := q.weeklyStatement(ctx, conn, bound); sql != "" || err != nil {
		return sql, err
	}
	sql, views := q.Ready()
	if sql == "" {
		return q.SQL, nil
	}
	if lastDay(bound) == "" {
		return q.SQL, nil
	}
	brief, condition := q.Brief()
	if condition == "" {
		condition = "true"
	}
	missing, whole, err := standsReady(ctx, conn, bound, views, "ifNull("+condition+", true)")
	if err != nil {
		return "", err
	}
	switch {
	case missing > 0:
		return q.SQL, nil
	case whole:
		return sql, nil
	}
	return brief, nil
}

// guessTime is how long it may take to tell what stands ready for an answer that was asked for meanwhile to be good. A row
// is in its table for longer than that before it may be read: what may be read in the end was there in the beginning.
const guessTime = 5 * time.Second

// answered asks for a query: first for the answer itself if that may stand ready, and for anything else when there are no rows,
// since then it does not. Ask returns how many rows there are, too.
func answered[T any](ctx context.Context, conn driver.Conn, q Query, bound map[string]any, ask func(ctx context.Context, sql string) (T, int, error)) (T, error) {
	q = q.For(bound)
	if sql := q.Answer(bound); sql != "" {
		if answer, n, err := ask(ctx, sql); err != nil || n > 0 {
			return answer, err
		}
	}
	return guessed(ctx, conn, q, bound, func(ctx context.Context, sql string) (T, error) {
		answer, _, err := ask(ctx, sql)
		return answer, err
	})
}

// guessed asks for a query. While it looks for what stands ready it asks as if all did, since that takes as long again, and asks
// once more when it does not. Statements over copies of posts wait, because most communities have none and would ask in vain.
func guessed[T any](ctx context.Context, conn driver.Conn, q Query, bound map[string]any, ask func(ctx context.Context, sql string) (T, error)) (T, error) {
	var none T
	brief, _ := q.Brief()
	ready, _ := q.Ready()
	guess := cmp.Or(q.weekly.sql, brief, ready)
	if guess == "" || lastDay(bound) == "" || q.Shown(bound) != "" {
		sql, err := q.statement(ctx, conn, bound)
		if err != nil {
			return none, err
		}
		return ask(ctx, sql)
	}
	began := time.Now()
	asking, stop := context.WithCancel(ctx)
	defer stop()
	var answer T
	var failed error
	done := make(chan struct{})
	go func() {
		defer close(done)
		answer, failed = ask(asking, guess)
	}()
	sql, err := q.statement(ctx, conn, bound)
	if err == nil && sql == guess && time.Since(began) < guessTime {
		<-done
		return answer, failed
	}
	stop()
	<-done
	if err != nil {
		return none, err
	}
	return ask(ctx, sql)
}

// Brief returns the statement of Ready without its lines between "-- [counted" and "-- counted]", which count from the posts
// what no row of a week has, and the condition under which they are needed although all weeks stand ready: to plan them takes
// longer than all the others. A query without such lines has neither.
func (q Query) Brief() (sql, condition string) {
	if q.counted == "" {
		return "", ""
	}
	sql, _ = Query{SQL: counted.ReplaceAllString(q.SQL, "")}.Ready()
	return sql, q.counted
}
