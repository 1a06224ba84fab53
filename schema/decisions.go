package schema

import (
	"slices"
	"strings"
	"time"
)

// SetAside are the intents whose posts are set aside: counted as posts, and left out where voices are ranked.
func SetAside() []string { return []string{"promotion", "spam"} }

// Released is the verdict that puts a post back; the other verdicts are those of SetAside.
const Released = "released"

// IntentsSQL returns the SQL expression for the intents of a post of post_facts as people see them: those that the
// analyzer gave, but promotion and spam as the last decision about the post says. It is the one place where decisions
// take effect, so that nothing that is written later, an edit, another analyzer or a replay, can undo one. The prefix
// ends the names of tables: it is "voc." or empty. The alias, such as "p.", stands before columns.
//
// The decisions are few, so each query has them as two sets; both hold keys that a read with FINAL needs anyway.
func IntentsSQL(prefix, alias string) string {
	key := "(" + alias + "community, " + alias + "post_id"
	newest := "SELECT community, post_id, argMax(verdict, (number, decided_at, decision_id)) FROM " + prefix + "post_decision_facts GROUP BY community, post_id"
	tags := "['" + strings.Join(SetAside(), "', '") + "']"
	return "if(" + key + ") GLOBAL IN (SELECT community, post_id FROM " + prefix + "post_decision_facts), " +
		"arrayConcat(arrayFilter(i -> NOT has(" + tags + ", i), " + alias + "intents), " +
		"arrayFilter(v -> " + key + ", v) GLOBAL IN (" + newest + "), " + tags + ")), " + alias + "intents)"
}

// ReleasedSQL returns the SQL condition for posts of post_facts that a person put back.
func ReleasedSQL(prefix, alias string) string {
	return "(" + alias + "community, " + alias + "post_id) GLOBAL IN (SELECT community, post_id FROM " + prefix +
		"post_decision_facts GROUP BY community, post_id HAVING argMax(verdict, (number, decided_at, decision_id)) = '" + Released + "')"
}

// IsSetAside says whether intents hold one of SetAside.
func IsSetAside(intents []string) bool {
	return slices.ContainsFunc(intents, func(i string) bool { return slices.Contains(SetAside(), i) })
}

// DecisionRow is a person's decision about a post. Numbers of one post grow; (Community, PostID, Number, DecisionID) is
// the key, so writing a row again changes nothing, and rows are never changed.
type DecisionRow struct {
	Community        string
	Day              time.Time // of the post
	PostID           string
	Number           uint32
	DecisionID       string
	Verdict          string
	DecidedAt        time.Time
	DecidedBy        string
	Reason           string // masked
	Tagged           []string
	AnalyzerRevision uint16
	SourceVersion    uint64
}

// ActionRow is an event of an action. Events of one action have growing numbers; (Community, ActionID, Number, EventID)
// is the key.
type ActionRow struct {
	Community  string
	ActionID   string
	Number     uint32
	EventID    string
	Event      string
	HappenedAt time.Time
	MadeBy     string
	Title      string // masked, like Note
	Topic      string
	Filter     string
	Owner      string
	Due        time.Time // 1970-01-01 for none
	Release    string
	Note       string
}

// Table implements Row.
func (r *DecisionRow) Table() string { return "post_decision_facts" }

// Columns implements Row.
func (r *DecisionRow) Columns() []string {
	return []string{
		"community", "day", "post_id", "number", "decision_id", "verdict", "decided_at", "decided_by", "reason", "tagged", "analyzer_revision", "source_version",
	}
}

// Values implements Row.
func (r *DecisionRow) Values() []any {
	return []any{
		r.Community, r.Day, r.PostID, r.Number, r.DecisionID, r.Verdict, r.DecidedAt, r.DecidedBy, r.Reason, r.Tagged, r.AnalyzerRevision, r.SourceVersion,
	}
}

// Table implements Row.
func (r *ActionRow) Table() string { return "action_facts" }

// Columns implements Row.
func (r *ActionRow) Columns() []string {
	return []string{
		"community", "action_id", "number", "event_id", "event", "happened_at", "made_by", "title", "topic", "filter", "owner", "due", "release", "note",
	}
}

// Values implements Row.
func (r *ActionRow) Values() []any {
	return []any{
		r.Community, r.ActionID, r.Number, r.EventID, r.Event, r.HappenedAt, r.MadeBy, r.Title, r.Topic, r.Filter, r.Owner, r.Due, r.Release, r.Note,
	}
}
