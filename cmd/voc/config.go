package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"voc/cmd/internal/config"
)

func (a *app) configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Check or print the configuration",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	check := &cobra.Command{
		Use:     "check",
		Short:   "Load and validate the configuration without starting anything",
		Example: "  voc config check --config voc.yaml",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			c, err := a.loadConfig()
			if err != nil {
				return err
			}
			if err := checkFiles(c); err != nil {
				return err
			}
			fmt.Fprintln(a.out, "configuration ok")
			return nil
		},
	}
	var defaults bool
	dump := &cobra.Command{
		Use:   "dump",
		Short: "Print the configuration in force, secrets redacted",
		Example: `  voc config dump --config voc.yaml
  voc config dump --defaults > voc.yaml   # every setting with its meaning`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if defaults {
				return config.Default().Dump(a.out, true)
			}
			c, err := a.loadConfig()
			if err != nil {
				return err
			}
			return c.Dump(a.out, false)
		},
	}
	dump.Flags().BoolVar(&defaults, "defaults", false, "print the defaults with a comment on every setting")
	cmd.AddCommand(check, dump)
	return cmd
}

// checkFiles builds what the files named in the configuration describe, so that a check finds a broken one.
func checkFiles(c config.Config) error {
	_, err := newAnalyzer(c.Analyze)
	return err
}
