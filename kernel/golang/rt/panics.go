package rt

import "slices"

// Panic is what is known of a panic besides its value.
type Panic struct {
	Earlier []Earlier // the panics in whose deferred calls it began, oldest first
	Trace   any       // the engine's
}

// Earlier is a panic in whose deferred call another one began.
type Earlier struct {
	Value     any
	Recovered bool
}

// during puts the panics into whose deferred call p came before p's own.
func (p *Panic) during(outer *Panic, value any, recovered bool) {
	p.Earlier = slices.Concat(outer.Earlier, []Earlier{{value, recovered}}, p.Earlier)
}

// Is reports whether a value is that of the panic, as far as they can be
// compared.
func (e Earlier) Is(value any) (same bool) {
	defer func() { recover() }()
	return e.Value == value
}
