package main

import (
	"github.com/spf13/cobra"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/golang"
	"github.com/gocrate/gocrate/kernel/golang/worker"
)

// newSession starts Go in this process.
func newSession() (kernel.Language, error) { return golang.New(golang.Options{}) }

// newWorker starts Go in a process of its own: this program again.
func newWorker(executable string) kernel.Language {
	return worker.NewClient(worker.Options{Command: []string{executable, "worker"}, Info: golang.Info()})
}

func (p *program) workerCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "worker",
		Short:  "Run cells for gocrate kernel or gocrate run, which start this themselves",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return worker.Serve(func(s *worker.Streams) (kernel.Language, error) {
				return golang.New(golang.Options{Streams: s})
			})
		},
	}
}
