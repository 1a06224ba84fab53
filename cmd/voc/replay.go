package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"voc/cmd/internal/config"
	"voc/ingest/event"
	"voc/ingest/replay"
)

// replayFlags choose letters.
type replayFlags struct {
	reasons   []string
	topic     string
	partition int
	from, to  int64
	since     string
}

func (f *replayFlags) add(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringSliceVar(&f.reasons, "reason", nil, "only messages refused for this reason, such as invalid_time (repeatable)")
	fl.StringVar(&f.topic, "topic", "", "only messages of this topic")
	fl.IntVar(&f.partition, "partition", replay.NoPartition, "only messages of this partition of --topic")
	fl.Int64Var(&f.from, "from", 0, "only messages from this offset of --topic on")
	fl.Int64Var(&f.to, "to", 0, "only messages up to this offset of --topic; 0 = no end")
	fl.StringVar(&f.since, "since", "", "only messages refused in this time, such as 24h, or since a day, such as 2026-01-31")
}

func (f *replayFlags) filter(now time.Time) (replay.Filter, error) {
	r := replay.Filter{Reasons: f.reasons, Topic: f.topic, Partition: f.partition, From: f.from, To: f.to}
	known := event.Reasons()
	for _, reason := range f.reasons {
		if !slices.Contains(known, event.Reason(reason)) {
			return r, usageError{fmt.Errorf("--reason %q is no reason of voc; it is one of %v", reason, known)}
		}
	}
	if f.since != "" {
		if d, err := time.ParseDuration(f.since); err == nil {
			r.Since = now.Add(-d)
		} else if r.Since, err = time.ParseInLocation(time.DateOnly, f.since, now.Location()); err != nil {
			return r, usageError{fmt.Errorf("--since is %q; give a duration such as 24h or a day such as 2026-01-31", f.since)}
		}
	}
	if err := r.Validate(); err != nil {
		return r, usageError{err}
	}
	return r, nil
}

func (a *app) replayCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "replay",
		Short: "Repair refused messages and send them again",
		Long: `Messages that voc could not use wait, raw, in the dead-letter topic. Export them, repair them in an editor or with jq, and
feed them: each goes to the topic it came from and is counted then, once. The view dead_letters says which are open.`,
		Example: `  voc replay list --config voc.yaml
  voc replay export --config voc.yaml --reason invalid_time --out letters.jsonl
  jq -c '.value |= (fromjson | .posted_at |= sub("/";"-";"g") | tojson)' letters.jsonl > repaired.jsonl
  voc replay feed repaired.jsonl --config voc.yaml --dry-run && voc replay feed repaired.jsonl --config voc.yaml
  voc replay feed --config voc.yaml --reason unknown_field     # as they are, after a change of the configuration`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	cmd.AddCommand(a.replayListCommand(), a.replayExportCommand(), a.replayFeedCommand())
	return cmd
}

func (a *app) replayListCommand() *cobra.Command {
	var f replayFlags
	cmd := &cobra.Command{
		Use: "list", Short: "Count the refused messages by topic, reason and state", Args: cobra.NoArgs,
		Example: "  voc replay list --config voc.yaml --since 24h",
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := a.loadConfig()
			if err != nil {
				return err
			}
			filter, err := f.filter(time.Now())
			if err != nil {
				return err
			}
			return a.replayList(c.Context(), cfg, filter)
		},
	}
	f.add(cmd)
	return cmd
}

