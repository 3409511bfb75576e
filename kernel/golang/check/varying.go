package check

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// In a generic body T(1) is no constant, and neither is len(a) of an a of type
// T: they are computed at run time, wrap round and round as variables do, and
// may repeat in a switch. In an instance, where T is int, the checker would
// take them for constants. The calls that must not become any are noted while
// the generic body is checked, by their number in the body, and stand as
// arguments of a function while an instance is.

// bodyKey names the body of a generic function or of a method.
type bodyKey struct {
	source       *Source
	name, method string
}

// noteVarying notes the calls of a generic body that would be constants in an
// instance.
func (s *Session) noteVarying(src *Source, fn *ast.FuncDecl, info *types.Info) {
	var found map[int]bool
	eachCall(fn, func(n int, c *ast.CallExpr) {
		if varies(c, info) {
			if found == nil {
				found = map[int]bool{}
			}
			found[n] = true
		}
	})
	if found == nil {
		return
	}
	key := bodyKey{src, fn.Name.Name, ""}
	if fn.Recv != nil {
		key.name, key.method = receiverBase(fn), fn.Name.Name
	}
	if s.varying == nil {
		s.varying = map[bodyKey]map[int]bool{}
	}
	s.varying[key] = found
}

// eachCall numbers the calls of a function.
func eachCall(fn *ast.FuncDecl, f func(n int, c *ast.CallExpr)) {
	n := 0
	ast.Inspect(fn, func(x ast.Node) bool {
		if c, ok := x.(*ast.CallExpr); ok {
			f(n, c)
			n++
		}
		return true
	})
}

// varies reports whether only a type parameter keeps a call from being
// constant: it converts a constant, or measures an array.
func varies(c *ast.CallExpr, info *types.Info) bool {
	if len(c.Args) != 1 || info.Types[c].Value != nil {
		return false
	}
	if fun := info.Types[c.Fun]; fun.IsType() {
		return isTypeParam(fun.Type) && info.Types[c.Args[0]].Value != nil
	}
	if id, ok := ast.Unparen(c.Fun).(*ast.Ident); !ok || !info.Types[c.Fun].IsBuiltin() || id.Name != "len" && id.Name != "cap" {
		return false
	}
	arg := info.Types[c.Args[0]].Type
	return arg != nil && hasTypeParam(arg, nil)
}

func isTypeParam(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.TypeParam)
	return ok
}

// shield puts the numbered calls of a function behind calls of a function that
// returns its argument. What it returns removes them after the check, and says
// in info that the calls have no constant values.
func shield(fn *ast.FuncDecl, numbers map[int]bool, scope *types.Scope) (restore func(info *types.Info)) {
	if len(numbers) == 0 {
		return func(*types.Info) {}
	}
	scope.Insert(identity)
	marked, inner := map[ast.Node]bool{}, map[*ast.CallExpr]*ast.CallExpr{}
	eachCall(fn, func(n int, c *ast.CallExpr) { marked[c] = numbers[n] })
	astutil.Apply(fn, nil, func(c *astutil.Cursor) bool {
		if call, ok := c.Node().(*ast.CallExpr); ok && marked[call] {
			id := &ast.Ident{Name: identity.Name(), NamePos: call.Pos()}
			outer := &ast.CallExpr{Fun: id, Lparen: call.Pos(), Args: []ast.Expr{call}, Rparen: call.End()}
			inner[outer] = call
			c.Replace(outer)
		}
		return true
	})
	return func(info *types.Info) {
		astutil.Apply(fn, nil, func(c *astutil.Cursor) bool {
			if outer, ok := c.Node().(*ast.CallExpr); ok && inner[outer] != nil {
				call := inner[outer]
				info.Types[call] = info.Types[outer]
				delete(info.Instances, outer.Fun.(*ast.Ident))
				c.Replace(call)
			}
			return true
		})
	}
}

// identity is func[T any](x T) T.
var identity = func() *types.Func {
	t := types.NewTypeParam(types.NewTypeName(token.NoPos, nil, "T", nil), types.Universe.Lookup("any").Type())
	one := func() *types.Tuple { return types.NewTuple(types.NewParam(token.NoPos, nil, "", t)) }
	return types.NewFunc(token.NoPos, nil, "ꞏidentity", types.NewSignatureType(nil, nil, []*types.TypeParam{t}, one(), one(), false))
}()
