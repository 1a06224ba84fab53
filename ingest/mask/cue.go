package mask

import "strings"

// The cues: words that say what the value behind them is.
const (
	cueNumber    uint16 = 1 << iota // 番号: an order, account, ticket number
	cueID                           // ID, ユーザー名: a login name
	cueBank                         // 普通, 当座: an account number of seven digits
	cueSecret                       // パスワード
	cueAccount                      // インスタ: an id on a social network
	cuePhone                        // 電話
	cueExtension                    // 内線
	cueCard                         // カード
	cueMyNumber                     // マイナンバー
	cuePostal                       // 〒
	cueIP                           // IP, アクセス元
	cueVersion                      // バージョン
	cueAddress                      // 住所
	cuePerson                       // 担当, 氏名
)

// cueWords are the words of every cue, folded and in lower case.
func cueWords() map[uint16]string {
	return map[uint16]string{
		cueNumber: "番号 記号 s/n imei シリアル シリアルナンバー シリアルno 注文# 注文:# 注文# オーダー# チケット# ケース# 受付# 問い合わせ# 注文no 会員no 受付no お客様no 伝票no 管理no 契約no 注文コード 注文id 受付id お問い合わせid 問い合わせid 契約id 取引id 予約id 追跡コード 追跡 reservationno bookingno orderno 会員コード 顧客コード 予約コード お客様コード カスタマーコード 契約コード 受付コード 申込コード 取引コード 管理コード",
		cueID:     "アカウント 会員id ユーザーid ユーザid ログインid アカウントid 顧客id お客様id メンバーid ユーザー名 ユーザ名 ログイン名 アカウント名 userid user_id username customer_id member_id account_id",
		cueBank:   "口座 (普) (当) 普通 普通預金 当座 普通口座",
		cueSecret: "パスワード パスコード password passwd passcode 暗証番号 ワンタイムパスワード 認証コード 確認コード pinコード セキュリティコード cvv cvc apiキー api_key apikey シークレット アクセストークン bearer 合言葉 仮パス pw pwd pass パス",
		cueAccount: "line ig lineid カカオトーク line_id ラインid lineのid ラインのid lineアカウント インスタ インスタグラム instagram twitter ツイッター discord ディスコード ディスコ スカイプ skype " +
			"tiktok ティックトック threads facebook フェイスブック カカオ kakao telegram テレグラム mixi 旧twitter xのアカウント xのid",
		cuePhone:     "電話 tel ☎ ☏ 📞 📱 ℡ 携帯 ケータイ fax ファックス ファクス phone mobile でんわ 折り返し",
		cueExtension: "内線 ext",
		cueCard:      "カード クレカ クレジット visa jcb master amex アメックス ダイナース デビット",
		cueMyNumber:  "マイナンバー 個人番号",
		cuePostal:    "〒 郵便番号 郵便 zip 〶",
		cueIP:        "ip ipv4 ipv6 ipアドレス アクセス元 接続元 client host ホスト ping ssh 送信元 remote addr",
		cueVersion:   "version ver バージョン ヴァージョン ファーム ファームウェア build ビルド firmware 版 os rev",
		cueAddress:   "住所 住まい 送付先 届け先 配送先 送り先 宛先 所在地 引っ越し先 引越し先 在住",
		cuePerson:    "担当 担当者 氏名 お名前 名前 宛名 送り主 受取人 受取 差出人 依頼主 ご依頼主 本名 お客様名 契約者 名義 申込者",
	}
}

// notPersonal are the words before 番号 that make it a number of a thing.
const notPersonal = "電話 携帯 ケータイ 郵便 型 型式 モデル エラー 品 商品 製品 部品 部屋 ポート ページ 行 バージョン ロット マイナン 個人 カード クレジット クレカ 暗証 背 便 車両 問題 設問 項目 列 版 fax ファックス jan isbn 図 手順 識別 製番 市外局 内線 条文 ナンバ 色 リリース チャンネル"

// personalPapers end like a word of notPersonal and are personal all the same.
const personalPapers = "パスポート 会員カード 診察カード"

