package segment

import (
	"cmp"
	"fmt"
	"slices"
)

// Object is an object in an image: one that is there, or one that was found.
type Object struct {
	Image    int // any number that tells images apart
	Category int // any number that tells categories apart
	Box      Box
	Mask     Mask // none if only boxes are compared

	Score float64 // of what was found: how sure the finder is

	Crowd bool    // of what is there: a crowd of objects, in which any number may be found
	Area  float64 // of what is there, in pixels; 0: that of the mask, or the box
}

// PrecisionConfig says how [AveragePrecision] compares objects.
type PrecisionConfig struct {
	Boxes    bool // by their boxes instead of their masks
	Agnostic bool // without categories, as for objects found without names
}

// Precision is what the rules of COCO make of found objects. A number is −1 if
// there is no object from which to compute it.
type Precision struct {
	AP                          float64 // mean of AP over IoU 0.50, 0.55, …, 0.95
	AP50, AP75                  float64 // AP at IoU 0.5, 0.75
	APSmall, APMedium, APLarge  float64 // of objects of less than 32², up to 96², and more pixels
	AR1, AR10, AR100            float64 // recall with the best 1, 10, 100 of an image, mean over the IoU
	ARSmall, ARMedium, ARLarge  float64 // with 100, by the area of the objects
	Images, Objects, Categories int
}

// String says the most cited numbers in one line.
func (p Precision) String() string {
	return fmt.Sprintf("AP %.3f, AP50 %.3f, AP75 %.3f, AR100 %.3f over %d objects in %d images", p.AP, p.AP50, p.AP75, p.AR100, p.Objects, p.Images)
}

// AveragePrecision compares objects that were found with those that are there, by
// the rules of COCO. In every image and category the found, best first and at most
// 100, take each the free object with which their IoU is largest and at least a
// threshold. Over all images, sorted by score,
//
//	precision(r) = max over recalls ≥ r of right/(right + wrong)
//	AP           = mean of precision(r) over r = 0, 0.01, …, 1
//
// averaged over categories and over ten thresholds of IoU. What is found in a
// crowd, or outside the range of areas that is asked for, counts neither as right
// nor as wrong, and the IoU with a crowd is the share of the found that lies in it.
// It is an error if masks are wanted and missing, or those of an image differ in
// size.
//
// Source: Lin et al., Microsoft COCO (2014), and the evaluation of its tools, whose
// numbers these are.
func AveragePrecision(truth, found []Object, cfg PrecisionConfig) (Precision, error) {
	e := Evaluation{Config: cfg}
	if err := e.Add(truth, found); err != nil {
		return Precision{}, err
	}
	return e.Precision(), nil
}

// Evaluation is an [AveragePrecision] over images whose masks need not be in the
// memory together: Add them one after the other, then ask for the Precision. An
// Evaluation with its Config set is ready for use.
type Evaluation struct {
	Config PrecisionConfig

	objects    int
	images     map[int]bool
	categories map[int]*categoryMatches
}

// Add adds all objects of some images. Of equal scores, images added earlier come
// first. Errors are those of [AveragePrecision], or that an image was added before;
// nothing is added then.
func (e *Evaluation) Add(truth, found []Object) error {
	groups, err := groupObjects(truth, found, e.Config)
	if err != nil {
		return err
	}
	if e.images == nil {
		e.images, e.categories = map[int]bool{}, map[int]*categoryMatches{}
	}
	for _, g := range groups {
		if e.images[g.image] {
			return fmt.Errorf("segment: Evaluation.Add: image %d was added before; add all its objects at once", g.image)
		}
	}
	for _, g := range groups {
		e.images[g.image] = true
		e.add(g)
	}
	e.objects += len(truth)
	return nil
}

// group are the objects of one image and category.
type group struct {
	image, category int
	truth, found    []Object // the found, best first
}

// groupObjects groups objects by category and, in it, by image.
func groupObjects(truth, found []Object, cfg PrecisionConfig) ([]*group, error) {
	const most = 100
	byKey := map[[2]int]*group{}
	of := func(o Object) (*group, error) {
		if !cfg.Boxes && len(o.Mask.Bits) == 0 {
			return nil, fmt.Errorf("segment: AveragePrecision: an object of image %d has no mask; set Boxes to compare boxes", o.Image)
		}
		key := [2]int{o.Category, o.Image}
		if cfg.Agnostic {
			key[0] = 0
		}
		if byKey[key] == nil {
			byKey[key] = &group{category: key[0], image: key[1]}
		}
		return byKey[key], nil
	}
	for i, o := range slices.Concat(truth, found) {
		g, err := of(o)
		switch {
		case err != nil:
			return nil, err
		case i < len(truth):
			g.truth = append(g.truth, o)
		default:
			g.found = append(g.found, o)
		}
	}
	groups := make([]*group, 0, len(byKey))
	for _, g := range byKey {
		if err := g.check(cfg); err != nil {
			return nil, err
		}
		slices.SortStableFunc(g.found, func(a, b Object) int { return cmp.Compare(b.Score, a.Score) })
		g.found = g.found[:min(most, len(g.found))]
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b *group) int {
		return cmp.Or(cmp.Compare(a.category, b.category), cmp.Compare(a.image, b.image))
	})
	return groups, nil
}

// check reports masks of different sizes.
func (g *group) check(cfg PrecisionConfig) error {
	all := slices.Concat(g.truth, g.found)
	for _, o := range all {
		if a, b := all[0].Mask, o.Mask; !cfg.Boxes && (a.Height != b.Height || a.Width != b.Width) {
			return fmt.Errorf("segment: AveragePrecision: masks of %d×%d and %d×%d in image %d; want one size", a.Height, a.Width, b.Height, b.Width, g.image)
		}
	}
	return nil
}
