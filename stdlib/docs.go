package stdlib

import (
	"encoding/json"
	"fmt"
	"sync"
)

// docs are the texts of the packages that have been asked for.
var docs struct {
	sync.Mutex
	packages map[string]map[string]string // import path → symbol → text
}

// Doc returns the documentation of a symbol of a package as go doc prints it:
// the declaration, an empty line, the comment. The symbol is a name, or
// "Type.Member" for a method or field; "" stands for the package itself. The
// text of a type ends with the declarations of its constructors and methods.
// Doc returns "" for what it does not know.
func Doc(path, symbol string) string {
	if lookup(path) == nil {
		return ""
	}
	docs.Lock()
	defer docs.Unlock()
	texts, ok := docs.packages[path]
	if !ok {
		texts = readDocs(path)
		if docs.packages == nil {
			docs.packages = make(map[string]map[string]string)
		}
		docs.packages[path] = texts
	}
	return texts[symbol]
}

func readDocs(path string) map[string]string {
	f, err := docsArchive().Open(path)
	if err != nil {
		panic(fmt.Sprintf("stdlib: documentation of %s: %v; run go generate ./stdlib", path, err))
	}
	defer f.Close()
	var texts map[string]string
	if err := json.NewDecoder(f).Decode(&texts); err != nil {
		panic(fmt.Sprintf("stdlib: documentation of %s: %v; run go generate ./stdlib", path, err))
	}
	return texts
}
