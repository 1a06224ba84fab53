package mask

// postals masks postal codes that a sign, a cue or the address behind them tells from other numbers.
func (w *Worker) postals() {
	for i := 0; i < len(w.parts); i++ {
		p := w.parts[i]
		j := i
		switch {
		case p.len() == 7:
		case p.len() == 3 && i+1 < len(w.parts) && w.parts[i+1].len() == 4 && (w.parts[i+1].sep == hyphen || w.parts[i+1].sep == space):
			j = i + 1
		default:
			continue
		}
		if !w.alive(j) || !w.whole(i, j) {
			continue
		}
		from, to := p.from, w.parts[j].to
		if !w.cueBefore(cuePostal, from) && (j == i || !w.placeAt(to)) {
			continue
		}
		digits := w.f.appendDigits(w.scratch[:0], p)
		if j > i {
			digits = w.f.appendDigits(digits, w.parts[j])
		}
		w.hit(Postal, from, to, digits)
		i = j
	}
}

// placeAt reports whether a prefecture or a municipality begins at cell i, behind at most two spaces.
func (w *Worker) placeAt(i int) bool {
	f := &w.f
	for k := 0; k < 2 && (f.at(i) == ' ' || f.at(i) == '\n' || f.at(i) == ')'); k++ {
		i++
	}
	if w.m.prefectures.startsAt(f.r, i) {
		return true
	}
	for k := i; k < i+6; k++ {
		if !isKanji(f.at(k)) && !isKatakana(f.at(k)) {
			return false
		}
		if k > i && isMunicipality(f.r[k]) {
			return true
		}
	}
	return false
}

func isMunicipality(r rune) bool {
	return r == '市' || r == '区' || r == '町' || r == '村' || r == '郡'
}

// The reach of an address around its block numbers, in cells.
const (
	maxPlace    = 40
	maxTown     = 16
	maxBuilding = 28
)

// addresses masks addresses that go down to the block: a place with block numbers, and the building behind.
func (w *Worker) addresses() {
	f := &w.f
	for i := 0; i < len(f.r); i++ {
		if f.may[i]&mayNumber == 0 {
			continue
		}
		if !w.blockStart(i) {
			if f.r[i] == '号' && f.at(i+1) == '室' {
				w.room(i)
			}
			continue
		}
		b := w.readBlock(i)
		if b.numbers == 0 {
			continue
		}
		if end := w.addressAround(i, b); end > i {
			i = end - 1
			continue
		}
		i = b.to - 1
	}
}

// blockStart reports whether block numbers may begin at cell i.
func (w *Worker) blockStart(i int) bool {
	f := &w.f
	r := f.r[i]
	if isDigit(r) {
		return !isDigit(f.at(i-1)) && !isASCIILetter(f.at(i-1)) && f.flag[i]&inURL == 0
	}
	return isKanjiNumber(r) && !isKanjiNumber(f.at(i-1))
}

func isKanjiNumber(r rune) bool {
	if r == '○' || r == '◯' {
		return false
	}
	return kanjiDigit(r) >= 0 || r == '十' || r == '百' || r == '千'
}

// block is the numbers of an address: 3丁目1番3号, 1-2-3, 二の十一の二.
type block struct {
	to      int
	numbers int
	marks   int // 丁目, 番地, 番, 号
	kanji   bool
	counted bool // a unit follows: not an address
}

func (w *Worker) readBlock(i int) block {
	f := &w.f
	b := block{to: i}
	for b.numbers < 7 {
		k := i
		kanji := false
		if isDigit(f.at(k)) {
			for isDigit(f.at(k)) && k-i < 6 {
				k++
			}
		} else {
			for isKanjiNumber(f.at(k)) && k-i < 6 {
				k++
			}
			kanji = true
		}
		if k == i || isDigit(f.at(k)) {
			break
		}
		b.numbers++
		b.kanji = b.kanji || kanji
		i, b.to = k, k
		end, v := w.m.blockMarks.longest(f.r, i)
		if v != 0 && !(f.r[i] == '号' && f.at(i+1) == '室') {
			b.marks++
			i, b.to = end, end
		}
		next := w.blockJoin(i, v != 0)
		if next < 0 {
			break
		}
		i = next
	}
	b.counted = w.m.units.startsAt(f.r, b.to) || f.at(b.to) == '.' && isDigit(f.at(b.to+1)) || f.at(b.to) == ':' && isDigit(f.at(b.to+1)) || f.at(b.to) == ',' && isDigit(f.at(b.to+1))
	return b
}

