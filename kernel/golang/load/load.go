// Package load finds the files of a whole Go program: those of package main,
// and those of the packages beside it that it imports.
package load

import (
	"errors"
	"fmt"
	"go/build"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"
)

// File is a Go file. Name is what errors call it.
type File struct{ Name, Code string }

// Package is a package whose source is at hand.
type Package struct {
	Path  string // import path; main for a program's main package
	Files []File
}

// Program is a package main and the local packages that it needs.
type Program struct {
	// Packages holds each package behind those that it imports, main last.
	Packages []*Package
	// Args are the program's arguments.
	Args []string
	// Name is what the program calls itself, os.Args[0].
	Name string
}

// Bundled reports whether an import path needs no source here.
type Bundled func(path string) bool

// Parse reads a program as the arguments of go run name it: a directory, or
// one or several .go files, and the program's own arguments. A file called -
// is read from stdin.
func Parse(args []string, stdin io.Reader, bundled Bundled) (*Program, error) {
	if len(args) == 0 {
		return nil, errors.New("no file: expected .go files or a directory")
	}
	n := 1
	if isGo(args[0]) {
		for n < len(args) && isGo(args[n]) {
			n++
		}
	}
	main := &Package{Path: "main"}
	dir := filepath.Dir(args[0])
	var err error
	if info, statErr := os.Stat(args[0]); statErr == nil && info.IsDir() {
		dir = args[0]
		main.Files, err = goFiles(dir)
	} else {
		main.Files, err = readFiles(args[:n], stdin)
	}
	if err != nil {
		return nil, err
	}
	l := loader{bundled: bundled, state: map[string]state{}}
	if l.root, l.module, err = module(dir); err != nil {
		return nil, err
	}
	if err := l.add(main); err != nil {
		return nil, err
	}
	return &Program{Packages: l.done, Args: args[n:], Name: args[0]}, nil
}

func isGo(name string) bool { return strings.HasSuffix(name, ".go") }

func readFiles(names []string, stdin io.Reader) ([]File, error) {
	var files []File
	for _, name := range names {
		f, err := Read(name, stdin)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// Read reads a file, or stdin if the name is "-", with a #! line blanked.
func Read(name string, stdin io.Reader) (File, error) {
	var data []byte
	var err error
	if name == "-" {
		name = "stdin"
		data, err = io.ReadAll(stdin)
	} else {
		data, err = os.ReadFile(name)
	}
	code := string(data)
	if strings.HasPrefix(code, "#!") {
		_, rest, _ := strings.Cut(code, "\n")
		code = "\n" + rest
	}
	return File{name, code}, err
}

// goFiles reads the Go files of a directory that belong to a program on this
// machine: no tests, and none that a build constraint leaves out.
func goFiles(dir string) ([]File, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var files []File
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || !isGo(name) || strings.HasSuffix(name, "_test.go") {
			continue
		}
		if match, err := build.Default.MatchFile(dir, name); err != nil || !match {
			continue
		}
		f, err := Read(filepath.Join(dir, name), nil)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no Go files in %s", dir)
	}
	return files, nil
}

// module finds the module that a directory is in: its root and its path. Both
// are empty where there is none.
func module(dir string) (root, path string, err error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", "", err
	}
	for d := abs; ; d = filepath.Dir(d) {
		data, err := os.ReadFile(filepath.Join(d, "go.mod"))
		if err == nil {
			return relative(d), modfile.ModulePath(data), nil
		}
		if !errors.Is(err, os.ErrNotExist) {
			return "", "", err
		}
		if d == filepath.Dir(d) {
			return "", "", nil
		}
	}
}

// relative names a directory from the working directory, if that is shorter.
func relative(dir string) string {
	wd, err := os.Getwd()
	if err != nil {
		return dir
	}
	rel, err := filepath.Rel(wd, dir)
	if err != nil || len(rel) > len(dir) {
		return dir
	}
	return rel
}

type loader struct {
	bundled      Bundled
	root, module string
	state        map[string]state
	stack        []string
	done         []*Package
}

type state int

const (
	loading state = iota + 1
	loaded
)

// add adds a package behind the local packages that it imports.
func (l *loader) add(p *Package) error {
	l.state[p.Path] = loading
	l.stack = append(l.stack, p.Path)
	for _, path := range imports(p.Files) {
		if err := l.need(path); err != nil {
			return err
		}
	}
	l.stack = l.stack[:len(l.stack)-1]
	l.state[p.Path] = loaded
	l.done = append(l.done, p)
	return nil
}

// need adds the package of an import path if its source is local. Any other
// path is left to the checker, which knows the line of the import.
func (l *loader) need(imported string) error {
	if l.bundled(imported) || l.module == "" || imported != l.module && !strings.HasPrefix(imported, l.module+"/") {
		return nil
	}
	switch l.state[imported] {
	case loading:
		cycle := append(slices.Clone(l.stack[slices.Index(l.stack, imported):]), imported)
		return fmt.Errorf("import cycle not allowed: %s", strings.Join(cycle, " imports "))
	case loaded:
		return nil
	}
	dir := filepath.Join(l.root, filepath.FromSlash(strings.TrimPrefix(imported, l.module)))
	files, err := goFiles(dir)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("package %s is not in the module: there is no directory %s", imported, dir)
	}
	if err != nil {
		return err
	}
	return l.add(&Package{Path: path.Clean(imported), Files: files})
}

// imports returns the import paths of files, in order of appearance. A file
// that does not parse has those before its error.
func imports(files []File) []string {
	var paths []string
	for _, f := range files {
		syntax, _ := parser.ParseFile(token.NewFileSet(), f.Name, f.Code, parser.ImportsOnly)
		if syntax == nil {
			continue
		}
		for _, spec := range syntax.Imports {
			if p, err := strconv.Unquote(spec.Path.Value); err == nil && !slices.Contains(paths, p) {
				paths = append(paths, p)
			}
		}
	}
	return paths
}
