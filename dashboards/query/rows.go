package query

import "time"

// Post is a row of posts_list and thread_posts, and the part that other queries about posts share.
type Post struct {
	PostID            string            `ch:"post_id"`
	Day               time.Time         `ch:"day"`
	PostedAt          time.Time         `ch:"posted_at"`
	Source            string            `ch:"source"`
	Channel           string            `ch:"channel"`
	ThreadID          string            `ch:"thread_id"`
	ReplyTo           string            `ch:"reply_to"`
	URL               string            `ch:"url"`
	Rating            float32           `ch:"rating"`
	Views             uint64            `ch:"views"`
	Reactions         uint64            `ch:"reactions"`
	Accepted          bool              `ch:"accepted"`
	AuthorID          string            `ch:"author_id"`
	AuthorRole        string            `ch:"author_role"`
	AuthorLevel       string            `ch:"author_level"`
	AccountID         string            `ch:"account_id"`
	Title             string            `ch:"title"`
	Body              string            `ch:"body"`
	Sentiment         string            `ch:"sentiment"`
	Score             float32           `ch:"score"`
	Topics            []string          `ch:"topics"`
	Intents           []string          `ch:"intents"`
	Flags             []string          `ch:"flags"`
	Attributes        map[string]string `ch:"attributes"`
	AccountName       string            `ch:"account_name"`
	AccountAttributes map[string]string `ch:"account_attributes"` // when the post was written
	AnalyzerRevision  uint16            `ch:"analyzer_revision"`
}

// PostCount is the row of posts_count.
type PostCount struct {
	Posts    uint64 `ch:"posts"`
	Authors  uint64 `ch:"authors"`
	Accounts uint64 `ch:"accounts"`
	Positive uint64 `ch:"positive"`
	Negative uint64 `ch:"negative"`
	Neutral  uint64 `ch:"neutral"`
	Mixed    uint64 `ch:"mixed"`
	Replies  uint64 `ch:"replies"`
}

// Span is a row of post_spans; Start and End count characters.
type Span struct {
	PostID string `ch:"post_id"`
	Kind   string `ch:"kind"`
	Tag    string `ch:"tag"`
	Field  string `ch:"field"`
	Start  uint32 `ch:"start"`
	End    uint32 `ch:"end"`
	Text   string `ch:"text"`
	Rule   string `ch:"rule"`
}

// OverviewWeek is a row of overview_weeks.
type OverviewWeek struct {
	Week          time.Time `ch:"week"`
	Posts         uint64    `ch:"posts"`
	Threads       uint64    `ch:"threads"`
	Replies       uint64    `ch:"replies"`
	StaffPosts    uint64    `ch:"staff_posts"`
	Positive      uint64    `ch:"positive"`
	Negative      uint64    `ch:"negative"`
	Neutral       uint64    `ch:"neutral"`
	Mixed         uint64    `ch:"mixed"`
	Untagged      uint64    `ch:"untagged"`
	Questions     uint64    `ch:"questions"`
	Answers       uint64    `ch:"answers"`
	Requests      uint64    `ch:"requests"`
	Complaints    uint64    `ch:"complaints"`
	Praises       uint64    `ch:"praises"`
	ChurnRisks    uint64    `ch:"churn_risks"`
	Authors       uint64    `ch:"authors"`
	Accounts      uint64    `ch:"accounts"`
	ActiveMembers uint64    `ch:"active_members"`
	Viewed        int64     `ch:"viewed"`
	Reacted       int64     `ch:"reacted"`
	Accepted      int64     `ch:"accepted"`
	Joined        int64     `ch:"joined"`
	Logins        int64     `ch:"logins"`
	Days          uint8     `ch:"days"` // days of the week that have posts
}

// OverviewDay is a row of overview_days.
type OverviewDay struct {
	Day      time.Time `ch:"day"`
	Posts    uint64    `ch:"posts"`
	Positive uint64    `ch:"positive"`
	Negative uint64    `ch:"negative"`
	Neutral  uint64    `ch:"neutral"`
	Mixed    uint64    `ch:"mixed"`
	Authors  uint64    `ch:"authors"`
	Viewed   int64     `ch:"viewed"`
}

