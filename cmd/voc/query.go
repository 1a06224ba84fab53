package main

import (
	"bufio"
	"errors"
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"voc/dashboards/export"
	"voc/schema"
)

func (a *app) queryCommand() *cobra.Command {
	var format, view string
	var params []string
	cmd := &cobra.Command{
		Use:   "query [SQL]",
		Short: "Run a SELECT on the views and print a table, CSV, JSON or Parquet",
		Example: `  voc query 'SELECT topic, sum(posts) AS n FROM topic_daily GROUP BY topic ORDER BY n DESC LIMIT 10'
  voc query 'SELECT * FROM posts WHERE post_id = {id:String}' --param id=mb-00001 --format json
  voc query --view posts --format parquet > posts.parquet`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if (len(args) == 1) == (view != "") {
				return usageError{errors.New("give either a SELECT or --view")}
			}
			values, err := pairs("--param", params)
			if err != nil {
				return usageError{err}
			}
			cfg, err := a.loadConfig()
			if err != nil {
				return err
			}
			conn, err := openReader(c.Context(), cfg.ClickHouse)
			if err != nil {
				return err
			}
			defer conn.Close()
			r := export.Request{View: view, SQLParams: values, Format: export.Format(format)}
			if len(args) == 1 {
				r.SQL = strings.TrimRight(strings.TrimSpace(args[0]), ";")
			}
			if format != "table" {
				w := bufio.NewWriter(a.out)
				return errors.Join(export.Write(c.Context(), conn, w, r), w.Flush())
			}
			if view != "" {
				return usageError{errors.New("--view is for files; give --format csv, tsv, json, jsonl or parquet")}
			}
			var named []any
			for k, v := range values {
				named = append(named, namedValue(k, v))
			}
			return printQuery(c.Context(), a.out, conn, r.SQL, named...)
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table, csv, tsv, json, jsonl or parquet")
	cmd.Flags().StringVar(&view, "view", "", "export this view as a whole")
	cmd.Flags().StringArrayVar(&params, "param", nil, "name=value for {name:Type} in the SELECT (repeatable)")
	return cmd
}

func (a *app) metricsCommand() *cobra.Command {
	var sql bool
	cmd := &cobra.Command{
		Use: "metrics", Short: "List every metric with its meaning, unit and SQL: the one definition that report, pages and dashboards use",
		Example: "  voc metrics --sql",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if sql {
				for _, m := range schema.Metrics() {
					fmt.Fprintf(a.out, "-- %s: %s\n%s;\n\n", m.ID, m.Name, m.SQL())
				}
				return nil
			}
			t := newTable(a.out)
			t.AppendHeader(table.Row{"metric", "name", "unit", "view", "meaning"})
			for _, m := range schema.Metrics() {
				t.AppendRow(table.Row{m.ID, m.Name, m.Unit, m.View, m.Meaning})
			}
			t.Render()
			return nil
		},
	}
	cmd.Flags().BoolVar(&sql, "sql", false, "print the SQL of each")
	return cmd
}
