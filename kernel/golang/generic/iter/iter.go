// Package iter is the standard package of that name for an interpreter.
package iter

import (
	"iter"

	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// rtPull runs seq in a coroutine, up to the next call of its yield.
func rtPull(seq func(yield func() bool)) (resume func() bool, stop func()) { return rt.Pull(seq) }

// Pull returns the values of seq one by one.
func Pull[V any](seq iter.Seq[V]) (next func() (V, bool), stop func()) {
	var v V
	resume, stop := rtPull(func(yield func() bool) {
		seq(func(x V) bool {
			v = x
			return yield()
		})
	})
	return func() (V, bool) {
		var zero V
		if !resume() {
			return zero, false
		}
		x := v
		v = zero
		return x, true
	}, stop
}

// Pull2 returns the pairs of seq one by one.
func Pull2[K, V any](seq iter.Seq2[K, V]) (next func() (K, V, bool), stop func()) {
	var k K
	var v V
	resume, stop := rtPull(func(yield func() bool) {
		seq(func(x K, y V) bool {
			k, v = x, y
			return yield()
		})
	})
	return func() (K, V, bool) {
		var zeroK K
		var zeroV V
		if !resume() {
			return zeroK, zeroV, false
		}
		x, y := k, v
		k, v = zeroK, zeroV
		return x, y, true
	}, stop
}
