// Gen writes the assembly of package kern with avo. It is a module of its own,
// so that nobody who builds gocrate needs avo:
//
//	go generate ./crate/internal/kern
package main

import "github.com/mmcloughlin/avo/build"

func main() {
	build.ConstraintExpr("!noasm")
	for _, s := range []*set{avx512, avx2} {
		s.tiles()
		s.transpose()
		s.rows()
		s.dots()
	}
	build.Generate()
}
