package torchfile

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

const (
	maxInstructions = 1 << 19 // the largest CRATE with its optimiser's state has 40 thousand
	maxMarks        = 1000    // open at a time
	maxPickle       = 64 << 20
)

// argument says what follows an instruction's byte.
type argument struct {
	bytes   int // of a fixed argument
	counted int // bytes of the count of a counted argument
	lines   int // lines
	marks   int // change of the number of open marks
}

// instructions are the ones that torch.save writes: those of protocol 2 that
// make data.
var instructions = map[byte]argument{
	0x80: {bytes: 1},             // PROTO
	'.':  {},                     // STOP
	'(':  {marks: 1},             // MARK
	'N':  {}, 0x88: {}, 0x89: {}, // NONE, NEWTRUE, NEWFALSE
	'K': {bytes: 1}, 'M': {bytes: 2}, 'J': {bytes: 4}, // BININT1, BININT2, BININT
	0x8a: {counted: 1},         // LONG1
	'G':  {bytes: 8},           // BINFLOAT
	'X':  {counted: 4},         // BINUNICODE
	'U':  {counted: 1},         // SHORT_BINSTRING
	')':  {}, ']': {}, '}': {}, // EMPTY_TUPLE, EMPTY_LIST, EMPTY_DICT
	0x85: {}, 0x86: {}, 0x87: {}, // TUPLE1, TUPLE2, TUPLE3
	't': {marks: -1},          // TUPLE
	'a': {}, 'e': {marks: -1}, // APPEND, APPENDS
	's': {}, 'u': {marks: -1}, // SETITEM, SETITEMS
	'q': {bytes: 1}, 'r': {bytes: 4}, // BINPUT, LONG_BINPUT
	'h': {bytes: 1}, 'j': {bytes: 4}, // BINGET, LONG_BINGET
	'c': {lines: 2},            // GLOBAL
	'R': {}, 0x81: {}, 'b': {}, // REDUCE, NEWOBJ, BUILD
	'Q': {}, // BINPERSID
}

// scan returns the length of the pickle at the start of b. It is an error if
// an instruction is not among those above, if an argument is longer than b,
// or if there are more instructions or open marks than any honest file has:
// so the library that runs the pickle never allocates more than a small
// multiple of it.
func scan(b []byte) (length int, err error) {
	marks := 0
	for i, n := 0, 0; i < len(b); n++ {
		arg, ok := instructions[b[i]]
		if !ok {
			return 0, fmt.Errorf("the pickle has instruction %#02x at byte %d, which torch.save does not write", b[i], i)
		}
		size, ok := arg.size(b[i+1:])
		if !ok {
			return 0, fmt.Errorf("the pickle ends within instruction %#02x at byte %d", b[i], i)
		}
		if marks += arg.marks; marks > maxMarks || n >= maxInstructions {
			return 0, fmt.Errorf("the pickle has more than %d instructions or %d open marks", maxInstructions, maxMarks)
		}
		if b[i] == '.' {
			return i + 1, nil
		}
		i += 1 + size
	}
	return 0, fmt.Errorf("the pickle of %d bytes has no end", len(b))
}

// size returns the bytes of the argument at the start of b, and false if b is
// shorter.
func (a argument) size(b []byte) (int, bool) {
	size := a.bytes
	switch a.counted {
	case 1:
		if len(b) < 1 {
			return 0, false
		}
		size = 1 + int(b[0])
	case 4:
		if len(b) < 4 {
			return 0, false
		}
		count := binary.LittleEndian.Uint32(b)
		if uint64(count) > uint64(len(b)) {
			return 0, false
		}
		size = 4 + int(count)
	}
	for range a.lines {
		end := bytes.IndexByte(b[size:], '\n')
		if end < 0 {
			return 0, false
		}
		size += end + 1
	}
	return size, size <= len(b)
}