func (a *app) replayList(ctx context.Context, cfg config.Config, f replay.Filter) error {
	conn, err := openReader(ctx, cfg.ClickHouse)
	if err != nil {
		return err
	}
	defer conn.Close()
	partition := fmt.Sprint(f.Partition)
	rows, err := conn.Query(ctx, `
		SELECT kafka_topic, reason, field, state, count(), max(ingested_at), any(detail)
		FROM dead_letters
		WHERE ({topic:String} = '' OR kafka_topic = {topic:String}) AND ({partition:Int64} < 0 OR kafka_partition = {partition:Int64})
			AND kafka_offset >= {from:UInt64} AND ({to:UInt64} = 0 OR kafka_offset <= {to:UInt64})
			AND toUnixTimestamp64Milli(ingested_at) >= {since:Int64} AND ({reasons:String} = '' OR has(splitByChar(',', {reasons:String}), reason))
		GROUP BY kafka_topic, reason, field, state ORDER BY count() DESC`,
		namedValue("topic", f.Topic), namedValue("partition", partition), namedValue("from", fmt.Sprint(f.From)), namedValue("to", fmt.Sprint(f.To)),
		namedValue("since", fmt.Sprint(max(0, f.Since.UnixMilli()))), namedValue("reasons", strings.Join(f.Reasons, ",")))
	if err != nil {
		return fmt.Errorf("cannot read the dead letters: %w", err)
	}
	defer rows.Close()
	t := newTable(a.out)
	t.AppendHeader(table.Row{"topic", "reason", "field", "state", "messages", "last refused", "what would be right"})
	n := 0
	for rows.Next() {
		var topic, reason, field, state, detail string
		var count uint64
		var last time.Time
		if err := rows.Scan(&topic, &reason, &field, &state, &count, &last, &detail); err != nil {
			return fmt.Errorf("cannot read the dead letters: %w", err)
		}
		t.AppendRow(table.Row{topic, reason, field, state, count, last.Format("2006-01-02 15:04:05"), detail})
		n++
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("cannot read the dead letters: %w", err)
	}
	if n == 0 {
		fmt.Fprintln(a.out, "no refused message matches")
		return nil
	}
	t.Render()
	return nil
}

func (a *app) replayExportCommand() *cobra.Command {
	var f replayFlags
	var out string
	cmd := &cobra.Command{
		Use: "export", Short: "Write refused messages as JSON Lines", Args: cobra.NoArgs,
		Long: `Writes one line a message: where it came from, why it was refused, and its raw key and value. The values are raw: they may
hold personal data that voc never stores. Keep the file to yourself and delete it.`,
		Example: "  voc replay export --config voc.yaml --topic voc.posts --from 100 --to 200 --out letters.jsonl",
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := a.loadConfig()
			if err != nil {
				return err
			}
			filter, err := f.filter(time.Now())
			if err != nil {
				return err
			}
			return a.replayExport(c.Context(), cfg, filter, out)
		},
	}
	f.add(cmd)
	cmd.Flags().StringVar(&out, "out", "", "file to write, readable by you only; default: standard output")
	return cmd
}

func (a *app) replayExport(ctx context.Context, cfg config.Config, f replay.Filter, out string) (err error) {
	var w io.Writer = a.out
	if out != "" {
		file, err := os.OpenFile(out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return fmt.Errorf("cannot make the file: %w", err)
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		w = file
	}
	buf := bufio.NewWriter(w)
	n := 0
	if err := a.readLetters(ctx, cfg, f, func(l replay.Letter) error { n++; return replay.Write(buf, l) }); err != nil {
		return err
	}
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("cannot write the letters: %w", err)
	}
	fmt.Fprintf(a.err, "%d messages\n", n)
	return nil
}

// readLetters reads the dead-letter topic with a progress bar.
func (a *app) readLetters(ctx context.Context, cfg config.Config, f replay.Filter, yield func(replay.Letter) error) error {
	kc, err := kafkaConnection(cfg.Kafka)
	if err != nil {
		return err
	}
	r, err := replay.NewReader(kc, cfg.Kafka.Topics.DeadLetter)
	if err != nil {
		return err
	}
	defer r.Close()
	var bar *progress
	err = r.Read(ctx, f, func(done, total int64) {
		if bar == nil {
			bar = newProgress(a.err, total, "messages")
		}
		bar.set(done)
	}, yield)
	if bar != nil {
		bar.finish()
	}
	for _, s := range r.Strange() {
		fmt.Fprintf(a.err, "left out: %v\n", s)
	}
	return err
}

