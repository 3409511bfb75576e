package closures

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"math"
	"testing"
)

// program compiles the functions of a source text. All of them must compile.
func program(t testing.TB, text string) *Machine {
	t.Helper()
	m, u, decls := compileText(t, text)
	for _, d := range decls {
		if u.own[d.Name] == nil {
			t.Fatalf("%s is not compiled", d.Name)
		}
	}
	return m
}

func compileText(t testing.TB, text string) (*Machine, *Unit, []Decl) {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", "package p\n"+text, 0)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Instances: map[*ast.Ident]types.Instance{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}
	conf := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	if _, err := conf.Check("p", fset, []*ast.File{f}, info); err != nil {
		t.Fatal(err)
	}
	src := Source{
		Info:  info,
		Place: func(pos token.Pos) int { return fset.Position(pos).Line },
		Callee: func(id *ast.Ident) string {
			if _, ok := info.Uses[id].(*types.Func); ok {
				return id.Name
			}
			return ""
		},
		Global: func(obj types.Object) string {
			if obj.Parent() == obj.Pkg().Scope() {
				return obj.Name()
			}
			return ""
		},
		Library: func(path, name string) any { return map[string]any{"Sqrt": math.Sqrt}[name] },
		Method:  func(fn *types.Func) string { return "" },
		User:    func(t *types.TypeName) bool { return t.Pkg().Path() == "p" },
		Loose:   func(types.Type) bool { return false },
	}
	var decls []Decl
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok {
			decls = append(decls, Decl{fn, fn.Name.Name, fn.Name.Name, info.Defs[fn.Name].(*types.Func).Signature()})
		}
	}
	m := New()
	m.OnLeft = func([]Frame, bool, []Earlier) {}
	m.OnCatch = func(v any) (value, known any) { return v, nil }
	m.OnThrow = func(any, []Earlier) {}
	u := m.Compile(1, src, decls)
	m.Add(u)
	return m, u, decls
}

// function binds a variable of a func type to a compiled function.
func function[F any](t testing.TB, m *Machine, name string) (f F) {
	t.Helper()
	if err := m.funcs[name].Bind(&f); err != nil {
		t.Fatal(err)
	}
	return f
}

const loops = `
func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}
func sum(n int) int {
	s := 0
	for i := 0; i < n; i++ {
		s += i
	}
	return s
}
func sieve(n int) int {
	composite := make([]bool, n+1)
	count := 0
	for i := 2; i <= n; i++ {
		if composite[i] {
			continue
		}
		count++
		for j := i * i; j <= n; j += i {
			composite[j] = true
		}
	}
	return count
}
func mul(a, b []float64, n int) []float64 {
	c := make([]float64, n*n)
	for i := 0; i < n; i++ {
		for j := 0; j < n; j++ {
			s := 0.0
			for k := 0; k < n; k++ {
				s += a[i*n+k] * b[k*n+j]
			}
			c[i*n+j] = s
		}
	}
	return c
}
func dot(a [][]float64, n int) float64 {
	s := 0.0
	for i := range n {
		for j := range n {
			s += a[i][j] * a[j][i]
		}
	}
	return s
}
func empty(i int) {}
func calls(n int) {
	for i := 0; i < n; i++ {
		empty(i)
	}
}
`

func BenchmarkFib(b *testing.B) {
	f := function[func(int) int](b, program(b, loops), "fib")
	for b.Loop() {
		f(22)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/57313, "ns/call")
}

func BenchmarkSum(b *testing.B) {
	f := function[func(int) int](b, program(b, loops), "sum")
	for b.Loop() {
		f(10000)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10000, "ns/round")
}
func BenchmarkSieve(b *testing.B) {
	f := function[func(int) int](b, program(b, loops), "sieve")
	for b.Loop() {
		f(100000)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/248000, "ns/round")
}
func BenchmarkMul(b *testing.B) {
	f := function[func(a, b []float64, n int) []float64](b, program(b, loops), "mul")
	x := make([]float64, 2500)
	for b.Loop() {
		f(x, x, 50)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/125000, "ns/round")
}
func BenchmarkDot(b *testing.B) {
	f := function[func(a [][]float64, n int) float64](b, program(b, loops), "dot")
	x := make([][]float64, 100)
	for i := range x {
		x[i] = make([]float64, 100)
	}
	for b.Loop() {
		f(x, 100)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10000, "ns/round")
}
func BenchmarkCalls(b *testing.B) {
	f := function[func(int)](b, program(b, loops), "calls")
	for b.Loop() {
		f(10000)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10000, "ns/round")
}
