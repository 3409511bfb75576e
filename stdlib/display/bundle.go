package display

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"maps"

	// PNG and JPEG read the size of a picture from its bytes.
	_ "image/jpeg"
	_ "image/png"
)

// The formats that a bundle commonly holds.
const (
	mimeText       = "text/plain"
	mimeHTML       = "text/html"
	mimeMarkdown   = "text/markdown"
	mimeLatex      = "text/latex"
	mimeSVG        = "image/svg+xml"
	mimePNG        = "image/png"
	mimeJPEG       = "image/jpeg"
	mimeJSON       = "application/json"
	mimeJavaScript = "application/javascript"
)

// Bundle is one thing to show in several formats.
type Bundle struct {
	// Data maps a MIME type to its content: a string, a []byte for a binary
	// format, or any JSON value for a type that ends in "json".
	Data map[string]any

	// Metadata maps a MIME type to what is known about its content, such as
	// the "width" and "height" of a picture in CSS pixels.
	Metadata map[string]any

	// ID names the place where the bundle is shown, for later updates. Show
	// chooses one where it is empty.
	ID string
}

// MIMEBundle returns b.Data: a bundle is itself a [MIMEBundler].
func (b Bundle) MIMEBundle() map[string]any { return b.Data }

// MIMEMetadata returns b.Metadata: a bundle is itself a [MIMEMetadataer].
func (b Bundle) MIMEMetadata() map[string]any { return b.Metadata }

// String returns the text/plain form of b.
func (b Bundle) String() string {
	s, _ := b.Data[mimeText].(string)
	return s
}

// clone returns a copy of b whose maps are its own and that has a text/plain.
func (b Bundle) clone() Bundle {
	b.Data, b.Metadata = maps.Clone(b.Data), maps.Clone(b.Metadata)
	if b.Data == nil {
		b.Data = make(map[string]any)
	}
	b.Data[mimeText] = b.String()
	return b
}

// HTML returns a value that shows itself as HTML.
func HTML(s string) Bundle { return textual(mimeHTML, s) }

// Markdown returns a value that shows itself as Markdown, in which $…$ and
// $$…$$ are formulas.
func Markdown(s string) Bundle { return textual(mimeMarkdown, s) }

// JavaScript returns a value that runs s in the reader's browser, where the
// front end trusts the notebook.
func JavaScript(s string) Bundle { return textual(mimeJavaScript, s) }

// Text returns a value that shows itself as plain text, of any length.
func Text(s string) Bundle { return Bundle{Data: map[string]any{mimeText: s}} }

// Math returns a value that shows itself as a displayed formula. The text is
// LaTeX, with or without the surrounding dollar signs.
func Math(latex string) Bundle {
	b := textual(mimeLatex, displayMath(latex))
	b.Data[mimeText] = abbreviate(latex)
	return b
}

// SVG returns a value that shows itself as a drawing.
func SVG(s string) Bundle {
	return Bundle{Data: map[string]any{mimeSVG: s, mimeText: fmt.Sprintf("SVG drawing (%d bytes)", len(s))}}
}

// PNG returns a value that shows itself as a picture, one CSS pixel for every
// pixel of b.
func PNG(b []byte) Bundle { return picture(mimePNG, "PNG", b) }

// JPEG returns a value that shows itself as a picture, one CSS pixel for every
// pixel of b.
func JPEG(b []byte) Bundle { return picture(mimeJPEG, "JPEG", b) }

// JSON returns a value that shows itself as a tree to unfold. It keeps what v
// is now; a v that encoding/json refuses is shown as text that says why.
func JSON(v any) Bundle {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return Text(fmt.Sprintf("display.JSON: %v", err))
	}
	return Bundle{Data: map[string]any{mimeJSON: decodeJSON(text), mimeText: abbreviate(string(text))}}
}

// textual is a bundle of one text format, whose source doubles as plain text.
func textual(mime, s string) Bundle {
	return Bundle{Data: map[string]any{mime: s, mimeText: abbreviate(s)}}
}

// displayMath puts latex between $$ unless it brings its own delimiters.
func displayMath(latex string) string {
	for _, open := range []string{"$", `\[`, `\(`, `\begin`} {
		if len(latex) >= len(open) && latex[:len(open)] == open {
			return latex
		}
	}
	return "$$" + latex + "$$"
}

func picture(mime, format string, b []byte) Bundle {
	text := fmt.Sprintf("%s picture (%d bytes)", format, len(b))
	if c, _, err := image.DecodeConfig(bytes.NewReader(b)); err == nil {
		text = fmt.Sprintf("%s picture, %d×%d", format, c.Width, c.Height)
	}
	return Bundle{Data: map[string]any{mime: b, mimeText: text}}
}

// decodeJSON returns text, which json.Marshal has made, as maps, slices and
// numbers that keep all of their digits.
func decodeJSON(text []byte) any {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return string(text)
	}
	return v
}
