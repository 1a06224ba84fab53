package board_test

import (
	"testing"

	"voc/dashboards/board"
	"voc/dashboards/query"
)

func TestNet(t *testing.T) {
	few := board.Counts{Posts: 4, Positive: 4}
	if net, ok := few.Net(); ok {
		t.Errorf("four posts have the net %v; they are too few to tell", net)
	}
	enough := board.Counts{Posts: 5, Positive: 1, Negative: 2, Neutral: 2}
	if net, ok := enough.Net(); !ok || net != -0.2 {
		t.Errorf("the net is %v, %t, want -0.2", net, ok)
	}
}

// The entry of a role adds up its parts, which stand in the order that readers know.
func TestEntries(t *testing.T) {
	list := board.Entries([]query.BoardCell{
		{Kind: board.All, ID: "all", AuthorRole: "", Posts: 1, Before: 2}, {Kind: board.All, ID: "all", AuthorRole: "guest"},
		{Kind: board.All, ID: "all", AuthorRole: "staff", Posts: 3, Positive: 2, Before: 4}, {Kind: "role", ID: "qa", AuthorRole: "member", Posts: 5},
	})
	if len(list) != 2 || list[0].Counts.Posts != 4 || list[0].Counts.Positive != 2 || list[0].Before != 6 || list[1].Counts.Posts != 5 {
		t.Errorf("the entries are %+v", list)
	}
	if got := board.Roles(list); len(got) != 2 || got[0] != "staff" || got[1] != "" {
		t.Errorf("the roles are %q, want staff and those without one; guest wrote nothing", got)
	}
}

// A gap needs threads of both sides, and only one that chance hardly explains is clear.
func TestGaps(t *testing.T) {
	list := board.Gaps([]query.TopicRoles{
		{Topic: "few", Staff: 4, Members: 50, StaffStarts: 4, MemberStarts: 50},
		{Topic: "same", Staff: 10, Members: 11, StaffStarts: 50, MemberStarts: 50},
		{Topic: "asked", Staff: 2, Members: 40, StaffStarts: 50, MemberStarts: 50},
	})
	if len(list) != 2 || list[0].Topic != "asked" || !list[0].Clear || list[0].Diff > -0.7 || list[1].Clear {
		t.Errorf("the gaps are %+v", list)
	}
}
