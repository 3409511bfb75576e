package lower

import (
	"go/ast"
	"go/types"

	"github.com/gocrate/gocrate/kernel/golang/rt"
)

// inspected notes the arguments that methods of compiled types inspect by
// reflection. Functions that do are replaced, see package golang.
func (l *lowerer) inspected(n *ast.CallExpr) {
	fn := l.callee(n)
	if fn == nil {
		l.builtin(n)
		return
	}
	if name := inspectors[fn.FullName()]; name != "" {
		for _, x := range n.Args {
			l.refuseInspection(name, x)
		}
	}
	if name := adapters[fn.FullName()]; name != "" && len(n.Args) > 0 {
		last := n.Args[len(n.Args)-1]
		l.adapted[last] = name
		l.refuseInspection(name, last)
	}
}

// builtin notes the interface values that built-in functions look into.
func (l *lowerer) builtin(n *ast.CallExpr) {
	id, ok := ast.Unparen(n.Fun).(*ast.Ident)
	if !ok {
		return
	}
	b, ok := l.info.Uses[id].(*types.Builtin)
	switch {
	case !ok:
	case b.Name() == "print" || b.Name() == "println":
		for _, x := range n.Args {
			if t := l.info.Types[x].Type; t != nil && isValueInterface(t) {
				l.adapted[x] = "Words"
			}
		}
	case b.Name() == "delete":
		if m, ok := under(l.info.Types[n.Args[0]].Type).(*types.Map); ok {
			l.keyConversion(n.Args[1], m, false)
		}
	}
}

// refuseInspection refuses arguments of which the type says that they cannot
// be inspected; of others that is found out when the cell runs.
func (l *lowerer) refuseInspection(adapter string, x ast.Expr) {
	t := l.info.Types[x].Type
	if t == nil || isValueInterface(t) || !rt.MentionsUser(t) {
		return
	}
	switch adapter {
	case "TemplateData":
		if m := rt.WithMethods(t); m != nil {
			l.refuse(x.Pos(), "a template cannot call the methods of "+rt.TypeText(m)+", a type of a cell", "put what the template shows into a map[string]any or a struct without methods")
		}
	case "NoXML":
		l.refuse(x.Pos(), "encoding/xml cannot see the names in "+rt.TypeText(t)+", a type of a cell", "use encoding/json")
	}
}

// callee returns the declared function or method that a call calls, or nil.
func (l *lowerer) callee(n *ast.CallExpr) *types.Func {
	switch f := ast.Unparen(n.Fun).(type) {
	case *ast.Ident:
		fn, _ := l.info.Uses[f].(*types.Func)
		return fn
	case *ast.SelectorExpr:
		fn, _ := l.info.Uses[f.Sel].(*types.Func)
		return fn
	}
	return nil
}

// inspectors are the functions among those that are refused where the type of
// their argument is known.
var inspectors = map[string]string{
	"encoding/xml.Marshal": "NoXML", "encoding/xml.MarshalIndent": "NoXML", "encoding/xml.Unmarshal": "NoXML",
}

// adapters are the helpers through which methods of compiled types get a last
// argument that may be a box.
var adapters = map[string]string{
	"(*encoding/json.Decoder).Decode":           "JSONTarget",
	"(*encoding/gob.Encoder).Encode":            "Raw",
	"(*encoding/gob.Decoder).Decode":            "Raw",
	"(*encoding/xml.Encoder).Encode":            "NoXML",
	"(*encoding/xml.Decoder).Decode":            "NoXML",
	"(*text/template.Template).Execute":         "TemplateData",
	"(*text/template.Template).ExecuteTemplate": "TemplateData",
	"(*html/template.Template).Execute":         "TemplateData",
	"(*html/template.Template).ExecuteTemplate": "TemplateData",
}
