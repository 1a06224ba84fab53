package event

import (
	"strings"
	"testing"
	"time"
)

var (
	recordTime = time.Date(2026, 11, 16, 3, 0, 0, 0, time.UTC)
	wallClock  = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
)

func testMeta() Meta {
	return Meta{Topic: "voc.posts", Partition: 3, Offset: 41, Key: []byte("k1"), Time: recordTime}
}

func testLimits() Limits {
	l := DefaultLimits()
	l.Now = func() time.Time { return wallClock }
	return l
}

const shortest = `{"post_id":"1","posted_at":"2026-11-16T09:00:00+09:00","body":"便利です"}`

func TestShortestPost(t *testing.T) {
	p, r := DecodePost([]byte(shortest), testMeta(), testLimits())
	if r != nil {
		t.Fatal(r)
	}
	if p.Event != Created || p.Community != "default" || p.Body != "便利です" {
		t.Errorf("got %+v", p)
	}
	if got, want := p.SourceVersion(testMeta()), uint64(recordTime.UnixMilli()); got != want {
		t.Errorf("SourceVersion = %d, want the Kafka time %d", got, want)
	}
}

func TestSourceVersionPrefersVersionThenOccurredAt(t *testing.T) {
	at := recordTime.Add(-time.Hour)
	p := Post{OccurredAt: at}
	if got := p.SourceVersion(testMeta()); got != uint64(at.UnixMilli()) {
		t.Errorf("got %d, want the milliseconds of occurred_at", got)
	}
	seven := uint64(7)
	p.Version = &seven
	if got := p.SourceVersion(testMeta()); got != 7 {
		t.Errorf("got %d, want 7", got)
	}
	if got := (&Post{}).SourceVersion(Meta{}); got != 0 {
		t.Errorf("got %d, want 0 without any time", got)
	}
}

func TestDeletedPostCarriesNoText(t *testing.T) {
	p, r := DecodePost([]byte(`{"post_id":"1","event":"deleted","title":"見出し","body":"本文"}`), testMeta(), testLimits())
	if r != nil {
		t.Fatal(r)
	}
	if p.Title != "" || p.Body != "" || !p.PostedAt.IsZero() {
		t.Errorf("got %+v", p)
	}
}

// secret appears in every refused message; no Reject may repeat it.
const secret = "taro-himitsu@example.com"

