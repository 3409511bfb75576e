package main

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/doc"
	"go/format"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// documentation returns what is known of p's symbols as a JSON object: "" is the
// package itself, "Type.Member" a method or field.
func documentation(p *Package) ([]byte, error) {
	d, err := doc.NewFromFiles(p.Fset, p.Syntax, p.Path)
	if err != nil {
		return nil, err
	}
	p.Synopsis = d.Synopsis(d.Doc)
	t := &texts{pkg: p, text: make(map[string]*text)}
	t.put("", "package "+p.Name+" // import \""+p.Path+"\"", d.Doc)
	t.values(d.Consts)
	t.values(d.Vars)
	t.funcs("", d.Funcs)
	for _, typ := range d.Types {
		t.typ(typ)
	}
	return json.Marshal(t.text)
}

// texts collects the documentation of one package.
type texts struct {
	pkg  *Package
	text map[string]*text
}

// text is what package stdlib reads as a Documentation.
type text struct {
	Declaration string
	Comment     string `json:",omitempty"` // in the syntax of Go's doc comments
	Members     string `json:",omitempty"` // declarations, one a line
}

func (t *texts) put(symbol, declaration, comment string) {
	t.text[symbol] = &text{Declaration: declaration, Comment: strings.TrimRight(comment, "\n")}
}

// values stores constants or variables. One that has no comment of its own has
// that of its group.
func (t *texts) values(groups []*doc.Value) {
	for _, g := range groups {
		for _, spec := range g.Decl.Specs {
			spec := spec.(*ast.ValueSpec)
			comment := g.Doc
			if own := spec.Doc.Text() + spec.Comment.Text(); own != "" {
				comment = own
			}
			for _, name := range spec.Names {
				if obj := t.pkg.Types.Scope().Lookup(name.Name); obj != nil && obj.Exported() {
					t.put(name.Name, t.object(obj), comment)
				}
			}
		}
	}
}

// object returns the declaration of a variable, or of a constant and its value.
func (t *texts) object(obj types.Object) string {
	text := types.ObjectString(obj, func(pkg *types.Package) string {
		if pkg == t.pkg.Types {
			return ""
		}
		return pkg.Name()
	})
	if c, ok := obj.(*types.Const); ok {
		text += " = " + c.Val().String()
	}
	return text
}

func (t *texts) funcs(receiver string, funcs []*doc.Func) {
	for _, f := range funcs {
		t.put(receiver+f.Name, t.decl(f.Decl), f.Doc)
	}
}

// typ stores a type, what belongs to it, and its members.
func (t *texts) typ(typ *doc.Type) {
	t.values(typ.Consts)
	t.values(typ.Vars)
	t.funcs("", typ.Funcs)
	t.funcs(typ.Name+".", typ.Methods)
	t.put(typ.Name, t.decl(typ.Decl), typ.Doc)
	var members []string
	for _, f := range append(slices.Clone(typ.Funcs), typ.Methods...) {
		members = append(members, t.decl(f.Decl))
	}
	t.text[typ.Name].Members = strings.Join(members, "\n")
	for _, spec := range typ.Decl.Specs {
		t.members(typ.Name, spec.(*ast.TypeSpec).Type)
	}
}

// members stores the fields of a struct or the methods of an interface.
func (t *texts) members(typ string, expr ast.Expr) {
	var fields *ast.FieldList
	kind := "field "
	switch expr := expr.(type) {
	case *ast.StructType:
		fields = expr.Fields
	case *ast.InterfaceType:
		fields, kind = expr.Methods, "method "
	default:
		return
	}
	for _, f := range fields.List {
		for _, name := range f.Names {
			declared := t.node(f.Type)
			if kind == "method " {
				declared = strings.TrimPrefix(declared, "func")
			} else {
				declared = " " + declared
			}
			t.put(typ+"."+name.Name, kind+name.Name+declared, f.Doc.Text()+f.Comment.Text())
		}
	}
}

// decl returns a declaration without its body and its comment.
func (t *texts) decl(d ast.Decl) string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		short := *d
		short.Doc, short.Body = nil, nil
		return t.node(&short)
	case *ast.GenDecl:
		short := *d
		short.Doc, short.Lparen = nil, token.NoPos
		return t.node(&short)
	}
	return ""
}

func (t *texts) node(n ast.Node) string {
	var buf bytes.Buffer
	if err := format.Node(&buf, t.pkg.Fset, n); err != nil {
		panic(err)
	}
	return buf.String()
}
