// Package magic is what the lines of a cell that begin with ! or % mean. They
// are short for calls of its functions, for those who know such lines from
// other kernels:
//
//	!ls -l               magic.Shell("ls -l")
//	%cd data             magic.Cd("data")
//	%pwd                 magic.Pwd()
//	%env NAME=VALUE      magic.Env("NAME=VALUE")
//	%time statement      magic.Start(); statement; magic.Stop()
//	%who                 magic.Who()
//	%reset               magic.Reset()
//	%help                magic.Help()
//	%%bash, %%sh         magic.Shell(the rest of the cell)
//	%%html, %%markdown, %%latex
//	%%writefile FILE     magic.WriteFile("FILE", the rest of the cell)
//	%%time               times the rest of the cell, which is Go
//
// What goes wrong ends the cell with an error.
package magic

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gocrate/gocrate/stdlib/display"
)

// Shell runs a command of the system's shell, or a script of several lines,
// and shows what it prints. The cell fails if the command does, and an
// interrupt of the cell stops it.
func Shell(command string) {
	ctx := display.Context()
	shell := []string{"sh", "-c"}
	if runtime.GOOS == "windows" {
		shell = []string{"cmd", "/C"}
	}
	c := exec.CommandContext(ctx, shell[0], append(shell[1:], command)...)
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	c.WaitDelay = time.Second // what the command has started may hold the streams open
	own(c)
	if err := c.Run(); err != nil && ctx.Err() == nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			panic(fmt.Errorf("the command ended with %v", exit.ProcessState))
		}
		panic(err)
	}
}

// Cd changes the directory of the session, to the home directory if none is
// given, and says where it is.
func Cd(dir ...string) {
	to := strings.Join(dir, "")
	if home, err := os.UserHomeDir(); err == nil && (to == "" || to == "~" || strings.HasPrefix(to, "~/")) {
		to = home + strings.TrimPrefix(to, "~")
	}
	check(os.Chdir(to))
	Pwd()
}

// Pwd says what the directory of the session is.
func Pwd() {
	dir, err := os.Getwd()
	check(err)
	fmt.Println(dir)
}

// Env sets a variable of the session's environment (NAME=VALUE), shows one
// (NAME), or without an argument all.
func Env(assignment ...string) {
	text := strings.Join(assignment, "")
	name, value, set := strings.Cut(text, "=")
	switch {
	case set:
		check(os.Setenv(strings.TrimSpace(name), strings.TrimSpace(value)))
	case text != "":
		fmt.Println(os.Getenv(text))
	default:
		all := os.Environ()
		slices.Sort(all)
		fmt.Println(strings.Join(all, "\n"))
	}
}

var clock struct {
	sync.Mutex
	started []time.Time
}

// Start begins to measure time, and Stop says how much has passed since the
// latest Start.
func Start() {
	clock.Lock()
	defer clock.Unlock()
	clock.started = append(clock.started, time.Now())
}

// Stop ends what [Start] began.
func Stop() {
	now := time.Now()
	clock.Lock()
	defer clock.Unlock()
	if n := len(clock.started); n > 0 {
		fmt.Printf("%v\n", round(now.Sub(clock.started[n-1])))
		clock.started = clock.started[:n-1]
	}
}

// round keeps three digits.
func round(d time.Duration) time.Duration {
	unit := time.Duration(1)
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit)
}

// HTML shows a page's text as it would look there.
func HTML(text string) { display.Show(display.HTML(text)) }

// Markdown shows formatted text.
func Markdown(text string) { display.Show(display.Markdown(text)) }

// Latex shows formulas.
func Latex(text string) { display.Show(display.Math(strings.TrimSpace(text))) }

// WriteFile writes a text into a file.
func WriteFile(name, text string) {
	if name == "" {
		panic(errors.New("%%writefile: expected the name of a file"))
	}
	check(os.WriteFile(name, []byte(text), 0o666))
	fmt.Printf("wrote %d bytes to %s\n", len(text), name)
}

// Variable is a name of the session, as [Who] lists it.
type Variable struct{ Name, Kind, Type, Cell string }

// Session is what [Who] and [Reset] need of the session.
type Session interface {
	Variables() []Variable
	Reset()
}

var session Session

// SetSession tells the package of whose cells it runs. It is for the engine.
func SetSession(s Session) { session = s }

// Who lists what the cells so far have declared.
func Who() {
	var list []Variable
	if session != nil {
		list = session.Variables()
	}
	if len(list) == 0 {
		fmt.Println("nothing is declared")
		return
	}
	slices.SortFunc(list, func(a, b Variable) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
	for _, v := range list {
		fmt.Printf("%-9s %-20s %s  (%s)\n", v.Kind, v.Name, v.Type, v.Cell)
	}
}

// Reset forgets all that the cells so far have declared. Goroutines go on, and
// what they use stays.
func Reset() {
	if session != nil {
		session.Reset()
	}
}

// Help says what there is besides Go.
func Help() { display.Page(display.Text(help)) }

const help = `Cells are Go: imports, declarations and statements in any order; the value of the
last expression is shown. Packages need no import line. Tab completes, Shift-Tab
explains. Beside Go there are:

    !command          runs a command of the shell
    %cd DIR  %pwd     changes, or shows, the directory
    %env NAME=VALUE   sets a variable of the environment; %env NAME shows it
    %time STATEMENT   says how long it takes; %%time, how long the cell takes
    %who              lists what is declared; %reset forgets it
    %%bash %%html %%markdown %%latex %%writefile FILE
                      take the rest of the cell as text

Each is short for a call of package magic.
`

func check(err error) {
	if err != nil {
		panic(err)
	}
}