func TestPostRejects(t *testing.T) {
	const head = `{"post_id":"1","posted_at":"2026-11-16T09:00:00+09:00",`
	const full = head + `"body":"` + secret + `",`
	long := strings.Repeat("a", 300)
	many := strings.Builder{}
	for i := range 65 {
		if i > 0 {
			many.WriteByte(',')
		}
		many.WriteString(`"k` + string(rune('a'+i%26)) + string(rune('a'+i/26)) + `":"1"`)
	}
	for name, tc := range map[string]struct {
		in     string
		reason Reason
		field  string
	}{
		"empty value":         {``, ReasonInvalidJSON, ""},
		"broken off":          {full + `"title":"` + secret, ReasonInvalidJSON, "title"},
		"two values":          {shortest + shortest, ReasonInvalidJSON, ""},
		"NaN rating":          {full + `"rating":NaN}`, ReasonInvalidJSON, "rating"},
		"byte order mark":     {"\ufeff" + shortest, ReasonInvalidJSON, ""},
		"invalid UTF-8":       {head + "\"body\":\"\xff\xfe" + secret + `"}`, ReasonInvalidUTF8, ""},
		"UTF-16":              {"{\x00\"\x00p\x00\xff\xd8", ReasonInvalidUTF8, ""},
		"lone surrogate":      {head + `"body":"\ud800` + secret + `"}`, ReasonInvalidUTF8, "body"},
		"null":                {` null `, ReasonNullValue, ""},
		"array":               {`[` + shortest + `]`, ReasonWrongType, ""},
		"string":              {`"` + secret + `"`, ReasonWrongType, ""},
		"too large":           {head + `"body":"` + strings.Repeat(secret, 1<<16) + `"}`, ReasonTooLarge, ""},
		"depth bomb":          {strings.Repeat(`{"a":`, 100000) + `1` + strings.Repeat(`}`, 100000), ReasonTooDeep, ""},
		"array bomb":          {full + `"title":` + strings.Repeat(`[`, 17), ReasonTooDeep, ""},
		"duplicate":           {full + `"post_id":"2"}`, ReasonDuplicateField, "post_id"},
		"duplicate key":       {full + `"attributes":{"plan":"a","plan":"b"}}`, ReasonDuplicateField, "attributes.plan"},
		"unknown":             {full + `"bodyy":"x"}`, ReasonUnknownField, "bodyy"},
		"unknown other case":  {full + `"Title":"x"}`, ReasonUnknownField, "Title"},
		"unknown inside":      {full + `"author":{"id":"1","mail":"` + secret + `"}}`, ReasonUnknownField, "author.mail"},
		"unknown is content":  {full + `"` + secret + `":1}`, ReasonUnknownField, "?"},
		"no post_id":          {`{"posted_at":"2026-11-16T09:00:00+09:00","body":"` + secret + `"}`, ReasonMissingField, "post_id"},
		"empty post_id":       {`{"post_id":"","posted_at":"2026-11-16T09:00:00+09:00","body":"x"}`, ReasonMissingField, "post_id"},
		"null post_id":        {`{"post_id":null,"posted_at":"2026-11-16T09:00:00+09:00","body":"x"}`, ReasonMissingField, "post_id"},
		"no posted_at":        {`{"post_id":"1","body":"` + secret + `"}`, ReasonMissingField, "posted_at"},
		"no body":             {`{"post_id":"1","posted_at":"2026-11-16T09:00:00+09:00"}`, ReasonMissingField, "body"},
		"edit without body":   {`{"post_id":"1","event":"edited","posted_at":"2026-11-16T09:00:00+09:00"}`, ReasonMissingField, "body"},
		"blank body":          {head + `"body":" \u3000\n\u200b"}`, ReasonEmptyBody, "body"},
		"number as id":        {`{"post_id":1,"posted_at":"2026-11-16T09:00:00+09:00","body":"x"}`, ReasonWrongType, "post_id"},
		"object as body":      {head + `"body":{"html":"` + secret + `"}}`, ReasonWrongType, "body"},
		"string as rating":    {full + `"rating":"5"}`, ReasonWrongType, "rating"},
		"string as accepted":  {full + `"accepted":"yes"}`, ReasonWrongType, "accepted"},
		"number as attribute": {full + `"attributes":{"plan":3}}`, ReasonWrongType, "attributes.plan"},
		"fraction as version": {full + `"version":1.5}`, ReasonWrongType, "version"},
		"negative views":      {full + `"views":-1}`, ReasonOutOfRange, "views"},
		"version too big":     {full + `"version":18446744073709551616}`, ReasonOutOfRange, "version"},
		"too many views":      {full + `"views":9007199254740993}`, ReasonOutOfRange, "views"},
		"huge rating":         {full + `"rating":1e999}`, ReasonOutOfRange, "rating"},
		"rating of 6":         {full + `"rating":6}`, ReasonOutOfRange, "rating"},
		"rating of 0.5":       {full + `"rating":0.5}`, ReasonOutOfRange, "rating"},
		"time as number":      {`{"post_id":"1","posted_at":1763251200,"body":"x"}`, ReasonWrongType, "posted_at"},
		"time without zone":   {`{"post_id":"1","posted_at":"2026-11-16T09:00:00","body":"x"}`, ReasonInvalidTime, "posted_at"},
		"February 30":         {`{"post_id":"1","posted_at":"2026-02-30T09:00:00Z","body":"x"}`, ReasonInvalidTime, "posted_at"},
		"before 2000":         {`{"post_id":"1","posted_at":"1999-12-31T23:59:59Z","body":"x"}`, ReasonTimeOutOfRange, "posted_at"},
		"far ahead":           {`{"post_id":"1","posted_at":"2026-11-17T03:00:01Z","body":"x"}`, ReasonTimeOutOfRange, "posted_at"},
		"occurred far ahead":  {full + `"occurred_at":"2031-01-01T00:00:00Z"}`, ReasonTimeOutOfRange, "occurred_at"},
		"unknown event":       {full + `"event":"` + secret + `"}`, ReasonUnknownEvent, "event"},
		"unknown role":        {full + `"author":{"role":"` + secret + `"}}`, ReasonUnknownValue, "author.role"},
		"long id":             {`{"post_id":"` + long + `","posted_at":"2026-11-16T09:00:00Z","body":"x"}`, ReasonTooLong, "post_id"},
		"long author":         {full + `"author":{"id":"` + long + `"}}`, ReasonTooLong, "author.id"},
		"long title":          {full + `"title":"` + strings.Repeat("題", 3000) + `"}`, ReasonTooLong, "title"},
		"newline in id":       {`{"post_id":"a\nb","posted_at":"2026-11-16T09:00:00Z","body":"x"}`, ReasonControlCharacter, "post_id"},
		"NUL in channel":      {full + `"channel":"a\u0000b"}`, ReasonControlCharacter, "channel"},
		"turned direction":    {full + `"thread_id":"a\u202eb"}`, ReasonControlCharacter, "thread_id"},
		"many attributes":     {full + `"attributes":{` + many.String() + `}}`, ReasonTooMany, "attributes"},
		"nameless attribute":  {full + `"attributes":{"":"1"}}`, ReasonMissingField, "attributes"},
		"script url":          {full + `"url":"javascript:alert(1)"}`, ReasonInvalidURL, "url"},
	} {
		t.Run(name, func(t *testing.T) {
			_, r := DecodePost([]byte(tc.in), testMeta(), testLimits())
			if r == nil {
				t.Fatalf("accepted, want %s", tc.reason)
			}
			if r.Reason != tc.reason || r.Field != tc.field {
				t.Errorf("got %s at %q (%s), want %s at %q", r.Reason, r.Field, r.Detail, tc.reason, tc.field)
			}
			if strings.Contains(r.Error(), secret) {
				t.Errorf("the reject quotes content: %s", r.Error())
			}
			if r.Detail == "" {
				t.Error("the reject does not say what would be right")
			}
		})
	}
}

