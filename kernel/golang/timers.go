package golang

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/gocrate/gocrate/kernel/golang/rt"
	"github.com/gocrate/gocrate/stdlib/display"
)

// timers knows whether a timer of the user's may still wake a goroutine.
type timers struct {
	lasting atomic.Bool  // one was made that can be set again
	until   atomic.Int64 // when the last of the others ends, in Unix nanoseconds
}

// pending reports whether a timer may be running.
func (t *timers) pending() bool {
	return t.lasting.Load() || time.Now().Add(-asleepTick).UnixNano() < t.until.Load()
}

// after notes a timer that ends after d.
func (t *timers) after(d time.Duration) {
	end := time.Now().Add(d).UnixNano()
	for old := t.until.Load(); end > old && !t.until.CompareAndSwap(old, end); old = t.until.Load() {
	}
}

// replaceTimers makes the functions that start timers tell of it.
func (s *Session) replaceTimers(set func(path, name string, f, original any)) {
	t := &s.timers
	lasting := func() { t.lasting.Store(true) }
	set("time", "After", func(d time.Duration) <-chan time.Time { t.after(d); return time.After(d) }, time.After)
	set("time", "Tick", func(d time.Duration) <-chan time.Time { lasting(); return time.Tick(d) }, time.Tick)
	set("time", "NewTimer", func(d time.Duration) *time.Timer { lasting(); return time.NewTimer(d) }, time.NewTimer)
	set("time", "NewTicker", func(d time.Duration) *time.Ticker { lasting(); return time.NewTicker(d) }, time.NewTicker)
	set("time", "AfterFunc", func(d time.Duration, f func()) *time.Timer {
		lasting()
		return time.AfterFunc(d, s.inGoroutine(f))
	}, time.AfterFunc)
	set("context", "WithTimeout", func(c context.Context, d time.Duration) (context.Context, context.CancelFunc) {
		t.after(d)
		return context.WithTimeout(c, d)
	}, context.WithTimeout)
	set("context", "WithDeadline", func(c context.Context, d time.Time) (context.Context, context.CancelFunc) {
		t.after(time.Until(d))
		return context.WithDeadline(c, d)
	}, context.WithDeadline)
	set("context", "WithTimeoutCause", func(c context.Context, d time.Duration, err error) (context.Context, context.CancelFunc) {
		t.after(d)
		return context.WithTimeoutCause(c, d, err)
	}, context.WithTimeoutCause)
	set("context", "WithDeadlineCause", func(c context.Context, d time.Time, err error) (context.Context, context.CancelFunc) {
		t.after(time.Until(d))
		return context.WithDeadlineCause(c, d, err)
	}, context.WithDeadlineCause)
	set("time", "Sleep", s.sleep, time.Sleep)
	set("github.com/gocrate/gocrate/stdlib/display", "Context", func() context.Context {
		s.owner().patient.Store(true)
		return display.Context()
	}, display.Context)
}

// sleep is time.Sleep, which a stopped cell does not wait for.
func (s *Session) sleep(d time.Duration) {
	if d <= time.Millisecond {
		time.Sleep(d)
		return
	}
	wake := time.NewTimer(d)
	defer wake.Stop()
	select {
	case <-wake.C:
	case <-s.owner().stop:
	}
}

// inGoroutine makes a function that a timer calls a goroutine of this cell.
func (s *Session) inGoroutine(f func()) func() {
	r := s.owner()
	return func() {
		defer s.rt.Enter(rt.GoroutineID(), r)()
		defer func() {
			if v := recover(); v != nil && v != (rt.Killed{}) {
				s.rt.OnPanic(v)
			}
		}()
		f()
	}
}
