package grafana_test

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// reader is somebody in front of a dashboard: the period and the choices that Grafana and the plugin put into texts.
//
// It is our own reading of two documented things: Grafana's variable formats sqlstring, percentencode, queryparam and
// date, and the macros $__fromTime and $__toTime of grafana-clickhouse-datasource, which become toDateTime(unix seconds).
// Whatever else a text asks for is an error, so that nothing goes unexpanded.
type reader struct {
	from, to time.Time
	choices  map[string][]string
	row      map[string]string // the row that a link stands in
}

var (
	reference = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_.]*)(?::([^{}]+))?\}`)
	macro     = regexp.MustCompile(`\$__(fromTime|toTime)\b`)
)

func (r reader) expand(text string) (string, error) {
	var failed error
	out := reference.ReplaceAllStringFunc(text, func(m string) string {
		parts := reference.FindStringSubmatch(m)
		v, err := r.value(parts[1], parts[2])
		if err != nil {
			failed = fmt.Errorf("%s: %w", m, err)
		}
		return v
	})
	out = macro.ReplaceAllStringFunc(out, func(m string) string {
		at := r.from
		if m == "$__toTime" {
			at = r.to
		}
		return fmt.Sprintf("toDateTime(%d)", at.Unix())
	})
	if failed == nil && strings.Contains(out, "$") {
		failed = fmt.Errorf("something is left unexpanded at %.40q", out[strings.IndexByte(out, '$'):])
	}
	return out, failed
}

func (r reader) value(name, format string) (string, error) {
	switch {
	case name == "__from" || name == "__to":
		if format != "date:YYYY-MM-DD" {
			return "", fmt.Errorf("the format %q is not known", format)
		}
		if name == "__from" {
			return r.from.Format(time.DateOnly), nil
		}
		return r.to.Format(time.DateOnly), nil
	case name == "__url_time_range":
		return fmt.Sprintf("from=%d&to=%d", r.from.UnixMilli(), r.to.UnixMilli()), nil
	case strings.HasPrefix(name, "__data.fields."):
		v, ok := r.row[strings.TrimPrefix(name, "__data.fields.")]
		if !ok {
			return "", fmt.Errorf("the row has no such field; it has %v", slices.Sorted(maps.Keys(r.row)))
		}
		return formatted(name, []string{v}, format)
	}
	v, ok := r.choices[name]
	if !ok {
		return "", fmt.Errorf("there is no variable %s", name)
	}
	if len(v) == 1 && v[0] == "/*all*/" { // Grafana does not format the value of "all"
		return v[0], nil
	}
	return formatted(name, v, format)
}

func formatted(name string, values []string, format string) (string, error) {
	switch format {
	case "":
		if len(values) != 1 {
			return "", fmt.Errorf("%d values without a format", len(values))
		}
		return values[0], nil
	case "sqlstring":
		quoted := make([]string, len(values))
		for i, v := range values {
			quoted[i] = "'" + strings.ReplaceAll(v, "'", "''") + "'"
		}
		return strings.Join(quoted, ","), nil
	case "percentencode":
		return strings.ReplaceAll(url.QueryEscape(strings.Join(values, ",")), "+", "%20"), nil
	case "queryparam":
		v := url.Values{"var-" + name: values}
		return v.Encode(), nil
	}
	return "", fmt.Errorf("the format %q is not known", format)
}
