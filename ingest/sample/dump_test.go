package sample

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"voc/ingest/event"
)

func TestDump(t *testing.T) {
	c, err := New(Config{Seed: 1, End: time.Date(2026, 11, 16, 0, 0, 0, 0, jst)})
	if err != nil {
		t.Fatal(err)
	}
	f, _ := os.Create("/tmp/sample_dump.txt")
	defer f.Close()
	counts := map[string]int{}
	tr := c.Truths()
	for e := range c.Events() {
		counts[e.Topic]++
		if e.Topic == TopicPosts {
			var p event.Post
			json.Unmarshal(e.Value, &p)
			counts[string(p.Event)+" "+p.Community]++
			counts[p.Channel]++
			fmt.Fprintf(f, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%q\t%q\n", p.PostID, p.Event, p.ThreadID, p.ReplyTo, p.PostedAt.Format("01-02 15:04"), p.Channel, p.Author.Role, tr.Scripts[p.PostID], tr.Acts[p.PostID], p.Title, p.Body)
		}
	}
	t.Log(c.Len(), counts)
}