func newCues() *trie {
	t := newTrie()
	for value, words := range cueWords() {
		for w := range strings.FieldsSeq(words) {
			t.add(w, value)
		}
	}
	return t
}

// newSuffixes is a trie of the words, each written backwards.
func newSuffixes(words string) *trie {
	t := newTrie()
	for w := range strings.FieldsSeq(words) {
		r := []rune(w)
		for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
			r[i], r[j] = r[j], r[i]
		}
		t.add(string(r), 1)
	}
	return t
}

// endsWith reports whether one of the words in t, made by newSuffixes, ends in front of cell end.
func (t *trie) endsWith(cells []rune, end int) bool {
	if end <= 0 || !t.mayBegin(cells[end-1], runeAt(cells, end-2)) {
		return false
	}
	n := int32(0)
	for k := end - 1; k >= 0; k-- {
		if n = t.find(n, lower(cells[k])); n == 0 {
			return false
		}
		if t.nodes[n].value != 0 {
			return true
		}
	}
	return false
}

// findCues notes where cues end.
func (w *Worker) findCues() {
	f := &w.f
	n := len(f.r) + 1
	if cap(w.cueEnd) < n {
		w.cueEnd = make([]uint16, n+n/2)
	}
	w.cueEnd = w.cueEnd[:n]
	clear(w.cueEnd)
	w.cueFound = 0
	for i, may := range f.may {
		if may&mayCue == 0 {
			continue
		}
		end, value := w.m.cues.longest(f.r, i)
		if value == 0 {
			continue
		}
		if isASCIILetter(f.r[end-1]) && (isASCIILetter(f.at(end)) || isASCIILetter(f.r[i]) && isASCIILetter(f.at(i-1))) {
			continue // the middle of a longer word
		}
		if value&cueNumber != 0 && w.m.things.endsWith(f.r, end-2) && !w.m.papers.endsWith(f.r, end-2) {
			continue
		}
		w.cueEnd[end] |= value
		w.cueFound |= value
	}
	w.findBareID()
}

// findBareID notes ID in capitals as a cue; in lower case it is a field of a program more often than not, unless it is
// written as in id:name.
func (w *Worker) findBareID() {
	f := &w.f
	if f.latin < 2 {
		return
	}
	for i := 0; i+1 < len(f.r); i++ {
		if lower(f.r[i]) != 'i' || lower(f.r[i+1]) != 'd' || isAlnum(f.at(i+2)) || isAlnum(f.at(i-1)) || f.at(i-1) == '_' {
			continue
		}
		if f.r[i] == 'i' && (f.at(i+2) != ':' || !isASCIILetter(f.at(i+3))) {
			continue
		}
		w.cueEnd[i+2] |= cueID
		w.cueFound |= cueID
	}
}

// maxReach is how many cells of joining words may stand between a cue and its value.
const maxReach = 10

// cueBefore reports whether a cue stands in front of cell i, with nothing but joining words between.
func (w *Worker) cueBefore(cue uint16, i int) bool {
	if w.cueFound&cue == 0 {
		return false
	}
	for k := i; k >= 0 && i-k <= maxReach; k-- {
		if w.cueEnd[k]&cue != 0 {
			return true
		}
		if k == 0 || !joins(w.f.r[k-1]) {
			return false
		}
	}
	return false
}

// cueNear reports whether a cue ends within reach cells in front of cell i, whatever stands between
// but a masked value.
func (w *Worker) cueNear(cue uint16, i, reach int) bool {
	if w.cueFound&cue == 0 {
		return false
	}
	for k := i; k >= 0 && i-k <= reach; k-- {
		if w.cueEnd[k]&cue != 0 {
			return true
		}
		if w.f.at(k-1) == barrier {
			return false
		}
	}
	return false
}

// joins reports whether r may stand between a cue and its value.
func joins(r rune) bool {
	switch r {
	case ' ', ':', '=', '#', '(', ')', '「', '『', '[', ']', '【', '】', '"', '\'', '>', '→', '⇒', '・', '.', '-', '+', '<',
		'は', 'が', 'の', 'も', 'を', 'へ', 'に', 'と', '番', '号', 'カ', 'ー', 'ド', 'ナ', 'ン', 'バ', 'N', 'n', 'o', 'I', 'D', '先', '元', '№',
		'ア', 'レ', 'ス':
		return true
	}
	return false
}

