package gogen

import (
	"fmt"
	"strings"
)

type kind int

const (
	boolKind kind = iota
	intKind       // any integer type
	floatKind
	stringKind
	sliceKind
	arrayKind
	mapKind
	structKind
	pointerKind // to a struct, never nil
	funcKind
)

// typ is a type of the programs. Types are compared by their text.
type typ struct {
	text    string
	kind    kind
	bits    int  // of a number
	signed  bool // of an integer
	elem    *typ
	key     *typ
	n       int // length of an array
	fields  []field
	params  []*typ
	results []*typ
	effect  bool // of functions that may change variables
}

type field struct {
	name string
	t    *typ
}

func integer(name string, bits int, signed bool) *typ {
	return &typ{text: name, kind: intKind, bits: bits, signed: signed}
}

var (
	boolType   = &typ{text: "bool", kind: boolKind}
	intType    = integer("int", 64, true)
	uintType   = integer("uint", 64, false)
	stringType = &typ{text: "string", kind: stringKind}
	floats     = []*typ{{text: "float64", kind: floatKind, bits: 64}, {text: "float32", kind: floatKind, bits: 32}}
	integers   = []*typ{
		intType, uintType, integer("int8", 8, true), integer("int16", 16, true), integer("int32", 32, true), integer("int64", 64, true),
		integer("uint8", 8, false), integer("uint16", 16, false), integer("uint32", 32, false), integer("uint64", 64, false),
	}
)

func sliceOf(t *typ) *typ { return &typ{text: "[]" + t.text, kind: sliceKind, elem: t} }

func arrayOf(n int, t *typ) *typ {
	return &typ{text: fmt.Sprintf("[%d]%s", n, t.text), kind: arrayKind, n: n, elem: t}
}

func mapOf(k, v *typ) *typ {
	return &typ{text: fmt.Sprintf("map[%s]%s", k.text, v.text), kind: mapKind, key: k, elem: v}
}

func pointerTo(t *typ) *typ { return &typ{text: "*" + t.text, kind: pointerKind, elem: t} }

func funcType(params []*typ, results ...*typ) *typ {
	text := "func(" + typeList(params) + ")"
	switch len(results) {
	case 0:
	case 1:
		text += " " + results[0].text
	default:
		text += " (" + typeList(results) + ")"
	}
	return &typ{text: text, kind: funcKind, params: params, results: results}
}

func typeList(ts []*typ) string {
	var texts []string
	for _, t := range ts {
		texts = append(texts, t.text)
	}
	return strings.Join(texts, ", ")
}

func (t *typ) is(u *typ) bool { return t.text == u.text }

func (t *typ) number() bool { return t.kind == intKind || t.kind == floatKind }

func (t *typ) basic() bool { return t.number() || t.kind == boolKind || t.kind == stringKind }

func (t *typ) ordered() bool { return t.number() || t.kind == stringKind }

// basic returns a random type without parts.
func (g *gen) basic() *typ {
	switch g.r.Intn(8) {
	case 0:
		return boolType
	case 1, 2:
		return stringType
	case 3:
		return choose(g, floats...)
	case 4, 5:
		return intType
	}
	return choose(g, integers...)
}

// anyType returns a random type whose zero value can be used and printed.
func (g *gen) anyType(depth int) *typ {
	if depth <= 0 || g.chance(45) {
		return g.basic()
	}
	switch g.r.Intn(6) {
	case 0, 1:
		return sliceOf(g.anyType(depth - 1))
	case 2:
		return arrayOf(1+g.r.Intn(3), g.anyType(depth-1))
	case 3:
		return mapOf(choose(g, stringType, intType, integers[6]), g.anyType(depth-1))
	case 4, 5:
		if len(g.structs) > 0 {
			return choose(g, g.structs...)
		}
	}
	return g.basic()
}

// varType is a type for a variable that is given a value.
func (g *gen) varType() *typ {
	switch {
	case g.pure == 0 && len(g.structs) > 0 && g.chance(12):
		return pointerTo(choose(g, g.structs...))
	case g.chance(12):
		return g.pureType()
	}
	return g.anyType(2)
}
