package query

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Params are the values of a query's parameters by name. A value is of the Go type of its parameter (string; time.Time
// or 2026-11-09 for Date; an integer; float64; []string; []uint8) or a text as a command line or an address has it, in
// which the elements of an array are separated by commas.
type Params map[string]any

// With returns a copy with one more value.
func (p Params) With(name string, value any) Params {
	c := make(Params, len(p)+1)
	for k, v := range p {
		c[k] = v
	}
	c[name] = value
	return c
}

// Bind returns the value of every parameter as clickhouse-go takes it, defaults filled in. It refuses names that the
// query does not have, missing values and values of another type.
func (q Query) Bind(values Params) (map[string]any, error) {
	bound := make(map[string]any, len(q.Params))
	for _, p := range q.Params {
		v, given := values[p.Name]
		var err error
		switch {
		case given:
			bound[p.Name], err = p.convert(v)
		case p.Required:
			err = fmt.Errorf("%s is missing; it is %s: %s", p.Name, p.Type, p.Meaning)
		default:
			bound[p.Name], err = p.parse(p.Default)
		}
		if err != nil {
			return nil, fmt.Errorf("query %s: parameter %w", q.Name, err)
		}
	}
	for name := range values {
		if !slices.ContainsFunc(q.Params, func(p Param) bool { return p.Name == name }) {
			return nil, fmt.Errorf("query %s: there is no parameter %s; it has %s", q.Name, name, q.paramNames())
		}
	}
	return bound, nil
}

func (q Query) paramNames() string {
	list := make([]string, len(q.Params))
	for i, p := range q.Params {
		list[i] = p.Name
	}
	return strings.Join(list, ", ")
}

const dateLayout = "2006-01-02"

func (p Param) convert(v any) (any, error) {
	switch v := v.(type) {
	case string:
		return p.parse(v)
	case time.Time:
		if p.Type == Date {
			return v.Format(dateLayout), nil
		}
	case []string:
		if p.Type == StringArray {
			return nonNil(v), nil
		}
		if p.Type == UInt8Array {
			return parseBytes(p, v)
		}
	case []uint8:
		if p.Type == UInt8Array {
			wide := make([]uint16, len(v)) // clickhouse-go takes []uint8 for a text
			for i, b := range v {
				wide[i] = uint16(b)
			}
			return wide, nil
		}
	case float64:
		if p.Type == Float64 && !math.IsNaN(v) && !math.IsInf(v, 0) {
			return v, nil
		}
	case int:
		if p.Type == UInt8 || p.Type == UInt64 {
			return p.parse(strconv.Itoa(v))
		}
	case uint64:
		if p.Type == UInt8 || p.Type == UInt64 {
			return p.parse(strconv.FormatUint(v, 10))
		}
	case uint8:
		if p.Type == UInt8 || p.Type == UInt64 {
			return uint64(v), nil
		}
	}
	return nil, fmt.Errorf("%s is a %T; it must be %s", p.Name, v, p.Type)
}

// parse reads a value as a command line has it.
func (p Param) parse(text string) (any, error) {
	switch p.Type {
	case String:
		return text, nil
	case Date:
		if _, err := time.Parse(dateLayout, text); err != nil {
			return nil, fmt.Errorf("%s is %q; it must be a date such as 2026-11-09", p.Name, text)
		}
		return text, nil
	case UInt8, UInt64:
		bits := 64
		if p.Type == UInt8 {
			bits = 8
		}
		n, err := strconv.ParseUint(text, 10, bits)
		if err != nil {
			return nil, fmt.Errorf("%s is %q; it must be a whole number of type %s", p.Name, text, p.Type)
		}
		return n, nil
	case Float64:
		f, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, fmt.Errorf("%s is %q; it must be a number", p.Name, text)
		}
		return f, nil
	case StringArray:
		if text == "" {
			return []string{}, nil
		}
		return strings.Split(text, ","), nil
	case UInt8Array:
		if text == "" {
			return []uint16{}, nil
		}
		return parseBytes(p, strings.Split(text, ","))
	}
	return nil, fmt.Errorf("%s has the type %s; use String, Date, UInt8, UInt64, Float64, Array(String) or Array(UInt8)", p.Name, p.Type)
}

func parseBytes(p Param, texts []string) (any, error) {
	list := make([]uint16, len(texts))
	for i, t := range texts {
		n, err := strconv.ParseUint(t, 10, 8)
		if err != nil {
			return nil, fmt.Errorf("%s holds %q; it must hold whole numbers from 0 to 255", p.Name, t)
		}
		list[i] = uint16(n)
	}
	return list, nil
}

func nonNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
