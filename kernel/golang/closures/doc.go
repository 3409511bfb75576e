// Package closures runs functions of plain data without the interpreter: each
// expression and statement of one becomes a Go closure of its type, and running
// the function is calling them.
//
// # What is compiled
//
// A function or method is compiled if all of its body is known here; any other
// stays with the interpreter, and nothing tells them apart but their speed. Known
// are booleans, integers, floating-point numbers, strings, pointers, and slices,
// arrays, structs and maps of what is known; interfaces, as far as they are only
// handed on, compared with nil or made of basic values; variables of the function
// and those of the session; all statements but goto, select and go, and defer
// outside loops; ranges over integers, slices, arrays, strings and maps; the
// functions of the language that concern these types, those of packages that
// compute, print or end the program, and methods of types of packages (a lock, a
// builder), as far as they take no interfaces and keep no functions, see library; and
// calls of functions and methods that are compiled themselves. On a branch, an
// interpreted function may be called, too: a loop may have its rare cases.
//
// Functions are known as values: function literals, with what they capture, and
// declared functions may be arguments, results and variables of compiled functions,
// but not parts of other values. Where other code meets one it is a func made by
// package reflect; where one comes from there, calls of it lead out. The
// interpreter has functions that recover for itself, too: it knows better whose
// deferred call they are.
//
// A loop or a literal that is known, in a function that is not or among the
// statements of a cell, is compiled by itself; see [Region].
//
// # Why it means what Go means
//
// Values are represented by Go's own types, and each operator is Go's own on
// them, so that wrapping, rounding, shifts, conversions and comparisons need no
// care. There is one operator on floating-point numbers in a closure, so none
// are fused. Where Go fails, the operation is done again as Go does it, and the
// error is Go's own; the place of the expression comes with it. Slices and
// strings have Go's layout in memory: the interpreter sees the same bytes, and
// append is append. Structs and arrays have Go's layout, too: the interpreter's
// are made by package reflect. So have maps, whose operations are those on a map
// of types with the same memory and hash, see maps.
//
// The order of calls is that of the language. Where an expression reads a
// variable that a later call in it may change, which of the two comes first is
// up to the compiler: Go's makes the call first. Functions in which it is not
// that simple are left to the interpreter. What a function of a package reads
// of memory, it reads when it is called.
//
// # How it works
//
// [Machine.Compile] turns checked syntax into a [Unit] of functions. An
// expression becomes a value, whose code is a func(*frame) T; a statement
// becomes a stmt, which says how it ended: by going on, returning or branching.
// Calling closures is most of the work, so an operation on variables and constants
// is one closure, together with the assignment of its result or the branch on it,
// see binaryOperator.
//
// The frame holds the variables of a call, but those whose address is taken: it
// has their addresses. Calls between compiled functions
// never leave the package, which is why they are cheap: a frame from the last
// call is used again, see frame. The interpreter calls in through variables of
// func types, see entry; all that values lead to is compared with the interpreter's
// own types before, as it is read and written without any further question.
//
// Every round of a loop and every call looks at one number of the machine, by
// which an interrupt ends what runs.
//
// Reading order: frame, value, expr, stmt, compile, func. The operators are in
// arith, shift, compare and branch, the kinds of values in number, slice, strings,
// aggregate, maps and funcvalue; field has the places in memory that can be
// assigned to, shared the variables there, funclit those that are captured. What
// happens at the end of a function is in deferred and recover; what leads out, in
// library and outside.
package closures
