package report_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"voc/dashboards/dashtest"
	"voc/dashboards/report"
	"voc/schema/chtest"
	"voc/schema/engine"
)

func TestMain(m *testing.M) { chtest.Main(m) }

var keep = flag.String("keep", "", "folder to leave the rendered reports in, to look at them")

func options() report.Options {
	return report.Options{Community: dashtest.Community, CommunityName: "見本コミュニティ", Week: dashtest.Week()}
}

func build(t *testing.T, db *chtest.DB, opt report.Options) *report.Report {
	t.Helper()
	r, err := report.Build(t.Context(), db.As(t, engine.Reader), opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func html(t *testing.T, r *report.Report, base string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := r.HTML(&out, base); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func leave(t *testing.T, name string, content []byte) {
	t.Helper()
	if *keep != "" {
		if err := os.WriteFile(filepath.Join(*keep, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReport(t *testing.T) {
	db := chtest.Open(t)
	dashtest.Fill(t, db, 1)
	r := build(t, db, options())
	leave(t, "report.html", html(t, r, "https://voc.example.jp"))
}
