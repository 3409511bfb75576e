package rt

import (
	"fmt"
	"go/types"
	"io"
	"reflect"
	"strings"
)

// Format implements fmt.Formatter: it prints the boxed value as package fmt
// prints it in a compiled program, with the names and methods of its types.
func (b Box) Format(s fmt.State, verb rune) {
	p := printer{w: s, f: s, verb: verb, ts: b.T.types}
	p.element(b.T.Go, reflect.ValueOf(b.V), true, 0)
}

// printer prints values of user types. It follows package fmt's printValue
// and hands what has no parts to package fmt.
type printer struct {
	w    io.Writer
	f    fmt.State
	verb rune
	ts   *Types
}

func (p *printer) text(s string) { io.WriteString(p.w, s) }

func (p *printer) plus() bool  { return p.verb == 'v' && p.f.Flag('+') }
func (p *printer) sharp() bool { return p.verb == 'v' && p.f.Flag('#') }

// leaf prints a value without parts.
func (p *printer) leaf(v any) { fmt.Fprintf(p.w, fmt.FormatString(p.f, p.verb), v) }

func isInterface(t types.Type) bool { return types.IsInterface(t) }

// method calls the method by which a value formats itself.
func (p *printer) method(t types.Type, v reflect.Value) bool {
	if isInterface(t) {
		return false
	}
	if !UserMethods(t) {
		return p.compiledMethod(t, v)
	}
	if v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if !v.IsValid() {
		return false
	}
	b := Box{p.ts.Of(t), v.Interface()}
	if f := b.T.method("Format"); f.IsValid() {
		if g, ok := f.Interface().(func(any, fmt.State, rune)); ok {
			p.guarded("Format", v, func() { g(b, p.f, p.verb) })
			return true
		}
	}
	if p.sharp() {
		if b.has("GoString") {
			p.guarded("GoString", v, func() { fmt.Fprintf(p.w, padded(p.f), b.callString("GoString")) })
			return true
		}
		return false
	}
	switch p.verb {
	case 'v', 's', 'x', 'X', 'q':
	default:
		return false
	}
	for _, name := range []string{"Error", "String"} {
		if b.has(name) {
			p.guarded(name, v, func() { p.leaf(b.callString(name)) })
			return true
		}
	}
	return false
}

// has reports whether b has a method of this name that returns a string.
func (b Box) has(name string) bool {
	f := b.T.method(name)
	return f.IsValid() && withoutReceiver(f.Type()) == reflect.TypeFor[func() string]()
}

// compiledMethod lets package fmt print a value of a compiled type that has
// methods.
func (p *printer) compiledMethod(t types.Type, v reflect.Value) bool {
	if !v.CanInterface() || mentionsUser(t, nil) {
		return false
	}
	switch v.Interface().(type) {
	case fmt.Formatter, fmt.Stringer, error, fmt.GoStringer:
		p.leaf(v.Interface())
		return true
	}
	return false
}

// guarded prints a panic of a user's method as package fmt does.
func (p *printer) guarded(name string, v reflect.Value, f func()) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		if v.Kind() == reflect.Pointer && v.IsNil() {
			p.text("<nil>")
			return
		}
		fmt.Fprintf(p.w, "%%!%c(PANIC=%s method: %v)", p.verb, name, PanicValue(r))
	}()
	f()
}

