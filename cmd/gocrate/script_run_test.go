package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts in testdata/script run this program with Go itself, in the test
// binary.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"gocrate": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script"})
}
