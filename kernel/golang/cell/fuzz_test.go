package cell

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/printer"
	"go/scanner"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"
)

// seed adds the cells of the scripts to a fuzz target.
func seed(f *testing.F, add func(code string)) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatalf("no scripts: %v", err)
	}
	for _, name := range files {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range a.Files {
			if !strings.HasSuffix(file.Name, ": parsed") {
				add(unescape(string(file.Data)))
			}
		}
	}
}

// FuzzParse holds Parse to four laws: pieces tile the text; errors are inside
// it; names stand where their positions say; and what Go accepts as the body of
// a function, or as a file, is accepted with the same syntax.
func FuzzParse(f *testing.F) {
	seed(f, func(code string) { f.Add(code) })
	f.Fuzz(func(t *testing.T, code string) {
		checkTiling(t, code)
		fset := token.NewFileSet()
		c, err := Parse(fset, "In[7]", code)
		if err != nil {
			checkErrors(t, code, err)
		} else {
			checkPositions(t, fset, c)
		}
		for _, want := range [][]string{asBody(code), asFile(code)} {
			if want == nil {
				continue
			}
			if err != nil && strings.Contains(err.Error(), "missing function body") {
				continue // "func(T) f()" could be a conversion; a cell's author meant a method
			}
			if err != nil {
				t.Fatalf("%q: %v, but Go accepts it", code, err)
			}
			if got := printed(c); !slices.Equal(got, want) {
				t.Fatalf("%q\nparsed %q\nGo has %q", code, got, want)
			}
		}
	})
}

func checkTiling(t *testing.T, code string) {
	x := scan(code)
	if len(x.src) != len(code) {
		t.Fatalf("%q: %d bytes scanned", code, len(x.src))
	}
	fset, end, from := token.NewFileSet(), 0, 0
	for from < len(x.toks) {
		p := x.parsePiece(fset, "", from)
		if p.start != end || p.end < p.start || p.to <= from {
			t.Fatalf("%q: a piece from %d to %d follows one to %d", code, p.start, p.end, end)
		}
		for _, k := range x.toks[from:p.to] {
			if k.off < p.start || k.end > p.end {
				t.Fatalf("%q: token %v at %d is not in its piece", code, k, k.off)
			}
		}
		end, from = p.end, p.to
	}
	if from > 0 && end != len(code) {
		t.Fatalf("%q: the last piece ends at %d", code, end)
	}
}

func checkErrors(t *testing.T, code string, err error) {
	lines := strings.SplitAfter(code, "\n")
	last := -1
	for _, e := range err.(scanner.ErrorList) {
		at := e.Pos
		if at.Filename != "In[7]" || at.Line < 1 || at.Line > len(lines) || at.Column < 1 || at.Column > len(lines[at.Line-1])+1 {
			t.Fatalf("%q: error at %v", code, at)
		}
		if want := len(strings.Join(lines[:at.Line-1], "")) + at.Column - 1; at.Offset != want || at.Offset < last {
			t.Fatalf("%q: error %v has offset %d, want %d, after %d", code, e, at.Offset, want, last)
		}
		last = at.Offset
	}
}

// printed returns the imports of a cell, and then all else in source order.
func printed(c *Cell) []string {
	var nodes []ast.Node
	for _, d := range c.Decls {
		nodes = append(nodes, d)
	}
	for _, s := range c.Body {
		nodes = append(nodes, s)
	}
	slices.SortFunc(nodes, func(a, b ast.Node) int { return int(a.Pos() - b.Pos()) })
	out := []string{}
	for _, s := range c.Imports {
		out = append(out, show(s))
	}
	for _, n := range nodes {
		out = append(out, show(n))
	}
	return out
}

// asBody returns what Go's parser finds in code as the body of a function, nil
// if it finds it faulty.
func asBody(code string) []string {
	file, err := parser.ParseFile(token.NewFileSet(), "", "package p;func _(){"+code+"\n}", parser.SkipObjectResolution)
	if err != nil || len(file.Decls) != 1 {
		return nil
	}
	out := []string{}
	for _, s := range file.Decls[0].(*ast.FuncDecl).Body.List {
		out = append(out, show(s))
	}
	return out
}

