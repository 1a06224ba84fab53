package query

import "time"

// PostRecord is a row of post_record.
type PostRecord struct {
	PostID         string    `ch:"post_id"`
	Day            time.Time `ch:"day"`
	Event          string    `ch:"event"`
	OccurredAt     time.Time `ch:"occurred_at"`
	Version        uint64    `ch:"version"`
	KafkaTopic     string    `ch:"kafka_topic"`
	KafkaPartition uint32    `ch:"kafka_partition"`
	KafkaOffset    uint64    `ch:"kafka_offset"`
	IngestedAt     time.Time `ch:"ingested_at"`
	Revision       uint16    `ch:"revision"`
	Program        string    `ch:"program"`
	Hash           string    `ch:"hash"`
}

// HourCell is a row of hour_cells; Topic is empty in the rows of all posts.
type HourCell struct {
	Topic string    `ch:"topic"`
	Hour  time.Time `ch:"hour"`
	Posts uint64    `ch:"posts"`
}

// Mention is a row of mentions.
type Mention struct {
	PostID   string    `ch:"post_id"`
	Author   string    `ch:"author"`
	PostedAt time.Time `ch:"posted_at"`
	Topics   []string  `ch:"topics"`
}

// TopicRoles is a row of topic_roles.
type TopicRoles struct {
	Topic        string `ch:"topic"`
	Staff        uint64 `ch:"staff"`
	Members      uint64 `ch:"members"`
	StaffStarts  uint64 `ch:"staff_starts"`
	MemberStarts uint64 `ch:"member_starts"`
}
