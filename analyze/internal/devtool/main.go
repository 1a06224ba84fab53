package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"voc/analyze"
)

func main() {
	a, err := analyze.New(analyze.Config{})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	w := a.NewWorker()
	sc := bufio.NewScanner(os.Stdin)
	sc.Buffer(nil, 1<<24)
	var r analyze.Result
	for sc.Scan() {
		w.Analyze(analyze.Input{Body: sc.Text()}, &r)
		fmt.Println("#", sc.Text())
		fmt.Printf("  %s %.2f %v\n", r.Sentiment, r.Score, r.Flags)
		for _, e := range r.Evidence {
			fmt.Printf("   - [%d,%d) %s  %s\n", e.Start, e.End, e.Text, e.Rule)
		}
		for _, t := range r.Topics {
			b, _ := json.Marshal(t.Evidence)
			fmt.Printf("   T %s %s %.2f %s\n", t.ID, t.Sentiment, t.Score, b)
		}
		for _, t := range r.Intents {
			fmt.Printf("   I %s", t.ID)
			for _, e := range t.Evidence {
				fmt.Printf(" [%s %s]", e.Text, e.Rule)
			}
			fmt.Println()
		}
		for _, t := range r.Signals {
			fmt.Printf("   S %s=%s\n", t.Kind, t.Value)
		}
	}
}
