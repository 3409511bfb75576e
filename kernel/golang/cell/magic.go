package cell

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Magics are the lines of a cell that are not Go, for those who know them from
// other kernels. Each is short for a call of package magic, which anybody may
// write out:
//
//	!ls -l            magic.Shell("ls -l")
//	%cd data          magic.Cd("data")
//	%time fit(x)      magic.Start(); fit(x); magic.Stop()
//	%%bash            magic.Shell(…), the rest of the cell being the script
//
// A line is a magic where a statement could begin: Go has none that begins with
// %, and with ! only an expression, which is told from a command by its names.

// lineMagics are written after one %, and what follows on the line is text.
var lineMagics = map[string]string{
	"cd": "Cd", "env": "Env", "help": "Help", "pwd": "Pwd", "reset": "Reset", "who": "Who", "whos": "Who",
}

// cellMagics begin a cell, and its other lines are text.
var cellMagics = map[string]string{
	"bash": "Shell", "sh": "Shell", "html": "HTML", "markdown": "Markdown", "latex": "Latex", "writefile": "WriteFile",
}

var (
	mayBeMagic = regexp.MustCompile(`(?m)^[ \t]*[!%]`)
	cellMagic  = regexp.MustCompile(`^\s*%%(\w*)[ \t]*([^\n]*)\n?`)
	lineMagic  = regexp.MustCompile(`^%(\w+)[ \t]*(.*)$`)
)

// Expand returns the code with its magics written out. The number of lines
// stays, and so do all positions in lines that are Go. Declared says whether an
// earlier cell has declared a name; !done is Go where done is a variable. The
// error, if any, is a [scanner.ErrorList], for a magic that nobody knows.
func Expand(name, code string, declared func(string) bool) (string, error) {
	if !mayBeMagic.MatchString(code) {
		return code, nil
	}
	if m := cellMagic.FindStringSubmatch(code); m != nil {
		return expandCell(name, code, m)
	}
	var errs scanner.ErrorList
	lines := strings.Split(code, "\n")
	for i, line := range lines {
		text, before := strings.TrimSpace(line), strings.Join(lines[:i], "\n")+"\n"
		if !mayBeMagic.MatchString(line) || !startsStatement(before) || isExpression(text, before, declared) {
			continue
		}
		expanded, problem := expandLine(text)
		if problem != "" {
			errs.Add(token.Position{Filename: name, Line: i + 1, Column: strings.Index(line, text) + 1}, problem)
		}
		lines[i] = expanded
	}
	return strings.Join(lines, "\n"), errs.Err()
}

// Blank returns the code with spaces in place of its magics. All positions
// stay.
func Blank(code string) string {
	expanded, _ := Expand("", code, func(string) bool { return true })
	if expanded == code {
		return code
	}
	lines := strings.Split(code, "\n")
	for i, line := range strings.Split(expanded, "\n") {
		if line != lines[i] {
			lines[i] = strings.Repeat(" ", len(lines[i]))
		}
	}
	return strings.Join(lines, "\n")
}

// startsStatement reports whether a statement may begin behind code.
func startsStatement(code string) bool {
	t := scan(code)
	if len(t.open) > 0 || len(t.errors) > 0 || t.isCut() {
		return false
	}
	return len(t.toks) == 0 || t.toks[len(t.toks)-1].Token == token.SEMICOLON
}

// isExpression reports whether a line is Go: an expression whose names are
// declared, or at least mentioned in the lines before.
func isExpression(line, before string, declared func(string) bool) bool {
	expr, err := parser.ParseExpr(line)
	if err != nil {
		return false
	}
	known := true
	ast.Inspect(expr, func(n ast.Node) bool {
		if name, ok := n.(*ast.Ident); ok {
			known = known && (types.Universe.Lookup(name.Name) != nil || declared(name.Name) || mentions(before, name.Name))
		}
		if s, ok := n.(*ast.SelectorExpr); ok { // what is selected is declared elsewhere
			known = known && isExpression(types.ExprString(s.X), before, declared)
			return false
		}
		return known
	})
	return known
}

// mentions reports whether a name is a token of the code.
func mentions(code, name string) bool {
	t := scan(code)
	return slices.ContainsFunc(t.toks, func(k tok) bool { return k.Token == token.IDENT && string(t.src[k.off:k.end]) == name })
}

func expandLine(text string) (expanded, problem string) {
	if command, ok := strings.CutPrefix(text, "!"); ok {
		return call("Shell", strings.TrimSpace(command)), ""
	}
	m := lineMagic.FindStringSubmatch(text)
	if m == nil {
		return "", "a line that begins with % is a magic, such as %help"
	}
	name, rest := m[1], strings.TrimSpace(m[2])
	if name == "time" {
		return "magic.Start(); " + rest + "; magic.Stop()", ""
	}
	if f := lineMagics[name]; f != "" {
		return call(f, rest), ""
	}
	return "", "unknown magic %" + name + "; there are !command, " + list("%", lineMagics, "time") + ", and for whole cells " + list("%%", cellMagics, "time")
}

// call writes a call with a text, or without one where there is none.
func call(f, text string) string {
	if text == "" {
		return "magic." + f + "()"
	}
	return "magic." + f + "(" + strconv.Quote(text) + ")"
}

// list names the magics of a table and one more.
func list(prefix string, table map[string]string, more string) string {
	names := []string{prefix + more}
	for name := range table {
		names = append(names, prefix+name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// expandCell expands a cell that begins with %%. m is what [cellMagic] matched.
func expandCell(name, code string, m []string) (string, error) {
	body := code[len(m[0]):]
	before := strings.Repeat("\n", strings.Count(m[0], "\n"))
	switch f := cellMagics[m[1]]; {
	case m[1] == "" || m[1] == "main": // elsewhere it opens func main; here nothing must
		return before + body, nil
	case m[1] == "time":
		return "magic.Start(); defer magic.Stop()" + before + body, nil
	case f == "WriteFile":
		return "magic.WriteFile(" + strconv.Quote(strings.TrimSpace(m[2])) + ", " + strconv.Quote(body) + ")" + strings.Repeat("\n", strings.Count(code, "\n")), nil
	case f != "":
		return "magic." + f + "(" + strconv.Quote(body) + ")" + strings.Repeat("\n", strings.Count(code, "\n")), nil
	}
	lines := strings.Count(m[0][:strings.Index(m[0], "%%")], "\n")
	var errs scanner.ErrorList
	errs.Add(token.Position{Filename: name, Line: lines + 1, Column: 1}, "unknown magic %%"+m[1]+"; there are "+list("%%", cellMagics, "time"))
	return code, errs
}