func TestAccepts(t *testing.T) {
	const head = `{"post_id":"1","posted_at":"2026-11-16T09:00:00+09:00",`
	for name, in := range map[string]string{
		"rating only":       head + `"body":"","rating":5}`,
		"title only":        head + `"body":"","title":"写真"}`,
		"null optionals":    head + `"body":"x","title":null,"rating":null,"author":null,"attributes":null,"version":null}`,
		"version zero":      head + `"body":"x","version":0}`,
		"integral float":    head + `"body":"x","rating":4.5}`,
		"brackets in text":  head + `"body":"` + strings.Repeat(`[{\"`, 100) + `"}`,
		"surrogate pair":    head + `"body":"\ud83d\ude00"}`,
		"exactly a day on":  `{"post_id":"1","posted_at":"2026-11-17T03:00:00Z","body":"x"}`,
		"first of 2000":     `{"post_id":"1","posted_at":"2000-01-01T00:00:00Z","body":"x"}`,
		"upper-case scheme": head + `"body":"x","url":"HTTPS://example.com/"}`,
		"deleted":           `{"post_id":"1","event":"deleted"}`,
	} {
		t.Run(name, func(t *testing.T) {
			if _, r := DecodePost([]byte(in), testMeta(), testLimits()); r != nil {
				t.Error(r)
			}
		})
	}
}

func TestUnknownFieldsCanBeIgnored(t *testing.T) {
	l := testLimits()
	l.IgnoreUnknown = true
	in := `{"post_id":"1","posted_at":"2026-11-16T09:00:00Z","body":"x","extra":{"deep":[1,2]}}`
	if _, r := DecodePost([]byte(in), testMeta(), l); r != nil {
		t.Error(r)
	}
}

