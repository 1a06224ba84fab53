package importer

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// fieldNames are the event fields a column can fill, besides attributes.NAME and reactions.KIND.
func fieldNames() []string {
	return []string{
		"post_id", "event", "version", "occurred_at", "posted_at", "title", "body", "community", "source", "channel", "thread_id",
		"reply_to", "url", "rating", "views", "accepted", "author.id", "author.role", "author.account_id", "author.level",
	}
}

func knownField(f string) bool {
	for _, prefix := range []string{"attributes.", "reactions."} {
		if name, ok := strings.CutPrefix(f, prefix); ok {
			return name != ""
		}
	}
	return slices.Contains(fieldNames(), f)
}

// synonyms are the names of columns that tell which field they fill, in order of preference, in the form of fold.
func synonyms() map[string][]string {
	return map[string][]string{
		"post_id": {"postid", "投稿id", "投稿番号", "レビューid", "メッセージid", "messageid", "reviewid", "受付番号", "管理番号", "id"},
		"event":   {"event", "イベント"}, "version": {"version", "版"},
		"occurred_at": {"occurredat", "updatedat", "更新日時", "編集日時"},
		"posted_at": {"postedat", "投稿日時", "投稿日", "createdat", "作成日時", "作成日", "datetime", "日時", "timestamp", "date", "日付", "受付日時",
			"受付日", "登録日時", "登録日", "回答日時", "回答日", "公開日", "発生日", "time"},
		"title": {"title", "タイトル", "件名", "題名", "表題", "見出し", "subject"},
		"body": {"body", "本文", "投稿本文", "投稿内容", "text", "テキスト", "内容", "content", "message", "メッセージ", "コメント", "comment",
			"レビュー本文", "レビュー", "review", "口コミ", "クチコミ", "自由記述", "自由回答", "ご意見", "意見", "声", "お客様の声", "申告内容", "苦情内容",
			"問い合わせ内容", "feedback", "verbatim", "投稿"},
		"community": {"community", "コミュニティ"},
		"source":    {"source", "ソース", "情報源", "媒体"},
		"channel":   {"channel", "チャンネル", "掲示板", "部屋", "カテゴリ", "カテゴリー", "category"},
		"thread_id": {"threadid", "thread", "スレッドid", "スレッド"},
		"reply_to":  {"replyto", "inreplyto", "parentid", "返信先", "親投稿"},
		"url":       {"url", "link", "リンク"},
		"rating":    {"rating", "stars", "star", "評価", "星", "星の数", "評点"},
		"views":     {"views", "閲覧数", "表示回数", "pv"}, "accepted": {"accepted", "ベストアンサー", "解決"},
		"author.id": {"authorid", "author.id", "userid", "ユーザーid", "ユーザid", "会員id", "会員番号", "memberid", "投稿者id", "author", "投稿者",
			"user", "ユーザー", "username", "ニックネーム"},
		"author.role":       {"authorrole", "author.role", "role", "役割"},
		"author.account_id": {"accountid", "author.accountid", "account", "アカウントid", "企業id", "会社id", "顧客id", "契約id"},
		"author.level":      {"authorlevel", "author.level", "level", "会員ランク", "ランク", "レベル"},
	}
}

// fold brings the name of a column into the form that synonyms are compared in.
func fold(s string) string {
	s = strings.ToLower(norm.NFKC.String(strings.TrimSpace(s)))
	return strings.NewReplacer(" ", "", "_", "", "-", "", "\t", "", "/", "").Replace(s)
}

// Assignment says what becomes of a column, or where a field gets its value from.
type Assignment struct {
	Column string // empty for a default
	Field  string // empty for a column that is left out
	How    string // given, by name, attribute, default, ignored
	Value  string // of a default
}

// Plan is the mapping of a file, to be shown to the user before anything is sent.
type Plan struct {
	Encoding string
	Assigned []Assignment
}

// String prints the plan, one line an assignment.
func (p Plan) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "encoding %s\n", p.Encoding)
	for _, a := range p.Assigned {
		switch a.How {
		case "default":
			fmt.Fprintf(&b, "  %-24s = %q where the row has none\n", a.Field, a.Value)
		case "ignored":
			fmt.Fprintf(&b, "  %-24s is left out\n", a.Column)
		default:
			fmt.Fprintf(&b, "  %-24s -> %-24s (%s)\n", a.Column, a.Field, a.How)
		}
	}
	return b.String()
}

// mapper assigns columns to fields.
type mapper struct {
	cfg   Config
	given map[string]string // folded column -> field
	auto  map[string]rank   // folded synonym -> field and preference
	taken map[string]bool   // fields that Columns assigns
}

type rank struct {
	field string
	order int
}

func newMapper(cfg Config) *mapper {
	m := &mapper{cfg: cfg, given: map[string]string{}, auto: map[string]rank{}, taken: map[string]bool{}}
	for field, column := range cfg.Columns {
		m.given[column] = field
		m.taken[field] = true
	}
	for field, names := range synonyms() {
		for i, n := range names {
			m.auto[n] = rank{field, i}
		}
	}
	return m
}

// assign maps the columns of a header. Where several columns fit one field, the best name wins and the others become
// attributes.
func (m *mapper) assign(columns []string) ([]Assignment, error) {
	best := map[string]rank{} // field -> column index in order
	for i, c := range columns {
		if _, ok := m.given[c]; ok || m.ignored(c) {
			continue
		}
		if r, ok := m.auto[fold(c)]; ok && !m.taken[r.field] {
			if b, seen := best[r.field]; !seen || r.order < b.order {
				best[r.field] = rank{field: columns[i], order: r.order}
			}
		}
	}
	out := make([]Assignment, 0, len(columns))
	seen := map[string]bool{}
	for _, c := range columns {
		if seen[c] {
			return nil, fmt.Errorf("two columns are called %q; each must have a name of its own", c)
		}
		seen[c] = true
		out = append(out, m.one(c, best))
	}
	for field, column := range m.cfg.Columns {
		if !seen[column] {
			return nil, fmt.Errorf("%s is mapped to the column %q, which the file does not have; its columns are %s", field, column, quoteAll(columns))
		}
	}
	return out, nil
}

func (m *mapper) one(c string, best map[string]rank) Assignment {
	if f, ok := m.given[c]; ok {
		return Assignment{Column: c, Field: f, How: "given"}
	}
	if m.ignored(c) {
		return Assignment{Column: c, How: "ignored"}
	}
	if r, ok := m.auto[fold(c)]; ok && best[r.field].field == c {
		return Assignment{Column: c, Field: r.field, How: "by name"}
	}
	if knownField(c) && strings.Contains(c, ".") && !m.taken[c] {
		return Assignment{Column: c, Field: c, How: "by name"}
	}
	if m.cfg.DropUnknown || strings.TrimSpace(c) == "" {
		return Assignment{Column: c, How: "ignored"}
	}
	return Assignment{Column: c, Field: "attributes." + strings.TrimSpace(c), How: "attribute"}
}

func (m *mapper) ignored(c string) bool { return slices.Contains(m.cfg.Ignore, c) }

func quoteAll(s []string) string {
	if len(s) > 40 {
		s = append(slices.Clone(s[:40]), "…")
	}
	q := make([]string, len(s))
	for i, x := range s {
		q[i] = fmt.Sprintf("%q", x)
	}
	return strings.Join(q, ", ")
}
