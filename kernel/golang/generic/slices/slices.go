// Package slices is the standard package of that name for an interpreter.
package slices

import "github.com/gocrate/gocrate/kernel/golang/rt"

// rtIndex finds v among elements of a basic type; ok is false for others.
func rtIndex(s, v any) (i int, ok bool) { return rt.Index(s, v) }

// rtReverse turns a slice of any elements around.
func rtReverse(s any) { rt.Reverse(s) }

// Equal reports whether two slices have the same length and equal elements.
func Equal[S ~[]E, E comparable](s1, s2 S) bool {
	if len(s1) != len(s2) {
		return false
	}
	for i := range s1 {
		if s1[i] != s2[i] {
			return false
		}
	}
	return true
}

// EqualFunc is Equal with a function that compares elements.
func EqualFunc[S1 ~[]E1, S2 ~[]E2, E1, E2 any](s1 S1, s2 S2, eq func(E1, E2) bool) bool {
	if len(s1) != len(s2) {
		return false
	}
	for i, v := range s1 {
		if !eq(v, s2[i]) {
			return false
		}
	}
	return true
}

// Index returns the position of the first v in s, or -1.
func Index[S ~[]E, E comparable](s S, v E) int {
	if i, ok := rtIndex(s, v); ok {
		return i
	}
	for i := range s {
		if v == s[i] {
			return i
		}
	}
	return -1
}

// IndexFunc returns the position of the first element that f holds for, or -1.
func IndexFunc[S ~[]E, E any](s S, f func(E) bool) int {
	for i := range s {
		if f(s[i]) {
			return i
		}
	}
	return -1
}

// Contains reports whether v is in s.
func Contains[S ~[]E, E comparable](s S, v E) bool { return Index(s, v) >= 0 }

// ContainsFunc reports whether f holds for an element of s.
func ContainsFunc[S ~[]E, E any](s S, f func(E) bool) bool { return IndexFunc(s, f) >= 0 }

// Reverse reverses s in place.
func Reverse[S ~[]E, E any](s S) { rtReverse(s) }
