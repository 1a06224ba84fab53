package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"voc/analyze"
	"voc/ingest/event"
)

// maxLine bounds the memory for one input line; what exceeds it is answered by an error line.
const maxLine = 64 << 20

// analyzedLine is one output line of `voc analyze`. The order of the fields is the order on the line.
type analyzedLine struct {
	PostID string `json:"post_id"`
	analyze.Result
}

// failedLine stands for an input line that is no JSON object with a body.
type failedLine struct {
	PostID string `json:"post_id"`
	Error  string `json:"error"`
	Line   int    `json:"line"`
}

func (a *app) analyzeCommand() *cobra.Command {
	var text bool
	var workers int
	var engine string
	cmd := &cobra.Command{
		Use:   "analyze",
		Short: "Tag posts from standard input, one JSON object a line; needs no server",
		Long: `Reads JSON Lines (post_id, body and any other field of a post event) from standard input and writes one JSON
object a line to standard output, in the same order: sentiment, score, topics and intents, each with the spans
that made the rule fire (rune offsets into the given text). A line that cannot be read is answered by an object
with "error"; the exit code is then 1.`,
		Example: `  echo '値段は高いけどサポートは最高です' | voc analyze --text
  voc analyze --set analyze.taxonomy=my.yaml < posts.jsonl > tags.jsonl`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if workers < 1 || workers > 256 {
				return usageError{fmt.Errorf("--workers is %d; give 1 to 256", workers)}
			}
			if engine != "" {
				a.set = append(a.set, "analyze.tokenizer="+engine)
			}
			cfg, err := a.loadConfig()
			if err != nil {
				return err
			}
			an, err := newAnalyzer(cfg.Analyze)
			if err != nil {
				return err
			}
			failed, err := analyzeLines(c.Context(), an, a.in, a.out, text, workers)
			if err == nil && failed > 0 {
				err = fmt.Errorf("%d input lines could not be read; they are answered by objects with \"error\"", failed)
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&text, "text", false, "each line is the plain text of a post; post_id is its line number")
	cmd.Flags().StringVar(&engine, "tokenizer", "", "who cuts texts into words: lattice or kagome; default analyze.tokenizer")
	cmd.Flags().IntVar(&workers, "workers", runtime.GOMAXPROCS(0), "lines analysed at the same time")
	return cmd
}

// lineJob is a group of input lines on its way through a worker; done carries the output for all of them.
type lineJob struct {
	first int
	lines [][]byte
	done  chan lineOutput
}

type lineOutput struct {
	b      []byte
	failed int
}

// jobLines is how many lines travel together; it trades latency for fewer channel operations.
const jobLines = 64

// analyzeLines writes one line to out for each line of in, in order, and returns how many could not be read.
func analyzeLines(ctx context.Context, an *analyze.Analyzer, in io.Reader, out io.Writer, text bool, workers int) (failed int, err error) {
	g, ctx := errgroup.WithContext(ctx)
	jobs := make(chan *lineJob)
	ordered := make(chan *lineJob, 2*workers)
	g.Go(func() error {
		defer close(jobs)
		defer close(ordered)
		return readJobs(ctx, in, func(j *lineJob) error {
			select {
			case ordered <- j:
			case <-ctx.Done():
				return ctx.Err()
			}
			select {
			case jobs <- j:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	for range workers {
		g.Go(func() error {
			w := &lineWorker{worker: an.NewWorker(), text: text}
			for j := range jobs {
				j.done <- w.do(j)
			}
			return nil
		})
	}
	g.Go(func() error {
		bw := bufio.NewWriterSize(out, 1<<16)
		for j := range ordered {
			select {
			case o := <-j.done:
				failed += o.failed
				if _, err := bw.Write(o.b); err != nil {
					return fmt.Errorf("cannot write the output: %w", err)
				}
			case <-ctx.Done():
				return ctx.Err()
			}
			if len(ordered) == 0 {
				if err := bw.Flush(); err != nil {
					return fmt.Errorf("cannot write the output: %w", err)
				}
			}
		}
		return bw.Flush()
	})
	return failed, g.Wait()
}

// readJobs groups the lines of in. A line longer than maxLine is cut there and its rest is read past.
func readJobs(ctx context.Context, in io.Reader, emit func(*lineJob) error) error {
	r := bufio.NewReaderSize(in, 1<<16)
	n := 0
	job := &lineJob{first: 1, done: make(chan lineOutput, 1)}
	flush := func() error {
		if len(job.lines) == 0 {
			return nil
		}
		err := emit(job)
		job = &lineJob{first: n + 1, done: make(chan lineOutput, 1)}
		return err
	}
	for ctx.Err() == nil {
		line, err := readLine(r)
		end := errors.Is(err, io.EOF)
		if err != nil && !end {
			return fmt.Errorf("cannot read the input: %w", err)
		}
		if !end || len(line) > 0 {
			job.lines = append(job.lines, line)
			n++
		}
		// A group is sent when full, or when the next line is not there yet: whoever types sees an answer.
		if len(job.lines) >= jobLines || end || r.Buffered() == 0 || len(line) > 1<<16 {
			if err := flush(); err != nil {
				return err
			}
		}
		if end {
			return nil
		}
	}
	return ctx.Err()
}

func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if keep := maxLine + 1 - len(line); keep > 0 {
			line = append(line, part[:min(keep, len(part))]...)
		}
		switch {
		case err == nil:
			return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r")), nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return line, err
		}
	}
}

type lineWorker struct {
	worker *analyze.Worker
	text   bool
	res    analyze.Result
	buf    bytes.Buffer
}

func (w *lineWorker) do(j *lineJob) lineOutput {
	w.buf.Reset()
	o := lineOutput{}
	for i, line := range j.lines {
		if w.one(j.first+i, line) != nil {
			o.failed++
		}
		w.buf.WriteByte('\n')
	}
	o.b = bytes.Clone(w.buf.Bytes())
	return o
}

// one appends the answer to one line and returns why it could not be read, which is in the answer, too.
func (w *lineWorker) one(n int, line []byte) error {
	p, err := w.decode(n, line)
	if err != nil {
		return errors.Join(err, w.write(failedLine{PostID: p.PostID, Error: err.Error(), Line: n}))
	}
	w.worker.Analyze(inputOf(&p), &w.res)
	return w.write(analyzedLine{PostID: p.PostID, Result: w.res})
}

func (w *lineWorker) decode(n int, line []byte) (p event.Post, err error) {
	if len(line) > maxLine {
		return p, fmt.Errorf("the line is longer than %d bytes; split the post", maxLine)
	}
	if w.text {
		p.PostID, p.Body = strconv.Itoa(n), string(line)
		return p, nil
	}
	if err := json.Unmarshal(line, &p); err != nil {
		return p, fmt.Errorf("the line is no post event: %w; give a JSON object with post_id and body, or use --text", err)
	}
	return p, nil
}

// inputOf is what the analyzer is told about a post.
func inputOf(p *event.Post) analyze.Input {
	return analyze.Input{Title: p.Title, Body: p.Body, IsReply: p.ReplyTo != "", AuthorRole: p.Author.Role}
}

func (w *lineWorker) write(v any) error {
	return json.MarshalWrite(&w.buf, v, jsontext.AllowInvalidUTF8(true))
}
