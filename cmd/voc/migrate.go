package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"voc/cmd/internal/config"
	"voc/schema/migrate"
)

func (a *app) migrateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Create or update the tables and views in ClickHouse",
		Example: `  voc migrate plan --config voc.yaml     # what would be done
  voc migrate up --config voc.yaml
  voc migrate status --config voc.yaml`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	up := &cobra.Command{
		Use: "up", Short: "Apply what is missing; safe to repeat and to run twice at once", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := a.loadConfig()
			if err != nil {
				return err
			}
			n, err := migrateUp(c.Context(), cfg, func(s migrate.Step) {
				fmt.Fprintf(a.out, "applied %s, statement %d\n", s.Name, s.Statement)
			})
			if err != nil {
				return err
			}
			if n == 0 {
				fmt.Fprintln(a.out, "nothing to apply: the database is up to date")
			}
			return nil
		},
	}
	var roles bool
	var communities []string
	plan := &cobra.Command{
		Use: "plan", Short: "Print the statements that `up` would run, as SQL", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if len(communities) > 0 && !roles {
				return usageError{errors.New("--community makes roles; give --roles, too")}
			}
			if roles {
				cfg, err := a.loadConfig()
				if err != nil {
					return err
				}
				sql, err := migrate.Roles(migrateConfig(cfg), communities...)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(a.out, sql)
				return err
			}
			return a.withMigrations(c.Context(), func(ctx context.Context, conn driver.Conn, cfg migrate.Config) error {
				steps, err := migrate.Plan(ctx, conn, cfg)
				for _, s := range steps {
					fmt.Fprintf(a.out, "-- %s, statement %d\n%s;\n\n", s.Name, s.Statement, s.SQL)
				}
				return err
			})
		},
	}
	plan.Flags().BoolVar(&roles, "roles", false, "print the roles of admin, writer and reader for a server with SQL access control instead")
	plan.Flags().StringArrayVar(&communities, "community", nil, "with --roles: also a role of readers who see this community only (repeatable)")
	status := &cobra.Command{
		Use: "status", Short: "List the migrations and when they were applied", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withMigrations(c.Context(), func(ctx context.Context, conn driver.Conn, cfg migrate.Config) error {
				states, err := migrate.Status(ctx, conn, cfg)
				if err != nil {
					return err
				}
				t := newTable(a.out)
				t.AppendHeader(table.Row{"migration", "statement", "applied"})
				for _, s := range states {
					applied := "pending"
					if !s.Applied.IsZero() {
						applied = s.Applied.Format(time.DateTime)
					}
					t.AppendRow(table.Row{s.Name, s.Statement, applied})
				}
				t.Render()
				return nil
			})
		},
	}
	cmd.AddCommand(up, plan, status)
	return cmd
}

func (a *app) withMigrations(ctx context.Context, do func(context.Context, driver.Conn, migrate.Config) error) error {
	cfg, err := a.loadConfig()
	if err != nil {
		return err
	}
	conn, err := openAdmin(ctx, cfg.ClickHouse)
	if err != nil {
		return err
	}
	defer conn.Close()
	return do(ctx, conn, migrateConfig(cfg))
}

// migrateUp applies what is missing and returns how many statements that were.
func migrateUp(ctx context.Context, cfg config.Config, progress func(migrate.Step)) (int, error) {
	conn, err := openAdmin(ctx, cfg.ClickHouse)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	return migrate.Up(ctx, conn, migrateConfig(cfg), progress)
}

func migrateConfig(c config.Config) migrate.Config {
	return migrate.Config{
		Database: c.ClickHouse.Database, Timezone: c.Calendar.Timezone,
		Engine: c.ClickHouse.Engine, Cluster: c.ClickHouse.Cluster, Sharded: c.ClickHouse.Sharded,
		Retention: migrate.Retention{Posts: c.Retention.PostsDays, Surveys: c.Retention.SurveysDays, Ledger: c.Retention.LedgerDays},
	}
}
