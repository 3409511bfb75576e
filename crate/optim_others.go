package crate

// Adam is the optimiser of Kingma and Ba (arXiv 1412.6980) with the
// arithmetic of PyTorch's. It differs from [AdamW] in the weight decay, which
// is a part of the gradient and so passes through the moments:
//
//	g ← g + wd·θ
//	m ← β₁m + (1 − β₁)g
//	v ← β₂v + (1 − β₂)g²
//	θ ← θ − lr·m̂/(√v̂ + ε)
type Adam struct {
	AdamW
	decayed []float32 // g + wd·θ
}

// NewAdam returns the optimiser with β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
func NewAdam(weightDecay float64) *Adam { return &Adam{AdamW: *NewAdamW(weightDecay)} }

// Step changes the parameters of m by one step against the gradient grad.
func (o *Adam) Step(m, grad *Model, learningRate float64) {
	o.step(m.Params(), grad.Params(), m, learningRate)
}

func (o *Adam) step(params, grads []Param, m *Model, learningRate float64) {
	means, squares := o.start(m)
	for i, p := range params {
		g := grads[i].Data
		if wd := decay(p, o.WeightDecay, o.MatricesOnly); wd != 0 {
			o.decayed = addDecay(o.decayed[:0], g, p.Data, float32(wd))
			g = o.decayed
		}
		o.update(p.Data, g, means[i].Data, squares[i].Data, learningRate, 1)
	}
}

// addDecay appends g + wd·θ to dst.
func addDecay(dst, g, θ []float32, wd float32) []float32 {
	for i, gi := range g {
		dst = append(dst, gi+wd*θ[i])
	}
	return dst
}

// SGD is stochastic gradient descent with momentum, with the arithmetic of
// PyTorch's:
//
//	g ← g + wd·θ
//	v ← μv + g
//	θ ← θ − lr·v
type SGD struct {
	Momentum     float64 // μ
	WeightDecay  float64 // wd
	MatricesOnly bool    // decay spares norms, biases, class token and positions

	Steps    int    // steps taken
	Velocity *Model // v

	velocity listed
}

// NewSGD returns the optimiser with μ = 0.9.
func NewSGD(weightDecay float64) *SGD { return &SGD{Momentum: 0.9, WeightDecay: weightDecay} }

// Step changes the parameters of m by one step against the gradient grad.
func (o *SGD) Step(m, grad *Model, learningRate float64) {
	o.step(m.Params(), grad.Params(), m, learningRate)
}

func (o *SGD) step(params, grads []Param, m *Model, learningRate float64) {
	if o.Velocity == nil {
		o.Velocity = newModel(m.Config)
	}
	o.Steps++
	velocities := o.velocity.of(o.Velocity)
	for i, p := range params {
		wd := decay(p, o.WeightDecay, o.MatricesOnly)
		sgd(p.Data, grads[i].Data, velocities[i].Data, float32(learningRate), float32(o.Momentum), float32(wd))
	}
}

// sgd is SGD.Step for one parameter tensor.
func sgd(θ, g, v []float32, lr, μ, wd float32) {
	for i, gi := range g {
		v[i] = μ*v[i] + (gi + wd*θ[i])
		θ[i] -= lr * v[i]
	}
}

func (o *SGD) moments() []moment { return []moment{{"momentum_buffer", &o.Velocity}} }
func (o *SGD) steps() *int       { return &o.Steps }

// Lion is the optimiser of Chen et al. (arXiv 2302.06675), with which CRATE is
// trained on ImageNet. Every number moves by the learning rate, up or down:
//
//	θ ← θ − lr·wd·θ
//	θ ← θ − lr·sign(β₁m + (1 − β₁)g)
//	m ← β₂m + (1 − β₂)g
//
// It wants a learning rate three to ten times smaller than AdamW's and a
// weight decay as much larger.
type Lion struct {
	Beta1, Beta2 float64 // β₁, β₂
	WeightDecay  float64 // wd
	MatricesOnly bool    // decay spares norms, biases, class token and positions

	Steps int    // steps taken
	Mean  *Model // m

	mean listed
}

// NewLion returns the optimiser with β₁ = 0.9, β₂ = 0.99.
func NewLion(weightDecay float64) *Lion {
	return &Lion{Beta1: 0.9, Beta2: 0.99, WeightDecay: weightDecay}
}

// Step changes the parameters of m by one step against the gradient grad.
func (o *Lion) Step(m, grad *Model, learningRate float64) {
	o.step(m.Params(), grad.Params(), m, learningRate)
}

func (o *Lion) step(params, grads []Param, m *Model, learningRate float64) {
	if o.Mean == nil {
		o.Mean = newModel(m.Config)
	}
	o.Steps++
	means := o.mean.of(o.Mean)
	for i, p := range params {
		keep := 1 - learningRate*decay(p, o.WeightDecay, o.MatricesOnly)
		o.update(p.Data, grads[i].Data, means[i].Data, float32(learningRate), float32(keep))
	}
}

// update is Step for one parameter tensor; keep is 1 − lr·wd.
func (o *Lion) update(θ, g, m []float32, lr, keep float32) {
	β1, c1, c2 := float32(o.Beta1), float32(1-o.Beta1), float32(1-o.Beta2)
	for i, gi := range g {
		θ[i] *= keep
		switch update := β1*m[i] + c1*gi; {
		case update > 0:
			θ[i] -= lr
		case update < 0:
			θ[i] += lr
		}
		m[i] += c2 * (gi - m[i])
	}
}

func (o *Lion) moments() []moment { return []moment{{"exp_avg", &o.Mean}} }
func (o *Lion) steps() *int       { return &o.Steps }
