package query

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// PostsPath is the address of the page that lists the posts of a Filter.
const PostsPath = "/posts"

// Filter says which posts a number counts. It is the one drill-down of voc: the parameters of posts_list and
// posts_count and, through Path and ParseFilter, the address of the page that shows the posts. An empty list asks for
// any value; the value "" in a list asks for posts where the value is not known.
type Filter struct {
	Community      string
	From, To       time.Time // days, both inclusive
	ID             []string
	Topic          []string
	TopicSentiment []string // of what is said about Topic
	Intent         []string
	Sentiment      []string // of the whole post
	Source         []string
	Channel        []string
	Role           []string
	Account        []string
	Author         []string
	Thread         []string
	Flag           []string
	Signal         []string // kind, or kind=value
	Phrase         []string // words of evidence, in lower case
	Segment        []string // key=value; all of them must hold
	Weekday        []uint8  // 1 is Monday
	Hour           []uint8
	Reply          string // yes, no or empty for both
	Quarantined    string // yes, no or empty for both
	Text           string // part of title or body
	Sort           string // newest (default), negative or reactions
	Limit, Offset  uint64 // of posts_list; Limit 0 is its default
}

// filterList is a field of a filter that holds texts, with the name of its parameter.
type filterList struct {
	name   string
	values *[]string
}

func (f *Filter) lists() []filterList {
	return []filterList{
		{"id", &f.ID}, {"topic", &f.Topic}, {"topic_sentiment", &f.TopicSentiment}, {"intent", &f.Intent}, {"sentiment", &f.Sentiment}, {"source", &f.Source},
		{"channel", &f.Channel}, {"role", &f.Role}, {"account", &f.Account}, {"author", &f.Author}, {"thread", &f.Thread}, {"flag", &f.Flag},
		{"signal", &f.Signal}, {"phrase", &f.Phrase}, {"segment", &f.Segment},
	}
}

// Params returns the parameters of posts_count.
func (f Filter) Params() Params {
	p := Params{"community": f.Community, "from": f.From, "to": f.To, "reply": f.Reply, "quarantined": f.Quarantined, "text": f.Text, "weekday": f.Weekday, "hour": f.Hour}
	for _, l := range f.lists() {
		p[l.name] = *l.values
	}
	return p
}

// ListParams returns the parameters of posts_list.
func (f Filter) ListParams() Params {
	p := f.Params()
	if f.Sort != "" {
		p["sort"] = f.Sort
	}
	if f.Limit != 0 {
		p["limit"] = f.Limit
	}
	p["offset"] = f.Offset
	return p
}

// Path returns the address of the posts, such as /posts?from=2026-11-09&to=2026-11-15&topic=pricing. Equal filters have
// equal addresses.
func (f Filter) Path() string {
	v := url.Values{}
	if f.Community != "" {
		v.Set("community", f.Community)
	}
	v.Set("from", f.From.Format(dateLayout))
	v.Set("to", f.To.Format(dateLayout))
	for _, l := range f.lists() {
		for _, value := range *l.values {
			v.Add(l.name, value)
		}
	}
	for _, n := range f.Weekday {
		v.Add("weekday", strconv.Itoa(int(n)))
	}
	for _, n := range f.Hour {
		v.Add("hour", strconv.Itoa(int(n)))
	}
	for name, value := range map[string]string{"reply": f.Reply, "quarantined": f.Quarantined, "text": f.Text, "sort": f.Sort} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if f.Limit != 0 {
		v.Set("limit", strconv.FormatUint(f.Limit, 10))
	}
	if f.Offset != 0 {
		v.Set("offset", strconv.FormatUint(f.Offset, 10))
	}
	return PostsPath + "?" + v.Encode()
}

// The limits of a filter that comes from outside.
const (
	maxFilterValues = 200
	maxFilterText   = 400 // characters
	maxFilterDays   = 3660
	maxFilterPage   = 500
)

