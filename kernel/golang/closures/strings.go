package closures

import (
	"go/token"
	"unicode/utf8"
	"unsafe"
)

func concat(x, y value) any {
	f, g := code[string](x), code[string](y)
	return func(fr *frame) string {
		s := f(fr)
		return s + g(fr)
	}
}

func compareStrings(op token.Token, x, y value) func(*frame) bool {
	f, g := code[string](x), code[string](y)
	switch op {
	case token.EQL:
		return func(fr *frame) bool { s := f(fr); return s == g(fr) }
	case token.NEQ:
		return func(fr *frame) bool { s := f(fr); return s != g(fr) }
	case token.LSS:
		return func(fr *frame) bool { s := f(fr); return s < g(fr) }
	case token.LEQ:
		return func(fr *frame) bool { s := f(fr); return s <= g(fr) }
	case token.GTR:
		return func(fr *frame) bool { s := f(fr); return s > g(fr) }
	}
	return func(fr *frame) bool { s := f(fr); return s >= g(fr) }
}

func decodeRune(s string) (rune, int) { return utf8.DecodeRuneInString(s) }

// toString is the conversion of bytes, runes or an integer to a string.
func toString(x value) any {
	switch k := x.kind.(type) {
	case stringsKind:
		return x.code
	case number:
		f := kinds.int64.convert(x).(func(*frame) int64)
		return func(fr *frame) string {
			n := f(fr)
			if int64(rune(n)) != n {
				n = utf8.RuneError
			}
			return string(rune(n))
		}
	case sliceKind:
		f := code[slice](x)
		switch k.elem.(type) {
		case integers[uint8]:
			return func(fr *frame) string { return string(sliceOf[byte](f(fr))) }
		case integers[int32]:
			return func(fr *frame) string { return string(sliceOf[rune](f(fr))) }
		}
	}
	panic(unsupported("this conversion"))
}

// fromString is the conversion of a string to bytes or runes.
func fromString(k sliceKind, x value) any {
	f := code[string](x)
	switch k.elem.(type) {
	case integers[uint8]:
		return func(fr *frame) slice { return toSlice([]byte(f(fr))) }
	case integers[int32]:
		return func(fr *frame) slice { return toSlice([]rune(f(fr))) }
	}
	panic(unsupported("this conversion"))
}

// bytesOf is a string as bytes that nobody changes.
func bytesOf(x value) any {
	f := code[string](x)
	return func(fr *frame) slice {
		s := f(fr)
		return slice{unsafe.Pointer(unsafe.StringData(s)), len(s), len(s)}
	}
}
