package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// sqlText is a piece of a statement.
var sqlText = regexp.MustCompile(`\b(SELECT|INSERT INTO|ALTER TABLE|CREATE|DROP|OPTIMIZE|GRANT|FROM|WHERE|JOIN|GROUP BY|ORDER BY|SETTINGS)\b`)

// stitches returns the expressions that are put into SQL text by + or fmt.Sprintf in a file, as source text.
func stitches(path string, src []byte) ([]string, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, src, 0)
	if err != nil {
		return nil, err
	}
	show := func(e ast.Expr) string {
		var b bytes.Buffer
		_ = printer.Fprint(&b, fset, e)
		return strings.Join(strings.Fields(b.String()), " ")
	}
	var found []string
	inner := map[ast.Expr]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch e := n.(type) {
		case *ast.BinaryExpr:
			if e.Op != token.ADD || inner[e] {
				return true
			}
			sql := false
			var parts []ast.Expr
			var walk func(ast.Expr)
			walk = func(x ast.Expr) {
				if b, ok := x.(*ast.BinaryExpr); ok && b.Op == token.ADD {
					inner[b] = true
					walk(b.X)
					walk(b.Y)
					return
				}
				if s, ok := stringLiteral(x); ok {
					sql = sql || sqlText.MatchString(s)
					return
				}
				parts = append(parts, x)
			}
			walk(e)
			if sql {
				for _, p := range parts {
					found = append(found, show(p))
				}
			}
		case *ast.CallExpr:
			f, ok := e.Fun.(*ast.SelectorExpr)
			if !ok || len(e.Args) == 0 || f.Sel.Name != "Sprintf" && f.Sel.Name != "Fprintf" && f.Sel.Name != "Appendf" {
				return true
			}
			args := e.Args
			if f.Sel.Name != "Sprintf" {
				args = args[1:]
			}
			if s, ok := stringLiteral(args[0]); ok && sqlText.MatchString(s) {
				for _, a := range args[1:] {
					if _, constant := stringLiteral(a); !constant {
						found = append(found, show(a))
					}
				}
			}
		}
		return true
	})
	return found, nil
}

func stringLiteral(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}

// TestSQLIsBuiltFromParametersOnly holds every expression that is put into a statement against a list of those that were
// read and found to be the program's own text, a number, or a validated name. Values of users travel as parameters.
func TestSQLIsBuiltFromParametersOnly(t *testing.T) {
	reviewed := map[string]bool{}
	for line := range strings.Lines(readFile(t, filepath.Join("testdata", "sql_reviewed.txt"))) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			reviewed[line] = true
		}
	}
	used := map[string]bool{}
	root := filepath.Join("..", "..")
	for _, dir := range []string{"ingest", "dashboards", "schema", "cmd"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || strings.HasSuffix(d.Name(), "test")) {
				return filepath.SkipDir
			}
			if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return nil
			}
			src, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			found, err := stitches(path, src)
			if err != nil {
				return err
			}
			name, err := filepath.Rel(root, filepath.Dir(path))
			if err != nil {
				return err
			}
			for _, expr := range found {
				entry := filepath.ToSlash(name) + ": " + expr
				used[entry] = true
				if !reviewed[entry] {
					t.Errorf("%s puts %s into a statement; pass values as {name:Type} parameters, or, when it can only be the program's own text, add this line to testdata/sql_reviewed.txt:\n%s", path, expr, entry)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for entry := range reviewed {
		if !used[entry] {
			t.Errorf("testdata/sql_reviewed.txt lists %q, which is no longer there; remove the line", entry)
		}
	}
	found, err := stitches("x.go", []byte("package x\nimport \"fmt\"\nvar a = \"SELECT 1 WHERE x = '\" + user + \"'\"\nvar b = fmt.Sprintf(`SELECT %s FROM t`, r.FormValue(\"c\"))\n"))
	if err != nil || len(found) != 2 {
		t.Errorf("the control finds %v, %v; want both expressions", found, err)
	}
}
