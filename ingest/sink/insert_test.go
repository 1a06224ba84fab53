package sink

import (
	"context"
	"errors"
	"fmt"
	"net"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
)

func TestMain(m *testing.M) { chtest.Main(m) }

func open(t *testing.T, db *chtest.DB) *Sink {
	t.Helper()
	cfg := DefaultConfig()
	cfg.DSN, cfg.Database = db.DSN(engine.Writer), db.Database
	s, err := New(cfg, Deps{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// full gives every field of a row a value of its own, and empty slices and maps to each third row.
func full[R any](n int) []*R {
	var out []*R
	for i := range n {
		r := new(R)
		set(reflect.ValueOf(r).Elem(), i, 0)
		out = append(out, r)
	}
	return out
}

func set(v reflect.Value, row, field int) {
	n := 7*row + field + 1
	if t, ok := v.Addr().Interface().(*time.Time); ok {
		*t = time.Date(2026, time.Month(1+n%12), 1+n%28, 0, 0, 0, 0, time.UTC)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			set(v.Field(i), row, field+i)
		}
		if e, ok := v.Addr().Interface().(*schema.PostEvidence); ok {
			for i := range e.Kind {
				e.Kind[i] = schema.EvidenceKinds()[(row+i)%len(schema.EvidenceKinds())]
				e.Field[i] = schema.EvidenceFields()[(row+i)%len(schema.EvidenceFields())]
			}
		}
	case reflect.String:
		v.SetString(fmt.Sprintf("値 %d\x00\n'", n))
	case reflect.Bool:
		v.SetBool(n%2 == 0)
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(n % 250))
	case reflect.Int64:
		v.SetInt(int64(-n))
	case reflect.Float32:
		v.SetFloat(float64(n) / 7)
	case reflect.Slice:
		for i := range row % 3 {
			v.Set(reflect.Append(v, reflect.New(v.Type().Elem()).Elem()))
			set(v.Index(i), row, i)
		}
	case reflect.Map:
		if row%3 > 0 {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			set(key, row, field)
			set(value, row, field)
			v.Set(reflect.MakeMap(v.Type()))
			v.SetMapIndex(key, value)
		}
	}
}

// What the sink writes is what clickhouse-go writes of the same rows, and its columns have the types of the table, so that
// the server need not convert them.
func TestRowsArriveAsWithTheOtherLibrary(t *testing.T) {
	theirs, ours := chtest.Open(t), chtest.Open(t)
	s := open(t, ours)
	same(t, s, theirs, ours, posts, full[schema.PostRow](40))
	same(t, s, theirs, ours, registry, full[schema.RegistryRow](40))
	same(t, s, theirs, ours, activity, full[schema.ActivityRow](40))
	same(t, s, theirs, ours, accounts, full[schema.AccountRow](40))
	same(t, s, theirs, ours, surveys, full[schema.SurveyRow](40))
	same(t, s, theirs, ours, outcomes, full[schema.OutcomeRow](40))
	same(t, s, theirs, ours, deadLetters, full[schema.DeadLetterRow](40))
	same(t, s, theirs, ours, marks, full[schema.Window](40))
}

func same[R any](t *testing.T, s *Sink, theirs, ours *chtest.DB, tab table[R], rows []*R) {
	t.Helper()
	var reference []schema.Row
	for _, r := range rows {
		row, ok := any(r).(schema.Row)
		if !ok {
			t.Fatalf("%T is no row", r)
		}
		reference = append(reference, row)
	}
	theirs.Insert(t, reference...)
	// Twice, because a block is used again; the second half is of other sizes.
	for _, some := range [][]*R{rows[:len(rows)/3], rows[len(rows)/3:]} {
		if err := insert(t.Context(), s, tab, some); err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	for _, c := range tab.columns {
		names = append(names, "`"+c.name+"`")
	}
	query := "SELECT " + strings.Join(names, ", ") + " FROM " + tab.name + " ORDER BY ALL"
	if got, want := ours.Query(t, query), theirs.Query(t, query); !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant\n%s", tab.name, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	types := map[string]string{}
	for _, l := range ours.Strings(t, "SELECT name || '=' || replaceRegexpAll(type, '(DateTime64.3), \\'[^\\']*\\'', '\\\\1') FROM system.columns WHERE database = currentDatabase() AND table = ?", tab.name) {
		name, typ, _ := strings.Cut(l, "=")
		types[name] = typ
	}
	for _, c := range tab.block().input {
		if want := types[c.Name]; strings.ReplaceAll(string(c.Data.Type()), ", ", ",") != strings.ReplaceAll(want, ", ", ",") && !strings.HasPrefix(want, "SimpleAggregateFunction") {
			t.Errorf("%s.%s is a %s, but the table has a %s", tab.name, c.Name, c.Data.Type(), want)
		}
	}
}

// Each month of an insert becomes one part, although it comes in one statement.
func TestAMonthIsAPart(t *testing.T) {
	db := chtest.Open(t)
	s := open(t, db)
	var rows []*schema.PostRow
	for i := range 60 {
		at := time.Date(2026, time.Month(1+i%5), 1+i/5, 0, 0, 0, 0, time.UTC)
		rows = append(rows, &schema.PostRow{Community: "c", PostID: fmt.Sprint(i), Day: at, PostedAt: at})
	}
	db.Exec(t, "SYSTEM STOP MERGES post_facts")
	if err := insert(t.Context(), s, posts, rows); err != nil {
		t.Fatal(err)
	}
	got := db.Query(t, "SELECT partition, rows FROM system.parts WHERE database = currentDatabase() AND table = 'post_facts' AND active ORDER BY partition")
	if want := []string{"('202601',12)", "('202602',12)", "('202603',12)", "('202604',12)", "('202605',12)"}; !slices.Equal(got, want) {
		t.Errorf("parts %v, want %v", got, want)
	}
}

// A value that no column holds is the row's fault and not the server's.
func TestValuesThatDoNotFit(t *testing.T) {
	s := open(t, chtest.Open(t))
	good := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	for name, r := range map[string]schema.PostRow{
		"day":   {Day: time.Date(2150, 1, 1, 0, 0, 0, 0, time.UTC), PostedAt: good},
		"early": {Day: good, PostedAt: time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)},
		"late":  {Day: good, PostedAt: time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC)},
		"kind":  {Day: good, PostedAt: good, Evidence: schema.PostEvidence{Kind: []string{"topics"}}},
	} {
		// Also when it is in a month that is sent after others.
		rows := []*schema.PostRow{{Day: good.AddDate(0, -1, 0), PostedAt: good}, &r}
		began := time.Now()
		if err := insert(t.Context(), s, posts, rows); Class(err) != "poison" {
			t.Errorf("%s: %v is not the row's fault", name, err)
		}
		if took := time.Since(began); took > s.cfg.InsertTimeout/2 {
			t.Errorf("%s: it took %s to say so", name, took)
		}
	}
	if err := insert(t.Context(), s, posts, []*schema.PostRow{{Day: good}}); err != nil {
		t.Errorf("the next insert fails: %v", err)
	}
}

