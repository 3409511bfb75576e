package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"github.com/gocrate/gocrate/kernel/golang/closures"
	"github.com/gocrate/gocrate/kernel/golang/rt"
	"golang.org/x/tools/go/ast/astutil"
)

// Functions of plain data are not interpreted but compiled; see package
// closures. What is left of one for the interpreter hands its arguments to a
// variable that the engine makes the compiled function when the cell is loaded:
//
//	func f(n int) int { return ꞏc7_0(n) }

// compileFuncs compiles those functions of the unit that can be.
func (l *lowerer) compileFuncs() {
	if l.machine == nil {
		l.closures = &closures.Unit{}
		return
	}
	var decls []closures.Decl
	for _, n := range l.u.Nodes {
		fn, ok := n.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if obj, ok := l.info.Defs[fn.Name].(*types.Func); ok && l.closureName(fn) != "" {
			decls = append(decls, closures.Decl{Syntax: fn, Name: l.closureName(fn), Display: displayName(fn), Sig: withReceiver(obj.Signature())})
		}
	}
	l.closures = l.machine.Compile(l.u.Number, closures.Source{
		Info: l.info, Place: l.placeOf, Callee: l.userFunc, Global: l.globalName, Library: l.machine.Library,
		Method: l.userMethod, User: func(t *types.TypeName) bool { return t.Pkg() == l.pkg || rt.IsUser(t.Pkg()) },
		Loose: func(t types.Type) bool { return looseElem(t) != nil || isRecursiveFunc(t) || isEmulated(t) },
	}, decls)
}

// isEmulated reports whether t is a generic struct of a package: cells have one
// of package generic's in its place.
func isEmulated(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.TypeArgs() == nil || rt.IsUser(n.Obj().Pkg()) {
		return false
	}
	_, isStruct := n.Underlying().(*types.Struct)
	return isStruct
}

// closureName is the engine's name of a function or method, "" for one that is
// not compiled.
func (l *lowerer) closureName(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return l.u.FuncName(fn)
	}
	if obj, ok := l.info.Defs[fn.Name].(*types.Func); ok {
		return l.userMethod(obj)
	}
	return ""
}

// userMethod returns the engine's name of a method, T.m, or "".
func (l *lowerer) userMethod(fn *types.Func) string {
	recv := fn.Signature().Recv()
	if !rt.IsUser(fn.Pkg()) || recv == nil || types.IsInterface(recv.Type()) {
		return ""
	}
	n, ok := types.Unalias(deref(recv.Type())).(*types.Named)
	if !ok || isLocal(n.Obj()) {
		return ""
	}
	name := l.u.EmitName(n.Obj())
	switch {
	case n.TypeParams() != nil:
		if name = l.u.InstanceName(n.Origin().Obj(), n.TypeArgs()); name == "" {
			return ""
		}
	case name == "":
		name = n.Obj().Name()
	}
	return name + "." + fn.Name()
}

// withReceiver is the signature of a method as a function.
func withReceiver(sig *types.Signature) *types.Signature {
	if sig.Recv() == nil {
		return sig
	}
	params := []*types.Var{sig.Recv()}
	for v := range sig.Params().Variables() {
		params = append(params, v)
	}
	return types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), sig.Results(), sig.Variadic())
}

// placeOf returns the number by which an error names the line of a position.
func (l *lowerer) placeOf(pos token.Pos) int {
	p := l.fset.Position(pos)
	return PlaceNumber(l.serial(p.Filename), p.Line)
}

// userFunc returns the engine's name of the function that an identifier stands
// for, or "".
func (l *lowerer) userFunc(id *ast.Ident) string {
	fn, ok := l.info.Uses[id].(*types.Func)
	if !ok || !rt.IsUser(fn.Pkg()) || fn.Signature().Recv() != nil {
		return ""
	}
	if inst, ok := l.info.Instances[id]; ok {
		return l.u.InstanceName(fn, inst.TypeArgs)
	}
	if name := l.u.EmitName(fn); name != "" {
		return name
	}
	return fn.Name()
}

// globalName returns the engine's name of a variable outside functions, or "".
func (l *lowerer) globalName(obj types.Object) string {
	v, ok := obj.(*types.Var)
	if !ok || v.IsField() {
		return ""
	}
	return l.u.EmitName(v)
}

// compiledBody is the body of a declaration that was compiled, or nil.
func (l *lowerer) compiledBody(d *ast.FuncDecl) *ast.BlockStmt {
	if !l.hasClosures(d) {
		return nil
	}
	n := l.closures.Index(l.closureName(d))
	c := call(ast.NewIdent(l.entry(n)))
	params := d.Type.Params.List
	if d.Recv != nil {
		params = append(d.Recv.List[:1:1], params...)
	}
	for _, f := range params {
		for _, id := range f.Names {
			c.Args = append(c.Args, ast.NewIdent(id.Name))
		}
	}
	var s ast.Stmt = exprStmt(c)
	if d.Type.Results.NumFields() > 0 {
		s = &ast.ReturnStmt{Results: list(c)}
	}
	return &ast.BlockStmt{Lbrace: d.Body.Lbrace, List: []ast.Stmt{s}, Rbrace: d.Body.Rbrace}
}

// entry names the variable of a compiled function.
func (l *lowerer) entry(n int) string { return fmt.Sprintf("ꞏc%d_%d", l.u.Number, n) }

