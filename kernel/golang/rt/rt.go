// Package rt holds the compiled helpers that lowered cells call: they show
// values, start goroutines that cannot take the process down, and keep the
// order of what is printed.
package rt

import (
	"io"
	"maps"
	"os"
	"reflect"
	"strconv"
	"sync/atomic"
	"time"
)

// Runtime is the helpers of one session.
type Runtime struct {
	// Show receives the values of a trailing expression; id counts the shown
	// expressions of a cell.
	OnShow func(id int, values []any)
	// OnPanic receives a panic of a goroutine that a cell started.
	OnPanic func(value any)
	// OnMark receives the address of the mark of a function; see lower.Func.
	OnMark func(unit, n int, mark *int)
	// OnCatch takes what is known of a panic that was recovered, OnThrow receives
	// it back when the panic goes on.
	OnCatch func() *Panic
	OnThrow func(p *Panic)
	// OnWait returns a channel that is closed when the cell of this goroutine is
	// stopped.
	OnWait func() <-chan struct{}
	// OnGo is told of every goroutine that starts, and returns its owner.
	OnGo func() any
	// Stdout and Stderr return where the cell's text goes.
	Stdout, Stderr func() *os.File
	// Stdin returns what os.Stdin is where it is only read.
	Stdin func() io.Reader
	// PrintTo is where the built-in print functions write.
	PrintTo io.Writer

	// Types are the types of values in interfaces.
	Types *Types

	tasks     *tasks
	running   atomic.Int64
	deferring deferring
	ended     chan struct{} // receives whenever a goroutine ends and one waits
}

// New returns a runtime whose hooks are still to be set.
func New() *Runtime { return &Runtime{Types: &Types{}, ended: make(chan struct{}), tasks: newTasks()} }

// Exit is what os.Exit panics with in a cell.
type Exit struct{ Code int }

func (e Exit) Error() string { return "os.Exit(" + strconv.Itoa(e.Code) + ")" }

// Exports is the symbol table of the helpers.
func (r *Runtime) Exports() map[string]reflect.Value {
	table := map[string]reflect.Value{
		"Show":       reflect.ValueOf(r.show),
		"Go":         reflect.ValueOf(r.goroutine),
		"Defers":     reflect.ValueOf(r.defers),
		"Defer":      reflect.ValueOf((*Defers)(nil)),
		"Deferred":   reflect.ValueOf(r.deferred),
		"Undeferred": reflect.ValueOf(func() *Defers { return nil }),
		"NoPanic":    reflect.ValueOf(func() any { return nil }),
		"Die":        reflect.ValueOf(r.die),
		"Mark":       reflect.ValueOf(r.OnMark),
		"Clear":      reflect.ValueOf(clearValue),
		"Print":      reflect.ValueOf(r.print),
		"Println":    reflect.ValueOf(r.println),
		"Words":      reflect.ValueOf(words),
		"Stdin":      reflect.ValueOf(r.Stdin),
		"Stdout":     reflect.ValueOf(r.Stdout),
		"Stderr":     reflect.ValueOf(r.Stderr),
	}
	maps.Copy(table, r.Types.exports())
	return r.withFlow(table)
}

// Running returns how many goroutines that cells started are running.
func (r *Runtime) Running() int { return int(r.running.Load()) }

// settleTime is how long a cell waits for goroutines that it has just started.
const settleTime = 5 * time.Millisecond

// Settle returns when all goroutines have ended, or after a moment.
func (r *Runtime) Settle() {
	limit := time.After(settleTime)
	for r.running.Load() > 0 {
		select {
		case <-r.ended:
		case <-limit:
			return
		}
	}
}

// show hands on the values of a trailing expression.
func (r *Runtime) show(id int, values ...any) { r.OnShow(id, values) }

// goroutine runs f beside the cell. A panic is reported, not fatal.
func (r *Runtime) goroutine(f func()) {
	r.running.Add(1)
	owner := r.OnGo()
	go func() {
		defer r.goroutineEnded()
		defer r.Enter(GoroutineID(), owner)()
		defer func() {
			if v := recover(); v != nil && v != (Killed{}) {
				r.OnPanic(v)
			}
		}()
		f()
	}()
}

func (r *Runtime) goroutineEnded() {
	r.running.Add(-1)
	select {
	case r.ended <- struct{}{}:
	default:
	}
}

func clearValue(x any) {
	v := reflect.ValueOf(x)
	switch v.Kind() {
	case reflect.Map, reflect.Slice:
		v.Clear()
	}
}
