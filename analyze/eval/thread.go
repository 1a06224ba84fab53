package eval

import (
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
)

// Thread is a judged question-and-answer thread; its first post is the question.
type Thread struct {
	ID    string       `json:"id"`
	Posts []ThreadPost `json:"posts"`
	// Resolved says that the asker's question is settled, by the accepted flag or by what the asker says.
	Resolved bool `json:"resolved"`
	// How is accepted, thanks or self, and Solver the author of the post that solved it; empty when not resolved.
	How    string `json:"how,omitzero"`
	Solver string `json:"solver,omitzero"`
	// AskerQuiet says that others replied and the asker never wrote again.
	AskerQuiet bool `json:"asker_quiet"`
	// FirstReply is peer, staff or none.
	FirstReply string `json:"first_reply"`
}

// ThreadPost is one post of a thread.
type ThreadPost struct {
	Author   string `json:"author"`
	Role     string `json:"role"`
	Text     string `json:"text"`
	Accepted bool   `json:"accepted,omitzero"`
}

// ReadThreads reads judged threads as JSON Lines.
func ReadThreads(r io.Reader, name string) ([]Thread, error) {
	var threads []Thread
	err := eachLine(r, name, func(n int, line []byte) error {
		var t Thread
		if err := json.Unmarshal(line, &t, json.RejectUnknownMembers(true)); err != nil {
			return fmt.Errorf("%s line %d: not a judged thread: %w", name, n, err)
		}
		switch {
		case len(t.Posts) == 0:
			return fmt.Errorf("%s line %d: the thread has no posts", name, n)
		case t.Resolved != (t.How != "" && t.Solver != ""):
			return fmt.Errorf("%s line %d: how and solver must be given if, and only if, the thread is resolved", name, n)
		}
		threads = append(threads, t)
		return nil
	})
	return threads, err
}

// ScoreThreads compares judge, which tells whether a thread is resolved, with the labels. The report has the tag
// "resolved"; its row gives precision, recall and F1 with intervals.
func ScoreThreads(threads []Thread, judge func(Thread) bool, boot Bootstrap) *TagReport {
	sets := make([]tagSets, len(threads))
	for i, t := range threads {
		sets[i] = tagSets{want: map[string]bool{}, got: map[string]bool{}}
		if t.Resolved {
			sets[i].want["resolved"] = true
		}
		if judge(t) {
			sets[i].got["resolved"] = true
		}
	}
	return scoreTags(sets, boot)
}
