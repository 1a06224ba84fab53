package superset

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/goccy/go-yaml"
	"github.com/google/uuid"

	"voc/dashboards/wording"
)

const (
	version = "1.0.0" // of the format of bundles
	// URI is the connection that the bundle brings; Superset asks for the password, for which X stands.
	URI = "clickhousedb://voc_reader:XXXXXXXXXX@localhost:8123/voc"
	// Slug is the address of the dashboard below /superset/dashboard/.
	Slug = "voc"
)

// id makes the same id of the same name.
func id(kind, name string) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte("voc/superset/"+kind+"/"+name)).String()
}

// DatabaseID is the id of the connection.
func DatabaseID() string { return id("database", "voc") }

// object is a YAML mapping whose keys stay in order.
type object = yaml.MapSlice

func pair(key string, value any) yaml.MapItem { return yaml.MapItem{Key: key, Value: value} }

// Files returns the bundle by path below dashboards/superset. The connection is to a migrated database, which knows the
// columns of views and queries.
func Files(ctx context.Context, conn driver.Conn) (map[string][]byte, error) {
	zone, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		return nil, fmt.Errorf("superset: %w", err)
	}
	n, err := wording.Default(zone)
	if err != nil {
		return nil, err
	}
	files := map[string]any{
		"metadata.yaml": object{pair("version", version), pair("type", "Dashboard"), pair("timestamp", "2026-01-01T00:00:00+00:00")},
		"databases/voc.yaml": object{
			pair("database_name", "voc"), pair("sqlalchemy_uri", URI), pair("expose_in_sqllab", true), pair("allow_run_async", false), pair("allow_ctas", false), pair("allow_cvas", false),
			pair("allow_dml", false), pair("extra", object{pair("allows_virtual_table_explore", true)}), pair("uuid", DatabaseID()), pair("version", version),
		},
	}
	sets, err := datasets(ctx, conn, n)
	if err != nil {
		return nil, err
	}
	for _, s := range sets {
		files["datasets/voc/"+s.name+".yaml"] = s.yaml()
	}
	list := charts()
	for _, c := range list {
		context, err := c.queryContext(sets)
		if err != nil {
			return nil, err
		}
		files["charts/"+c.name+".yaml"] = object{
			pair("slice_name", c.title), pair("description", c.says), pair("viz_type", c.kind), pair("params", c.params()), pair("query_context", context), pair("cache_timeout", nil),
			pair("uuid", id("chart", c.name)), pair("version", version), pair("dataset_uuid", id("dataset", c.dataset)),
		}
	}
	files["dashboards/voc.yaml"] = dashboard(list)
	out := map[string][]byte{}
	for name, content := range files {
		var b bytes.Buffer
		if err := yaml.NewEncoder(&b, yaml.UseLiteralStyleIfMultiline(true), yaml.IndentSequence(true)).Encode(content); err != nil {
			return nil, fmt.Errorf("superset: %s: %w", name, err)
		}
		out[path.Join("bundle", name)] = b.Bytes()
	}
	return out, nil
}

// plain is a column's type without what Superset does not need to know.
func plain(kind string) string {
	for _, wrap := range []string{"LowCardinality(", "Nullable("} {
		if inner, ok := strings.CutPrefix(kind, wrap); ok {
			kind = strings.TrimSuffix(inner, ")")
		}
	}
	return kind
}
