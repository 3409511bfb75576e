package kern

import (
	"math"
	"unsafe"
)

// plain is the set in Go. Its loops say what the kernels compute.
var plain = set{
	name:  "Go",
	lanes: plainLanes,
	tiles: [][2]tile{
		{plainTile(1, 1), plainTile(1, 2)},
		{plainTile(2, 1), plainTile2x4},
	},
	transpose:     plainTranspose,
	softmax:       plainSoftmax,
	softmaxGrad:   plainSoftmaxGrad,
	layerNorm:     plainLayerNorm,
	layerNormGrad: plainLayerNormGrad,
	threshold:     plainThreshold,
	thresholdGrad: plainThresholdGrad,
	gelu:          plainGELU,
	multiply:      plainMultiply,
	combine:       plainCombine,
	addRows:       plainAddRows,
	sumRows:       plainSumRows,
	adamW:         plainAdamW,
	dots:          plainDots,
}

// vector and row are n elements from x on, and from row i on.
func vector(x *float32, n int) []float32       { return unsafe.Slice(x, n) }
func row(x *float32, i, xRow, n int) []float32 { return unsafe.Slice(x, i*xRow+n)[i*xRow:] }

func plainSoftmax(rows, n int, y *float32, yRow int, x *float32, xRow int, scale float32) {
	for j := range n {
		top := row(x, 0, xRow, n)[j]
		for i := range rows {
			top = max(top, row(x, i, xRow, n)[j])
		}
		var sum float32
		for i := range rows {
			e := float32(math.Exp(float64(scale * (row(x, i, xRow, n)[j] - top)))) // at most 1: no overflow
			row(y, i, yRow, n)[j] = e
			sum += e
		}
		for i, inv := 0, 1/sum; i < rows; i++ {
			row(y, i, yRow, n)[j] *= inv
		}
	}
}

func plainSoftmaxGrad(rows, n int, dx *float32, dxRow int, dy *float32, dyRow int, y *float32, yRow int, scale float32) {
	for j := range n {
		var dot float32
		for i := range rows {
			dot += row(y, i, yRow, n)[j] * row(dy, i, dyRow, n)[j]
		}
		for i := range rows {
			row(dx, i, dxRow, n)[j] = scale * row(y, i, yRow, n)[j] * (row(dy, i, dyRow, n)[j] - dot)
		}
	}
}

func plainLayerNorm(rows, n int, y, hat, invStd, z, gain, bias *float32, eps, _ float32) {
	g, b := vector(gain, n), vector(bias, n)
	for i := range rows {
		z, ẑ, y := row(z, i, n, n), row(hat, i, n, n), row(y, i, n, n)
		μ, σ2 := moments(z)
		r := float32(1 / math.Sqrt(σ2+float64(eps)))
		vector(invStd, rows)[i] = r
		for j, v := range z {
			ẑ[j] = (v - float32(μ)) * r
			y[j] = ẑ[j]*g[j] + b[j]
		}
	}
}

// moments returns the mean of z and its variance, divided by len(z).
func moments(z []float32) (μ, σ2 float64) {
	for _, v := range z {
		μ += float64(v)
	}
	μ /= float64(len(z))
	for _, v := range z {
		σ2 += (float64(v) - μ) * (float64(v) - μ)
	}
	return μ, σ2 / float64(len(z))
}

func plainLayerNormGrad(rows, n int, dz, dGain, dBias, dy, hat, invStd, gain *float32, inv float32) {
	dg, db, g := vector(dGain, n), vector(dBias, n), vector(gain, n)
	for i := range rows {
		dy, ẑ, dz := row(dy, i, n, n), row(hat, i, n, n), row(dz, i, n, n)
		var sum, dot float32
		for j, v := range dy {
			dg[j] += v * ẑ[j]
			db[j] += v
			sum += v * g[j]
			dot += v * g[j] * ẑ[j]
		}
		for j, v := range dy {
			dz[j] = (v*g[j] - sum*inv - ẑ[j]*(dot*inv)) * vector(invStd, rows)[i]
		}
	}
}

func plainThreshold(n int, y, x *float32, t float32) {
	Y := vector(y, n)
	for i, v := range vector(x, n) {
		Y[i] = max(v-t, 0)
	}
}

func plainThresholdGrad(n int, dx, dy, y *float32) {
	DX, Y := vector(dx, n), vector(y, n)
	for i, v := range vector(dy, n) {
		if !(Y[i] > 0) {
			v = 0
		}
		DX[i] = v
	}
}

func plainGELU(n int, y, slope, x *float32) {
	Y, S := vector(y, n), vector(slope, n)
	for i, v := range vector(x, n) {
		Φ, φ := normal(float64(v))
		Y[i] = v * float32(Φ)
		S[i] = float32(Φ + float64(v)*φ)
	}
}

// normal returns Φ(x) and φ(x) = Φ'(x).
func normal(x float64) (Φ, φ float64) {
	return 0.5 * math.Erfc(-x/math.Sqrt2), math.Exp(-x*x/2) / math.Sqrt(2*math.Pi)
}

func plainMultiply(n int, z, x, y *float32) {
	Z, X, Y := vector(z, n), vector(x, n), vector(y, n)
	for i := range Z {
		Z[i] = X[i] * Y[i]
	}
}

func plainCombine(n int, z, x, y *float32, a, b float32) {
	Z, X, Y := vector(z, n), vector(x, n), vector(y, n)
	for i := range Z {
		Z[i] = float32(a*X[i]) + float32(b*Y[i]) // the conversions forbid a fused operation
	}
}

func plainAddRows(rows, n int, z, x *float32, xRow int, y *float32, yRow int) {
	for i := range rows {
		Z, X, Y := row(z, i, xRow, n), row(x, i, xRow, n), row(y, i, yRow, n)
		for j := range Z {
			Z[j] = X[j] + Y[j]
		}
	}
}

func plainSumRows(rows, n int, sum, x *float32, xRow int) {
	S := vector(sum, n)
	for i := range rows {
		for j, v := range row(x, i, xRow, n) {
			S[j] += v
		}
	}
}

func plainAdamW(n int, param, grad, mean, square *float32, keep, c1, β2, c2, step, root, ε float32) {
	θ, g, m, v := vector(param, n), vector(grad, n), vector(mean, n), vector(square, n)
	for i, gi := range g {
		m[i] += float32(c1 * (gi - m[i]))
		v[i] = float32(β2*v[i]) + float32(float32(c2*gi)*gi)
		θ[i] = float32(θ[i]*keep) - float32(step*m[i])/(float32(math.Sqrt(float64(v[i])))/root+ε)
	}
}

func plainDots(n int, x, y *float64, yRow int, out *[4]float64) {
	X, Y := unsafe.Slice(x, n), unsafe.Slice(y, 3*yRow+n)
	for i := range out {
		out[i] = 0
		for j, v := range X {
			out[i] += v * Y[i*yRow+j]
		}
	}
}
