package golang

import (
	"errors"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"time"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/golang/engine"
)

// Compiled Go ends the process where a stack overflows or all goroutines sleep.
// In a session these are errors of the cell, found by looking on from time to
// time while it runs. A cell pays nothing for it.

const (
	stackTick     = 10 * time.Millisecond
	asleepTick    = 100 * time.Millisecond
	asleepTickMax = 400 * time.Millisecond

	// stackLimit is how much the stacks may grow during a cell, in bytes: some
	// 300,000 nested calls. Far below maxStack, at which the process ends. A
	// program may come nearer to that, as a compiled one does.
	stackLimit        = 120 << 20
	programStackLimit = 400 << 20
	// goroutineStack is what a goroutine may have without being suspected.
	goroutineStack = 64 << 10
	// deep is how many functions an overflowing stack holds at least. Stacks of
	// goroutines that have ended can be as large as one that overflows.
	deep = 50000
)

// wreck is what ends a cell as it would end a compiled program.
type wreck struct {
	asleep    bool             // all goroutines; otherwise a stack overflows
	waiting   map[int64]string // what they wait in
	recursive []string         // the functions that fill the stack
}

func (w *wreck) Error() string {
	switch {
	case w.asleep && len(w.waiting) == 0:
		return "no goroutines (main called runtime.Goexit) - deadlock!"
	case w.asleep:
		return "all goroutines are asleep - deadlock!"
	}
	const overflow = "runtime error: stack overflow"
	switch last := len(w.recursive) - 1; {
	case last < 0:
		return overflow
	case last == 0:
		return overflow + ": " + w.recursive[0] + " calls itself without end"
	default:
		return overflow + ": " + strings.Join(w.recursive[:last], ", ") + " and " + w.recursive[last] + " call each other without end"
	}
}

// wreckedProgram words a wreck as the run-time system does. Of what it adds about
// the goroutines, there is the place in main that waits, or the functions that
// fill the stack.
func (s *Session) wreckedProgram(w *wreck, err error) error {
	e := &kernel.Error{Name: "panic", Value: w.Error()}
	if w.asleep {
		e.Traceback = []string{"fatal error: " + w.Error()}
		at := (*engine.Stopped)(nil)
		if main := s.engine.Reached("main"); errors.As(err, &at) && w.waiting[at.Goroutine] != "" && main.Line > 0 {
			e.Traceback = append(e.Traceback, "", "goroutine 1 ["+w.waiting[at.Goroutine]+"]:", "main.main(...)", "\t"+s.where(main))
		}
		return e
	}
	e.Traceback = []string{"runtime: goroutine stack exceeds 1000000000-byte limit", "fatal error: stack overflow", ""}
	for _, f := range w.recursive {
		e.Traceback = append(e.Traceback, "main."+f+"(...)")
	}
	return e
}

// watch looks on while r runs, until the function that it returns is called.
func (s *Session) watch(r *run) (stop func()) {
	quit := make(chan struct{})
	go func() {
		limit := stackBytes() + stackLimit
		if s.process {
			limit += programStackLimit - stackLimit
		}
		ticks := time.NewTicker(stackTick)
		defer ticks.Stop()
		next, every, asleep := time.Now().Add(asleepTick), asleepTick, false
		var cleared time.Time // of a suspicion, until then
		var restore func()
		defer func() {
			if restore != nil {
				restore()
			}
		}()
		for {
			select {
			case <-quit:
				return
			case <-ticks.C:
			}
			if stackBytes() > limit+int64(runtime.NumGoroutine())*goroutineStack && time.Now().After(cleared) {
				begin := time.Now()
				if s.overflows(r) {
					return
				}
				cleared = time.Now().Add(max(asleepTick, 10*time.Since(begin))) // looking stops everything
			}
			if time.Now().Before(next) {
				continue
			}
			if restore == nil {
				restore = relaxCollector()
			}
			was := asleep
			var waiting map[int64]string
			if asleep = !r.patient.Load() && !s.timers.pending(); asleep {
				waiting, asleep = s.rt.Asleep()
				asleep = asleep && (len(waiting) > 0 || r.exited.Load())
			}
			if asleep && was {
				r.cancel(&wreck{asleep: true, waiting: waiting})
				return
			}
			if !asleep {
				every = min(every*3/2, asleepTickMax)
			}
			next = time.Now().Add(every)
		}
	}()
	return func() { close(quit) }
}

// overflows ends r if the stack that has become too large is one of its own. The
// interpreter cannot stop it without all others that run.
func (s *Session) overflows(r *run) bool {
	others := s.others(r)
	owner, depth, known := s.rt.Deepest()
	if known && depth < deep || len(others) > 0 && owner != r {
		return false
	}
	r.cancel(&wreck{recursive: s.recursive()})
	for _, other := range others {
		other.cancel(errBeside)
	}
	return true
}

// errBeside ends a cell for another's sake.
var errBeside = errors.New("the cell was stopped with one beside it, whose stack overflowed; variables keep their values")

// recursive returns the functions that are being called at this moment, which
// are those that fill the stack. The stack may be on its way to a larger place.
func (s *Session) recursive() (names []string) {
	s.engine.ClearMarks()
	s.machine.Note()
	for range 400 {
		time.Sleep(time.Millisecond)
		if stackBytes() > maxStack/8*7 {
			break
		}
		seen := len(names)
		if names = append(s.engine.Recursive(), s.machine.Noted()...); seen > 0 && len(names) == seen {
			break
		}
	}
	return names
}

// stackBytes is the size of all stacks.
func stackBytes() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// wreckError words a wreck.
func (s *Session) wreckError(w *wreck, err error) error {
	if !w.asleep {
		debug.FreeOSMemory() // the next cell starts with small stacks
		return &kernel.Error{Name: "panic", Value: w.Error(), Traceback: []string{red("panic: ") + w.Error()}}
	}
	e := &kernel.Error{Name: "fatal error", Value: w.Error(), Traceback: []string{red("fatal error: ") + w.Error()}}
	if at := (*engine.Stopped)(nil); errors.As(err, &at) && at.Line > 0 {
		src := s.sources.get(at.Cell)
		e.Traceback = append(e.Traceback, bold(src.name+":"+strconv.Itoa(at.Line)), src.excerpt(at.Line))
	}
	return e
}
