// Package wording owns the Japanese words in which ids, days and durations are shown to people: one place, so that the
// pages and whatever else speaks to people call a topic, a segment or a status by one name.
//
// Topics and intents are named by the taxonomy; everything else by the tables in here. An id without a name is shown
// as it is, never hidden. The package formats; it counts and decides nothing.
package wording

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"voc/analyze/taxonomy"
	"voc/dashboards/stats"
)

// Names turns ids into what people read. It is immutable.
type Names struct {
	topics, intents map[string]string
	topicOrder      []string
	intentOrder     []string
	zone            *time.Location
}

// New takes the names of a taxonomy file; days and times are printed in zone.
func New(f *taxonomy.File, zone *time.Location) *Names {
	// People set posts aside as spam, which a taxonomy need not know.
	n := &Names{topics: map[string]string{}, intents: map[string]string{"spam": "迷惑投稿"}, zone: zone}
	taxonomy.Walk(f.Topics, func(t *taxonomy.Tag, _ string) {
		n.topicOrder = append(n.topicOrder, t.ID)
		if t.Name != "" {
			n.topics[t.ID] = t.Name
		}
	})
	taxonomy.Walk(f.Intents, func(t *taxonomy.Tag, _ string) {
		n.intentOrder = append(n.intentOrder, t.ID)
		if t.Name != "" {
			n.intents[t.ID] = t.Name
		}
	})
	return n
}

// Default are the names of the built-in taxonomy.
func Default(zone *time.Location) (*Names, error) {
	f, err := taxonomy.Parse("default", taxonomy.Default)
	if err != nil {
		return nil, fmt.Errorf("wording: %w", err)
	}
	return New(f, zone), nil
}

// Topics lists the ids of the taxonomy's topics, children after their parents.
func (n *Names) Topics() []string { return n.topicOrder }

// Intents lists the ids of the taxonomy's intents.
func (n *Names) Intents() []string { return n.intentOrder }

// Zone is the calendar's zone.
func (n *Names) Zone() *time.Location { return n.zone }

// Topic prints a child with its parents, as in 料金 › プラン; the empty id is 話題なし.
func (n *Names) Topic(id string) string {
	if id == "" {
		return "話題なし"
	}
	parts := strings.Split(id, "/")
	out := make([]string, len(parts))
	for i, p := range parts {
		out[i] = p
		if name, ok := n.topics[strings.Join(parts[:i+1], "/")]; ok {
			out[i] = name
		}
	}
	return strings.Join(out, " › ")
}

// Leaf prints a topic without its parents.
func (n *Names) Leaf(id string) string {
	if name, ok := n.topics[id]; ok {
		return name
	}
	return id[strings.LastIndexByte(id, '/')+1:]
}

// Intent prints an intent; the empty id is 意図なし.
func (n *Names) Intent(id string) string {
	if id == "" {
		return "意図なし"
	}
	return either(n.intents, id)
}

// Segment prints the key of a segment.
func (n *Names) Segment(key string) string { return either(segments(), key) }

// Value prints the value of a segment; an empty one is 不明.
func (n *Names) Value(key, value string) string {
	if value == "" {
		return "不明"
	}
	if name, ok := values()[key+"="+value]; ok {
		return name
	}
	return value
}

// Role prints the role of an author.
func (n *Names) Role(role string) string { return n.Value("author_role", role) }

// Source prints where posts come from.
func (n *Names) Source(source string) string { return n.Value("source", source) }

// Sentiment prints a polarity.
func (n *Names) Sentiment(id string) string {
	return either(map[string]string{"positive": "肯定", "negative": "否定", "mixed": "賛否混在", "neutral": "中立"}, id)
}

// Board prints an entry of the query role_board.
func (n *Names) Board(id string) string { return either(board(), id) }

// ActionStatus prints how an action stands.
func (n *Names) ActionStatus(id string) string { return either(actionStatuses(), id) }

// Verdict prints what a person decided about a post.
func (n *Names) Verdict(id string) string { return either(verdicts(), id) }

// Reason prints a reason of the queries attention_reasons and happy_reasons.
func (n *Names) Reason(id string) string { return either(reasons(), id) }

// Severity prints a reason of the query severe_posts.
func (n *Names) Severity(id string) string { return either(severities(), id) }

// Status prints the status of a question.
func (n *Names) Status(id string) string { return either(statuses(), id) }

// Signal prints the kind of a signal.
func (n *Names) Signal(kind string) string { return either(signals(), kind) }

// Unset says that a segment's value says nothing, in the words in which people enter that.
func Unset(value string) bool {
	return slices.Contains([]string{"", "-", "未設定", "未登録", "なし", "不明", "その他", "none", "unknown", "n/a", "other"}, strings.ToLower(value))
}

