package mask

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// minKey is the shortest key that is accepted, in bytes.
const minKey = 16

// maxPhrase is the longest entry of the allow list, in characters.
const maxPhrase = 64

// Key is the secret of the pseudonyms. It never prints itself.
type Key []byte

// String hides the key.
func (Key) String() string { return "[redacted]" }

// GoString hides the key from %#v.
func (Key) GoString() string { return "mask.Key([redacted])" }

// MarshalText hides the key from JSON and YAML.
func (Key) MarshalText() ([]byte, error) { return []byte("[redacted]"), nil }

// Config says what is masked and with which secret.
type Config struct {
	// Key makes the pseudonyms: the same value under the same key has the same pseudonym. At least 16 bytes.
	Key Key
	// PreviousKeys are retired keys. They make no pseudonym; mask tokens made with them are still known as such.
	PreviousKeys []Key
	// Off lists the kinds that are left as they are.
	Off []string
	// Allow lists what survives: phrases (田中工業), mail addresses, phone numbers in any spelling. A phrase protects
	// what lies wholly inside it.
	Allow []string
	// AllowDomains lists own domains: mail addresses at them and at their subdomains survive, and so do long paths
	// of URLs on them. Passwords and tokens in their URLs are masked all the same.
	AllowDomains []string
}

// DefaultConfig masks every kind and allows nothing. Its key is empty and must be set.
func DefaultConfig() Config { return Config{} }

// Validate reports everything that is wrong, each fault with the field and what would be right.
func (c Config) Validate() error {
	var errs []error
	if len(c.Key) < minKey {
		errs = append(errs, fmt.Errorf("key has %d bytes; give at least %d, for example the output of `openssl rand -hex 32`", len(c.Key), minKey))
	}
	for i, k := range c.PreviousKeys {
		if len(k) < minKey {
			errs = append(errs, fmt.Errorf("previous_keys[%d] has %d bytes; give a key that was in use, at least %d bytes", i, len(k), minKey))
		} else if slices.Equal(k, c.Key) {
			errs = append(errs, fmt.Errorf("previous_keys[%d] is the key in use; list retired keys only", i))
		}
	}
	for i, name := range c.Off {
		if _, err := ParseKind(name); err != nil {
			errs = append(errs, fmt.Errorf("off[%d]: %w", i, err))
		}
	}
	for i, s := range c.Allow {
		switch n := utf8.RuneCountInString(strings.TrimSpace(s)); {
		case !utf8.ValidString(s):
			errs = append(errs, fmt.Errorf("allow[%d] is not UTF-8; give text", i))
		case n < 2 || n > maxPhrase:
			errs = append(errs, fmt.Errorf("allow[%d] has %d characters; give 2 to %d", i, n, maxPhrase))
		case strings.ContainsAny(s, tokenOpen+tokenClose):
			errs = append(errs, fmt.Errorf("allow[%d] holds %s or %s, which mark masked values; leave them out", i, tokenOpen, tokenClose))
		}
	}
	for i, s := range c.AllowDomains {
		if !validDomain(s) {
			errs = append(errs, fmt.Errorf("allow_domains[%d] is %q; give a domain such as example.co.jp", i, s))
		}
	}
	return errors.Join(errs...)
}

func validDomain(s string) bool {
	if !strings.Contains(s, ".") {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
		for _, r := range label {
			if !isAlnum(lower(r)) && r != '-' {
				return false
			}
		}
	}
	return true
}
