package segment

import (
	"context"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/gocrate/gocrate/crate"
)

const evaluatedAtOnce = 64

// eachPart reads images, some at a time, and hands them on with the number of the
// first; truth is what they are compared with, name who compares.
func eachPart(ctx context.Context, name string, m *crate.Model, images crate.ImageSource, truth [][]Mask, progress func(done, total int), do func(first int, x crate.Images) error) error {
	if images.Len() != len(truth) {
		return fmt.Errorf("segment: %s: masks for %d of %d images; want them for all", name, len(truth), images.Len())
	}
	for i := 0; i < len(truth); i += evaluatedAtOnce {
		j := min(i+evaluatedAtOnce, len(truth))
		x, err := images.Read(ctx, i, j)
		if err != nil {
			return err
		}
		if _, err := m.Embed.Patches(x); err != nil {
			return err
		}
		if err := do(i, x); err != nil {
			return err
		}
		if progress != nil {
			progress(j, len(truth))
		}
	}
	return nil
}

// eachImage runs the model on every image, several at a time.
func eachImage(ctx context.Context, m *crate.Model, x crate.Images, do func(i int, trace *crate.Trace)) error {
	g, working := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range x.Len() {
		g.Go(func() error {
			if working.Err() == nil {
				do(i, m.Trace(x.Slice(i, i+1)))
			}
			return nil
		})
	}
	g.Wait()
	return ctx.Err()
}
