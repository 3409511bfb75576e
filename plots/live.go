package plots

import (
	"fmt"
	"sync"
	"time"

	"github.com/gocrate/gocrate/stdlib/display"
)

// Live is a figure of curves that grows while a cell runs: it is shown once, and
// redrawn in its place as values come, at most twice a second; outside a notebook
// it is shown in the end alone. Its methods may be called from several goroutines.
type Live struct {
	// Figure makes the figure of the curves so far; change what it returns to
	// give it a title, a range or a logarithmic axis.
	Figure func(series ...Series) *Figure

	mu     sync.Mutex
	series []Series
	shown  time.Time
	handle display.Handle
}

// NewLive returns a figure of as many curves as there are names. It is shown with
// the first value, so that a cell which has none yet shows nothing.
func NewLive(xlabel, ylabel string, names ...string) *Live {
	l := &Live{Figure: func(series ...Series) *Figure { return Curves(xlabel, ylabel, series...) }}
	for _, name := range names {
		l.series = append(l.series, Series{Label: name, X: []float64{}})
	}
	return l
}

// redrawing is how long a figure stands still at least.
const redrawing = 500 * time.Millisecond

// Add adds the value y at x to the curve of that name.
func (l *Live) Add(name string, x, y float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.named(name).add(x, y)
	if time.Since(l.shown) >= redrawing && display.CanUpdate() {
		l.show()
	}
}

// Done shows the figure with every value.
func (l *Live) Done() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.show()
}

func (l *Live) named(name string) *Series {
	for i := range l.series {
		if l.series[i].Label == name {
			return &l.series[i]
		}
	}
	panic(fmt.Sprintf("plots: Live: there is no curve %q; NewLive takes the names", name))
}

func (s *Series) add(x, y float64) {
	s.X, s.Mean = append(s.X, x), append(s.Mean, y)
}

// show draws the figure and starts the next interval when it is drawn, so that a
// large one does not take all of the time.
func (l *Live) show() {
	fig := l.Figure(l.series...)
	if l.handle.ID == "" {
		l.handle = display.Show(fig)
	} else {
		l.handle.Update(fig)
	}
	l.shown = time.Now()
}
