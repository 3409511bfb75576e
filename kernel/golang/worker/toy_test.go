//go:build unix

package worker

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/gocrate/gocrate/kernel"
)

// toy is a language whose cells are the name of a trick and its arguments. The
// child of the tests speaks it.
type toy struct {
	streams *Streams
	value   string        // the state of the session
	release chan struct{} // lets a goroutine of an earlier cell go on
	said    chan string   // what a cell says to another
}

func openToy(kind string) func(*Streams) (kernel.Language, error) {
	return func(s *Streams) (kernel.Language, error) {
		if kind == "refuse" {
			return nil, errors.New("no symbols today")
		}
		debug.SetMaxStack(16 << 20) // unwinding Go's default, 1 GB, takes 20 seconds
		return &toy{streams: s, release: make(chan struct{}), said: make(chan string)}, nil
	}
}

func (l *toy) Info() kernel.LanguageInfo { return kernel.LanguageInfo{Name: "toy"} }
func (l *toy) Close() error              { return nil }

func (l *toy) Complete(ctx context.Context, code string, cursor int) (kernel.Completion, error) {
	if code == "wait" {
		<-ctx.Done()
		return kernel.Completion{}, ctx.Err()
	}
	return kernel.Completion{Matches: []kernel.Match{{Text: code + "…", Kind: "function"}}, Start: 1, End: cursor}, nil
}

func (l *toy) Inspect(ctx context.Context, code string, cursor, detail int) (kernel.Inspection, error) {
	return kernel.Inspection{Found: true, Data: map[string]any{"text/plain": fmt.Sprint(code, cursor, detail)}}, nil
}

func (l *toy) IsComplete(ctx context.Context, code string) (kernel.Completeness, error) {
	return kernel.Completeness{Status: "incomplete", Indent: "\t"}, nil
}

func text(s string) kernel.Bundle { return kernel.Bundle{Data: map[string]any{"text/plain": s}} }

// Comm answers a message with itself, and knows one comm.
func (l *toy) Comm(_ context.Context, m kernel.CommMessage, out kernel.Output) (bool, error) {
	switch {
	case m.ID != "c":
		return false, nil
	case m.Kind == "close":
		return true, &kernel.Error{Name: "Failed", Value: m.ID}
	}
	out.Stream(kernel.Stdout, "before ")
	out.(kernel.CommOutput).Comm(m)
	out.Stream(kernel.Stdout, "after")
	return true, nil
}

func (l *toy) Execute(ctx context.Context, cell kernel.Cell, out kernel.Output) error {
	verb, arg, _ := strings.Cut(cell.Code, " ")
	n, _ := strconv.Atoi(arg)
	if trick := l.prints(out)[verb]; trick != nil {
		trick(n)
		return nil
	}
	if trick := deaths[verb]; trick != nil {
		trick(n)
		return nil
	}
	switch verb {
	case "set":
		l.value = arg
	case "get":
		out.Result(text(l.value))
	case "early": // a result that is not the last of its cell
		out.Result(text(arg))
		fmt.Fprint(l.streams.Stderr(), "behind it")
		out.Result(text(arg))
		out.Display(text("behind it"))
	case "cell":
		out.Result(text(fmt.Sprintf("%+v", cell)))
	case "fail":
		return &kernel.Error{Name: "Failed", Value: arg, Traceback: []string{"line 1", "line 2"}}
	case "fault":
		return errors.New(arg)
	case "input":
		s, err := out.Input(ctx, arg, true)
		if err != nil {
			return err
		}
		out.Result(text(s))
	case "bundle":
		out.Display(kernel.Bundle{ID: "d1", Metadata: map[string]any{"image/png": map[string]any{"width": 3}}, Data: map[string]any{
			"text/plain": "t", "application/json": map[string]any{"big": int64(math.MaxInt64), "list": []any{1, "<&>"}}}})
		out.Display(kernel.Bundle{Data: map[string]any{"text/plain": "nan", "application/json": math.NaN()}})
	case "payload":
		out.Payload(kernel.Payload{Page: new(text(arg))})
		out.Payload(kernel.Payload{Next: arg, Replace: true})
	case "wait":
		out.Stream(kernel.Stdout, "waiting\n")
		<-ctx.Done()
		return &kernel.Error{Name: "Interrupted", Value: "stopped"}
	case "spin":
		out.Stream(kernel.Stdout, "spinning\n")
		for {
			l.value += ""
		}
	case "say":
		out.Stream(kernel.Stderr, "say ")
		l.said <- arg
		out.Stream(kernel.Stdout, arg)
	case "hear":
		out.Stream(kernel.Stdout, "hearing\n")
		for {
			select {
			case s := <-l.said:
				out.Stream(kernel.Stdout, "heard "+s+"\n")
				out.Display(text("shown " + s))
			case <-ctx.Done():
				return &kernel.Error{Name: "Interrupted", Value: "stopped"}
			}
		}
	case "later":
		go func() {
			<-l.release
			out.Display(text("late display of " + arg))
			out.Stream(kernel.Stderr, "late text of "+arg)
			fmt.Println("late print of " + arg)
		}()
	case "release":
		l.release <- struct{}{}
	case "orphan": // a command that goes on and holds the pipes
		cmd := exec.Command("sleep", "60")
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Start(); err != nil {
			return err
		}
		out.Result(text(strconv.Itoa(cmd.Process.Pid)))
	default:
		return fmt.Errorf("unknown trick %q", verb)
	}
	return nil
}