// Order names a way of counting a topic.
func Order(by stats.Order) string {
	return map[stats.Order]string{
		stats.ByPosts: "投稿", stats.ByUnique: "重複を除く", stats.ByAuthors: "人", stats.ByAccounts: "企業ごと一票", stats.ByWeighted: "顧客の構成",
	}[by]
}

// Flag prints a remark of the pipeline.
func (n *Names) Flag(flag string) string { return either(flags(), flag) }

// maskToken is how the pipeline writes personal data that it hid: a label and letters that are the same for the same value.
var maskToken = regexp.MustCompile(`⟦([A-Z]+)([a-z]+)⟧`)

// Masked prints hidden personal data as people can read it: ⟦NAMEbcdfghjklmn⟧ as 〔名前·bcd〕, by which one can still tell
// that the same person is meant.
func Masked(text string) string {
	return maskToken.ReplaceAllStringFunc(text, func(token string) string {
		m := maskToken.FindStringSubmatch(token)
		return "〔" + either(masked(), m[1]) + "·" + m[2][:min(3, len(m[2]))] + "〕"
	})
}

// Whole widens the characters [start, end) of a text so that they cut no hidden datum in two: half a token could not be
// printed.
func Whole(text string, start, end int) (int, int) {
	for _, m := range maskToken.FindAllStringIndex(text, -1) {
		from := utf8.RuneCountInString(text[:m[0]])
		to := from + utf8.RuneCountInString(text[m[0]:m[1]])
		if start > from && start < to {
			start = from
		}
		if end > from && end < to {
			end = to
		}
	}
	return start, end
}

func either(names map[string]string, id string) string {
	if name, ok := names[id]; ok {
		return name
	}
	return id
}

func weekday(t time.Time) string {
	return [...]string{"日", "月", "火", "水", "木", "金", "土"}[t.Weekday()]
}

// Weekdays are the days of the week, Monday first.
func Weekdays() []string { return []string{"月", "火", "水", "木", "金", "土", "日"} }

// Day prints a calendar day as 11/12(木).
func (n *Names) Day(t time.Time) string {
	return fmt.Sprintf("%d/%d(%s)", t.Month(), t.Day(), weekday(t))
}

// FullDay prints a calendar day as 2026年11月12日(木).
func (n *Names) FullDay(t time.Time) string {
	return fmt.Sprintf("%d年%d月%d日(%s)", t.Year(), t.Month(), t.Day(), weekday(t))
}

// At prints an instant in the calendar's zone as 11/12(木) 14:05.
func (n *Names) At(t time.Time) string {
	t = t.In(n.zone)
	return n.Day(t) + t.Format(" 15:04")
}

// FullAt prints an instant in the calendar's zone as 2026年11月12日(木) 14:05.
func (n *Names) FullAt(t time.Time) string {
	t = t.In(n.zone)
	return n.FullDay(t) + t.Format(" 15:04")
}

// Week prints an ISO week by its Monday as 2026年第46週.
func (n *Names) Week(monday time.Time) string {
	y, w := monday.ISOWeek()
	return fmt.Sprintf("%d年第%d週", y, w)
}

// WeekDays prints the days of a week by its Monday as 11/9〜11/15.
func (n *Names) WeekDays(monday time.Time) string {
	last := monday.AddDate(0, 0, 6)
	return fmt.Sprintf("%d/%d〜%d/%d", monday.Month(), monday.Day(), last.Month(), last.Day())
}

// Hours prints a duration in hours as people say it.
func (n *Names) Hours(h float64) string {
	switch {
	case math.IsNaN(h):
		return "—"
	case h < 0.995:
		return fmt.Sprintf("%.0f分", math.Max(1, h*60))
	case h < 48:
		return fmt.Sprintf("%.1f時間", h)
	default:
		return fmt.Sprintf("%.1f日", h/24)
	}
}

// Decimal prints a mean: with one decimal below 100, whole above, — when it is not known.
func Decimal(v float64) string {
	switch {
	case math.IsNaN(v):
		return "—"
	case v >= 99.95:
		return stats.Count(uint64(math.Round(v)), "")
	default:
		return fmt.Sprintf("%.1f", v)
	}
}

// Times prints a ratio: 初出 for something out of nothing, no decimals from tenfold on.
func Times(ratio float64) string {
	switch {
	case math.IsInf(ratio, 1):
		return "初出"
	case ratio >= 10:
		return fmt.Sprintf("%.0f倍", ratio)
	default:
		return stats.Times(ratio)
	}
}

// Clip cuts a text to n characters, line breaks made into spaces and hidden data printed as Masked does.
func Clip(text string, n int) string {
	runes := []rune(strings.Join(strings.Fields(Masked(text)), " "))
	if len(runes) <= n {
		return string(runes)
	}
	return string(runes[:n-1]) + "…"
}
