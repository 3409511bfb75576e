package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// versions says what the program was built from.
type versions struct {
	number   string // X.Y.Z…, without the v
	revision string // of the source, "" if not known
	yaegi    string
}

func version() versions {
	v := versions{number: "0.0.0", yaegi: "unknown"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if n, ok := strings.CutPrefix(info.Main.Version, "v"); ok {
		v.number = n
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			v.revision = s.Value
		}
	}
	for _, m := range info.Deps {
		if m.Path == "github.com/traefik/yaegi" {
			v.yaegi = m.Version
		}
	}
	return v
}

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			v := version()
			fmt.Fprintf(p.stdout, "gocrate %s (%s, yaegi %s, %s/%s)\n", v.number, runtime.Version(), v.yaegi, runtime.GOOS, runtime.GOARCH)
			if v.revision != "" {
				fmt.Fprintf(p.stdout, "built from %s\n", v.revision)
			}
			return nil
		},
	}
}
