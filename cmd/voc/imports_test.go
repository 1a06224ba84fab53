package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestImportsPointOneWay holds the drawing of the README against the code: cmd -> dashboards, ingest -> analyze, schema.
func TestImportsPointOneWay(t *testing.T) {
	allowed := map[string][]string{
		"analyze":    {"analyze"},
		"schema":     {"schema"},
		"ingest":     {"ingest", "analyze", "schema"},
		"dashboards": {"dashboards", "analyze", "schema"},
		"cmd":        {"cmd", "dashboards", "ingest", "analyze", "schema"},
	}
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "voc/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) < 10 {
		t.Fatalf("go list told of %d packages only", len(lines))
	}
	for _, line := range lines {
		pkgs := strings.Fields(line)
		from := topFolder(pkgs[0])
		if allowed[from] == nil {
			t.Errorf("%s is in no folder of the layout", pkgs[0])
			continue
		}
		for _, imp := range pkgs[1:] {
			if to := topFolder(imp); to != "" && !slices.Contains(allowed[from], to) {
				t.Errorf("%s imports %s; %s may import only %v", pkgs[0], imp, from, allowed[from])
			}
		}
	}
}

func topFolder(pkg string) string {
	rest, ok := strings.CutPrefix(pkg, "voc/")
	if !ok {
		return ""
	}
	top, _, _ := strings.Cut(rest, "/")
	return top
}
