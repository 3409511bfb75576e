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
	c := crews.Get().(*crew)
	c.begin(n, f)
	for range workers(n) - 1 {
		c.wg.Add(1)
		go c.help()
	}
	c.work(0)
	c.wg.Wait()
	p := c.failure.Load()
	c.begin(0, nil)
	crews.Put(c)
	if p != nil {
		panic(*p)
	}
}

// parallelIfLong is parallel if all calls together take some time, on one
// processor about as many nanoseconds as given; otherwise it is a loop, as
// waking another processor takes 50,000.
func parallelIfLong(nanoseconds, n int, f func(worker, i int)) {
	if nanoseconds > 200_000 {
		parallel(n, f)
		return
	}
	for i := range n {
		f(0, i)
	}
}

// workers is the number of goroutines parallel uses for n calls.
func workers(n int) int { return max(1, min(runtime.GOMAXPROCS(0), n)) }

// crew is a call of parallel, made again and again so that a step of training
// allocates next to nothing.
type crew struct {
	n       int
	f       func(worker, i int)
	help    func() // what the other goroutines do
	helpers atomic.Int64
	next    atomic.Int64
	failure atomic.Pointer[any]
	wg      sync.WaitGroup
}

var crews = sync.Pool{New: func() any {
	c := new(crew)
	c.help = func() {
		defer c.wg.Done()
		c.work(int(c.helpers.Add(1)))
	}
	return c
}}

func (c *crew) begin(n int, f func(worker, i int)) {
	c.n, c.f = n, f
	c.helpers.Store(0)
	c.next.Store(0)
	c.failure.Store(nil)
}

// work calls f until there is nothing left to do or a call has failed.
func (c *crew) work(worker int) {
	defer func() {
		if p := recover(); p != nil {
			c.fail(p)
		}
	}()
	for i := int(c.next.Add(1)) - 1; i < c.n && c.failure.Load() == nil; i = int(c.next.Add(1)) - 1 {
		c.f(worker, i)
	}
}

func (c *crew) fail(p any) { c.failure.CompareAndSwap(nil, &p) }
