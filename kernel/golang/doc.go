// Package golang is the Go language of the kernel: a session in which each
// cell is parsed, checked with go/types, lowered to what the interpreter runs
// right, compiled and run. Functions of plain data run without the interpreter,
// many times faster; package closures says which these are.
//
// # Redefinition
//
// What is redefined is live for all that mentions it: functions, types and
// constants that use it are compiled again. A variable stays what it is; if its
// type gets a new version with the same structure, other methods say, it is the
// same variable still, for all that points to it. If the structure is another
// one, or that of a type in it, the variable is gone, and a note says so. A
// closure that a variable holds keeps calling what it was made with.
//
// # Goroutines
//
// A goroutine belongs to the cell that started it, also after that cell has
// ended and while others run: what it prints and shows appears there. Its panic
// is an error of the cell while the cell runs, and a text under it afterwards. A
// cell that calls runtime.Goexit ends without an error.
//
// # Interrupts
//
// An interrupt ends the cell and the goroutines that it started; variables, and
// the closures in them, live on. What interprets stops at once. What waits in
// compiled code, such as a lock or a request to a silent server, is left there
// and ends when it comes back, before it does anything else. Deferred functions
// of what is stopped do not run.
//
// The interpreter can only stop as a whole, for a moment. Goroutines of earlier
// cells that wait at that moment, in a channel operation, a lock or a sleep, go
// on afterwards; one that computes at that moment ends with the interrupted
// cell.
//
// # What ends a compiled program
//
// Where all goroutines wait for each other, or a stack grows without end, a
// compiled program dies; here only the cell fails. That all goroutines wait is
// reported only if it is certain: not while a timer that can be set again
// exists, nor while anything else in the process might wake one of them.
package golang
