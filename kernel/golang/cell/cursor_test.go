package cell

import "testing"

func TestCursor(t *testing.T) {
	const code = "aε𝔘\xffz" // 1, 2, 4, 1 and 1 bytes
	offsets := []int{0, 1, 3, 7, 8, 9}
	for n, off := range offsets {
		if got := Offset(code, n); got != off {
			t.Errorf("Offset(%d) = %d, want %d", n, got, off)
		}
		if got := CodePoints(code, off); got != n {
			t.Errorf("CodePoints(%d) = %d, want %d", off, got, n)
		}
	}
	if got := CodePoints(code, 5); got != 2 {
		t.Errorf("inside a code point: %d, want 2", got)
	}
	if Offset(code, -1) != 0 || Offset(code, 99) != 9 || CodePoints(code, -1) != 0 || CodePoints(code, 99) != 5 {
		t.Error("cursors outside the text are not moved to its ends")
	}
}

func TestIdentBefore(t *testing.T) {
	for _, tt := range []struct {
		code  string
		start int
	}{
		{"fmt.Pri", 4}, {"fmt.", 4}, {"", 0}, {"x := Zᵀ", 5}, {"ΔR", 0}, {"a+_b1", 2}, {"12", 2}, {"(1e5", 4}, {"\xff", 1}, {"\xffx", 1},
	} {
		if got := IdentBefore(tt.code, len(tt.code)); got != tt.start {
			t.Errorf("IdentBefore(%q) = %d, want %d", tt.code, got, tt.start)
		}
	}
	if got := IdentBefore("abc", 2); got != 0 {
		t.Errorf("inside a name: %d, want 0", got)
	}
}
