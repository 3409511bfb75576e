package plots

import (
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const captionGap = 6 * vg.Length(1) // above and below the caption

// captionHeight is the room for the caption under a figure of the given width.
func (f *Figure) captionHeight(width vg.Length) vg.Length {
	if f.Caption == "" {
		return 0
	}
	sty, txt := f.captionText(width)
	return sty.Height(txt) + 2*captionGap
}

func (f *Figure) drawCaption(c draw.Canvas) {
	if f.Caption == "" {
		return
	}
	sty, txt := f.captionText(c.Max.X - c.Min.X)
	sty.YAlign = draw.YBottom
	descent := sty.FontExtents().Descent
	c.FillText(sty, vg.Point{X: c.Min.X + 2*margin, Y: c.Min.Y + captionGap + descent}, txt)
}

func (f *Figure) captionText(width vg.Length) (text.Style, string) {
	sty := f.style.small()
	return sty, wrap(sty, f.Caption, width-4*margin)
}

// wrap breaks txt into lines no wider than width, at spaces outside formulas.
func wrap(sty text.Style, txt string, width vg.Length) string {
	var b strings.Builder
	space := sty.Width(" ")
	used := vg.Length(0)
	for i, word := range words(txt) {
		w := sty.Width(word)
		switch {
		case i == 0:
		case used+space+w > width:
			b.WriteByte('\n')
			used = 0
		default:
			b.WriteByte(' ')
			used += space
		}
		b.WriteString(word)
		used += w
	}
	return b.String()
}

// words splits txt at white space, but not inside $…$.
func words(txt string) []string {
	paired := (strings.Count(txt, "$")-strings.Count(txt, `\$`))%2 == 0
	formula, escaped := false, false
	return strings.FieldsFunc(txt, func(r rune) bool {
		if r == '$' && !escaped {
			formula = !formula
		}
		escaped = r == '\\' && !escaped
		return !(formula && paired) && (r == ' ' || r == '\n' || r == '\t')
	})
}
