package query

import "time"

// BoardCell is a row of role_board: one entry of the board and one role of authors.
type BoardCell struct {
	Place      uint8    `ch:"place"`
	Kind       string   `ch:"kind"` // all, role, cx or co
	ID         string   `ch:"id"`
	Intents    []string `ch:"intents"`
	Topics     []string `ch:"topics"`
	Signals    []string `ch:"signals"`
	AuthorRole string   `ch:"author_role"`
	Posts      uint64   `ch:"posts"`
	Authors    uint64   `ch:"authors"`
	Positive   uint64   `ch:"positive"`
	Negative   uint64   `ch:"negative"`
	Neutral    uint64   `ch:"neutral"`
	Mixed      uint64   `ch:"mixed"`
	Before     uint64   `ch:"before"`
}

// Narrow makes a filter ask for the posts of the entry, whoever wrote them.
func (c *BoardCell) Narrow(f *Filter) {
	f.Intent, f.Topic, f.Signal, f.Quarantined = c.Intents, c.Topics, c.Signals, "no"
}

// Decision is a row of decisions.
type Decision struct {
	Community  string    `ch:"community"`
	Day        time.Time `ch:"day"`
	PostID     string    `ch:"post_id"`
	Verdict    string    `ch:"verdict"` // released, promotion or spam
	DecidedAt  time.Time `ch:"decided_at"`
	DecidedBy  string    `ch:"decided_by"`
	Reason     string    `ch:"reason"`
	Tagged     []string  `ch:"tagged"` // what the analyzer had said
	Number     uint32    `ch:"number"`
	Edited     uint8     `ch:"edited"`
	Gone       uint8     `ch:"gone"`
	AuthorRole string    `ch:"author_role"`
	Body       string    `ch:"body"`
}

// Action is a row of actions.
type Action struct {
	ID        string     `ch:"action_id"`
	Title     string     `ch:"title"`
	Topic     string     `ch:"topic"`
	Filter    string     `ch:"filter"`
	Owner     string     `ch:"owner"`
	Due       *time.Time `ch:"due"`
	State     string     `ch:"state"` // open, shipped, closed or reopened
	Release   string     `ch:"release"`
	AddedAt   time.Time  `ch:"added_at"`
	AddedBy   string     `ch:"added_by"`
	ShippedAt *time.Time `ch:"shipped_at"`
	ChangedAt time.Time  `ch:"changed_at"`
	Note      string     `ch:"note"`
	Events    uint64     `ch:"events"`
}

// PostsWeek is a row of posts_weeks.
type PostsWeek struct {
	Week       time.Time `ch:"week"`
	Posts      uint64    `ch:"posts"`
	Authors    uint64    `ch:"authors"`
	SumSquares uint64    `ch:"sum_squares"`
}

// PostsAuthor is a row of posts_authors.
type PostsAuthor struct {
	AuthorID    string    `ch:"author_id"` // pseudonym
	AuthorRole  string    `ch:"author_role"`
	AuthorLevel string    `ch:"author_level"`
	AccountID   string    `ch:"account_id"`
	Posts       uint64    `ch:"posts"`
	FirstAt     time.Time `ch:"first_at"`
	LastAt      time.Time `ch:"last_at"`
	LastPost    string    `ch:"last_post"`
}
