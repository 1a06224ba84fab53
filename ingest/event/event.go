// Package event is the wire format of what voc reads from Kafka: posts, activity, accounts and survey answers.
//
// It owns decoding, validation and the reasons for refusing a message. It knows neither Kafka's client nor
// ClickHouse nor Japanese: it turns bytes into values, or into a *Reject that names the field and what would be
// right. The JSON Schema files of the same events live in schema/event.
package event

import "time"

// Kind of a post event.
type Kind string

// The kinds of a post event.
const (
	Created Kind = "created"
	Edited  Kind = "edited"
	Deleted Kind = "deleted"
)

// Author of a post or the member an activity belongs to. ID is the raw id of the source; it is pseudonymised
// before anything is stored.
type Author struct {
	ID        string `json:"id,omitempty"`
	Role      string `json:"role,omitempty"` // member, leader, staff, partner or outsider
	AccountID string `json:"account_id,omitempty"`
	Level     string `json:"level,omitempty"`
}

// Post is one event of the topic voc.posts.
type Post struct {
	PostID string `json:"post_id"`
	Event  Kind   `json:"event,omitempty"` // default: created
	// Version orders the events of one post; zero means absent (see Meta.SourceVersion).
	Version    *uint64           `json:"version,omitempty"`
	OccurredAt time.Time         `json:"occurred_at,omitzero"`
	PostedAt   time.Time         `json:"posted_at,omitzero"`
	Title      string            `json:"title,omitempty"`
	Body       string            `json:"body,omitempty"`
	Community  string            `json:"community,omitempty"`
	Source     string            `json:"source,omitempty"`
	Channel    string            `json:"channel,omitempty"`
	ThreadID   string            `json:"thread_id,omitempty"`
	ReplyTo    string            `json:"reply_to,omitempty"`
	URL        string            `json:"url,omitempty"`
	Rating     float64           `json:"rating,omitempty"` // 1 to 5; zero means absent
	Views      uint64            `json:"views,omitempty"`
	Reactions  map[string]uint64 `json:"reactions,omitempty"`
	Accepted   bool              `json:"accepted,omitempty"`
	Author     Author            `json:"author,omitzero"`
	Attributes map[string]string `json:"attributes,omitempty"`
}

// Activity is one event of the topic voc.activity: something a member did that is not a post.
type Activity struct {
	EventID    string    `json:"event_id,omitempty"` // default: topic/partition/offset of the message
	Event      string    `json:"event"`              // viewed, reacted, accepted, joined, login or point
	OccurredAt time.Time `json:"occurred_at"`
	Community  string    `json:"community,omitempty"`
	PostID     string    `json:"post_id,omitempty"` // required for viewed, reacted and accepted
	Author     Author    `json:"author,omitzero"`   // id required for joined, login and point
	Kind       string    `json:"kind,omitempty"`    // reaction kind (like, clap, …) or reason of the points
	// Count is how many times it happened (views are often summed by the source); default 1. For point: the points, may be negative.
	Count      *int64            `json:"count,omitempty"`
	InvitedBy  string            `json:"invited_by,omitempty"` // joined: raw id of the inviting member
	Attributes map[string]string `json:"attributes,omitempty"`
}

// Account is one event of the compacted topic voc.accounts: attributes of a customer account, valid from a time.
// A null message value (tombstone) with the account id as key ends the account.
type Account struct {
	AccountID  string            `json:"account_id"`
	ValidFrom  time.Time         `json:"valid_from"`
	Name       string            `json:"name,omitempty"`
	Deleted    bool              `json:"deleted,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"` // plan, touch_model, industry, ltv_band, csm_owner, …
}

// Survey is one event of the topic voc.surveys: one answer to a survey. Its comment is analysed like a post.
type Survey struct {
	ResponseID string            `json:"response_id"`
	SurveyID   string            `json:"survey_id,omitempty"`
	Metric     string            `json:"metric"` // nps (0-10) or csat (1-5)
	Score      *float64          `json:"score"`
	AnsweredAt time.Time         `json:"answered_at"`
	Comment    string            `json:"comment,omitempty"`
	Community  string            `json:"community,omitempty"`
	Author     Author            `json:"author,omitzero"`
	Attributes map[string]string `json:"attributes,omitempty"`
}

// Meta is what Kafka says about the message an event came in.
type Meta struct {
	Topic     string
	Partition int
	Offset    int64
	Key       []byte
	Time      time.Time // zero when the message has no timestamp
}
