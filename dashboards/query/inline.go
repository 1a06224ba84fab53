package query

import (
	"fmt"
	"slices"
	"strings"
)

// Inline returns the statement with an SQL expression in the place of every parameter, for tools that send no
// parameters of their own, such as Grafana and Superset. A parameter that exprs does not name gets its default, as a
// literal. As the server does with a parameter, every expression is cast to the parameter's type. The expressions are
// taken as they are: they must come from the program, never from outside.
func (q Query) Inline(exprs map[string]string) (string, error) {
	put, bound := make(map[string]string, len(q.Params)), make(map[string]any, len(q.Params))
	for _, p := range q.Params {
		expr, given := exprs[p.Name]
		bound[p.Name] = p.Default
		switch {
		case given:
			bound[p.Name] = struct{}{} // any value, since only the server knows what the expression gives
		case p.Required:
			return "", fmt.Errorf("query %s: parameter %s is missing; it is %s: %s", q.Name, p.Name, p.Type, p.Meaning)
		default:
			expr = p.literal()
		}
		put[p.Name] = fmt.Sprintf("CAST(%s, '%s')", expr, p.Type)
	}
	for name := range exprs {
		if !slices.ContainsFunc(q.Params, func(p Param) bool { return p.Name == name }) {
			return "", fmt.Errorf("query %s: there is no parameter %s; it has %s", q.Name, name, q.paramNames())
		}
	}
	return placeholder.ReplaceAllStringFunc(q.For(bound).SQL, func(m string) string { return put[placeholder.FindStringSubmatch(m)[1]] }), nil
}

// literal writes the default in SQL.
func (p Param) literal() string {
	switch p.Type {
	case UInt8, UInt64, Float64:
		return p.Default
	case StringArray, UInt8Array:
		if p.Default == "" {
			return "[]"
		}
		items := strings.Split(p.Default, ",")
		if p.Type == StringArray {
			for i, item := range items {
				items[i] = Literal(item)
			}
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	return Literal(p.Default)
}

// Literal writes a text in SQL.
func Literal(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}
