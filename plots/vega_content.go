package plots

import (
	"math"

	"github.com/gocrate/gocrate/internal/mathtext"
	"gonum.org/v1/plot"
)

func (g *panels) spec(width, height int, _ Style) object {
	var parts []any
	for _, f := range g.figs {
		parts = append(parts, f.spec())
	}
	return object{"concat": parts, "columns": g.columns, "resolve": object{"scale": object{"color": "independent"}}}
}

// mostCells is how many cells a specification lists; a larger matrix becomes a
// picture, since a browser would be slow with more.
const mostCells = 20000

func (a *axes) spec(width, height int, s Style) object {
	switch {
	case a.message != "":
		return nil
	case a.heat != nil:
		return a.heat.spec(width, height, a.bar, a.plot)
	case len(a.legend) == 0:
		return nil
	}
	if _, ok := a.legend[0].drawing.(*line); ok {
		return a.curvesSpec(width, height, s)
	}
	return a.cloudsSpec(width, height, s)
}

func (h *heatmap) spec(width, height int, bar *colorBar, p *plot.Plot) object {
	rows, cols := h.m.Dims()
	if rows*cols > mostCells {
		return nil
	}
	label := "value"
	if bar != nil {
		label = mathtext.Plain(bar.label)
	}
	var values []any
	for i := range rows {
		for j := range cols {
			values = append(values, object{"row": i + 1, "column": j + 1, "value": number(h.m.At(i, j))})
		}
	}
	position := func(field, title string) object {
		return object{"field": field, "type": "ordinal", "title": mathtext.Plain(title), "axis": object{"labelOverlap": true}}
	}
	return object{
		"width": width - 80, "height": height, "data": object{"values": values}, "mark": "rect",
		"encoding": object{
			"x": position("column", p.X.Label.Text), "y": position("row", p.Y.Label.Text),
			"color": object{"field": "value", "type": "quantitative", "title": label,
				"scale": object{"domain": []any{number(h.scale.lo), number(h.scale.hi)}, "range": h.scale.colors.hexes()}},
			"tooltip": tooltip("row", "column", "value"),
		},
	}
}

func (a *axes) curvesSpec(width, height int, s Style) object {
	var values []any
	var names, tints []string
	spread := false
	for _, e := range a.legend {
		l := e.drawing.(*line)
		name := mathtext.Plain(e.label)
		names, tints = append(names, name), append(tints, hex(l.tint()))
		spread = spread || l.SD != nil
		for i := range l.Mean {
			x, mean, lo, hi, ok := l.at(i)
			if !ok {
				mean = math.NaN()
			}
			values = append(values, object{"series": name, "x": number(x), "y": number(mean), "low": number(lo), "high": number(hi)})
		}
	}
	encoding := a.positions()
	encoding["color"] = nominal("series", names, tints)
	layers := []any{}
	if spread {
		layers = append(layers, object{"mark": object{"type": "area", "opacity": .2},
			"encoding": object{"y": object{"field": "low", "type": "quantitative"}, "y2": object{"field": "high"}}})
	}
	layers = append(layers, object{"mark": object{"type": "line", "strokeWidth": s.LineWidth * 96 / 72}},
		object{"mark": object{"type": "point", "filled": true, "opacity": 1}, "encoding": object{"tooltip": tooltip("series", "x", "y", "low", "high")}})
	return object{"width": width, "height": height, "data": object{"values": values}, "encoding": encoding, "layer": layers}
}

