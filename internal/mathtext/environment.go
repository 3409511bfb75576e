package mathtext

import "strings"

// environment reads \begin{name}…\end{name}.
func (p *parser) environment() Node {
	name := strings.TrimSuffix(strings.TrimSpace(p.raw()), "*")
	p.optional()
	t, ok := environments[name]
	if !ok {
		t = Table{Align: "rl"}
	}
	if name == "array" {
		t.Align = columns(p.raw())
	}
	font := p.font
	t.Rows = withoutLast(p.nested())
	p.font = font
	if e := p.peek(); e.kind == tokenCommand && e.text == "end" {
		p.next()
		p.raw()
	}
	return t
}

var environments = map[string]Table{
	"matrix":      {Align: "c", Gap: 1},
	"smallmatrix": {Align: "c", Gap: .5},
	"pmatrix":     {Open: "(", Close: ")", Align: "c", Gap: 1},
	"bmatrix":     {Open: "[", Close: "]", Align: "c", Gap: 1},
	"Bmatrix":     {Open: "{", Close: "}", Align: "c", Gap: 1},
	"vmatrix":     {Open: "|", Close: "|", Align: "c", Gap: 1},
	"Vmatrix":     {Open: "‖", Close: "‖", Align: "c", Gap: 1},
	"array":       {Align: "c", Gap: 1},
	"cases":       {Open: "{", Align: "l", Gap: 1},
	"aligned":     {Align: "rl"},
	"align":       {Align: "rl"},
	"split":       {Align: "rl"},
	"gathered":    {Align: "c"},
	"gather":      {Align: "c"},
	"equation":    {Align: "c"},
}

// columns keeps the letters of an array's column specification.
func columns(spec string) string {
	align := strings.Map(func(r rune) rune {
		if strings.ContainsRune("lcr", r) {
			return r
		}
		return -1
	}, spec)
	if align == "" {
		return "c"
	}
	return align
}

// withoutLast drops the empty row that a final \\ opens.
func withoutLast(rows [][]Node) [][]Node {
	last := rows[len(rows)-1]
	if len(rows) > 1 && len(last) == 1 {
		if r, ok := last[0].(Row); ok && len(r) == 0 {
			return rows[:len(rows)-1]
		}
	}
	return rows
}
