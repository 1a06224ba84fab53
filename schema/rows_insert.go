package schema

// The methods below make every row type a Row. A test compares them with the fields and with the database.

// Table implements Row.
func (r *PostRow) Table() string { return "post_facts" }

// Columns implements Row.
func (r *PostRow) Columns() []string {
	return []string{
		"community", "day", "post_id", "source_version", "deleted", "posted_at", "occurred_at", "event", "source", "channel",
		"thread_id", "reply_to", "url", "rating", "views", "accepted", "reactions", "attributes", "author_id", "author_role",
		"author_level", "account_id", "title", "body", "sentiment", "score", "topics.id", "topics.sentiment", "topics.score",
		"intents", "signals.kind", "signals.value", "evidence.kind", "evidence.tag", "evidence.field", "evidence.start",
		"evidence.end", "evidence.rule", "flags", "analyzer_revision", "kafka_topic", "kafka_partition", "kafka_offset",
	}
}

// Values implements Row.
func (r *PostRow) Values() []any {
	return []any{
		r.Community, r.Day, r.PostID, r.SourceVersion, r.Deleted, r.PostedAt, r.OccurredAt, r.Event, r.Source, r.Channel,
		r.ThreadID, r.ReplyTo, r.URL, r.Rating, r.Views, r.Accepted, r.Reactions, r.Attributes, r.AuthorID, r.AuthorRole,
		r.AuthorLevel, r.AccountID, r.Title, r.Body, r.Sentiment, r.Score, r.Topics.ID, r.Topics.Sentiment, r.Topics.Score,
		r.Intents, r.Signals.Kind, r.Signals.Value, r.Evidence.Kind, r.Evidence.Tag, r.Evidence.Field, r.Evidence.Start,
		r.Evidence.End, r.Evidence.Rule, r.Flags, r.AnalyzerRevision, r.KafkaTopic, r.KafkaPartition, r.KafkaOffset,
	}
}

// Table implements Row.
func (r *RegistryRow) Table() string { return "post_registry" }

// Columns implements Row.
func (r *RegistryRow) Columns() []string {
	return []string{
		"community", "post_id", "posted_at", "kafka_topic", "kafka_partition", "kafka_offset",
	}
}

// Values implements Row.
func (r *RegistryRow) Values() []any {
	return []any{
		r.Community, r.PostID, r.PostedAt, r.KafkaTopic, r.KafkaPartition, r.KafkaOffset,
	}
}

// Table implements Row.
func (r *ActivityRow) Table() string { return "activity_facts" }

// Columns implements Row.
func (r *ActivityRow) Columns() []string {
	return []string{
		"community", "day", "event_id", "event", "occurred_at", "post_id", "author_id", "author_role", "author_level",
		"account_id", "kind", "count", "invited_by", "attributes", "kafka_topic", "kafka_partition", "kafka_offset",
	}
}

// Values implements Row.
func (r *ActivityRow) Values() []any {
	return []any{
		r.Community, r.Day, r.EventID, r.Event, r.OccurredAt, r.PostID, r.AuthorID, r.AuthorRole, r.AuthorLevel, r.AccountID,
		r.Kind, r.Count, r.InvitedBy, r.Attributes, r.KafkaTopic, r.KafkaPartition, r.KafkaOffset,
	}
}

// Table implements Row.
func (r *AccountRow) Table() string { return "account_facts" }

// Columns implements Row.
func (r *AccountRow) Columns() []string {
	return []string{
		"account_id", "valid_from", "name", "deleted", "attributes", "kafka_topic", "kafka_partition", "kafka_offset",
	}
}

// Values implements Row.
func (r *AccountRow) Values() []any {
	return []any{
		r.AccountID, r.ValidFrom, r.Name, r.Deleted, r.Attributes, r.KafkaTopic, r.KafkaPartition, r.KafkaOffset,
	}
}

// Table implements Row.
func (r *SurveyRow) Table() string { return "survey_facts" }

// Columns implements Row.
func (r *SurveyRow) Columns() []string {
	return []string{
		"community", "day", "response_id", "survey_id", "metric", "score", "answered_at", "author_id", "author_role",
		"author_level", "account_id", "attributes", "kafka_topic", "kafka_partition", "kafka_offset",
	}
}

// Values implements Row.
func (r *SurveyRow) Values() []any {
	return []any{
		r.Community, r.Day, r.ResponseID, r.SurveyID, r.Metric, r.Score, r.AnsweredAt, r.AuthorID, r.AuthorRole,
		r.AuthorLevel, r.AccountID, r.Attributes, r.KafkaTopic, r.KafkaPartition, r.KafkaOffset,
	}
}

