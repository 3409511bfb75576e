// Package datasets holds data to look at CRATE with, reads and downloads more, and
// makes pictures into the input of a model:
//
//   - [Digits], 1,797 handwritten digits of 8×8 pixels, and [Photographs], six
//     photographs, embedded in the program; [Iris], 150 flowers in four numbers each;
//   - [Subspaces] and [Gaussians], points drawn from the distributions for which
//     the paper derives its layers, with the answers known;
//   - [DrawShapes], images of shapes with exact masks, for segmentation;
//   - [ReadMNIST], [ReadFashionMNIST], [ReadCIFAR10], [ReadCIFAR100], [ReadSTL10],
//     sets that [Fetch] downloads, checked and resumable; [ReadIDX] for others;
//   - [OpenFolder] and [OpenArchive], pictures of your own, or ImageNet's, in
//     directories or in a tar archive, which may be larger than the memory;
//   - [ReadCOCO], objects and their masks, and [Folder.Objects], for segmentation;
//   - [Recipe], how pictures are resized, cut and normalised, and the
//     augmentations of the recipes for training: [RandomResizedCrop], [RandomCrop],
//     [RandomFlip], [RandAugment].
//
// Images are [crate.Images]. Their pixels are between 0, black, and 1, unless a
// [Normalization] was applied.
//
// NOTICE.md gives the source and the licence of the embedded data.
package datasets
