package crate

import (
	"context"
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// Spectrum has the singular values of the tokens at every layer, over a set of
// images. Tokens of low rank have few that are large.
type Spectrum struct {
	What   string      // what exactly was measured, for a caption
	Images int         // how many images were measured
	Layers []int       // 1, 2, …, L
	Mean   [][]float64 // of each layer: min(d, N) values, the largest first, each the mean over images
	SD     [][]float64 // their standard deviation over images, by n − 1; 0 for a single image
}

// SingularValues returns the singular values of the d×N tokens of each image at a
// stage of every layer, Z^{ℓ+1} at [StageOutput]. They are those of the tokens as
// they are: neither scaled nor centred. [StageProjected], whose tokens belong to
// one head, is an error; for the rest see [MeasureAll]. A value costs about as
// much as ten rates.
func SingularValues(ctx context.Context, m *Model, images ImageSource, stage Stage, progress func(done, total int)) (Spectrum, error) {
	if stage != StageInput && stage != StageHalf && stage != StageOutput {
		return Spectrum{}, fmt.Errorf("crate: SingularValues: stage %d; want StageInput, StageHalf or StageOutput", stage)
	}
	var part [partSize][][]float64 // of image and layer
	var all [][]moments            // of layer and place in the order
	err := m.eachPart(ctx, "SingularValues", images, func(first int, t *Trace) {
		for i := range t.Images {
			part[(first+i)%partSize] = spectra(t, i, stage)
		}
	}, func(done int) {
		for _, image := range part[:(done-1)%partSize+1] {
			all = addSpectra(all, image)
		}
		if progress != nil {
			progress(done, images.Len())
		}
	})
	return summariseSpectra(all, stage), err
}

// spectra returns the singular values of one image at every layer, NaN where
// the tokens are not finite.
func spectra(t *Trace, image int, stage Stage) [][]float64 {
	values := make([][]float64, len(t.Layers))
	for ℓ := range values {
		Z := t.at(stage, ℓ, image).columns()
		scale, svd, ok := singular(Z, mat.SVDNone)
		if ok {
			values[ℓ] = svd.Values(nil)
		} else {
			values[ℓ], scale = make([]float64, min(Z.Dims())), 0*scale // 0, or NaN
		}
		for i := range values[ℓ] {
			values[ℓ][i] *= scale
		}
	}
	return values
}

func addSpectra(all [][]moments, image [][]float64) [][]moments {
	if all == nil {
		all = make([][]moments, len(image))
	}
	for ℓ, values := range image {
		if all[ℓ] == nil {
			all[ℓ] = make([]moments, len(values))
		}
		for i, v := range values {
			all[ℓ][i].add(v)
		}
	}
	return all
}

func summariseSpectra(all [][]moments, stage Stage) Spectrum {
	s := Spectrum{}
	for ℓ, values := range all {
		var mean, sd []float64
		for _, v := range values {
			mean, sd = append(mean, v.mean), append(sd, v.sd(false))
			s.Images = int(v.n)
		}
		s.Layers = append(s.Layers, ℓ+1)
		s.Mean, s.SD = append(s.Mean, mean), append(s.SD, sd)
	}
	s.What = fmt.Sprintf("singular values of $%s$, tokens as they are; mean and unbiased standard deviation over %d images", stage.tokens(), s.Images)
	return s
}
