package gogen_test

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"github.com/gocrate/gocrate/kernel/golang/internal/gogen"
)

// All programs are well typed, and a seed gives one program.
func TestPrograms(t *testing.T) {
	conf := types.Config{Importer: importer.Default()}
	for seed := range int64(60) {
		src := gogen.New(seed, "s_").Whole()
		if src != gogen.New(seed, "s_").Whole() {
			t.Fatalf("seed %d gives different programs", seed)
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "p.go", src, 0)
		if err == nil {
			_, err = conf.Check("main", fset, []*ast.File{f}, nil)
		}
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
			t.Logf("%s", src)
		}
	}
}

func ExampleProgram_Whole() {
	fmt.Println(len(gogen.New(1, "s_").Whole()) > 500)
	// Output: true
}
