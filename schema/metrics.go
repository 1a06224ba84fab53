package schema

import "fmt"

// Metric is the one definition of a number that reports, pages and dashboards show. The view metrics lists them.
type Metric struct {
	ID      string
	Name    string // in Japanese
	Meaning string // in Japanese
	Unit    string // in Japanese
	// View is the contract view the metric is taken from and Expression the aggregate over its rows.
	View       string
	Expression string
}

// SQL returns a query that gives the metric by community for the days {from:Date} to {to:Date}, both inclusive.
func (m Metric) SQL() string {
	return fmt.Sprintf("SELECT community, %s AS value FROM %s WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community", m.Expression, m.View)
}

// Metrics returns the definition of every metric.
func Metrics() []Metric {
	return []Metric{
		{"posts", "投稿数", "期間内に投稿され、削除されていない投稿の数。", "件", "community_daily", "sum(posts)"},
		{"threads", "スレッド数", "返信ではない投稿の数。", "件", "community_daily", "sum(threads)"},
		{"replies", "返信数", "ほかの投稿に答えた投稿の数。", "件", "community_daily", "sum(replies)"},
		{"authors", "投稿者数", "期間内に投稿した人の数。同じ人は一度だけ数える。", "人", "community_daily", "uniqExactArray(author_keys)"},
		{"accounts", "投稿した企業数", "期間内に投稿した人が属する企業の数。", "社", "community_daily", "uniqExactArray(account_keys)"},
		{"active_members", "活動メンバー数", "投稿・閲覧・リアクションなど何かをした人の数。", "人", "community_daily", "uniqExactArray(member_keys)"},
		{"staff_share", "スタッフ投稿の割合", "投稿のうちスタッフによるものの割合。", "割合", "community_daily", "if(sum(posts) = 0, 0, sum(staff_posts) / sum(posts))"},
		{"positive", "肯定的な投稿数", "全体として肯定的な投稿の数。", "件", "community_daily", "sum(positive)"},
		{"negative", "否定的な投稿数", "全体として否定的な投稿の数。", "件", "community_daily", "sum(negative)"},
		{"neutral", "中立の投稿数", "肯定とも否定ともいえない投稿の数。", "件", "community_daily", "sum(neutral)"},
		{"mixed", "賛否の混ざる投稿数", "はっきり肯定的な部分と否定的な部分の両方がある投稿の数。", "件", "community_daily", "sum(mixed)"},
		{"net_sentiment", "ネットセンチメント", "(肯定 − 否定) ÷ 投稿数。−1 から 1。", "ポイント", "community_daily", "if(sum(posts) = 0, 0, sum(toInt64(positive) - toInt64(negative)) / sum(posts))"},
		{"untagged_share", "話題なしの割合", "どの話題にも当てはまらなかった投稿の割合。辞書の届く範囲の目安。", "割合", "community_daily", "if(sum(posts) = 0, 0, sum(untagged) / sum(posts))"},
		{"questions", "質問数", "質問を含む投稿の数。", "件", "community_daily", "sum(questions)"},
		{"answers", "回答数", "回答を含む投稿の数。", "件", "community_daily", "sum(answers)"},
		{"requests", "要望数", "要望を含む投稿の数。", "件", "community_daily", "sum(requests)"},
		{"complaints", "不満数", "不満・苦情を含む投稿の数。", "件", "community_daily", "sum(complaints)"},
		{"praises", "称賛数", "称賛を含む投稿の数。", "件", "community_daily", "sum(praises)"},
		{"churn_risks", "解約の兆し", "解約や乗り換えをほのめかす投稿の数。", "件", "community_daily", "sum(churn_risks)"},
		{"viewed", "閲覧数", "期間内に起きた閲覧の回数。", "回", "community_daily", "sum(viewed)"},
		{"reacted", "リアクション数", "期間内に起きたリアクションの回数。", "回", "community_daily", "sum(reacted)"},
		{"joined", "新規参加者数", "期間内に参加したメンバーの数。", "人", "community_daily", "sum(joined)"},
		{"topic_posts", "話題の投稿数", "話題ごとの投稿の数。親の話題は子の投稿を一度だけ含む。topic で絞って使う。", "件", "topic_daily", "sumIf(posts, level = 1)"},
		{"topic_negative", "話題への否定的な投稿数", "その話題について否定的な投稿の数。topic で絞って使う。", "件", "topic_daily", "sumIf(negative, level = 1)"},
		{"nps", "NPS", "推奨者の割合 − 批判者の割合。−100 から 100。", "ポイント", "surveys", "if(countIf(metric = 'nps') = 0, NULL, 100 * (countIf(category = 'promoter') - countIf(category = 'detractor')) / countIf(metric = 'nps'))"},
		{"csat", "顧客満足度 (CSAT)", "満足 (4 以上) と答えた人の割合。", "割合", "surveys", "if(countIf(metric = 'csat') = 0, NULL, countIf(category = 'satisfied') / countIf(metric = 'csat'))"},
		{"survey_answers", "アンケート回答数", "期間内のアンケート回答の数。", "件", "surveys", "count()"},
	}
}
