// Gocrate is a Jupyter kernel for Go and runs Go notebooks and scripts without
// Jupyter. See gocrate --help.
package main

import (
	"context"
	"os"
)

func main() {
	os.Exit(run(context.Background(), newProgram(), os.Args[1:]))
}
