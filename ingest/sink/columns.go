package sink

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ClickHouse/ch-go/proto"

	"voc/schema"
)

// column is one field of a row as a column of an insert.
type column[R any] struct {
	name string
	// open makes an empty column, and what adds the field of rows to it.
	open func() (data proto.ColInput, add func(rows []*R) error)
}

// col is a column whose values always fit.
func col[R, V any](name string, data func() proto.ColumnOf[V], get func(*R) V) column[R] {
	return column[R]{name, func() (proto.ColInput, func([]*R) error) {
		c := data()
		return c, func(rows []*R) error {
			for _, r := range rows {
				c.Append(get(r))
			}
			return nil
		}
	}}
}

// text is a String, and word one of few different ones.
func text() proto.ColumnOf[string] { return new(proto.ColStr) }
func word() proto.ColumnOf[string] { return proto.NewLowCardinality[string](new(proto.ColStr)) }

func number8() proto.ColumnOf[uint8]       { return new(proto.ColUInt8) }
func number16() proto.ColumnOf[uint16]     { return new(proto.ColUInt16) }
func number32() proto.ColumnOf[uint32]     { return new(proto.ColUInt32) }
func number64() proto.ColumnOf[uint64]     { return new(proto.ColUInt64) }
func signed64() proto.ColumnOf[int64]      { return new(proto.ColInt64) }
func fraction() proto.ColumnOf[float32]    { return new(proto.ColFloat32) }
func yesOrNo() proto.ColumnOf[bool]        { return new(proto.ColBool) }
func words() proto.ColumnOf[[]string]      { return proto.NewArray(word()) }
func texts() proto.ColumnOf[[]string]      { return proto.NewArray(text()) }
func numbers32() proto.ColumnOf[[]uint32]  { return proto.NewArray(number32()) }
func fractions() proto.ColumnOf[[]float32] { return proto.NewArray(fraction()) }

func values() proto.ColumnOf[map[string]string]   { return proto.NewMap(word(), text()) }
func counters() proto.ColumnOf[map[string]uint64] { return proto.NewMap(word(), number64()) }

// day is a Date column.
func day[R any](name string, get func(*R) time.Time) column[R] {
	return column[R]{name, func() (proto.ColInput, func([]*R) error) {
		c := new(proto.ColDate)
		return c, func(rows []*R) error {
			const last = 1<<16 - 1
			for _, r := range rows {
				t := get(r)
				n := t.Unix() / (24 * 60 * 60)
				if n < 0 || n > last {
					return fmt.Errorf("%s: %s is no day from 1970 to 2149: %w", name, t.Format(time.DateOnly), errAppend)
				}
				*c = append(*c, proto.Date(n))
			}
			return nil
		}
	}}
}

// moment is a DateTime64(3) column. The zero time becomes 1970-01-01, which the schema reads as "unknown".
func moment[R any](name string, get func(*R) time.Time) column[R] {
	return column[R]{name, func() (proto.ColInput, func([]*R) error) {
		c := new(milliseconds)
		return c, func(rows []*R) error {
			for _, r := range rows {
				t := get(r)
				if t.IsZero() {
					c.Append(0)
					continue
				}
				if y := t.Year(); y < 1900 || y > 2261 {
					return fmt.Errorf("%s: the year %d is not from 1900 to 2261: %w", name, y, errAppend)
				}
				c.Append(t.UnixMilli())
			}
			return nil
		}
	}}
}

// milliseconds are a DateTime64(3) of any zone: the server's column decides in which one they are shown.
type milliseconds struct{ proto.ColInt64 }

func (milliseconds) Type() proto.ColumnType { return proto.ColumnTypeDateTime64.With("3") }

// choices is a column of arrays whose elements can only be the given values.
func choices[R any](name string, values []string, get func(*R) []string) column[R] {
	return column[R]{name, func() (proto.ColInput, func([]*R) error) {
		c := proto.NewArray[int8](&enum{values: values})
		return c, func(rows []*R) error {
			for _, r := range rows {
				for _, v := range get(r) {
					i := slices.Index(values, v)
					if i < 0 {
						return fmt.Errorf("%s: %q is none of %s: %w", name, v, strings.Join(values, ", "), errAppend)
					}
					c.Data.Append(int8(i + 1))
				}
				c.Offsets = append(c.Offsets, uint64(c.Data.Rows()))
			}
			return nil
		}
	}}
}

