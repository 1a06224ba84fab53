package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"voc/analyze"
	"voc/analyze/eval"
)

// evalFlags are the options of voc eval.
type evalFlags struct {
	format  string
	table   eval.TableOptions
	labels  []string
	where   []string
	aspects bool
	mixed   string
	misses  int
	asJSON  bool
	floors  string
}

func (a *app) evalCommand() *cobra.Command {
	f := evalFlags{}
	cmd := &cobra.Command{
		Use:   "eval FILE",
		Short: "Measure the tags against labelled posts: precision, recall and F1 with intervals",
		Long: `Analyses every post of a labelled file and compares. FILE is JSON Lines (id, text, sentiment, topics, intents; see
analyze/eval/gold/GUIDE.md), or TSV or CSV with one polarity label a row.`,
		Example: `  voc eval analyze/eval/gold/dev.jsonl --misses 20
  voc eval reviews.tsv --text-column text --label-column label --where split=dev --mixed score
  voc eval aspects.tsv --aspects --map none=          # polarity of a target given by from and to`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return a.eval(args[0], f) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.format, "format", "", "jsonl, tsv or csv; default: by the file's ending")
	fl.StringVar(&f.table.TextColumn, "text-column", "text", "column of the text (tsv, csv)")
	fl.StringVar(&f.table.LabelColumn, "label-column", "label", "column of the polarity (tsv, csv)")
	fl.StringArrayVar(&f.labels, "map", nil, "read a label as a polarity, for example pos=positive; an empty polarity leaves the rows out (repeatable)")
	fl.StringArrayVar(&f.where, "where", nil, "keep only rows with column=value (repeatable)")
	fl.BoolVar(&f.aspects, "aspects", false, "rows are targets inside a text, given by the columns from and to")
	fl.StringVar(&f.mixed, "mixed", "keep", "count a given mixed as: keep, neutral, or score (the sign of the score)")
	fl.IntVar(&f.misses, "misses", 0, "print that many misses with the evidence")
	fl.BoolVar(&f.asJSON, "json", false, "print the report as JSON")
	fl.StringVar(&f.floors, "floors", "", "file of floors; exit 1 when a figure is below")
	cmd.AddCommand(a.evalSampleCommand(), a.evalReportCommand())
	return cmd
}

func (a *app) eval(file string, f evalFlags) error {
	if f.format == "" {
		f.format = strings.TrimPrefix(filepath.Ext(file), ".")
	}
	if f.format != "jsonl" && f.format != "tsv" && f.format != "csv" {
		return usageError{fmt.Errorf("--format is %q; give jsonl, tsv or csv", f.format)}
	}
	opt := eval.Options{Mixed: eval.MixedAs(f.mixed)}
	w, err := a.evalWorker()
	if err != nil {
		return err
	}
	in, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("cannot read the labelled posts: %w", err)
	}
	defer in.Close()
	var report *eval.Report
	switch {
	case f.aspects:
		if f.table, err = f.tableOptions(); err != nil {
			return err
		}
		all, err := eval.ReadAspects(in, file, f.table)
		if err != nil {
			return err
		}
		report, err = eval.ScoreAspects(all, eval.RunAspects(all, any(w).(eval.AspectAnalyzer)), opt)
		if err != nil {
			return err
		}
	default:
		items, err := f.read(in, file)
		if err != nil {
			return err
		}
		report, err = eval.Score(items, eval.Run(items, w), opt)
		if err != nil {
			return err
		}
	}
	if err := a.writeReport(report, f.asJSON, f.misses); err != nil || f.floors == "" {
		return err
	}
	ff, err := os.Open(f.floors)
	if err != nil {
		return fmt.Errorf("cannot read the floors: %w", err)
	}
	defer ff.Close()
	floors, err := eval.ReadFloors(ff, f.floors)
	if err != nil {
		return err
	}
	return eval.CheckFloors(floors, filepath.Base(file), report)
}

func (f evalFlags) read(in io.Reader, file string) ([]eval.Item, error) {
	if f.format == "jsonl" {
		return eval.Read(in, file)
	}
	table, err := f.tableOptions()
	if err != nil {
		return nil, err
	}
	return eval.ReadTable(in, file, table)
}

