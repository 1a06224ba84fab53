package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os/user"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/spf13/cobra"

	"voc/cmd/internal/config"
	"voc/dashboards/query"
	"voc/schema"
	"voc/schema/decide"
	"voc/schema/rollup"
)

// whoFlags are the options by which a decision says who made it and why.
type whoFlags struct {
	by, why string
}

func (f *whoFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.by, "by", "", "your name, kept with the decision; default: the user of this system")
}

// who is the name that is kept, and the reason with personal data masked.
func (a *app) who(cfg config.Config, f whoFlags) (decide.Who, error) {
	w := decide.Who{By: f.by}
	for _, name := range []string{"SUDO_USER", "USER", "LOGNAME"} {
		for _, e := range a.environ {
			if key, value, _ := strings.Cut(e, "="); key == name {
				w.By = cmp.Or(w.By, value)
			}
		}
	}
	if w.By == "" { // as in a container, where nothing sets the variables
		me, err := user.Current()
		if err != nil || me.Username == "" {
			return w, usageError{errors.New("nobody is named who decides; give --by NAME")}
		}
		w.By = me.Username
	}
	var err error
	w.Reason, err = maskedText(cfg, f.why)
	return w, err
}

// maskedText is a text that people typed, as it may be stored.
func maskedText(cfg config.Config, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	g, err := patternGuard(cfg)
	if err != nil {
		return "", err
	}
	return g.Patterns(text), nil
}

// decideFlags are the options of voc release and voc quarantine.
type decideFlags struct {
	whoFlags
	community, as string
}

func (f *decideFlags) add(cmd *cobra.Command) {
	f.whoFlags.add(cmd)
	cmd.Flags().StringVar(&f.community, "community", "", "community of the post, when two communities share the id")
	cmd.Flags().StringVar(&f.why, "why", "", "why, kept with the decision; personal data in it is masked")
}

func (a *app) releaseCommand() *cobra.Command {
	var f decideFlags
	cmd := &cobra.Command{
		Use:   "release POST_ID",
		Short: "Put back a post that was set aside as promotion or spam",
		Long: `A post that is tagged promotion or spam is counted, but left out of voices, rankings and lists. This says that the tag is
wrong for one post: views, numbers, reports and pages follow at once, and stay so when the post is edited, tagged again
or replayed. The decision is kept with name, time and reason; ` + "`voc quarantine`" + ` is the opposite.`,
		Example: `  voc release mb-01234 --config voc.yaml --why "a member's own recommendation"
  voc decisions --config voc.yaml`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.decide(c.Context(), f, args[0], func(ctx context.Context, s *decide.Store, id string, who decide.Who) (decide.Result, error) {
				return s.Release(ctx, f.community, id, who)
			})
		},
	}
	f.add(cmd)
	return cmd
}

func (a *app) quarantineCommand() *cobra.Command {
	var f decideFlags
	cmd := &cobra.Command{
		Use:   "quarantine POST_ID",
		Short: "Set a post aside as promotion or spam",
		Long: `Says that a post is promotion or spam although the rules did not: it stays counted as a post, and is left out of voices,
rankings and lists from now on, also when it is edited, tagged again or replayed. ` + "`voc release`" + ` takes it back.`,
		Example: `  voc quarantine mb-01234 --as spam --config voc.yaml --why "the same text in five threads"`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.decide(c.Context(), f, args[0], func(ctx context.Context, s *decide.Store, id string, who decide.Who) (decide.Result, error) {
				return s.SetAside(ctx, f.community, id, f.as, who)
			})
		},
	}
	f.add(cmd)
	cmd.Flags().StringVar(&f.as, "as", "", "promotion or spam; default: as it is set aside already, or what the rules said, else promotion")
	return cmd
}

// decide makes one decision and says what it came to.
func (a *app) decide(ctx context.Context, f decideFlags, id string, do func(context.Context, *decide.Store, string, decide.Who) (decide.Result, error)) error {
	cfg, err := a.loadConfig()
	if err != nil {
		return err
	}
	who, err := a.who(cfg, f.whoFlags)
	if err != nil {
		return err
	}
	if cfg.Privacy.Key != "" {
		if id, err = storedID(cfg, id); err != nil {
			return err
		}
	}
	conn, err := openDecider(ctx, cfg.ClickHouse)
	if err != nil {
		return err
	}
	defer conn.Close()
	r, err := do(ctx, decide.New(conn), id, who)
	switch {
	case errors.Is(err, decide.ErrNotSetAside):
		return fmt.Errorf("the post %s of %s is not set aside: it is tagged neither promotion nor spam (%s); nothing was changed", r.Post.PostID, r.Post.Community, tagsOf(r.Post))
	case err != nil:
		return err
	}
	printDecision(a.out, r)
	if !a.recount(ctx, cfg) {
		fmt.Fprintln(a.out, "The numbers of its day follow when voc run counts them, usually within a second.")
	}
	return nil
}

