package main

import (
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/gocrate/gocrate/kernel"
)

func (p *program) kernelCommand() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "kernel [flags] [FILE]",
		Short: "Serve Jupyter",
		Long: `Serve Jupyter on the ports that a connection file names. Jupyter starts the
kernel in this way itself, once gocrate install has told it how.`,
		Example: `  gocrate kernel --connection-file kernel-1234.json
  gocrate kernel kernel-1234.json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 == (file != "") {
				return usageError("expected one connection file, with --connection-file or alone")
			}
			if len(args) == 1 {
				file = args[0]
			}
			conn, err := kernel.ReadConnection(file)
			if err != nil {
				return err
			}
			lang, err := p.startWorker()
			if err != nil {
				return err
			}
			return kernel.Serve(cmd.Context(), conn, lang, kernel.Options{
				ImplementationVersion: version().number,
				RuntimeDir:            filepath.Dir(file),
			})
		},
	}
	c.Flags().StringVarP(&file, "connection-file", "f", "", "the JSON `file` in which Jupyter has written ports and key, or where to register")
	return c
}
