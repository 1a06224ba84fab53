package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs the command lines in testdata/script. They need no server. With VOC_UPDATE_SCRIPTS=1 the golden parts
// are written anew.
//
// "voc ARGS…" runs the program in this process, so that the dictionary is loaded once, and wants exit code 0; "! voc"
// wants 1 and "fails CODE ARGS…" the given one. "input FILE" says what the next run reads from standard input.
func TestScripts(t *testing.T) {
	testscript.RunT(serial{t}, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		UpdateScripts:       os.Getenv("VOC_UPDATE_SCRIPTS") != "",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			root, err := filepath.Abs(filepath.Join("..", ".."))
			e.Setenv("ROOT", root)
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"voc": func(ts *testscript.TestScript, neg bool, args []string) {
				want := exitOK
				if neg {
					want = exitFailed
				}
				runVoc(ts, want, args)
			},
			"fails": func(ts *testscript.TestScript, neg bool, args []string) {
				if neg || len(args) < 1 {
					ts.Fatalf("usage: fails CODE ARGS…")
				}
				code, err := strconv.Atoi(args[0])
				ts.Check(err)
				runVoc(ts, code, args[1:])
			},
			"input": func(ts *testscript.TestScript, neg bool, args []string) {
				if neg || len(args) != 1 {
					ts.Fatalf("usage: input FILE")
				}
				ts.Setenv(inputEnv, args[0])
			},
		},
	})
}

// inputEnv is the script variable that names the file for standard input.
const inputEnv = "INPUT"

// runVoc runs the program in the script's directory with the script's VOC_* variables.
func runVoc(ts *testscript.TestScript, want int, args []string) {
	back, err := os.Getwd()
	ts.Check(err)
	ts.Check(os.Chdir(ts.MkAbs(".")))
	defer func() { ts.Check(os.Chdir(back)) }()
	var environ []string
	for _, name := range []string{"VOC_PRIVACY_KEY", "VOC_ANALYZE_TAXONOMY", "VOC_KAFKA_GROUP"} {
		if v := ts.Getenv(name); v != "" {
			environ = append(environ, name+"="+v)
		}
	}
	var in io.Reader = strings.NewReader("")
	if file := ts.Getenv(inputEnv); file != "" {
		in = strings.NewReader(ts.ReadFile(file))
		ts.Setenv(inputEnv, "")
	}
	if got := run(context.Background(), args, stdio{in: in, out: ts.Stdout(), err: ts.Stderr()}, environ); got != want {
		ts.Fatalf("voc %s: exit code %d, want %d", strings.Join(args, " "), got, want)
	}
}

// serial runs scripts one after the other: a process has one working directory.
type serial struct{ *testing.T }

func (serial) Parallel() {}

func (s serial) Verbose() bool { return testing.Verbose() }

func (s serial) Run(name string, f func(testscript.T)) {
	s.T.Run(name, func(t *testing.T) { f(serial{t}) })
}
