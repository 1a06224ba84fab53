package token

// EachSurname calls f for the spelling of every surname in the dictionary, and reports whether it knew all of them: a
// dictionary tells a word's spelling only as its base form.
func (d *Dictionary) EachSurname(f func(spelling string)) bool {
	for _, s := range d.surnames {
		f(s)
	}
	return d.complete
}
