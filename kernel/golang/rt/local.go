package rt

import (
	"fmt"
	"go/types"
	"strings"
	"sync"
)

// local is what the name of a type declared inside a function does not say.
type local struct {
	args   []types.Type // of the instance of the generic function around it
	number int          // among such types of the package
}

var locals sync.Map // *types.TypeName → local

// AddLocal tells how package reflect names a type that is declared inside a
// function: with the type arguments of the function and, where it is a type
// argument itself, with its number.
func AddLocal(obj *types.TypeName, args []types.Type, number int) {
	locals.Store(obj, local{args, number})
}

// namedText writes the name of a type: main.Pair[string,encoding/json.Number].
// The paths of packages are written out among type arguments.
func namedText(t *types.Named, argument bool) string {
	obj := t.Obj()
	name := obj.Name()
	if p := obj.Pkg(); p != nil && argument {
		name = p.Path() + "." + name
	} else if p != nil {
		name = p.Name() + "." + name
	}
	l, _ := locals.Load(obj)
	at, isLocal := l.(local)
	var own []types.Type
	for a := range t.TypeArgs().Types() {
		own = append(own, a)
	}
	if text := argsText(at.args) + ";" + argsText(own); text != ";" {
		name += "[" + strings.Trim(text, ";") + "]"
	}
	if isLocal && argument {
		name += fmt.Sprintf("·%d", at.number)
	}
	return name
}

// typeName is the name of a type without its package.
func typeName(t *types.Named) string {
	return strings.TrimPrefix(namedText(t, false), t.Obj().Pkg().Name()+".")
}

func argsText(args []types.Type) string {
	var texts []string
	for _, a := range args {
		texts = append(texts, spelling(a, true))
	}
	return strings.Join(texts, ",")
}
