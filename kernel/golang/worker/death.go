package worker

import (
	"fmt"
	"os"
	"path"
	"regexp"
	"strings"

	"github.com/gocrate/gocrate/kernel"
)

// ending is what is known of how a child ended.
type ending struct {
	state   *os.ProcessState
	reason  string // why the parent killed it, if it did
	failure error  // why the session could not be opened, if so
	stopped bool   // the client was closed
	stderr  string // the last of what it printed
	dump    string // what the Go runtime said, if it crashed
}

// unexpected reports whether the user should hear of it.
func (e ending) unexpected() bool { return !e.stopped }

// report says what happened as the author of a cell needs to know it.
func (e ending) report(restarted bool) *kernel.Error {
	if e.stopped {
		return &kernel.Error{Name: "WorkerDied", Value: "the session was closed", Traceback: []string{"The session was closed."}}
	}
	err := &kernel.Error{Name: "WorkerDied", Value: e.cause()}
	err.Traceback = append(err.Traceback, "WorkerDied: "+err.Value)
	if x := e.excerpt(); x != "" {
		err.Traceback = append(err.Traceback, x)
	}
	if restarted {
		err.Traceback = append(err.Traceback, "A fresh session was started. Variables and functions of earlier cells are gone: run the cells again.")
	} else {
		err.Traceback = append(err.Traceback, "The next cell will try to start a fresh session.")
	}
	return err
}

// notStarted says that there is no child.
func notStarted(err error) *kernel.Error {
	return &kernel.Error{Name: "WorkerDied", Value: err.Error(), Traceback: []string{"WorkerDied: " + err.Error()}}
}

// causes are crashes that have a plainer name than Go's.
var causes = []struct{ in, say string }{
	{"stack overflow", "runaway recursion"},
	{"goroutine stack exceeds", "runaway recursion"},
	{"concurrent map", "two goroutines used a map at the same time and at least one changed it; guard the map with a sync.Mutex"},
	{"out of memory", "the session ran out of memory"},
	{"cannot allocate memory", "the session ran out of memory"},
	{"all goroutines are asleep", "all goroutines wait for each other (deadlock)"},
}

// cause names the cause of death in one sentence.
func (e ending) cause() string {
	switch {
	case e.failure != nil:
		return "the session could not be opened: " + e.failure.Error()
	case e.reason != "":
		return e.reason
	}
	first := e.message()
	for _, c := range causes {
		if strings.Contains(first, c.in) {
			return c.say + recursing(c.say, e.crash())
		}
	}
	head, _, _ := strings.Cut(first, "\n")
	if text, ok := strings.CutPrefix(head, "panic: "); ok {
		return "a panic that nothing recovers, in a goroutine: " + text
	}
	if text, ok := strings.CutPrefix(head, "fatal error: "); ok {
		return "a fatal error of the Go runtime: " + text
	}
	switch {
	case e.state == nil:
		return "its process is gone"
	case e.state.Exited():
		return fmt.Sprintf("the code ended its process with exit status %d (os.Exit or log.Fatal)", e.state.ExitCode())
	case e.state.String() == "signal: killed":
		return "its process was killed from outside (signal: killed), perhaps by the system because memory ran out"
	}
	return "its process ended with " + e.state.String()
}

// recursing names the function that calls itself, if that is the cause.
func recursing(cause, dump string) string {
	if cause != "runaway recursion" {
		return ""
	}
	count := map[string]int{}
	most := ""
	for _, f := range frames(dump) {
		if count[f.name]++; count[f.name] > count[most] {
			most = f.name
		}
	}
	if count[most] <= repetitive {
		return ""
	}
	return ": " + most + " calls itself without end"
}

// crash returns what the Go runtime said, from its first line on.
func (e ending) crash() string {
	if e.dump != "" {
		return e.dump
	}
	if e.state != nil && e.state.Exited() && e.state.ExitCode() != 2 {
		return "" // Go exits with 2 when it crashes; what looks like a crash was printed by the code
	}
	if at := crash.FindStringIndex(e.stderr); at != nil {
		return e.stderr[at[0]:]
	}
	return ""
}

// message returns the first paragraph of a crash.
func (e ending) message() string {
	head, _, _ := strings.Cut(e.crash(), "\n\n")
	return head
}

const (
	excerptLines  = 8
	excerptFrames = 5
	excerptWidth  = 400
	repetitive    = 10 // occurrences of a function on a stack
)

// excerpt shortens a crash to its message and the user's innermost functions,
// and an ordinary death to the last lines of standard error.
func (e ending) excerpt() string {
	text := e.message()
	if text == "" {
		if e.reason != "" || e.failure != nil {
			return ""
		}
		return lastLines(e.stderr, excerptLines)
	}
	text = registers.ReplaceAllString(text, "")
	lines := strings.Split(text, "\n")
	lines = lines[:min(len(lines), excerptLines)]
	return clipLines(append(lines, places(frames(e.crash()))...))
}

// registers matches a line that only the authors of the Go runtime can read.
var registers = regexp.MustCompile(`(?m)^runtime: sp=.*\n`)

// places returns a line for each of the innermost functions on a stack; those
// that occur again and again are all there is to say of a stack.
func places(stack []frame) []string {
	count := map[string]int{}
	again := false
	for _, f := range stack {
		count[f.name]++
		again = again || count[f.name] > repetitive
	}
	var lines []string
	for _, f := range stack {
		if count[f.name] > 0 && (!again || count[f.name] > repetitive) && len(lines) < excerptFrames {
			lines = append(lines, "  in "+f.name+" ("+f.place+")")
		}
		count[f.name] = 0 // once is enough
	}
	return lines
}

// lastLines returns the last n lines of text, without those that are blank.
func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return clipLines(lines[max(0, len(lines)-n):])
}

// clipLines joins lines and shortens those that are too long to be read.
func clipLines(lines []string) string {
	for i, l := range lines {
		if len(l) > excerptWidth {
			lines[i] = strings.ToValidUTF8(l[:excerptWidth], "") + "…"
		}
	}
	return strings.Join(lines, "\n")
}

// frame is a function on the stack of a crash.
type frame struct{ name, place string }

// frameLines matches the two lines of a frame.
var frameLines = regexp.MustCompile(`(?m)^(\S+)\(.*\)\n\t(\S+:\d+)`)

// machinery matches functions that say nothing to a cell's author.
var machinery = regexp.MustCompile(`^((runtime|reflect|internal/[\w/]+|github\.com/traefik/yaegi/[\w/]+)\.|panic$)` +
	`|/kernel/golang/(engine\.|worker\.\(\*server\))`)

// frames returns the functions on the stack of the goroutine that crashed,
// innermost first.
func frames(dump string) []frame {
	if at := strings.Index(dump, "\ngoroutine "); at >= 0 {
		dump = dump[at+1:]
	}
	dump, _, _ = strings.Cut(dump, "\n\n")
	var out []frame
	for _, m := range frameLines.FindAllStringSubmatch(dump, -1) {
		if !machinery.MatchString(m[1]) {
			out = append(out, frame{path.Base(m[1]), path.Base(m[2])})
		}
	}
	return out
}
