package display

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"reflect"
	"strings"
	"testing"
)

// everything has every display method.
type everything struct{}

func (everything) HTML() string       { return "<b>h</b>" }
func (everything) Markdown() string   { return "*m*" }
func (everything) Latex() string      { return `\alpha` }
func (everything) SVG() string        { return "<svg/>" }
func (everything) PNG() []byte        { return []byte("p") }
func (everything) JPEG() []byte       { return []byte("j") }
func (everything) JSON() any          { return map[string]int{"n": 1} }
func (everything) JavaScript() string { return "1" }
func (everything) String() string     { return "text" }

func TestMethodsGiveFormats(t *testing.T) {
	got := Of(everything{}).Data
	want := map[string]any{
		"text/html":              "<b>h</b>",
		"text/markdown":          "*m*",
		"text/latex":             `$$\alpha$$`,
		"image/svg+xml":          "<svg/>",
		"image/png":              []byte("p"),
		"image/jpeg":             []byte("j"),
		"application/json":       map[string]any{"n": json.Number("1")},
		"application/javascript": "1",
		"text/plain":             "text",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

type figure struct{}

func (figure) MIMEBundle() map[string]any {
	return map[string]any{"image/png": []byte{1}, "text/plain": "a curve"}
}

func (figure) MIMEMetadata() map[string]any {
	return map[string]any{"image/png": map[string]any{"width": 432, "height": 288}}
}

func TestMIMEBundle(t *testing.T) {
	b := Of(figure{})
	if want := (figure{}).MIMEBundle(); !reflect.DeepEqual(b.Data, want) {
		t.Errorf("data %v, want %v", b.Data, want)
	}
	if want := (figure{}).MIMEMetadata(); !reflect.DeepEqual(b.Metadata, want) {
		t.Errorf("metadata %v, want %v", b.Metadata, want)
	}
}

type jsonMap struct{}

func (jsonMap) JSON() map[string]any { return map[string]any{"a": "b"} }

type jsonText struct{ text string }

func (j jsonText) JSON() string { return j.text }

func TestJSONMethods(t *testing.T) {
	want := map[string]any{"a": "b"}
	for _, v := range []any{jsonMap{}, jsonText{`{"a": "b"}`}} {
		if got := Of(v).Data["application/json"]; !reflect.DeepEqual(got, want) {
			t.Errorf("%T: %v", v, got)
		}
	}
	b := Of(jsonText{"{"})
	if _, ok := b.Data["application/json"]; ok || !strings.Contains(b.String(), "not JSON") {
		t.Errorf("broken JSON gives %v", b.Data)
	}
}

type broken struct{ A int }

func (broken) HTML() string { panic("out of ink") }

func TestPanicIsNoted(t *testing.T) {
	b := Of(broken{3})
	if want := "display.broken{A:3}\n(HTML panicked: out of ink)"; b.String() != want || len(b.Data) != 1 {
		t.Errorf("got %v, want only text %q", b.Data, want)
	}
	if b := Of((*broken)(nil)); b.String() != "<nil>" {
		t.Errorf("nil pointer: %q", b)
	}
}

func TestRenderers(t *testing.T) {
	defer func() { renderers.list = nil }()
	Register(func(v any) (Bundle, bool) {
		_, ok := v.(point)
		return HTML("old"), ok
	})
	Register(func(v any) (Bundle, bool) {
		if v == any(point{X: 2}) {
			panic("not this one")
		}
		return HTML("new"), v == any(point{X: 1})
	})
	for x, want := range []string{"old", "new", "old"} {
		if got := Of(point{X: x}).Data["text/html"]; got != want {
			t.Errorf("point %d is %v, want %v", x, got, want)
		}
	}
	if text := Of(point{X: 2}).String(); !strings.Contains(text, "(a renderer panicked: not this one)") {
		t.Errorf("the panic is not noted: %q", text)
	}
	if got := Of(everything{}).Data["text/html"]; got != "<b>h</b>" {
		t.Errorf("a method gives way to a renderer: %v", got)
	}
}

func TestImages(t *testing.T) {
	gray := image.NewGray(image.Rect(0, 0, 8, 5))
	gray.Pix[3] = 200
	b := Of(gray)
	back, err := png.Decode(bytes.NewReader(b.Data["image/png"].([]byte)))
	if err != nil || !reflect.DeepEqual(back, gray) {
		t.Errorf("the picture comes back as %v, %v", back, err)
	}
	if b.String() != "image, 8×5" {
		t.Errorf("text %q", b)
	}
	if got := PNG(b.Data["image/png"].([]byte)).String(); got != "PNG picture, 8×5" {
		t.Errorf("PNG: %q", got)
	}
	if got := Of(image.NewGray(image.Rectangle{})).String(); got != "empty image, 0×0" {
		t.Errorf("empty: %q", got)
	}
}

func TestConstructors(t *testing.T) {
	for _, test := range []struct {
		b          Bundle
		mime, data string
		text       string
	}{
		{HTML("<i>x</i>"), "text/html", "<i>x</i>", "<i>x</i>"},
		{Markdown("# T"), "text/markdown", "# T", "# T"},
		{Math("x^2"), "text/latex", "$$x^2$$", "x^2"},
		{Math("$x$"), "text/latex", "$x$", "$x$"},
		{SVG("<svg/>"), "image/svg+xml", "<svg/>", "SVG drawing (6 bytes)"},
		{Text("t"), "text/plain", "t", "t"},
	} {
		got := Of(test.b)
		if got.Data[test.mime] != test.data || got.String() != test.text {
			t.Errorf("%s: %v", test.mime, got.Data)
		}
	}
	if b := JSON(func() {}); b.Data["application/json"] != nil || !strings.Contains(b.String(), "unsupported type: func()") {
		t.Errorf("JSON of a function: %v", b.Data)
	}
	list := []int{1}
	b := JSON(list)
	list[0] = 2
	if text, _ := json.Marshal(b.Data["application/json"]); string(text) != "[1]" {
		t.Errorf("JSON does not keep what the value was: %s", text)
	}
}

// A bundle given away may be changed without changing the value it came from.
func TestOfCopies(t *testing.T) {
	b := HTML("x")
	c := Of(b)
	c.Data["text/html"] = "y"
	if b.Data["text/html"] != "x" {
		t.Error("Of shares the maps of a bundle")
	}
	if got := Of(Bundle{}); got.Data["text/plain"] != "" {
		t.Errorf("the empty bundle has no text: %v", got.Data)
	}
}