func (a *app) replayFeedCommand() *cobra.Command {
	var f replayFlags
	var rc replay.Config
	cmd := &cobra.Command{
		Use: "feed [FILE|-]", Short: "Send repaired messages to the topics they came from", Args: cobra.MaximumNArgs(1),
		Long: `Reads exported lines, of which key and value may have been changed, checks them as voc run would, and sends the good ones.
Without a file, the refused messages that the flags choose are sent as they are: after an update of voc or a change of its
configuration that makes them good. What was sent before is not sent again.`,
		Example: `  voc replay feed repaired.jsonl --config voc.yaml --dry-run
  voc replay feed repaired.jsonl --config voc.yaml
  voc replay feed --config voc.yaml --reason analyzer_panic`,
		RunE: func(c *cobra.Command, args []string) error {
			cfg, err := a.loadConfig()
			if err != nil {
				return err
			}
			filter, err := f.filter(time.Now())
			if err != nil {
				return err
			}
			if len(args) == 0 && len(filter.Reasons) == 0 && filter.Topic == "" && filter.Since.IsZero() {
				return usageError{errors.New("give a FILE, or choose by --reason, --topic or --since which messages are sent as they are")}
			}
			letters, err := a.lettersToFeed(c.Context(), cfg, filter, args)
			if err != nil {
				return err
			}
			return a.replayFeed(c.Context(), cfg, rc, letters)
		},
	}
	f.add(cmd)
	cmd.Flags().BoolVar(&rc.DryRun, "dry-run", false, "check the messages and send nothing")
	cmd.Flags().BoolVar(&rc.Unchecked, "unchecked", false, "send messages too that would be refused again")
	cmd.Flags().BoolVar(&rc.Again, "again", false, "send messages too that were sent before")
	return cmd
}

// lettersToFeed reads letters from a file, or those that the flags choose from the topic.
func (a *app) lettersToFeed(ctx context.Context, cfg config.Config, f replay.Filter, args []string) ([]replay.Letter, error) {
	var letters []replay.Letter
	keep := func(l replay.Letter) error {
		if f.Match(&l) {
			letters = append(letters, l)
		}
		return nil
	}
	if len(args) == 0 {
		err := a.readLetters(ctx, cfg, f, keep)
		return letters, err
	}
	var in io.Reader = a.in
	if args[0] != "-" {
		file, err := os.Open(args[0])
		if err != nil {
			return nil, fmt.Errorf("cannot read the letters: %w", err)
		}
		defer file.Close()
		in = file
	}
	r := bufio.NewReaderSize(in, 1<<16)
	for n := 1; ; n++ {
		line, err := r.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("cannot read line %d: %w", n, err)
		}
		if strings.TrimSpace(line) != "" {
			l, perr := replay.ParseLine([]byte(line))
			if perr != nil {
				return nil, usageError{fmt.Errorf("line %d: %w", n, perr)}
			}
			_ = keep(l) // never fails
		}
		if err != nil {
			return letters, nil
		}
	}
}

func (a *app) replayFeed(ctx context.Context, cfg config.Config, rc replay.Config, letters []replay.Letter) error {
	conn, err := openWriter(ctx, cfg.ClickHouse)
	if err != nil {
		return err
	}
	defer conn.Close()
	pc, err := pipelineConfig(cfg)
	if err != nil {
		return err
	}
	t := cfg.Kafka.Topics
	rc.Kafka, rc.Limits = pc.Kafka, pc.Limits
	rc.Topics = replay.Topics{Posts: t.Posts, Activity: t.Activity, Accounts: t.Accounts, Surveys: t.Surveys}
	feeder, err := replay.NewFeeder(rc, conn)
	if err != nil {
		return err
	}
	defer feeder.Close()
	bar := newProgress(a.err, int64(max(len(letters), 1)), "messages")
	verdicts, err := feeder.Feed(ctx, letters, func(done int) { bar.set(int64(done)) })
	bar.finish()
	sent, before, refused := 0, 0, 0
	for _, v := range verdicts {
		switch {
		case v.Sent:
			sent++
		case errors.Is(v.Err, replay.ErrSent):
			before++
		case v.Err != nil:
			if refused++; refused <= 20 {
				fmt.Fprintf(a.err, "%s: %v\n", v.Letter.Origin(), v.Err)
			}
		}
	}
	what := "sent"
	if rc.DryRun {
		what = "good to be sent"
	}
	fmt.Fprintf(a.out, "%d messages %s, %d sent before, %d not repaired\n", sent, what, before, refused)
	if err == nil && refused > 0 {
		err = fmt.Errorf("%d messages were not sent; the reasons are above", refused)
	}
	return err
}
