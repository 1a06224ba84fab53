package mask

// cuedNames masks names behind cues: 担当：村上, 名前は藤原さくら, 妻の恵子.
func (w *Worker) cuedNames(low int) {
	for k := range w.words {
		word := w.words[k]
		if word.Start < low || w.f.r[word.Start] == barrier {
			continue
		}
		cued := w.cueFound&cuePerson != 0 && w.personCue(word.Start)
		related := w.m.relations.endsWith(w.f.r, word.Start)
		if !cued && !related {
			continue
		}
		w.nameFrom(low, k, cued)
	}
}

// personCue reports whether a cue for a name ends in front of cell i, and something that joins stands between.
func (w *Worker) personCue(i int) bool {
	for k := i - 1; k >= 0 && i-k <= 4; k-- {
		switch w.f.r[k] {
		case ':', 'の', 'は', ' ', '=', '>', '→', '「':
		default:
			return false
		}
		if w.cueEnd[k]&cuePerson != 0 {
			return true
		}
	}
	return false
}

// nameFrom masks the name that begins with word k. A cue lets names pass that could be something else.
func (w *Worker) nameFrom(low, k int, cued bool) {
	f := &w.f
	from, end := w.words[k].Start, -1
	for n := 0; n < 4 && k < len(w.words); k++ {
		word := w.words[k]
		if word.Class == ClassMark && end > 0 && f.r[word.Start] == ' ' && k+1 < len(w.words) && w.nameClass(w.words[k+1], cued) {
			continue
		}
		given := cued && end == word.Start && word.Class == ClassNoun && w.use(word)&(UseGiven|UseReading) != 0
		if word.Start > from && end != word.Start && f.at(word.Start-1) != ' ' || !given && !w.nameClass(word, cued) {
			break
		}
		end = word.End
		n++
	}
	if end < 0 || w.notPerson(low, end) {
		return
	}
	if w.companyAt(end) {
		return
	}
	w.hit(Name, from, end, w.canonicalName(from, end))
}

func (w *Worker) nameClass(word Word, cued bool) bool {
	switch word.Class {
	case ClassSurname, ClassGiven, ClassPerson:
		return true
	case ClassPlace, ClassProper, ClassNoun:
		return cued && w.use(word)&(UseSurname|UseGiven) != 0 && (word.Class != ClassNoun || w.use(word)&UseCommon == 0)
	}
	return false
}

// companyAt reports whether the word at cell i makes a company, a shop or a place of the name in front of it.
func (w *Worker) companyAt(i int) bool {
	for k := range w.words {
		if w.words[k].Start != i {
			continue
		}
		switch w.words[k].Class {
		case ClassNoun, ClassUnknown, ClassOrganisation, ClassPlace, ClassProper:
			return true
		case ClassSuffix:
			_, honorific := w.m.honorifics.longest(w.f.r, i)
			_, title := w.m.titles.longest(w.f.r, i)
			return honorific == 0 && title == 0
		}
		return false
	}
	return false
}

// introduced masks the name in front of と申します and the like.
func (w *Worker) introduced(low, high int) {
	f := &w.f
	for p := low + 1; p < high; p++ {
		if f.r[p] != 'と' && f.r[p] != 'っ' {
			continue
		}
		if _, v := w.m.selfIntro.longest(f.r, p); v == 0 {
			continue
		}
		k := w.wordEnding(p)
		if k < 0 || f.r[w.words[k].Start] == barrier {
			continue
		}
		word := w.words[k]
		use := w.use(word)
		switch {
		case word.Class == ClassSurname || word.Class == ClassGiven || word.Class == ClassPerson:
		case use&(UseSurname|UseGiven) != 0 && use&UseCommon == 0:
		default:
			continue
		}
		from := w.chain(low, k)
		w.hit(Name, from, p, w.canonicalName(from, p))
	}
}

// bareNames masks surnames by their part of speech: with a given name behind them, or alone where a particle or the
// end of the clause follows.
func (w *Worker) bareNames(low int) {
	f := &w.f
	for k := 0; k < len(w.words); k++ {
		word := w.words[k]
		if word.Class != ClassSurname || w.blocked(word.Start, word.End) || word.End-word.Start < 2 || !isKanji(f.r[word.Start]) {
			continue
		}
		last := k
		for last+1 < len(w.words) && last-k < 2 && w.givenAt(last+1) {
			last++
			if f.r[w.words[last].Start] == ' ' {
				last++
			}
		}
		end := w.words[last].End
		if w.notPerson(low, end) || w.companyAt(end) || k > 0 && w.words[k-1].Class == ClassPlace && w.words[k-1].End == word.Start {
			continue
		}
		if last == k && w.m.bigPlaces.exact(f.r, word.Start, word.End) {
			continue
		}
		if w.hit(Name, word.Start, end, w.canonicalName(word.Start, end)) {
			k = last
		}
	}
}

