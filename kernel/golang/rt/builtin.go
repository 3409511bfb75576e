package rt

import (
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"unsafe"
)

// print and println write as the built-in functions do.
func (r *Runtime) print(args ...any) {
	var b strings.Builder
	for _, a := range args {
		b.WriteString(builtinText(a))
	}
	io.WriteString(r.PrintTo, b.String())
}

func (r *Runtime) println(args ...any) {
	texts := make([]string, len(args))
	for i, a := range args {
		texts[i] = builtinText(a)
	}
	io.WriteString(r.PrintTo, strings.Join(texts, " ")+"\n")
}

// Printing returns the function print or println.
func (r *Runtime) Printing(name string) func(...any) {
	if name == "print" {
		return r.print
	}
	return r.println
}

// builtinText formats a value as the run-time system's print does: it knows
// kinds, not types and their methods.
func builtinText(a any) string {
	v := reflect.ValueOf(a)
	switch v.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.FormatUint(v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'g', -1, v.Type().Bits())
	case reflect.Complex64, reflect.Complex128:
		return strconv.FormatComplex(v.Complex(), 'g', -1, v.Type().Bits())
	case reflect.String:
		return v.String()
	case reflect.Slice:
		return fmt.Sprintf("[%d/%d]%#x", v.Len(), v.Cap(), v.Pointer())
	case reflect.Pointer, reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return fmt.Sprintf("%#x", v.Pointer())
	case reflect.Invalid:
		return words(nil)
	}
	return fmt.Sprint(a)
}

// words is an interface value as print writes it: the addresses of its type and
// of its data.
func words(x any) string {
	w := *(*[2]uintptr)(unsafe.Pointer(&x))
	return fmt.Sprintf("(%#x,%#x)", w[0], w[1])
}
