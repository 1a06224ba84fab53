package token

import "github.com/ikawaha/kagome-dict/dict"

// EachSurname calls f for the spelling of every surname in the dictionary, and reports whether it knew all of them: a
// dictionary tells a word's spelling only as its base form.
func (d *Dictionary) EachSurname(f func(spelling string)) bool {
	at := indexOf(d.src.ContentsMeta, dict.BaseFormIndex)
	if at < 0 {
		return false
	}
	var buf []string
	for id := range d.src.Morphs {
		if d.properOf(id) != Surname {
			continue
		}
		if buf = features(d.src, id, buf[:0]); at >= len(buf) || !d.spells(buf[at], id) {
			return false
		}
		f(buf[at])
	}
	return true
}

// spells reports whether the dictionary has word id under a spelling. Its exact search finds words that are not there,
// so only a prefix as long as the spelling counts.
func (d *Dictionary) spells(spelling string, id int) (found bool) {
	d.src.Index.CommonPrefixSearchCallback(spelling, func(at, n int) {
		found = found || at == id && n == len(spelling)
	})
	return found
}
