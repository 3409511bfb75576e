// Gallery makes docs/gallery.md: it has the cells of a source in Markdown run by
// gocrate, and writes the page with what they showed.
//
//	go run ./internal/gallery bin/gocrate internal/gallery/source.md docs/gallery.md
//
// Pictures go into a directory beside the page, docs/gallery, each named after
// the heading it stands under; what was there before is removed. The language of
// the source is described at [notebook.FromMarkdown]. A cell tagged "folded" is
// shown folded up.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/gocrate/gocrate/internal/notebook"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: gallery GOCRATE SOURCE PAGE")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintf(os.Stderr, "gallery: %v\n", err)
		os.Exit(1)
	}
}

func run(gocrate, source, page string) error {
	nb, err := notebook.ReadMarkdown(source)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "gallery")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "gallery.ipynb")
	if err := nb.WriteFile(file); err != nil {
		return err
	}
	kernel := exec.Command(gocrate, "run", file, "--out", file)
	kernel.Stdout, kernel.Stderr = os.Stdout, os.Stderr
	if err := kernel.Run(); err != nil {
		return fmt.Errorf("%s: %w", source, err)
	}
	if nb, err = notebook.ReadFile(file); err != nil {
		return err
	}
	return write(pageOf(nb, name(page)), page)
}

// name is that of the page and of the directory of its pictures.
func name(page string) string { return strings.TrimSuffix(filepath.Base(page), ".md") }

func write(p *page, path string) error {
	dir := filepath.Join(filepath.Dir(path), name(path))
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for _, picture := range p.pictures {
		if err := os.WriteFile(filepath.Join(dir, picture.file), picture.data, 0o666); err != nil {
			return err
		}
	}
	return os.WriteFile(path, []byte(p.text.String()), 0o666)
}
