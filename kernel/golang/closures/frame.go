package closures

import (
	"sync/atomic"
	"unsafe"
)

// frame holds the variables of one call. Those without pointers lie behind it,
// pointers before it, so that the garbage collector knows which is which:
//
//	… pointer 1 | pointer 0 | frame | number 0 | number 1 …
//
// A slice takes one pointer and two numbers, a string one of each. The frames of
// a goroutine form a chain that lives on from call to call: the frame of a call
// is the next one of its caller's, so that calling allocates nothing.
type frame struct {
	next, prev *frame
	stop       *atomic.Uint32 // see Machine
	at         int32          // the call in progress, an index of Func.sites
	depth      int32
	size       size
	fn         *Func      // that is called, if the call is of a value
	panic      *panicking // in which it makes its deferred calls; see recover.go
}

// size is one of three sizes of frames.
type size int

const (
	small size = iota
	medium
	large
	tooLarge
)

type block[P, N any] struct {
	pointers P
	frame
	numbers N
}

type (
	smallFrame  = block[[8]unsafe.Pointer, [16]uint64]
	mediumFrame = block[[32]unsafe.Pointer, [64]uint64]
	largeFrame  = block[[256]unsafe.Pointer, [512]uint64]
)

// sizeFor returns the size of a frame with so many variables.
func sizeFor(pointers, numbers int) size {
	switch {
	case pointers <= 8 && numbers <= 16:
		return small
	case pointers <= 32 && numbers <= 64:
		return medium
	case pointers <= 256 && numbers <= 512:
		return large
	}
	return tooLarge
}

func newFrame(s size) *frame {
	var f *frame
	switch s {
	case small:
		f = &new(smallFrame).frame
	case medium:
		f = &new(mediumFrame).frame
	default:
		f = &new(largeFrame).frame
	}
	f.size = s
	return f
}

// slot is where a variable lies in its frame: the offsets of its first number
// and of its pointer.
type slot struct{ number, pointer int }

const word = int(unsafe.Sizeof(uint64(0)))

func numberAt(i int) int  { return int(unsafe.Sizeof(frame{})) + i*word }
func pointerAt(i int) int { return -(i + 1) * word }

// num is a variable that holds no pointer.
func num[T any](fr *frame, offset int) *T {
	return (*T)(unsafe.Add(unsafe.Pointer(fr), offset))
}

// ptr is the pointer of a variable.
func ptr(fr *frame, offset int) *unsafe.Pointer {
	return (*unsafe.Pointer)(unsafe.Add(unsafe.Pointer(fr), offset))
}

// callee returns the frame for a call that fr makes.
func (fr *frame) callee(s size) *frame {
	if next := fr.next; next != nil && next.size >= s {
		return next
	}
	return fr.grow(s)
}

// grow puts a new frame at the end of the chain, or in place of one that is too
// small.
func (fr *frame) grow(s size) *frame {
	if fr.depth >= maxDepth {
		panic(overflow{fr})
	}
	next := newFrame(s)
	next.prev, next.stop, next.depth = fr, fr.stop, fr.depth+weights[s]
	fr.next = next
	return next
}

// maxDepth is how many calls may be in progress in one goroutine. One with an
// array in its frame counts for more: all of them are half a gigabyte.
const maxDepth = 250_000

var weights = [...]int32{small: 1, medium: 1, large: 4}
