// Package generic holds the generic part of the standard library as Go that a
// session compiles for the types it is used with: generic functions have no
// symbols that an interpreter could call. The packages below it are ordinary
// Go, tested against the real ones; functions named rt… stand for helpers of
// package rt, which get values without conversion.
package generic

import (
	"embed"
	"path"
)

//go:embed slices/slices.go slices/order.go slices/edit.go slices/seq.go maps/maps.go cmp/cmp.go iter/iter.go
//go:embed sync/once.go atomic/pointer.go rand/rand.go errors/errors.go reflect/reflect.go
var sources embed.FS

// dirs says where the generic part of a package is.
var dirs = map[string]string{
	"slices": "slices", "maps": "maps", "cmp": "cmp", "iter": "iter", "sync": "sync",
	"sync/atomic": "atomic", "math/rand/v2": "rand", "errors": "errors", "reflect": "reflect",
}

// Sources returns the files that define the generic functions and types of a
// package of the standard library, or nil.
func Sources(pkg string) [][]byte {
	dir := dirs[pkg]
	if dir == "" {
		return nil
	}
	entries, err := sources.ReadDir(dir)
	if err != nil {
		panic(err) // the embedded files are fixed
	}
	var files [][]byte
	for _, e := range entries {
		data, err := sources.ReadFile(path.Join(dir, e.Name()))
		if err != nil {
			panic(err)
		}
		files = append(files, data)
	}
	return files
}
