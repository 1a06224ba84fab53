package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/spf13/cobra"

	"voc/cmd/internal/config"
	"voc/dashboards/actions"
	"voc/dashboards/export"
	"voc/dashboards/query"
	"voc/schema/decide"
)

func (a *app) actionsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "actions",
		Short: "Write down what is done about what members said, and see whether it helped",
		Long: `An action has a topic or another query for posts, an owner, and a release. The weekly report and the page 対応の進み具合 show
each with the voices since, and the level a week before and after its release. When the voices are back above the level
before (tested, with a minimum of authors), an action that shipped counts as reopened by itself.`,
		Example: `  voc actions add --community shop --topic pricing/plan --title "料金表を作り直す" --owner 中村 --due 2026-12-20 --config voc.yaml
  voc actions list --config voc.yaml
  voc actions ship a-1f3c9d20 --release 2.4 --config voc.yaml && voc actions members a-1f3c9d20 --config voc.yaml`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	cmd.AddCommand(
		a.actionsAddCommand(), a.actionsListCommand(), a.actionsMembersCommand(),
		a.actionStepCommand(decide.Shipped, "ship ID", "Write down that an action shipped, with its release", "  voc actions ship a-1f3c9d20 --release 2.4 --on 2026-11-18 --config voc.yaml"),
		a.actionStepCommand(decide.Closed, "close ID", "Write down that nothing more is done about an action", "  voc actions close a-1f3c9d20 --note \"no voices for two months\" --config voc.yaml"),
		a.actionStepCommand(decide.Reopened, "reopen ID", "Open an action again", "  voc actions reopen a-1f3c9d20 --note \"did not help on the phone\" --config voc.yaml"),
	)
	return cmd
}

// actionFlags are the options of voc actions add.
type actionFlags struct {
	whoFlags
	community, topic, query, title, owner, due, note string
}

func (a *app) actionsAddCommand() *cobra.Command {
	var f actionFlags
	cmd := &cobra.Command{
		Use:   "add --topic T --title TITLE --owner NAME",
		Short: "Write an action down",
		Long: `--topic and --query say which posts are its voices; the numbers of the action count them. Left to itself, that is what
members, leaders, partners and unknown people request, complain of, report as a bug or threaten to leave for, without
posts that are set aside. --query takes what the address of the page of posts has behind the question mark.`,
		Example: `  voc actions add --topic search --title "絞り込みに担当者を加える" --owner "開発 高橋" --config voc.yaml
  voc actions add --query "text=CSV&intent=request" --title "CSVの一括出力" --owner 高橋 --due 2026-12-20 --config voc.yaml`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := a.loadConfig()
			if err != nil {
				return err
			}
			return a.addAction(c.Context(), cfg, f)
		},
	}
	f.whoFlags.add(cmd)
	fl := cmd.Flags()
	fl.StringVar(&f.community, "community", "", "community; not needed when there is only one")
	fl.StringVar(&f.topic, "topic", "", "topic it is about, such as pricing/plan")
	fl.StringVar(&f.query, "query", "", "which posts, such as text=CSV&intent=request")
	fl.StringVar(&f.title, "title", "", "what is to be done; personal data in it is masked")
	fl.StringVar(&f.owner, "owner", "", "who sees to it")
	fl.StringVar(&f.due, "due", "", "day until which it shall be done, such as 2026-12-20")
	fl.StringVar(&f.note, "note", "", "remark; personal data in it is masked")
	return cmd
}

func (a *app) addAction(ctx context.Context, cfg config.Config, f actionFlags) error {
	var errs []error
	action := decide.Action{Topic: f.topic, Owner: strings.TrimSpace(f.owner)}
	if f.title == "" || action.Owner == "" {
		errs = append(errs, errors.New("give --title and --owner"))
	}
	var err error
	if action.Filter, err = actions.NewFilter(f.topic, f.query); err != nil {
		errs = append(errs, err)
	}
	if f.due != "" {
		if action.Due, err = time.Parse(time.DateOnly, f.due); err != nil {
			errs = append(errs, fmt.Errorf("--due is %q; give a day such as 2026-12-20", f.due))
		}
	}
	who, err := a.who(cfg, f.whoFlags)
	if err := errors.Join(append(errs, err)...); err != nil {
		return usageError{err}
	}
	if action.Title, err = maskedText(cfg, f.title); err != nil {
		return err
	}
	if action.Note, err = maskedText(cfg, f.note); err != nil {
		return err
	}
	conn, err := openDecider(ctx, cfg.ClickHouse)
	if err != nil {
		return err
	}
	defer conn.Close()
	if action.Community, err = oneCommunity(ctx, conn, f.community); err != nil {
		return err
	}
	id, err := decide.New(conn).Add(ctx, action, who.By)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%s is written down for %s.\n", id, action.Community)
	return a.printStanding(ctx, cfg, conn, action.Community, id)
}

