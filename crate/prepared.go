package crate

// prepared is what the passes through a layer need of its parameters besides
// themselves, made once for all images of a batch: the folded dictionary, and
// transposes, with which a product finds whole rows.
type prepared struct {
	ista   *FoldedISTA // nil without ISTA
	Eᵀ     Matrix      // of ista, for the way back
	Uᵀ, Wᵀ Matrix      // of MSSA
}

// prepare brings p, whose memory it reuses, up to the present parameters.
func (l *Layer) prepare(p *prepared) *prepared {
	if l.ISTA != nil {
		if p.ista == nil {
			p.ista = new(FoldedISTA)
		}
		l.ISTA.fold(p.ista)
	}
	if l.MSSA != nil {
		l.MSSA.prepare(p)
	}
	return p
}

func (m *MSSA) prepare(p *prepared) *prepared {
	p.Uᵀ.transposeOf(m.U)
	if m.W.Rows != 0 {
		p.Wᵀ.transposeOf(m.W)
	}
	return p
}

// prepareBackward adds what only the way back needs.
func (p *prepared) prepareBackward() *prepared {
	if p.ista != nil {
		p.Eᵀ.transposeOf(p.ista.E)
	}
	return p
}

// prepare prepares layers, one for each of m, for forward passes, and also for
// backward ones if back is set.
func (m *Model) prepare(layers []prepared, back bool) []prepared {
	d := m.Config.Dim
	parallelIfLong(len(m.Layers)*d*d*d/125, len(m.Layers), func(_, ℓ int) {
		p := m.Layers[ℓ].prepare(&layers[ℓ])
		if back {
			p.prepareBackward()
		}
	})
	return layers
}
