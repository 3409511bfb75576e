package display

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
)

// Host is where a cell's words go. The engine that runs the cells sets one;
// its methods may be called from any goroutine, also after the cell has ended.
type Host interface {
	// Display shows b; b.ID names the place for later updates.
	Display(b Bundle)

	// Update replaces, wherever it was shown, the bundle that has b's ID.
	Update(b Bundle)

	// Clear removes what the cell has shown, at once or, if wait is true, when
	// something else is shown.
	Clear(wait bool)

	// Page shows b in the pager of a console once the cell has ended.
	Page(b Bundle)

	// NextInput gives a console the text of its next input, which may take the
	// place of the one that asks for it.
	NextInput(code string, replace bool)

	// Comm sends a message of a comm: kind is open, msg or close.
	Comm(kind, id, target string, m CommMessage)

	// Context ends when the running cell is interrupted.
	Context() context.Context

	// Source is the code of the running cell, as its author wrote it.
	Source() string

	// Input asks the user for a line; a password is not echoed.
	Input(prompt string, password bool) (string, error)
}

var current struct {
	sync.RWMutex
	host Host // nil outside a notebook
}

// SetHost makes h the place where everything is shown; nil stands for standard
// output.
func SetHost(h Host) {
	current.Lock()
	defer current.Unlock()
	current.host = h
}

// host returns where to show things now, and whether that is a notebook.
func host() (h Host, notebook bool) {
	current.RLock()
	defer current.RUnlock()
	if current.host == nil {
		return terminal, false
	}
	return current.host, true
}

// terminal shows plain text on standard output, whatever that is by then.
var terminal = &plainHost{
	out: func() io.Writer { return os.Stdout },
	in:  bufio.NewReader(os.Stdin),
}

// A plainHost stands in for a notebook where there is none.
type plainHost struct {
	mu  sync.Mutex
	out func() io.Writer
	in  *bufio.Reader
}

func (t *plainHost) Display(b Bundle) {
	t.mu.Lock()
	defer t.mu.Unlock()
	fmt.Fprintln(t.out(), strings.TrimSuffix(b.String(), "\n"))
}

// Update shows b below what it cannot replace.
func (t *plainHost) Update(b Bundle) { t.Display(b) }

// Clear does nothing: what is printed stays.
func (t *plainHost) Clear(bool) {}

// Page shows b: a terminal has no pager of ours.
func (t *plainHost) Page(b Bundle) { t.Display(b) }

// NextInput does nothing: nobody types code.
func (t *plainHost) NextInput(string, bool) {}

// Comm does nothing: nobody listens.
func (t *plainHost) Comm(kind, id, target string, m CommMessage) {}

func (t *plainHost) Context() context.Context { return context.Background() }

func (t *plainHost) Source() string { return "" }

func (t *plainHost) Input(prompt string, password bool) (string, error) {
	if password {
		return "", errors.New("display.Password: only a notebook can ask for a password without showing it")
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	fmt.Fprint(t.out(), prompt)
	line, err := t.in.ReadString('\n')
	if err != nil && line == "" {
		return "", fmt.Errorf("display.Input: reading standard input: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}
