package typeset

import (
	"flag"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/gocrate/gocrate/internal/mathtext"
	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"
	"gonum.org/v1/plot/vg/vgimg"
)

var update = flag.Bool("update", false, "rewrite the golden pictures")

func labels(tb testing.TB) []string {
	data, err := os.ReadFile("../testdata/labels.txt")
	if err != nil {
		tb.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(data)), "\n")
}

func size(label string, points float64) (width, height, depth float64) {
	w, h, d := Handler{}.Box(label, font.Font{Size: vg.Points(points)})
	return float64(w), float64(h), float64(d)
}

// inkOf is the bounding box of what Draw fills, at the origin.
func inkOf(t *testing.T, label string, sty text.Style) (ink vg.Rectangle) {
	t.Helper()
	var c recorder.Canvas
	sty.Handler.Draw(&c, label, sty, vg.Point{})
	inf := vg.Length(math.Inf(1))
	ink = vg.Rectangle{Min: vg.Point{X: inf, Y: inf}, Max: vg.Point{X: -inf, Y: -inf}}
	for _, a := range c.Actions {
		fill, ok := a.(*recorder.Fill)
		if !ok {
			continue
		}
		for _, step := range fill.Path {
			if step.Type != vg.CloseComp {
				ink.Min = vg.Point{X: min(ink.Min.X, step.Pos.X), Y: min(ink.Min.Y, step.Pos.Y)}
				ink.Max = vg.Point{X: max(ink.Max.X, step.Pos.X), Y: max(ink.Max.Y, step.Pos.Y)}
			}
		}
	}
	return ink
}

func style(points float64) text.Style {
	return text.Style{Color: color.Black, Font: font.Font{Size: vg.Points(points)}, Handler: Handler{}}
}

// What is drawn lies within the box that was announced, so that nothing is
// clipped and nothing overlaps.
func TestInkIsInTheBox(t *testing.T) {
	for _, label := range labels(t) {
		for _, serif := range []bool{false, true} {
			sty := style(10)
			sty.Handler = Handler{Serif: serif}
			box := sty.Rectangle(label)
			ink := inkOf(t, label, sty)
			const slack = .3 // of ten points: letters lean and overshoot a little
			if ink.Min.X < box.Min.X-slack || ink.Max.X > box.Max.X+slack || ink.Min.Y < box.Min.Y-slack || ink.Max.Y > box.Max.Y+slack {
				t.Errorf("%s (serif %v): ink %.2f outside box %.2f", label, serif, ink, box)
			}
		}
	}
}

// An aligned, shifted baseline moves the ink by exactly what was asked.
func TestAlignment(t *testing.T) {
	const label = `Layer index $\ell$`
	w, h, d := size(label, 10)
	left := inkOf(t, label, style(10))
	for _, test := range []struct {
		x      text.XAlignment
		y      text.YAlignment
		dx, dy float64
	}{
		{text.XRight, text.YBottom, -w, 0},
		{text.XCenter, text.YTop, -w / 2, -(h + d)},
		{text.XLeft, text.YCenter, 0, -(h + d) / 2},
	} {
		sty := style(10)
		sty.XAlign, sty.YAlign = test.x, test.y
		got := inkOf(t, label, sty).Min
		want := left.Min.Add(vg.Point{X: vg.Length(test.dx), Y: vg.Length(test.dy)})
		if math.Abs(float64(got.X-want.X)) > 1e-9 || math.Abs(float64(got.Y-want.Y)) > 1e-9 {
			t.Errorf("align %v, %v: ink starts at %v, want %v", test.x, test.y, got, want)
		}
	}
}

