// Package cmp is the standard package of that name for an interpreter.
package cmp

import "cmp"

// Less reports whether x is less than y; NaN is less than any other number.
func Less[T cmp.Ordered](x, y T) bool {
	return x != x && y == y || x < y
}

// Compare returns -1, 0 or +1; NaN is less than any other number.
func Compare[T cmp.Ordered](x, y T) int {
	if x < y {
		return -1
	}
	if x > y {
		return +1
	}
	if x == y {
		return 0
	}
	// One of them is NaN.
	if x == x {
		return +1
	}
	if y == y {
		return -1
	}
	return 0
}

// Or returns the first value that is not zero.
func Or[T comparable](vals ...T) T {
	var zero T
	for _, v := range vals {
		if v != zero {
			return v
		}
	}
	return zero
}
