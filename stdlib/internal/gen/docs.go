package main

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/doc"
	"go/format"
	"go/token"
	"go/types"
	"strings"
)

// documentation returns the texts of p's symbols as a JSON object: "" is the
// package itself, "Type.Member" a method or field. A text is a declaration, an
// empty line, and the comment.
func documentation(p *Package) ([]byte, error) {
	d, err := doc.NewFromFiles(p.Fset, p.Syntax, p.Path)
	if err != nil {
		return nil, err
	}
	p.Synopsis = d.Synopsis(d.Doc)
	t := &texts{pkg: p, doc: d, text: make(map[string]string)}
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
	doc  *doc.Package
	text map[string]string
}

// put stores the text of a symbol, whose comment is still in comment syntax.
func (t *texts) put(symbol, declaration, comment string) {
	text := declaration
	if comment != "" {
		text += "\n\n" + strings.TrimRight(string(t.doc.Text(comment)), "\n")
	}
	t.text[symbol] = text
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

// typ stores a type, what belongs to it, and its members. The type's own text
// ends with its constructors and methods.
func (t *texts) typ(typ *doc.Type) {
	t.values(typ.Consts)
	t.values(typ.Vars)
	t.funcs("", typ.Funcs)
	t.funcs(typ.Name+".", typ.Methods)
	t.put(typ.Name, t.decl(typ.Decl), typ.Doc)
	for _, list := range [][]*doc.Func{typ.Funcs, typ.Methods} {
		if len(list) > 0 {
			t.text[typ.Name] += "\n"
		}
		for _, f := range list {
			t.text[typ.Name] += "\n" + t.decl(f.Decl)
		}
	}
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
