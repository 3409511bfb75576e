package cell

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite what the scripts in testdata expect")

// TestScripts parses the cells in testdata/*.txtar. A script is a list of
// sections "name", each followed by "name: parsed", which lists what Parse found
// with its place and its text, or the errors. In a cell, "␉", "␍", "␠" and "¶" at
// the end of a line stand for a tab, a carriage return, a space and no newline.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) { runScript(t, name) })
	}
}

func runScript(t *testing.T, name string) {
	a, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	out := &txtar.Archive{Comment: a.Comment}
	for i, f := range a.Files {
		if strings.HasSuffix(f.Name, ": parsed") {
			continue
		}
		want := ""
		if i+1 < len(a.Files) && a.Files[i+1].Name == f.Name+": parsed" {
			want = string(a.Files[i+1].Data)
		}
		got := describe(t, unescape(string(f.Data)))
		if diff := cmp.Diff(want, got); diff != "" && !*update {
			t.Errorf("%s (-want +got):\n%s", f.Name, diff)
		}
		out.Files = append(out.Files, f, txtar.File{Name: f.Name + ": parsed", Data: []byte(got)})
	}
	if *update {
		if err := os.WriteFile(name, txtar.Format(out), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func unescape(s string) string {
	return strings.NewReplacer("¶\n", "", "␍", "\r", "␉", "\t", "␠", " ").Replace(s)
}

// describe lists what is in a cell, a line for each thing.
func describe(t *testing.T, code string) string {
	var b bytes.Buffer
	fset := token.NewFileSet()
	c, err := Parse(fset, "In[7]", code)
	status, indent := Completeness(code)
	fmt.Fprintf(&b, "%s %q\n", status, indent)
	if (status == "complete") != (err == nil) {
		t.Errorf("%q is %s with error %v", code, status, err)
	}
	if err != nil {
		for _, e := range err.(scanner.ErrorList) {
			fmt.Fprintln(&b, e)
		}
		return b.String()
	}
	checkPositions(t, fset, c)
	if c.Package != "" {
		fmt.Fprintf(&b, "package %s\n", c.Package)
	}
	line := func(kind string, n ast.Node) {
		at := fset.Position(n.Pos())
		fmt.Fprintf(&b, "%-8s %d:%d %q\n", kind, at.Line, at.Column, source(t, fset, c, n.Pos(), n.End()))
	}
	for _, n := range c.Imports {
		line("import", n)
	}
	for _, n := range c.Decls {
		line("decl", n)
	}
	for _, n := range c.Body {
		line("stmt", n)
	}
	for _, n := range c.Comments {
		line("comment", n)
	}
	if c.Trailing != nil {
		line("trailing", c.Trailing)
	}
	return b.String()
}

// source returns the text between two positions of the cell, found by line and
// column alone.
func source(t *testing.T, fset *token.FileSet, c *Cell, from, to token.Pos) string {
	t.Helper()
	lines := strings.SplitAfter(c.Code, "\n")
	offset := func(pos token.Pos) int {
		at := fset.Position(pos)
		if at.Filename != c.Name {
			t.Fatalf("%q: position in %q", c.Code, at.Filename)
		}
		if at.Line < 1 || at.Line > len(lines) || at.Column < 1 || at.Column > len(lines[at.Line-1])+1 {
			t.Fatalf("%q: position %v is outside the cell", c.Code, at)
		}
		return len(strings.Join(lines[:at.Line-1], "")) + at.Column - 1
	}
	a, b := offset(from), offset(to)
	if a > b {
		t.Fatalf("%q: node from %d to %d", c.Code, a, b)
	}
	return c.Code[a:b]
}

// checkPositions asserts that each name and each literal of a parsed cell stands
// where its position says.
func checkPositions(t *testing.T, fset *token.FileSet, c *Cell) {
	t.Helper()
	check := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if got := source(t, fset, c, n.Pos(), n.Pos()+token.Pos(len(n.Name))); got != n.Name {
				t.Errorf("%q: at the position of %s is %q", c.Code, n.Name, got)
			}
		case *ast.BasicLit:
			end := n.Pos() + token.Pos(len(n.Value))
			if got := source(t, fset, c, n.Pos(), end); got != n.Value && !strings.Contains(got, "\r") {
				t.Errorf("%q: at the position of %s is %q", c.Code, n.Value, got)
			}
		}
		return true
	}
	for _, n := range c.Imports {
		ast.Inspect(n, check)
	}
	for _, n := range c.Decls {
		ast.Inspect(n, check)
	}
	for _, n := range c.Body {
		ast.Inspect(n, check)
	}
	source(t, fset, c, c.End, c.End)
}

// TestPartial: a cell with an error is what could be parsed of it.
func TestPartial(t *testing.T) {
	fset := token.NewFileSet()
	c, err := Parse(fset, "In[1]", "import \"fmt\"\nfunc f() int { return 1 }\nx := f()\nfmt.")
	if err == nil {
		t.Fatal("no error for a selector without a name")
	}
	if len(c.Imports) != 1 || len(c.Decls) != 1 || len(c.Body) != 2 {
		t.Fatalf("got %d imports, %d declarations, %d statements", len(c.Imports), len(c.Decls), len(c.Body))
	}
	x, ok := c.Body[1].(*ast.ExprStmt)
	if !ok {
		t.Fatalf("the last statement is a %T", c.Body[1])
	}
	sel, ok := x.X.(*ast.SelectorExpr)
	if !ok || sel.X.(*ast.Ident).Name != "fmt" {
		t.Fatalf("the last statement is %#v", x.X)
	}
}

// TestOrder: positions grow in source order, whatever a cell mixes.
func TestOrder(t *testing.T) {
	fset := token.NewFileSet()
	c, err := Parse(fset, "In[1]", "a := 1\nfunc f() {}\nb := 2; type T int; c := 3\nimport \"fmt\"\nf()")
	if err != nil {
		t.Fatal(err)
	}
	order := []token.Pos{c.Body[0].Pos(), c.Decls[0].Pos(), c.Body[1].Pos(), c.Decls[1].Pos(),
		c.Body[2].Pos(), c.Imports[0].Pos(), c.Body[3].Pos(), c.End}
	for i := 1; i < len(order); i++ {
		if order[i-1] >= order[i] {
			t.Errorf("position %d is %v, position %d is %v", i-1, fset.Position(order[i-1]), i, fset.Position(order[i]))
		}
	}
}

// TestErrorOffset: the offset of an error is an offset into the cell's text.
func TestErrorOffset(t *testing.T) {
	code := "import \"fmt\"\nε := 1\nfmt.Println(ε, )) \n"
	_, err := Parse(token.NewFileSet(), "In[1]", code)
	list, ok := err.(scanner.ErrorList)
	if !ok || len(list) != 1 {
		t.Fatalf("got %v", err)
	}
	if got, want := list[0].Pos.Offset, strings.Index(code, "))")+1; got != want {
		t.Errorf("offset %d, want %d", got, want)
	}
}

// TestDoc: the comment before a declaration is its documentation, and the one
// behind it on its line is not.
func TestDoc(t *testing.T) {
	fset := token.NewFileSet()
	c, err := Parse(fset, "In[1]", "x := 1 // one\n\n// F is f.\nfunc F() {} // quiet\n// T is t.\ntype T int\nx")
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Decls[0].(*ast.FuncDecl).Doc.Text(); got != "F is f.\n" {
		t.Errorf("F is documented as %q", got)
	}
	if got := c.Decls[1].(*ast.GenDecl).Doc.Text(); got != "T is t.\n" {
		t.Errorf("T is documented as %q", got)
	}
	if len(c.Comments) != 4 {
		t.Errorf("%d comments, want 4", len(c.Comments))
	}
}

func BenchmarkParse(b *testing.B) {
	code := strings.Repeat("x := f(1, 2)\nfor i := 0; i < 10; i++ {\n\tg(x, i)\n}\nfunc h(a int) int {\n\treturn a * a\n}\n", 50)
	b.SetBytes(int64(len(code)))
	for b.Loop() {
		if _, err := Parse(token.NewFileSet(), "In[1]", code); err != nil {
			b.Fatal(err)
		}
	}
}
