package golang

import (
	"context"
	"fmt"
	"go/types"
	"reflect"
	"strings"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/golang/cell"
	"github.com/gocrate/gocrate/kernel/golang/check"
	"github.com/gocrate/gocrate/stdlib"
)

// Inspect describes the name at the cursor: its declaration, for a variable of
// the session its value, and its documentation with the equations of the paper.
// Detail 1 adds the source of what a cell has declared, and the methods of a
// type. The value of a variable is left out while a cell runs.
func (s *Session) Inspect(_ context.Context, code string, cursor, detail int) (kernel.Inspection, error) {
	off := cell.Offset(code, cursor)
	var r report
	if name := cell.MagicAt(code, off); name != "" {
		r.declaration = "magic." + name
		r.document(magicPath, name)
	} else {
		r = s.describe(s.check.At(cell.Blank(code), off), detail)
	}
	if r.declaration == "" {
		return kernel.Inspection{}, nil
	}
	return kernel.Inspection{Found: true, Data: map[string]any{
		"text/plain": r.plain(), "text/markdown": r.markdown(), "text/html": r.html(),
	}}, nil
}

const magicPath = "github.com/gocrate/gocrate/stdlib/magic"

// report is what there is to say of a name.
type report struct {
	declaration string // Go; "" if the name is unknown
	origin      string // the cell that declared it
	value       []line
	equations   []stdlib.Equation
	doc         stdlib.Documentation
	more        string // Go: source, or the methods of a type
}

func (s *Session) describe(f check.Found, detail int) (r report) {
	obj := f.Object
	if obj == nil || obj.Pkg() == nil {
		if _, isPackage := obj.(*types.PkgName); !isPackage {
			w := words[f.Name]
			return report{declaration: w.form, doc: stdlib.Documentation{Comment: w.text}}
		}
	}
	r.declaration = declaration(obj)
	switch p, _ := obj.(*types.PkgName); {
	case p != nil:
		r.document(p.Imported().Path(), "")
	case obj.Pkg().Path() == "main":
		s.own(&r, obj, detail)
	default:
		r.document(obj.Pkg().Path(), symbol(obj))
		if _, ok := obj.(*types.TypeName); ok && r.doc.Declaration != "" {
			r.declaration = r.doc.Declaration
		}
		if detail > 0 {
			r.more = r.doc.Members
		}
	}
	if f.Var != nil {
		r.value = s.valueOf(f)
	}
	return r
}

func (r *report) document(path, symbol string) {
	r.doc, _ = stdlib.Doc(path, symbol)
	r.equations = stdlib.Equations(path, symbol)
}

// own describes what a cell has declared.
func (s *Session) own(r *report, obj types.Object, detail int) {
	d := s.check.Lookup(obj.Name())
	method := ""
	if f, ok := obj.(*types.Func); ok && f.Signature().Recv() != nil {
		base, _, _ := strings.Cut(symbol(obj), ".")
		d, method = s.check.Lookup(base), obj.Name()
	} else if d != nil && d.Obj != obj {
		d = nil // a name of the code that asks, or a field
	}
	if d == nil {
		return
	}
	excerpts := d.Excerpts(method)
	if len(excerpts) == 0 {
		r.origin = d.Source.Name
		return
	}
	r.origin, r.doc = excerpts[0].Cell, stdlib.Documentation{Comment: excerpts[0].Doc}
	if detail > 0 {
		r.more = joinExcerpts(excerpts)
	}
}

// joinExcerpts writes the cell of an excerpt above it where it is another than
// that of the first.
func joinExcerpts(all []check.Excerpt) string {
	var texts []string
	for _, e := range all {
		if e.Cell != all[0].Cell {
			e.Code = "// " + e.Cell + "\n" + e.Code
		}
		texts = append(texts, e.Code)
	}
	return strings.Join(texts, "\n\n")
}

// valueOf tells the value of a variable or a part of one, if no code of the
// user's runs that may change it.
func (s *Session) valueOf(f check.Found) (lines []line) {
	const busy = "not shown while a cell runs"
	if !s.loading.TryLock() {
		return []line{{"value", busy}}
	}
	defer s.loading.Unlock() // none begins meanwhile
	if len(s.others(nil)) > 0 {
		return []line{{"value", busy}}
	}
	defer func() {
		if recover() != nil {
			lines = nil // an element that is not there
		}
	}()
	quiet := s.rt.Undisturbed(func() {
		if v, ok := s.engine.Variable(f.Var.Emit); ok {
			lines = summarize(f.Type, follow(v, f.Steps))
		}
	})
	if !quiet {
		return []line{{"value", "not shown while goroutines of earlier cells run"}}
	}
	return lines
}

// follow goes from a value to a part of it, through pointers.
func follow(v reflect.Value, steps []check.Step) reflect.Value {
	for _, step := range steps {
		for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
			v = v.Elem()
		}
		if step.Field >= 0 {
			v = v.Field(step.Field)
		} else {
			v = v.Index(step.Index)
		}
	}
	return v
}

// declaration writes an object as its declaration would read.
func declaration(obj types.Object) string {
	switch obj := obj.(type) {
	case *types.PkgName:
		return fmt.Sprintf("package %s // import %q", obj.Imported().Name(), obj.Imported().Path())
	case *types.TypeName:
		if n, ok := obj.Type().(*types.Named); ok {
			return "type " + obj.Name() + " " + structure(n.Underlying())
		}
	case *types.Const:
		name := obj.Name()
		if b, ok := obj.Type().(*types.Basic); !ok || b.Info()&types.IsUntyped == 0 {
			name += " " + types.TypeString(obj.Type(), check.ShortNames)
		}
		return fmt.Sprintf("const %s = %s", name, obj.Val())
	}
	return types.ObjectString(obj, check.ShortNames)
}

// structure writes a type, a struct or interface one member a line.
func structure(t types.Type) string {
	text := types.TypeString(t, check.ShortNames)
	head, body, ok := strings.Cut(text, "{")
	if !ok || len(text) < 60 || strings.Contains(body, "{") {
		return text
	}
	body = strings.TrimSuffix(body, "}")
	return head + " {\n\t" + strings.ReplaceAll(body, "; ", "\n\t") + "\n}"
}

// symbol is the name of an object in its package's documentation.
func symbol(obj types.Object) string {
	switch obj := obj.(type) {
	case *types.Func:
		if obj.Signature().Recv() == nil {
			break
		}
		t := types.Unalias(obj.Signature().Recv().Type())
		if p, ok := t.(*types.Pointer); ok {
			t = types.Unalias(p.Elem())
		}
		if n, ok := t.(*types.Named); ok {
			return n.Obj().Name() + "." + obj.Name()
		}
	case *types.Var:
		if owner := structOf(obj.Origin()); owner != "" {
			return owner + "." + obj.Name()
		}
	}
	return obj.Name()
}

// structOf returns the name of the type whose field a variable is, or "".
func structOf(field *types.Var) string {
	if !field.IsField() {
		return ""
	}
	scope := field.Pkg().Scope()
	for _, name := range scope.Names() {
		t, ok := scope.Lookup(name).(*types.TypeName)
		if !ok {
			continue
		}
		if s, ok := t.Type().Underlying().(*types.Struct); ok {
			for f := range s.Fields() {
				if f == field {
					return name
				}
			}
		}
	}
	return ""
}
