package faulttest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Reader asks the views again and again while faults happen, and notes every answer that no reader must ever get: a
// post twice, or a window half published.
//
// Each view is asked by itself, so two of them may be asked before and after a window is replaced. The windows are
// therefore numbered before and after, and only those that were not replaced meanwhile are judged.
type Reader struct {
	conn driver.Conn

	mu         sync.Mutex
	polls      int
	windows    int
	violations []string
}

// Run polls until ctx ends. A server that is away is not a violation.
func (r *Reader) Run(ctx context.Context) {
	for ctx.Err() == nil {
		ask, cancel := context.WithTimeout(ctx, 5*time.Second)
		n, bad, err := r.poll(ask)
		cancel()
		if err == nil {
			r.mu.Lock()
			r.polls++
			r.windows += n
			r.violations = append(r.violations, bad...)
			r.mu.Unlock()
		}
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// Result returns what was seen so far.
func (r *Reader) Result() (polls, windows int, violations []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.polls, r.windows, r.violations
}

type stamp struct {
	calc, marks uint64
	at          time.Time
}

const stampQuery = "SELECT community, toString(day), calc, marks, calculated_at FROM day_windows FINAL"

// windowQueries give the same sums of a window out of different views: posts, positive, negative, mixed, replies, score
// in thousandths and the number of authors. A view that lacks one of them says -1.
var windowQueries = map[string]string{
	"community_daily": "SELECT community, toString(day), toInt64(posts), toInt64(positive), toInt64(negative), toInt64(mixed), toInt64(replies), toInt64(round(score_sum * 1000)), toInt64(authors) FROM community_daily WHERE posts > 0",
	"channel_daily":   "SELECT community, toString(day), toInt64(sum(c.posts)), toInt64(sum(c.positive)), toInt64(sum(c.negative)), toInt64(sum(c.mixed)), toInt64(sum(c.replies)), toInt64(round(sum(c.score_sum) * 1000)), toInt64(uniqExactArray(c.author_keys)) FROM channel_daily AS c GROUP BY community, day",
	"hourly":          "SELECT community, toString(day), toInt64(sum(h.posts)), toInt64(-1), toInt64(-1), toInt64(-1), toInt64(sum(h.replies)), toInt64(-1), toInt64(uniqExactArray(h.author_keys)) FROM hourly AS h GROUP BY community, day HAVING sum(h.posts) > 0",
}

// cellQuery finds cells of topics and intents that cannot be: their polarities do not add up, or they have more posts
// than the channel they belong to.
const cellQuery = `
SELECT community, toString(day), topic FROM topic_daily WHERE posts = 0 OR positive + negative + neutral + mixed != posts
UNION ALL
SELECT community, toString(day), intent FROM intent_daily WHERE posts = 0 OR positive + negative + neutral + mixed != posts`

func (r *Reader) poll(ctx context.Context) (judged int, bad []string, err error) {
	double, err := readRows(ctx, r.conn, "SELECT community, post_id, count() FROM posts GROUP BY community, post_id HAVING count() > 1")
	if err != nil {
		return 0, nil, err
	}
	for _, d := range double {
		bad = append(bad, "a post is seen twice: "+d)
	}
	cells, err := readRows(ctx, r.conn, cellQuery)
	if err != nil {
		return 0, nil, err
	}
	for _, c := range cells {
		bad = append(bad, "a cell whose polarities do not add up: "+c)
	}
	before, err := r.stamps(ctx)
	if err != nil {
		return 0, nil, err
	}
	answers := map[string]map[Window]string{}
	for view, query := range windowQueries {
		if answers[view], err = r.sums(ctx, query); err != nil {
			return 0, nil, err
		}
	}
	after, err := r.stamps(ctx)
	if err != nil {
		return 0, nil, err
	}
	for w, s := range before {
		if after[w] != s {
			continue
		}
		judged++
		daily := answers["community_daily"][w]
		if channel := answers["channel_daily"][w]; channel != daily {
			bad = append(bad, fmt.Sprintf("window %v is half published: community_daily says %q, channel_daily %q", w, daily, channel))
		}
		if hourly := answers["hourly"][w]; hourly != known(daily) {
			bad = append(bad, fmt.Sprintf("window %v is half published: community_daily says %q, hourly %q", w, known(daily), hourly))
		}
	}
	return judged, bad, nil
}

// known cuts the sums down to those that hourly has.
func known(s string) string {
	var n [7]int64
	if _, err := fmt.Sscan(s, &n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6]); err != nil {
		return s
	}
	return fmt.Sprint(n[0], -1, -1, -1, n[4], -1, n[6])
}

// Window names a row of day_windows.
type Window struct{ Community, Day string }

func (r *Reader) stamps(ctx context.Context) (map[Window]stamp, error) {
	rows, err := r.conn.Query(ctx, stampQuery)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[Window]stamp{}
	for rows.Next() {
		var w Window
		var s stamp
		if err := rows.Scan(&w.Community, &w.Day, &s.calc, &s.marks, &s.at); err != nil {
			return nil, err
		}
		out[w] = s
	}
	return out, rows.Err()
}

func (r *Reader) sums(ctx context.Context, query string) (map[Window]string, error) {
	rows, err := r.conn.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[Window]string{}
	for rows.Next() {
		var w Window
		var n [7]int64
		if err := rows.Scan(&w.Community, &w.Day, &n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6]); err != nil {
			return nil, err
		}
		out[w] = fmt.Sprint(n[0], n[1], n[2], n[3], n[4], n[5], n[6])
	}
	return out, rows.Err()
}
