package golang

// HasClosures reports whether a function of the session runs without the
// interpreter.
func (s *Session) HasClosures(name string) bool {
	obj := s.check.Lookup(name)
	return obj != nil && s.machine.Has(obj.Emit)
}
