// Package kerneltest is a strict front end for tests of a kernel. It talks to
// the kernel over real sockets, checks the signature, the header and the order
// of everything it receives, and fails the test when, at its end, a message is
// left that nobody had asked for.
//
// With GOCRATE_KERNEL_TRACE=1 in the environment it logs every message.
package kerneltest
