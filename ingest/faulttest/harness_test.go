package faulttest

import (
	"context"
	"io"
	"net"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"voc/analyze"
	"voc/ingest/faulttest/points"
	"voc/schema/chtest"
)

// A seed must give the same events and faults for ever, or a failure could not be played again.
func TestSeedDecidesEverything(t *testing.T) {
	make := func(seed uint64) (Plan, []Record) {
		g := NewGenerator(seed)
		return NewPlan(seed, KFake), slices.Concat(g.Round(60), g.Aborted(2), g.Round(30), g.Late(10))
	}
	p1, r1 := make(7)
	p2, r2 := make(7)
	if p1.String() != p2.String() || !reflect.DeepEqual(r1, r2) {
		t.Error("one seed gave two plans or two logs")
	}
	if p3, r3 := make(8); p3.String() == p1.String() || reflect.DeepEqual(r1, r3) {
		t.Error("two seeds gave the same")
	}
}

// Neighbouring seeds meet every kind of fault, and thirty of them kill a worker at every step.
func TestSeedsCoverKindsAndSteps(t *testing.T) {
	steps := map[string]int{}
	for seed := uint64(0); seed < 30; seed += 2 {
		kinds := map[Kind]bool{}
		for _, p := range []Plan{NewPlan(seed, KFake), NewPlan(seed+1, KFake)} {
			for _, f := range p.Faults {
				kinds[f.Kind] = true
				if f.Kind == KillAtStep {
					steps[f.Step]++
				}
			}
		}
		for _, k := range slots() {
			if !kinds[k] {
				t.Errorf("seeds %d and %d do not have the fault %q", seed, seed+1, k)
			}
		}
	}
	for _, s := range points.Steps() {
		if steps[s] == 0 {
			t.Errorf("no seed kills a worker at the step %q", s)
		}
	}
	for _, f := range NewPlan(0, KFake).Released().Faults {
		if f.Step != "" {
			t.Errorf("a released worker has no step %q", f.Step)
		}
	}
}

// The events must be sharp: without each of these the harness would miss the faults they are there for.
func TestEventsAreSharp(t *testing.T) {
	g := NewGenerator(3)
	for range 10 {
		g.Round(60)
	}
	g.Late(20)
	g.Aborted(4)
	for _, kind := range []string{
		"post", "edit", "edit that moves the day", "edit with an older version", "edit with an equal version", "deletion", "deletion before its post",
		"post after its deletion", "post older than its deletion", "duplicate of the producer", "bad message", "null value", "survey",
		"survey with a comment", "activity", "account", "late edit", "late deletion", "aborted transaction",
	} {
		if g.Counts[kind] == 0 {
			t.Errorf("no event of the kind %q", kind)
		}
	}
	communities := map[string]map[string]bool{}
	for _, p := range g.posts {
		if communities[p.id] == nil {
			communities[p.id] = map[string]bool{}
		}
		communities[p.id][p.community] = true
	}
	if !slices.ContainsFunc(g.posts, func(p *genPost) bool { return len(communities[p.id]) > 1 }) {
		t.Error("no id is used in two communities")
	}
}

// record makes an entry of a log.
func record(topic string, offset int64, value string) Logged {
	return Logged{Place: Place{topic, 0}, Offset: offset, Time: time.Date(2025, 1, 12, 3, 0, int(offset), 0, time.UTC), Value: []byte(value), Null: value == ""}
}