// ChannelWeek is a row of channel_weeks.
type ChannelWeek struct {
	Week       time.Time `ch:"week"`
	Source     string    `ch:"source"`
	Channel    string    `ch:"channel"`
	AuthorRole string    `ch:"author_role"`
	Posts      uint64    `ch:"posts"`
	Replies    uint64    `ch:"replies"`
	Positive   uint64    `ch:"positive"`
	Negative   uint64    `ch:"negative"`
	Neutral    uint64    `ch:"neutral"`
	Mixed      uint64    `ch:"mixed"`
	Authors    uint64    `ch:"authors"`
}

// TopicWeek is a row of topic_weeks.
type TopicWeek struct {
	Week       time.Time `ch:"week"`
	Topic      string    `ch:"topic"`
	Level      uint8     `ch:"level"`
	Posts      uint64    `ch:"posts"`
	Replies    uint64    `ch:"replies"`
	Positive   uint64    `ch:"positive"`
	Negative   uint64    `ch:"negative"`
	Neutral    uint64    `ch:"neutral"`
	Mixed      uint64    `ch:"mixed"`
	Authors    uint64    `ch:"authors"`
	Accounts   uint64    `ch:"accounts"`
	SumSquares uint64    `ch:"sum_squares"`
}

// IntentWeek is a row of intent_weeks.
type IntentWeek struct {
	Week       time.Time `ch:"week"`
	Intent     string    `ch:"intent"`
	Posts      uint64    `ch:"posts"`
	Replies    uint64    `ch:"replies"`
	Positive   uint64    `ch:"positive"`
	Negative   uint64    `ch:"negative"`
	Neutral    uint64    `ch:"neutral"`
	Mixed      uint64    `ch:"mixed"`
	Authors    uint64    `ch:"authors"`
	Accounts   uint64    `ch:"accounts"`
	SumSquares uint64    `ch:"sum_squares"`
}

// TopicVoices is a row of topic_voices.
type TopicVoices struct {
	Topic       string   `ch:"topic"`
	AuthorPosts []uint64 `ch:"author_posts"`
	Accounts    uint64   `ch:"accounts"`
}

// TopicDay is a row of topic_days.
type TopicDay struct {
	Day      time.Time `ch:"day"`
	Posts    uint64    `ch:"posts"`
	Positive uint64    `ch:"positive"`
	Negative uint64    `ch:"negative"`
	Neutral  uint64    `ch:"neutral"`
	Mixed    uint64    `ch:"mixed"`
	Authors  uint64    `ch:"authors"`
}

// TopicHour is a row of topic_hours.
type TopicHour struct {
	Topic    string    `ch:"topic"`
	Hour     time.Time `ch:"hour"`
	Posts    uint64    `ch:"posts"`
	Authors  uint64    `ch:"authors"`
	Negative uint64    `ch:"negative"`
}

// TopicIntent is a row of topic_intents.
type TopicIntent struct {
	Topic   string `ch:"topic"`
	Intent  string `ch:"intent"`
	Posts   uint64 `ch:"posts"`
	Authors uint64 `ch:"authors"`
}

// SegmentKey is a row of segment_keys.
type SegmentKey struct {
	Segment string `ch:"segment"`
	Values  uint64 `ch:"values"`
	Known   uint64 `ch:"known"`
	Posts   uint64 `ch:"posts"`
}

// SegmentWeek is a row of segment_weeks; Topic is empty in the row of all posts, Value where it is not known.
type SegmentWeek struct {
	Week     time.Time `ch:"week"`
	Segment  string    `ch:"segment"`
	Value    string    `ch:"value"`
	Topic    string    `ch:"topic"`
	Posts    uint64    `ch:"posts"`
	Authors  uint64    `ch:"authors"`
	Positive uint64    `ch:"positive"`
	Negative uint64    `ch:"negative"`
}

