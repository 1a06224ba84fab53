package sink

import (
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/schema"
)

// column puts one field of all rows into one column of the insert.
type column[R any] struct {
	name string
	// fill reads the field of all rows, and returns how to append what it read.
	fill func(rows []*R) func(driver.BatchColumn) error
}

func col[R, V any](name string, get func(*R) V) column[R] {
	return column[R]{name, func(rows []*R) func(driver.BatchColumn) error {
		out := make([]V, len(rows))
		for i, r := range rows {
			out[i] = get(r)
		}
		return func(c driver.BatchColumn) error { return c.Append(out) }
	}}
}

// list is col for arrays. The driver takes many of them at once by reflection only, and one without.
func list[R, V any](name string, get func(*R) []V) column[R] {
	return column[R]{name, func(rows []*R) func(driver.BatchColumn) error {
		return func(c driver.BatchColumn) error {
			for _, r := range rows {
				if err := c.AppendRow(get(r)); err != nil {
					return err
				}
			}
			return nil
		}
	}}
}

// table says how rows of type R are written and where they came from.
type table[R any] struct {
	name    string
	columns []column[R]
	origin  func(*R) Origin
}

func (t table[R]) insert(database string) string {
	var b strings.Builder
	b.WriteString("INSERT INTO `" + database + "`.`" + t.name + "` (")
	for i, c := range t.columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("`" + c.name + "`")
	}
	b.WriteString(")")
	return b.String()
}

// stamp is a time as DateTime64(3) holds it; the zero time becomes 1970-01-01, which the schema reads as "unknown".
func stamp(t time.Time) time.Time {
	if t.IsZero() {
		return time.UnixMilli(0).UTC()
	}
	return t
}

