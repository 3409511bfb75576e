package stdlib

import (
	"archive/zip"
	_ "embed"
	"fmt"
	"go/token"
	"go/types"
	"io"
	"strings"
	"sync"

	"golang.org/x/tools/go/gcexportdata"
)

//go:embed zz_export.zip
var exportZip string

//go:embed zz_docs.zip
var docsZip string

// exportArchive and docsArchive are opened when the first member is asked for.
var (
	exportArchive = opener(&exportZip)
	docsArchive   = opener(&docsZip)
)

// opener returns a function that opens an embedded archive once. An archive
// that is not whole means a broken build.
func opener(archive *string) func() *zip.Reader {
	return sync.OnceValue(func() *zip.Reader {
		r, err := zip.NewReader(strings.NewReader(*archive), int64(len(*archive)))
		if err != nil {
			panic(fmt.Sprintf("stdlib: embedded archive: %v; run go generate ./stdlib", err))
		}
		return r
	})
}

// NewImporter returns an importer for package go/types that knows the packages
// a cell can import, from embedded export data. It reads each of them when it
// is first imported, and always returns the same package for a path. It is safe
// for concurrent use.
func NewImporter() types.ImporterFrom {
	return &importer{fset: token.NewFileSet(), seen: make(map[string]*types.Package)}
}

type importer struct {
	fset *token.FileSet // of no use: the data has no positions

	mu   sync.Mutex
	seen map[string]*types.Package // complete, or known from another package only
}

// Import implements types.Importer. The error for an unknown path is an
// *[UnknownPackageError].
func (m *importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if lookup(path) == nil {
		return nil, &UnknownPackageError{Path: path, Nearest: nearest(path)}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if p := m.seen[path]; p != nil && p.Complete() {
		return p, nil
	}
	f, err := exportArchive().Open(path)
	if err != nil {
		return nil, fmt.Errorf("import %q: %w", path, err)
	}
	defer f.Close()
	return m.read(f, path)
}

// read adds the package in r to what is known; m.mu is held.
func (m *importer) read(r io.Reader, path string) (*types.Package, error) {
	p, err := gcexportdata.Read(r, m.fset, m.seen, path)
	if err != nil {
		return nil, fmt.Errorf("import %q: %w", path, err)
	}
	return p, nil
}

// ImportFrom implements types.ImporterFrom; the directory does not matter.
func (m *importer) ImportFrom(path, _ string, _ types.ImportMode) (*types.Package, error) {
	return m.Import(path)
}

// UnknownPackageError says that a cell cannot import a package.
type UnknownPackageError struct {
	Path    string
	Nearest string // the import path most like it, or empty
}

func (e *UnknownPackageError) Error() string {
	text := fmt.Sprintf("package %q is not one that a cell can import", e.Path)
	if e.Nearest != "" {
		text += fmt.Sprintf("; did you mean %q?", e.Nearest)
	}
	return text + ` (to see them all, press Tab after import ")`
}
