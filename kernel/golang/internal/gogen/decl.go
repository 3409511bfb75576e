package gogen

import (
	"fmt"
	"strings"
)

// declare writes the declarations of a program.
func (g *gen) declare() {
	g.push()
	g.line("var %s = 600 // calls that are left", g.fuel())
	g.consts()
	for range 1 + g.r.Intn(3) {
		g.structType()
	}
	for _, t := range append([]*typ{boolType, stringType, floats[0], floats[1]}, integers...) {
		v := g.add(&variable{name: g.global("g"), t: t, constant: true})
		g.line("var %s %s = %s", v.name, t.text, g.literal(t))
	}
	g.try()
	g.chooseTopics()
	for range 2 + g.r.Intn(3) {
		g.function(nil, false)
	}
	for _, t := range g.structs {
		g.function(t, false)
		g.function(t, true)
	}
	for i := range 3 {
		g.effectFunction(i == 2)
	}
}

// try declares the function that runs another and prints its panic.
func (g *gen) try() {
	g.lines(`func ` + g.prefix + `try(f func()) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case runtime.Error:
			fmt.Println("run-time error", r)
		case error:
			fmt.Printf("%T %v\n", r, r)
		default:
			fmt.Printf("panic %T %v\n", r, r)
		}
	}()
	f()
}`)
}

func (g *gen) fuel() string { return g.prefix + "fuel" }

// consts writes a group that counts with iota, and prints nothing of it: the
// constants are used as variables' values.
func (g *gen) consts() {
	names := []string{g.global("C"), g.global("C"), g.global("C")}
	g.line("const (")
	g.line("\t%s = %s", names[0], choose(g, "iota", "1 << iota", "iota*10 + 1", "-iota"))
	g.line("\t%s", names[1])
	g.line("\t_")
	g.line("\t%s", names[2])
	g.line(")")
	v := g.global("g")
	g.line("var %s = []int{%s}", v, strings.Join(names, ", "))
	g.add(&variable{name: v, t: sliceOf(intType), constant: true})
}

func (g *gen) structType() {
	t := &typ{text: g.global("T"), kind: structKind}
	g.line("type %s struct {", t.text)
	for i := range 1 + g.r.Intn(3) {
		f := field{fmt.Sprintf("%c", "abc"[i]), g.anyType(2)}
		if g.chance(30) {
			f.name = strings.ToUpper(f.name)
		}
		t.fields = append(t.fields, f)
		g.line("\t%s %s", f.name, f.t.text)
	}
	g.line("}")
	g.structs = append(g.structs, t)
}

// function writes a function, or a method of recv.
func (g *gen) function(recv *typ, ptr bool) {
	f := &function{name: g.global("f"), recv: recv, ptr: ptr}
	for range g.r.Intn(3) {
		f.params = append(f.params, g.anyType(1))
	}
	if g.chance(30) {
		f.params = append(f.params, g.pureType())
	}
	if g.chance(20) {
		f.variadic = true
		f.params = append(f.params, g.basic())
	}
	for range 1 + g.r.Intn(5)/4 {
		f.results = append(f.results, g.anyType(1))
	}
	named := g.chance(40)
	g.plain = g.chance(50)
	defer func() { g.plain = false }()
	g.push()
	head := "func "
	if recv != nil {
		f.name = g.name("m")
		self := g.add(&variable{name: g.name("r"), t: recv})
		text := recv.text
		if ptr {
			self.t = pointerTo(recv)
			text = "*" + text
		}
		head += fmt.Sprintf("(%s %s) ", self.name, text)
	}
	g.line("%s%s(%s) %s {", head, f.name, g.parameters(f), g.resultList(f, named))
	g.functionBody(f, named)
	g.line("}")
	g.pop()
	g.funcs = append(g.funcs, f)
}

func (g *gen) parameters(f *function) string {
	var list []string
	for i, t := range f.params {
		v := g.add(&variable{name: g.name("p"), t: t, effect: t.effect})
		if f.variadic && i == len(f.params)-1 {
			v.t = sliceOf(t)
			list = append(list, v.name+" ..."+t.text)
			continue
		}
		list = append(list, v.name+" "+t.text)
	}
	return strings.Join(list, ", ")
}

func (g *gen) resultList(f *function, named bool) string {
	if !named {
		switch len(f.results) {
		case 0:
			return ""
		case 1:
			return f.results[0].text
		}
		return "(" + typeList(f.results) + ")"
	}
	var list []string
	for _, t := range f.results {
		v := g.add(&variable{name: g.name("q"), t: t, effect: t.effect})
		list = append(list, v.name+" "+t.text)
	}
	return "(" + strings.Join(list, ", ") + ")"
}

func (g *gen) functionBody(f *function, named bool) {
	saved := g.inside
	g.inside = inside{results: f.results, inFunc: true, bareRet: named}
	g.indent++
	if named {
		g.line("if %s--; %s < 0 { return }", g.fuel(), g.fuel())
	} else {
		g.line("if %s--; %s < 0 { return %s }", g.fuel(), g.fuel(), g.zeros(f.results))
	}
	if g.chance(25) && named {
		g.deferIn()
	}
	g.push()
	for range 1 + g.r.Intn(3) {
		g.stmt(2)
	}
	g.returnStmt()
	g.pop()
	g.indent--
	g.inside = saved
}

// deferIn defers a change of a result.
func (g *gen) deferIn() {
	q := g.pick(func(v *variable) bool { return strings.HasPrefix(v.name, "q") && v.t.kind == intKind })
	if q == nil {
		return
	}
	if g.chance(50) {
		g.line("defer func(d %s) { %s += d*2 + %s }(%s)", q.t.text, q.name, q.name, g.value(q.t, 1))
	} else {
		g.line("defer func() { %s = %s }()", q.name, g.value(q.t, 2))
	}
}

func (g *gen) zeros(ts []*typ) string {
	var list []string
	for _, t := range ts {
		switch t.kind {
		case boolKind:
			list = append(list, "false")
		case intKind, floatKind:
			list = append(list, "0")
		case stringKind:
			list = append(list, `""`)
		case structKind, arrayKind:
			list = append(list, t.text+"{}")
		case funcKind:
			list = append(list, g.nothing(t))
		default:
			list = append(list, "nil")
		}
	}
	return strings.Join(list, ", ")
}

func (g *gen) returnStmt() {
	if g.bareRet && g.chance(50) {
		g.line("return")
		return
	}
	g.line("return %s", g.operands(g.results))
}
