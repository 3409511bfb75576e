package kernel_test

import (
	"context"
	"errors"
	"testing"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/kerneltest"
	"github.com/gocrate/gocrate/kernel/wire"
)

// script is a language whose cells are Go functions, chosen by the cell's
// code. Code without a function is its own result, as in echo.
type script map[string]func(ctx context.Context, out kernel.Output) error

func (s script) Execute(ctx context.Context, cell kernel.Cell, out kernel.Output) error {
	if run := s[cell.Code]; run != nil {
		return run(ctx, out)
	}
	return echo{}.Execute(ctx, cell, out)
}

func (script) Info() kernel.LanguageInfo { return echo{}.Info() }
func (script) Close() error              { return nil }

func (script) Complete(ctx context.Context, code string, cursor int) (kernel.Completion, error) {
	if code == "panic" {
		panic("complete")
	}
	return echo{}.Complete(ctx, code, cursor)
}

func (script) Inspect(ctx context.Context, code string, cursor, detail int) (kernel.Inspection, error) {
	if code == "" {
		return kernel.Inspection{}, nil
	}
	return echo{}.Inspect(ctx, code, cursor, detail)
}

func (script) IsComplete(ctx context.Context, code string) (kernel.Completeness, error) {
	if code == "error" {
		return kernel.Completeness{}, errors.New("no idea")
	}
	return echo{}.IsComplete(ctx, code)
}

// start serves a script and connects to it.
func start(t *testing.T, lang kernel.Language) *kerneltest.Client {
	t.Helper()
	return kerneltest.Connect(t, kerneltest.StartOn(t, loopback(), lang, kernel.Options{}).Connection)
}

const testKey = "a key of the tests"

func loopback() wire.Connection {
	return wire.Connection{Transport: "tcp", IP: "127.0.0.1", Key: testKey}
}

// until returns a cell that signals that it runs and then waits for an
// interrupt.
func until(running chan<- struct{}) func(context.Context, kernel.Output) error {
	return func(ctx context.Context, _ kernel.Output) error {
		running <- struct{}{}
		<-ctx.Done()
		return &kernel.Error{Name: "Interrupted", Value: "by the user"}
	}
}