// enum is an Enum8 whose values are numbered from 1.
type enum struct {
	proto.ColInt8
	values []string
}

func (e *enum) Type() proto.ColumnType {
	var b strings.Builder
	for i, v := range e.values {
		fmt.Fprintf(&b, ", '%s' = %d", v, i+1)
	}
	return proto.ColumnTypeEnum8.With(b.String()[2:])
}

// table says how rows of type R are written and where they came from.
type table[R any] struct {
	name    string
	columns []column[R]
	origin  func(*R) Origin
	// month, of a table with a part for each month, tells that of a row.
	month func(*R) time.Time
}

// insert is the statement; the values follow as blocks.
func (t table[R]) insert(database string) string {
	var b strings.Builder
	b.WriteString("INSERT INTO `" + database + "`.`" + t.name + "` (")
	for i, c := range t.columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("`" + c.name + "`")
	}
	b.WriteString(") VALUES")
	return b.String()
}

// block holds the columns of one insert of rows; it is filled again and again.
type block[R any] struct {
	input proto.Input
	adds  []func(rows []*R) error
}

func (t table[R]) block() *block[R] {
	b := &block[R]{}
	for _, c := range t.columns {
		data, add := c.open()
		b.input, b.adds = append(b.input, proto.InputColumn{Name: c.name, Data: data}), append(b.adds, add)
	}
	return b
}

// fill puts rows in the place of what the block holds.
func (b *block[R]) fill(rows []*R) error {
	b.input.Reset()
	for _, add := range b.adds {
		if err := add(rows); err != nil {
			return err
		}
	}
	return nil
}

// size is about how many bytes the texts of the block take.
func (b *block[R]) size() int {
	n := 0
	for _, c := range b.input {
		if c, ok := c.Data.(*proto.ColStr); ok {
			n += cap(c.Buf)
		}
	}
	return n
}

// spares keep a block of each table for its next insert. A sync.Pool does not: at full load garbage is collected more often
// than rows are inserted, and blocks that grow anew are a quarter of it.
type spares struct {
	mu     sync.Mutex
	blocks map[string]any
}

// keptText is the largest size of a block that is kept: four times what an insert of posts of usual length has.
const keptText = 32 << 20

// take returns the block of a table, or nil when there is none or somebody uses it.
func (s *spares) take(table string) any {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.blocks[table]
	delete(s.blocks, table)
	return b
}

// give keeps a block, instead of the one that is kept already.
func (s *spares) give(table string, block any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.blocks[table] = block
}

