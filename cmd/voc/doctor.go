package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/spf13/cobra"

	"voc/cmd/internal/config"
	"voc/schema/migrate"
	"voc/schema/rollup"
)

// errDoctor says that a check failed; the checks have been printed.
var errDoctor = errors.New("something needs attention; see the lines marked ✗")

func (a *app) doctorCommand() *cobra.Command {
	var audit time.Duration
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check configuration, rules, Kafka, ClickHouse and the counts themselves",
		Long: `Checks everything voc rests on and says what to do about what is wrong. The last check counts the aggregates of the
past days afresh from the facts and compares every number; nothing is changed.`,
		Example: "  voc doctor --config voc.yaml",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if audit < 0 {
				return usageError{fmt.Errorf("--audit is %s; give 0s or more", audit)}
			}
			return a.doctor(c.Context(), audit)
		},
	}
	cmd.Flags().DurationVar(&audit, "audit", 31*24*time.Hour, "how far back the aggregates are counted afresh; 0s = not")
	return cmd
}

// finding is what a check found: what is well, or an error that says what to do.
type check struct {
	name string
	run  func(context.Context) (string, error)
}

func (a *app) doctor(ctx context.Context, audit time.Duration) error {
	cfg, err := a.loadConfig()
	if err != nil {
		fmt.Fprintf(a.out, "✗ configuration  %s\n", err)
		return errDoctor
	}
	failed := false
	for _, c := range []check{
		{"configuration", func(context.Context) (string, error) { return "valid", nil }},
		{"analyzer", func(context.Context) (string, error) { return checkAnalyzer(cfg) }},
		{"kafka", func(ctx context.Context) (string, error) { return checkKafka(ctx, cfg.Kafka) }},
		{"group", func(ctx context.Context) (string, error) { return checkGroup(ctx, cfg.Kafka) }},
		{"clickhouse", func(ctx context.Context) (string, error) { return checkClickHouse(ctx, cfg) }},
		{"tables", func(ctx context.Context) (string, error) { return checkTables(ctx, cfg) }},
		{"ledger", func(ctx context.Context) (string, error) { return checkLedger(ctx, cfg) }},
		{"aggregates", func(ctx context.Context) (string, error) { return checkAggregates(ctx, cfg, audit) }},
	} {
		cctx, cancel := context.WithTimeout(ctx, time.Minute)
		well, err := c.run(cctx)
		cancel()
		mark := "✓"
		if err != nil {
			mark, well, failed = "✗", strings.ReplaceAll(err.Error(), "\n", "; "), true
		}
		fmt.Fprintf(a.out, "%s %-14s %s\n", mark, c.name, well)
	}
	if failed {
		return errDoctor
	}
	return nil
}

func checkAnalyzer(cfg config.Config) (string, error) {
	began := time.Now()
	an, err := newAnalyzer(cfg.Analyze)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("revision %s, loaded in %.1f s", an.Revision(), time.Since(began).Seconds()), nil
}

func checkKafka(ctx context.Context, k config.Kafka) (string, error) {
	client, err := kafkaClient(k)
	if err != nil {
		return "", err
	}
	meta, err := client.Metadata(ctx, &kafka.MetadataRequest{})
	if err != nil {
		return "", fmt.Errorf("no broker of %s answers; check kafka.brokers, TLS and SASL: %w", strings.Join(k.Brokers, ", "), err)
	}
	partitions := map[string]int{}
	for _, t := range meta.Topics {
		partitions[t.Name] = len(t.Partitions)
	}
	var have []string
	var missing []error
	for _, t := range k.Topics.Names() {
		if partitions[t] == 0 {
			missing = append(missing, fmt.Errorf("topic %s does not exist; create it, or set its name in kafka.topics", t))
			continue
		}
		have = append(have, fmt.Sprintf("%s (%d)", t, partitions[t]))
	}
	return fmt.Sprintf("%d brokers; topics (partitions): %s", len(meta.Brokers), strings.Join(have, ", ")), errors.Join(missing...)
}

// checkGroup tells how far the group is behind; being behind is no fault.
func checkGroup(ctx context.Context, k config.Kafka) (string, error) {
	client, err := kafkaClient(k)
	if err != nil {
		return "", err
	}
	lag, partitions, err := groupLag(ctx, client, k)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s is %d records behind on %d partitions", k.Group, lag, partitions), nil
}

