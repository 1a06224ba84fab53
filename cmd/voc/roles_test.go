package main

import (
	"strings"
	"testing"

	"voc/ingest/broker"
	"voc/schema/engine"
)

// nobody is a login that no server knows, for the settings that a command must do without.
func (w *world) nobody(setting string) string {
	login := w.db.DSN(engine.Reader)
	return setting + "=" + strings.Replace(login, string(engine.Reader)+":", "nobody:", 1)
}

// TestEveryCommandNeedsOneRole runs every command with just the login that the documentation of the roles names: the
// other logins do not exist.
func TestEveryCommandNeedsOneRole(t *testing.T) {
	w := newWorld(t, broker.Config{})
	const admin, writer, reader, decider = "VOC_CLICKHOUSE_ADMIN_DSN", "VOC_CLICKHOUSE_DSN", "VOC_CLICKHOUSE_READER_DSN", "VOC_CLICKHOUSE_DECIDER_DSN"
	with := func(given map[string]engine.Role) []string {
		out := w.dsns(given)
		for _, setting := range []string{admin, writer, reader, decider} {
			if _, ok := given[setting]; !ok {
				out = append(out, w.nobody(setting))
			}
		}
		return out
	}
	asAdmin, asWriter, asReader := with(map[string]engine.Role{admin: engine.Admin}), with(map[string]engine.Role{writer: engine.Writer}), with(map[string]engine.Role{reader: engine.Reader})

	if e := w.voc(with(map[string]engine.Role{admin: engine.Writer}), "migrate", "up"); e.code == exitOK {
		t.Errorf("the writer may migrate: %s", e)
	}
	w.must(asAdmin, "migrate", "up")
	w.must(asAdmin, "migrate", "status")
	w.must(asAdmin, "migrate", "plan")
	w.must(nil, "migrate", "plan", "--roles", "--community", "shop")
	w.produce(w.topics[0], nil, append([]string{"not JSON"}, postsOfAWeek...)...)
	r := w.start(asWriter, "run")
	r.await("two posts", func() bool { return w.counted() == 2 })
	if e := r.stop(); e.code != exitOK || strings.Contains(e.err, "ACCESS_DENIED") || strings.Contains(e.err, "privileges") {
		t.Errorf("voc run as writer: %s", e)
	}
	w.must(asWriter, "retag")
	w.must(asReader, "replay", "list")
	w.must(asReader, "query", "SELECT count() FROM posts")
	w.must(asReader, "explain", "p1", "--community", "shop")
	asDecider := append(with(map[string]engine.Role{decider: engine.Decider}), "USER=somebody")
	if e := w.must(asDecider, "quarantine", "p2"); !strings.Contains(e.out, "when voc run counts them") {
		t.Errorf("without the writer, voc quarantine says %s", e)
	}
	w.must(asDecider, "release", "p2")
	w.must(asDecider, "actions", "add", "--topic", "account", "--title", "x", "--owner", "y")
	w.must(asReader, "decisions")
	w.must(asReader, "actions", "list")
	w.must(asReader, "report", "weekly", "--week", "2026-W46", "--out", w.dir)
	s := w.start(asReader, "serve")
	if code, _ := s.page("/"); code != 200 {
		t.Errorf("the first page answers %d", code)
	}
	if e := s.stop(); strings.Contains(e.err, "not read-only") {
		t.Errorf("the reader is taken for a writer: %s", e)
	}
	w.must(with(map[string]engine.Role{admin: engine.Admin, writer: engine.Writer, reader: engine.Reader}), "doctor")
	w.must(asAdmin, "forget", "--yes", "--post", "p2", "--community", "shop", "--settle", "100ms", "--data-dir", "none")
	if e := w.voc(append(with(map[string]engine.Role{decider: engine.Reader}), "USER=x"), "quarantine", "p1"); e.code == exitOK {
		t.Errorf("a reader sets a post aside: %s", e)
	}
	for _, args := range [][]string{
		{"forget", "--yes", "--post", "p1", "--community", "shop", "--settle", "100ms", "--data-dir", "none"}, {"migrate", "up"},
	} {
		if e := w.voc(with(map[string]engine.Role{admin: engine.Reader}), args...); e.code == exitOK {
			t.Errorf("a reader may %s: %s", args[0], e)
		}
	}
	if e := w.voc(with(map[string]engine.Role{reader: engine.Reader}), "query", "SELECT count() FROM post_facts"); e.code == exitOK {
		t.Errorf("a reader reads a table: %s", e)
	}
}
