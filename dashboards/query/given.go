package query

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

var (
	// given finds lines that say nothing when a parameter has no value, or none of some.
	given = regexp.MustCompile(`(?s)\n *-- \[given ([a-z_]+)((?: [a-z]+)*)(\n.*?)\n *-- given\]`)
	// unless finds lines that are a condition which always holds when a parameter has no value.
	unless = regexp.MustCompile(`\n *AND (\((?:empty\(\{([a-z_]+):[A-Za-z0-9()]+\}\)|\{([a-z_]+):String\} = '') OR .+\))`)
)

// For returns the query for these parameters: its SQL is without the lines between "-- [given name" and "-- given]" for the
// parameters of these names that are empty, or that have none of the values behind the name. It is also without the lines that
// are one more condition, in parentheses, which holds when a parameter is empty and says so first, for those that are. The
// answer is the same, but to plan what is not asked for, and to read what it would need, takes the server as long as to find the
// posts of a week.
func (q Query) For(bound map[string]any) Query {
	q.SQL = given.ReplaceAllStringFunc(q.SQL, func(lines string) string {
		m := given.FindStringSubmatch(lines)
		text, isText := bound[m[1]].(string)
		if values := strings.Fields(m[2]); hasValue(bound[m[1]]) && (len(values) == 0 || !isText || slices.Contains(values, text)) {
			return m[3]
		}
		return ""
	})
	q.SQL = unless.ReplaceAllStringFunc(q.SQL, func(line string) string {
		m := unless.FindStringSubmatch(line)
		if hasValue(bound[m[2]+m[3]]) || !enclosed(m[1]) {
			return line
		}
		return ""
	})
	return q
}

// enclosed reports whether the parenthesis that a text begins with is closed by its last character. Quotes within quotes are not
// understood: statements write none in such lines.
func enclosed(text string) bool {
	depth, quoted := 0, false
	for i, r := range text {
		switch {
		case r == '\'':
			quoted = !quoted
		case quoted:
		case r == '(':
			depth++
		case r == ')':
			depth--
		}
		if depth == 0 {
			return i == len(text)-1
		}
	}
	return false
}

// hasValue reports whether a value is not empty.
func hasValue(v any) bool {
	if r := reflect.ValueOf(v); r.Kind() == reflect.String || r.Kind() == reflect.Slice {
		return r.Len() > 0
	}
	return v != nil
}

// checkGiven reports lines for parameters that the query does not have, and marks without their counterpart.
func (q *Query) checkGiven() error {
	found := given.FindAllStringSubmatch(q.SQL, -1)
	for _, m := range found {
		i := slices.IndexFunc(q.Params, func(p Param) bool { return p.Name == m[1] })
		switch {
		case i < 0:
			return fmt.Errorf("lines are marked by -- [given %s, but there is no such parameter", m[1])
		case q.Params[i].Type != String && (m[2] != "" || q.Params[i].Type != StringArray && q.Params[i].Type != UInt8Array):
			return fmt.Errorf("lines are marked by -- [given %s%s, but its type is %s; only texts can be compared, and only texts and arrays be empty", m[1], m[2], q.Params[i].Type)
		}
	}
	if strings.HasSuffix(q.SQL, "-- given]") {
		return errors.New("a statement cannot end with marked lines, since who asks may put something behind it")
	}
	if strings.Count(q.SQL, "-- [given") != len(found) || strings.Count(q.SQL, "-- given]") != len(found) {
		return errors.New("marked lines begin with -- [given and a name, and end with -- given]; there can be no others within them")
	}
	return nil
}
