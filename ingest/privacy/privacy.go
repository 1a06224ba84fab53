// Package privacy replaces what names a person by a pseudonym, before anything is stored.
//
// A pseudonym is the same for the same person as long as the key is the same, and cannot be turned back without the
// key. The package keeps no table of persons; losing the key means that old and new pseudonyms no longer match. Text
// is masked elsewhere.
package privacy

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"hash"
	"sync"
)

// MinKeyBytes is the least length of a key.
const MinKeyBytes = 16

// ErrKeyTooShort is returned for a key that could be guessed.
var ErrKeyTooShort = errors.New("privacy.key must have at least 16 bytes, for example the output of `openssl rand -hex 32`")

// Pseudonym returns the pseudonym of an id: 22 characters that are safe in URLs, 128 bits of HMAC-SHA256. An empty id
// stays empty: nobody is not a person.
func Pseudonym(key []byte, id string) string {
	if id == "" {
		return ""
	}
	return sum(hmac.New(sha256.New, key), id)
}

func sum(mac hash.Hash, id string) string {
	// The prefix keeps pseudonyms of authors apart from other uses of the same key.
	mac.Write([]byte("voc/author/1\x00"))
	mac.Write([]byte(id))
	var b [sha256.Size]byte
	return base64.RawURLEncoding.EncodeToString(mac.Sum(b[:0])[:16])
}

// Pseudonymiser makes pseudonyms with one key. It is safe for use by many goroutines.
type Pseudonymiser struct{ macs sync.Pool }

// New returns a pseudonymiser for a secret key of at least MinKeyBytes.
func New(key []byte) (*Pseudonymiser, error) {
	if len(key) < MinKeyBytes {
		return nil, ErrKeyTooShort
	}
	own := append([]byte(nil), key...)
	p := &Pseudonymiser{}
	p.macs.New = func() any { return hmac.New(sha256.New, own) }
	return p, nil
}

// Pseudonym is the method form of the function of that name.
func (p *Pseudonymiser) Pseudonym(id string) string {
	if id == "" {
		return ""
	}
	mac, ok := p.macs.Get().(hash.Hash)
	if !ok {
		return ""
	}
	mac.Reset()
	out := sum(mac, id)
	p.macs.Put(mac)
	return out
}

// Mask returns the text as it is: patterns in text are not masked yet.
func (p *Pseudonymiser) Mask(text string) string { return text }
