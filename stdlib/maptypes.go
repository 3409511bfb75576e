package stdlib

import (
	"encoding"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log"
	"log/slog"
	"reflect"

	"github.com/gocrate/gocrate/stdlib/display"
)

// MapTypes says for which interfaces the interpreter looks in a value that it
// hands to compiled code, in the form of its "MapTypes" symbol:
//
//   - by function: the interfaces for which the function looks in arguments of
//     type any. The first that the value implements becomes its wrapper.
//   - by wrapper of an interface: wrappers with the methods of more.
//
// A function that stands in for one of them is to get the same list. Hand the
// map to the interpreter before package fmt: it copies the lists of fmt's
// functions to its own versions of them as soon as it knows them. The packages fmt, encoding, encoding/json, encoding/xml, log/slog and display
// must be known to the interpreter before a function that needs their wrappers
// is called; [Needs] does not say so.
func MapTypes() map[reflect.Value][]reflect.Type {
	m := composedTypes()
	for _, group := range []struct {
		types     []reflect.Type
		functions []any
	}{
		{printed, printers},
		{shown, []any{display.Of, display.Show, display.Update}},
		{scanned, []any{fmt.Scan, fmt.Scanf, fmt.Scanln, fmt.Fscan, fmt.Fscanf, fmt.Fscanln, fmt.Sscan, fmt.Sscanf, fmt.Sscanln}},
		{logged, []any{slog.Debug, slog.Info, slog.Warn, slog.Error, slog.Log, slog.Any, slog.AnyValue, slog.Group, slog.With}},
		{toJSON, []any{json.Marshal, json.MarshalIndent, display.JSON}},
		{fromJSON, []any{json.Unmarshal}},
		{toXML, []any{xml.Marshal, xml.MarshalIndent}},
		{fromXML, []any{xml.Unmarshal}},
	} {
		for _, f := range group.functions {
			m[reflect.ValueOf(f)] = group.types
		}
	}
	return m
}

// printers print their arguments as package fmt does.
var printers = []any{
	fmt.Print, fmt.Printf, fmt.Println, fmt.Sprint, fmt.Sprintf, fmt.Sprintln,
	fmt.Fprint, fmt.Fprintf, fmt.Fprintln, fmt.Append, fmt.Appendf, fmt.Appendln, fmt.Errorf,
	log.Print, log.Printf, log.Println, log.Fatal, log.Fatalf, log.Fatalln, log.Panic, log.Panicf, log.Panicln,
}

// Where a value has several, fmt prefers a Formatter to an error to a Stringer.
var printed = []reflect.Type{
	reflect.TypeFor[fmt.Formatter](),
	reflect.TypeFor[error](),
	reflect.TypeFor[fmt.Stringer](),
	reflect.TypeFor[fmt.GoStringer](),
}

// shown are the display methods, the ones that say most first.
var shown = append([]reflect.Type{
	reflect.TypeFor[display.MIMEBundler](),
	reflect.TypeFor[display.SimpleRenderer](),
	reflect.TypeFor[display.HTMLer](),
	reflect.TypeFor[display.Markdowner](),
	reflect.TypeFor[display.Latexer](),
	reflect.TypeFor[display.SVGer](),
	reflect.TypeFor[display.PNGer](),
	reflect.TypeFor[display.JPEGer](),
	reflect.TypeFor[display.Imager](),
	reflect.TypeFor[display.JSONer](),
	reflect.TypeFor[display.JavaScripter](),
}, printed...)

var (
	scanned  = []reflect.Type{reflect.TypeFor[fmt.Scanner]()}
	logged   = []reflect.Type{reflect.TypeFor[slog.LogValuer](), reflect.TypeFor[error](), reflect.TypeFor[fmt.Stringer]()}
	toJSON   = []reflect.Type{reflect.TypeFor[json.Marshaler](), reflect.TypeFor[encoding.TextMarshaler]()}
	fromJSON = []reflect.Type{reflect.TypeFor[json.Unmarshaler](), reflect.TypeFor[encoding.TextUnmarshaler]()}
	toXML    = []reflect.Type{reflect.TypeFor[xml.Marshaler](), reflect.TypeFor[encoding.TextMarshaler]()}
	fromXML  = []reflect.Type{reflect.TypeFor[xml.Unmarshaler](), reflect.TypeFor[encoding.TextUnmarshaler]()}
)