// The model is checked with a pencil: the expected rows were worked out by hand.
func TestModelByHand(t *testing.T) {
	an, err := analyze.New(analyze.Config{Taxonomy: []byte(taxonomy), TaxonomyName: "taxonomy.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	log := []Logged{
		// p1 is written on 1 January in Japan, moved by a mistake, and its newest version is 3.
		record(topicPosts, 0, `{"post_id":"p1","version":1,"posted_at":"2024-12-31T15:00:00Z","body":"今日は天気がいいですね"}`),
		record(topicPosts, 1, `{"post_id":"p1","event":"edited","version":3,"posted_at":"2025-01-06T00:00:00Z","body":"ガラスが割れました","reply_to":"p0"}`),
		record(topicPosts, 2, `{"post_id":"p1","event":"edited","version":2,"posted_at":"2024-12-31T15:00:00Z","body":"画面が見やすくて気に入っています"}`),
		// p2 was deleted before it was created, by a newer version.
		record(topicPosts, 3, `{"post_id":"p2","event":"deleted","version":5}`),
		record(topicPosts, 4, `{"post_id":"p2","version":4,"posted_at":"2024-12-31T15:00:00Z","body":"料金プランが高すぎます"}`),
		// The offset decides between equal versions.
		record(topicPosts, 5, `{"post_id":"p3","version":1,"community":"b","posted_at":"2025-01-05T14:59:59Z","body":"ログインできません"}`),
		record(topicPosts, 6, `{"post_id":"p3","version":1,"community":"b","posted_at":"2025-01-05T14:59:59Z","body":"ガラスが割れました"}`),
		record(topicPosts, 7, `{"post_id":`),
		record(topicPosts, 8, ``),
		// The newest answer has no comment.
		record(topicSurveys, 0, `{"response_id":"r","metric":"nps","score":9,"answered_at":"2025-01-02T00:00:00Z","comment":"便利です"}`),
		record(topicSurveys, 1, `{"response_id":"r","metric":"nps","score":7,"answered_at":"2025-01-03T00:00:00Z"}`),
	}
	m := NewModel(log, an, privacyKey, time.FixedZone("Asia/Tokyo", 9*3600))
	views := m.Views()
	var posts []string
	for _, r := range views["posts"] {
		posts = append(posts, line([]any{r[0], r[1], r[3], r[22], r[28], r[31]}))
	}
	slices.Sort(posts)
	if want := []string{"b | 2025-01-05 | p3 | ガラスが割れました | 1 | 6", "default | 2025-01-01 | p1 | ガラスが割れました | 3 | 1"}; !slices.Equal(posts, want) {
		t.Errorf("posts\n got %q\nwant %q", posts, want)
	}
	var topics []string
	for _, r := range views["topic_weekly"] {
		if name, ok := r[3].(string); !ok || !strings.HasPrefix(name, "device") {
			continue // what the default taxonomy says of these texts is not the matter here
		}
		topics = append(topics, line([]any{r[0], r[1], r[2], r[3], r[4], r[8], r[9]}))
	}
	slices.Sort(topics)
	want := []string{
		"2024-12-30 | 2025-W01 | b | device | 1 | 1 | 0", "2024-12-30 | 2025-W01 | b | device/screen | 2 | 1 | 0", "2024-12-30 | 2025-W01 | b | device/screen/glass | 3 | 1 | 0",
		"2024-12-30 | 2025-W01 | default | device | 1 | 1 | 1", "2024-12-30 | 2025-W01 | default | device/screen | 2 | 1 | 1", "2024-12-30 | 2025-W01 | default | device/screen/glass | 3 | 1 | 1",
	}
	if !slices.Equal(topics, want) {
		t.Errorf("topics\n got %q\nwant %q", topics, want)
	}
	var ledger []string
	for _, r := range views["ledger"] {
		ledger = append(ledger, line(r))
	}
	slices.Sort(ledger)
	// Read, stored, superseded, dead, filtered: p1 and p3 have two and one old versions, the post of p2 is one as well.
	if want := []string{"voc.posts | 0 | 2025-01-12 | 9 | 3 | 4 | 1 | 1 | 0", "voc.surveys | 0 | 2025-01-12 | 2 | 1 | 1 | 0 | 0 | 0"}; !slices.Equal(ledger, want) {
		t.Errorf("ledger\n got %q\nwant %q", ledger, want)
	}
}

// A reader that could not see a half-published window would prove nothing.
func TestReaderSeesHalfAWindow(t *testing.T) {
	db := chtest.Open(t)
	insert := func(calc, cells, hours string) {
		db.Exec(t, "INSERT INTO day_windows (community, day, calc, marks, cells, hours) VALUES ('c', '2025-01-01', "+calc+", 1, "+
			"[('', 's', '', '', "+cells+", 0, 0, 0, "+cells+", 0, 0, 0, 0, 0, 0, 0, 0, [], [])], [(3, '', "+hours+", 0, [])])")
	}
	r := &Reader{conn: db.Conn}
	insert("1", "2", "2")
	judged, bad, err := r.poll(t.Context())
	if err != nil || judged != 1 || len(bad) != 0 {
		t.Fatalf("a whole window: judged %d, %q, %v", judged, bad, err)
	}
	insert("2", "3", "2")
	if _, bad, err = r.poll(t.Context()); err != nil || len(bad) != 1 || !strings.Contains(bad[0], "half published") {
		t.Errorf("half a window: %q, %v", bad, err)
	}
}

func TestPointsObeyOneOrderOnce(t *testing.T) {
	dir := t.TempDir()
	if err := points.Arm(dir, points.Order{Action: points.Kill, Step: "committed", After: 2}); err != nil {
		t.Fatal(err)
	}
	p := points.New([]string{points.DirEnv + "=" + dir})
	p.At("fetched")
	p.At("committed")
	p.At("committed")
	if _, ok := points.Fired(dir); ok {
		t.Error("an order was carried out too early")
	}
	if !points.Disarm(dir) || points.Disarm(dir) {
		t.Error("an order must be there until it is taken back, once")
	}
	p.At("committed") // would kill this test
}

func TestProxyCutsInTheMiddleOfAWrite(t *testing.T) {
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	got := make(chan string, 1)
	go func() {
		c, err := server.Accept()
		if err != nil {
			return
		}
		b, _ := io.ReadAll(c)
		got <- string(b)
	}()
	p, err := NewProxy(server.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	c, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	p.After(4, func() {
		time.Sleep(50 * time.Millisecond) // an RST may overtake the bytes before it
		p.Cut(Reset, 0)
	})
	if _, err := c.Write([]byte("insert")); err != nil {
		t.Fatal(err)
	}
	if b := <-got; b != "inse" {
		t.Errorf("the server got %q, want the first four bytes", b)
	}
	if _, err := c.Read(make([]byte, 1)); err == nil {
		t.Error("the connection is still there")
	}
}

func TestComparisonCountsRepeats(t *testing.T) {
	var out []string
	only([]string{"a", "a", "b"}, []string{"a", "b", "c"}, func(s string) { out = append(out, s) })
	if !slices.Equal(out, []string{"a"}) {
		t.Errorf("got %q, want the second a", out)
	}
}
