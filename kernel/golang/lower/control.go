package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// The interpreter's own control flow is not Go's: a labelled break out of a
// select does not end the loop, switches lose cases, multi-way assignments
// overwrite their operands. Before anything else is lowered, statements are
// therefore rewritten in terms of those that it does well: if, for, goto and
// single assignments. What is written here is Go with types, so that all
// later steps treat it like the user's own.

// control is the rewriting of one function.
type control struct {
	*lowerer
	sig     *types.Signature
	typ     *ast.FuncType
	results []*types.Var          // the results, if returns assign to them
	named   map[types.Object]bool // the results that have names
	outside map[types.Object]bool // those, the parameters and the receiver
	gotos   map[string]bool       // labels that goto statements name
	labels  map[string]string     // their new names
	targets []*target             // what break and continue may mean, innermost last
	ranges  []*funcRange          // range-over-func bodies around, innermost last
}

// target is a statement that break, or continue, can name.
type target struct {
	label       string
	loop        bool
	own         bool // loops keep their break and continue statements
	depth       int  // how many range-over-func bodies are around it
	body        *funcRange
	breakLabel  string // where goto leads instead, once it is needed
	continueTag string
}

// simplify rewrites the statements of a declaration or of the cell.
func (l *lowerer) simplify(root ast.Node) {
	if b, ok := root.(*ast.BlockStmt); ok {
		l.simplifyFunc(&ast.FuncType{}, nil, b)
	}
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Body != nil {
				l.simplifyFunc(n.Type, n, n.Body)
			}
		case *ast.FuncLit:
			if l.rangeBody[n] == nil {
				l.simplifyFunc(n.Type, n, n.Body)
			}
		}
		return true
	})
}

func (l *lowerer) simplifyFunc(typ *ast.FuncType, fn ast.Node, body *ast.BlockStmt) {
	c := &control{lowerer: l, typ: typ, gotos: map[string]bool{}, labels: map[string]string{}}
	inspectFunc(body, func(n ast.Node) {
		if b, ok := n.(*ast.BranchStmt); ok && b.Tok == token.GOTO {
			c.gotos[b.Label.Name] = true
		}
	})
	c.named = l.defined(typ.Results)
	c.outside = l.defined(typ.Results, typ.Params)
	if d, ok := fn.(*ast.FuncDecl); ok {
		c.outside = l.defined(typ.Results, typ.Params, d.Recv)
	}
	if defersDirectly(body) || c.returnsFromRange(body) || c.resultOutlives(body) {
		c.results = l.resultVars(typ)
	}
	body.List = c.list(body.List)
}

// resultOutlives reports whether a named result may be seen after the function
// has returned: then return assigns to it.
func (c *control) resultOutlives(body *ast.BlockStmt) bool {
	for obj := range c.named {
		if c.outlives(obj, body) {
			return true
		}
	}
	return false
}

// defined returns the variables that lists of fields declare.
func (l *lowerer) defined(lists ...*ast.FieldList) map[types.Object]bool {
	vars := map[types.Object]bool{}
	for _, fields := range lists {
		if fields == nil {
			continue
		}
		for _, f := range fields.List {
			for _, id := range f.Names {
				if obj := l.info.Defs[id]; obj != nil {
					vars[obj] = true
				}
			}
		}
	}
	return vars
}

// inspectFunc visits the nodes of a function body, not those of function
// literals inside it.
func inspectFunc(body ast.Node, f func(ast.Node)) {
	ast.Inspect(body, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok {
			return false
		}
		if n != nil {
			f(n)
		}
		return true
	})
}

// resultVars gives each result of a function a name that nothing in its body
// can hide.
func (l *lowerer) resultVars(typ *ast.FuncType) []*types.Var {
	vars := []*types.Var{}
	if typ.Results == nil {
		return vars
	}
	for _, f := range typ.Results.List {
		if len(f.Names) == 0 {
			f.Names = []*ast.Ident{{Name: "_", NamePos: f.Type.Pos()}}
		}
		for i, id := range f.Names {
			v, _ := l.info.Defs[id].(*types.Var)
			if v == nil || id.Name == "_" {
				v = types.NewVar(id.Pos(), l.pkg, l.temp("r"), l.info.Types[f.Type].Type)
				f.Names[i] = l.def(v)
			} else {
				l.renamed[v] = l.temp(v.Name())
			}
			vars = append(vars, v)
		}
	}
	return vars
}

// list rewrites a list of statements.
func (c *control) list(in []ast.Stmt) []ast.Stmt {
	out := make([]ast.Stmt, 0, len(in))
	for i, s := range in {
		out = append(out, c.checkShifts(s)...)
		c.fresh(s, &ast.BlockStmt{List: in[i+1:]})
		out = append(out, c.stmt(s, "")...)
	}
	return out
}

func (c *control) block(b *ast.BlockStmt) {
	if b != nil {
		b.List = c.list(b.List)
	}
}

