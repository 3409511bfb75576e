package golang_test

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/gocrate/gocrate/kernel/golang/internal/gogen"
	"github.com/gocrate/gocrate/stdlib"
)

// TestClosures demands that the functions of which the random programs are to
// show that closures mean what Go means are made of closures.
func TestClosures(t *testing.T) {
	declared := regexp.MustCompile(`(?m)^func (s_(?:arithmetic|captures|funcvalues|records|words)_(\w+))`)
	seen := 0
	for seed := int64(1); seed <= 40 && seen < 20; seed++ {
		p := gogen.New(seed, "s_")
		funcs := declared.FindAllStringSubmatch(p.Decls, -1)
		if len(funcs) == 0 {
			continue
		}
		seen++
		s := newSession(t)
		execute(t, s, 1, gogen.Imports(p.Decls)+p.Decls)
		for _, f := range funcs {
			if !strings.HasPrefix(f[2], "loose") && !s.HasClosures(f[1]) {
				t.Errorf("seed %d: %s is interpreted", seed, f[1])
			}
		}
	}
	if seen == 0 {
		t.Error("no random program has such functions")
	}
}

// TestOtherMemory demands that what leads to values which the interpreter has
// otherwise in memory is interpreted, and right.
func TestOtherMemory(t *testing.T) {
	s := newSession(t)
	s.Replace("image", "Point", reflect.ValueOf((*struct{ X, Y int32 })(nil)))
	decls := `
type shape struct { at *image.Point; next *shape; n int }
func (s *shape) add(n int) int { for i := 0; i < n; i++ { s.n += i }; return s.n }
func total(s *shape) (n int) { for ; s != nil; s = s.next { n += s.add(3) }; return n }
func inner(n int) (s int) { for i := range n { s += i }; return s }
var first = &shape{at: &image.Point{1, 2}, n: 5}
`
	check := func(n int, code, want string, names map[string]bool) {
		t.Helper()
		if got := runCell(s, n, code); len(got) != 1 || got[0].Name != "out" || string(got[0].Data) != want {
			t.Errorf("cell %d shows %s, expected %s", n, got, want)
		}
		for name, compiled := range names {
			if s.HasClosures(name) != compiled {
				t.Errorf("cell %d: compiled is %v for %s, expected %v", n, !compiled, name, compiled)
			}
		}
	}
	check(1, decls+`
for i := 0; i < 2; i++ { first = &shape{next: first, n: inner(i)} }
fmt.Println(total(first), first.next.next.at.Y)`, "14 2\n", map[string]bool{"total": false, "inner": false})
	check(2, `
func plain(n int) (s int) { for i := range n { s += inner(i) }; return s }
func outer(n int) (s int) { for i := range n { s += i }; return s }
fmt.Println(plain(5), outer(5), total(first))`, "10 10 23\n", map[string]bool{"plain": false, "outer": true})
	check(3, `
func (s *shape) add(n int) int { for i := 0; i < n; i++ { s.n -= i }; return s.n }
fmt.Println(plain(5), total(first))`, "10 14\n", map[string]bool{"total": false})
	check(4, `
func inner(n int) (s int) { for i := range n { s -= i }; return s }
fmt.Println(plain(5), total(first))`, "-10 5\n", map[string]bool{"inner": true, "plain": true})
	check(5, `
type node struct { next atomic.Pointer[node]; n int }
func count(ns []*node) (n int) { for i := range ns { n += i }; return n }
func follow(n *node, k int) (s int) { for range k { s += n.n }; return s }
fmt.Println(count([]*node{nil, {n: 1}}), follow(&node{n: 2}, 3))`, "1 6\n", map[string]bool{"count": true, "follow": false})
}

// TestReplacedFunctions demands that what stands in for a function of a package
// is of its type: closures call it as the checker knows that.
func TestReplacedFunctions(t *testing.T) {
	seen := 0
	for path, names := range newSession(t).Replaced() {
		for name, f := range names {
			if own := stdlib.Exports(path)[name]; own.IsValid() && own.Kind() == reflect.Func {
				seen++
				if f.Type() != own.Type() {
					t.Errorf("%s.%s is a %s, expected %s", path, name, f.Type(), own.Type())
				}
			}
		}
	}
	if seen == 0 {
		t.Error("nothing is replaced")
	}
}
