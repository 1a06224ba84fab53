package eval

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"voc/analyze"
)

// Post is an unlabelled post that a sample can draw.
type Post struct {
	ID, Title, Body string
	IsReply         bool
	AuthorRole      string
	// Stratum groups posts; a sample holds every group in its share. Stratum of this package makes one from a result.
	Stratum string
}

// Stratum is the group of a tagged post: its polarity and its first intent. Samples by it hold the rare kinds of posts in
// their share, where a plain draw may miss them.
func Stratum(r *analyze.Result) string {
	s := className(r.Sentiment)
	if len(r.Intents) > 0 {
		s += "/" + r.Intents[0].ID
	}
	return s
}

// Sample draws n posts without repetition, each stratum in proportion to its size (largest remainder), in an order that
// does not show the stratum. The same posts, n and seed give the same sample, whatever order the posts come in, as long
// as their ids differ. When n is not smaller than the number of posts, all are returned.
func Sample(posts []Post, n int, seed uint64) []Post {
	rng := rand.New(rand.NewPCG(seed, 0x73616d706c65))
	strata := map[string][]Post{}
	for _, p := range posts {
		strata[p.Stratum] = append(strata[p.Stratum], p)
	}
	names := slices.Sorted(maps.Keys(strata))
	n = max(0, min(n, len(posts)))
	quota := quotas(names, strata, n, len(posts))
	sample := make([]Post, 0, n)
	for i, name := range names {
		group := strata[name]
		slices.SortStableFunc(group, func(a, b Post) int { return cmp.Compare(a.ID, b.ID) })
		rng.Shuffle(len(group), func(i, j int) { group[i], group[j] = group[j], group[i] })
		sample = append(sample, group[:quota[i]]...)
	}
	rng.Shuffle(len(sample), func(i, j int) { sample[i], sample[j] = sample[j], sample[i] })
	return sample
}

// quotas shares n among the strata by largest remainder; ties go to the stratum whose name comes first.
func quotas(names []string, strata map[string][]Post, n, total int) []int {
	quota := make([]int, len(names))
	order := make([]int, len(names))
	left := n
	for i, name := range names {
		quota[i] = n * len(strata[name]) / max(total, 1)
		left -= quota[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(n*len(strata[names[b]])%max(total, 1), n*len(strata[names[a]])%max(total, 1))
	})
	for _, i := range order[:left] {
		quota[i]++
	}
	return quota
}

// sheetHead are the columns of a sheet. The last four are for the labeller; the note is kept but not read.
var sheetHead = []string{"post_id", "title", "body", "is_reply", "author_role", "sentiment", "topics", "intents", "note"}

// WriteSheet writes posts as a CSV sheet to fill in, with a byte order mark so that spreadsheet programs read it as UTF-8.
// The analyzer's own tags are not in it: they would lead the labeller. How to fill it in:
//
//	sentiment  positive, negative, neutral or mixed; a row where it stays empty counts as not labelled
//	topics     topic:polarity, separated by blanks, such as "pricing:negative support:positive"; empty means none
//	intents    ids separated by blanks, such as "request complaint"; empty means none
func WriteSheet(w io.Writer, posts []Post) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write sheet: %w", err)
	}
	cw := csv.NewWriter(w)
	if err := cw.Write(sheetHead); err != nil {
		return fmt.Errorf("write sheet: %w", err)
	}
	for _, p := range posts {
		rec := []string{armour(p.ID), armour(p.Title), armour(p.Body), strconv.FormatBool(p.IsReply), armour(p.AuthorRole), "", "", "", ""}
		if err := cw.Write(rec); err != nil {
			return fmt.Errorf("write sheet: %w", err)
		}
	}
	cw.Flush()
	if err := cw.Error(); err != nil {
		return fmt.Errorf("write sheet: %w", err)
	}
	return nil
}

// armour keeps a spreadsheet from taking a text for a formula. The encoding/csv reader turns \r\n into \n inside of
// fields, so line ends are unified before.
func armour(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	if s != "" && strings.ContainsRune("=+-@\t\r'", rune(s[0])) {
		return "'" + s
	}
	return s
}

func disarm(s string) string { return strings.TrimPrefix(s, "'") }

// Sheet is a sheet that was read back.
type Sheet struct {
	Items []Item
	// Unlabelled counts the rows without a sentiment.
	Unlabelled int
}

