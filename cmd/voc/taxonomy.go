package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"voc/analyze"
	"voc/analyze/taxonomy"
	"voc/analyze/taxonomy/tryout"
)

func (a *app) taxonomyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "taxonomy",
		Short: "Show, check and try the file that says what topics and intents are",
		Long: `A taxonomy is a YAML file that names topics and intents and the words that give them. The rule language is described
in analyze/taxonomy/README.md. These commands need no server.`,
		Example: `  voc taxonomy show > my.yaml                    # start from the one that ships with voc
  voc taxonomy lint my.yaml && voc taxonomy test my.yaml
  voc taxonomy diff my.yaml --posts posts.jsonl  # what would change against the one in force`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	cmd.AddCommand(a.taxonomyShowCommand(), a.taxonomyLintCommand(), a.taxonomyTestCommand(), a.taxonomyDiffCommand())
	return cmd
}

func (a *app) taxonomyShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "show",
		Short:   "Print the taxonomy that ships with voc",
		Example: "  voc taxonomy show > my.yaml",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := a.out.Write(taxonomy.Default)
			return err
		},
	}
}

func (a *app) taxonomyLintCommand() *cobra.Command {
	var posts string
	cmd := &cobra.Command{
		Use:   "lint FILE",
		Short: "Check a taxonomy: ids, hierarchy, rules and phrases that can never match, duplicates",
		Long: `Prints one line for each problem: file, line, error or warning, where it is and what would be right. With --posts it
also tags the posts and prints how many posts each tag gets, which rules never fire, which topics overlap, and which
phrases stand in the posts only inside of longer words.
The exit code is 1 when there is an error; warnings do not count.`,
		Example: `  voc taxonomy lint my.yaml
  voc taxonomy lint my.yaml --posts posts.jsonl`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return a.lint(c.Context(), args[0], posts) },
	}
	cmd.Flags().StringVar(&posts, "posts", "", "posts to try it on: JSON Lines, CSV, TSV, or one text a line; - is standard input")
	return cmd
}

func (a *app) lint(ctx context.Context, file, posts string) error {
	cfg, err := a.taxonomyConfig(file)
	if err != nil {
		return err
	}
	_, problems := taxonomy.Check(cfg.TaxonomyName, cfg.Taxonomy)
	errs := 0
	for _, p := range problems {
		if p.Fatal {
			errs++
		}
	}
	var all []tryout.Post
	if errs == 0 {
		if posts != "" {
			if all, err = a.readPostFile(ctx, posts); err != nil {
				return err
			}
		}
		more, err := tryout.Phrases(cfg, all)
		if err != nil {
			return err
		}
		problems = append(problems, more...)
	}
	for _, p := range problems {
		printProblem(a.out, file, p)
	}
	fmt.Fprintf(a.out, "%s: %d errors, %d warnings\n", file, errs, len(problems)-errs)
	if errs > 0 {
		return fmt.Errorf("%s cannot be used; the errors are above", file)
	}
	if posts == "" {
		return nil
	}
	an, err := analyze.New(cfg)
	if err != nil {
		return err
	}
	printCoverage(a.out, tryout.Measure(an, all))
	return nil
}

// taxonomyConfig is the configuration in force with the given taxonomy file; an empty file name keeps the taxonomy.
func (a *app) taxonomyConfig(file string) (analyze.Config, error) {
	c, err := a.loadConfig()
	if err != nil {
		return analyze.Config{}, err
	}
	if file != "" {
		c.Analyze.Taxonomy = file
		if _, err := os.Stat(file); err != nil {
			return analyze.Config{}, fmt.Errorf("cannot read the taxonomy: %w", err)
		}
	}
	return analyzerConfig(c.Analyze)
}

func printProblem(w io.Writer, file string, p taxonomy.Problem) {
	at, kind := file, "warning"
	if p.Line > 0 {
		at = fmt.Sprintf("%s:%d", file, p.Line)
	}
	if p.Fatal {
		kind = "error"
	}
	fmt.Fprintf(w, "%s: %s: %s: %s\n", at, kind, p.Where, p.Text)
}

func printCoverage(w io.Writer, c *tryout.Coverage) {
	fmt.Fprintf(w, "\n%d posts: %s have a topic, %s have an intent\n\n", c.Posts, share(c.Posts-c.NoTopic, c.Posts), share(c.Posts-c.NoIntent, c.Posts))
	t := newTable(w)
	t.AppendHeader(table.Row{"kind", "tag", "posts", "share"})
	t.SetColumnConfigs([]table.ColumnConfig{{Number: 3, Align: text.AlignRight}, {Number: 4, Align: text.AlignRight}})
	for _, list := range []struct {
		kind   string
		counts []tryout.Count
	}{{"topic", c.Topics}, {"intent", c.Intents}} {
		for _, n := range list.counts {
			t.AppendRow(table.Row{list.kind, n.ID, n.Posts, share(n.Posts, c.Posts)})
		}
	}
	t.Render()
	for _, o := range c.Overlaps {
		fmt.Fprintf(w, "overlap: %d of the %d posts of %s are posts of %s as well (%s); merge the topics, or tell them apart with none or near\n",
			o.Both, o.Small.Posts, o.Small.ID, o.Large.ID, share(o.Both, o.Small.Posts))
	}
	if len(c.Idle) > 0 {
		fmt.Fprintf(w, "%d rules fired on no post: %s\n", len(c.Idle), strings.Join(c.Idle, ", "))
	}
}

