package main

import (
	"context"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/golang"
	"github.com/gocrate/gocrate/kernel/golang/load"
)

// runScript runs a Go program or loose cells in this process, so that it has
// the standard input and the exit status of a program. A file with a package
// clause is a program.
func (p *program) runScript(ctx context.Context, file string, args []string, f runFlags) error {
	if f.html != "" || f.out != "" || len(f.parameters) > 0 {
		return usageError("--html, --out and -p are for notebooks; a script takes --figures and arguments of its own")
	}
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		return p.runProgram(ctx, append([]string{file}, args...), nil, f)
	}
	read, err := load.Read(file, p.stdin)
	if err != nil {
		return err
	}
	source := read.Code
	if isProgram(source) {
		return p.runProgram(ctx, append([]string{file}, args...), strings.NewReader(source), f)
	}
	cells := scriptCells(source)
	os.Args = append([]string{file}, args...)
	lang, err := p.session()
	if err != nil {
		return err
	}
	defer lang.Close()
	out := newScriptOutput(p, f.figures)
	for i, code := range cells {
		err := lang.Execute(ctx, kernel.Cell{Code: code, Number: i + 1, AllowStdin: true}, out)
		if err = errors.Join(err, out.err()); err != nil {
			return p.scriptError(file, err)
		}
	}
	return nil
}

// runProgram runs a whole program. Args are its files or its directory, and its
// arguments. What ends it is printed as the compiler and the run-time system
// print it, with their exit statuses.
func (p *program) runProgram(ctx context.Context, args []string, stdin io.Reader, f runFlags) error {
	prog, err := load.Parse(args, stdin, golang.Bundled)
	if err != nil {
		return err
	}
	out := newScriptOutput(p, f.figures)
	err = errors.Join(p.wholeProgram(ctx, prog, out), out.err())
	failure := new(kernel.Error)
	if !errors.As(err, &failure) {
		return err
	}
	p.printFailure(failure.Text())
	if failure.Name == "panic" {
		return exitStatus(2)
	}
	return exitStatus(failed)
}

var separator = regexp.MustCompile(`(?m)^// ?%%.*$`)

// isProgram reports whether a source begins with a package clause.
func isProgram(source string) bool {
	_, err := parser.ParseFile(token.NewFileSet(), "", source, parser.PackageClauseOnly)
	return err == nil
}

// scriptCells cuts a script into cells. Each keeps the line numbers that it
// has in the file, behind as many empty lines.
func scriptCells(source string) []string {
	var cells []string
	start := 0
	for _, m := range append(separator.FindAllStringIndex(source, -1), []int{len(source), len(source)}) {
		if text := source[start:m[0]]; strings.TrimSpace(text) != "" {
			cells = append(cells, strings.Repeat("\n", strings.Count(source[:start], "\n"))+text)
		}
		start = m[1]
	}
	return cells
}

var cellName = regexp.MustCompile(`In\[\d+\]`)

// exitStatus is the end of a script that has called os.Exit.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// scriptError prints a failure with the script's name in place of the cells'. Its
// error is the exit status: there is no more to say.
func (p *program) scriptError(file string, err error) error {
	failure := new(kernel.Error)
	if !errors.As(err, &failure) {
		return err
	}
	if status, err := strconv.Atoi(failure.Value); err == nil && failure.Name == "Exit" {
		return exitStatus(status)
	}
	if file == "-" {
		file = "stdin"
	}
	text := failure.Text()
	if text == "" {
		text = failure.Error()
	}
	p.printFailure(cellName.ReplaceAllLiteralString(text, file))
	return exitStatus(failed)
}

// printFailure prints what ended a script or a program, in colour only on a
// terminal.
func (p *program) printFailure(text string) {
	if !isTerminal(p.stderr) {
		text = colour.ReplaceAllString(text, "")
	}
	fmt.Fprintln(p.stderr, text)
}
