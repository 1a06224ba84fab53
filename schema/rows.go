// Package schema owns what voc keeps in ClickHouse: tables, views (the SQL contract), row types and roles.
//
// It knows neither Kafka nor Japanese. Writers build the row types of this file; readers use the views only.
package schema

import "time"

// PostRow is one version of one post in the table post_facts. A row is a pure function of the Kafka record, the
// posted_at that the post's first event fixed, and the analyzer revision; writing it again changes nothing.
//
// The column ver, computed by the server from SourceVersion, KafkaOffset and AnalyzerRevision in this order of
// weight, decides which version of a post is read. Day is the calendar day of PostedAt in the calendar's zone;
// (Community, Day, PostID) is the sorting key, so PostedAt must never change between versions of one post.
type PostRow struct {
	Community     string
	Day           time.Time
	PostID        string
	SourceVersion uint64
	Deleted       bool
	PostedAt      time.Time
	OccurredAt    time.Time // when this version was made; equals PostedAt for a created post without occurred_at
	Event         string
	Source        string
	Channel       string
	ThreadID      string
	ReplyTo       string
	URL           string
	Rating        float32
	Views         uint64
	Accepted      bool
	Reactions     map[string]uint64
	Attributes    map[string]string
	AuthorID      string // pseudonym
	AuthorRole    string
	AuthorLevel   string
	AccountID     string
	Title         string // masked
	Body          string // masked

	Sentiment string
	Score     float32
	Topics    PostTopics
	Intents   []string
	Signals   PostSignals
	Evidence  PostEvidence
	Flags     []string

	AnalyzerRevision uint16
	KafkaTopic       string
	KafkaPartition   uint32
	KafkaOffset      uint64
}

// PostTopics are the columns topics.id, topics.sentiment and topics.score: parallel slices, one entry a topic.
type PostTopics struct {
	ID        []string
	Sentiment []string
	Score     []float32
}

// PostSignals are the columns signals.kind and signals.value: parallel slices, one entry a signal.
type PostSignals struct {
	Kind  []string
	Value []string
}

// PostEvidence are the nested columns evidence.*: parallel slices, one entry a span. Kind is topic, intent,
// sentiment or signal; Tag is the topic's or intent's id, the polarity or "kind=value" of the signal. Start and
// End are rune offsets into the stored field (Field is body or title), End exclusive.
type PostEvidence struct {
	Kind  []string
	Tag   []string
	Field []string
	Start []uint32
	End   []uint32
	Rule  []string
}

// EvidenceKinds and EvidenceFields return what PostEvidence.Kind and Field may be, in the order of their numbers in
// post_facts, which begin at 1.
func EvidenceKinds() []string  { return []string{"sentiment", "topic", "intent", "signal"} }
func EvidenceFields() []string { return []string{"body", "title"} }

// TagHistoryRow is what one analyzer said about a post before another one's result took its place. It is keyed by
// (Community, Day, PostID, AnalyzerRevision), and of several versions of a post the newest is kept.
type TagHistoryRow struct {
	Community        string
	Day              time.Time
	PostID           string
	AnalyzerRevision uint16
	SourceVersion    uint64
	KafkaOffset      uint64
	Sentiment        string
	Score            float32
	Topics           PostTopics
	Intents          []string
	Signals          PostSignals
	Evidence         PostEvidence
	Flags            []string
	ReplacedBy       uint16
}

// ErasureRow remembers an erased post or person by a keyed hash. What happened until Until, inclusive, must not come
// back.
type ErasureRow struct {
	Key   string // 16 bytes
	Until time.Time
}

// ErasureFactRow is one erasure that was done, without a name.
type ErasureFactRow struct {
	ID          string
	ErasedAt    time.Time
	Kind        string // author or post
	Subject     string // the key in hexadecimal
	Posts       uint64
	Records     uint64
	Windows     ErasureWindows
	Certificate string // JSON
}

// ErasureWindows are the columns windows.community and windows.day: the days whose numbers an erasure changed.
type ErasureWindows struct {
	Community []string
	Day       []time.Time
}

