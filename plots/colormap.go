package plots

import (
	"image/color"
	"math"
)

// colorMap gives a colour for t in [0, 1].
type colorMap []color.RGBA

// sequential is viridis (S. van der Walt and N. Smith, CC0), sampled at ten
// points: its lightness rises evenly, so it can be printed in black and white.
var sequential = colorMap{
	{68, 1, 84, 255}, {72, 40, 120, 255}, {62, 73, 137, 255}, {49, 104, 142, 255}, {38, 130, 142, 255},
	{31, 158, 137, 255}, {53, 183, 121, 255}, {110, 206, 88, 255}, {181, 222, 43, 255}, {253, 231, 37, 255},
}

// diverging goes from blue through white to vermilion, for numbers of both
// signs about zero.
var diverging = colorMap{
	{0, 68, 124, 255}, {32, 116, 178, 255}, {122, 176, 214, 255}, {205, 225, 239, 255}, {250, 250, 250, 255},
	{252, 220, 200, 255}, {240, 160, 112, 255}, {213, 94, 0, 255}, {140, 56, 0, 255},
}

// blues goes from white to a dark blue on which white can be read.
var blues = colorMap{{247, 251, 255, 255}, {198, 219, 239, 255}, {107, 174, 214, 255}, {33, 113, 181, 255}, {8, 48, 107, 255}}

// ages colours what comes earlier light and what comes later dark: viridis
// without the yellow that is faint on white.
var ages = colorMap{{142, 207, 105, 255}, {53, 183, 121, 255}, {33, 145, 140, 255}, {49, 104, 142, 255}, {68, 57, 131, 255}, {68, 1, 84, 255}}

// greys goes from black to white.
var greys = colorMap{{0, 0, 0, 255}, {255, 255, 255, 255}}

// missing is the colour of NaN and ±Inf.
var missing = color.RGBA{0xD4, 0xD4, 0xD4, 0xFF}

func (m colorMap) at(t float64) color.RGBA {
	t = math.Min(math.Max(t, 0), 1) * float64(len(m)-1)
	i := min(int(t), len(m)-2)
	f := t - float64(i)
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + f*(float64(b)-float64(a)))) }
	a, b := m[i], m[i+1]
	return color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 0xFF}
}

// scale is a colour map laid over a range of numbers.
type scale struct {
	lo, hi float64
	colors colorMap
}

func (s scale) at(v float64) color.RGBA {
	switch {
	case !finite(v):
		return missing
	case s.hi <= s.lo: // one value: neither end of the scale
		return s.colors.at(.5)
	}
	return s.colors.at((v - s.lo) / (s.hi - s.lo))
}
