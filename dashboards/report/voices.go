package report

import (
	"fmt"
	"math"
	"strings"
	"time"

	"voc/dashboards/faq"
	"voc/dashboards/query"
	"voc/dashboards/stats"
)

// voices shows posts that together touch as many topics and segments as possible.
func (b *builder) voices() (Section, error) {
	s := Section{ID: "voices", Title: "今週の声"}
	chosen, cover := b.shown.voices, b.shown.cover
	if len(chosen) == 0 {
		s.Blocks = append(s.Blocks, Block{ID: "voices-empty", Empty: "紹介できる声がありません。", Sources: []string{b.candidates.source}})
		return s, nil
	}
	var cards []PostCard
	for _, c := range chosen {
		cards = append(cards, b.card(c.Post, nil))
	}
	note := fmt.Sprintf("話題とセグメントができるだけ広くなるように、似た内容と同じ人を避けて選びました。候補%sのうち%sで、話題の%s(%d/%d)、セグメントの値の%s(%d/%d)に触れています。線を引いた語句が分類の根拠です。",
		stats.Count(uint64(b.shown.candidates), "件"), stats.Count(uint64(len(chosen)), "件"), stats.Percent(cover.Topics.Value()), cover.Topics.Hits, cover.Topics.Total,
		stats.Percent(cover.Segments.Value()), cover.Segments.Hits, cover.Segments.Total)
	s.Blocks = append(s.Blocks, Block{ID: "voice-cards", Note: note, Posts: cards, Sources: []string{b.candidates.source}})
	return s, nil
}

// severe shows what numbers would hide.
func (b *builder) severe() (Section, error) {
	s := Section{ID: "severe", Title: "まれだが重大な声"}
	if len(b.shown.severe) == 0 {
		s.Blocks = append(s.Blocks, Block{ID: "severe-empty", Empty: "該当する投稿はありません。", Sources: []string{b.severePosts.source}})
		return s, nil
	}
	s.Lead = plain("件数の表では埋もれてしまう投稿です。点は理由ごとの点の和で、高いものから確かめてください。")
	var cards []PostCard
	for _, p := range b.shown.severe {
		why := Line{strong(fmt.Sprintf("%d点", p.Points)), text(": ")}
		var parts []string
		for k, r := range p.Reasons {
			parts = append(parts, fmt.Sprintf("%s %d", b.words.Severity(r), p.Values[k]))
		}
		cards = append(cards, b.card(p.Post, append(why, text(strings.Join(parts, " + ")))))
	}
	s.Blocks = append(s.Blocks, Block{ID: "severe-cards", Posts: cards, Sources: []string{b.severePosts.source}})
	return s, nil
}

// requestRanking ranks what is asked for by how many people ask.
func (b *builder) requestRanking() (Section, error) {
	s := Section{ID: "requests", Title: "要望"}
	if len(b.requests.rows) == 0 {
		s.Blocks = append(s.Blocks, Block{ID: "requests-empty", Empty: "この週の要望はありません。", Sources: []string{b.requests.source}})
		return s, nil
	}
	t := &Table{Columns: []Column{
		{Key: "rank", Title: "順位", Kind: "number"}, {Key: "topic", Title: "話題", Kind: "text"}, {Key: "authors", Title: "人", Kind: "number"}, {Key: "accounts", Title: "企業", Kind: "number"},
		{Key: "posts", Title: "投稿", Kind: "number"}, {Key: "mean", Title: "前の週の平均", Kind: "number"}, {Key: "since", Title: "期間内の初出", Kind: "label"}, {Key: "example", Title: "代表的な声", Kind: "text"},
	}}
	used := map[string]bool{}
	for i, r := range b.requests.rows {
		if i == 12 {
			t.More = fmt.Sprintf("ほか%d件の話題は省略", len(b.requests.rows)-i)
			break
		}
		f := b.narrow(func(f *query.Filter) { f.Topic, f.Intent, f.Quarantined = []string{r.Topic}, []string{"request"}, "no" })
		mean := float64(r.Before) / float64(max(1, len(b.past)))
		example := Cell{Line: plain("—")}
		for _, p := range b.requestPosts.rows {
			if !used[p.PostID] && contains(p.Topics, r.Topic) {
				used[p.PostID] = true
				example = Cell{Line: Line{{Text: "「" + clip(sentenceWith(p.Body, p.Evidence), 70) + "」", Posts: b.post(p.Post)}}}
				break
			}
		}
		since := Cell{Line: plain(b.day(r.FirstDay)), Sub: Line{quiet("今週から")}}
		if r.FirstDay.Before(b.Week) {
			since.Sub = Line{quiet(fmt.Sprintf("%d週で要望", r.WeeksSeen))}
		}
		t.Rows = append(t.Rows, Row{[]Cell{
			{Line: plain(fmt.Sprint(i + 1))}, {Line: plain(b.topic(r.Topic))}, {Line: Line{b.count(r.Authors, "人", b.requests.source, nil)}},
			{Line: Line{b.count(r.Accounts, "社", b.requests.source, nil)}}, {Line: Line{b.count(r.Posts, "件", b.requests.source, f)}},
			{Line: Line{b.num(decimal(mean)+"件", mean, b.requests.source, nil)}}, since, example,
		}})
	}
	s.Lead = plain("要望した人の数で並べています。同じ人の繰り返しは一度だけ数えます。")
	s.Blocks = append(s.Blocks, Block{ID: "request-table", Table: t, Sources: []string{b.requests.source, b.requestPosts.source}})
	return s, nil
}

