package segment

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

// object decodes an object of the golden file.
func (g cocoGolden) object(t *testing.T, a cocoObject, boxes bool) Object {
	t.Helper()
	o := Object{Image: a.Image_id, Category: a.Category_id, Score: a.Score, Crowd: a.Iscrowd == 1, Area: a.Area, Box: Box{a.Bbox[0], a.Bbox[1], a.Bbox[2], a.Bbox[3]}}
	if boxes {
		return o
	}
	var polygons [][]float64
	var runs struct{ Counts json.RawMessage }
	var counts []int
	var text string
	err := json.Unmarshal(a.Segmentation, &polygons)
	if err == nil {
		o.Mask, err = MaskOfPolygons(polygons, g.Images[0].Height, g.Images[0].Width)
	} else if err = json.Unmarshal(a.Segmentation, &runs); err == nil {
		if json.Unmarshal(runs.Counts, &text) == nil {
			counts, err = DecompressRuns(text)
		} else {
			err = json.Unmarshal(runs.Counts, &counts)
		}
		if err == nil {
			o.Mask, err = MaskOfRuns(counts, g.Images[0].Height, g.Images[0].Width)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestPrecisionEqualsPycocotools(t *testing.T) {
	g := readCOCO(t)
	for _, c := range []struct {
		key string
		cfg PrecisionConfig
	}{{"segm", PrecisionConfig{}}, {"bbox", PrecisionConfig{Boxes: true}}, {"segm agnostic", PrecisionConfig{Agnostic: true}}, {"bbox agnostic", PrecisionConfig{Boxes: true, Agnostic: true}}} {
		var truth, found []Object
		for _, a := range g.Annotations {
			truth = append(truth, g.object(t, a, c.cfg.Boxes))
		}
		for _, a := range g.Found {
			found = append(found, g.object(t, a, c.cfg.Boxes))
		}
		p, err := AveragePrecision(truth, found, c.cfg)
		if err != nil {
			t.Fatal(err)
		}
		got := []float64{p.AP, p.AP50, p.AP75, p.APSmall, p.APMedium, p.APLarge, p.AR1, p.AR10, p.AR100, p.ARSmall, p.ARMedium, p.ARLarge}
		for i, want := range g.Stats[c.key] {
			if math.Abs(got[i]-want) > 1e-9 {
				t.Errorf("%s: number %d is %.6f, want %.6f", c.key, i, got[i], want)
			}
		}
		// Images added one by one are the same.
		e := Evaluation{Config: c.cfg}
		for _, image := range g.Images {
			if err := e.Add(inImage(truth, image.ID), inImage(found, image.ID)); err != nil {
				t.Fatal(err)
			}
		}
		if e.Precision() != p {
			t.Errorf("%s: image by image %v, together %v", c.key, e.Precision(), p)
		}
	}
}

func inImage(all []Object, image int) (some []Object) {
	for _, o := range all {
		if o.Image == image {
			some = append(some, o)
		}
	}
	return some
}

// box returns an object with a box of ten by ten pixels from x on.
func box(image int, x, score float64) Object {
	return Object{Image: image, Box: Box{x, 0, 10, 10}, Score: score}
}

// Cases by hand.
func TestPrecisionByHand(t *testing.T) {
	truth := []Object{box(1, 0, 0), box(1, 50, 0)}
	for name, c := range map[string]struct {
		truth, found []Object
		ap50, ap, ar float64
	}{
		"all":     {truth, []Object{box(1, 0, 0.9), box(1, 50, 0.8)}, 1, 1, 1},
		"nothing": {truth, nil, 0, 0, 0},
		// Precision is 1 up to recall ½: recalls 0, 0.01, …, 0.50 of 101.
		"one of two": {truth, []Object{box(1, 0, 0.9)}, 51.0 / 101, 51.0 / 101, 0.5},
		// A mistake first: precision ½ at recall ½, 2/3 at 1, which is the best from anywhere on.
		"a mistake first": {truth, []Object{box(1, 100, 0.9), box(1, 0, 0.8), box(1, 50, 0.7)}, 2.0 / 3, 2.0 / 3, 1},
		// The second find of an object is a mistake.
		"twice": {truth[:1], []Object{box(1, 0, 0.9), box(1, 0, 0.8)}, 1, 1, 1},
		// Moved by 2: IoU 8/12, above four of the thresholds.
		"moved":         {truth[:1], []Object{box(1, 2, 0.9)}, 1, 0.4, 0.4},
		"another image": {truth[:1], []Object{box(2, 0, 0.9)}, 0, 0, 0},
		"no objects":    {nil, []Object{box(1, 0, 0.9)}, -1, -1, -1},
	} {
		p, err := AveragePrecision(c.truth, c.found, PrecisionConfig{Boxes: true})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(p.AP50-c.ap50) > 1e-9 || math.Abs(p.AP-c.ap) > 1e-9 || math.Abs(p.AR100-c.ar) > 1e-9 {
			t.Errorf("%s: AP50 %.4f, AP %.4f, recall %.4f; want %.4f, %.4f, %.4f", name, p.AP50, p.AP, p.AR100, c.ap50, c.ap, c.ar)
		}
	}
}

// What is found in a crowd counts neither way, however much.
func TestCrowds(t *testing.T) {
	crowd := Object{Image: 1, Box: Box{100, 0, 200, 100}, Crowd: true}
	found := []Object{box(1, 120, 0.95), box(1, 150, 0.94), box(1, 180, 0.93), box(1, 0, 0.9)}
	p, err := AveragePrecision([]Object{box(1, 0, 0), crowd}, found, PrecisionConfig{Boxes: true})
	if err != nil || math.Abs(p.AP-1) > 1e-9 || p.AR100 != 1 {
		t.Errorf("%v, error %v; want 1 for AP and recall", p, err)
	}
}

func TestPrecisionRefuses(t *testing.T) {
	masked := Object{Image: 1, Mask: NewMask(2, 3)}
	if _, err := AveragePrecision([]Object{masked}, []Object{box(1, 0, 1)}, PrecisionConfig{}); err == nil || !strings.Contains(err.Error(), "has no mask") {
		t.Errorf("error %v", err)
	}
	if _, err := AveragePrecision([]Object{masked}, []Object{{Image: 1, Mask: NewMask(3, 2)}}, PrecisionConfig{}); err == nil || !strings.Contains(err.Error(), "2×3 and 3×2") {
		t.Errorf("error %v", err)
	}
	e := Evaluation{}
	for i, want := range []bool{false, true} {
		if err := e.Add([]Object{masked}, nil); (err != nil) != want {
			t.Errorf("image added %d times: error %v", i+1, err)
		}
	}
}
