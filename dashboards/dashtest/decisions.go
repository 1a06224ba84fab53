package dashtest

import (
	"fmt"
	"time"

	"voc/schema"
)

// The actions that Fill writes down. BackAction shipped before the planted rise of FlareTopic, which brings its voices
// back; OpenAction is waiting, DoneAction is closed.
const BackAction, OpenAction, DoneAction = "a-back0000", "a-open0000", "a-done0000"

// decide plants what people decided: one pitch of an earlier week put back, one plain post set aside, and the actions.
func (b *builder) decide() {
	var pitch, plain *schema.PostRow
	for _, r := range b.rows {
		p, ok := r.(*schema.PostRow)
		if !ok || p.Community != Community || p.SourceVersion != 2 || p.Day.Before(Week().AddDate(0, 0, -21)) || !p.Day.Before(Week()) {
			continue
		}
		switch {
		case schema.IsSetAside(p.Intents):
			pitch = p
		case len(p.Intents) == 0 && p.ReplyTo == "":
			plain = p
		}
	}
	at := b.monday(Weeks - 1).Add(10 * time.Hour)
	decision := func(p *schema.PostRow, verdict, by, reason string, tagged ...string) {
		b.add(&schema.DecisionRow{
			Community: p.Community, Day: p.Day, PostID: p.PostID, Number: 1, DecisionID: verdict, Verdict: verdict, DecidedAt: at, DecidedBy: by, Reason: reason,
			Tagged: append([]string{}, tagged...), AnalyzerRevision: p.AnalyzerRevision, SourceVersion: p.SourceVersion,
		})
	}
	decision(pitch, schema.Released, "佐々木", "会員どうしの紹介で、宣伝ではない", "promotion")
	decision(plain, "spam", "高橋", "同じ文を何度も投稿していた")

	// The staff speaks of meetings, which members hardly begin threads about.
	for i := range 8 {
		row := b.row(b.members[6], b.monday(Weeks-4+i%3).AddDate(0, 0, i%5).Add(11*time.Hour), say{
			text: "今月の活用ウェビナーのご案内です。お申し込みは予定表からどうぞ。", sentiment: "neutral", topics: []mark{topic("community", "neutral", "活用ウェビナー")},
		})
		row.Channel, row.ThreadID = "お知らせ", row.PostID
		b.put(row)
	}

	role := "&role=member&role=leader&role=partner&role="
	voices := "intent=request&intent=complaint&intent=bug&intent=churn_risk" + role + "&quarantined=no"
	event := func(id string, number uint32, event string, at time.Time, row schema.ActionRow) {
		row.Community, row.ActionID, row.Number, row.EventID, row.Event, row.HappenedAt, row.MadeBy = Community, id, number, fmt.Sprint(number), event, at, "佐々木"
		if row.Due.IsZero() {
			row.Due = time.Unix(0, 0).UTC()
		}
		b.add(&row)
	}
	event(BackAction, 1, "added", b.monday(3).AddDate(0, 0, 1), schema.ActionRow{
		Title: "料金プランの選び方を一枚の表にする", Topic: FlareTopic, Filter: "topic=pricing%2Fplan&" + voices, Owner: "商品企画 中村",
	})
	event(BackAction, 2, "shipped", b.monday(5).AddDate(0, 0, 2), schema.ActionRow{Release: "2.4", Note: "料金ページに掲載"})
	event(OpenAction, 1, "added", b.monday(7).AddDate(0, 0, 3), schema.ActionRow{
		Title: "検索の絞り込みに担当者と部署を加える", Topic: "search", Filter: "topic=search&intent=request" + role + "&quarantined=no", Owner: "開発 高橋", Due: Week().AddDate(0, 0, -3),
	})
	event(DoneAction, 1, "added", b.monday(2), schema.ActionRow{Title: "通知が来ない不具合を直す", Topic: "notification", Filter: "topic=notification&" + voices, Owner: "開発 高橋"})
	event(DoneAction, 2, "shipped", b.monday(4), schema.ActionRow{Release: "2.3"})
	event(DoneAction, 3, "closed", b.monday(6), schema.ActionRow{Note: "再発なし"})
}
