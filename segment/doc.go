// Package segment finds objects in images with what a classifier has learned, and
// says how well. It is the second half of the paper
//
//	Yu, Chu, Tong, Wu, Pai, Buchanan, Ma: Emergence of Segmentation with
//	Minimalistic White-Box Transformers, 2023
//
// whose first half, attention maps and features, is in package crate:
// AttentionMaps and Features of a crate.Trace.
//
//	mask.go, rle.go, polygon.go   sets of pixels, and how COCO writes them
//	attention.go                  masks from the attention of the class token
//	heads.go                      and how well every head of a model does
//	cut.go, maskcut.go            objects by normalised cuts of the features
//	evaluate_cut.go               and how well they do; parts.go below
//	pca.go                        objects by their principal components
//	iou.go                        Jaccard index, mIoU
//	precision.go, matching.go     average precision, by the rules of COCO
//
// Positions in an image are rows from the top and columns from the left. A mask
// over patches and one over pixels have the same type, see [Mask.Resize].
package segment