func (f evalFlags) tableOptions() (eval.TableOptions, error) {
	t := f.table
	t.Format = f.format
	var err error
	if t.Map, err = eval.ParseMap(f.labels); err != nil {
		return t, usageError{fmt.Errorf("--map: %w", err)}
	}
	t.Where = map[string]string{}
	for _, w := range f.where {
		column, value, ok := strings.Cut(w, "=")
		if !ok {
			return t, usageError{fmt.Errorf("--where %q has no value; give column=value", w)}
		}
		t.Where[column] = value
	}
	return t, nil
}

func (a *app) evalWorker() (*analyze.Worker, error) {
	cfg, err := a.loadConfig()
	if err != nil {
		return nil, err
	}
	an, err := newAnalyzer(cfg.Analyze)
	if err != nil {
		return nil, err
	}
	return an.NewWorker(), nil
}

func (a *app) writeReport(r *eval.Report, asJSON bool, misses int) error {
	if asJSON {
		return r.WriteJSON(a.out)
	}
	return r.WriteText(a.out, misses)
}

func (a *app) evalSampleCommand() *cobra.Command {
	var n int
	var seed uint64
	cmd := &cobra.Command{
		Use:   "sample",
		Short: "Draw posts from standard input into a sheet (CSV) for people to label",
		Long: `Reads posts as JSON Lines (as voc analyze does), draws a sample in which each polarity and intent has its share, and
writes a CSV sheet with empty label columns. Labels are blind: the sheet does not show voc's tags.`,
		Example: `  voc eval sample --n 200 < posts.jsonl > sheet.csv
  voc eval report sheet.csv     # after labelling`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if n < 1 {
				return usageError{fmt.Errorf("--n is %d; give at least 1", n)}
			}
			w, err := a.evalWorker()
			if err != nil {
				return err
			}
			posts, err := readPosts(a.in, w)
			if err != nil {
				return err
			}
			return eval.WriteSheet(a.out, eval.Sample(posts, n, seed))
		},
	}
	cmd.Flags().IntVar(&n, "n", 200, "posts to draw")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "the same posts and seed give the same sample")
	return cmd
}

func (a *app) evalReportCommand() *cobra.Command {
	var misses int
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "report SHEET",
		Short:   "Score a labelled sheet",
		Example: "  voc eval report sheet.csv --misses 20",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			f, err := os.Open(args[0])
			if err != nil {
				return fmt.Errorf("cannot read the sheet: %w", err)
			}
			defer f.Close()
			sheet, err := eval.ReadSheet(f, args[0])
			if err != nil {
				return err
			}
			if sheet.Unlabelled > 0 {
				fmt.Fprintf(a.err, "voc: %d rows of %s have no sentiment and are left out\n", sheet.Unlabelled, args[0])
			}
			w, err := a.evalWorker()
			if err != nil {
				return err
			}
			report, err := eval.Score(sheet.Items, eval.Run(sheet.Items, w), eval.Options{})
			if err != nil {
				return err
			}
			return a.writeReport(report, asJSON, misses)
		},
	}
	cmd.Flags().IntVar(&misses, "misses", 0, "print that many misses with the evidence")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	return cmd
}

// readPosts reads JSON Lines of posts and tags each to find its stratum.
func readPosts(in io.Reader, w *analyze.Worker) ([]eval.Post, error) {
	var posts []eval.Post
	var res analyze.Result
	lw := &lineWorker{}
	r := bufio.NewReaderSize(in, 1<<16)
	for n := 1; ; n++ {
		line, err := readLine(r)
		if len(line) > 0 {
			p, err := lw.decode(n, line)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			input := inputOf(&p)
			w.Analyze(input, &res)
			posts = append(posts, eval.Post{
				ID: p.PostID, Title: p.Title, Body: p.Body, IsReply: input.IsReply, AuthorRole: input.AuthorRole,
				Stratum: eval.Stratum(&res),
			})
		}
		if errors.Is(err, io.EOF) {
			return posts, nil
		}
		if err != nil {
			return nil, fmt.Errorf("cannot read the input: %w", err)
		}
	}
}
