package check

import (
	"go/ast"
	"go/types"
	"sort"

	"github.com/gocrate/gocrate/kernel/golang/cell"
)

// Unit is a checked cell with all that must be compiled for it to run: its own
// declarations, the earlier ones that depend on what it replaced, and its
// statements.
type Unit struct {
	Cell   *cell.Cell
	Source *Source
	Number int
	Pkg    *types.Package // the session's
	// Declared holds what the unit declares, among what it mentions.
	Declared map[string]types.Object
	Info     *types.Info

	Decls     []*Decl     // new versions of functions, types and constants, to be emitted
	Nodes     []ast.Decl  // their syntax: FuncDecl and GenDecl of type or const
	Inits     []string    // engine names of the cell's init functions
	Vars      []*Decl     // variables of the cell's statements
	NewVars   []*Decl     // those of them that need new storage
	Converted []Converted // variables whose type got a new version
	Dropped   []Dropped   // declarations that this cell ends
	// Renewed are the types that got a new version: old → new, nil if the
	// structure differs.
	Renewed map[*types.TypeName]*types.TypeName

	// InstanceTypes are the generic types to emit, their arguments bound; their
	// methods and the instances of functions are among Nodes.
	InstanceTypes []*Instance

	instances     map[types.Object][]*Instance // of this unit
	liveInstances map[types.Object][]*Instance // of the session
	instanceOf    map[*ast.FuncDecl]*Instance
	bound         map[types.Object]types.Type

	names    map[types.Object]string // objects that the unit names or declares → engine names
	emits    map[types.Object]string // those of all the session
	imported map[string]bool         // names of the cell's own imports
	session  *Session
}

// Converted is a variable carried over to the new version of its type.
type Converted struct{ Old, New *Decl }

// Dropped is a declaration that cannot live on, and why.
type Dropped struct {
	Decl *Decl
	Why  string
}

// EmitName returns the engine's name of an object of the session, or "" for an
// object that keeps its own name.
func (u *Unit) EmitName(obj types.Object) string {
	if name := u.names[obj]; name != "" {
		return name
	}
	return u.emits[obj]
}

// FuncName returns the engine's name of a function that the unit emits.
func (u *Unit) FuncName(fn *ast.FuncDecl) string {
	if in := u.instanceOf[fn]; in != nil {
		return in.Emit
	}
	return u.EmitName(u.Info.Defs[fn.Name])
}

// TypeArgs returns the type arguments of the instance of a generic function or
// type to which a function or method of the unit belongs.
func (u *Unit) TypeArgs(fn *ast.FuncDecl) []types.Type {
	if in := u.instanceOf[fn]; in != nil {
		return in.Args
	}
	return nil
}

// Var returns the declaration of a variable of the cell's statements.
func (u *Unit) Var(obj types.Object) *Decl {
	for _, d := range u.Vars {
		if d.Obj == obj {
			return d
		}
	}
	return nil
}

// Check checks a cell against the session. Where it returns diagnostics with
// an error among them, the unit is nil. Notes are remarks on a cell that runs.
func (s *Session) Check(c *cell.Cell, number int) (*Unit, []Diagnostic) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.noteLocals(len(s.locals), nodesOf(c))
	drop := map[string]string{}
	for {
		b := s.newBuilder(c, number, drop)
		u := b.build()
		// A function of an earlier cell that the new declarations break is
		// dropped, with the reason; the cell itself is checked without it.
		if len(b.brokeOld) > 0 {
			for name, why := range b.brokeOld {
				drop[name] = why
			}
			continue
		}
		return u, b.report()
	}
}

// builder checks one cell.
type builder struct {
	*Session
	c      *cell.Cell
	number int
	src    *Source
	own    map[string]bool // names of the cell's own imports
	drop   map[string]string

	items     []item          // declarations to check, new ones first
	replaced  map[string]bool // names whose old version no longer counts
	itemOf    []item          // the item of each of the unit's declarations
	body      *ast.FuncDecl
	info      *types.Info
	pkgVars   map[string]*types.Var // the cell's variables as objects of the package
	mentioned map[string]*Decl      // live declarations that the unit names
	renewed   map[string]*types.Var // live variables with the new versions of their types
	gone      map[string]string     // live variables whose types have none, and why
	errs      []types.Error
	brokeOld  map[string]string
	local     map[string]*types.Package // the packages of a program, by path
}

// item is a declaration under check.
type item struct {
	name   string
	kind   Kind
	source *Source
	text   string
	nodes  []node // of a type: the type, then its methods
	parts  []part
	old    bool // a dependent of an earlier cell
}

func (s *Session) newBuilder(c *cell.Cell, number int, drop map[string]string) *builder {
	b := &builder{Session: s, c: c, number: number, drop: drop, brokeOld: map[string]string{}, replaced: map[string]bool{}}
	b.src, b.own = s.source(c, number)
	b.info = newInfo()
	return b
}

func newInfo() *types.Info {
	return &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Defs:       map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Implicits:  map[ast.Node]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
		Scopes:     map[ast.Node]*types.Scope{},
		Instances:  map[*ast.Ident]types.Instance{},
	}
}

func (b *builder) build() *Unit {
	b.collect()
	b.orderVars()
	b.body = bodyFunc(b.c)
	for {
		declared := b.checkSignatures()
		vars := b.hoisted()
		// A variable that changes its type takes its users with it.
		if b.addDependents(b.retyped(vars)) {
			b.reset()
			continue
		}
		b.checkBodies(declared, vars)
		b.checkShown()
		b.blame()
		if len(b.errs) > 0 || len(b.brokeOld) > 0 {
			return nil
		}
		u := b.unit(declared, vars)
		b.instantiate(u)
		if len(b.errs) > 0 {
			return nil
		}
		return u
	}
}