func tagsOf(p decide.Post) string {
	if len(p.Intents) == 0 {
		return "it has no intent"
	}
	return "its intents are " + strings.Join(p.Intents, ", ")
}

func printDecision(w io.Writer, r decide.Result) {
	p, last := r.Post, r.Post.Last
	what := "set aside as " + strings.Join(p.Intents, ", ")
	if last.Verdict == schema.Released {
		what = "released"
	} else if last.Number > 0 {
		what = "set aside as " + last.Verdict
	}
	post := fmt.Sprintf("%s of %s, posted %s", p.PostID, p.Community, p.Day.Format("2006-01-02"))
	switch {
	case !r.Written && last.Number == 0:
		fmt.Fprintf(w, "Nothing was changed: %s, is set aside by the rules already (%s).\n", post, strings.Join(p.Tagged, ", "))
	case !r.Written:
		fmt.Fprintf(w, "Nothing was changed: %s, was %s by %s at %s.\n", post, what, cmp.Or(last.DecidedBy, "somebody"), last.DecidedAt.Format("2006-01-02 15:04"))
	case len(p.Tagged) > 0:
		fmt.Fprintf(w, "%s is %s. The rules had said: %s.\n", post, what, strings.Join(p.Tagged, ", "))
	default:
		fmt.Fprintf(w, "%s is %s. The rules had seen nothing of the kind.\n", post, what)
	}
}

// recount counts the days that changed, when the configuration names somebody who may; else voc run does it.
func (a *app) recount(ctx context.Context, cfg config.Config) bool {
	conn, err := openWriter(ctx, cfg.ClickHouse)
	if err != nil {
		return false
	}
	defer conn.Close()
	r, err := rollup.New(conn, rollup.Config{})
	if err != nil {
		return false
	}
	_, err = r.RunOnce(ctx)
	return err == nil
}

func (a *app) decisionsCommand() *cobra.Command {
	var community string
	cmd := &cobra.Command{
		Use:   "decisions",
		Short: "List what people decided about posts that are set aside",
		Long: `Lists the decisions that hold, newest first. The view post_decisions has the earlier ones, too, and ` + "`voc query --view`" + `
exports it.`,
		Example: `  voc decisions --community shop --config voc.yaml
  voc query --view post_decisions --format csv --config voc.yaml > decisions.csv`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, conn, err := a.reader(c.Context())
			if err != nil {
				return err
			}
			defer conn.Close()
			return a.listDecisions(c.Context(), conn, community)
		},
	}
	cmd.Flags().StringVar(&community, "community", "", "only this community; default: all")
	return cmd
}

func (a *app) listDecisions(ctx context.Context, conn driver.Conn, community string) error {
	communities := []string{community}
	if community == "" {
		var err error
		if communities, err = withDecisions(ctx, conn); err != nil {
			return err
		}
	}
	var all []query.Decision
	for _, c := range communities {
		var list []query.Decision
		if err := query.Run(ctx, conn, "decisions", query.Params{"community": c}, &list); err != nil {
			return err
		}
		all = append(all, list...)
	}
	if len(all) == 0 {
		fmt.Fprintln(a.out, "Nobody has decided anything yet. `voc release POST_ID` puts a post back, `voc quarantine POST_ID` sets one aside.")
		return nil
	}
	t := newTable(a.out)
	t.AppendHeader([]any{"post", "community", "day", "decision", "rules said", "when", "by", "why", "remark"})
	for _, d := range all {
		remark := ""
		switch {
		case d.Gone == 1:
			remark = "deleted since"
		case d.Edited == 1:
			remark = "edited since"
		}
		t.AppendRow([]any{
			d.PostID, d.Community, d.Day.Format("2006-01-02"), d.Verdict, strings.Join(d.Tagged, ", "), d.DecidedAt.Format("2006-01-02 15:04"), d.DecidedBy, clipCell(d.Reason), remark,
		})
	}
	t.Render()
	return nil
}

// clipCell cuts a text of people to a cell.
func clipCell(s string) string {
	r := []rune(s)
	if len(r) > cellWidth {
		return string(r[:cellWidth-1]) + "…"
	}
	return s
}

// withDecisions are the communities that have decisions.
func withDecisions(ctx context.Context, conn driver.Conn) ([]string, error) {
	var names []string
	if err := conn.QueryRow(ctx, "SELECT arraySort(groupUniqArray(toString(community))) FROM post_decisions").Scan(&names); err != nil {
		return nil, fmt.Errorf("cannot list the communities: %w", err)
	}
	return names, nil
}
