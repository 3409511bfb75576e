package datasets

import (
	"bytes"
	"embed"
	"fmt"
	"image"
	"image/jpeg"

	"github.com/gocrate/gocrate/crate"
)

//go:embed photographs/*.jpg
var photographFiles embed.FS

// Photograph is a photograph that is part of the program.
type Photograph struct {
	Name    string // one word, "chelsea"
	Title   string // what is to be seen
	Credit  string // who made it, and where it was found
	Licence string // CC0 or public domain

	Image image.Image // the shorter side has 256 pixels
}

// String returns title, credit and licence, to stand below the picture.
func (p Photograph) String() string { return p.Title + ". " + p.Credit + ". " + p.Licence }

// JPEG returns the photograph as a file, which is how a notebook shows it.
func (p Photograph) JPEG() []byte { return photographFile(p.Name) }

// Photographs returns six photographs that anybody may use for anything, to look
// at what a model sees in real images: a cat, a cup of coffee, an astronaut, a
// rocket, and the textures of a brick wall and of grass, these two in grey.
//
// Source: the sample images of scikit-image 0.26, made smaller.
func Photographs() []Photograph {
	all := []Photograph{
		{Name: "chelsea", Title: "Chelsea the cat", Credit: "Stefan van der Walt", Licence: "CC0"},
		{Name: "coffee", Title: "A cup of coffee", Credit: "Rachel Michetti, courtesy of Pikolo Espresso Bar", Licence: "CC0"},
		{Name: "astronaut", Title: "The astronaut Eileen Collins", Credit: "NASA, Great Images database", Licence: "Public domain"},
		{Name: "rocket", Title: "Launch of DSCOVR on a Falcon 9", Credit: "SpaceX", Licence: "Public domain"},
		{Name: "brick", Title: "A brick wall", Credit: "CC0Textures, Bricks25", Licence: "CC0"},
		{Name: "grass", Title: "Grass", Credit: "linolafett, DeviantArt, Grass-01", Licence: "CC0"},
	}
	for i := range all {
		all[i].Image = decodePhotograph(all[i].Name)
	}
	return all
}

// PhotographImages returns the photographs of [Photographs] as a recipe prepares
// them. Image i has label i, and Names has the names.
func PhotographImages(r Recipe) crate.Images {
	var pictures []image.Image
	var names []string
	var labels []int
	for i, p := range Photographs() {
		pictures, names, labels = append(pictures, p.Image), append(names, p.Name), append(labels, i)
	}
	x := r.Apply(pictures...)
	x.Labels, x.Names, x.Classes = labels, names, len(names)
	return x
}

func decodePhotograph(name string) image.Image {
	p, err := jpeg.Decode(bytes.NewReader(photographFile(name)))
	if err != nil {
		panic(fmt.Sprintf("datasets: photograph %s: %v", name, err)) // impossible: it is part of the program
	}
	return p
}

func photographFile(name string) []byte {
	file, err := photographFiles.ReadFile("photographs/" + name + ".jpg")
	if err != nil {
		panic(fmt.Sprintf("datasets: photograph %q: %v", name, err))
	}
	return file
}
