package torchfile

import (
	"fmt"
	"slices"

	"github.com/gocrate/gocrate/internal/safetensors"
)

// Tensor is a view of a storage: element (i, j, …) is element
// offset + i·stride[0] + j·stride[1] + … of it. [File.Read] returns its
// numbers.
type Tensor struct {
	DType string // as in safetensors: F64, F32, F16, BF16, I64, I32, I16, I8, U8 or BOOL
	Shape []int

	stride  []int
	offset  int
	storage *storage
}

// storage is a block of numbers, which several tensors may share.
type storage struct {
	key   string
	dtype string
	size  int    // number of elements
	data  []byte // nil until it is read
}

// NewTensor returns a tensor to be written.
func NewTensor(t safetensors.Tensor) *Tensor {
	stride, n := make([]int, len(t.Shape)), 1
	for i := len(t.Shape) - 1; i >= 0; i-- {
		stride[i] = n
		n *= t.Shape[i]
	}
	return &Tensor{DType: t.DType, Shape: t.Shape, stride: stride, storage: &storage{dtype: t.DType, size: t.Len(), data: t.Data}}
}

// newStorage checks the persistent id of a storage:
//
//	("storage", class, key, location, number of elements, …)
//
// The location, "cpu" or "cuda:0", makes no difference here.
func newStorage(id []any) (*storage, error) {
	if len(id) < 5 || id[0] != "storage" {
		return nil, fmt.Errorf("the pickle has a persistent id that is no storage")
	}
	class, ok := id[1].(storageType)
	key, ok2 := id[2].(string)
	size, ok3 := id[4].(int)
	if !ok || !ok2 || !ok3 || size < 0 {
		return nil, fmt.Errorf("a storage has class %T, key %s and %s elements", id[1], brief(id[2]), brief(id[4]))
	}
	if len(id) > 5 && id[5] != nil {
		return nil, fmt.Errorf("storage %.40q is a view of another one, as before PyTorch 0.4; save the file again with a newer one", key)
	}
	return &storage{key: key, dtype: string(class), size: size}, nil
}

// check reports a view that leaves its storage.
func (t *Tensor) check() error {
	if len(t.Shape) != len(t.stride) || len(t.Shape) > 64 || t.offset < 0 || t.offset > t.storage.size {
		return fmt.Errorf("a tensor has %d sizes, %d strides and offset %d in a storage of %d elements", len(t.Shape), len(t.stride), t.offset, t.storage.size)
	}
	for i, n := range t.Shape {
		if n < 0 || t.stride[i] < 0 {
			return fmt.Errorf("a tensor has shape %v and strides %v", t.Shape, t.stride)
		}
	}
	if !slices.Contains(t.Shape, 0) && t.last() >= t.storage.size {
		return fmt.Errorf("a tensor of shape %v, strides %v and offset %d leaves its storage of %d elements", t.Shape, t.stride, t.offset, t.storage.size)
	}
	return nil
}

// last is the index of the last element, or the size of the storage if that
// is beyond it.
func (t *Tensor) last() int {
	last := t.offset
	for i, n := range t.Shape {
		if stride := t.stride[i]; n > 1 && stride > 0 {
			if n-1 > (t.storage.size-last)/stride {
				return t.storage.size
			}
			last += (n - 1) * stride
		}
	}
	return last
}

// elements returns the number of elements, or limit+1 if there are more than
// limit.
func (t *Tensor) elements(limit int) int {
	n := 1
	for _, d := range t.Shape {
		if d == 0 {
			return 0
		}
		if n > limit/d {
			n = limit + 1
			continue // a later size may be 0
		}
		n *= d
	}
	return n
}

// gather returns the elements in order. It copies none where the storage has
// them in order already.
func (t *Tensor) gather(n int) []byte {
	size := safetensors.Size(t.DType)
	if t.inOrder() {
		return slices.Clip(t.storage.data[t.offset*size : (t.offset+n)*size])
	}
	out := make([]byte, 0, n*size)
	index := make([]int, len(t.Shape))
	for at := t.offset; len(out) < n*size; {
		out = append(out, t.storage.data[at*size:(at+1)*size]...)
		for i := len(index) - 1; i >= 0; i-- {
			index[i]++
			at += t.stride[i]
			if index[i] < t.Shape[i] {
				break
			}
			at -= index[i] * t.stride[i]
			index[i] = 0
		}
	}
	return out
}

// inOrder reports whether the elements lie one after another.
func (t *Tensor) inOrder() bool {
	n := 1
	for i := len(t.Shape) - 1; i >= 0; i-- {
		if t.Shape[i] > 1 && t.stride[i] != n {
			return t.elements(1) == 0
		}
		n *= max(t.Shape[i], 1)
	}
	return true
}

// brief is a value as text for an error.
func brief(v any) string {
	s := fmt.Sprint(v)
	return s[:min(len(s), 40)]
}