func contains(list []string, id string) bool {
	for _, v := range list {
		if v == id {
			return true
		}
	}
	return false
}

// storyCount is how many success stories the week has, with those that are not listed.
func (b *builder) storyCount() uint64 {
	if len(b.stories.rows) == 0 {
		return 0
	}
	return b.stories.rows[0].Total
}

// praise shows what members are glad of, and what others can copy.
func (b *builder) praise() (Section, error) {
	s := Section{ID: "praise", Title: "称賛と成功事例"}
	praise := b.narrow(func(f *query.Filter) { f.Intent = []string{"praise"} })
	story := b.narrow(func(f *query.Filter) { f.Intent = []string{"success_story"} })
	s.Lead = Line{text("称賛は "), b.count(b.now.Praises, "件", b.overviewWeeks.source, praise), text("、成功事例は "), b.count(b.storyCount(), "件", b.stories.source, story), text(" でした。")}
	if len(b.stories.rows) == 0 {
		s.Blocks = append(s.Blocks, Block{ID: "stories-empty", Title: "成功事例", Empty: "今週の成功事例はありません。", Sources: []string{b.stories.source}})
	} else {
		var cards []PostCard
		for _, p := range b.shown.stories {
			var why Line
			if len(p.Outcomes) > 0 {
				why = append(why, text("成果: "), strong(strings.Join(p.Outcomes, "、")))
			}
			if p.Empathy > 0 {
				if len(why) > 0 {
					why = append(why, text("。"))
				}
				why = append(why, text(fmt.Sprintf("共感や質問をした人 %s", stats.Count(p.Empathy, "人"))))
			}
			cards = append(cards, b.card(p.Post, why, "intent=success_story", "intent=tip"))
		}
		s.Blocks = append(s.Blocks, Block{ID: "stories", Title: "成功事例", Note: "成果の数字がそろい、ほかの人の反応があるものを優先しています。ニュースレターや勉強会の候補になります。", Posts: cards, Sources: []string{b.stories.source}})
	}
	if len(b.shown.praises) == 0 {
		s.Blocks = append(s.Blocks, Block{ID: "praise-empty", Title: "称賛の声", Empty: "今週の称賛はありません。", Sources: []string{b.praises.source}})
		return s, nil
	}
	var cards []PostCard
	for _, p := range b.shown.praises {
		cards = append(cards, b.card(p.Post, nil, "intent=praise", "intent=recommend"))
	}
	s.Blocks = append(s.Blocks, Block{ID: "praises", Title: "称賛の声", Posts: cards, Sources: []string{b.praises.source}})
	return s, nil
}

// signals lists who may leave and who may buy more, with the words that say so.
func (b *builder) signals() (Section, error) {
	s := Section{ID: "signals", Title: "解約・拡大の兆し"}
	for _, kind := range []struct{ id, title, empty string }{
		{"churn_risk", "解約の兆し", "今週、解約や乗り換えをほのめかす投稿はありません。"}, {"upsell_signal", "拡大の兆し", "今週、上位プランや追加を考える投稿はありません。"},
	} {
		t := &Table{Columns: []Column{
			{Key: "who", Title: "企業・投稿者", Kind: "text"}, {Key: "owner", Title: "担当", Kind: "label"}, {Key: "words", Title: "根拠の言葉", Kind: "text"}, {Key: "post", Title: "投稿", Kind: "text"}, {Key: "at", Title: "日時", Kind: "label"},
		}}
		n := 0
		for _, p := range b.signalPosts.rows {
			if !contains(p.Intents, kind.id) {
				continue
			}
			if n++; n > 12 {
				continue
			}
			owner := segmentOf(p.Post, "csm_owner")
			if owner == "" {
				owner = "—"
			}
			var words []string
			for _, sp := range b.spansOf[p.PostID] {
				if sp.Kind == "intent" && sp.Tag == kind.id {
					words = append(words, "「"+sp.Text+"」")
				}
			}
			t.Rows = append(t.Rows, Row{[]Cell{
				b.who(p.Post), {Line: plain(owner)}, {Line: Line{strong(strings.Join(words, ""))}},
				{Line: Line{{Text: clip(sentenceWith(p.Body, p.Evidence), 70), Posts: b.post(p.Post)}}}, {Line: plain(b.at(p.PostedAt))},
			}})
		}
		block := Block{ID: kind.id, Title: kind.title, Sources: []string{b.signalPosts.source}}
		if n == 0 {
			block.Empty = kind.empty
		} else {
			if n > 12 {
				t.More = fmt.Sprintf("ほか%d件は省略", n-12)
			}
			block.Table = t
		}
		s.Blocks = append(s.Blocks, block)
	}
	return s, nil
}

