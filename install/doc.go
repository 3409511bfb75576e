// Package install tells Jupyter about the kernel: it writes and removes the
// directory with kernel.json and the logos that Jupyter calls a kernelspec.
//
// The places are those in which Jupyter looks: a user's data directory, or
// share/jupyter below the prefix of a Python environment.
package install
