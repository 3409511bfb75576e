package main

import (
	"fmt"
	"go/token"
	"go/types"
	"math/bits"
	"slices"
	"strings"
)

// A composition is an interface under which compiled code takes values, and
// the further interfaces for which it then looks in them. Each is a qualified
// name, or the interface itself.
type composition struct {
	base     string
	optional []string
}

const displayName = displayPath + "."

var compositions = []composition{
	{"error", []string{"interface{ Unwrap() error }", "interface{ Is(error) bool }", "interface{ As(any) bool }"}},
	{"io.Reader", []string{"io.WriterTo", "io.ByteReader", "io.Closer"}},
	{"io.Writer", []string{"io.ReaderFrom", "io.StringWriter"}},
	{"io/fs.FS", []string{"io/fs.ReadDirFS", "io/fs.ReadFileFS", "io/fs.StatFS"}},
	{"io/fs.File", []string{"io/fs.ReadDirFile", "io.Seeker"}},
	{"net/http.ResponseWriter", []string{"net/http.Flusher", "net/http.Hijacker"}},
	{"flag.Value", []string{"flag.Getter", "interface{ IsBoolFlag() bool }"}},
	{"gonum.org/v1/plot.Plotter", []string{"gonum.org/v1/plot.DataRanger", "gonum.org/v1/plot.GlyphBoxer", "gonum.org/v1/plot.Thumbnailer"}},
	{"gonum.org/v1/plot/plotter.XYer", []string{"gonum.org/v1/plot/plotter.XErrorer", "gonum.org/v1/plot/plotter.YErrorer", "gonum.org/v1/plot/plotter.Labeller"}},
	{displayName + "MIMEBundler", []string{displayName + "MIMEMetadataer", "fmt.Stringer"}},
	{displayName + "HTMLer", []string{"fmt.Stringer"}},
	{displayName + "Markdowner", []string{"fmt.Stringer"}},
	{displayName + "Latexer", []string{"fmt.Stringer"}},
	{displayName + "SVGer", []string{"fmt.Stringer"}},
	{displayName + "PNGer", []string{"fmt.Stringer"}},
	{displayName + "JPEGer", []string{"fmt.Stringer"}},
	{displayName + "Imager", []string{"fmt.Stringer"}},
}

// composed returns the file with the wrappers of all compositions: for every
// base interface the types with its methods and those of some of the optional
// ones, most methods first, as the interpreter wants them.
func composed(pkgs []*Package) ([]byte, error) {
	s := newSource()
	s.printf("// composedTypes returns, by wrapper of an interface, the wrappers of values that\n// have further methods for which compiled code looks.\n")
	s.printf("func composedTypes() map[%s.Value][]reflect.Type {\n\treturn map[reflect.Value][]reflect.Type{\n", s.use("reflect", "reflect"))
	var errorTypes string
	w := &source{imports: s.imports, names: s.names}
	for _, c := range compositions {
		base, ok := find(pkgs, c.base)
		if !ok {
			continue
		}
		list := w.combinations(pkgs, c, base)
		if c.base == "error" {
			errorTypes = "[]reflect.Type" + list
			continue
		}
		s.printf("\t\treflect.ValueOf((*%s)(nil)): %s,\n", base.wrapper, list)
	}
	s.printf("\t}\n}\n\n")
	s.printf("// ErrorTypes returns wrappers for interpreted errors that have the methods Unwrap,\n// Is or As besides Error, most methods first.\n")
	s.printf("func ErrorTypes() []reflect.Type {\n\treturn %s\n}\n", errorTypes)
	s.Write(w.Bytes())
	return s.file()
}

// An iface is an interface found in the packages.
type iface struct {
	name    string // as a part of an identifier
	wrapper string
	methods []*types.Func
}

// find resolves a qualified name, or an interface written out.
func find(pkgs []*Package, text string) (iface, bool) {
	if !strings.Contains(text, ".") || strings.HasPrefix(text, "interface") {
		t, err := types.Eval(token.NewFileSet(), nil, token.NoPos, text)
		if err != nil {
			panic(fmt.Sprintf("%s: %v", text, err))
		}
		methods := methodsOf(t.Type)
		return iface{methods[0].Name(), text, methods}, true
	}
	dot := strings.LastIndex(text, ".")
	for _, p := range pkgs {
		if obj := p.Types.Scope().Lookup(text[dot+1:]); p.Path == text[:dot] && obj != nil {
			return iface{obj.Name(), wrapperName(p, obj.Name()), methodsOf(obj.Type())}, true
		}
	}
	return iface{}, false
}

// combinations writes a wrapper for base with every subset of the optional
// interfaces but the empty one, and returns the list of their types.
func (s *source) combinations(pkgs []*Package, c composition, base iface) string {
	var subsets []int
	for set := 1; set < 1<<len(c.optional); set++ {
		subsets = append(subsets, set)
	}
	slices.SortStableFunc(subsets, func(a, b int) int { return bits.OnesCount(uint(b)) - bits.OnesCount(uint(a)) })
	loose := c.base == "error" || strings.HasPrefix(c.base, displayName)
	var list strings.Builder
	list.WriteString("{\n")
	for _, set := range subsets {
		name, what, methods := base.wrapper, base.name, base.methods
		for i, text := range c.optional {
			if opt, ok := find(pkgs, text); ok && set&(1<<i) != 0 {
				name, what = name+opt.name, what+" and "+opt.name
				methods = union(methods, opt.methods)
			}
		}
		s.wrapper(name, what, methods, loose)
		fmt.Fprintf(&list, "\t\t\treflect.TypeFor[%s](),\n", name)
	}
	list.WriteString("\t\t}")
	return list.String()
}

// union returns the methods of a and b, sorted by name.
func union(a, b []*types.Func) []*types.Func {
	all := slices.Clone(a)
	for _, m := range b {
		if !slices.ContainsFunc(a, func(have *types.Func) bool { return have.Name() == m.Name() }) {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b *types.Func) int { return strings.Compare(a.Name(), b.Name()) })
	return all
}
