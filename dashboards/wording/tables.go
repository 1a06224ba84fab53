package wording

func segments() map[string]string {
	return map[string]string{
		"author_role": "役割", "author_level": "会員ランク", "source": "情報源", "channel": "チャンネル", "tenure": "参加期間", "plan": "契約プラン", "touch_model": "タッチモデル", "industry": "業種",
		"ltv_band": "LTV帯", "usage_phase": "活用段階", "csm_owner": "担当CSM", "account_tier": "企業ランク", "journey_stage": "ジャーニー段階", "persona": "ペルソナ", "company_size": "企業規模",
		"region": "地域", "device": "端末", "os": "OS", "app_version": "アプリの版", "is_ambassador": "アンバサダー", "member_level": "会員ランク", "employees": "従業員数",
	}
}

func values() map[string]string {
	return map[string]string{
		"author_role=member": "メンバー", "author_role=leader": "リーダー", "author_role=staff": "スタッフ", "author_role=partner": "パートナー", "author_role=outsider": "社外",
		"source=community": "コミュニティ", "source=review": "レビュー", "source=app_review": "アプリのレビュー", "source=sns": "SNS", "source=survey": "アンケート", "source=chat": "チャット",
		"source=support": "問い合わせ", "tenure=0-29d": "30日未満", "tenure=30-89d": "30〜89日", "tenure=90-364d": "90〜364日", "tenure=365d+": "1年以上",
		"touch_model=high": "ハイタッチ", "touch_model=low": "ロータッチ", "touch_model=tech": "テックタッチ", "touch_model=community": "コミュニティタッチ",
		"usage_phase=setup": "導入", "usage_phase=first_use": "使い始め", "usage_phase=full": "本格活用", "usage_phase=expansion": "拡大",
		"emotion=joy": "喜び", "emotion=fun": "楽しさ", "emotion=anger": "怒り", "emotion=sadness": "悲しみ", "emotion=surprise": "驚き", "emotion=anxiety": "不安", "emotion=relief": "安心",
		"emotion=affection": "愛着", "emotion=disgust": "嫌悪", "effort=high": "大きい",
		"author_level=platinum": "プラチナ", "author_level=gold": "ゴールド", "author_level=silver": "シルバー", "author_level=bronze": "ブロンズ",
	}
}

func board() map[string]string {
	return map[string]string{
		"all": "すべての投稿", "feedback": "製品への声", "qa": "質問と回答", "cases": "事例・コツの共有", "network": "仲間づくり", "belonging": "愛着・感謝",
		"functional": "機能の体験(使いやすさなど)", "emotional": "感情の体験(楽しさなど)", "used": "使いこなす", "solved": "解決した・成果が出た", "continuing": "続ける・広げる・離れる",
	}
}

func actionStatuses() map[string]string {
	return map[string]string{"open": "対応中", "shipped": "出荷済み", "closed": "終了", "reopened": "再開(人が記録)", "back": "再開(声が戻った)"}
}

func verdicts() map[string]string {
	return map[string]string{"released": "戻した", "promotion": "宣伝として隔離", "spam": "迷惑投稿として隔離"}
}

func reasons() map[string]string {
	return map[string]string{
		"unanswered_complaint": "48時間返信のない不満・不具合", "churn_signal": "解約の兆し", "open_question": "72時間返信のない質問", "negative_voice": "今週の否定的な投稿",
		"detractor": "批判的なアンケート回答", "silent": "2週間投稿なし(以前は活発)", "success_story": "成功事例", "recommend": "人に薦める投稿", "accepted_answer": "採用された回答",
		"praise": "称賛", "promoter": "推奨者のアンケート回答", "upsell": "拡大の兆し",
	}
}

func severities() map[string]string {
	return map[string]string{
		"churn_risk": "解約の兆し", "bug": "不具合", "complaint": "不満", "strong_negative": "強い否定", "critical_topic": "重大になりやすい話題", "effort": "手間の訴え",
		"rare_topic": "まれな話題", "no_reply": "返信なし",
	}
}

func statuses() map[string]string {
	return map[string]string{"accepted": "採用で解決", "resolved": "解決の報告", "thanked": "お礼あり", "answered": "返信あり・未解決", "open": "返信なし"}
}

func signals() map[string]string {
	return map[string]string{"opinion_unit": "意見", "amount": "金額・数量", "emotion": "感情", "effort": "手間", "outcome": "成果の数値", "entity": "固有名", "emoji": "絵文字", "slang": "俗語"}
}

func flags() map[string]string {
	return map[string]string{"truncated_for_analysis": "長すぎるため途中まで解析", "invalid_utf8": "文字化けを含む"}
}

// masked are the words for what the pipeline hid, by the label inside a mask token.
func masked() map[string]string {
	return map[string]string{
		"MAIL": "メール", "TEL": "電話番号", "ZIP": "郵便番号", "ADDR": "住所", "CARD": "カード番号", "MYNUM": "マイナンバー", "NUM": "番号", "SECRET": "秘密の文字列", "MENTION": "宛先",
		"ACCOUNT": "アカウント", "IP": "IPアドレス", "NAME": "名前",
	}
}