// values masks what stands behind cues: numbers, login names, passwords, ids on social networks.
func (w *Worker) values() {
	if w.cueFound&(cueNumber|cueID|cueBank|cueSecret|cueAccount) == 0 {
		return
	}
	for end, cue := range w.cueEnd {
		if cue &= cueNumber | cueID | cueBank | cueSecret | cueAccount; cue != 0 {
			w.valueAfter(end, cue)
		}
	}
}

// value is a candidate behind a cue.
type value struct {
	from, to int
	strong   bool // something says that a value follows: a colon, は, a bracket
	letters  int
	capitals int
	digits   int
	marks    int
}

func (w *Worker) valueAfter(end int, cue uint16) {
	v, ok := w.readValue(end, cue)
	if !ok || w.f.flag[v.from]&inURL != 0 {
		return
	}
	kind := Number
	switch {
	case cue&cueBank != 0:
		ok = v.letters == 0 && v.digits == 7 && v.marks == 0 && !w.unitAt(v.to)
	case cue&cueSecret != 0:
		kind = Secret
		ok = w.isSecretValue(v)
	case cue&cueAccount != 0:
		kind = Account
		ok = v.letters > 0 && v.letters+v.digits+v.marks >= 4 && (v.strong && v.capitals == 0 || v.marks > 0 || v.digits > 0)
	case cue&cueID != 0:
		if w.cueNear(cueAccount, end, maxReach) {
			kind = Account
		}
		ok = v.letters+v.digits >= 4 && (v.digits > 0 && (v.strong || v.digits >= 3 || v.marks > 0 || v.letters > 0 && v.letters+v.digits >= 6) || v.strong && v.letters >= 4) && !w.unitAt(v.to)
	default:
		if w.cueEnd[end]&cueSecret != 0 || w.phoneLike(v) {
			return
		}
		ok = v.letters+v.digits >= 4 && v.digits >= 3 && !w.unitAt(v.to)
	}
	if ok {
		w.hit(kind, v.from, v.to, w.canonicalASCII(v.from, v.to))
	}
}

// phoneLike reports whether a value behind 番号 is a phone number by its form, 03-1234-5678, and so is left to the
// rule for those.
func (w *Worker) phoneLike(v value) bool {
	f := &w.f
	if v.letters > 0 || v.marks != 2 || v.digits < 10 || v.digits > 11 || f.r[v.from] != '0' || f.r[v.from+1] == '0' {
		return false
	}
	for k := v.from; k < v.to; k++ {
		if r := f.r[k]; !isDigit(r) && r != '-' {
			return false
		}
	}
	return f.r[v.to-5] == '-'
}

func (w *Worker) isSecretValue(v value) bool {
	n := v.letters + v.digits + v.marks
	if n < 4 || w.unitAt(v.to) || w.m.lengthUnits.startsAt(w.f.r, v.to) {
		return false
	}
	return v.strong || v.digits >= 4 || v.letters > 0 && v.digits > 0
}

// startsAt reports whether a word of t begins at cell i.
func (t *trie) startsAt(cells []rune, i int) bool {
	_, v := t.longest(cells, i)
	return v != 0
}

