package gogen

import (
	"strings"
)

// stmt writes a statement. Depth bounds the nesting.
func (g *gen) stmt(depth int) {
	simple := []func(){g.varDecl, g.varDecl, g.assign, g.assign, g.opAssign, g.incDec, g.swap, g.appendTo, g.mapChange, g.show, g.callResults, g.methodCall, g.sliceChange, g.callEffect, g.callEffect, g.reassign}
	if depth <= 0 {
		choose(g, simple...)()
		return
	}
	way := g.r.Intn(23)
	if g.plain && (way == 9 || way == 10 || way == 12 || (way == 7 || way == 8) && g.chance(90)) {
		way = choose(g, 1, 2, 11)
	}
	switch way {
	case 0:
		g.ifStmt(depth)
	case 1:
		g.forStmt(depth)
	case 2:
		g.rangeStmt(depth)
	case 3:
		g.switchStmt(depth)
	case 4:
		g.closure(depth)
	case 5:
		g.protect(depth)
	case 6:
		g.labelled(depth)
	case 7:
		g.capture()
	case 8:
		g.methodValue()
	case 9:
		g.channel()
	case 10:
		g.typeSwitch()
	case 11:
		g.branch()
	case 12:
		g.useTopic()
	case 13:
		g.effectDecl()
	case 14:
		if g.mayPanic {
			g.fail()
		}
	default:
		choose(g, simple...)()
	}
}

// declareVar writes a declaration of a variable and adds it to the scope.
func (g *gen) declareVar(t *typ, x string) *variable {
	name := g.name("v")
	switch {
	case x == "":
		g.line("var %s %s", name, t.text)
	case g.chance(50):
		g.line("var %s %s = %s", name, t.text, x)
	case strings.Contains(x, `"`) || t.kind == stringKind || !t.number():
		g.line("%s := %s", name, x)
	default:
		g.line("%s := %s(%s)", name, t.text, x)
	}
	g.line("_ = %s", name)
	return g.add(&variable{name: name, t: t})
}

func (g *gen) varDecl() {
	t := g.varType()
	if g.chance(15) && t.kind != pointerKind && t.kind != funcKind && t.kind != mapKind {
		g.declareVar(t, "")
		return
	}
	if t.kind == funcKind {
		g.declareVar(t, g.fresh(t, 2))
		return
	}
	g.declareVar(t, g.value(t, 3))
}

// limit keeps what an assignment may have made long short.
func (g *gen) limit(place string, t *typ) {
	switch t.kind {
	case stringKind, sliceKind:
		g.line("if len(%s) > 12 { %s = %s[:6] }", place, place, place)
	}
}

// target returns something to assign to, with its type.
func (g *gen) target(want func(*typ) bool) (string, *typ) {
	v := g.pick(func(v *variable) bool { return !v.constant && want(v.t) })
	if v != nil && g.chance(50) {
		return v.name, v.t
	}
	for range 4 {
		t := g.basic()
		if want(t) {
			if p := g.place(t, true); p != "" {
				return p, t
			}
		}
	}
	if v != nil {
		return v.name, v.t
	}
	return "", nil
}

func (g *gen) assign() {
	p, t := g.target(func(t *typ) bool { return t.kind != funcKind })
	if p == "" {
		return
	}
	g.line("%s = %s", p, g.operandOf(t, 3))
	g.limit(p, t)
}

func (g *gen) opAssign() {
	p, t := g.target(func(t *typ) bool { return t.number() || t.kind == stringKind })
	if p == "" {
		return
	}
	op := "+"
	switch t.kind {
	case intKind:
		op = choose(g, "+", "-", "*", "&", "|", "^", "&^", "<<", ">>", "/", "%")
	case floatKind:
		op = choose(g, "+", "-", "*", "/")
	}
	switch op {
	case "<<", ">>":
		g.line("%s %s= %d", p, op, g.r.Intn(10))
	case "/", "%":
		if t.kind == intKind {
			g.line("%s %s= %s | 1", p, op, g.paren(g.value(t, 1)))
			break
		}
		fallthrough
	default:
		g.line("%s %s= %s", p, op, g.operand(t, 2))
	}
	g.limit(p, t)
}

func (g *gen) incDec() {
	if p, _ := g.target(func(t *typ) bool { return t.number() }); p != "" {
		g.line("%s%s", p, choose(g, "++", "--"))
	}
}