// givenAt reports whether word k, or the word behind the space at k, is a given name behind a surname.
func (w *Worker) givenAt(k int) bool {
	word := w.words[k]
	if word.Class == ClassMark && w.f.r[word.Start] == ' ' && word.End-word.Start == 1 && k+1 < len(w.words) {
		return w.words[k+1].Class == ClassGiven && isKanji(w.f.r[w.words[k+1].Start])
	}
	return word.Class == ClassGiven || word.Class == ClassPerson
}

// western masks a capitalised word behind Mr. and its kin.
func (w *Worker) western(low, high int) {
	f := &w.f
	if f.latin == 0 {
		return
	}
	for i := low; i < high; i++ {
		if f.r[i] != 'M' && f.r[i] != 'D' || isAlnum(f.at(i-1)) {
			continue
		}
		k := i
		for _, s := range [...]string{"mrs", "mr", "ms", "dr", "miss"} {
			if f.has(i, s) {
				k = i + len(s)
				break
			}
		}
		if k == i || isASCIILetter(f.at(k)) {
			continue
		}
		if f.at(k) == '.' {
			k++
		}
		if f.at(k) == ' ' {
			k++
		}
		end := k
		for isASCIILetter(f.at(end)) {
			end++
		}
		if end-k >= 2 && isCapital(f.r[k]) {
			w.hit(Name, k, end, w.canonicalName(k, end))
		}
	}
}

