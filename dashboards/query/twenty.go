package query

// Asked is one of the questions that people put to the SQL contract, and the query that answers it.
type Asked struct {
	// Who asks it first: pm (a product manager), cs (who leads customer success) or analyst.
	Who string
	// Question is in Japanese, as they would put it.
	Question string
	// Query is the name in the catalog.
	Query string
	// Params are the values with which it is asked beside those that have no default, where the defaults would answer more
	// than the question: who wants to answer the questions without a reply sees a page of them, not all questions of nine weeks.
	Params Params
	// OfTopic is set when it is asked about one topic, though the query answers for all of them, too.
	OfTopic bool
}

// Twenty returns the twenty questions whose speed is promised: 95 of 100 answers within 100 ms over ten million posts.
// `make bench-queries` reports them in a table of their own.
func Twenty() []Asked {
	return []Asked{
		{"pm", "今週はいつもと比べてどうだったか", "overview_weeks", nil, false},
		{"pm", "どの話題が増えたか", "topic_weeks", nil, false},
		{"pm", "その話題は何日に動いたか", "topic_days", nil, false},
		{"pm", "誰にとって増えたか", "segment_weeks", nil, false},
		{"pm", "なぜか。どんな言葉で語られているか", "topic_phrases", nil, false},
		{"pm", "それを語る声はどれか", "voice_candidates", nil, true},
		{"pm", "何が、何人から要望されているか", "request_topics", nil, false},
		{"pm", "これまでになかった話は何か", "emerging_terms", Params{"ratio": 2.0}, false},
		{"cs", "答えのない質問はどれか", "question_ledger", Params{"status": []string{"open"}, "limit": 100}, false},
		{"cs", "質問に早く答えられるようになったか", "question_weeks", nil, false},
		{"cs", "件数では埋もれる重大な投稿はどれか", "severe_posts", nil, false},
		{"cs", "解約の兆しや推薦は誰が書いたか", "intent_posts", nil, false},
		{"cs", "どの企業に声をかけるべきか", "attention_reasons", Params{"limit": 500}, false},
		{"cs", "新しい人は投稿し、返信をもらえたか", "newcomer_funnel", nil, false},
		{"cs", "コミュニティを支えている人は誰か", "core_members", Params{"limit": 20}, false},
		{"analyst", "投稿は何で分けられるか", "segment_keys", nil, false},
		{"analyst", "コミュニティはどんな役割を果たしているか", "role_board", nil, false},
		{"analyst", "いつ書かれ、いつ読まれるか", "heatmap", nil, false},
		{"analyst", "この数字の元の投稿はどれか", "posts_list", nil, true},
		{"analyst", "届いた記録はすべて数に入っているか", "ledger_topics", nil, false},
	}
}
