package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"sort"
	"strings"

	"github.com/gocrate/gocrate/kernel/golang/cell"
)

// Candidate is a name that could stand at the cursor.
type Candidate struct {
	Name   string
	Kind   string // function, method, field, variable, constant, type, interface, struct, module, keyword, label
	Type   string
	Object types.Object // nil for keywords
}

// marker stands for the name being completed; no user writes it.
const marker = "ꞏꞏ"

// Complete returns the names that can stand where code is cut: before is the
// code up to the name being typed, prefix what is typed of it, after the rest.
func (s *Session) Complete(before, prefix, after string) (found []Candidate) {
	s.mu.Lock()
	defer s.mu.Unlock()
	// Types of invalid declarations may be half made; looking into one panics.
	defer func() {
		if recover() != nil {
			found = nil
		}
	}()
	first := 0 // so many of them come first
	b, id := s.tolerant(before+marker+after, before+marker)
	if b == nil {
		return nil
	}
	labels, isLabel := b.labels(id)
	switch sel := b.selectorOf(id); {
	case sel != nil:
		found = b.members(sel)
	case isLabel:
		found = labels
	default:
		found = b.keys(id)
		first = len(found)
		found = append(found, b.inScope(id)...)
	}
	return append(fitting(found[:first:first], prefix), fitting(found[first:], prefix)...)
}

// fitting returns the candidates that begin with prefix, those in its own
// letters' case first.
func fitting(found []Candidate, prefix string) []Candidate {
	var kept []Candidate
	for _, c := range found {
		if hasPrefixFold(c.Name, prefix) && !strings.ContainsRune(c.Name, VersionMark) {
			kept = append(kept, c)
		}
	}
	sort.SliceStable(kept, func(i, j int) bool {
		a, b := strings.HasPrefix(kept[i].Name, prefix), strings.HasPrefix(kept[j].Name, prefix)
		return a && !b || a == b && kept[i].Name < kept[j].Name
	})
	return kept
}

// tolerant checks unfinished code, with the marker in it, as far as it goes.
// Where all of it gives nothing, the code up to the cursor is closed by what
// brackets it needs.
func (s *Session) tolerant(codes ...string) (*builder, *ast.Ident) {
	for _, code := range codes {
		for _, text := range []string{code, code + closers(code)} {
			b := s.newBuilder(parse(s.fset, text), 0, nil)
			b.buildTolerant()
			if id := b.find(marker); id != nil {
				return b, id
			}
		}
	}
	return nil, nil
}

// parse reads code that need not be complete.
func parse(fset *token.FileSet, code string) *cell.Cell {
	c, _ := cell.Parse(fset, "In[0]", code)
	return c
}

// buildTolerant is build for code with errors: it checks what there is.
func (b *builder) buildTolerant() {
	b.collect()
	b.orderVars()
	b.body = bodyFunc(b.c)
	declared := b.checkSignatures()
	b.checkBodies(declared, b.hoisted())
}

// inspect walks the cell's declarations and statements.
func (b *builder) inspect(f func(ast.Node) bool) {
	ast.Inspect(b.body, f)
	for _, it := range b.items {
		for _, n := range it.nodes {
			ast.Inspect(n.decl, f)
		}
	}
}

func (b *builder) find(name string) *ast.Ident {
	var found *ast.Ident
	b.inspect(func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == name {
			found = id
		}
		return found == nil
	})
	return found
}

// selectorOf returns the selector expression whose member is id.
func (b *builder) selectorOf(id *ast.Ident) *ast.SelectorExpr {
	var found *ast.SelectorExpr
	b.inspect(func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel == id {
			found = sel
		}
		return found == nil
	})
	return found
}

// inScope lists the names visible at an identifier.
func (b *builder) inScope(id *ast.Ident) []Candidate {
	seen := map[string]bool{}
	var out []Candidate
	add := func(obj types.Object) {
		if obj != nil && !seen[obj.Name()] && obj.Name() != marker {
			seen[obj.Name()] = true
			out = append(out, candidate(obj))
		}
	}
	if scope := b.innermost(id.Pos()); scope != nil {
		for ; scope != nil && scope != types.Universe; scope = scope.Parent() {
			for _, name := range scope.Names() {
				if obj := scope.Lookup(name); obj.Pos() < id.Pos() || obj.Parent() != scope {
					add(obj)
				}
			}
		}
	}
	for _, d := range b.decls {
		add(d.Obj)
	}
	for _, name := range types.Universe.Names() {
		add(types.Universe.Lookup(name))
	}
	for _, name := range b.libraryNames() {
		if !seen[name] {
			out = append(out, Candidate{Name: name, Kind: "module"})
		}
	}
	for t := token.BREAK; t <= token.VAR; t++ {
		out = append(out, Candidate{Name: t.String(), Kind: "keyword"})
	}
	return out
}

func (b *builder) libraryNames() []string {
	if l, ok := b.lib.(interface{ Names() []string }); ok {
		return l.Names()
	}
	return nil
}

// innermost returns the smallest scope that holds a position.
func (b *builder) innermost(pos token.Pos) *types.Scope {
	var best *types.Scope
	for n, s := range b.info.Scopes {
		from, to := n.Pos(), n.End()
		if f, ok := n.(*ast.FuncType); ok {
			to = b.bodyEnd(f)
		}
		if from <= pos && pos <= to && (best == nil || s.Parent() != nil && isInside(s, best)) {
			best = s
		}
	}
	return best
}

// bodyEnd returns the end of the function that has the type; a function's
// scope is recorded under its type.
func (b *builder) bodyEnd(f *ast.FuncType) token.Pos {
	end := f.End()
	b.inspect(func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Type == f && n.Body != nil {
				end = n.End()
			}
		case *ast.FuncLit:
			if n.Type == f {
				end = n.End()
			}
		}
		return true
	})
	return end
}

func isInside(s, outer *types.Scope) bool {
	for ; s != nil; s = s.Parent() {
		if s == outer {
			return true
		}
	}
	return false
}

// closers returns the brackets that would close code's open ones.
func closers(code string) string {
	var stack []byte
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '(', '[', '{':
			stack = append(stack, map[byte]byte{'(': ')', '[': ']', '{': '}'}[c])
		case ')', ']', '}':
			if len(stack) > 0 {
				stack = stack[:len(stack)-1]
			}
		case '"', '\'', '`':
			i = skipQuoted(code, i)
		}
	}
	for i, j := 0, len(stack)-1; i < j; i, j = i+1, j-1 {
		stack[i], stack[j] = stack[j], stack[i]
	}
	return string(stack)
}

// skipQuoted returns the index of the quote that ends the one at i.
func skipQuoted(code string, i int) int {
	q := code[i]
	for j := i + 1; j < len(code); j++ {
		switch {
		case code[j] == '\\' && q != '`':
			j++
		case code[j] == q:
			return j
		case code[j] == '\n' && q != '`':
			return j
		}
	}
	return len(code)
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
