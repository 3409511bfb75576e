package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/gocrate/gocrate/install"
)

func (p *program) labCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "lab [DIR] [-- JUPYTER-FLAGS]",
		Short: "Open JupyterLab with the kernel",
		Long: `Open JupyterLab in a directory, with this kernel known to it also where it is
not installed. What follows -- is handed on to jupyter lab.`,
		Example: `  gocrate lab
  gocrate lab notebooks -- --no-browser --port 8899`,
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, flags, err := labArgs(args, cmd.ArgsLenAtDash())
			if err != nil {
				return err
			}
			lab, err := p.host.LookPath("jupyter-lab")
			if err != nil {
				return errors.New("JupyterLab is not installed: python3 -m pip install jupyterlab (or activate the Python environment that has it)")
			}
			data, err := os.MkdirTemp("", "gocrate-lab-")
			if err != nil {
				return err
			}
			defer os.RemoveAll(data)
			return p.openLab(cmd, lab, data, append([]string{"--notebook-dir=" + dir}, flags...))
		},
	}
}

// labArgs divides the arguments into the directory and what is Jupyter's.
func labArgs(args []string, dash int) (dir string, flags []string, err error) {
	if dash < 0 {
		dash = len(args)
	}
	switch dash {
	case 0:
		return ".", args, nil
	case 1:
		return args[0], args[1:], nil
	}
	return "", nil, usageError(fmt.Sprintf("expected one directory, got %d; flags of jupyter lab come after --", dash))
}

// openLab runs JupyterLab until it ends. The kernelspec stands in data, which
// Jupyter searches first.
func (p *program) openLab(cmd *cobra.Command, lab, data string, flags []string) error {
	exe, err := p.lastingExecutable()
	if err != nil {
		return err
	}
	if _, err := install.Install(data, install.Spec{Executable: exe}); err != nil {
		return err
	}
	if os.Geteuid() == 0 {
		flags = append(flags, "--allow-root")
	}
	flags = append(flags, "--MultiKernelManager.default_kernel_name="+install.Name)
	c := exec.CommandContext(cmd.Context(), lab, flags...)
	c.Stdin, c.Stdout, c.Stderr = p.stdin, p.stdout, p.stderr
	path := data
	if more := p.host.Getenv("JUPYTER_PATH"); more != "" {
		path += string(filepath.ListSeparator) + more
	}
	c.Env = append(os.Environ(), "JUPYTER_PATH="+path)
	if err := c.Run(); err != nil {
		return fmt.Errorf("%s: %w", lab, err)
	}
	return nil
}
