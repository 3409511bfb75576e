package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/gocrate/gocrate/install"
	"github.com/gocrate/gocrate/internal/mathtext"
	"github.com/gocrate/gocrate/internal/notebook"
	"github.com/gocrate/gocrate/internal/notebook/page"
	"github.com/gocrate/gocrate/kernel"
)

// runFlags are the flags of gocrate run.
type runFlags struct {
	html, out  string
	parameters []string
	figures    string
}

func (p *program) runCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "run [flags] FILE [arguments]",
		Short: "Run a notebook, a script or a program",
		Long: `Run a notebook (.ipynb) from top to bottom, or a script: loose cells with lines
"// %%" between them. FILE may be - for a script from standard input. What the
cells print goes to standard output, progress to standard error. The first
error ends the run, with exit status 1.

A FILE with a package clause is a whole Go program. It behaves as go run would
have it: several .go files, or a directory, make one program; packages of the
module around it can be imported; it reads the standard input, and its exit
status is gocrate's (2 after a panic).

The cells of a notebook find files beside it, wherever it is run from. Flags
may also stand behind its name; behind a script's name stand its own arguments.`,
		Example: `  gocrate run lesson.ipynb --html lesson.html
  gocrate run lesson.ipynb -p epochs=5 -p rate=3e-4 --out executed.ipynb
  gocrate run --figures figures sketch.go
  gocrate run . -verbose
  echo 'fmt.Println(math.Sqrt(2))' | gocrate run -`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, rest := args[0], args[1:]
			if filepath.Ext(file) != ".ipynb" {
				return p.runScript(cmd.Context(), file, rest, f)
			}
			if err := parseMore(cmd, rest); err != nil {
				return err
			}
			return p.runNotebook(cmd.Context(), file, f)
		},
	}
	c.Flags().SetInterspersed(false)
	c.Flags().StringVar(&f.html, "html", "", "write the executed notebook as one HTML page to `file`")
	c.Flags().StringVar(&f.out, "out", "", "write the executed notebook to `file`")
	c.Flags().StringArrayVarP(&f.parameters, "parameter", "p", nil, "give a variable of the cell tagged \"parameters\" a value: `name=value`")
	c.Flags().StringVar(&f.figures, "figures", "", "write the figures of a script into `directory`")
	return c
}

// parseMore parses the flags behind the name of a notebook.
func parseMore(cmd *cobra.Command, args []string) error {
	flags := cmd.Flags()
	flags.SetInterspersed(true)
	if err := flags.Parse(args); err != nil {
		return usageError(err.Error())
	}
	if flags.NArg() > 0 {
		return usageError(fmt.Sprintf("a notebook takes no arguments, found %q: use -p name=value", flags.Arg(0)))
	}
	return nil
}

func (p *program) runNotebook(ctx context.Context, file string, f runFlags) error {
	if f.figures != "" {
		return usageError("--figures is for scripts: a notebook's figures are in its page (--html)")
	}
	nb, err := notebook.ReadFile(file)
	if err != nil {
		return err
	}
	if err := nb.SetParameters(f.parameters); err != nil {
		return usageError(fmt.Sprintf("%s: %v", file, err))
	}
	runErr := p.execute(ctx, nb, filepath.Dir(file))
	return errors.Join(runErr, p.writeResults(nb, file, f))
}

// execute runs the cells of nb in the directory of its file, where Jupyter runs
// them too. The text of a cell's error goes to stderr.
func (p *program) execute(ctx context.Context, nb *notebook.Notebook, dir string) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	leave, err := enter(dir)
	if err != nil {
		return err
	}
	defer leave()
	lang, err := p.startWorker()
	if err != nil {
		return err
	}
	defer lang.Close()
	err = notebook.Execute(ctx, nb, lang, notebook.NewConsole(p.stdout, p.stderr, terminalWidth(p.stderr)))
	nb.SetKernel(install.Name, install.DisplayName, lang.Info())
	if failure := new(kernel.Error); errors.As(err, &failure) {
		p.printTraceback(failure)
	}
	return err
}

// enter makes dir the working directory until the function it returns is called.
func enter(dir string) (leave func(), err error) {
	before, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	return func() { os.Chdir(before) }, os.Chdir(dir)
}

// writeResults writes what the flags ask for, also after a failed run.
func (p *program) writeResults(nb *notebook.Notebook, file string, f runFlags) error {
	if f.out != "" {
		if err := nb.WriteFile(f.out); err != nil {
			return err
		}
		fmt.Fprintf(p.stderr, "The executed notebook: %s\n", f.out)
	}
	if f.html == "" {
		return nil
	}
	err := notebook.WriteFileFunc(f.html, func(w io.Writer) error {
		return page.Write(w, nb, page.Options{Title: filepath.Base(file), Dir: filepath.Dir(file), Math: mathtext.MathML})
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stderr, "The page to read: %s\n", f.html)
	return nil
}

var colour = regexp.MustCompile("\x1b\\[[0-9;]*m")

// printTraceback prints an error as the cell's author reads it, in colour only
// on a terminal.
func (p *program) printTraceback(err *kernel.Error) {
	text := err.Text()
	if !isTerminal(p.stderr) {
		text = colour.ReplaceAllString(text, "")
	}
	if text != "" {
		fmt.Fprintf(p.stderr, "\n%s\n\n", text)
	}
}
