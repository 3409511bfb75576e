package main

import (
	"archive/zip"
	"bytes"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
	"testing"
)

// The packages of the test: generics, constants, variables, interfaces with
// compositions, an interface that cannot be implemented, and a platform.
var sample = []string{"cmp", "flag", "fmt", "io", "io/fs", "math", "os", "reflect"}

func rendered(t *testing.T) map[string][]byte {
	t.Helper()
	pkgs, err := load(sample, false)
	if err != nil {
		t.Fatal(err)
	}
	files, err := render(pkgs)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestOutputIsDeterministic(t *testing.T) {
	first, second := rendered(t), rendered(t)
	if !slices.Equal(slices.Sorted(maps.Keys(first)), slices.Sorted(maps.Keys(second))) {
		t.Fatal("two runs write different files")
	}
	for name, content := range first {
		if !bytes.Equal(content, second[name]) {
			t.Errorf("two runs write different %s", name)
		}
	}
}

func TestFiles(t *testing.T) {
	files := rendered(t)
	for name, content := range files {
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		if !strings.HasPrefix(string(content), "// Code generated ") {
			t.Errorf("%s does not say that it is generated", name)
		}
		if _, err := parser.ParseFile(token.NewFileSet(), name, content, 0); err != nil {
			t.Error(err)
		}
	}
	for name, lines := range map[string][]string{
		"zz_cmp.go":  {"// Compare is generic.", "// Ordered is generic."},
		"zz_math.go": {`untypedInt(math.MaxInt)`, `untypedUint(math.MaxUint64)`, `untypedFloat("3.14159265358979323846264338327950288419716939937510582097494459")`},
		"zz_os.go":   {`untypedString(os.DevNull)`, `reflect.ValueOf(&os.Args).Elem()`, `reflect.ValueOf((*os.File)(nil))`, `reflect.ValueOf(os.O_RDONLY)`},
		"zz_fmt.go":  {`reflect.ValueOf((*stringer)(nil))`, "func (w fmtScanner) Scan(a0 fmt.ScanState, a1 rune) error { return w.WScan(a0, a1) }"},
		"zz_composed.go": {
			"reflect.ValueOf((*ioReader)(nil)): {", "reflect.TypeFor[ioReaderWriterToByteReaderCloser](),",
			"func (w ioReaderWriterTo) WriteTo(a0 io.Writer) (int64, error) { return w.WWriteTo(a0) }",
		},
		"zz_index.go": {`needs:    "io"`, `generic:  "Compare Less Or Ordered"`},
	} {
		for _, line := range lines {
			if !strings.Contains(strings.Join(strings.Fields(string(files[name])), " "), strings.Join(strings.Fields(line), " ")) {
				t.Errorf("%s does not contain %s", name, line)
			}
		}
	}
	if strings.Contains(string(files["zz_reflect.go"]), `"_Type"`) {
		t.Error("reflect.Type, which has unexported methods, has a wrapper")
	}
	for _, name := range []string{"zz_export.zip", "zz_docs.zip"} {
		r, err := zip.NewReader(bytes.NewReader(files[name]), int64(len(files[name])))
		if err != nil || len(r.File) != len(sample) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A constant written out and read back is the same float64.
func TestFloatsKeepTheirValue(t *testing.T) {
	pkgs, err := load([]string{"math"}, false)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, obj := range exported(pkgs[0]) {
		c, ok := obj.(*types.Const)
		if !ok || c.Type() != types.Typ[types.UntypedFloat] {
			continue
		}
		n++
		want, _ := constant.Float64Val(c.Val())
		back, _ := constant.Float64Val(constant.MakeFromLiteral(floatText(c.Val()), token.FLOAT, 0))
		if back != want {
			t.Errorf("%s is %v, and %v when read back", c.Name(), want, back)
		}
	}
	if n < 15 {
		t.Errorf("only %d float constants in math", n)
	}
}

func TestUnknownPackages(t *testing.T) {
	if _, err := load([]string{"fmt", "no/such/package"}, false); err == nil || !strings.Contains(err.Error(), "no/such/package") {
		t.Errorf("error %v", err)
	}
	pkgs, err := load([]string{"no/such/package", "fmt"}, true)
	if err != nil || len(pkgs) != 1 || pkgs[0].Path != "fmt" {
		t.Errorf("packages %v, error %v", pkgs, err)
	}
}
