package analyze

import (
	"fmt"
	"strings"

	"voc/analyze/intent"
	"voc/analyze/parse"
	"voc/analyze/sentiment"
)

// Dump describes how a text was read: clauses, chunks with their modifications, and opinions. It is meant for people
// who write rules.
func (w *Worker) Dump(text string) string {
	var b strings.Builder
	d := &w.doc
	w.parser.Parse(d, text, w.a.maxRunes)
	w.ops = w.opinions.Opinions(w.ops[:0], d, sentiment.Context{})
	w.intents.Grammar(d, w.ops, intent.Post{})
	for ci := range d.Clauses {
		c := &d.Clauses[ci]
		fmt.Fprintf(&b, "clause %d sentence %d link %s lead %s quoted %v\n", ci, c.Sentence, c.Link, c.Lead, c.Quoted)
		for i := c.FirstChunk; i < c.EndChunk; i++ {
			dumpChunk(&b, d, i)
		}
	}
	for _, o := range w.ops {
		fmt.Fprintf(&b, "opinion %+.2f chunk %d subject %d flags %b %s\n", o.Score, o.Chunk, o.Subject, o.Flags, o.Rule)
	}
	return b.String()
}

func dumpChunk(b *strings.Builder, d *parse.Doc, i int) {
	ch := &d.Chunks[i]
	fmt.Fprintf(b, "  %d %s", i, ch.Kind)
	for t := ch.First; t < ch.End; t++ {
		mark := ""
		if t == ch.Head {
			mark = "*"
		}
		fmt.Fprintf(b, " %s%s(%s,%d)", mark, d.Tokens[t].Surface, d.Tokens[t].Base, d.Tokens[t].POS)
	}
	fmt.Fprintf(b, " particle=%s governor=%d neg=%d mod=%s\n", ch.Particle, ch.Governor, ch.Negations, ch.Mod)
}
