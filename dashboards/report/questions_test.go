package report_test

import (
	"fmt"
	"strings"
	"testing"

	"voc/analyze/similar"
	"voc/dashboards/dashtest"
	"voc/dashboards/report"
)

// content is everything a block says, in one string.
func content(b report.Block) string {
	r := &report.Report{Sections: []report.Section{{Blocks: []report.Block{b}}}}
	var s strings.Builder
	walk(r, func(_ string, x report.Span) { s.WriteString(x.Text + " ") })
	for _, p := range b.Posts {
		s.WriteString(lineOf(p.Why) + " " + p.Title + " " + lineOf(p.Body) + " ")
	}
	if b.Story != nil {
		for _, c := range b.Story.Chain {
			s.WriteString(c.Label + " ")
		}
	}
	return s.String() + b.Empty
}

// tenQuestions holds the promises of README.md on a community whose truths are known.
func tenQuestions(t *testing.T, r *report.Report, truths dashtest.Truths) {
	for question, want := range map[string]map[string][]string{
		"1 more or fewer posts":  {"tiles": {"件", "先週", "週平均"}, "weeks": nil},
		"2 what changed":         {"story-1": {"料金", "↑", "区間", "見込まれる", "偶然では説明しにくい"}},
		"3 many people or few":   {"topic-table": {"人"}},
		"4 who":                  {"story-1": {"誰に", "契約プラン「" + dashtest.FlarePlan + "」"}},
		"5 why and since when":   {"story-1": {"いつ", "11/11(水)", "理由の候補", "新料金プランのお知らせ"}},
		"6 rare but severe":      {"severe-cards": {"点"}},
		"7 whom to answer first": {"attention-list": {"点", "返信のない不満"}, "churn_risk": nil},
		"8 what to build":        {"request-table": {"人", "「"}},
		"9 who waits":            {"open-questions": {"日"}, "faq": {"人"}},
		"10 can one trust it":    {"quality-table": {"受け取れなかったメッセージ", "話題の付いた割合", fmt.Sprintf("%d件", truths.Dead)}},
	} {
		for id, parts := range want {
			b := block(t, r, id)
			text := content(b)
			if b.Empty != "" || text == "" && b.Chart == nil {
				t.Errorf("question %s: the block %s says nothing: %q", question, id, text)
			}
			for _, p := range parts {
				if !strings.Contains(text, p) {
					t.Errorf("question %s: the block %s does not say %q: %.400s", question, id, p, text)
				}
			}
		}
	}
	voices := block(t, r, "voice-cards").Posts
	texts := make([]similar.Text, len(voices))
	for i, v := range voices {
		texts[i] = similar.Text{ID: v.PostID, Author: v.PostID, Body: lineOf(v.Body)}
	}
	if len(voices) < 6 {
		t.Errorf("there are %d voices", len(voices))
	}
	found, err := similar.Find(similar.DefaultConfig(), texts)
	if err != nil {
		t.Fatal(err)
	}
	all := make([]int, len(texts))
	for i := range all {
		all[i] = i
	}
	if unique := found.Unique(all); unique != len(voices) {
		t.Errorf("%d voices say %d things", len(voices), unique)
	}
}
