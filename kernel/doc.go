// Package kernel is a Jupyter kernel for any [Language]: it speaks the
// messaging protocol, version 5.6, and knows nothing of what it runs.
//
// # The life of an execute_request
//
//  1. A front end's bytes reach the shell socket. The connection's reader
//     (package zmq) bounds and assembles the frames and delivers them.
//  2. [wire.Session] verifies the signature, refuses a replay, and only then
//     reads the JSON. What fails is dropped; the kernel goes on.
//  3. The shell goroutine takes the request. Most requests are answered there
//     and then; an execute_request joins the queue of its shell: the main one,
//     or the subshell that its header names. So do messages of comms.
//  4. When its turn comes the executor publishes status "busy". Everything on
//     iopub from here on has this request as its parent.
//  5. The cell gets its number, and execute_input shows the code to everybody.
//  6. [Language.Execute] runs it under a context that an interrupt cancels.
//     What it prints is gathered for up to 50 ms; anything else it shows goes
//     out at once, after what was printed before it.
//  7. If it fails, one error message says so, and the requests queued behind
//     it are aborted. If not, user_expressions are evaluated.
//  8. What is still gathered goes out, then execute_reply on shell, and last
//     status "idle". A front end that has seen both has seen everything.
//  9. Goroutines that the cell left behind go on printing under its parent.
//
// Every other request, on shell and on control, is framed by busy and idle in
// the same way, and has exactly one reply, because a reply is what its handler
// returns. A handler that panics, or a Language that does, gives an error
// reply.
//
// # Goroutines
//
//	shell      takes shell requests in order; owns nothing
//	control    the same for control, so that it never waits for a cell
//	executor   one per shell: runs its queue; owns its execution count and its running cell
//	timers     one per cell with gathered output, for at most 50 ms
//	transport  readers and writers of its own; delivers stdin's answers
//
// Locks are taken in this order: a cell's output, then the publisher, then the
// transport; that of the shells before an executor's. The locks of an executor,
// of stdin and of a history are never held while another is taken.
package kernel
