package page

import (
	"encoding/base64"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuin/goldmark/parser"

	"github.com/gocrate/gocrate/internal/notebook"
	"github.com/gocrate/gocrate/kernel"
)

func render(t *testing.T, nb *notebook.Notebook, opts Options) string {
	t.Helper()
	var b strings.Builder
	if err := Write(&b, nb, opts); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func newRenderer(opts Options) *renderer {
	return &renderer{opts: opts, ids: parser.NewContext().IDs()}
}

func TestPage(t *testing.T) {
	nb, err := notebook.ReadFile("testdata/article.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	page := render(t, nb, Options{Math: func(tex string, display bool) string { return "<math>" + tex + "</math>" }})
	for _, want := range []string{
		"<title>What a layer does</title>",
		`<h1 id="what-a-layer-does">What a layer does</h1>`,
		"<math>R_c(Z_1) * U_2</math>",
		`<span class="count">[2]</span>`,
		`<span class="fun">Println</span>`,
		`width="90" height="60" alt="a figure"`,
		"<b>bold</b> table",
		`<span class="fg1 bold">division by zero</span>`,
		"<details><summary>Code</summary>",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	balanced(t, page)
}

// A page takes nothing from anywhere: the policy forbids it, and what is
// rendered does not try.
func TestPageStandsAlone(t *testing.T) {
	nb, err := notebook.ReadFile("testdata/article.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	page := render(t, nb, Options{})
	if !strings.Contains(page, `content="default-src 'none'; img-src data:;`) {
		t.Error("the page has no policy against loading and scripts")
	}
	for _, bad := range []string{"<script", "<link", `src="http`, "@import", "url(http"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
}

func TestTitle(t *testing.T) {
	nb := &notebook.Notebook{Cells: []*notebook.Cell{
		{Type: notebook.Code, Source: "# not Markdown"},
		{Type: notebook.Markdown, Source: "Text first.\n\nThe <title>\n==="},
	}}
	if page := render(t, nb, Options{Title: "x"}); !strings.Contains(page, "<title>The &lt;title&gt;</title>") {
		t.Errorf("no title in %s", page[:600])
	}
	nb.Cells = nb.Cells[:1]
	if page := render(t, nb, Options{Title: "file.ipynb"}); !strings.Contains(page, "<title>file.ipynb</title>") {
		t.Error("the given title is not used")
	}
}

func TestBundleFormats(t *testing.T) {
	r := newRenderer(Options{Math: func(tex string, display bool) string { return "M:" + tex }})
	for _, tt := range []struct {
		name string
		data map[string]any
		want string
	}{
		{"html before text", map[string]any{"text/html": "<i>x</i>", "text/plain": "x"}, `<div class="html"><i>x</i></div>`},
		{"a picture before HTML that needs a script", map[string]any{"text/html": "<SCRIPT>draw()</SCRIPT>", "image/png": "AA==", "text/plain": "f"}, `<img src="data:image/png;base64,AA==" alt="f">`},
		{"svg as an image", map[string]any{"image/svg+xml": "<svg/>"}, `<img src="data:image/svg+xml;base64,` + base64.StdEncoding.EncodeToString([]byte("<svg/>")) + `" alt="">`},
		{"base64 in lines", map[string]any{"image/jpeg": "AA\nBB\n"}, `<img src="data:image/jpeg;base64,AABB" alt="">`},
		{"no way out of an attribute", map[string]any{"image/png": `"><b>`, "text/plain": `"><i>`}, `<img src="data:image/png;base64,&#34;&gt;&lt;b&gt;" alt="&#34;&gt;&lt;i&gt;">`},
		{"latex", map[string]any{"text/latex": "$$x^2$$", "text/plain": "x"}, `<div class="math">M:x^2</div>`},
		{"latex in single dollars", map[string]any{"text/latex": "$x$"}, `<div class="math">M:x</div>`},
		{"text", map[string]any{"text/plain": "<1 2>\n"}, `<pre class="stream">&lt;1 2&gt;</pre>`},
		{"json", map[string]any{"application/json": map[string]any{"a": 1}}, "<pre class=\"stream\">{\n  &#34;a&#34;: 1\n}</pre>"},
		{"nothing known", map[string]any{"application/x": "1"}, ""},
	} {
		if got := r.bundle(&notebook.Output{Type: notebook.Display, Data: tt.data}); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestStreams(t *testing.T) {
	r := newRenderer(Options{})
	for _, tt := range []struct {
		out  *notebook.Output
		want string
	}{
		{&notebook.Output{Type: notebook.Stream, Name: kernel.Stderr, Text: "a<b\n"}, `<pre class="stream stderr">a&lt;b</pre>`},
		{&notebook.Output{Type: notebook.Error, Err: &kernel.Error{Name: "E", Value: "v"}}, `<pre class="stream error">E: v</pre>`},
		{&notebook.Output{Type: notebook.Error, Err: &kernel.Error{Name: "E", Traceback: []string{"\x1b[31mt", "u"}}}, "<pre class=\"stream error\"><span class=\"fg1\">t\nu</span></pre>"},
	} {
		if got := r.output(tt.out); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

func TestImages(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a b.png"), []byte("png"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := newRenderer(Options{Dir: dir})
	files := attachments{"x y.png": {"image/png": "QQ=="}}
	for address, want := range map[string]string{
		"a%20b.png":            "data:image/png;base64,cG5n",
		"attachment:x%20y.png": "data:image/png;base64,QQ==",
		"attachment:no.png":    "attachment:no.png",
		"../secret.png":        "../secret.png",
		"/etc/passwd":          "/etc/passwd",
		"page_test.go":         "page_test.go",
		"https://x.org/a.png":  "https://x.org/a.png",
	} {
		if got := r.image(address, files); got != want {
			t.Errorf("image(%s) = %s, want %s", address, got, want)
		}
	}
	if got := r.markdown("![a](attachment:x%20y.png)", files); !strings.Contains(got, `src="data:image/png;base64,QQ=="`) {
		t.Errorf("the attachment is not in %s", got)
	}
}

func TestHeadingsOfAPageHaveTheirOwnIDs(t *testing.T) {
	r := newRenderer(Options{})
	first, second := r.markdown("## Same", nil), r.markdown("## Same", nil)
	if !strings.Contains(first, `id="same"`) || !strings.Contains(second, `id="same-1"`) {
		t.Errorf("got %s and %s", first, second)
	}
}

// balanced fails if the page's elements are not properly nested.
func balanced(t *testing.T, page string) {
	t.Helper()
	_, body, _ := strings.Cut(page, "<body>")
	body, _, _ = strings.Cut(body, "</body>")
	d := xml.NewDecoder(strings.NewReader("<body>" + body + "</body>"))
	d.AutoClose, d.Entity = xml.HTMLAutoClose, xml.HTMLEntity
	d.Strict = false
	depth := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("the page's elements are not nested: %v", err)
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
	}
	if depth != 0 {
		t.Errorf("%d elements are left open", depth)
	}
}
