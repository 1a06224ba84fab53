package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"voc/cmd/internal/config"
	"voc/ingest/importer"
)

// importFlags are the options of voc import.
type importFlags struct {
	format     string
	columns    []string
	defaults   []string
	ignore     []string
	drop       bool
	encoding   string
	delimiter  string
	noHeader   bool
	layouts    []string
	zone       string
	postedAt   string
	idPrefix   string
	maxErrors  int
	dryRun     bool
	showErrors int
}

func (a *app) importCommand() *cobra.Command {
	f := importFlags{}
	cmd := &cobra.Command{
		Use:   "import FILE…",
		Short: "Send posts from CSV, TSV or JSON Lines files to Kafka",
		Long: `Maps columns to the fields of a post event, checks every row and sends the good ones to the topic of posts. Columns are
matched by their names, English or Japanese (本文, 投稿日時, text, date, …); the mapping is printed first. Other columns
become attributes. A row without an id gets one from its content, so that a file can be imported twice without
counting anything twice. Rows that cannot be sent are told with their line, column and reason.`,
		Example: `  voc import posts.csv --config .voc/demo/voc.yaml
  voc import posts.tsv --column body=コメント --column attributes.plan=プラン --default community=shop
  voc import complaints.tsv --posted-at spread:90d --default source=survey   # the file has no dates
  voc import posts.csv --dry-run                                             # check only`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			cfg, err := a.loadConfig()
			if err != nil {
				return err
			}
			ic, err := f.config(cfg)
			if err != nil {
				return usageError{err}
			}
			return a.importFiles(c.Context(), cfg, args, ic, f)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.format, "format", "", "csv, tsv or jsonl; default: by the file's ending")
	fl.StringArrayVar(&f.columns, "column", nil, "field=column, for example body=本文 or attributes.plan=プラン (repeatable)")
	fl.StringArrayVar(&f.defaults, "default", nil, "field=value for rows that bring none, for example community=shop (repeatable)")
	fl.StringArrayVar(&f.ignore, "ignore", nil, "leave out this column (repeatable)")
	fl.BoolVar(&f.drop, "drop-unknown", false, "leave out columns without a field instead of making them attributes")
	fl.StringVar(&f.encoding, "encoding", "", "utf-8, utf-16, shift_jis, euc-jp or iso-2022-jp; default: found out")
	fl.StringVar(&f.delimiter, "delimiter", "", "delimiter of CSV columns; default: a comma")
	fl.BoolVar(&f.noHeader, "no-header", false, "the first row is data; columns are called 1, 2, 3, …")
	fl.StringArrayVar(&f.layouts, "time-layout", nil, "layout of times in Go's notation, tried before the usual ones (repeatable)")
	fl.StringVar(&f.zone, "zone", "", "zone of times that name none; default: calendar.timezone")
	fl.StringVar(&f.postedAt, "posted-at", "", "time of rows that bring none: now, or spread:90d; default: such rows are refused")
	fl.StringVar(&f.idPrefix, "id-prefix", "", `begin of the ids of rows that bring none; default: "row-"`)
	fl.IntVar(&f.maxErrors, "max-errors", -1, "stop after this many rows at fault; -1 = never")
	fl.IntVar(&f.showErrors, "show-errors", 20, "rows at fault that are told one by one")
	fl.BoolVar(&f.dryRun, "dry-run", false, "check the rows without sending them")
	return cmd
}

func (f importFlags) config(cfg config.Config) (importer.Config, error) {
	c := importer.Config{
		Ignore: f.ignore, DropUnknown: f.drop, Encoding: f.encoding, NoHeader: f.noHeader, TimeLayouts: f.layouts,
		IDPrefix: f.idPrefix, MaxErrors: f.maxErrors,
	}
	var err error
	if c.Columns, err = pairs("--column", f.columns); err != nil {
		return c, err
	}
	if c.Defaults, err = pairs("--default", f.defaults); err != nil {
		return c, err
	}
	if f.delimiter != "" {
		r := []rune(strings.ReplaceAll(f.delimiter, `\t`, "\t"))
		if len(r) != 1 {
			return c, fmt.Errorf("--delimiter is %q; give one character", f.delimiter)
		}
		c.Delimiter = r[0]
	}
	zone := cfg.Calendar.Timezone
	if f.zone != "" {
		zone = f.zone
	}
	if c.Zone, err = time.LoadLocation(zone); err != nil {
		return c, fmt.Errorf("--zone is %q; give an IANA zone such as Asia/Tokyo", zone)
	}
	c.PostedAt, err = importer.ParsePostedAt(f.postedAt, time.Now())
	return c, err
}

// pairs reads key=value flags.
func pairs(flag string, list []string) (map[string]string, error) {
	m := map[string]string{}
	for _, kv := range list {
		k, v, ok := strings.Cut(kv, "=")
		if !ok || k == "" {
			return nil, fmt.Errorf("%s is %q; give field=value", flag, kv)
		}
		m[k] = v
	}
	return m, nil
}

func (a *app) importFiles(ctx context.Context, cfg config.Config, files []string, ic importer.Config, f importFlags) error {
	var p *importer.Producer
	if !f.dryRun {
		kc, err := kafkaConnection(cfg.Kafka)
		if err != nil {
			return err
		}
		if p, err = importer.NewProducer(importer.ProducerConfig{Kafka: kc, Topic: cfg.Kafka.Topics.Posts}, nil); err != nil {
			return err
		}
		defer p.Close()
	}
	skipped := 0
	for _, file := range files {
		n, err := a.importFile(ctx, p, file, ic, f)
		skipped += n
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	if skipped > 0 {
		return fmt.Errorf("%d rows were not sent; the reasons are above", skipped)
	}
	return nil
}

func (a *app) importFile(ctx context.Context, p *importer.Producer, file string, ic importer.Config, f importFlags) (skipped int, err error) {
	in, err := os.Open(file)
	if err != nil {
		return 0, err
	}
	defer in.Close()
	st, err := in.Stat()
	if err != nil {
		return 0, err
	}
	ic.Format = importer.Format(f.format)
	if ic.Format == "" {
		ic.Format = importer.FormatOf(file)
	}
	if !slices.Contains([]importer.Format{importer.CSV, importer.TSV, importer.JSONL}, ic.Format) {
		return 0, usageError{errors.New("the format is not known by the file's ending; give --format csv, tsv or jsonl")}
	}
	told := 0
	ic.OnError = func(e *importer.RowError) {
		if told++; told <= f.showErrors {
			fmt.Fprintf(a.err, "%s: %s\n", file, e)
		}
	}
	r, err := importer.Open(ic, in)
	if err != nil {
		return 0, err
	}
	fmt.Fprintf(a.out, "%s\n%s\n", file, r.Plan())
	bar := newProgress(a.out, st.Size(), "bytes")
	progress := func(s importer.Stats) { bar.set(s.BytesRead) }
	var stats importer.Stats
	if p == nil {
		stats, err = r.Read(ctx, func(importer.Row) error { progress(r.Progress()); return nil })
	} else {
		stats, err = p.Import(ctx, r, progress)
	}
	bar.finish()
	if told > f.showErrors {
		fmt.Fprintf(a.err, "%s: %d further rows at fault; --show-errors tells more\n", file, told-f.showErrors)
	}
	fmt.Fprintln(a.out, stats)
	return stats.SkippedRows(), err
}
