package display

import "image"

// The methods by which a type shows itself. Of looks for them by their form
// alone, so a type has them without importing this package.
type (
	// MIMEBundler offers any formats it likes, like Bundle.Data.
	MIMEBundler interface{ MIMEBundle() map[string]any }

	// MIMEMetadataer accompanies MIMEBundler, like Bundle.Metadata.
	MIMEMetadataer interface{ MIMEMetadata() map[string]any }

	// SimpleRenderer shows itself as another value does.
	SimpleRenderer interface{ SimpleRender() Bundle }

	// HTMLer shows itself as HTML.
	HTMLer interface{ HTML() string }

	// Markdowner shows itself as Markdown.
	Markdowner interface{ Markdown() string }

	// Latexer shows itself as LaTeX: text between dollar signs is a formula,
	// and a text without any is one formula.
	Latexer interface{ Latex() string }

	// SVGer shows itself as a drawing.
	SVGer interface{ SVG() string }

	// PNGer shows itself as a picture.
	PNGer interface{ PNG() []byte }

	// JPEGer shows itself as a picture.
	JPEGer interface{ JPEG() []byte }

	// Imager shows itself as a picture that has yet to be encoded.
	Imager interface{ Image() image.Image }

	// JSONer shows itself as a tree to unfold. A JSON method may also return
	// a map[string]any, or finished JSON as string or []byte.
	JSONer interface{ JSON() any }

	// JavaScripter runs in the reader's browser, where that is allowed.
	JavaScripter interface{ JavaScript() string }
)

// ownFormats adds every format that v offers through its methods.
func (m *maker) ownFormats(v any) {
	if v, ok := v.(SimpleRenderer); ok {
		m.try("SimpleRender", func() { m.merge(v.SimpleRender()) })
	}
	if v, ok := v.(MIMEBundler); ok {
		m.try("MIMEBundle", func() { m.merge(Bundle{Data: v.MIMEBundle()}) })
	}
	if v, ok := v.(MIMEMetadataer); ok {
		m.try("MIMEMetadata", func() { m.merge(Bundle{Metadata: v.MIMEMetadata()}) })
	}
	if v, ok := v.(Imager); ok {
		m.try("Image", func() { m.merge(encodeImage(v.Image())) })
	}
	m.ownTexts(v)
	m.ownPictures(v)
	m.ownJSON(v)
}

func (m *maker) ownTexts(v any) {
	if v, ok := v.(HTMLer); ok {
		m.put("HTML", mimeHTML, func() any { return v.HTML() })
	}
	if v, ok := v.(Markdowner); ok {
		m.put("Markdown", mimeMarkdown, func() any { return v.Markdown() })
	}
	if v, ok := v.(Latexer); ok {
		m.put("Latex", mimeLatex, func() any { return latexText(v.Latex()) })
	}
	if v, ok := v.(JavaScripter); ok {
		m.put("JavaScript", mimeJavaScript, func() any { return v.JavaScript() })
	}
}

func (m *maker) ownPictures(v any) {
	if v, ok := v.(SVGer); ok {
		m.put("SVG", mimeSVG, func() any { return v.SVG() })
	}
	if v, ok := v.(PNGer); ok {
		m.put("PNG", mimePNG, func() any { return v.PNG() })
	}
	if v, ok := v.(JPEGer); ok {
		m.put("JPEG", mimeJPEG, func() any { return v.JPEG() })
	}
}

func (m *maker) ownJSON(v any) {
	var made func() any
	switch v := v.(type) {
	case JSONer:
		made = v.JSON
	case interface{ JSON() map[string]any }:
		made = func() any { return v.JSON() }
	case interface{ JSON() string }:
		made = func() any { return v.JSON() }
	case interface{ JSON() []byte }:
		made = func() any { return v.JSON() }
	default:
		return
	}
	m.put("JSON", mimeJSON, func() any { return jsonValue(made()) })
}
