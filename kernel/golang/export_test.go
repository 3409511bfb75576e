package golang

import "reflect"

// HasClosures reports whether a function of the session runs without the
// interpreter.
func (s *Session) HasClosures(name string) bool {
	obj := s.check.Lookup(name)
	return obj != nil && s.machine.Has(obj.Emit)
}

// Replace gives cells another symbol of a package.
func (s *Session) Replace(path, name string, v reflect.Value) {
	s.replaced[path] = map[string]reflect.Value{name: v}
}

// Replaced returns the symbols that stand in for those of packages.
func (s *Session) Replaced() map[string]map[string]reflect.Value { return s.replaced }
