package report

import (
	"fmt"

	"voc/dashboards/query"
	"voc/dashboards/stats"
)

// highlights are the few sentences that are read when nothing else is.
func (b *builder) highlights() []Line {
	if b.now.Posts == 0 {
		return []Line{{text("この週の投稿はありません。取り込みが動いているか、"), {Text: "データの品質", Anchor: "quality"}, text("を確かめてください。")}}
	}
	var lines []Line
	total := Line{text("投稿は "), b.count(b.now.Posts, "件", b.overviewWeeks.source, b.narrow(func(*query.Filter) {})), text("、投稿した人は "), b.count(b.now.Authors, "人", b.overviewWeeks.source, nil)}
	if n := len(b.past); n > 0 && b.past[n-1].Posts > 0 {
		total = append(total, text(fmt.Sprintf("(投稿は先週から%s)", stats.Growth(float64(b.now.Posts)/float64(b.past[n-1].Posts)))))
	}
	lines = append(lines, append(total, text("。否定的な投稿は "), b.percent(b.now.Negative, b.now.Posts, b.overviewWeeks.source), text("、肯定的な投稿は "), b.percent(b.now.Positive, b.now.Posts, b.overviewWeeks.source), text(" です。")))
	for i, id := range b.storyTopics {
		if i == 3 {
			break
		}
		c, versus := b.topicChanges[id], b.against(id)
		t := b.topicRow(id)
		verb := "増えました"
		if c.Verdict == stats.Down {
			verb = "減りました"
		}
		f := b.narrow(func(f *query.Filter) { f.Topic = []string{id} })
		lines = append(lines, Line{{Text: b.topic(id), Anchor: fmt.Sprintf("story-%d", i+1), Tone: ToneStrong}, text("が"), b.count(t.Posts, "件", b.topics.source, f),
			text(fmt.Sprintf("(見込みの%s、否定 ", times(versus.Ratio))), b.percent(t.Negative, t.Posts, b.topics.source), text(")に" + verb + "。")})
		if n, many := b.repeats(id); many && c.Verdict == stats.Up {
			lines[len(lines)-1] = append(lines[len(lines)-1], text("うち"), Span{Text: stats.Count(n, "件"), Source: b.texts.source}, text("はほぼ同じ文面の繰り返しです。"))
		}
	}
	if len(b.storyTopics) == 0 && len(b.past) > 0 {
		lines = append(lines, plain("偶然では説明しにくい話題の増減はありませんでした。"))
	}
	if n := len(b.shown.severe); n > 0 {
		lines = append(lines, Line{{Text: "まれだが重大な声", Anchor: "severe", Tone: ToneStrong}, text("が"), b.count(uint64(n), "件", b.severePosts.source, nil), text("あります。最も重いのは「" + b.excerpt(b.shown.severe[0].Post, 40) + "」")})
	}
	if b.now.ChurnRisks > 0 {
		f := b.narrow(func(f *query.Filter) { f.Intent = []string{"churn_risk"} })
		lines = append(lines, Line{{Text: "解約の兆し", Anchor: "signals", Tone: ToneStrong}, text("が"), b.count(b.now.ChurnRisks, "件", b.overviewWeeks.source, f), text("見つかりました。")})
	}
	if list := entities(b.attentionNow.rows); len(list) > 0 {
		name := list[0].id
		if a, ok := b.account(name); ok {
			name = a.Name
		} else if list[0].kind == "author" {
			name = member(name)
		}
		lines = append(lines, Line{text("最初に対応したいのは"), {Text: name, Anchor: "attention", Tone: ToneStrong}, text(fmt.Sprintf("(%d点、主な理由: %s)です。", list[0].points, b.reason(list[0].reasons[0].Reason)))})
	}
	if open := b.openQuestions(); open > 0 {
		lines = append(lines, Line{{Text: "返信のない質問", Anchor: "open-questions", Tone: ToneStrong}, text("が"), b.count(open, "件", b.questionWeeks.source, nil), text(fmt.Sprintf("残っています(直近%d週)。", b.Weeks+1))})
	}
	if stories := b.storyCount(); stories > 0 {
		lines = append(lines, Line{{Text: "成功事例", Anchor: "praise", Tone: ToneStrong}, text("が"), b.count(stories, "件", b.stories.source, b.narrow(func(f *query.Filter) { f.Intent = []string{"success_story"} })), text("寄せられました。")})
	}
	return lines
}
