package closures

import (
	"reflect"
	"unsafe"
)

// Other code calls a function through a func that package reflect makes, and is
// called by package reflect: arguments and results are copied into and out of a
// frame.

// entry is a function, or a closure, as it is called from outside.
type entry struct {
	*ports
	of *closure
}

// ports are where the arguments and results of a function pass between a frame and
// Go, for a type that it has in Go.
type ports struct {
	fn              *Func
	t               reflect.Type
	params, results []port
}

type port struct {
	t       reflect.Type
	in, out func(*frame, unsafe.Pointer)
}

// Bind makes a variable of a func type the function.
func (f *Func) Bind(variable any) error {
	v := reflect.ValueOf(variable).Elem()
	p, err := f.portsOf(v.Type())
	if err != nil {
		return err
	}
	v.Set(p.open(&closure{fn: f}))
	return nil
}

// portsOf returns the ports for a func of type t.
func (f *Func) portsOf(t reflect.Type) (*ports, error) {
	if p, ok := f.ports.Load(t); ok {
		return p.(*ports), nil
	}
	if err := f.unit.demand("function "+f.Name, f.Sig, t); err != nil {
		return nil, err
	}
	p := &ports{fn: f, t: t}
	for i, s := range f.results {
		k, t := f.kinds[i], t.Out(i)
		p.results = append(p.results, port{t, k.in(s, t), k.out(s, t)})
	}
	for i, s := range f.params {
		k, t := f.kinds[len(f.results)+i], t.In(i)
		p.params = append(p.params, port{t, k.in(s, t), k.out(s, t)})
	}
	for i, v := range f.outside {
		v.t = t.In(i).Elem()
	}
	f.ports.Store(t, p)
	return p, nil
}

// open makes the func that calls a closure.
func (p *ports) open(cl *closure) reflect.Value { return reflect.MakeFunc(p.t, (&entry{p, cl}).call) }

func (e *entry) call(args []reflect.Value) []reflect.Value {
	f := e.fn
	c := f.m.chain()
	base := c.base
	callee := base.callee(f.size)
	for i, p := range e.params {
		p.put(callee, args[i])
	}
	e.of.enter(callee)
	if v, ok := f.run(base, callee); !ok {
		f.failed(base, v)
	}
	results := make([]reflect.Value, len(e.results))
	for i, p := range e.results {
		results[i] = p.get(callee)
	}
	f.m.idle.Put(c)
	return results
}

// leave calls a func with the arguments in a frame.
func (p *ports) leave(f reflect.Value, fr *frame) {
	args := make([]reflect.Value, len(p.params))
	for i, in := range p.params {
		args[i] = in.get(fr)
	}
	for i, x := range f.Call(args) {
		p.results[i].put(fr, x)
	}
}

func (p port) put(fr *frame, x reflect.Value) {
	v := reflect.New(p.t)
	v.Elem().Set(x)
	p.in(fr, v.UnsafePointer())
}

func (p port) get(fr *frame) reflect.Value {
	v := reflect.New(p.t)
	p.out(fr, v.UnsafePointer())
	return v.Elem()
}

// goFuncs is how funcs look that package reflect makes of an entry's method: to find
// the entry of one is to call it without leaving compiled code. If they do not
// look as expected, none is found.
var goFuncs = lookAtFuncs()

type funcLayout struct {
	code uintptr // of every func that package reflect makes
	at   uintptr // where it has the func that was given to it, 0 if that is not known
	call uintptr // the code of that, if it is an entry's; its receiver is next to it
}

func lookAtFuncs() (m funcLayout) {
	e := &entry{}
	call := e.call
	f := reflect.MakeFunc(reflect.TypeFor[func()](), call).Interface().(func())
	outer, given := *(*unsafe.Pointer)(unsafe.Pointer(&f)), *(*unsafe.Pointer)(unsafe.Pointer(&call))
	if wordAt[*entry](given, uintptr(word)) != e {
		return m
	}
	m.code, m.call = wordAt[uintptr](outer, 0), wordAt[uintptr](given, 0)
	const words = 6
	for at := word; at < words*word; at += word {
		if wordAt[unsafe.Pointer](outer, uintptr(at)) == given {
			m.at = uintptr(at)
			break
		}
	}
	return m
}

func wordAt[T any](p unsafe.Pointer, offset uintptr) T { return *(*T)(unsafe.Add(p, offset)) }

// entryOf returns the entry that a func calls, nil if it calls none. A func is a
// pointer to its code and what that needs.
func entryOf(f unsafe.Pointer) *entry {
	if goFuncs.at == 0 || wordAt[uintptr](f, 0) != goFuncs.code {
		return nil
	}
	given := wordAt[unsafe.Pointer](f, goFuncs.at)
	if wordAt[uintptr](given, 0) != goFuncs.call {
		return nil
	}
	return wordAt[*entry](given, uintptr(word))
}
