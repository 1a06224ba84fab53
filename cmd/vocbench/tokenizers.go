package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/ikawaha/kagome-dict/ipa"
	"github.com/ikawaha/kagome/v2/tokenizer"

	"voc/analyze"
	"voc/analyze/token"
)

// languageEnv makes the program one of the language peers, so that each has a process whose memory is its own.
const languageEnv = "VOC_BENCH_LANGUAGE"

// The language peers that are written in Go.
const (
	kagomePeer   = "kagome"
	tokenPeer    = "token"
	analyzerPeer = "analyzer"
)

// job is what a language peer is told: how many posts, on how many cores. Reply is its answer.
type (
	job struct {
		Posts, Cores int
	}
	reply struct {
		Wall, CPU time.Duration
	}
)

// runLanguage is what the re-executed program does: it answers jobs until its input ends.
func runLanguage() {
	name, ok := os.LookupEnv(languageEnv)
	if !ok {
		return
	}
	if err := language(name, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "vocbench: %s: %v\n", name, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func language(name string, in io.Reader, out io.Writer) error {
	b := &bench{}
	var err error
	if b.texts, err = texts(); err != nil {
		return err
	}
	worker, err := b.worker(name)
	if err != nil {
		return err
	}
	jobs, replies := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var j job
		if err := jobs.Decode(&j); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		// The garbage collector is to have no more cores than the work.
		runtime.GOMAXPROCS(j.Cores)
		b.cores = j.Cores
		b.parallel(j.Posts/10, worker)
		began, used := time.Now(), self()
		b.parallel(j.Posts, worker)
		if err := replies.Encode(reply{time.Since(began), self() - used}); err != nil {
			return err
		}
	}
}

// worker returns what makes, for each goroutine, the function that handles the i-th post.
func (b *bench) worker(name string) (func() func(int), error) {
	text := func(i int) string { return b.texts[i%len(b.texts)] }
	switch name {
	case kagomePeer:
		t, err := tokenizer.New(ipa.Dict(), tokenizer.OmitBosEos())
		return func() func(int) { return func(i int) { t.Analyze(text(i), tokenizer.Normal) } }, err
	case tokenPeer:
		d, err := token.IPA()
		if err != nil {
			return nil, err
		}
		t, err := token.New(d, nil)
		return func() func(int) {
			w := t.NewWorker()
			var words []token.Token
			return func(i int) { words = w.Append(words[:0], text(i), 0) }
		}, err
	case analyzerPeer:
		a, err := analyze.New(analyze.Config{})
		return func() func(int) {
			w := a.NewWorker()
			var r analyze.Result
			return func(i int) { w.Analyze(analyze.Input{Body: text(i)}, &r) }
		}, err
	}
	return nil, fmt.Errorf("there is no language peer %q", name)
}

// self is the processor time that this process has used.
func self() time.Duration {
	var u syscall.Rusage
	// Getrusage of the own process cannot fail.
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// languageProcess is a language peer in a process of its own.
type languageProcess struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *json.Decoder
}

func startLanguage(ctx context.Context, name string) (*languageProcess, error) {
	p := &languageProcess{cmd: exec.CommandContext(ctx, "/proc/self/exe")}
	p.cmd.Env = append(os.Environ(), languageEnv+"="+name)
	p.cmd.Stderr = os.Stderr
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = json.NewDecoder(bufio.NewReader(out))
	return p, p.cmd.Start()
}

func (p *languageProcess) run(posts, cores int) (measurement, error) {
	var r reply
	if err := json.NewEncoder(p.in).Encode(job{posts, cores}); err != nil {
		return measurement{}, err
	}
	if err := p.out.Decode(&r); err != nil {
		return measurement{}, fmt.Errorf("the answer of a language peer: %w", err)
	}
	return measurement{posts: posts, wall: r.Wall, consumer: r.CPU, memory: float64(memory(p.cmd.Process.Pid, mostMemory))}, nil
}

func (p *languageProcess) stop() error {
	return errors.Join(p.in.Close(), p.cmd.Wait())
}

// mecab runs Debian's MeCab with the IPA dictionary over files of posts, one process each. It reads a line at a time, so
// a post of several lines is several inputs of the same bytes.
type mecab struct {
	dictionary string
	dir        string
}

// newMecab fails with the reason why there is none.
func newMecab(dir, peers string) (*mecab, error) {
	// Debian's package puts it there; another build of the dictionary would be another measurement.
	const dictionary = "/var/lib/mecab/dic/ipadic-utf8"
	_, err := exec.LookPath("mecab")
	if _, missing := os.Stat(dictionary); err != nil || missing != nil {
		return nil, reason(peers, "mecab", "mecab and its dictionary mecab-ipadic-utf8 are not installed; run make peers")
	}
	return &mecab{dictionary: dictionary, dir: dir}, nil
}

func (m *mecab) run(ctx context.Context, texts []string, posts, processes int) (s measurement, err error) {
	all := make([]string, posts)
	for i := range all {
		all[i] = texts[i%len(texts)]
	}
	commands := make([]*exec.Cmd, 0, processes)
	for part := range slices.Chunk(all, (posts+processes-1)/processes) {
		file := filepath.Join(m.dir, fmt.Sprintf("mecab.%d", len(commands)))
		if err := os.WriteFile(file, []byte(strings.Join(part, "\n")+"\n"), 0o600); err != nil {
			return s, err
		}
		c := exec.CommandContext(ctx, "mecab", "-O", "wakati", "-d", m.dictionary, "-o", "/dev/null", file)
		c.Stderr = os.Stderr
		commands = append(commands, c)
	}
	s.posts = posts
	began := time.Now()
	for _, c := range commands {
		if err := c.Start(); err != nil {
			return s, fmt.Errorf("mecab: %w", err)
		}
	}
	for _, c := range commands {
		err = errors.Join(err, c.Wait())
		s.consumer += c.ProcessState.UserTime() + c.ProcessState.SystemTime()
		s.memory += float64(maxRSS(c.ProcessState)) / 1024
	}
	s.wall = time.Since(began)
	return s, err
}

// reason is why a peer is not there: what its installation said, or else what is given.
func reason(peers, part, otherwise string) error {
	said, err := os.ReadFile(peers + "." + part)
	if text := strings.TrimSpace(string(said)); err == nil && text != "" {
		return errors.New(text)
	}
	return errors.New(otherwise)
}
