package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"voc/analyze"
	"voc/analyze/taxonomy"
	"voc/analyze/taxonomy/tryout"
)

// TestTaxonomyReadme runs the pages on taxonomies: files are written, commands run and their output compared.
func TestTaxonomyReadme(t *testing.T) {
	for _, page := range []string{"README.md", "README.ja.md"} {
		t.Run(page, func(t *testing.T) {
			text := readPage(t, page)
			t.Chdir(t.TempDir())
			files, commands := 0, 0
			for _, b := range blocks(text) {
				switch b.kind {
				case "yaml":
					files++
					runYAMLBlock(t, b.text)
				case "console":
					commands += runConsole(t, b.text)
				}
			}
			if files == 0 || commands < 3 {
				t.Errorf("%d files and %d commands were found; the blocks are not read", files, commands)
			}
		})
	}
}

// TestTaxonomyReadmePhrases holds the table of phrases against the analyzer.
func TestTaxonomyReadmePhrases(t *testing.T) {
	rows := regexp.MustCompile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\|$").FindAllStringSubmatch(section(t, readPage(t, "README.md"), "### Phrases"), -1)
	if len(rows) < 5 {
		t.Fatalf("%d phrases were found; the table is not read", len(rows))
	}
	for _, r := range rows {
		phrase, finds, not := r[1], strings.TrimSpace(r[2]), strings.TrimSpace(r[3])
		text := "version: 1\ntopics: [{id: x, rules: [{any: ['" + phrase + "'], examples: {match: [" + finds + "], reject: [" + not + "]}}]}]\n"
		a, err := analyze.New(analyze.Config{Taxonomy: []byte(text), TaxonomyName: phrase})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range tryout.Test(a).Failures {
			t.Errorf("%s: %s", phrase, f)
		}
	}
}

// TestTaxonomyReadmeKeys wants every key and grammar word described.
func TestTaxonomyReadmeKeys(t *testing.T) {
	text := readPage(t, "README.md")
	for _, g := range taxonomy.GrammarNames() {
		if !strings.Contains(section(t, text, "### Grammar words"), "`"+g+"`") {
			t.Errorf("the grammar word %s is not described", g)
		}
	}
	keys := regexp.MustCompile("yaml:\"([a-z_]+)").FindAllStringSubmatch(readFile(t, "../../analyze/taxonomy/taxonomy.go"), -1)
	for _, k := range keys {
		if !strings.Contains(text, "`"+k[1]) && !strings.Contains(text, k[1]+": ") {
			t.Errorf("the key %s is not described", k[1])
		}
	}
	if len(keys) < 20 {
		t.Errorf("%d keys were found in the code; they are not read", len(keys))
	}
}

func readPage(t *testing.T, page string) string {
	t.Helper()
	return readFile(t, filepath.Join("..", "..", "analyze", "taxonomy", page))
}

func readFile(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func section(t *testing.T, text, heading string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, heading+"\n")
	if !ok {
		t.Fatalf("there is no heading %q", heading)
	}
	end := regexp.MustCompile(`(?m)^##`).FindStringIndex(rest)
	if end == nil {
		return rest
	}
	return rest[:end[0]]
}

type block struct{ kind, text string }

// blocks are the fenced blocks of a page without the indentation of their fence.
func blocks(page string) []block {
	var out []block
	var open *block
	indent := ""
	for line := range strings.Lines(page) {
		trimmed := strings.TrimLeft(line, " ")
		switch {
		case open == nil && strings.HasPrefix(trimmed, "```"):
			indent = line[:len(line)-len(trimmed)]
			open = &block{kind: strings.TrimSpace(strings.TrimPrefix(trimmed, "```"))}
		case open != nil && strings.HasPrefix(trimmed, "```"):
			out = append(out, *open)
			open = nil
		case open != nil:
			open.text += strings.TrimPrefix(line, indent)
		}
	}
	return out
}

// runYAMLBlock writes the file that the first line names, and wants it to hold its own examples.
func runYAMLBlock(t *testing.T, text string) {
	t.Helper()
	first, _, _ := strings.Cut(text, "\n")
	name := strings.TrimPrefix(first, "# ")
	if !strings.HasSuffix(name, ".yaml") {
		t.Fatalf("the first line of a YAML block is %q; it must name the file: # my.yaml", first)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"lint", "test"} {
		if code, out := runLine(t, "voc taxonomy "+command+" "+name); code != exitOK || strings.Contains(out, "warning:") {
			t.Errorf("%s is not fine:\n%s", name, out)
		}
	}
}

// runConsole runs the commands of a block and compares what they print. `$ cat FILE` writes the file.
func runConsole(t *testing.T, text string) (commands int) {
	t.Helper()
	for _, part := range strings.Split("\n"+text, "\n$ ")[1:] {
		command, want, _ := strings.Cut(part, "\n")
		commands++
		if file, ok := strings.CutPrefix(command, "cat "); ok {
			if err := os.WriteFile(file, []byte(strings.TrimRight(want, "\n")+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		_, got := runLine(t, command)
		if !looksLike(got, want) {
			t.Errorf("$ %s\nprints\n%s\nand the page says\n%s", command, got, want)
		}
	}
	return commands
}

// looksLike compares output with what a page shows, where … stands for any text, and alone on a line for any lines.
// Blank lines do not count.
func looksLike(got, want string) bool {
	var b strings.Builder
	for i, part := range strings.Split("\n"+compact(want)+"\n", "\n…\n") {
		if i > 0 {
			b.WriteString(`\n(?s:.*\n)?`)
		}
		for k, words := range strings.Split(part, "…") {
			if k > 0 {
				b.WriteString(".*")
			}
			b.WriteString(regexp.QuoteMeta(words))
		}
	}
	return regexp.MustCompile("^" + b.String() + "$").MatchString("\n" + compact(got) + "\n")
}

func compact(s string) string {
	return strings.TrimSpace(regexp.MustCompile(`\n\s*\n`).ReplaceAllString(s, "\n"))
}

// runLine runs a command line without a shell; words may stand in single quotes.
func runLine(t *testing.T, line string) (code int, out string) {
	t.Helper()
	var args []string
	for _, m := range regexp.MustCompile(`'([^']*)'|(\S+)`).FindAllStringSubmatch(line, -1) {
		args = append(args, m[1]+m[2])
	}
	if args[0] != "voc" {
		t.Fatalf("the command is %q; only voc and cat can be run", line)
	}
	var stdout, stderr bytes.Buffer
	code = run(context.Background(), args[1:], stdio{in: strings.NewReader(""), out: &stdout, err: &stderr}, nil)
	if code == exitUsage {
		t.Errorf("$ %s\n%s", line, stderr.String())
	}
	return code, stdout.String()
}
