package main

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

const displayPath = "github.com/gocrate/gocrate/stdlib/display"

// blasPath is a package of interfaces with a hundred methods and more, which
// nobody implements in a cell.
const blasPath = "gonum.org/v1/gonum/blas"

// custom names the wrappers that are written by hand, in stdlib/wrappers.go.
var custom = map[string]string{
	"fmt.Stringer":          "stringer",
	"fmt.Formatter":         "formatter",
	displayPath + ".JSONer": "jsoner",
}

// wrapperName returns the name of the type with which an interpreted value
// enters compiled code as the named interface of p.
func wrapperName(p *Package, name string) string {
	if c := custom[p.Path+"."+name]; c != "" {
		return c
	}
	return p.ident() + name
}

// wrappable reports whether t is an interface that a type of another package
// can implement and name.
func wrappable(t *types.TypeName) bool {
	i, ok := t.Type().Underlying().(*types.Interface)
	if !ok || i.NumMethods() == 0 || t.Pkg().Path() == blasPath {
		return false
	}
	for m := range i.Methods() {
		if !m.Exported() || !nameable(m.Type(), t.Pkg()) {
			return false
		}
	}
	return true
}

// nameable reports whether a file outside pkg can write down t.
func nameable(t types.Type, pkg *types.Package) bool {
	ok := true
	types.TypeString(t, func(p *types.Package) string {
		if slices.Contains(strings.Split(p.Path(), "/"), "internal") || strings.HasPrefix(p.Path(), "vendor/") {
			ok = false
		}
		return p.Name() + "."
	})
	for part := range strings.FieldsFuncSeq(types.TypeString(t, func(p *types.Package) string { return p.Path() + "#" }), notName) {
		if _, name, qualified := strings.Cut(part, "#."); qualified && !token.IsExported(name) {
			ok = false
		}
	}
	return ok
}

// notName separates the parts of a type's text that are not names in it.
func notName(r rune) bool { return strings.ContainsRune(" ()[]{}*,;", r) }

// methodsOf returns the methods of an interface type, sorted by name.
func methodsOf(t types.Type) []*types.Func {
	return slices.SortedFunc(t.Underlying().(*types.Interface).Methods(), func(a, b *types.Func) int {
		return strings.Compare(a.Name(), b.Name())
	})
}

// wrapper writes a struct type whose first field is an interpreted value, whose
// further fields are its methods, and which has the methods.
//
// The interpreter finds methods by name alone. Where no compiler has checked
// their types, because the interface is one that compiled code looks for in
// any value, the wrapper is loose: a method of another type than the expected
// one returns zero instead of ending the process.
func (s *source) wrapper(name, what string, methods []*types.Func, loose bool) {
	s.printf("\n// %s gives an interpreted value the methods of %s.\ntype %[1]s struct {\n\tIValue any\n", name, what)
	for _, m := range methods {
		if loose {
			s.printf("\tW%s any\n", m.Name())
			continue
		}
		s.printf("\tW%s func%s\n", m.Name(), s.signature(m, false))
	}
	s.printf("}\n\n")
	for _, m := range methods {
		s.method(name, m, loose)
	}
}

// method writes the method m of a wrapper.
func (s *source) method(wrapper string, m *types.Func, loose bool) {
	sig := m.Signature()
	args := make([]string, sig.Params().Len())
	for i := range args {
		args[i] = fmt.Sprintf("a%d", i)
	}
	call := strings.Join(args, ", ")
	if sig.Variadic() {
		call += "..."
	}
	ret := ""
	if sig.Results().Len() > 0 {
		ret = "return "
	}
	f := "w.W" + m.Name()
	s.printf("func (w %s) %s%s { ", wrapper, m.Name(), s.signature(m, true))
	if loose {
		f = "f"
		s.printf("f, ok := w.W%s.(func%s); if !ok { return %s }; ", m.Name(), s.signature(m, false), s.zeros(sig))
	}
	s.printf("%s%s(%s) }\n", ret, f, call)
}

// signature returns the parameters and results of m, the parameters as a0, a1
// and so on if they are to have names.
func (s *source) signature(m *types.Func, named bool) string {
	sig := m.Signature()
	var params, results []string
	for i := range sig.Params().Len() {
		t := sig.Params().At(i).Type()
		text := types.TypeString(t, s.qualify)
		if sig.Variadic() && i == sig.Params().Len()-1 {
			text = "..." + types.TypeString(t.(*types.Slice).Elem(), s.qualify)
		}
		if named {
			text = fmt.Sprintf("a%d %s", i, text)
		}
		params = append(params, text)
	}
	for v := range sig.Results().Variables() {
		results = append(results, types.TypeString(v.Type(), s.qualify))
	}
	text := "(" + strings.Join(params, ", ") + ") "
	if len(results) == 1 {
		return text + results[0]
	}
	if len(results) > 1 {
		text += "(" + strings.Join(results, ", ") + ")"
	}
	return text
}

// zeros returns the zero values of sig's results.
func (s *source) zeros(sig *types.Signature) string {
	var zeros []string
	for v := range sig.Results().Variables() {
		zeros = append(zeros, "*new("+types.TypeString(v.Type(), s.qualify)+")")
	}
	return strings.Join(zeros, ", ")
}
