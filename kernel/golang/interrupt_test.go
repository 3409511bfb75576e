package golang_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/golang"
)

// notebook runs cells one after the other.
type notebook struct {
	t *testing.T
	*golang.Session
	n int
}

func newNotebook(t *testing.T) *notebook { return &notebook{t: t, Session: newSession(t)} }

// run runs a cell and returns what it shows.
func (n *notebook) run(code string) (*recorder, error) {
	return n.runWith(context.Background(), code, &recorder{})
}

func (n *notebook) runWith(ctx context.Context, code string, out *recorder) (*recorder, error) {
	n.n++
	err := n.Execute(ctx, kernel.Cell{Code: code, Number: n.n}, out)
	return out, err
}

// value runs a cell that ends in an expression and returns its text.
func (n *notebook) value(code string) string {
	n.t.Helper()
	out, err := n.run(code)
	if err != nil {
		n.t.Errorf("%s: %v", code, err)
	}
	out.mu.Lock()
	defer out.mu.Unlock()
	return out.result
}

// interrupt runs a cell until it has called display.Show, and then interrupts
// it. It returns how long the cell took to end after that.
func (n *notebook) interrupt(code string) time.Duration {
	n.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out := &started{began: make(chan struct{})}
	n.n++
	done := make(chan error, 1)
	go func() {
		done <- n.Execute(ctx, kernel.Cell{Code: "display.Show(\"begun\")\n" + code, Number: n.n}, out)
	}()
	select {
	case <-out.began:
	case err := <-done:
		n.t.Errorf("%s: ended by itself: %v", code, err)
		cancel()
		return 0
	}
	time.Sleep(10 * time.Millisecond) // let it come to the statement under test; too early is no failure
	t := time.Now()
	cancel()
	err := <-done
	took := time.Since(t)
	var e *kernel.Error
	if !errors.As(err, &e) || e.Name != "Interrupted" {
		n.t.Errorf("%s: ended with %v, not interrupted", code, err)
	}
	return took
}

// started is an output that says when something was shown.
type started struct {
	recorder
	began chan struct{}
	once  sync.Once
}

func (s *started) Display(kernel.Bundle) { s.once.Do(func() { close(s.began) }) }

// TestInterrupt stops cells wherever they may be. The session lives on: its
// variables, and the closures in them.
func TestInterrupt(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	n := newNotebook(t)
	n.value(`import ("net/http"; "sort"; "sync"; "time")
double := func(x int) int { return 2*x }
counter := 0
table := map[string]func(){"count": func() { counter++ }}
var mu sync.Mutex
mu.Lock()
var wg sync.WaitGroup
wg.Add(1)
ch := make(chan int)
receive := func() int { return <-ch }
numbers := make([]int, 1000)
type Acc struct{ total int }
func (a *Acc) Add(x int) { a.total += x }
acc := &Acc{}
add := acc.Add`)
	for _, code := range []string{
		"for {}",
		"for i := 0; ; i++ { table[\"none\"] = nil }",
		"func forever(n int) int { for n >= 0 { n++; n -= 1 }; return n }\nforever(1)",
		"func rounds() (n uint) { for { n++ } }\nrounds()",
		"func tower(n int) int { for { if n > 10 { return n }; n = tower(n+1) - 1 } }\ntower(1)",
		"go func() { rounds() }()\nrounds()",
		"time.Sleep(time.Minute)",
		"mu.Lock()",
		"wg.Wait()",
		"<-ch",
		"ch <- 1",
		"receive()",
		"select {}",
		"for range ch {}",
		"sort.Slice(numbers, func(i, j int) bool { for {}; return true })",
		"http.Get(\"http://" + silent.Addr().String() + "\")",
		"func() { defer func() { recover() }(); for {} }()",
		"for { func() { defer func() { recover() }(); time.Sleep(time.Minute) }() }",
		"go func() { for {} }()\nfor {}",
	} {
		if took := n.interrupt(code); took > 500*time.Millisecond {
			t.Errorf("%s: stopped after %v", code, took)
		}
		if got := n.value("double(21)"); got != "42" {
			t.Fatalf("%s: afterwards a closure returns %s", code, got)
		}
	}
	n.value("table[\"count\"](); table[\"count\"](); add(5)")
	if got := n.value("counter*100 + acc.total"); got != "205" {
		t.Errorf("afterwards closures and bound methods gave %s, want 205", got)
	}
}

