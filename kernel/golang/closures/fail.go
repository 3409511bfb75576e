package closures

// place is where a statement or expression stands, as Source.Place gives it.
type place int

// trap is a run-time error in compiled code, on its way to the end of it.
type trap struct {
	value any
	fr    *frame
	where place
	// earlier are the panics in whose deferred calls it began.
	earlier []Earlier
}

// overflow is a chain of calls that does not end.
type overflow struct{ fr *frame }

// provoke ends compiled code with the run-time error of an operation. It is
// done again as Go itself does it, so that the error is Go's own.
func provoke(fr *frame, where place, operation func()) {
	defer func() {
		panic(&trap{value: recover(), fr: fr, where: where})
	}()
	operation()
}

func outOfRange(fr *frame, where place, n, length int, unsigned bool) {
	s := make([]struct{}, length)
	provoke(fr, where, func() {
		if unsigned {
			_ = s[uint(n)]
		}
		_ = s[n]
	})
}

// checkPart checks the ends of s[i:j:k]; unsigned says that an end is of an
// unsigned type and larger than any int.
func checkPart(fr *frame, where place, s slice, i, j, k int, noHigh, full, unsigned bool) {
	if uint(i) <= uint(j) && uint(j) <= uint(k) && uint(k) <= uint(s.cap) {
		return
	}
	t := make([]struct{}, s.len, s.cap)
	provoke(fr, where, func() {
		switch {
		case full && unsigned:
			_ = t[uint(i):uint(j):uint(k)]
		case full:
			_ = t[i:j:k]
		case unsigned && noHigh:
			_ = t[uint(i):]
		case unsigned:
			_ = t[uint(i):uint(j)]
		case noHigh:
			_ = t[i:]
		}
		_ = t[i:j]
	})
}

// checkStringPart is checkPart for the ends of a string's.
func checkStringPart(fr *frame, where place, s string, i, j int, noHigh, unsigned bool) {
	if uint(i) <= uint(j) && uint(j) <= uint(len(s)) {
		return
	}
	provoke(fr, where, func() {
		switch {
		case unsigned && noHigh:
			_ = s[uint(i):]
		case unsigned:
			_ = s[uint(i):uint(j)]
		case noHigh:
			_ = s[i:]
		}
		_ = s[i:j]
	})
}

func divideByZero(fr *frame, where place) {
	zero := 0
	provoke(fr, where, func() { zero = 1 / zero })
}

func nilDereference(fr *frame, where place) {
	var p *int
	provoke(fr, where, func() { *p = 0 })
}

func panicWithNil(fr *frame, where place) {
	provoke(fr, where, func() { panic(nil) })
}

func nilMap(fr *frame, where place) {
	var m map[int]int
	provoke(fr, where, func() { m[0] = 0 })
}

func negativeShift(fr *frame, where place, n int) {
	provoke(fr, where, func() { _ = 1 << n })
}

// badMake is for a length or a capacity that is out of range.
func badMake(fr *frame, where place, length bool) {
	n, bad := 0, -1
	if length {
		n = bad
	}
	provoke(fr, where, func() { _ = make([]byte, n, bad) })
}
