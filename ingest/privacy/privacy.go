// Package privacy replaces what names a person by a pseudonym, before anything is stored.
//
// A pseudonym is the same for the same person as long as the key is the same, and cannot be turned back without the
// key. The package keeps no table of persons; losing the key means that old and new pseudonyms no longer match.
//
// In texts it replaces mail addresses, Japanese phone numbers and secrets in addresses of web pages. It does not find
// names or postal addresses, and it does not decide what is read or stored.
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
	return base64.RawURLEncoding.EncodeToString(sum(hmac.New(sha256.New, key), "author", id)[:16])
}

// sum is the keyed hash of a value. The kind keeps pseudonyms of authors apart from other uses of the same key.
func sum(mac hash.Hash, kind, value string) []byte {
	mac.Write([]byte("voc/" + kind + "/1\x00"))
	mac.Write([]byte(value))
	return mac.Sum(nil)
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
	return base64.RawURLEncoding.EncodeToString(p.sum("author", id)[:16])
}

func (p *Pseudonymiser) sum(kind, value string) []byte {
	mac, ok := p.macs.Get().(hash.Hash)
	if !ok {
		panic("privacy: the pool holds something that is no hash")
	}
	defer p.macs.Put(mac)
	mac.Reset()
	return sum(mac, kind, value)
}
