package stdlib

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"gonum.org/v1/gonum/mat"
)

// What a table shows of a matrix: so many of the first rows and columns, and
// so many of the last, if there are more.
const (
	tableRows    = 10
	tableColumns = 8
	tableEnd     = 2
)

// rangeLimit is the number of elements that are read to find the range of a
// matrix: about a hundredth of a second.
const rangeLimit = 1 << 22

// A table is a matrix as it is shown: a caption, and cells of text with "…"
// for what is left out.
type table struct {
	caption string
	cells   [][]string
}

func newTable(m mat.Matrix) table {
	rows, columns := m.Dims()
	t := table{caption: caption(m)}
	for _, i := range excerpt(rows, tableRows) {
		var line []string
		for _, j := range excerpt(columns, tableColumns) {
			if i < 0 || j < 0 {
				line = append(line, "…")
				continue
			}
			line = append(line, fmt.Sprintf("%.4g", m.At(i, j)))
		}
		t.cells = append(t.cells, line)
	}
	return t
}

// excerpt returns the indices below n that are shown, with a -1 where some are
// left out.
func excerpt(n, limit int) []int {
	var shown []int
	for i := range n {
		switch {
		case n <= limit || i < limit-tableEnd || i >= n-tableEnd:
			shown = append(shown, i)
		case i == limit-tableEnd:
			shown = append(shown, -1)
		}
	}
	return shown
}

// caption tells the shape of m, the range of its values, and whether any is not
// a number.
func caption(m mat.Matrix) string {
	rows, columns := m.Dims()
	text := fmt.Sprintf("%d×%d matrix", rows, columns)
	if _, ok := m.(mat.Vector); ok {
		text = fmt.Sprintf("vector of %d", rows)
	}
	if n := rows * columns; n == 0 || n > rangeLimit {
		return text
	}
	low, high, nan := valueRange(m)
	if low <= high {
		text += fmt.Sprintf(", values from %.4g to %.4g", low, high)
	}
	if nan > 0 {
		text += fmt.Sprintf(", %d NaN", nan)
	}
	return text
}

// valueRange returns the least and greatest number in m, and how many elements
// are not numbers.
func valueRange(m mat.Matrix) (low, high float64, nan int) {
	low, high = math.Inf(1), math.Inf(-1)
	rows, columns := m.Dims()
	for i := range rows {
		for j := range columns {
			x := m.At(i, j)
			if math.IsNaN(x) {
				nan++
				continue
			}
			low, high = min(low, x), max(high, x)
		}
	}
	return low, high, nan
}

// text returns the table with its columns aligned to the right.
func (t table) text() string {
	var width []int
	for _, line := range t.cells {
		for j, cell := range line {
			if j == len(width) {
				width = append(width, 0)
			}
			width[j] = max(width[j], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	b.WriteString(t.caption)
	for _, line := range t.cells {
		b.WriteString("\n")
		for j, cell := range line {
			fmt.Fprintf(&b, "  %*s", width[j], cell)
		}
	}
	return b.String()
}

// html returns the table for a browser; the cells need no escaping.
func (t table) html() string {
	var b strings.Builder
	b.WriteString(`<table style="font-variant-numeric:tabular-nums"><caption style="text-align:left">` + t.caption + `</caption><tbody>`)
	for _, line := range t.cells {
		b.WriteString("<tr>")
		for _, cell := range line {
			b.WriteString(`<td style="text-align:right">` + cell + "</td>")
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</tbody></table>")
	return b.String()
}
