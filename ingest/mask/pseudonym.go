package mask

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
)

// The brackets of a mask token. Nobody types them on a Japanese keyboard; where a text has them all the same they
// are replaced by the look-alikes below, so that every token in a masked text is ours.
const (
	tokenOpen      = "⟦" // U+27E6
	tokenClose     = "⟧" // U+27E7
	forgedOpen     = "〚" // U+301A
	forgedClose    = "〛" // U+301B
	openRune       = '⟦'
	closeRune      = '⟧'
	idLetters      = 11 // of the pseudonym in a token: 47 bits
	checkLetters   = 3  // of the proof that we made the token
	pseudonymWidth = 16 // of a whole pseudonym: 69 bits
)

// alphabet holds no vowels (no words arise), no w (www means laughter) and no digits (a tokenizer cuts at them).
const alphabet = "bcdfghjklmnpqrstvxyz"

const (
	pseudonymDomain = "voc/pseudonym/1"
	checkDomain     = "voc/token/1"
)

// Pseudonym gives the stable stand-in of a value under a key: 16 lower-case consonants. Pseudonyms of different
// kinds differ. A mask token carries the first 11 letters of its value's pseudonym. The value must be in canonical
// form; what a Worker finds is brought into it. Ids of authors have their pseudonyms from package privacy.
func Pseudonym(key Key, kind, value string) string {
	s := newSigner(key)
	var out [pseudonymWidth]byte
	s.letters(out[:], pseudonymDomain, kind, value)
	return string(out[:])
}

// signer makes pseudonyms with one key. It is not safe for concurrent use.
type signer struct {
	mac hash.Hash
	buf []byte
	sum []byte
}

func newSigner(key Key) *signer { return &signer{mac: hmac.New(sha256.New, key)} }

// letters fills dst, at most 16 letters, from the HMAC of the domain, the kind and the value.
func (s *signer) letters(dst []byte, domain, kind, value string) {
	s.buf = append(s.buf[:0], domain...)
	s.buf = append(s.buf, 0)
	s.buf = append(s.buf, kind...)
	s.buf = append(s.buf, 0)
	s.buf = append(s.buf, value...)
	s.mac.Reset()
	s.mac.Write(s.buf)
	s.sum = s.mac.Sum(s.sum[:0])
	for i := range dst {
		n := int(s.sum[2*i])<<8 | int(s.sum[2*i+1])
		dst[i] = alphabet[n%len(alphabet)]
	}
}

// appendToken appends the mask token of a canonical value.
func (s *signer) appendToken(dst []byte, k Kind, value string) []byte {
	dst = append(dst, tokenOpen...)
	dst = append(dst, kindLabels[k]...)
	var id [idLetters + checkLetters]byte
	s.letters(id[:idLetters], pseudonymDomain, kindNames[k], value)
	s.letters(id[idLetters:], checkDomain, kindLabels[k], string(id[:idLetters]))
	dst = append(dst, id[:]...)
	return append(dst, tokenClose...)
}

// maxToken is the longest token in bytes.
const maxToken = len(tokenOpen) + 8 + idLetters + checkLetters + len(tokenClose)

// tokenAt gives the length of the token that text begins with when one of the signers made it, else 0.
func tokenAt(text string, signers []*signer) int {
	n := len(tokenOpen)
	labelEnd := n
	for labelEnd < len(text) && labelEnd-n < 8 && text[labelEnd] >= 'A' && text[labelEnd] <= 'Z' {
		labelEnd++
	}
	end := labelEnd + idLetters + checkLetters
	if end+len(tokenClose) > len(text) || text[end:end+len(tokenClose)] != tokenClose {
		return 0
	}
	label, id := text[n:labelEnd], text[labelEnd:labelEnd+idLetters]
	if !isLabel(label) {
		return 0
	}
	var check [checkLetters]byte
	for _, s := range signers {
		s.letters(check[:], checkDomain, label, id)
		if string(check[:]) == text[labelEnd+idLetters:end] {
			return end + len(tokenClose)
		}
	}
	return 0
}

func isLabel(s string) bool {
	for _, l := range kindLabels {
		if l == s {
			return true
		}
	}
	return false
}
