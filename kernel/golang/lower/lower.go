// Package lower turns a checked cell into the Go that the interpreter runs
// right. The interpreter knows an older and smaller language than the
// compiler; what it would do differently is rewritten here, with the types
// that go/types found, into constructs that it does well, and what cannot be
// rewritten yet is refused with its position. Positions survive, so that
// errors at run time still name the line of the cell.
package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"sort"

	"github.com/gocrate/gocrate/kernel/golang/check"
	"github.com/gocrate/gocrate/kernel/golang/closures"
	"golang.org/x/tools/go/ast/astutil"
)

// Program is a lowered cell: a file to compile, and the function that runs it.
type Program struct {
	File  *ast.File
	Run   string // name of the function that runs the cell's statements
	Shown []Shown
	Vars  []*check.Decl // variables that the file declares
	// Renewed are the types of the file that are new versions with the same
	// structure, and Carried the variables that live on under such a type: by
	// name, with the name of the version before.
	Renewed, Carried map[string]string
	// Imports are the paths of the packages that the file names; it has no
	// import declarations, see [Alias].
	Imports []string
	// Funcs are the user's functions in the file, with their marks.
	Funcs  []*Func
	Number int // of the unit
	// Closures are the functions that need no interpreter, Bound the variables to
	// bind them to.
	Closures *closures.Unit
	Bound    []string
}

// Shown describes a trailing expression: the types of its values, by which
// they are displayed.
type Shown struct {
	Types []types.Type
}

// HelperPath is the import path of the helpers that lowered code calls.
const HelperPath = "gocrate/rt"

// MarkVar is the interpreted variable that holds the place of the statement
// being run; see [Place].
const MarkVar = "ꞏline"

// Lower rewrites u in place. Its syntax trees must not be used afterwards.
// The diagnostics say what cannot be run right; then the program is nil.
// Serial returns the number by which marks name the cell of a file name, ids
// the numbers of types; machine compiles what can be compiled, nothing if it is
// nil.
func Lower(fset *token.FileSet, u *check.Unit, serial func(name string) int, ids Types, machine *closures.Machine) (*Program, []check.Diagnostic) {
	l := &lowerer{
		fset: fset, serial: serial, machine: machine, u: u, info: u.Info, pkg: u.Pkg, identity: newIdentity(ids),
		imports: map[string]bool{},
		renamed: map[types.Object]string{},
		called:  map[ast.Expr]bool{}, places: map[ast.Node]bool{}, readers: map[ast.Expr]bool{}, marking: newMarking(),
		labels: map[ast.Stmt]string{}, deferred: map[*ast.FuncLit]bool{}, ranged: map[*ast.RangeStmt]types.Type{}, typeArg: map[*ast.CallExpr]bool{}, tupleArg: map[*ast.CallExpr]bool{},
	}
	l.rangeBody, l.checked, l.built = map[*ast.FuncLit]*funcRange{}, map[ast.Node]bool{}, map[*types.Named]bool{}
	p := l.program()
	if len(l.errs) > 0 {
		sort.SliceStable(l.errs, func(i, j int) bool {
			a, b := l.errs[i], l.errs[j]
			return a.Line < b.Line || a.Line == b.Line && a.Col < b.Col
		})
		return nil, l.errs
	}
	return p, nil
}

type lowerer struct {
	fset     *token.FileSet
	serial   func(name string) int
	machine  *closures.Machine
	closures *closures.Unit
	u        *check.Unit
	info     *types.Info
	pkg      *types.Package

	imports  map[string]bool               // paths of the packages used
	renamed  map[types.Object]string       // local objects under new names
	called   map[ast.Expr]bool             // expressions in call position
	places   map[ast.Node]bool             // expressions that are assigned to or addressed
	readers  map[ast.Expr]bool             // expressions of which only the methods of a reader are used
	labels   map[ast.Stmt]string           // labels of loops
	typeArg  map[*ast.CallExpr]bool        // calls of new with a type
	tupleArg map[*ast.CallExpr]bool        // calls whose one argument is a call of several results
	deferred map[*ast.FuncLit]bool         // literals that are deferred where they stand
	ranged   map[*ast.RangeStmt]types.Type // what loops range over
	frames   []*frame                      // functions being lowered, innermost last
	temps    int
	shown    []Shown
	errs     []check.Diagnostic

	rangeBody map[*ast.FuncLit]*funcRange // literals that are bodies of loops over functions
	checked   map[ast.Node]bool           // shifts whose count is not negative
	looped    map[*ast.FuncLit]bool       // literals that a function makes more than once
	lib       library                     // what the cell uses of the generic standard library
	locals    locals
	built     map[*types.Named]bool // see buildable
	identity
	recovering
	marking
}

