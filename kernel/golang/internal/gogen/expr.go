package gogen

import (
	"fmt"
	"strconv"
	"strings"
)

// literal returns a constant of a type without parts, in the type's range.
func (g *gen) literal(t *typ) string {
	switch t.kind {
	case boolKind:
		return choose(g, "true", "false")
	case stringKind:
		return choose(g, `""`, `"a"`, `"bc"`, `"héλ"`, `"x\n"`, "`raw`", `"\xff"`)
	case floatKind:
		return choose(g, "0.5", "1.25", "3", "1e3", "0.1", "7.75")
	}
	limit := 100
	if t.bits > 8 && g.chance(30) {
		limit = 30000
	}
	s := strconv.Itoa(g.r.Intn(limit))
	if t.signed && g.chance(20) {
		s = "-" + s
	}
	return s
}

// typed returns a constant with its type, for where the context gives none.
func (g *gen) typed(t *typ) string { return t.text + "(" + g.literal(t) + ")" }

// value returns an expression of a type whose value the compiler does not know.
func (g *gen) value(t *typ, depth int) string {
	if depth <= 0 || g.chance(25) {
		return g.simple(t)
	}
	if s := g.fromFunction(t, depth); s != "" && g.chance(20) {
		return s
	}
	switch t.kind {
	case boolKind:
		return g.boolean(depth)
	case intKind:
		return g.integerValue(t, depth)
	case floatKind:
		return g.floatValue(t, depth)
	case stringKind:
		return g.stringValue(depth)
	}
	return g.simple(t)
}

// operand is a value or a constant.
func (g *gen) operand(t *typ, depth int) string {
	if g.chance(25) {
		return g.literal(t)
	}
	return g.value(t, depth)
}

// simple returns a variable or a part of one, or a new value.
func (g *gen) simple(t *typ) string {
	if x := g.place(t, false); x != "" && (t.basic() || g.chance(85)) {
		return x
	}
	return g.fresh(t, 2)
}

// place returns a variable of a type or a part of one that always exists.
// With assign, it is one that may be assigned to.
func (g *gen) place(t *typ, assign bool) string {
	type path struct {
		text string
		t    *typ
	}
	var found []string
	var walk func(p path, depth int)
	walk = func(p path, depth int) {
		if p.t.is(t) {
			found = append(found, p.text)
		}
		if depth == 0 {
			return
		}
		switch p.t.kind {
		case structKind:
			for _, f := range p.t.fields {
				walk(path{p.text + "." + f.name, f.t}, depth-1)
			}
		case pointerKind:
			walk(path{"(*" + p.text + ")", p.t.elem}, depth-1)
			for _, f := range p.t.elem.fields {
				walk(path{p.text + "." + f.name, f.t}, depth-1)
			}
		case arrayKind:
			walk(path{fmt.Sprintf("%s[%d]", p.text, g.r.Intn(p.t.n)), p.t.elem}, depth-1)
			if i := g.pick(func(v *variable) bool { return v.t.is(uintType) || v.t.is(integers[6]) }); i != nil {
				walk(path{fmt.Sprintf("%s[%s%%%d]", p.text, i.name, p.t.n), p.t.elem}, depth-1)
			}
		}
	}
	for _, v := range g.vars(func(v *variable) bool { return !assign || !v.constant }) {
		walk(path{v.name, v.t}, 3)
	}
	if len(found) == 0 {
		return ""
	}
	return found[g.r.Intn(len(found))]
}

// fresh returns a new value of a type.
func (g *gen) fresh(t *typ, depth int) string {
	switch t.kind {
	case sliceKind:
		return t.text + "{" + g.elements(t.elem, g.r.Intn(4), depth) + "}"
	case arrayKind:
		return t.text + "{" + g.elements(t.elem, g.r.Intn(t.n+1), depth) + "}"
	case mapKind:
		var parts []string
		for _, k := range g.keys(t.key) {
			parts = append(parts, k+": "+g.fresh(t.elem, depth-1))
		}
		return t.text + "{" + strings.Join(parts, ", ") + "}"
	case structKind:
		return g.structLiteral(t, depth)
	case pointerKind:
		if g.chance(30) {
			if v := g.pick(func(v *variable) bool { return v.t.is(t.elem) && !v.constant }); v != nil {
				return "&" + v.name
			}
		}
		return "&" + g.structLiteral(t.elem, depth)
	case funcKind:
		return g.funcValue(t, depth)
	}
	return g.typed(t)
}

