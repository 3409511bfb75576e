package golang

import (
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"io"
	"log"
	"reflect"
	"sort"

	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// replaceInspectors gives cells the functions that look into their arguments
// by reflection: they get a user's value as the interpreter holds it.
func replaceInspectors(ts *rt.Types, set func(path string, symbols map[string]any)) {
	set("reflect", ts.ReflectFuncs())
	set("sort", map[string]any{
		"Slice":         func(x any, less func(i, j int) bool) { sort.Slice(rt.Raw(x), less) },
		"SliceStable":   func(x any, less func(i, j int) bool) { sort.SliceStable(rt.Raw(x), less) },
		"SliceIsSorted": func(x any, less func(i, j int) bool) bool { return sort.SliceIsSorted(rt.Raw(x), less) },
	})
	set("encoding/binary", map[string]any{
		"Read":  func(r io.Reader, o binary.ByteOrder, x any) error { return binary.Read(r, o, rt.Raw(x)) },
		"Write": func(w io.Writer, o binary.ByteOrder, x any) error { return binary.Write(w, o, rt.Raw(x)) },
		"Size":  func(x any) int { return binary.Size(rt.Raw(x)) },
	})
	set("fmt", map[string]any{
		"Sscan":   func(s string, a ...any) (int, error) { return fmt.Sscan(s, rt.RawAll(a)...) },
		"Sscanf":  func(s, f string, a ...any) (int, error) { return fmt.Sscanf(s, f, rt.RawAll(a)...) },
		"Sscanln": func(s string, a ...any) (int, error) { return fmt.Sscanln(s, rt.RawAll(a)...) },
		"Fscan":   func(r io.Reader, a ...any) (int, error) { return fmt.Fscan(r, rt.RawAll(a)...) },
		"Fscanf":  func(r io.Reader, f string, a ...any) (int, error) { return fmt.Fscanf(r, f, rt.RawAll(a)...) },
		"Fscanln": func(r io.Reader, a ...any) (int, error) { return fmt.Fscanln(r, rt.RawAll(a)...) },
	})
	set("encoding/xml", map[string]any{
		"Marshal":       func(x any) ([]byte, error) { return xml.Marshal(rt.NoXML(x)) },
		"MarshalIndent": func(x any, p, i string) ([]byte, error) { return xml.MarshalIndent(rt.NoXML(x), p, i) },
		"Unmarshal":     func(b []byte, x any) error { return xml.Unmarshal(b, rt.NoXML(x)) },
	})
	set("errors", map[string]any{"As": ts.ErrorsAs})
	set("encoding/json", map[string]any{"Marshal": rt.JSON, "MarshalIndent": rt.JSONIndent, "Unmarshal": rt.Unmarshal})
}

// replaceFmt gives cells the print functions of packages fmt and log that know
// the types of a cell. Print, Printf and Println write to out.
func replaceFmt(ts *rt.Types, out io.Writer, replace map[string]map[string]reflect.Value) {
	set := func(path string, symbols map[string]any) {
		if replace[path] == nil {
			replace[path] = map[string]reflect.Value{}
		}
		for name, f := range symbols {
			replace[path][name] = reflect.ValueOf(f)
		}
	}
	sprintf := func(format string, a []any) string {
		format, a = rt.FormatArgs(format, a)
		return fmt.Sprintf(format, a...)
	}
	sprint := func(a []any) string { return fmt.Sprint(rt.PrintArgs(a)...) }
	sprintln := func(a []any) string { return fmt.Sprintln(rt.PrintlnArgs(a)...) }
	set("fmt", map[string]any{
		"Print":    func(a ...any) (int, error) { return io.WriteString(out, sprint(a)) },
		"Printf":   func(f string, a ...any) (int, error) { return io.WriteString(out, sprintf(f, a)) },
		"Println":  func(a ...any) (int, error) { return io.WriteString(out, sprintln(a)) },
		"Sprint":   func(a ...any) string { return sprint(a) },
		"Sprintf":  func(f string, a ...any) string { return sprintf(f, a) },
		"Sprintln": func(a ...any) string { return sprintln(a) },
		"Fprint":   func(w io.Writer, a ...any) (int, error) { return w.Write([]byte(sprint(a))) },
		"Fprintf":  func(w io.Writer, f string, a ...any) (int, error) { return w.Write([]byte(sprintf(f, a))) },
		"Fprintln": func(w io.Writer, a ...any) (int, error) { return w.Write([]byte(sprintln(a))) },
		"Append":   func(b []byte, a ...any) []byte { return append(b, sprint(a)...) },
		"Appendf":  func(b []byte, f string, a ...any) []byte { return append(b, sprintf(f, a)...) },
		"Appendln": func(b []byte, a ...any) []byte { return append(b, sprintln(a)...) },
		"Errorf": func(f string, a ...any) error {
			f, a = ts.ErrorfArgs(f, a)
			return fmt.Errorf(f, a...)
		},
	})
	exit := func() { panic(rt.Exit{Code: 1}) }
	set("log", map[string]any{
		"Print":   func(a ...any) { log.Print(sprint(a)) },
		"Printf":  func(f string, a ...any) { log.Print(sprintf(f, a)) },
		"Println": func(a ...any) { log.Print(sprintln(a)) },
		"Fatal":   func(a ...any) { log.Print(sprint(a)); exit() },
		"Fatalf":  func(f string, a ...any) { log.Print(sprintf(f, a)); exit() },
		"Fatalln": func(a ...any) { log.Print(sprintln(a)); exit() },
		"Panic":   func(a ...any) { s := sprint(a); log.Print(s); panic(s) },
		"Panicf":  func(f string, a ...any) { s := sprintf(f, a); log.Print(s); panic(s) },
		"Panicln": func(a ...any) { s := sprintln(a); log.Print(s); panic(s) },
	})
	replaceInspectors(ts, set)
}
