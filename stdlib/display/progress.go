package display

import (
	"fmt"
	"html"
	"os"
	"strings"
	"sync"
	"time"
)

// interval is the least time between two updates of a Progress: more are not
// seen, and fill the channel to the browser.
const interval = 100 * time.Millisecond

// Progress is one line that says how far a loop has come: a title, a bar, the
// count, the rate, the remaining time and a note. Its methods may be called
// from any goroutine.
//
//	p := display.NewProgress("training", epochs)
//	for i := range epochs {
//		…
//		p.Set(i+1, fmt.Sprintf("loss %.3f", loss))
//	}
//	p.Done("")
type Progress struct {
	title string
	total int
	start time.Time

	mu      sync.Mutex
	done    int
	note    string
	ended   time.Time   // zero while it runs
	shown   time.Time   // when the line was last shown
	pending *time.Timer // shows the line when the interval is over; or nil
	handle  Handle
}

// NewProgress shows a line that stands at 0 of total. A total of 0 or less is
// one that is not known: the line then counts without a bar.
func NewProgress(title string, total int) *Progress {
	p := &Progress{title: title, total: total, start: time.Now()}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.show()
	return p
}

// Set says that done of the total is done. It shows the line at once or, where
// it was shown a moment ago, soon; the newest state is always shown in the end.
func (p *Progress) Set(done int, note string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended.IsZero() {
		return
	}
	p.done, p.note = done, note
	if p.pending != nil {
		return
	}
	if wait := interval - time.Since(p.shown); wait > 0 && done != p.total {
		p.pending = time.AfterFunc(wait, p.flush)
		return
	}
	p.show()
}

// flush shows what Set has put off.
func (p *Progress) flush() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pending != nil {
		p.show()
	}
}

// Done shows the line for the last time, with the time that it all took. An
// empty note leaves the last one. Set does nothing after it.
func (p *Progress) Done(note string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended.IsZero() {
		return
	}
	if note != "" {
		p.note = note
	}
	p.ended = time.Now()
	p.show()
}

// show shows the line now; p.mu is held.
func (p *Progress) show() {
	if p.pending != nil {
		p.pending.Stop()
		p.pending = nil
	}
	p.shown = time.Now()
	if _, notebook := host(); !notebook {
		p.print()
		return
	}
	b := p.bundle()
	if p.handle.ID == "" {
		p.handle = Show(b)
		return
	}
	p.handle.Update(b)
}

// print overwrites the line on a terminal's standard error.
func (p *Progress) print() {
	end := ""
	if !p.ended.IsZero() {
		end = "\n"
	}
	fmt.Fprintf(os.Stderr, "\r\x1b[K%s%s", p.line(), end)
}

func (p *Progress) bundle() Bundle {
	b := Text(p.line())
	title, rest := html.EscapeString(p.title), html.EscapeString(p.facts())
	bar := ""
	if p.total > 0 {
		bar = fmt.Sprintf(`<progress value="%d" max="%d" style="width:16em;vertical-align:middle"></progress> `, p.fraction(p.total), p.total)
	}
	b.Data[mimeHTML] = fmt.Sprintf(`<div style="font-variant-numeric:tabular-nums">%s %s%s</div>`, title, bar, rest)
	return b
}

// line returns the line as text.
func (p *Progress) line() string {
	const width = 24
	bar := ""
	if p.total > 0 {
		n := p.fraction(width)
		bar = " " + strings.Repeat("█", n) + strings.Repeat("░", width-n)
	}
	return p.title + bar + " " + p.facts()
}

// fraction returns how much of whole is done, between 0 and whole.
func (p *Progress) fraction(whole int) int {
	part := int(float64(whole) * float64(p.done) / float64(p.total))
	return min(max(part, 0), whole)
}

// facts returns the count, rate, times and note.
func (p *Progress) facts() string {
	end := p.ended
	if end.IsZero() {
		end = time.Now()
	}
	took := end.Sub(p.start)
	facts := []string{fmt.Sprint(p.done)}
	if p.total > 0 {
		facts[0] = fmt.Sprintf("%d/%d", p.done, p.total)
	}
	if p.done > 0 && took > 0 {
		facts = append(facts, rate(float64(p.done)/took.Seconds()))
	}
	switch left := p.left(took); {
	case !p.ended.IsZero():
		facts = append(facts, brief(took))
	case left > 0:
		facts = append(facts, brief(left)+" left")
	}
	if p.note != "" {
		facts = append(facts, p.note)
	}
	return strings.Join(facts, " · ")
}

// left estimates the remaining time from what was done in took; 0 if unknown.
func (p *Progress) left(took time.Duration) time.Duration {
	if p.done <= 0 || p.done >= p.total {
		return 0
	}
	return time.Duration(float64(took) / float64(p.done) * float64(p.total-p.done))
}

// rate returns r in the unit, per second or per minute, that reads as a number
// above 1.
func rate(r float64) string {
	if r < 1 {
		return fmt.Sprintf("%.2g/min", 60*r)
	}
	if r < 100 {
		return fmt.Sprintf("%.1f/s", r)
	}
	return fmt.Sprintf("%.0f/s", r)
}

// brief returns d with about two digits.
func brief(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < 100*time.Second:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 100*time.Minute:
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
	return fmt.Sprintf("%.1f h", d.Hours())
}