// blockJoin gives the start of the next number of a block, or -1.
func (w *Worker) blockJoin(i int, marked bool) int {
	f := &w.f
	number := func(k int) bool { return isDigit(f.at(k)) || isKanjiNumber(f.at(k)) }
	k := i
	if marked {
		if f.at(k) == ' ' {
			k++
		}
		if r := f.at(k); r == '東' || r == '西' || r == '南' || r == '北' || r == 'の' || r == '-' {
			k++
		}
		if number(k) {
			return k
		}
		return -1
	}
	switch f.at(k) {
	case '-', 'ー', 'の', 'ノ':
		if number(k + 1) {
			return k + 1
		}
	case ' ':
		if f.at(k+1) == '-' && f.at(k+2) == ' ' && number(k+3) {
			return k + 3
		}
	}
	return -1
}

// addressAround masks the address with the block at cell i and gives its end, or 0.
func (w *Worker) addressAround(i int, b block) int {
	f := &w.f
	place, sure := w.placeBefore(i)
	if place < 0 {
		return w.englishAddress(i, b)
	}
	if b.counted && b.marks == 0 {
		return 0
	}
	to, building := w.building(b.to)
	town := !isMunicipality(f.at(i-1)) || w.nested(place, i-1)
	whole := w.m.prefectures.startsAt(f.r, place)
	switch {
	case !sure && !building && !w.cueNear(cueAddress, place, 6):
		// A town alone: two levels with 丁目, or three numbers where the dictionary knows the place.
		if b.marks == 0 && (b.numbers < 3 || !w.knownPlace(place, i)) || b.numbers < 2 {
			return 0
		}
	case b.numbers >= 3, b.numbers == 2 && (town || b.marks > 0):
	case b.marks > 0 && (town || b.numbers > 1):
	case whole && town && b.to-i >= 3:
	default:
		return 0
	}
	if b.kanji && b.marks == 0 && b.numbers < 3 && !whole {
		return 0
	}
	if !w.hit(Address, place, to, w.canonicalAddress(place, to)) {
		return 0
	}
	return to
}

// nested reports whether the municipality whose suffix is cell city lies in another one or in a prefecture.
func (w *Worker) nested(place, city int) bool {
	if end, v := w.m.prefectures.longest(w.f.r, place); v != 0 && end < city {
		return true
	}
	for k := place + 1; k < city; k++ {
		if isMunicipality(w.f.r[k]) {
			return true
		}
	}
	return false
}

// placeBefore gives where the place in front of cell i begins, or -1, and whether it names a prefecture or a
// municipality.
func (w *Worker) placeBefore(i int) (int, bool) {
	f := &w.f
	low := i
	for low > 0 && i-low < maxPlace && w.placeRune(low-1) {
		low--
	}
	if low == i {
		return -1, false
	}
	start := -1
	for k := low; k < i; k++ {
		if end, v := w.m.prefectures.longest(f.r, k); v != 0 && end < i {
			start = k
			break
		}
	}
	city := -1
	for k := i - 1; k >= max(low, i-maxTown-8); k-- {
		if isMunicipality(f.r[k]) && k > low && w.townBetween(k+1, i) {
			city = k
			break
		}
	}
	if city < 0 {
		if start >= 0 {
			if w.townBetween(start, i) {
				return start, true
			}
			return -1, false
		}
		return w.townOnly(low, i), false
	}
	if start < 0 || start > city {
		start = w.cityStart(low, city)
	}
	return start, true
}

