package golang

import (
	"fmt"
	"strings"

	"github.com/gocrate/gocrate/kernel/golang/engine"
)

// shownFrames is how many functions a traceback names at its ends.
const shownFrames = 6

// trace words what a panic left, innermost first, and shows the line where it
// happened.
func (s *Session) trace(frames []engine.Frame) []string {
	if len(frames) == 0 {
		return nil
	}
	first := frames[0]
	out := []string{bold(s.where(first)) + inFunc(first) + s.callers(frames[1:])}
	if first.Line > 0 && first.To == 0 {
		out = append(out, s.sources.get(first.Cell).excerpt(first.Line))
	}
	return out
}

// callers names the calls by which a function was reached.
func (s *Session) callers(frames []engine.Frame) string {
	var b strings.Builder
	for i, f := range frames {
		if len(frames) > 2*shownFrames && i >= shownFrames && i < len(frames)-shownFrames {
			if i == shownFrames {
				fmt.Fprintf(&b, ", … %d more …", len(frames)-2*shownFrames)
			}
			continue
		}
		b.WriteString(", called at " + s.where(f) + inFunc(f))
		if f.Repeated > 1 {
			fmt.Fprintf(&b, " (%d times)", f.Repeated)
		}
	}
	return b.String()
}

// where is the place of a frame, In[3]:7, or In[3]:7-9 if that is all that is
// known.
func (s *Session) where(f engine.Frame) string {
	name := s.sources.get(f.Cell).name
	switch {
	case f.Line == 0:
		return name
	case f.To > 0:
		return fmt.Sprintf("%s:%d-%d", name, f.Line, f.To)
	}
	return fmt.Sprintf("%s:%d", name, f.Line)
}

func inFunc(f engine.Frame) string {
	if f.Func == "" {
		return ""
	}
	return " in " + f.Func
}
