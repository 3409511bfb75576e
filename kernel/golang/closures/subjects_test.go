package closures

// Functions that the tests run as Go made them and as closures.

type operator func(int, int) int

func plus(a, b int) int  { return a + b }
func times(a, b int) int { return a * b }

func fold(f operator, xs []int, z int) int {
	for _, x := range xs {
		z = f(z, x)
	}
	return z
}

func named() []int {
	xs := []int{1, 2, 3, 4}
	var last operator = times
	return []int{fold(plus, xs, 0), fold(times, xs, 1), fold(last, xs, 2), fold(func(a, b int) int { return a - b }, xs, 0)}
}

func counter() func() int {
	n := 0
	return func() int { n++; return n }
}

func counters() (out []int) {
	f, g := counter(), counter()
	for range 3 {
		out = append(out, f())
	}
	return append(out, g(), f())
}

func perIteration() (out []int) {
	var f, g func() int
	for i := 0; i < 4; i++ {
		h := func() int { i += 10; return i }
		if i == 1 {
			f = h
		}
		if i == 2 {
			g = h
		}
		out = append(out, i)
	}
	return append(out, f(), g(), f())
}

func shared() (out []int) {
	x := 1
	inc := func() { x++ }
	double := func() { x *= 2 }
	for i := 0; i < 5; i++ {
		if i%2 == 0 {
			inc()
		} else {
			double()
		}
		out = append(out, x)
	}
	return out
}

func nested(n int) (out []int) {
	for i := range n {
		for j := range 2 {
			f := func(k int) func() int {
				return func() int { i += k; return i*100 + j*10 + n }
			}
			g := f(j + 3)
			out = append(out, g(), g(), f(1)())
		}
	}
	return out
}

func itself(n int) int {
	var fib func(int) int
	fib = func(n int) int {
		if n < 2 {
			return n
		}
		return fib(n-1) + fib(n-2)
	}
	return fib(n)
}

func gen(val uint64, bits, most, pos int, f func(uint64)) {
	if pos < 0 {
		f(val)
		return
	}
	gen(val, bits, most, pos-1, f)
	if bits < most {
		gen(val|1<<uint(pos), bits+1, most, pos-1, f)
	}
}

func generated() []int {
	n, sum := 0, uint64(0)
	gen(0, 0, 2, 20, func(x uint64) { n++; sum = sum*31 + x })
	return []int{n, int(sum)}
}

func arguments() (out []int) {
	log := func(n int) int { out = append(out, n); return n }
	f := func(a, b, c int) int { out = append(out, a*b*c); return a + 10*b + 100*c }
	x := f(log(1), log(2), f(log(3), log(4), log(5)))
	return append(out, x)
}

// changed calls what a variable holds after the arguments are computed, which the
// compiler does where the variable is captured.
func changed() []int {
	f := plus
	g := func() int { f = times; return 3 }
	x := f(4, g())
	f = plus
	return []int{x, f(4, 3)}
}

func severalResults(f func(int) (int, uint8, float64)) (out []int) {
	for i := range 3 {
		a, b, c := f(i)
		out = append(out, a, int(b), int(c*10))
	}
	return out
}

func several() []int {
	var k uint8 = 250
	return severalResults(func(i int) (int, uint8, float64) { k += 3; return i * i, k, float64(i) / 2 })
}

type point struct{ x, y int }

func structs() []int {
	p := point{1, 2}
	q := p
	move := func(q point, d int) point { q.x += d; p.y += d; return q }
	for i := range 3 {
		q = move(q, i)
	}
	return []int{p.x, p.y, q.x, q.y}
}

func nils() (out []int) {
	is := func(f func()) int {
		if f == nil {
			return 1
		}
		return 0
	}
	g := func() {}
	out = append(out, is(nil), is(g))
	g = nil
	return append(out, is(g))
}

