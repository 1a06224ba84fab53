package dashtest

// say is something a member writes, with the tags that a perfect analyzer would give. Evidence of a tag is a part of
// the text; %s stands for a small variation.
type say struct {
	text      string
	sentiment string
	score     float32
	topics    []mark // tag and polarity
	intents   []mark // tag and evidence
	signals   []mark // kind and value
}

// mark is a tag with its polarity (of a topic) or value (of a signal), and the words that prove it.
type mark struct{ tag, value, words string }

func topic(tag, polarity, words string) mark { return mark{tag, polarity, words} }
func intent(tag, words string) mark          { return mark{tag, "", words} }
func signal(kind, value, words string) mark  { return mark{kind, value, words} }

var openers = []string{
	"", "", "", "", "いつもお世話になっております。", "導入して半年になります。", "横から失礼します。", "製造業で使っています。", "月末の締めで気づきました。", "部署の30人で使っています。",
	"はじめて投稿します。", "先日の勉強会でも話題になりましたが、", "経理を担当しています。", "拠点が5つあります。",
}

var closers = []string{
	"", "", "", "", "皆さんはいかがでしょうか。", "参考になれば幸いです。", "同じような方はいますか。", "よろしくお願いいたします。", "引き続き使っていきます。", "社内でも話してみます。",
}

