package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"voc/dashboards/query"
	"voc/dashboards/web/auth"
)

// scope is what a page is about: a community that the user may read, and a week of it.
type scope struct {
	User        auth.User
	Communities []query.CommunityRow // those the user may read, largest first
	Community   query.CommunityRow
	Week        time.Time // Monday
	// Latest is the newest week with posts, First the oldest.
	Latest, First time.Time
	// Partial says that the week is not over.
	Partial bool
}

func (c scope) last() time.Time { return c.Week.AddDate(0, 0, 6) }

// filter is the drill-down to the week's posts, to be narrowed.
func (c scope) filter() query.Filter {
	return query.Filter{Community: c.Community.Community, From: c.Week, To: c.last()}
}

// narrow is a copy of the week's filter, changed.
func (c scope) narrow(change func(*query.Filter)) query.Filter {
	f := c.filter()
	change(&f)
	return f
}

// params are the parameters of queries about the week.
func (c scope) params() query.Params {
	return query.Params{"community": c.Community.Community, "week": c.Week}
}

// span are the parameters of queries about days.
func (c scope) span(from, to time.Time) query.Params {
	return query.Params{"community": c.Community.Community, "from": from, "to": to}
}

// Href is the address of a page in this scope, with further parameters as pairs.
func (c scope) Href(path string, pairs ...string) string {
	v := url.Values{}
	if c.Community.Community != "" {
		v.Set("community", c.Community.Community)
		v.Set("week", query.FormatWeek(c.Week))
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// PostHref is the address of a post's page.
func (c scope) PostHref(id string) string {
	return "/post?" + url.Values{"community": {c.Community.Community}, "id": {id}}.Encode()
}

// Weeks are the weeks one may choose from, newest first.
func (c scope) Weeks() []time.Time {
	var list []time.Time
	for w := c.Latest; !w.Before(c.First) && len(list) < 120; w = w.AddDate(0, 0, -7) {
		list = append(list, w)
	}
	if !slices.ContainsFunc(list, c.Week.Equal) {
		list = append(list, c.Week)
	}
	return list
}

// Previous and Next are the weeks beside; zero when nothing is there.
func (c scope) Previous() time.Time {
	if w := c.Week.AddDate(0, 0, -7); !w.Before(c.First) {
		return w
	}
	return time.Time{}
}

// Next is the week after.
func (c scope) Next() time.Time {
	if w := c.Week.AddDate(0, 0, 7); !w.After(c.Latest) {
		return w
	}
	return time.Time{}
}

func monday(day time.Time) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d-(int(day.Weekday())+6)%7, 0, 0, 0, 0, time.UTC)
}

// allCommunities asks for the communities that have posts, at most every few seconds.
func (s *Server) allCommunities(ctx context.Context) ([]query.CommunityRow, error) {
	if list, ok := s.communities.Get(""); ok {
		return list, nil
	}
	var list []query.CommunityRow
	if err := query.Run(ctx, s.Conn, "communities", nil, &list); err != nil {
		return nil, err
	}
	if len(list) > 0 {
		s.communities.Add("", list)
	}
	return list, nil
}

// scope finds out what a request is about. A community that the user may not read is one that does not exist.
func (s *Server) scope(ctx context.Context, r *http.Request) (scope, error) {
	c := scope{User: auth.UserOf(r.Context())}
	all, err := s.allCommunities(ctx)
	if err != nil {
		return c, err
	}
	for _, row := range all {
		if s.Login == nil || c.User.May(row.Community) {
			c.Communities = append(c.Communities, row)
		}
	}
	v := r.URL.Query()
	if asked := v.Get("community"); asked != "" {
		i := slices.IndexFunc(c.Communities, func(row query.CommunityRow) bool { return row.Community == asked })
		if i < 0 {
			return c, statusError{http.StatusNotFound, fmt.Sprintf("コミュニティ「%s」は見つかりません。名前が違うか、閲覧の権限がありません。", asked)}
		}
		c.Community = c.Communities[i]
	} else if len(c.Communities) > 0 {
		c.Community = c.Communities[0]
	}
	c.Latest, c.First = monday(c.Community.LastDay), monday(c.Community.FirstDay)
	c.Week = c.Latest
	// On the first days of a week its few posts say little: the week before is what people come for.
	if s.Now().Before(s.midnight(c.Latest.AddDate(0, 0, 3))) && c.First.Before(c.Latest) {
		c.Week = c.Latest.AddDate(0, 0, -7)
	}
	if text := v.Get("week"); text != "" {
		if c.Week, err = query.ParseWeek(text); err != nil {
			return c, statusError{http.StatusBadRequest, fmt.Sprintf("週の指定「%s」が読めません。2026-W46 のように指定してください。", text)}
		}
	}
	c.Partial = s.Now().Before(s.midnight(c.Week.AddDate(0, 0, 7)))
	return c, nil
}

// midnight is the instant at which a calendar day begins.
func (s *Server) midnight(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, s.Names.Zone())
}

// Newer says that posts of a newer week are there.
func (c scope) Newer() bool { return c.Week.Before(c.Latest) }

// seesAll says whether the user may read every community, which pages about the whole pipeline ask for.
func (s *Server) seesAll(c scope) bool { return s.Login == nil || c.User.All() }
