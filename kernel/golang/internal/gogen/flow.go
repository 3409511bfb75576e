package gogen

import (
	"fmt"
	"strings"
)

func (g *gen) ifStmt(depth int) {
	if g.chance(30) {
		v := &variable{name: g.name("v"), t: g.basic()}
		x := g.value(v.t, 2)
		if v.t.number() {
			x = v.t.text + "(" + x + ")"
		}
		g.push()
		g.add(v)
		g.line("if %s := %s; %s {", v.name, x, g.condition())
		g.block(depth, 1+g.r.Intn(2))
		g.line("} else {")
		g.indent++
		g.line("fmt.Println(%q, %s)", v.name, v.name)
		g.indent--
		g.line("}")
		g.pop()
		return
	}
	g.line("if %s {", g.condition())
	g.block(depth, 1+g.r.Intn(2))
	if g.chance(50) {
		g.line("} else if %s {", g.condition())
		g.block(depth, 1)
	}
	if g.chance(50) {
		g.line("} else {")
		g.block(depth, 1)
	}
	g.line("}")
}

// condition is a boolean that can stand before a block.
func (g *gen) condition() string {
	x := g.value(boolType, 2)
	if strings.Contains(x, "{") {
		return "(" + x + ")"
	}
	return x
}

func (g *gen) forStmt(depth int) {
	i := g.name("i")
	switch g.r.Intn(3) {
	case 0:
		g.line("for %s := 0; %s < %d; %s++ {", i, i, 1+g.r.Intn(4), i)
	case 1:
		g.line("for %s := range %d {", i, 1+g.r.Intn(4))
	case 2:
		j := g.name("j")
		g.line("for %s, %s := 0, 10; %s < %s; %s, %s = %s+1, %s-3 {", i, j, i, j, i, j, i, j)
	}
	g.loopBody(depth, &variable{name: i, t: intType, constant: true})
	g.line("}")
}

func (g *gen) loopBody(depth int, vars ...*variable) {
	g.push()
	for _, v := range vars {
		g.add(v)
		g.line("\t_ = %s", v.name)
	}
	g.loops++
	g.labels = append(g.labels, "")
	g.block(depth, 1+g.r.Intn(3))
	g.labels = g.labels[:len(g.labels)-1]
	g.loops--
	g.pop()
}

func (g *gen) rangeStmt(depth int) {
	s := g.pick(func(v *variable) bool {
		return v.t.kind == sliceKind || v.t.kind == arrayKind || v.t.kind == stringKind || v.t.kind == mapKind
	})
	if s == nil {
		return
	}
	k, v := &variable{name: g.name("i"), t: intType, constant: true}, &variable{name: g.name("e"), t: s.t.elem}
	switch s.t.kind {
	case stringKind:
		v.t = integers[4]
	case mapKind: // in any order
		sum := g.declareVar(intType, "0")
		g.line("for range %s { %s++ }", s.name, sum.name)
		if s.t.elem.kind == intKind {
			g.line("for _, %s := range %s { %s += int(%s) }", v.name, s.name, sum.name, v.name)
		}
		return
	}
	if g.chance(20) {
		g.line("for %s := range %s {", k.name, s.name)
		g.loopBody(depth, k)
	} else {
		g.line("for %s, %s := range %s {", k.name, v.name, s.name)
		g.loopBody(depth, k, v)
	}
	g.line("}")
}

// branch leaves a loop or a function under a condition.
func (g *gen) branch() {
	var ways []string
	if g.loops > 0 {
		ways = append(ways, "break", "continue")
	}
	for _, l := range g.labels {
		if l != "" {
			ways = append(ways, "break "+l, "continue "+l)
		}
	}
	if len(ways) == 0 && !g.inFunc {
		return
	}
	g.line("if %s {", g.condition())
	g.indent++
	if len(ways) > 0 && (!g.inFunc || g.chance(60)) {
		g.line("%s", choose(g, ways...))
	} else {
		g.returnStmt()
	}
	g.indent--
	g.line("}")
}

func (g *gen) switchStmt(depth int) {
	tagged := g.chance(60)
	t := choose(g, intType, stringType, integers[2], integers[6])
	if tagged {
		g.line("switch %s {", g.header(g.value(t, 2)))
	} else {
		g.line("switch {")
	}
	n := 2 + g.r.Intn(2)
	for i := range n {
		switch {
		case tagged && t.kind == stringKind:
			g.line("case %q, %q:", string(rune('a'+i)), strings.Repeat("b", i+2))
		case tagged:
			g.line("case %d, %d:", i*2, i*2+1)
		default:
			g.line("case %s:", g.condition())
		}
		g.block(depth, 1)
		if i < n-1 && g.chance(20) {
			g.line("\tfallthrough")
		}
	}
	if g.chance(70) {
		g.line("default:")
		g.block(depth, 1)
	}
	g.line("}")
}

func (g *gen) header(x string) string {
	if strings.Contains(x, "{") {
		return "(" + x + ")"
	}
	return x
}

// outside writes something as the body of another function.
func (g *gen) outside(write func()) {
	saved := g.inside
	g.inside = inside{}
	write()
	g.inside = saved
}

