package kernel

import "fmt"

// What one cell may show, in bytes. A browser keeps all of it as a page, and
// gives up when that is too long; and a front end that has fallen as far behind
// as all of it is not cut off.
const (
	maxPrinted   = 8 << 20
	maxDisplayed = 64 << 20
)

// A budget is how many bytes a cell may still show.
type budget struct {
	left  int
	noted bool // the user knows that it is used up
}

func fullBudgets() (printed, shown budget) {
	return budget{left: maxPrinted}, budget{left: maxDisplayed}
}

// spend says whether n more bytes may be shown. Once it has said no, it stays
// with that: text with gaps would mislead.
func (b *budget) spend(n int) bool {
	if n > b.left {
		b.left = -1
		return false
	}
	b.left -= n
	return true
}

// afford spends what a display costs, and says whether it may be shown.
func (o *output) afford(b Bundle) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.shown.spend(b.size()) {
		return true
	}
	o.noteOnce(&o.shown, "the cell has displayed more than %d MiB; the rest is not shown. Change one display in place of showing more.", maxDisplayed>>20)
	return false
}

// noteOnce tells the user, once, that a budget is used up.
func (o *output) noteOnce(b *budget, format string, args ...any) {
	if !b.noted {
		b.noted = true
		o.gather(Stderr, "\n["+fmt.Sprintf(format, args...)+"]\n")
	}
}

// size is roughly how many bytes b takes.
func (b Bundle) size() int {
	const overhead = 256 // of a message
	n := overhead
	for _, content := range b.Data {
		if text, ok := content.(string); ok {
			n += len(text)
		}
	}
	return n
}
