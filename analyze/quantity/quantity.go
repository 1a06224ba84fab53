// Package quantity reads amounts and changes by numbers: 月5万円, 3時間から20分に, 4割減, 1.8倍.
//
// It owns numerals, units and the wordings of a change, and gives canonical values. It works on folded text, knows
// no parts of speech and does not judge whether a change is good. Its callers are analyze/sentiment and the root
// package.
package quantity

import (
	"strconv"
	"strings"
)

// Family groups units that can be compared.
type Family uint8

// The families.
const (
	Plain Family = iota
	Time
	Money
	Share
	Times
	Count
)

// Amount is a number with a unit at the runes [Start, End).
type Amount struct {
	Start, End int
	Number     float64
	Unit       string // canonical; empty for a bare number
	Per        string // 日, 週, 月 or 年, empty when there is no period
	Family     Family
	// Size is the number in the smallest unit of the family, for comparison.
	Size float64
}

// Change is a change by numbers at the runes [Start, End). Direction is +1 for more, -1 for less, 0 when not known.
type Change struct {
	Start, End int
	Value      string
	Direction  int
	Family     Family
}

// String is the canonical form: 50000円/月.
func (a *Amount) String() string { return string(a.Append(nil)) }

// Append adds the canonical form to dst.
func (a *Amount) Append(dst []byte) []byte {
	dst = append(strconv.AppendFloat(dst, a.Number, 'f', -1, 64), a.Unit...)
	if a.Per != "" {
		dst = append(append(dst, '/'), a.Per...)
	}
	return dst
}

