package eval

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"voc/analyze"
)

// Item is one labelled post. A label field that is nil, or a Sentiment that is empty, was not judged and is not scored;
// an empty, non-nil list says that there is nothing to find.
type Item struct {
	ID    string `json:"id"`
	Title string `json:"title,omitzero"`
	Text  string `json:"text"`
	// Sentiment is the polarity of the whole post; Also lists further polarities that count as right.
	Sentiment analyze.Sentiment   `json:"sentiment,omitzero"`
	Also      []analyze.Sentiment `json:"also,omitzero"`
	Topics    []TopicLabel        `json:"topics,omitzero"`
	Intents   []string            `json:"intents,omitzero"`
	// Signals are the expected signals. AlsoSignals are further ones that are neither right nor wrong.
	Signals     []SignalLabel `json:"signals,omitzero"`
	AlsoSignals []SignalLabel `json:"also_signals,omitzero"`
	// Judge limits the scored intents, and names the scored kinds of signals. All other intents and kinds are ignored.
	Judge []string `json:"judge,omitzero"`
	// Phenomena name what makes the post hard, the main one first.
	Phenomena []string `json:"phenomena,omitzero"`
	// Pair is the minimal-pair group of the post.
	Pair    string  `json:"pair,omitzero"`
	Context Context `json:"context,omitzero"`
}

// TopicLabel is a topic and what the post says about it.
type TopicLabel struct {
	ID        string            `json:"id"`
	Sentiment analyze.Sentiment `json:"sentiment"`
}

// SignalLabel is an expected signal in the canonical form of the labelling guide.
type SignalLabel struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// Context is what is known about a post besides its text.
type Context struct {
	IsReply    bool   `json:"is_reply,omitzero"`
	AuthorRole string `json:"author_role,omitzero"`
}

// Input is the post as an analyzer takes it.
func (it *Item) Input() analyze.Input {
	return analyze.Input{Title: it.Title, Body: it.Text, IsReply: it.Context.IsReply, AuthorRole: it.Context.AuthorRole}
}

// The ids of the contract. An analyzer may know more; those are counted as unjudged unless a
// labelled file uses them.
var (
	contractTopics = []string{
		"account", "community", "contract", "delivery", "design", "docs", "feature", "integration", "mobile", "notification",
		"onboarding", "performance", "pricing", "quality", "reliability", "reporting", "search", "security", "support", "usability",
	}
	contractIntents = []string{
		"answer", "bug", "churn_risk", "complaint", "empathy", "greeting", "praise", "promotion", "question", "recommend", "request",
		"resolution", "success_story", "thanks", "tip", "upsell_signal", "wants_to_connect",
	}
	sentiments = []analyze.Sentiment{analyze.Positive, analyze.Negative, analyze.Neutral, analyze.Mixed}
)

// ContractTopics returns the topic ids of the contract, sorted.
func ContractTopics() []string { return slices.Clone(contractTopics) }

// ContractIntents returns the intent ids of the contract, sorted.
func ContractIntents() []string { return slices.Clone(contractIntents) }

// maxLine bounds one line of a labelled file, in bytes.
const maxLine = 4 << 20

// Read reads labelled posts as JSON Lines. Name is what errors call the input. Unknown fields are refused, so that a
// mistyped label field cannot pass as "not judged". An item without an id gets its line number.
func Read(r io.Reader, name string) ([]Item, error) {
	var items []Item
	seen := map[string]int{}
	err := eachLine(r, name, func(n int, line []byte) error {
		var it Item
		if err := json.Unmarshal(line, &it, json.RejectUnknownMembers(true)); err != nil {
			return fmt.Errorf("%s line %d: not a labelled post: %w", name, n, err)
		}
		if it.ID == "" {
			it.ID = fmt.Sprintf("line-%d", n)
		}
		if before, ok := seen[it.ID]; ok {
			return fmt.Errorf("%s line %d: id %q was used on line %d already; give each post its own id", name, n, it.ID, before)
		}
		seen[it.ID] = n
		if err := it.check(); err != nil {
			return fmt.Errorf("%s line %d: %w", name, n, err)
		}
		items = append(items, it)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return nil, fmt.Errorf("%s: no labelled post in it", name)
	}
	return items, nil
}

// eachLine calls f with every line that is not blank, with its number counted from 1.
func eachLine(r io.Reader, name string, f func(n int, line []byte) error) error {
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 64<<10), maxLine)
	n := 0
	for sc.Scan() {
		n++
		line := sc.Bytes()
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if err := f(n, line); err != nil {
			return err
		}
	}
	if err := sc.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return fmt.Errorf("%s line %d: longer than %d bytes: %w", name, n+1, maxLine, err)
		}
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

// check refuses labels that no analyzer could give.
func (it *Item) check() error {
	if it.Text == "" && it.Title == "" {
		return errors.New("text is empty; a labelled post needs a text")
	}
	for _, s := range append([]analyze.Sentiment{it.Sentiment}, it.Also...) {
		if s == "" {
			continue
		}
		if err := checkSentiment(s); err != nil {
			return err
		}
	}
	seen := map[string]bool{}
	for _, t := range it.Topics {
		if t.ID == "" {
			return errors.New("a topic has no id")
		}
		if seen[t.ID] {
			return fmt.Errorf("topic %q stands twice; a topic has one sentiment", t.ID)
		}
		seen[t.ID] = true
		if err := checkSentiment(t.Sentiment); err != nil {
			return fmt.Errorf("topic %s: %w", t.ID, err)
		}
	}
	clear(seen)
	for _, id := range it.Intents {
		if id == "" {
			return errors.New("an intent is empty")
		}
		if seen[id] {
			return fmt.Errorf("intent %q stands twice", id)
		}
		if it.Judge != nil && !slices.Contains(it.Judge, id) {
			return fmt.Errorf("intent %q is not named in judge, so it would not be scored; add it there", id)
		}
		seen[id] = true
	}
	for _, s := range it.AlsoSignals {
		if slices.Contains(it.Signals, s) {
			return fmt.Errorf("signal %s %q is expected and merely allowed at once", s.Kind, s.Value)
		}
	}
	for _, s := range slices.Concat(it.Signals, it.AlsoSignals) {
		if s.Kind == "" || s.Value == "" {
			return errors.New("a signal needs kind and value")
		}
		if !slices.Contains(it.Judge, s.Kind) {
			return fmt.Errorf("signal kind %q is not named in judge, so it would not be scored; add it there", s.Kind)
		}
	}
	return nil
}

func checkSentiment(s analyze.Sentiment) error {
	if slices.Contains(sentiments, s) {
		return nil
	}
	return fmt.Errorf("unknown sentiment %q; use positive, negative, neutral or mixed", s)
}

// root is the top-level topic of a topic id: "pricing" of "pricing/plan".
func root(topic string) string {
	top, _, _ := strings.Cut(topic, "/")
	return top
}
