// Package safetensors reads and writes the safetensors format, in which weights
// and reference tensors are exchanged with Python.
//
// A file is the length of a header (8 bytes, little endian), the header (JSON:
// name → dtype, shape and the half-open byte range of the values), and the
// values, little endian and row-major, one tensor after another without gaps.
// The header may hold texts too, under the name __metadata__.
// It holds numbers and nothing that could be executed, so a file from
// a stranger is safe to open: every length it claims is compared with the
// size of the file before memory is taken for it.
package safetensors

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"slices"
)

// maxHeader bounds the header as the reference implementation does.
const maxHeader = 100 << 20

// metadataKey is the one header entry that is not a tensor.
const metadataKey = "__metadata__"

// Tensor is one array of a file.
type Tensor struct {
	DType string // F64, F32, F16, BF16, I64, I32, I16, I8, U8 or BOOL
	Shape []int  // sizes, slowest index first; empty for a scalar
	Data  []byte // values, little endian, row-major; shared by all tensors of the file
}

// Len returns the number of elements, the product of the shape.
func (t Tensor) Len() int {
	n := 1
	for _, d := range t.Shape {
		n *= d
	}
	return n
}

// ReadFile returns the tensors of a file by name. Errors name the file and
// what is wrong with it.
func ReadFile(path string) (map[string]Tensor, error) {
	var tensors map[string]Tensor
	err := withFile(path, func(f *os.File, size int64) (err error) {
		tensors, err = Read(f, size)
		return err
	})
	return tensors, err
}

// withFile opens a file for f, whose errors then name it.
func withFile(path string, f func(file *os.File, size int64) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if err := f(file, info.Size()); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// Read returns the tensors of a file of the given size in bytes. It allocates
// nothing for the values before the header has been found consistent.
func Read(r io.Reader, size int64) (map[string]Tensor, error) {
	header, err := readHeader(r, size)
	if err != nil {
		return nil, err
	}
	rest := size - 8 - int64(len(header))
	entries, _, err := parseHeader(header, rest)
	if err != nil {
		return nil, err
	}
	data := make([]byte, rest)
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, fmt.Errorf("safetensors: reading the values: %w", err)
	}
	return tensorsOf(entries, data), nil
}

func tensorsOf(entries map[string]entry, data []byte) map[string]Tensor {
	tensors := make(map[string]Tensor, len(entries))
	for name, e := range entries {
		tensors[name] = Tensor{e.DType, e.Shape, data[e.Offsets[0]:e.Offsets[1]:e.Offsets[1]]}
	}
	return tensors
}

// readHeader returns the bytes of the JSON header.
func readHeader(r io.Reader, size int64) ([]byte, error) {
	if size < 8 || size > math.MaxInt {
		return nil, fmt.Errorf("safetensors: the file has %d bytes; at least the 8 of the header's length are needed", size)
	}
	var length [8]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, fmt.Errorf("safetensors: reading the header's length: %w", err)
	}
	n := binary.LittleEndian.Uint64(length[:])
	if n > uint64(min(size-8, maxHeader)) {
		return nil, fmt.Errorf("safetensors: the header claims %d bytes but the file has %d and a header at most %d; is this a safetensors file?", n, size, maxHeader)
	}
	header := make([]byte, n)
	if _, err := io.ReadFull(r, header); err != nil {
		return nil, fmt.Errorf("safetensors: reading the header: %w", err)
	}
	return header, nil
}

// entry is what the header says of one tensor.
type entry struct {
	DType   string   `json:"dtype"`
	Shape   []int    `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"`
}

// parseHeader decodes the header and checks it against the size of the values.
func parseHeader(header []byte, size int64) (entries map[string]entry, metadata map[string]string, err error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(header, &raw); err != nil {
		return nil, nil, fmt.Errorf("safetensors: the header is not a JSON object: %w", err)
	}
	if text, ok := raw[metadataKey]; ok {
		if err := json.Unmarshal(text, &metadata); err != nil {
			return nil, nil, fmt.Errorf("safetensors: __metadata__: %w", err)
		}
		delete(raw, metadataKey)
	}
	entries = make(map[string]entry, len(raw))
	for name, text := range raw {
		var e entry
		if err := json.Unmarshal(text, &e); err != nil {
			return nil, nil, fmt.Errorf("safetensors: tensor %q: %w", name, err)
		}
		if err := e.check(); err != nil {
			return nil, nil, fmt.Errorf("safetensors: tensor %q: %w", name, err)
		}
		entries[name] = e
	}
	return entries, metadata, checkTiling(entries, size)
}

// check compares dtype and shape with the byte range.
func (e entry) check() error {
	d, ok := dtypes[e.DType]
	if !ok {
		return fmt.Errorf("dtype %q is not one of %v", e.DType, slices.Sorted(maps.Keys(dtypes)))
	}
	bytes := e.Offsets[1] - e.Offsets[0]
	if e.Offsets[0] < 0 || bytes < 0 {
		return fmt.Errorf("byte range %v runs backwards", e.Offsets)
	}
	n, ok := elements(e.Shape, bytes/int64(d.size))
	if !ok || n*int64(d.size) != bytes {
		return fmt.Errorf("shape %v of %s does not fill its %d bytes", e.Shape, e.DType, bytes)
	}
	return nil
}

// elements returns the product of the shape, and false if a size is negative
// or the product exceeds limit.
func elements(shape []int, limit int64) (int64, bool) {
	if slices.ContainsFunc(shape, func(d int) bool { return d < 0 }) {
		return 0, false
	}
	if slices.Contains(shape, 0) {
		return 0, true
	}
	n := int64(1)
	for _, d := range shape {
		if int64(d) > limit/n {
			return 0, false
		}
		n *= int64(d)
	}
	return n, n <= limit
}

// checkTiling reports an error unless the byte ranges, in order, cover the
// values exactly once: no byte is shared, none is hidden.
func checkTiling(entries map[string]entry, size int64) error {
	ranges := make([][2]int64, 0, len(entries))
	for _, e := range entries {
		ranges = append(ranges, e.Offsets)
	}
	slices.SortFunc(ranges, func(a, b [2]int64) int { return slices.Compare(a[:], b[:]) })
	end := int64(0)
	for _, r := range ranges {
		if r[0] != end {
			return fmt.Errorf("safetensors: a tensor starts at byte %d of the values; want %d, where the one before it ends", r[0], end)
		}
		end = r[1]
	}
	if end != size {
		return fmt.Errorf("safetensors: the tensors fill %d bytes but the file holds %d; is it cut short?", end, size)
	}
	return nil
}
