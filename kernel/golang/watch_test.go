package golang_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/gocrate/gocrate/kernel"
)

// TestDeadlock ends cells in which nothing can ever go on.
func TestDeadlock(t *testing.T) {
	n := newNotebook(t)
	n.value("var mu sync.Mutex\nch := make(chan int)\nfunc receive() int { return <-ch }\nfunc lock(m *sync.Mutex) { m.Lock() }\nkeep := func() int { return 3 }")
	for _, code := range []string{
		"<-ch",
		"x := 1\nch <- x",
		"select {}",
		"var none chan int\n<-none",
		"for v := range ch { _ = v }",
		"receive()",
		"var wg sync.WaitGroup\nwg.Add(1)\nwg.Wait()",
		"mu.Lock()\nmu.Lock()",
		"var m sync.Mutex\nm.Lock()\nlock(&m)",
		"done := make(chan bool)\ngo func() { ch <- 1 }()\n<-done",
		"select {\ncase <-ch:\ncase ch <- 1:\n}",
		"c := sync.NewCond(&sync.Mutex{})\nc.L.Lock()\nc.Wait()",
		"func() { defer func() { recover() }(); <-ch }()",
	} {
		t0 := time.Now()
		_, err := n.run(code)
		var e *kernel.Error
		if !errors.As(err, &e) || e.Error() != "fatal error: all goroutines are asleep - deadlock!" {
			t.Errorf("%s: %v", code, err)
		} else if !strings.Contains(e.Text(), "----> ") {
			t.Errorf("%s: no line in %s", code, e.Text())
		}
		if took := time.Since(t0); took > 2*time.Second {
			t.Errorf("%s: found after %v", code, took)
		}
		if got := n.value("keep()"); got != "3" {
			t.Fatalf("%s: afterwards a closure returns %s", code, got)
		}
	}
}

// TestNoDeadlock runs cells that wait long for what does come.
func TestNoDeadlock(t *testing.T) {
	const wait = "800 * time.Millisecond" // several looks
	for _, code := range []string{
		"<-time.After(" + wait + ")",
		"time.Sleep(" + wait + ")",
		"<-time.NewTimer(" + wait + ").C",
		"c := make(chan int)\ngo func() { time.Sleep(" + wait + "); c <- 1 }()\n<-c",
		"c := make(chan int)\ntime.AfterFunc(" + wait + ", func() { c <- 1 })\n<-c",
		"ctx, cancel := context.WithTimeout(context.Background(), " + wait + ")\ndefer cancel()\n<-ctx.Done()",
		"var wg sync.WaitGroup\nwg.Add(1)\ngo func() { for t := time.Now(); time.Since(t) < " + wait + "; {}; wg.Done() }()\nwg.Wait()",
		"c := time.Tick(" + wait + ")\n<-c",
		"exec.Command(\"sleep\", \"0.8\").Run()",
		"r, w := io.Pipe()\ngo func() { time.Sleep(" + wait + "); w.Close() }()\nio.ReadAll(r)",
	} {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			if _, err := newNotebook(t).run(code); err != nil {
				t.Errorf("%s: %v", code, err)
			}
		})
	}
}

// TestWokenByEarlierCell waits for a goroutine of another cell.
func TestWokenByEarlierCell(t *testing.T) {
	n := newNotebook(t)
	n.value("c := make(chan int)\ngo func() { time.Sleep(700 * time.Millisecond); c <- 5 }()\n0")
	if got := n.value("<-c"); got != "5" {
		t.Errorf("got %s", got)
	}
}

// TestStackOverflow ends recursion without end, and names who recurs.
func TestStackOverflow(t *testing.T) {
	n := newNotebook(t)
	n.value("func fib(n int) int {\n\tif n < 2 {\n\t\treturn n\n\t}\n\treturn fib(n-1) + fib(n-2)\n}\nkeep := func() int { return 3 }")
	for _, c := range []struct{ code, want string }{
		{"func down(n int) int { return down(n+1) + 1 }\nfib(5)\ndown(0)", "down calls itself"},
		{"func ping(n int) { pong(n) }\nfunc pong(n int) { ping(n + 1) }\nping(0)", "ping and pong call each other"},
		{"var again func(int) int\nagain = func(n int) int { return again(n) + 1 }\nagain(0)", "a function literal calls itself"},
		{"func plain(f func(int) int, n int) (t int) {\n\tfor i := range n {\n\t\tt += f(i)\n\t}\n\treturn\n}\ntable := map[string]func(int) int{}\n" +
			"table[\"a\"] = func(n int) int { return table[\"b\"](n+1) + 1 }\ntable[\"b\"] = func(n int) int { return plain(table[\"a\"], n) }\ntable[\"a\"](1)", "a function literal and plain call each other"},
		{"type Loop struct{ next *Loop }\nfunc (l *Loop) Len() int { return 1 + l.next.Len() }\nl := &Loop{}\nl.next = l\nl.Len()", "Loop.Len calls itself"},
	} {
		_, err := n.run(c.code)
		want := "panic: runtime error: stack overflow: " + c.want + " without end"
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", c.code, err, want)
		}
		if got := n.value("keep() + fib(10)"); got != "58" {
			t.Fatalf("%s: afterwards got %s", c.code, got)
		}
	}
	if got := n.value("func depth(n int) int {\n\tif n == 0 {\n\t\treturn 0\n\t}\n\treturn depth(n-1) + 1\n}\ndepth(100000)"); got != "100000" {
		t.Errorf("100,000 calls deep: got %s", got)
	}
}

// TestManyStacks runs goroutines whose stacks are large only together.
func TestManyStacks(t *testing.T) {
	n := newNotebook(t)
	n.value("func down(n int, there *sync.WaitGroup, back chan int) int {\n\tif n == 0 {\n\t\tthere.Done()\n\t\treturn <-back\n\t}\n\treturn down(n-1, there, back) + 1\n}")
	const code = "var there, all sync.WaitGroup\nback := make(chan int)\nfor range 200 {\n\tthere.Add(1)\n\tall.Go(func() { down(1500, &there, back) })\n}\n" +
		"there.Wait()\ntime.Sleep(100 * time.Millisecond) // several looks\nclose(back)\nall.Wait()\n\"done\""
	if got := n.value(code); got != "done" {
		t.Errorf("got %s", got)
	}
}
