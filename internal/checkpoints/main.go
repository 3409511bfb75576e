// Checkpoints trains the models that chapters of the course load where a training
// would take longer than the chapter may:
//
//	go run ./internal/checkpoints            all of them
//	go run ./internal/checkpoints NAME ...   some
//
// It writes notebooks/checkpoints/NAME.safetensors and, beside them, manifest.json,
// which says how each was made and what it is worth. On any number of processors a
// model comes out with the same bits, as long as crate.Kernels is the same; whether
// it did is said for each.
package main

import (
	"flag"
	"log"
	"slices"
)

func main() {
	log.SetFlags(0)
	dir := flag.String("dir", "notebooks/checkpoints", "where the checkpoints are")
	flag.Parse()
	if err := makeAll(*dir, flag.Args()); err != nil {
		log.Fatalf("checkpoints: %v", err)
	}
}

// makeAll makes the checkpoints with these names, all if there are none.
func makeAll(dir string, names []string) error {
	for _, name := range names {
		if _, err := recipeOf(name); err != nil {
			return err
		}
	}
	for _, r := range recipes {
		if len(names) > 0 && !slices.Contains(names, r.name()) {
			continue
		}
		log.Printf("%s: training", r.name())
		e, err := r.make(dir)
		if err != nil {
			return err
		}
		before, err := replaceEntry(dir, e)
		if err != nil {
			return err
		}
		log.Printf("%s: accuracy %.3f, IoU %.3f, %d s; %s", e.Name, e.Accuracy, e.MeanIoU, e.Seconds, e.against(before))
	}
	return nil
}