// swap assigns two places at once.
func (g *gen) swap() {
	p, t := g.target(func(t *typ) bool { return t.kind != funcKind && t.kind != pointerKind })
	if p == "" {
		return
	}
	q := g.place(t, true)
	if q == "" || q == p {
		return
	}
	g.line("%s, %s = %s, %s", p, q, q, g.operandOf(t, 2))
}

func (g *gen) appendTo() {
	s := g.pick(func(v *variable) bool { return v.t.kind == sliceKind && !v.constant })
	if s == nil {
		return
	}
	x := g.operandOf(s.t.elem, 2)
	if g.chance(30) {
		g.line("%s = append(%s[:len(%s):len(%s)], %s...)", s.name, s.name, s.name, s.name, s.name)
	} else {
		g.line("%s = append(%s, %s)", s.name, s.name, x)
	}
	g.limit(s.name, s.t)
}

// sliceChange writes through a slice, where it has elements.
func (g *gen) sliceChange() {
	s := g.pick(func(v *variable) bool { return v.t.kind == sliceKind && !v.constant })
	if s == nil {
		return
	}
	n := s.name
	g.line("if len(%s) > 1 {", n)
	g.indent++
	i := g.place(uintType, false)
	switch g.r.Intn(5) {
	case 0:
		g.line("%s[%s%%uint(len(%s))] = %s", n, i, n, g.operandOf(s.t.elem, 2))
	case 1:
		g.line("%s[0], %s[1] = %s[1], %s[0]", n, n, n, n)
	case 2:
		g.line("copy(%s[1:], %s)", n, n)
	case 3:
		g.line("%s = %s[1:]", n, n)
	case 4:
		v := g.name("v")
		g.line("%s := %s[:1:1]", v, n)
		g.line("%s = append(%s, %s[1])", v, v, n)
		g.line("fmt.Println(len(%s), cap(%s) >= 2, len(%s))", v, v, n)
	}
	g.indent--
	g.line("}")
}

func (g *gen) mapChange() {
	m := g.pick(func(v *variable) bool { return v.t.kind == mapKind && !v.constant })
	if m == nil {
		return
	}
	k := g.key(m.t.key)
	switch g.r.Intn(4) {
	case 0:
		g.line("delete(%s, %s)", m.name, k)
	case 1:
		v, ok := g.name("v"), g.name("ok")
		g.line("%s, %s := %s[%s]", v, ok, m.name, k)
		g.line("_, _ = %s, %s", v, ok)
		g.add(&variable{name: v, t: m.t.elem})
		g.add(&variable{name: ok, t: boolType})
	default:
		g.line("if %s != nil { %s[%s] = %s }", m.name, m.name, k, g.operandOf(m.t.elem, 2))
	}
}

func (g *gen) show() {
	t := g.basic()
	g.line("fmt.Println(%q, %s)", g.name("show"), g.value(t, 2))
}

// callResults calls a function of several results.
func (g *gen) callResults() {
	var many []*function
	for _, f := range g.funcs {
		if f.recv == nil && len(f.results) > 1 {
			many = append(many, f)
		}
	}
	if len(many) == 0 {
		return
	}
	f := choose(g, many...)
	var names []string
	args := g.arguments(f, 1)
	for _, t := range f.results {
		v := g.add(&variable{name: g.name("v"), t: t})
		names = append(names, v.name)
	}
	g.line("%s := %s(%s)", strings.Join(names, ", "), f.name, args)
	g.line("_, _ = %s", strings.Join(names, ", "))
}

// methodCall calls a method, which may change its receiver.
func (g *gen) methodCall() {
	f, recv := g.method()
	if f == nil {
		return
	}
	args := g.arguments(f, 1)
	var names []string
	for _, t := range f.results {
		names = append(names, g.add(&variable{name: g.name("v"), t: t}).name)
	}
	g.line("%s := %s.%s(%s)", strings.Join(names, ", "), recv, f.name, args)
	g.line("%s = %s", strings.TrimSuffix(strings.Repeat("_, ", len(names)), ", "), strings.Join(names, ", "))
}

// method returns a method and a receiver for it.
func (g *gen) method() (*function, string) {
	var methods []*function
	for _, f := range g.funcs {
		if f.recv != nil {
			methods = append(methods, f)
		}
	}
	if len(methods) == 0 {
		return nil, ""
	}
	f := choose(g, methods...)
	v := g.pick(func(v *variable) bool {
		return !v.constant && (v.t.is(f.recv) || v.t.kind == pointerKind && v.t.elem.is(f.recv))
	})
	if v == nil {
		return nil, ""
	}
	return f, v.name
}
