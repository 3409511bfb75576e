package notebook

import (
	"context"
	"errors"
	"fmt"

	"github.com/gocrate/gocrate/kernel"
)

// Watcher follows an execution. Its methods are called one at a time.
type Watcher interface {
	Begin(c *Cell, n, of int) // the n-th of the cells that run
	Stream(name kernel.StreamName, text string)
	Show(b kernel.Bundle) // a display, an update of one, or a result
	End(c *Cell, err error)
}

// CellError is the failure of a cell, which ended the execution.
type CellError struct {
	Cell  *Cell
	Index int // of the cell in the notebook, from 0
	Err   *kernel.Error
}

func (e *CellError) Error() string {
	return fmt.Sprintf("cell %d of the notebook (In[%d]) failed: %v", e.Index+1, e.Cell.Count, e.Err)
}

func (e *CellError) Unwrap() error { return e.Err }

// Execute runs the code cells of nb from top to bottom and stores in them what
// they show. All earlier outputs are removed first. It stops at the first cell
// that fails, keeps that cell's error among its outputs and returns a
// [*CellError]; a cell tagged raises-exception may fail. The watcher may be
// nil.
func Execute(ctx context.Context, nb *Notebook, lang kernel.Language, watch Watcher) error {
	if name, want := nb.Language(), lang.Info().Name; name != "" && name != want {
		return fmt.Errorf("the notebook is written in %s, expected %s", name, want)
	}
	of := 0
	for _, c := range nb.Cells {
		c.Outputs, c.Count = nil, 0
		if c.Runs() {
			of++
		}
	}
	rec := newRecording(watch)
	defer rec.close()
	n := 0
	for i, c := range nb.Cells {
		if !c.Runs() {
			continue
		}
		n++
		if err := rec.run(ctx, lang, c, n, of); err != nil && !c.HasTag("raises-exception") {
			return &CellError{Cell: c, Index: i, Err: err}
		}
	}
	return nil
}

// run executes one cell. The result is nil or says why the cell failed.
func (r *recording) run(ctx context.Context, lang kernel.Language, c *Cell, n, of int) *kernel.Error {
	c.Count = n
	r.do(func() { r.watch.Begin(c, n, of) })
	out := &recorder{recording: r, cell: c}
	err := lang.Execute(ctx, kernel.Cell{Code: c.Source, Number: n, ID: c.ID}, out)
	failure := asKernelError(err)
	if failure != nil {
		out.fail(failure)
	}
	r.do(func() { r.watch.End(c, err) })
	return failure
}

// asKernelError is err as a cell's author reads it.
func asKernelError(err error) *kernel.Error {
	var e *kernel.Error
	if err == nil || errors.As(err, &e) {
		return e
	}
	return &kernel.Error{Name: "Error", Value: err.Error(), Traceback: []string{err.Error()}}
}