// readValue skips the joining words behind a cue and reads the value.
func (w *Worker) readValue(end int, cue uint16) (value, bool) {
	f := &w.f
	v := value{}
	i := end
	for steps := 0; steps < maxReach; steps++ {
		r := f.at(i)
		if k := w.m.joinWords.skip(f.r, i); k > i {
			// "No." and "ID" between a cue and its value say as much as a colon does.
			i, v.strong = k, true
			continue
		}
		switch r {
		case ' ', '・', 'の', 'を', '>', '\n':
			i++
			continue
		case ':', '=', '「', '『', '[', '【', '(', '"', '\'', 'は', '→', '⇒', '#', 'が', '№', ')', ']', '】':
			i++
			v.strong = v.strong || r != ')' && r != ']' && r != '】'
			continue
		case '.':
			if i == end && lower(f.at(i-1)) == 'o' {
				i++ // No.
				v.strong = true
				continue
			}
		case '-':
			if f.at(i+1) == '>' {
				i += 2
				v.strong = true
				continue
			}
		}
		break
	}
	if i == end && cue&(cueAccount|cueID) != 0 {
		return v, false
	}
	v.from = i
	for i < len(f.r) && isValueRune(f.r[i], cue) {
		i++
	}
	for i > v.from && strings.ContainsRune(".-_,:/", f.r[i-1]) {
		i--
	}
	if cue&(cueNumber) != 0 {
		i = w.spacedDigits(v.from, i)
	}
	v.to = i
	for k := v.from; k < v.to; k++ {
		switch r := f.r[k]; {
		case isASCIILetter(r):
			v.letters++
			if isCapital(r) {
				v.capitals++
			}
		case isDigit(r):
			v.digits++
		default:
			v.marks++
		}
	}
	return v, v.to > v.from
}

// skip gives the end of a word of t at cell i, or i. A word of letters must end there.
func (t *trie) skip(cells []rune, i int) int {
	end, v := t.longest(cells, i)
	if v == 0 {
		return i
	}
	if isASCIILetter(cells[end-1]) && end < len(cells) && isASCIILetter(cells[end]) {
		return i
	}
	return end
}

func isValueRune(r rune, cue uint16) bool {
	if isAlnum(r) || r == '-' || r == '_' {
		return true
	}
	switch {
	case cue&cueSecret != 0:
		return r > ' ' && r < 0x7f && r != '"' && r != '\'' && r != '<' && r != '>' && r != ',' && r != ')' && r != ']' && r != '&'
	case cue&cueAccount != 0:
		return r == '.' || r == '#' || r == ':'
	case cue&cueID != 0:
		return r == '.' || r == '/' || r == '@'
	}
	return r == '/'
}

// spacedDigits extends a number of digits only over further runs of digits behind single spaces.
func (w *Worker) spacedDigits(from, to int) int {
	f := &w.f
	for k := from; k < to; k++ {
		if isASCIILetter(f.r[k]) {
			return to
		}
	}
	for f.at(to) == ' ' && isDigit(f.at(to+1)) && isDigit(f.at(to+2)) {
		k := to + 1
		for isDigit(f.at(k)) {
			k++
		}
		if isASCIILetter(f.at(k)) || w.unitAt(k) || f.at(k) == '-' || f.at(k) == ':' || f.at(k) == '/' {
			break
		}
		to = k
	}
	return to
}

// unitAt reports whether a unit follows a number, so that it counts something.
func (w *Worker) unitAt(i int) bool {
	if w.f.at(i) == ' ' {
		i++
	}
	return w.m.units.startsAt(w.f.r, i)
}

// joinWords may stand between a cue and its value; unitWords make a number in front of them a quantity; lengthWords make it the length of a password.
const (
	joinWords   = "チャンネル 公式 no. no id アカウント 番号 ナンバー ナンバ コード 普通 当座 口座 番号: ユーザー名 旧twitter"
	unitWords   = "月 日 時 分 秒 円 名 人 位 % 回 年 個 件 対 割 歳 才 倍 点 枚 本 台 桁 文字 つ か月 ヶ月 カ月 箇月 週 世帯 社 店舗 種 番目 階建 ミリ cm mm kg gb mb km 万 億 千円 ポイント 号館 勝 着 泊 話 巻 便"
	lengthWords = "文字 桁 以上 以内 字"
)

// hasBefore reports whether the cells in front of cell i are s.
func (f *folded) hasBefore(i int, s string) bool {
	if i < len(s) {
		return false
	}
	for k := range len(s) {
		if lower(f.r[i-len(s)+k]) != rune(s[k]) {
			return false
		}
	}
	return true
}

// has reports whether the cells from i on are s, which must be ASCII in lower case.
func (f *folded) has(i int, s string) bool {
	if i < 0 || i+len(s) > len(f.r) {
		return false
	}
	for k := range len(s) {
		if lower(f.r[i+k]) != rune(s[k]) {
			return false
		}
	}
	return true
}
