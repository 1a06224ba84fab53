package query

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// given finds lines that say nothing when a parameter has no value.
var given = regexp.MustCompile(`(?s)\n *-- \[given ([a-z_]+)\n(?:.*?\n)?? *-- given\]`)

// For returns the query for these parameters: its SQL is without the lines between "-- [given name" and "-- given]" for the
// parameters of these names that are empty. The answer is the same, but to plan what is not asked for takes the server longer
// than to find the posts of a week.
func (q Query) For(bound map[string]any) Query {
	q.SQL = given.ReplaceAllStringFunc(q.SQL, func(lines string) string {
		if v := reflect.ValueOf(bound[given.FindStringSubmatch(lines)[1]]); v.IsValid() && v.Len() > 0 {
			return lines
		}
		return ""
	})
	return q
}

// checkGiven reports lines for parameters that the query does not have, and marks without their counterpart.
func (q *Query) checkGiven() error {
	found := given.FindAllStringSubmatch(q.SQL, -1)
	for _, m := range found {
		i := slices.IndexFunc(q.Params, func(p Param) bool { return p.Name == m[1] })
		switch {
		case i < 0:
			return fmt.Errorf("lines are marked by -- [given %s, but there is no such parameter", m[1])
		case q.Params[i].Type != String && q.Params[i].Type != StringArray && q.Params[i].Type != UInt8Array:
			return fmt.Errorf("lines are marked by -- [given %s, but a value of type %s is never empty", m[1], q.Params[i].Type)
		}
	}
	if strings.Count(q.SQL, "-- [given") != len(found) || strings.Count(q.SQL, "-- given]") != len(found) {
		return fmt.Errorf("lines begin with -- [given and a name, and end with -- given]; lines within them cannot be marked")
	}
	return nil
}
