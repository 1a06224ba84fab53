// Package board arranges two answers about who speaks of what: the board of roles and of experience and outcome (query
// role_board), and the topics that the staff begins more or less often than members do (query topic_roles). It counts
// nothing: every figure is a number of a row, or a sum over rows whose posts do not overlap.
package board

import (
	"cmp"
	"slices"

	"voc/dashboards/query"
	"voc/dashboards/stats"
)

// All is the kind of the entry that counts every post.
const All = "all"

// Counts are posts with their polarity.
type Counts struct {
	Posts, Positive, Negative, Neutral, Mixed uint64
}

func (c *Counts) add(b *query.BoardCell) {
	c.Posts, c.Positive, c.Negative = c.Posts+b.Posts, c.Positive+b.Positive, c.Negative+b.Negative
	c.Neutral, c.Mixed = c.Neutral+b.Neutral, c.Mixed+b.Mixed
}

// minNet is how many posts there must be before their net says anything.
const minNet = 5

// Net is the share of positive posts minus that of negative ones; ok is false when the posts are too few to tell.
func (c *Counts) Net() (net float64, ok bool) {
	if c.Posts < minNet {
		return 0, false
	}
	return (float64(c.Positive) - float64(c.Negative)) / float64(c.Posts), true
}

// Part is what one role of authors contributes to an entry.
type Part struct {
	Role   string
	Counts Counts
}

// Entry is one line of the board.
type Entry struct {
	Kind, ID string
	Counts   Counts
	// Before is how many posts the weeks before had, all together.
	Before uint64
	// Parts are by role, in the order of Roles.
	Parts []Part
	// Cell says what the entry counts; its numbers are those of the first role.
	Cell query.BoardCell
}

// Narrow makes a filter ask for the posts of the entry; a role bounds it to its authors.
func (e *Entry) Narrow(f *query.Filter, roles ...string) {
	e.Cell.Narrow(f)
	f.Role = roles
}

// Part returns what a role contributes.
func (e *Entry) Part(role string) Part {
	for _, p := range e.Parts {
		if p.Role == role {
			return p
		}
	}
	return Part{Role: role}
}

// usual is the order in which roles are shown; others follow by name.
func usual() []string { return []string{"member", "leader", "partner", "staff", "outsider", ""} }

func place(role string) int {
	if i := slices.Index(usual(), role); i >= 0 {
		return i
	}
	return len(usual())
}

// Entries arranges the rows of role_board: the entry of all posts first, then in the order of the board.
func Entries(rows []query.BoardCell) []Entry {
	var list []Entry
	for i := range rows {
		r := &rows[i]
		if n := len(list); n == 0 || list[n-1].Kind != r.Kind || list[n-1].ID != r.ID {
			list = append(list, Entry{Kind: r.Kind, ID: r.ID, Cell: *r})
		}
		e := &list[len(list)-1]
		e.Counts.add(r)
		e.Before += r.Before
		p := Part{Role: r.AuthorRole}
		p.Counts.add(r)
		e.Parts = append(e.Parts, p)
	}
	for i := range list {
		slices.SortFunc(list[i].Parts, func(x, y Part) int {
			return cmp.Or(cmp.Compare(place(x.Role), place(y.Role)), cmp.Compare(x.Role, y.Role))
		})
	}
	return list
}

// Roles are the roles that wrote anything of the week, as far as the entries say, in the order to show them.
func Roles(list []Entry) []string {
	var out []string
	for _, e := range list {
		if e.Kind != All {
			continue
		}
		for _, p := range e.Parts {
			if p.Counts.Posts > 0 {
				out = append(out, p.Role)
			}
		}
	}
	return out
}

// minStarts is how many threads each side must have begun before shares of them say anything.
const minStarts = 5

// Gap is a topic that one side begins threads about more often than the other.
type Gap struct {
	query.TopicRoles
	StaffShare, MemberShare stats.Share
	// Diff is the staff's share minus the members', with its 95% interval.
	Diff float64
	CI   stats.Interval
	// Clear says that chance hardly explains the difference.
	Clear bool
}

// Members are the roles of those who are no staff.
func Members() []string { return []string{"member", "leader", "partner", "outsider", ""} }

// Narrow makes a filter ask for the threads of the topic that one side began.
func (g *Gap) Narrow(f *query.Filter, roles ...string) {
	f.Topic, f.Role, f.Reply, f.Quarantined = []string{g.Topic}, roles, "no", "no"
}

// Gaps are the topics by the size of the gap, the largest first; none when either side began too few threads.
func Gaps(rows []query.TopicRoles) []Gap {
	var list []Gap
	for _, r := range rows {
		if r.StaffStarts < minStarts || r.MemberStarts < minStarts {
			continue
		}
		g := Gap{TopicRoles: r, StaffShare: stats.Share{Hits: r.Staff, Total: r.StaffStarts}, MemberShare: stats.Share{Hits: r.Members, Total: r.MemberStarts}}
		g.Diff, g.CI = stats.ShareDiff(g.StaffShare, g.MemberShare, stats.Level95)
		g.Clear = g.CI.Low > 0 || g.CI.High < 0
		list = append(list, g)
	}
	slices.SortFunc(list, func(x, y Gap) int {
		return cmp.Or(cmp.Compare(max(y.Diff, -y.Diff), max(x.Diff, -x.Diff)), cmp.Compare(x.Topic, y.Topic))
	})
	return list
}
