package closures

import (
	"go/types"
	"regexp"
	"strings"
)

// Which functions of packages compiled code may call, and what calling one may
// change.

// closed are the packages whose functions are called: they, and the methods of
// their types, lead to no variable of the user's and wait for nobody. Those that
// are true only compute: the others have a state, or change what they are given.
var closed = map[string]bool{
	"bytes": true, "errors": true, "html": true, "math": true, "math/big": true, "math/bits": true, "math/rand": false, "math/rand/v2": false, "path": true,
	"slices": true, "sort": false, "strconv": true, "strings": true, "unicode": true, "unicode/utf16": true, "unicode/utf8": true,
}

func isClosed(pkg *types.Package) bool {
	_, ok := closed[pkg.Path()]
	return ok
}

// callable reports whether compiled code may call a function: one that computes,
// prints, or ends the program.
func callable(fn *types.Func) bool {
	path := fn.Pkg().Path()
	return isClosed(fn.Pkg()) || path == "fmt" || path == "time" || path == "os" && fn.Name() == "Exit"
}

// onlyComputes reports whether a function does nothing but compute its results.
func onlyComputes(fn *types.Func) bool {
	name := fn.Name()
	if fn.Pkg().Path() == "fmt" {
		return strings.HasPrefix(name, "Sprint") || name == "Errorf"
	}
	return closed[fn.Pkg().Path()] && !changing.MatchString(name)
}

// reading are the methods, of types of packages that only compute, which do not
// change their receiver.
var reading = map[string]bool{
	"BitLen": true, "Bytes": true, "Cap": true, "Cmp": true, "Float64": true, "Int64": true, "Len": true, "Replace": true, "Sign": true, "String": true,
	"Text": true, "Uint64": true,
}

var changing = regexp.MustCompile("^(Append|Encode|Sort|Reverse$|Compact|Insert|Delete)")

// hasMethods reports whether a value may hold others that have methods of the
// user's, which printing calls.
func hasMethods(t types.Type) bool {
	if s, ok := t.Underlying().(*types.Slice); ok {
		t = s.Elem()
	}
	return types.IsInterface(t)
}
