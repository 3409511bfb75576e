// Package gogen writes random Go programs: well typed, terminating, printing
// what they compute. The same seed gives the same program. They are for
// comparing two implementations of Go.
//
// Nothing in a program depends on what the language leaves open: no order of
// map iteration, and no expression that reads a variable which a call in it
// may write.
package gogen

import (
	"fmt"
	"math/rand"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Program is a random program in parts, so that it can be run as a whole or as
// cells. Every name at the top level begins with the prefix that it was made
// with, so that many programs fit into one package.
type Program struct {
	Decls string // constants, types, variables and functions
	Body  string // the statements of main
}

// packages are what programs may import.
var packages = []string{
	"bytes", "cmp", "context", "errors", "fmt", "io", "iter", "maps", "math", "math/bits", "math/cmplx", "reflect", "runtime",
	"slices", "sort", "strconv", "strings", "sync", "sync/atomic", "time", "unicode", "unicode/utf8",
}

// Imports returns the import declarations that a program needs, or several in
// one file.
func Imports(text string) string {
	var b strings.Builder
	for _, p := range packages {
		if regexp.MustCompile(`(^|[^\w.])` + path.Base(p) + `\.[A-Z]`).MatchString(text) {
			fmt.Fprintf(&b, "import %q\n", p)
		}
	}
	return b.String()
}

// Whole returns the program as one file.
func (p Program) Whole() string {
	return "package main\n\n" + Imports(p.Decls+p.Body) + "\n" + p.Decls + "\nfunc main() {\n" + p.Body + "}\n"
}

// New returns the program of a seed.
func New(seed int64, prefix string) Program {
	g := &gen{r: rand.New(rand.NewSource(seed)), prefix: prefix, long: 16}
	g.declare()
	decls := g.take()
	g.indent = 1
	g.push()
	for _, v := range g.scopes[0] { // functions had to leave them alone
		v.constant = false
	}
	for range 4 + g.r.Intn(5) {
		g.stmt(3)
		if g.chance(30) {
			g.effectDecl()
			g.callEffect()
		}
		if g.chance(60) {
			g.useTopic()
		}
	}
	for _, c := range g.topics {
		g.use(c)
	}
	g.printScope()
	g.pop()
	g.printScope()
	return Program{decls, g.take()}
}

// gen writes one program.
type gen struct {
	r      *rand.Rand
	prefix string
	b      strings.Builder
	indent int
	names  int

	topics  []chosen
	structs []*typ
	funcs   []*function
	effects []*variable // the functions with effects at the top level
	scopes  [][]*variable
	inside
	nesting int  // function literals round the statement or expression
	long    int  // how many more function literals may have statements
	pure    int  // literals without effects round the statement
	calm    bool // no function with effects is called here
	alone   bool // no variable that holds a function is called here
	plain   bool // no package is called but to print, and nothing is in an interface but for that
}

// inside is what counts in the function round the statement.
type inside struct {
	labels   []string // of the loops round the statement, innermost last
	loops    int      // loops round the statement
	results  []*typ
	inFunc   bool
	bareRet  bool // results are named
	mayPanic bool // a panic is recovered
}

// variable is one that expressions may use.
type variable struct {
	name     string
	t        *typ
	constant bool // must not be assigned to: a loop counter or a constant
	effect   bool // holds a function that may change variables
	panics   bool // holds a function that may panic
}

// function is one that expressions may call. It changes nothing but its
// parameters and its results.
type function struct {
	name     string
	recv     *typ
	ptr      bool // pointer receiver
	params   []*typ
	variadic bool
	results  []*typ
	effect   bool // may change variables
	panics   bool
}

func (g *gen) take() string {
	s := g.b.String()
	g.b.Reset()
	return s
}

func (g *gen) line(format string, args ...any) {
	g.b.WriteString(strings.Repeat("\t", g.indent))
	fmt.Fprintf(&g.b, format, args...)
	g.b.WriteByte('\n')
}

// name returns a fresh local name.
func (g *gen) name(kind string) string {
	g.names++
	return fmt.Sprintf("%s%d", kind, g.names)
}

// global returns a fresh name of the top level.
func (g *gen) global(kind string) string { return g.prefix + g.name(kind) }

func (g *gen) push() { g.scopes = append(g.scopes, nil) }
func (g *gen) pop()  { g.scopes = g.scopes[:len(g.scopes)-1] }

func (g *gen) add(v *variable) *variable {
	g.scopes[len(g.scopes)-1] = append(g.scopes[len(g.scopes)-1], v)
	return v
}

// vars returns the variables in scope that satisfy want, but for functions with
// effects.
func (g *gen) vars(want func(*variable) bool) []*variable {
	var found []*variable
	for _, s := range g.scopes {
		for _, v := range s {
			if !v.effect && want(v) {
				found = append(found, v)
			}
		}
	}
	return found
}

// pick returns a random variable that satisfies want, or nil.
func (g *gen) pick(want func(*variable) bool) *variable {
	found := g.vars(want)
	if len(found) == 0 {
		return nil
	}
	return found[g.r.Intn(len(found))]
}

func (g *gen) chance(percent int) bool { return g.r.Intn(100) < percent }

func choose[T any](g *gen, list ...T) T { return list[g.r.Intn(len(list))] }

// block writes statements between braces that the caller has opened.
func (g *gen) block(depth, n int) {
	g.indent++
	g.push()
	for range n {
		g.stmt(depth - 1)
	}
	g.pop()
	g.indent--
}

// printScope prints the variables of the innermost scope.
func (g *gen) printScope() {
	for _, v := range g.scopes[len(g.scopes)-1] {
		g.print(v)
	}
}

// print prints a variable in several ways, as far as it holds no address.
func (g *gen) print(v *variable) {
	name := strings.TrimPrefix(v.name, g.prefix)
	switch {
	case g.plain && !v.t.basic():
	case v.t.kind == funcKind:
		g.line("fmt.Println(%q, %s != nil)", name, v.name)
	case v.t.kind == pointerKind && !v.t.elem.pointers():
		g.line(`fmt.Printf("%s %%v %%+v %%#v %%T\n", %s, %s, *%s, %s)`, name, v.name, v.name, v.name, v.name)
	case !v.t.pointers():
		g.line("fmt.Println(%q, %s)", name, v.name)
		if g.chance(50) {
			g.line(`fmt.Printf("%s %%+v %%#v %%T\n", %s, %s, %s)`, name, v.name, v.name, v.name)
		}
	}
}

// pointers reports whether a value holds a pointer or a function.
func (t *typ) pointers() bool {
	switch t.kind {
	case pointerKind, funcKind:
		return true
	case sliceKind, arrayKind, mapKind:
		return t.elem.pointers()
	case structKind:
		return slices.ContainsFunc(t.fields, func(f field) bool { return f.t.pointers() })
	}
	return false
}
