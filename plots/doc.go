// Package plots draws the figures of a paper from plain numbers.
//
//	fig := plots.PerLayer(`$R^c(\mathbf{Z}^{\ell+1/2} \mid \mathbf{U}_{[K]})$`,
//		plots.Series{Label: "train", Mean: trainMean, SD: trainSD},
//		plots.Series{Label: "val", Mean: valMean, SD: valSD})
//
// A [Figure] shows itself when a notebook cell ends with it, and is written to
// a file by [Figure.Save]. What it looks like is decided by its [Style]: by
// default text in Latin Modern Sans at 9 and 10 points, a thin closed frame over
// a light grid, colours that people with colour-blindness can tell apart, and a
// legend that keeps off the data.
//
// # Figures of the papers
//
// Rates and sparsity: [RatePerLayer], [SparsityPerLayer], their course over the
// [Checkpoints] of a run, [RateReduction], [SignalToNoisePerLayer]. Matrices:
// [TokenHeatmaps], [CoherencePerLayer], [CosineSimilarities], [SingularValues],
// [ConfusionMatrix]. Attention and what is made of it: [AttentionMaps],
// [AttentionPerLayer], [AttentionOverlays], [TokenPCA], [Segmentations],
// [Detections], [AveragePrecisionPerLayer], [Reconstructions]. Points: [Scatter],
// [Scatter3D], [Trajectories], [ClustersByPrecision].
//
// [Animate] leads through the layers, [Figure.Interactive] answers the pointer,
// and [NewLive] draws while a model learns.
//
// # Labels
//
// Every label, title, legend entry and caption is text in which a formula may
// stand between dollar signs, in TeX's notation: "Layer index $\ell$". In Go,
// write labels with backslashes between back quotes.
//
// # Sizes
//
// Widths and heights are in inches and font sizes in points, as they will be on
// paper. A new figure is 4.5 × 3 in, which suits a notebook; [Figure.WithSize]
// makes it 3.25 in wide for the column of a paper, without touching the fonts.
//
// # Data that cannot be drawn
//
// NaN and ±Inf are gaps in a line, absent points in a cloud and light grey in a
// heatmap. A figure in which nothing is left to draw says so in its middle.
// Slices whose lengths disagree are a mistake in the program and panic, with
// both lengths in the message.
//
// # More than is here
//
// [Figure.Plot] is the [plot.Plot] of gonum.org/v1/plot underneath: add any of
// that library's plotters to it, set axes and ranges, and the frame, the grid
// and the legend's place follow.
package plots
