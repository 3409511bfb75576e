package rt

import (
	"errors"
	"reflect"
)

// A user's error reaches compiled code in one of the wrappers below, which has
// the methods Unwrap, Is and As if the user's type has. The wrappers are
// comparable, so that errors.Is finds a user's error as it does in a compiled
// program.
type errorBox struct{ Box }

func (e errorBox) box() Box      { return e.Box }
func (e errorBox) Error() string { return e.callString("Error") }

type (
	withUnwrap    struct{ b Box }
	withUnwrapAll struct{ b Box }
	withIs        struct{ b Box }
	withAs        struct{ b Box }
)

func (e withUnwrap) Unwrap() error {
	err, _ := e.b.call("Unwrap").(error)
	return err
}

func (e withUnwrapAll) Unwrap() []error {
	errs, _ := e.b.call("Unwrap").([]error)
	return errs
}

func (e withIs) Is(target error) bool {
	v := reflect.New(errorType).Elem()
	if target != nil {
		v.Set(reflect.ValueOf(target))
	}
	return e.b.call("Is", v).(bool)
}

func (e withAs) As(target any) bool { return e.b.call("As", reflect.ValueOf(&target).Elem()).(bool) }

type (
	errorIs struct {
		errorBox
		withIs
	}
	errorAs struct {
		errorBox
		withAs
	}
	errorIsAs struct {
		errorBox
		withIs
		withAs
	}
	errorUnwrap struct {
		errorBox
		withUnwrap
	}
	errorUnwrapIs struct {
		errorBox
		withUnwrap
		withIs
	}
	errorUnwrapAs struct {
		errorBox
		withUnwrap
		withAs
	}
	errorUnwrapIsAs struct {
		errorBox
		withUnwrap
		withIs
		withAs
	}
	errorUnwrapAll struct {
		errorBox
		withUnwrapAll
	}
	errorUnwrapAllIs struct {
		errorBox
		withUnwrapAll
		withIs
	}
	errorUnwrapAllAs struct {
		errorBox
		withUnwrapAll
		withAs
	}
	errorUnwrapAllIsAs struct {
		errorBox
		withUnwrapAll
		withIs
		withAs
	}
)

var errorWrappers = map[string]func(b Box) error{
	"":      func(b Box) error { return errorBox{b} },
	"I":     func(b Box) error { return errorIs{errorBox{b}, withIs{b}} },
	"A":     func(b Box) error { return errorAs{errorBox{b}, withAs{b}} },
	"IA":    func(b Box) error { return errorIsAs{errorBox{b}, withIs{b}, withAs{b}} },
	"U":     func(b Box) error { return errorUnwrap{errorBox{b}, withUnwrap{b}} },
	"UI":    func(b Box) error { return errorUnwrapIs{errorBox{b}, withUnwrap{b}, withIs{b}} },
	"UA":    func(b Box) error { return errorUnwrapAs{errorBox{b}, withUnwrap{b}, withAs{b}} },
	"UIA":   func(b Box) error { return errorUnwrapIsAs{errorBox{b}, withUnwrap{b}, withIs{b}, withAs{b}} },
	"All":   func(b Box) error { return errorUnwrapAll{errorBox{b}, withUnwrapAll{b}} },
	"AllI":  func(b Box) error { return errorUnwrapAllIs{errorBox{b}, withUnwrapAll{b}, withIs{b}} },
	"AllA":  func(b Box) error { return errorUnwrapAllAs{errorBox{b}, withUnwrapAll{b}, withAs{b}} },
	"AllIA": func(b Box) error { return errorUnwrapAllIsAs{errorBox{b}, withUnwrapAll{b}, withIs{b}, withAs{b}} },
}

// wrapError returns b as an error.
func wrapError(b Box) error {
	form := ""
	if f := b.T.method("Unwrap"); f.IsValid() {
		switch withoutReceiver(f.Type()) {
		case reflect.TypeFor[func() error]():
			form = "U"
		case reflect.TypeFor[func() []error]():
			form = "All"
		}
	}
	if f := b.T.method("Is"); f.IsValid() && withoutReceiver(f.Type()) == reflect.TypeFor[func(error) bool]() {
		form += "I"
	}
	if f := b.T.method("As"); f.IsValid() && withoutReceiver(f.Type()) == reflect.TypeFor[func(any) bool]() {
		form += "A"
	}
	return errorWrappers[form](b)
}

// errorOf returns a boxed value as an error, if its type is one.
func (ts *Types) errorOf(x any) (error, bool) {
	switch x := x.(type) {
	case Box:
		if ts.is(x, ts.Of(universeError)) {
			return wrapError(x), true
		}
	case error:
		return x, true
	}
	return nil, false
}

// ErrorsAs is errors.As for a target that points to a user's type or to an
// interface; the others go to package errors.
func (ts *Types) ErrorsAs(err error, target any) bool {
	b, ok := target.(Box)
	if !ok {
		return errors.As(err, target)
	}
	p, ok := b.T.elem()
	v := reflect.ValueOf(b.V)
	if !ok || v.Kind() != reflect.Pointer || v.IsNil() {
		panic("errors: target must be a non-nil pointer")
	}
	for err != nil {
		if ts.is(Unwrap(err), p) {
			setTarget(ts, v.Elem(), p, err)
			return true
		}
		if x, ok := err.(interface{ As(any) bool }); ok && x.As(target) {
			return true
		}
		switch x := err.(type) {
		case interface{ Unwrap() error }:
			err = x.Unwrap()
		case interface{ Unwrap() []error }:
			for _, err := range x.Unwrap() {
				if err != nil && ts.ErrorsAs(err, target) {
					return true
				}
			}
			return false
		default:
			return false
		}
	}
	return false
}

func setTarget(ts *Types, dst reflect.Value, t *Type, err error) {
	x := Unwrap(err)
	if b, ok := x.(Box); ok && dst.Kind() != reflect.Interface {
		x = b.V
	} else if dst.Kind() == reflect.Interface && dst.NumMethod() > 0 {
		x = ts.wrap(&ifaceInfo{t: dst.Type()}, x)
	}
	dst.Set(reflect.ValueOf(x).Convert(dst.Type()))
}
