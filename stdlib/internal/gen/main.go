// Gen writes what package stdlib knows about the packages that a cell can
// import: symbol tables for the interpreter, export data for the type checker,
// and documentation. Run it as
//
//	go generate ./stdlib
//
// It reads packages.txt in the directory it runs in, and writes there
//
//	zz_index.go       names, synopses and generics of the packages
//	zz_<package>.go   one table of symbols and interface wrappers each
//	zz_composed.go    wrappers for values with more than one interface
//	zz_export.zip     export data, one member a package
//	zz_docs.zip       documentation, one JSON member a package
//
// The output depends on the sources alone, not on the machine: packages are
// loaded for linux/amd64 without cgo, and no file name is written.
package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("stdlib/internal/gen: ")
	partial := flag.Bool("partial", false, "leave out packages that do not compile, instead of failing")
	flag.Parse()
	if err := generate(*partial); err != nil {
		log.Fatal(err)
	}
}

// generate does the whole work in the current directory.
func generate(partial bool) error {
	paths, err := readList("packages.txt")
	if err != nil {
		return err
	}
	pkgs, err := load(paths, partial)
	if err != nil {
		return err
	}
	files, err := render(pkgs)
	if err != nil {
		return err
	}
	if err := removeStale(files); err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(name, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// render returns the contents of all files, by name.
func render(pkgs []*Package) (map[string][]byte, error) {
	files := make(map[string][]byte)
	export, docs := newArchive(), newArchive()
	for _, p := range pkgs {
		data, err := exportData(p)
		if err != nil {
			return nil, err
		}
		export.add(p.Path, data)
		text, err := documentation(p)
		if err != nil {
			return nil, err
		}
		docs.add(p.Path, text)
		name := "zz_" + p.file() + ".go"
		if files[name], err = symbolTable(p); err != nil {
			return nil, err
		}
	}
	needs(pkgs)
	var err error
	if files["zz_index.go"], err = index(pkgs); err != nil {
		return nil, err
	}
	if files["zz_composed.go"], err = composed(pkgs); err != nil {
		return nil, err
	}
	files["zz_export.zip"] = export.bytes()
	files["zz_docs.zip"] = docs.bytes()
	return files, nil
}

// removeStale deletes the generated files that are not written again.
func removeStale(files map[string][]byte) error {
	old, err := filepath.Glob("zz_*")
	if err != nil {
		return err
	}
	for _, name := range old {
		if _, ok := files[name]; ok {
			continue
		}
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	return nil
}

// An archive is a zip file in memory whose bytes depend on its members only.
type archive struct {
	buf bytes.Buffer
	w   *zip.Writer
	err error
}

func newArchive() *archive {
	a := new(archive)
	a.w = zip.NewWriter(&a.buf)
	a.w.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	return a
}

func (a *archive) add(name string, data []byte) {
	w, err := a.w.Create(name)
	if err == nil {
		_, err = w.Write(data)
	}
	if a.err == nil {
		a.err = err
	}
}

func (a *archive) bytes() []byte {
	if err := a.w.Close(); err != nil || a.err != nil {
		panic(fmt.Sprint("writing to memory failed: ", a.err, err))
	}
	return a.buf.Bytes()
}
