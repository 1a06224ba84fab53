package report

import (
	"fmt"
	"reflect"
	"strings"

	"voc/dashboards/actions"
	"voc/dashboards/board"
	"voc/dashboards/query"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
)

// actionsMost and gapsMost bound the tables.
const (
	actionsMost = 30
	gapsMost    = 8
)

// cite registers a query as a source whose answer is known already. Conditions that ask for nothing are left out.
func (b *builder) cite(name string, params query.Params) (string, error) {
	given := query.Params{}
	for key, value := range params {
		if v := reflect.ValueOf(value); v.Kind() != reflect.Slice && !v.IsZero() || v.Kind() == reflect.Slice && v.Len() > 0 {
			given[key] = value
		}
	}
	s, err := b.source(name, given)
	if err != nil {
		return "", err
	}
	b.list = append(b.list, s)
	return s.ID, nil
}

// actionSection says what was done about what members said, and what became of it.
func (b *builder) actionSection() (Section, error) {
	s := Section{ID: "actions", Title: "対応の進み具合"}
	var listed []actions.Standing
	closed, late, back := 0, 0, 0
	for _, a := range b.standings {
		if !a.Listed() {
			closed++
			continue
		}
		listed = append(listed, a)
		if a.Overdue {
			late++
		}
		if a.Status == actions.Back {
			back++
		}
	}
	if len(listed) == 0 {
		s.Blocks = append(s.Blocks, Block{
			ID: "actions-empty", Empty: "進行中の対応はありません。「voc actions add」で、話題に担当者を付けて登録すると、ここで声の増減を追えます。", Sources: []string{b.actionRows.source},
		})
		return s, nil
	}
	s.Lead = Line{text("登録された対応は "), b.count(uint64(len(listed)), "件", b.actionRows.source, nil)}
	if back > 0 {
		s.Lead = append(s.Lead, text("。うち "), b.count(uint64(back), "件", b.actionRows.source, nil), text(" は、出荷のあとで声が以前の水準より増えました"))
	}
	if late > 0 {
		s.Lead = append(s.Lead, text("。期限を過ぎたものが "), b.count(uint64(late), "件", b.actionRows.source, nil))
	}
	s.Lead = append(s.Lead, text("。"))
	t := &Table{Columns: []Column{
		{Key: "title", Title: "対応", Kind: "text"}, {Key: "status", Title: "状態", Kind: "text"}, {Key: "owner", Title: "担当・期限", Kind: "text"},
		{Key: "since", Title: "登録からの声", Kind: "number"}, {Key: "before", Title: "以前の週平均", Kind: "number", Help: "出荷(まだなら登録)の週より前の8週まで"},
		{Key: "after", Title: "以後の週平均", Kind: "number"}, {Key: "verdict", Title: "最後の週の判定", Kind: "text", Help: "出荷より前の週と比べた検定。人数と件数が足りなければ判定しない"},
	}}
	for i := range listed {
		if i == actionsMost {
			t.More = fmt.Sprintf("ほか%d件は省略。「voc actions list」で全件", len(listed)-i)
			break
		}
		row, err := b.actionRow(&listed[i])
		if err != nil {
			return s, err
		}
		t.Rows = append(t.Rows, row)
	}
	note := "声は、その対応の条件に合う要望・不満・不具合・解約の兆しなどの投稿(スタッフと隔離した投稿を除く)。"
	if closed > 0 {
		note += fmt.Sprintf("終了した対応 %s は載せていません。", stats.Count(uint64(closed), "件"))
	}
	s.Blocks = append(s.Blocks, Block{ID: "actions-table", Note: note, Table: t, Sources: []string{b.actionRows.source}})
	return s, nil
}

