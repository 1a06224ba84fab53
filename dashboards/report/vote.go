package report

import (
	"fmt"
	"strings"

	"voc/dashboards/query"
	"voc/dashboards/ranking"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
)

// voteRows bounds the table of voteTable.
const voteRows = 10

// voteTable sets the ways of counting side by side: one voice, one vote.
func (b *builder) voteTable() Block {
	top := b.ranking.Top()
	block := Block{ID: "one-voice", Title: "一人一票で見た順位", Sources: []string{b.texts.source, b.weekVoices.source, b.mix.source}}
	orders := b.ranking.Orders()
	t := &Table{Columns: []Column{{Key: "topic", Title: "話題", Kind: "text"}}}
	places := map[stats.Order]map[string]int{}
	for _, by := range orders {
		t.Columns = append(t.Columns, Column{Key: string(by), Title: wording.Order(by), Kind: "number"})
		places[by] = ranking.Places(top, by)
	}
	t.Columns = append(t.Columns, Column{Key: "spread", Title: "声の広がり", Kind: "text", Help: "投稿が全員同じ数だったとすると何人分にあたるか(1/HHI)"})
	for i, r := range top {
		if i == voteRows {
			t.More = fmt.Sprintf("%d位以下は省略", voteRows+1)
			break
		}
		row := Row{[]Cell{{Line: plain(b.topic(r.ID))}}}
		for _, by := range orders {
			row.Cells = append(row.Cells, b.voteCell(r, by, places[by][r.ID], places[stats.ByPosts][r.ID]))
		}
		spread := Cell{Line: Line{b.num(fmt.Sprintf("%s人分", decimal(r.Concentration.Effective)), r.Concentration.Effective, b.weekVoices.source, nil)}}
		if mark := r.Concentration.Mark(); mark != "" {
			spread.Sub = Line{{Text: mark, Tone: ToneBad, Source: b.weekVoices.source}}
		}
		t.Rows = append(t.Rows, Row{append(row.Cells, spread)})
	}
	block.Table = t
	block.Note = "同じ話題を、投稿の数、似た文面を一つにした数、人の数、企業の数(企業の分からない人は一人で一票)で数えたもの。()は順位で、投稿の順位と変わるものは太字。順位が下がる話題は、少ない人の声で多く見えています。"
	if b.ranking.Segment != "" {
		block.Note += fmt.Sprintf("「顧客の構成」は、%sごとの投稿を顧客企業の数の割合に直した件数(一件の重みは%d倍まで、合計は投稿数と同じ)。", b.segment(b.ranking.Segment), ranking.MaxWeight)
	}
	if w := b.ranking.Weights; len(w.Silent) > 0 {
		names := make([]string, len(w.Silent))
		for i, v := range w.Silent {
			names[i] = b.value(b.ranking.Segment, v)
		}
		block.Note += fmt.Sprintf("投稿のない層: %s(顧客の%s)。", strings.Join(names, "、"), stats.Percent(w.SilentCustomers))
	}
	return block
}

// voteCell prints one way of counting and its place; a place that differs from that by posts stands out.
func (b *builder) voteCell(r stats.Ranked, by stats.Order, place, raw int) Cell {
	filter := b.narrow(func(f *query.Filter) { f.Topic = []string{r.ID} })
	var n Span
	switch by {
	case stats.ByPosts:
		n = b.count(r.Posts, "件", b.texts.source, filter)
	case stats.ByUnique:
		n = b.count(r.Unique, "件", b.texts.source, nil)
	case stats.ByAuthors:
		n = b.count(r.Authors, "人", b.weekVoices.source, nil)
	case stats.ByAccounts:
		n = b.count(r.Accounts, "票", b.weekVoices.source, nil)
	default:
		n = b.num(decimal(r.Weighted)+"件", r.Weighted, b.mix.source, nil)
	}
	p := quiet(fmt.Sprintf(" (%d位)", place))
	if place != raw {
		p = Span{Text: p.Text, Tone: ToneStrong}
	}
	return Cell{Line: Line{n, p}}
}
