package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gocrate/gocrate/install"
)

// place is where a kernelspec goes.
type place struct {
	user, sysPrefix bool
	prefix          string
	name            string
}

// flags adds the flags of a place to a command.
func (pl *place) flags(c *cobra.Command) {
	c.Flags().BoolVar(&pl.user, "user", false, "in your own Jupyter directory (the default)")
	c.Flags().BoolVar(&pl.sysPrefix, "sys-prefix", false, "in the active Python environment (VIRTUAL_ENV or CONDA_PREFIX)")
	c.Flags().StringVar(&pl.prefix, "prefix", "", "below a Python `prefix` such as a virtual environment")
	c.Flags().StringVar(&pl.name, "name", install.Name, "`name` of the kernel")
	c.MarkFlagsMutuallyExclusive("user", "sys-prefix", "prefix")
}

// dataDir is the Jupyter data directory of the place.
func (pl *place) dataDir(host install.Host) (string, error) {
	prefix := pl.prefix
	if pl.sysPrefix {
		var err error
		if prefix, err = host.SysPrefix(); err != nil {
			return "", err
		}
	}
	if prefix == "" {
		return host.UserDir()
	}
	return filepath.Abs(install.PrefixDir(prefix))
}

func (p *program) installCommand() *cobra.Command {
	var at place
	var displayName string
	var env map[string]string
	c := &cobra.Command{
		Use:   "install",
		Short: "Make Jupyter know the kernel",
		Long: `Make Jupyter know the kernel: writes a small directory in which Jupyter finds
the path of this program. Where the program is moved, install it again.`,
		Example: `  gocrate install
  gocrate install --prefix .venv
  gocrate install --name go-next --display-name "Go (next)" --env GOMAXPROCS=1`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := at.dataDir(p.host)
			if err != nil {
				return err
			}
			exe, err := p.lastingExecutable()
			if err != nil {
				return err
			}
			spec, err := install.Install(dir, install.Spec{Name: at.name, DisplayName: displayName, Executable: exe, Env: env})
			if err != nil {
				return err
			}
			fmt.Fprintf(p.stdout, "Installed the kernel %s in %s\n", displayName, spec)
			fmt.Fprintf(p.stdout, "In VS Code, completion wants this setting: \"jupyter.completionTriggerCharacters\": {\"go\": [\".\"]}\n")
			return nil
		},
	}
	at.flags(c)
	c.Flags().StringToStringVar(&env, "env", nil, "`NAME=VALUE` of a variable for the kernel; may be given more than once")
	c.Flags().StringVar(&displayName, "display-name", install.DisplayName, "what Jupyter shows as the kernel's `name`")
	return c
}

// lastingExecutable is the path of this program, which must stay where it is.
func (p *program) lastingExecutable() (string, error) {
	exe, err := p.executable()
	if err != nil {
		return "", err
	}
	if strings.Contains(filepath.ToSlash(exe), "/go-build") {
		return "", errors.New("go run deletes the program when it ends, so Jupyter would not find it: build it first (make build)")
	}
	return exe, nil
}

func (p *program) uninstallCommand() *cobra.Command {
	var at place
	c := &cobra.Command{
		Use:   "uninstall",
		Short: "Make Jupyter forget the kernel",
		Example: `  gocrate uninstall
  gocrate uninstall --prefix .venv`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := at.dataDir(p.host)
			if err != nil {
				return err
			}
			spec, err := install.Uninstall(dir, at.name)
			if errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("no kernel named %s is installed in %s", at.name, dir)
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(p.stdout, "Removed %s\n", spec)
			return nil
		},
	}
	at.flags(c)
	return c
}