func TestFutureKafkaTimeDoesNotOpenTheFuture(t *testing.T) {
	m := testMeta()
	m.Time = wallClock.AddDate(10, 0, 0)
	in := `{"post_id":"1","posted_at":"2030-01-01T00:00:00Z","body":"x"}`
	if _, r := DecodePost([]byte(in), m, testLimits()); r == nil || r.Reason != ReasonTimeOutOfRange {
		t.Errorf("got %v, want time_out_of_range", r)
	}
}

func TestActivity(t *testing.T) {
	a, r := DecodeActivity([]byte(`{"event":"viewed","occurred_at":"2026-11-16T00:00:00Z","post_id":"p"}`), testMeta(), testLimits())
	if r != nil {
		t.Fatal(r)
	}
	if a.EventID != "voc.posts/3/41" || *a.Count != 1 || a.Community != "default" {
		t.Errorf("got %+v", a)
	}
	for in, want := range map[string]Reject{
		`{"occurred_at":"2026-11-16T00:00:00Z","post_id":"p"}`:                                  {Reason: ReasonMissingField, Field: "event"},
		`{"event":"liked","occurred_at":"2026-11-16T00:00:00Z"}`:                                {Reason: ReasonUnknownEvent, Field: "event"},
		`{"event":"viewed","post_id":"p"}`:                                                      {Reason: ReasonMissingField, Field: "occurred_at"},
		`{"event":"viewed","occurred_at":"2026-11-16T00:00:00Z"}`:                               {Reason: ReasonMissingField, Field: "post_id"},
		`{"event":"login","occurred_at":"2026-11-16T00:00:00Z"}`:                                {Reason: ReasonMissingField, Field: "author.id"},
		`{"event":"viewed","occurred_at":"2026-11-16T00:00:00Z","post_id":"p","count":0}`:       {Reason: ReasonOutOfRange, Field: "count"},
		`{"event":"viewed","occurred_at":"2026-11-16T00:00:00Z","post_id":"p","count":-9e99}`:   {Reason: ReasonWrongType, Field: "count"},
		`{"event":"viewed","occurred_at":"2026-11-16T00:00:00Z","post_id":"p","count":"three"}`: {Reason: ReasonWrongType, Field: "count"},
	} {
		_, r := DecodeActivity([]byte(in), testMeta(), testLimits())
		if r == nil || r.Reason != want.Reason || r.Field != want.Field {
			t.Errorf("%s: got %v, want %s at %s", in, r, want.Reason, want.Field)
		}
	}
	if _, r := DecodeActivity([]byte(`{"event":"point","occurred_at":"2026-11-16T00:00:00Z","author":{"id":"a"},"count":-30}`), testMeta(), testLimits()); r != nil {
		t.Errorf("points may be taken away: %v", r)
	}
}

func TestAccount(t *testing.T) {
	a, r := DecodeAccount(nil, testMeta(), testLimits())
	if r != nil {
		t.Fatal(r)
	}
	if !a.Deleted || a.AccountID != "k1" || !a.ValidFrom.Equal(recordTime) {
		t.Errorf("tombstone gave %+v", a)
	}
	m := testMeta()
	m.Key = nil
	if _, r := DecodeAccount(nil, m, testLimits()); r == nil || r.Reason != ReasonMissingField || r.Field != "key" {
		t.Errorf("tombstone without key gave %v", r)
	}
	m.Key = []byte("\xff")
	if _, r := DecodeAccount(nil, m, testLimits()); r == nil || r.Reason != ReasonInvalidUTF8 {
		t.Errorf("tombstone with a broken key gave %v", r)
	}
	a, r = DecodeAccount([]byte(`{"account_id":"a","valid_from":"2026-03-01T00:00:00+09:00","attributes":{"plan":"pro","gone":""}}`), testMeta(), testLimits())
	if r != nil || len(a.Attributes) != 1 {
		t.Errorf("got %+v, %v", a, r)
	}
	if _, r = DecodeAccount([]byte(`{"account_id":"a"}`), testMeta(), testLimits()); r == nil || r.Field != "valid_from" {
		t.Errorf("got %v, want valid_from missing", r)
	}
}

