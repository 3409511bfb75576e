package display

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// Of returns how v is shown: through its own methods, else by a registered
// renderer, else as text; see the package comment. It never panics: a method
// that does becomes a note in the text. The bundle always has a text/plain and
// is the caller's to change.
func Of(v any) Bundle {
	v = unwrap(v)
	if b, ok := v.(Bundle); ok {
		return b.clone()
	}
	m := maker{Bundle: Bundle{Data: make(map[string]any)}}
	if !isNilPointer(v) {
		m.ownFormats(v)
		if len(m.Data) == 0 {
			m.rendered(v)
		}
	}
	if _, ok := m.Data[mimeText].(string); !ok {
		m.Data[mimeText] = textOf(v)
	}
	if len(m.notes) > 0 {
		m.Data[mimeText] = m.String() + "\n" + strings.Join(m.notes, "\n")
	}
	return m.Bundle
}

var renderers struct {
	sync.RWMutex
	list []func(v any) (Bundle, bool)
}

// Register adds a renderer: a function that says how it shows the values it
// knows, and false for all others. Renderers are asked in turn, the newest
// first, about values that have no display methods of their own.
func Register(f func(v any) (Bundle, bool)) {
	if f == nil {
		panic("display.Register: the renderer is nil")
	}
	renderers.Lock()
	defer renderers.Unlock()
	renderers.list = append(renderers.list, f)
}

// A maker collects the formats of one value, and notes which of the ways to
// get one panicked.
type maker struct {
	Bundle
	notes []string
}

// rendered adds what the newest renderer that knows v makes of it.
func (m *maker) rendered(v any) {
	renderers.RLock()
	list := renderers.list
	renderers.RUnlock()
	for _, f := range slices.Backward(list) {
		known := false
		m.try("a renderer", func() {
			var b Bundle
			if b, known = f(v); known {
				m.merge(b)
			}
		})
		if known {
			return
		}
	}
	if img, ok := v.(image.Image); ok {
		m.try("the image", func() { m.merge(encodeImage(img)) })
	}
}

// try runs f, which gets a format by the named method, and notes a panic.
func (m *maker) try(method string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			m.notes = append(m.notes, fmt.Sprintf("(%s panicked: %v)", method, r))
		}
	}()
	f()
}

// put adds what content returns under mime, unless it is empty.
func (m *maker) put(method, mime string, content func() any) {
	m.try(method, func() {
		switch c := content().(type) {
		case nil:
		case string:
			if c != "" {
				m.Data[mime] = c
			}
		case []byte:
			if len(c) > 0 {
				m.Data[mime] = c
			}
		default:
			m.Data[mime] = c
		}
	})
}

// merge adds the formats of b, and takes its ID.
func (m *maker) merge(b Bundle) {
	maps.Copy(m.Data, b.Data)
	if m.Metadata == nil && len(b.Metadata) > 0 {
		m.Metadata = make(map[string]any)
	}
	maps.Copy(m.Metadata, b.Metadata)
	if b.ID != "" {
		m.ID = b.ID
	}
}

// unwrap returns the value inside a reflect.Value, which is how an interpreter
// holds what it shows.
func unwrap(v any) any {
	r, ok := v.(reflect.Value)
	if !ok {
		return v
	}
	if !r.IsValid() {
		return nil
	}
	if !r.CanInterface() {
		return v
	}
	return r.Interface()
}

// isNilPointer reports whether v is a nil pointer in an interface: its methods
// would fail.
func isNilPointer(v any) bool {
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && r.IsNil()
}

// encodeImage returns img as a picture; a large one is not scaled.
func encodeImage(img image.Image) Bundle {
	if img == nil || isNilPointer(img) {
		return Bundle{}
	}
	size := img.Bounds().Size()
	if size.X <= 0 || size.Y <= 0 {
		return Text(fmt.Sprintf("empty image, %d×%d", size.X, size.Y))
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		return Text(fmt.Sprintf("image, %d×%d, which PNG cannot hold: %v", size.X, size.Y, err))
	}
	b := PNG(buf.Bytes())
	b.Data[mimeText] = fmt.Sprintf("image, %d×%d", size.X, size.Y)
	return b
}

// latexText makes a text without formulas into one.
func latexText(s string) string {
	if s == "" || strings.Contains(s, "$") {
		return s
	}
	return displayMath(s)
}

// jsonValue returns what a JSON method made as a value of encoding/json.
func jsonValue(v any) any {
	var text []byte
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		text = []byte(v)
	case []byte:
		text = v
	case json.RawMessage:
		text = v
	default:
		var err error
		if text, err = json.Marshal(v); err != nil {
			panic(err)
		}
	}
	if len(text) == 0 {
		return nil
	}
	if !json.Valid(text) {
		panic(errors.New("it returned text that is not JSON"))
	}
	return decodeJSON(text)
}
