package engine

import (
	"math"
	"reflect"
	"slices"
	"sync"
)

// The interpreter leaves an argument out if package reflect calls it zero, and
// so passes 0 for −0. A call with such an argument takes another way: as a
// function of compiled code is called, with all of its arguments.

// generateSignedCall makes the step of a call that keeps the sign of −0.
func generateSignedCall(n *node) {
	generateCall(n)
	args := signedArgs(n)
	if len(args) == 0 {
		return
	}
	plain := n.exec
	n.exec = func(f *frame) step {
		for _, arg := range args {
			if hasNegativeZero(arg(f)) {
				return callCompiled(n, f)(f)
			}
		}
		return plain(f)
	}
}

// callCompiled makes the step of a call again, with the callee as a compiled
// function.
func callCompiled(n *node, f *frame) step {
	generating.Lock()
	defer generating.Unlock()
	callee, again := *n.child[0], *n
	callee.rval = functionOf(n.child[0])(f)
	callee.val = callee.rval
	again.child = slices.Concat([]*node{&callee}, n.child[1:])
	generateCall(&again)
	return again.exec
}

// generating is held while a running cell makes a step: to do so changes the
// constants among the arguments.
var generating sync.Mutex

// signedArgs returns what reads the arguments that may hold −0.
func signedArgs(n *node) (args []func(*frame) reflect.Value) {
	params := n.child[0].typ.arg
	i := 0
	add := func(value func(*frame) reflect.Value) {
		if i < len(params) && params[i].cat != variadicT && mayBeSigned(typeOf(params[i])) {
			args = append(args, value)
		}
		i++
	}
	for _, c := range n.child[1:] {
		if results := callResults(c); results != 1 {
			for j := range results {
				add(func(f *frame) reflect.Value { return f.data[c.findex+j] })
			}
			continue
		}
		if c.rval.IsValid() {
			i++ // a constant
			continue
		}
		add(valueOf(c))
	}
	return args
}

// callResults returns how many results an expression has if it is a call of a
// function, of a cell or compiled.
func callResults(n *node) int {
	if len(n.child) == 0 || n.action != actionCall && n.action != actionCallSlice || n.child[0].typ == nil {
		return 1
	}
	switch typ := n.child[0].typ; typ.cat {
	case funcT:
		return len(typ.ret)
	case valueT:
		if t := typeOf(typ); t.Kind() == reflect.Func {
			return t.NumOut()
		}
	}
	return 1
}

// mayBeSigned reports whether values of a type hold floating-point numbers that
// make them differ from their zero value by no more than a sign.
func mayBeSigned(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		return true
	case reflect.Array:
		return mayBeSigned(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if mayBeSigned(t.Field(i).Type) {
				return true
			}
		}
	}
	return false
}

// hasNegativeZero reports whether package reflect takes a value for zero which
// is not, because of a sign.
func hasNegativeZero(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Float32, reflect.Float64:
		x := v.Float()
		return x == 0 && math.Signbit(x)
	case reflect.Complex64, reflect.Complex128:
		x := v.Complex()
		return x == 0 && (math.Signbit(real(x)) || math.Signbit(imag(x)))
	case reflect.Array:
		return v.IsZero() && anySigned(v.Len(), v.Index)
	case reflect.Struct:
		return v.IsZero() && anySigned(v.NumField(), v.Field)
	}
	return false
}

func anySigned(n int, part func(int) reflect.Value) bool {
	for i := range n {
		if hasNegativeZero(part(i)) {
			return true
		}
	}
	return false
}
