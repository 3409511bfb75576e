package rt

import (
	"bytes"
	"runtime"
	"strconv"
	"strings"
)

// A goroutine's state is known to the run-time system alone, and told in its
// traces: a header such as "goroutine 18 [chan receive, 2 minutes]:" and the
// functions on the stack, innermost first.

// state is one goroutine of a trace.
type state struct {
	id    int64
	doing string   // running, runnable, select, sleep, …
	funcs []string // innermost first
	more  int      // functions that are left out
	by    string   // the function that started it
}

// maxTrace bounds how much is looked at, in bytes; a process with more
// goroutines than fit is left alone. Where a stack may overflow, more is looked
// at.
const (
	maxTrace     = 1 << 20
	maxDeepTrace = 1 << 26
)

// states returns all goroutines, or ok == false if there are too many.
func states() (all []state, ok bool) { return statesUpTo(maxTrace) }

func statesUpTo(limit int) (all []state, ok bool) {
	for size := 1 << 16; size <= limit; size *= 4 {
		buf := make([]byte, size)
		if n := runtime.Stack(buf, true); n < size {
			return parseStates(buf[:n]), true
		}
	}
	return nil, false
}

func parseStates(trace []byte) []state {
	var all []state
	for _, text := range bytes.Split(trace, []byte("\n\n")) {
		lines := strings.Split(string(text), "\n")
		id, rest, ok := strings.Cut(strings.TrimPrefix(lines[0], "goroutine "), " ")
		if !ok {
			continue
		}
		s := state{}
		s.id, _ = strconv.ParseInt(id, 10, 64)
		if i := strings.IndexByte(rest, '['); i >= 0 {
			s.doing, _, _ = strings.Cut(strings.TrimSuffix(rest[i+1:], "]:"), ",")
		}
		for _, line := range lines[1:] {
			switch name, started := strings.CutPrefix(line, "created by "); {
			case started:
				s.by, _, _ = strings.Cut(name, " in goroutine ")
			case strings.HasPrefix(line, "..."):
				count, _, _ := strings.Cut(line[3:], " ")
				s.more, _ = strconv.Atoi(count)
			case line != "" && line[0] != '\t':
				if i := strings.LastIndexByte(line, '('); i > 0 {
					s.funcs = append(s.funcs, line[:i])
				}
			}
		}
		all = append(all, s)
	}
	return all
}

const (
	interpreter = "github.com/traefik/yaegi/interp."
	closures    = "github.com/gocrate/gocrate/kernel/golang/closures."
)

// interpreted reports whether a goroutine runs code of the user.
func (s state) interpreted() bool {
	for _, f := range s.funcs {
		if strings.HasPrefix(f, interpreter) {
			return true
		}
	}
	return false
}

// inCompiled reports whether a goroutine waits, or runs code that is not the
// interpreter's.
func (s state) inCompiled() bool {
	if waiting[s.doing] {
		return true
	}
	for _, f := range s.funcs {
		pkg, _, _ := strings.Cut(f, ".")
		if pkg != "runtime" && pkg != "reflect" && pkg != "sync" && !strings.HasPrefix(f, "internal/") {
			return !strings.HasPrefix(f, interpreter) && !strings.HasPrefix(f, closures)
		}
	}
	return false
}

// Alone reports whether no other goroutine runs code of the user, and Quiet
// whether none does at this moment.
func (r *Runtime) Alone() bool {
	r.tasks.mu.Lock()
	defer r.tasks.mu.Unlock()
	n := len(r.tasks.all)
	return n == 0 || n == 1 && r.tasks.all[GoroutineID()] != nil
}

func (r *Runtime) Quiet() bool {
	if r.Alone() {
		return true
	}
	all, ok := states()
	if !ok {
		return false
	}
	me := GoroutineID()
	for _, s := range all {
		if s.id != me && !s.inCompiled() && s.interpreted() {
			return false
		}
	}
	return true
}

// Deepest returns the owner of the goroutine with the most functions on its
// stack, and how many these are; ok is false if there are too many goroutines.
func (r *Runtime) Deepest() (owner any, depth int, ok bool) {
	all, ok := statesUpTo(maxDeepTrace)
	r.tasks.mu.Lock()
	defer r.tasks.mu.Unlock()
	for _, s := range all {
		if n := len(s.funcs) + s.more; n > depth && r.tasks.all[s.id] != nil {
			owner, depth = r.tasks.all[s.id].owner, n
		}
	}
	return owner, depth, ok
}

// Asleep reports whether all goroutines that run code of the user, if there are
// any, wait for each other, so that none will ever go on: each waits in a channel
// operation or a lock of package sync that its own code called, and nothing else
// in the process could wake it. Pending timers are not seen here. Waiting says
// for what each waits, by the number of the goroutine.
func (r *Runtime) Asleep() (waiting map[int64]string, asleep bool) {
	all, ok := states()
	if !ok {
		return nil, false
	}
	waiting = map[int64]string{}
	for _, s := range all {
		switch {
		case s.doing == "coroutine": // goes on only when another one asks it to
		case s.interpreted():
			if !s.waits() {
				return nil, false
			}
			waiting[s.id] = s.operation()
		case !r.tasks.bystander(s):
			return nil, false
		}
	}
	return waiting, true
}

// waiting are the states of goroutines that wait for others.
var waiting = map[string]bool{
	"select": true, "select (no cases)": true,
	"chan receive": true, "chan receive (nil chan)": true, "chan send": true, "chan send (nil chan)": true,
	"semacquire": true, "sync.Mutex.Lock": true, "sync.RWMutex.Lock": true, "sync.RWMutex.RLock": true,
	"sync.WaitGroup.Wait": true, "sync.Cond.Wait": true,
}

// chooser runs select statements.
const chooser = "github.com/gocrate/gocrate/kernel/golang/rt.(*Runtime).choose"

// waits reports whether a goroutine waits for another one. What it called must
// be the operation itself: a compiled function that waits inside knows more.
func (s state) waits() bool {
	if !waiting[s.doing] {
		return false
	}
	for _, f := range s.funcs {
		pkg, _, _ := strings.Cut(f, ".")
		switch {
		case f == chooser:
		case pkg == "sync" || pkg == "internal/sync" || pkg == "runtime" || pkg == "reflect" || strings.HasPrefix(f, "internal/runtime/"):
		default:
			return strings.HasPrefix(f, interpreter) || strings.HasPrefix(f, closures)
		}
	}
	return false
}

// operation is what compiled code would wait in: the interpreter's channel
// operations wait for the end of the cell too, in a select statement.
func (s state) operation() string {
	for _, f := range s.funcs {
		switch name := strings.TrimPrefix(f, interpreter); {
		case name == f:
		case strings.HasPrefix(name, "recv"):
			return "chan receive"
		case strings.HasPrefix(name, "send"):
			return "chan send"
		default:
			return s.doing
		}
	}
	return s.doing
}

// bystander reports whether a goroutine that runs no code of the user has
// nothing to do with him: the process's own.
func (t *tasks) bystander(s state) bool {
	return t.before[s.id] || s.by == "" || strings.HasPrefix(s.by, "github.com/gocrate/gocrate/kernel") && !strings.HasPrefix(s.by, "github.com/gocrate/gocrate/kernel/golang/rt.") ||
		strings.HasPrefix(s.by, interpreter) || strings.HasPrefix(s.by, "runtime.") || strings.HasPrefix(s.by, "testing.") || strings.HasPrefix(s.by, "main.")
}
