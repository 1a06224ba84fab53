package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/spf13/cobra"

	"voc/cmd/internal/config"
	"voc/ingest/erasure"
	"voc/ingest/forget"
	"voc/ingest/mask"
	"voc/ingest/privacy"
)

// forgetFlags are the options of voc forget.
type forgetFlags struct {
	author, pseudonym, post, community string
	forever, yes, json                 bool
	settle, deadline                   time.Duration
	dataDir, out                       string
}

func (a *app) forgetCommand() *cobra.Command {
	var f forgetFlags
	cmd := &cobra.Command{
		Use:   "forget (--author ID | --pseudonym P | --post ID) [--community C]",
		Short: "Erase a person or a post everywhere, and print a certificate",
		Long: `Removes posts in every version, their tags and history, activity, survey answers and every reference from the database,
has all numbers counted again, waits until the server has unlinked the files, and prints an erasure certificate with the
rows before and after. What was erased is remembered as keyed hashes, so that neither a replay of a topic nor a producer
that sends it again brings it back; what the person does later is taken as usual, unless --forever is given.

It needs clickhouse.admin_dsn and the privacy.key that the workers use. Raw messages stay in Kafka until the topics'
retention (a compacted topic of posts is sent tombstones); the certificate lists them. There is no way back.`,
		Example: `  voc forget --config voc.yaml --author u-1234                      # the id as its source gives it
  voc forget --config voc.yaml --pseudonym 3kTMd… --community shop  # the author_id as the views show it
  voc forget --config voc.yaml --post 98765 --community shop --out certificate.json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := a.loadConfig()
			if err != nil {
				return err
			}
			subjects, err := f.subjects(cfg)
			if err != nil {
				return usageError{err}
			}
			return a.forget(c.Context(), cfg, f, subjects)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.author, "author", "", "id of the person, as the events give it")
	fl.StringVar(&f.pseudonym, "pseudonym", "", "id of the person, as author_id in the views")
	fl.StringVar(&f.post, "post", "", "id of the post")
	fl.StringVar(&f.community, "community", "", "only in this community; a post needs it when two have the id, or none has it yet")
	fl.BoolVar(&f.forever, "forever", false, "also leave out what the person does from now on")
	fl.BoolVar(&f.yes, "yes", false, "do not ask")
	fl.BoolVar(&f.json, "json", false, "print the certificate as JSON")
	fl.StringVar(&f.out, "out", "", "write the certificate as JSON to this file, too")
	fl.DurationVar(&f.settle, "settle", 25*time.Second, "how long to wait for batches that are being written; longer than clickhouse.insert_timeout")
	fl.DurationVar(&f.deadline, "deadline", 10*time.Minute, "how long everything may take")
	fl.StringVar(&f.dataDir, "data-dir", "", "data folder of ClickHouse to search for the texts afterwards; default: that of a server on this machine; none = no search")
	return cmd
}

// subjects reads who or what is meant: a person once under each key, the present one first.
func (f *forgetFlags) subjects(cfg config.Config) ([]forget.Subject, error) {
	given := 0
	for _, v := range []string{f.author, f.pseudonym, f.post} {
		if v != "" {
			given++
		}
	}
	if given != 1 {
		return nil, errors.New("give one of --author, --pseudonym and --post")
	}
	if cfg.Privacy.Key == "" {
		return nil, errors.New("privacy.key is not set; give the one that the workers use, or nothing would be recognised")
	}
	if f.post != "" {
		id, err := storedID(cfg, f.post)
		return []forget.Subject{{Kind: forget.Post, PostID: id, Community: f.community}}, err
	}
	pseudonyms := []string{f.pseudonym}
	if f.author != "" {
		pseudonyms[0] = privacy.Pseudonym([]byte(cfg.Privacy.Key), f.author)
		for _, key := range cfg.Privacy.Former() {
			pseudonyms = append(pseudonyms, privacy.Pseudonym(key, f.author))
		}
	}
	var out []forget.Subject
	for _, p := range pseudonyms {
		out = append(out, forget.Subject{Kind: forget.Author, Pseudonym: p, Community: f.community, Forever: f.forever})
	}
	return out, nil
}

// patternGuard masks as the pipeline does, but leaves names of persons, which need the dictionary to be found.
func patternGuard(cfg config.Config) (*privacy.Guard, error) {
	p := cfg.Privacy
	if p.Key == "" {
		return nil, errors.New("privacy.key is not set; give the one that the workers use, personal data in ids and texts is masked with it")
	}
	m, err := mask.New(mask.Config{Key: mask.Key(p.Key), Off: append(slices.Clone(p.Off), mask.Name.String()), Allow: p.Allow, AllowDomains: p.AllowDomains}, nil)
	if err != nil {
		return nil, fmt.Errorf("privacy: %w", err)
	}
	return privacy.NewWithMasker([]byte(p.Key), m, nil)
}

// storedID is the id of a post as the pipeline stores it.
func storedID(cfg config.Config, id string) (string, error) {
	g, err := patternGuard(cfg)
	if err != nil {
		return "", err
	}
	return g.ID(id), nil
}

func (a *app) forget(ctx context.Context, cfg config.Config, f forgetFlags, subjects []forget.Subject) error {
	if !f.yes {
		if err := a.confirm("Erase it for ever? Type yes: "); err != nil {
			return err
		}
	}
	conn, err := openClickHouse(ctx, cfg.ClickHouse, asAdmin(cfg.ClickHouse), cfg.ClickHouse.Database)
	if err != nil {
		return err
	}
	defer conn.Close()
	zone, err := cfg.Calendar.Zone()
	if err != nil {
		return err
	}
	kc, err := kafkaConnection(cfg.Kafka)
	if err != nil {
		return err
	}
	fc := forget.Config{Settle: f.settle, Deadline: f.deadline, DataDir: f.dataDir, Cluster: cfg.ClickHouse.Cluster, Sharded: cfg.ClickHouse.Sharded}
	switch f.dataDir {
	case "":
		fc.DataDir = localDataDir(ctx, conn, cfg.ClickHouse)
	case "none":
		fc.DataDir = ""
	}
	t := cfg.Kafka.Topics
	var others []string
	for _, name := range []string{t.Activity, t.Surveys, t.DeadLetter} {
		if name != "" {
			others = append(others, name)
		}
	}
	r, err := forget.New(fc, forget.Deps{
		Conn: conn, Keys: erasure.NewKeys([]byte(cfg.Privacy.Key), cfg.Privacy.Former()...), Kafka: &forget.Kafka{Config: kc, Posts: t.Posts, Others: others},
	})
	if err != nil {
		return err
	}
	for i, s := range subjects {
		name := f.out
		if i > 0 {
			fmt.Fprintf(a.err, "the same person under the key before that, %d of %d\n", i, len(subjects)-1)
			if ext := filepath.Ext(name); name != "" {
				name = fmt.Sprintf("%s-previous-key-%d%s", strings.TrimSuffix(name, ext), i, ext)
			}
		}
		cert, err := r.Run(ctx, s, func(step string) { fmt.Fprintf(a.err, "%s …\n", step) })
		if err := errors.Join(err, a.certificate(cert, zone, name, f.json)); err != nil {
			return err
		}
	}
	return nil
}

// certificate prints and files what was erased. There may be none.
func (a *app) certificate(cert *forget.Certificate, zone *time.Location, file string, asJSON bool) error {
	if cert == nil {
		return nil
	}
	text, err := cert.JSON()
	if err == nil && file != "" {
		err = os.WriteFile(file, append(text, '\n'), 0o600)
	}
	if asJSON {
		fmt.Fprintf(a.out, "%s\n", text)
	} else {
		fmt.Fprint(a.out, cert.Japanese(zone))
	}
	return err
}

// confirm asks on standard error and reads a line of standard input.
func (a *app) confirm(question string) error {
	fmt.Fprint(a.err, question)
	var b [64]byte
	n, err := a.in.Read(b[:])
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("cannot read the answer: %w", err)
	}
	if answer := string(b[:n]); answer != "yes\n" && answer != "yes\r\n" && answer != "yes" {
		return usageError{errors.New("nothing was erased; type yes, or give --yes")}
	}
	return nil
}

// localDataDir is the data folder of a server that runs on this machine and whose folder can be read; empty otherwise.
func localDataDir(ctx context.Context, conn driver.Conn, c config.ClickHouse) string {
	opt, err := clickHouseOptions(c, asAdmin(c), c.Database)
	if err != nil {
		return ""
	}
	for _, addr := range opt.Addr {
		host, _, err := net.SplitHostPort(addr)
		if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return ""
		}
	}
	var dir string
	if err := conn.QueryRow(ctx, "SELECT path FROM system.disks WHERE name = 'default'").Scan(&dir); err != nil {
		return ""
	}
	if _, err := os.ReadDir(dir); err != nil {
		return ""
	}
	return dir
}