// cloudsSpec draws points, or ways from point to point.
func (a *axes) cloudsSpec(width, height int, s Style) object {
	var values []any
	var names, tints []string
	_, ways := a.legend[0].drawing.(*way)
	for k, e := range a.legend {
		p := pointsOf(e.drawing)
		name := mathtext.Plain(p.Label)
		if e.label != "" {
			names, tints = append(names, name), append(tints, hex(s.color(p.index)))
		}
		for i := range p.X {
			values = append(values, object{"class": name, "x": number(p.X[i]), "y": number(p.Y[i]), "way": k + 1, "step": i + 1})
		}
	}
	encoding := a.positions()
	encoding["color"] = nominal("class", names, tints)
	spec := object{"width": width, "height": height, "data": object{"values": values}, "encoding": encoding}
	if ways {
		encoding["detail"] = object{"field": "way"}
		encoding["order"] = object{"field": "step"}
		encoding["tooltip"] = tooltip("class", "way", "step", "x", "y")
		spec["mark"] = object{"type": "line", "point": true, "strokeWidth": 1}
		return spec
	}
	encoding["tooltip"] = tooltip("class", "x", "y")
	spec["mark"] = object{"type": "point", "filled": true}
	return spec
}

func pointsOf(d drawing) *points {
	if w, ok := d.(*way); ok {
		return w.points
	}
	return d.(*points)
}

// positions are the encodings of both axes.
func (a *axes) positions() object {
	kind := func(axis plot.Axis) string {
		if isLog(axis) {
			return "log"
		}
		return "linear"
	}
	p := a.plot
	return object{
		"x": quantity("x", p.X.Label.Text, p.X.Min, p.X.Max, kind(p.X)),
		"y": quantity("y", p.Y.Label.Text, p.Y.Min, p.Y.Max, kind(p.Y)),
	}
}

// nominal is an encoding of names by colours.
func nominal(field string, names, tints []string) object {
	return object{"field": field, "type": "nominal", "title": nil, "scale": object{"domain": names, "range": tints}}
}

func (s *space) spec(width, height int, style Style) object {
	var values []any
	var names, tints []string
	for i, c := range s.clouds {
		names, tints = append(names, mathtext.Plain(c.Label)), append(tints, hex(style.color(i)))
	}
	s.each(func(cloud int, p [3]float64) {
		v := s.view(s.unit(p))
		values = append(values, object{"class": names[cloud], "right": number(v.x), "up": number(v.y),
			"x₁": number(p[0]), "x₂": number(p[1]), "x₃": number(p[2])})
	})
	position := func(field string) object {
		return object{"field": field, "type": "quantitative", "axis": nil, "scale": object{"domain": []any{-1.75, 1.75}}}
	}
	return object{"width": width, "height": height, "data": object{"values": values},
		"mark": object{"type": "point", "filled": true},
		"encoding": object{"x": position("right"), "y": position("up"), "color": nominal("class", names, tints),
			"tooltip": tooltip("class", "x₁", "x₂", "x₃")}}
}

func (s *sheet) spec(width, height int, _ Style) object {
	var parts []any
	side := width / s.columns
	for i, t := range s.tiles {
		name := mathtext.Plain(t.title)
		if r := i / s.columns; r < len(s.rows) {
			name = mathtext.Plain(s.rows[r]) + " " + name
		}
		part := pictureSpec(t.dataURL(), name, side, side*t.height/t.width)
		if t.value != nil && t.height*t.width <= 1024 {
			part = t.spec(side)
		}
		if t.title != "" {
			part["title"] = object{"text": mathtext.Plain(t.title), "fontSize": 11}
		}
		parts = append(parts, part)
	}
	return object{"concat": parts, "columns": s.columns, "spacing": 6}
}

// spec lists the cells of a map with their values.
func (t tile) spec(side int) object {
	var values []any
	for i := range t.height {
		for j := range t.width {
			values = append(values, object{"row": i + 1, "column": j + 1, "value": number(t.value(i, j)), "tint": hex(t.at(i, j))})
		}
	}
	position := func(field string) object { return object{"field": field, "type": "ordinal", "axis": nil} }
	return object{"width": side, "height": side * t.height / t.width, "data": object{"values": values}, "mark": "rect",
		"encoding": object{"x": position("column"), "y": position("row"), "tooltip": tooltip("row", "column", "value"),
			"color": object{"field": "tint", "type": "nominal", "scale": nil}}}
}