func (b *builder) actionRow(a *actions.Standing) (Row, error) {
	counted, err := b.cite("posts_count", a.Since.Params())
	if err != nil {
		return Row{}, err
	}
	whole := a.Since
	if !a.Since.From.After(b.last()) {
		whole.From = a.Since.From.AddDate(0, 0, -7*actions.History)
	}
	weekly, err := b.cite("posts_weeks", whole.Params())
	if err != nil {
		return Row{}, err
	}
	title := Cell{Line: Line{{Text: wording.Masked(a.Title), Source: b.actionRows.source}}, Sub: Line{quiet(a.ID)}}
	if a.Topic != "" {
		title.Sub = Line{quiet(a.ID + "・" + b.topic(a.Topic))}
	}
	status := Cell{Line: Line{{Text: b.words.ActionStatus(string(a.Status)), Tone: actionTone(a)}}}
	switch {
	case a.Status == actions.Back:
		status.Sub = Line{quiet(b.day(a.BackIn) + "の週から")}
	case a.ShippedAt != nil:
		status.Sub = Line{quiet(b.day(actions.Day(*a.ShippedAt, b.zone)))}
	}
	if a.Release != "" {
		status.Sub = append(Line{quiet("版 " + a.Release + " ")}, status.Sub...)
	}
	owner := Cell{Line: plain(a.Owner)}
	if a.Due != nil {
		owner.Sub = Line{quiet("期限 " + b.day(*a.Due))}
		if a.Overdue {
			owner.Sub = Line{{Text: "期限超過 " + b.day(*a.Due), Tone: ToneBad}}
		}
	}
	since := Cell{Line: Line{b.count(a.Posts, "件", counted, &a.Since)}, Sub: Line{quiet(stats.Count(a.Authors, "人") + "・" + b.day(a.Since.From) + "から")}}
	if a.Since.From.After(b.last()) {
		since = Cell{Line: Line{quiet("—")}, Sub: Line{quiet(b.day(a.Since.From) + "に登録")}}
	}
	level := func(v float64, weeks int) Cell {
		if weeks == 0 {
			return Cell{Line: Line{quiet("—")}}
		}
		return Cell{Line: Line{b.num(decimal(v)+"件", v, weekly, nil)}, Sub: Line{quiet(fmt.Sprintf("%d週", weeks))}}
	}
	return Row{[]Cell{title, status, owner, since, level(a.Before, a.BeforeWeeks), level(a.After, a.AfterWeeks), b.actionVerdict(a, weekly)}}, nil
}

func actionTone(a *actions.Standing) Tone {
	switch a.Status {
	case actions.Back, actions.Reopened:
		return ToneBad
	case actions.Shipped:
		return ToneGood
	}
	return ToneStrong
}

// actionVerdict is what may be said about the newest week after the release.
func (b *builder) actionVerdict(a *actions.Standing, source string) Cell {
	switch {
	case a.ShippedAt == nil:
		return Cell{Line: Line{quiet("出荷前")}}
	case a.Last == nil && a.AfterWeeks > 0: // people have reopened it since
		return Cell{Line: Line{quiet("人が再開したので判定しない")}}
	case a.Last == nil:
		return Cell{Line: Line{quiet("出荷後の週がまだない")}}
	}
	words := map[stats.Verdict]string{stats.Up: "増えた", stats.Down: "減った", stats.Flat: "変わらない", stats.TooFew: "判定できない"}
	tone := map[stats.Verdict]Tone{stats.Up: ToneBad, stats.Down: ToneGood, stats.Flat: ToneStrong, stats.TooFew: ToneQuiet}
	return Cell{
		Line: Line{{Text: strings.TrimSpace(a.Last.Verdict.Arrow() + " " + words[a.Last.Verdict]), Tone: tone[a.Last.Verdict], Source: source}},
		Sub:  Line{quiet(a.Last.Reason.Text())},
	}
}

