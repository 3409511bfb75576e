package golang

import (
	"reflect"

	"github.com/gocrate/gocrate/kernel/golang/closures"
	"github.com/gocrate/gocrate/kernel/golang/engine"
	"github.com/gocrate/gocrate/kernel/golang/lower"
	"github.com/gocrate/gocrate/kernel/golang/rt"
	"github.com/gocrate/gocrate/stdlib"
)

// newMachine makes the session's machine of compiled functions.
func (s *Session) newMachine() {
	m := closures.New()
	s.machine = m
	m.Killed, m.Library = rt.Killed{}, s.libraryFunc
	m.OnLeft = func(left []closures.Frame, began bool, earlier []closures.Earlier) {
		var frames []engine.Frame
		for _, f := range left {
			cell, line := lower.Place(f.Place)
			frames = append(frames, engine.Frame{Cell: cell, Line: line, Func: f.Name, Repeated: 1, Inside: f.Inside})
		}
		s.engine.Left(frames, began, panics(earlier))
	}
	m.OnCatch = func(v any) (value, known any) { return rt.Recovered(v), s.engine.Take() }
	m.OnThrow = func(known any, earlier []closures.Earlier) {
		p := known.(*rt.Panic)
		p.Earlier = append(panics(earlier), p.Earlier...)
		s.engine.Put(p)
	}
	m.OnOverflow = func(names []string) any {
		s.owner().cancel(&wreck{recursive: names})
		return rt.Killed{}
	}
	s.rt.OnBind = func(unit, n int, addr any) {
		if err := m.Bind(unit, n, addr); err != nil {
			panic(err)
		}
	}
}

func panics(list []closures.Earlier) (out []rt.Earlier) {
	for _, e := range list {
		out = append(out, rt.Earlier(e))
	}
	return out
}

// libraryFunc returns the functions of packages that closures may call: those
// that only compute or print, and os.Exit. Without a path it returns the printing
// ones of the language. For the name of a type it returns a nil pointer to it.
func (s *Session) libraryFunc(path, name string) any {
	f := s.replaced[path][name]
	if !f.IsValid() && path != "" {
		if t := stdlib.Exports(path)[name]; t.IsValid() && t.Kind() == reflect.Pointer && !t.CanAddr() && t.IsNil() {
			return t.Interface()
		}
	}
	switch {
	case path == "":
		return s.rt.Printing(name)
	case path == "math" || path == "math/bits" || path == "errors" && name == "New":
		f = stdlib.Exports(path)[name]
	case path == "os" && name != "Exit" || path != "os" && path != "fmt":
		return nil
	}
	if !f.IsValid() || !f.CanInterface() {
		return nil
	}
	return f.Interface()
}
