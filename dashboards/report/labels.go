package report

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// The names that are printed for ids when the taxonomy gives none.
func builtinTopics() map[string]string {
	return map[string]string{
		"pricing": "料金", "pricing/plan": "プラン", "pricing/discount": "割引", "feature": "機能", "usability": "使いやすさ", "performance": "速さ・動作", "reliability": "安定性・不具合", "support": "サポート・対応",
		"docs": "マニュアル・ヘルプ", "onboarding": "導入・立ち上げ", "contract": "契約・請求", "account": "アカウント・ログイン", "integration": "連携", "mobile": "モバイル",
		"design": "デザイン", "quality": "品質・味", "delivery": "配送", "community": "コミュニティ", "notification": "通知", "reporting": "レポート・出力", "search": "検索", "security": "セキュリティ",
	}
}

func builtinIntents() map[string]string {
	return map[string]string{
		"request": "要望", "complaint": "不満", "bug": "不具合報告", "question": "質問", "answer": "回答", "praise": "称賛", "success_story": "成功事例", "tip": "コツ",
		"recommend": "推奨", "churn_risk": "解約の兆し", "upsell_signal": "拡大の兆し", "promotion": "宣伝・勧誘", "spam": "迷惑投稿", "greeting": "挨拶", "thanks": "お礼", "empathy": "共感",
		"wants_to_connect": "つながりたい", "resolution": "解決", "referral": "紹介", "heard_in_community": "コミュニティで知った", "level_question": "ランクの質問", "too_high": "自分には高すぎる手本",
	}
}

func builtinSegments() map[string]string {
	return map[string]string{
		"author_role": "役割", "author_level": "会員ランク", "source": "情報源", "channel": "チャンネル", "tenure": "参加期間", "plan": "契約プラン", "touch_model": "タッチモデル", "industry": "業種",
		"ltv_band": "LTV帯", "usage_phase": "活用段階", "csm_owner": "担当CSM", "account_tier": "企業ランク", "journey_stage": "ジャーニー段階", "persona": "ペルソナ", "company_size": "企業規模", "region": "地域",
	}
}

func builtinValues() map[string]string {
	return map[string]string{
		"author_role=member": "メンバー", "author_role=leader": "リーダー", "author_role=staff": "スタッフ", "author_role=partner": "パートナー", "author_role=outsider": "社外",
		"source=community": "コミュニティ", "source=review": "レビュー", "source=app_review": "アプリのレビュー", "source=email": "メール", "source=interview": "インタビュー", "source=sns": "SNS", "source=survey": "アンケート", "source=chat": "チャット", "source=support": "問い合わせ",
		"tenure=0-29d": "30日未満", "tenure=30-89d": "30〜89日", "tenure=90-364d": "90〜364日", "tenure=365d+": "1年以上",
		"touch_model=high": "ハイタッチ", "touch_model=low": "ロータッチ", "touch_model=tech": "テックタッチ", "touch_model=community": "コミュニティタッチ",
		"usage_phase=setup": "導入", "usage_phase=first_use": "使い始め", "usage_phase=full": "本格活用", "usage_phase=expansion": "拡大",
	}
}

var weekdays = [...]string{"日", "月", "火", "水", "木", "金", "土"}

// names turns ids into what is printed.
type names struct {
	topics, intents, segments, values map[string]string
	zone                              *time.Location
}

func newNames(o Options) names {
	merge := func(base, over map[string]string) map[string]string {
		for k, v := range over {
			base[k] = v
		}
		return base
	}
	return names{merge(builtinTopics(), o.Topics), merge(builtinIntents(), o.Intents), merge(builtinSegments(), o.SegmentNames), builtinValues(), o.Zone}
}

// topic prints a child with its parents, as in 料金 › プラン.
func (n names) topic(id string) string {
	parts := strings.Split(id, "/")
	printed := slices.Clone(parts)
	for i := range parts {
		if name, ok := n.topics[strings.Join(parts[:i+1], "/")]; ok {
			printed[i] = name
		}
	}
	return strings.Join(printed, " › ")
}

func (n names) intent(id string) string {
	if name, ok := n.intents[id]; ok {
		return name
	}
	return id
}

func (n names) segment(key string) string {
	if name, ok := n.segments[key]; ok {
		return name
	}
	return key
}

func (n names) value(key, value string) string {
	if value == "" {
		return "不明"
	}
	if name, ok := n.values[key+"="+value]; ok {
		return name
	}
	return value
}

func (n names) role(role string) string { return n.value("author_role", role) }

// day prints a calendar day as 11/12(木).
func (n names) day(t time.Time) string {
	return fmt.Sprintf("%d/%d(%s)", t.Month(), t.Day(), weekdays[t.Weekday()])
}

// at prints an instant in the calendar's zone as 11/12(木) 14:05.
func (n names) at(t time.Time) string {
	t = t.In(n.zone)
	return n.day(t) + t.Format(" 15:04")
}

func sentimentName(id string) string {
	switch id {
	case "positive":
		return "肯定"
	case "negative":
		return "否定"
	case "mixed":
		return "賛否混在"
	default:
		return "中立"
	}
}

// reasonName prints a reason of attention_reasons and happy_reasons.
func reasonName(id string) string {
	return map[string]string{
		"unanswered_complaint": "48時間返信のない不満・不具合", "churn_signal": "解約の兆し", "open_question": "72時間返信のない質問", "negative_voice": "今週の否定的な投稿",
		"detractor": "批判的なアンケート回答", "silent": "2週間投稿なし(以前は活発)", "success_story": "成功事例", "recommend": "人に薦める投稿", "accepted_answer": "採用された回答",
		"praise": "称賛", "promoter": "推奨者のアンケート回答", "upsell": "拡大の兆し",
	}[id]
}

// severityName prints a reason of severe_posts.
func severityName(id string) string {
	return map[string]string{
		"churn_risk": "解約の兆し", "bug": "不具合", "complaint": "不満", "strong_negative": "強い否定", "critical_topic": "重大になりやすい話題", "effort": "手間の訴え",
		"rare_topic": "まれな話題", "no_reply": "返信なし",
	}[id]
}

// statusName prints a status of question_ledger.
func statusName(id string) string {
	return map[string]string{"accepted": "採用で解決", "resolved": "解決の報告", "thanked": "お礼あり", "answered": "返信あり・未解決", "open": "返信なし"}[id]
}

// clip cuts a text to n characters, newlines made into spaces.
func clip(text string, n int) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) <= n {
		return string(runes)
	}
	return string(runes[:n-1]) + "…"
}

// hours prints a duration in hours as people say it.
func hours(h float64) string {
	switch {
	case h < 1:
		return fmt.Sprintf("%.0f分", h*60)
	case h < 48:
		return fmt.Sprintf("%.1f時間", h)
	default:
		return fmt.Sprintf("%.1f日", h/24)
	}
}
