package page

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/gocrate/gocrate/internal/notebook"
	"github.com/gocrate/gocrate/kernel"
)

// output renders one output of a code cell.
func (r *renderer) output(o *notebook.Output) string {
	switch o.Type {
	case notebook.Stream:
		class := "stream"
		if o.Name == kernel.Stderr {
			class = "stream stderr"
		}
		return pre(class, terminal(o.Text))
	case notebook.Error:
		return pre("stream error", terminal(errorText(o.Err)))
	}
	return r.bundle(o)
}

func errorText(e *kernel.Error) string {
	if text := e.Text(); text != "" {
		return text
	}
	return e.Error()
}

func pre(class, content string) string {
	return `<pre class="` + class + `">` + strings.TrimSuffix(content, "\n") + `</pre>`
}

// formats are the types that a page can show, the best first.
var formats = []string{
	"text/html", "image/svg+xml", "image/png", "image/jpeg", "image/gif",
	"text/markdown", "text/latex", "text/plain", "application/json",
}

// bundle renders the best format of a bundle.
func (r *renderer) bundle(o *notebook.Output) string {
	for _, mime := range formats {
		content, ok := o.Data[mime]
		if !ok || mime == "text/html" && needsScript(o.Data) {
			continue
		}
		if text, ok := content.(string); ok {
			return r.content(mime, text, o)
		}
		if mime == "application/json" {
			return pre("stream", html.EscapeString(indented(content)))
		}
	}
	return ""
}

var script = regexp.MustCompile(`(?i)<script`)

// needsScript reports whether the HTML of a bundle would be empty in a page
// without scripts while a picture of the same is there.
func needsScript(data map[string]any) bool {
	text, _ := data["text/html"].(string)
	_, png := data["image/png"]
	_, svg := data["image/svg+xml"]
	return (png || svg) && script.MatchString(text)
}

func (r *renderer) content(mime, text string, o *notebook.Output) string {
	switch mime {
	case "text/html":
		return `<div class="html">` + text + `</div>`
	case "image/svg+xml":
		return picture(mime, base64.StdEncoding.EncodeToString([]byte(text)), o)
	case "text/markdown":
		return `<div class="prose">` + r.markdown(text, nil) + `</div>`
	case "text/latex":
		tex, display := bareTeX(text)
		return `<div class="math">` + r.formula(tex, display) + `</div>`
	case "text/plain":
		return pre("stream", terminal(text))
	case "application/json":
		return pre("stream", html.EscapeString(text))
	}
	return picture(mime, text, o)
}

// picture is an image with the size in CSS pixels that its metadata names.
func picture(mime, data string, o *notebook.Output) string {
	alt, _ := o.Data["text/plain"].(string)
	alt, _, _ = strings.Cut(alt, "\n")
	size := ""
	meta, _ := o.Metadata[mime].(map[string]any)
	for _, side := range []string{"width", "height"} {
		if n := number(meta[side]); n > 0 {
			size += fmt.Sprintf(` %s="%.0f"`, side, n)
		}
	}
	data = strings.Join(strings.Fields(data), "") // base64 may come in lines
	return fmt.Sprintf(`<img src="data:%s;base64,%s"%s alt="%s">`, mime, html.EscapeString(data), size, html.EscapeString(alt))
}

// number reads a number in any of the forms that JSON and Go give it.
func number(v any) float64 {
	var f float64
	if _, err := fmt.Sscan(fmt.Sprint(v), &f); err != nil {
		return 0
	}
	return f
}

// bareTeX removes the dollars or brackets round a formula.
func bareTeX(text string) (tex string, display bool) {
	text = strings.TrimSpace(text)
	if f, n := mathAt(text, 0); n > 0 && n == len(text) {
		return f.tex, f.display
	}
	return strings.Trim(text, "$"), true
}

func indented(v any) string {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}