func (l *lowerer) program() *Program {
	file := &ast.File{Package: l.pos(), Name: ast.NewIdent("main")}
	renewed, carried := map[string]string{}, map[string]string{}
	for _, n := range l.u.Nodes {
		l.uncoverBuiltins(n)
	}
	l.uncoverBuiltins(&ast.BlockStmt{List: l.u.Cell.Body})
	l.surveyRecovering()
	l.compileFuncs()
	for _, in := range l.u.InstanceTypes {
		file.Decls = append(file.Decls, l.instanceType(in))
		if before := l.u.Earlier(in); before != "" {
			renewed[in.Emit] = before
		}
	}
	for _, n := range l.u.Nodes {
		if d := l.decl(n); d != nil {
			file.Decls = append(file.Decls, d)
		}
	}
	l.locals.args = nil
	body := l.cellBody()
	file.Decls = append(file.Decls, l.libraryDecls()...)
	for _, v := range l.u.NewVars {
		file.Decls = append(file.Decls, l.varDecl(v))
	}
	for _, c := range l.u.Converted {
		file.Decls = append(file.Decls, l.varDecl(c.New))
		carried[c.New.Emit] = c.Old.Emit
	}
	for old, now := range l.u.Renewed {
		if now != nil {
			renewed[l.u.EmitName(now)] = l.u.EmitName(old)
			l.need(now.Type()) // values of the old version count as values of the new
		}
	}
	body = append(l.registerMethods(), body...)
	file.Decls = append(l.localDecls(), append(file.Decls, l.helpers...)...) // functions find their types declared
	run := fmt.Sprintf("cellꞏ%d", l.u.Number)
	l.nameFuncs(run, "")
	file.Decls = append(append(file.Decls, l.markVars()...), l.entries()...)
	file.Decls = append(file.Decls, &ast.FuncDecl{
		Name: ast.NewIdent(run), Type: &ast.FuncType{Params: &ast.FieldList{}},
		Body: &ast.BlockStmt{List: append(append(l.registerMarks(), l.fillOuters()...), body...)},
	})
	p := &Program{File: file, Run: run, Shown: l.shown, Vars: l.u.NewVars, Renewed: renewed, Carried: carried, Funcs: l.marked, Number: l.u.Number, Closures: l.closures, Bound: l.bindings()}
	for path := range l.imports {
		p.Imports = append(p.Imports, path)
	}
	sort.Strings(p.Imports)
	return p
}

func (l *lowerer) pos() token.Pos {
	if len(l.u.Cell.Body) > 0 {
		return l.u.Cell.Body[0].Pos()
	}
	return l.u.Cell.End
}

// decl lowers a declaration of the package. Constants vanish: every use of one
// is replaced by its value.
func (l *lowerer) decl(d ast.Decl) ast.Decl {
	switch d := d.(type) {
	case *ast.GenDecl:
		if d.Tok == token.CONST {
			return nil
		}
		spec := d.Specs[0].(*ast.TypeSpec)
		if l.isConstraint(spec) || l.isInterfaceSpec(spec) {
			return nil
		}
		if t := l.definedByName(spec); t != nil {
			return l.typeDecl(l.typeExpr(t, spec.Pos()).(*ast.Ident).Name, t, spec.Pos())
		}
	case *ast.FuncDecl:
		l.nameParams(d.Type.Params, d.Recv)
		l.locals.args = l.u.TypeArgs(d)
	}
	name, display := "", displayName(d)
	var body *ast.BlockStmt
	if fn, ok := d.(*ast.FuncDecl); ok {
		if body = l.compiledBody(fn); body != nil {
			fn.Body = block()
		} else {
			l.compileParts(fn, display)
		}
	}
	if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil {
		name = l.u.FuncName(fn)
	}
	d = l.rewrite(d).(ast.Decl)
	if name != "" {
		d.(*ast.FuncDecl).Name.Name = name
	}
	if fn, ok := d.(*ast.FuncDecl); ok {
		if body != nil {
			fn.Body = body
		}
		l.withDeferrer(fn)
		l.nameFuncs(fn.Name.Name, display)
	}
	return d
}

// rewrite lowers a tree in place and returns its root.
func (l *lowerer) rewrite(n ast.Node) ast.Node {
	switch n.(type) {
	case *ast.FuncDecl, *ast.FuncLit:
		l.simplify(n)
	}
	l.plainly(n)
	l.survey(n)
	l.findLooped(n)
	l.surveyConversions(n, nil)
	return astutil.Apply(n, l.preIdentity, l.postIdentity)
}

