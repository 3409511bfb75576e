package gogen

import (
	"fmt"
	"slices"
	"strings"
)

// A function value is of one of two kinds. Most only read what they capture:
// expressions call them. Those with effects may change every variable in scope:
// only statements call them, so that no order of evaluation is left open. What
// panics is called only where that is recovered.

// signature returns a func type with effects. Depth bounds the functions in it.
func (g *gen) signature(depth int) *typ {
	part := func() *typ {
		if depth > 0 && g.chance(25) {
			return g.signature(depth - 1)
		}
		return g.anyType(1)
	}
	var params, results []*typ
	for range g.r.Intn(3) {
		params = append(params, part())
	}
	for range g.r.Intn(7) / 2 {
		results = append(results, part())
	}
	t := funcType(params, results...)
	t.effect = true
	return t
}

// pureType returns a func type for expressions to call, often that of a function.
func (g *gen) pureType() *typ {
	var like []*typ
	for _, f := range g.funcs {
		if !f.ptr && !f.variadic {
			like = append(like, f.typ(), f.expression())
		}
	}
	if len(like) > 0 && g.chance(50) {
		return choose(g, like...)
	}
	params := []*typ{g.anyType(1), g.basic()}
	return funcType(params[:1+g.r.Intn(2)], g.anyType(1))
}

// typ is the type of a function, or of a method of a value.
func (f *function) typ() *typ { return funcType(f.params, f.results...) }

// expression is the type of a function, or of a method that takes its receiver.
func (f *function) expression() *typ {
	if f.recv == nil {
		return f.typ()
	}
	return funcType(append([]*typ{f.recv}, f.params...), f.results...)
}

// declared returns a function, a method of a value or a method of a type that
// has type t, if there is one.
func (g *gen) declared(t *typ) string {
	var found []string
	for _, f := range g.funcs {
		if f.ptr || f.variadic {
			continue
		}
		if f.recv == nil && f.typ().is(t) {
			found = append(found, f.name)
		}
		if f.recv != nil && f.expression().is(t) {
			found = append(found, f.recv.text+"."+f.name)
		}
		if f.recv != nil && f.typ().is(t) {
			if recv := g.place(f.recv, false); recv != "" {
				found = append(found, recv+"."+f.name)
			}
		}
	}
	if len(found) == 0 {
		return ""
	}
	return choose(g, found...)
}

// written returns what write writes.
func (g *gen) written(write func()) string {
	before := g.take()
	write()
	text := g.take()
	g.b.WriteString(before)
	return text
}

// literalOf writes a function literal whose statements body writes.
func (g *gen) literalOf(f *function, body func(named bool)) string {
	g.long--
	g.nesting++
	g.push()
	defer func() { g.pop(); g.nesting-- }()
	named := g.named(f)
	head := fmt.Sprintf("func(%s) %s {\n", g.parameters(f), g.resultList(f, named))
	return head + g.written(func() { body(named) }) + strings.Repeat("\t", g.indent) + "}"
}

// named decides whether the results of a function have names. Functions among
// them must: they are not nil, even where a panic ends the function.
func (g *gen) named(f *function) bool {
	isFunc := func(t *typ) bool { return t.kind == funcKind }
	return slices.ContainsFunc(f.results, isFunc) || len(f.results) > 0 && g.chance(50)
}

// pureLiteral is a function of several statements that changes only what it declares.
func (g *gen) pureLiteral(t *typ) string {
	var loose []*variable
	for _, v := range g.vars(func(v *variable) bool { return !v.constant }) {
		v.constant = true
		loose = append(loose, v)
	}
	text := g.literalOf(&function{params: t.params, results: t.results}, func(named bool) {
		saved := g.inside
		g.inside = inside{results: t.results, inFunc: true, bareRet: named}
		g.pure++
		g.indent++
		if g.chance(60) {
			g.line("if %s--; %s < 0 { return %s }", g.fuel(), g.fuel(), g.zeros(t.results))
		}
		g.push()
		for range 1 + g.r.Intn(2) {
			g.stmt(1)
		}
		g.returnStmt()
		g.pop()
		g.indent--
		g.pure--
		g.inside = saved
	})
	for _, v := range loose {
		v.constant = false
	}
	return text
}

// withEffects returns a function value of a type with effects.
func (g *gen) withEffects(t *typ) string {
	if h := g.pickEffect(func(v *variable) bool { return v.t.is(t) && !v.panics }); h != nil && g.chance(40) {
		return h.name
	}
	if s := g.declared(t); s != "" && g.chance(30) {
		return s
	}
	if g.nesting >= 3 || g.pure > 0 || g.long == 0 {
		return g.nothing(t)
	}
	return g.effectLiteral(t, false)
}

// nothing is a function that only returns.
func (g *gen) nothing(t *typ) string {
	return fmt.Sprintf("%s { return %s }", t.text, g.zeros(t.results))
}

// effectLiteral is a function that may change what it captures.
func (g *gen) effectLiteral(t *typ, panics bool) string {
	f := &function{params: t.params, results: t.results, effect: true, panics: panics}
	return g.literalOf(f, func(named bool) { g.effectBody(f, named, 1) })
}

