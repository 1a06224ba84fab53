package report

import (
	"fmt"
	"strings"
	"time"

	"voc/dashboards/query"
)

// entity is a company, or a member whose company is not known, with its reasons.
type entity struct {
	kind, id string
	points   uint64
	reasons  []query.EntityReason
	last     time.Time
}

func entities(list []query.EntityReason) []entity {
	var all []entity
	at := map[string]int{}
	for _, r := range list {
		key := r.Kind + " " + r.Entity
		i, ok := at[key]
		if !ok {
			i = len(all)
			at[key] = i
			all = append(all, entity{kind: r.Kind, id: r.Entity})
		}
		e := &all[i]
		e.points += r.Points
		e.reasons = append(e.reasons, r)
		if r.LastAt.After(e.last) {
			e.last = r.LastAt
		}
	}
	for _, e := range all {
		sortBy(e.reasons, func(x, y query.EntityReason) int { return compareDesc(x.Points, y.Points, x.Reason, y.Reason) })
	}
	sortBy(all, func(x, y entity) int { return compareDesc(x.points, y.points, x.kind+x.id, y.kind+y.id) })
	return all
}

// attention lists whom to answer first, and who does well.
func (b *builder) attention() (Section, error) {
	s := Section{ID: "attention", Title: "対応が必要な方・好調な方"}
	s.Lead = plain("点は理由ごとの点の和です。理由の数字から、その投稿を開けます。")
	before := map[string]uint64{}
	for _, e := range entities(b.attentionBefore.rows) {
		before[e.kind+" "+e.id] = e.points
	}
	s.Blocks = append(s.Blocks,
		b.entityTable("attention-list", "対応が必要な方", "対応が必要な方はいません。", entities(b.attentionNow.rows), 12, b.attentionNow.source, before),
		b.entityTable("happy-list", "好調な方", "該当する方はいません。", entities(b.happyNow.rows), 8, b.happyNow.source, nil))
	return s, nil
}

func (b *builder) entityTable(id, title, empty string, list []entity, limit int, source string, before map[string]uint64) Block {
	block := Block{ID: id, Title: title, Sources: []string{source, b.accounts.source}}
	if len(list) == 0 {
		block.Empty = empty
		return block
	}
	t := &Table{Columns: []Column{
		{Key: "who", Title: "企業・メンバー", Kind: "text"}, {Key: "owner", Title: "担当", Kind: "label"}, {Key: "points", Title: "点", Kind: "number"}, {Key: "reasons", Title: "理由", Kind: "text"}, {Key: "last", Title: "最後の動き", Kind: "label"},
	}}
	if before != nil {
		t.Columns = append(t.Columns[:3:3], append([]Column{{Key: "move", Title: "先週比", Kind: "number"}}, t.Columns[3:]...)...)
	}
	for i, e := range list {
		if i == limit {
			t.More = fmt.Sprintf("ほか%d件は省略", len(list)-i)
			break
		}
		who, owner := Cell{Line: plain(e.id)}, "—"
		if e.kind == "author" {
			who = Cell{Line: plain(member(e.id)), Sub: Line{quiet("企業不明")}}
		} else if a, ok := b.account(e.id); ok {
			who = Cell{Line: plain(a.Name)}
			var facts []string
			for _, k := range []string{"plan", "touch_model", "ltv_band"} {
				if v := a.Attributes[k]; v != "" {
					facts = append(facts, b.segment(k)+": "+b.value(k, v))
				}
			}
			who.Sub = Line{quiet(strings.Join(facts, "・"))}
			if a.Attributes["csm_owner"] != "" {
				owner = a.Attributes["csm_owner"]
			}
		}
		var reasons Line
		for k, r := range e.reasons {
			if k > 0 {
				reasons = append(reasons, text("、"))
			}
			f := b.narrow(func(f *query.Filter) {
				f.From, f.ID = b.Week.AddDate(0, 0, -42), r.Posts
			})
			figure := b.num(fmt.Sprintf("%d点", r.Points), float64(r.Points), source, f)
			if r.Reason == "detractor" || r.Reason == "promoter" {
				figure.Posts = "" // an answer without a comment has no post
			}
			name := b.reason(r.Reason)
			if len(r.Posts) > 1 {
				name += fmt.Sprintf("%d件", len(r.Posts))
			}
			reasons = append(reasons, text(name+" "), figure)
		}
		cells := []Cell{who, {Line: plain(owner)}, {Line: Line{b.num(fmt.Sprint(e.points), float64(e.points), source, nil)}}}
		if before != nil {
			move := int64(e.points) - int64(before[e.kind+" "+e.id])
			cells = append(cells, Cell{Line: Line{quiet(signed(float64(move)))}})
		}
		cells = append(cells, Cell{Line: reasons}, Cell{Line: plain(b.day(e.last.In(b.zone))), Sub: Line{quiet(b.age(e.last))}})
		t.Rows = append(t.Rows, Row{cells})
	}
	block.Table = t
	return block
}