// stmt rewrites a statement that bears a label, or "".
func (c *control) stmt(s ast.Stmt, label string) []ast.Stmt {
	switch s := s.(type) {
	case *ast.LabeledStmt:
		var out []ast.Stmt
		if c.gotos[s.Label.Name] {
			out = append(out, labelStmt(c.rename(s.Label.Name)))
		}
		return append(out, c.stmt(s.Stmt, s.Label.Name)...)
	case *ast.BlockStmt:
		c.block(s)
	case *ast.IfStmt:
		return c.ifStmt(s)
	case *ast.ForStmt:
		c.fresh(s.Init, s)
		s.Init, s.Post = c.simple(s.Init), c.simple(s.Post)
		return c.loop(s, s.Body, label)
	case *ast.RangeStmt:
		return c.rangeLoop(s, label)
	case *ast.SwitchStmt:
		return c.switchStmt(s, label)
	case *ast.TypeSwitchStmt:
		return c.typeSwitch(s, label)
	case *ast.SelectStmt:
		return c.selectStmt(s, label)
	case *ast.BranchStmt:
		return c.branch(s)
	case *ast.ReturnStmt:
		return c.returnStmt(s)
	case *ast.AssignStmt:
		return c.assignStmt(s)
	case *ast.IncDecStmt:
		return c.incDec(s)
	case *ast.DeclStmt:
		c.declaredBeside(s)
	}
	return []ast.Stmt{s}
}

// ifStmt rewrites an if statement.
func (c *control) ifStmt(s *ast.IfStmt) []ast.Stmt {
	c.fresh(s.Init, s)
	s.Init = c.simple(s.Init)
	c.block(s.Body)
	switch e := s.Else.(type) {
	case *ast.BlockStmt:
		c.block(e)
	case *ast.IfStmt:
		s.Else = c.ifStmt(e)[0]
	}
	return []ast.Stmt{s}
}

// simple rewrites a statement where only one is allowed.
func (c *control) simple(s ast.Stmt) ast.Stmt {
	var list []ast.Stmt
	switch n := s.(type) {
	case *ast.AssignStmt:
		if receivesBeside(n) {
			c.receiveElsewhere(n.Rhs)
		}
		list = c.assignStmt(n)
	case *ast.IncDecStmt:
		list = c.incDec(n)
	}
	if len(list) > 1 || len(list) == 1 && list[0] != s {
		return exprStmt(call(thunk(list...)))
	}
	return s
}

// push enters a statement that break can name.
func (c *control) push(label string, loop, own bool) *target {
	t := &target{label: label, loop: loop, own: own, depth: len(c.ranges)}
	c.targets = append(c.targets, t)
	return t
}

func (c *control) pop() { c.targets = c.targets[:len(c.targets)-1] }

// ended puts the label behind s to which its breaks lead, if there is one.
func (t *target) ended(list ...ast.Stmt) []ast.Stmt {
	if t.breakLabel == "" {
		return list
	}
	return []ast.Stmt{block(append(list, labelStmt(t.breakLabel))...)}
}

func labelStmt(name string) ast.Stmt {
	return &ast.LabeledStmt{Label: ast.NewIdent(name), Stmt: &ast.EmptyStmt{}}
}

func gotoStmt(label string, pos token.Pos) ast.Stmt {
	return &ast.BranchStmt{TokPos: pos, Tok: token.GOTO, Label: ast.NewIdent(label)}
}

// loop rewrites a loop whose break and continue statements stay.
func (c *control) loop(s ast.Stmt, body *ast.BlockStmt, label string) []ast.Stmt {
	t := c.push(label, true, true)
	c.block(body)
	c.pop()
	if t.continueTag != "" {
		body.List = append(body.List, labelStmt(t.continueTag))
	}
	return t.ended(s)
}

// rename returns the unique name of a label: the interpreter keeps labels among
// the variables.
func (c *control) rename(label string) string {
	if c.labels[label] == "" {
		c.labels[label] = c.temp("L" + label)
	}
	return c.labels[label]
}

// branch rewrites break, continue and goto.
func (c *control) branch(s *ast.BranchStmt) []ast.Stmt {
	switch s.Tok {
	case token.GOTO:
		if n := len(c.ranges); n > 0 && !c.ranges[n-1].labels[s.Label.Name] {
			return c.leaveRange(s)
		}
		return []ast.Stmt{gotoStmt(c.rename(s.Label.Name), s.Pos())}
	case token.FALLTHROUGH:
		return []ast.Stmt{s}
	}
	t := c.target(s)
	switch {
	case t.depth < len(c.ranges) && t.body != c.ranges[len(c.ranges)-1]:
		return c.leaveRange(s)
	case t.body != nil:
		return t.body.exit(s.Tok == token.CONTINUE, s.Pos())
	case s.Label == nil && t.own:
		return []ast.Stmt{s}
	case s.Tok == token.BREAK:
		if t.breakLabel == "" {
			t.breakLabel = c.temp("break")
		}
		return []ast.Stmt{gotoStmt(t.breakLabel, s.Pos())}
	}
	if t.continueTag == "" {
		t.continueTag = c.temp("continue")
	}
	return []ast.Stmt{gotoStmt(t.continueTag, s.Pos())}
}

// target returns what a break or continue statement means.
func (c *control) target(s *ast.BranchStmt) *target {
	for i := len(c.targets) - 1; ; i-- {
		t := c.targets[i]
		if s.Label != nil && t.label == s.Label.Name || s.Label == nil && (t.loop || s.Tok == token.BREAK) {
			return t
		}
	}
}
