package golang_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gocrate/gocrate/kernel"
)

// side is a cell that runs while the test runs others.
type side struct {
	t      *testing.T
	out    *started
	cancel context.CancelFunc
	done   chan error
}

// beside starts a cell and returns when it has called display.Show.
func (n *notebook) beside(code string) *side {
	n.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s := &side{n.t, &started{began: make(chan struct{})}, cancel, make(chan error, 1)}
	n.n++
	number := n.n
	go func() { s.done <- n.Execute(ctx, kernel.Cell{Code: code, Number: number, Beside: true}, s.out) }()
	select {
	case <-s.out.began:
	case err := <-s.done:
		n.t.Fatalf("%s: ended by itself: %v", code, err)
	}
	return s
}

// end waits for the cell.
func (s *side) end() error {
	s.t.Helper()
	select {
	case err := <-s.done:
		return err
	case <-time.After(20 * time.Second):
		s.t.Fatal("the cell does not end")
		return nil
	}
}

const shared = `import ("math/big"; "sync/atomic")
var stop atomic.Bool
var count, late atomic.Int64
ch := make(chan int)
busy := func() { for !stop.Load() { count.Add(1) } }
func deep(n int) int { return deep(n+1) + 1 }
func interpreted(x chan int) int { return interpreted(x) + 1 }`

// moves fails the test if the busy cell has stopped.
func (n *notebook) moves(after string) {
	n.t.Helper()
	before := n.value("count.Load()")
	for range 1000 {
		if n.value("count.Load()") != before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	n.t.Errorf("after %s the other cell stands still", after)
}

// TestCellsRunBesideEachOther runs cells of all kinds beside one that is busy.
// Each has its own output, result and errors.
func TestCellsRunBesideEachOther(t *testing.T) {
	n := newNotebook(t)
	n.value(shared)
	long := n.beside("display.Show(1)\nbusy()\nfmt.Print(\"a\")\nprint(\"b\")\nvar none []int\nnone[count.Load()] = 1")
	n.moves("its beginning")
	for _, test := range []struct{ code, result, text, err string }{
		{"fmt.Println(\"x\")\nfmt.Fprintln(os.Stdout, \"y\")\nprintln(\"z\")\ndisplay.Show(3)\n4", "4", "x\ny\nstderr: z\ndisplay: 3\n", ""},
		{"func add[T int | string](a, b T) T { return a + b }\nadd(\"a\", \"b\")", "ab", "", ""},
		{"import \"container/list\"\nlist.New().Len()", "0", "", ""},
		{"type P struct{ X int }\nfunc (p P) Twice() int { return 2 * p.X }\nP{4}.Twice()", "8", "", ""},
		{"undefined", "", "", "undefined: undefined"},
		{"x := 1\nx--\npanic(\"here\")", "", "", "In[%d]:3"},
		{"go func() { panic(\"there\") }()\nselect {}", "", "", "panic in a goroutine of this cell"},
		{"done := make(chan bool)\ngo func() { fmt.Print(\"mine\"); done <- true }()\n<-done", "true", "mine", ""},
	} {
		out, err := n.run(test.code)
		if out.result != test.result || out.String() != test.text {
			t.Errorf("%s\ngave %q and printed %q, want %q and %q", test.code, out.result, out.String(), test.result, test.text)
		}
		var e *kernel.Error
		if want := strings.ReplaceAll(test.err, "%d", fmt.Sprint(n.n)); errors.As(err, &e) != (want != "") || e != nil && !strings.Contains(e.Text(), want) {
			t.Errorf("%s\nended with %v, want %q", test.code, err, want)
		}
	}
	n.moves("all this")
	n.value("stop.Store(true)")
	var e *kernel.Error
	if err := long.end(); !errors.As(err, &e) || !strings.Contains(e.Text(), "In[2]:6") || !strings.Contains(e.Value, "index out of range") {
		t.Errorf("the busy cell ended with %v, want a panic in its line 6", err)
	}
	if got := long.out.String(); got != "astderr: b" {
		t.Errorf("the busy cell printed %q", got)
	}
}

// TestStoppedCellLeavesTheOtherAlone stops cells in all ways beside one that is
// busy, which goes on. What they were about ends at the latest with it.
func TestStoppedCellLeavesTheOtherAlone(t *testing.T) {
	n := newNotebook(t)
	n.value(shared)
	long := n.beside("display.Show(1)\nbusy()\n\"intact\"")
	for _, code := range []string{
		"for { late.Add(1) }",
		"time.Sleep(time.Hour); late.Add(1)",
		"<-ch; late.Add(1)",
		"select { case <-ch: late.Add(1) }",
		"for { time.Sleep(time.Microsecond); late.Add(1) }",
	} {
		n.interrupt(code)
		n.moves("stopping " + code)
	}
	n.value("stop.Store(true)")
	if err := long.end(); err != nil || long.out.result != "intact" {
		t.Errorf("the busy cell ended with %v, %q", err, long.out.result)
	}
	if before, after := n.value("late.Load()"), n.value("time.Sleep(20*time.Millisecond)\nlate.Load()"); before != after {
		t.Errorf("stopped cells go on: late is %s and then %s", before, after)
	}
	n.value("stop.Store(false)")
	long = n.beside("display.Show(1)\nbusy()")
	other := n.beside("display.Show(1)\nfor {}")
	long.cancel()
	other.cancel()
	for _, s := range []*side{long, other} {
		var e *kernel.Error
		if err := s.end(); !errors.As(err, &e) || e.Name != "Interrupted" {
			t.Errorf("an interrupted cell ended with %v", err)
		}
	}
	if got := n.value("stop.Load()"); got != "false" {
		t.Errorf("afterwards stop is %s", got)
	}
}

// TestOverflowBeside: a cell that recurses without end is told so. Where only the
// interpreter can end it, the other is told that it was not its fault.
func TestOverflowBeside(t *testing.T) {
	n := newNotebook(t)
	n.value(shared)
	long := n.beside("display.Show(1)\nbusy()")
	for _, name := range []string{"deep", "interpreted"} {
		if _, err := n.run(name + map[string]string{"deep": "(0)", "interpreted": "(nil)"}[name]); err == nil || !strings.Contains(err.Error(), name+" calls itself without end") {
			t.Errorf("the overflow of %s gave %v", name, err)
		}
		if name == "deep" {
			n.moves("the overflow of compiled code")
		}
	}
	if err := long.end(); err == nil || !strings.Contains(err.Error(), "beside it") {
		t.Errorf("the cell beside it ended with %v", err)
	}
	if got := n.value("1 + 1"); got != "2" {
		t.Errorf("afterwards 1 + 1 is %s", got)
	}
}

// TestCellWaitsForAnother: what no other goroutine can end is no deadlock if the
// cell of another shell may.
func TestCellWaitsForAnother(t *testing.T) {
	n := newNotebook(t)
	n.value(shared)
	waiting := n.beside("display.Show(1)\n<-ch")
	time.Sleep(500 * time.Millisecond) // longer than a deadlock takes to be found
	n.value("ch <- 5")
	if err := waiting.end(); err != nil || waiting.out.result != "5" {
		t.Errorf("it received %q, %v", waiting.out.result, err)
	}
}