// prints are the ways to print.
func (l *toy) prints(out kernel.Output) map[string]func(n int) {
	return map[string]func(n int){
		"print": func(n int) {
			for i := range n {
				fmt.Fprintf(l.streams.Stdout(), "line %d\n", i)
			}
		},
		"direct": func(n int) {
			for i := range n {
				fmt.Println("line", i)
			}
		},
		"pairs": func(n int) {
			for i := range n {
				fmt.Fprintf(l.streams.Stdout(), "out %d\n", i)
				fmt.Fprintf(l.streams.Stderr(), "err %d\n", i)
				if i%10 == 0 {
					out.Display(text(fmt.Sprint("show ", i)))
				}
			}
		},
		"switched": func(n int) {
			for i := range n {
				l.streams.Switch(kernel.Stdout)
				fmt.Println("out", i)
				l.streams.Switch(kernel.Stderr)
				if i%2 == 0 {
					println("err", i)
				} else {
					fmt.Fprintln(os.Stderr, "err", i)
				}
				if i%10 == 0 {
					out.Display(text(fmt.Sprint("show ", i)))
				}
			}
		},
		"block": func(n int) { l.streams.Stdout().Write([]byte(strings.Repeat("0123456789abcde\n", n/16))) },
		"show":  func(n int) { out.Display(text(strings.Repeat("x", n))) },
		"runes": func(n int) {
			for _, b := range []byte(strings.Repeat("εΔ∇𝔘", n)) {
				os.Stdout.Write([]byte{b})
			}
		},
		"lookalike": func(n int) {
			fmt.Fprint(os.Stderr, "panic: this is only a print\n")
			fmt.Fprint(os.Stdout, "\x1b]"+strings.Repeat("0", 32)+";1;e\a\x1b]\x1b[0m\x1b")
		},
		"clear": func(n int) { out.Display(text("a")); out.Clear(true); out.Update(kernel.Bundle{ID: "u"}) },
	}
}

// deaths are the ways to die.
var deaths = map[string]func(n int){
	"exit": func(n int) {
		fmt.Fprintln(os.Stderr, "last words")
		os.Exit(n)
	},
	"panic": func(int) {
		go blow()
		select {}
	},
	"overflow": func(int) { fmt.Println(recurse(0)) },
	"maps": func(int) {
		m := map[int]int{}
		for range 4 {
			go func() {
				for i := 0; ; i++ {
					m[i%100] = i
				}
			}()
		}
		select {}
	},
	"kill": func(int) {
		p, _ := os.FindProcess(os.Getpid())
		p.Kill()
		select {}
	},
	"dieLater": func(n int) {
		go func() {
			time.Sleep(time.Duration(n) * time.Millisecond)
			os.Exit(7)
		}()
	},
}

func blow() { panic("boom\nand more") }

func recurse(n int) int { return recurse(n+1) + 1 }
