package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"voc/analyze"
	"voc/schema"
)

func (a *app) explainCommand() *cobra.Command {
	var community, body string
	cmd := &cobra.Command{
		Use:   "explain [POST_ID]",
		Short: "Show why a post has its tags: each tag with its words, rule and version",
		Example: `  voc explain 1234 --config .voc/demo/voc.yaml
  voc explain --text '値段は高いけどサポートは最高です'    # needs no server`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if (len(args) == 1) == c.Flags().Changed("text") {
				return usageError{fmt.Errorf("give either a POST_ID or --text")}
			}
			if len(args) == 1 {
				return a.explainPost(c.Context(), args[0], community)
			}
			return a.explainText(body)
		},
	}
	cmd.Flags().StringVar(&community, "community", "", "community of the post, when two communities share the id")
	cmd.Flags().StringVar(&body, "text", "", "explain this text instead of a stored post")
	return cmd
}

// explanation is a post with its tags, from the database or analysed just now.
type explanation struct {
	head     [][2]string
	title    string
	body     string
	evidence []explained
}

// explained is one span that made a tag. Start and end are rune offsets into the field.
type explained struct {
	kind, tag, field, rule string
	start, end             int
}

func (a *app) explainText(body string) error {
	cfg, err := a.loadConfig()
	if err != nil {
		return err
	}
	an, err := newAnalyzer(cfg.Analyze)
	if err != nil {
		return err
	}
	told := an.Explain(analyze.Input{Body: body})
	r := &told.Result
	e := explanation{body: body, head: [][2]string{
		{"sentiment", fmt.Sprintf("%s (%+.2f)", r.Sentiment, r.Score)},
		{"analyzer", an.Revision()},
	}}
	add := func(kind, tag string, spans []analyze.Evidence) {
		for _, s := range spans {
			e.evidence = append(e.evidence, explained{kind, tag, cmp.Or(string(s.Field), "body"), s.Rule, s.Start, s.End})
		}
	}
	add("sentiment", string(r.Sentiment), r.Evidence)
	for _, t := range r.Topics {
		add("topic", fmt.Sprintf("%s: %s (%+.2f)", t.ID, t.Sentiment, t.Score), t.Evidence)
	}
	for _, i := range r.Intents {
		add("intent", i.ID, i.Evidence)
	}
	for _, s := range r.Signals {
		add("signal", s.Kind+"="+s.Value, s.Evidence)
	}
	e.print(a.out)
	printVerdicts(a.out, told.Model)
	return nil
}

// shownReasons is how many reasons for and against a tag are printed.
const shownReasons = 4

// printVerdicts prints what the linear model says of each tag: the score, and the features that weigh most.
func printVerdicts(w io.Writer, list []analyze.Verdict) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintln(w, "\nthe linear model (log odds; the features that weigh most)")
	t := newTable(w)
	t.AppendHeader([]any{"kind", "tag", "rules", "model", "score", "for", "against"})
	yes := map[bool]string{true: "yes", false: "no"}
	for i := range list {
		v := &list[i]
		t.AppendRow([]any{v.Kind, v.Tag, yes[v.Rules], yes[v.Given], fmt.Sprintf("%+.2f", v.Score), reasons(v, 1), reasons(v, -1)})
	}
	t.Render()
}

func reasons(v *analyze.Verdict, sign float64) string {
	var out []string
	for _, r := range v.Reasons {
		if r.Weight*sign > 0 && len(out) < shownReasons {
			out = append(out, fmt.Sprintf("%s %+.2f", r.Feature, r.Weight*v.Scale))
		}
	}
	return strings.Join(out, "\n")
}

