package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/gocrate/gocrate/install"
	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/golang"
	"github.com/gocrate/gocrate/kernel/golang/load"
)

// Exit statuses.
const (
	ok     = 0
	failed = 1 // a notebook, a script or the machine said no
	misuse = 2 // the command line makes no sense
)

// program is what the commands work with.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	host           install.Host
	executable     func() (string, error) // the path of gocrate

	// worker starts Go in a process of its own, which may die without harm;
	// session starts it in this one, with its standard input.
	worker  func(executable string) kernel.Language
	session func() (kernel.Language, error)

	// wholeProgram runs a program with the standard streams of this process.
	wholeProgram func(ctx context.Context, prog *load.Program, out kernel.Output) error
}

func newProgram() *program {
	return &program{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		host: install.ThisHost(), executable: os.Executable,
		worker: newWorker, session: newSession, wholeProgram: golang.RunProgram,
	}
}

// run executes a command line and returns the exit status.
func run(ctx context.Context, p *program, args []string) int {
	began := false
	root := p.root(&began)
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return ok
	}
	if status := exitStatus(0); errors.As(err, &status) {
		return int(status)
	}
	fmt.Fprintf(p.stderr, "%s: %v\n", cmd.CommandPath(), err)
	if began && !errors.As(err, new(usageError)) {
		return failed
	}
	fmt.Fprintf(p.stderr, "See %s --help.\n", cmd.CommandPath())
	return misuse
}

// usageError is a mistake in the command line that cobra does not see.
type usageError string

func (e usageError) Error() string { return string(e) }

// root builds the commands. Began is set as soon as one of them runs: all
// errors before are cobra's, about the command line.
func (p *program) root(began *bool) *cobra.Command {
	root := &cobra.Command{
		Use:   "gocrate",
		Short: "Go in Jupyter, made for reading transformers",
		Long: `Gocrate runs Go in notebooks: as a Jupyter kernel, or on its own.
Packages crate, plots, datasets, display, Go's standard library and gonum are
there without an import line.`,
		Example: `  gocrate install                          # then choose Go (gocrate) in Jupyter
  gocrate run lesson.ipynb --html out.html # a notebook, no Jupyter needed
  gocrate run program.go                   # a script`,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		Args:              cobra.NoArgs,
		RunE:              func(cmd *cobra.Command, args []string) error { return cmd.Help() },
	}
	root.AddCommand(p.runCommand(), p.replCommand(), p.labCommand(), p.kernelCommand(), p.installCommand(), p.uninstallCommand(),
		p.doctorCommand(), p.versionCommand(), p.workerCommand())
	for _, c := range root.Commands() {
		runE := c.RunE
		c.RunE = func(cmd *cobra.Command, args []string) error {
			*began = true
			return runE(cmd, args)
		}
	}
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	return root
}

// startWorker starts Go in a process of its own.
func (p *program) startWorker() (kernel.Language, error) {
	exe, err := p.executable()
	if err != nil {
		return nil, err
	}
	return p.worker(exe), nil
}

// isTerminalFile reports whether a person types what is read from r.
func isTerminalFile(r io.Reader) bool {
	f, ok := r.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// isTerminal reports whether a person reads what is written to w.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// terminalWidth is how many characters fit on a line of the terminal behind w,
// 0 if there is none.
func terminalWidth(w io.Writer) int {
	if !isTerminal(w) {
		return 0
	}
	width, _, err := term.GetSize(int(w.(*os.File).Fd()))
	if err != nil || width == 0 {
		return 80
	}
	return width
}
