package eval

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voc/analyze"
)

func TestReadErrors(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"empty":       {"\n", "no labelled post"},
		"not JSON":    {"{\"text\":\"a\"}\n{", "f line 2"},
		"sentiment":   {`{"text":"a","sentiment":"posi"}`, "positive, negative, neutral or mixed"},
		"typo":        {`{"text":"a","sentimet":"positive"}`, "sentimet"},
		"no text":     {`{"id":"1"}`, "needs a text"},
		"topic":       {`{"text":"a","topics":[{"id":"x"}]}`, "topic x"},
		"topic id":    {`{"text":"a","topics":[{"sentiment":"neutral"}]}`, "no id"},
		"topic twice": {`{"text":"a","topics":[{"id":"x","sentiment":"neutral"},{"id":"x","sentiment":"mixed"}]}`, "twice"},
		"intent":      {`{"text":"a","intents":["x","x"]}`, "twice"},
		"intent ''":   {`{"text":"a","intents":[""]}`, "empty"},
		"id twice":    {"{\"id\":\"1\",\"text\":\"a\"}\n{\"id\":\"1\",\"text\":\"b\"}", "line 1"},
		"judge":       {`{"text":"a","signals":[{"kind":"k","value":"v"}]}`, "judge"},
		"judge 2":     {`{"text":"a","intents":["bug"],"judge":["praise"]}`, "judge"},
		"also":        {`{"text":"a","signals":[{"kind":"k","value":"v"}],"also_signals":[{"kind":"k","value":"v"}],"judge":["k"]}`, "at once"},
		"signal":      {`{"text":"a","signals":[{"kind":"k"}],"judge":["k"]}`, "kind and value"},
	}
	for name, tt := range tests {
		if _, err := Read(strings.NewReader(tt.in), "f"); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one that says %q", name, err, tt.want)
		}
	}
	items, err := Read(strings.NewReader("\ufeff{\"text\":\"a\",\"topics\":[]}\n\n{\"text\":\"b\"}"), "f")
	if err != nil {
		t.Fatal(err)
	}
	if items[0].ID != "line-1" || items[1].ID != "line-3" || items[0].Topics == nil || items[1].Topics != nil {
		t.Errorf("read %+v; want line numbers as ids, and an empty list apart from an absent one", items)
	}
}