// The tables of names, separated by spaces.
const (
	// bigPlaces are surnames that without a honorific are rather the prefecture or the city.
	bigPlaces  = "青森 岩手 宮城 秋田 山形 福島 茨城 栃木 群馬 埼玉 千葉 東京 神奈川 新潟 富山 石川 福井 山梨 長野 岐阜 静岡 愛知 三重 滋賀 京都 大阪 兵庫 奈良 和歌山 鳥取 島根 岡山 広島 山口 徳島 香川 愛媛 高知 福岡 佐賀 長崎 熊本 大分 宮崎 鹿児島 沖縄 札幌 仙台 横浜 川崎 名古屋 神戸 渋谷 新宿 品川 上野 秋葉原 池袋 目黒 中野 大宮 川口 船橋 柏 町田 八王子 立川 浦安 松山 高松 松江 米子 豊橋 豊田 岡崎 一宮 津 堺 高槻 姫路 尼崎 西宮 福山 倉敷 下関 久留米 旭川 函館 盛岡 郡山 水戸 宇都宮 高崎 前橋 熊谷 所沢 藤沢 平塚 小田原 甲府 松本 金沢 浜松 沼津 大津 赤坂 青山 六本木 目白 本郷 神田 日本橋 銀座 恵比寿 原宿 三田 白金 代官山 中目黒 成田 関西 関東"
	honorifics = "さん 様 さま 氏 先生 殿 くん 君 ちゃん 女史 san 嬢 たん ちゃま"
	titles     = "部長 課長 係長 主任 店長 社長 専務 常務 会長 副社長 次長 教授 准教授 選手 監督 議員 医師 看護師 弁護士 税理士 会計士 記者 アナ 容疑者 被告 マネージャー リーダー ディレクター 室長 所長 院長 校長 園長 首相 大臣 知事 市長 棋士 騎手 投手 捕手 代表 理事 工場長 支店長 本部長 オーナー コーチ トレーナー インストラクター アドバイザー コンシェルジュ 夫妻 一家 家の 宅"
	// relations stand in front of a name that has no honorific.
	relations         = "妻の 夫の 息子の 娘の 母の 父の 兄の 姉の 弟の 妹の 友人の 友達の 同僚の 上司の 部下の 後輩の 先輩の 祖母の 祖父の 彼女の 彼の 主人の 旦那の 長男の 長女の 次男の 次女の 担当の 店長の 営業の"
	selfIntroductions = "と申し と申す といいます と言います という者 という方 という人 と言う者 と言う方 っていいます って言います と名乗"
	notPersons        = "楽天 日立 東芝 三菱 三井 住友 客 客様 お客 皆 みな みんな 店員 運営 担当 担当者 ご担当 スタッフ サポート お疲れ おつかれ お疲 疲れ 疲 馳走 ごちそう 仕 模 様 々 同 多 神 王 女王 王子 姫 仏 殿 赤 母 父 お母 お父 かあ とう じい ばあ おば おじ おばあ おじい ねえ にい 姉 兄 弟 妹 婆 爺 たく お子 子 子供 子ども 娘 息子 孫 嫁 婿 奥 旦那 主人 夫 妻 家族 親 祖母 祖父 彼 諸 両 貴 主 暴 源 摂 華 何 どちら こちら そちら あちら どなた 誰 うち 向 屋 業者 メーカー ユーザー ユーザ エンジニア 開発者 開発 営業 経理 総務 人事 情シス 本社 支店 店 会社 御社 弊社 貴社 各社 他社 社員 社長 部長 課長 店長 係長 主任 会長 専務 先輩 後輩 同僚 上司 部下 仲間 友達 友人 知人 隣 近所 大家 管理人 管理者 主治医 医者 お医者 医師 看護師 薬剤師 美容師 先生 教師 講師 学生 生徒 受講生 職人 大工 農家 漁師 運転手 配達員 郵便屋 配達 宅配 警察 警官 駅員 乗務員 職員 役員 議員 監督 選手 コーチ トレーナー ママ パパ ベビー 赤 ワン ニャン わん にゃん ねこ ネコ 猫 犬 いぬ イヌ うさぎ ウサギ くま クマ 熊 ぞう ゾウ とり 鳥 さかな 魚 むし 虫 パン 魚屋 八百屋 お巡り おまわり お坊 坊 お嬢 嬢 お月 お日 お星 月 日 星 芋 豆 飴 あめ お芋 お豆 粥 お粥 中の人 初心者 上級者 経験者 利用者 参加者 投稿者 回答者 質問者 主催者 登壇者 受講者 購入者 契約者 管理 事務 事務局 編集 編集部 広報 カスタマー センター コールセンター オペレーター オペレータ リーダー マネージャー ディレクター デザイナー プログラマー コンサル ベンダー パートナー クライアント オーナー 代理店 販売店 取引先 お取引先 得意先 メンバー ファン フォロワー ブロガー ライター インフルエンサー アンバサダー モデル 芸能人 有名人 一人 お一人 二人 一方 人 者 方 員 何 たくさ お得意 常連 新人 若手 ベテラン 年配 高齢者 お年寄り 外国人 日本人 女性 男性 女 男 女子 男子 青年 少年 少女 お局 おっ お姉 お兄 あに あね 神父 牧師 和尚 隊 団 部 課 係 室 班 組 各位 弁護士 税理士 会計士 社労士 司書 保育士 保育園 幼稚園 学校 病院 役所 銀行 工務店 不動産 不動産屋 電気屋 電器屋 酒屋 花屋 本屋 床屋 美容院 歯医者 歯科 接骨院 整体 整骨院 タクシー バス 妊婦 主婦 主夫 主 若 お相手 相手 当人 本人 ご本人 家主 殿 公 侯 卿 ご主人 おく ほん じゅう きゅう はち なな ろく に よん いち ご し く せん まん 第 ニ 次 十 百 千 万 円 個 分 つ 目 同じ その あの この どの 新 旧 現 元 前 後 上 下 中 外 内 左 右 東 西 南 北 サブ メイン バイト アルバイト パート インターン CS HR PM"
	brands            = "apple google amazon line microsoft docomo au kddi ntt jr softbank sony canon nikon yahoo zoom slack notion salesforce sansan freee hubspot oracle adobe ibm intel amd nvidia github gitlab meta facebook twitter instagram tiktok youtube netflix spotify uber paypay mercari rakuten dell hp lenovo asus acer samsung xiaomi huawei panasonic sharp toshiba hitachi fujitsu nec epson brother ricoh toyota honda nissan mazda suzuki-motor subaru uniqlo gu muji nitori ikea costco aws gcp azure openai anthropic chatgpt claude gemini copilot android ios windows mac linux admin support staff info api bot アップル グーグル アマゾン マイクロソフト ソフトバンク ドコモ ソニー キヤノン キャノン ニコン ヤフー ズーム スラック セールスフォース ヤマト クロネコ サガワ ローソン セブン ファミマ ファミリーマート イオン ヨドバシ ビックカメラ ヤマダデンキ ケーズデンキ ニトリ ユニクロ トヨタ ホンダ ニッサン マツダ スズキ スバル ダイハツ パナソニック シャープ メルカリ ラクマ ペイペイ マツキヨ マツモトキヨシ ウエルシア スギヤク アスクル モノタロウ フジツウ リコー エプソン ブラザー ワークマン スターバックス スタバ マクドナルド マック モスバーガー ガスト サイゼリヤ キリン アサヒ サントリー サッポロ カルビー カゴメ キユーピー キューピー ライオン カネボウ コーセー ファンケル オルビス ドモホルン"
)