func everyday() []say {
	return []say{
		{"一覧画面の表示が以前よりずっと速くなりました。待ち時間がなくなって助かっています。", "positive", 0.7, []mark{topic("performance", "positive", "表示が以前よりずっと速く")}, []mark{intent("praise", "助かっています")}, []mark{signal("opinion_unit", "表示→速い", "表示が以前よりずっと速く")}},
		{"月次の集計が重くて、10分待っても終わらないことがあります。", "negative", -0.6, []mark{topic("performance", "negative", "集計が重くて")}, []mark{intent("complaint", "10分待っても終わらない")}, []mark{signal("opinion_unit", "集計→重い", "集計が重く")}},
		{"レポートをPDFで出力する方法を教えてください。マニュアルを探しましたが見つけられませんでした。", "neutral", -0.1, []mark{topic("reporting", "neutral", "レポートをPDFで出力"), topic("docs", "negative", "見つけられませんでした")}, []mark{intent("question", "教えてください")}, []mark{signal("effort", "探した", "マニュアルを探しました")}},
		{"CSVの一括ダウンロードができると助かります。今は1件ずつ落としています。", "neutral", -0.1, []mark{topic("reporting", "neutral", "CSVの一括ダウンロード")}, []mark{intent("request", "できると助かります")}, []mark{signal("opinion_unit", "一括ダウンロード→できる(要望)", "一括ダウンロードができると")}},
		{"検索の絞り込みに担当者を追加してほしいです。件数が増えてきて探すのに時間がかかります。", "neutral", -0.2, []mark{topic("search", "negative", "検索の絞り込み")}, []mark{intent("request", "追加してほしい")}, []mark{signal("opinion_unit", "検索→時間がかかる", "探すのに時間がかかり")}},
		{"検索が賢くなりましたね。表記が揺れていても見つかるので感動しました。", "positive", 0.8, []mark{topic("search", "positive", "検索が賢く")}, []mark{intent("praise", "感動しました")}, []mark{signal("opinion_unit", "検索→賢い", "検索が賢く")}},
		{"スマホアプリから承認するとき、ボタンが小さくて押しづらいです。", "negative", -0.5, []mark{topic("mobile", "negative", "スマホアプリから"), topic("usability", "negative", "ボタンが小さくて押しづらい")}, []mark{intent("complaint", "押しづらい")}, []mark{signal("opinion_unit", "ボタン→押しづらい", "ボタンが小さくて押しづらい")}},
		{"アプリの通知が来ないことがあります。設定は何度も確認しました。", "negative", -0.6, []mark{topic("notification", "negative", "通知が来ない"), topic("mobile", "negative", "アプリの")}, []mark{intent("bug", "通知が来ない")}, []mark{signal("opinion_unit", "通知→来ない", "通知が来ない"), signal("effort", "何度も", "何度も確認")}},
		{"サポートの方の回答がとても早くて丁寧でした。ありがとうございます。", "positive", 0.8, []mark{topic("support", "positive", "回答がとても早くて丁寧")}, []mark{intent("praise", "丁寧でした"), intent("thanks", "ありがとうございます")}, []mark{signal("opinion_unit", "回答→早い", "回答がとても早く")}},
		{"問い合わせから3日たっても返事がありません。急ぎなので困っています。", "negative", -0.7, []mark{topic("support", "negative", "3日たっても返事がありません")}, []mark{intent("complaint", "困っています")}, []mark{signal("opinion_unit", "返事→ない", "返事がありません"), signal("emotion", "困惑", "困っています")}},
		{"初期設定の手順書がわかりやすく、半日で使い始められました。", "positive", 0.6, []mark{topic("onboarding", "positive", "初期設定の手順書がわかりやすく"), topic("docs", "positive", "手順書がわかりやすく")}, []mark{intent("praise", "わかりやすく")}, nil},
		{"権限の設定で、閲覧だけの利用者を作るにはどうすればよいでしょうか。", "neutral", 0, []mark{topic("account", "neutral", "権限の設定")}, []mark{intent("question", "どうすればよいでしょうか")}, nil},
		{"閲覧専用の権限を作る手順がわかりません。どなたか教えていただけますか。", "neutral", -0.1, []mark{topic("account", "neutral", "閲覧専用の権限")}, []mark{intent("question", "教えていただけますか")}, nil},
		{"会計ソフトとの連携がとても便利で、転記がなくなりました。", "positive", 0.7, []mark{topic("integration", "positive", "会計ソフトとの連携がとても便利")}, []mark{intent("praise", "便利で")}, []mark{signal("opinion_unit", "連携→便利", "連携がとても便利")}},
		{"会計ソフトとの連携で、部門コードが渡らないのですが、同じ症状の方はいますか。", "negative", -0.4, []mark{topic("integration", "negative", "部門コードが渡らない")}, []mark{intent("question", "同じ症状の方はいますか"), intent("bug", "渡らない")}, nil},
		{"新しい画面のデザインが見やすくて気に入っています。", "positive", 0.6, []mark{topic("design", "positive", "デザインが見やすくて")}, []mark{intent("praise", "気に入っています")}, nil},
		{"値段は安くないですが、機能を考えると納得しています。", "mixed", 0.1, []mark{topic("pricing", "mixed", "値段は安くない"), topic("feature", "positive", "機能を考えると納得")}, nil, []mark{signal("opinion_unit", "値段→安い(否定)", "値段は安くない")}},
		{"年払いにすると割引はありますか。来期の予算で検討しています。", "neutral", 0, []mark{topic("pricing/discount", "neutral", "年払いにすると割引")}, []mark{intent("question", "ありますか")}, nil},
		{"ダッシュボードに目標線を引けるようにしていただけると嬉しいです。", "neutral", 0, []mark{topic("reporting", "neutral", "ダッシュボード"), topic("feature", "neutral", "目標線を引ける")}, []mark{intent("request", "していただけると嬉しいです")}, nil},
		{"エラーが出なくなりました。対応ありがとうございました。", "positive", 0.5, []mark{topic("reliability", "positive", "エラーが出なくなりました")}, []mark{intent("thanks", "ありがとうございました")}, nil},
		{"朝のログインに失敗することが週に2回ほどあります。", "negative", -0.5, []mark{topic("reliability", "negative", "ログインに失敗")}, []mark{intent("bug", "失敗する")}, []mark{signal("opinion_unit", "ログイン→失敗する", "ログインに失敗")}},
		{"このコミュニティのおかげで、他社の運用を知ることができました。", "positive", 0.7, []mark{topic("community", "positive", "このコミュニティのおかげ")}, []mark{intent("praise", "おかげで")}, nil},
		{"来月の活用勉強会に参加します。楽しみです。", "positive", 0.5, []mark{topic("community", "positive", "活用勉強会")}, nil, []mark{signal("emotion", "喜び", "楽しみ")}},
		{"今日は雨ですね。", "neutral", 0, nil, nil, nil},
		{"承認の一覧を自分の部署だけに絞れるようにしてほしいです。", "neutral", -0.1, []mark{topic("search", "neutral", "自分の部署だけに絞れる")}, []mark{intent("request", "してほしい")}, nil},
		{"入力の手間が減って、毎日の作業が楽になりました。", "positive", 0.6, []mark{topic("usability", "positive", "入力の手間が減って")}, []mark{intent("praise", "楽になりました")}, nil},
	}
}

// flare is what the planted rise of the reported week says.
func flare() []say {
	return []say{
		{"新料金プランの値上げ幅が大きすぎます。スタンダードだけ3割増しは納得できません。", "negative", -0.8, []mark{topic("pricing/plan", "negative", "新料金プランの値上げ幅が大きすぎ")}, []mark{intent("complaint", "納得できません")}, []mark{signal("opinion_unit", "値上げ幅→大きい", "値上げ幅が大きすぎ"), signal("emotion", "怒り", "納得できません")}},
		{"スタンダードプランの値上げについて、せめて半年の猶予がほしいです。", "negative", -0.5, []mark{topic("pricing/plan", "negative", "スタンダードプランの値上げ")}, []mark{intent("request", "猶予がほしい")}, []mark{signal("opinion_unit", "値上げ→猶予がほしい", "値上げについて、せめて半年の猶予がほしい")}},
		{"値上げの理由が説明されていないので、社内の稟議が通りません。", "negative", -0.6, []mark{topic("pricing/plan", "negative", "値上げの理由が説明されていない")}, []mark{intent("complaint", "稟議が通りません")}, []mark{signal("opinion_unit", "値上げ→説明されない", "値上げの理由が説明されていない")}},
		{"どうして使っていない機能まで込みの料金になるのでしょうか。新料金プランは私たちには高いです。", "negative", -0.7, []mark{topic("pricing/plan", "negative", "新料金プランは私たちには高い")}, []mark{intent("complaint", "高いです")}, []mark{signal("opinion_unit", "料金→高い", "新料金プランは私たちには高い")}},
		{"値上げになるなら、他社への乗り換えも含めて検討します。", "negative", -0.8, []mark{topic("pricing/plan", "negative", "値上げになるなら")}, []mark{intent("complaint", "値上げになるなら"), intent("churn_risk", "他社への乗り換えも含めて検討")}, []mark{signal("opinion_unit", "他社→乗り換える", "他社への乗り換え")}},
	}
}

