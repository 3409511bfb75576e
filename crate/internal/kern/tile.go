package kern

// Shape returns the largest tile of the kernels in use: rows, and columns in
// a vector, of which a tile has one or two.
func Shape() (rows, lanes int) { return len(active.tiles), active.lanes }

// Strided is a matrix whose element (i, j) is Data[i*Row+j*Col].
type Strided struct {
	Data     []float32
	Row, Col int
}

// Product sets cols columns of C to the product of A, rows×k, and of B, whose
// k rows start bRow apart, or adds it to them. The rows are divided evenly
// into tiles; cols is at most two vectors. The operands must be large enough:
// nothing is checked.
func Product(rows, cols, k int, a Strided, b []float32, bRow int, c []float32, cRow int, add bool) {
	high, lanes := Shape()
	vectors := (cols + lanes - 1) / lanes
	last := cols - (vectors-1)*lanes
	tiles := (rows + high - 1) / high
	height, higher := rows/tiles, rows%tiles
	for i := 0; i < rows; {
		n := height
		if higher > 0 {
			n, higher = n+1, higher-1
		}
		active.tiles[n-1][vectors-1](k, &a.Data[i*a.Row], a.Row, a.Col, &b[0], bRow, &c[i*cRow], cRow, last, add)
		i += n
	}
}

// Transpose packs up to a vector of rows of k elements each: dst gets k rows,
// dstRow apart, of as many elements as a vector has, zeros for the rows that
// src does not have. The operands must be large enough: nothing is checked.
func Transpose(rows, k int, src []float32, srcRow int, dst []float32, dstRow int) {
	active.transpose(rows, k, &src[0], srcRow, &dst[0], dstRow)
}
