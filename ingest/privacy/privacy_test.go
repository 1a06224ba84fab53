package privacy

import (
	"errors"
	"regexp"
	"strings"
	"testing"
)

func TestPseudonym(t *testing.T) {
	key := []byte("0123456789abcdef")
	p, err := New(key)
	if err != nil {
		t.Fatal(err)
	}
	a := Pseudonym(key, "taro@example.com")
	if !regexp.MustCompile(`^[A-Za-z0-9_-]{22}$`).MatchString(a) {
		t.Errorf("pseudonym %q", a)
	}
	for range 3 {
		if b := p.Pseudonym("taro@example.com"); b != a {
			t.Errorf("got %q and %q for one person", a, b)
		}
	}
	if p.Pseudonym("taro@example.co") == a || Pseudonym([]byte("another key of 16"), "taro@example.com") == a {
		t.Error("different persons or keys share a pseudonym")
	}
	if p.Pseudonym("") != "" || Pseudonym(key, "") != "" {
		t.Error("nobody got a pseudonym")
	}
	if _, err := New(key[:15]); !errors.Is(err, ErrKeyTooShort) {
		t.Errorf("a short key gave %v", err)
	}
}

func TestMask(t *testing.T) {
	g, err := New([]byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	got := g.Mask("連絡は taro@example.com か 090-1234-5678 へ")
	for _, secret := range []string{"taro", "example", "090", "5678"} {
		if strings.Contains(got, secret) {
			t.Errorf("%q still holds %q", got, secret)
		}
	}
	if s := "写真が速くなった"; g.Mask(s) != s {
		t.Errorf("%q became %q", s, g.Mask(s))
	}
	if a, b := g.Mask("taro@example.com"), g.Mask("taro@example.com"); a != b {
		t.Errorf("one address became %q and %q", a, b)
	}
}