// parts cuts rows into those of each part that they will make, in the order of the months' first rows. The server would
// take a block of several months apart row by row.
func (t table[R]) parts(rows []*R) [][]*R {
	if t.month == nil {
		return [][]*R{rows}
	}
	var out [][]*R
	at := map[int]int{}
	for _, r := range rows {
		m := t.month(r)
		key := 12*m.Year() + int(m.Month())
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key], out = i, append(out, nil)
		}
		out[i] = append(out[i], r)
	}
	return out
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
	month:  func(r *schema.PostRow) time.Time { return r.Day },
	columns: []column[schema.PostRow]{
		col("community", word, func(r *schema.PostRow) string { return r.Community }),
		day("day", func(r *schema.PostRow) time.Time { return r.Day }),
		col("post_id", text, func(r *schema.PostRow) string { return r.PostID }),
		col("source_version", number64, func(r *schema.PostRow) uint64 { return r.SourceVersion }),
		col("deleted", number8, func(r *schema.PostRow) uint8 { return flag(r.Deleted) }),
		moment("posted_at", func(r *schema.PostRow) time.Time { return r.PostedAt }),
		moment("occurred_at", func(r *schema.PostRow) time.Time { return r.OccurredAt }),
		col("event", word, func(r *schema.PostRow) string { return r.Event }),
		col("source", word, func(r *schema.PostRow) string { return r.Source }),
		col("channel", word, func(r *schema.PostRow) string { return r.Channel }),
		col("thread_id", text, func(r *schema.PostRow) string { return r.ThreadID }),
		col("reply_to", text, func(r *schema.PostRow) string { return r.ReplyTo }),
		col("url", text, func(r *schema.PostRow) string { return r.URL }),
		col("rating", fraction, func(r *schema.PostRow) float32 { return r.Rating }),
		col("views", number64, func(r *schema.PostRow) uint64 { return r.Views }),
		col("accepted", yesOrNo, func(r *schema.PostRow) bool { return r.Accepted }),
		col("reactions", counters, func(r *schema.PostRow) map[string]uint64 { return r.Reactions }),
		col("attributes", values, func(r *schema.PostRow) map[string]string { return r.Attributes }),
		col("author_id", text, func(r *schema.PostRow) string { return r.AuthorID }),
		col("author_role", word, func(r *schema.PostRow) string { return r.AuthorRole }),
		col("author_level", word, func(r *schema.PostRow) string { return r.AuthorLevel }),
		col("account_id", text, func(r *schema.PostRow) string { return r.AccountID }),
		col("title", text, func(r *schema.PostRow) string { return r.Title }),
		col("body", text, func(r *schema.PostRow) string { return r.Body }),
		col("sentiment", word, func(r *schema.PostRow) string { return r.Sentiment }),
		col("score", fraction, func(r *schema.PostRow) float32 { return r.Score }),
		col("topics.id", words, func(r *schema.PostRow) []string { return r.Topics.ID }),
		col("topics.sentiment", words, func(r *schema.PostRow) []string { return r.Topics.Sentiment }),
		col("topics.score", fractions, func(r *schema.PostRow) []float32 { return r.Topics.Score }),
		col("intents", words, func(r *schema.PostRow) []string { return r.Intents }),
		col("signals.kind", words, func(r *schema.PostRow) []string { return r.Signals.Kind }),
		col("signals.value", texts, func(r *schema.PostRow) []string { return r.Signals.Value }),
		choices("evidence.kind", schema.EvidenceKinds(), func(r *schema.PostRow) []string { return r.Evidence.Kind }),
		col("evidence.tag", texts, func(r *schema.PostRow) []string { return r.Evidence.Tag }),
		choices("evidence.field", schema.EvidenceFields(), func(r *schema.PostRow) []string { return r.Evidence.Field }),
		col("evidence.start", numbers32, func(r *schema.PostRow) []uint32 { return r.Evidence.Start }),
		col("evidence.end", numbers32, func(r *schema.PostRow) []uint32 { return r.Evidence.End }),
		col("evidence.rule", words, func(r *schema.PostRow) []string { return r.Evidence.Rule }),
		col("flags", words, func(r *schema.PostRow) []string { return r.Flags }),
		col("analyzer_revision", number16, func(r *schema.PostRow) uint16 { return r.AnalyzerRevision }),
		col("kafka_topic", word, func(r *schema.PostRow) string { return r.KafkaTopic }),
		col("kafka_partition", number32, func(r *schema.PostRow) uint32 { return r.KafkaPartition }),
		col("kafka_offset", number64, func(r *schema.PostRow) uint64 { return r.KafkaOffset }),
	},
}

var registry = table[schema.RegistryRow]{
	name:   "post_registry",
	origin: func(r *schema.RegistryRow) Origin { return Origin{r.KafkaTopic, r.KafkaPartition, r.KafkaOffset} },
	columns: []column[schema.RegistryRow]{
		col("community", word, func(r *schema.RegistryRow) string { return r.Community }),
		col("post_id", text, func(r *schema.RegistryRow) string { return r.PostID }),
		moment("posted_at", func(r *schema.RegistryRow) time.Time { return r.PostedAt }),
		col("kafka_topic", word, func(r *schema.RegistryRow) string { return r.KafkaTopic }),
		col("kafka_partition", number32, func(r *schema.RegistryRow) uint32 { return r.KafkaPartition }),
		col("kafka_offset", number64, func(r *schema.RegistryRow) uint64 { return r.KafkaOffset }),
	},
}

