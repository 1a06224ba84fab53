package query_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"voc/dashboards/dashtest"
	"voc/dashboards/query"
	"voc/schema/chtest"
	"voc/schema/engine"
)

func TestMain(m *testing.M) { chtest.Main(m) }

// TestOnCommunity runs the tests that only read on one community, because filling it takes longer than most of them.
func TestOnCommunity(t *testing.T) {
	db := chtest.Open(t)
	truths := dashtest.Fill(t, db, 1)
	for name, test := range map[string]func(*testing.T, *chtest.DB, dashtest.Truths){
		"every query runs": everyQueryRuns, "inline is the same": inlineIsTheSame, "sources add up": sourcesAddUp, "every cell opens its posts": everyCellOpensItsPosts, "every row opens its posts": everyRowOpensItsPosts,
		"segments add up": segmentsAddUp, "segments are those of the time": segmentsAreThoseOfTheTime, "queries equal metrics": queriesEqualMetrics,
		"activity numbers": activityNumbers, "attention reasons": attentionReasons, "severe posts are found": severePostsAreFound,
		"the board opens its posts": boardOpensItsPosts, "weeks and people of a filter": weeksAndPeopleOfAFilter, "decisions are listed": decisionsAreListed,
	} {
		t.Run(name, func(t *testing.T) { test(t, db, truths) })
	}
}

// rowTypes says which Go type the rows of each query have.
func rowTypes() map[string]any {
	return map[string]any{
		"account_states": query.AccountState{}, "attention_reasons": query.EntityReason{}, "channel_weeks": query.ChannelWeek{}, "communities": query.CommunityRow{},
		"core_members": query.CoreMember{}, "dead_letter_reasons": query.DeadLetters{}, "emerging_terms": query.EmergingTerm{}, "week_texts": query.WeekText{}, "week_voices": query.WeekVoice{}, "customer_mix": query.CustomerPart{}, "freshness": query.Freshness{}, "happy_reasons": query.EntityReason{},
		"heatmap": query.HeatCell{}, "intent_posts": query.IntentPost{}, "intent_weeks": query.IntentWeek{}, "ledger_holes": query.LedgerHoles{},
		"ledger_topics": query.LedgerTopic{}, "newcomer_funnel": query.Newcomers{}, "overview_days": query.OverviewDay{}, "overview_weeks": query.OverviewWeek{},
		"post_spans": query.Span{}, "posts_count": query.PostCount{}, "posts_list": query.Post{}, "quarantine": query.Quarantined{},
		"question_ledger": query.Question{}, "question_weeks": query.QuestionWeek{}, "request_topics": query.RequestTopic{}, "retention_cohorts": query.Retention{},
		"segment_keys": query.SegmentKey{}, "segment_weeks": query.SegmentWeek{}, "severe_posts": query.SeverePost{}, "signal_weeks": query.SignalWeek{},
		"stale_windows": query.StaleWindow{}, "success_stories": query.Story{}, "survey_weeks": query.SurveyWeek{}, "thread_posts": query.Post{},
		"topic_days": query.TopicDay{}, "topic_hours": query.TopicHour{}, "topic_intents": query.TopicIntent{}, "topic_phrases": query.TopicPhrase{},
		"topic_threads": query.TopicThread{}, "topic_voices": query.TopicVoices{}, "topic_weeks": query.TopicWeek{}, "voice_candidates": query.VoiceCandidate{},
		"post_record": query.PostRecord{}, "hour_cells": query.HourCell{}, "mentions": query.Mention{}, "topic_roles": query.TopicRoles{},
		"arrival_hours": query.ArrivalHour{}, "quiet_weeks": query.QuietWeek{}, "post_opinions": query.PostOpinion{},
		"role_board": query.BoardCell{}, "decisions": query.Decision{}, "actions": query.Action{}, "posts_weeks": query.PostsWeek{}, "posts_authors": query.PostsAuthor{},
	}
}

// sampleParams gives every parameter of a query that has no default a value that finds rows.
func sampleParams(q query.Query) query.Params {
	week := dashtest.Week()
	var ids []string
	for i := range 40 { // some of them hold opinions
		ids = append(ids, fmt.Sprintf("p%05d", i+1))
	}
	values := map[string]any{
		"community": dashtest.Community, "week": week, "from": week.AddDate(0, 0, -63), "to": week.AddDate(0, 0, 6), "topic": "pricing/plan", "thread": "p00001",
		"id": ids, "segments": []string{"plan", "author_role"}, "intent": []string{"praise"},
	}
	p := query.Params{}
	for _, param := range q.Params {
		if param.Required {
			p[param.Name] = values[param.Name]
		}
	}
	return p
}

// Every query runs with the rights of a reader, returns rows on a full community and none of another community's.
func everyQueryRuns(t *testing.T, db *chtest.DB, _ dashtest.Truths) {
	reader := db.As(t, engine.Reader)
	all, err := query.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	types := rowTypes()
	if len(all) != len(types) {
		t.Errorf("%d queries and %d row types", len(all), len(types))
	}
	empty := map[string]bool{"stale_windows": true}
	for _, q := range all {
		t.Run(q.Name, func(t *testing.T) {
			row, ok := types[q.Name]
			if !ok {
				t.Fatal("it has no row type")
			}
			dest := reflect.New(reflect.SliceOf(reflect.TypeOf(row)))
			began := time.Now()
			if err := query.Run(t.Context(), reader, q.Name, sampleParams(q), dest.Interface()); err != nil {
				t.Fatal(err)
			}
			n := dest.Elem().Len()
			t.Logf("%d rows in %v", n, time.Since(began).Round(time.Millisecond))
			if n == 0 != empty[q.Name] {
				t.Errorf("%d rows", n)
			}
			table, err := query.RunTable(t.Context(), reader, q.Name, sampleParams(q))
			if err != nil {
				t.Fatal(err)
			}
			if len(table.Rows) != n {
				t.Errorf("RunTable gives %d rows, Run %d", len(table.Rows), n)
			}
			fields := map[string]bool{}
			collectTags(reflect.TypeOf(row), fields)
			for _, c := range table.Columns {
				if !fields[c.Name] {
					t.Errorf("column %s has no field", c.Name)
				}
				delete(fields, c.Name)
			}
			for name := range fields {
				t.Errorf("field %s has no column", name)
			}
			if !strings.Contains(q.SQL, "ORDER BY") && q.Name != "posts_count" {
				t.Error("it has no ORDER BY")
			}
		})
	}
}

func collectTags(t reflect.Type, into map[string]bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			collectTags(f.Type, into)
		} else {
			into[f.Tag.Get("ch")] = true
		}
	}
}

// On an empty database every query gives a result, too.
func TestEveryQueryRunsOnNothing(t *testing.T) {
	db := chtest.Open(t)
	all, err := query.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range all {
		if _, err := query.RunTable(t.Context(), db.Conn, q.Name, sampleParams(q)); err != nil {
			t.Error(err)
		}
	}
}
