package notebook

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

const (
	parametersTag = "parameters"
	injectedTag   = "injected-parameters"
)

// SetParameters gives new values to variables that the notebook's cell tagged
// "parameters" sets. Each setting reads name=value. It does so as papermill
// does, in a cell of its own behind that cell; one from an earlier run is
// replaced.
//
// A value that is a Go literal (30, 1e-3, true, "text", []int{1, 2}) is taken
// as it stands and a JSON list of one kind ([1, 2]) as a slice; everything
// else is a string, and so is every unquoted value of a parameter whose
// default is a string.
func (nb *Notebook) SetParameters(settings []string) error {
	if len(settings) == 0 {
		return nil
	}
	at := slices.IndexFunc(nb.Cells, func(c *Cell) bool { return c.HasTag(parametersTag) })
	if at < 0 {
		return fmt.Errorf("no cell of the notebook is tagged %q: tag the one whose variables may be set", parametersTag)
	}
	known, err := parameters(nb.Cells[at].Source)
	if err != nil {
		return fmt.Errorf("the cell tagged %q: %w", parametersTag, err)
	}
	source := "// Parameters"
	for _, s := range settings {
		line, err := known.assignment(s)
		if err != nil {
			return err
		}
		source += "\n" + line
	}
	nb.Cells = slices.DeleteFunc(nb.Cells, func(c *Cell) bool { return c.HasTag(injectedTag) })
	at = slices.IndexFunc(nb.Cells, func(c *Cell) bool { return c.HasTag(parametersTag) })
	nb.Cells = slices.Insert(nb.Cells, at+1, &Cell{
		Type:     Code,
		Source:   source,
		Metadata: map[string]any{"tags": []any{injectedTag}},
	})
	nb.giveIDs()
	return nil
}

// defaults maps the name of a parameter to the expression it is set to; nil
// where there is none.
type defaults map[string]ast.Expr

// parameters finds what a cell of assignments and declarations sets.
func parameters(source string) (defaults, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "", "package p; func _() {"+source+"\n}", parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("expected only variables with their values: %w", err)
	}
	found := defaults{}
	for _, stmt := range file.Decls[0].(*ast.FuncDecl).Body.List {
		switch s := stmt.(type) {
		case *ast.AssignStmt:
			found.add(s.Lhs, s.Rhs)
		case *ast.DeclStmt:
			found.addVars(s.Decl.(*ast.GenDecl))
		}
	}
	return found, nil
}

func (d defaults) add(names, values []ast.Expr) {
	for i, e := range names {
		if name, ok := e.(*ast.Ident); ok {
			d[name.Name] = nil
			if len(values) == len(names) {
				d[name.Name] = values[i]
			}
		}
	}
}

func (d defaults) addVars(decl *ast.GenDecl) {
	if decl.Tok != token.VAR {
		return
	}
	for _, spec := range decl.Specs {
		v := spec.(*ast.ValueSpec)
		names := make([]ast.Expr, len(v.Names))
		for i, name := range v.Names {
			names[i] = name
		}
		d.add(names, v.Values)
	}
}

// assignment turns name=value into a line of Go. It assigns rather than
// declares, so that the variable keeps its type: an epsilon of 1 is still a
// float64.
func (d defaults) assignment(setting string) (string, error) {
	name, value, ok := strings.Cut(setting, "=")
	name = strings.TrimSpace(name)
	if !ok || !token.IsIdentifier(name) {
		return "", fmt.Errorf("parameter %q: expected name=value", setting)
	}
	def, ok := d[name]
	if !ok {
		return "", fmt.Errorf("parameter %q: the cell tagged %q sets no such variable; it sets %s",
			name, parametersTag, d.names())
	}
	return name + " = " + literal(strings.TrimSpace(value), def), nil
}

func (d defaults) names() string {
	var names []string
	for name := range d {
		names = append(names, name)
	}
	slices.Sort(names)
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// literal is value as Go source, for a variable with the default def.
func literal(value string, def ast.Expr) string {
	e, err := parser.ParseExpr(value)
	isLit := err == nil && isLiteral(e)
	if lit, ok := def.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		given, ok := e.(*ast.BasicLit)
		isLit = isLit && ok && given.Kind == token.STRING
	}
	if isLit {
		return value
	}
	if list, ok := sliceLiteral(value, def); ok {
		return list
	}
	return strconv.Quote(value)
}

func isLiteral(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit, *ast.CompositeLit:
		return true
	case *ast.Ident:
		return e.Name == "true" || e.Name == "false"
	case *ast.UnaryExpr:
		lit, ok := e.X.(*ast.BasicLit)
		return ok && lit.Kind != token.STRING && (e.Op == token.SUB || e.Op == token.ADD)
	}
	return false
}

// sliceLiteral turns a JSON list of one kind into a Go slice, of the default's
// type if that is a slice too.
func sliceLiteral(value string, def ast.Expr) (string, bool) {
	elem := elementType(def)
	for _, list := range []any{new([]int), new([]float64), new([]string), new([]bool)} {
		slice := reflect.ValueOf(list).Elem()
		if elem != "" && elem != slice.Type().Elem().Name() {
			continue
		}
		if json.Unmarshal([]byte(value), list) == nil && slice.Len() > 0 {
			return fmt.Sprintf("%#v", slice), true
		}
	}
	return "", false
}

// elementType is the T of a default []T{…}, or "".
func elementType(def ast.Expr) string {
	lit, _ := def.(*ast.CompositeLit)
	if lit == nil {
		return ""
	}
	array, _ := lit.Type.(*ast.ArrayType)
	if array == nil {
		return ""
	}
	name, _ := array.Elt.(*ast.Ident)
	if name == nil {
		return ""
	}
	return name.Name
}
