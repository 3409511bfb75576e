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
			frames = append(frames, engine.Frame{Cell: cell, Line: line, Func: f.Name, Repeated: 1, Inside: f.Inside, Outer: f.Outer})
		}
		s.engine.Left(frames, began, panics(earlier))
	}
	m.OnCatch = func(v any) (value, known any) { return rt.Recovered(v), s.engine.Take() }
	m.OnDefer = s.rt.Offer
	m.OnThrow = func(known any, earlier []closures.Earlier) {
		p := known.(*rt.Panic)
		p.Earlier = append(panics(earlier), p.Earlier...)
		s.engine.Put(p)
	}
	m.OnOverflow = func(names []string) any {
		s.owner().cancel(&wreck{recursive: names})
		return rt.Killed{}
	}
}

func panics(list []closures.Earlier) (out []rt.Earlier) {
	for _, e := range list {
		out = append(out, rt.Earlier(e))
	}
	return out
}

// libraryFunc returns a function of a package as cells have it; without a path,
// one of the language that prints. For the name of a type it returns a nil
// pointer to it.
func (s *Session) libraryFunc(path, name string) any {
	if path == "" {
		return s.rt.Printing(name)
	}
	f := s.replaced[path][name]
	if !f.IsValid() {
		f = stdlib.Exports(path)[name]
	}
	isType := f.Kind() == reflect.Pointer && !f.CanAddr() && f.IsNil()
	if !isType && (f.Kind() != reflect.Func || !f.CanInterface()) {
		return nil
	}
	return f.Interface()
}
