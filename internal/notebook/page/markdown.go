package page

import (
	"encoding/base64"
	"html"
	"mime"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	gmrenderer "github.com/yuin/goldmark/renderer"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// maxImage bounds the image files that are put into a page.
const maxImage = 16 << 20

var markdown = goldmark.New(
	goldmark.WithExtensions(extension.GFM, extension.Footnote),
	goldmark.WithParserOptions(parser.WithAutoHeadingID()),
	goldmark.WithRendererOptions(
		gmhtml.WithUnsafe(), // HTML in Markdown is the author's; the page runs no script
		gmrenderer.WithNodeRenderers(util.Prioritized(fences{}, 100)),
	),
)

// attachments are the images that a cell carries: name -> MIME type -> base64.
type attachments = map[string]map[string]any

// markdown renders Markdown with formulas. The headings of a page share ids,
// so that the links between them work.
func (r *renderer) markdown(source string, files attachments) string {
	source, cut := cutMath(source)
	src := []byte(source)
	doc := markdown.Parser().Parse(text.NewReader(src), parser.WithContext(parser.NewContext(parser.WithIDs(r.ids))))
	ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if img, ok := n.(*ast.Image); ok && entering {
			img.Destination = []byte(r.image(string(img.Destination), files))
		}
		return ast.WalkContinue, nil
	})
	var out strings.Builder
	if err := markdown.Renderer().Render(&out, src, doc); err != nil {
		return html.EscapeString(source)
	}
	return r.putMath(out.String(), cut)
}

// image turns the address of an attachment, or of a file beside the notebook,
// into a data URI. Any other address stays.
func (r *renderer) image(address string, files attachments) string {
	if name, ok := strings.CutPrefix(address, "attachment:"); ok {
		for mime, data := range files[unescape(name)] {
			if s, ok := data.(string); ok {
				return "data:" + mime + ";base64," + s
			}
		}
		return address
	}
	name := filepath.FromSlash(unescape(address))
	kind := mime.TypeByExtension(filepath.Ext(name))
	if r.opts.Dir == "" || !filepath.IsLocal(name) || !strings.HasPrefix(kind, "image/") {
		return address
	}
	path := filepath.Join(r.opts.Dir, name)
	if info, err := os.Stat(path); err != nil || info.Size() > maxImage {
		return address
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return address
	}
	return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)
}

func unescape(address string) string {
	if s, err := url.PathUnescape(address); err == nil {
		return s
	}
	return address
}

// fences renders fenced code as code cells are.
type fences struct{}

func (fences) RegisterFuncs(reg gmrenderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindFencedCodeBlock, func(w util.BufWriter, src []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		block := n.(*ast.FencedCodeBlock)
		_, err := w.WriteString(codeBlock(string(block.Lines().Value(src)), string(block.Language(src))) + "\n")
		return ast.WalkSkipChildren, err
	})
}
