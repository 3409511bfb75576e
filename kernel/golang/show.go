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

// bundle shows a value. One of a user's type comes in a box, which package
// display asks for its formats.
func bundle(v any) kernel.Bundle {
	return kernelBundle(display.Of(rt.Unwrap(v)))
}

// tuple shows the values of an expression that has several.
func tuple(values []any) kernel.Bundle {
	var parts []string
	for _, v := range values {
		if v == nil {
			parts = append(parts, "<nil>")
			continue
		}
		text, _ := bundle(v).Data["text/plain"].(string)
		parts = append(parts, text)
	}
	sep := " "
	if strings.Contains(strings.Join(parts, ""), "\n") {
		sep = "\n"
	}
	return kernel.Bundle{Data: map[string]any{"text/plain": strings.Join(parts, sep)}}
}

var methodTypes = map[string]string{
	"HTML": "text/html", "SVG": "image/svg+xml", "PNG": "image/png", "JPEG": "image/jpeg",
	"Markdown": "text/markdown", "Latex": "text/latex", "JSON": "application/json", "JavaScript": "application/javascript",
}

// formats calls the display methods of a user's value.
func formats(b rt.Box) map[string]any {
	data := map[string]any{"text/plain": typedText(b)}
	if v, ok := b.Call("SimpleRender"); ok {
		if s, ok := v.(display.Bundle); ok {
			merge(data, s.Data)
		}
	}
	if v, ok := b.Call("MIMEBundle"); ok {
		if m, ok := v.(map[string]any); ok {
			merge(data, m)
		}
	}
	for name, mime := range methodTypes {
		if v, ok := b.Call(name); ok {
			data[mime] = plainValue(v)
		}
	}
	if v, ok := b.Call("Image"); ok {
		pictures := display.Of(v).Data
		delete(pictures, "text/plain")
		merge(data, pictures)
	}
	return data
}

func merge(dst, src map[string]any) {
	for k, v := range src {
		dst[k] = v
	}
}

// plainValue is the text or the bytes in a value of a user's string type.
func plainValue(v any) any {
	if b, ok := v.(rt.Box); ok {
		return b.V
	}
	return v
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

// typedText writes a user's value with the names of its types.
func typedText(b rt.Box) string {
	p := typedPrinter{box: b}
	p.value(b.T.Go, reflect.ValueOf(b.V), 0)
	return p.String()
}

type typedPrinter struct {
	strings.Builder
	box rt.Box
	n   int
}

const maxShown = 100 // elements written of all lists of a value

func (p *typedPrinter) value(t types.Type, v reflect.Value, depth int) {
	if depth > 6 || p.n > maxShown {
		p.WriteString("…")
		return
	}
	if v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if !v.IsValid() {
		p.WriteString("<nil>")
		return
	}
	if !v.CanInterface() {
		p.WriteString(fmt.Sprintf("%v", v))
		return
	}
	switch part := p.box.Part(t, v).(type) {
	case rt.Box:
		if !p.ownText(part) {
			p.structure(part.T.Go, reflect.ValueOf(part.V), depth)
		}
	default:
		p.WriteString(display.Of(part).String())
	}
}

// ownText writes what a value says of itself.
func (p *typedPrinter) ownText(b rt.Box) bool {
	if v := reflect.ValueOf(b.V); v.Kind() == reflect.Pointer && v.IsNil() {
		return false
	}
	for _, name := range []string{"Format", "Error", "String"} {
		if b.T.Has(name) {
			fmt.Fprintf(p, "%v", b)
			return true
		}
	}
	return false
}

func (p *typedPrinter) structure(t types.Type, v reflect.Value, depth int) {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		p.fields(t, u, v, depth)
	case *types.Pointer:
		if v.IsNil() {
			p.WriteString("<nil>")
			return
		}
		p.WriteString("&")
		p.value(u.Elem(), v.Elem(), depth+1)
	case *types.Slice:
		p.list(v, u.Elem(), depth)
	case *types.Array:
		p.list(v, u.Elem(), depth)
	case *types.Map:
		p.mapping(v, u, depth)
	default:
		p.WriteString(display.Of(v.Interface()).String())
	}
}

func (p *typedPrinter) fields(t types.Type, u *types.Struct, v reflect.Value, depth int) {
	if _, named := types.Unalias(t).(*types.Named); named {
		p.WriteString(types.TypeString(t, check.ShortNames))
	}
	p.WriteString("{")
	for i := range u.NumFields() {
		if i > 0 {
			p.WriteString(" ")
		}
		p.WriteString(u.Field(i).Name() + ":")
		p.value(u.Field(i).Type(), v.Field(i), depth+1)
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
		p.value(elem, v.Index(i), depth+1)
	}
	p.WriteString("]")
}

func (p *typedPrinter) mapping(v reflect.Value, u *types.Map, depth int) {
	p.WriteString("map[")
	for i, k := range rt.SortedKeys(v) {
		if i > 0 {
			p.WriteString(" ")
		}
		if p.n++; p.n > maxShown {
			fmt.Fprintf(p, "… %d more", v.Len()-i)
			break
		}
		p.value(u.Key(), k, depth+1)
		p.WriteString(":")
		p.value(u.Elem(), v.MapIndex(k), depth+1)
	}
	p.WriteString("]")
}
