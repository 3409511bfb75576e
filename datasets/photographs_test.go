package datasets

import (
	"bytes"
	"image/jpeg"
	"testing"
)

func TestPhotographs(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Photographs() {
		if b := p.Image.Bounds(); min(b.Dx(), b.Dy()) != 256 {
			t.Errorf("%s has %d×%d pixels", p.Name, b.Dy(), b.Dx())
		}
		if seen[p.Name] || p.Title == "" || p.Credit == "" || p.Licence != "CC0" && p.Licence != "Public domain" {
			t.Errorf("%+v", p)
		}
		if file, err := jpeg.Decode(bytes.NewReader(p.JPEG())); err != nil || file.Bounds() != p.Image.Bounds() {
			t.Errorf("%s as a file: %v", p.Name, err)
		}
		seen[p.Name] = true
	}
	files, err := photographFiles.ReadDir("photographs")
	if err != nil || len(files) != len(seen) {
		t.Errorf("%d files for %d photographs, %v", len(files), len(seen), err)
	}
}

func TestPhotographImages(t *testing.T) {
	x := PhotographImages(ImageNetRecipe(32))
	if err := x.Validate(); err != nil || x.Len() != 6 || x.Channels != 3 || x.Height != 32 || x.Names[x.Labels[0]] != "chelsea" {
		t.Fatal(x.Len(), x.Channels, x.Height, x.Names, err)
	}
	// The textures are grey, the cat is not.
	plain := PhotographImages(Recipe{Size: 8})
	same := func(i int) bool {
		p := plain.Image(i)
		for k := range 64 {
			if p[k] != p[64+k] {
				return false
			}
		}
		return true
	}
	for i, name := range plain.Names {
		if texture := name == "brick" || name == "grass"; same(i) != texture {
			t.Errorf("%s is grey: %v", name, !texture)
		}
	}
}
