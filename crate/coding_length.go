package crate

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// ClusterByCodingLength finds classes among N samples by what it takes to code
// them, without being told how many there are. Of a partition Π into classes of
// Nⱼ samples the code has, in nats,
//
//	L(Π) = Σⱼ Nⱼ/2 logdet( I + d/(Nⱼε²) ZⱼZⱼᵀ ) + Nⱼ log(N/Nⱼ)
//
// for the samples class by class, which is N·R^c(Z | Π) of [ClassCodingRate], and
// the class of each. With bases, each class pays for its basis too: (Nⱼ + d)/2 in
// the place of Nⱼ/2. Every sample begins as a class of its own; the two classes
// are merged whose union shortens the code most, until no union shortens it.
//
// Where ε is larger than what distinguishes the classes, all samples are one. Where
// it is far below their noise, every sample is a class of its own if bases are
// free, and all are one again if they are not.
//
// Z is d×N, one sample a column. labels count the classes from 0 in the order of
// their first samples. Time grows with N³ + N²d³ and memory with N²: some hundred
// samples take a tenth of a second. It panics unless ε² is positive and at least
// 1e-12 of the squared length of the longest sample.
//
// Source: Ma, Derksen, Hong and Wright, Segmentation of Multivariate Mixed Data
// via Lossy Data Coding and Compression (2007), with bases.
func ClusterByCodingLength(Z mat.Matrix, epsSq float64, bases bool) (labels []int, length float64) {
	d, N := checkTokens("ClusterByCodingLength", Z, epsSq)
	c := &coder{d: d, N: N, epsSq: epsSq, bases: bases, A: gram{n: d, stride: (d + 3) &^ 3}}
	c.A.data = make([]float64, c.A.stride*c.A.stride)
	longest := 0.0
	for i := range N {
		z := mat.Col(nil, i, Z)
		longest = max(longest, dot(z, z))
		c.add(z)
	}
	if !(epsSq >= 1e-12*longest) {
		panic(fmt.Sprintf("crate: ClusterByCodingLength: epsSq is %g for samples of squared length up to %g; want at least 1e-12 of it", epsSq, longest))
	}
	for c.mergeBest() {
	}
	labels = make([]int, N)
	count := 0
	for _, class := range c.classes {
		for _, i := range class.members {
			labels[i] = count
		}
		if class.members != nil {
			length += class.length
			count++
		}
	}
	return labels, length
}

// coder is a partition on its way.
type coder struct {
	d, N    int
	epsSq   float64
	bases   bool
	classes []codedClass // a class without members was merged into one before it
	gain    [][]float64  // of merging class i with class j < i
	A       gram         // memory for one matrix
}

type codedClass struct {
	members []int
	S       []float64 // ZⱼZⱼᵀ, d×d, its lower half
	length  float64   // of its share of the code
}

// add adds a sample as a class of its own.
func (c *coder) add(z []float64) {
	S := make([]float64, c.d*c.d)
	for a := range c.d {
		for b := range a + 1 {
			S[a*c.d+b] = z[a] * z[b]
		}
	}
	i := len(c.classes)
	c.classes = append(c.classes, codedClass{[]int{i}, S, c.length(1, S)})
	c.gain = append(c.gain, make([]float64, i))
	for j := range i {
		c.gain[i][j] = c.gainOf(i, j)
	}
}

// mergeBest merges the two classes that gain most, and reports false if none do.
func (c *coder) mergeBest() bool {
	best, p, q := 0.0, -1, -1
	for i, row := range c.gain {
		for j, gain := range row {
			if gain > best {
				best, p, q = gain, i, j
			}
		}
	}
	if p < 0 {
		return false
	}
	a, b := &c.classes[q], &c.classes[p]
	a.members = append(a.members, b.members...)
	addTo(a.S, b.S, 1)
	a.length = c.length(len(a.members), a.S)
	*b, c.gain[p] = codedClass{}, nil
	for i := range c.classes {
		if i > p && c.gain[i] != nil {
			c.gain[i][p] = 0
		}
		if i != q && c.classes[i].members != nil {
			c.gain[max(i, q)][min(i, q)] = c.gainOf(i, q)
		}
	}
	return true
}

// gainOf is by how much merging two classes shortens the code.
func (c *coder) gainOf(i, j int) float64 {
	a, b := c.classes[i], c.classes[j]
	S := make([]float64, len(a.S))
	copy(S, a.S)
	addTo(S, b.S, 1)
	return a.length + b.length - c.length(len(a.members)+len(b.members), S)
}

// length is the term of L that belongs to a class of n samples.
func (c *coder) length(n int, S []float64) float64 {
	α := rateScale(c.d, n, c.epsSq)
	for a := range c.d {
		for b := range a + 1 {
			c.A.data[a*c.A.stride+b] = α * S[a*c.d+b]
		}
		c.A.data[a*c.A.stride+a]++
	}
	logDet, ok := c.A.logDet()
	if !ok {
		panic("crate: ClusterByCodingLength: a matrix of finite samples is not positive definite") // impossible above the bound on ε²
	}
	paid := float64(n)
	if c.bases {
		paid += float64(c.d)
	}
	return paid/2*logDet + float64(n)*math.Log(float64(c.N)/float64(n))
}
