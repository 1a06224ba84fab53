package eval

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voc/analyze"
)

func posts(sizes map[string]int) []Post {
	var all []Post
	for stratum, n := range sizes {
		for i := range n {
			all = append(all, Post{ID: fmt.Sprintf("%s-%02d", stratum, i), Body: "本文", Stratum: stratum})
		}
	}
	return all
}

func TestSampleIsProportional(t *testing.T) {
	// 7 of 60, 30 and 10: shares 4.2, 2.1 and 0.7, so 4, 2 and 0, and the one left goes to the largest remainder, 0.7.
	sample := Sample(posts(map[string]int{"pos": 60, "neg": 30, "mixed": 10}), 7, 1)
	got := map[string]int{}
	seen := map[string]bool{}
	for _, p := range sample {
		got[p.Stratum]++
		seen[p.ID] = true
	}
	if diff := cmp.Diff(map[string]int{"pos": 4, "neg": 2, "mixed": 1}, got); diff != "" || len(seen) != 7 {
		t.Errorf("strata of the sample (-want +got):\n%s, %d different posts", diff, len(seen))
	}
}

func TestSampleIsReproducible(t *testing.T) {
	all := posts(map[string]int{"a": 20, "b": 20})
	first := Sample(slices.Clone(all), 10, 42)
	slices.Reverse(all)
	if diff := cmp.Diff(first, Sample(all, 10, 42)); diff != "" {
		t.Errorf("the order of the posts changed the sample:\n%s", diff)
	}
	if cmp.Equal(first, Sample(all, 10, 43)) {
		t.Error("another seed gave the same sample")
	}
	if n := len(Sample(all, 100, 1)); n != 40 {
		t.Errorf("asked for more than there are: %d posts, want all 40", n)
	}
	if n := len(Sample(nil, 5, 1)) + len(Sample(all, -1, 1)); n != 0 {
		t.Errorf("a sample of nothing has %d posts", n)
	}
	// A rare stratum must be able to give any of its posts, not always the first.
	drawn := map[string]bool{}
	for seed := range uint64(40) {
		for _, p := range Sample(all, 2, seed) {
			drawn[p.ID] = true
		}
	}
	if len(drawn) < 20 {
		t.Errorf("40 draws of 2 gave only %d different posts", len(drawn))
	}
}

func TestStratum(t *testing.T) {
	if got := Stratum(&analyze.Result{Sentiment: analyze.Negative, Intents: intents("bug", "complaint")}); got != "negative/bug" {
		t.Errorf("stratum %q", got)
	}
	if got := Stratum(&analyze.Result{}); got != "none" {
		t.Errorf("stratum %q", got)
	}
}

// fill writes labels into a sheet as a person would: by row, in the columns of the header.
func fill(t *testing.T, sheet []byte, labels map[string][3]string) *bytes.Buffer {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(sheet, []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		l := labels[r[0]]
		copy(r[5:8], l[:])
	}
	var out bytes.Buffer
	if err := csv.NewWriter(&out).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return &out
}

