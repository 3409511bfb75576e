// Package page turns a notebook into one HTML page that stands alone: it has
// its pictures and style in itself, runs no script and asks no network for
// anything. It reads as an article on paper and on light and dark screens.
package page

import (
	_ "embed"
	"html/template"
	"io"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"github.com/gocrate/gocrate/internal/notebook"
)

// Options of a page. The zero value is usable.
type Options struct {
	// Title is used where the notebook has no heading.
	Title string
	// Dir is where image files that the notebook names are looked for. Empty:
	// nowhere.
	Dir string
	// Math renders a formula, given as TeX without delimiters, as HTML. Nil:
	// the TeX itself is shown.
	Math func(tex string, display bool) string
}

//go:embed page.css
var css string

//go:embed page.html
var layout string

var page = template.Must(template.New("page").Parse(layout))

// Write writes the notebook with its outputs as an HTML page.
func Write(w io.Writer, nb *notebook.Notebook, opts Options) error {
	r := &renderer{opts: opts, ids: parser.NewContext().IDs()}
	content := struct {
		Title string
		CSS   template.CSS
		Cells []cell
	}{Title: title(nb, opts.Title), CSS: template.CSS(css)}
	for _, c := range nb.Cells {
		content.Cells = append(content.Cells, r.cell(c))
	}
	if r.hasMath {
		content.CSS += template.CSS(mathFace())
	}
	return page.Execute(w, content)
}

// renderer holds what the cells of one page share.
type renderer struct {
	opts    Options
	ids     parser.IDs // of headings
	hasMath bool
}

// cell is one cell of the notebook, ready to be put into the page.
type cell struct {
	Prose template.HTML // of a Markdown cell
	Raw   string        // of a raw cell

	IsCode  bool
	Code    template.HTML
	Count   int
	Hidden  bool // the source is folded away
	Outputs []template.HTML
}

func (r *renderer) cell(c *notebook.Cell) cell {
	switch c.Type {
	case notebook.Markdown:
		return cell{Prose: template.HTML(r.markdown(c.Source, c.Attachments))}
	case notebook.Code:
		return r.codeCell(c)
	}
	return cell{Raw: c.Source}
}

func (r *renderer) codeCell(c *notebook.Cell) cell {
	out := cell{IsCode: true, Count: c.Count, Hidden: sourceHidden(c)}
	if strings.TrimSpace(c.Source) != "" {
		out.Code = template.HTML(codeBlock(c.Source, "go"))
	}
	for _, o := range c.Outputs {
		out.Outputs = append(out.Outputs, template.HTML(r.output(o)))
	}
	return out
}

// sourceHidden reports whether the author has folded the cell's source.
func sourceHidden(c *notebook.Cell) bool {
	jupyter, _ := c.Metadata["jupyter"].(map[string]any)
	return jupyter["source_hidden"] == true || c.HasTag("hide-input")
}

// title is the text of the notebook's first heading, or else the given one.
func title(nb *notebook.Notebook, otherwise string) string {
	for _, c := range nb.Cells {
		if c.Type != notebook.Markdown {
			continue
		}
		src := []byte(c.Source)
		for n := markdown.Parser().Parse(text.NewReader(src)).FirstChild(); n != nil; n = n.NextSibling() {
			if h, ok := n.(*ast.Heading); ok {
				return string(h.Lines().Value(src))
			}
		}
	}
	return otherwise
}
