package forget

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/schema"
)

// postKey is a post in the day of its rows. A deletion that came before its post has rows in another day.
type postKey struct {
	Community string
	Day       time.Time
	PostID    string
}

// targets is what belongs to a subject.
type targets struct {
	posts []postKey
	seen  map[postKey]bool
	// hashes name the posts, and keys the messages, in statements that the server keeps: they hold no id.
	hashes map[string]bool
	keys   map[string]bool
	// author is the hash of the author, with community the one it is bound to; empty for a post.
	author, community string
	communityHash     string
	authorKey         uint64 // as the aggregates hold it
	windows           map[schema.Window]bool
	texts             map[string]bool
	last              time.Time
}

func newTargets() *targets {
	return &targets{seen: map[postKey]bool{}, hashes: map[string]bool{}, keys: map[string]bool{}, windows: map[schema.Window]bool{}, texts: map[string]bool{}}
}

func (t *targets) addPost(p postKey, hash, key string) {
	t.hashes[hash], t.keys[key] = true, true
	if !t.seen[p] {
		t.seen[p] = true
		t.posts = append(t.posts, p)
	}
	t.window(p.Community, p.Day)
}

// window remembers a day to be counted again. Deletions without a post are on day 0, which is no day.
func (t *targets) window(community string, day time.Time) {
	if day.Unix() != 0 {
		t.windows[schema.Window{Community: community, Day: day}] = true
	}
}

func (t *targets) windowList() []schema.Window {
	out := make([]schema.Window, 0, len(t.windows))
	for w := range t.windows {
		out = append(out, w)
	}
	slices.SortFunc(out, func(a, b schema.Window) int {
		if c := a.Day.Compare(b.Day); c != 0 {
			return c
		}
		return strings.Compare(a.Community, b.Community)
	})
	return out
}

// minus returns the posts that another one does not have.
func (t *targets) minus(o *targets) *targets {
	out := newTargets()
	for _, p := range t.posts {
		if !o.seen[p] {
			out.posts = append(out.posts, p)
		}
	}
	return out
}

// add takes over what another one found.
func (t *targets) add(o *targets) {
	for _, p := range o.posts {
		if !t.seen[p] {
			t.seen[p] = true
			t.posts = append(t.posts, p)
		}
	}
	for _, m := range []struct{ to, from map[string]bool }{{t.hashes, o.hashes}, {t.keys, o.keys}, {t.texts, o.texts}} {
		for k := range m.from {
			m.to[k] = true
		}
	}
	for w := range o.windows {
		t.windows[w] = true
	}
}

// hashed are SQL expressions over the columns of a table.
const (
	hashOfPost   = "hex(sipHash128(toString(community), toString(post_id)))"
	hashOfAnswer = "hex(sipHash128(toString(community), concat('survey/', response_id)))"
)

func text(name, value string) driver.NamedValue { return driver.NamedValue{Name: name, Value: value} }

// find looks for everything of the subject.
func (f *Forget) find(ctx context.Context, s Subject) (*targets, error) {
	t := newTargets()
	mine := "post_id = {id:String} AND community = {community:String}"
	if s.Kind == Author {
		mine = "author_id = {author:String} AND ({community:String} = '' OR community = {community:String})"
		err := f.deps.Conn.QueryRow(ctx, "SELECT hex(sipHash128({author:String})), cityHash64({author:String}), hex(sipHash128({community:String}))",
			text("author", s.Pseudonym), text("community", s.Community)).Scan(&t.author, &t.authorKey, &t.communityHash)
		if err != nil {
			return nil, fmt.Errorf("forget: %w", err)
		}
		t.community = s.Community
	}
	args := []any{text("id", s.PostID), text("author", s.Pseudonym), text("community", s.Community)}
	// All rows of the posts, whichever version names the author.
	posts := "SELECT toString(community) AS community, day, post_id FROM post_facts WHERE " + mine
	if s.Kind == Author {
		posts += " UNION DISTINCT SELECT toString(community), day, concat('survey/', response_id) FROM survey_facts WHERE " + mine
	}
	err := f.each(ctx, `
SELECT toString(community), day, post_id, `+hashOfPost+`, hex(sipHash128(post_id)), max(posted_at)
FROM post_facts
WHERE (community, post_id) GLOBAL IN (SELECT community, post_id FROM (`+posts+`))
GROUP BY ALL
`, args, func(scan func(...any) error) error {
		var p postKey
		var hash, key string
		var at time.Time
		if err := scan(&p.Community, &p.Day, &p.PostID, &hash, &key, &at); err != nil {
			return err
		}
		t.addPost(p, hash, key)
		if at.After(t.last) {
			t.last = at
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if s.Kind == Post {
		// The post may be known by what is said about it only.
		var hash, key string
		if err := f.deps.Conn.QueryRow(ctx, "SELECT hex(sipHash128({community:String}, {id:String})), hex(sipHash128({id:String}))", args...).Scan(&hash, &key); err != nil {
			return nil, fmt.Errorf("forget: %w", err)
		}
		t.hashes[hash], t.keys[key] = true, true
	}
	if s.Kind == Author {
		err := f.each(ctx, "SELECT toString(community), day, max(occurred_at) FROM activity_facts WHERE "+mine+" GROUP BY ALL", args, func(scan func(...any) error) error {
			var community string
			var day, at time.Time
			if err := scan(&community, &day, &at); err != nil {
				return err
			}
			t.window(community, day)
			if at.After(t.last) {
				t.last = at
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	// What others did to the posts is kept by day, too.
	for _, in := range inLists(t.hashes) {
		err := f.each(ctx, "SELECT DISTINCT toString(community), day FROM activity_facts WHERE post_id != '' AND "+hashOfPost+" IN ("+in+")", nil, func(scan func(...any) error) error {
			var community string
			var day time.Time
			if err := scan(&community, &day); err != nil {
				return err
			}
			t.window(community, day)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return t, f.findTexts(ctx, t)
}

// maxTexts and minText bound what the files are searched for: the longest texts prove most.
const (
	maxTexts = 1000
	minText  = 6
)

// findTexts remembers the texts to search the files for.
func (f *Forget) findTexts(ctx context.Context, t *targets) error {
	if f.cfg.DataDir == "" {
		return nil
	}
	for _, in := range inLists(t.hashes) {
		err := f.each(ctx, "SELECT body, title FROM post_facts WHERE "+hashOfPost+" IN ("+in+")", nil, func(scan func(...any) error) error {
			var body, title string
			if err := scan(&body, &title); err != nil {
				return err
			}
			for _, s := range []string{body, title} {
				if len([]rune(s)) >= minText && len(t.texts) < maxTexts {
					t.texts[s] = true
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// each runs a query and hands over every row.
func (f *Forget) each(ctx context.Context, query string, args []any, row func(scan func(...any) error) error) error {
	rows, err := f.deps.Conn.Query(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("forget: cannot look for what is stored: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return fmt.Errorf("forget: cannot look for what is stored: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("forget: cannot look for what is stored: %w", err)
	}
	return nil
}

// inHashes is how many hashes a statement names; a statement has at most 256 KiB.
const inHashes = 2000

// inLists makes lists for IN. Hashes are hexadecimal digits, so nothing needs quoting.
func inLists(hashes map[string]bool) []string {
	all := make([]string, 0, len(hashes))
	for h := range hashes {
		all = append(all, h)
	}
	slices.Sort(all)
	var out []string
	for c := range slices.Chunk(all, inHashes) {
		out = append(out, "'"+strings.Join(c, "', '")+"'")
	}
	return out
}
