package crate

import (
	"context"
	"slices"
	"strings"
	"testing"
)

// Images read in parts are the images, whatever the parts.
func TestImagesAreASource(t *testing.T) {
	x := Images{Pixels: []float32{1, 2, 3, 4, 5, 6}, Labels: []int{0, 1, 1}, Channels: 1, Height: 2, Width: 1, Classes: 2}
	var source ImageSource = x
	var pixels []float32
	var labels []int
	for i := 0; i < source.Len(); i += 2 {
		part, err := source.Read(context.Background(), i, min(i+2, source.Len()))
		if err != nil || part.Classes != 2 {
			t.Fatal(part, err)
		}
		pixels, labels = append(pixels, part.Pixels...), append(labels, part.Labels...)
	}
	if !slices.Equal(pixels, x.Pixels) || !slices.Equal(labels, x.Labels) {
		t.Errorf("read %v with labels %v", pixels, labels)
	}
}

func TestImagesSayWhatTheyAre(t *testing.T) {
	x := Images{Pixels: make([]float32, 12), Channels: 3, Height: 1, Width: 2}
	for _, tt := range []struct {
		names   []string
		classes int
		want    string
	}{
		{nil, 0, "2 images of 3×1×2 pixels"},
		{nil, 3, "2 images of 3×1×2 pixels in 3 classes"},
		{[]string{"cat", "dog"}, 2, "2 images of 3×1×2 pixels in 2 classes: cat, dog"},
		{slices.Repeat([]string{"n"}, 20), 20, "2 images of 3×1×2 pixels in 20 classes: " + strings.Repeat("n, ", 12) + "…"},
	} {
		x.Names, x.Classes = tt.names, tt.classes
		if x.String() != tt.want {
			t.Errorf("%s, want %s", x, tt.want)
		}
	}
}
