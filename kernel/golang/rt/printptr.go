package rt

import (
	"fmt"
	"go/types"
	"reflect"
	"strconv"
)

func (p *printer) pointer(t types.Type, u *types.Pointer, v reflect.Value, methods bool, depth int) {
	if depth == 0 && !v.IsNil() && p.verb != 'p' {
		switch u.Elem().Underlying().(type) {
		case *types.Struct, *types.Map, *types.Slice, *types.Array:
			p.text("&")
			p.element(u.Elem(), v.Elem(), methods, depth+1)
			return
		}
	}
	p.address(t, v, depth)
}

func (p *printer) address(t types.Type, v reflect.Value, depth int) { p.pointerText(TypeText(t), v) }

// pointerText prints an address as package fmt's fmtPointer.
func (p *printer) pointerText(typ string, v reflect.Value) {
	u := v.Pointer()
	switch p.verb {
	case 'v':
		switch {
		case p.sharp() && u == 0:
			p.text("(" + typ + ")(nil)")
		case p.sharp():
			p.text("(" + typ + ")(0x" + strconv.FormatUint(uint64(u), 16) + ")")
		case u == 0:
			fmt.Fprintf(p.w, padded(p.f), "<nil>")
		default:
			fmt.Fprintf(p.w, padded(p.f), "0x"+strconv.FormatUint(uint64(u), 16))
		}
	case 'p':
		text := strconv.FormatUint(uint64(u), 16)
		if !p.f.Flag('#') {
			text = "0x" + text
		}
		fmt.Fprintf(p.w, padded(p.f), text)
	case 'b', 'o', 'd', 'x', 'X':
		p.leaf(u)
	default:
		p.text("%!" + string(p.verb) + "(" + typ + "=0x" + strconv.FormatUint(uint64(u), 16) + ")")
	}
}

// padded is the format of a text in the width that f asks for.
func padded(f fmt.State) string {
	s := "%"
	if f.Flag('-') {
		s += "-"
	}
	if w, ok := f.Width(); ok {
		s += strconv.Itoa(w)
	}
	return s + "s"
}