func format(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

type unit struct {
	text, canonical string
	family          Family
	scale           float64
}

// units are tried in this order, so longer spellings stand before their beginnings.
var units = []unit{
	{"時間半", "時間", Time, 3600}, {"時間", "時間", Time, 3600}, {"分間", "分", Time, 60}, {"分の1", "", Plain, 0}, {"分", "分", Time, 60},
	{"秒台", "秒", Time, 1}, {"秒", "秒", Time, 1}, {"営業日", "営業日", Time, 86400}, {"日間", "日", Time, 86400}, {"人日", "人日", Count, 1},
	{"人月", "人月", Count, 20}, {"日半", "日", Time, 86400}, {"日", "日", Time, 86400}, {"週間", "週間", Time, 604800}, {"か月半", "か月", Time, 2592000}, {"ヶ月半", "か月", Time, 2592000}, {"か月", "か月", Time, 2592000},
	{"ヶ月", "か月", Time, 2592000}, {"カ月", "か月", Time, 2592000}, {"ヵ月", "か月", Time, 2592000}, {"ケ月", "か月", Time, 2592000},
	{"箇月", "か月", Time, 2592000}, {"年半", "年", Time, 31536000}, {"年間", "年", Time, 31536000}, {"年", "年", Time, 31536000},
	{"円", "円", Money, 1}, {"ドル", "ドル", Money, 150}, {"%", "%", Share, 1}, {"パーセント", "%", Share, 1}, {"割", "%", Share, 10},
	{"ポイント", "pt", Share, 1}, {"pt", "pt", Share, 1}, {"倍", "倍", Times, 1}, {"件", "件", Count, 1}, {"人", "人", Count, 1},
	{"名", "人", Count, 1}, {"通", "通", Count, 1}, {"回", "回", Count, 1}, {"個", "個", Count, 1}, {"本", "本", Count, 1}, {"枚", "枚", Count, 1},
	{"台", "台", Count, 1}, {"社", "社", Count, 1}, {"部署", "部署", Count, 1}, {"店舗", "店舗", Count, 1}, {"点", "点", Count, 1},
	{"ページ", "ページ", Count, 1}, {"泊", "泊", Count, 1}, {"kg", "kg", Count, 1}, {"キログラム", "kg", Count, 1}, {"キロメートル", "km", Count, 1}, {"キロ", "kg", Count, 1}, {"km", "km", Count, 1}, {"gb", "GB", Count, 1}, {"mb", "MB", Count, 1},
	{"アカウント", "アカウント", Count, 1}, {"席", "席", Count, 1}, {"箱", "箱", Count, 1}, {"種類", "種類", Count, 1}, {"ステップ", "ステップ", Count, 1}, {"クリック", "クリック", Count, 1}, {"行", "行", Count, 1},
	{"ダウンロード", "ダウンロード", Count, 1}, {"pv", "PV", Count, 1}, {"いいね", "いいね", Count, 1}, {"ユーザー", "ユーザー", Count, 1}, {"ライセンス", "ライセンス", Count, 1},
	{"拠点", "拠点", Count, 1}, {"か所", "か所", Count, 1}, {"ヶ所", "か所", Count, 1}, {"カ所", "か所", Count, 1}, {"箇所", "か所", Count, 1}, {"世帯", "世帯", Count, 1}, {"組", "組", Count, 1},
	{"冊", "冊", Count, 1}, {"杯", "杯", Count, 1}, {"袋", "袋", Count, 1}, {"着", "着", Count, 1}, {"足", "足", Count, 1}, {"匹", "匹", Count, 1}, {"曲", "曲", Count, 1}, {"品目", "品目", Count, 1},
	{"文字", "文字", Count, 1}, {"項目", "項目", Count, 1}, {"画面", "画面", Count, 1}, {"食", "食", Count, 1}, {"セット", "セット", Count, 1}, {"パック", "パック", Count, 1}, {"歩", "歩", Count, 1}, {"案件", "案件", Count, 1},
	{"名様", "人", Count, 1}, {"cm", "cm", Count, 1}, {"mm", "mm", Count, 1}, {"ml", "ml", Count, 1}, {"リットル", "リットル", Count, 1}, {"グラム", "g", Count, 1}, {"メートル", "m", Count, 1}, {"ドル", "ドル", Money, 150},
}

// Scanner reads sentences with buffers of its own. The zero value is ready; use one per goroutine.
type Scanner struct {
	rs      []rune
	offset  int
	amounts []Amount
	used    []bool
	buf     []byte
}

// Find appends the changes of a sentence of folded runes to changes and its other amounts to amounts. offset is added
// to positions.
func (s *Scanner) Find(changes []Change, amounts []Amount, rs []rune, offset int) ([]Change, []Amount) {
	if !hasNumber(rs) {
		return changes, amounts
	}
	s.rs, s.offset, s.amounts = rs, offset, s.amounts[:0]
	s.scan()
	before := len(changes)
	changes = s.changes(changes)
	if len(changes) > before {
		return changes, amounts
	}
	for _, a := range s.amounts {
		if a.Unit != "" && a.Unit != "倍" && !s.dateLike(&a) {
			a.Start += offset
			a.End += offset
			amounts = append(amounts, a)
		}
	}
	return changes, amounts
}

func hasNumber(rs []rune) bool {
	for i, r := range rs {
		switch {
		case kana(r) && r != 'ゼ':
		case r >= '0' && r <= '9', r == '半', r == '倍', r == '割', r == 'ゼ', r == '千', r == '百', kanjiDigit(r) > 1:
			return true
		case kanjiDigit(r) > 0 && i+1 < len(rs) && (rs[i+1] == '週' || rs[i+1] == '時' || rs[i+1] == 'か' || rs[i+1] == 'ヶ' || rs[i+1] == '分' || rs[i+1] == '日' || rs[i+1] == '十'):
			return true
		}
	}
	return false
}

// kana reports whether r is a kana, of which hardly one has to do with numbers.
func kana(r rune) bool { return r >= 'ぁ' && r <= 'ヾ' }

func (s *Scanner) at(i int) rune {
	if i < 0 || i >= len(s.rs) {
		return 0
	}
	return s.rs[i]
}

// opening is the UTF-8 of a rune of one or three bytes, as nearly all are. Most texts of a list can be told from what stands
// in a sentence by it.
type opening [3]byte

// anything is the opening of the other runes, which says nothing.
const anything = 0xff

func (s *Scanner) opening(i int) opening {
	r := s.at(i)
	switch {
	case r < 0x80:
		return opening{byte(r)}
	case r >= 0x800 && r <= 0xffff:
		return opening{0xe0 | byte(r>>12), 0x80 | byte(r>>6)&0xbf, 0x80 | byte(r)&0xbf}
	}
	return opening{anything}
}

// of reports whether a text can begin with the rune. The text must not be empty.
func (o opening) of(text string) bool {
	if o[1] == 0 {
		return o[0] == anything || text[0] == o[0]
	}
	return len(text) >= len(o) && text[2] == o[2] && text[1] == o[1] && text[0] == o[0]
}

func (s *Scanner) has(i int, text string) bool {
	for _, r := range text {
		if s.at(i) != r {
			return false
		}
		i++
	}
	return true
}

// halfUnits are spans of time that half of is told in one word.
var halfUnits = []unit{{"半日", "日", Time, 86400}, {"半年", "年", Time, 31536000}, {"半月", "か月", Time, 2592000}}

// scan finds all amounts.
func (s *Scanner) scan() {
	for i := 0; i < len(s.rs); {
		if !opens(s.rs[i]) {
			i++
			continue
		}
		a, ok := s.amountAt(i)
		if !ok {
			for i++; s.digit(i) && s.digit(i-1); i++ {
			}
			continue
		}
		if n := len(s.amounts); n > 0 && a.Unit == "分" && a.Per == "" && s.amounts[n-1].Unit == "時間" && s.amounts[n-1].End == a.Start {
			h := &s.amounts[n-1] // 1時間20分
			h.End, h.Unit, h.Number, h.Size = a.End, "分", h.Number*60+a.Number, h.Size+a.Size
			i = a.End
			continue
		}
		s.amounts = append(s.amounts, a)
		i = a.End
	}
}

// periods are words in front of a number that make it a rate.
var periods = []struct{ text, per string }{
	{"一日あたり", "日"}, {"1日あたり", "日"}, {"1日に", "日"}, {"一日に", "日"}, {"毎日", "日"}, {"日に", "日"}, {"一日", "日"}, {"月額", "月"}, {"月間", "月"}, {"毎月", "月"}, {"月に", "月"},
	{"ひと月", "月"}, {"月々", "月"}, {"月", "月"}, {"年間", "年"}, {"年額", "年"}, {"毎年", "年"}, {"年に", "年"}, {"年", "年"}, {"週に", "週"}, {"毎週", "週"}, {"週", "週"}, {"1日", "日"},
}

// opens reports whether an amount can begin with r.
func opens(r rune) bool {
	if kana(r) {
		return r == 'ひ'
	}
	switch r {
	case '千', '百', '半', '毎', '日', '月', '年', '週':
		return true
	}
	return r >= '0' && r <= '9' || kanjiDigit(r) > 0
}

// amountAt is the amount at i, where one can begin.
func (s *Scanner) amountAt(i int) (Amount, bool) {
	per, start := "", i
	o := s.opening(i)
	for k := range periods {
		if p := &periods[k]; o.of(p.text) && s.has(i, p.text) && s.digit(i+len([]rune(p.text))) && (i == 0 || !s.digit(i-1)) {
			per, i = p.per, i+len([]rune(p.text))
			break
		}
	}
	for _, h := range halfUnits {
		if s.has(i, h.text) && s.at(i+2) != 'ば' {
			return s.suffix(Amount{Start: start, End: i + 2, Number: 0.5, Unit: h.canonical, Per: per, Family: Time, Size: h.scale / 2}), true
		}
	}
	if prev := s.at(i - 1); start == i && (prev >= '0' && prev <= '9' || prev == ',' && s.digit(i-2)) {
		return Amount{}, false // the middle of a number that was refused
	}
	if prev := s.at(i - 1); per == "" && (isLatin(prev) || prev == '第' || prev == '-' || prev == '.' || prev == '/' || prev == ':') {
		return Amount{}, false
	}
	n, end, ok := s.number(i)
	if prev := s.at(i - 1); !ok || prev == '数' || prev == '何' || prev == '幾' || s.has(i-2, "時速") {
		return Amount{}, false // 数百円, 何十回
	}
	a := Amount{Start: start, End: end, Number: n, Size: n, Per: per}
	o = s.opening(end)
	for k := range units {
		u := &units[k]
		if !o.of(u.text) || !s.has(end, u.text) {
			continue
		}
		if u.scale == 0 {
			return Amount{}, false
		}
		a.End, a.Unit, a.Family, a.Size = end+len([]rune(u.text)), u.canonical, u.family, n*u.scale
		if u.text == "割" {
			a.Number = n * 10
		}
		if strings.HasSuffix(u.text, "半") {
			a.Number, a.Size = n+0.5, (n+0.5)*u.scale
		}
		if u.text == "日" && s.dateBefore(start) || u.text == "年" && n >= 1900 {
			return Amount{}, false
		}
		break
	}
	if a.Unit == "km" && s.has(a.End, "/h") {
		a.Unit, a.End = "km/h", a.End+2
	}
	if a.Unit == "分" && s.at(start-1) == '時' && s.digit(start-2) {
		return Amount{}, false // 15時20分
	}
	if a.Unit == "" {
		if per != "" || s.kanjiNumber(i) {
			return Amount{}, false
		}
		if r := s.at(end); r == '月' || r == '時' || r == ':' || r == '-' || r == '/' || isLatin(r) || r == '階' || r == '番' || r == '代' || r == '歳' || r == '号' || r == '世' || r == '度' || r == '丁' {
			return Amount{}, false
		}
	} else if s.kanjiNumber(i) && !s.spelled(&a) {
		return Amount{}, false
	}
	return s.suffix(a), true
}

// spelled reports whether an amount written in kanji is meant as a number: 三時間 and 二回, but neither 三日坊主 nor 一本化.
func (s *Scanner) spelled(a *Amount) bool {
	switch a.Unit {
	case "%", "円", "時間", "週間", "か月", "倍":
		return true
	case "回", "個", "枚", "台", "社", "冊", "人", "店舗", "種類", "ページ", "か所", "泊", "年":
		return a.Number > 1 && s.at(a.End) != '三' && s.at(a.End) != '舌' && s.at(a.End) != '十' && s.at(a.End) != '組'
	case "日":
		return a.Number > 1 && s.at(a.End-1) == '間'
	}
	return false
}

// suffix reads a period behind the unit: 120件/月.
func (s *Scanner) suffix(a Amount) Amount {
	if s.at(a.End) == '/' {
		switch s.at(a.End + 1) {
		case '月', '日', '年', '週':
			a.Per = string(s.at(a.End + 1))
			a.End += 2
		}
	}
	return a
}

func (s *Scanner) digit(i int) bool {
	r := s.at(i)
	return r >= '0' && r <= '9' || kanjiDigit(r) > 0
}

func (s *Scanner) kanjiNumber(i int) bool {
	return kanjiDigit(s.at(i)) > 0 || s.at(i) == '千' || s.at(i) == '百'
}

// dateBefore reports whether the number at i is the day of a date: 11月30日.
func (s *Scanner) dateBefore(i int) bool { return s.at(i-1) == '月' && s.digit(i-2) }

// dateLike reports whether an amount is a point in time or the number of one in a row: 15日に, 3日(月), 3回目, 2年前.
func (s *Scanner) dateLike(a *Amount) bool {
	switch a.Unit {
	case "日":
		r := s.at(a.End)
		if s.any(a.End, []string{"締", "払い", "発売", "発送", "到着", "開催", "午前", "午後", "朝", "夜", "ごろ"}) {
			return true
		}
		return r == 'に' || r == 'の' || r == '付' || r == '頃' || r == '(' || r == 'ま' || s.has(a.End, "から") && !s.digit(a.End+2)
	}
	if s.at(a.End) == '目' || s.at(a.End) == '前' || s.has(a.End, "ぶり") || a.Unit == "年" && (s.at(a.End) == '生' || s.at(a.End) == '度') || s.at(a.Start-1) == '第' {
		return true
	}
	return a.Unit == ""
}

func isLatin(r rune) bool { return r >= 'a' && r <= 'z' }

func kanjiDigit(r rune) float64 {
	switch r {
	case '一':
		return 1
	case '二':
		return 2
	case '三':
		return 3
	case '四':
		return 4
	case '五':
		return 5
	case '六':
		return 6
	case '七':
		return 7
	case '八':
		return 8
	case '九':
		return 9
	case '十':
		return 10
	}
	return 0
}

// number reads digits with commas and decimals, or a kanji digit, with 万, 千 and 億 behind.
func (s *Scanner) number(i int) (float64, int, bool) {
	total, j := 0.0, i
	for {
		var text [20]byte
		size, k := 0, j
		for k < len(s.rs) && k-j < 20 {
			r := s.rs[k]
			if r >= '0' && r <= '9' || r == '.' && s.at(k+1) >= '0' && s.at(k+1) <= '9' && k > j {
				text[size] = byte(r)
				size++
			} else if r != ',' || k == j || s.at(k+1) < '0' || s.at(k+1) > '9' {
				break
			}
			k++
		}
		n := 0.0
		if k > j {
			v, err := strconv.ParseFloat(string(text[:size]), 64)
			if err != nil {
				return 0, 0, false
			}
			n = v
		} else if r := s.at(j); (r == '千' || r == '百') && (s.at(j+1) == '円' || s.at(j+1) == '万') {
			n, k = 1, j // 千円, read below
		} else if d := kanjiDigit(s.at(j)); d > 0 && total == 0 {
			n, k = d, j+1
			if e := kanjiDigit(s.at(k)); d == 10 && e > 0 && e < 10 {
				n, k = 10+e, k+1
			}
		} else {
			break
		}
		j = k
		scale := 1.0
		for scaled := true; scaled; {
			switch s.at(j) {
			case '億':
				scale *= 1e8
			case '万':
				scale *= 1e4
			case '千':
				scale *= 1e3
			case '百':
				scale *= 100
			default:
				scaled = false
				continue
			}
			j++
		}
		total += n * scale
		if scale == 1 {
			break
		}
	}
	if j == i || total > 1e15 {
		return 0, 0, false
	}
	return total, j, true
}
