package safetensors

import (
	"encoding/binary"
	"fmt"
	"math"
)

// dtype is how one element is stored. integer is nil for floating-point types.
type dtype struct {
	size    int
	float   func(b []byte) float64
	integer func(b []byte) int64
}

var little = binary.LittleEndian

var dtypes = map[string]dtype{
	"F64":  {8, func(b []byte) float64 { return math.Float64frombits(little.Uint64(b)) }, nil},
	"F32":  {4, func(b []byte) float64 { return float64(float32At(b)) }, nil},
	"F16":  {2, func(b []byte) float64 { return float16(little.Uint16(b)) }, nil},
	"BF16": {2, func(b []byte) float64 { return bfloat16(little.Uint16(b)) }, nil},
	"I64":  integer(8, func(b []byte) int64 { return int64(little.Uint64(b)) }),
	"I32":  integer(4, func(b []byte) int64 { return int64(int32(little.Uint32(b))) }),
	"I16":  integer(2, func(b []byte) int64 { return int64(int16(little.Uint16(b))) }),
	"I8":   integer(1, func(b []byte) int64 { return int64(int8(b[0])) }),
	"U8":   integer(1, func(b []byte) int64 { return int64(b[0]) }),
	"BOOL": integer(1, func(b []byte) int64 { return int64(min(b[0], 1)) }),
}

func integer(size int, at func(b []byte) int64) dtype {
	return dtype{size, func(b []byte) float64 { return float64(at(b)) }, at}
}

// Size returns the bytes of an element of a dtype, 0 for an unknown one.
func Size(dtype string) int { return dtypes[dtype].size }

// Float64s returns the elements as float64. Every dtype converts without loss
// except I64 beyond ±2⁵³; true is 1.
func (t Tensor) Float64s() []float64 {
	d := t.dtype()
	x := make([]float64, len(t.Data)/d.size)
	for i := range x {
		x[i] = d.float(t.Data[i*d.size:])
	}
	return x
}

// Float32s returns the elements as float32: exactly for F32, F16, BF16 and the
// small integers, rounded to nearest for F64, I64 and I32.
func (t Tensor) Float32s() []float32 {
	d := t.dtype()
	x := make([]float32, len(t.Data)/d.size)
	for i := range x {
		x[i] = float32(d.float(t.Data[i*d.size:]))
	}
	return x
}

// Int64s returns the elements of an integer or BOOL tensor; true is 1. It
// panics for floating-point tensors, whose fractions it would have to drop.
func (t Tensor) Int64s() []int64 {
	d := t.dtype()
	if d.integer == nil {
		panic(fmt.Sprintf("safetensors: Int64s of a tensor of dtype %s; want an integer dtype, or call Float64s", t.DType))
	}
	x := make([]int64, len(t.Data)/d.size)
	for i := range x {
		x[i] = d.integer(t.Data[i*d.size:])
	}
	return x
}

// dtype panics for a Tensor that no file held, such as the zero value that
// a map returns for a misspelt name.
func (t Tensor) dtype() dtype {
	d, ok := dtypes[t.DType]
	if !ok {
		panic(fmt.Sprintf("safetensors: tensor of dtype %q and shape %v; is its name in the file?", t.DType, t.Shape))
	}
	return d
}

func float32At(b []byte) float32 { return math.Float32frombits(little.Uint32(b)) }

// bfloat16 is the upper half of a float32.
func bfloat16(h uint16) float64 {
	return float64(math.Float32frombits(uint32(h) << 16))
}

// float16 is IEEE 754 binary16: 1 sign bit, 5 of exponent (bias 15), 10 of
// fraction.
func float16(h uint16) float64 {
	exponent, fraction := int(h>>10&0x1f), float64(h&0x3ff)
	var x float64
	switch {
	case exponent == 0: // subnormal: no leading 1
		x = math.Ldexp(fraction, -24)
	case exponent == 0x1f && fraction == 0:
		x = math.Inf(1)
	case exponent == 0x1f:
		x = math.NaN()
	default:
		x = math.Ldexp(fraction+1024, exponent-25)
	}
	if h>>15 == 1 {
		return -x
	}
	return x
}
