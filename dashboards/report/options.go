package report

import (
	"errors"
	"fmt"
	"time"

	"voc/dashboards/query"
)

// Options say what the report is about and what it cannot know from the data.
type Options struct {
	// Community whose week it is.
	Community string
	// CommunityName is printed instead of the id; empty for the id.
	CommunityName string
	// Week is the Monday of the week.
	Week time.Time
	// Weeks is how many weeks before are compared with. Default: 8.
	Weeks int
	// Purpose is what the community and this report are for, one sentence; it is printed at the top.
	Purpose string
	// Now is printed as the time of making; zero prints none, so that the same data gives the same bytes at any time.
	Now time.Time
	// Zone is the calendar's zone, in which times are printed. Default: Asia/Tokyo.
	Zone *time.Location
	// Topics and Intents are the Japanese names of the taxonomy by id. Built-in names serve where they have none.
	Topics, Intents map[string]string
	// Segments are the segments that changes are explained by. Empty: every one that the data has and that splits it
	// into 2 to 12 values.
	Segments []string
	// SegmentNames are the Japanese names of segments by key.
	SegmentNames map[string]string
}

func (o Options) withDefaults() (Options, error) {
	if o.Weeks == 0 {
		o.Weeks = 8
	}
	if o.Purpose == "" {
		o.Purpose = "お客様の声から、今週対応することと、製品・サービスをよくする手がかりを見つける。"
	}
	if o.CommunityName == "" {
		o.CommunityName = o.Community
	}
	if o.Zone == nil {
		zone, err := time.LoadLocation("Asia/Tokyo")
		if err != nil {
			return o, fmt.Errorf("report: the zone Asia/Tokyo is not known here; set Options.Zone: %w", err)
		}
		o.Zone = zone
	}
	var errs []error
	if o.Community == "" {
		errs = append(errs, errors.New("report: Community is empty; name the community the report is about"))
	}
	if o.Week.Weekday() != time.Monday || !o.Week.Equal(o.Week.Truncate(24*time.Hour)) {
		errs = append(errs, fmt.Errorf("report: Week is %s; it must be the midnight (UTC) of a Monday, as query.ParseWeek gives", o.Week.Format(time.RFC3339)))
	}
	if o.Weeks < 1 || o.Weeks > 52 {
		errs = append(errs, fmt.Errorf("report: Weeks is %d; it must be 1 to 52", o.Weeks))
	}
	return o, errors.Join(errs...)
}

func (o Options) last() time.Time { return o.Week.AddDate(0, 0, 6) }

// filter is the drill-down to the week's posts, to be narrowed.
func (o Options) filter() query.Filter {
	return query.Filter{Community: o.Community, From: o.Week, To: o.last()}
}
