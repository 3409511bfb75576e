package golang

import (
	"errors"
	"fmt"
	"go/types"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/gocrate/gocrate/kernel/golang/check"
	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// A summary tells of a value what fits into a tooltip. It looks into the value
// by reflection alone: no method of it is called, so none of the user's code
// runs, and what it reads is bounded.
type summary struct {
	lines []line
	left  int // numbers that may still be read
}

// line is a line of a table: what, and how it is.
type line struct{ what, is string }

const (
	numbersRead = 1 << 19 // two milliseconds
	textShown   = 60      // characters of a string
	itemsShown  = 6       // elements or keys in a row
	fieldsShown = 16
	keysSorted  = 1000 // of a larger map none are shown
)

func summarize(t types.Type, v reflect.Value) []line {
	s := &summary{left: numbersRead}
	s.value(t, v)
	return s.lines
}

func (s *summary) say(what, format string, args ...any) {
	s.lines = append(s.lines, line{what, fmt.Sprintf(format, args...)})
}

// value says all of a value: v holds it, t is its type for the program.
func (s *summary) value(t types.Type, v reflect.Value) {
	t, v, dynamic := concrete(t, v)
	if dynamic {
		s.say("dynamic type", "%s", typeName(t, v))
	}
	if t != nil {
		if p, ok := t.Underlying().(*types.Pointer); ok && v.Kind() == reflect.Pointer && !v.IsNil() {
			t, v, _ = concrete(p.Elem(), v.Elem())
		}
	} else if v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if m, ok := matrixOf(v); ok {
		s.matrix(m)
		return
	}
	if text, ok := known(v); ok {
		s.say("value", "%s", text)
		return
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		s.list(t, v)
	case reflect.Map:
		s.say("length", "%d", v.Len())
		s.say("value", "%s", s.short(t, v, 1))
	case reflect.Struct:
		s.fields(t, v)
	case reflect.String:
		s.say("length", "%d bytes", v.Len())
		s.say("value", "%s", s.short(t, v, 0))
	case reflect.Chan:
		s.say("length", "%d of %d", v.Len(), v.Cap())
	case reflect.Func:
		if v.IsNil() {
			s.say("value", "nil")
		}
	default:
		s.say("value", "%s", s.short(t, v, 0))
	}
}

// concrete returns what an interface holds, as the program sees it, and whether
// it has looked into one. The type is nil for a compiled one.
func concrete(t types.Type, v reflect.Value) (types.Type, reflect.Value, bool) {
	isInterface := t == nil && v.Kind() == reflect.Interface || t != nil && types.IsInterface(t)
	for v.Kind() == reflect.Interface && !v.IsNil() {
		v = v.Elem()
	}
	if !v.CanInterface() {
		return t, v, false
	}
	if b, ok := rt.Unwrap(v.Interface()).(rt.Box); ok {
		return b.T.Go, reflect.ValueOf(b.V), isInterface
	}
	if !isInterface || v.Kind() == reflect.Interface {
		return t, v, false
	}
	return nil, v, true
}

func typeName(t types.Type, v reflect.Value) string {
	if t != nil {
		return types.TypeString(t, check.ShortNames)
	}
	return v.Type().String()
}

// known writes values of the standard library whose fields say little.
func known(v reflect.Value) (string, bool) {
	if !v.CanInterface() {
		return "", false
	}
	switch v.Type() {
	case reflect.TypeFor[time.Duration](), reflect.TypeFor[time.Time]():
		return fmt.Sprint(v.Interface()), true
	case reflect.TypeOf(errors.New("")).Elem():
		return quoted(v.Field(0).String()), true
	}
	return "", false
}

// list says the length and the range of a slice or array.
func (s *summary) list(t types.Type, v reflect.Value) {
	if v.Kind() == reflect.Slice && v.IsNil() {
		s.say("value", "nil")
		return
	}
	if s.rows(v) {
		s.say("value", "%s", s.short(t, v, 2))
		return
	}
	s.say("length", "%d", v.Len())
	if isNumber(v.Type().Elem().Kind()) && v.Len() > 1 {
		s.numbers(v.Len(), v)
	}
	s.say("value", "%s", s.short(t, v, 1))
}

// fields says the fields of a struct, each in short.
func (s *summary) fields(t types.Type, v reflect.Value) {
	if size, ok := imageSize(v); ok {
		s.say("size", "%s pixels", size)
		return
	}
	names, parts := fieldsOf(t, v)
	for i, name := range names[:min(len(names), fieldsShown)] {
		s.say("."+name, "%s", s.short(parts[i].t, parts[i].v, 1))
	}
	if n := len(names) - fieldsShown; n > 0 {
		s.say("…", "%d more fields", n)
	}
}

type part struct {
	t types.Type
	v reflect.Value
}

// fieldsOf returns the fields that a cell may name.
func fieldsOf(t types.Type, v reflect.Value) (names []string, parts []part) {
	st, ok := (*types.Struct)(nil), false
	if t != nil {
		st, ok = t.Underlying().(*types.Struct)
	}
	for i := range v.NumField() {
		name, exported, p := v.Type().Field(i).Name, v.Type().Field(i).IsExported(), part{nil, v.Field(i)}
		if ok && st.NumFields() == v.NumField() {
			f := st.Field(i)
			name, exported, p.t = f.Name(), f.Exported() || f.Pkg().Path() == "main", f.Type()
		}
		if exported {
			names, parts = append(names, name), append(parts, p)
		}
	}
	return names, parts
}

// short writes a value on part of a line, what it holds down to a depth.
func (s *summary) short(t types.Type, v reflect.Value, depth int) string {
	t, v, _ = concrete(t, v)
	if s.left--; s.left < 0 {
		return "…"
	}
	if text, ok := known(v); ok {
		return text
	}
	switch v.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.FormatUint(v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		return fmt.Sprintf("%.6g", v.Float())
	case reflect.Complex64, reflect.Complex128:
		return fmt.Sprintf("%.6g", v.Complex())
	case reflect.String:
		return quoted(v.String())
	case reflect.Invalid:
		return "nil"
	case reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		if v.IsNil() {
			return "nil"
		}
		return typeName(t, v)
	}
	return s.composite(t, v, depth)
}

func quoted(text string) string {
	if len(text) <= textShown {
		return strconv.Quote(text)
	}
	cut := textShown
	for cut > 0 && text[cut]&0xC0 == 0x80 {
		cut-- // not inside a character
	}
	return strconv.Quote(text[:cut]) + "…"
}

// composite is short for values that hold others.
func (s *summary) composite(t types.Type, v reflect.Value, depth int) string {
	if k := v.Kind(); k != reflect.Struct && k != reflect.Array && v.IsNil() {
		return "nil"
	}
	if m, ok := matrixOf(v); ok {
		return fmt.Sprintf("%s %d×%d", typeName(t, v), m.rows, m.columns)
	}
	switch {
	case v.Kind() == reflect.Pointer:
		return "&" + s.short(elem(t), v.Elem(), depth)
	case depth <= 0 && v.Kind() == reflect.Struct:
		return typeName(t, v) + "{…}"
	case depth <= 0:
		return fmt.Sprintf("%s of length %d", typeName(t, v), v.Len())
	case v.Kind() == reflect.Map:
		return s.mapping(t, v, depth)
	case v.Kind() == reflect.Struct:
		var items []string
		names, parts := fieldsOf(t, v)
		for i, p := range parts[:min(len(parts), itemsShown)] {
			items = append(items, names[i]+": "+s.short(p.t, p.v, depth-1))
		}
		return typeName(t, v) + "{" + joined(items, ", ", len(parts)) + "}"
	}
	var items []string
	for i := range min(v.Len(), itemsShown) {
		items = append(items, s.short(elem(t), v.Index(i), depth-1))
	}
	return "[" + joined(items, " ", v.Len()) + "]"
}

func (s *summary) mapping(t types.Type, v reflect.Value, depth int) string {
	if v.Len() > keysSorted {
		return fmt.Sprintf("%s of length %d", typeName(t, v), v.Len())
	}
	var key types.Type
	if t != nil {
		if m, ok := t.Underlying().(*types.Map); ok {
			key = m.Key()
		}
	}
	if !v.CanInterface() {
		return typeName(t, v)
	}
	var items []string
	for _, k := range rt.SortedKeys(v)[:min(v.Len(), itemsShown)] {
		items = append(items, s.short(key, k, 0)+": "+s.short(elem(t), v.MapIndex(k), depth-1))
	}
	return "{" + joined(items, ", ", v.Len()) + "}"
}

// joined joins the first items of n.
func joined(items []string, sep string, n int) string {
	if n > len(items) {
		items = append(items, "…")
	}
	return strings.Join(items, sep)
}

// elem is the type of the elements of t, or nil.
func elem(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	if e, ok := t.Underlying().(interface{ Elem() types.Type }); ok {
		return e.Elem()
	}
	return nil
}
