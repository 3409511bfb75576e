package engine

import (
	"fmt"
	"go/token"
	"reflect"
	"runtime"
	"strings"
	"unsafe"

	"github.com/traefik/yaegi/interp"
)

// The interpreter makes a step of each node of its syntax trees when it compiles
// them. These are its own structures, and what it makes steps with.

// step runs a node and returns what follows.
type step func(*frame) step

type node struct {
	debug      unsafe.Pointer
	child      []*node
	anc        *node
	param      []unsafe.Pointer
	start      *node
	tnext      *node
	fnext      *node
	interp     *interp.Interpreter
	index      int64
	findex     int
	level      int
	nleft      int
	nright     int
	kind       uint
	pos        token.Pos
	sym        unsafe.Pointer
	typ        *nodeType
	recv       unsafe.Pointer
	types      []reflect.Type
	scope      unsafe.Pointer
	action     uint
	exec       step
	gen        func(*node)
	val        any
	rval       reflect.Value
	ident      string
	redeclared bool
	meta       any
}

type nodeType struct {
	cat    uint
	field  []struct{}
	key    *nodeType
	val    *nodeType
	recv   *nodeType
	arg    []*nodeType
	ret    []*nodeType
	ptr    *nodeType
	method []*node
}

type frame struct {
	id    uint64
	debug unsafe.Pointer
	root  *frame
	anc   *frame
	data  []reflect.Value
}

// generateCall makes the step of a call of a function of a cell.
//
//go:linkname generateCall github.com/traefik/yaegi/interp.call
func generateCall(*node)

// valueOf returns what reads the value of an expression.
//
//go:linkname valueOf github.com/traefik/yaegi/interp.genValue
func valueOf(*node) func(*frame) reflect.Value

// functionOf returns what makes a compiled function of one of a cell.
//
//go:linkname functionOf github.com/traefik/yaegi/interp.genFunctionWrapper
func functionOf(*node) func(*frame) reflect.Value

// arrayOf is valueOf for what is indexed: a pointer is followed.
//
//go:linkname arrayOf github.com/traefik/yaegi/interp.genValueArray
func arrayOf(*node) func(*frame) reflect.Value

// stepOf returns the step of a node, nil for none.
//
//go:linkname stepOf github.com/traefik/yaegi/interp.getExec
func stepOf(*node) step

// integer reads a number, also a constant.
//
//go:linkname integer github.com/traefik/yaegi/interp.vInt
func integer(reflect.Value) int64

//go:linkname typeOf github.com/traefik/yaegi/interp.(*itype).TypeOf
func typeOf(*nodeType) reflect.Type

// outer returns the frame that is some functions further out.
func (f *frame) outer(level int) *frame {
	if level < 0 {
		return f.root
	}
	for ; level > 0; level-- {
		f = f.anc
	}
	return f
}

// Actions of nodes.
const (
	actionCall      = 12
	actionCallSlice = 13 // f(x...)
)

// generators are our own generators, by the names of those of the interpreter
// that they replace.
var generators = map[string]func(*node){
	"call": generateSignedCall, "getIndexArray": generateIndex, "slice": generateSlice, "slice0": generateSliceFrom0,
}

// replaceGenerators lets our own generators make the steps of a program that was
// compiled and not run yet.
func replaceGenerators(p *interp.Program) {
	root := reflect.ValueOf(p).Elem().FieldByName("root")
	replaceIn((*node)(root.UnsafePointer()))
}

func replaceIn(n *node) {
	for _, c := range n.child {
		replaceIn(c)
	}
	n.exec = nil // in function literals, the interpreter has made the steps already
	if n.gen == nil {
		return
	}
	name := generatorName(n.gen)
	if g := generators[name]; g != nil {
		n.gen = g
	}
	if name == "getFunc" {
		stepOf(n.child[3].start)
	}
}

// generatorName returns the name of a function of the interpreter.
func generatorName(g func(*node)) string {
	return strings.TrimPrefix(runtime.FuncForPC(reflect.ValueOf(g).Pointer()).Name(), "github.com/traefik/yaegi/interp.")
}

// checkMirrors fails if the interpreter's structures are not those known here.
func checkMirrors() error {
	root, _ := reflect.TypeFor[interp.Program]().FieldByName("root")
	scope, _ := reflect.TypeFor[interp.Interpreter]().FieldByName("frame")
	theirs := root.Type.Elem()
	typ, _ := theirs.FieldByName("typ")
	for _, m := range []struct{ ours, theirs reflect.Type }{
		{reflect.TypeFor[node](), theirs}, {reflect.TypeFor[nodeType](), typ.Type.Elem()}, {reflect.TypeFor[frame](), scope.Type.Elem()},
	} {
		if err := mirrors(m.ours, m.theirs); err != nil {
			return err
		}
	}
	if size := reflect.TypeFor[node]().Size(); size != theirs.Size() {
		return fmt.Errorf("the interpreter's node has %d bytes, expected %d as in yaegi v0.16.1", theirs.Size(), size)
	}
	return nil
}

// mirrors reports where the fields of a struct are not the first ones of another.
func mirrors(ours, theirs reflect.Type) error {
	for i := range ours.NumField() {
		if i == theirs.NumField() {
			return fmt.Errorf("the interpreter's %s has %d fields, expected more, as in yaegi v0.16.1", theirs.Name(), i)
		}
		f, g := ours.Field(i), theirs.Field(i)
		if f.Name != g.Name || f.Offset != g.Offset || f.Type.Size() != g.Type.Size() {
			return fmt.Errorf("field %d of the interpreter's %s is %s, expected %s as in yaegi v0.16.1", i, theirs.Name(), g.Name, f.Name)
		}
	}
	return nil
}
