package datasets

import (
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gocrate/gocrate/segment"
)

// The same rectangle, columns 1 and 2 of rows 1 to 3, in all forms of a mask.
const rectangles = `{"images": [{"id": 9, "file_name": "a.jpg", "height": 5, "width": 4}, {"id": 4, "file_name": "b.jpg", "height": 5, "width": 4}],
 "categories": [{"id": 2, "name": "bar"}],
 "annotations": [
  {"image_id": 9, "category_id": 2, "iscrowd": 0, "area": 6, "bbox": [1, 1, 2, 3], "segmentation": [[1, 1, 3, 1, 3, 4, 1, 4]]},
  {"image_id": 9, "category_id": 2, "iscrowd": 1, "area": 6, "bbox": [1, 1, 2, 3], "segmentation": {"size": [5, 4], "counts": [6, 3, 2, 3, 6]}},
  {"image_id": 4, "category_id": 2, "iscrowd": 0, "area": 6, "segmentation": {"size": [5, 4], "counts": "63204"}}]}`

func TestReadCOCO(t *testing.T) {
	c, err := ReadCOCO(writeFile(t, "a.json", []byte(rectangles)))
	if err != nil {
		t.Fatal(err)
	}
	want := segment.NewMask(5, 4)
	for y := 1; y < 4; y++ {
		want.Bits[4*y+1], want.Bits[4*y+2] = true, true
	}
	all, err := c.Objects(9)
	if err != nil || len(all) != 2 {
		t.Fatalf("%d objects in image 9, error %v", len(all), err)
	}
	other, err := c.Objects(4)
	if err != nil || len(other) != 1 {
		t.Fatalf("%d objects in image 4, error %v", len(other), err)
	}
	for i, o := range append(all, other...) {
		if segment.IoU(o.Mask, want) != 1 || o.Box != want.Box() || o.Area != 6 || o.Category != 2 || o.Crowd != (i == 1) {
			t.Errorf("object %d: %+v", i, o)
		}
	}
	if c.String() != "3 objects of 1 categories in 2 images" {
		t.Errorf("%v", c)
	}
}

// Objects by the files of a folder: crowds apart, in the order of the files.
func TestCOCOMasksOfFiles(t *testing.T) {
	c, err := ReadCOCO(writeFile(t, "a.json", []byte(rectangles)))
	if err != nil {
		t.Fatal(err)
	}
	masks, err := c.Masks([]string{"val/b.jpg", "a.jpg", "b.jpg"})
	if err != nil || len(masks) != 3 || len(masks[0]) != 1 || len(masks[1]) != 1 || len(masks[2]) != 1 {
		t.Fatalf("%v, error %v", masks, err)
	}
	if want := (segment.Box{X: 1, Y: 1, Width: 2, Height: 3}); masks[0][0].Box() != want || masks[1][0].Box() != want {
		t.Errorf("boxes %v and %v, want %v", masks[0][0].Box(), masks[1][0].Box(), want)
	}
	if _, err := c.Masks([]string{"c.jpg"}); err == nil || !strings.Contains(err.Error(), "c.jpg") {
		t.Errorf("error %v of a file that is not there", err)
	}
	c.Annotations[0].Segmentation = nil
	if _, err := c.Masks([]string{"a.jpg"}); err == nil || !strings.Contains(err.Error(), "Objects") {
		t.Errorf("error %v of an object without a mask", err)
	}
}

// Found objects, read and evaluated: of two one is found.
func TestCOCOResults(t *testing.T) {
	c, err := ReadCOCO(writeFile(t, "a.json", []byte(rectangles)))
	if err != nil {
		t.Fatal(err)
	}
	found, err := ReadCOCOResults(writeFile(t, "b.json", []byte(`[{"image_id": 9, "category_id": 2, "score": 0.5, "segmentation": {"size": [5, 4], "counts": [6, 3, 2, 3, 6]}}]`)))
	if err != nil {
		t.Fatal(err)
	}
	var e segment.Evaluation
	for _, image := range c.Images {
		truth, err1 := c.Objects(image.ID)
		mine, err2 := c.Found(image.ID, found)
		if err := e.Add(truth, mine); err != nil || err1 != nil || err2 != nil {
			t.Fatal(err, err1, err2)
		}
	}
	if p := e.Precision(); math.Abs(p.AP-51.0/101) > 1e-9 {
		t.Errorf("%v, want 51/101", p)
	}
}

