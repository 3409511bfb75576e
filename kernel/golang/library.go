package golang

import (
	"go/types"
	"reflect"
	"sync"

	"github.com/gocrate/gocrate/stdlib"
)

// library is what cells can import: package stdlib as the checker sees it.
type library struct {
	types.Importer
	names func() []string
}

func newLibrary() library {
	return library{stdlib.NewImporter(), sync.OnceValue(packageNames)}
}

func (library) ByName(name string) []string { return stdlib.ByName(name) }

// Names returns the names of all packages.
func (l library) Names() []string { return l.names() }

func packageNames() []string {
	seen := map[string]bool{}
	var names []string
	for _, p := range stdlib.Packages() {
		if !seen[p.Name] {
			seen[p.Name] = true
			names = append(names, p.Name)
		}
	}
	return names
}

// wrappers returns a table that the caller may add to.
func wrappers() map[reflect.Value][]reflect.Type {
	w := map[reflect.Value][]reflect.Type{}
	for k, v := range stdlib.MapTypes() {
		w[k] = v
	}
	return w
}
