package importer

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"voc/ingest/event"
)

// FuzzReader holds for any bytes and format: no panic, every row is counted once, what comes out is accepted by the
// pipeline's decoder, and no id is given to two rows that bring none.
func FuzzReader(f *testing.F) {
	for _, s := range []string{
		"body,date\na,2026-11-01\n", "本文\t評価\n\"x\ny\"\t5\n", `{"body":"a","author":{"id":"u"}}` + "\n{", "\xff\xfeb\x00\n\x00a\x00",
		"body\n\"a\n\"b\n\"\"\"c\"\n", "\x1b$B%\x1b(B\n", "\x83\x81,\x83\x82\n", "body,body2\r\n,\r\n\r\n\"a\"\"\",\r", "post_id,text\n1,a\n1,b\n",
	} {
		for i := range 3 {
			f.Add(s, i)
		}
	}
	f.Fuzz(func(t *testing.T, s string, format int) {
		cfg := Config{Format: []Format{CSV, TSV, JSONL}[(format%3+3)%3], MaxErrors: -1, Defaults: map[string]string{"source": "fuzz"}}
		cfg.PostedAt = PostedAt{mode: "now", base: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
		faults := 0
		cfg.OnError = func(e *RowError) {
			faults++
			if e.Line < 1 || e.Reason == "" || e.Detail == "" || !utf8.ValidString(e.Error()) {
				t.Errorf("a fault that tells too little: %+v", e)
			}
		}
		x, err := Open(cfg, strings.NewReader(s))
		if err != nil {
			return
		}
		ids := map[string]bool{}
		last := 0
		st, err := x.Read(t.Context(), func(r Row) error {
			if _, rej := event.DecodePost(r.Value, event.Meta{}, cfg.withDefaults().Limits); rej != nil {
				t.Errorf("the pipeline refuses %s: %v", r.Value, rej)
			}
			if string(r.Key) != r.Post.PostID || r.Line <= last && cfg.Format == JSONL {
				t.Errorf("key %q, line %d after %d", r.Key, r.Line, last)
			}
			last = r.Line
			if strings.HasPrefix(r.Post.PostID, "row-") && len(r.Post.PostID) == 28 && ids[r.Post.PostID] && !strings.Contains(s, "row-") {
				t.Errorf("the id %s is given twice", r.Post.PostID)
			}
			ids[r.Post.PostID] = true
			return nil
		})
		if err != nil {
			t.Fatalf("Read: %v", err)
		}
		if st.Rows != st.Produced+st.SkippedRows() || faults != st.SkippedRows() || st.BytesRead != int64(len(s)) {
			t.Errorf("the count does not add up: %v, %d faults, %d of %d bytes", st, faults, st.BytesRead, len(s))
		}
	})
}

// FuzzRecord compares with the standard library wherever its strict reader accepts the text as one record.
func FuzzRecord(f *testing.F) {
	for _, s := range []string{`a,b`, `"a,""b""",c`, "\"a\nb\",", `,`, `"`, `""`, `a"b,c`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ContainsAny(s, "\r") || s == "" || !utf8.ValidString(s) {
			return
		}
		r := csv.NewReader(strings.NewReader(s))
		r.FieldsPerRecord = -1
		all, err := r.ReadAll()
		got, gotErr := splitRecord(s, ',')
		if err != nil || len(all) != 1 || strings.HasPrefix(s, "\n") || strings.HasSuffix(s, "\n") {
			return
		}
		if gotErr != nil || !slices.Equal(got, all[0]) {
			t.Errorf("%q gives %q, %v; encoding/csv gives %q", s, got, gotErr, all[0])
		}
	})
}

func FuzzTime(f *testing.F) {
	for _, s := range []string{"2026-11-16T09:00:00+09:00", "令和8年1月6日", "2026/1/6 午後3:05", "1767657600"} {
		f.Add(s)
	}
	p := newTimeParser(nil, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		if v, err := p.parse(s); err == nil && v.IsZero() && !strings.HasPrefix(strings.TrimSpace(s), "0001") {
			t.Errorf("%q is read as no time at all", s)
		}
	})
}

func FuzzFlatten(f *testing.F) {
	f.Add(`{"a":{"b":null},"c":1.5e3,"d":"\u3042"}`)
	f.Fuzz(func(t *testing.T, s string) {
		vs, err := flatten(s)
		if err != nil {
			return
		}
		for _, v := range vs {
			if !utf8.ValidString(v.text) && utf8.ValidString(s) {
				t.Errorf("%q gives the broken text %q", s, v.text)
			}
		}
	})
}
