package plots

import (
	"fmt"
	"image/color"
	"math"
	"testing"
)

// deficiencies turn linear RGB into what people without one kind of cone see
// (Machado, Oliveira and Fernandes 2009, severity 1).
var deficiencies = map[string][3][3]float64{
	"none":         {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"deuteranopia": {{.367322, .860646, -.227968}, {.280085, .672501, .047413}, {-.011820, .042940, .968881}},
	"protanopia":   {{.152286, 1.052583, -.204868}, {.114503, .786281, .099216}, {-.003882, -.048116, 1.051998}},
	"tritanopia":   {{1.255528, -.076749, -.178779}, {-.078411, .930809, .147602}, {.004733, .691367, .303900}},
}

// Colours that stand side by side stay apart for everyone. A difference of 2.3
// in CIELAB is the least that is seen; marks as small as ours want many times more.
func TestColoursStayApart(t *testing.T) {
	palette := func(list []color.Color) (out []color.RGBA) {
		for _, c := range list {
			out = append(out, opaque(c))
		}
		return out
	}
	var checkpoints []color.RGBA
	for _, s := range Checkpoints([]int{0, 1, 20, 150}, make([][]float64, 4)) {
		checkpoints = append(checkpoints, opaque(s.Color))
	}
	const least = 15
	for name, list := range map[string][]color.RGBA{
		"series": palette(OkabeIto()), "checkpoints": checkpoints,
		"signs":      {diverging[0], diverging[len(diverging)/2], diverging[len(diverging)-1]},
		"magnitudes": {sequential[0], sequential[3], sequential[6], sequential[9]},
	} {
		for kind, m := range deficiencies {
			for i := range list {
				for j := range i {
					if d := distance(lab(seenAs(m, list[i])), lab(seenAs(m, list[j]))); d < least {
						t.Errorf("%s, %s: %s and %s are %.1f apart, want %d", name, kind, hex(list[i]), hex(list[j]), d, least)
					}
				}
			}
		}
	}
}

// The scale of magnitudes grows lighter for everyone, so that more looks more.
func TestMagnitudesGrowLighter(t *testing.T) {
	for kind, m := range deficiencies {
		before := -1.
		for i := range 33 {
			l := lab(seenAs(m, sequential.at(float64(i)/32)))[0]
			if l <= before {
				t.Errorf("%s: lightness %.2f after %.2f", kind, l, before)
			}
			before = l
		}
	}
}

func seenAs(m [3][3]float64, c color.RGBA) (out [3]float64) {
	in := [3]float64{linear(c.R), linear(c.G), linear(c.B)}
	for i := range 3 {
		for j := range 3 {
			out[i] += m[i][j] * in[j]
		}
		out[i] = math.Min(math.Max(out[i], 0), 1)
	}
	return out
}

// linear undoes the transfer function of sRGB.
func linear(v uint8) float64 {
	x := float64(v) / 255
	if x <= .04045 {
		return x / 12.92
	}
	return math.Pow((x+.055)/1.055, 2.4)
}

// lab is a linear sRGB colour in CIELAB, under D65.
func lab(c [3]float64) [3]float64 {
	f := func(t float64) float64 {
		if t > 216./24389 {
			return math.Cbrt(t)
		}
		return (24389./27*t + 16) / 116
	}
	x := f((.4124564*c[0] + .3575761*c[1] + .1804375*c[2]) / .95047)
	y := f(.2126729*c[0] + .7151522*c[1] + .0721750*c[2])
	z := f((.0193339*c[0] + .1191920*c[1] + .9503041*c[2]) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func distance(a, b [3]float64) float64 {
	return math.Sqrt((a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]) + (a[2]-b[2])*(a[2]-b[2]))
}

func TestLab(t *testing.T) {
	for c, want := range map[color.RGBA]string{
		{255, 255, 255, 255}: "[100 0 0]", {255, 0, 0, 255}: "[53 80 67]", {0, 0, 255, 255}: "[32 79 -108]",
	} {
		l := lab(seenAs(deficiencies["none"], c))
		for k := range l {
			l[k] = math.Round(l[k]) + 0
		}
		if got := fmt.Sprint(l); got != want {
			t.Errorf("%v is %s in CIELAB, want %s", c, got, want)
		}
	}
}
