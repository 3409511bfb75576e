package plots

import (
	"cmp"
	"math"
	"strings"

	"github.com/gocrate/gocrate/internal/mathtext"
	"gonum.org/v1/plot"
)

// spec sets the panels side by side, as wide together as the figure.
func (g *panels) spec(width, height int, _ Style) object {
	if g.bar != nil {
		width -= legendWidth
	}
	var parts []any
	for r := range g.rows() {
		total := 0.
		for _, f := range g.row(r) {
			total += f.Width * float64(g.columns) / float64(len(g.row(r)))
		}
		for _, f := range g.row(r) {
			share := float64(width) / 96 / total
			parts = append(parts, f.part(cssPixels(f.Width*share), cssPixels(f.height()*max(share, .6))))
		}
	}
	if g.bar != nil { // the last panel has it for all
		encoding, _ := parts[len(parts)-1].(object)["encoding"].(object)
		if color, ok := encoding["color"].(object); ok {
			delete(color, "legend")
			color["title"] = mathtext.Plain(g.bar.label)
		}
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
		return a.heatSpec(width, height)
	case len(a.legend) == 0:
		return nil
	}
	if _, ok := a.legend[0].drawing.(*line); ok {
		return a.curvesSpec(width, height, s)
	}
	return a.cloudsSpec(width, height, s)
}

// beside is the room in CSS pixels that axes with their labels take of a chart's
// width, below of its height; a chart without axes keeps a gap.
const beside, below, gap, legendWidth = 60, 50, 20, 80

// inner is what is left of a chart's size for its data, never nothing.
func inner(size, taken int) int { return max(32, size-taken) }

// heatSpec lists the cells of a heatmap. They have whole numbers of pixels, since
// others leave seams.
func (a *axes) heatSpec(width, height int) object {
	rows, cols := a.heat.m.Dims()
	if rows*cols > mostCells {
		return nil
	}
	color := object{"field": "value", "type": "quantitative", "legend": nil,
		"scale": object{"domain": []any{number(a.heat.scale.lo), number(a.heat.scale.hi)}, "range": a.heat.scale.colors.hexes()}}
	if a.bar != nil {
		delete(color, "legend")
		color["title"] = mathtext.Plain(a.bar.label)
		width -= legendWidth
	}
	if a.bare {
		width -= gap
	} else {
		width, height = inner(width, beside), inner(height, below)
	}
	row, column := namesOf(a.plot.Y, rows), namesOf(a.plot.X, cols)
	var values []any
	for i := range rows {
		for j := range cols {
			values = append(values, object{"row": row[i], "column": column[j], "value": number(a.heat.m.At(i, j))})
		}
	}
	position := func(field string, axis plot.Axis) object {
		p := object{"field": field, "type": "ordinal", "sort": nil, "title": mathtext.Plain(axis.Label.Text), "axis": object{"labelOverlap": true, "labelAngle": 0}}
		if a.bare {
			p["axis"] = nil
		}
		return p
	}
	step := func(pixels, cells int) object { return object{"step": max(1, pixels/cells)} }
	return object{
		"width": step(width, cols), "height": step(height, rows), "data": object{"values": values}, "mark": "rect",
		"encoding": object{"x": position("column", a.plot.X), "y": position("row", a.plot.Y), "color": color,
			"tooltip": tooltip("row", "column", "value")},
	}
}

// namesOf are what an axis calls 1, 2, …, n.
func namesOf(axis plot.Axis, n int) []any {
	names := make([]any, n)
	for i := range names {
		names[i] = i + 1
	}
	if ticks, ok := axis.Tick.Marker.(plot.ConstantTicks); ok && len(ticks) == n {
		for i, t := range ticks {
			names[i] = mathtext.Plain(t.Label)
		}
	}
	return names
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
	return object{"width": inner(width, beside), "height": inner(height, below), "data": object{"values": values}, "encoding": encoding, "layer": layers}
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
	spec := object{"width": inner(width, beside), "height": inner(height, below), "data": object{"values": values}, "encoding": encoding}
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
	return object{"x": quantity("x", a.plot.X), "y": quantity("y", a.plot.Y)}
}

// nominal is an encoding of names by colours, with a legend if there are any.
func nominal(field string, names, tints []string) object {
	legend := object{"orient": "top", "title": nil}
	if strings.Join(names, "") == "" {
		legend = nil
	}
	return object{"field": field, "type": "nominal", "legend": legend, "scale": object{"domain": names, "range": tints}}
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
	side := max(16, width/s.columns-8)
	for i, t := range s.tiles {
		name, row := mathtext.Plain(t.title), ""
		if r := i / s.columns; r < len(s.rows) {
			row = mathtext.Plain(s.rows[r])
		}
		about := cmp.Or(strings.TrimSpace(row+" "+name), "image")
		part := pictureSpec(t.dataURL(side), about, side, side*t.height/t.width)
		if t.value != nil && t.height*t.width <= 1024 {
			part = t.spec(side)
		}
		if i%s.columns == 0 && row != "" {
			part["title"] = object{"text": row, "orient": "left", "fontSize": 11}
		} else if name != "" {
			part["title"] = object{"text": name, "fontSize": 11}
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
	step := object{"step": max(1, side/t.width)}
	return object{"width": step, "height": step, "data": object{"values": values}, "mark": "rect",
		"encoding": object{"x": position("column"), "y": position("row"), "tooltip": tooltip("row", "column", "value"),
			"color": object{"field": "tint", "type": "nominal", "scale": nil}}}
}