// Idle connections of a server that was restarted are not tried one after the other.
func TestConnectionsThatBroke(t *testing.T) {
	db := chtest.Open(t)
	s := open(t, db)
	c, ok := s.inserter.(*connections)
	if !ok {
		t.Fatalf("the inserter is a %T", s.inserter)
	}
	row := []*schema.Window{{Community: "c", Day: time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)}}
	for range 3 {
		conn, err := c.dial(t.Context(), c.hosts[0])
		if err != nil {
			t.Fatal(err)
		}
		c.give(conn, true)
	}
	for _, conn := range c.idle {
		conn.raw.Close()
	}
	if err := insert(t.Context(), s, marks, row); Class(err) != "unreachable" {
		t.Errorf("over a broken connection: %v", err)
	}
	if err := insert(t.Context(), s, marks, row); err != nil {
		t.Errorf("the insert after it fails, too: %v", err)
	}
}

// A server that takes a connection and says nothing must not hold an insert for longer than its time.
func TestASilentServer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	cfg := DefaultConfig()
	cfg.DSN, cfg.InsertTimeout = "clickhouse://u:p@"+l.Addr().String()+"/", 100*time.Millisecond
	s, err := New(cfg, Deps{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	row := []*schema.Window{{Community: "c", Day: time.Unix(0, 0)}}
	if err := insert(t.Context(), s, marks, row); Class(err) != "unreachable" {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(20*time.Millisecond, func() { cancel(errors.New("stop")) })
	s.cfg.InsertTimeout = time.Hour
	if err := insert(ctx, s, marks, row); err == nil {
		t.Error("the insert has an answer")
	}
}

func TestHostsInTheirOrder(t *testing.T) {
	for strategy, want := range map[clickhouse.ConnOpenStrategy][]string{
		clickhouse.ConnOpenInOrder: {"abc", "abc"}, clickhouse.ConnOpenRoundRobin: {"bca", "cab"},
	} {
		c := &connections{hosts: []string{"a", "b", "c"}, strategy: strategy}
		for _, w := range want {
			if got := strings.Join(c.order(), ""); got != w {
				t.Errorf("strategy %d: %s, want %s", strategy, got, w)
			}
		}
	}
}

func TestSettingsAreTaken(t *testing.T) {
	s, err := New(Config{DSN: "clickhouse://u:p@h:9000/?max_memory_usage=7&compress=zstd", Database: "voc", InsertTimeout: time.Second, RetryMin: 1, RetryMax: 1}, Deps{})
	if err != nil {
		t.Fatal(err)
	}
	c, ok := s.inserter.(*connections)
	if !ok {
		t.Fatalf("the inserter is a %T", s.inserter)
	}
	got := map[string]string{}
	for _, x := range c.options.Settings {
		got[x.Key] = x.Value
	}
	if got["max_memory_usage"] != "7" || got["async_insert"] != "0" || got["min_insert_block_size_rows"] != "0" {
		t.Errorf("settings are %v", got)
	}
	if c.options.User != "u" || c.options.Password != "p" || c.options.Compression.String() != "ZSTD" {
		t.Errorf("user %q, compression %s", c.options.User, c.options.Compression)
	}
	if err := (Config{DSN: "http://u:p@h:8123/", Database: "voc", InsertTimeout: 1, RetryMin: 1, RetryMax: 1}).Validate(); err == nil || !strings.Contains(err.Error(), "native") {
		t.Errorf("HTTP is taken: %v", err)
	}
}
