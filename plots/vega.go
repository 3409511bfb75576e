package plots

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"

	"github.com/gocrate/gocrate/internal/mathtext"
	"gonum.org/v1/plot"
)

// VegaLite is a figure for looking at: pointing at a mark tells its numbers, and
// an animation has a slider. It works without the kernel, wherever Vega-Lite 5
// does, as in JupyterLab; elsewhere its picture stands in.
type VegaLite struct {
	// Spec is the specification, as encoding/json takes it; change it as you like.
	Spec map[string]any

	picture func() map[string]any
}

// object is a piece of a Vega-Lite specification.
type object = map[string]any

const (
	vegaLiteMIME   = "application/vnd.vegalite.v5+json"
	vegaLiteSchema = "https://vega.github.io/schema/vega-lite/v5.json"
)

// Interactive returns the figure as a Vega-Lite specification. Formulas become
// plain text, and plotters of gonum's a picture.
func (f *Figure) Interactive() *VegaLite {
	spec := f.spec()
	spec["$schema"] = vegaLiteSchema
	spec["description"] = f.String()
	spec["usermeta"] = f.usermeta()
	return &VegaLite{Spec: spec, picture: f.MIMEBundle}
}

// Interactive returns the animation as a Vega-Lite specification with a slider
// that chooses the frame; name is what the slider is called, "layer" for example.
func (a *Animation) Interactive(name string) *VegaLite {
	var specs []object
	var titles []string
	for _, f := range a.frames {
		specs = append(specs, f.spec())
		titles = append(titles, mathtext.Plain(f.title()))
	}
	spec := merged(specs)
	spec["$schema"] = vegaLiteSchema
	spec["description"] = a.String()
	spec["usermeta"] = a.frames[0].usermeta()
	spec["params"] = []any{object{"name": "frame", "value": 1, "bind": object{
		"input": "range", "min": 1, "max": len(specs), "step": 1, "name": name + " "}}}
	if list, err := json.Marshal(titles); err == nil && titles[0] != "" {
		spec["title"] = object{"text": object{"expr": string(list) + "[frame - 1]"}}
	}
	return &VegaLite{Spec: spec, picture: a.MIMEBundle}
}

// MIMEBundle returns the specification, and the picture for where it is not drawn.
func (v *VegaLite) MIMEBundle() map[string]any {
	bundle := v.picture()
	bundle[vegaLiteMIME] = v.Spec
	return bundle
}

// Text returns the specification as JSON, for a file or a web page.
//
// It is not called JSON because JupyterLab would then show a tree of the
// specification instead of the figure.
func (v *VegaLite) Text() []byte {
	text, err := json.MarshalIndent(v.Spec, "", " ")
	if err != nil {
		panic("plots: writing a Vega-Lite specification: " + err.Error())
	}
	return text
}

// spec is the figure as a specification.
func (f *Figure) spec() object { return f.part(cssPixels(f.Width), cssPixels(f.height())) }

// part is the figure's part of a specification, in CSS pixels.
func (f *Figure) part(width, height int) object {
	spec := f.content.spec(width, height, f.style)
	if spec == nil {
		spec = pictureSpec(base64PNG(f.PNG()), f.String(), width, height)
	}
	if title := f.title(); title != "" {
		spec["title"] = mathtext.Plain(title)
	}
	return spec
}

func cssPixels(inches float64) int { return int(math.Round(96 * inches)) }

// merged lays specifications of one form over each other: the data of each get
// its number as "frame", and the slider's value chooses among them.
func merged(specs []object) object {
	out := object{}
	for key, value := range specs[0] {
		out[key] = value
	}
	if parts, ok := specs[0]["concat"].([]any); ok {
		var all []any
		for i := range parts {
			var same []object
			for _, s := range specs {
				if p, ok := s["concat"].([]any); ok && i < len(p) {
					same = append(same, p[i].(object))
				}
			}
			all = append(all, merged(same))
		}
		out["concat"] = all
		return out
	}
	var rows []any
	for frame, s := range specs {
		for _, row := range s["data"].(object)["values"].([]any) {
			row.(object)["frame"] = frame + 1
			rows = append(rows, row)
		}
	}
	out["data"] = object{"values": rows}
	out["transform"] = []any{object{"filter": "datum.frame == frame"}}
	return out
}

// number is v as JSON can hold it, with five digits; null where it has no value.
func number(v float64) any {
	if !finite(v) {
		return nil
	}
	short, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 5, 64), 64)
	return short
}

func hex(c color.Color) string {
	r := opaque(c)
	return fmt.Sprintf("#%02x%02x%02x", r.R, r.G, r.B)
}

func (m colorMap) hexes() (list []string) {
	for _, c := range m {
		list = append(list, hex(c))
	}
	return list
}

// quantity is an encoding of numbers by their position along an axis.
func quantity(field string, axis plot.Axis) object {
	about := object{"domain": []any{number(axis.Min), number(axis.Max)}, "type": "log", "nice": false}
	if !isLog(axis) { // which knows no zero
		about["type"], about["zero"] = "linear", false
	}
	marks := object{}
	if t, ok := axis.Tick.Marker.(Ticks); ok && t.Integer {
		var whole []any
		for _, mark := range t.Ticks(axis.Min, axis.Max) {
			whole = append(whole, mark.Value)
		}
		marks = object{"values": whole, "format": "d"}
	}
	return object{"field": field, "type": "quantitative", "title": mathtext.Plain(axis.Label.Text), "scale": about, "axis": marks}
}

func tooltip(names ...string) (list []any) {
	for _, name := range names {
		list = append(list, object{"field": name})
	}
	return list
}

// pictureSpec shows a PNG.
func pictureSpec(url, title string, width, height int) object {
	return object{
		"width": width, "height": height,
		"data": object{"values": []any{object{"url": url, "picture": title}}},
		"mark": object{"type": "image", "width": width, "height": height},
		"encoding": object{
			"x": object{"value": width / 2}, "y": object{"value": height / 2},
			"url": object{"field": "url", "type": "nominal"}, "tooltip": tooltip("picture"),
		},
	}
}

func base64PNG(data []byte) string {
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(data)
}

// dataURL is the picture of a tile for a place of the given width. Each cell has
// so many pixels that a browser, which smooths what it enlarges, has no need to.
func (t tile) dataURL(width int) string {
	n := (2*width + t.width - 1) / t.width
	img := image.NewRGBA(image.Rect(0, 0, n*t.width, n*t.height))
	for i := range n * t.height {
		for j := range n * t.width {
			img.SetRGBA(j, i, t.at(i/n, j/n))
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic("plots: writing a picture to memory: " + err.Error())
	}
	return base64PNG(b.Bytes())
}
