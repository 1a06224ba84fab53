// Package privacy is how the pipeline hides persons: it replaces the ids of authors by pseudonyms, and gives texts to
// ingest/mask.
//
// A pseudonym is the same for the same person as long as the key is the same, and cannot be turned back without the
// key. The package keeps no table of persons; losing the key means that old and new pseudonyms no longer match. Earlier
// keys, given to WithFormer, serve to recognise a person who was erased under one of them, and nothing else. What is
// personal in a text is decided by ingest/mask alone.
package privacy

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"strings"
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"voc/ingest/erasure"
	"voc/ingest/mask"
)

// MinKeyBytes is the least length of a key.
const MinKeyBytes = 16

// ErrKeyTooShort is returned for a key that could be guessed.
var ErrKeyTooShort = errors.New("privacy.key must have at least 16 bytes, for example the output of `openssl rand -hex 32`")

// Pseudonym returns the pseudonym of an author's id: 22 characters that are safe in URLs, 128 bits of HMAC-SHA256. An
// empty id stays empty: nobody is not a person.
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

// Guard hides persons. It is safe for use by many goroutines.
type Guard struct {
	macs    *sync.Pool
	workers sync.Pool
	// patterns are workers that leave names.
	patterns sync.Pool
	masked   *prometheus.CounterVec
	keys     erasure.Keys
	own      []byte
	former   [][]byte
}

// New returns a guard that masks every pattern in texts but no names of persons, which needs a dictionary: see
// NewWithMasker.
func New(key []byte) (*Guard, error) {
	if len(key) < MinKeyBytes {
		return nil, ErrKeyTooShort
	}
	m, err := mask.New(mask.Config{Key: key, Off: []string{mask.Name.String()}}, nil)
	if err != nil {
		return nil, fmt.Errorf("privacy: %w", err)
	}
	return NewWithMasker(key, m, nil)
}

// NewWithMasker returns a guard that masks texts with m and counts what it masks by kind. reg may be nil.
func NewWithMasker(key []byte, m *mask.Masker, reg prometheus.Registerer) (*Guard, error) {
	if len(key) < MinKeyBytes {
		return nil, ErrKeyTooShort
	}
	own := append([]byte(nil), key...)
	g := &Guard{macs: &sync.Pool{}, own: own, keys: erasure.NewKeys(own), masked: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "voc_masked_total", Help: "Personal values masked in texts, by kind; texts read again count again.",
	}, []string{"kind"})}
	g.macs.New = func() any { return hmac.New(sha256.New, own) }
	g.use(m)
	if reg != nil {
		reg.MustRegister(g.masked)
	}
	return g, nil
}

func (g *Guard) use(m *mask.Masker) {
	patterns := m.WithoutNames()
	g.workers.New = func() any { return m.NewWorker() }
	g.patterns.New = func() any { return patterns.NewWorker() }
}

// With returns a guard that masks texts with another masker, and counts and makes pseudonyms as this one does.
func (g *Guard) With(m *mask.Masker) *Guard {
	n := &Guard{macs: g.macs, own: g.own, former: g.former, keys: g.keys, masked: g.masked}
	n.use(m)
	return n
}

// WithFormer makes the guard know the keys that were used before, newest first. It is called before the guard is used.
func (g *Guard) WithFormer(keys ...[]byte) *Guard {
	g.former, g.keys = keys, erasure.NewKeys(g.own, keys...)
	return g
}

// Former returns the pseudonyms that an id had under the earlier keys.
func (g *Guard) Former(id string) []string {
	if id == "" || len(g.former) == 0 {
		return nil
	}
	out := make([]string, len(g.former))
	for i, key := range g.former {
		out[i] = Pseudonym(key, id)
	}
	return out
}

// ID returns the id of a post, thread, account or whatever else, as it is stored: unchanged, because rows are joined by
// it, unless it holds a mail address, which is masked and so the same in every row.
func (g *Guard) ID(id string) string {
	if !strings.ContainsAny(id, "@＠") {
		return id
	}
	return g.Patterns(id)
}

// Patterns masks what can be told by its form, such as mail addresses and phone numbers, and leaves names.
func (g *Guard) Patterns(text string) string { return g.mask(&g.patterns, text) }

// Pseudonym is the method form of the function of that name.
func (g *Guard) Pseudonym(id string) string {
	if id == "" {
		return ""
	}
	mac, ok := g.macs.Get().(hash.Hash)
	if !ok {
		panic("privacy: the pool holds something that is no hash")
	}
	defer g.macs.Put(mac)
	mac.Reset()
	return sum(mac, id)
}

// Mask returns the text without personal data.
func (g *Guard) Mask(text string) string { return g.mask(&g.workers, text) }

func (g *Guard) mask(workers *sync.Pool, text string) string {
	if text == "" {
		return ""
	}
	w, ok := workers.Get().(*mask.Worker)
	if !ok {
		panic("privacy: the pool holds something that is no masker")
	}
	out, counts := w.Mask(text)
	workers.Put(w) // not after a panic: its buffers may be in any state
	if counts.Total() == 0 {
		return out
	}
	for k, n := range counts.Map() {
		g.masked.WithLabelValues(k).Add(float64(n))
	}
	return out
}
