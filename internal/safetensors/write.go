package safetensors

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
)

// Named is a tensor of a file to be written.
type Named struct {
	Name string
	Tensor
}

// Write writes a file with the tensors, wide dtypes first and in the given
// order otherwise, so that every value is aligned. It is an error if a name
// occurs twice or a shape does not fit its values.
func Write(w io.Writer, tensors []Named, metadata map[string]string) error {
	tensors = slices.Clone(tensors)
	slices.SortStableFunc(tensors, func(a, b Named) int { return cmp.Compare(Size(b.DType), Size(a.DType)) })
	header, err := makeHeader(tensors, metadata)
	if err != nil {
		return err
	}
	if _, err := w.Write(header); err != nil {
		return err
	}
	for _, t := range tensors {
		if _, err := w.Write(t.Data); err != nil {
			return err
		}
	}
	return nil
}

// makeHeader returns the length of the header and the header, which spaces
// make a multiple of 8 bytes long.
func makeHeader(tensors []Named, metadata map[string]string) ([]byte, error) {
	entries := map[string]any{}
	if metadata != nil {
		entries[metadataKey] = metadata
	}
	end := int64(0)
	for _, t := range tensors {
		e := entry{t.DType, append([]int{}, t.Shape...), [2]int64{end, end + int64(len(t.Data))}}
		if err := e.check(); err != nil {
			return nil, fmt.Errorf("safetensors: tensor %q: %w", t.Name, err)
		}
		if entries[t.Name] != nil {
			return nil, fmt.Errorf("safetensors: there are two tensors %q", t.Name)
		}
		entries[t.Name], end = e, e.Offsets[1]
	}
	text, err := json.Marshal(entries)
	if err != nil {
		return nil, err
	}
	text = append(text, bytes.Repeat([]byte{' '}, -len(text)&7)...)
	return append(little.AppendUint64(nil, uint64(len(text))), text...), nil
}

// FromFloat32s returns a tensor of dtype F32.
func FromFloat32s(shape []int, x []float32) Tensor {
	data := make([]byte, 0, 4*len(x))
	for _, v := range x {
		data = little.AppendUint32(data, math.Float32bits(v))
	}
	return Tensor{"F32", shape, data}
}

// FromFloat64s returns a tensor of dtype F64.
func FromFloat64s(shape []int, x []float64) Tensor {
	data := make([]byte, 0, 8*len(x))
	for _, v := range x {
		data = little.AppendUint64(data, math.Float64bits(v))
	}
	return Tensor{"F64", shape, data}
}
