package stdlib

import (
	"go/constant"
	"go/token"
	"reflect"
	"strings"
)

// Package is a package that a cell can import.
type Package struct {
	Path     string // import path
	Name     string // the name in its package clause
	Synopsis string // first sentence of its documentation
}

// An entry of the index, in which lists are joined by spaces so that the whole
// is a constant.
type entry struct {
	path, name, synopsis string
	needs                string // listed packages to whose types its API refers
	generic              string // exported names without a place in the table
	symbols              func() map[string]reflect.Value
}

// lookup returns the entry of an import path, or nil.
func lookup(path string) *entry {
	for i := range index {
		if index[i].path == path {
			return &index[i]
		}
	}
	return nil
}

// Packages returns all packages that a cell can import, in the order of
// packages.txt.
func Packages() []Package {
	pkgs := make([]Package, len(index))
	for i, e := range index {
		pkgs[i] = Package{e.path, e.name, e.synopsis}
	}
	return pkgs
}

// ByName returns the import paths of the packages with the given name, first
// the one that is meant when a cell uses the name without an import: "rand" is
// math/rand, then math/rand/v2 and crypto/rand.
func ByName(name string) []string {
	var paths []string
	for _, e := range index {
		if e.name == name {
			paths = append(paths, e.path)
		}
	}
	return paths
}

// Exports returns the symbols of a package in the interpreter's form, or nil
// if it cannot be imported: functions, constants and variables as values,
// types as nil pointers to them, and as "_Name" the wrapper of interface Name.
// The table is made anew by every call, and is the caller's to change.
func Exports(path string) map[string]reflect.Value {
	e := lookup(path)
	if e == nil {
		return nil
	}
	return e.symbols()
}

// Generic returns the exported names of a package that are not in its table
// because they are generic functions, generic types or constraints, sorted.
func Generic(path string) []string {
	if e := lookup(path); e != nil {
		return strings.Fields(e.generic)
	}
	return nil
}

// Needs returns the other packages to whose types the API of a package refers,
// sorted. The interpreter must know the wrappers of their interfaces when a
// cell imports the package: it ends with a nil dereference otherwise.
func Needs(path string) []string {
	if e := lookup(path); e != nil {
		return strings.Fields(e.needs)
	}
	return nil
}

// nearest returns the import path that somebody who wrote path may have meant,
// or "": one that differs in few letters, or whose package has nearly the name
// that path ends with.
func nearest(path string) string {
	base := path[strings.LastIndex(path, "/")+1:]
	best, least := "", len(path)+1
	try := func(candidate string, edits, allowed int) {
		if edits <= allowed && edits < least {
			best, least = candidate, edits
		}
	}
	for _, e := range index {
		try(e.path, distance(base, e.name), len(base)/3)
		try(e.path, distance(path, e.path), len(path)/4)
	}
	return best
}

// distance is the number of letters to insert, delete or exchange to get from
// a to b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := min(row[j], row[j+1]) + 1
			if a[i] == b[j] {
				d = diagonal
			} else {
				d = min(d, diagonal+1)
			}
			diagonal, row[j+1] = row[j+1], d
		}
	}
	return row[len(b)]
}

// The tables hold untyped constants as constant.Value, with which the
// interpreter computes as the compiler does.

func untypedInt(v int64) reflect.Value     { return reflect.ValueOf(constant.MakeInt64(v)) }
func untypedUint(v uint64) reflect.Value   { return reflect.ValueOf(constant.MakeUint64(v)) }
func untypedString(v string) reflect.Value { return reflect.ValueOf(constant.MakeString(v)) }
func untypedFloat(text string) reflect.Value {
	return reflect.ValueOf(constant.MakeFromLiteral(text, token.FLOAT, 0))
}
