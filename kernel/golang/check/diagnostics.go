package check

import (
	"fmt"
	"go/ast"
	"go/scanner"
	"go/token"
	"go/types"
	"regexp"
	"sort"
	"strings"
	"unicode/utf8"
)

// Diagnostic is one thing that is wrong with a cell, in the compiler's words.
type Diagnostic struct {
	Cell      string // In[7]
	Line, Col int    // 1-based; Col counts bytes, as the compiler does
	Msg       string
	Hint      string // what to do, where that is known
	Text      string // the line of the cell
}

// String gives the diagnostic as a reader sees it: position and message, the
// line, a caret under the place, and the hint.
func (d Diagnostic) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d: %s", d.Cell, d.Line, d.Col, d.Msg)
	if d.Text != "" {
		fmt.Fprintf(&b, "\n    %s\n    %s^", strings.ReplaceAll(d.Text, "\t", "    "), caretPad(d.Text, d.Col))
	}
	if d.Hint != "" {
		fmt.Fprintf(&b, "\n    %s", d.Hint)
	}
	return b.String()
}

// caretPad returns the blanks that put a caret under byte column col.
func caretPad(text string, col int) string {
	before := text[:min(max(col-1, 0), len(text))]
	tabs := strings.Count(before, "\t")
	return strings.Repeat(" ", utf8.RuneCountInString(before)+3*tabs)
}

// Syntax turns the errors of the parser into diagnostics.
func Syntax(name, code string, err error) []Diagnostic {
	list, ok := err.(scanner.ErrorList)
	if !ok {
		return []Diagnostic{{Cell: name, Line: 1, Col: 1, Msg: err.Error()}}
	}
	var ds []Diagnostic
	for _, e := range list {
		d := at(e.Pos, code, "syntax error: "+e.Msg)
		d.Hint = syntaxHint(e.Msg, d.Text, d.Col)
		ds = append(ds, d)
	}
	return ds
}

// At makes a diagnostic of a place in a cell's code.
func At(p token.Position, code, msg, hint string) Diagnostic {
	d := at(p, code, msg)
	d.Hint = hint
	return d
}

// mainPrefix is how go/types qualifies the session's own types; a cell would
// not.
var mainPrefix = regexp.MustCompile(`\bmain\.([\pL_])`)

func at(p token.Position, code, msg string) Diagnostic {
	d := Diagnostic{Cell: p.Filename, Line: p.Line, Col: p.Column, Msg: msg}
	d.Msg = mainPrefix.ReplaceAllString(msg, "$1")
	if lines := strings.Split(code, "\n"); p.Line >= 1 && p.Line <= len(lines) {
		d.Text = strings.TrimRight(lines[p.Line-1], "\r")
	}
	return d
}

// report words the errors found.
func (b *builder) report() []Diagnostic {
	var ds []Diagnostic
	for _, e := range b.errs {
		msg, tail, _ := strings.Cut(e.Msg, "\n\t")
		d := at(b.fset.Position(e.Pos), b.c.Code, msg)
		d.Hint = b.hint(e)
		if strings.HasPrefix(msg, "could not import ") {
			d.Msg, _, _ = strings.Cut(msg, " (")
		}
		if tail != "" {
			d.Msg += " (" + strings.ReplaceAll(strings.ReplaceAll(tail, "\n\t", "; "), "\t", "") + ")"
		}
		ds = append(ds, d)
	}
	return ds
}

// sortErrors puts the errors in order of place and drops what is no error
// here: the trailing expression is used, because it is shown.
func (b *builder) sortErrors() {
	seen := map[string]bool{}
	kept := b.errs[:0]
	for _, e := range b.errs {
		key := fmt.Sprint(e.Pos, e.Msg)
		if seen[key] || b.isTrailing(e) {
			continue
		}
		seen[key] = true
		kept = append(kept, e)
	}
	b.errs = kept
	sort.SliceStable(b.errs, func(i, j int) bool { return b.errs[i].Pos < b.errs[j].Pos })
}

// isTrailing reports whether e complains that the value of the cell's last
// statement is not used.
func (b *builder) isTrailing(e types.Error) bool {
	if len(b.c.Body) == 0 {
		return false
	}
	last, ok := b.c.Body[len(b.c.Body)-1].(*ast.ExprStmt)
	return ok && e.Pos >= last.Pos() && e.Pos <= last.End() &&
		strings.HasSuffix(e.Msg, "is not used") && strings.HasPrefix(e.Msg, types.ExprString(last.X))
}

