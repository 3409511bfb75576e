package golang

import (
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
	m.Killed, m.Library = rt.Killed{}, arithmetic
	m.OnLeft = func(left []closures.Frame) {
		var frames []engine.Frame
		for _, f := range left {
			cell, line := lower.Place(f.Place)
			frames = append(frames, engine.Frame{Cell: cell, Line: line, Func: f.Name, Repeated: 1, Inside: f.Inside})
		}
		s.engine.Left(frames)
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

// arithmetic returns the functions that compiled code may call: those of the
// packages that do nothing but compute.
func arithmetic(path, name string) any {
	if path != "math" && path != "math/bits" {
		return nil
	}
	if f, ok := stdlib.Exports(path)[name]; ok && f.CanInterface() {
		return f.Interface()
	}
	return nil
}
