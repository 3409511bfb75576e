package engine

import (
	"fmt"
	"go/token"
	"reflect"
	"runtime"
	"strings"
	"sync"
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

// generators is the interpreter's table of what makes the step of a node, by the
// node's action.
//
//go:linkname generators github.com/traefik/yaegi/interp.builtin
var generators [lastAction + 1]func(*node)

// Actions of nodes.
const (
	actionCall      = 12
	actionCallSlice = 13 // f(x...)
	lastAction      = 59
)

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

//go:linkname typeOf github.com/traefik/yaegi/interp.(*itype).TypeOf
func typeOf(*nodeType) reflect.Type

// replaceGenerators puts our own generators into the interpreter's table, once
// and for all interpreters. It fails if the interpreter's structures are not
// those known here.
var replaceGenerators = sync.OnceValue(func() error {
	root := reflect.TypeFor[interp.Interpreter]()
	roots, _ := root.FieldByName("roots")
	universe, _ := root.FieldByName("frame")
	theirs := roots.Type.Elem().Elem()
	typ, _ := theirs.FieldByName("typ")
	for _, m := range []struct{ ours, theirs reflect.Type }{
		{reflect.TypeFor[node](), theirs}, {reflect.TypeFor[nodeType](), typ.Type.Elem()}, {reflect.TypeFor[frame](), universe.Type.Elem()},
	} {
		if err := mirrors(m.ours, m.theirs); err != nil {
			return err
		}
	}
	if reflect.TypeFor[node]().Size() != theirs.Size() {
		return fmt.Errorf("the interpreter's node has %d bytes, expected %d as in yaegi v0.16.1", theirs.Size(), reflect.TypeFor[node]().Size())
	}
	for _, action := range []uint{actionCall, actionCallSlice} {
		if name := runtime.FuncForPC(reflect.ValueOf(generators[action]).Pointer()).Name(); !strings.HasSuffix(name, "/interp.call") {
			return fmt.Errorf("the interpreter's action %d is %s, expected a call as in yaegi v0.16.1", action, name)
		}
		generators[action] = generateSignedCall
	}
	return nil
})

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