func TestReadTable(t *testing.T) {
	const tsv = "text\tlabel\tsplit\n(笑)\tneu\ttrain\r\nいい\tpos\tdev\n\n\"だめ\tneg\tdev\nなし\tnone\tdev\n"
	m, err := ParseMap([]string{"pos=positive", "neg=negative", "neu=neutral", "none="})
	if err != nil {
		t.Fatal(err)
	}
	items, err := ReadTable(strings.NewReader(tsv), "f", TableOptions{Format: "tsv", Map: m, Where: map[string]string{"split": "dev"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []Item{{ID: "line-3", Text: "いい", Sentiment: analyze.Positive}, {ID: "line-5", Text: `"だめ`, Sentiment: analyze.Negative}}
	if diff := cmp.Diff(want, items); diff != "" {
		t.Error(diff)
	}

	const csv = "no,review,stars\n7,\"早い、\n安い\",positive\n"
	items, err = ReadTable(strings.NewReader(csv), "f", TableOptions{Format: "csv", TextColumn: "review", LabelColumn: "stars", IDColumn: "no"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Item{{ID: "7", Text: "早い、\n安い", Sentiment: analyze.Positive}}, items); diff != "" {
		t.Error(diff)
	}
}

func TestReadTableErrors(t *testing.T) {
	tests := map[string]struct {
		in   string
		opt  TableOptions
		want string
	}{
		"format":    {"text\tlabel\n", TableOptions{Format: "xls"}, "tsv or csv"},
		"empty":     {"", TableOptions{Format: "csv"}, "header"},
		"column":    {"body\tlabel\na\tpositive\n", TableOptions{Format: "tsv"}, `no column "text"`},
		"label":     {"text\tlabel\na\tgood\n", TableOptions{Format: "tsv"}, "good=positive"},
		"fields":    {"text\tlabel\na\n", TableOptions{Format: "tsv"}, "line 2: 1 fields"},
		"no text":   {"text\tlabel\n\tpositive\n", TableOptions{Format: "tsv"}, "needs a text"},
		"where":     {"text\tlabel\na\tpositive\n", TableOptions{Format: "tsv", Where: map[string]string{"split": "x"}}, `"split"`},
		"nothing":   {"text\tlabel\na\tpositive\n", TableOptions{Format: "tsv", Where: map[string]string{"text": "x"}}, "no row is left"},
		"twice":     {"text\ttext\n", TableOptions{Format: "tsv"}, "two columns"},
		"map value": {"text\tlabel\n", TableOptions{Format: "tsv", Map: map[string]analyze.Sentiment{"a": "b"}}, "unknown sentiment"},
	}
	for name, tt := range tests {
		if _, err := ReadTable(strings.NewReader(tt.in), "f", tt.opt); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one that says %q", name, err, tt.want)
		}
	}
	for _, bad := range []string{"pos", "=positive", "pos=good"} {
		if _, err := ParseMap([]string{bad}); err == nil {
			t.Errorf("mapping %q was accepted", bad)
		}
	}
	if _, err := ParseMap([]string{"a=positive", "a=negative"}); err == nil {
		t.Error("a label mapped twice was accepted")
	}
}

// targets judges a target by the word itself.
type targets map[string]analyze.Sentiment

func (m targets) AnalyzeAspect(in analyze.Input, start, end int) (analyze.Sentiment, []analyze.Evidence) {
	word := string([]rune(in.Body)[start:end])
	return m[word], []analyze.Evidence{{Start: start, End: end, Text: word, Rule: "t"}}
}

func TestAspects(t *testing.T) {
	const tsv = "text\ttarget\tlabel\tfrom\tto\n" +
		"売上は増え、利益は減った\t売上\tpositive\t0\t2\n" +
		"売上は増え、利益は減った\t利益\tnegative\t6\t8\n" +
		"横ばい\t横\tneutral\t0\t1\n"
	all, err := ReadAspects(strings.NewReader(tsv), "f", TableOptions{Format: "tsv"})
	if err != nil {
		t.Fatal(err)
	}
	rep, err := ScoreAspects(all, RunAspects(all, targets{"売上": analyze.Positive, "利益": analyze.Positive, "横": analyze.Neutral}), point)
	if err != nil {
		t.Fatal(err)
	}
	if s := rep.Sentiment; s.Accuracy.Hits != 2 || s.Accuracy.Total != 3 || s.Flips != 1 {
		t.Errorf("accuracy %v with %d flips, want 2 of 3 with 1", s.Accuracy, s.Flips)
	}
	if len(rep.Misses) != 1 || !rep.Misses[0].Flip || !strings.HasPrefix(rep.Misses[0].Text, "【利益】") {
		t.Errorf("misses = %+v", rep.Misses)
	}
	for _, bad := range []string{"a\tb\tpositive\t0\t2\n", "a\tb\tpositive\t1\t1\n", "a\tb\tpositive\t-1\t1\n", "a\tb\tpositive\tx\t1\n"} {
		if _, err := ReadAspects(strings.NewReader("text\ttarget\tlabel\tfrom\tto\n"+bad), "f", TableOptions{Format: "tsv"}); err == nil {
			t.Errorf("aspect %q was accepted", bad)
		}
	}
	if _, err := ScoreAspects(all, nil, point); err == nil {
		t.Error("results of another length were accepted")
	}
}

func TestVariants(t *testing.T) {
	groups, err := ReadVariants(strings.NewReader(`{"id":"v1","concept":"サーバー","forms":["サーバー","サーバ"],"distinct":["サーバント"]}
{"id":"v2","concept":"申込","forms":["申込","申し込み"]}`), "f")
	if err != nil {
		t.Fatal(err)
	}
	cut := func(s string) string { return string([]rune(s)[:2]) }
	rep := ScoreVariants(groups, cut)
	// サーバー, サーバ and サーバント all become サー; 申し込み becomes 申し.
	if rep.Groups.Hits != 0 || rep.Forms.Hits != 3 || rep.Forms.Total != 4 || len(rep.Wrong) != 2 {
		t.Errorf("variants = %+v, want 3 of 4 forms, no group, 2 complaints", rep)
	}
	if _, err := ReadVariants(strings.NewReader(`{"id":"v1","concept":"a","forms":["a"]}`), "f"); err == nil {
		t.Error("a group with one form was accepted")
	}
}

func FuzzReaders(f *testing.F) {
	f.Add([]byte(battery))
	f.Add([]byte("text\tlabel\tfrom\tto\na\tpositive\t0\t1\n"))
	f.Add([]byte("text,label\n\"a\nb\",neutral\n"))
	f.Add([]byte("post_id,title,body,is_reply,author_role,sentiment,topics,intents,note\n1,,'=a,true,,mixed,pricing:mixed,bug tip,\n"))
	f.Add([]byte("dev.jsonl:\n  flips: {max: 0}\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		if items, err := Read(bytes.NewReader(in), "f"); err == nil {
			if _, err := Score(items, Run(items, fixed{}), point); err != nil {
				t.Errorf("posts that were read cannot be scored: %v", err)
			}
		}
		for _, format := range []string{"tsv", "csv"} {
			if items, err := ReadTable(bytes.NewReader(in), "f", TableOptions{Format: format}); err == nil {
				for _, it := range items {
					if it.check() != nil {
						t.Errorf("a table gave the post %+v", it)
					}
				}
			}
			if all, err := ReadAspects(bytes.NewReader(in), "f", TableOptions{Format: format}); err == nil {
				for _, a := range all {
					if a.Target() == "" {
						t.Errorf("an aspect without target: %+v", a)
					}
				}
			}
		}
		if sheet, err := ReadSheet(bytes.NewReader(in), "f"); err == nil && len(sheet.Items) == 0 {
			t.Error("a sheet without labels was read without an error")
		}
		if groups, err := ReadVariants(bytes.NewReader(in), "f"); err == nil {
			ScoreVariants(groups, strings.ToLower)
		}
		if threads, err := ReadThreads(bytes.NewReader(in), "f"); err == nil {
			ScoreThreads(threads, func(t Thread) bool { return t.AskerQuiet }, point.Bootstrap)
		}
		if floors, err := ReadFloors(bytes.NewReader(in), "f"); err == nil {
			for file := range floors {
				_ = CheckFloors(floors, file, &Report{})
			}
		}
	})
}

func TestThreads(t *testing.T) {
	threads, err := ReadThreads(strings.NewReader(`
{"id":"1","posts":[{"author":"asker","role":"member","text":"?"}],"resolved":false,"asker_quiet":false,"first_reply":"none"}
{"id":"2","posts":[{"author":"asker","role":"member","text":"解決しました"}],"resolved":true,"how":"self","solver":"asker","asker_quiet":false,"first_reply":"none"}
{"id":"3","posts":[{"author":"asker","role":"member","text":"できた"}],"resolved":true,"how":"self","solver":"asker","asker_quiet":false,"first_reply":"none"}
`), "f")
	if err != nil {
		t.Fatal(err)
	}
	rep := ScoreThreads(threads, func(t Thread) bool { return t.ID != "3" }, point.Bootstrap)
	if r, _ := rep.Row("resolved"); r.TP != 1 || r.FP != 1 || r.FN != 1 || r.F1.Value != 0.5 {
		t.Errorf("resolved = %+v, want 1 right, 1 wrong, 1 missed", r)
	}
	for _, bad := range []string{`{"id":"1","posts":[],"resolved":false}`, `{"id":"1","posts":[{"author":"a","text":"b"}],"resolved":true}`, "{"} {
		if _, err := ReadThreads(strings.NewReader(bad), "f"); err == nil {
			t.Errorf("thread %s was accepted", bad)
		}
	}
}
