package event

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// sameAsLibrary fails when scanPost reads a value that the JSON library refuses or reads otherwise. It reports whether
// scanPost read it.
func sameAsLibrary(t *testing.T, value []byte) bool {
	t.Helper()
	var fast, slow wirePost
	if !scanPost(value, &fast) {
		return false
	}
	l := DefaultLimits()
	if r := decode(value, &slow, &l); r != nil {
		t.Fatalf("%s is refused by the library: %v", value, r)
	}
	if !reflect.DeepEqual(fast, slow) {
		t.Fatalf("%s is read as\n%+v, want\n%+v", value, fast, slow)
	}
	return true
}

func TestScannerReadsAsTheLibrary(t *testing.T) {
	for text, want := range map[string]bool{
		`{"post_id":"1","posted_at":"2026-11-16T09:00:00+09:00","body":"遅い"}`:                                 true,
		` { "post_id" : "1" , "body" : "a\nb\t\"c\"\\ \/\r\b\f" , "author" : { } } `:                          true,
		`{"rating":4,"views":0,"version":9999999999999999999,"accepted":false,"event":"edited"}`:              true,
		`{"reactions":{"like":3,"clap":0},"attributes":{"plan":"pro","":"x"},"author":{"id":"u","level":""}}`: true,
		`{"posted_at":"2026-11-16T00:00:00.123456789Z"}`:                                                      true,
		`{}`: true,
		// Left to the library: what is unusual and what is wrong.
		`{"body":"\u3042"}`: false, `{"rating":4.5}`: false, `{"views":18446744073709551616}`: false, `{"views":01}`: false, `{"views":1.0}`: false,
		`{"views":-1}`: false, `{"body":null}`: false, `{"Body":"x"}`: false, `{"body":"x","body":"y"}`: false, `{"unknown":1}`: false,
		`{"author":{"id":"a","id":"b"}}`: false, `{"attributes":{"a":"1","a":"2"}}`: false, `{"body":"x"} x`: false, `{"body":"x",}`: false,
		`{"body":"x"`: false, `{"body":"x`: false, `{"body":"\`: false, `["body"]`: false, ``: false, "{\"body\":\"\x01\"}": false, "{\"body\":\"\xff\"}": false,
		`{"posted_at":"2026-11-16 09:00"}`: false, `{"accepted":truex}`: false, `{"accepted":tru`: false, `{"a\u0062":1}`: false,
	} {
		if got := sameAsLibrary(t, []byte(text)); got != want {
			t.Errorf("%s is read at once: %t, want %t", text, got, want)
		}
	}
}

// Random posts, some of them damaged, are read as the library reads them, and most whole ones at once.
func TestScannerOnRandomPosts(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 7))
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	read := 0
	const n = 20_000
	for range n {
		var fields []string
		for _, f := range []string{
			`"post_id":"p1"`, `"event":"created"`, `"version":12`, `"occurred_at":"2026-11-16T09:00:00Z"`, `"posted_at":"2026-11-16T09:00:00.5+09:00"`,
			`"title":""`, `"body":"一行目\n二行目"`, `"community":"c"`, `"channel":"質問"`, `"rating":5`, `"views":7`, `"reactions":{"like":1}`, `"accepted":true`,
			`"author":{"id":"u","role":"member","account_id":"a"}`, `"attributes":{"plan":"a\"b"}`,
		} {
			if r.IntN(2) == 0 {
				fields = append(fields, f)
			}
		}
		r.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
		value := []byte("{" + strings.Join(fields, pick(",", ", ", "\n,")) + "}")
		if r.IntN(2) == 0 {
			i := r.IntN(len(value))
			switch r.IntN(3) {
			case 0:
				value[i] = byte(r.IntN(256))
			case 1:
				value = append(value[:i], value[i+1:]...)
			case 2:
				value = []byte(fmt.Sprintf("%s%s%s", value[:i], pick(`"`, `\`, `{`, `}`, `,`, `0`, `null`, ` `), value[i:]))
			}
		}
		if sameAsLibrary(t, value) {
			read++
		}
	}
	if read < n/2 {
		t.Errorf("only %d of %d were read at once", read, n)
	}
}

func FuzzScanPost(f *testing.F) {
	f.Add([]byte(`{"post_id":"1","posted_at":"2026-11-16T09:00:00+09:00","body":"遅い\n","author":{"id":"u"},"attributes":{"a":"b"},"reactions":{"x":1},"views":3}`))
	f.Fuzz(func(t *testing.T, in []byte) { sameAsLibrary(t, in) })
}

func BenchmarkScanPost(b *testing.B) {
	value := []byte(`{"author":{"id":"u1","role":"member"},"body":"` + strings.Repeat("写真の取り込みが遅くて困っています。", 6) +
		`\n以上","channel":"質問","community":"load","post_id":"load1","posted_at":"2026-11-16T09:00:00+09:00","source":"community"}`)
	m := Meta{Topic: "voc.posts", Time: testMeta().Time}
	b.ReportAllocs()
	for b.Loop() {
		if _, r := DecodePost(value, m, DefaultLimits()); r != nil {
			b.Fatal(r)
		}
	}
}