func (g *gen) elements(t *typ, n, depth int) string {
	var parts []string
	for range n {
		if depth > 1 && g.chance(40) {
			parts = append(parts, g.value(t, 1))
		} else {
			parts = append(parts, g.fresh(t, depth-1))
		}
	}
	return strings.Join(parts, ", ")
}

// keys returns distinct constant keys.
func (g *gen) keys(t *typ) []string {
	var keys []string
	for i := range g.r.Intn(3) {
		if t.kind == stringKind {
			keys = append(keys, strconv.Quote(fmt.Sprint("k", i)))
		} else {
			keys = append(keys, strconv.Itoa(i*3))
		}
	}
	return keys
}

// structLiteral names the fields, or gives them all, and always sets pointers
// and functions.
func (g *gen) structLiteral(t *typ, depth int) string {
	var parts []string
	for _, f := range t.fields {
		if f.t.kind == pointerKind || f.t.kind == funcKind || g.chance(60) {
			parts = append(parts, f.name+": "+g.fresh(f.t, depth-1))
		}
	}
	return t.text + "{" + strings.Join(parts, ", ") + "}"
}

// funcValue is a function literal or, without effects, a function or method.
func (g *gen) funcValue(t *typ, depth int) string {
	if t.effect {
		return g.withEffects(t)
	}
	if f := g.declared(t); f != "" && g.chance(50) {
		return f
	}
	return g.funcLiteral(t, depth)
}

// funcLiteral is a function that uses its parameters and what it captures, but
// changes nothing.
func (g *gen) funcLiteral(t *typ, depth int) string {
	if depth > 0 && g.nesting < 3 && g.long > 0 && g.chance(40) {
		return g.pureLiteral(t)
	}
	if g.nesting >= 3 {
		depth = 0
	}
	g.nesting++
	g.push()
	var params []string
	for _, p := range t.params {
		v := g.add(&variable{name: g.name("p"), t: p, constant: true})
		params = append(params, v.name+" "+p.text)
	}
	var xs []string
	for _, r := range t.results {
		if depth > 0 {
			xs = append(xs, g.value(r, 2))
		} else {
			xs = append(xs, g.fresh(r, 0))
		}
	}
	g.pop()
	g.nesting--
	head := g.resultList(&function{results: t.results}, false)
	return fmt.Sprintf("func(%s) %s { return %s }", strings.Join(params, ", "), head, strings.Join(xs, ", "))
}

// fromFunction calls a function or a function value that returns t.
func (g *gen) fromFunction(t *typ, depth int) string {
	var calls []func() string
	for _, f := range g.funcs {
		if f.recv == nil && len(f.results) == 1 && f.results[0].is(t) {
			calls = append(calls, func() string { return f.name + "(" + g.arguments(f, depth-1) + ")" })
		}
		if f.recv != nil && !f.ptr && len(f.results) == 1 && f.results[0].is(t) {
			if recv := g.place(f.recv, false); recv != "" {
				calls = append(calls, func() string { return recv + "." + f.name + "(" + g.arguments(f, depth-1) + ")" })
			}
		}
	}
	for _, v := range g.vars(func(v *variable) bool {
		return !g.alone && v.t.kind == funcKind && len(v.t.results) == 1 && v.t.results[0].is(t)
	}) {
		calls = append(calls, func() string {
			var args []string
			for _, p := range v.t.params {
				args = append(args, g.operandOf(p, depth-1))
			}
			return v.name + "(" + strings.Join(args, ", ") + ")"
		})
	}
	if len(calls) == 0 {
		return ""
	}
	return choose(g, calls...)()
}

func (g *gen) arguments(f *function, depth int) string {
	var args []string
	for i, p := range f.params {
		if f.variadic && i == len(f.params)-1 {
			for range g.r.Intn(3) {
				args = append(args, g.operand(p, depth))
			}
			break
		}
		args = append(args, g.operandOf(p, depth))
	}
	return strings.Join(args, ", ")
}

// operandOf is operand for types that may have no literals.
func (g *gen) operandOf(t *typ, depth int) string {
	switch t.kind {
	case boolKind, intKind, floatKind, stringKind:
		return g.operand(t, depth)
	}
	return g.simple(t)
}