func nilCall() (out []int) {
	defer func() {
		if recover() != nil {
			out = append(out, -1)
		}
	}()
	var f func(int) int
	g := func() int { out = append(out, 7); return 1 }
	for {
		f(g())
	}
}

var events []int

func event(n int) { events = append(events, n) }

func taken() []int {
	out := events
	events = nil
	return out
}

func rescue() {
	if recover() != nil {
		event(1)
	} else {
		event(0)
	}
}

func rescueBelow() { rescue() }

func quotient(a, b int) int { return a / b }

func rescued(n int) (r int) {
	r = 7
	defer rescue()
	for range 2 {
		r += quotient(10, n)
	}
	return r
}

func notBelow(n int) (r int) {
	defer rescue()
	defer rescueBelow()
	return quotient(1, n)
}

func notTwice(n int) (r int) {
	defer rescue()
	defer rescue()
	return quotient(1, n)
}

func again(n int) (r int) {
	defer rescue()
	defer func() {
		r = 5
		r = quotient(r, n)
	}()
	return quotient(1, n)
}

func repeated(n int) (r int) {
	defer func() { recover(); event(r) }()
	defer func() {
		if recover() != nil {
			event(3)
			panic("again")
		}
	}()
	return quotient(1, n)
}

func last() (r int) {
	defer func() { event(r) }()
	defer func() { recover(); r = 4 }()
	panic(1)
}

func innermost() {
	defer func() {
		defer func() {
			if recover() != nil {
				event(1)
			}
			if recover() == nil {
				event(2)
			}
		}()
		if recover() != nil {
			event(3)
		}
		panic(2)
	}()
	panic(1)
}

func ofAnother() {
	defer rescue()
	defer func() {
		defer rescue()
	}()
	panic(1)
}

// stale calls functions whose frames were those of ones that panicked.
func stale() (n int) {
	for i := range 6 {
		n += rescued(i % 2)
		n += notBelow(i % 3)
		rescue()
	}
	return n
}

func recovering() []int {
	for _, n := range []int{0, 2} {
		event(rescued(n))
		event(notBelow(n))
		event(notTwice(n))
		event(again(n))
		event(repeated(n))
	}
	event(last())
	innermost()
	ofAnother()
	rescue()
	event(stale())
	return taken()
}

func deferredValues() []int {
	x := 1
	defer func(n int) { event(n); x++ }(x)
	func() {
		defer event(x)
		defer func(n int) { event(n*10 + x) }(x)
		x = 5
		defer event(x)
	}()
	return taken()
}

func swapped(a, b int) (x, y int) {
	x, y = a, b
	return y, x
}

func half(a, b int) (x, y int) {
	x, y = a, b
	return b, x + y
}

func quotients(a, b int) (x, y int) {
	defer func() { _ = recover() }()
	return a / (b + 1), a / b
}

func rotated(n int) (int, int, int) {
	a, b, c := 1, 2, 3
	for i := range n {
		a, b, c = b, c+i, a
	}
	a, a = c, b
	return a, b, c
}

// together assigns several values at once.
func together() (out []int) {
	for i := range 4 {
		a, b := swapped(i, 7)
		c, d := half(a, b)
		e, f := quotients(a, i)
		g, h, j := rotated(i)
		out = append(out, a, b, c, d, e, f, g, h, j)
		a, out[0] = out[1], a
		out[2], b = b, out[0]
		out = append(out, a, b)
	}
	return out
}

// ranges counts in variables that the body changes, keeps, or both.
func ranges() (out []int) {
	for i := range 3 {
		i *= 5
		out = append(out, i)
	}
	for i := range 3 {
		j := i
		i++
		out = append(out, i, j)
	}
	for i, x := range []int{4, 5, 6} {
		x += i
		out = append(out, i, x)
	}
	for i, r := range "aé" {
		for i := range i + 1 {
			out = append(out, i)
		}
		r++
		out = append(out, i, int(r))
	}
	for i := range 3 {
		func() { i += 2 }()
		out = append(out, i)
	}
	return out
}