func (b *builder) who(p query.Post) Cell {
	switch {
	case p.AccountName != "":
		plan := segmentOf(p, "plan")
		if plan != "" {
			plan = b.segment("plan") + ": " + b.value("plan", plan)
		}
		return Cell{Line: plain(p.AccountName), Sub: Line{quiet(plan)}}
	case p.AccountID != "":
		return Cell{Line: plain(p.AccountID)}
	case p.AuthorID != "":
		return Cell{Line: plain(member(p.AuthorID)), Sub: Line{quiet("企業不明")}}
	default:
		return Cell{Line: plain("不明")}
	}
}

// member prints a pseudonym, which is a long hash.
func member(id string) string {
	if len(id) > 12 {
		id = id[:12]
	}
	return "メンバー " + id
}

// questionSection is the ledger of questions: what is open, who answers, what belongs into the FAQ.
func (b *builder) questionSection() (Section, error) {
	s := Section{ID: "questions", Title: "質問と回答"}
	source := b.questionWeeks.source
	var now query.QuestionWeek
	for _, w := range b.questionWeeks.rows {
		if w.Week.Equal(b.Week) {
			now = w
		}
	}
	if len(b.questionWeeks.rows) == 0 {
		s.Blocks = append(s.Blocks, Block{ID: "questions-empty", Empty: "この期間、スレッドを始めた質問はありません。", Sources: []string{source}})
		return s, nil
	}
	// asked counts questions of the week, with a link to them if all of them fit into an address.
	asked := func(n uint64, status ...string) Span {
		f := b.narrow(func(f *query.Filter) {
			for _, q := range b.ledger.rows {
				if !q.Day.Before(b.Week) && contains(status, q.Status) {
					f.ID = append(f.ID, q.PostID)
				}
			}
		})
		if uint64(len(f.ID)) != n || n > 150 {
			f = nil
		}
		return b.count(n, "件", source, f)
	}
	open := now.Questions - now.Replied
	tiles := []Tile{
		{Label: "今週の質問", Figure: asked(now.Questions, "open", "answered", "accepted", "resolved", "thanked"), Change: Line{quiet("スレッドを始めた質問")}},
		{Label: "返信なし", Figure: asked(open, "open"), Change: Line{quiet("質問の "), b.percent(open, now.Questions, source)}},
		{Label: "解決", Figure: asked(now.Solved, "accepted", "resolved", "thanked"), Change: Line{quiet("質問の "), b.percent(now.Solved, now.Questions, source)}},
		{Label: "最初の返信がメンバー", Figure: b.percent(now.FirstPeer, now.Replied, source), Change: Line{quiet(fmt.Sprintf("返信のあった%s中%s", stats.Count(now.Replied, "件"), stats.Count(now.FirstPeer, "件")))}},
	}
	if now.MedianHours != nil {
		tiles = append(tiles, Tile{Label: "最初の返信まで(中央値)", Figure: b.num(b.hours(*now.MedianHours), *now.MedianHours, source, nil), Change: Line{quiet("遅い方から1割: " + b.hours(*now.P90Hours))}})
	}
	s.Blocks = append(s.Blocks, Block{ID: "question-tiles", Tiles: tiles, Sources: []string{source, b.ledger.source}}, b.openBlock(), b.faqBlock())
	return s, nil
}

// openQuestions is how many questions of all weeks have no reply.
func (b *builder) openQuestions() uint64 {
	var n uint64
	for _, w := range b.questionWeeks.rows {
		n += w.Questions - w.Replied
	}
	return n
}

// ofNewest says which questions were looked at, when these are not all.
func (b *builder) ofNewest() string {
	if n := len(b.ledger.rows); n > 0 && b.ledger.rows[0].Total > uint64(n) {
		return fmt.Sprintf("新しい方から%sの質問について。", stats.Count(uint64(n), "件"))
	}
	return ""
}