// closure makes a function that changes what it captures, and calls it.
func (g *gen) closure(depth int) {
	f := g.name("fn")
	g.line("%s := func() {", f)
	g.outside(func() { g.block(depth, 1+g.r.Intn(2)) })
	g.line("}")
	for range 1 + g.r.Intn(2) {
		g.line("%s()", f)
	}
}

// protect runs statements in a function that recovers and defers.
func (g *gen) protect(depth int) {
	g.line("func() {")
	g.outside(func() {
		g.indent++
		g.push()
		if i := g.name("i"); g.chance(50) {
			g.line("for %s := range 3 { defer fmt.Println(%q, %s, %s) }", i, "defer", i, g.simple(intType))
		}
		g.line("defer func() {")
		g.line("\tif r := recover(); r != nil { fmt.Println(\"recovered\", r) }")
		g.line("}()")
		g.stmt(depth - 1)
		switch g.r.Intn(4) {
		case 0:
			g.line("panic(%s)", choose(g, `"boom"`, `fmt.Sprint("n", 3)`, "42"))
		case 1:
			zero := g.name("z")
			g.line("%s := 0", zero)
			g.line("fmt.Println(7 / %s)", zero)
		case 2:
			g.line("if %s { panic(%s) }", g.condition(), g.simple(stringType))
		}
		g.pop()
		g.indent--
	})
	g.line("}()")
}

// labelled writes nested loops of which the inner may leave the outer.
func (g *gen) labelled(depth int) {
	l, i, j := g.name("L"), g.name("i"), g.name("j")
	g.line("%s:", l)
	g.line("for %s := range 3 {", i)
	g.indent++
	g.line("for %s := range 3 {", j)
	g.indent++
	g.line("if %s { %s %s }", g.condition(), choose(g, "break", "continue"), l)
	g.indent--
	g.labels = append(g.labels, l)
	g.loopBody(depth-1, &variable{name: i, t: intType, constant: true}, &variable{name: j, t: intType, constant: true})
	g.labels = g.labels[:len(g.labels)-1]
	g.line("}")
	g.indent--
	g.line("}")
}

// capture keeps functions that capture a loop's variable beyond the loop.
func (g *gen) capture() {
	fs, i, h := g.name("fs"), g.name("i"), g.name("h")
	g.line("var %s []func() int", fs)
	g.line("%s {", choose(g, fmt.Sprintf("for %s := range 3", i), fmt.Sprintf("for %s := 0; %s < 3; %s++", i, i, i)))
	g.line("\t%s = append(%s, func() int { %s += 10; return %s })", fs, fs, i, i)
	g.line("}")
	g.line("for _, %s := range %s { fmt.Println(%s(), %s()) }", h, fs, h, h)
}

// methodValue binds a method before its receiver changes.
func (g *gen) methodValue() {
	f, recv := g.method()
	if f == nil {
		return
	}
	m := g.name("mv")
	g.line("%s := %s.%s", m, recv, f.name)
	g.assign()
	args := g.arguments(f, 1)
	var names []string
	for _, t := range f.results {
		names = append(names, g.add(&variable{name: g.name("v"), t: t}).name)
	}
	g.line("%s := %s(%s)", strings.Join(names, ", "), m, args)
	g.line("%s = %s", strings.TrimSuffix(strings.Repeat("_, ", len(names)), ", "), strings.Join(names, ", "))
}

// channel sends through a buffered channel and receives.
func (g *gen) channel() {
	t := g.basic()
	c, v, ok := g.name("ch"), g.name("v"), g.name("ok")
	g.line("%s := make(chan %s, 3)", c, t.text)
	g.line("%s <- %s", c, g.operand(t, 2))
	g.line("%s <- %s", c, g.operand(t, 1))
	g.line("close(%s)", c)
	g.line("%s := <-%s", v, c)
	g.line("for %s := range %s { fmt.Println(%s, %s) }", ok, c, v, ok)
	switch g.r.Intn(2) {
	case 0:
		g.line("%s, %s := <-%s", v+"x", ok, c)
		g.line("fmt.Println(%s, %s)", v+"x", ok)
	case 1:
		g.line("select {")
		g.line("case x, ok := <-%s:", c)
		g.line("\tfmt.Println(\"closed\", x, ok)")
		g.line("default:")
		g.line("\tfmt.Println(\"default\")")
		g.line("}")
	}
	g.add(&variable{name: v, t: t})
}

// typeSwitch asks for the type of a value in an interface.
func (g *gen) typeSwitch() {
	a, x := g.name("any"), g.name("x")
	t := g.basic()
	g.line("var %s any = %s", a, g.value(t, 1))
	g.line("switch %s := %s.(type) {", x, a)
	g.line("case int:")
	g.line("\tfmt.Println(\"int\", %s+1)", x)
	g.line("case string, bool:")
	g.line("\tfmt.Println(\"string or bool\", %s)", x)
	g.line("case float64:")
	g.line("\tfmt.Println(\"float64\", %s/2)", x)
	g.line("case nil:")
	g.line("\tfmt.Println(\"nil\")")
	g.line("default:")
	g.line("\tfmt.Println(\"other\", %s)", x)
	g.line("}")
	if g.chance(50) {
		ok := g.name("ok")
		u := g.basic()
		g.line("_, %s := %s.(%s)", ok, a, u.text)
		g.line("fmt.Println(%s)", ok)
	}
}
