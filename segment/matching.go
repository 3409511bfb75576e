package segment

import (
	"cmp"
	"maps"
	"slices"
)

// The evaluation of COCO, step by step: the found are matched with objects image by
// image, and the matches then summed up over images, category by category.

// ranges are those of the area of objects: all, small, medium, large.
var ranges = [4][2]float64{{0, 1e10}, {0, 32 * 32}, {32 * 32, 96 * 96}, {96 * 96, 1e10}}

// thresholds are those of IoU, computed as NumPy spaces them, so that an IoU that
// equals one of them falls on the same side.
var thresholds = func() (t [10]float64) {
	first, last := 0.5, 0.95
	step := (last - first) / 9
	for i := range t {
		t[i] = float64(float64(i)*step) + first
	}
	t[9] = last
	return t
}()

// match is what became of a found object.
type match struct {
	score          float64
	place          int // in its image, the best being 0
	right, ignored bool
}

// categoryMatches are the matches in one category, of all images, by area and
// threshold.
type categoryMatches struct {
	matches [4][10][]match
	objects [4]int // that are to be found
}

// add matches the objects of an image and category.
func (e *Evaluation) add(g *group) {
	cfg, c := e.Config, e.categories[g.category]
	if c == nil {
		c = &categoryMatches{}
		e.categories[g.category] = c
	}
	overlaps := g.overlaps(cfg)
	for a, area := range ranges {
		ignored := make([]bool, len(g.truth))
		for i, o := range g.truth {
			size := o.area(cfg)
			ignored[i] = o.Crowd || size < area[0] || size > area[1]
			if !ignored[i] {
				c.objects[a]++
			}
		}
		for t, least := range thresholds {
			c.matches[a][t] = append(c.matches[a][t], g.match(overlaps, ignored, least, area, cfg)...)
		}
	}
}

// match matches the found of an image, best first, with its objects.
func (g *group) match(overlaps [][]float64, ignored []bool, least float64, area [2]float64, cfg PrecisionConfig) []match {
	taken := make([]bool, len(g.truth))
	matches := make([]match, len(g.found))
	for d, o := range g.found {
		m := match{score: o.Score, place: d}
		if best := g.best(overlaps[d], taken, ignored, least); best >= 0 {
			taken[best] = true
			m.right, m.ignored = true, ignored[best]
		} else {
			o.Area = 0 // its own, whatever it says
			size := o.area(cfg)
			m.ignored = size < area[0] || size > area[1]
		}
		matches[d] = m
	}
	return matches
}

// best returns the object that a found one takes: of those that are free and not
// ignored the one with the largest IoU, which is at least the given one; if there
// is none, of those that are ignored, where crowds are always free. Of equal ones
// it is the last. It returns −1 if there is none at all.
func (g *group) best(overlaps []float64, taken, ignored []bool, least float64) int {
	for _, of := range []bool{false, true} {
		best, largest := -1, min(least, 1-1e-10)
		for i, iou := range overlaps {
			if ignored[i] == of && (!taken[i] || g.truth[i].Crowd) && iou >= largest {
				best, largest = i, iou
			}
		}
		if best >= 0 {
			return best
		}
	}
	return -1
}

// overlaps returns the IoU of every found object, a row, with every object.
func (g *group) overlaps(cfg PrecisionConfig) [][]float64 {
	rows := make([][]float64, len(g.found))
	for d, f := range g.found {
		rows[d] = make([]float64, len(g.truth))
		for i, o := range g.truth {
			rows[d][i] = objectOverlap(f, o, cfg)
		}
	}
	return rows
}

func objectOverlap(found, truth Object, cfg PrecisionConfig) float64 {
	var both, either float64
	if cfg.Boxes {
		f, t := found.Box, truth.Box
		w := min(f.X+f.Width, t.X+t.Width) - max(f.X, t.X)
		h := min(f.Y+f.Height, t.Y+t.Height) - max(f.Y, t.Y)
		both = max(w, 0) * max(h, 0)
		either = f.Area() + t.Area() - both
	} else {
		b, e := overlap(found.Mask, truth.Mask)
		both, either = float64(b), float64(e)
	}
	if truth.Crowd {
		found.Area = 0
		either = found.area(cfg)
	}
	if both == 0 {
		return 0
	}
	return both / either
}

// area is the area by which an object is small or large.
func (o Object) area(cfg PrecisionConfig) float64 {
	switch {
	case o.Area != 0:
		return o.Area
	case cfg.Boxes:
		return o.Box.Area()
	}
	return float64(o.Mask.Area())
}

// Precision returns the numbers of all images added so far.
func (e *Evaluation) Precision() Precision {
	ap := func(area int, thresholds ...int) float64 {
		precision, _ := e.mean(area, 100, thresholds)
		return precision
	}
	ar := func(area, most int) float64 {
		_, recall := e.mean(area, most, nil)
		return recall
	}
	return Precision{
		AP: ap(0), AP50: ap(0, 0), AP75: ap(0, 5),
		APSmall: ap(1), APMedium: ap(2), APLarge: ap(3),
		AR1: ar(0, 1), AR10: ar(0, 10), AR100: ar(0, 100),
		ARSmall: ar(1, 100), ARMedium: ar(2, 100), ARLarge: ar(3, 100),
		Images: len(e.images), Objects: e.objects, Categories: len(e.categories),
	}
}

// mean returns AP and recall at some thresholds, all if none are named, averaged
// over them and the categories; −1 if there are no objects.
func (e *Evaluation) mean(area, most int, at []int) (precision, recall float64) {
	if at == nil {
		at = []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
	}
	n := 0.0
	for _, category := range slices.Sorted(maps.Keys(e.categories)) {
		c := e.categories[category]
		for _, t := range at {
			if c.objects[area] > 0 {
				p, r := c.curve(area, t, most)
				precision, recall, n = precision+p, recall+r, n+1
			}
		}
	}
	if n == 0 {
		return -1, -1
	}
	return precision / n, recall / n
}

// curve returns the mean precision over 101 recalls, and the recall reached.
func (c *categoryMatches) curve(area, t, most int) (ap, recall float64) {
	var matches []match
	for _, m := range c.matches[area][t] {
		if m.place < most {
			matches = append(matches, m)
		}
	}
	slices.SortStableFunc(matches, func(a, b match) int { return cmp.Compare(b.score, a.score) })
	var recalls, precisions []float64
	right, wrong := 0.0, 0.0
	for _, m := range matches {
		switch {
		case m.ignored: // changes neither, but leaves a point on the curve
		case m.right:
			right++
		default:
			wrong++
		}
		recalls = append(recalls, right/float64(c.objects[area]))
		precisions = append(precisions, right/(right+wrong+0x1p-52))
	}
	if len(matches) == 0 {
		return 0, 0
	}
	for i := len(precisions) - 2; i >= 0; i-- {
		precisions[i] = max(precisions[i], precisions[i+1])
	}
	for r := range 101 {
		if i, _ := slices.BinarySearch(recalls, float64(r)*0.01); i < len(recalls) {
			ap += precisions[i] / 101
		}
	}
	return ap, recalls[len(recalls)-1]
}
