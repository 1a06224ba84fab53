// Command voc is the voice-of-customer pipeline: Kafka in, Japanese analysis, ClickHouse out.
//
// This package parses flags, wires packages together and prints. It decides nothing about language, delivery or
// tables; each subcommand is one file.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"voc/cmd/internal/config"
	"voc/schema/engine"
)

// The exit codes of voc.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	engine.RunChild()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// After the first signal the default handling is back, so that a second one ends a stop that takes too long.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], stdio{in: os.Stdin, out: os.Stdout, err: os.Stderr}, os.Environ()))
}

// stdio are the three streams of a command.
type stdio struct {
	in       io.Reader
	out, err io.Writer
}

// app is what all subcommands share.
type app struct {
	stdio
	environ []string
	file    string
	set     []string
	// started is set once a command's own code runs; an error before that is wrong use.
	started bool
}

// usageError marks an error of a running command as wrong use.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func run(ctx context.Context, args []string, io stdio, environ []string) int {
	a := &app{stdio: io, environ: environ}
	root := a.rootCommand()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	fmt.Fprintf(io.err, "voc: %s\n", strings.TrimSpace(err.Error()))
	var usage usageError
	if !a.started || errors.As(err, &usage) {
		return exitUsage
	}
	return exitFailed
}

func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "voc",
		Short: "Voice of customer: community posts from Kafka, tagged in Japanese, answered by SQL in ClickHouse",
		Example: `  voc demo                                  # everything embedded, on sample data
  echo '値段は高いけどサポートは最高です' | voc analyze --text
  voc config check --config voc.yaml && voc run --config voc.yaml`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       version(),
		PersistentPreRun: func(*cobra.Command, []string) {
			a.started = true
		},
	}
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w; see `%s --help`", err, c.CommandPath())
	})
	root.PersistentFlags().StringVar(&a.file, "config", "", "configuration file (YAML); VOC_* variables and flags win over it")
	root.PersistentFlags().StringArrayVar(&a.set, "set", nil, "set one setting, for example --set kafka.group=voc (repeatable)")
	root.AddCommand(
		a.actionsCommand(),
		a.alertsCommand(),
		a.analyzeCommand(),
		a.configCommand(),
		a.decisionsCommand(),
		a.demoCommand(),
		a.doctorCommand(),
		a.evalCommand(),
		a.explainCommand(),
		a.forgetCommand(),
		a.importCommand(),
		a.metricsCommand(),
		a.migrateCommand(),
		a.quarantineCommand(),
		a.queryCommand(),
		a.releaseCommand(),
		a.replayCommand(),
		a.reportCommand(),
		a.retagCommand(),
		a.runCommand(),
		a.serveCommand(),
		a.taxonomyCommand(),
	)
	return root
}

// loadConfig reads the configuration the flags and the environment ask for.
func (a *app) loadConfig() (config.Config, error) {
	c, err := config.Load(config.Source{File: a.file, Environ: a.environ, Set: a.set, Reserved: reservedEnv})
	if err != nil {
		return c, usageError{err}
	}
	return c, nil
}