// ReadSheet reads a filled-in sheet. Columns are found by name and may have been moved; further columns are ignored.
// Topics and intents must be ids of the contract (children of a topic allowed) or in known, the ids of a taxonomy of
// one's own: a mistyped id would otherwise count as a miss of the analyzer.
func ReadSheet(r io.Reader, name string, known ...string) (Sheet, error) {
	var sheet Sheet
	cr := csv.NewReader(r)
	cr.FieldsPerRecord = -1
	head, err := cr.Read()
	if err != nil {
		if errors.Is(err, io.EOF) {
			return sheet, fmt.Errorf("%s: empty; it must be a sheet as voc eval sample writes it", name)
		}
		return sheet, fmt.Errorf("%s: %w", name, err)
	}
	column := map[string]int{}
	for i, h := range head {
		column[strings.TrimSpace(strings.TrimPrefix(h, "\ufeff"))] = i
	}
	for _, h := range []string{"post_id", "body", "sentiment", "topics", "intents"} {
		if _, ok := column[h]; !ok {
			return sheet, fmt.Errorf("%s: no column %q; keep the header line of the sheet", name, h)
		}
	}
	seen := map[string]bool{}
	for {
		rec, err := cr.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return sheet, fmt.Errorf("%s: %w", name, err)
		}
		line, _ := cr.FieldPos(0)
		field := func(h string) string {
			if i, ok := column[h]; ok && i < len(rec) {
				return rec[i]
			}
			return ""
		}
		if strings.TrimSpace(field("sentiment")) == "" {
			if strings.TrimSpace(field("topics")+field("intents")) != "" {
				return sheet, fmt.Errorf("%s line %d: topics or intents are given but no sentiment; fill it in, or clear the row", name, line)
			}
			sheet.Unlabelled++
			continue
		}
		it, err := sheetItem(field, known)
		if err != nil {
			return sheet, fmt.Errorf("%s line %d: %w", name, line, err)
		}
		if seen[it.ID] {
			return sheet, fmt.Errorf("%s line %d: post %q stands twice", name, line, it.ID)
		}
		seen[it.ID] = true
		sheet.Items = append(sheet.Items, it)
	}
	if len(sheet.Items) == 0 {
		return sheet, fmt.Errorf("%s: no labelled row; fill in the column sentiment (positive, negative, neutral, mixed)", name)
	}
	return sheet, nil
}

func sheetItem(field func(string) string, known []string) (Item, error) {
	it := Item{
		ID:        disarm(field("post_id")),
		Title:     disarm(field("title")),
		Text:      disarm(field("body")),
		Sentiment: analyze.Sentiment(strings.ToLower(strings.TrimSpace(field("sentiment")))),
		Topics:    []TopicLabel{},
		Intents:   []string{},
		Context:   Context{AuthorRole: disarm(field("author_role"))},
	}
	if it.ID == "" {
		return it, errors.New("column post_id is empty")
	}
	switch v := strings.ToLower(strings.TrimSpace(field("is_reply"))); v {
	case "", "false", "0":
	case "true", "1":
		it.Context.IsReply = true
	default:
		return it, fmt.Errorf("column is_reply is %q; use true or false", v)
	}
	for _, t := range labels(field("topics")) {
		id, s, ok := strings.Cut(t, ":")
		if !ok {
			return it, fmt.Errorf("column topics: %q is not topic:polarity, such as pricing:negative", t)
		}
		if !slices.Contains(contractTopics, root(id)) && !slices.Contains(known, id) {
			return it, fmt.Errorf("column topics: there is no topic %q; the ids are %s", id, strings.Join(contractTopics, ", "))
		}
		it.Topics = append(it.Topics, TopicLabel{ID: id, Sentiment: analyze.Sentiment(s)})
	}
	for _, id := range labels(field("intents")) {
		if !slices.Contains(contractIntents, id) && !slices.Contains(known, id) {
			return it, fmt.Errorf("column intents: there is no intent %q; the ids are %s", id, strings.Join(contractIntents, ", "))
		}
		it.Intents = append(it.Intents, id)
	}
	return it, it.check()
}

// labels splits a cell at blanks, commas and semicolons, half and full width.
func labels(cell string) []string {
	return strings.FieldsFunc(strings.ToLower(cell), func(r rune) bool { return strings.ContainsRune(" \t\n\r,;　、，；", r) })
}
