package datasets

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"

	"github.com/gocrate/gocrate/segment"
)

// COCO are annotated images, in the layout of the COCO data set.
type COCO struct {
	Images      []COCOImage
	Categories  []COCOCategory
	Annotations []COCOAnnotation
}

// COCOImage is an image; its file is not opened.
type COCOImage struct {
	ID     int
	File   string `json:"file_name"`
	Height int
	Width  int
}

// COCOCategory is a kind of object.
type COCOCategory struct {
	ID   int
	Name string
}

// COCOAnnotation is an object in an image, or one that was found.
type COCOAnnotation struct {
	Image    int       `json:"image_id"`    // ID of the image
	Category int       `json:"category_id"` // ID of the category
	Box      []float64 `json:"bbox"`        // x, y, width, height
	Area     float64
	Crowd    int `json:"iscrowd"`
	Score    float64

	// Segmentation is a list of polygons, or run lengths, as numbers or
	// compressed; [COCOAnnotation.Mask] decodes it.
	Segmentation json.RawMessage
}

// maxAnnotations bounds a file of annotations: 1 GB.
const maxAnnotations = 1 << 30

// ReadCOCO reads a file of annotations such as instances_val2017.json. Masks stay
// as the file has them until they are asked for. It is an error if the file is
// longer than 1 GB, or names images of no size, or objects of images that it does
// not have.
func ReadCOCO(file string) (*COCO, error) {
	c := &COCO{}
	if err := readJSONFile(file, c); err != nil {
		return nil, err
	}
	known := map[int]bool{}
	for _, image := range c.Images {
		known[image.ID] = true
		if image.Height <= 0 || image.Width <= 0 || image.Height > maxSide || image.Width > maxSide {
			return nil, fmt.Errorf("datasets: %s: image %d is of %d×%d pixels; want 1 to %d on a side", file, image.ID, image.Height, image.Width, maxSide)
		}
	}
	for i, a := range c.Annotations {
		if !known[a.Image] {
			return nil, fmt.Errorf("datasets: %s: annotation %d is of image %d, which the file does not have", file, i, a.Image)
		}
	}
	return c, nil
}

// ReadCOCOResults reads a file of objects that were found, with scores: a list of
// annotations, as the evaluation server of COCO takes it.
func ReadCOCOResults(file string) ([]COCOAnnotation, error) {
	var found []COCOAnnotation
	return found, readJSONFile(file, &found)
}

// String says how much there is.
func (c *COCO) String() string {
	return fmt.Sprintf("%d objects of %d categories in %d images", len(c.Annotations), len(c.Categories), len(c.Images))
}

// Objects returns the annotated objects of an image, with their masks, for
// segment.AveragePrecision. It is an error if c has no such image, or a mask
// cannot be read.
func (c *COCO) Objects(image int) ([]segment.Object, error) {
	return c.objects(image, c.Annotations)
}

// Found returns those of the objects that were found in an image.
func (c *COCO) Found(image int, all []COCOAnnotation) ([]segment.Object, error) {
	return c.objects(image, all)
}

// Masks returns the masks of the objects, crowds apart, in the pictures of these
// files, as package segment takes them: Files of a [Folder]. Directories in the
// names do not matter. It is an error if c does not have a picture, or an object has
// no mask.
func (c *COCO) Masks(files []string) ([][]segment.Mask, error) {
	ids := map[string]int{}
	for _, image := range c.Images {
		ids[path.Base(image.File)] = image.ID
	}
	masks := make([][]segment.Mask, len(files))
	for i, file := range files {
		id, ok := ids[path.Base(file)]
		if !ok {
			return nil, fmt.Errorf("datasets: COCO has no image of file %s among its %d", path.Base(file), len(c.Images))
		}
		objects, err := c.Objects(id)
		if err != nil {
			return nil, err
		}
		for _, o := range objects {
			if len(o.Mask.Bits) == 0 {
				return nil, fmt.Errorf("datasets: COCO: an object of image %d, %s, has no segmentation; compare boxes instead, with Objects", id, file)
			}
			if !o.Crowd {
				masks[i] = append(masks[i], o.Mask)
			}
		}
	}
	return masks, nil
}

func (c *COCO) objects(image int, all []COCOAnnotation) ([]segment.Object, error) {
	size, err := c.image(image)
	if err != nil {
		return nil, err
	}
	var objects []segment.Object
	for i, a := range all {
		if a.Image != image {
			continue
		}
		o, err := a.object(size.Height, size.Width)
		if err != nil {
			return nil, fmt.Errorf("datasets: COCO annotation %d, of image %d: %w", i, image, err)
		}
		objects = append(objects, o)
	}
	return objects, nil
}

func (c *COCO) image(id int) (COCOImage, error) {
	for _, image := range c.Images {
		if image.ID == id {
			return image, nil
		}
	}
	return COCOImage{}, fmt.Errorf("datasets: COCO has no image %d among its %d", id, len(c.Images))
}

// object decodes an annotation of an image of the given size. What has no mask has
// a box, and the other way round.
func (a COCOAnnotation) object(height, width int) (segment.Object, error) {
	o := segment.Object{Image: a.Image, Category: a.Category, Score: a.Score, Crowd: a.Crowd != 0, Area: a.Area}
	if len(a.Segmentation) > 0 {
		var err error
		if o.Mask, err = a.Mask(height, width); err != nil {
			return o, err
		}
	}
	switch {
	case len(a.Box) == 4:
		o.Box = segment.Box{X: a.Box[0], Y: a.Box[1], Width: a.Box[2], Height: a.Box[3]}
	case a.Box != nil:
		return o, fmt.Errorf("bbox has %d numbers; want x, y, width, height", len(a.Box))
	default:
		o.Box = o.Mask.Box()
	}
	return o, nil
}

// Mask decodes the mask of an annotation, whose image has the given size: polygons,
// run lengths, or compressed run lengths. It is an error if it is none of these, or
// of another size.
func (a COCOAnnotation) Mask(height, width int) (segment.Mask, error) {
	var polygons [][]float64
	if json.Unmarshal(a.Segmentation, &polygons) == nil {
		return segment.MaskOfPolygons(polygons, height, width)
	}
	var runs struct {
		Size   []int
		Counts json.RawMessage
	}
	if err := json.Unmarshal(a.Segmentation, &runs); err != nil {
		return segment.Mask{}, fmt.Errorf("segmentation is neither polygons nor run lengths: %w", err)
	}
	if len(runs.Size) != 2 || runs.Size[0] != height || runs.Size[1] != width {
		return segment.Mask{}, fmt.Errorf("run lengths of size %v; want [%d, %d], the image's height and width", runs.Size, height, width)
	}
	counts, err := readCounts(runs.Counts)
	if err != nil {
		return segment.Mask{}, err
	}
	return segment.MaskOfRuns(counts, height, width)
}

func readCounts(raw json.RawMessage) (counts []int, err error) {
	if json.Unmarshal(raw, &counts) == nil {
		return counts, nil
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return nil, fmt.Errorf("counts are neither numbers nor a text: %w", err)
	}
	return segment.DecompressRuns(text)
}

// readJSONFile reads a file that is not too long.
func readJSONFile(file string, v any) error {
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("datasets: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("datasets: %w", err)
	}
	if info.Size() > maxAnnotations {
		return fmt.Errorf("datasets: %s: %d bytes; want at most %d", file, info.Size(), maxAnnotations)
	}
	if err := json.NewDecoder(io.LimitReader(f, maxAnnotations)).Decode(v); err != nil {
		return fmt.Errorf("datasets: %s: %w", file, err)
	}
	return nil
}
