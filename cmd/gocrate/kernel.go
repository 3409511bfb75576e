package main

import (
	"log/slog"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/gocrate/gocrate/kernel"
	"github.com/gocrate/gocrate/kernel/history"
)

func (p *program) kernelCommand() *cobra.Command {
	var file, historyFile string
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
			past, forget := openHistory(historyFile)
			defer forget()
			return kernel.Serve(cmd.Context(), conn, lang, kernel.Options{
				ImplementationVersion: version().number,
				RuntimeDir:            filepath.Dir(file),
				History:               past,
			})
		},
	}
	c.Flags().StringVarP(&file, "connection-file", "f", "", "the JSON `file` in which Jupyter has written ports and key, or where to register")
	historyFlag(c, &historyFile)
	return c
}

func historyFlag(c *cobra.Command, file *string) {
	c.Flags().StringVar(file, "history", "", `the `+"`file`"+` in which cells are kept for the history of later sessions (default: in your state directory; "off" keeps none)`)
}

// openHistory begins a session in a history file. Without one it is kept in
// memory only.
func openHistory(file string) (h *kernel.History, end func()) {
	if file == "off" {
		return kernel.NewHistory(nil), func() {}
	}
	if file == "" {
		var err error
		if file, err = history.Path(); err != nil {
			slog.Warn("cells are not kept for later sessions", "error", err)
			return kernel.NewHistory(nil), func() {}
		}
	}
	store := history.Open(file, slog.Default())
	return kernel.NewHistory(store), store.Close
}