func TestLayoutLaws(t *testing.T) {
	w1, h1, d1 := size("$x$", 10)
	for _, scale := range []float64{.5, 2, 7} {
		w, h, d := size("$x$", 10*scale)
		if math.Abs(w-scale*w1) > 1e-9 || math.Abs(h-scale*h1) > 1e-9 || math.Abs(d-scale*d1) > 1e-9 {
			t.Errorf("size %g: box %g %g %g is not %g times %g %g %g", 10*scale, w, h, d, scale, w1, h1, d1)
		}
	}
	wider := func(a, b string) {
		t.Helper()
		wa, _, _ := size(a, 10)
		if wb, _, _ := size(b, 10); wb <= wa {
			t.Errorf("%s (%g) is not wider than %s (%g)", b, wb, a, wa)
		}
	}
	taller := func(a, b string) {
		t.Helper()
		_, ha, _ := size(a, 10)
		if _, hb, _ := size(b, 10); hb <= ha {
			t.Errorf("%s (%g) is not taller than %s (%g)", b, hb, a, ha)
		}
	}
	deeper := func(a, b string) {
		t.Helper()
		_, _, da := size(a, 10)
		if _, _, db := size(b, 10); db <= da {
			t.Errorf("%s (%g) is not deeper than %s (%g)", b, db, a, da)
		}
	}
	wider("$ab$", "$a+b$")
	wider("$a-b$", "$a=b$")
	wider("$(-b)$", "$(a-b)$")
	wider("$x$", "$x^2$")
	wider(`$x\,y$`, `$x\quad y$`)
	wider(`$x\!y$`, `$xy$`)
	wider("$x^2$", "$x2$") // scripts are small
	taller("$Z$", "$Z^2$")
	taller("$Z^2$", `$\frac{Z^2}{2}$`)
	taller("$(x)$", `$\left(\frac{\frac{1}{2}}{x}\right)$`)
	taller("$Z$", `$\hat Z$`)
	taller(`$\hat x$`, `$\hat Z$`) // the accent rises with its base
	taller("$x$", `$\sqrt{Z^2}$`)
	deeper("$Z$", "$Z_i$")
	deeper("$Z_i$", `$Z_{i_j}$`)
	deeper("one line", "two\nlines")
	deeper("$x$", `$\underbrace{x}_{y}$`)
}

// A superscript and a subscript of one base never touch.
func TestScriptsKeepApart(t *testing.T) {
	s := setter{size: 10, scale: 1}
	for _, tex := range []string{"Z_i^2", `Z_{(A)}^{(B)}`, `x_{\frac12}^{\frac12}`, `\mathbf{U}_{[K]}^{\ell+1/2}`} {
		script := mathtext.Parse(tex).(mathtext.Row)[0].(mathtext.Script)
		base, sub, sup := s.node(script.Base), s.smaller().node(script.Sub), s.smaller().node(script.Sup)
		up, down := s.shifts(base, sub, sup, true, true)
		if gap := (up - sup.depth) - (sub.height - down); gap < s.em(4*ruleThickness)-1e-9 {
			t.Errorf("%s: %g points between the scripts, want %g", tex, gap, s.em(4*ruleThickness))
		}
	}
}

// The embedded fonts have every character of the labels we use.
func TestNoCharacterIsMissing(t *testing.T) {
	missing := fallback.glyph('\uFFFD')
	for _, label := range labels(t) {
		walk(mathtext.ParseLabel(label), func(shape string) {
			for _, r := range shape {
				if g, in := find(r, []*face{mathematics, sans}); g == missing || in == fallback {
					t.Errorf("%s: %c (%U) is not in Latin Modern", label, r, r)
				}
			}
		})
	}
	if g, in := find('Ж', []*face{sans, mathematics}); g == missing || in != fallback {
		t.Error("Cyrillic is not drawn")
	}
	if g, _ := find('\U0010FFFD', []*face{sans}); g != missing {
		t.Error("a character that no font has is not replaced")
	}
}

