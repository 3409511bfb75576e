// Package errors is the generic part of the standard package of that name.
package errors

import "errors"

// AsType finds the first error of type E in err's tree.
func AsType[E error](err error) (E, bool) {
	var e E
	if err == nil {
		return e, false
	}
	ok := errors.As(err, &e)
	return e, ok
}