// text makes a nil map an empty one: the driver needs a map for every row.
func text(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

func flag(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

var posts = table[schema.PostRow]{
	name:   "post_facts",
	origin: func(r *schema.PostRow) Origin { return Origin{r.KafkaTopic, r.KafkaPartition, r.KafkaOffset} },
	columns: []column[schema.PostRow]{
		col("community", func(r *schema.PostRow) string { return r.Community }),
		col("day", func(r *schema.PostRow) time.Time { return r.Day }),
		col("post_id", func(r *schema.PostRow) string { return r.PostID }),
		col("source_version", func(r *schema.PostRow) uint64 { return r.SourceVersion }),
		col("deleted", func(r *schema.PostRow) uint8 { return flag(r.Deleted) }),
		col("posted_at", func(r *schema.PostRow) time.Time { return stamp(r.PostedAt) }),
		col("occurred_at", func(r *schema.PostRow) time.Time { return stamp(r.OccurredAt) }),
		col("event", func(r *schema.PostRow) string { return r.Event }),
		col("source", func(r *schema.PostRow) string { return r.Source }),
		col("channel", func(r *schema.PostRow) string { return r.Channel }),
		col("thread_id", func(r *schema.PostRow) string { return r.ThreadID }),
		col("reply_to", func(r *schema.PostRow) string { return r.ReplyTo }),
		col("url", func(r *schema.PostRow) string { return r.URL }),
		col("rating", func(r *schema.PostRow) float32 { return r.Rating }),
		col("views", func(r *schema.PostRow) uint64 { return r.Views }),
		col("accepted", func(r *schema.PostRow) bool { return r.Accepted }),
		col("reactions", func(r *schema.PostRow) map[string]uint64 {
			if r.Reactions == nil {
				return map[string]uint64{}
			}
			return r.Reactions
		}),
		col("attributes", func(r *schema.PostRow) map[string]string { return text(r.Attributes) }),
		col("author_id", func(r *schema.PostRow) string { return r.AuthorID }),
		col("author_role", func(r *schema.PostRow) string { return r.AuthorRole }),
		col("author_level", func(r *schema.PostRow) string { return r.AuthorLevel }),
		col("account_id", func(r *schema.PostRow) string { return r.AccountID }),
		col("title", func(r *schema.PostRow) string { return r.Title }),
		col("body", func(r *schema.PostRow) string { return r.Body }),
		col("sentiment", func(r *schema.PostRow) string { return r.Sentiment }),
		col("score", func(r *schema.PostRow) float32 { return r.Score }),
		list("topics.id", func(r *schema.PostRow) []string { return r.Topics.ID }),
		list("topics.sentiment", func(r *schema.PostRow) []string { return r.Topics.Sentiment }),
		list("topics.score", func(r *schema.PostRow) []float32 { return r.Topics.Score }),
		list("intents", func(r *schema.PostRow) []string { return r.Intents }),
		list("signals.kind", func(r *schema.PostRow) []string { return r.Signals.Kind }),
		list("signals.value", func(r *schema.PostRow) []string { return r.Signals.Value }),
		list("evidence.kind", func(r *schema.PostRow) []string { return r.Evidence.Kind }),
		list("evidence.tag", func(r *schema.PostRow) []string { return r.Evidence.Tag }),
		list("evidence.field", func(r *schema.PostRow) []string { return r.Evidence.Field }),
		list("evidence.start", func(r *schema.PostRow) []uint32 { return r.Evidence.Start }),
		list("evidence.end", func(r *schema.PostRow) []uint32 { return r.Evidence.End }),
		list("evidence.rule", func(r *schema.PostRow) []string { return r.Evidence.Rule }),
		list("flags", func(r *schema.PostRow) []string { return r.Flags }),
		col("analyzer_revision", func(r *schema.PostRow) uint16 { return r.AnalyzerRevision }),
		col("kafka_topic", func(r *schema.PostRow) string { return r.KafkaTopic }),
		col("kafka_partition", func(r *schema.PostRow) uint32 { return r.KafkaPartition }),
		col("kafka_offset", func(r *schema.PostRow) uint64 { return r.KafkaOffset }),
	},
}

var registry = table[schema.RegistryRow]{
	name:   "post_registry",
	origin: func(r *schema.RegistryRow) Origin { return Origin{r.KafkaTopic, r.KafkaPartition, r.KafkaOffset} },
	columns: []column[schema.RegistryRow]{
		col("community", func(r *schema.RegistryRow) string { return r.Community }),
		col("post_id", func(r *schema.RegistryRow) string { return r.PostID }),
		col("posted_at", func(r *schema.RegistryRow) time.Time { return stamp(r.PostedAt) }),
		col("kafka_topic", func(r *schema.RegistryRow) string { return r.KafkaTopic }),
		col("kafka_partition", func(r *schema.RegistryRow) uint32 { return r.KafkaPartition }),
		col("kafka_offset", func(r *schema.RegistryRow) uint64 { return r.KafkaOffset }),
	},
}

var activity = table[schema.ActivityRow]{
	name:   "activity_facts",
	origin: func(r *schema.ActivityRow) Origin { return Origin{r.KafkaTopic, r.KafkaPartition, r.KafkaOffset} },
	columns: []column[schema.ActivityRow]{
		col("community", func(r *schema.ActivityRow) string { return r.Community }),
		col("day", func(r *schema.ActivityRow) time.Time { return r.Day }),
		col("event_id", func(r *schema.ActivityRow) string { return r.EventID }),
		col("event", func(r *schema.ActivityRow) string { return r.Event }),
		col("occurred_at", func(r *schema.ActivityRow) time.Time { return stamp(r.OccurredAt) }),
		col("post_id", func(r *schema.ActivityRow) string { return r.PostID }),
		col("author_id", func(r *schema.ActivityRow) string { return r.AuthorID }),
		col("author_role", func(r *schema.ActivityRow) string { return r.AuthorRole }),
		col("author_level", func(r *schema.ActivityRow) string { return r.AuthorLevel }),
		col("account_id", func(r *schema.ActivityRow) string { return r.AccountID }),
		col("kind", func(r *schema.ActivityRow) string { return r.Kind }),
		col("count", func(r *schema.ActivityRow) int64 { return r.Count }),
		col("invited_by", func(r *schema.ActivityRow) string { return r.InvitedBy }),
		col("attributes", func(r *schema.ActivityRow) map[string]string { return text(r.Attributes) }),
		col("kafka_topic", func(r *schema.ActivityRow) string { return r.KafkaTopic }),
		col("kafka_partition", func(r *schema.ActivityRow) uint32 { return r.KafkaPartition }),
		col("kafka_offset", func(r *schema.ActivityRow) uint64 { return r.KafkaOffset }),
	},
}

var accounts = table[schema.AccountRow]{
	name:   "account_facts",
	origin: func(r *schema.AccountRow) Origin { return Origin{r.KafkaTopic, r.KafkaPartition, r.KafkaOffset} },
	columns: []column[schema.AccountRow]{
		col("account_id", func(r *schema.AccountRow) string { return r.AccountID }),
		col("valid_from", func(r *schema.AccountRow) time.Time { return stamp(r.ValidFrom) }),
		col("name", func(r *schema.AccountRow) string { return r.Name }),
		col("deleted", func(r *schema.AccountRow) uint8 { return flag(r.Deleted) }),
		col("attributes", func(r *schema.AccountRow) map[string]string { return text(r.Attributes) }),
		col("kafka_topic", func(r *schema.AccountRow) string { return r.KafkaTopic }),
		col("kafka_partition", func(r *schema.AccountRow) uint32 { return r.KafkaPartition }),
		col("kafka_offset", func(r *schema.AccountRow) uint64 { return r.KafkaOffset }),
	},
}

var surveys = table[schema.SurveyRow]{
	name:   "survey_facts",
	origin: func(r *schema.SurveyRow) Origin { return Origin{r.KafkaTopic, r.KafkaPartition, r.KafkaOffset} },
	columns: []column[schema.SurveyRow]{
		col("community", func(r *schema.SurveyRow) string { return r.Community }),
		col("day", func(r *schema.SurveyRow) time.Time { return r.Day }),
		col("response_id", func(r *schema.SurveyRow) string { return r.ResponseID }),
		col("survey_id", func(r *schema.SurveyRow) string { return r.SurveyID }),
		col("metric", func(r *schema.SurveyRow) string { return r.Metric }),
		col("score", func(r *schema.SurveyRow) float32 { return r.Score }),
		col("answered_at", func(r *schema.SurveyRow) time.Time { return stamp(r.AnsweredAt) }),
		col("author_id", func(r *schema.SurveyRow) string { return r.AuthorID }),
		col("author_role", func(r *schema.SurveyRow) string { return r.AuthorRole }),
		col("author_level", func(r *schema.SurveyRow) string { return r.AuthorLevel }),
		col("account_id", func(r *schema.SurveyRow) string { return r.AccountID }),
		col("attributes", func(r *schema.SurveyRow) map[string]string { return text(r.Attributes) }),
		col("kafka_topic", func(r *schema.SurveyRow) string { return r.KafkaTopic }),
		col("kafka_partition", func(r *schema.SurveyRow) uint32 { return r.KafkaPartition }),
		col("kafka_offset", func(r *schema.SurveyRow) uint64 { return r.KafkaOffset }),
	},
}

var outcomes = table[schema.OutcomeRow]{
	name:   "record_outcomes",
	origin: func(r *schema.OutcomeRow) Origin { return Origin{r.KafkaTopic, r.KafkaPartition, r.KafkaOffset} },
	columns: []column[schema.OutcomeRow]{
		col("kafka_topic", func(r *schema.OutcomeRow) string { return r.KafkaTopic }),
		col("kafka_partition", func(r *schema.OutcomeRow) uint32 { return r.KafkaPartition }),
		col("kafka_offset", func(r *schema.OutcomeRow) uint64 { return r.KafkaOffset }),
		col("record_time", func(r *schema.OutcomeRow) time.Time { return stamp(r.RecordTime) }),
		col("outcome", func(r *schema.OutcomeRow) string { return string(r.Outcome) }),
		col("community", func(r *schema.OutcomeRow) string { return r.Community }),
		col("post_id", func(r *schema.OutcomeRow) string { return r.PostID }),
		col("source_version", func(r *schema.OutcomeRow) uint64 { return r.SourceVersion }),
	},
}

var deadLetters = table[schema.DeadLetterRow]{
	name:   "dead_letter_facts",
	origin: func(r *schema.DeadLetterRow) Origin { return Origin{r.KafkaTopic, r.KafkaPartition, r.KafkaOffset} },
	columns: []column[schema.DeadLetterRow]{
		col("kafka_topic", func(r *schema.DeadLetterRow) string { return r.KafkaTopic }),
		col("kafka_partition", func(r *schema.DeadLetterRow) uint32 { return r.KafkaPartition }),
		col("kafka_offset", func(r *schema.DeadLetterRow) uint64 { return r.KafkaOffset }),
		col("record_time", func(r *schema.DeadLetterRow) time.Time { return stamp(r.RecordTime) }),
		col("reason", func(r *schema.DeadLetterRow) string { return r.Reason }),
		col("field", func(r *schema.DeadLetterRow) string { return r.Field }),
		col("detail", func(r *schema.DeadLetterRow) string { return r.Detail }),
		col("message_key", func(r *schema.DeadLetterRow) string { return r.MessageKey }),
		col("size", func(r *schema.DeadLetterRow) uint64 { return r.Size }),
	},
}

var marks = table[schema.Window]{
	name:   "window_marks",
	origin: func(*schema.Window) Origin { return Origin{} },
	columns: []column[schema.Window]{
		col("community", func(r *schema.Window) string { return r.Community }),
		col("day", func(r *schema.Window) time.Time { return r.Day }),
	},
}

var erasures = table[schema.ErasureRow]{
	name:   "erasure_keys",
	origin: func(*schema.ErasureRow) Origin { return Origin{} },
	columns: []column[schema.ErasureRow]{
		col("key", func(r *schema.ErasureRow) string { return r.Key }),
		col("until", func(r *schema.ErasureRow) time.Time { return stamp(r.Until) }),
	},
}
