package worker

import (
	"context"
	"errors"
	"log"
	"slices"
	"sync"

	"github.com/gocrate/gocrate/kernel"
)

// keptOutputs is how many cells back a goroutine's displays still find the cell
// that started it. Cells that run are kept besides.
const keptOutputs = 16

// outputs knows where the output of the last few cells goes.
type outputs struct {
	log     *log.Logger
	mu      sync.Mutex
	runs    []execution // oldest first
	current kernel.Output
	owner   uint64 // the run to which the pipes belong, 0 if it has ended
}

// execution is one run of a cell.
type execution struct {
	id    uint64
	out   kernel.Output
	ended bool
}

// begin makes the output of a run known. All text in the pipes belongs to it from
// now on, unless they are those of another that has not ended.
func (o *outputs) begin(id uint64, out kernel.Output) (owns bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.runs = append(o.runs, execution{id: id, out: out})
	if o.owner == 0 {
		o.owner, o.current = id, out
	}
	return o.owner == id
}

// end says that a run has ended. The oldest that have are forgotten.
func (o *outputs) end(id uint64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.owner == id {
		o.owner = 0
	}
	ended := 0
	for i := range o.runs {
		o.runs[i].ended = o.runs[i].ended || o.runs[i].id == id
		if o.runs[i].ended {
			ended++
		}
	}
	o.runs = slices.DeleteFunc(o.runs, func(r execution) bool {
		if !r.ended || ended <= keptOutputs {
			return false
		}
		ended--
		return true
	})
}

// of returns the output of a run, or that of the current one if the run is
// forgotten. It is never nil.
func (o *outputs) of(id uint64) kernel.Output {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, r := range o.runs {
		if r.id == id {
			return r.out
		}
	}
	if o.current == nil {
		return nowhere{o.log}
	}
	return o.current
}

// stream gives text to the current run.
func (o *outputs) stream(name kernel.StreamName, text string) {
	o.mu.Lock()
	out := o.current
	o.mu.Unlock()
	if out == nil {
		out = nowhere{o.log}
	}
	out.Stream(name, text)
}

// nowhere is the output before the first cell.
type nowhere struct{ log *log.Logger }

func (n nowhere) Stream(name kernel.StreamName, text string) {
	n.log.Printf("%s before the first cell: %s", name, text)
}
func (n nowhere) Display(kernel.Bundle)  {}
func (n nowhere) Update(kernel.Bundle)   {}
func (n nowhere) Result(kernel.Bundle)   {}
func (n nowhere) Clear(bool)             {}
func (n nowhere) Payload(kernel.Payload) {}
func (n nowhere) Input(context.Context, string, bool) (string, error) {
	return "", errors.New("worker: there is no cell to ask for input")
}