// ReplayRow says that a dead letter was sent again, and where to.
type ReplayRow struct {
	KafkaTopic      string
	KafkaPartition  uint32
	KafkaOffset     uint64
	ReplayPartition uint32
	ReplayOffset    uint64
	Repaired        bool
}

// DuplicatesRow holds the posts of one community and week that are copies of one another.
type DuplicatesRow struct {
	Community string
	Week      time.Time
	Calc      uint64
	Marks     uint64
	Compared  uint64
	Members   DuplicateMembers
}

// DuplicateMembers are the columns members.*: parallel slices, one entry a post.
type DuplicateMembers struct {
	GroupID []string // the post_id of the group's first post
	PostID  []string
	Day     []time.Time
	Author  []uint64 // 0 when not known
}

// RegistryRow remembers the first event of a post: it fixes posted_at, and with it the window, for ever.
// A post first heard of by its deletion has the zero PostedAt.
type RegistryRow struct {
	Community      string
	PostID         string
	PostedAt       time.Time
	KafkaTopic     string
	KafkaPartition uint32
	KafkaOffset    uint64
}

// Window is the unit in which aggregates are rebuilt: one calendar day of one community.
type Window struct {
	Community string
	Day       time.Time
}

// OutcomeRow is what became of one Kafka record, the base of the ledger. The key is (topic, partition, offset),
// so writing it again changes nothing.
type OutcomeRow struct {
	KafkaTopic     string
	KafkaPartition uint32
	KafkaOffset    uint64
	RecordTime     time.Time
	Outcome        Outcome
	Community      string
	PostID         string // for records of posts and surveys with a comment
	SourceVersion  uint64 // of the post, with PostID
}

// Outcome of a Kafka record.
type Outcome string

// The outcomes of a Kafka record.
const (
	OutcomeStored     Outcome = "stored"      // its row was written
	OutcomeDeadLetter Outcome = "dead_letter" // refused; kept raw in the dead-letter topic
	OutcomeFiltered   Outcome = "filtered"    // left out on purpose: tombstones without meaning, control records
)

// DeadLetterRow is one refused message. It holds no message content: the raw bytes stay in the dead-letter topic.
type DeadLetterRow struct {
	KafkaTopic     string
	KafkaPartition uint32
	KafkaOffset    uint64
	RecordTime     time.Time
	Reason         string // one of the closed set in ingest/event
	Field          string // the field at fault, empty when the whole message is
	Detail         string // one sentence that says what would be right; never quotes message content
	MessageKey     string
	Size           uint64 // of the value, in bytes
}

// ActivityRow is one event of voc.activity, keyed by (Community, Day, EventID).
type ActivityRow struct {
	Community      string
	Day            time.Time
	EventID        string
	Event          string
	OccurredAt     time.Time
	PostID         string
	AuthorID       string // pseudonym
	AuthorRole     string
	AuthorLevel    string
	AccountID      string
	Kind           string
	Count          int64
	InvitedBy      string // pseudonym
	Attributes     map[string]string
	KafkaTopic     string
	KafkaPartition uint32
	KafkaOffset    uint64
}

// AccountRow is the state of one account from ValidFrom on, keyed by (AccountID, ValidFrom).
type AccountRow struct {
	AccountID      string
	ValidFrom      time.Time
	Name           string
	Deleted        bool
	Attributes     map[string]string
	KafkaTopic     string
	KafkaPartition uint32
	KafkaOffset    uint64
}

// SurveyRow is one survey answer, keyed by (Community, Day, ResponseID). Its comment, if any, is also a row of
// post_facts with source "survey" and post_id "survey/<response_id>".
type SurveyRow struct {
	Community      string
	Day            time.Time
	ResponseID     string
	SurveyID       string
	Metric         string
	Score          float32
	AnsweredAt     time.Time
	AuthorID       string // pseudonym
	AuthorRole     string
	AuthorLevel    string
	AccountID      string
	Attributes     map[string]string
	KafkaTopic     string
	KafkaPartition uint32
	KafkaOffset    uint64
}
