package main

import (
	"bytes"
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/gcexportdata"
)

// exportData returns p for the type checker, without positions: they would
// name files of this machine. The data holds all that p's declarations refer
// to, so that it can be read without any other package.
func exportData(p *Package) ([]byte, error) {
	var buf bytes.Buffer
	if err := gcexportdata.Write(&buf, nil, p.Types); err != nil {
		return nil, fmt.Errorf("%s: %w", p.Path, err)
	}
	read := make(map[string]*types.Package)
	if _, err := gcexportdata.Read(bytes.NewReader(buf.Bytes()), token.NewFileSet(), read, p.Path); err != nil {
		return nil, fmt.Errorf("%s: reading back: %w", p.Path, err)
	}
	p.Needs = slices.Sorted(maps.Keys(read))
	return buf.Bytes(), nil
}

// needs reduces what each package refers to, to the other listed packages.
func needs(pkgs []*Package) {
	listed := make(map[string]bool)
	for _, p := range pkgs {
		listed[p.Path] = true
	}
	for _, p := range pkgs {
		p.Needs = slices.DeleteFunc(p.Needs, func(path string) bool { return path == p.Path || !listed[path] })
	}
}

// index returns the file that lists the packages in their order of preference.
// It is a composite literal of constants, which costs nothing at start.
func index(pkgs []*Package) ([]byte, error) {
	s := newSource()
	s.printf("var index = [...]entry{\n")
	for _, p := range pkgs {
		s.printf("\t{\n\t\tpath: %q, name: %q, symbols: %sSymbols,\n\t\tsynopsis: %q,\n", p.Path, p.Name, p.ident(), p.Synopsis)
		s.list("needs", p.Needs)
		s.list("generic", generics(p))
		s.printf("\t},\n")
	}
	s.printf("}\n")
	return s.file()
}

func (s *source) list(field string, values []string) {
	if len(values) > 0 {
		s.printf("\t\t%s: %q,\n", field, strings.Join(values, " "))
	}
}