// TopicPhrase is a row of topic_phrases; Kind is phrase for words of evidence, or a kind of signal.
type TopicPhrase struct {
	Topic    string `ch:"topic"`
	Kind     string `ch:"kind"`
	Phrase   string `ch:"phrase"`
	Posts    uint64 `ch:"posts"`
	Authors  uint64 `ch:"authors"`
	Before   uint64 `ch:"before"`
	Negative uint64 `ch:"negative"`
}

// Said says whether the row is an opinion rather than words of evidence.
func (p TopicPhrase) Said() bool { return p.Kind != "phrase" }

// Narrow makes a filter of the row's topic open the row's posts.
func (p TopicPhrase) Narrow(f *Filter) {
	if p.Said() {
		f.Signal = []string{p.Kind + "=" + p.Phrase}
	} else {
		f.Phrase = []string{p.Phrase}
	}
}

// TopicThread is a row of topic_threads.
type TopicThread struct {
	Topic   string    `ch:"topic"`
	Thread  string    `ch:"thread"`
	Posts   uint64    `ch:"posts"`
	Authors uint64    `ch:"authors"`
	FirstAt time.Time `ch:"first_at"`
	Starter string    `ch:"starter"`
	Title   string    `ch:"title"`
}

// Question is a row of question_ledger.
type Question struct {
	PostID          string    `ch:"post_id"`
	Thread          string    `ch:"thread"`
	Day             time.Time `ch:"day"`
	PostedAt        time.Time `ch:"posted_at"`
	Source          string    `ch:"source"`
	Channel         string    `ch:"channel"`
	AuthorID        string    `ch:"author_id"`
	AuthorRole      string    `ch:"author_role"`
	AuthorLevel     string    `ch:"author_level"`
	AccountID       string    `ch:"account_id"`
	Title           string    `ch:"title"`
	Body            string    `ch:"body"`
	Topics          []string  `ch:"topics"`
	Sentiment       string    `ch:"sentiment"`
	Status          string    `ch:"status"`
	Replies         uint64    `ch:"replies"`
	StaffReplies    uint64    `ch:"staff_replies"`
	FirstBy         string    `ch:"first_by"`
	FirstReplyHours *float64  `ch:"first_reply_hours"`
	AcceptedPost    string    `ch:"accepted_post"`
	AskerCameBack   bool      `ch:"asker_came_back"`
	Views           uint64    `ch:"views"`
	AgeHours        uint64    `ch:"age_hours"`
	Total           uint64    `ch:"total"` // questions before the limit
}

// QuestionWeek is a row of question_weeks.
type QuestionWeek struct {
	Week          time.Time `ch:"week"`
	Questions     uint64    `ch:"questions"`
	Replied       uint64    `ch:"replied"`
	Solved        uint64    `ch:"solved"`
	Accepted      uint64    `ch:"accepted"`
	FirstPeer     uint64    `ch:"first_peer"`
	FirstStaff    uint64    `ch:"first_staff"`
	SolvedByPeers uint64    `ch:"solved_by_peers"`
	WithinDay     uint64    `ch:"within_day"`
	MedianHours   *float64  `ch:"median_hours"`
	P90Hours      *float64  `ch:"p90_hours"`
}

// VoiceCandidate is a row of voice_candidates.
type VoiceCandidate struct {
	Topic          string  `ch:"topic"`
	TopicSentiment string  `ch:"topic_sentiment"`
	TopicScore     float32 `ch:"topic_score"`
	Post
}

// SeverePost is a row of severe_posts; Reasons and Values belong together and add up to Points.
type SeverePost struct {
	Reasons []string `ch:"reasons"`
	Values  []uint64 `ch:"reason_values"`
	Points  uint64   `ch:"points"`
	Post
}

