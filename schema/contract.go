package schema

import (
	"fmt"
	"maps"
	"slices"
)

// The roles of a voc database. On a server with SQL access control they are roles, in the embedded one users.
const (
	// RoleAdmin migrates, and owns the views.
	RoleAdmin = "voc_admin"
	// RoleWriter is the pipeline: it reads and appends rows, and can neither drop nor alter anything.
	RoleWriter = "voc_writer"
	// RoleDecider writes down what people decide, and nothing else: it reads the views, and appends decisions, actions
	// and the marks by which the days of a decision are counted again.
	RoleDecider = "voc_decider"
	// RoleReader is everyone else: it reads the contract views and nothing behind them.
	RoleReader = "voc_reader"
)

// Views returns the names of the contract views: what a reader may use and what stays stable between releases.
func Views() []string {
	views := []string{
		"posts", "post_topics", "post_intents", "post_evidence", "post_signals",
		"topic_daily", "topic_weekly", "intent_daily", "channel_daily", "source_daily", "community_daily", "hourly",
		"topic_day_totals", "topic_week_totals", "intent_week_totals", "topic_phrase_totals", "term_week_totals", "community_weekly",
		"board_week_totals", "request_week_totals", "segment_week_keys", "segment_week_totals",
		"activity", "post_keys", "activity_keys", "question_states", "late_replies", "activity_daily", "members", "accounts", "account_history", "surveys",
		"post_decisions", "actions", "action_events",
		"post_history", "post_topics_history", "duplicate_groups", "post_duplicates", "posts_deduplicated", "topic_weekly_deduplicated", "erasures", "dead_letters", "ledger", "ledger_offsets", "metrics", "analyzer_revisions",
		"days_not_ready", "weeks_not_ready", "questions_not_ready", "segments_not_ready", "writers_not_ready",
		"shown_posts", "shown_posts_ready", "shown_not_ready", "question_progress", "attention_progress", "ledger_days",
	}
	standing := Standing()
	for _, view := range slices.Clone(views) {
		if standing[view] != "" {
			views = append(views, view+ReadySuffix)
		}
	}
	return append(views, slices.Sorted(maps.Keys(StandingAlone()))...)
}

// ReadySuffix ends the names of the views that only have what stands ready.
const ReadySuffix = "_ready"

// Standing returns the views that have such a sibling, and the view that tells what each of them does not have.
func Standing() map[string]string {
	return map[string]string{
		"post_keys": "days_not_ready", "activity_keys": "days_not_ready", "question_states": "questions_not_ready", "late_replies": "questions_not_ready",
		"topic_day_totals": "weeks_not_ready", "topic_week_totals": "weeks_not_ready", "intent_week_totals": "weeks_not_ready", "topic_phrase_totals": "weeks_not_ready", "term_week_totals": "weeks_not_ready",
		"community_weekly": "weeks_not_ready", "board_week_totals": "weeks_not_ready", "request_week_totals": "weeks_not_ready",
		"segment_week_keys": "segments_not_ready", "segment_week_totals": "segments_not_ready",
	}
}

// StandingAlone returns the views that only have what stands ready and have no sibling that counts the rest, and the view that
// tells what each of them does not have.
func StandingAlone() map[string]string {
	return map[string]string{
		"week_writers_ready": "writers_not_ready", "week_answers_ready": "writers_not_ready", "week_reasons_ready": "writers_not_ready", "week_terms_ready": "writers_not_ready",
	}
}

// Tables returns the names of the storage tables, which may change between releases.
func Tables() []string {
	return []string{
		"post_facts", "post_registry", "day_windows", "window_marks",
		"activity_facts", "account_facts", "survey_facts",
		"record_outcomes", "dead_letter_facts", "analyzer_revision_facts",
		"post_tag_history", "erasure_keys", "erasure_facts", "dead_letter_replays", "duplicate_windows", "week_windows", "week_details", "week_stamps", "day_keys", "day_stamps", "offset_blocks",
		"week_lists", "segment_windows", "segment_stamps", "question_windows", "question_stamps",
		"writer_windows", "writer_stamps",
		"shown_windows", "shown_stamps", "progress_windows", "progress_stamps", "attention_windows", "ledger_windows",
		"post_decision_facts", "action_facts",
	}
}

// decided are the tables that RoleDecider appends to.
func decided() []string { return []string{"post_decision_facts", "action_facts", "window_marks"} }

// Roles returns the names of the roles, the one with most rights first.
func Roles() []string { return []string{RoleAdmin, RoleWriter, RoleDecider, RoleReader} }

// Grants returns the statements that give a role its rights in one database, without the receiving "TO …".
func Grants(role, database string) []string {
	var grants []string
	switch role {
	case RoleAdmin:
		grants = append(grants,
			fmt.Sprintf("GRANT ALL ON %s.*", database),
			"GRANT TABLE ENGINE ON *",
			"GRANT SET DEFINER ON *",
			"GRANT CREATE TEMPORARY TABLE ON *.*",
			"GRANT SELECT ON system.*")
	case RoleWriter:
		for _, table := range Tables() {
			grants = append(grants, fmt.Sprintf("GRANT SELECT, INSERT ON %s.%s", database, table))
		}
		for _, view := range Views() {
			grants = append(grants, fmt.Sprintf("GRANT SELECT ON %s.%s", database, view))
		}
	case RoleDecider:
		for _, table := range decided() {
			grants = append(grants, fmt.Sprintf("GRANT INSERT ON %s.%s", database, table))
		}
		for _, view := range Views() {
			grants = append(grants, fmt.Sprintf("GRANT SELECT ON %s.%s", database, view))
		}
	case RoleReader:
		for _, view := range Views() {
			grants = append(grants, fmt.Sprintf("GRANT SELECT ON %s.%s", database, view))
		}
	}
	return grants
}

// ShardGrants returns what a role needs on a sharded database on top of Grants: a row that is written through a
// Distributed table is written into a local one in the name of its writer.
func ShardGrants(role, database string) []string {
	var grants []string
	switch role {
	case RoleWriter:
		for _, table := range Tables() {
			grants = append(grants, fmt.Sprintf("GRANT SELECT, INSERT ON %s.%s_local", database, table))
		}
	case RoleDecider:
		for _, table := range decided() {
			grants = append(grants, fmt.Sprintf("GRANT INSERT ON %s.%s_local", database, table))
		}
	}
	return grants
}
