package golang

import (
	"fmt"
	"math"
	"reflect"
	"unsafe"
)

// matrix is what a struct of numbers in rows holds: package crate's Matrix, the
// matrices of gonum.
type matrix struct {
	rows, columns, stride int
	data                  reflect.Value
}

// matrixOf finds the matrix in a struct, or in one that a pointer leads to, by
// its fields: Rows, Cols and Data with or without a Stride; N and Data for
// vectors and symmetric matrices; or a field mat that is such a struct.
func matrixOf(v reflect.Value) (m matrix, ok bool) {
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return m, false
	}
	if inner := v.FieldByName("mat"); inner.IsValid() && inner.Kind() == reflect.Struct {
		return matrixOf(inner)
	}
	m.data = v.FieldByName("Data")
	if m.data.Kind() != reflect.Slice || !isNumber(m.data.Type().Elem().Kind()) {
		return m, false
	}
	number := func(name string, absent int) int {
		if f := v.FieldByName(name); f.Kind() == reflect.Int {
			return int(f.Int())
		}
		return absent
	}
	n := number("N", -1)
	m.rows, m.columns = number("Rows", n), number("Cols", n)
	if inc := number("Inc", 0); inc > 0 {
		m.columns, m.stride = 1, inc
	} else {
		m.stride = number("Stride", m.columns)
	}
	return m, m.rows >= 0 && m.columns >= 0 && m.fits()
}

// fits reports whether all rows are in the data.
func (m matrix) fits() bool {
	if m.rows == 0 || m.columns == 0 {
		return true
	}
	return m.stride > 0 && m.columns <= m.data.Len() && (m.rows-1) <= (m.data.Len()-m.columns)/m.stride
}

func (m matrix) row(i int) reflect.Value {
	return m.data.Slice(i*m.stride, i*m.stride+m.columns)
}

func (s *summary) matrix(m matrix) {
	s.say("shape", "%d×%d", m.rows, m.columns)
	defer func() { s.say("value", "%s", s.excerpt(m)) }()
	if m.stride == m.columns {
		s.numbers(m.rows*m.columns, m.data.Slice(0, m.rows*m.columns))
		return
	}
	var rows []reflect.Value
	for i := range min(m.rows, rowsRead) {
		rows = append(rows, m.row(i))
	}
	s.numbers(m.rows*m.columns, rows...)
}

// excerpt writes the first elements of the first rows.
func (s *summary) excerpt(m matrix) string {
	var items []string
	for i := range min(m.rows, itemsShown) {
		items = append(items, s.short(nil, m.row(i), 1))
	}
	return "[" + joined(items, " ", m.rows) + "]"
}

// rowsRead bounds the rows that are looked at one by one.
const rowsRead = 1 << 14

// rows says the shape and the range of a slice of slices of numbers, if v is
// one.
func (s *summary) rows(v reflect.Value) bool {
	row := v.Type().Elem()
	if row.Kind() != reflect.Slice && row.Kind() != reflect.Array || !isNumber(row.Elem().Kind()) || v.Len() == 0 {
		return false
	}
	var rows []reflect.Value
	low, high := math.MaxInt, 0
	for i := range min(v.Len(), rowsRead) {
		rows = append(rows, v.Index(i))
		low, high = min(low, rows[i].Len()), max(high, rows[i].Len())
	}
	total := 0
	for _, r := range rows {
		total += r.Len()
	}
	if low == high {
		s.say("shape", "%d×%d", v.Len(), low)
	} else {
		s.say("shape", "%d rows of %d to %d", v.Len(), low, high)
	}
	s.numbers(total+v.Len()-len(rows), rows...)
	return true
}

// imageSize is the size of one of package image's images.
func imageSize(v reflect.Value) (string, bool) {
	if v.Type().PkgPath() != "image" {
		return "", false
	}
	r := v.FieldByName("Rect")
	if !r.IsValid() {
		return "", false
	}
	side := func(axis string) int64 {
		return r.FieldByName("Max").FieldByName(axis).Int() - r.FieldByName("Min").FieldByName(axis).Int()
	}
	return fmt.Sprintf("%d×%d", side("X"), side("Y")), true
}

func isNumber(k reflect.Kind) bool {
	return k >= reflect.Int && k <= reflect.Float64 && k != reflect.Uintptr
}

// spread is the range of some numbers.
type spread struct {
	n, nan         int // read; of them not numbers
	low, high, sum float64
}

// numbers says the range of the numbers in slices, of which there are all.
func (s *summary) numbers(all int, rows ...reflect.Value) {
	r := spread{low: math.Inf(1), high: math.Inf(-1)}
	for _, row := range rows {
		n := min(row.Len(), s.left)
		s.left -= n
		r.add(row, n)
	}
	if r.n == 0 {
		return
	}
	text := fmt.Sprintf("%d NaN", r.nan)
	if good := r.n - r.nan; good > 0 {
		text = fmt.Sprintf("%.6g to %.6g, mean %.6g", r.low, r.high, r.sum/float64(good))
		if r.nan > 0 {
			text += fmt.Sprintf(", %d NaN", r.nan)
		}
	}
	if r.n < all {
		text += fmt.Sprintf(" (of the first %d)", r.n)
	}
	s.say("range", "%s", text)
}

func (r *spread) add(v reflect.Value, n int) {
	if n == 0 {
		return
	}
	r.n += n
	if v.Kind() == reflect.Array {
		for i := range n {
			r.one(number(v.Index(i)))
		}
		return
	}
	p := v.UnsafePointer()
	switch v.Type().Elem().Kind() {
	case reflect.Float64:
		addAll(r, (*float64)(p), n)
	case reflect.Float32:
		addAll(r, (*float32)(p), n)
	case reflect.Int:
		addAll(r, (*int)(p), n)
	case reflect.Uint8:
		addAll(r, (*uint8)(p), n)
	default:
		for i := range n {
			r.one(number(v.Index(i)))
		}
	}
}

// addAll reads memory directly, and keeps its sums in registers: reflection, or
// the method one, would take twenty times as long.
func addAll[T float32 | float64 | int | uint8](r *spread, first *T, n int) {
	low, high, sum, nan := r.low, r.high, r.sum, 0
	for _, v := range unsafe.Slice(first, n) {
		x := float64(v)
		if x != x {
			nan++
			continue
		}
		if x < low {
			low = x
		}
		if x > high {
			high = x
		}
		sum += x
	}
	r.low, r.high, r.sum, r.nan = low, high, sum, r.nan+nan
}

func (r *spread) one(x float64) {
	if math.IsNaN(x) {
		r.nan++
		return
	}
	r.low, r.high, r.sum = min(r.low, x), max(r.high, x), r.sum+x
}

func number(v reflect.Value) float64 {
	switch {
	case v.CanInt():
		return float64(v.Int())
	case v.CanUint():
		return float64(v.Uint())
	}
	return v.Float()
}
