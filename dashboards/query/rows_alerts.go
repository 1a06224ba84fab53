package query

import "time"

// ArrivalHour is a row of arrival_hours.
type ArrivalHour struct {
	Hour     time.Time `ch:"hour"`
	Messages uint64    `ch:"messages"`
	LastAt   time.Time `ch:"last_at"`
}

// QuietWeek is a row of quiet_weeks.
type QuietWeek struct {
	Week         time.Time `ch:"week"`
	Posts        uint64    `ch:"posts"`
	Authors      uint64    `ch:"authors"`
	Threads      uint64    `ch:"threads"`
	Replies      uint64    `ch:"replies"`
	Repliers     uint64    `ch:"repliers"`
	StaffReplies uint64    `ch:"staff_replies"`
	StaffThreads uint64    `ch:"staff_threads"`
	Promotions   uint64    `ch:"promotions"`
	Joined       uint64    `ch:"joined"`
	Viewed       uint64    `ch:"viewed"`
}

// PostOpinion is a row of post_opinions.
type PostOpinion struct {
	Opinion string `ch:"opinion"`
	Posts   uint64 `ch:"posts"`
	Authors uint64 `ch:"authors"`
}
