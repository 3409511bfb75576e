package plots

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Animation is a figure that changes, frame by frame: from layer to layer, say.
type Animation struct {
	// Seconds is how long each frame stands; the last stands three times as long.
	Seconds float64

	frames []*Figure
}

// Animate makes an animation of figures of one kind and size. They are given the
// same ranges, and heatmaps the same scale, so that only the data move.
func Animate(frames ...*Figure) *Animation {
	if len(frames) == 0 {
		panic("plots: Animate: no frames; want at least one")
	}
	shareRanges(frames)
	var heats []*heatmap
	for _, f := range frames {
		f.Width, f.Height = frames[0].Width, frames[0].Height
		if a, ok := f.content.(*axes); ok && a.heat != nil {
			heats = append(heats, a.heat)
		}
	}
	if len(heats) > 0 {
		shareScales(heats)
	}
	return &Animation{Seconds: .6, frames: frames}
}

// GIF returns the animation, which repeats for ever, at 192 dots per inch.
func (a *Animation) GIF() []byte {
	var pictures []image.Image
	for _, f := range a.frames {
		picture, err := png.Decode(bytes.NewReader(f.PNG()))
		if err != nil {
			panic("plots: reading a figure from memory: " + err.Error())
		}
		pictures = append(pictures, picture)
	}
	film := &gif.GIF{}
	p, index := paletteOf(pictures), map[color.RGBA]uint8{}
	for i, picture := range pictures {
		hundredths := a.Seconds * 100
		if i == len(pictures)-1 {
			hundredths *= 3
		}
		film.Image = append(film.Image, paletted(picture, pictures[0].Bounds(), p, index))
		film.Delay = append(film.Delay, int(math.Round(hundredths)))
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, film); err != nil {
		panic("plots: writing an animation to memory: " + err.Error())
	}
	return b.Bytes()
}

// paletted is picture in the nearest colours of p. It remembers in index those it
// has looked up, which are few.
func paletted(picture image.Image, size image.Rectangle, p color.Palette, index map[color.RGBA]uint8) *image.Paletted {
	frame := image.NewPaletted(size, p)
	for y := range size.Dy() {
		for x := range size.Dx() {
			c := color.RGBAModel.Convert(picture.At(x, y)).(color.RGBA)
			k, known := index[c]
			if !known {
				k = uint8(p.Index(c))
				index[c] = k
			}
			frame.SetColorIndex(x, y, k)
		}
	}
	return frame
}

// paletteOf has the 256 colours that are the most frequent in all pictures: a
// figure has few, and the shades at the edges of letters come from a short list.
func paletteOf(pictures []image.Image) color.Palette {
	count := map[color.RGBA]int{}
	for _, picture := range pictures {
		for y := range picture.Bounds().Dy() {
			for x := range picture.Bounds().Dx() {
				c := color.RGBAModel.Convert(picture.At(x, y)).(color.RGBA)
				const coarse = 0xF8 // neighbours count as one
				count[color.RGBA{c.R & coarse, c.G & coarse, c.B & coarse, 0xFF}]++
			}
		}
	}
	colors := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(count[b]-count[a], cmp.Compare(code(a), code(b)))
	})
	p := color.Palette{color.White}
	for _, c := range colors[:min(len(colors), 255)] {
		p = append(p, color.RGBA{c.R | c.R>>5, c.G | c.G>>5, c.B | c.B>>5, 0xFF})
	}
	return p
}

func code(c color.RGBA) int { return int(c.R)<<16 | int(c.G)<<8 | int(c.B) }

// Save writes the animation to a file whose name ends in .gif.
func (a *Animation) Save(path string) error {
	if strings.ToLower(filepath.Ext(path)) != ".gif" {
		return fmt.Errorf("plots: cannot save an animation as %q: want a name that ends in .gif", path)
	}
	if err := os.WriteFile(path, a.GIF(), 0o666); err != nil {
		return fmt.Errorf("plots: saving an animation: %w", err)
	}
	return nil
}

// String returns the description of the first and of the last frame.
func (a *Animation) String() string {
	n := len(a.frames)
	return fmt.Sprintf("Animation of %d frames. First: %s\nLast: %s", n, a.frames[0], a.frames[n-1])
}

// MIMEBundle returns the animation as a notebook shows it.
func (a *Animation) MIMEBundle() map[string]any {
	return map[string]any{"image/gif": a.GIF(), "text/plain": a.String()}
}

// MIMEMetadata returns the size at which a notebook shows it, in CSS pixels.
func (a *Animation) MIMEMetadata() map[string]any {
	return map[string]any{"image/gif": a.frames[0].MIMEMetadata()["image/png"]}
}
