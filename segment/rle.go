package segment

import "fmt"

// MaxPixels is the largest mask that is read from a file: 64 million pixels.
const MaxPixels = 1 << 26

// Runs returns a mask as run lengths, as COCO writes it: the pixels column after
// column, from the top left; runs of pixels outside and inside in turn, the first
// outside and perhaps 0.
func (m Mask) Runs() []int {
	runs, inside := []int{0}, false
	for x := range m.Width {
		for y := range m.Height {
			if m.At(y, x) != inside {
				runs, inside = append(runs, 0), !inside
			}
			runs[len(runs)-1]++
		}
	}
	return runs
}

// MaskOfRuns returns the mask with the given run lengths, see [Mask.Runs]. It is an
// error if they are negative, or do not add up to the size of the mask, or if that
// is more than [MaxPixels].
func MaskOfRuns(runs []int, height, width int) (Mask, error) {
	if err := checkSize(height, width); err != nil {
		return Mask{}, err
	}
	m := NewMask(height, width)
	at := 0
	for i, n := range runs {
		if n < 0 || n > len(m.Bits)-at {
			return Mask{}, fmt.Errorf("segment: run %d is of %d pixels; want 0 to %d, as %d of %d×%d are left", i, n, len(m.Bits)-at, len(m.Bits)-at, height, width)
		}
		for k := at; k < at+n && i%2 == 1; k++ {
			m.Bits[k%height*width+k/height] = true
		}
		at += n
	}
	if at != len(m.Bits) {
		return Mask{}, fmt.Errorf("segment: runs of %d pixels; want %d×%d", at, height, width)
	}
	return m, nil
}

// CompressRuns returns run lengths as the text in which COCO's files and tools
// have them. From the fourth on, a run is written as its difference to the one two
// before. A number is written in groups of five bits, the lowest first, each as the
// character 48 + bits + 32 if more groups follow; the last group's highest bit is
// the sign.
func CompressRuns(runs []int) string {
	var text []byte
	for i, n := range runs {
		if i > 2 {
			n -= runs[i-2]
		}
		for more := true; more; {
			group := n & 31
			n >>= 5
			more = !(n == 0 && group&16 == 0 || n == -1 && group&16 != 0)
			if more {
				group |= 32
			}
			text = append(text, byte(48+group))
		}
	}
	return string(text)
}

// DecompressRuns reads what [CompressRuns] writes. It is an error if a character is
// none of it, a number has more than seven groups, or the text ends in one.
func DecompressRuns(text string) ([]int, error) {
	var runs []int
	for i := 0; i < len(text); {
		n, shift := 0, 0
		for more := true; more; i++ {
			if i == len(text) || shift == 35 {
				return nil, fmt.Errorf("segment: compressed runs: the number at byte %d does not end", i-shift/5)
			}
			group := int(text[i]) - 48
			if group < 0 || group > 63 {
				return nil, fmt.Errorf("segment: compressed runs: character %q at byte %d; want '0' to 'o'", text[i], i)
			}
			n |= group & 31 << shift
			shift += 5
			if more = group&32 != 0; !more && group&16 != 0 {
				n |= -1 << shift
			}
		}
		if len(runs) > 2 {
			n += runs[len(runs)-2]
		}
		runs = append(runs, n)
	}
	return runs, nil
}

// checkSize reports a mask that is too large.
func checkSize(height, width int) error {
	if height <= 0 || width <= 0 || height > MaxPixels/width {
		return fmt.Errorf("segment: a mask of %d×%d pixels; want 1 to %d pixels", height, width, MaxPixels)
	}
	return nil
}
