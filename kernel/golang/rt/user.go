package rt

import (
	"go/types"
	"sync"
)

// userPackages are the packages besides main whose code is interpreted: those
// of a program's own module.
var userPackages sync.Map

// AddUserPackage says that the package of a path is interpreted.
func AddUserPackage(path string) { userPackages.Store(path, true) }

// IsUser reports whether the declarations of a package are interpreted. The
// universe has none.
func IsUser(pkg *types.Package) bool {
	if pkg == nil {
		return false
	}
	_, ok := userPackages.Load(pkg.Path())
	return ok || pkg.Path() == "main"
}
