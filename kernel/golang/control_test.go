package golang_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/golang"
)

// TestStopSelect stops cells that wait for channels, and looks for what they
// might still do.
func TestStopSelect(t *testing.T) {
	s, err := golang.New(golang.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	run := func(code string, timeout time.Duration) error {
		ctx, cancel := context.WithTimeout(context.Background(), timeout)
		defer cancel()
		return s.Execute(ctx, kernel.Cell{Code: code}, &recorder{})
	}
	if err := run("n := 0\nc := make(chan int)", 10*time.Second); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{
		"select { case x := <-c: n = x; case <-make(chan bool): }",
		"for x := range c { n = x }",
		"for { select { case x, ok := <-c: if ok { n = x }; case <-time.After(time.Hour): } }",
		"func() { defer func() { n = 100 }(); select { case n = <-c: } }()",
		"for x := range func(yield func(int) bool) { for { select { case x := <-c: yield(x) } } } { n = x }",
	} {
		began := time.Now()
		var e *kernel.Error
		if err := run(code, 50*time.Millisecond); !errors.As(err, &e) || e.Name != "Interrupted" {
			t.Errorf("%s: %v", code, err)
		}
		if d := time.Since(began); d > 5*time.Second {
			t.Errorf("%s: stopped after %v", code, d)
		}
		if err := run("select { case c <- 7: panic(\"somebody still receives\"); default: }\nif n != 0 { panic(n) }", 10*time.Second); err != nil {
			t.Errorf("after %s: %v", code, err)
		}
	}
}
