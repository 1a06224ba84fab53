package migrate

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"text/template"

	"voc/schema"
)

// Step is one statement.
type Step struct {
	// Name is the file without its extension: 0001_posts, or views/posts.
	Name string
	// Statement counts from 1 within the file.
	Statement int
	// SQL is the rendered statement.
	SQL string
	// Checksum is that of the statement's text before rendering, so that it does not depend on the configuration.
	Checksum string
	// Repeatable steps are applied again when their checksum changes; others must not change once applied.
	Repeatable bool
}

// steps renders every statement, in the order in which they are applied: numbered files, then views.
func steps(files fs.FS, cfg Config) ([]Step, error) {
	numbered, err := fs.Glob(files, "sql/*.sql")
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	views, err := fs.Glob(files, "sql/views/*.sql")
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	slices.Sort(numbered)
	slices.Sort(views)
	var all []Step
	for _, name := range append(numbered, views...) {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("migrate: %w", err)
		}
		s, err := renderFile(name, string(raw), cfg)
		if err != nil {
			return nil, err
		}
		all = append(all, s...)
	}
	return all, nil
}

// renderFile splits a file at semicolons that end a line and renders each statement. One that renders to nothing is
// left out: it is for another kind of server.
func renderFile(name, text string, cfg Config) ([]Step, error) {
	label := strings.TrimSuffix(strings.TrimPrefix(name, "sql/"), ".sql")
	statements := strings.Split(text, ";\n")
	var out []Step
	for i, statement := range statements {
		statement = strings.TrimSpace(statement)
		if statement == "" {
			continue
		}
		// A view that counts what does not stand ready has a sibling that leaves it out.
		variants := []bool{true}
		if strings.Contains(statement, "{{ready}}") {
			if i+1 < len(statements) {
				return nil, fmt.Errorf("migrate: %s, statement %d: a statement with {{ready}} makes two and must be the last of its file", name, i+1)
			}
			variants = append(variants, false)
		}
		var texts []string
		for _, counted := range variants {
			t, err := template.New(name).Funcs(functions(cfg)).Funcs(variant(counted)).Parse(statement)
			if err != nil {
				return nil, fmt.Errorf("migrate: %s, statement %d: %w", name, i+1, err)
			}
			var b strings.Builder
			if err := t.Execute(&b, nil); err != nil {
				return nil, fmt.Errorf("migrate: %s, statement %d: %w", name, i+1, err)
			}
			if strings.TrimSpace(b.String()) != "" {
				texts = append(texts, b.String())
			}
		}
		checksum := statement
		if strings.Contains(statement, "{{metrics}}") {
			checksum += metricTuples()
		}
		if strings.Contains(statement, "{{intents ") || strings.Contains(statement, "{{released ") {
			checksum += schema.IntentsSQL("", "") + schema.ReleasedSQL("", "")
		}
		if strings.Contains(statement, "{{changed_") || strings.Contains(statement, "{{unkept_days}}") {
			checksum += schema.ChangedWeeksSQL("", "", "") + schema.ChangedDaysSQL("", "", "") + schema.UnkeptDaysSQL("", "")
		}
		if strings.Contains(statement, "{{window_states}}") {
			checksum += schema.WindowStatesSQL("")
		}
		if strings.Contains(statement, "{{changed_progress}}") {
			checksum += schema.ChangedProgressSQL("", "")
		}
		if strings.Contains(statement, "{{board}}") {
			checksum += schema.BoardSQL
		}
		if strings.Contains(statement, "{{segment_") {
			checksum += schema.SegmentKindsSQL("")
		}
		sum := sha256.Sum256([]byte(checksum))
		for n, text := range texts {
			out = append(out, Step{
				Name: label, Statement: i + 1 + n, SQL: text, Checksum: hex.EncodeToString(sum[:8]),
				Repeatable: path.Base(path.Dir(name)) == "views",
			})
		}
	}
	return out, nil
}

