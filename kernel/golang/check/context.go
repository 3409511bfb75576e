package check

import (
	"go/ast"
	"go/token"
	"go/types"
)

// keys lists the fields that a key of a struct literal can name, if id stands
// where one could.
func (b *builder) keys(id *ast.Ident) (found []Candidate) {
	b.inspect(func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		named := map[string]bool{}
		here := false
		for _, x := range lit.Elts {
			if kv, ok := x.(*ast.KeyValueExpr); ok {
				x = kv.Key
			}
			if key, ok := x.(*ast.Ident); ok {
				named[key.Name] = true
				here = here || key == id
			}
		}
		if here {
			found = b.fieldsOf(lit, named)
		}
		return !here
	})
	return found
}

// fieldsOf lists the fields of a struct literal that have no value yet.
func (b *builder) fieldsOf(lit *ast.CompositeLit, named map[string]bool) (found []Candidate) {
	t := b.info.Types[lit].Type
	if t == nil {
		return nil
	}
	if p, ok := t.Underlying().(*types.Pointer); ok { // &T left out, in a list of *T
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	for f := range st.Fields() {
		if !named[f.Name()] && (f.Exported() || f.Pkg().Path() == "main") {
			found = append(found, candidate(f))
		}
	}
	return found
}

// labels lists the labels of the function round a break, continue or goto whose
// label id is, and reports whether it is one.
func (b *builder) labels(id *ast.Ident) (found []Candidate, ok bool) {
	var jump *ast.BranchStmt
	b.inspect(func(n ast.Node) bool {
		if s, is := n.(*ast.BranchStmt); is && s.Label == id {
			jump = s
		}
		return jump == nil
	})
	if jump == nil {
		return nil, false
	}
	b.inspect(func(n ast.Node) bool {
		if s, is := n.(*ast.LabeledStmt); is {
			round := s.Pos() <= id.Pos() && id.Pos() <= s.End()
			if round || jump.Tok == token.GOTO {
				found = append(found, Candidate{Name: s.Label.Name, Kind: "label"})
			}
		}
		return true
	})
	return found, true
}
