package stdlib

import (
	"encoding/json"
	"fmt"
	"go/doc/comment"
	"strings"
	"sync"
)

// Documentation is what the sources of a package say of one of its symbols.
type Documentation struct {
	Declaration string // Go; that of a type has its exported fields
	Comment     string // in the syntax of Go's doc comments
	Members     string // of a type: the declarations of its constructors and methods, one a line

	path string // of the package
}

// docs are the packages that have been asked for.
var docs struct {
	sync.Mutex
	packages map[string]map[string]*Documentation // import path → symbol
}

// Doc returns the documentation of a symbol of a package, and whether there is
// any. The symbol is a name, or "Type.Member" for a method or field; "" stands
// for the package itself.
func Doc(path, symbol string) (Documentation, bool) {
	d := packageDocs(path)[symbol]
	if d == nil {
		return Documentation{}, false
	}
	return *d, true
}

func packageDocs(path string) map[string]*Documentation {
	if lookup(path) == nil {
		return nil
	}
	docs.Lock()
	defer docs.Unlock()
	if docs.packages == nil {
		docs.packages = make(map[string]map[string]*Documentation)
	}
	if docs.packages[path] == nil {
		docs.packages[path] = readDocs(path)
	}
	return docs.packages[path]
}

func readDocs(path string) map[string]*Documentation {
	f, err := docsArchive().Open(path)
	if err != nil {
		panic(fmt.Sprintf("stdlib: documentation of %s: %v; run go generate ./stdlib", path, err))
	}
	defer f.Close()
	var all map[string]*Documentation
	if err := json.NewDecoder(f).Decode(&all); err != nil {
		panic(fmt.Sprintf("stdlib: documentation of %s: %v; run go generate ./stdlib", path, err))
	}
	for _, d := range all {
		d.path = path
	}
	return all
}

// Text returns the comment as go doc prints it.
func (d Documentation) Text() string { return trimmed(d.printer().Text(d.parse())) }

// Markdown returns the comment as Markdown.
func (d Documentation) Markdown() string { return trimmed(d.printer().Markdown(d.parse())) }

// HTML returns the comment as paragraphs of a page; everything in it is escaped.
func (d Documentation) HTML() string { return trimmed(d.printer().HTML(d.parse())) }

func trimmed(text []byte) string { return strings.TrimRight(string(text), "\n") }

func (d Documentation) parse() *comment.Doc {
	p := comment.Parser{
		LookupPackage: func(name string) (path string, ok bool) {
			paths := ByName(name)
			return strings.Join(paths[:min(1, len(paths))], ""), len(paths) > 0
		},
		LookupSym: func(recv, name string) bool {
			_, ok := Doc(d.path, strings.TrimPrefix(recv+"."+name, "."))
			return ok
		},
	}
	return p.Parse(d.Comment)
}

// ownModule is the module of packages that have no page to link to.
const ownModule = "github.com/gocrate/"

func (d Documentation) printer() *comment.Printer {
	return &comment.Printer{
		HeadingLevel: 4,
		HeadingID:    func(*comment.Heading) string { return "" },
		DocLinkURL: func(link *comment.DocLink) string {
			to := *link
			if to.ImportPath == "" {
				to.ImportPath = d.path
			}
			if strings.HasPrefix(to.ImportPath, ownModule) {
				return ""
			}
			return to.DefaultURL("https://pkg.go.dev")
		},
	}
}
