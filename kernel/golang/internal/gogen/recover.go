package gogen

// deferred defers something in a function. What follows may panic if it recovers.
func (g *gen) deferred() {
	way := g.r.Intn(8)
	if way == 4 && g.plain && g.chance(80) {
		way = 0
	}
	switch way {
	case 0, 1, 2:
		g.recovering()
	case 3:
		g.line("if %s {", g.condition())
		g.indent++
		g.deferCall()
		g.indent--
		g.line("}")
	case 4:
		i := g.name("i")
		g.line("for %s := range %d {", i, 1+g.r.Intn(3))
		g.indent++
		g.push()
		g.add(&variable{name: i, t: intType, constant: true})
		g.line("_ = %s", i)
		g.deferCall()
		g.pop()
		g.indent--
		g.line("}")
	default:
		g.deferCall()
	}
}

// recovering defers a function that recovers, and may panic again where the
// function round it may.
func (g *gen) recovering() {
	r := g.name("rec")
	g.line("defer func() {")
	g.indent++
	g.line("%s := recover()", r)
	if g.chance(30) {
		g.line("fmt.Println(%q, recover())", r)
	}
	ways := 5
	if g.plain {
		ways = 2
	}
	switch g.r.Intn(ways) {
	case 0:
		g.line("if %s != nil { fmt.Println(%q) }", r, r)
	case 1:
		g.line("fmt.Println(%q, %s)", r, r)
	case 3:
		g.line("fmt.Printf(\"%s %%v %%T\\n\", %s, %s)", r, r, r)
	case 2:
		t := g.basic()
		g.line("fmt.Println(%q, %s == any(%s))", r, r, g.typed(t))
	case 4:
		g.line("switch x := %s.(type) {", r)
		g.line("case runtime.Error: fmt.Println(%q, x.Error())", r)
		g.line("case string, error: fmt.Printf(\"%%T %%v\\n\", x, x)")
		g.line("case nil: fmt.Println(%q)", r)
		g.line("default: fmt.Printf(\"%%T %%v\\n\", x, x)")
		g.line("}")
	}
	if g.mayPanic && g.chance(30) {
		g.line("if %s != nil { panic(%s) }", r, choose(g, r, `"new"`, "42", `errors.New("new")`))
	}
	g.outside(func() { g.indent--; g.block(1, g.r.Intn(2)); g.indent++ })
	g.indent--
	g.line("}()")
	g.mayPanic = true
}

// deferCall defers a call of one of many kinds.
func (g *gen) deferCall() {
	switch g.r.Intn(6) {
	case 0:
		if h := g.pickEffect(func(v *variable) bool { return true }); h != nil {
			g.line("defer %s(%s)", h.name, g.operands(h.t.params))
			return
		}
	case 1:
		if f, recv := g.method(); f != nil {
			g.line("defer %s.%s(%s)", recv, f.name, g.arguments(f, 1))
			return
		}
	case 2:
		if len(g.funcs) > 0 {
			if f := choose(g, g.funcs...); f.recv == nil {
				g.line("defer %s(%s)", f.name, g.arguments(f, 1))
				return
			}
		}
	case 3:
		t := g.basic()
		d := g.name("d")
		g.line("defer func(%s %s) {", d, t.text)
		g.outside(func() {
			g.push()
			g.add(&variable{name: d, t: t})
			g.block(1, 1)
			g.line("\tfmt.Println(%q, %s)", d, d)
			g.pop()
		})
		g.line("}(%s)", g.operand(t, 2))
		return
	case 4:
		g.line("defer fmt.Println(%q, %s)", g.name("deferred"), g.value(g.basic(), 2))
		return
	}
	g.line("defer func() {")
	g.outside(func() { g.block(1, 1+g.r.Intn(2)) })
	g.line("}()")
}

// fail writes a statement that panics, most often under a condition.
func (g *gen) fail() {
	if g.chance(60) {
		g.line("if %s {", g.condition())
		defer g.line("}")
	} else {
		g.line("{")
		defer g.line("}")
	}
	x, t := g.name("x"), g.basic()
	way := g.r.Intn(10)
	if g.plain && (way == 1 || way == 2 || way == 8) {
		way = 0
	}
	switch way {
	case 0:
		g.line("\tpanic(%s)", g.value(t, 2))
	case 1:
		g.line("\tpanic(%s)", g.value(g.anyType(1), 2))
	case 2:
		g.line("\tpanic(fmt.Errorf(%q, %s))", "e %v", g.value(t, 1))
	case 3:
		i := choose(g, integers...)
		g.line("\tvar %s %s", x, i.text)
		g.line("\t%s = %s %s %s", x, g.paren(g.value(i, 1)), choose(g, "/", "%"), x)
	case 4:
		g.line("\t%s := []%s{%s}", x, t.text, g.literal(t))
		g.line("\tfmt.Println(%s[len(%s)+%d])", x, x, g.r.Intn(5))
	case 5:
		g.line("\t%s := []%s{%s}", x, t.text, g.literal(t))
		g.line("\tfmt.Println(%s[len(%s)+%d:])", x, x, 1+g.r.Intn(5))
	case 6:
		g.line("\tvar %s map[string]%s", x, t.text)
		g.line("\t%s[%s] = %s", x, g.operand(stringType, 1), g.operand(t, 1))
	case 7:
		s := choose(g, g.structs...)
		g.line("\tvar %s *%s", x, s.text)
		g.line("\tfmt.Println(%s.%s)", x, s.fields[0].name)
	case 8:
		g.line("\tvar %s any = %s", x, g.typed(choose(g, integers[1:]...)))
		g.line("\tfmt.Println(%s.(%s))", x, choose(g, "int", "string", "error", "[]int"))
	case 9:
		f := g.signature(0)
		g.line("\tvar %s %s", x, f.text)
		g.line("\t%s(%s)", x, g.operands(f.params))
	}
}