var activity = table[schema.ActivityRow]{
	name:   "activity_facts",
	origin: func(r *schema.ActivityRow) Origin { return Origin{r.KafkaTopic, r.KafkaPartition, r.KafkaOffset} },
	month:  func(r *schema.ActivityRow) time.Time { return r.Day },
	columns: []column[schema.ActivityRow]{
		col("community", word, func(r *schema.ActivityRow) string { return r.Community }),
		day("day", func(r *schema.ActivityRow) time.Time { return r.Day }),
		col("event_id", text, func(r *schema.ActivityRow) string { return r.EventID }),
		col("event", word, func(r *schema.ActivityRow) string { return r.Event }),
		moment("occurred_at", func(r *schema.ActivityRow) time.Time { return r.OccurredAt }),
		col("post_id", text, func(r *schema.ActivityRow) string { return r.PostID }),
		col("author_id", text, func(r *schema.ActivityRow) string { return r.AuthorID }),
		col("author_role", word, func(r *schema.ActivityRow) string { return r.AuthorRole }),
		col("author_level", word, func(r *schema.ActivityRow) string { return r.AuthorLevel }),
		col("account_id", text, func(r *schema.ActivityRow) string { return r.AccountID }),
		col("kind", word, func(r *schema.ActivityRow) string { return r.Kind }),
		col("count", signed64, func(r *schema.ActivityRow) int64 { return r.Count }),
		col("invited_by", text, func(r *schema.ActivityRow) string { return r.InvitedBy }),
		col("attributes", values, func(r *schema.ActivityRow) map[string]string { return r.Attributes }),
		col("kafka_topic", word, func(r *schema.ActivityRow) string { return r.KafkaTopic }),
		col("kafka_partition", number32, func(r *schema.ActivityRow) uint32 { return r.KafkaPartition }),
		col("kafka_offset", number64, func(r *schema.ActivityRow) uint64 { return r.KafkaOffset }),
	},
}

var accounts = table[schema.AccountRow]{
	name:   "account_facts",
	origin: func(r *schema.AccountRow) Origin { return Origin{r.KafkaTopic, r.KafkaPartition, r.KafkaOffset} },
	columns: []column[schema.AccountRow]{
		col("account_id", text, func(r *schema.AccountRow) string { return r.AccountID }),
		moment("valid_from", func(r *schema.AccountRow) time.Time { return r.ValidFrom }),
		col("name", text, func(r *schema.AccountRow) string { return r.Name }),
		col("deleted", number8, func(r *schema.AccountRow) uint8 { return flag(r.Deleted) }),
		col("attributes", values, func(r *schema.AccountRow) map[string]string { return r.Attributes }),
		col("kafka_topic", word, func(r *schema.AccountRow) string { return r.KafkaTopic }),
		col("kafka_partition", number32, func(r *schema.AccountRow) uint32 { return r.KafkaPartition }),
		col("kafka_offset", number64, func(r *schema.AccountRow) uint64 { return r.KafkaOffset }),
	},
}

