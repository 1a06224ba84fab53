// Command vocmodel trains the linear model of voc/analyze/model on the labelled posts of the repository and writes its
// weights. With -check it only tells whether the weights belong to these posts, rules and settings; with -cross it prints
// what the rules, the model without the rules and both together reach on posts they were not trained on; with -leave the
// same for some corpora by a single training, to try things.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"voc/analyze"
	"voc/analyze/eval"
	"voc/analyze/model"
	"voc/analyze/model/train"
)

// weightsFile is what the analyzer embeds; the path is relative to the module's root.
const weightsFile = "analyze/model/weights.bin"

func main() {
	var o options
	flag.BoolVar(&o.check, "check", false, "fail when the weights are stale instead of writing them")
	flag.BoolVar(&o.cross, "cross", false, "cross-validate instead of writing the weights: one corpus left out at a time, then five parts")
	flag.StringVar(&o.leave, "leave", "", "train without these corpora, separated by commas, and measure on them instead of writing the weights")
	flag.StringVar(&o.measure, "measure", "", "TSV files of a text and a polarity a row, separated by commas, that -leave measures too")
	flag.StringVar(&o.settings, "settings", "", "JSON of settings that -leave tries in place of the usual ones; several are separated by semicolons")
	flag.StringVar(&o.root, "root", ".", "root of the module")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "vocmodel:", err)
		os.Exit(1)
	}
}

type options struct {
	check, cross                   bool
	leave, measure, settings, root string
}

func run(o options) error {
	a, err := analyze.New(analyze.Config{NoModel: true})
	if err != nil {
		return err
	}
	examples, err := train.Load(o.root, a)
	if err != nil {
		return err
	}
	s := train.DefaultSettings()
	if o.cross {
		return train.Cross(examples, s, os.Stdout)
	}
	if o.leave != "" {
		var more []train.Example
		for _, file := range strings.FieldsFunc(o.measure, func(r rune) bool { return r == ',' }) {
			list, err := readTable(a, file)
			if err != nil {
				return err
			}
			more = append(more, list...)
		}
		d, err := train.NewData(slices.Concat(examples, more), nil)
		if err != nil {
			return err
		}
		for _, line := range strings.Split(o.settings, ";") {
			s := train.DefaultSettings()
			if line != "" {
				if err := json.Unmarshal([]byte(line), &s); err != nil {
					return fmt.Errorf("-settings: %w", err)
				}
			}
			fmt.Printf("%+v\n", s)
			if err := train.Leave(d, len(examples), s, strings.Split(o.leave, ","), os.Stdout); err != nil {
				return err
			}
		}
		return nil
	}
	d, err := train.NewData(examples, nil)
	if err != nil {
		return err
	}
	stamp := d.Stamp(s)
	path := filepath.Join(o.root, weightsFile)
	if o.check {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		w, err := model.Decode(b)
		if err != nil {
			return fmt.Errorf("%s: %w", weightsFile, err)
		}
		if w.Stamp != stamp {
			return fmt.Errorf("%s is stale: the rules, the labelled posts or the settings changed since; run `make generate` and commit it", weightsFile)
		}
		return nil
	}
	w, err := train.Fit(d, d.All(), s)
	if err != nil {
		return err
	}
	w.Stamp = stamp
	b, err := w.Encode()
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		return err
	}
	fmt.Printf("%d posts, %d features, %d bytes\n", len(examples), w.Features(), len(b))
	return nil
}

func readTable(a *analyze.Analyzer, file string) ([]train.Example, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	items, err := eval.ReadTable(f, file, eval.TableOptions{Format: "tsv", Map: map[string]analyze.Sentiment{"none": ""}})
	if err != nil {
		return nil, err
	}
	return train.Collect(a.NewCollector(), filepath.Base(file), items), nil
}