// RequestTopic is a row of request_topics.
type RequestTopic struct {
	Topic        string    `ch:"topic"`
	Posts        uint64    `ch:"posts"`
	Authors      uint64    `ch:"authors"`
	Accounts     uint64    `ch:"accounts"`
	Before       uint64    `ch:"before"`
	AuthorsTotal uint64    `ch:"authors_total"`
	WeeksSeen    uint64    `ch:"weeks_seen"`
	FirstDay     time.Time `ch:"first_day"`
	Reactions    uint64    `ch:"reactions"`
}

// IntentPost is a row of intent_posts.
type IntentPost struct {
	Intent   string   `ch:"intent"`
	Evidence []string `ch:"evidence"`
	Post
}

// Story is a row of success_stories.
type Story struct {
	Outcomes []string `ch:"outcomes"`
	Empathy  uint64   `ch:"empathy"`
	Total    uint64   `ch:"total"` // stories, with those beyond the limit
	Post
}

// EntityReason is a row of attention_reasons and happy_reasons. Points = min(Most, Base + Step × (posts − 1)). Entities is how
// many there are, with those beyond the limit.
type EntityReason struct {
	Kind     string    `ch:"entity_kind"` // account or author
	Entity   string    `ch:"entity"`
	Reason   string    `ch:"reason"`
	Points   uint64    `ch:"points"`
	Posts    []string  `ch:"posts"`
	LastAt   time.Time `ch:"last_at"`
	Entities uint64    `ch:"entities"`
}

// AccountState is a row of account_states.
type AccountState struct {
	AccountID  string            `ch:"account_id"`
	Name       string            `ch:"name"`
	Attributes map[string]string `ch:"attributes"`
	ValidFrom  time.Time         `ch:"valid_from"`
}

// HeatCell is a row of heatmap.
type HeatCell struct {
	Weekday      uint8  `ch:"weekday"`
	Hour         uint8  `ch:"hour"`
	Posts        uint64 `ch:"posts"`
	Replies      uint64 `ch:"replies"`
	Viewed       int64  `ch:"viewed"`
	StaffReplies uint64 `ch:"staff_replies"`
	Authors      uint64 `ch:"authors"`
}

// Newcomers is a row of newcomer_funnel.
type Newcomers struct {
	Week              time.Time `ch:"week"`
	Joined            uint64    `ch:"joined"`
	Viewed            uint64    `ch:"viewed"`
	Posted            uint64    `ch:"posted"`
	Answered          uint64    `ch:"answered"`
	PostedAgain       uint64    `ch:"posted_again"`
	FirstPostAnswered uint64    `ch:"first_post_answered"`
}

// Retention is a row of retention_cohorts.
type Retention struct {
	Cohort time.Time `ch:"cohort"`
	Age    uint8     `ch:"age"` // in weeks
	Joined uint64    `ch:"joined"`
	Active uint64    `ch:"active"`
}

// CoreMember is a row of core_members.
type CoreMember struct {
	AuthorID    string   `ch:"author_id"`
	AuthorRole  string   `ch:"author_role"`
	AuthorLevel string   `ch:"author_level"`
	AccountID   string   `ch:"account_id"`
	Posts       uint64   `ch:"posts"`
	Replies     uint64   `ch:"replies"`
	PostsWeek   uint64   `ch:"posts_week"`
	WeeksActive uint8    `ch:"weeks_active"`
	Received    uint64   `ch:"received"`
	OffHours    uint64   `ch:"off_hours"`
	Topics      []string `ch:"topics"`
	// Members, MembersPostsWeek and MembersReplies are of all core members, with those beyond the limit.
	Members          uint64 `ch:"members"`
	MembersPostsWeek uint64 `ch:"members_posts_week"`
	MembersReplies   uint64 `ch:"members_replies"`
}

// Quarantined is a row of quarantine.
type Quarantined struct {
	Intent     string `ch:"intent"`
	AuthorRole string `ch:"author_role"`
	Posts      uint64 `ch:"posts"`
	Authors    uint64 `ch:"authors"`
	Before     uint64 `ch:"before"`
}

