package query

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Query is one named question.
type Query struct {
	Name    string // as its file, such as topic_weeks
	Title   string // in Japanese
	Meaning string // in Japanese: what a row is and how its numbers are counted
	Params  []Param
	SQL     string // with {name:Type} for each of Params
	shown   string // the statement over copies, see Shown
	weekly  weekly // the statement over weeks, see Weekly
	answer  string // the statement over what stands ready of the answer itself, see Answer
	counted string // when lines are needed that count from the posts, see Brief
}

// Param is a parameter of a query.
type Param struct {
	Name    string
	Type    Type
	Meaning string // in Japanese
	// Default is the value when none is given, as text; Required says that there is none.
	Default  string
	Required bool
}

// Type is the ClickHouse type of a parameter.
type Type string

// The types of parameters.
const (
	String      Type = "String"
	Date        Type = "Date"
	UInt8       Type = "UInt8"
	UInt64      Type = "UInt64"
	Float64     Type = "Float64"
	StringArray Type = "Array(String)"
	UInt8Array  Type = "Array(UInt8)"
)

//go:embed sql/*.sql sql/parts/*.sql sql/shown/*.sql sql/answers/*.sql sql/weekly/*.sql
var files embed.FS

// catalog parses the embedded files once. They are constants of the program, checked by this package's tests.
var catalog = sync.OnceValues(func() ([]Query, error) { return parseAll(files) })

// Catalog returns every query by name.
func Catalog() ([]Query, error) {
	all, err := catalog()
	return slices.Clone(all), err
}

// Get returns the query of a name.
func Get(name string) (Query, error) {
	all, err := catalog()
	if err != nil {
		return Query{}, err
	}
	i, ok := slices.BinarySearchFunc(all, name, func(q Query, n string) int { return cmp.Compare(q.Name, n) })
	if !ok {
		return Query{}, fmt.Errorf("query: there is no query %q; use one of %s", name, strings.Join(names(all), ", "))
	}
	return all[i], nil
}

func names(all []Query) []string {
	list := make([]string, len(all))
	for i, q := range all {
		list[i] = q.Name
	}
	return list
}

func parseAll(fsys fs.FS) ([]Query, error) {
	parts, err := readParts(fsys)
	if err != nil {
		return nil, err
	}
	shown, err := readOthers(fsys, "shown", parts)
	if err != nil {
		return nil, err
	}
	weekly, err := readOthers(fsys, "weekly", parts)
	if err != nil {
		return nil, err
	}
	answers, err := readOthers(fsys, "answers", parts)
	if err != nil {
		return nil, err
	}
	paths, err := fs.Glob(fsys, "sql/*.sql")
	if err != nil {
		return nil, err
	}
	var all []Query
	var errs []error
	for _, p := range paths {
		text, err := fs.ReadFile(fsys, p)
		if err != nil {
			return nil, err
		}
		q, err := Parse(string(text), parts)
		if err == nil && q.Name != strings.TrimSuffix(path.Base(p), ".sql") {
			err = fmt.Errorf("the name is %q; it must be that of the file", q.Name)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("query: %s: %w", p, err))
			continue
		}
		if text, ok := weekly[q.Name]; ok {
			if q.weekly, err = parseWeekly(text); err != nil {
				errs = append(errs, fmt.Errorf("query: sql/weekly/%s.sql: %w", q.Name, err))
			}
		}
		delete(weekly, q.Name)
		q.shown, q.answer = shown[q.Name], answers[q.Name]
		delete(shown, q.Name)
		delete(answers, q.Name)
		all = append(all, q)
	}
	for name := range weekly {
		errs = append(errs, fmt.Errorf("query: sql/weekly/%s.sql has no query of its name", name))
	}
	for name := range shown {
		errs = append(errs, fmt.Errorf("query: sql/shown/%s.sql has no query of its name", name))
	}
	for name := range answers {
		errs = append(errs, fmt.Errorf("query: sql/answers/%s.sql has no query of its name", name))
	}
	slices.SortFunc(all, func(a, b Query) int { return cmp.Compare(a.Name, b.Name) })
	return all, errors.Join(errs...)
}

func readParts(fsys fs.FS) (map[string]string, error) {
	paths, err := fs.Glob(fsys, "sql/parts/*.sql")
	if err != nil {
		return nil, err
	}
	parts := map[string]string{}
	for _, p := range paths {
		text, err := fs.ReadFile(fsys, p)
		if err != nil {
			return nil, err
		}
		var kept []string
		for line := range strings.Lines(string(text)) {
			if !strings.HasPrefix(line, "--") {
				kept = append(kept, line)
			}
		}
		parts[strings.TrimSuffix(path.Base(p), ".sql")] = strings.TrimSpace(strings.Join(kept, ""))
	}
	return parts, nil
}