// structure prints a value by its structure.
func (p *printer) structure(t types.Type, v reflect.Value, methods bool, depth int) {
	if !v.IsValid() {
		p.invalid(t, depth)
		return
	}
	if v.Kind() == reflect.Interface && !isInterface(t) {
		if v = v.Elem(); !v.IsValid() { // a field that is any to the interpreter
			v = zeroOf(t)
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		p.basic(t, u, v)
	case *types.Struct:
		p.fields(t, u, v, methods, depth)
	case *types.Map:
		p.mapping(t, u, v, methods, depth)
	case *types.Slice:
		p.list(t, u.Elem(), v, methods, depth)
	case *types.Array:
		p.list(t, u.Elem(), v, methods, depth)
	case *types.Pointer:
		p.pointer(t, u, v, methods, depth)
	case *types.Interface:
		p.iface(t, v, methods, depth)
	case *types.Chan, *types.Signature:
		p.address(t, v, depth)
	default:
		p.leaf(v.Interface())
	}
}

// zeroOf returns a nil value of the kind of t.
func zeroOf(t types.Type) reflect.Value {
	switch t.Underlying().(type) {
	case *types.Map:
		return reflect.ValueOf(map[int]int(nil))
	case *types.Slice:
		return reflect.ValueOf([]int(nil))
	}
	return reflect.ValueOf((*int)(nil))
}

func (p *printer) invalid(t types.Type, depth int) {
	switch {
	case depth > 0 && p.verb == 'v':
		if p.sharp() {
			p.text(TypeText(t) + "(nil)")
			return
		}
		p.text("<nil>")
	case p.verb == 'v':
		p.text("<nil>")
	default:
		p.text("%!" + string(p.verb) + "(<nil>)")
	}
}

func (p *printer) basic(t types.Type, u *types.Basic, v reflect.Value) {
	plain := reflect.New(basicTypes[u.Kind()]).Elem()
	switch {
	case v.CanConvert(plain.Type()):
		plain.Set(v.Convert(plain.Type()))
	}
	if good(u, p.verb) {
		p.leaf(plain.Interface())
		return
	}
	p.bad(t, func(q *printer) { q.leaf(plain.Interface()) })
}

// good reports whether package fmt prints a basic type with a verb.
func good(u *types.Basic, verb rune) bool {
	verbs := ""
	switch info := u.Info(); {
	case info&types.IsBoolean != 0:
		verbs = "tv"
	case info&types.IsInteger != 0:
		verbs = "vdbcoOqxXU"
	case info&types.IsFloat != 0, info&types.IsComplex != 0:
		verbs = "vbgGxXfFeE"
	case info&types.IsString != 0:
		verbs = "vsxXq"
	}
	return strings.ContainsRune(verbs, verb)
}

// bad prints fmt's complaint about a verb that does not fit: %!d(main.T=…).
func (p *printer) bad(t types.Type, value func(q *printer)) {
	q := *p
	q.verb, q.f = 'v', plainState{p.w}
	p.text("%!" + string(p.verb) + "(" + TypeText(t) + "=")
	value(&q)
	p.text(")")
}

// plainState is a fmt.State without flags.
type plainState struct{ io.Writer }

func (plainState) Width() (int, bool)     { return 0, false }
func (plainState) Precision() (int, bool) { return 0, false }
func (plainState) Flag(int) bool          { return false }

func (p *printer) fields(t types.Type, u *types.Struct, v reflect.Value, methods bool, depth int) {
	if p.sharp() {
		p.text(TypeText(t))
	}
	p.text("{")
	for i := range u.NumFields() {
		f := u.Field(i)
		if i > 0 {
			p.text(map[bool]string{true: ", ", false: " "}[p.sharp()])
		}
		if p.plus() || p.sharp() {
			p.text(f.Name() + ":")
		}
		p.element(f.Type(), field(v, i), methods && f.Exported(), depth+1)
	}
	p.text("}")
}

// field returns a field of a struct, readable also where its name is not
// exported.
func field(v reflect.Value, i int) reflect.Value {
	f := v.Field(i)
	if f.CanInterface() {
		return f
	}
	if !v.CanAddr() {
		c := reflect.New(v.Type()).Elem()
		c.Set(v)
		v = c
	}
	f = v.Field(i)
	return reflect.NewAt(f.Type(), f.Addr().UnsafePointer()).Elem()
}

// element prints a value with the methods of its type, if they may be called:
// what is in an unexported field is printed by its structure alone.
func (p *printer) element(t types.Type, v reflect.Value, methods bool, depth int) {
	t = types.Unalias(t)
	if methods && v.IsValid() && v.CanInterface() && !isInterface(t) && !mentionsUser(t, nil) {
		p.compiled(v.Interface(), depth)
		return
	}
	if methods && v.IsValid() && p.method(t, v) {
		return
	}
	p.structure(t, v, methods, depth)
}

func (p *printer) iface(t types.Type, v reflect.Value, methods bool, depth int) {
	if v.Kind() == reflect.Interface {
		if v.IsNil() {
			if p.sharp() {
				p.text(TypeText(t) + "(nil)")
			} else {
				p.text("<nil>")
			}
			return
		}
		v = v.Elem()
	}
	x := Unwrap(v.Interface())
	if b, ok := x.(Box); ok {
		p.element(b.T.Go, reflect.ValueOf(b.V), methods, depth)
		return
	}
	if methods || p.plainKind(v) {
		p.compiled(x, depth)
		return
	}
	p.leaf(v) // a reflect.Value: fmt prints its structure
}

func (p *printer) plainKind(v reflect.Value) bool { return v.Type().NumMethod() == 0 }

// compiled prints a value of a compiled type inside another value: pointers
// are addresses there.
func (p *printer) compiled(x any, depth int) {
	v := reflect.ValueOf(x)
	if _, ok := x.([]byte); ok && depth > 0 {
		p.leaf(v) // a reflect.Value: fmt calls it []uint8 there
		return
	}
	if depth > 0 && v.Kind() == reflect.Pointer && !hasPrintMethod(x, p.sharp()) {
		switch v.Elem().Kind() {
		case reflect.Struct, reflect.Map, reflect.Slice, reflect.Array:
			p.pointerText(v.Type().String(), v)
			return
		}
	}
	p.leaf(x)
}

func hasPrintMethod(x any, sharp bool) bool {
	switch x.(type) {
	case fmt.Formatter:
		return true
	case fmt.GoStringer:
		return sharp
	case error, fmt.Stringer:
		return !sharp
	}
	return false
}

func (p *printer) list(t, elem types.Type, v reflect.Value, methods bool, depth int) {
	if b, ok := elem.Underlying().(*types.Basic); ok && b.Kind() == types.Uint8 && strings.ContainsRune("sqxX", p.verb) {
		raw := make([]byte, v.Len())
		reflect.Copy(reflect.ValueOf(raw), v)
		p.leaf(raw)
		return
	}
	if p.verb == 'p' && v.Kind() == reflect.Slice {
		p.address(t, v, depth)
		return
	}
	if p.sharp() {
		p.text(TypeText(t))
		if v.Kind() == reflect.Slice && v.IsNil() {
			p.text("(nil)")
			return
		}
		p.text("{")
	} else {
		p.text("[")
	}
	for i := range v.Len() {
		if i > 0 {
			p.text(map[bool]string{true: ", ", false: " "}[p.sharp()])
		}
		p.element(elem, v.Index(i), methods, depth+1)
	}
	p.text(map[bool]string{true: "}", false: "]"}[p.sharp()])
}

func (p *printer) mapping(t types.Type, u *types.Map, v reflect.Value, methods bool, depth int) {
	if p.verb == 'p' {
		p.address(t, v, depth)
		return
	}
	if p.sharp() {
		p.text(TypeText(t))
		if v.IsNil() {
			p.text("(nil)")
			return
		}
		p.text("{")
	} else {
		p.text("map[")
	}
	for i, k := range SortedKeys(v) {
		if i > 0 {
			p.text(map[bool]string{true: ", ", false: " "}[p.sharp()])
		}
		p.element(u.Key(), k, methods, depth+1)
		p.text(":")
		p.element(u.Elem(), v.MapIndex(k), methods, depth+1)
	}
	p.text(map[bool]string{true: "}", false: "]"}[p.sharp()])
}

// PanicValue is a recovered value for printing.
func PanicValue(r any) any { return Unwrap(Translate(r)) }

var universeError = types.Universe.Lookup("error").Type()
