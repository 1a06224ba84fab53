package faulttest

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

const cellColumns = "posts, replies, positive, negative, neutral, mixed, net_sentiment, score_sum, views, reactions, accepted, rated, rating_sum, authors, accounts, author_keys, account_keys"

// compared are the views and columns that must equal the model; keys is how many of the columns name the row, the
// others are the cells.
var compared = []struct {
	view, columns string
	keys          int
	where         string
}{
	{"posts", "community, day, week, post_id, posted_at, occurred_at, event, source, channel, thread_id, reply_to, url, rating, views, accepted, reactions, attributes, author_id, author_role, author_level, account_id, title, body, sentiment, score, topics, intents, flags, version, kafka_topic, kafka_partition, kafka_offset", 4, ""},
	{"post_topics", "community, day, post_id, topic, level, toBool(inherited), sentiment, score, post_sentiment, posted_at, source, channel, author_role", 4, ""},
	{"surveys", "community, day, response_id, survey_id, metric, score, category, answered_at, author_id, author_role", 3, ""},
	{"topic_daily", "day, week, community, topic, level, source, channel, author_role, " + cellColumns, 8, ""},
	{"topic_weekly", "week, iso_week, community, topic, level, source, channel, author_role, " + cellColumns, 8, ""},
	{"intent_daily", "day, week, community, intent, source, channel, author_role, " + cellColumns, 7, ""},
	{"channel_daily", "day, week, community, source, channel, author_role, posts, replies, positive, negative, neutral, mixed, net_sentiment, score_sum, untagged, views, reactions, accepted, rated, rating_sum, authors, accounts, author_keys, account_keys", 6, ""},
	{"hourly", "day, week, community, weekday, hour, author_role, posts, replies, viewed, reacted, authors, author_keys", 6, ""},
	// A window that was emptied keeps a row of zeros; it says the same as no row.
	{"community_daily", "day, week, community, posts, threads, replies, staff_posts, positive, negative, neutral, mixed, net_sentiment, score_sum, untagged, questions, answers, requests, complaints, praises, churn_risks, authors, accounts, active_members, viewed, reacted, accepted, joined, logins, points, author_keys, account_keys, member_keys", 3, "posts + active_members + abs(viewed) + abs(reacted) + abs(accepted) + abs(joined) + abs(logins) + abs(points) > 0"},
	{"ledger", "kafka_topic, kafka_partition, day, read, stored, superseded, dead_letter, filtered, missing", 3, ""},
	{"ledger_offsets", "kafka_topic, kafka_partition, first_offset, last_offset, recorded, unexplained", 2, ""},
	{"dead_letters", "kafka_topic, kafka_partition, kafka_offset, record_time, reason, size", 3, ""},
}

// Difference is one row that is not as the model says.
type Difference struct {
	View string
	Row  string
}

// Comparison is the result of comparing every view.
type Comparison struct {
	Rows, Cells int
	Differences []Difference
}

// In counts the differences in a view.
func (c *Comparison) In(view string) int {
	n := 0
	for _, d := range c.Differences {
		if d.View == view {
			n++
		}
	}
	return n
}

// Compare reads every view and compares it with the model.
func Compare(ctx context.Context, conn driver.Conn, m *Model) (*Comparison, error) {
	want := m.Views()
	out := &Comparison{}
	for _, v := range compared {
		query := "SELECT " + v.columns + " FROM " + v.view
		if v.where != "" {
			query += " WHERE " + v.where
		}
		got, err := readRows(ctx, conn, query)
		if err != nil {
			return nil, err
		}
		var expected []string
		width := 0
		for _, row := range want[v.view] {
			width = len(row)
			expected = append(expected, line(row))
		}
		out.Rows += len(got)
		out.Cells += len(got) * max(0, width-v.keys)
		only(expected, got, func(s string) { out.Differences = append(out.Differences, Difference{v.view, "missing " + s}) })
		only(got, expected, func(s string) { out.Differences = append(out.Differences, Difference{v.view, "unexpected " + s}) })
	}
	opened, err := drillDown(ctx, conn, out)
	if err != nil {
		return nil, err
	}
	out.Cells += opened
	return out, nil
}