var (
	headerLine  = regexp.MustCompile(`^-- (name|title|meaning|param|counted): (.+)$`)
	paramHeader = regexp.MustCompile(`^([a-z][a-z0-9_]*) ([A-Za-z0-9]+(?:\([A-Za-z0-9]+\))?)(?: = (\S+))? (\S.*)$`)
	placeholder = regexp.MustCompile(`\{([A-Za-z_][A-Za-z0-9_]*):([^{}]+)\}`)
	counted     = regexp.MustCompile(`(?s)\n *-- \[counted\n.*?-- counted\]`)
	include     = regexp.MustCompile(`/\*@([a-z0-9_]+)\*/`)
)

// Parse reads one query: header lines "-- name: …", "-- title: …", "-- meaning: …" (several make one text),
// "-- param: name Type [= default] meaning" with ” and [] for an empty default, and "-- counted: condition" (see Brief), then
// the statement. A comment /*@part*/ stands for the part of that name; For tells what lines -- [given are.
func Parse(text string, parts map[string]string) (Query, error) {
	var q Query
	var body strings.Builder
	header := true
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \t\r\n")
		if header && strings.HasPrefix(line, "--") {
			if err := q.headerLine(line); err != nil {
				return Query{}, err
			}
			continue
		}
		header = false
		body.WriteString(line + "\n")
	}
	sql, err := expand(strings.TrimSpace(body.String()), parts, 0)
	if err != nil {
		return Query{}, err
	}
	q.SQL = sql
	return q, q.check()
}

func (q *Query) headerLine(line string) error {
	m := headerLine.FindStringSubmatch(line)
	if m == nil {
		return fmt.Errorf("header line %q is not understood; write name, title, meaning, param or counted and a value", line)
	}
	switch key, value := m[1], strings.TrimSpace(m[2]); key {
	case "name":
		q.Name = value
	case "title":
		q.Title = value
	case "meaning":
		q.Meaning += value
	case "counted":
		q.counted = value
	case "param":
		m := paramHeader.FindStringSubmatch(value)
		if m == nil {
			return fmt.Errorf("param %q is not understood; write name Type [= default] meaning", value)
		}
		p := Param{Name: m[1], Type: Type(m[2]), Default: m[3], Meaning: m[4], Required: m[3] == ""}
		if m[3] == "''" || m[3] == "[]" {
			p.Default = ""
		}
		q.Params = append(q.Params, p)
	}
	return nil
}

// expand puts parts in place; parts may use parts.
func expand(sql string, parts map[string]string, depth int) (string, error) {
	if depth > 4 {
		return "", errors.New("parts include one another without end")
	}
	var err error
	out := include.ReplaceAllStringFunc(sql, func(m string) string {
		name := include.FindStringSubmatch(m)[1]
		part, ok := parts[name]
		if !ok {
			err = fmt.Errorf("there is no part %q in sql/parts", name)
			return m
		}
		var inner string
		if inner, err = expand(part, parts, depth+1); err != nil {
			return m
		}
		return inner
	})
	return out, err
}

// check reports a query whose header and statement do not belong together.
func (q *Query) check() error {
	switch {
	case q.Name == "":
		return errors.New("it has no name; begin with a line -- name: …")
	case q.Title == "":
		return errors.New("it has no title; add a line -- title: …")
	case q.Meaning == "":
		return errors.New("it has no meaning; add a line -- meaning: …")
	case q.SQL == "":
		return errors.New("it has no statement")
	}
	used := map[string]string{}
	for _, m := range placeholder.FindAllStringSubmatch(q.SQL, -1) {
		if other, ok := used[m[1]]; ok && other != m[2] {
			return fmt.Errorf("parameter %s is used as %s and as %s", m[1], other, m[2])
		}
		used[m[1]] = m[2]
	}
	for i, p := range q.Params {
		switch {
		case slices.ContainsFunc(q.Params[:i], func(o Param) bool { return o.Name == p.Name }):
			return fmt.Errorf("parameter %s is declared twice", p.Name)
		case used[p.Name] == "":
			return fmt.Errorf("parameter %s is declared and not used", p.Name)
		case used[p.Name] != string(p.Type):
			return fmt.Errorf("parameter %s is declared as %s and used as %s", p.Name, p.Type, used[p.Name])
		}
		if !p.Required {
			if _, err := p.parse(p.Default); err != nil {
				return fmt.Errorf("the default of %w", err)
			}
		}
		delete(used, p.Name)
	}
	for name := range used {
		return fmt.Errorf("parameter %s is used and not declared; add a line -- param: …", name)
	}
	return q.checkGiven()
}
