package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"voc/dashboards/web/auth"
)

func (a *app) serveUserCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "user",
		Short: "Say who may see the pages of which community",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	var communities []string
	var noPassword bool
	add := &cobra.Command{
		Use:   "add NAME",
		Short: "Add a user, or give one another password and other communities",
		Long: `Asks for the password, or reads it from the first line of standard input. The file serve.users_file keeps an argon2id
hash only. Sessions that began with an older password end at once.`,
		Example: `  voc serve user add sasaki --communities support,forum
  voc serve user add tanaka@example.jp --communities '*' --no-password   # for oidc or header`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			users, err := a.openUsers()
			if err != nil {
				return err
			}
			password := ""
			if !noPassword {
				if password, err = a.readPassword(); err != nil {
					return err
				}
			}
			if err := users.Set(args[0], password, communities); err != nil {
				return usageError{err}
			}
			fmt.Fprintf(a.out, "%s may see %s\n", args[0], strings.Join(communities, ", "))
			return nil
		},
	}
	add.Flags().StringSliceVar(&communities, "communities", []string{auth.Everything}, "communities the user may see, * = all")
	add.Flags().BoolVar(&noPassword, "no-password", false, "for people whom OpenID Connect or a proxy vouches for")
	remove := &cobra.Command{
		Use: "remove NAME", Short: "Remove a user, whose sessions end at once", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			users, err := a.openUsers()
			if err != nil {
				return err
			}
			return users.Remove(args[0])
		},
	}
	list := &cobra.Command{
		Use: "list", Short: "List the users with their communities", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			users, err := a.openUsers()
			if err != nil {
				return err
			}
			all, err := users.List()
			if err != nil {
				return err
			}
			t := newTable(a.out)
			t.AppendHeader([]any{"user", "communities", "password"})
			for _, u := range all {
				password := "yes"
				if u.Password == "" {
					password = "no"
				}
				t.AppendRow([]any{u.Name, strings.Join(u.Communities, ", "), password})
			}
			t.Render()
			return nil
		},
	}
	cmd.AddCommand(add, remove, list)
	return cmd
}

func (a *app) openUsers() (*auth.Users, error) {
	cfg, err := a.loadConfig()
	if err != nil {
		return nil, err
	}
	return auth.OpenUsers(cfg.Serve.UsersFile)
}

// readPassword asks twice on a terminal, which does not show it, and otherwise reads one line.
func (a *app) readPassword() (string, error) {
	f, ok := a.in.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		line, err := bufio.NewReader(a.in).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("cannot read the password: %w", err)
		}
		if line = strings.TrimRight(line, "\r\n"); line == "" {
			return "", usageError{errors.New("the password is empty; give it on the first line of standard input, or use --no-password")}
		}
		return line, nil
	}
	ask := func(prompt string) (string, error) {
		fmt.Fprint(a.err, prompt)
		defer fmt.Fprintln(a.err)
		b, err := term.ReadPassword(int(f.Fd()))
		return string(b), err
	}
	first, err := ask(fmt.Sprintf("Password (%d characters or more): ", auth.MinPassword))
	if err != nil {
		return "", fmt.Errorf("cannot read the password: %w", err)
	}
	second, err := ask("Again: ")
	if err != nil {
		return "", fmt.Errorf("cannot read the password: %w", err)
	}
	if first != second {
		return "", usageError{errors.New("the two passwords differ; nothing was changed")}
	}
	return first, nil
}