// TestStoppedStaysStopped wakes cells that were stopped in compiled code: they
// must do nothing more.
func TestStoppedStaysStopped(t *testing.T) {
	n := newNotebook(t)
	n.value(`var mu sync.Mutex
late := 0
gate := make(chan bool)
func locked() int { mu.Lock(); return 7 }`)
	for _, code := range []string{
		"mu.Lock(); late = 1; fmt.Println(\"late\")",
		"late = locked()",
		"if mu.Lock(); late == 0 { late = 2 }",
		"func() { defer func() { recover(); late = 3 }(); mu.Lock(); late = 4 }()",
		"for { mu.Lock(); late++ }",
		"go func() { mu.Lock(); late = 5; fmt.Println(\"late\") }()\nfor {}",
		"sort.Slice([]int{1, 2, 3}, func(i, j int) bool { mu.Lock(); late = 6; return true })",
		"func() int { mu.Lock(); return 7 }()\nlate = 8",
	} {
		n.value("mu.Lock()")
		n.interrupt(code)
		n.value("mu.Unlock()")
		// The stopped goroutine gets the lock, and ends with it.
		n.value(`for range 1000 {
	if !mu.TryLock() {
		break
	}
	mu.Unlock()
	time.Sleep(100 * time.Microsecond)
}
time.Sleep(2 * time.Millisecond)
mu.TryLock()
mu.Unlock()`)
		if got := n.value("late"); got != "0" {
			t.Errorf("%s: went on after it was stopped: late is %s", code, got)
			n.value("late = 0")
		}
	}
}

// TestOutputOfGoroutines checks that what goroutines print appears under the
// cell that started them.
func TestOutputOfGoroutines(t *testing.T) {
	n := newNotebook(t)
	first, err := n.run(`go1, told := make(chan bool), make(chan bool)
go func() {
	for range go1 {
		fmt.Print("fmt ")
		println("println")
		log.SetFlags(0)
		log.Print("log")
		fmt.Fprintln(os.Stdout, "os.Stdout")
		display.Show("shown")
		func() { fmt.Println("in a call") }()
		told <- true
	}
}()`)
	if err != nil {
		t.Fatal(err)
	}
	second, err := n.run("fmt.Println(\"mine\")\ngo1 <- true\n<-told\nfmt.Println(\"mine too\")")
	if err != nil {
		t.Fatal(err)
	}
	if got := second.String(); got != "mine\nmine too\n" {
		t.Errorf("the second cell shows %q", got)
	}
	deadline := time.Now().Add(5 * time.Second)
	for _, want := range []string{"fmt ", "println", "log", "os.Stdout", "display: shown", "in a call"} {
		for !strings.Contains(first.String(), want) {
			if time.Now().After(deadline) {
				t.Fatalf("the first cell shows %q, without %q", first.String(), want)
			}
			time.Sleep(time.Millisecond)
		}
	}
	n.run("close(go1)")
}

func (r *recorder) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

// TestPanicOfGoroutine checks that the panic of a goroutine is an error of its
// cell while that runs, and a text under it afterwards.
func TestPanicOfGoroutine(t *testing.T) {
	n := newNotebook(t)
	first, err := n.run("fail := make(chan bool)\ngo func() {\n\t<-fail\n\tvar m map[int]int\n\tm[1] = 2\n}()")
	if err != nil {
		t.Fatal(err)
	}
	second, err := n.run("close(fail)\ntime.Sleep(20 * time.Millisecond)\n1 + 1")
	if err != nil || second.result != "2" || second.String() != "" {
		t.Errorf("the second cell shows %q, %q and %v", second.String(), second.result, err)
	}
	if got := first.String(); !strings.Contains(got, "assignment to entry in nil map") || !strings.Contains(got, "In[1]:") {
		t.Errorf("the first cell shows %q", got)
	}
	_, err = n.run("go func() { panic(\"now\") }()\nfor {}")
	if err == nil || !strings.Contains(err.Error(), "now") {
		t.Errorf("a panic beside a running cell gives %v", err)
	}
}