func (b *builder) openBlock() Block {
	var open []query.Question
	for _, q := range b.ledger.rows {
		if q.Status == "open" {
			open = append(open, q)
		}
	}
	block := Block{ID: "open-questions", Title: "返信のない質問", Note: fmt.Sprintf("直近%d週。読まれているのに返信がない順。%s", b.Weeks+1, b.ofNewest()), Sources: []string{b.ledger.source}}
	if len(open) == 0 {
		block.Empty = "返信のない質問はありません。"
		return block
	}
	sortBy(open, func(x, y query.Question) int { return compareDesc(x.Views, y.Views, x.PostID, y.PostID) })
	t := &Table{Columns: []Column{
		{Key: "question", Title: "質問", Kind: "text"}, {Key: "who", Title: "質問者", Kind: "text"}, {Key: "age", Title: "経過", Kind: "number"}, {Key: "views", Title: "閲覧", Kind: "number"}, {Key: "topic", Title: "話題", Kind: "text"},
	}}
	for i, q := range open {
		if i == 10 {
			t.More = fmt.Sprintf("ほか%sは省略", stats.Count(max(b.openQuestions(), uint64(len(open)))-uint64(i), "件"))
			break
		}
		p := query.Post{PostID: q.PostID, Day: q.Day}
		who := Cell{Line: plain(b.role(q.AuthorRole))}
		if a, ok := b.account(q.AccountID); ok {
			who.Sub = Line{quiet(a.Name)}
		}
		var topics []string
		for _, id := range q.Topics {
			topics = append(topics, b.topic(id))
		}
		t.Rows = append(t.Rows, Row{[]Cell{
			{Line: Line{{Text: clip(faq.Headline(q), 80), Posts: b.post(p)}}, Sub: Line{quiet(b.at(q.PostedAt))}}, who,
			{Line: Line{b.num(b.hours(float64(q.AgeHours)), float64(q.AgeHours), b.ledger.source, nil)}}, {Line: Line{b.count(q.Views, "回", b.ledger.source, nil)}}, {Line: plain(strings.Join(topics, "、"))},
		}})
	}
	block.Table = t
	return block
}

func (b *builder) account(id string) (query.AccountState, bool) {
	for _, a := range b.accounts.rows {
		if id != "" && a.AccountID == id {
			return a, true
		}
	}
	return query.AccountState{}, false
}

func (b *builder) faqBlock() Block {
	block := Block{ID: "faq", Title: "FAQの候補", Note: "似た質問をまとめ、質問した人の数・閲覧・回数の多い順に並べています。" + b.ofNewest(), Sources: []string{b.ledger.source}}
	groups := faq.Groups(b.ledger.rows)
	t := &Table{Columns: []Column{
		{Key: "question", Title: "代表の質問", Kind: "text"}, {Key: "askers", Title: "質問した人", Kind: "number"}, {Key: "times", Title: "回数", Kind: "number"}, {Key: "views", Title: "閲覧", Kind: "number"}, {Key: "state", Title: "回答", Kind: "label"},
	}}
	for _, g := range groups {
		if g.Askers < 2 {
			break
		}
		if len(t.Rows) == 8 {
			t.More = "9位以下は省略"
			break
		}
		f := b.narrow(func(f *query.Filter) {
			f.From = b.Week.AddDate(0, 0, -7*b.Weeks)
			for _, q := range g.Questions {
				if len(f.ID) < 150 {
					f.ID = append(f.ID, q.PostID)
				}
			}
		})
		state := Cell{Line: Line{quiet("まだない")}}
		for _, q := range g.Questions {
			if q.AcceptedPost != "" {
				answer := query.Filter{Community: b.Community, From: b.Week.AddDate(0, 0, -7*b.Weeks), To: b.last(), ID: []string{q.AcceptedPost}}
				state = Cell{Line: Line{{Text: "採用された回答", Posts: answer.Path()}}}
				break
			}
			if q.Status == "resolved" || q.Status == "thanked" {
				state = Cell{Line: Line{{Text: "解決したスレッド", Posts: b.post(query.Post{PostID: q.PostID, Day: q.Day})}}}
			}
		}
		t.Rows = append(t.Rows, Row{[]Cell{
			{Line: plain(clip(faq.Headline(g.Questions[0]), 90))}, {Line: Line{b.count(uint64(g.Askers), "人", b.ledger.source, nil)}},
			{Line: Line{b.count(uint64(len(g.Questions)), "回", b.ledger.source, f)}}, {Line: Line{b.count(g.Views, "回", b.ledger.source, nil)}}, state,
		}})
	}
	if len(t.Rows) == 0 {
		block.Empty = "二人以上が尋ねた質問は、まだありません。"
	} else {
		block.Table = t
	}
	return block
}

// age prints how long ago something was, seen from the end of the week.
func (b *builder) age(t time.Time) string {
	end := time.Date(b.Week.Year(), b.Week.Month(), b.Week.Day()+7, 0, 0, 0, 0, b.zone)
	return b.hours(math.Max(0, end.Sub(t).Hours())) + "前"
}