// groupLag counts the records that the group has not committed yet.
func groupLag(ctx context.Context, client *kafka.Client, k config.Kafka) (lag int64, partitions int, err error) {
	topics := slices.DeleteFunc(k.Topics.Names(), func(t string) bool { return t == k.Topics.DeadLetter })
	meta, err := client.Metadata(ctx, &kafka.MetadataRequest{Topics: topics})
	if err != nil {
		return 0, 0, fmt.Errorf("cannot read the topics: %w", err)
	}
	ids := map[string][]int{}
	ends := map[string][]kafka.OffsetRequest{}
	for _, t := range meta.Topics {
		for _, p := range t.Partitions {
			ids[t.Name] = append(ids[t.Name], p.ID)
			ends[t.Name] = append(ends[t.Name], kafka.FirstOffsetOf(p.ID), kafka.LastOffsetOf(p.ID))
			partitions++
		}
	}
	committed, err := client.OffsetFetch(ctx, &kafka.OffsetFetchRequest{GroupID: k.Group, Topics: ids})
	if err != nil {
		return 0, 0, fmt.Errorf("cannot read the group's offsets: %w", err)
	}
	offsets, err := client.ListOffsets(ctx, &kafka.ListOffsetsRequest{Topics: ends})
	if err != nil {
		return 0, 0, fmt.Errorf("cannot read the ends of the topics: %w", err)
	}
	for topic, parts := range offsets.Topics {
		at := map[int]int64{}
		for _, p := range committed.Topics[topic] {
			at[p.Partition] = p.CommittedOffset
		}
		for _, p := range parts {
			from, ok := at[p.Partition]
			if !ok || from < p.FirstOffset {
				from = p.FirstOffset
			}
			lag += max(0, p.LastOffset-from)
		}
	}
	return lag, partitions, nil
}

func checkClickHouse(ctx context.Context, cfg config.Config) (string, error) {
	conn, err := openReader(ctx, cfg.ClickHouse)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	var version, zone string
	if err := conn.QueryRow(ctx, "SELECT version(), serverTimezone()").Scan(&version, &zone); err != nil {
		return "", fmt.Errorf("ClickHouse does not answer a query: %w", err)
	}
	return fmt.Sprintf("version %s, server zone %s, calendar %s", version, zone, cfg.Calendar.Timezone), nil
}

func checkTables(ctx context.Context, cfg config.Config) (string, error) {
	conn, err := openAdmin(ctx, cfg.ClickHouse)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	states, err := migrate.Status(ctx, conn, migrateConfig(cfg))
	if err != nil {
		return "", err
	}
	pending := 0
	for _, s := range states {
		if s.Applied.IsZero() {
			pending++
		}
	}
	if pending > 0 {
		return "", fmt.Errorf("%d of %d statements are pending; run `voc migrate up`", pending, len(states))
	}
	return fmt.Sprintf("%d statements applied, none pending", len(states)), nil
}

func checkLedger(ctx context.Context, cfg config.Config) (string, error) {
	conn, err := openReader(ctx, cfg.ClickHouse)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	var read, stored, superseded, dead, filtered, missing, unexplained uint64
	err = conn.QueryRow(ctx, `SELECT sum(read), sum(stored), sum(superseded), sum(dead_letter), sum(filtered), sum(missing) FROM ledger`).
		Scan(&read, &stored, &superseded, &dead, &filtered, &missing)
	if err == nil {
		// A compacted topic has holes by design.
		err = conn.QueryRow(ctx, `SELECT sum(unexplained) FROM ledger_offsets WHERE kafka_topic != {accounts:String}`,
			namedValue("accounts", cfg.Kafka.Topics.Accounts)).Scan(&unexplained)
	}
	if err != nil {
		return "", fmt.Errorf("cannot read the ledger: %w", err)
	}
	sum := fmt.Sprintf("%d read = %d stored + %d superseded + %d dead letters + %d filtered", read, stored, superseded, dead, filtered)
	if missing > 0 || unexplained > 0 {
		return "", fmt.Errorf("%s; %d records are missing and %d offsets unexplained: see the views ledger and ledger_offsets", sum, missing, unexplained)
	}
	return sum + "; no offset unexplained", nil
}

func checkAggregates(ctx context.Context, cfg config.Config, back time.Duration) (string, error) {
	if back == 0 {
		return "not counted afresh", nil
	}
	conn, err := openWriter(ctx, cfg.ClickHouse)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	r, err := rollup.New(conn, rollup.Config{})
	if err != nil {
		return "", err
	}
	now := time.Now()
	if days := cfg.Retention.PostsDays; days > 0 {
		// Days that expire are deleted in any order: between the first table and the last they cannot agree.
		back = max(0, min(back, time.Duration(days-2)*24*time.Hour))
	}
	found, err := r.Audit(ctx, now.Add(-back), now, false)
	if err != nil {
		return "", err
	}
	if len(found) > 0 {
		return "", fmt.Errorf("%d days differ from their posts, first: %s", len(found), found[0])
	}
	return fmt.Sprintf("every number since %s equals its posts", now.Add(-back).Format(time.DateOnly)), nil
}
