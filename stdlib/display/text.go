package display

import (
	"bytes"
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of the text form: what a reader still takes in, and what a notebook
// still likes to hold.
const (
	maxElements = 100   // of a list or map; a list of lists shares them out
	maxRows     = 10    // of a list of lists that is too large to show whole
	maxText     = 10000 // bytes of the whole text
	maxDepth    = 6     // of pointers, structs and containers in each other
)

// textOf returns v as text: what fmt's %+v says, except that
//
//   - a named struct type is named, and so are functions and channels, where
//     fmt prints an address;
//   - pointers are followed, at any depth, until they come back to themselves;
//   - a list of lists stands on one line per row, and bytes read as text do;
//   - what is long is abbreviated.
func textOf(v any) string {
	p := printer{seen: make(map[reference]bool)}
	switch v := v.(type) {
	case string:
		return abbreviate(v)
	case []byte:
		return bytesText(v)
	}
	p.value(reflect.ValueOf(v), maxElements, 0)
	return abbreviate(p.String())
}

// abbreviate cuts s to maxText bytes, at a character.
func abbreviate(s string) string {
	if len(s) <= maxText {
		return s
	}
	n := maxText
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return fmt.Sprintf("%s… %d more bytes", s[:n], len(s)-n)
}

// bytesText shows b as the string it spells, else as hexadecimal numbers.
func bytesText(b []byte) string {
	if b == nil {
		return "[]byte(nil)"
	}
	if utf8.Valid(b) && !bytes.ContainsFunc(b, func(r rune) bool { return !unicode.IsPrint(r) && !unicode.IsSpace(r) }) {
		return abbreviate(fmt.Sprintf("[]byte(%q)", b))
	}
	shown := b[:min(len(b), maxElements)]
	text := fmt.Sprintf("[]byte, %d bytes: % x", len(b), shown)
	if n := len(b) - len(shown); n > 0 {
		text += fmt.Sprintf(" … %d more", n)
	}
	return text
}

// A printer writes values until it has written maxText bytes.
type printer struct {
	strings.Builder
	seen map[reference]bool // pointers and maps being printed
}

type reference struct {
	typ     reflect.Type
	address uintptr
}

func referenceOf(v reflect.Value) reference { return reference{v.Type(), v.Pointer()} }

// full reports whether further text would be cut off anyway.
func (p *printer) full() bool { return p.Len() > maxText }

// value writes v, with at most limit elements of a list.
func (p *printer) value(v reflect.Value, limit, depth int) {
	if p.full() || p.ownText(v) {
		return
	}
	switch v.Kind() {
	case reflect.Invalid:
		p.WriteString("<nil>")
	case reflect.Interface:
		p.value(v.Elem(), limit, depth)
	case reflect.Pointer:
		p.pointer(v, limit, depth)
	case reflect.Slice, reflect.Array:
		p.list(v, limit, depth)
	case reflect.Map:
		p.mapping(v, limit, depth)
	case reflect.Struct:
		p.structure(v, limit, depth)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		p.opaque(v)
	default:
		p.scalar(v)
	}
}

// ownText writes what v says of itself through DisplayText, Error, String or
// Format, and reports whether it does.
func (p *printer) ownText(v reflect.Value) bool {
	if !v.IsValid() || !v.CanInterface() || v.Kind() == reflect.Interface {
		return false
	}
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return false
	}
	switch x := v.Interface().(type) {
	case reflect.Value:
		p.value(x, maxElements, 1)
	case interface{ DisplayText() string }:
		p.WriteString(x.DisplayText())
	case error, fmt.Stringer, fmt.Formatter:
		fmt.Fprintf(p, "%v", x) // fmt notes a panic in the text
	default:
		return false
	}
	return true
}

func (p *printer) scalar(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		p.WriteString(abbreviate(v.String()))
	case reflect.Float32:
		p.WriteString(strconv.FormatFloat(v.Float(), 'g', -1, 32))
	case reflect.Float64:
		p.WriteString(strconv.FormatFloat(v.Float(), 'g', -1, 64))
	default:
		fmt.Fprintf(p, "%+v", v)
	}
}

// opaque writes the type of a value that has nothing to read in it.
func (p *printer) opaque(v reflect.Value) {
	if v.IsZero() {
		p.WriteString("<nil>")
		return
	}
	p.WriteString(v.Type().String())
	if v.Kind() == reflect.Chan {
		fmt.Fprintf(p, " (%d of %d)", v.Len(), v.Cap())
	}
}

