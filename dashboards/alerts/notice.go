package alerts

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"voc/dashboards/delivery"
	"voc/dashboards/query"
	"voc/dashboards/report"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
)

// Label names a kind of finding.
func Label(k stats.AlertKind) string {
	switch k {
	case stats.Spike:
		return "急増"
	case stats.Drop:
		return "急減"
	default:
		return "少人数の連投"
	}
}

// Filter is the drill-down to a finding's posts; ok is false when an address could not name them all.
func (j *Judge) Filter(community string, a stats.Alert) (f query.Filter, ok bool) {
	const most = 150
	return query.Filter{Community: community, From: j.day(a.From), To: j.day(a.At), ID: a.PostIDs}, len(a.PostIDs) > 0 && len(a.PostIDs) <= most
}

// notice tells of a finding.
func (j *Judge) notice(id, community string, a stats.Alert, s Story, quiet stats.Quiet, names *wording.Names, baseURL string) delivery.Notice {
	n := j.notify(id, community, a.At, names, baseURL)
	what := "投稿全体"
	if a.Topics[0] != stats.AllTopics {
		what = names.Topic(a.Topics[0])
	}
	n.Title = fmt.Sprintf("【%s】%s(%s)", Label(a.Kind), what, community)
	line := report.Line{{Text: a.Text(names.Topic)}}
	if f, ok := j.Filter(community, a); ok {
		line = append(line, report.Span{Text: stats.Count(uint64(len(a.PostIDs)), "件") + "を読む", Posts: f.Path()})
	}
	n.Lines = append(n.Lines, line)
	if len(s.Opinions) > 0 {
		var list []string
		for _, o := range s.Opinions[:min(3, len(s.Opinions))] {
			list = append(list, fmt.Sprintf("「%s」%s", o.Opinion, stats.Count(o.Authors, "人")))
		}
		n.Lines = append(n.Lines, report.Line{{Text: "目立つ意見: " + strings.Join(list, "、")}})
	}
	for _, p := range s.Voices {
		text := p.Body
		if p.Title != "" {
			text = p.Title + " " + p.Body
		}
		n.Lines = append(n.Lines, report.Line{{Text: fmt.Sprintf("「%s」(%s %s)", wording.Clip(text, 90), names.At(p.PostedAt), names.Role(p.AuthorRole))}})
	}
	if a.Kind == stats.Drop {
		n.Lines = append(n.Lines, report.Line{{Text: "投稿や活動は届き続けているため、取り込みは動いています。" + because(quiet)}})
	}
	return n
}

// because is what a quiet week is put down to.
func because(q stats.Quiet) string {
	if len(q.Causes) == 0 {
		return "ほかに目立って変わったものはありません。"
	}
	var list []string
	for _, c := range q.Causes[:min(3, len(q.Causes))] {
		list = append(list, c.Text())
	}
	return "考えられる理由: " + strings.Join(list, "、") + "。"
}

// StoppedText says since when nothing, or next to nothing, arrives.
func StoppedText(a stats.Arrivals, names *wording.Names) string {
	if a.Expected < a.DayUsual && a.Silence < 24*time.Hour {
		return fmt.Sprintf("この24時間に届いた投稿と活動は%s件だけです(通常は%s件ほど)。最後に届いたのは%sです。", wording.Decimal(a.Day), wording.Decimal(a.DayUsual), names.FullAt(a.Last))
	}
	return fmt.Sprintf("%sから、投稿も活動も届いていません(通常なら%s件ほど届きます)。", names.FullAt(a.Last), wording.Decimal(a.Expected))
}

// stopped tells that nothing arrives.
func (j *Judge) stopped(id, community string, a stats.Arrivals, names *wording.Names, baseURL string) delivery.Notice {
	n := j.notify(id, community, a.Last.Add(a.Silence), names, baseURL)
	n.Title = fmt.Sprintf("【取り込みの停止】%s", community)
	n.Lines = []report.Line{
		{{Text: StoppedText(a, names)}},
		{{Text: "コミュニティが静かなのではなく、配信元かパイプラインが止まっています。voc doctor で確かめてください。"}},
	}
	return n
}

func (j *Judge) notify(id, community string, at time.Time, names *wording.Names, baseURL string) delivery.Notice {
	n := delivery.Notice{ID: id, Lead: names.FullAt(at.In(j.zone)), BaseURL: strings.TrimSuffix(baseURL, "/")}
	if n.BaseURL != "" {
		week := j.day(at)
		week = week.AddDate(0, 0, -(int(week.Weekday())+6)%7)
		n.Link = n.BaseURL + "/alerts?" + url.Values{"community": {community}, "week": {query.FormatWeek(week)}}.Encode()
		n.LinkText = "急な変化を見る"
	}
	return n
}