func stories() []say {
	return []say{
		{"請求書の集計が毎月3時間かかっていたのですが、テンプレートと自動取込みを組み合わせて20分になりました。手順は、取込み設定を部門別に分けて、締め日に一括実行するだけです。", "positive", 0.9, []mark{topic("reporting", "positive", "集計が毎月3時間かかっていたのですが"), topic("integration", "positive", "自動取込みを組み合わせて")}, []mark{intent("success_story", "20分になりました"), intent("tip", "手順は")}, []mark{signal("outcome", "時間 180分→20分", "3時間かかっていたのですが、テンプレートと自動取込みを組み合わせて20分")}},
		{"現場の定着に悩んでいましたが、勉強会を月2回開いて利用率が40%から85%に上がりました。最初の1か月は質問箱を置くのがこつです。", "positive", 0.9, []mark{topic("onboarding", "positive", "現場の定着"), topic("community", "positive", "勉強会を月2回")}, []mark{intent("success_story", "利用率が40%から85%に上がりました"), intent("tip", "こつです")}, []mark{signal("outcome", "利用率 40%→85%", "利用率が40%から85%")}},
		{"知り合いの会社にも薦めました。連携が決め手だったようです。", "positive", 0.8, []mark{topic("integration", "positive", "連携が決め手")}, []mark{intent("recommend", "薦めました")}, nil},
		{"上位プランの分析機能も試してみたいです。どの部署から始めるのがよいでしょうか。", "positive", 0.3, []mark{topic("feature", "positive", "分析機能も試してみたい")}, []mark{intent("upsell_signal", "上位プランの分析機能も試してみたい"), intent("question", "よいでしょうか")}, nil},
	}
}

func severe() []say {
	return []say{
		{"他社のデータが自分の画面に一瞬表示されました。至急確認をお願いします。何度も再現します。", "negative", -0.9, []mark{topic("security", "negative", "他社のデータが自分の画面に一瞬表示")}, []mark{intent("bug", "表示されました"), intent("complaint", "至急確認をお願いします")}, []mark{signal("effort", "何度も", "何度も再現")}},
		{"解約の手続きを教えてください。更新はしない方針になりました。", "negative", -0.4, []mark{topic("contract", "neutral", "解約の手続き")}, []mark{intent("churn_risk", "更新はしない方針"), intent("question", "教えてください")}, nil},
	}
}

func pitches() []say {
	return []say{
		{"弊社の請求代行サービスのご案内です。今なら初月無料。詳しくはプロフィールのリンクからどうぞ。", "neutral", 0.1, nil, []mark{intent("promotion", "弊社の請求代行サービスのご案内")}, nil},
		{"【高収入】在宅ワーク募集中です。すぐに始められます。", "neutral", 0, nil, []mark{intent("spam", "在宅ワーク募集中")}, nil},
	}
}

type reply struct {
	text    string
	intents []mark
}

func answers() []reply {
	return []reply{
		{"設定画面の右上から出力を選ぶと、PDFを選べますよ。うちもそれで運用しています。", []mark{intent("answer", "設定画面の右上から出力を選ぶ")}},
		{"管理者メニューの「役割」で、閲覧だけを残して複製すると作れます。", []mark{intent("answer", "複製すると作れます")}},
		{"うちも同じところで困りました。連携の設定を一度切ってつなぎ直したら直りました。", []mark{intent("answer", "つなぎ直したら直りました"), intent("empathy", "うちも同じ")}},
		{"わかります。うちも同じです。", []mark{intent("empathy", "わかります")}},
		{"締め日の前日に下書きを作っておくと楽ですよ。", []mark{intent("tip", "下書きを作っておくと楽")}},
	}
}

var (
	thanked  = reply{"ありがとうございます。助かりました。", []mark{intent("thanks", "ありがとうございます")}}
	trying   = reply{"ありがとうございます、試してみます。", []mark{intent("thanks", "ありがとうございます")}}
	resolved = reply{"解決しました!", []mark{intent("resolution", "解決しました")}}
)
