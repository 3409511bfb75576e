package display

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"sync/atomic"
)

// Handle is a place where a value is shown. The zero Handle is no place yet.
type Handle struct {
	// ID is what [Update] takes.
	ID string
}

// Update shows v in place of what the handle showed before. The zero Handle
// shows v at the end.
func (h Handle) Update(v any) {
	if h.ID == "" {
		Show(v)
		return
	}
	Update(h.ID, v)
}

// Show shows each of the values now, one below the other, and returns a handle
// with which the last can be changed.
func Show(v ...any) Handle {
	var h Handle
	for _, v := range v {
		b := Of(v)
		if b.ID == "" {
			b.ID = newID()
		}
		h.ID = b.ID
		host, _ := host()
		host.Display(b)
	}
	return h
}

// Update shows v in place of what was shown under id: the ID of a handle, or
// of a bundle given to [Show]. Where id was never shown nothing happens.
func Update(id string, v any) {
	b := Of(v)
	b.ID = id
	host, _ := host()
	host.Update(b)
}

// CanUpdate reports whether there is a notebook, where [Update] replaces what was
// shown. Elsewhere it shows more below, which a program that updates often should
// avoid.
func CanUpdate() bool {
	_, notebook := host()
	return notebook
}

// Clear removes what the cell has shown so far. Clear(true) waits with that for
// the next thing to be shown, which avoids flicker.
func Clear(wait ...bool) {
	host, _ := host()
	host.Clear(len(wait) > 0 && wait[0])
}

// Page shows v when the cell has ended: in the pager of a console, such as
// jupyter console or qtconsole, or below the cell in JupyterLab.
func Page(v any) {
	host, _ := host()
	host.Page(Of(v))
}

// NextInput writes code into the next input of a console, for its user to edit
// and run, or with replace in place of the input that has just run. Notebooks
// ignore it.
func NextInput(code string, replace bool) {
	host, _ := host()
	host.NextInput(code, replace)
}

// Context ends when the running cell is interrupted. Outside a notebook it is
// context.Background().
func Context() context.Context {
	host, _ := host()
	return host.Context()
}

// Source returns the code of the running cell, as its author wrote it, for what
// should say where it comes from. Outside a notebook it is empty.
func Source() string {
	host, _ := host()
	return host.Source()
}

// Input asks the reader of the notebook for a line, and returns it without its
// end. It fails where there is nobody to ask, and when the cell is interrupted.
func Input(prompt string) (string, error) {
	host, _ := host()
	return host.Input(prompt, false)
}

// Password is Input for what must not be seen.
func Password(prompt string) (string, error) {
	host, _ := host()
	return host.Input(prompt, true)
}

// Check ends the cell with err as its failure, unless err is nil. It spares a
// cell the three lines that a program needs:
//
//	data, err := os.ReadFile("digits.csv")
//	display.Check(err)
func Check(err error) {
	if err != nil {
		panic(err)
	}
}

// Claim prints what a notebook claims, behind a check mark, if it holds, and
// ends the cell with it as its failure if not. So the text around the cell
// cannot come to say what the numbers no longer do:
//
//	display.Claim(math.Abs(R-3.5968) < 5e-5, "R = %.4f", R)
func Claim(holds bool, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !holds {
		panic(fmt.Errorf("claim does not hold: %s", text))
	}
	fmt.Println("✓", text)
}

// process tells the displays of this process from those of the one that ran
// the notebook before.
var process = rand.Text()[:12]

var displays atomic.Int64

func newID() string { return process + "-" + strconv.FormatInt(displays.Add(1), 10) }
