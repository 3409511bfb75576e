// Package datasets holds data to look at CRATE with, without a download:
//
//   - [Digits], 1,797 handwritten digits of 8×8 pixels, embedded in the program;
//   - [Subspaces] and [Gaussians], points drawn from the distributions for which
//     the paper derives its layers, with the answers known.
//
// NOTICE.md gives the source and the licence of the embedded data.
package datasets
