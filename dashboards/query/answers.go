package query

import (
	"reflect"
	"time"

	"voc/schema"
)

// answerMost is how many open questions stand ready.
const answerMost = 100

// Answer returns the statement over what stands ready of the answer itself, which gives what SQL gives for these parameters,
// or no rows when that does not stand ready; it is empty when there is none. Of questions there is what became of those of nine
// whole weeks until the end of the last, and a list of the oldest of them that are open; who needs attention stands ready by the
// nine weeks that end with a whole one.
func (q Query) Answer(bound map[string]any) string {
	limit, lists := bound["limit"].(uint64)
	switch {
	case q.answer == "" || q.Name == "ledger_topics":
	case q.Name == "attention_reasons":
		if !onWeekday(bound["week"], time.Monday) {
			return ""
		}
	case !onWeekday(bound["from"], time.Monday) || !lastWeek(bound["from"], bound["to"], schema.ProgressWeeks):
		return ""
	case lists && (limit > answerMost || bound["sort"] == "newest" || !reflect.DeepEqual(bound["status"], []string{"open"})):
		return ""
	}
	return q.answer
}