func (a *app) explainPost(ctx context.Context, id, community string) error {
	_, conn, err := a.reader(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	e, err := readExplanation(ctx, conn, id, community)
	if err != nil {
		return err
	}
	e.print(a.out)
	return nil
}

func readExplanation(ctx context.Context, conn driver.Conn, id, community string) (e explanation, err error) {
	rows, err := conn.Query(ctx, `
		SELECT p.community, p.posted_at, p.source, p.channel, p.author_role, p.title, p.body, p.sentiment, p.score, p.flags, p.version,
			p.kafka_topic, p.kafka_partition, p.kafka_offset, p.analyzer_revision, r.hash
		FROM posts AS p LEFT JOIN analyzer_revisions AS r ON r.revision = p.analyzer_revision
		WHERE p.post_id = {id:String} AND ({community:String} = '' OR p.community = {community:String})`,
		namedValue("id", id), namedValue("community", community))
	if err != nil {
		return e, fmt.Errorf("cannot read the post: %w", err)
	}
	defer rows.Close()
	found := 0
	for rows.Next() {
		found++
		var (
			postedAt                                      time.Time
			source, channel, role, sentiment, topic, hash string
			score                                         float32
			flags                                         []string
			version, offset                               uint64
			partition                                     uint32
			revision                                      uint16
		)
		if err := rows.Scan(&community, &postedAt, &source, &channel, &role, &e.title, &e.body, &sentiment, &score, &flags, &version,
			&topic, &partition, &offset, &revision, &hash); err != nil {
			return e, fmt.Errorf("cannot read the post: %w", err)
		}
		e.head = [][2]string{
			{"post", id + " in " + community},
			{"posted", postedAt.Format("2006-01-02 15:04 MST")},
			{"from", strings.Join(slices.DeleteFunc([]string{source, channel, role}, func(s string) bool { return s == "" }), " / ")},
			{"sentiment", fmt.Sprintf("%s (%+.2f)", sentiment, score)},
			{"version", fmt.Sprintf("%d, record %s/%d/%d", version, topic, partition, offset)},
			{"analyzer", fmt.Sprintf("revision %d, %s", revision, hash)},
		}
		if len(flags) > 0 {
			e.head = append(e.head, [2]string{"flags", strings.Join(flags, ", ")})
		}
	}
	if err := rows.Err(); err != nil {
		return e, fmt.Errorf("cannot read the post: %w", err)
	}
	switch {
	case found == 0:
		return e, fmt.Errorf("there is no post %q; a deleted post has no tags, and dead_letters lists refused messages", id)
	case found > 1:
		return e, usageError{fmt.Errorf("%d communities have a post %q; name one by --community", found, id)}
	}
	if e.evidence, err = readEvidence(ctx, conn, id, community); err != nil {
		return e, err
	}
	decision, err := readDecision(ctx, conn, id, community)
	if decision != "" {
		e.head = append(e.head, [2]string{"decision", decision})
	}
	return e, err
}

// readDecision says what a person decided about the post's being set aside; empty when nobody did.
func readDecision(ctx context.Context, conn driver.Conn, id, community string) (string, error) {
	var verdicts, people, reasons []string
	var times []time.Time
	if err := conn.QueryRow(ctx, `SELECT groupArray(toString(verdict)), groupArray(decided_by), groupArray(reason), groupArray(decided_at) FROM post_decisions
		WHERE post_id = {id:String} AND community = {community:String} AND current`, namedValue("id", id), namedValue("community", community)).Scan(&verdicts, &people, &reasons, &times); err != nil {
		return "", fmt.Errorf("cannot read the decisions: %w", err)
	}
	if len(verdicts) == 0 {
		return "", nil
	}
	what := verdicts[0]
	if what != schema.Released {
		what = "set aside as " + what
	}
	return strings.TrimSuffix(fmt.Sprintf("%s by %s at %s: %s", what, cmp.Or(people[0], "somebody"), times[0].Format("2006-01-02 15:04"), reasons[0]), ": "), nil
}

func readEvidence(ctx context.Context, conn driver.Conn, id, community string) ([]explained, error) {
	rows, err := conn.Query(ctx, `
		SELECT e.kind, if(e.kind = 'topic', concat(e.tag, ': ', t.sentiment, ' (', toString(round(t.score, 2)), ')'), e.tag), e.field, e.rule, e.start, e.end
		FROM post_evidence AS e
		LEFT JOIN post_topics AS t ON t.community = e.community AND t.post_id = e.post_id AND t.topic = e.tag
		WHERE e.post_id = {id:String} AND e.community = {community:String}`,
		namedValue("id", id), namedValue("community", community))
	if err != nil {
		return nil, fmt.Errorf("cannot read the evidence: %w", err)
	}
	defer rows.Close()
	var all []explained
	for rows.Next() {
		var x explained
		var start, end uint32
		if err := rows.Scan(&x.kind, &x.tag, &x.field, &x.rule, &start, &end); err != nil {
			return nil, fmt.Errorf("cannot read the evidence: %w", err)
		}
		x.start, x.end = int(start), int(end)
		all = append(all, x)
	}
	return all, rows.Err()
}

var kindOrder = []string{"sentiment", "topic", "intent", "signal"}

func (e *explanation) print(w io.Writer) {
	for _, h := range e.head {
		fmt.Fprintf(w, "%-10s %s\n", h[0], h[1])
	}
	fmt.Fprintln(w)
	if e.title != "" {
		fmt.Fprintf(w, "%s\n\n", mark(e.title, "title", e.evidence, isTerminal(w)))
	}
	fmt.Fprintf(w, "%s\n\n", mark(e.body, "body", e.evidence, isTerminal(w)))
	slices.SortStableFunc(e.evidence, func(a, b explained) int {
		return cmp.Or(cmp.Compare(slices.Index(kindOrder, a.kind), slices.Index(kindOrder, b.kind)), cmp.Compare(a.tag, b.tag), cmp.Compare(a.start, b.start))
	})
	if len(e.evidence) == 0 {
		fmt.Fprintln(w, "no rule fired on this post")
		return
	}
	t := newTable(w)
	t.AppendHeader([]any{"kind", "tag", "words", "at", "rule"})
	for _, x := range e.evidence {
		from := e.body
		if x.field == "title" {
			from = e.title
		}
		t.AppendRow([]any{x.kind, x.tag, cut([]rune(from), x.start, x.end), fmt.Sprintf("%s %d–%d", x.field, x.start, x.end), x.rule})
	}
	t.Render()
}

func cut(r []rune, start, end int) string {
	return string(r[min(start, len(r)):min(max(start, end), len(r))])
}

// mark underlines the evidence in a text on a terminal, and puts it between 【 and 】 elsewhere.
func mark(s, field string, evidence []explained, terminal bool) string {
	runes := []rune(s)
	on := make([]bool, len(runes)+1)
	for _, x := range evidence {
		if x.field == field && x.kind != "signal" {
			for i := x.start; i < min(x.end, len(runes)); i++ {
				on[i] = true
			}
		}
	}
	var b strings.Builder
	for i := 0; i < len(runes); {
		j := i
		for j < len(runes) && on[j] == on[i] {
			j++
		}
		switch part := string(runes[i:j]); {
		case on[i] && terminal:
			b.WriteString(text.Colors{text.Bold, text.Underline}.Sprint(part))
		case on[i]:
			b.WriteString("【" + part + "】")
		default:
			b.WriteString(part)
		}
		i = j
	}
	return b.String()
}
