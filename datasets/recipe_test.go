package datasets

import (
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gocrate/gocrate/crate"
	"golang.org/x/image/draw"
)

// testPicture is the picture of testdata/pil.py.
func testPicture(w, h int) *image.NRGBA {
	p := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			var rgb [3]uint8
			for c := range rgb {
				rgb[c] = uint8((40 + 3*x*(c+1) + 2*y*(3-c) + (x*y*7+x*x*(c+3))%61) % 256)
			}
			p.SetNRGBA(x, y, color.NRGBA{rgb[0], rgb[1], rgb[2], 255})
		}
	}
	return p
}

// reference are the pixels of a picture that PIL made: channel, row, column,
// from 0 to 255.
func reference(t *testing.T, name string) (pixels []float32, height, width int) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "pil", name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	height, width = p.Bounds().Dy(), p.Bounds().Dx()
	channels := 3
	if _, grey := p.(*image.Gray); grey {
		channels = 1
	}
	for c := range channels {
		for y := range height {
			for x := range width {
				r, g, b, _ := p.At(x, y).RGBA()
				pixels = append(pixels, float32([]uint32{r, g, b}[c]>>8))
			}
		}
	}
	return pixels, height, width
}

// furthest is the greatest difference of pixels between 0 and 1 to a reference,
// in steps of 1/255.
func furthest(got, want []float32) (d float64) {
	if len(got) != len(want) {
		return math.Inf(1)
	}
	for i := range got {
		d = max(d, math.Abs(255*float64(got[i])-float64(want[i])))
	}
	return d
}

// PIL rounds to 8 bits after the rows and after the columns, and once more where
// it makes a picture grey, so one step is as near as can be.
func TestRecipesResizeAsTheOfficialOnes(t *testing.T) {
	pictures := map[string]image.Image{"wide": testPicture(61, 43), "tall": testPicture(29, 75)}
	for _, tt := range []struct {
		name   string
		recipe Recipe
	}{
		{"imagenet", Recipe{Size: 16, Resize: 18}},
		{"squash", Recipe{Size: 16, Squash: true}},
		{"grey", Recipe{Size: 16, Grey: true}},
		{"enlarged", Recipe{Size: 70, Resize: 80}},
	} {
		for form, p := range pictures {
			want, _, _ := reference(t, tt.name+"_"+form)
			if d := furthest(tt.recipe.Apply(p).Pixels, want); d > 1.01 {
				t.Errorf("%s, %s: %.2f steps of 1/255 away from PIL", tt.name, form, d)
			}
		}
	}
}

// The filter is that of x/image, which keeps 8 bits too.
func TestResizeIsBilinear(t *testing.T) {
	p := testPicture(50, 40)
	for _, size := range []int{7, 39, 40, 41, 90} {
		want := image.NewNRGBA(image.Rect(0, 0, size, size))
		draw.BiLinear.Scale(want, want.Bounds(), p, p.Bounds(), draw.Src, nil)
		got := Recipe{Size: size, Squash: true}.Apply(p)
		var pixels []float32
		for c := range 3 {
			for i := range size * size {
				pixels = append(pixels, float32(want.Pix[4*i+c]))
			}
		}
		if d := furthest(got.Pixels, pixels); d > 1.01 {
			t.Errorf("to %d: %.2f steps away", size, d)
		}
	}
}

