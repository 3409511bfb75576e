package notebook

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/gocrate/gocrate/kernel"
)

const (
	redraw    = 100 * time.Millisecond // of the line on a terminal
	noteEvery = 5 * time.Second        // between lines where there is no terminal
	eraseLine = "\r\x1b[K"
	lineWidth = 80 // where there is no terminal
)

// Console is a [Watcher] for the command line: what cells print goes to
// stdout and stderr as it comes, and stderr says which cell is running. On a
// terminal that is one line that changes; elsewhere it is a line for each cell
// that has ended, and now and then one with the note of a progress display.
type Console struct {
	stdout, stderr io.Writer
	live           bool
	width          int

	mu      sync.Mutex // guards what follows, and writing
	label   string     // "[3/12] model.Train(ctx, …)"
	note    string     // the text of the cell's latest progress display
	begun   time.Time
	noted   time.Time
	drawn   bool      // the line stands on the terminal
	midLine io.Writer // where the cell has printed a line without its end
	stop    chan struct{}
	stopped chan struct{}
}

// NewConsole returns a console for a stderr that is a terminal of the given
// width, or none if width is 0.
func NewConsole(stdout, stderr io.Writer, width int) *Console {
	c := &Console{stdout: stdout, stderr: stderr, live: width > 0, width: width}
	if !c.live {
		c.width = lineWidth
	}
	return c
}

// Begin says that the n-th cell begins to run.
func (c *Console) Begin(cell *Cell, n, of int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	width := len(fmt.Sprint(of))
	c.label = cut(fmt.Sprintf("[%*d/%d] %s", width, n, of, firstLine(cell.Source)), c.room())
	c.note, c.begun, c.noted = "", time.Now(), time.Now()
	if c.live {
		c.stop, c.stopped = make(chan struct{}), make(chan struct{})
		go c.keepDrawing(c.stop, c.stopped)
	}
}

// Stream prints what the cell prints.
func (c *Console) Stream(name kernel.StreamName, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.erase()
	w := c.stdout
	if name == kernel.Stderr {
		w = c.stderr
	}
	io.WriteString(w, text)
	c.midLine = nil
	if !strings.HasSuffix(text, "\n") {
		c.midLine = w
	}
}

// Show takes the text of a display that has no picture as the cell's note.
func (c *Console) Show(b kernel.Bundle) {
	text, _ := b.Data["text/plain"].(string)
	if b.ID == "" || hasPicture(b) || text == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.note = firstLine(text)
	if !c.live && time.Since(c.noted) >= noteEvery {
		c.noted = time.Now()
		fmt.Fprintf(c.stderr, "%s  %s\n", c.seconds(), c.note)
	}
}

// End says how long the cell took. What the next cell prints begins on a line
// of its own.
func (c *Console) End(cell *Cell, err error) {
	if c.live {
		close(c.stop)
		<-c.stopped
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.erase()
	if c.midLine != nil {
		fmt.Fprintln(c.midLine)
		c.midLine = nil
	}
	mark := ""
	if err != nil {
		mark = "  failed"
	}
	fmt.Fprintf(c.stderr, "%-*s %8s%s\n", min(c.room(), 64), c.label, c.seconds(), mark)
}

func (c *Console) keepDrawing(stop, stopped chan struct{}) {
	defer close(stopped)
	tick := time.NewTicker(redraw)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			c.draw()
		}
	}
}

func (c *Console) draw() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.midLine != nil {
		return // it would be erased with the line
	}
	what := c.label
	if c.note != "" {
		what = c.label[:strings.Index(c.label, "]")+1] + " " + c.note
	}
	fmt.Fprintf(c.stderr, "%s%s  %s", eraseLine, cut(what, c.room()), c.seconds())
	c.drawn = true
}

func (c *Console) erase() {
	if c.drawn {
		io.WriteString(c.stderr, eraseLine)
		c.drawn = false
	}
}

// room is the width that the seconds and a mark leave on a line.
func (c *Console) room() int { return max(c.width-20, 20) }

func (c *Console) seconds() string {
	return fmt.Sprintf("%.1f s", time.Since(c.begun).Seconds())
}

func hasPicture(b kernel.Bundle) bool {
	for mime := range b.Data {
		if strings.HasPrefix(mime, "image/") {
			return true
		}
	}
	return false
}

// firstLine is the first line of s that is not empty.
func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return strings.ReplaceAll(strings.TrimSpace(line), "\t", " ")
}

func cut(s string, width int) string {
	r := []rune(s)
	if len(r) <= width {
		return s
	}
	return string(r[:width-1]) + "…"
}
