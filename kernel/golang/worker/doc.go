// Package worker runs a language's session in a child process.
//
// A Go program cannot survive a stack overflow, concurrent map writes, os.Exit
// or a panic in a goroutine that nobody recovers. A kernel that runs its user's
// code in its own process would take the front end's connection down with it. So
// the kernel holds a [Client], which is a [kernel.Language] for it, and the
// session lives in a child process that calls [Serve]. When the child dies, the
// running cell fails with an error that says why, and a fresh child is started.
//
// # Pipes
//
// Requests go to the child on its file descriptor 3, events come back on 4; both
// are length-prefixed JSON. Its descriptors 1 and 2 are pipes too, so that all
// that anybody in the process prints, compiled code and the Go runtime
// included, is output of the cell. Its standard input is empty.
//
// # Order
//
// Three pipes have no common order. The child makes one: before an event that
// belongs between prints, it writes a marker with the event's number into both
// output pipes, and the parent's reader of either pipe stops at that marker
// until the other has come as far and the event has been delivered. A marker
// without an event does the same where output switches from stdout to stderr.
// There are no acknowledgements, and output that does not switch costs nothing.
// Markers contain 128 random bits that the parent chose, so nobody prints one
// by accident.
//
// The pipes belong to one cell at a time: the parent gives them to a cell, with its
// request, when they are nobody's. What another prints that runs beside it, or a
// goroutine of an earlier one, is sent as events.
//
// No deadlock follows, because the child writes the markers and the event of
// one number before it writes anything of the next, and a pipe that has ended
// counts as having reached every marker.
package worker