func share(n, of int) string { return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(max(1, of))) }

func (a *app) taxonomyTestCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "test [FILE]",
		Short: "Run the examples of every rule",
		Long: `A text under match must make that very rule fire, a text under reject must not. A rule without both is a failure, too.
Without FILE the taxonomy in force is tested. The exit code is 1 when anything fails.`,
		Example: `  voc taxonomy test my.yaml
  voc taxonomy test            # the one in force`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			cfg, err := a.taxonomyConfig(strings.Join(args, ""))
			if err != nil {
				return err
			}
			an, err := analyze.New(cfg)
			if err != nil {
				return err
			}
			t := tryout.Test(an)
			for _, f := range t.Failures {
				fmt.Fprintln(a.out, f)
			}
			fmt.Fprintf(a.out, "%d rules, %d examples, %d failures\n", t.Rules, t.Texts, len(t.Failures))
			if len(t.Failures) > 0 {
				return fmt.Errorf("%d examples do not hold; change the rule, or the example when it is wrong", len(t.Failures))
			}
			return nil
		},
	}
}

// diffFlags are the options of voc taxonomy diff.
type diffFlags struct {
	posts    string
	examples int
	asJSON   bool
}

func (a *app) taxonomyDiffCommand() *cobra.Command {
	f := diffFlags{}
	cmd := &cobra.Command{
		Use:   "diff [OLD] NEW --posts FILE",
		Short: "Tell what a change of the taxonomy does to posts: gained, lost and changed tags with examples",
		Long: `Tags the posts with both taxonomies and compares. With one file, the other is the taxonomy in force. Nothing is
stored; the exit code does not depend on whether anything differs.`,
		Example: `  voc taxonomy diff my.yaml --posts posts.jsonl
  voc taxonomy diff old.yaml new.yaml --posts posts.csv --examples 5`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case f.posts == "":
				return usageError{fmt.Errorf("--posts is not given; name a file of posts to compare on")}
			case f.examples < 0:
				return usageError{fmt.Errorf("--examples is %d; give 0 or more", f.examples)}
			case len(args) == 1:
				args = []string{"", args[0]}
			}
			return a.diff(c.Context(), args[0], args[1], f)
		},
	}
	cmd.Flags().StringVar(&f.posts, "posts", "", "posts to compare on: JSON Lines, CSV, TSV, or one text a line; - is standard input")
	cmd.Flags().IntVar(&f.examples, "examples", 3, "posts shown for each tag and kind of change")
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "print the comparison as JSON")
	return cmd
}

func (a *app) diff(ctx context.Context, before, after string, f diffFlags) error {
	var both [2]*analyze.Analyzer
	for i, file := range []string{before, after} {
		cfg, err := a.taxonomyConfig(file)
		if err != nil {
			return err
		}
		if both[i], err = analyze.New(cfg); err != nil {
			return err
		}
	}
	posts, err := a.readPostFile(ctx, f.posts)
	if err != nil {
		return err
	}
	d := tryout.Compare(both[0], both[1], posts, f.examples)
	if f.asJSON {
		if err := json.MarshalWrite(a.out, d, jsontext.AllowInvalidUTF8(true), jsontext.WithIndent("  ")); err != nil {
			return fmt.Errorf("cannot write the output: %w", err)
		}
		fmt.Fprintln(a.out)
		return nil
	}
	printDiff(a.out, d)
	return nil
}

func printDiff(w io.Writer, d *tryout.Diff) {
	fmt.Fprintf(w, "%d posts, %d with a change (%s)\n", d.Posts, d.Changed, share(d.Changed, d.Posts))
	if d.Changed == 0 {
		return
	}
	fmt.Fprintln(w)
	t := newTable(w)
	t.AppendHeader(table.Row{"kind", "tag", "before", "after", "gained", "lost", "changed"})
	var right []table.ColumnConfig
	for n := 3; n <= 7; n++ {
		right = append(right, table.ColumnConfig{Number: n, Align: text.AlignRight})
	}
	t.SetColumnConfigs(right)
	kinds := []struct {
		kind    string
		changes []tryout.Change
	}{{"sentiment", []tryout.Change{d.Sentiment}}, {"topic", d.Topics}, {"intent", d.Intents}}
	for _, k := range kinds {
		for i := range k.changes {
			if c := &k.changes[i]; c.Any() {
				t.AppendRow(table.Row{k.kind, c.ID, c.Before, c.After, c.Gained, c.Lost, c.Turned})
			}
		}
	}
	t.Render()
	for _, k := range kinds {
		for i := range k.changes {
			printExamples(w, k.kind, &k.changes[i])
		}
	}
}

func printExamples(w io.Writer, kind string, c *tryout.Change) {
	if len(c.Examples) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s %s\n", kind, c.ID)
	examples := slices.Clone(c.Examples)
	slices.SortStableFunc(examples, func(a, b tryout.Example) int { return strings.Compare(a.How, b.How) })
	for _, e := range examples {
		rules := ""
		if len(e.Rules) > 0 {
			rules = "  (" + strings.Join(e.Rules, ", ") + ")"
		}
		fmt.Fprintf(w, "  %s  %s: %s%s\n", e.How, e.PostID, e.Text, rules)
	}
}
