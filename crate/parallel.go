package crate

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// parallel calls f(worker, i) for every i in 0…n−1 and returns when all calls
// have. Calls with the same worker, one of 0…workers(n)−1, never overlap: a
// worker can own buffers. Which worker gets which i is left to chance, so a
// result must depend on i alone; then it is the same on any number of
// processors. A panic of f reaches the caller of parallel.
func parallel(n int, f func(worker, i int)) {
	var next atomic.Int64
	var failure atomic.Pointer[any]
	run := func(worker int) {
		defer func() {
			if p := recover(); p != nil {
				failure.CompareAndSwap(nil, &p)
			}
		}()
		for i := int(next.Add(1)) - 1; i < n && failure.Load() == nil; i = int(next.Add(1)) - 1 {
			f(worker, i)
		}
	}
	var wg sync.WaitGroup
	for worker := 1; worker < workers(n); worker++ {
		wg.Go(func() { run(worker) })
	}
	run(0)
	wg.Wait()
	if p := failure.Load(); p != nil {
		panic(*p)
	}
}

// workers is the number of goroutines parallel uses for n calls.
func workers(n int) int { return max(1, min(runtime.GOMAXPROCS(0), n)) }
