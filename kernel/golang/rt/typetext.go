package rt

import (
	"fmt"
	"go/types"
	"strconv"
	"strings"
)

// reflectSpelling writes a type in the spelling of package reflect, which
// differs from that of go/types in blanks: interface {}, struct { A int }.
func reflectSpelling(t types.Type) string { return spelling(t, false) }

// spelling is the spelling of a type, or of a type argument.
func spelling(t types.Type, argument bool) string {
	switch t := t.(type) {
	case *types.Alias:
		return spelling(types.Unalias(t), argument)
	case *types.Basic:
		return types.Typ[t.Kind()].Name() // uint8 for byte
	case *types.Pointer:
		return "*" + spelling(t.Elem(), argument)
	case *types.Slice:
		return "[]" + spelling(t.Elem(), argument)
	case *types.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), spelling(t.Elem(), argument))
	case *types.Map:
		return "map[" + spelling(t.Key(), argument) + "]" + spelling(t.Elem(), argument)
	case *types.Chan:
		return [...]string{"chan ", "chan<- ", "<-chan "}[t.Dir()] + spelling(t.Elem(), argument)
	case *types.Signature:
		return "func" + signatureText(t, argument)
	case *types.Struct:
		return structText(t, argument)
	case *types.Named:
		return namedText(t, argument)
	case *types.Interface:
		return interfaceText(t, argument)
	}
	return types.TypeString(t, func(p *types.Package) string { return p.Name() })
}

func signatureText(t *types.Signature, argument bool) string {
	var in, out []string
	for i := range t.Params().Len() {
		p := t.Params().At(i).Type()
		if s, ok := p.(*types.Slice); ok && t.Variadic() && i == t.Params().Len()-1 {
			in = append(in, "..."+spelling(s.Elem(), argument))
			continue
		}
		in = append(in, spelling(p, argument))
	}
	for i := range t.Results().Len() {
		out = append(out, spelling(t.Results().At(i).Type(), argument))
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

func structText(t *types.Struct, argument bool) string {
	if t.NumFields() == 0 {
		return "struct {}"
	}
	var fields []string
	for i := range t.NumFields() {
		f := t.Field(i)
		s := f.Name() + " "
		switch {
		case f.Embedded():
			s = ""
		case argument && !f.Exported():
			s = f.Pkg().Path() + "." + s
		}
		s += spelling(f.Type(), argument)
		if t.Tag(i) != "" {
			s += " " + strconv.Quote(t.Tag(i))
		}
		fields = append(fields, s)
	}
	return "struct { " + strings.Join(fields, "; ") + " }"
}

func interfaceText(t *types.Interface, argument bool) string {
	if t.NumMethods() == 0 {
		return "interface {}"
	}
	var methods []string
	for i := range t.NumMethods() {
		methods = append(methods, t.Method(i).Name()+signatureText(t.Method(i).Signature(), argument))
	}
	return "interface { " + strings.Join(methods, "; ") + " }"
}