func (g *gen) boolean(depth int) string {
	switch g.r.Intn(6) {
	case 0:
		return "!" + g.paren(g.value(boolType, depth-1))
	case 1:
		return g.paren(g.value(boolType, depth-1)) + choose(g, " && ", " || ") + g.paren(g.value(boolType, depth-1))
	case 2:
		if s := g.pick(func(v *variable) bool { return v.t.kind == sliceKind || v.t.kind == mapKind }); s != nil {
			return fmt.Sprintf("len(%s) %s %d", s.name, choose(g, "==", "<", ">"), g.r.Intn(4))
		}
	case 3:
		if s := g.pick(func(v *variable) bool { return v.t.kind == structKind && v.t.comparable() }); s != nil {
			return s.name + choose(g, " == ", " != ") + g.paren(g.simple(s.t))
		}
	}
	t := g.basic()
	if t.kind == boolKind {
		return g.simple(t) + choose(g, " == ", " != ") + g.simple(t)
	}
	return g.paren(g.value(t, depth-1)) + " " + choose(g, "==", "!=", "<", "<=", ">", ">=") + " " + g.paren(g.operand(t, depth-1))
}

// comparable reports whether values can be compared with ==.
func (t *typ) comparable() bool {
	switch t.kind {
	case sliceKind, mapKind, funcKind:
		return false
	case structKind:
		for _, f := range t.fields {
			if !f.t.comparable() {
				return false
			}
		}
	case arrayKind:
		return t.elem.comparable()
	}
	return true
}

func (g *gen) paren(x string) string {
	if strings.ContainsAny(x, " {") || strings.ContainsAny(x[:1], "-+") || strings.HasPrefix(x, "^") || strings.HasPrefix(x, "!") {
		return "(" + x + ")"
	}
	return x
}

func (g *gen) integerValue(t *typ, depth int) string {
	x := g.paren(g.value(t, depth-1))
	y := g.paren(g.operand(t, depth-1))
	switch g.r.Intn(12) {
	case 0:
		return choose(g, "-", "^", "+") + x
	case 1:
		return x + " / (" + g.paren(g.value(t, depth-1)) + " | 1)"
	case 2:
		return x + " % (" + g.paren(g.value(t, depth-1)) + " | 1)"
	case 3:
		return x + choose(g, " << ", " >> ") + choose(g, strconv.Itoa(g.r.Intn(70)), "("+g.paren(g.value(uintType, depth-1))+" % 70)")
	case 4:
		from := choose(g, integers...)
		return t.text + "(" + g.value(from, depth-1) + ")"
	case 5:
		if t.is(intType) {
			if s := g.pick(func(v *variable) bool {
				return v.t.kind == sliceKind || v.t.kind == stringKind || v.t.kind == mapKind || v.t.kind == arrayKind
			}); s != nil && s.t.kind != arrayKind {
				return "len(" + s.name + ")"
			}
		}
	case 6:
		return choose(g, "min", "max") + "(" + x + ", " + y + ")"
	case 7:
		if m := g.pick(func(v *variable) bool { return v.t.kind == mapKind && v.t.elem.is(t) }); m != nil {
			return m.name + "[" + g.key(m.t.key) + "]"
		}
	}
	return x + " " + choose(g, "+", "-", "*", "&", "|", "^", "&^", "+", "-") + " " + y
}

// key returns a key that may or may not be in a map.
func (g *gen) key(t *typ) string {
	if t.kind == stringKind {
		return choose(g, `"k0"`, `"k1"`, `"zz"`)
	}
	return choose(g, "0", "3", "5")
}

func (g *gen) floatValue(t *typ, depth int) string {
	switch g.r.Intn(6) {
	case 0:
		return t.text + "(" + g.value(choose(g, integers[0], integers[2], integers[4], integers[6], integers[7]), depth-1) + ")"
	case 1:
		return t.text + "(" + g.value(choose(g, floats...), depth-1) + ")"
	case 2:
		return "-" + g.paren(g.value(t, depth-1))
	}
	return g.paren(g.value(t, depth-1)) + " " + choose(g, "+", "-", "*", "/") + " " + g.paren(g.operand(t, depth-1))
}

func (g *gen) stringValue(depth int) string {
	switch g.r.Intn(6) {
	case 0:
		return "string(rune(" + g.paren(g.value(choose(g, integers[6], integers[7]), depth-1)) + "))"
	case 1:
		if g.plain {
			return g.simple(stringType)
		}
		return "fmt.Sprint(" + g.simple(intType) + ", " + g.simple(boolType) + ")"
	case 2:
		return "string([]byte(" + g.simple(stringType) + "))"
	case 3:
		return "string([]rune(" + g.simple(stringType) + "))"
	}
	return g.paren(g.value(stringType, depth-1)) + " + " + g.paren(g.operand(stringType, depth-1))
}