// enter guards against values that contain themselves, and reports whether the
// contents of v can be written; leave must follow when they have been.
func (p *printer) enter(v reflect.Value, depth int) bool {
	if depth >= maxDepth || p.seen[referenceOf(v)] {
		p.WriteString("…")
		return false
	}
	p.seen[referenceOf(v)] = true
	return true
}

func (p *printer) leave(v reflect.Value) { delete(p.seen, referenceOf(v)) }

func (p *printer) pointer(v reflect.Value, limit, depth int) {
	if v.IsNil() {
		p.WriteString("<nil>")
		return
	}
	p.WriteString("&")
	if p.enter(v, depth) {
		p.value(v.Elem(), limit, depth+1)
		p.leave(v)
	}
}

func (p *printer) structure(v reflect.Value, limit, depth int) {
	if methods := interpreted(v.Type()); methods != "" {
		p.WriteString("value with the methods " + methods)
		return
	}
	t := v.Type()
	if t.Name() != "" {
		p.WriteString(t.String())
	}
	if depth >= maxDepth {
		p.WriteString("{…}")
		return
	}
	p.WriteString("{")
	for i := range t.NumField() {
		if i > 0 {
			p.WriteString(" ")
		}
		p.WriteString(t.Field(i).Name + ":")
		p.value(v.Field(i), limit, depth+1)
	}
	p.WriteString("}")
}

// interpreted returns the names of the methods with which an interpreter has
// wrapped a value for compiled code, or "": the wrapper is a struct with the
// value and then the methods as fields. The value cannot be shown: of a struct,
// the field IValue holds the last field alone.
func interpreted(t reflect.Type) string {
	if t.NumField() < 2 || t.Field(0).Name != "IValue" {
		return ""
	}
	var names []string
	for i := 1; i < t.NumField(); i++ {
		names = append(names, strings.TrimPrefix(t.Field(i).Name, "W"))
	}
	return strings.Join(names, ", ")
}

func (p *printer) list(v reflect.Value, limit, depth int) {
	if depth >= maxDepth {
		p.WriteString("[…]")
		return
	}
	shown, inner, sep := v.Len(), limit, " "
	if isList(v.Type().Elem()) {
		sep = "\n" + strings.Repeat(" ", depth+1)
		if size(v, limit) > limit {
			shown = min(shown, maxRows)
			inner = max(limit/shown, 1)
		}
	}
	shown = min(shown, limit)
	p.WriteString("[")
	for i := 0; i < shown && !p.full(); i++ {
		if i > 0 {
			p.WriteString(sep)
		}
		p.value(v.Index(i), inner, depth+1)
	}
	p.more(v.Len()-shown, sep)
	p.WriteString("]")
}

func (p *printer) more(n int, sep string) {
	if n > 0 {
		fmt.Fprintf(p, "%s… %d more", sep, n)
	}
}

func isList(t reflect.Type) bool { return t.Kind() == reflect.Slice || t.Kind() == reflect.Array }

// size counts the elements of a list, or of the lists in it, until there are
// more than limit.
func size(v reflect.Value, limit int) int {
	if !isList(v.Type().Elem()) {
		return v.Len()
	}
	n := 0
	for i := 0; i < v.Len() && n <= limit; i++ {
		n += size(v.Index(i), limit)
	}
	return n
}

func (p *printer) mapping(v reflect.Value, limit, depth int) {
	p.WriteString("map[")
	defer p.WriteString("]")
	if !p.enter(v, depth) {
		return
	}
	defer p.leave(v)
	keys := v.MapKeys()
	slices.SortFunc(keys, compareKeys)
	shown := min(len(keys), limit)
	for i, key := range keys[:shown] {
		if i > 0 {
			p.WriteString(" ")
		}
		p.value(key, limit, depth+1)
		p.WriteString(":")
		p.value(v.MapIndex(key), limit, depth+1)
	}
	p.more(len(keys)-shown, " ")
}

// compareKeys orders keys of one kind by value, and others by their text.
func compareKeys(a, b reflect.Value) int {
	if a.Kind() == reflect.Interface {
		a, b = a.Elem(), b.Elem()
	}
	switch {
	case a.Kind() != b.Kind():
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	case a.CanFloat():
		return cmp.Compare(a.Float(), b.Float())
	case a.Kind() == reflect.String:
		return strings.Compare(a.String(), b.String())
	}
	return strings.Compare(fmt.Sprintf("%+v", a), fmt.Sprintf("%+v", b))
}