// placeRune reports whether cell k may belong to a place name. A line break may stand between its parts.
func (w *Worker) placeRune(k int) bool {
	r := w.f.r[k]
	return isJapanese(r) || (r == ' ' || r == '\n') && k > 0 && isJapanese(w.f.at(k-1)) && (isJapanese(w.f.at(k+1)) || isDigit(w.f.at(k+1)))
}

// townBetween reports whether the cells from to to read as a town name and not as a sentence: no particle at its
// borders, not long.
func (w *Worker) townBetween(from, to int) bool {
	f := &w.f
	if to-from > maxTown+8 {
		return false
	}
	if from == to {
		return true
	}
	if f.at(from) == ' ' || f.at(from) == '\n' {
		from++
	}
	switch f.at(from) {
	case 'で', 'に', 'の', 'は', 'が', 'を', 'へ', 'も', 'と', 'か', 'や':
		return false
	}
	switch f.at(to - 1) {
	case 'で', 'に', 'は', 'が', 'を', 'へ', 'も', 'ら', 'た', 'て':
		return false
	}
	for k := from; k < to; k++ {
		switch f.r[k] {
		case 'で', 'を', 'は':
			return false
		case 'が':
			if !isHill(f.at(k + 1)) {
				return false
			}
		case '\n':
			if !isKanji(f.at(k + 1)) {
				return false
			}
		}
	}
	return true
}

// isHill reports whether r follows が inside place names: 霞が関, 自由が丘.
func isHill(r rune) bool {
	switch r {
	case '丘', '関', '原', '浜', '崎', '谷', '台', '池', '峰', '沢', '島', '森', '根', '岡', '岳', '浦':
		return true
	}
	return false
}

// cityStart is where the name of the municipality with its suffix at cell city begins. A 市 or 郡 in front of a 区
// or 町 belongs to it.
func (w *Worker) cityStart(low, city int) int {
	f := &w.f
	k := city
	for k > low && city-k < maxPlace-8 {
		r := f.r[k-1]
		if isHiragana(r) && isKanji(f.at(k)) && !w.hiraganaCity(k) {
			break
		}
		if !isJapanese(r) {
			break
		}
		k--
	}
	return k
}

// hiraganaCity reports whether the hiragana in front of cell k are the name of a town: さいたま市.
func (w *Worker) hiraganaCity(k int) bool {
	if !isMunicipality(w.f.at(k)) {
		return false
	}
	n := 0
	for k-n > 0 && isHiragana(w.f.r[k-n-1]) {
		n++
	}
	return n >= 2
}

// townOnly is where a run of kanji or katakana in front of cell i begins, or -1.
func (w *Worker) townOnly(low, i int) int {
	f := &w.f
	k := i
	for k > low && i-k < maxTown && (isKanji(f.r[k-1]) || isKatakana(f.r[k-1])) {
		k--
	}
	if i-k < 2 {
		return -1
	}
	return k
}

// knownPlace reports whether the dictionary knows the cells, or all but the last few, as a place.
func (w *Worker) knownPlace(from, to int) bool {
	if w.names == nil {
		return false
	}
	for end := to; end > from+1 && to-end < 3; end-- {
		if w.names.Use(string(w.f.r[from:end]))&UsePlace != 0 {
			return true
		}
	}
	return false
}

// building extends an address over the building and the room behind it.
func (w *Worker) building(to int) (int, bool) {
	f := &w.f
	if f.at(to) == '号' && f.at(to+1) == '室' {
		return to + 2, true
	}
	k := to
	if r := f.at(k); r == ' ' || r == '-' || r == '\n' {
		k++
	}
	start := k
	word, room := 0, 0
	for k < len(f.r) && k-start < maxBuilding {
		if end, v := w.m.buildings.longest(f.r, k); v != 0 {
			word = end
			k = end
			continue
		}
		if isDigit(f.r[k]) {
			k = w.roomNumber(k)
			if k > start+1 || word > 0 {
				room = k
			}
			continue
		}
		r := f.r[k]
		if r == ' ' && k > start && (isDigit(f.at(k+1)) || isASCIILetter(f.at(k+1)) && isASCIILetter(f.at(k-1))) {
			k++
			continue
		}
		if r == '-' && isDigit(f.at(k+1)) || r == '#' && isDigit(f.at(k+1)) {
			k++
			continue
		}
		if !isKanji(r) && !isKatakana(r) && !isASCIILetter(r) && r != '・' || room > 0 {
			break
		}
		k++
	}
	if word == 0 && (room == 0 || !isKatakana(f.at(start)) && !isDigit(f.at(start))) {
		return to, false
	}
	return max(word, room), true
}

