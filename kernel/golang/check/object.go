package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gocrate/gocrate/kernel/golang/cell"
)

// Object returns the object that a name of the code stands for: the one whose
// identifier covers the byte offset. The package is that of a qualified name.
func (s *Session) Object(code string, offset int) (obj types.Object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() {
		if recover() != nil {
			obj = nil // as in Complete
		}
	}()
	start, end := word(code, offset)
	if start == end {
		return nil
	}
	b := s.newBuilder(parse(s.fset, code), 0, nil)
	b.buildTolerant()
	p := lineCol(code, start)
	var found *ast.Ident
	b.inspect(func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == code[start:end] {
			if q := b.fset.Position(id.Pos()); q.Line == p.Line && q.Column == p.Column {
				found = id
			}
		}
		return found == nil
	})
	if found != nil {
		if obj := b.info.Uses[found]; obj != nil {
			return obj
		}
		if obj := b.info.Defs[found]; obj != nil {
			return obj
		}
	}
	return s.objectByName(code[start:end])
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
