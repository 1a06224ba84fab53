package rollup

import (
	"context"
	"fmt"
	"strings"
	"time"

	"voc/schema"
)

// Difference is a window whose row does not say what its facts say.
type Difference struct {
	schema.Window
	// Stored and Counted are the posts in the row and in the facts. They can be equal when another number differs.
	Stored, Counted uint64
	// Missing is true when the window has facts and no row.
	Missing bool
}

// String describes the difference in a sentence.
func (d Difference) String() string {
	what := fmt.Sprintf("has %d posts in its row and %d in its facts", d.Stored, d.Counted)
	switch {
	case d.Missing:
		what = fmt.Sprintf("has no row and %d posts in its facts", d.Counted)
	case d.Stored == d.Counted:
		what = fmt.Sprintf("has %d posts in its row and its facts, but other numbers differ", d.Stored)
	}
	return fmt.Sprintf("%s %s %s", d.Community, d.Day.Format(time.DateOnly), what)
}

// Audit counts every window of the days from to to, both inclusive, afresh and compares every stored number. Windows
// that are dirty, or become so meanwhile, are left out: their rows are about to change. With mend, the windows that
// differ are marked and counted again.
func (r *Rollup) Audit(ctx context.Context, from, to time.Time, mend bool) ([]Difference, error) {
	windows, err := r.known(ctx, from, to)
	if err != nil {
		return nil, err
	}
	var found []Difference
	for chunk := range chunks(windows, r.cfg.Chunk) {
		differences, err := r.compare(ctx, chunk)
		if err != nil {
			return nil, err
		}
		found = append(found, differences...)
	}
	if len(found) == 0 {
		return nil, nil
	}
	if found, err = r.withoutDirty(ctx, found); err != nil || !mend {
		return found, err
	}
	marked := make([]schema.Window, len(found))
	for i, d := range found {
		marked[i] = d.Window
	}
	if err := Mark(ctx, r.conn, marked); err != nil {
		return found, err
	}
	_, err = r.RunOnce(ctx)
	return found, err
}

// known lists every window that has a fact or a row.
func (r *Rollup) known(ctx context.Context, from, to time.Time) ([]state, error) {
	rows, err := r.conn.Query(ctx, r.sql(`
SELECT DISTINCT toString(community), day
FROM
(
    SELECT community, day FROM @post_facts
    UNION ALL
    SELECT community, day FROM @activity_facts
    UNION ALL
    SELECT community, day FROM @day_windows
)
WHERE day BETWEEN toDate(?) AND toDate(?) AND day > toDate(0)
ORDER BY day DESC, community`), from.Format(time.DateOnly), to.Format(time.DateOnly))
	if err != nil {
		return nil, fmt.Errorf("rollup: cannot list the windows: %w", err)
	}
	defer rows.Close()
	var windows []state
	for rows.Next() {
		var s state
		if err := rows.Scan(&s.Community, &s.Day); err != nil {
			return nil, fmt.Errorf("rollup: cannot read the windows: %w", err)
		}
		windows = append(windows, s)
	}
	return windows, rows.Err()
}

// compare counts windows afresh and returns those whose row differs.
func (r *Rollup) compare(ctx context.Context, windows []state) ([]Difference, error) {
	fresh := "asked.community AS community, asked.day AS day, arraySum(arrayMap(c -> c.5, f.cells)) AS posts, toString((" + freshNumbers + ")) AS numbers"
	literals := make([]string, len(windows))
	for i, w := range windows {
		literals[i] = "(" + quote(w.Community) + ", toDate('" + w.Day.Format(time.DateOnly) + "'))"
	}
	rows, err := r.conn.Query(ctx, r.sql(`
SELECT n.community, n.day, s.posts, n.posts, s.calc = 0
FROM (`+freshSQL(windows, fresh)+`) AS n
LEFT JOIN
(
    SELECT community, day, calc, toString((`+numbers+`)) AS numbers, arraySum(cells.posts) AS posts
    FROM @day_windows FINAL
    WHERE (community, day) IN (`+strings.Join(literals, ", ")+`)
) AS s ON s.community = n.community AND s.day = n.day
WHERE if(s.calc = 0, n.posts > 0, s.numbers != n.numbers)`))
	if err != nil {
		return nil, fmt.Errorf("rollup: cannot audit %d windows: %w", len(windows), err)
	}
	defer rows.Close()
	var found []Difference
	for rows.Next() {
		var (
			d       Difference
			missing uint8
		)
		if err := rows.Scan(&d.Community, &d.Day, &d.Stored, &d.Counted, &missing); err != nil {
			return nil, fmt.Errorf("rollup: cannot read the audit: %w", err)
		}
		d.Missing = missing == 1
		found = append(found, d)
	}
	return found, rows.Err()
}

// withoutDirty leaves out the windows that are to be counted again anyway.
func (r *Rollup) withoutDirty(ctx context.Context, found []Difference) ([]Difference, error) {
	dirty, err := r.dirty(ctx)
	if err != nil {
		return nil, err
	}
	skip := make(map[schema.Window]bool, len(dirty))
	for _, s := range dirty {
		skip[schema.Window{Community: s.Community, Day: s.Day.UTC()}] = true
	}
	kept := found[:0]
	for _, d := range found {
		if !skip[schema.Window{Community: d.Community, Day: d.Day.UTC()}] {
			kept = append(kept, d)
		}
	}
	return kept, nil
}
