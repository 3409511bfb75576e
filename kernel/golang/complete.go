package golang

import (
	"context"
	"regexp"
	"strings"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/golang/cell"
	"github.com/gocrate/gocrate/stdlib"
)

// Complete offers the names that can stand at the cursor, also while a cell
// runs: it asks the checker, not the interpreter.
func (s *Session) Complete(_ context.Context, code string, cursor int) (kernel.Completion, error) {
	off := cell.Offset(code, cursor)
	if c, ok := s.completePath(code, off); ok {
		return c, nil
	}
	if c, ok := completeMagic(code, off); ok {
		return c, nil
	}
	code = cell.Blank(code)
	start := cell.IdentBefore(code, off)
	c := kernel.Completion{Start: cell.CodePoints(code, start), End: cell.CodePoints(code, off)}
	for _, m := range s.check.Complete(code[:start], code[start:off], code[off:]) {
		if m.Type == "" && m.Kind == "function" {
			m.Type = strings.TrimPrefix(words[m.Name].form, "func "+m.Name)
		}
		c.Matches = append(c.Matches, kernel.Match{Text: m.Name, Kind: m.Kind, Signature: m.Type})
	}
	return c, nil
}

// inImport matches a text that ends inside the path of an import.
var inImport = regexp.MustCompile(`(?:^|\n)[ \t]*import[ \t]*(?:[\w.]+[ \t]*|\([^)]*)?"([^"\n]*)$`)

// completePath completes an import path, which is not made of identifiers.
func (s *Session) completePath(code string, off int) (c kernel.Completion, ok bool) {
	m := inImport.FindStringSubmatchIndex(code[:off])
	if m == nil || strings.Count(code[m[0]:m[2]], `"`)%2 == 0 {
		return c, false
	}
	start := m[2]
	c.Start, c.End = cell.CodePoints(code, start), cell.CodePoints(code, off)
	for _, p := range stdlib.Packages() {
		if strings.HasPrefix(p.Path, code[start:off]) {
			c.Matches = append(c.Matches, kernel.Match{Text: p.Path, Kind: "module", Signature: p.Synopsis})
		}
	}
	return c, true
}

// completeMagic completes what follows % or %% where a line begins.
func completeMagic(code string, off int) (c kernel.Completion, ok bool) {
	start := cell.IdentBefore(code, off)
	names, ok := cell.Magics(code[:start])
	c.Start, c.End = cell.CodePoints(code, start), cell.CodePoints(code, off)
	for _, name := range names {
		if strings.HasPrefix(name, code[start:off]) {
			c.Matches = append(c.Matches, kernel.Match{Text: name, Kind: "keyword", Signature: "magic"})
		}
	}
	return c, ok
}

// IsComplete says whether Enter should run the cell.
func (s *Session) IsComplete(_ context.Context, code string) (kernel.Completeness, error) {
	status, indent := cell.Completeness(code)
	return kernel.Completeness{Status: status, Indent: indent}, nil
}
