package golang

import (
	"context"
	"fmt"
	"go/types"
	"strings"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/golang/cell"
	"github.com/gocrate/gocrate/kernel/golang/check"
	"github.com/gocrate/gocrate/stdlib"
)

// Complete offers the names that can stand at the cursor, also while a cell
// runs: it asks the checker, not the interpreter.
func (s *Session) Complete(_ context.Context, code string, cursor int) (kernel.Completion, error) {
	off := cell.Offset(code, cursor)
	code = cell.Blank(code)
	start := cell.IdentBefore(code, off)
	c := kernel.Completion{Start: cell.CodePoints(code, start), End: cell.CodePoints(code, off)}
	for _, m := range s.check.Complete(code[:start], code[start:off], code[off:]) {
		c.Matches = append(c.Matches, kernel.Match{Text: m.Name, Kind: m.Kind, Signature: m.Type})
	}
	return c, nil
}

// IsComplete says whether Enter should run the cell.
func (s *Session) IsComplete(_ context.Context, code string) (kernel.Completeness, error) {
	status, indent := cell.Completeness(code)
	return kernel.Completeness{Status: status, Indent: indent}, nil
}

// Inspect describes the name at the cursor: its declaration and its
// documentation.
func (s *Session) Inspect(_ context.Context, code string, cursor, _ int) (kernel.Inspection, error) {
	obj := s.check.Object(cell.Blank(code), cell.Offset(code, cursor))
	if obj == nil {
		return kernel.Inspection{}, nil
	}
	decl := declaration(obj)
	doc := s.doc(obj)
	plain := decl
	markdown := "```go\n" + decl + "\n```"
	if doc != "" {
		plain += "\n\n" + doc
		markdown += "\n\n" + doc
	}
	return kernel.Inspection{Found: true, Data: map[string]any{"text/plain": plain, "text/markdown": markdown}}, nil
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
		return fmt.Sprintf("const %s %s = %s", obj.Name(), types.TypeString(obj.Type(), check.ShortNames), obj.Val())
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

// doc returns the documentation of an object: that of a bundled package, or
// for a name of the session where it was declared.
func (s *Session) doc(obj types.Object) string {
	if p, ok := obj.(*types.PkgName); ok {
		return stdlib.Doc(p.Imported().Path(), "")
	}
	if obj.Pkg() == nil {
		return stdlib.Doc("builtin", obj.Name())
	}
	if obj.Pkg().Path() == "main" {
		if d := s.check.Lookup(obj.Name()); d != nil && d.Obj == obj {
			return "declared in " + d.Source.Name
		}
		return ""
	}
	return stdlib.Doc(obj.Pkg().Path(), symbol(obj))
}

// symbol is the name of an object in its package's documentation.
func symbol(obj types.Object) string {
	f, ok := obj.(*types.Func)
	if !ok || f.Signature().Recv() == nil {
		return obj.Name()
	}
	t := f.Signature().Recv().Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := t.(*types.Named); ok {
		return n.Obj().Name() + "." + obj.Name()
	}
	return obj.Name()
}
