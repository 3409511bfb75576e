package crate

import "math"

// moments are the mean and the spread of numbers that come one after another:
//
//	n ← n + 1    δ = x − mean    mean ← mean + δ/n    squares ← squares + δ(x − mean)
//
// squares is then the sum of the squared deviations from the mean, without the
// cancellation of Σx² − n·mean².
//
// Source: B. P. Welford, Note on a Method for Calculating Corrected Sums of
// Squares and Products, Technometrics 4 (1962).
type moments struct{ n, mean, squares float64 }

func (m *moments) add(x float64) {
	m.n++
	δ := x - m.mean
	m.mean += δ / m.n
	m.squares += δ * (x - m.mean)
}

// sd returns the standard deviation: the square root of the mean squared
// deviation, or with n − 1 in place of n unless population. Of a single number
// it is 0.
func (m *moments) sd(population bool) float64 {
	n := m.n
	if !population {
		n--
	}
	return math.Sqrt(m.squares / max(n, 1))
}
