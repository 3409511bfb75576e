package datasets_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/gocrate/gocrate/datasets"
)

// A file of annotations, and the objects in one of its images with their masks.
func ExampleReadCOCO() {
	dir, _ := os.MkdirTemp("", "")
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "instances.json")
	os.WriteFile(file, []byte(`{"images": [{"id": 7, "height": 10, "width": 20}], "categories": [{"id": 1, "name": "bar"}],
		"annotations": [{"image_id": 7, "category_id": 1, "area": 12, "bbox": [2, 3, 4, 3], "segmentation": [[2, 3, 6, 3, 6, 6, 2, 6]]}]}`), 0o600)

	set, err := datasets.ReadCOCO(file)
	fmt.Println(set, err)
	objects, err := set.Objects(7)
	fmt.Println(objects[0].Mask.Area(), objects[0].Mask.Box(), err)
	// Output:
	// 1 objects of 1 categories in 1 images <nil>
	// 12 {2 3 4 3} <nil>
}
