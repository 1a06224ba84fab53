package migrate

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Retention says after how many days rows are deleted; 0 keeps them for ever. The server deletes while it merges, which
// takes some hours after a day has expired. It may be changed at any time: Up brings the tables to what it says.
type Retention struct {
	// Posts bounds everything that belongs to a day of posts and activity, the numbers of that day included: a window is
	// counted from the facts, and one that outlived them could not be counted again. Days are those of the post.
	Posts int
	// Surveys bounds the answers to surveys.
	Surveys int
	// Ledger bounds what is known of Kafka's records: outcomes, dead letters and their replays.
	Ledger int
}

// maxDays is more than a table's dates can hold.
const maxDays = 36_500

// Validate reports every field that cannot work.
func (r Retention) Validate() error {
	var errs []error
	for _, f := range []struct {
		name string
		days int
	}{{"posts_days", r.Posts}, {"surveys_days", r.Surveys}, {"ledger_days", r.Ledger}} {
		if f.days < 0 || f.days > maxDays {
			errs = append(errs, fmt.Errorf("migrate: retention.%s is %d; give 1 to %d days, or 0 to keep everything", f.name, f.days, maxDays))
		}
	}
	return errors.Join(errs...)
}

// expiring are the tables that forget. Rows of 1970-01-01, which are deletions of posts that nobody has seen, are kept:
// they have no day.
func (r Retention) expiring() []struct {
	table, since, except string
	days                 int
} {
	const dated = "toYear(day) > 1970"
	return []struct {
		table, since, except string
		days                 int
	}{
		{"post_facts", "day", dated, r.Posts},
		{"post_tag_history", "day", dated, r.Posts},
		{"post_registry", "toDateTime(posted_at)", "toYear(posted_at) > 1970", r.Posts},
		{"activity_facts", "day", dated, r.Posts},
		{"window_marks", "day", dated, r.Posts},
		{"day_windows", "day", dated, r.Posts},
		{"day_keys", "day", dated, r.Posts},
		{"day_stamps", "day", dated, r.Posts},
		{"week_windows", "week", "toYear(week) > 1970", r.Posts},
		{"week_details", "week", "toYear(week) > 1970", r.Posts},
		{"week_lists", "week", "toYear(week) > 1970", r.Posts},
		{"week_stamps", "week", "toYear(week) > 1970", r.Posts},
		{"segment_windows", "week", "toYear(week) > 1970", r.Posts},
		{"segment_stamps", "week", "toYear(week) > 1970", r.Posts},
		{"question_windows", "week", "toYear(week) > 1970", r.Posts},
		{"question_stamps", "week", "toYear(week) > 1970", r.Posts},
		{"writer_windows", "week", "toYear(week) > 1970", r.Posts},
		{"writer_stamps", "week", "toYear(week) > 1970", r.Posts},
		{"shown_windows", "week", "toYear(week) > 1970", r.Posts},
		{"shown_stamps", "week", "toYear(week) > 1970", r.Posts},
		{"progress_windows", "week", "toYear(week) > 1970", r.Posts},
		{"progress_stamps", "week", "toYear(week) > 1970", r.Posts},
		{"attention_windows", "week", "toYear(week) > 1970", r.Posts},
		{"duplicate_windows", "week", "toYear(week) > 1970", r.Posts},
		{"post_decision_facts", "day", dated, r.Posts},
		{"survey_facts", "day", dated, r.Surveys},
		{"record_outcomes", "toDateTime(record_time)", "toYear(record_time) > 1970", r.Ledger},
		{"ledger_windows", "day", dated, r.Ledger},
		{"offset_blocks", "toDateTime(last_time)", "toYear(last_time) > 1970", r.Ledger},
		{"dead_letter_facts", "toDateTime(ingested_at)", "toYear(ingested_at) > 1970", r.Ledger},
		{"dead_letter_replays", "toDateTime(replayed_at)", "toYear(replayed_at) > 1970", r.Ledger},
	}
}

// retentionSteps are the statements that make the tables forget as configured. Tables that do already have none.
func retentionSteps(ctx context.Context, conn driver.Conn, cfg Config) ([]Step, error) {
	f := functions(cfg)
	local, ok := f["local"].(func(string) string)
	if !ok {
		return nil, errors.New("migrate: no name for local tables")
	}
	onCluster := ""
	if cfg.Cluster != "" {
		onCluster = " ON CLUSTER " + cfg.Cluster
	}
	var out []Step
	for _, x := range cfg.Retention.expiring() {
		name := local(x.table)
		_, bare, _ := strings.Cut(name, ".")
		var engines []string
		if err := conn.QueryRow(ctx, "SELECT groupArray(engine_full) FROM system.tables WHERE database = ? AND name = ?", cfg.Database, bare).Scan(&engines); err != nil {
			return nil, fmt.Errorf("migrate: cannot ask for the retention of %s: %w", name, err)
		}
		want, have := "", ""
		if x.days > 0 {
			want = fmt.Sprintf("%s + toIntervalDay(%d) WHERE %s", x.since, x.days, x.except)
		}
		if len(engines) > 0 {
			_, ttl, _ := strings.Cut(engines[0], " TTL ")
			have, _, _ = strings.Cut(ttl, " SETTINGS ")
		}
		switch {
		case want == have:
			continue
		case want == "":
			out = append(out, Step{Name: "retention of " + x.table, Statement: 1, SQL: "ALTER TABLE " + name + onCluster + " REMOVE TTL"})
		default:
			// Rows that have expired already go, too: the server goes through the table once, in the background.
			out = append(out, Step{Name: "retention of " + x.table, Statement: 1, SQL: "ALTER TABLE " + name + onCluster + " MODIFY TTL " +
				fmt.Sprintf("%s + toIntervalDay(%d) DELETE WHERE %s", x.since, x.days, x.except)})
		}
	}
	return out, nil
}

// retain applies the retention and returns how many tables were changed.
func retain(ctx context.Context, conn driver.Conn, cfg Config, progress func(Step)) (int, error) {
	steps, err := retentionSteps(ctx, conn, cfg)
	if err != nil {
		return 0, err
	}
	for i, s := range steps {
		if err := exec(ctx, conn, s.SQL); err != nil {
			return i, fmt.Errorf("migrate: %s: %w", s.Name, err)
		}
		if progress != nil {
			progress(s)
		}
	}
	return len(steps), nil
}
