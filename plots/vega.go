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

// JSON returns the specification as text, for a file or a web page.
func (v *VegaLite) JSON() []byte {
	text, err := json.MarshalIndent(v.Spec, "", " ")
	if err != nil {
		panic("plots: writing a Vega-Lite specification: " + err.Error())
	}
	return text
}

// spec is the figure's part of a specification.
func (f *Figure) spec() object {
	spec := f.content.spec(cssPixels(f.Width), cssPixels(f.height()), f.style)
	if spec == nil {
		spec = pictureSpec(base64PNG(f.PNG()), f.String(), cssPixels(f.Width), cssPixels(f.height()))
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

// quantity is an encoding of numbers by a position.
func quantity(field, title string, lo, hi float64, scale string) object {
	about := object{"domain": []any{number(lo), number(hi)}, "type": scale, "nice": false}
	if scale != "log" { // which knows no zero
		about["zero"] = false
	}
	return object{"field": field, "type": "quantitative", "title": mathtext.Plain(title), "scale": about}
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

// dataURL is the picture of a tile, a pixel for each cell.
func (t tile) dataURL() string {
	img := image.NewRGBA(image.Rect(0, 0, t.width, t.height))
	for i := range t.height {
		for j := range t.width {
			img.SetRGBA(j, i, t.at(i, j))
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic("plots: writing a picture to memory: " + err.Error())
	}
	return base64PNG(b.Bytes())
}
