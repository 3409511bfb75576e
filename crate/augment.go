package crate

import "math/rand/v2"

// Augmentation changes a training image at random, so that a model does not
// see the same one twice: [TrainConfig].Augment. It is given a set of one
// image that shares its memory with the batch, and writes the new pixels into
// image.Pixels; size, channels and labels stay.
//
// Whatever is random must come from rng. Its numbers depend on the seed, the
// epoch and the index of the image in the training set alone, so training
// gives the same bits on any number of processors and after a resumption.
// Several goroutines call an Augmentation at the same time, each with an image
// and an rng of its own.
type Augmentation func(image Images, rng *rand.Rand)

// augment applies the augmentations, in their order, to image i of the batch,
// which is image index[i] of the training set.
func augment(batch Images, index []int, augmentations []Augmentation, seed uint64, epoch int) {
	if len(augmentations) == 0 {
		return
	}
	parallel(batch.Len(), func(_, i int) {
		rng := rand.New(rand.NewPCG(seed^0x6175676d656e74, uint64(epoch)<<40|uint64(index[i])))
		for _, a := range augmentations {
			a(batch.Slice(i, i+1), rng)
		}
	})
}