// effectBody writes the statements of a function with effects, whose parameters
// and named results are the innermost scope.
func (g *gen) effectBody(f *function, named bool, depth int) {
	saved := g.inside
	g.inside = inside{results: f.results, inFunc: true, bareRet: named, mayPanic: f.panics}
	g.indent++
	for _, v := range g.scopes[len(g.scopes)-1] {
		if named && v.t.kind == funcKind && strings.HasPrefix(v.name, "q") {
			g.line("%s = %s", v.name, g.nothing(v.t))
		}
	}
	calm := g.calm
	if g.calm = calm || g.chance(30); !g.calm {
		g.line("if %s--; %s < 0 { return %s }", g.fuel(), g.fuel(), g.zeros(f.results))
	}
	g.push()
	for range g.r.Intn(3) {
		g.deferred()
	}
	for range 1 + g.r.Intn(3) {
		g.stmt(depth)
	}
	for _, v := range g.scopes[len(g.scopes)-2] {
		if v.effect && g.chance(70) {
			g.callIn(v)
		}
	}
	if g.mayPanic {
		g.fail()
	}
	g.returnStmt()
	g.pop()
	g.calm = calm
	g.indent--
	g.inside = saved
}

// effectFunction declares a function with effects, most with parameters or
// results that are functions.
func (g *gen) effectFunction(panics bool) {
	t := g.signature(2)
	f := &function{name: g.global("e"), params: t.params, results: t.results, effect: true, panics: panics}
	g.plain = g.chance(85)
	defer func() { g.plain = false }()
	named := g.named(f)
	g.push()
	g.line("func %s(%s) %s {", f.name, g.parameters(f), g.resultList(f, named))
	g.effectBody(f, named, 2)
	g.line("}")
	g.pop()
	g.effects = append(g.effects, &variable{name: f.name, t: t, constant: true, effect: true, panics: panics})
}

// pickEffect returns a function with effects that can be called here, or nil.
func (g *gen) pickEffect(want func(*variable) bool) *variable {
	if g.calm || g.pure > 0 {
		return nil
	}
	var found []*variable
	for _, s := range append([][]*variable{g.effects}, g.scopes...) {
		for _, v := range s {
			if v.effect && want(v) && (!v.panics || g.mayPanic) {
				found = append(found, v)
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	return choose(g, found...)
}

// effectDecl declares a variable that holds a function with effects.
func (g *gen) effectDecl() {
	if g.nesting >= 3 || g.pure > 0 || g.long == 0 {
		return
	}
	t := g.signature(1)
	panics := g.chance(25)
	plain := g.plain
	g.plain = plain || g.chance(85)
	x := g.effectLiteral(t, panics)
	g.plain = plain
	h := &variable{name: g.name("h"), t: t, constant: panics, effect: true, panics: panics}
	if g.chance(50) {
		g.line("%s := %s", h.name, x)
	} else {
		g.line("var %s %s = %s", h.name, t.text, x)
	}
	g.line("_ = %s", h.name)
	g.add(h)
}

// reassign gives another function to a variable, under a condition or always.
func (g *gen) reassign() {
	if h := g.pickEffect(func(v *variable) bool { return !v.constant }); h != nil && g.chance(60) {
		g.line("%s = %s", h.name, g.withEffects(h.t))
		return
	}
	v := g.pick(func(v *variable) bool { return !v.constant && v.t.kind == funcKind })
	if v == nil {
		return
	}
	x := g.declared(v.t)
	if x == "" || g.chance(50) {
		g.alone = true // it could call itself through what it is assigned to
		x = g.funcLiteral(v.t, 2)
		g.alone = false
	}
	if g.chance(40) {
		g.line("if %s { %s = %s }", g.condition(), v.name, x)
	} else {
		g.line("%s = %s", v.name, x)
	}
}

// callEffect calls a function with effects, by itself or in a loop.
func (g *gen) callEffect() {
	h := g.pickEffect(func(*variable) bool { return true })
	if h == nil {
		return
	}
	if g.chance(25) {
		g.line("for range %d {", 2+g.r.Intn(2))
		g.indent++
		g.push()
		g.callIn(h)
		g.pop()
		g.indent--
		g.line("}")
		return
	}
	g.callIn(h)
}

// callIn calls a function and keeps its results in the innermost scope.
func (g *gen) callIn(h *variable) {
	if g.chance(20) {
		g.line("if "+choose(g, "%s == nil", "nil == %s", "!(nil != %s)")+" { fmt.Println(%q) }", h.name, "nil "+strings.TrimPrefix(h.name, g.prefix))
	}
	args := g.operands(h.t.params)
	if len(h.t.results) == 0 {
		g.line("%s(%s)", h.name, args)
		return
	}
	var names, blanks []string
	for _, t := range h.t.results {
		v := g.add(&variable{name: g.name("v"), t: t, effect: t.effect})
		names = append(names, v.name)
		blanks = append(blanks, "_")
	}
	g.line("%s := %s(%s)", strings.Join(names, ", "), h.name, args)
	g.line("%s = %s", strings.Join(blanks, ", "), strings.Join(names, ", "))
	if v := g.scopes[len(g.scopes)-1]; g.chance(30) {
		g.print(v[len(v)-1])
	}
}

func (g *gen) operands(ts []*typ) string {
	var args []string
	for _, t := range ts {
		args = append(args, g.operandOf(t, 2))
	}
	return strings.Join(args, ", ")
}