// blame moves errors inside declarations of earlier cells from the errors of
// this cell to the list of what it breaks.
func (b *builder) blame() {
	kept := b.errs[:0]
	for _, e := range b.errs {
		it := b.oldItemAt(e.Pos)
		if it == nil {
			kept = append(kept, e)
			continue
		}
		p := b.fset.Position(e.Pos)
		if b.brokeOld[it.name] == "" {
			b.brokeOld[it.name] = fmt.Sprintf("%s (declared in %s) no longer compiles since %s: %s:%d:%d: %s; run its cell again",
				it.name, it.source.Name, b.src.Name, p.Filename, p.Line, p.Column, e.Msg)
		}
	}
	b.errs = kept
}

func (b *builder) oldItemAt(pos token.Pos) *item {
	for i := range b.items {
		it := &b.items[i]
		if !it.old {
			continue
		}
		for _, n := range it.nodes {
			if n.source != b.src && n.decl.Pos() <= pos && pos <= n.decl.End() {
				return it
			}
		}
	}
	return nil
}

// hint says what to do about an error, where that is known.
func (b *builder) hint(e types.Error) string {
	if name, ok := strings.CutPrefix(e.Msg, "undefined: "); ok {
		return b.hintUndefined(name)
	}
	if strings.Contains(e.Msg, "has no field or method ") {
		return b.hintField(e)
	}
	if path, ok := strings.CutPrefix(e.Msg, "could not import "); ok {
		_, why, _ := strings.Cut(path, "(")
		return strings.TrimSuffix(why, ")")
	}
	return b.remedy(e)
}

func (b *builder) hintUndefined(name string) string {
	if why := b.broken[name]; why != "" {
		return why
	}
	if why := b.drop[name]; why != "" {
		return why
	}
	if why := b.gone[name]; why != "" {
		return why
	}
	if pkg, member, ok := strings.Cut(name, "."); ok {
		return b.hintMember(pkg, member)
	}
	if scope := b.info.Scopes[b.body.Type]; scope != nil && scope.Lookup(name) != nil {
		return name + " is declared further down: a variable exists from there on"
	}
	local := b.localNames()
	if local[name] {
		return name + " is declared inside a block, and ends with it"
	}
	if word := otherLanguages[name]; word != "" {
		return word
	}
	var names []string
	for n := range b.decls {
		names = append(names, n)
	}
	names = append(names, types.Universe.Names()...)
	for n := range local {
		names = append(names, n)
	}
	if near := nearest(name, names); near != "" {
		return "did you mean " + near + "?"
	}
	return ""
}

// hintMember helps with an undefined member of a package.
func (b *builder) hintMember(pkg, member string) string {
	path := b.src.imports[pkg]
	if path == "" {
		if paths := b.lib.ByName(pkg); len(paths) > 0 {
			path = paths[0]
		}
	}
	p, err := b.lib.Import(path)
	if err != nil {
		return ""
	}
	var names []string
	for _, n := range p.Scope().Names() {
		if token.IsExported(n) {
			names = append(names, n)
		}
	}
	if near := nearest(member, names); near != "" {
		return "did you mean " + pkg + "." + near + "?"
	}
	return ""
}

// hintField helps with an undefined field or method.
func (b *builder) hintField(e types.Error) string {
	var sel *ast.SelectorExpr
	find := func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Pos() == e.Pos {
			sel = s
		}
		return sel == nil
	}
	ast.Inspect(b.body, find)
	for _, it := range b.items {
		for _, n := range it.nodes {
			ast.Inspect(n.decl, find)
		}
	}
	if sel == nil {
		return ""
	}
	if hint := b.hintHiddenPackage(sel); hint != "" {
		return hint
	}
	t := b.info.Types[sel.X].Type
	if t == nil {
		return ""
	}
	if near := nearest(sel.Sel.Name, memberNames(t)); near != "" {
		return "did you mean " + types.ExprString(sel.X) + "." + near + "?"
	}
	return ""
}

// localNames returns the names that the cell itself declares anywhere.
func (b *builder) localNames() map[string]bool {
	names := map[string]bool{}
	for id, obj := range b.info.Defs {
		if obj != nil && id.Name != "_" {
			names[id.Name] = true
		}
	}
	return names
}

// nearest returns the candidate closest to name, or "" if none is close.
func nearest(name string, candidates []string) string {
	best, dist := "", (len(name)+2)/4
	sort.Strings(candidates)
	for _, c := range candidates {
		if strings.EqualFold(c, name) {
			return c
		}
		if d := distance(name, c); d <= dist && (best == "" || d < dist || len(c) > len(best)) {
			best, dist = c, d
		}
	}
	return best
}

// distance is the number of letters to insert, delete, change or swap.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > 3 || len(y)-len(x) > 3 {
		return 99
	}
	d := make([][]int, len(x)+1)
	for i := range d {
		d[i] = make([]int, len(y)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(x)][len(y)]
}
