// Package stdlib is what a cell can import, and what is known about it: the
// symbols themselves for the interpreter, export data for the type checker,
// documentation for the reader, and renderers for the values.
//
// # What a cell can import
//
// The list is packages.txt; [Packages] returns it with a line about each.
//
//   - crate, plots, datasets and display: the subject of the notebooks;
//   - Go's standard library, as far as notebooks need it;
//   - gonum: mat, stat, floats, optimize and others;
//   - gonum/plot and the packages below it.
//
// Every one of them can be used without an import line too, where its name is
// not otherwise defined; [ByName] says which is meant by a name.
//
// Everything works offline and without a Go installation. Importing another
// package gives an [UnknownPackageError], which names the nearest one.
//
// # What is generated
//
// go generate ./stdlib writes zz_*.go and two archives from packages.txt and
// the sources of the packages; see internal/gen. Nothing of it costs anything
// at start: [Exports] builds the table of a package when it is asked for, and
// the archives are read package by package.
//
// Generic functions, types and constraints have no reflect.Value. They are in
// the export data, so that code that uses them is checked, but not in the
// tables; [Generic] names them.
//
// # How interpreted values enter compiled code
//
// The interpreter hands a value of an interpreted type to compiled code inside
// a wrapper: a struct that holds the value and its methods, and so implements
// the interface that is asked for. Tables have one as "_Name" for every
// interface Name. A wrapper has the methods of one interface only. [MapTypes]
// says for which others to look where compiled code does: fmt.Println takes an
// any, but looks for a fmt.Stringer.
//
// To add a package, add a line to packages.txt and run go generate.
package stdlib

//go:generate go run ./internal/gen
