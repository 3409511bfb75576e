package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
	"unicode"

	"github.com/gocrate/gocrate/kernel/golang/check"
)

// name returns the name that an identifier needs in the emitted file, or "".
func (l *lowerer) name(id *ast.Ident) string {
	obj := l.info.Uses[id]
	if obj == nil {
		obj = l.info.Defs[id]
	}
	if obj == nil {
		return ""
	}
	if name := l.renamed[obj]; name != "" {
		return name
	}
	if v, ok := obj.(*types.Var); ok && v.Embedded() {
		return l.embeddedName(v)
	}
	return l.u.EmitName(obj)
}

// uncoverBuiltins renames the local variables of a tree that have the name of
// what is built in, such as len or bool: what lowered code and the interpreter
// itself say by that name must not mean the variable.
func (l *lowerer) uncoverBuiltins(root ast.Node) {
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if obj := l.info.ObjectOf(n); l.hidesBuiltin(obj) {
				n.Name = l.ownName(obj)
			}
		case *ast.TypeSwitchStmt: // its variable is another one in each clause
			if a, ok := n.Assign.(*ast.AssignStmt); ok && isBuiltin(a.Lhs[0].(*ast.Ident).Name) {
				a.Lhs[0].(*ast.Ident).Name += "ꞏ"
			}
		}
		return true
	})
}

// ownName is the name of a local variable in the emitted file.
func (l *lowerer) ownName(obj types.Object) string {
	if l.hidesBuiltin(obj) {
		return obj.Name() + "ꞏ"
	}
	return obj.Name()
}

func (l *lowerer) hidesBuiltin(obj types.Object) bool {
	v, ok := obj.(*types.Var)
	return ok && !v.IsField() && isBuiltin(v.Name()) && l.u.EmitName(v) == ""
}

func isBuiltin(name string) bool { return types.Universe.Lookup(name) != nil }

// Alias returns the name under which all cells know a package. It starts with
// a letter that users' names do not have, so it can hide none of them.
func Alias(path string) string {
	return "ꞏ" + strings.Map(func(r rune) rune {
		if r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '_'
	}, path)
}

// alias names a package in the emitted file. The name has no position: the
// interpreter would look for it among the imports of the file of its position.
func (l *lowerer) alias(path string) *ast.Ident {
	l.imports[path] = true
	return ast.NewIdent(Alias(path))
}

// temp returns a fresh name.
func (l *lowerer) temp(prefix string) string {
	l.temps++
	return fmt.Sprintf("ꞏ%s%d", prefix, l.temps)
}

// refuse reports a construct that cannot be run right, with a way round.
func (l *lowerer) refuse(pos token.Pos, msg, way string) {
	l.errs = append(l.errs, check.At(l.fset.Position(pos), l.u.Cell.Code, msg, way))
}

// nameParams names the unnamed parameters of a function: the interpreter loses
// count of them when it is a method that is called through an interface, or a
// literal.
func (l *lowerer) nameParams(params, recv *ast.FieldList) {
	fields := append([]*ast.Field(nil), params.List...)
	if recv != nil {
		fields = append(fields, recv.List...)
	}
	for _, f := range fields {
		if len(f.Names) == 0 {
			f.Names = []*ast.Ident{ast.NewIdent(l.temp("p"))}
		}
		for _, id := range f.Names {
			if id.Name == "_" {
				id.Name = l.temp("p")
			}
		}
	}
}