// ParseFilter reads the query of an address that Path made or a person typed. It also takes week=2026-W46 in place of
// from and to. Errors name the key and what would be right.
func ParseFilter(v url.Values) (Filter, error) {
	var f Filter
	lists := f.lists()
	for key, values := range v {
		for _, value := range values {
			if !utf8.ValidString(value) || utf8.RuneCountInString(value) > maxFilterText {
				return Filter{}, fmt.Errorf("%s is longer than %d characters or not UTF-8", key, maxFilterText)
			}
		}
		if len(values) > maxFilterValues {
			return Filter{}, fmt.Errorf("%s has %d values; give at most %d", key, len(values), maxFilterValues)
		}
		if i := slices.IndexFunc(lists, func(l filterList) bool { return l.name == key }); i >= 0 {
			*lists[i].values = values
			continue
		}
		if err := f.set(key, values); err != nil {
			return Filter{}, err
		}
	}
	switch {
	case f.From.IsZero() || f.To.IsZero():
		return Filter{}, fmt.Errorf("from and to are needed; give days such as from=2026-11-09&to=2026-11-15, or week=2026-W46")
	case f.To.Before(f.From):
		return Filter{}, fmt.Errorf("to %s is before from %s", f.To.Format(dateLayout), f.From.Format(dateLayout))
	case f.To.Sub(f.From) > maxFilterDays*24*time.Hour:
		return Filter{}, fmt.Errorf("from and to are more than %d days apart", maxFilterDays)
	}
	for _, s := range f.Segment {
		if key, _, ok := strings.Cut(s, "="); !ok || key == "" {
			return Filter{}, fmt.Errorf("segment is %q; write key=value, such as plan=pro", s)
		}
	}
	return f, nil
}

func (f *Filter) set(key string, values []string) error {
	if len(values) == 0 {
		return nil
	}
	value := values[0]
	var err error
	switch key {
	case "community":
		f.Community = value
	case "text":
		f.Text = value
	case "from":
		f.From, err = parseDay(key, value)
	case "to":
		f.To, err = parseDay(key, value)
	case "week":
		if f.From, err = ParseWeek(value); err == nil {
			f.To = f.From.AddDate(0, 0, 6)
		}
	case "reply":
		f.Reply, err = oneOf(key, value, "", "yes", "no")
	case "quarantined":
		f.Quarantined, err = oneOf(key, value, "", "yes", "no")
	case "sort":
		f.Sort, err = oneOf(key, value, "", "newest", "negative", "reactions")
	case "weekday":
		f.Weekday, err = smallNumbers(key, values, 1, 7)
	case "hour":
		f.Hour, err = smallNumbers(key, values, 0, 23)
	case "limit":
		f.Limit, err = number(key, value, maxFilterPage)
	case "offset":
		f.Offset, err = number(key, value, 1_000_000)
	default:
		err = fmt.Errorf("%s is no filter; use community, from, to, week, topic, intent, sentiment, source, channel, role, segment, account, author, text, …", key)
	}
	return err
}

func parseDay(key, value string) (time.Time, error) {
	t, err := time.Parse(dateLayout, value)
	if err != nil || t.Year() < 1970 || t.Year() > 2148 {
		return time.Time{}, fmt.Errorf("%s is %q; it must be a day such as 2026-11-09", key, value)
	}
	return t, nil
}

func oneOf(key, value string, allowed ...string) (string, error) {
	if !slices.Contains(allowed, value) {
		return "", fmt.Errorf("%s is %q; it must be one of %s", key, value, strings.Join(allowed[1:], ", "))
	}
	return value, nil
}

func smallNumbers(key string, values []string, low, high uint64) ([]uint8, error) {
	var list []uint8
	for _, v := range values {
		n, err := strconv.ParseUint(v, 10, 8)
		if err != nil || n < low || n > high {
			return nil, fmt.Errorf("%s is %q; it must be a number from %d to %d", key, v, low, high)
		}
		list = append(list, uint8(n))
	}
	return list, nil
}

func number(key, value string, most uint64) (uint64, error) {
	n, err := strconv.ParseUint(value, 10, 64)
	if err != nil || n > most {
		return 0, fmt.Errorf("%s is %q; it must be a number up to %d", key, value, most)
	}
	return n, nil
}

// ParseWeek returns the Monday of an ISO week such as 2026-W46.
func ParseWeek(text string) (time.Time, error) {
	var year, week int
	if n, err := fmt.Sscanf(text, "%4d-W%2d", &year, &week); err != nil || n != 2 || fmt.Sprintf("%04d-W%02d", year, week) != text || year < 1971 || year > 2147 {
		return time.Time{}, fmt.Errorf("week is %q; it must be an ISO week such as 2026-W46", text)
	}
	// The fourth of January lies in week 1.
	january := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC)
	monday := january.AddDate(0, 0, -(int(january.Weekday())+6)%7+7*(week-1))
	if y, w := monday.ISOWeek(); y != year || w != week {
		return time.Time{}, fmt.Errorf("week is %q; that year has no such week", text)
	}
	return monday, nil
}

// FormatWeek returns a Monday's ISO week as 2026-W46.
func FormatWeek(monday time.Time) string {
	y, w := monday.ISOWeek()
	return fmt.Sprintf("%04d-W%02d", y, w)
}