// oneCommunity is the community that is meant.
func oneCommunity(ctx context.Context, conn driver.Conn, given string) (string, error) {
	if given == "" {
		return onlyCommunity(ctx, conn)
	}
	var list []query.CommunityRow
	if err := query.Run(ctx, conn, "communities", nil, &list); err != nil {
		return "", err
	}
	for _, c := range list {
		if c.Community == given {
			return given, nil
		}
	}
	return "", usageError{fmt.Errorf("there is no community %q with posts; check --community", given)}
}

// actionStepCommand is the command of one event.
func (a *app) actionStepCommand(event, use, short, example string) *cobra.Command {
	var who whoFlags
	var community, release, note, on string
	cmd := &cobra.Command{
		Use: use, Short: short, Example: example, Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			cfg, err := a.loadConfig()
			if err != nil {
				return err
			}
			if event == decide.Shipped && strings.TrimSpace(release) == "" {
				return usageError{errors.New("give --release, so that members can be told in which release it came")}
			}
			step := decide.Step{Event: event, Release: release}
			if on != "" {
				zone, err := cfg.Calendar.Zone()
				if err != nil {
					return err
				}
				if step.At, err = time.ParseInLocation(time.DateOnly, on, zone); err != nil {
					return usageError{fmt.Errorf("--on is %q; give a day such as 2026-11-18", on)}
				}
			}
			name, err := a.who(cfg, who)
			if err != nil {
				return err
			}
			if step.Note, err = maskedText(cfg, note); err != nil {
				return err
			}
			return a.takeStep(c.Context(), cfg, community, args[0], step, name.By)
		},
	}
	who.add(cmd)
	cmd.Flags().StringVar(&community, "community", "", "community of the action, when two communities share the id")
	cmd.Flags().StringVar(&note, "note", "", "remark; personal data in it is masked")
	cmd.Flags().StringVar(&on, "on", "", "day on which it happened; default: now")
	if event == decide.Shipped {
		cmd.Flags().StringVar(&release, "release", "", "name of the release")
	}
	return cmd
}

func (a *app) takeStep(ctx context.Context, cfg config.Config, community, id string, step decide.Step, by string) error {
	conn, err := openDecider(ctx, cfg.ClickHouse)
	if err != nil {
		return err
	}
	defer conn.Close()
	k, written, err := decide.New(conn).Take(ctx, community, id, step, by)
	if err != nil {
		return err
	}
	if !written {
		fmt.Fprintf(a.out, "Nothing was changed: %s is %s since %s.\n", k.ID, k.State, k.ChangedAt.Format("2006-01-02"))
		return nil
	}
	fmt.Fprintf(a.out, "%s is %s.\n", k.ID, k.State)
	if step.Event == decide.Shipped {
		fmt.Fprintf(a.out, "`voc actions members %s` lists who asked for it.\n", k.ID)
	}
	return a.printStanding(ctx, cfg, conn, k.Community, k.ID)
}

func (a *app) actionsListCommand() *cobra.Command {
	var community string
	var closed bool
	cmd := &cobra.Command{
		Use: "list", Short: "List the actions with the voices since and the level before and after", Args: cobra.NoArgs,
		Example: "  voc actions list --all --config voc.yaml",
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, conn, err := a.reader(c.Context())
			if err != nil {
				return err
			}
			defer conn.Close()
			if community, err = oneCommunity(c.Context(), conn, community); err != nil {
				return err
			}
			return a.printStandings(c.Context(), cfg, conn, community, func(s *actions.Standing) bool { return closed || s.Listed() })
		},
	}
	cmd.Flags().StringVar(&community, "community", "", "community; not needed when there is only one")
	cmd.Flags().BoolVar(&closed, "all", false, "also those that are closed")
	return cmd
}

func (a *app) printStanding(ctx context.Context, cfg config.Config, conn driver.Conn, community, id string) error {
	return a.printStandings(ctx, cfg, conn, community, func(s *actions.Standing) bool { return s.ID == id })
}

