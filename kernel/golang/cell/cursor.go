package cell

import (
	"unicode"
	"unicode/utf8"
)

// Offset returns the byte offset of a cursor that stands before the n-th code
// point of code, counted from 0, as Jupyter counts. A byte that is not UTF-8
// counts as one. Cursors outside the text are moved to its ends.
func Offset(code string, codePoint int) int {
	for off := range code {
		if codePoint <= 0 {
			return off
		}
		codePoint--
	}
	return len(code)
}

// CodePoints returns the number of code points before a byte offset: the inverse
// of [Offset]. An offset inside a code point counts as one before it.
func CodePoints(code string, offset int) int {
	n := 0
	for off, r := range code {
		if off+max(width(code, off, r), 1) > offset {
			break
		}
		n++
	}
	return n
}

// width returns the number of bytes that r takes at code[off:].
func width(code string, off int, r rune) int {
	if r != utf8.RuneError {
		return utf8.RuneLen(r)
	}
	_, n := utf8.DecodeRuneInString(code[off:])
	return n
}

// IdentBefore returns where the identifier starts that ends at offset; it is
// offset itself where there is none.
func IdentBefore(code string, offset int) (start int) {
	offset = min(max(offset, 0), len(code))
	start = offset
	for i := offset; i > 0; {
		r, n := utf8.DecodeLastRuneInString(code[:i])
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		i -= n
		start = i
	}
	if r, _ := utf8.DecodeRuneInString(code[start:offset]); unicode.IsDigit(r) {
		return offset // a number
	}
	return start
}
