package ingest_test

import (
	"fmt"
	"strings"
	"testing"

	"voc/analyze"
	"voc/ingest"
	"voc/ingest/mask"
	"voc/ingest/pipetest"
	"voc/ingest/privacy"
	"voc/schema"
)

// personal are values that must be in no table, in whatever field a source puts them.
var personal = []string{"taro.yamada@example.jp", "090-1234-5678", "4111-1111-1111-1111", "山田太郎", "SECRETTOKEN"}

// TestNoTableHoldsPersonalData puts personal values into every text field of every event, and searches every column of
// every table.
func TestNoTableHoldsPersonalData(t *testing.T) {
	e := pipetest.New(t, 1)
	an, err := analyze.New(analyze.Config{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := mask.New(mask.Config{Key: []byte(pipetest.Key)}, mask.NewDictionaryNames(an.Tokenizer()))
	if err != nil {
		t.Fatal(err)
	}
	if e.Deps.Masker, err = privacy.NewWithMasker([]byte(pipetest.Key), m, nil); err != nil {
		t.Fatal(err)
	}
	e.Deps.NewTagger = func() ingest.Tagger { return an.NewWorker() }
	const text = `山田太郎です。taro.yamada@example.jp か 090-1234-5678 へ。カードは 4111-1111-1111-1111`
	const mail = `taro.yamada@example.jp`
	attributes := fmt.Sprintf(`{"email":%q,"phone":"090-1234-5678","owner":"担当 山田太郎様","card":"4111-1111-1111-1111","link":"https://example.jp/?token=SECRETTOKEN",%q:"x"}`, mail, mail)
	author := fmt.Sprintf(`{"id":%q,"role":"member","level":%q,"account_id":%q}`, mail, mail, mail)
	values := map[string][]string{
		e.Config.Topics.Posts: {
			fmt.Sprintf(`{"post_id":"1","posted_at":"2026-11-16T09:00:00+09:00","title":%q,"body":%q,"channel":%q,"thread_id":%q,"reply_to":%q,"url":"https://example.jp/p?token=SECRETTOKEN&mail=taro.yamada@example.jp","reactions":{%q:1},"author":%s,"attributes":%s}`,
				text, text, "DM 山田太郎様 "+mail, mail, mail, mail, author, attributes),
			fmt.Sprintf(`{"post_id":%q,"posted_at":"2026-11-16T09:00:00+09:00","body":"本文"}`, mail),
			fmt.Sprintf(`{"post_id":%q,"event":"deleted","version":2}`, mail+"/gone"),
			fmt.Sprintf(`{"post_id":"2","posted_at":%q,"body":"x"}`, mail),
			fmt.Sprintf(`{"post_id":"3",%q:1}`, mail),
			fmt.Sprintf(`{"post_id":"4","posted_at":"2026-11-16T09:00:00+09:00","body":"x","event":%q}`, text),
			text,
		},
		e.Config.Topics.Activity: {
			fmt.Sprintf(`{"event":"joined","event_id":%q,"occurred_at":"2026-11-16T09:00:00+09:00","author":%s,"invited_by":%q,"kind":%q,"attributes":%s}`, mail, author, mail, mail, attributes),
			fmt.Sprintf(`{"event":"viewed","event_id":"b","occurred_at":"2026-11-16T09:00:00+09:00","post_id":%q,"author":%s}`, mail, author),
		},
		e.Config.Topics.Accounts: {
			fmt.Sprintf(`{"account_id":%q,"valid_from":"2026-11-01T00:00:00+09:00","name":%q,"attributes":{"mail":%q,"phone":"090-1234-5678","csm_owner":"高橋"}}`, mail, "山田太郎", mail),
			`{"account_id":"a-1","valid_from":"2026-11-01T00:00:00+09:00","name":"株式会社山田製作所"}`,
		},
		e.Config.Topics.Surveys: {
			fmt.Sprintf(`{"response_id":%q,"survey_id":%q,"metric":"nps","score":3,"answered_at":"2026-11-16T09:00:00+09:00","comment":%q,"author":%s,"attributes":%s}`, mail, mail, text, author, attributes),
		},
	}
	keys := []string{mail, "x", mail + "/gone", "090-1234-5678", "y", "z", text}
	for topic, vs := range values {
		for i, v := range vs {
			e.Produce(topic, 0, keys[i]+"\t"+v)
		}
	}
	_, stop := e.Run()
	for topic, vs := range values {
		e.Settled(topic, 0, int64(len(vs)))
	}
	stop()
	e.Counted()
	for _, table := range schema.Tables() {
		for _, line := range e.DB.Query(t, "SELECT * FROM "+table) {
			for _, value := range personal {
				if strings.Contains(line, value) {
					t.Errorf("%s holds %s: %s", table, value, line)
				}
			}
		}
	}
	for _, view := range schema.Views() {
		for _, line := range e.DB.Query(t, "SELECT * FROM "+view) {
			for _, value := range personal {
				if strings.Contains(line, value) {
					t.Errorf("%s shows %s: %s", view, value, line)
				}
			}
		}
	}
	// Rows are still joined by their ids, and what is no person is readable.
	for query, want := range map[string]string{
		"SELECT toString(count()) FROM posts AS p JOIN activity AS a ON a.post_id = p.post_id WHERE a.event = 'viewed'": "1",
		"SELECT toString(count()) FROM posts AS p JOIN accounts AS a ON a.account_id = p.account_id":                    "2",
		"SELECT name FROM accounts WHERE account_id = 'a-1'":                                                            "株式会社山田製作所",
		"SELECT attributes['csm_owner'] FROM accounts WHERE account_id != 'a-1'":                                        "高橋",
		"SELECT toString(count()) FROM dead_letters":                                                                    "4",
	} {
		if got := e.DB.Strings(t, query); len(got) != 1 || got[0] != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}
