package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"log"
	"os"
	"strings"

	"golang.org/x/tools/go/packages"
)

// Package is a listed package as the generator sees it.
type Package struct {
	Path, Name string
	Types      *types.Package
	Fset       *token.FileSet
	Syntax     []*ast.File

	Synopsis string   // set by documentation
	Needs    []string // set by exportData: all packages it refers to; then by needs: the listed ones
}

// short writes gonum paths as if gonum and gonum/plot were one module, and our
// own without their module.
var short = strings.NewReplacer(
	"github.com/gocrate/gocrate/stdlib/", "",
	"github.com/gocrate/gocrate/", "",
	"gonum.org/v1/gonum/", "gonum/",
	"gonum.org/v1/", "gonum/",
)

// words returns the parts of which the package's names in the output are made.
func (p *Package) words() []string {
	return strings.FieldsFunc(short.Replace(p.Path), func(r rune) bool { return r == '/' || r == '-' || r == '.' })
}

// file returns the package's part of a file name: "gonum_plot_vg_draw".
func (p *Package) file() string { return strings.Join(p.words(), "_") }

// ident returns the start of the package's identifiers: "gonumPlotVgDraw".
func (p *Package) ident() string {
	words := p.words()
	for i, w := range words[1:] {
		words[i+1] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, "")
}

// readList returns the import paths in a file, one a line, # for comments.
func readList(name string) ([]string, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var paths []string
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line != "" {
			paths = append(paths, line)
		}
	}
	return paths, nil
}

// load type-checks the packages from source, and returns them in order.
func load(paths []string, partial bool) ([]*Package, error) {
	config := &packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
			packages.NeedDeps | packages.NeedTypes | packages.NeedSyntax,
		Env:  append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0", "GOEXPERIMENT="),
		Fset: token.NewFileSet(),
	}
	loaded, err := packages.Load(config, paths...)
	if err != nil {
		return nil, err
	}
	byPath := make(map[string]*packages.Package)
	for _, p := range loaded {
		byPath[p.PkgPath] = p
	}
	var pkgs []*Package
	for _, path := range paths {
		p := byPath[path]
		if err := broken(p); err != nil {
			if !partial {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			log.Printf("left out: %s: %v", path, err)
			continue
		}
		pkgs = append(pkgs, &Package{Path: path, Name: p.Name, Types: p.Types, Fset: config.Fset, Syntax: p.Syntax})
	}
	return pkgs, nil
}

// broken returns the first error in p or in what it imports.
func broken(p *packages.Package) error {
	if p == nil {
		return errors.New("there is no such package")
	}
	var first error
	packages.Visit([]*packages.Package{p}, nil, func(p *packages.Package) {
		if len(p.Errors) > 0 && first == nil {
			first = p.Errors[0]
		}
	})
	return first
}
