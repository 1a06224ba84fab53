package main

import (
	"bufio"
	"errors"
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"voc/dashboards/export"
	"voc/dashboards/query"
	"voc/schema"
)

func (a *app) queryCommand() *cobra.Command {
	var format, view, name string
	var params []string
	var list, excel bool
	cmd := &cobra.Command{
		Use:   "query [SQL]",
		Short: "Run a SELECT on the views and print a table, CSV, JSON or Parquet",
		Example: `  voc query 'SELECT topic, sum(posts) AS n FROM topic_daily GROUP BY topic ORDER BY n DESC LIMIT 10'
  voc query 'SELECT * FROM posts WHERE post_id = {id:String}' --param id=mb-00001 --format json
  voc query --view posts --format parquet > posts.parquet
  voc query --list                                 # the questions behind the report, the pages and Grafana
  voc query --name topic_weeks --param community=musubira --param week=2026-10-05 --format csv --excel > topics.csv`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if list {
				if len(args) > 0 || view != "" || name != "" {
					return usageError{errors.New("--list stands alone")}
				}
				return a.listQueries()
			}
			if given := len(args) + btoi(view != "") + btoi(name != ""); given != 1 {
				return usageError{errors.New("give either a SELECT, --name or --view")}
			}
			if excel && format != "csv" && format != "tsv" {
				return usageError{errors.New("--excel is for --format csv and tsv")}
			}
			values, err := pairs("--param", params)
			if err != nil {
				return usageError{err}
			}
			r := export.Request{View: view, Query: name, Format: export.Format(format), Spreadsheet: excel}
			var question query.Query
			if name != "" {
				r.Params = query.Params{}
				for k, v := range values {
					r.Params[k] = v
				}
				if question, err = query.Get(name); err == nil {
					_, err = question.Bind(r.Params)
				}
				if err != nil {
					return usageError{err}
				}
			} else {
				r.SQLParams = values
			}
			_, conn, err := a.reader(c.Context())
			if err != nil {
				return err
			}
			defer conn.Close()
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
			if name != "" {
				bound, err := question.Args(r.Params)
				if err != nil {
					return err
				}
				return printQuery(c.Context(), a.out, conn, question.SQL, bound...)
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
	cmd.Flags().StringVar(&name, "name", "", "run this named question, see --list")
	cmd.Flags().BoolVar(&list, "list", false, "list the named questions with their parameters")
	cmd.Flags().BoolVar(&excel, "excel", false, "write CSV and TSV so that Excel reads the Japanese and runs no text as a formula")
	cmd.Flags().StringArrayVar(&params, "param", nil, "name=value for {name:Type} in the SELECT or for a named question (repeatable)")
	return cmd
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// listQueries prints the catalogue of named questions. Parameters that must be given are marked.
func (a *app) listQueries() error {
	all, err := query.Catalog()
	if err != nil {
		return err
	}
	t := newTable(a.out)
	t.AppendHeader(table.Row{"name", "title", "parameters (* = must be given)", "meaning"})
	t.SetColumnConfigs([]table.ColumnConfig{{Number: 3, WidthMax: 40, WidthMaxEnforcer: text.WrapSoft}, {Number: 4, WidthMax: 80, WidthMaxEnforcer: text.WrapSoft}})
	for _, q := range all {
		params := make([]string, len(q.Params))
		for i, p := range q.Params {
			params[i] = p.Name
			if p.Required {
				params[i] += "*"
			}
		}
		t.AppendRow(table.Row{q.Name, q.Title, strings.Join(params, " "), q.Meaning})
	}
	t.Render()
	return nil
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