// Table implements Row.
func (r *OutcomeRow) Table() string { return "record_outcomes" }

// Columns implements Row.
func (r *OutcomeRow) Columns() []string {
	return []string{
		"kafka_topic", "kafka_partition", "kafka_offset", "record_time", "outcome", "community", "post_id", "source_version",
	}
}

// Values implements Row.
func (r *OutcomeRow) Values() []any {
	return []any{
		r.KafkaTopic, r.KafkaPartition, r.KafkaOffset, r.RecordTime, string(r.Outcome), r.Community, r.PostID,
		r.SourceVersion,
	}
}

// Table implements Row.
func (r *DeadLetterRow) Table() string { return "dead_letter_facts" }

// Columns implements Row.
func (r *DeadLetterRow) Columns() []string {
	return []string{
		"kafka_topic", "kafka_partition", "kafka_offset", "record_time", "reason", "field", "detail", "message_key", "size",
	}
}

// Values implements Row.
func (r *DeadLetterRow) Values() []any {
	return []any{
		r.KafkaTopic, r.KafkaPartition, r.KafkaOffset, r.RecordTime, r.Reason, r.Field, r.Detail, r.MessageKey, r.Size,
	}
}

// Table implements Row.
func (r *Window) Table() string { return "window_marks" }

// Columns implements Row.
func (r *Window) Columns() []string {
	return []string{
		"community", "day",
	}
}

// Values implements Row.
func (r *Window) Values() []any {
	return []any{
		r.Community, r.Day,
	}
}

// Table implements Row.
func (r *TagHistoryRow) Table() string { return "post_tag_history" }

// Columns implements Row.
func (r *TagHistoryRow) Columns() []string {
	return []string{
		"community", "day", "post_id", "analyzer_revision", "source_version", "kafka_offset", "sentiment", "score", "topics.id",
		"topics.sentiment", "topics.score", "intents", "signals.kind", "signals.value", "evidence.kind", "evidence.tag",
		"evidence.field", "evidence.start", "evidence.end", "evidence.rule", "flags", "replaced_by",
	}
}

// Values implements Row.
func (r *TagHistoryRow) Values() []any {
	return []any{
		r.Community, r.Day, r.PostID, r.AnalyzerRevision, r.SourceVersion, r.KafkaOffset, r.Sentiment, r.Score, r.Topics.ID,
		r.Topics.Sentiment, r.Topics.Score, r.Intents, r.Signals.Kind, r.Signals.Value, r.Evidence.Kind, r.Evidence.Tag,
		r.Evidence.Field, r.Evidence.Start, r.Evidence.End, r.Evidence.Rule, r.Flags, r.ReplacedBy,
	}
}

// Table implements Row.
func (r *ErasureRow) Table() string { return "erasure_keys" }

// Columns implements Row.
func (r *ErasureRow) Columns() []string { return []string{"key", "until"} }

// Values implements Row.
func (r *ErasureRow) Values() []any { return []any{r.Key, r.Until} }

// Table implements Row.
func (r *ErasureFactRow) Table() string { return "erasure_facts" }

// Columns implements Row.
func (r *ErasureFactRow) Columns() []string {
	return []string{"id", "erased_at", "kind", "subject", "posts", "records", "windows.community", "windows.day", "certificate"}
}

// Values implements Row.
func (r *ErasureFactRow) Values() []any {
	return []any{r.ID, r.ErasedAt, r.Kind, r.Subject, r.Posts, r.Records, r.Windows.Community, r.Windows.Day, r.Certificate}
}

// Table implements Row.
func (r *ReplayRow) Table() string { return "dead_letter_replays" }

// Columns implements Row.
func (r *ReplayRow) Columns() []string {
	return []string{"kafka_topic", "kafka_partition", "kafka_offset", "replay_partition", "replay_offset", "repaired"}
}

// Values implements Row.
func (r *ReplayRow) Values() []any {
	return []any{r.KafkaTopic, r.KafkaPartition, r.KafkaOffset, r.ReplayPartition, r.ReplayOffset, r.Repaired}
}

// Table implements Row.
func (r *DuplicatesRow) Table() string { return "duplicate_windows" }

// Columns implements Row.
func (r *DuplicatesRow) Columns() []string {
	return []string{"community", "week", "calc", "marks", "compared", "members.group_id", "members.post_id", "members.day", "members.author"}
}

// Values implements Row.
func (r *DuplicatesRow) Values() []any {
	return []any{r.Community, r.Week, r.Calc, r.Marks, r.Compared, r.Members.GroupID, r.Members.PostID, r.Members.Day, r.Members.Author}
}