// boardSection says which of a community's roles its posts serve, who writes them, and what the staff asks beside what
// members talk about.
func (b *builder) boardSection() (Section, error) {
	s := Section{ID: "board", Title: "コミュニティの役割とCX・CO"}
	entries := board.Entries(b.boardCells.rows)
	roles := board.Roles(entries)
	if len(roles) == 0 {
		s.Blocks = append(s.Blocks, Block{ID: "board-empty", Empty: "この週の投稿はありません。", Sources: []string{b.boardCells.source}})
		return s, nil
	}
	for _, t := range []struct{ id, title, note, kinds string }{
		{"board-roles", "5つの役割", "一つの投稿が複数の役割に当たることがあります。どれにも当たらない投稿もあります。隔離した投稿は含みません。", "all role"},
		{"board-factors", "体験(CX)と成果(CO)", "機能の体験は話題から、感情の体験は感情の語から、成果は意図から判定しています。感情は投稿全体のものです。", "cx co"},
	} {
		s.Blocks = append(s.Blocks, b.boardBlock(t.id, t.title, t.note, strings.Fields(t.kinds), entries, roles))
	}
	s.Blocks = append(s.Blocks, b.gapBlock())
	return s, nil
}

func (b *builder) boardBlock(id, title, note string, kinds []string, entries []board.Entry, roles []string) Block {
	t := &Table{Columns: []Column{
		{Key: "entry", Title: "区分", Kind: "text"}, {Key: "posts", Title: "今週", Kind: "number"}, {Key: "mean", Title: "前の週の平均", Kind: "number"}, {Key: "mood", Title: "感情", Kind: "bar"},
	}}
	for _, r := range roles {
		t.Columns = append(t.Columns, Column{Key: "role-" + r, Title: b.role(r), Kind: "number", Help: "下の小さい数字は、肯定の割合 − 否定の割合"})
	}
	prefix := map[string]string{"cx": "CX ", "co": "CO "}
	for i := range entries {
		e := &entries[i]
		wanted := false
		for _, k := range kinds {
			wanted = wanted || e.Kind == k
		}
		if !wanted {
			continue
		}
		mean := float64(e.Before) / float64(max(1, len(b.past)))
		row := []Cell{
			{Line: plain(prefix[e.Kind] + b.words.Board(e.ID)), Sub: b.boardMeaning(e)},
			{Line: Line{b.count(e.Counts.Posts, "件", b.boardCells.source, b.narrow(func(f *query.Filter) { e.Narrow(f) }))}},
			{Line: Line{b.num(decimal(mean)+"件", mean, b.boardCells.source, nil)}},
			{Bar: &Polarity{e.Counts.Positive, e.Counts.Mixed, e.Counts.Neutral, e.Counts.Negative}},
		}
		for _, r := range roles {
			p := e.Part(r)
			c := Cell{Line: Line{b.count(p.Counts.Posts, "件", b.boardCells.source, b.narrow(func(f *query.Filter) { e.Narrow(f, r) }))}}
			if net, ok := p.Counts.Net(); ok {
				c.Sub = Line{quiet(stats.Points(net))}
			}
			row = append(row, c)
		}
		t.Rows = append(t.Rows, Row{row})
	}
	return Block{ID: id, Title: title, Note: note, Table: t, Sources: []string{b.boardCells.source}}
}

// boardMeaning says in small what an entry counts.
func (b *builder) boardMeaning(e *board.Entry) Line {
	var words []string
	for _, i := range e.Cell.Intents {
		words = append(words, b.intent(i))
	}
	for _, t := range e.Cell.Topics {
		words = append(words, b.leaf(t))
	}
	for range e.Cell.Signals {
		words = append(words, "感情の表れ")
	}
	if len(words) == 0 {
		return nil
	}
	if len(words) > 6 {
		words = append(words[:6], "など")
	}
	return Line{quiet(strings.Join(words, "・"))}
}

