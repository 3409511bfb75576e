package crate

import "github.com/gocrate/gocrate/crate/internal/gemm"

// prepared is what the passes through a layer need of its parameters besides
// themselves, made once for all images of a batch: the folded dictionary, and
// matrices in the order in which products read them.
type prepared struct {
	ista     *FoldedISTA // nil without ISTA
	E        gemm.Packed // of ista
	Uᵀ, Wᵀ   gemm.Packed // of MSSA
	Eᵀ, U, W gemm.Packed // for the way back
}

// prepare brings p, whose memory it reuses, up to the present parameters.
func (l *Layer) prepare(p *prepared) *prepared {
	if l.ISTA != nil {
		if p.ista == nil {
			p.ista = new(FoldedISTA)
		}
		l.ISTA.fold(p.ista)
		p.E.Pack(p.ista.E.view())
	}
	if l.MSSA != nil {
		l.MSSA.prepare(p)
	}
	return p
}

func (m *MSSA) prepare(p *prepared) *prepared {
	p.Uᵀ.PackTransposed(m.U.view())
	if m.W.Rows != 0 {
		p.Wᵀ.PackTransposed(m.W.view())
	}
	return p
}

// prepareBackward adds what only the way back needs.
func (l *Layer) prepareBackward(p *prepared) *prepared {
	if l.ISTA != nil {
		p.Eᵀ.PackTransposed(p.ista.E.view())
	}
	if l.MSSA != nil {
		l.MSSA.prepareBackward(p)
	}
	return p
}

func (m *MSSA) prepareBackward(p *prepared) *prepared {
	p.U.Pack(m.U.view())
	if m.W.Rows != 0 {
		p.W.Pack(m.W.view())
	}
	return p
}

// prepare prepares layers, one for each of m, for forward passes, and also for
// backward ones if back is set.
func (m *Model) prepare(layers []prepared, back bool) []prepared {
	d := m.Config.Dim
	parallelIfLong(len(m.Layers)*d*d*d/125, len(m.Layers), func(_, ℓ int) {
		m.Layers[ℓ].prepare(&layers[ℓ])
		if back {
			m.Layers[ℓ].prepareBackward(&layers[ℓ])
		}
	})
	return layers
}
