package worker

import (
	"strings"
	"testing"
)

// TestReport: what Go says when it crashes becomes a sentence and a short stack.
func TestReport(t *testing.T) {
	frame := func(name string) string {
		return name + "(0x1, {0x2?, 0x3})\n\t/home/u/go/pkg/" + name + ".go:12 +0x1d\n"
	}
	deep := strings.Repeat(frame("main.fact"), 50) + "...9223 frames elided...\n" + frame("main.main")
	for _, tt := range []struct {
		name          string
		e             ending
		value, detail string
	}{
		{"overflow", ending{dump: "runtime: goroutine stack exceeds 1000-byte limit\nruntime: sp=0x1 stack=[0x2, 0x3]\nfatal error: stack overflow\n\nruntime stack:\nruntime.throw({0x1, 0x2})\n\t/x/panic.go:1\n\ngoroutine 1 [running]:\n" + deep},
			"runaway recursion: main.fact calls itself without end",
			"runtime: goroutine stack exceeds 1000-byte limit\nfatal error: stack overflow\n  in main.fact (main.fact.go:12)"},
		{"interpreted", ending{dump: "fatal error: stack overflow\n\ngoroutine 1 [running]:\n" + strings.Repeat(frame("github.com/traefik/yaegi/interp.runCfg"), 50)},
			"runaway recursion", "fatal error: stack overflow"},
		{"panic", ending{dump: "panic: boom [recovered]\n\tpanic: again\n\ngoroutine 7 [running]:\n" + frame("panic") + frame("gonum.org/v1/gonum/mat.(*Dense).Mul") + "created by main.f in goroutine 1\n\t/x.go:1\n\ngoroutine 8 [running]:\n" + frame("main.other")},
			"a panic that nothing recovers, in a goroutine: boom [recovered]",
			"panic: boom [recovered]\n\tpanic: again\n  in mat.(*Dense).Mul (mat.(*Dense).Mul.go:12)"},
		{"memory", ending{dump: "fatal error: runtime: out of memory\n\ngoroutine 1 [running]:\n"}, "the session ran out of memory", "fatal error: runtime: out of memory"},
		{"other", ending{dump: "fatal error: all is lost\n\n"}, "a fatal error of the Go runtime: all is lost", "fatal error: all is lost"},
		{"tail", ending{stderr: "before\nfatal error: all is lost\n\n"}, "a fatal error of the Go runtime: all is lost", "fatal error: all is lost"},
		{"reason", ending{reason: "it was told to", stderr: "x"}, "it was told to", ""},
		{"words", ending{stderr: "1\n2\n3\n4\n5\n6\n7\n8\n9\n" + strings.Repeat("x", 1000)}, "its process is gone", "3\n4\n5\n6\n7\n8\n9\n" + strings.Repeat("x", 400) + "…"},
	} {
		got := tt.e.report(true)
		if got.Value != tt.value {
			t.Errorf("%s: value %q, want %q", tt.name, got.Value, tt.value)
		}
		detail := strings.Join(got.Traceback[1:len(got.Traceback)-1], "\n")
		if detail != tt.detail {
			t.Errorf("%s: detail %q, want %q", tt.name, detail, tt.detail)
		}
	}
}
