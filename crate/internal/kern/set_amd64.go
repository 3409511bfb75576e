//go:build !noasm

package kern

import "golang.org/x/sys/cpu"

// assembly returns the sets in assembly that this processor can run.
func assembly() []*set {
	var s []*set
	x := &cpu.X86
	if x.HasFMA && x.HasAVX2 && x.HasBMI2 {
		if x.HasAVX512F && x.HasAVX512DQ && x.HasAVX512BW && x.HasAVX512VL {
			s = append(s, &avx512)
		}
		s = append(s, &avx2)
	}
	return s
}

var avx512 = set{
	name:  "AVX-512",
	lanes: 16,
	tiles: [][2]tile{
		{tile1x1AVX512, tile1x2AVX512}, {tile2x1AVX512, tile2x2AVX512}, {tile3x1AVX512, tile3x2AVX512}, {tile4x1AVX512, tile4x2AVX512},
		{tile5x1AVX512, tile5x2AVX512}, {tile6x1AVX512, tile6x2AVX512}, {tile7x1AVX512, tile7x2AVX512}, {tile8x1AVX512, tile8x2AVX512},
		{tile9x1AVX512, tile9x2AVX512}, {tile10x1AVX512, tile10x2AVX512}, {tile11x1AVX512, tile11x2AVX512}, {tile12x1AVX512, tile12x2AVX512},
		{tile13x1AVX512, tile13x2AVX512}, {tile14x1AVX512, tile14x2AVX512},
	},
	transpose:     transposeAVX512,
	softmax:       softmaxAVX512,
	softmaxGrad:   softmaxGradAVX512,
	layerNorm:     layerNormAVX512,
	layerNormGrad: layerNormGradAVX512,
	threshold:     thresholdAVX512,
	thresholdGrad: thresholdGradAVX512,
	gelu:          geluAVX512,
	multiply:      multiplyAVX512,
	combine:       combineAVX512,
	addRows:       addRowsAVX512,
	sumRows:       sumRowsAVX512,
	adamW:         adamWAVX512,
	dots:          dotsAVX512,
}

var avx2 = set{
	name:  "AVX2",
	lanes: 8,
	tiles: [][2]tile{
		{tile1x1AVX2, tile1x2AVX2}, {tile2x1AVX2, tile2x2AVX2}, {tile3x1AVX2, tile3x2AVX2},
		{tile4x1AVX2, tile4x2AVX2}, {tile5x1AVX2, tile5x2AVX2}, {tile6x1AVX2, tile6x2AVX2},
	},
	transpose:     transposeAVX2,
	softmax:       softmaxAVX2,
	softmaxGrad:   softmaxGradAVX2,
	layerNorm:     layerNormAVX2,
	layerNormGrad: layerNormGradAVX2,
	threshold:     thresholdAVX2,
	thresholdGrad: thresholdGradAVX2,
	gelu:          geluAVX2,
	multiply:      multiplyAVX2,
	combine:       combineAVX2,
	addRows:       addRowsAVX2,
	sumRows:       sumRowsAVX2,
	adamW:         adamWAVX2,
	dots:          dotsAVX2,
}
