package rt

import (
	"fmt"
	"go/types"
	"strconv"
	"strings"
)

// reflectSpelling writes a type in the spelling of package reflect, which
// differs from that of go/types in blanks: interface {}, struct { A int }.
func reflectSpelling(t types.Type) string {
	switch t := t.(type) {
	case *types.Alias:
		return reflectSpelling(types.Unalias(t))
	case *types.Basic:
		return types.Typ[t.Kind()].Name() // uint8 for byte
	case *types.Pointer:
		return "*" + reflectSpelling(t.Elem())
	case *types.Slice:
		return "[]" + reflectSpelling(t.Elem())
	case *types.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), reflectSpelling(t.Elem()))
	case *types.Map:
		return "map[" + reflectSpelling(t.Key()) + "]" + reflectSpelling(t.Elem())
	case *types.Chan:
		return [...]string{"chan ", "chan<- ", "<-chan "}[t.Dir()] + reflectSpelling(t.Elem())
	case *types.Signature:
		return "func" + signatureText(t)
	case *types.Struct:
		return structText(t)
	case *types.Interface:
		return interfaceText(t)
	}
	return types.TypeString(t, func(p *types.Package) string { return p.Name() })
}

func signatureText(t *types.Signature) string {
	var in, out []string
	for i := range t.Params().Len() {
		p := t.Params().At(i).Type()
		if s, ok := p.(*types.Slice); ok && t.Variadic() && i == t.Params().Len()-1 {
			in = append(in, "..."+reflectSpelling(s.Elem()))
			continue
		}
		in = append(in, reflectSpelling(p))
	}
	for i := range t.Results().Len() {
		out = append(out, reflectSpelling(t.Results().At(i).Type()))
	}
	s := "(" + strings.Join(in, ", ") + ")"
	switch len(out) {
	case 0:
		return s
	case 1:
		return s + " " + out[0]
	}
	return s + " (" + strings.Join(out, ", ") + ")"
}

func structText(t *types.Struct) string {
	if t.NumFields() == 0 {
		return "struct {}"
	}
	var fields []string
	for i := range t.NumFields() {
		f := t.Field(i)
		s := f.Name() + " "
		if f.Embedded() {
			s = ""
		}
		s += reflectSpelling(f.Type())
		if t.Tag(i) != "" {
			s += " " + strconv.Quote(t.Tag(i))
		}
		fields = append(fields, s)
	}
	return "struct { " + strings.Join(fields, "; ") + " }"
}

func interfaceText(t *types.Interface) string {
	if t.NumMethods() == 0 {
		return "interface {}"
	}
	var methods []string
	for i := range t.NumMethods() {
		methods = append(methods, t.Method(i).Name()+signatureText(t.Method(i).Signature()))
	}
	return "interface { " + strings.Join(methods, "; ") + " }"
}