func TestSheetRoundTrip(t *testing.T) {
	in := []Post{
		{ID: "1", Body: "=cmd|'/C calc'!A0\r\n改行と、\"引用\"", IsReply: true, AuthorRole: "staff"},
		{ID: "-2", Title: "題", Body: "'すでに引用符"},
		{ID: "3", Body: "値段が高い"},
		{ID: "4", Body: "未記入"},
	}
	var sheet bytes.Buffer
	if err := WriteSheet(&sheet, in); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(sheet.Bytes(), []byte("\ufeff")) || bytes.Contains(sheet.Bytes(), []byte("\n1,,=")) {
		t.Errorf("the sheet lacks its byte order mark, or holds a formula:\n%s", sheet.String())
	}
	filled := fill(t, sheet.Bytes(), map[string][3]string{
		"1":   {"Neutral", "", ""},
		"'-2": {"positive", "", "praise、thanks"},
		"3":   {"negative", "pricing:negative; pricing/plan:neutral", "complaint"},
	})
	got, err := ReadSheet(filled, "sheet.csv")
	if err != nil {
		t.Fatal(err)
	}
	want := Sheet{Unlabelled: 1, Items: []Item{
		{ID: "1", Text: "=cmd|'/C calc'!A0\n改行と、\"引用\"", Sentiment: analyze.Neutral, Topics: []TopicLabel{}, Intents: []string{}, Context: Context{IsReply: true, AuthorRole: "staff"}},
		{ID: "-2", Title: "題", Text: "'すでに引用符", Sentiment: analyze.Positive, Topics: []TopicLabel{}, Intents: []string{"praise", "thanks"}},
		{ID: "3", Text: "値段が高い", Sentiment: analyze.Negative, Topics: []TopicLabel{{"pricing", analyze.Negative}, {"pricing/plan", analyze.Neutral}}, Intents: []string{"complaint"}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sheet (-want +got):\n%s", diff)
	}
	rep, err := Score(got.Items, Run(got.Items, fixed{"値段が高い": {Sentiment: analyze.Negative}}), point)
	if err != nil {
		t.Fatal(err)
	}
	// Labelled neutral, positive, negative; given none, none, negative.
	if diff := cmp.Diff([]string{"positive", "negative", "neutral", "none"}, rep.Sentiment.Labels); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]int{{0, 0, 0, 1}, {0, 1, 0, 0}, {0, 0, 0, 1}, {0, 0, 0, 0}}, rep.Sentiment.Confusion); diff != "" {
		t.Error(diff)
	}
}

func TestReadSheetErrors(t *testing.T) {
	const head = "post_id,title,body,is_reply,author_role,sentiment,topics,intents,note\n"
	tests := map[string]struct{ in, want string }{
		"empty":      {"", "voc eval sample"},
		"header":     {"post_id,body\n", `no column "sentiment"`},
		"unlabelled": {head + "1,,a,false,,,,,\n", "no labelled row"},
		"half":       {head + "1,,a,false,,,pricing:negative,,\n", "line 2"},
		"sentiment":  {head + "1,,a,false,,bad,,,\n", "unknown sentiment"},
		"topic":      {head + "1,,a,false,,neutral,pricing,,\n", "topic:polarity"},
		"topic id":   {head + "1,,a,false,,neutral,price:neutral,,\n", `no topic "price"`},
		"intent id":  {head + "1,,a,false,,neutral,,prase,\n", `no intent "prase"`},
		"reply":      {head + "1,,a,maybe,,neutral,,,\n", "true or false"},
		"no id":      {head + ",,a,false,,neutral,,,\n", "post_id"},
		"twice":      {head + "1,,a,false,,neutral,,,\n1,,b,false,,neutral,,,\n", "twice"},
	}
	for name, tt := range tests {
		if _, err := ReadSheet(strings.NewReader(tt.in), "f"); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one that says %q", name, err, tt.want)
		}
	}
	if _, err := ReadSheet(strings.NewReader(head+"1,,a,false,,neutral,brake:negative,recall_risk,\n"), "f", "brake", "recall_risk"); err != nil {
		t.Errorf("ids of one's own taxonomy were refused: %v", err)
	}
}

func FuzzSheetRoundTrip(f *testing.F) {
	f.Add("1", "", "本文")
	f.Add("=1", "'", "\ta\r\nb\"c,")
	f.Fuzz(func(t *testing.T, id, title, body string) {
		if id == "" || body == "" || strings.ContainsRune(id+title+body, '\r') {
			return
		}
		rec := []string{armour(id), armour(title), armour(body), "", "", "neutral", "", "", ""}
		var buf bytes.Buffer
		cw := csv.NewWriter(&buf)
		if err := cw.WriteAll([][]string{sheetHead, rec}); err != nil {
			t.Fatal(err)
		}
		got, err := ReadSheet(&buf, "f")
		if err != nil {
			t.Fatalf("a written sheet is not readable: %v", err)
		}
		if it := got.Items[0]; it.ID != id || it.Title != title || it.Text != body {
			t.Errorf("wrote %q %q %q, read %q %q %q", id, title, body, it.ID, it.Title, it.Text)
		}
	})
}
