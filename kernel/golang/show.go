package golang

import (
	"encoding/base64"
	"fmt"
	"go/types"
	"reflect"
	"strings"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/golang/check"
	"github.com/gocrate/gocrate/kernel/golang/rt"
	"github.com/gocrate/gocrate/stdlib/display"
)

// bundle shows a value whose static type is t. Interpreted types have lost
// their names and methods by the time compiled code sees them; the checker
// still knows the names, and lowered code sends the methods along.
func bundle(v rt.Value, t types.Type) kernel.Bundle {
	if len(v.Methods) > 0 {
		return kernelBundle(display.Of(withMethods{v, t}))
	}
	b := display.Of(v.Any)
	if mentionsUserType(t, nil) {
		b.Data["text/plain"] = typedText(v.Any, t)
	}
	return kernelBundle(b)
}

// tuple shows the values of an expression that has several.
func tuple(values []rt.Value, shown []types.Type) kernel.Bundle {
	var parts []string
	for i, v := range values {
		if v.Any == nil {
			parts = append(parts, "<nil>")
			continue
		}
		text, _ := bundle(v, shown[i]).Data["text/plain"].(string)
		parts = append(parts, text)
	}
	sep := " "
	if strings.Contains(strings.Join(parts, ""), "\n") {
		sep = "\n"
	}
	return kernel.Bundle{Data: map[string]any{"text/plain": strings.Join(parts, sep)}}
}

// withMethods lets package display find the methods of an interpreted value.
type withMethods struct {
	v rt.Value
	t types.Type
}

var methodTypes = map[string]string{
	"HTML": "text/html", "SVG": "image/svg+xml", "PNG": "image/png", "JPEG": "image/jpeg",
	"Markdown": "text/markdown", "Latex": "text/latex", "JSON": "application/json", "JavaScript": "application/javascript",
}

func (w withMethods) MIMEBundle() map[string]any {
	data := map[string]any{"text/plain": w.text()}
	if f := w.v.Methods["MIMEBundle"]; f != nil {
		if m, ok := f().(map[string]any); ok {
			for k, v := range m {
				data[k] = v
			}
		}
	}
	for name, mime := range methodTypes {
		if f := w.v.Methods[name]; f != nil {
			data[mime] = f()
		}
	}
	if f := w.v.Methods["Image"]; f != nil {
		for k, v := range display.Of(f()).Data {
			if k != "text/plain" {
				data[k] = v
			}
		}
	}
	return data
}

func (w withMethods) text() string {
	for _, name := range []string{"Error", "String"} {
		if f := w.v.Methods[name]; f != nil {
			return fmt.Sprint(f())
		}
	}
	return typedText(w.v.Any, w.t)
}

// kernelBundle writes binary formats as the protocol wants them.
func kernelBundle(b display.Bundle) kernel.Bundle {
	k := kernel.Bundle{Data: make(map[string]any, len(b.Data)), Metadata: b.Metadata, ID: b.ID}
	for mime, v := range b.Data {
		if raw, ok := v.([]byte); ok {
			v = base64.StdEncoding.EncodeToString(raw)
		}
		k.Data[mime] = v
	}
	return k
}

// mentionsUserType reports whether values of t have parts whose type is
// declared in a cell.
func mentionsUserType(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	if seen == nil {
		seen = map[types.Type]bool{}
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.Alias:
		return mentionsUserType(types.Unalias(t), seen)
	case *types.Named:
		return t.Obj().Pkg() != nil && t.Obj().Pkg().Path() == "main" && !types.IsInterface(t)
	case *types.Pointer:
		return mentionsUserType(t.Elem(), seen)
	case *types.Slice:
		return mentionsUserType(t.Elem(), seen)
	case *types.Array:
		return mentionsUserType(t.Elem(), seen)
	case *types.Map:
		return mentionsUserType(t.Key(), seen) || mentionsUserType(t.Elem(), seen)
	case *types.Struct:
		return true // unexported fields carry a prefix in the interpreter
	}
	return false
}

// typedText writes a value with the names of its static type.
func typedText(v any, t types.Type) string {
	p := typedPrinter{}
	p.value(reflect.ValueOf(v), t, 0)
	return p.String()
}

type typedPrinter struct {
	strings.Builder
	n int
}

const maxShown = 100 // elements written of all lists of a value

func (p *typedPrinter) value(v reflect.Value, t types.Type, depth int) {
	if depth > 6 || p.n > maxShown {
		p.WriteString("…")
		return
	}
	if !v.IsValid() {
		p.WriteString("<nil>")
		return
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		p.structure(v, t, u, depth)
	case *types.Pointer:
		if v.Kind() == reflect.Pointer && !v.IsNil() {
			p.WriteString("&")
			p.value(v.Elem(), u.Elem(), depth+1)
			return
		}
		p.WriteString("<nil>")
	case *types.Slice:
		p.list(v, u.Elem(), depth)
	case *types.Array:
		p.list(v, u.Elem(), depth)
	case *types.Map:
		p.mapping(v, u, depth)
	default:
		p.WriteString(display.Of(anyOf(v)).String())
	}
}

func anyOf(v reflect.Value) any {
	if v.CanInterface() {
		return v.Interface()
	}
	return fmt.Sprint(v)
}

func (p *typedPrinter) structure(v reflect.Value, t types.Type, u *types.Struct, depth int) {
	if v.Kind() != reflect.Struct || v.NumField() != u.NumFields() {
		p.WriteString(display.Of(anyOf(v)).String())
		return
	}
	if _, named := types.Unalias(t).(*types.Named); named {
		p.WriteString(types.TypeString(t, check.ShortNames))
	}
	p.WriteString("{")
	for i := range u.NumFields() {
		if i > 0 {
			p.WriteString(" ")
		}
		p.WriteString(u.Field(i).Name() + ":")
		p.value(v.Field(i), u.Field(i).Type(), depth+1)
	}
	p.WriteString("}")
}

func (p *typedPrinter) list(v reflect.Value, elem types.Type, depth int) {
	p.WriteString("[")
	for i := range v.Len() {
		if i > 0 {
			p.WriteString(" ")
		}
		if p.n++; p.n > maxShown {
			fmt.Fprintf(p, "… %d more", v.Len()-i)
			break
		}
		p.value(v.Index(i), elem, depth+1)
	}
	p.WriteString("]")
}

func (p *typedPrinter) mapping(v reflect.Value, u *types.Map, depth int) {
	p.WriteString("map[")
	for i, k := range sortedKeys(v) {
		if i > 0 {
			p.WriteString(" ")
		}
		if p.n++; p.n > maxShown {
			fmt.Fprintf(p, "… %d more", v.Len()-i)
			break
		}
		p.value(k, u.Key(), depth+1)
		p.WriteString(":")
		p.value(v.MapIndex(k), u.Elem(), depth+1)
	}
	p.WriteString("]")
}