func TestSurvey(t *testing.T) {
	const ok = `{"response_id":"r","metric":"nps","score":0,"answered_at":"2026-11-16T00:00:00Z"}`
	s, r := DecodeSurvey([]byte(ok), testMeta(), testLimits())
	if r != nil || *s.Score != 0 || s.SourceVersion() != uint64(s.AnsweredAt.UnixMilli()) {
		t.Errorf("got %+v, %v", s, r)
	}
	for in, want := range map[string]Reject{
		`{"metric":"nps","score":0,"answered_at":"2026-11-16T00:00:00Z"}`:                         {Reason: ReasonMissingField, Field: "response_id"},
		`{"response_id":"r","metric":"nps","answered_at":"2026-11-16T00:00:00Z"}`:                 {Reason: ReasonMissingField, Field: "score"},
		`{"response_id":"r","metric":"nps","score":11,"answered_at":"2026-11-16T00:00:00Z"}`:      {Reason: ReasonOutOfRange, Field: "score"},
		`{"response_id":"r","metric":"csat","score":0,"answered_at":"2026-11-16T00:00:00Z"}`:      {Reason: ReasonOutOfRange, Field: "score"},
		`{"response_id":"r","metric":"ces","score":1,"answered_at":"2026-11-16T00:00:00Z"}`:       {Reason: ReasonUnknownValue, Field: "metric"},
		`{"response_id":"r","metric":"nps","score":1}`:                                            {Reason: ReasonMissingField, Field: "answered_at"},
		`{"response_id":"r","metric":"nps","score":"1","answered_at":"2026-11-16T00:00:00Z"}`:     {Reason: ReasonWrongType, Field: "score"},
		`{"response_id":"r","metric":"nps","score":1,"answered_at":"2026-11-16T00:00:00Z","x":1}`: {Reason: ReasonUnknownField, Field: "x"},
	} {
		_, r := DecodeSurvey([]byte(in), testMeta(), testLimits())
		if r == nil || r.Reason != want.Reason || r.Field != want.Field {
			t.Errorf("%s: got %v, want %s at %s", in, r, want.Reason, want.Field)
		}
	}
}

func TestLimitsValidateNamesEachField(t *testing.T) {
	if err := DefaultLimits().Validate(); err != nil {
		t.Fatal(err)
	}
	err := Limits{}.Validate()
	for _, name := range []string{"max_message_bytes", "max_depth", "max_id_bytes", "max_name_bytes", "max_title_bytes", "max_value_bytes", "max_url_bytes", "max_entries", "max_ahead"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("the fault of %s is not named: %v", name, err)
		}
	}
}

// typical is a post of 532 bytes, as the measurements of the design used.
var typical = func() []byte {
	const head = `{"post_id":"p-1029384756","event":"created","version":3,"posted_at":"2026-11-16T09:00:00+09:00","community":"camera","source":"forum","channel":"使い方","thread_id":"t-77","reply_to":"p-1","url":"https://example.com/t/77#1029384756","views":12,"reactions":{"like":3},"author":{"id":"u-12345","role":"member","account_id":"a-1"},"attributes":{"plan":"pro","touch_model":"high"},"body":"`
	body := strings.Repeat("写真の取り込みが遅くて困っています。", 9)
	return []byte(head + body[:(532-len(head)-2)/3*3] + `"}`)
}()

func BenchmarkDecodePost(b *testing.B) {
	if _, r := DecodePost(typical, testMeta(), testLimits()); r != nil {
		b.Fatal(r)
	}
	b.SetBytes(int64(len(typical)))
	b.ReportAllocs()
	m, l := testMeta(), testLimits()
	for b.Loop() {
		_, _ = DecodePost(typical, m, l)
	}
}