// A picture looks the same however it is stored.
func TestColoursOfAllKindsOfImage(t *testing.T) {
	p := testPicture(9, 7)
	want := Recipe{Size: 5}.Apply(p)
	opaque, deep := image.NewRGBA(p.Rect), image.NewNRGBA64(image.Rect(4, 4, 13, 11))
	draw.Draw(opaque, p.Rect, p, image.Point{}, draw.Src)
	draw.Draw(deep, deep.Rect, p, image.Point{}, draw.Src)
	see := image.NewNRGBA(p.Rect)
	copy(see.Pix, p.Pix)
	for i := 3; i < len(see.Pix); i += 4 {
		see.Pix[i] = 3 // nearly transparent, with the same colours
	}
	for name, q := range map[string]image.Image{"RGBA": opaque, "NRGBA64": deep, "transparent": see} {
		if got := (Recipe{Size: 5}).Apply(q); !slices.Equal(got.Pixels, want.Pixels) {
			t.Errorf("%s: other pixels", name)
		}
	}
	premultiplied := image.NewRGBA(p.Rect)
	premultiplied.SetRGBA(0, 0, color.RGBA{50, 25, 100, 100})
	if got := (Recipe{Size: 1}).Apply(premultiplied.SubImage(image.Rect(0, 0, 1, 1))); furthest(got.Pixels, []float32{127, 63, 255}) > 0.01 {
		t.Errorf("half transparent orange is %v", got.Pixels)
	}
	ycbcr := image.NewYCbCr(image.Rect(0, 0, 2, 2), image.YCbCrSubsampleRatio420)
	copy(ycbcr.Y, []uint8{76, 76, 76, 76})
	ycbcr.Cb[0], ycbcr.Cr[0] = 85, 255 // red
	if got := (Recipe{Size: 2}).Apply(ycbcr); furthest(got.Pixels, []float32{254, 254, 254, 254, 0, 0, 0, 0, 0, 0, 0, 0}) > 0.01 {
		t.Errorf("red in YCbCr is %v", got.Pixels)
	}
	grey := image.NewGray(image.Rect(0, 0, 1, 1))
	grey.Pix[0] = 51
	if got := (Recipe{Size: 1}).Apply(grey); furthest(got.Pixels, []float32{51, 51, 51}) > 0.01 {
		t.Errorf("grey is %v", got.Pixels)
	}
}

func TestNamedRecipes(t *testing.T) {
	if r := ImageNetRecipe(224); r.Resize != 256 || r.Size != 224 || r.Squash {
		t.Errorf("%+v", r)
	}
	white := image.NewUniform(color.White)
	p := image.NewNRGBA(image.Rect(0, 0, 30, 40))
	draw.Draw(p, p.Rect, white, image.Point{}, draw.Src)
	x := FineTuneRecipe(8).Apply(p, p)
	if x.Len() != 2 || x.Channels != 3 || x.Height != 8 || x.Width != 8 || x.Labels != nil {
		t.Errorf("%d images of %d×%d×%d", x.Len(), x.Channels, x.Height, x.Width)
	}
	for c, want := range []float64{(1 - 0.485) / 0.229, (1 - 0.456) / 0.224, (1 - 0.406) / 0.225} {
		if got := float64(x.Image(1)[c*64+9]); math.Abs(got-want) > 1e-5 {
			t.Errorf("white in channel %d is %v, want %v", c, got, want)
		}
	}
}

func TestNormalizationOf(t *testing.T) {
	x := Recipe{Size: 20, Resize: 30}.Apply(testPicture(40, 30), testPicture(30, 60))
	before := slices.Clone(x.Pixels)
	y := NormalizationOf(x).Apply(x)
	if !slices.Equal(x.Pixels, before) {
		t.Error("Apply changed what it was given")
	}
	again := NormalizationOf(y)
	for c := range 3 {
		if math.Abs(float64(again.Mean[c])) > 1e-5 || math.Abs(float64(again.SD[c])-1) > 1e-5 {
			t.Errorf("channel %d has mean %v and deviation %v", c, again.Mean[c], again.SD[c])
		}
	}
	flat := crate.Images{Pixels: []float32{3, 3}, Channels: 1, Height: 1, Width: 2}
	if n := NormalizationOf(flat); n.Mean[0] != 3 || n.SD[0] != 1 {
		t.Errorf("images of one value: %+v", n)
	}
}

func TestRecipeMisuse(t *testing.T) {
	p := testPicture(4, 4)
	for _, tt := range []struct {
		want string
		do   func()
	}{
		{"Resize 20 is less than Size 30", func() { Recipe{Size: 30, Resize: 20}.Apply(p) }},
		{"Size -1", func() { Recipe{Size: -1}.Apply(p) }},
		{"Size 100000", func() { Recipe{Size: 100000}.Apply(p) }},
		{"want 1 of each", func() { Recipe{Grey: true, Normalize: ImageNetPixels}.Apply(p) }},
		{"picture 1 is empty", func() { Recipe{}.Apply(p, image.NewGray(image.Rectangle{})) }},
		{"images of 1 channels", func() { ImageNetPixels.Apply(crate.Images{Pixels: []float32{1}, Channels: 1, Height: 1, Width: 1}) }},
		{"no images", func() { NormalizationOf(crate.Images{}) }},
	} {
		if msg := panicText(tt.do); !strings.Contains(msg, tt.want) {
			t.Errorf("the panic says %q; want %q in it", msg, tt.want)
		}
	}
}
