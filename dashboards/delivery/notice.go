package delivery

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"

	"voc/dashboards/report"
)

// Target is somebody or something that notices are delivered to.
type Target interface {
	// Name is the target's stable name in the ledger.
	Name() string
	// Deliver returns nil once the target has taken the notice.
	Deliver(ctx context.Context, n Notice) error
}

// Notice is what is delivered.
type Notice struct {
	// ID is the same for the same notice at any time: it keeps the ledger and lets receivers know a repetition.
	ID string
	// Title is the subject, Lead one quiet line below it.
	Title, Lead string
	Lines       []report.Line
	Tiles       []report.Tile
	// Link opens the whole matter in the web pages, LinkText says what it opens; empty without pages.
	Link, LinkText string
	// BaseURL is the address of the web pages, to which the drill-downs of Lines belong.
	BaseURL string
	// Report is the report itself; nil for an alert.
	Report *report.Report
}

// NoticeOf summarises a report. baseURL is the address of the web pages, empty when there are none.
func NoticeOf(r *report.Report, baseURL string) Notice {
	n := Notice{
		ID:    "report/" + r.Community + "/" + r.Week, // as ReportID
		Title: r.Title + " " + r.Community, Lead: r.Period,
		Lines: r.Highlights, BaseURL: strings.TrimSuffix(baseURL, "/"), Report: r,
	}
	if n.BaseURL != "" {
		n.Link = n.BaseURL + "/reports/" + url.PathEscape(r.Week) + "?" + url.Values{"community": {r.Community}}.Encode()
		n.LinkText = "レポートを開く"
	}
	for _, s := range r.Sections {
		for _, b := range s.Blocks {
			if len(n.Tiles) == 0 {
				n.Tiles = b.Tiles
			}
		}
	}
	return n
}

// ReportID is the id of the notice of a report, its week named by its Monday.
func ReportID(community string, week time.Time) string {
	y, w := week.ISOWeek()
	return fmt.Sprintf("report/%s/%04d-W%02d", community, y, w)
}

// href is where a piece of text leads to; empty when it leads nowhere.
func (n Notice) href(s report.Span) string {
	switch {
	case s.Posts != "" && n.BaseURL != "":
		return n.BaseURL + s.Posts
	case s.Anchor != "" && n.Link != "":
		return n.Link + "#" + s.Anchor
	default:
		return ""
	}
}

// render is the report in a format.
func (n Notice) render(f report.Format) ([]byte, error) {
	if n.Report == nil {
		return nil, fmt.Errorf("%s is no report and has no %s", n.ID, f)
	}
	var b bytes.Buffer
	links := n.BaseURL
	if links != "" {
		links += "/"
	}
	if err := n.Report.Write(&b, f, links); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// DefaultName is the pattern of file names.
const DefaultName = "voc-{community}-{week}.{format}"

// CheckName refuses patterns under which two reports would overwrite each other or that leave the folder.
func CheckName(pattern string) error {
	for _, part := range []string{"{community}", "{week}", "{format}"} {
		if !strings.Contains(pattern, part) {
			return fmt.Errorf("is %q and lacks %s; without it reports would overwrite each other", pattern, part)
		}
	}
	for part := range strings.SplitSeq(pattern, "/") {
		if part == "" || part == "." || part == ".." {
			return fmt.Errorf("is %q; give a path below the folder, such as %s", pattern, DefaultName)
		}
	}
	return nil
}

// FileName fills in a pattern. A community's name becomes one harmless path element.
func FileName(pattern string, r *report.Report, f report.Format) string {
	community := r.Community
	if strings.ContainsFunc(community, func(c rune) bool { return c == '/' || c == '\\' || c == '%' || unicode.IsControl(c) }) || strings.HasPrefix(community, ".") {
		community = strings.ReplaceAll(url.PathEscape(community), ".", "%2E")
	}
	return strings.NewReplacer("{community}", community, "{week}", r.Week, "{format}", string(f)).Replace(pattern)
}

// plain is a line without marks.
func plain(l report.Line) string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.Text)
	}
	return b.String()
}
