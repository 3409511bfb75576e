package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"unicode"

	"github.com/reeflective/readline"
	"github.com/spf13/cobra"

	"github.com/gocrate/gocrate/kernel"
)

func (p *program) replCommand() *cobra.Command {
	var figures, historyFile string
	c := &cobra.Command{
		Use:   "repl",
		Short: "Run cells typed in the terminal",
		Long: `Run cells typed in the terminal. Enter runs a cell that is complete and goes on
with one that is not; Tab completes; the arrows find earlier cells, also those
of other sessions; Ctrl-C stops a cell and Ctrl-D ends. Figures become files,
whose names are shown. Without a terminal the cells are read from the standard
input, and the first error ends the session.`,
		Example: `  gocrate repl
  gocrate repl --figures out
  echo '1 + 1' | gocrate repl`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			lang, err := p.startWorker()
			if err != nil {
				return err
			}
			defer lang.Close()
			s := &repl{p: p, lang: lang, out: newScriptOutput(p, figures)}
			if !isTerminal(p.stdout) || !isTerminalFile(p.stdin) {
				return s.read(cmd.Context())
			}
			past, end := openHistory(historyFile)
			defer end()
			return s.converse(cmd.Context(), past)
		},
	}
	c.Flags().StringVar(&figures, "figures", "figures", "the `directory` for figures, made when there is one")
	historyFlag(c, &historyFile)
	return c
}

// repl is a session in the terminal.
type repl struct {
	p     *program
	lang  kernel.Language
	out   *scriptOutput
	count int
}

// run runs a cell, which Ctrl-C stops.
func (s *repl) run(ctx context.Context, code string) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	s.count++
	err := s.lang.Execute(ctx, kernel.Cell{Code: code, Number: s.count, AllowStdin: true}, s.out)
	return errors.Join(err, s.out.err())
}

// read runs cells that nobody types, until the first that fails.
func (s *repl) read(ctx context.Context) error {
	in := s.out.stdin // which the cells read too
	for {
		code, err := s.nextCell(ctx, in)
		if strings.TrimSpace(code) != "" {
			if failed := s.run(ctx, code); failed != nil {
				return s.p.scriptError("-", failed)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// nextCell reads lines until they are a whole cell.
func (s *repl) nextCell(ctx context.Context, in *bufio.Reader) (string, error) {
	var code strings.Builder
	for {
		line, err := in.ReadString('\n')
		code.WriteString(line)
		if err != nil || s.isComplete(ctx, code.String()) {
			return code.String(), err
		}
	}
}

// isComplete reports whether code is to be run; what is wrong is too, so that
// its author sees why.
func (s *repl) isComplete(ctx context.Context, code string) bool {
	found, err := s.lang.IsComplete(ctx, code)
	return err != nil || found.Status != "incomplete"
}

// converse runs the cells that somebody types, until Ctrl-D.
func (s *repl) converse(ctx context.Context, past *kernel.History) error {
	fmt.Fprintf(s.p.stdout, "%s\n%%help says what there is; Ctrl-D ends.\n", s.lang.Info().Banner)
	shell := s.shell(ctx, past)
	for {
		code, err := shell.Readline()
		switch {
		case errors.Is(err, readline.ErrInterrupt):
			continue
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if strings.TrimSpace(code) == "" {
			continue
		}
		failed := s.run(ctx, code)
		past.Add(s.count, code, nil)
		var failure *kernel.Error
		switch {
		case errors.As(failed, &failure):
			s.p.printTraceback(failure)
		case failed != nil:
			fmt.Fprintln(s.p.stderr, failed)
		}
	}
}

// shell is the line editor.
func (s *repl) shell(ctx context.Context, past *kernel.History) *readline.Shell {
	shell := readline.NewShell()
	shell.Prompt.Primary(func() string { return fmt.Sprintf("In[%d]: ", s.count+1) })
	shell.Prompt.Secondary(func() string { return "...  " })
	shell.AcceptMultiline = func(line []rune) bool { return s.isComplete(ctx, string(line)) }
	shell.Completer = func(line []rune, cursor int) readline.Completions { return s.complete(ctx, line, cursor) }
	shell.History.Add("cells", &recall{past, pastInputs(past)})
	return shell
}

// complete offers what can stand at the cursor. The editor replaces the text
// since the last blank, so that is part of what it is given.
func (s *repl) complete(ctx context.Context, line []rune, cursor int) readline.Completions {
	found, err := s.lang.Complete(ctx, string(line), cursor)
	if err != nil || found.Start > cursor {
		return readline.CompleteMessage("no completion")
	}
	word := cursor
	for word > 0 && !unicode.IsSpace(line[word-1]) {
		word--
	}
	before := string(line[word:max(word, found.Start)])
	candidates := make([]readline.Completion, len(found.Matches))
	for i, m := range found.Matches {
		candidates[i] = readline.Completion{Value: before + m.Text, Display: m.Text, Description: m.Signature}
	}
	c := readline.CompleteRaw(candidates).NoSpace()
	c.PREFIX = string(line[word:cursor])
	return c
}

// recall lets the editor find the cells of this and earlier sessions.
type recall struct {
	past  *kernel.History
	cells []string
}

// pastInputs is the code of all cells, oldest first.
func pastInputs(past *kernel.History) []string {
	const many = 1000
	var cells []string
	for _, e := range past.Tail(many) {
		cells = append(cells, e.Input)
	}
	return cells
}

func (r *recall) Write(cell string) (int, error) {
	r.cells = append(r.cells, cell)
	return len(r.cells), nil
}

func (r *recall) GetLine(i int) (string, error) {
	if i < 0 || i >= len(r.cells) {
		return "", fmt.Errorf("there is no cell %d in the history of %d", i, len(r.cells))
	}
	return r.cells[i], nil
}

func (r *recall) Len() int  { return len(r.cells) }
func (r *recall) Dump() any { return r.cells }