// roomNumber gives the end of the room or floor number at cell k: 203号室, 5F, 12階.
func (w *Worker) roomNumber(k int) int {
	f := &w.f
	for isDigit(f.at(k)) {
		k++
	}
	switch {
	case f.at(k) == '号' && f.at(k+1) == '室':
		return k + 2
	case f.at(k) == '号' || f.at(k) == '階':
		return k + 1
	case lower(f.at(k)) == 'f' && !isAlnum(f.at(k+1)):
		return k + 1
	}
	return k
}

// room masks a building and its room without an address: サンハイツ203号室. i is the cell of 号.
func (w *Worker) room(i int) {
	f := &w.f
	digits := i
	for digits > 0 && i-digits < 5 && isDigit(f.r[digits-1]) {
		digits--
	}
	if digits == i {
		return
	}
	from := digits
	if f.at(from-1) == ' ' {
		from--
	}
	for from > 0 && digits-from < maxBuilding && (isKatakana(f.r[from-1]) || isKanji(f.r[from-1]) || f.r[from-1] == '・') {
		from--
	}
	for k := from; k < digits; k++ {
		if end, v := w.m.buildings.longest(f.r, k); v != 0 && end <= digits && (k > from || end < digits-1) {
			w.hit(Address, from, i+2, w.canonicalAddress(from, i+2))
			return
		}
	}
}

// englishAddress masks an address that begins with its block numbers: 1-2-3 Jingumae, Shibuya-ku, Tokyo.
func (w *Worker) englishAddress(i int, b block) int {
	f := &w.f
	if b.numbers < 2 || f.at(b.to) != ' ' && f.at(b.to) != ',' {
		return 0
	}
	end := 0
	for k := b.to; k < len(f.r) && k-b.to < 70; k++ {
		r := f.r[k]
		if !isASCIILetter(r) && r != ' ' && r != ',' && r != '-' && r != '.' {
			break
		}
		if (r == '-' || r == ' ') && !isASCIILetter(f.at(k-1)) {
			continue
		}
		if r == '-' {
			if e, v := w.m.romanSuffixes.longest(f.r, k+1); v != 0 && !isASCIILetter(f.at(e)) {
				end = e
			}
		}
		if end > 0 && r == ' ' {
			if e, v := w.m.romanPlaces.longest(f.r, k+1); v != 0 && !isASCIILetter(f.at(e)) {
				end = e
			}
		}
	}
	if end > 0 {
		if e := end; f.at(e) == ',' && f.at(e+1) == ' ' {
			if k, v := w.m.romanPlaces.longest(f.r, e+2); v != 0 && !isASCIILetter(f.at(k)) {
				end = k
			}
		}
		if w.hit(Address, i, end, w.canonicalAddress(i, end)) {
			return end
		}
	}
	return 0
}

// The tables of addresses, separated by spaces.
const (
	prefectures   = "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県"
	blockMarks    = "丁目 番地 番地の 番 番町 号 条 線 丁"
	buildings     = "ビル ビルディング マンション ハイツ コーポ アパート 荘 タワー ハウス メゾン レジデンス パレス 寮 団地 棟 館 ハイム ヒルズ コート ガーデン プラザ シャトー ヴィラ テラス ドミール グラン ライオンズ レオパレス エステート コープ building bldg heights apartment mansion tower room"
	romanSuffixes = "ku shi cho machi mura gun ken chome to fu"
	romanPlaces   = "tokyo osaka kyoto hokkaido kanagawa saitama chiba aichi fukuoka hyogo hiroshima miyagi japan yokohama nagoya sapporo kobe sendai"
)
