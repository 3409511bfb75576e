package stdlib_test

import (
	"fmt"

	"github.com/gocrate/gocrate/stdlib"
)

func ExampleByName() {
	fmt.Println(stdlib.ByName("rand"))
	// Output: [math/rand math/rand/v2 crypto/rand]
}

func ExampleDoc() {
	d, _ := stdlib.Doc("strings", "TrimSpace")
	fmt.Println(d.Declaration)
	fmt.Println(d.Text())
	// Output:
	// func TrimSpace(s string) string
	// TrimSpace returns a slice (substring) of the string s, with all leading and
	// trailing white space removed, as defined by Unicode.
}

func ExampleNewImporter() {
	importer := stdlib.NewImporter()
	p, _ := importer.Import("gonum.org/v1/gonum/mat")
	fmt.Println(p.Scope().Lookup("Det"))
	_, err := importer.Import("gonum.org/v1/mat")
	fmt.Println(err)
	// Output:
	// func gonum.org/v1/gonum/mat.Det(a gonum.org/v1/gonum/mat.Matrix) float64
	// package "gonum.org/v1/mat" is not one that a cell can import; did you mean "gonum.org/v1/gonum/mat"? (to see them all, press Tab after import ")
}

func ExampleGeneric() {
	fmt.Println(stdlib.Generic("sync/atomic"), stdlib.Exports("slices")["Sort"].IsValid())
	// Output: [Pointer] false
}