// only calls f for the elements of a that b lacks, counting repeats.
func only(a, b []string, f func(string)) {
	n := map[string]int{}
	for _, s := range b {
		n[s]++
	}
	a = slices.Clone(a)
	slices.Sort(a)
	for _, s := range a {
		if n[s]--; n[s] < 0 {
			f(s)
		}
	}
}

// drillDown opens every cell of posts: the posts found by the cell's key must be as many as the cell says.
func drillDown(ctx context.Context, conn driver.Conn, out *Comparison) (int, error) {
	total := 0
	for _, q := range []struct{ view, key, facts string }{
		{"topic_daily", "community, day, topic, source, channel, author_role", "post_topics"},
		{"topic_weekly", "community, week, topic, source, channel, author_role", "post_topics"},
		{"intent_daily", "community, day, intent, source, channel, author_role", "post_intents"},
		{"channel_daily", "community, day, source, channel, author_role", "posts"},
	} {
		rows, err := readRows(ctx, conn, fmt.Sprintf(`
SELECT %[1]s, sum(said) AS s, sum(found) AS f, count() AS n FROM
(
    SELECT %[1]s, posts AS said, 0 AS found FROM %[2]s
    UNION ALL
    SELECT %[1]s, 0, uniqExact(post_id) FROM %[3]s GROUP BY %[1]s
)
GROUP BY %[1]s HAVING s != f`, q.key, q.view, q.facts))
		if err != nil {
			return 0, err
		}
		for _, r := range rows {
			out.Differences = append(out.Differences, Difference{q.view, "cell does not open its posts " + r})
		}
		n, err := readRows(ctx, conn, "SELECT count() FROM "+q.view)
		if err != nil {
			return 0, err
		}
		cells, err := strconv.Atoi(n[0])
		if err != nil {
			return 0, err
		}
		total += cells
	}
	return total, nil
}

// readRows returns rows as lines of text.
func readRows(ctx context.Context, conn driver.Conn, query string) ([]string, error) {
	rows, err := conn.Query(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("%.120s: %w", query, err)
	}
	defer rows.Close()
	types := rows.ColumnTypes()
	var out []string
	for rows.Next() {
		into := make([]any, len(types))
		for i, t := range types {
			into[i] = reflect.New(t.ScanType()).Interface()
		}
		if err := rows.Scan(into...); err != nil {
			return nil, fmt.Errorf("%.120s: %w", query, err)
		}
		row := make([]any, len(into))
		for i, p := range into {
			row[i] = reflect.ValueOf(p).Elem().Interface()
			if t, ok := row[i].(time.Time); ok && types[i].DatabaseTypeName() == "Date" {
				row[i] = t.Format(time.DateOnly)
			}
		}
		out = append(out, line(row))
	}
	return out, rows.Err()
}

// line writes a row as text, the same for equal values of different Go types.
func line(row []any) string {
	parts := make([]string, len(row))
	for i, v := range row {
		parts[i] = text(v)
	}
	return strings.Join(parts, " | ")
}

func text(v any) string {
	switch v := v.(type) {
	case time.Time:
		return v.UTC().Truncate(time.Millisecond).Format(time.RFC3339Nano)
	case float32:
		return strconv.FormatFloat(float64(v), 'g', -1, 32)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case []uint64:
		v = slices.Clone(v)
		slices.Sort(v)
		return fmt.Sprint(v)
	case []string:
		return fmt.Sprintf("%q", v)
	case map[string]uint64:
		return fmt.Sprintf("%v", v)
	case map[string]string:
		return fmt.Sprintf("%q", v)
	default:
		return fmt.Sprint(v)
	}
}