// entries declares the variables of the compiled functions.
func (l *lowerer) entries() []ast.Decl {
	var decls []ast.Decl
	for n, f := range l.closures.Funcs {
		if !f.Entered {
			continue
		}
		sig := types.NewSignatureType(nil, nil, nil, f.Sig.Params(), f.Sig.Results(), false)
		decls = append(decls, l.funcVar(l.entry(n), sig))
	}
	for n, o := range l.closures.Outers {
		decls = append(decls, l.funcVar(l.outer(n), o.Func.Signature()))
	}
	return decls
}

func (l *lowerer) funcVar(name string, sig *types.Signature) ast.Decl {
	return &ast.GenDecl{Tok: token.VAR, TokPos: l.pos(), Specs: []ast.Spec{&ast.ValueSpec{
		Names: []*ast.Ident{{Name: name, NamePos: l.pos()}}, Type: l.signature(sig, l.pos(), ""),
	}}}
}

// outer names the variable that holds an interpreted function for compiled code.
func (l *lowerer) outer(n int) string { return fmt.Sprintf("ꞏo%d_%d", l.u.Number, n) }

// bindings names the variables that compiled code must be given: those that it is
// called by, and those that it uses; "" is none.
func (l *lowerer) bindings() (names []string) {
	if len(l.closures.Funcs) == 0 {
		return nil // the variables are of functions that could not be compiled
	}
	for n, f := range l.closures.Funcs {
		name := l.entry(n)
		if !f.Entered {
			name = ""
		}
		names = append(names, name)
	}
	for _, g := range l.closures.Globals {
		names = append(names, g.Name)
	}
	for n := range l.closures.Outers {
		names = append(names, l.outer(n))
	}
	return names
}

// fillOuters puts the interpreted functions into their variables.
func (l *lowerer) fillOuters() (out []ast.Stmt) {
	for n, o := range l.closures.Outers {
		out = append(out, assign(list(ast.NewIdent(l.outer(n))), l.literalOf(ast.NewIdent(o.Name), o.Func.Signature(), l.pos())))
	}
	return out
}

// compileParts replaces the loops and function literals under a node that can be
// compiled by calls, where the function round them stays with the interpreter.
func (l *lowerer) compileParts(root ast.Node, display string) {
	if l.machine == nil {
		return
	}
	astutil.Apply(root, func(c *astutil.Cursor) bool {
		n, part := len(l.closures.Funcs), c.Node()
		switch x := part.(type) {
		case *ast.FuncLit:
			if region, ok := l.compileLiteral(c, x, display); ok {
				c.Replace(l.callOf(region, n, part))
				return false
			}
		case ast.Stmt:
			if !isLoop(x) {
				return true
			}
			if region, ok := l.closures.CompileLoop(x, display); ok {
				c.Replace(exprStmt(l.callOf(region, n, part)))
				return false
			}
		}
		return true
	}, nil)
}

// compileLiteral compiles a literal that is a value, if it can be.
func (l *lowerer) compileLiteral(c *astutil.Cursor, x *ast.FuncLit, display string) (*closures.Region, bool) {
	if call, ok := c.Parent().(*ast.CallExpr); ok && call.Fun == x {
		return nil, false
	}
	return l.closures.CompileLiteral(x, display)
}

// callOf calls the n-th function, which stands for a part of the syntax.
func (l *lowerer) callOf(region *closures.Region, n int, part ast.Node) *ast.CallExpr {
	x := &ast.CallExpr{Fun: &ast.Ident{Name: l.entry(n), NamePos: part.Pos()}, Lparen: part.Pos(), Rparen: part.Pos()}
	l.info.Types[x.Fun] = types.TypeAndValue{Type: region.Sig}
	l.info.Types[x] = types.TypeAndValue{Type: types.NewTuple()}
	if lit, ok := part.(*ast.FuncLit); ok {
		l.info.Types[x] = l.info.Types[lit]
	}
	for _, obj := range region.Vars {
		x.Args = append(x.Args, l.addressOf(obj, part.Pos()))
	}
	return x
}

func isLoop(s ast.Stmt) bool {
	if lab, ok := s.(*ast.LabeledStmt); ok {
		s = lab.Stmt
	}
	switch s.(type) {
	case *ast.ForStmt, *ast.RangeStmt:
		return true
	}
	return false
}

// addressOf is &x for a variable of the function being lowered.
func (l *lowerer) addressOf(obj types.Object, pos token.Pos) ast.Expr {
	id := &ast.Ident{Name: l.ownName(obj), NamePos: pos}
	l.info.Uses[id] = obj
	l.info.Types[id] = types.TypeAndValue{Type: obj.Type()}
	x := &ast.UnaryExpr{OpPos: pos, Op: token.AND, X: id}
	l.info.Types[x] = types.TypeAndValue{Type: types.NewPointer(obj.Type())}
	return x
}

// hasClosures reports whether a node is a declaration that interpreted code calls
// as closures.
func (l *lowerer) hasClosures(n ast.Node) bool {
	d, ok := n.(*ast.FuncDecl)
	if !ok || l.closureName(d) == "" {
		return false
	}
	i := l.closures.Index(l.closureName(d))
	return i >= 0 && l.closures.Funcs[i].Entered
}
