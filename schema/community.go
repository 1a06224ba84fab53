package schema

import (
	"fmt"
	"strings"
)

// BoundRole returns the role of readers who may see one community only. A user with the roles of two communities sees
// both; a user who also has RoleReader sees everything.
func BoundRole(community string) string { return RoleReader + ":" + community }

// BoundView is what a reader who is bound to one community may see of a view.
type BoundView struct {
	View string
	// Columns are the ones that may be read; nil means all.
	Columns []string
	// Filter is the condition on the rows that may be read; empty means all, for views that tell nothing of a community.
	Filter string
}

// BoundViews returns what a reader bound to a community may use of a database. A view that has no rule of its own must
// have the column community; the tests hold every view to that.
func BoundViews(database, community string) []BoundView {
	is := "community = " + Literal(community)
	// Accounts belong to no community: those are shown whose members wrote or did something in this one.
	account := fmt.Sprintf("account_id IN (SELECT account_id FROM %s.posts WHERE %s) OR account_id IN (SELECT account_id FROM %s.activity WHERE %s)",
		database, is, database, is)
	var out []BoundView
	for _, view := range Views() {
		b := BoundView{View: view, Filter: is}
		switch view {
		case "accounts", "account_history":
			b.Filter = account
		case "erasures":
			// One that also changed days of another community is not shown at all.
			b.Filter = fmt.Sprintf("notEmpty(windows) AND arrayAll(w -> w.1 = %s, windows)", Literal(community))
		case "dead_letters":
			// A refused message has no community. Its key may be an id of any.
			b.Columns = []string{
				"kafka_topic", "kafka_partition", "kafka_offset", "record_time", "reason", "field", "detail", "size",
				"ingested_at", "state", "replayed_at", "replay_partition", "replay_offset",
			}
			b.Filter = ""
		case "ledger", "ledger_days", "ledger_offsets", "metrics", "analyzer_revisions":
			b.Filter = ""
		}
		out = append(out, b)
	}
	return out
}

// BoundGrants returns the statements that give a bound reader its rights, without the receiving "TO …". The filters come
// on top of them.
func BoundGrants(database string) []string {
	var grants []string
	for _, b := range BoundViews(database, "") {
		columns := ""
		if b.Columns != nil {
			columns = "(" + strings.Join(b.Columns, ", ") + ")"
		}
		grants = append(grants, fmt.Sprintf("GRANT SELECT%s ON %s.%s", columns, database, b.View))
	}
	return grants
}

var literal = strings.NewReplacer(`\`, `\\`, `'`, `\'`)

// Literal makes a string literal of SQL, for statements that take no parameters.
func Literal(s string) string { return "'" + literal.Replace(s) + "'" }