// walk calls visit with the characters of every atom and word of n.
func walk(n mathtext.Node, visit func(string)) {
	switch n := n.(type) {
	case mathtext.Row:
		for _, item := range n {
			walk(item, visit)
		}
	case mathtext.Atom:
		visit(n.Shape())
	case mathtext.Words:
		visit(n.Text)
	case mathtext.Script:
		walk(n.Base, visit)
		walk(n.Sub, visit)
		walk(n.Sup, visit)
	case mathtext.Fraction:
		walk(n.Num, visit)
		walk(n.Den, visit)
	case mathtext.Accent:
		walk(n.Base, visit)
	case mathtext.Root:
		walk(n.Radicand, visit)
	case mathtext.Fence:
		visit(n.Open + n.Close)
		walk(n.Body, visit)
	case mathtext.Table:
		for _, row := range n.Rows {
			walk(mathtext.Row(row), visit)
		}
	}
}

func TestWeightAndSerif(t *testing.T) {
	widths := map[float64]bool{}
	for _, h := range []Handler{{}, {Serif: true}} {
		for _, weight := range []xfont.Weight{xfont.WeightNormal, xfont.WeightBold} {
			w, _, _ := h.Box("Sparsity", font.Font{Size: 10, Weight: weight})
			widths[float64(w)] = true
		}
	}
	if len(widths) != 4 {
		t.Errorf("Sans and Roman, regular and bold, have %d different widths; want 4", len(widths))
	}
}

// The sheet shows every label; look at it when it changes.
func TestGoldenSheet(t *testing.T) {
	list := labels(t)
	const line = 27
	c := vgimg.NewWith(vgimg.UseWH(400, vg.Length(line*len(list)+10)), vgimg.UseDPI(110))
	for i, label := range list {
		sty := style(10)
		sty.YAlign = draw.YCenter
		y := vg.Length(line*(len(list)-i)) - line/2
		sty.Handler.Draw(c, label, sty, vg.Point{X: 8, Y: y + sty.FontExtents().Descent})
	}
	compare(t, "testdata/labels.png", c.Image())
}

// compare allows for the last bits of floating point: a few pixels at edges.
func compare(t *testing.T, path string, got image.Image) {
	t.Helper()
	if *update {
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := png.Encode(f, got); err != nil {
			t.Fatal(err)
		}
		return
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatalf("%v; run with -update to make it", err)
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if got.Bounds() != want.Bounds() {
		t.Fatalf("%s: picture of %v, want %v", path, got.Bounds(), want.Bounds())
	}
	different := 0
	for y := range got.Bounds().Dy() {
		for x := range got.Bounds().Dx() {
			g := color.GrayModel.Convert(got.At(x, y)).(color.Gray).Y
			w := color.GrayModel.Convert(want.At(x, y)).(color.Gray).Y
			if max(g, w)-min(g, w) > 40 {
				different++
			}
		}
	}
	if all := got.Bounds().Dx() * got.Bounds().Dy(); different > all/10000 {
		t.Errorf("%s: %d of %d pixels differ; look at the picture and run with -update if it is right", path, different, all)
	}
}

// FuzzDraw: any label is drawn, in a box of finite size.
func FuzzDraw(f *testing.F) {
	for _, label := range labels(f) {
		f.Add(label)
	}
	for _, odd := range []string{"", "$", "$$", `$\left($`, "\xff", "$^{^{^{}}}$", `$\begin{matrix}&\\&$`, "a\n\nb", `$\sqrt{}$`, `$\frac{}{}$`} {
		f.Add(odd)
	}
	f.Fuzz(func(t *testing.T, label string) {
		sty := style(10)
		for _, l := range []string{label, "$" + label + "$"} {
			w, h, d := sty.Handler.Box(l, sty.Font)
			if !(w >= -1e6 && w < 1e9 && h >= 0 && h < 1e9 && d >= 0 && d < 1e9) {
				t.Errorf("%q: box of %g, %g + %g", l, w, h, d)
			}
			var c recorder.Canvas
			sty.Handler.Draw(&c, l, sty, vg.Point{})
		}
	})
}