// SurveyWeek is a row of survey_weeks.
type SurveyWeek struct {
	Week       time.Time `ch:"week"`
	Metric     string    `ch:"metric"`
	Answers    uint64    `ch:"answers"`
	Promoters  uint64    `ch:"promoters"`
	Passives   uint64    `ch:"passives"`
	Detractors uint64    `ch:"detractors"`
	Satisfied  uint64    `ch:"satisfied"`
	Accounts   uint64    `ch:"accounts"`
}

// DeadLetters is a row of dead_letter_reasons.
type DeadLetters struct {
	KafkaTopic string `ch:"kafka_topic"`
	Reason     string `ch:"reason"`
	Field      string `ch:"field"`
	Messages   uint64 `ch:"messages"`
	Detail     string `ch:"detail"`
}

// LedgerTopic is a row of ledger_topics.
type LedgerTopic struct {
	KafkaTopic string `ch:"kafka_topic"`
	Messages   uint64 `ch:"messages"`
	Stored     uint64 `ch:"stored"`
	Superseded uint64 `ch:"superseded"`
	DeadLetter uint64 `ch:"dead_letter"`
	Filtered   uint64 `ch:"filtered"`
	Missing    uint64 `ch:"missing"`
}

// LedgerHoles is a row of ledger_holes.
type LedgerHoles struct {
	KafkaTopic  string `ch:"kafka_topic"`
	Partitions  uint64 `ch:"partitions"`
	Recorded    uint64 `ch:"recorded"`
	Unexplained uint64 `ch:"unexplained"`
}

// StaleWindow is a row of stale_windows.
type StaleWindow struct {
	Day     time.Time `ch:"day"`
	Posts   uint64    `ch:"posts"`
	Counted uint64    `ch:"counted"`
}

// Freshness is a row of freshness.
type Freshness struct {
	Revision       uint16    `ch:"revision"`
	Version        string    `ch:"version"`
	Hash           string    `ch:"hash"`
	Posts          uint64    `ch:"posts"`
	LastPostedAt   time.Time `ch:"last_posted_at"`
	LastIngestedAt time.Time `ch:"last_ingested_at"`
	Flagged        uint64    `ch:"flagged"`
	Edited         uint64    `ch:"edited"`
}

// SignalWeek is a row of signal_weeks.
type SignalWeek struct {
	Kind     string `ch:"kind"`
	Value    string `ch:"value"`
	Posts    uint64 `ch:"posts"`
	Authors  uint64 `ch:"authors"`
	Before   uint64 `ch:"before"`
	Negative uint64 `ch:"negative"`
}

// CommunityRow is a row of communities.
type CommunityRow struct {
	Community string    `ch:"community"`
	FirstDay  time.Time `ch:"first_day"`
	LastDay   time.Time `ch:"last_day"`
	Posts     uint64    `ch:"posts"`
	Authors   uint64    `ch:"authors"`
}

// EmergingTerm is a row of emerging_terms; Past holds the authors of each past week, oldest first. Posts is empty when the
// authors did not rise by the ratio that was asked for.
type EmergingTerm struct {
	Kind    string   `ch:"kind"`
	Value   string   `ch:"value"`
	Posts   []string `ch:"posts"`
	Authors uint64   `ch:"authors"`
	Past    []uint64 `ch:"past"`
	Tested  uint64   `ch:"tested"`
}

// WeekText is a row of week_texts.
type WeekText struct {
	PostID   string   `ch:"post_id"`
	AuthorID string   `ch:"author_id"`
	Body     string   `ch:"body"`
	Topics   []string `ch:"topics"`
}

// WeekVoice is a row of week_voices.
type WeekVoice struct {
	PostID    string `ch:"post_id"`
	AuthorID  string `ch:"author_id"`
	AccountID string `ch:"account_id"`
	Value     string `ch:"value"`
}

// CustomerPart is a row of customer_mix.
type CustomerPart struct {
	Segment   string `ch:"segment"`
	Value     string `ch:"value"`
	Customers uint64 `ch:"customers"`
}
