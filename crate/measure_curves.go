package crate

import "gonum.org/v1/gonum/mat"

// curves are measurements that are being made.
type curves struct {
	model     *Model
	protocols []Protocol
	bases     [][][]*mat.Dense // of protocol and layer
	values    [][][partSize]float64
	moments   [][]moments // of protocol and layer; values are those of one part
	done      int
}

func newCurves(m *Model, protocols []Protocol) (*curves, error) {
	c := &curves{model: m, protocols: protocols}
	for _, p := range protocols {
		if err := p.check(); err != nil {
			return nil, err
		}
		U, err := p.bases(m)
		if err != nil {
			return nil, err
		}
		c.bases = append(c.bases, U)
		c.values = append(c.values, make([][partSize]float64, len(m.Layers)))
		c.moments = append(c.moments, make([]moments, len(m.Layers)))
	}
	return c, nil
}

// measure sets the values of the images of a trace, the first of which has the
// given index.
func (c *curves) measure(first int, t *Trace) {
	for i, p := range c.protocols {
		for ℓ := range c.model.Layers {
			for image := range t.Images {
				c.values[i][ℓ][(first+image)%partSize] = p.measure(t, ℓ, image, c.bases[i][ℓ])
			}
		}
	}
}

// add takes the values up to image done into the moments, in the order of the
// images, so that sums have the same bits on any number of processors.
func (c *curves) add(done int) {
	for i := range c.moments {
		for ℓ := range c.moments[i] {
			for _, v := range c.values[i][ℓ][:done-c.done] {
				c.moments[i][ℓ].add(v)
			}
		}
	}
	c.done = done
}

func (c *curves) measurements() []Measurement {
	isNormed := c.model.Layers[0].Norm1 != nil
	all := make([]Measurement, len(c.protocols))
	for i, p := range c.protocols {
		all[i] = Measurement{Protocol: p.Name, What: p.describe(c.done, isNormed), Images: c.done}
		for ℓ, v := range c.moments[i] {
			all[i].Layers = append(all[i].Layers, ℓ+1)
			all[i].Mean = append(all[i].Mean, v.mean)
			all[i].SD = append(all[i].SD, v.sd(p.Population))
		}
	}
	return all
}
