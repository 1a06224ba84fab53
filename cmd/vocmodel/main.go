// Command vocmodel trains the linear model of voc/analyze/model on the labelled posts of the repository and writes its
// weights. With -check it only tells whether the weights belong to these posts, rules and settings; with -cross it prints
// what the rules, the model without the rules and both together reach on posts they were not trained on.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"voc/analyze"
	"voc/analyze/model"
	"voc/analyze/model/train"
)

// weightsFile is what the analyzer embeds; the path is relative to the module's root.
const weightsFile = "analyze/model/weights.bin"

func main() {
	check := flag.Bool("check", false, "fail when the weights are stale instead of writing them")
	cross := flag.Bool("cross", false, "cross-validate instead of writing the weights: one corpus left out at a time, then five parts")
	root := flag.String("root", ".", "root of the module")
	flag.Parse()
	if err := run(*root, *check, *cross); err != nil {
		fmt.Fprintln(os.Stderr, "vocmodel:", err)
		os.Exit(1)
	}
}

func run(root string, check, cross bool) error {
	a, err := analyze.New(analyze.Config{NoModel: true})
	if err != nil {
		return err
	}
	examples, err := train.Load(root, a)
	if err != nil {
		return err
	}
	s := train.DefaultSettings()
	if cross {
		return train.Cross(examples, s, os.Stdout)
	}
	d := train.NewData(examples, nil)
	stamp := d.Stamp(s)
	path := filepath.Join(root, weightsFile)
	if check {
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
	fmt.Printf("%d posts, %d features, %d bytes\n", len(examples), w.Rows(), len(b))
	return nil
}