// functions are what the SQL files may use.
func functions(cfg Config) template.FuncMap {
	onCluster := ""
	if cfg.Cluster != "" {
		onCluster = " ON CLUSTER " + cfg.Cluster
	}
	local := func(table string) string {
		if cfg.Sharded {
			table += "_local"
		}
		return cfg.Database + "." + table
	}
	global := ""
	if cfg.Sharded {
		global = "GLOBAL "
	}
	return template.FuncMap{
		"database":   func() string { return cfg.Database },
		"zone":       func() string { return cfg.Timezone },
		"on_cluster": func() string { return onCluster },
		"replicated": func() bool { return cfg.Engine == EngineReplicated },
		// local names the table that holds the rows of one shard.
		"local": local,
		"engine": func(family, args string) string {
			if cfg.Engine == EngineReplicated {
				family = "Replicated" + family
			}
			if args == "" {
				return family
			}
			return family + "(" + args + ")"
		},
		// distributed makes the table that spreads rows over the shards and bears the plain name.
		"distributed": func(table, key string) string {
			if !cfg.Sharded {
				return ""
			}
			return fmt.Sprintf("CREATE TABLE IF NOT EXISTS %s.%s%s AS %s\nENGINE = Distributed(%s, %s, %s_local, %s)",
				cfg.Database, table, onCluster, local(table), cfg.Cluster, cfg.Database, table, key)
		},
		// global begins a JOIN of one table with another: on shards, each must meet all rows of the right side.
		"global": func() string { return global },
		// security lets a reader use a view without any right on the tables behind it.
		"security": func() string {
			definer := cfg.Definer
			if definer == "" {
				definer = "CURRENT_USER"
			}
			return "DEFINER = " + definer + " SQL SECURITY DEFINER"
		},
		// parallel ends a view of posts, so that a reader's cores share the posts of a week: by default they share no fewer
		// than 163,840 rows. A view may say so to a reader who must not change any setting.
		"parallel": func() string {
			return "SETTINGS merge_tree_min_rows_for_concurrent_read = 16384, merge_tree_min_bytes_for_concurrent_read = 1048576"
		},
		"metrics": metricTuples,
		// intents and released are the expressions by which people's decisions take effect; the alias stands before columns.
		"intents":  func(alias string) string { return schema.IntentsSQL(cfg.Database+".", alias) },
		"released": func(alias string) string { return schema.ReleasedSQL(cfg.Database+".", alias) },
		// changed_weeks, changed_days and unkept_days are what has to be counted from the posts, since nothing stands ready of it.
		"changed_weeks":         func() string { return schema.ChangedWeeksSQL(cfg.Database+".", global, "week_stamps") },
		"changed_days":          func() string { return schema.ChangedDaysSQL(cfg.Database+".", global, "week_stamps") },
		"changed_questions":     func() string { return schema.ChangedWeeksSQL(cfg.Database+".", global, "question_stamps") },
		"changed_question_days": func() string { return schema.ChangedDaysSQL(cfg.Database+".", global, "question_stamps") },
		"changed_shown":         func() string { return schema.ChangedWeeksSQL(cfg.Database+".", global, "shown_stamps") },
		"changed_progress":      func() string { return schema.ChangedProgressSQL(cfg.Database+".", global) },
		"window_states":         func() string { return schema.WindowStatesSQL(cfg.Database + ".") },
		"unkept_days":           func() string { return schema.UnkeptDaysSQL(cfg.Database+".", global) },
		"changed_writers":       func() string { return schema.ChangedWeeksSQL(cfg.Database+".", global, "writer_stamps") },
		// board is the board of roles.
		"board": func() string { return schema.BoardSQL },
		// segment_changes are the weeks that have to be counted by segment, and segment_kinds their posts.
		"segment_changes": func() string { return schema.SegmentChangesSQL(cfg.Database + ".") },
		"segment_kinds":   func() string { return schema.SegmentKindsSQL(cfg.Database + ".") },
	}
}

// variant is what a view and its sibling that only has what stands ready do not have in common.
func variant(counted bool) template.FuncMap {
	suffix, note := "", ""
	if !counted {
		suffix, note = schema.ReadySuffix, "Only what stands ready, see the views whose names end in not_ready: "
	}
	return template.FuncMap{
		"counted":    func() bool { return counted },
		"ready":      func() string { return suffix },
		"only_ready": func() string { return note },
	}
}

func metricTuples() string {
	metrics := schema.Metrics()
	rows := make([]string, 0, len(metrics))
	for _, m := range metrics {
		values := []string{m.ID, m.Name, m.Meaning, m.Unit, m.View, m.Expression, m.SQL()}
		for i, v := range values {
			values[i] = schema.Literal(v)
		}
		rows = append(rows, "        ("+strings.Join(values, ", ")+")")
	}
	return strings.Join(rows, ",\n")
}
