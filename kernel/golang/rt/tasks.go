package rt

import (
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/petermattis/goid"
)

// tasks are the goroutines that run code of the user: those in which cells run,
// and those that cells start. Each belongs to the run of a cell, its owner.
type tasks struct {
	before map[int64]bool // goroutines that were there before the session

	mu    sync.Mutex
	all   map[int64]*task // by the number of the goroutine
	ended chan struct{}   // closed when the next one ends
	// owner is that of goroutines without one; alone says that all tasks are
	// its own.
	owner any
	alone atomic.Bool
	// Dead are the owners whose goroutines are to end. Doomed is true as long as
	// there are such goroutines: lowered code looks at it when it comes back from
	// compiled code.
	dead   map[any]bool
	doomed *bool
}

type task struct{ owner any }

// Killed is what a goroutine of a stopped cell panics with when it comes back
// from compiled code. No deferred function of the user's sees it.
type Killed struct{}

func (Killed) Error() string { return "the cell was stopped" }

func newTasks() *tasks {
	t := &tasks{all: map[int64]*task{}, before: map[int64]bool{}, ended: make(chan struct{}), dead: map[any]bool{}, doomed: new(bool)}
	there, _ := states()
	for _, s := range there {
		t.before[s.id] = true
	}
	return t
}

// Enter says that the goroutine of this number runs code of owner's until the
// function that it returns is called.
func (r *Runtime) Enter(id int64, owner any) (leave func()) {
	t := r.tasks
	t.mu.Lock()
	defer t.mu.Unlock()
	outer := t.all[id]
	t.all[id] = &task{owner: owner}
	t.changed()
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if outer != nil {
			t.all[id] = outer
		} else {
			delete(t.all, id)
		}
		t.changed()
		close(t.ended)
		t.ended = make(chan struct{})
	}
}

// Begin says who owns goroutines that have no owner of their own.
func (r *Runtime) Begin(owner any) {
	r.tasks.mu.Lock()
	defer r.tasks.mu.Unlock()
	r.tasks.owner = owner
	r.tasks.changed()
}

// Owner returns the owner of this goroutine, or that of Begin if it has none. It
// is quick as long as only the latter has goroutines.
func (r *Runtime) Owner() any {
	t := r.tasks
	alone := t.alone.Load()
	id := int64(0)
	if !alone {
		id = GoroutineID()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if k := t.all[id]; k != nil {
		return k.owner
	}
	return t.owner
}

// changed is called with the lock held.
func (t *tasks) changed() {
	alone := true
	for _, k := range t.all {
		alone = alone && k.owner == t.owner
	}
	t.alone.Store(alone)
	t.setDoomed()
}

// Undisturbed calls f, which must be quick, if no goroutine runs code of the
// user's, and lets none begin before f has returned. It reports whether it did.
func (r *Runtime) Undisturbed(f func()) bool {
	t := r.tasks
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range t.all {
		if !t.dead[k.owner] {
			return false
		}
	}
	f()
	return true
}

// Doom makes the goroutines of owner end when they come back from compiled code.
func (r *Runtime) Doom(owner any) {
	t := r.tasks
	t.mu.Lock()
	defer t.mu.Unlock()
	t.dead[owner] = true
	t.setDoomed()
}

// Kill waits for the doomed goroutines to end, which interpret nothing any more,
// except for those that compiled code keeps. What is interpreted ends by itself,
// however long it must wait for a processor.
func (r *Runtime) Kill() {
	t := r.tasks
	for look, limit := killLook, time.Now().Add(killLimit); ; look *= 2 {
		if t.await(look) || time.Now().After(limit) || t.inCompiled() {
			return
		}
	}
}

const (
	killLook  = 20 * time.Millisecond
	killLimit = 5 * time.Second
)

// await waits for the doomed goroutines to end, and reports whether they did.
func (t *tasks) await(d time.Duration) bool {
	limit := time.After(d)
	for {
		t.mu.Lock()
		left, ended := *t.doomed, t.ended
		t.mu.Unlock()
		if !left {
			return true
		}
		select {
		case <-ended:
		case <-limit:
			return false
		}
	}
}

// inCompiled reports whether all doomed goroutines are in compiled code.
func (t *tasks) inCompiled() bool {
	all, ok := states()
	if !ok {
		return true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range all {
		if k := t.all[s.id]; k != nil && t.dead[k.owner] && !s.inCompiled() {
			return false
		}
	}
	return true
}

// setDoomed is called with the lock held. Lowered code reads the variable
// without it: a goroutine that was doomed has waited since, and others lose
// nothing by looking once too often.
//
//go:norace
func (t *tasks) setDoomed() {
	if len(t.dead) == 0 {
		*t.doomed = false
		return
	}
	left := map[any]bool{}
	for _, k := range t.all {
		if t.dead[k.owner] {
			left[k.owner] = true
		}
	}
	t.dead = left
	*t.doomed = len(left) > 0
}

// Doomed sets the variable that lowered code looks at.
func (r *Runtime) Doomed(p *bool) { r.tasks.doomed = p }

// die ends this goroutine if its cell was stopped.
func (r *Runtime) die() {
	if r.tasks.isDead(GoroutineID()) {
		panic(Killed{})
	}
}

func (t *tasks) isDead(id int64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	k := t.all[id]
	return k != nil && t.dead[k.owner]
}

// GoroutineID returns the number of this goroutine.
func GoroutineID() int64 {
	if knowsID {
		return goid.Get()
	}
	return tracedID()
}

// knowsID says that package goid knows this version of the run-time system, which
// has no function for it.
var knowsID = goid.Get() == tracedID()

// tracedID is the number in a trace, which takes the longer the deeper the stack.
func tracedID() int64 {
	var buf [64]byte
	text := strings.TrimPrefix(string(buf[:runtime.Stack(buf[:], false)]), "goroutine ")
	text, _, _ = strings.Cut(text, " ")
	id, _ := strconv.ParseInt(text, 10, 64)
	return id
}