// asFile does the same for a file.
func asFile(code string) []string {
	file, err := parser.ParseFile(token.NewFileSet(), "", "package p;"+code, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	out := []string{}
	for _, s := range file.Imports {
		out = append(out, show(s))
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body == nil {
			return nil
		}
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
			continue
		}
		out = append(out, show(d))
	}
	return out
}

// show prints a node without comments and layout.
func show(n ast.Node) string {
	if s, ok := n.(*ast.DeclStmt); ok {
		n = s.Decl
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GenDecl:
			n.Doc = nil
		case *ast.FuncDecl:
			n.Doc = nil
		case *ast.ImportSpec:
			n.Doc, n.Comment = nil, nil
		case *ast.TypeSpec:
			n.Doc, n.Comment = nil, nil
		case *ast.ValueSpec:
			n.Doc, n.Comment = nil, nil
		case *ast.Field:
			n.Doc, n.Comment = nil, nil
		}
		return true
	})
	var b bytes.Buffer
	printer.Fprint(&b, token.NewFileSet(), n)
	return strings.Join(strings.Fields(b.String()), " ")
}

// FuzzCompleteness holds Completeness to its words: complete is what parses; no
// further lines make an invalid text complete; and a text that is typed line by
// line in gofmt's layout is never called invalid on the way.
func FuzzCompleteness(f *testing.F) {
	seed(f, func(code string) { f.Add(code, "}\n"); f.Add(code, "x {}") })
	f.Fuzz(func(t *testing.T, code, more string) {
		status, indent := Completeness(code)
		_, err := Parse(token.NewFileSet(), "", code)
		switch {
		case (status == "complete") != (err == nil):
			t.Fatalf("%q is %s with error %v", code, status, err)
		case strings.Trim(indent, "\t") != "", indent != "" && status != "incomplete":
			t.Fatalf("%q is %s with indent %q", code, status, indent)
		case status == "invalid":
			if s, _ := Completeness(code + "\n" + more); s == "complete" {
				t.Fatalf("%q is invalid, but complete with %q", code, more)
			}
		case status == "complete":
			checkTyping(t, code)
		}
	})
}

func checkTyping(t *testing.T, code string) {
	formatted, err := format.Source([]byte(code))
	if err != nil {
		return
	}
	if s, _ := Completeness(string(formatted)); s != "complete" || len(formatted) > 2000 {
		return // gofmt takes some comments for its own
	}
	for i, b := range formatted {
		if b == '\n' {
			if s, _ := Completeness(string(formatted[:i+1])); s == "invalid" {
				_, err := Parse(token.NewFileSet(), "", string(formatted[:i+1]))
				t.Fatalf("the start %q of %q is invalid: %v", formatted[:i+1], formatted, err)
			}
		}
	}
}

// FuzzCursor: Offset and CodePoints count as Go ranges over a string, undo each
// other, and take any argument.
func FuzzCursor(f *testing.F) {
	f.Add("aε𝔘\xff\xc3z", 3)
	f.Add("", -1)
	f.Add("x", 9)
	f.Fuzz(func(t *testing.T, code string, n int) {
		points := utf8.RuneCountInString(code)
		off := Offset(code, n)
		if off < 0 || off > len(code) {
			t.Fatalf("Offset(%q, %d) = %d", code, n, off)
		}
		if got, want := CodePoints(code, off), min(max(n, 0), points); got != want {
			t.Fatalf("CodePoints(%q, Offset %d) = %d, want %d", code, n, got, want)
		}
		if got := CodePoints(code, n); got < 0 || got > points || Offset(code, got) > max(n, 0) {
			t.Fatalf("CodePoints(%q, %d) = %d", code, n, got)
		}
		start := IdentBefore(code, n)
		end := min(max(n, 0), len(code))
		if start < 0 || start > end || start < end && !token.IsIdentifier("_"+code[start:end]) {
			t.Fatalf("IdentBefore(%q, %d) = %d", code, n, start)
		}
	})
}
