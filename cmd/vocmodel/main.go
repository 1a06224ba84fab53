// Command vocmodel trains the linear model of voc/analyze/model.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"voc/analyze"
	"voc/analyze/eval"
	"voc/analyze/model"
	"voc/analyze/model/train"
)

func main() {
	dir := flag.String("corpus", "analyze/model/corpus", "directory of labelled posts")
	cv := flag.Bool("cv", false, "cross-validate")
	folds := flag.Int("outer", 0, "")
	extra := flag.String("extra", "", "")
	drop := flag.String("drop", "", "kinds to leave out")
	s := train.DefaultSettings()
	for n, f := range map[string]*train.Family{"p": &s.Polarity, "t": &s.Topic, "i": &s.Intent, "a": &s.About} {
		flag.Float64Var(&f.Cost, n+"c", f.Cost, "")
		flag.Float64Var(&f.Yes, n+"y", f.Yes, "")
		flag.Float64Var(&f.Rule, n+"rule", f.Rule, "")
		flag.Float64Var(&f.Runes, n+"runes", f.Runes, "")
		flag.Float64Var(&f.Rare, n+"rare", f.Rare, "")
	}
	flag.IntVar(&s.Epochs, "epochs", s.Epochs, "")
	flag.IntVar(&s.Folds, "folds", s.Folds, "")
	flag.Float64Var(&s.Prior, "prior", s.Prior, "")
	flag.Parse()
	if err := run(*dir, *cv, *drop, *extra, *folds, s); err != nil {
		fmt.Fprintln(os.Stderr, "vocmodel:", err)
		os.Exit(1)
	}
}

func run(dir string, cv bool, drop, extra string, folds int, s train.Settings) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return err
	}
	a, err := analyze.New(analyze.Config{NoModel: true})
	if err != nil {
		return err
	}
	c := a.NewCollector()
	begin := time.Now()
	if extra != "" {
		files = append(files, strings.Split(extra, ",")...)
	}
	var all []train.Example
	for _, f := range files {
		r, err := os.Open(f)
		if err != nil {
			return err
		}
		items, err := eval.Read(r, filepath.Base(f))
		r.Close()
		if err != nil {
			return err
		}
		all = append(all, train.Collect(c, group(f, extra), items)...)
	}
	fmt.Println(len(all), "posts read in", time.Since(begin))
	d := train.NewData(all, func(k model.Kind) bool {
		for _, x := range strings.Split(drop, ",") {
			if x == k.String() || x == "rules" && k.Rules() {
				return false
			}
		}
		return true
	})
	fmt.Println(d.Size(), "features")
	if cv {
		return train.CrossValidate(d, s, folds, os.Stdout)
	}
	use := make([]int, len(d.Examples))
	for i := range use {
		use[i] = i
	}
	if os.Getenv("TEST") != "" {
		return train.Test(d, s, os.Stdout)
	}
	w, err := train.Fit(d, use, s)
	if err != nil {
		return err
	}
	b := w.Encode()
	fmt.Println(len(b), "bytes", time.Since(begin))
	return os.WriteFile("analyze/model/weights.bin", b, 0o644)
}

func group(f, extra string) string {
	if strings.Contains(extra, f) {
		return "extra"
	}
	return strings.TrimSuffix(filepath.Base(f), ".jsonl")
}
