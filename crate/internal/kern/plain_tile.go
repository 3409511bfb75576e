package kern

// plainLanes is the width of a vector of the plain set: a tile of 2×4 sums is
// what a compiler keeps in registers.
const plainLanes = 2

// plainTile returns the tile for some rows and vectors.
func plainTile(rows, vectors int) tile {
	return func(k int, a *float32, aRow, aCol int, b *float32, bRow int, c *float32, cRow int, last int, add bool) {
		cols := (vectors-1)*plainLanes + last
		for i := range rows {
			a, c := row(a, i, aRow, (k-1)*aCol+1), row(c, i, cRow, cols)
			for j := range c {
				var sum float32
				for l := range k {
					sum += a[l*aCol] * row(b, l, bRow, cols)[j]
				}
				if add {
					sum += c[j]
				}
				c[j] = sum
			}
		}
	}
}

var plainTile2x2 = plainTile(2, 2)

// plainTile2x4 is plainTile(2, 2), written out for four whole columns.
func plainTile2x4(k int, a *float32, aRow, aCol int, b *float32, bRow int, c *float32, cRow int, last int, add bool) {
	if last < plainLanes {
		plainTile2x2(k, a, aRow, aCol, b, bRow, c, cRow, last, add)
		return
	}
	a0, a1 := row(a, 0, aRow, (k-1)*aCol+1), row(a, 1, aRow, (k-1)*aCol+1)
	c0, c1 := (*[4]float32)(row(c, 0, cRow, 4)), (*[4]float32)(row(c, 1, cRow, 4))
	B := vector(b, (k-1)*bRow+4)
	var s00, s01, s02, s03, s10, s11, s12, s13 float32
	if add {
		s00, s01, s02, s03 = c0[0], c0[1], c0[2], c0[3]
		s10, s11, s12, s13 = c1[0], c1[1], c1[2], c1[3]
	}
	for l := range k {
		x0, x1, b := a0[l*aCol], a1[l*aCol], (*[4]float32)(B[l*bRow:])
		s00, s01, s02, s03 = s00+x0*b[0], s01+x0*b[1], s02+x0*b[2], s03+x0*b[3]
		s10, s11, s12, s13 = s10+x1*b[0], s11+x1*b[1], s12+x1*b[2], s13+x1*b[3]
	}
	*c0, *c1 = [4]float32{s00, s01, s02, s03}, [4]float32{s10, s11, s12, s13}
}

func plainTranspose(rows, k int, src *float32, srcRow int, dst *float32, dstRow int) {
	for l := range k {
		d := row(dst, l, dstRow, plainLanes)
		for i := range d {
			d[i] = 0
			if i < rows {
				d[i] = row(src, i, srcRow, k)[l]
			}
		}
	}
}
