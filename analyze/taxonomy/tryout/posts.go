package tryout

import (
	"runtime"
	"strings"
	"sync"

	"voc/analyze"
)

// Post is a post to try a taxonomy on.
type Post struct {
	ID string
	analyze.Input
}

// snippetRunes is how much of a post an example shows.
const snippetRunes = 80

// snippet is the beginning of a post on one line.
func (p *Post) snippet() string {
	text := strings.Join(strings.Fields(p.Title+" "+p.Body), " ")
	if r := []rune(text); len(r) > snippetRunes {
		return string(r[:snippetRunes]) + "…"
	}
	return text
}

// tagged is what the measures need of a result.
type tagged struct {
	sentiment analyze.Sentiment
	topics    []topicTag
	intents   []string
	rules     []string
}

type topicTag struct {
	id        string
	sentiment analyze.Sentiment
}

// tag analyses all posts, on all processors, in their order.
func tag(a *analyze.Analyzer, posts []Post) []tagged {
	out := make([]tagged, len(posts))
	n := min(runtime.GOMAXPROCS(0), len(posts))
	var wg sync.WaitGroup
	for k := range n {
		wg.Go(func() {
			w := a.NewWorker()
			var r analyze.Result
			for i := k; i < len(posts); i += n {
				w.Analyze(posts[i].Input, &r)
				out[i] = keep(&r)
			}
		})
	}
	wg.Wait()
	return out
}

func keep(r *analyze.Result) tagged {
	t := tagged{sentiment: r.Sentiment, rules: append(fired(r, "topic"), fired(r, "intent")...)}
	for i := range r.Topics {
		t.topics = append(t.topics, topicTag{r.Topics[i].ID, r.Topics[i].Sentiment})
	}
	for i := range r.Intents {
		t.intents = append(t.intents, r.Intents[i].ID)
	}
	return t
}