// survey notes what a node's parent means to it: which expressions are called,
// and which are places rather than values.
func (l *lowerer) survey(root ast.Node) {
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			l.called[ast.Unparen(n.Fun)] = true
			if len(n.Args) == 1 {
				tv := l.info.Types[n.Args[0]]
				l.typeArg[n] = tv.IsType()
				_, l.tupleArg[n] = tv.Type.(*types.Tuple)
			}
		case *ast.DeferStmt:
			l.deferCallee[n] = l.callee(n.Call)
			if lit, ok := n.Call.Fun.(*ast.FuncLit); ok {
				l.deferred[lit] = true
			}
		case *ast.IndexExpr:
			l.containers[n] = l.info.Types[n.X].Type
		case *ast.SliceExpr:
			l.containers[n] = l.info.Types[n.X].Type
		case *ast.LabeledStmt:
			l.labels[n.Stmt] = n.Label.Name
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				l.places[ast.Unparen(x)] = true
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				l.places[ast.Unparen(n.X)] = true
			}
		}
		return true
	})
}

// pre rewrites what must be seen before its parts are.
func (l *lowerer) pre(c *astutil.Cursor) bool {
	switch n := c.Node().(type) {
	case *ast.DeclStmt:
		if g, ok := n.Decl.(*ast.GenDecl); ok && g.Tok == token.CONST {
			c.Replace(&ast.EmptyStmt{Semicolon: n.Pos()})
			return false
		}
	case *ast.ArrayType:
		l.arrayLen(n)
	case *ast.RangeStmt:
		l.rangeVars(n)
	case *ast.ForStmt:
		l.loopVars(n)
	case *ast.FuncLit:
		l.nameParams(n.Type.Params, nil)
		l.enter(n, n.Body)
	case *ast.FuncDecl:
		l.enter(n, n.Body)
	}
	x, ok := c.Node().(ast.Expr)
	if !ok {
		return true
	}
	if v := l.constant(x); v != nil {
		c.Replace(v)
		return false
	}
	if y := l.computed(c); y != nil {
		c.Replace(y)
		return false
	}
	if y := l.instantiated(x); y != nil {
		c.Replace(y)
		return false
	}
	if y := l.library(x); y != nil {
		c.Replace(y)
		return false
	}
	if sel, ok := x.(*ast.SelectorExpr); ok {
		if y, done := l.qualified(sel); done {
			c.Replace(y)
			return false
		}
	}
	return true
}

// post rewrites a node whose parts are lowered.
func (l *lowerer) post(c *astutil.Cursor) bool {
	switch n := c.Node().(type) {
	case *ast.Ident:
		if name := l.name(n); name != "" {
			n.Name = name
		}
	case *ast.CompositeLit:
		l.literalFields(n)
		l.literalElements(n)
		l.literalPointers(n)
		l.literalStars(n)
	case *ast.SelectorExpr:
		l.selectedField(n)
		l.throughPointer(n)
		if y := l.methodValue(n); y != nil {
			c.Replace(y)
		}
	case *ast.CallExpr:
		l.boundCallee(n)
		l.callRecovering(n)
		l.packArgs(n)
		if y := l.call(n); y != nil {
			c.Replace(y)
		} else if y := l.callMethodExpr(n); y != nil {
			c.Replace(y)
		} else if y := l.reflectCall(n); y != nil {
			c.Replace(y)
		}
	case *ast.UnaryExpr:
		l.elementAddress(n)
		if y := l.literalAddress(n); y != nil {
			c.Replace(y)
		}
	case *ast.BinaryExpr:
		l.shift(n)
		l.beginCondition(n)
		l.endInNil(n)
	case *ast.AssignStmt:
		l.shift(n)
	case *ast.RangeStmt:
		if y := l.rangeStmt(n); y != nil {
			c.Replace(y)
		}
	case *ast.ValueSpec:
		if n.Type != nil {
			n.Type = ast.Unparen(n.Type) // the interpreter takes a type in parentheses for a value
		}
	case *ast.GoStmt:
		c.Replace(l.goStmt(n))
	case *ast.DeferStmt:
		c.Replace(l.deferStmt(n))
	case *ast.FuncDecl:
		if n.Body != nil {
			l.mark(n.Body)
		}
		l.leave(n.Type, n.Body)
	case *ast.FuncLit:
		l.mark(n.Body)
		if l.rangeBody[n] == nil {
			l.leave(n.Type, n.Body)
		}
		if y := l.ownFrame(n); y != nil {
			c.Replace(y)
		}
	}
	return true
}