func (a *app) printStandings(ctx context.Context, cfg config.Config, conn driver.Conn, community string, want func(*actions.Standing) bool) error {
	zone, err := cfg.Calendar.Zone()
	if err != nil {
		return err
	}
	list, err := actions.Load(ctx, conn, zone, community, actions.Day(time.Now(), zone))
	if err != nil {
		return err
	}
	t := newTable(a.out)
	t.AppendHeader([]any{"action", "status", "topic", "title", "owner", "due", "added", "voices since", "people", "a week before", "after", "release"})
	rows := 0
	for i := range list {
		s := &list[i]
		if !want(s) {
			continue
		}
		rows++
		due := ""
		if s.Due != nil {
			due = s.Due.Format(time.DateOnly)
		}
		if s.Overdue {
			due += " (over)"
		}
		status := string(s.Status)
		if s.Status == actions.Back {
			status = "reopened: back since the week of " + s.BackIn.Format(time.DateOnly)
		}
		level := func(v float64, weeks int) string {
			if weeks == 0 {
				return "-"
			}
			return fmt.Sprintf("%.1f (%d weeks)", v, weeks)
		}
		t.AppendRow([]any{
			s.ID, status, s.Topic, clipCell(s.Title), s.Owner, due, s.AddedAt.In(zone).Format(time.DateOnly), s.Posts, s.Authors, level(s.Before, s.BeforeWeeks),
			level(s.After, s.AfterWeeks), s.Release,
		})
	}
	switch {
	case rows > 0:
		t.Render()
	case len(list) > 0:
		fmt.Fprintln(a.out, "No action is open; `voc actions list --all` lists those that are closed, too.")
	default:
		fmt.Fprintln(a.out, "There are no actions. `voc actions add --topic T --title … --owner …` writes one down.")
	}
	return nil
}

func (a *app) actionsMembersCommand() *cobra.Command {
	var community, format string
	cmd := &cobra.Command{
		Use:   "members ID",
		Short: "List the members who asked for what an action does, each once",
		Long: `Lists whoever wrote a voice of the action, from a year before it was written down until now, each person once, with the
pseudonym that the views show. Who that is knows the system the posts come from; voc does not keep it.`,
		Example: "  voc actions members a-1f3c9d20 --format csv --config voc.yaml > members.csv",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			cfg, conn, err := a.reader(c.Context())
			if err != nil {
				return err
			}
			defer conn.Close()
			return a.members(c.Context(), cfg, conn, community, args[0], format)
		},
	}
	cmd.Flags().StringVar(&community, "community", "", "community of the action, when two communities share the id")
	cmd.Flags().StringVar(&format, "format", "table", "table, csv, tsv, json or jsonl")
	return cmd
}

func (a *app) members(ctx context.Context, cfg config.Config, conn driver.Conn, community, id, format string) error {
	k, err := decide.New(conn).Find(ctx, community, id)
	if err != nil {
		return err
	}
	var list []query.Action
	if err := query.Run(ctx, conn, "actions", query.Params{"community": k.Community}, &list); err != nil {
		return err
	}
	zone, err := cfg.Calendar.Zone()
	if err != nil {
		return err
	}
	for _, action := range list {
		if action.ID != id {
			continue
		}
		f, err := actions.Asked(action, k.Community, zone, actions.Day(time.Now(), zone))
		if err != nil {
			return err
		}
		if format != "table" {
			return export.Write(ctx, conn, a.out, export.Request{Query: "posts_authors", Params: f.Params(), Format: export.Format(format)})
		}
		return a.printMembers(ctx, conn, action, f)
	}
	return fmt.Errorf("the action %s is gone", id)
}

func (a *app) printMembers(ctx context.Context, conn driver.Conn, action query.Action, f query.Filter) error {
	var people []query.PostsAuthor
	if err := query.Run(ctx, conn, "posts_authors", f.Params(), &people); err != nil {
		return err
	}
	var total []query.PostCount
	if err := query.Run(ctx, conn, "posts_count", f.Params(), &total); err != nil {
		return err
	}
	t := newTable(a.out)
	t.AppendHeader([]any{"member", "role", "account", "voices", "first", "last", "last post"})
	var known uint64
	for _, p := range people {
		known += p.Posts
		t.AppendRow([]any{p.AuthorID, p.AuthorRole, p.AccountID, p.Posts, p.FirstAt.Format(time.DateOnly), p.LastAt.Format(time.DateOnly), p.LastPost})
	}
	t.Render()
	fmt.Fprintf(a.out, "%d people asked for: %s\n", len(people), action.Title)
	for _, n := range total {
		if n.Posts > known {
			fmt.Fprintf(a.out, "%d more posts ask for it, whose authors are not known.\n", n.Posts-known)
		}
	}
	return nil
}
