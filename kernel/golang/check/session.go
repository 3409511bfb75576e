// Package check type-checks the cells of a session with go/types.
//
// A session is one Go package whose declarations arrive cell by cell and may
// be replaced at any time. A cell is checked against the declarations that
// live then; what it replaces, and what depends on that, is checked again with
// it. The result, a [Unit], is all that must be compiled for the cell to run.
//
// Nothing is committed by checking: a cell that fails leaves the session as it
// was. The package knows no interpreter and does no I/O beyond its importer.
package check

import (
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"sort"
	"strings"
	"sync"

	"github.com/gocrate/gocrate/kernel/golang/cell"
)

// Library is what a session can import: its types, and the names under which
// packages are found when a cell uses one without importing it.
type Library interface {
	types.Importer
	// ByName returns the import paths of the packages called name, the usual
	// one first.
	ByName(name string) []string
}

// Session holds the live declarations of a notebook.
type Session struct {
	fset *token.FileSet
	lib  Library
	pkg  *types.Package // package main, to which all declarations belong

	mu        sync.Mutex
	decls     map[string]*Decl
	imports   map[string]string            // explicit imports of earlier cells: name → path
	dots      []string                     // paths of dot imports
	broken    map[string]string            // declarations that stopped compiling: name → why
	emitted   map[string]bool              // every name ever handed to the engine
	instances map[types.Object][]*Instance // of generic declarations
	emits     map[types.Object]string      // engine names of all that was ever declared
	templates map[string]*template         // of generic packages, by path
	varying   map[bodyKey]map[int]bool     // see noteVarying
	locals    map[string]int               // see noteLocals
}

// Kind tells what a declaration declares.
type Kind int

const (
	Func Kind = iota
	Type
	Const
	Var
)

func (k Kind) String() string {
	return [...]string{"function", "type", "constant", "variable"}[k]
}

// Decl is one live declaration. A type carries its methods.
type Decl struct {
	Name   string
	Kind   Kind
	Source *Source
	Obj    types.Object
	// Emit is the name under which the engine knows it: Name for the first
	// version, Name and the cell's number for later ones.
	Emit    string
	text    string
	deps    map[string]bool   // names of session declarations that it mentions, a variable in its type
	pkgs    map[string]string // packages that it uses: name → path
	methods []part            // of a type
}

// Source is a cell as it was when it was run.
type Source struct {
	Name    string // In[7]
	Number  int
	Code    string
	imports map[string]string // explicit imports in force: name → path
	dots    []string
}

// part is a piece of a declaration that has its own place: a method.
type part struct {
	name, text string
	source     *Source
}

// New returns an empty session whose positions are kept in fset.
func New(fset *token.FileSet, lib Library) *Session {
	return &Session{
		fset:      fset,
		lib:       lib,
		pkg:       types.NewPackage("main", "main"),
		decls:     map[string]*Decl{},
		imports:   map[string]string{},
		broken:    map[string]string{},
		emits:     map[types.Object]string{},
		instances: map[types.Object][]*Instance{},
		emitted:   map[string]bool{"main": true, "init": true, "_": true},
	}
}

// Reset forgets all declarations and imports. The engine's names stay taken.
func (s *Session) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.decls)
	clear(s.broken)
	s.imports, s.dots = map[string]string{}, nil
}

// FileSet returns the file set of all positions.
func (s *Session) FileSet() *token.FileSet { return s.fset }

// Commit makes what u declares part of the session.
func (s *Session) Commit(u *Unit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range u.Decls {
		s.decls[d.Name] = d
		delete(s.broken, d.Name)
	}
	for _, d := range u.Vars {
		s.decls[d.Name] = d
		delete(s.broken, d.Name)
	}
	for _, c := range u.Converted {
		s.decls[c.New.Name] = c.New
	}
	for obj, list := range u.instances {
		s.instances[obj] = append(s.instances[obj], list...)
	}
	for obj, name := range u.names {
		s.emits[obj] = name
	}
	for _, d := range u.Dropped {
		delete(s.decls, d.Decl.Name)
		s.broken[d.Decl.Name] = d.Why
	}
	s.imports, s.dots = u.Source.imports, u.Source.dots
	for name := range u.Source.imports {
		if d := s.decls[name]; d != nil && u.imported[name] {
			delete(s.decls, name)
		}
	}
}

// Lookup returns the live declaration of a name, or nil.
func (s *Session) Lookup(name string) *Decl {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.decls[name]
}

// Decls returns the live declarations, sorted by name.
func (s *Session) Decls() []*Decl {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*Decl, 0, len(s.decls))
	for _, d := range s.decls {
		all = append(all, d)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all
}

// dependents returns the names of all functions, types and constants that
// mention one of names, directly or through others. Variables are not among
// them, but what mentions a variable depends on its type.
func (s *Session) dependents(names map[string]bool) map[string]bool {
	found := map[string]bool{}
	for grew := true; grew; {
		grew = false
		for _, d := range s.decls {
			if names[d.Name] || found[d.Name] {
				continue
			}
			for dep := range d.deps {
				if names[dep] || found[dep] {
					found[d.Name] = true
					grew = true
					break
				}
			}
		}
	}
	maps.DeleteFunc(found, func(name string, _ bool) bool { return s.decls[name].Kind == Var })
	return found
}

// emitName returns the engine's name for a new version of a name: the name
// itself as long as nothing else was ever called so. A name whose cell failed
// half-way counts, because the engine may remember it.
func (s *Session) emitName(name string, number int) string {
	if !s.emitted[name] && types.Universe.Lookup(name) == nil {
		s.emitted[name] = true
		return name
	}
	emit := fmt.Sprintf("%s%c%d", name, VersionMark, number)
	for i := 2; s.emitted[emit]; i++ {
		emit = fmt.Sprintf("%s%c%d%c%d", name, VersionMark, number, VersionMark, i)
	}
	s.emitted[emit] = true
	return emit
}

// VersionMark separates a name from the number of the cell that redefined it.
// It is a letter to Go, so the whole is an identifier.
const VersionMark = 'ꞏ'

// Unversioned returns the name that the user wrote for an engine's name.
func Unversioned(emit string) string {
	if i := strings.IndexRune(emit, VersionMark); i > 0 {
		return emit[:i]
	}
	return emit
}

// source makes the Source of a parsed cell: the imports of earlier cells and
// its own.
func (s *Session) source(c *cell.Cell, number int) (*Source, map[string]bool) {
	src := &Source{Name: c.Name, Number: number, Code: c.Code, imports: s.imports, dots: s.dots}
	own := map[string]bool{}
	if len(c.Imports) == 0 {
		return src, own
	}
	src.imports = make(map[string]string, len(s.imports)+len(c.Imports))
	for name, path := range s.imports {
		src.imports[name] = path
	}
	for _, spec := range c.Imports {
		path := importPath(spec)
		switch name := importName(spec, s.lib); name {
		case "_", "":
		case ".":
			src.dots = append(src.dots[:len(src.dots):len(src.dots)], path)
		default:
			src.imports[name] = path
			own[name] = true
		}
	}
	return src, own
}