var surveys = table[schema.SurveyRow]{
	name:   "survey_facts",
	origin: func(r *schema.SurveyRow) Origin { return Origin{r.KafkaTopic, r.KafkaPartition, r.KafkaOffset} },
	month:  func(r *schema.SurveyRow) time.Time { return r.Day },
	columns: []column[schema.SurveyRow]{
		col("community", word, func(r *schema.SurveyRow) string { return r.Community }),
		day("day", func(r *schema.SurveyRow) time.Time { return r.Day }),
		col("response_id", text, func(r *schema.SurveyRow) string { return r.ResponseID }),
		col("survey_id", word, func(r *schema.SurveyRow) string { return r.SurveyID }),
		col("metric", word, func(r *schema.SurveyRow) string { return r.Metric }),
		col("score", fraction, func(r *schema.SurveyRow) float32 { return r.Score }),
		moment("answered_at", func(r *schema.SurveyRow) time.Time { return r.AnsweredAt }),
		col("author_id", text, func(r *schema.SurveyRow) string { return r.AuthorID }),
		col("author_role", word, func(r *schema.SurveyRow) string { return r.AuthorRole }),
		col("author_level", word, func(r *schema.SurveyRow) string { return r.AuthorLevel }),
		col("account_id", text, func(r *schema.SurveyRow) string { return r.AccountID }),
		col("attributes", values, func(r *schema.SurveyRow) map[string]string { return r.Attributes }),
		col("kafka_topic", word, func(r *schema.SurveyRow) string { return r.KafkaTopic }),
		col("kafka_partition", number32, func(r *schema.SurveyRow) uint32 { return r.KafkaPartition }),
		col("kafka_offset", number64, func(r *schema.SurveyRow) uint64 { return r.KafkaOffset }),
	},
}

var outcomes = table[schema.OutcomeRow]{
	name:   "record_outcomes",
	origin: func(r *schema.OutcomeRow) Origin { return Origin{r.KafkaTopic, r.KafkaPartition, r.KafkaOffset} },
	columns: []column[schema.OutcomeRow]{
		col("kafka_topic", word, func(r *schema.OutcomeRow) string { return r.KafkaTopic }),
		col("kafka_partition", number32, func(r *schema.OutcomeRow) uint32 { return r.KafkaPartition }),
		col("kafka_offset", number64, func(r *schema.OutcomeRow) uint64 { return r.KafkaOffset }),
		moment("record_time", func(r *schema.OutcomeRow) time.Time { return r.RecordTime }),
		col("outcome", word, func(r *schema.OutcomeRow) string { return string(r.Outcome) }),
		col("community", word, func(r *schema.OutcomeRow) string { return r.Community }),
		col("post_id", text, func(r *schema.OutcomeRow) string { return r.PostID }),
		col("source_version", number64, func(r *schema.OutcomeRow) uint64 { return r.SourceVersion }),
	},
}

var deadLetters = table[schema.DeadLetterRow]{
	name:   "dead_letter_facts",
	origin: func(r *schema.DeadLetterRow) Origin { return Origin{r.KafkaTopic, r.KafkaPartition, r.KafkaOffset} },
	columns: []column[schema.DeadLetterRow]{
		col("kafka_topic", word, func(r *schema.DeadLetterRow) string { return r.KafkaTopic }),
		col("kafka_partition", number32, func(r *schema.DeadLetterRow) uint32 { return r.KafkaPartition }),
		col("kafka_offset", number64, func(r *schema.DeadLetterRow) uint64 { return r.KafkaOffset }),
		moment("record_time", func(r *schema.DeadLetterRow) time.Time { return r.RecordTime }),
		col("reason", word, func(r *schema.DeadLetterRow) string { return r.Reason }),
		col("field", word, func(r *schema.DeadLetterRow) string { return r.Field }),
		col("detail", text, func(r *schema.DeadLetterRow) string { return r.Detail }),
		col("message_key", text, func(r *schema.DeadLetterRow) string { return r.MessageKey }),
		col("size", number64, func(r *schema.DeadLetterRow) uint64 { return r.Size }),
	},
}

var marks = table[schema.Window]{
	name:   "window_marks",
	origin: func(*schema.Window) Origin { return Origin{} },
	columns: []column[schema.Window]{
		col("community", word, func(r *schema.Window) string { return r.Community }),
		day("day", func(r *schema.Window) time.Time { return r.Day }),
	},
}

var erasures = table[schema.ErasureRow]{
	name:   "erasure_keys",
	origin: func(*schema.ErasureRow) Origin { return Origin{} },
	columns: []column[schema.ErasureRow]{
		col("key", text, func(r *schema.ErasureRow) string { return r.Key }),
		moment("until", func(r *schema.ErasureRow) time.Time { return r.Until }),
	},
}
