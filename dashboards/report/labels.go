package report

import (
	"fmt"
	"math"
	"time"

	"voc/dashboards/wording"
)

// names are the words for ids: those of package wording, with what Options know better.
type names struct {
	words                     *wording.Names
	topics, intents, segments map[string]string
	zone                      *time.Location
}

func newNames(o Options) (names, error) {
	words, err := wording.Default(o.Zone)
	if err != nil {
		return names{}, fmt.Errorf("report: %w", err)
	}
	return names{words, o.Topics, o.Intents, o.SegmentNames, o.Zone}, nil
}

// topic prints a child with its parents, as in 料金 › プラン.
func (n names) topic(id string) string {
	out := ""
	for i := range len(id) + 1 {
		if i < len(id) && id[i] != '/' {
			continue
		}
		if out != "" {
			out += " › "
		}
		out += n.leaf(id[:i])
	}
	return out
}

// leaf prints a topic without its parents.
func (n names) leaf(id string) string {
	if name := n.topics[id]; name != "" {
		return name
	}
	return n.words.Leaf(id)
}

func (n names) intent(id string) string {
	if name := n.intents[id]; name != "" {
		return name
	}
	return n.words.Intent(id)
}

func (n names) segment(key string) string {
	if name := n.segments[key]; name != "" {
		return name
	}
	return n.words.Segment(key)
}

func (n names) value(key, value string) string { return n.words.Value(key, value) }

func (n names) role(role string) string { return n.words.Role(role) }

// day prints a calendar day as 11/12(木).
func (n names) day(t time.Time) string { return n.words.Day(t) }

// at prints an instant in the calendar's zone as 11/12(木) 14:05.
func (n names) at(t time.Time) string { return n.words.At(t) }

func (n names) reason(id string) string { return n.words.Reason(id) }

func (n names) hours(h float64) string { return n.words.Hours(h) }

// clip cuts a text to n characters, line breaks made into spaces.
func clip(text string, n int) string { return wording.Clip(text, n) }

// decimal prints a mean.
func decimal(v float64) string { return wording.Decimal(v) }

// times prints a ratio.
func times(ratio float64) string { return wording.Times(ratio) }

func weekdayOf(t time.Time) string { return wording.Weekdays()[(int(t.Weekday())+6)%7] }

// signed prints a whole number with its sign.
func signed(v float64) string {
	switch r := math.Round(v); {
	case r > 0:
		return fmt.Sprintf("+%.0f", r)
	case r < 0:
		return fmt.Sprintf("−%.0f", -r)
	default:
		return "0"
	}
}