func (b *builder) gapBlock() Block {
	block := Block{ID: "gaps", Title: "運営が始める話題と、メンバーが始める話題(直近4週)", Sources: []string{b.starts.source}}
	list := board.Gaps(b.starts.rows)
	if len(list) == 0 {
		block.Empty = "運営とメンバーが始めたスレッドが、どちらも5件以上になると比べられます。"
		return block
	}
	block.Note = fmt.Sprintf("始めたスレッド(運営 %s、それ以外 %s)のうち、その話題のものの割合。差の大きい順。聞きたいことと話したいことのずれです。",
		stats.Count(list[0].StaffStarts, "件"), stats.Count(list[0].MemberStarts, "件"))
	t := &Table{Columns: []Column{
		{Key: "topic", Title: "話題", Kind: "text"}, {Key: "staff", Title: "運営", Kind: "number"}, {Key: "members", Title: "メンバーほか", Kind: "number"},
		{Key: "gap", Title: "差", Kind: "number"}, {Key: "reading", Title: "読み方", Kind: "text"},
	}}
	for i := range list {
		if i == gapsMost {
			t.More = fmt.Sprintf("ほか%d件は省略", len(list)-i)
			break
		}
		g := &list[i]
		side := func(s stats.Share, roles ...string) Cell {
			f := b.narrow(func(f *query.Filter) {
				g.Narrow(f, roles...)
				f.From = b.Week.AddDate(0, 0, -21)
			})
			return Cell{Line: Line{b.num(stats.Percent(s.Value()), s.Value(), b.starts.source, nil)}, Sub: Line{b.count(s.Hits, "件", b.starts.source, f)}}
		}
		reading := quiet("偶然の範囲内")
		switch {
		case g.Clear && g.Diff > 0:
			reading = text("運営が多く出している")
		case g.Clear:
			reading = text("メンバーが多く求めている")
		}
		t.Rows = append(t.Rows, Row{[]Cell{
			{Line: plain(b.topic(g.Topic))}, side(g.StaffShare, "staff"), side(g.MemberShare, board.Members()...), {Line: Line{b.num(stats.Points(g.Diff), g.Diff, b.starts.source, nil)}}, {Line: Line{reading}},
		}})
	}
	block.Table = t
	return block
}

// decisionBlock lists what people decided about posts of the week.
func (b *builder) decisionBlock() (Block, bool) {
	if len(b.decisions.rows) == 0 {
		return Block{}, false
	}
	t := &Table{Columns: []Column{
		{Key: "post", Title: "投稿", Kind: "text"}, {Key: "verdict", Title: "判断", Kind: "label"}, {Key: "tagged", Title: "分類器の判定", Kind: "text"},
		{Key: "by", Title: "判断した人", Kind: "text"}, {Key: "reason", Title: "理由", Kind: "text"},
	}}
	for i, d := range b.decisions.rows {
		if i == actionsMost {
			t.More = fmt.Sprintf("ほか%d件は省略", len(b.decisions.rows)-i)
			break
		}
		post := Span{Text: clip(wording.Masked(d.Body), 40)}
		var sub Line
		switch {
		case d.Gone == 1:
			post = quiet("(削除された投稿)")
		case d.Edited == 1:
			sub = Line{{Text: "判断のあとで編集", Tone: ToneBad}}
		}
		if d.Gone == 0 {
			post.Posts = (&query.Filter{Community: b.Community, From: d.Day, To: d.Day, ID: []string{d.PostID}}).Path()
		}
		var tagged []string
		for _, i := range d.Tagged {
			tagged = append(tagged, b.intent(i))
		}
		if len(tagged) == 0 {
			tagged = []string{"該当なし"}
		}
		t.Rows = append(t.Rows, Row{[]Cell{
			{Line: Line{post}, Sub: sub}, {Line: plain(b.words.Verdict(d.Verdict))}, {Line: plain(strings.Join(tagged, "・"))},
			{Line: plain(d.DecidedBy), Sub: Line{quiet(b.at(d.DecidedAt))}}, {Line: plain(wording.Masked(d.Reason))},
		}})
	}
	return Block{
		ID: "decisions", Title: "人の判断", Note: "ここにある判断は分類器より優先され、すべての数字に入っています。「voc release」「voc quarantine」で変えられます。", Table: t,
		Sources: []string{b.decisions.source},
	}, true
}