func TestCOCORefused(t *testing.T) {
	for _, c := range []struct{ change, to, want string }{
		{`"height": 5, "width": 4}]`, `"height": 5, "width": 0}]`, "5×0 pixels"},
		{`"image_id": 4`, `"image_id": 5`, "image 5"},
		{`"images"`, `images`, "invalid character"},
	} {
		if _, err := ReadCOCO(writeFile(t, "a.json", []byte(strings.Replace(rectangles, c.change, c.to, 1)))); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v; want one that says %q", c.to, err, c.want)
		}
	}
	for _, c := range []struct{ change, to, want string }{
		{`[5, 4], "counts": "6`, `[4, 5], "counts": "6`, "size [4 5]"},
		{`"63204"`, `"632"`, "runs of"},
		{`"63204"`, `"é"`, "character"},
		{`"63204"`, `true`, "neither numbers nor a text"},
		{`{"size": [5, 4], "counts": "63204"}`, `7`, "neither polygons"},
		{`{"size": [5, 4], "counts": "63204"}`, `[[1, 2]]`, "three corners"},
		{`{"size": [5, 4], "counts": "63204"}`, `[], "bbox": [1]`, "bbox has 1 numbers"},
	} {
		file := writeFile(t, "a.json", []byte(strings.Replace(rectangles, c.change, c.to, 1)))
		read, err := ReadCOCO(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := read.Objects(4); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v; want one that says %q", c.to, err, c.want)
		}
	}
	if _, err := ReadCOCO(filepath.Join(t.TempDir(), "none.json")); err == nil {
		t.Error("a file that is not there is read")
	}
}

func TestMasksOfAFolder(t *testing.T) {
	dir, masks := t.TempDir(), t.TempDir()
	save := func(file string, set image.Point) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		p := image.NewGray(image.Rect(0, 0, 3, 2))
		p.SetGray(set.X, set.Y, color.Gray{7})
		f, err := os.Create(file)
		if err == nil {
			err = png.Encode(f, p)
		}
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	save(filepath.Join(dir, "cat", "a.png"), image.Pt(0, 0))
	save(filepath.Join(dir, "dog", "b.png"), image.Pt(0, 0))
	save(filepath.Join(masks, "cat", "a.png"), image.Pt(2, 1))
	f, err := OpenFolder(dir, Recipe{Size: 2})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Masks(masks); err == nil || !strings.Contains(err.Error(), "dog/b.png") {
		t.Errorf("error %v; want one that names the picture without a mask", err)
	}
	save(filepath.Join(masks, "b.png"), image.Pt(1, 0))
	got, err := f.Masks(masks)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].Area() != 1 || !got[0].At(1, 2) || got[1].Area() != 1 || !got[1].At(0, 1) {
		t.Errorf("masks %v", got)
	}
	objects, err := f.Objects(masks)
	if err != nil || len(objects) != 2 || len(objects[1]) != 1 || !objects[1][0].At(0, 1) {
		t.Errorf("objects %v, error %v", objects, err)
	}
	save(filepath.Join(masks, "cat", "a.png"), image.Pt(9, 9)) // sets nothing
	if objects, err = f.Objects(masks); err != nil || len(objects[0]) != 0 || len(objects[1]) != 1 {
		t.Errorf("objects %v of an empty mask, error %v", objects, err)
	}
}

func TestObjectsOfShapes(t *testing.T) {
	s := DrawShapes(Drawing{Count: 2, Size: 16})
	for i, objects := range s.Objects() {
		for at, b := range s.Mask(i) {
			if len(objects) != 1 || objects[0].Bits[at] != b {
				t.Fatalf("image %d: another mask", i)
			}
		}
	}
}