func (b *builder) reset() {
	b.errs, b.info = nil, newInfo()
}

// bodyFunc wraps the cell's statements in a function, which is how they run.
func bodyFunc(c *cell.Cell) *ast.FuncDecl {
	pos := c.End
	if len(c.Body) > 0 {
		pos = c.Body[0].Pos()
	}
	return &ast.FuncDecl{
		Name: &ast.Ident{Name: "_", NamePos: pos},
		Type: &ast.FuncType{Func: pos, Params: &ast.FieldList{Opening: pos, Closing: pos}},
		Body: &ast.BlockStmt{Lbrace: pos, List: c.Body, Rbrace: c.End},
	}
}

// hoisted returns the variables that the cell's statements declare at depth 0;
// they become variables of the session.
func (b *builder) hoisted() []*types.Var {
	scope := b.info.Scopes[b.body.Type]
	if scope == nil {
		return nil
	}
	var vars []*types.Var
	for _, name := range scope.Names() {
		if v, ok := scope.Lookup(name).(*types.Var); ok && name != "_" {
			vars = append(vars, v)
		}
	}
	sort.Slice(vars, func(i, j int) bool { return vars[i].Pos() < vars[j].Pos() })
	return vars
}

// retyped returns the names of vars that live already as something else: with
// another type, or not as a variable at all.
func (b *builder) retyped(vars []*types.Var) map[string]bool {
	names := map[string]bool{}
	for _, v := range vars {
		old := b.decls[v.Name()]
		if old != nil && (old.Kind != Var || !types.Identical(old.Obj.Type(), v.Type())) {
			names[v.Name()] = true
		}
	}
	return names
}

// unit assembles what was checked.
func (b *builder) unit(declared map[string]types.Object, vars []*types.Var) *Unit {
	u := &Unit{
		Cell: b.c, Source: b.src, Number: b.number, Pkg: b.pkg, Declared: declared, Info: b.info,
		names: map[types.Object]string{}, emits: b.emits, imported: b.own, session: b.Session,
		instances: map[types.Object][]*Instance{}, liveInstances: b.instances,
		instanceOf: map[*ast.FuncDecl]*Instance{}, bound: map[types.Object]types.Type{},
	}
	for _, d := range b.mentioned {
		u.names[d.Obj] = d.Emit
	}
	for _, it := range b.items {
		b.addDecl(u, it)
	}
	for _, v := range vars {
		b.addVar(u, v)
	}
	b.carryOver(u)
	for i, d := range u.Decls {
		b.trace(u, d, b.itemOf[i])
	}
	for name, why := range b.drop {
		u.Dropped = append(u.Dropped, Dropped{b.decls[name], why})
	}
	sort.Slice(u.Dropped, func(i, j int) bool { return u.Dropped[i].Decl.Name < u.Dropped[j].Decl.Name })
	return u
}

func (b *builder) addDecl(u *Unit, it item) {
	for _, n := range it.nodes {
		if !isGeneric(n) {
			u.Nodes = append(u.Nodes, n.decl)
		} else if fn, ok := n.decl.(*ast.FuncDecl); ok {
			b.noteVarying(n.source, fn, b.info)
		}
	}
	if it.kind == Func && (it.name == "init" || it.name == "_") {
		fn := it.nodes[0].decl.(*ast.FuncDecl)
		emit := b.emitName("init", b.number)
		u.names[b.info.Defs[fn.Name]] = emit
		if it.name == "init" {
			u.Inits = append(u.Inits, emit)
		}
		return
	}
	for _, name := range declaredNames(it) {
		obj := u.Declared[name]
		if obj == nil {
			continue
		}
		d := &Decl{Name: name, Kind: it.kind, Source: it.source, Obj: obj, text: it.text, methods: it.parts}
		d.Emit = b.emitName(name, b.number)
		u.names[obj] = d.Emit
		u.Decls = append(u.Decls, d)
		b.itemOf = append(b.itemOf, it)
	}
}

// trace records which declarations and packages d's item uses.
func (b *builder) trace(u *Unit, d *Decl, it item) {
	d.deps, d.pkgs = map[string]bool{}, map[string]string{}
	for _, n := range it.nodes {
		ast.Inspect(n.decl, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				switch obj := b.info.Uses[id].(type) {
				case nil:
				case *types.PkgName:
					d.pkgs[obj.Name()] = obj.Imported().Path()
				default:
					if u.names[obj] != "" && obj.Name() != d.Name {
						d.deps[obj.Name()] = true
					}
				}
			}
			return true
		})
	}
}

// addVar gives a variable its storage: that of the live variable of the same
// name and type, or new storage.
func (b *builder) addVar(u *Unit, v *types.Var) {
	d := &Decl{Name: v.Name(), Kind: Var, Source: b.src, Obj: b.pkgVars[v.Name()], deps: b.typesIn(v.Type())}
	old := b.decls[d.Name]
	if old != nil && old.Kind == Var && !b.replaced[d.Name] && types.Identical(old.Obj.Type(), v.Type()) {
		d.Emit = old.Emit
	} else {
		d.Emit = b.emitName(d.Name, b.number)
		u.NewVars = append(u.NewVars, d)
	}
	// The statements see a local variable, functions one of the package.
	u.names[v], u.names[d.Obj] = d.Emit, d.Emit
	u.Vars = append(u.Vars, d)
}
