package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows how far something is: a bar on a terminal, a line each tenth elsewhere.
type progress struct {
	out   io.Writer
	bar   *progressbar.ProgressBar
	total int64
	unit  string
	told  int64 // tenths already told
	began time.Time
}

func newProgress(out io.Writer, total int64, unit string) *progress {
	p := &progress{out: out, total: total, unit: unit, began: time.Now()}
	if isTerminal(out) {
		p.bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(out), progressbar.OptionSetWidth(40),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString(unit),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetPredictTime(false))
	}
	return p
}

func (p *progress) set(n int64) {
	if p.bar != nil {
		_ = p.bar.Set64(min(n, p.total)) // a failed write to the terminal is no failure of the work
		return
	}
	if tenth := n * 10 / max(1, p.total); tenth > p.told {
		p.told = tenth
		fmt.Fprintf(p.out, "  %3d %%  %d of %d %s, %.0f s\n", tenth*10, n, p.total, p.unit, time.Since(p.began).Seconds())
	}
}

func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Finish()
		fmt.Fprintln(p.out)
	}
	fmt.Fprintln(p.out)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
