package check

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gocrate/gocrate/kernel/golang/cell"
)

// Found is what a name of the code stands for.
type Found struct {
	Name   string
	Object types.Object // nil if nobody declares the name: a keyword, or unknown
	// Var is the variable of the session in which the value of the expression
	// that ends with the name lies, and Steps the way to it; Var is nil if the
	// expression is none of variables, fields, elements and pointers.
	Var   *Decl
	Steps []Step
	Type  types.Type // of that value
}

// Step leads from a value to one of its parts.
type Step struct {
	Field int // of a struct; -1: Index applies
	Index int // of a slice or array
}

// At returns what the name stands for whose identifier touches the byte offset.
// Where there is none, it is the function in whose call the offset lies.
func (s *Session) At(code string, offset int) (f Found) {
	s.mu.Lock()
	defer s.mu.Unlock()
	start, end := word(code, offset)
	if start == end {
		start, end = callee(code, offset)
	}
	if start == end {
		return Found{}
	}
	f.Name = code[start:end]
	defer func() {
		if recover() != nil {
			f = Found{Name: f.Name} // as in Complete
		}
	}()
	b := s.newBuilder(parse(s.fset, code), 0, nil)
	b.buildTolerant()
	id, expr := b.identAt(f.Name, lineCol(code, start))
	if id != nil {
		f.Object = b.info.ObjectOf(id)
	}
	if f.Object != nil {
		b.locate(&f, expr)
		return f
	}
	if f.Object = s.objectByName(f.Name); f.Object != nil && s.decls[f.Name] != nil {
		b.locate(&f, &ast.Ident{Name: f.Name})
	}
	return f
}

// identAt returns the identifier of a name at a position, and the selector
// expression that it ends, or itself.
func (b *builder) identAt(name string, p token.Position) (found *ast.Ident, expr ast.Expr) {
	b.inspect(func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if b.isAt(n.Sel, name, p) {
				found, expr = n.Sel, n
			}
		case *ast.Ident:
			if found == nil && b.isAt(n, name, p) {
				found, expr = n, n
			}
		}
		return found == nil
	})
	return found, expr
}

func (b *builder) isAt(id *ast.Ident, name string, p token.Position) bool {
	q := b.fset.Position(id.Pos())
	return id.Name == name && q.Line == p.Line && q.Column == p.Column
}

// locate finds the way to the value of an expression.
func (b *builder) locate(f *Found, expr ast.Expr) {
	d, steps, ok := b.way(expr)
	if !ok {
		return
	}
	f.Var, f.Steps, f.Type = d, steps, d.Obj.Type()
	if tv, ok := b.info.Types[expr]; ok && tv.Type != nil {
		f.Type = tv.Type
	}
}

func (b *builder) way(expr ast.Expr) (*Decl, []Step, bool) {
	switch x := expr.(type) {
	case *ast.Ident:
		d := b.decls[x.Name]
		return d, nil, d != nil && d.Kind == Var && b.isSessions(b.info.ObjectOf(x), d)
	case *ast.ParenExpr:
		return b.way(x.X)
	case *ast.StarExpr:
		return b.way(x.X)
	case *ast.SelectorExpr:
		d, steps, ok := b.way(x.X)
		sel := b.info.Selections[x]
		if !ok || sel == nil || sel.Kind() != types.FieldVal {
			return nil, nil, false
		}
		for _, i := range sel.Index() {
			steps = append(steps, Step{Field: i})
		}
		return d, steps, true
	case *ast.IndexExpr:
		d, steps, ok := b.way(x.X)
		v := b.info.Types[x.Index].Value
		if !ok || v == nil || v.Kind() != constant.Int {
			return nil, nil, false
		}
		i, _ := constant.Int64Val(v)
		return d, append(steps, Step{Field: -1, Index: int(i)}), true
	}
	return nil, nil, false
}

// isSessions reports whether an object of the code is a variable of the session:
// the variable itself, or one that the code would put into its place.
func (b *builder) isSessions(obj types.Object, d *Decl) bool {
	if obj == nil || obj == d.Obj || obj == b.pkgVars[d.Name] {
		return true
	}
	return obj.Parent() == b.info.Scopes[b.body.Type] && types.Identical(obj.Type(), d.Obj.Type())
}

// word returns the identifier that touches a byte offset.
func word(code string, offset int) (start, end int) {
	end = min(max(offset, 0), len(code))
	for end < len(code) {
		r, n := utf8.DecodeRuneInString(code[end:])
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		end += n
	}
	return cell.IdentBefore(code, end), end
}

// callee returns the name of the function in whose argument list the offset
// lies, with no name at it.
func callee(code string, offset int) (start, end int) {
	var open []int
	for i := 0; i < min(max(offset, 0), len(code)); i++ {
		switch code[i] {
		case '(', '[', '{':
			open = append(open, i)
		case ')', ']', '}':
			open = open[:max(len(open)-1, 0)]
		case '"', '\'', '`':
			i = skipQuoted(code, i)
		}
	}
	for len(open) > 0 && code[open[len(open)-1]] != '(' {
		open = open[:len(open)-1]
	}
	if len(open) == 0 {
		return 0, 0
	}
	end = open[len(open)-1]
	return cell.IdentBefore(code, end), end
}

// objectByName finds a name without a syntax tree round it.
func (s *Session) objectByName(name string) types.Object {
	if d := s.decls[name]; d != nil {
		return d.Obj
	}
	if paths := s.lib.ByName(name); len(paths) > 0 {
		if pkg, err := s.lib.Import(paths[0]); err == nil {
			return types.NewPkgName(token.NoPos, nil, name, pkg)
		}
	}
	return types.Universe.Lookup(name)
}

func lineCol(code string, offset int) token.Position {
	before := code[:offset]
	return token.Position{Line: 1 + strings.Count(before, "\n"), Column: offset - strings.LastIndex(before, "\n")}
}
