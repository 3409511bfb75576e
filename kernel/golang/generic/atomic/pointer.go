// Package atomic is the generic part of the standard package sync/atomic.
package atomic

import "sync"

// Pointer is a pointer that goroutines share. The interpreter cannot hold
// types that contain each other, so the pointer has no type here.
type Pointer[T any] struct {
	mu sync.Mutex
	p  any // nil or a *T that is not nil
}

// Load returns the pointer.
func (x *Pointer[T]) Load() *T {
	x.mu.Lock()
	p := x.p
	x.mu.Unlock()
	if p == nil {
		return nil
	}
	return p.(*T)
}

// Store replaces the pointer.
func (x *Pointer[T]) Store(val *T) { x.Swap(val) }

// Swap replaces the pointer and returns the old one.
func (x *Pointer[T]) Swap(new *T) (old *T) {
	var val any
	if new != nil {
		val = new
	}
	x.mu.Lock()
	p := x.p
	x.p = val
	x.mu.Unlock()
	if p == nil {
		return nil
	}
	return p.(*T)
}

// CompareAndSwap replaces the pointer if it is old.
func (x *Pointer[T]) CompareAndSwap(old, new *T) (swapped bool) {
	var val any
	if new != nil {
		val = new
	}
	x.mu.Lock()
	var p *T
	if x.p != nil {
		p = x.p.(*T)
	}
	swapped = p == old
	if swapped {
		x.p = val
	}
	x.mu.Unlock()
	return swapped
}
