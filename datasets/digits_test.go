package datasets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"github.com/gocrate/gocrate/crate"
)

func TestDigitsFile(t *testing.T) {
	const want = "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"
	if sum := sha256.Sum256(digitsFile); hex.EncodeToString(sum[:]) != want {
		t.Errorf("digits.csv.gz has SHA-256 %x, want %s", sum, want)
	}
}

// The images and labels are those of the reference runs: the sums were taken
// from the bytes that Python wrote.
func TestDigitsAreThoseOfTheReference(t *testing.T) {
	train, test := Digits()
	var pixels, labels []byte
	for _, x := range []crate.Images{train, test} {
		for _, p := range x.Pixels {
			pixels = append(pixels, byte(p*16))
		}
		for _, l := range x.Labels {
			labels = append(labels, byte(l))
		}
	}
	for _, tt := range []struct {
		what string
		data []byte
		want string
	}{
		{"pixels", pixels, "8f26b2bd9d135c256808f68f14fdabddde6d9c7f869ae419704b051f0f14b3b3"},
		{"labels", labels, "8ba4f891220f5e4c9c819638d1602d74b83618f167043c6da52a2a247841ddf0"},
	} {
		if sum := sha256.Sum256(tt.data); hex.EncodeToString(sum[:]) != tt.want {
			t.Errorf("%s have SHA-256 %x, want %s", tt.what, sum, tt.want)
		}
	}
}

func TestDigitsShape(t *testing.T) {
	train, test := Digits()
	if train.Len() != 1347 || test.Len() != 450 {
		t.Errorf("%d and %d images, want 1347 and 450", train.Len(), test.Len())
	}
	perClass := make([]int, 10)
	for _, x := range []crate.Images{train, test} {
		if err := x.Validate(); err != nil {
			t.Error(err)
		}
		if x.Channels != 1 || x.Height != 8 || x.Width != 8 || len(x.Names) != x.Classes {
			t.Errorf("images of %d×%d×%d in %d classes with names %v", x.Channels, x.Height, x.Width, x.Classes, x.Names)
		}
		if lo, hi := slices.Min(x.Pixels), slices.Max(x.Pixels); lo != 0 || hi != 1 {
			t.Errorf("pixels from %v to %v, want 0 to 1", lo, hi)
		}
		for _, l := range x.Labels {
			perClass[l]++
		}
	}
	if want := []int{178, 182, 177, 183, 181, 182, 181, 179, 174, 180}; !slices.Equal(perClass, want) {
		t.Errorf("images of each class %v, want %v", perClass, want)
	}
}

func TestDigitsBelongToTheCaller(t *testing.T) {
	train, _ := Digits()
	train.Pixels[0], train.Labels[0], train.Names[0] = 7, 7, "seven"
	again, _ := Digits()
	if again.Pixels[0] == 7 || again.Labels[0] == 7 || again.Names[0] == "seven" {
		t.Error("a change of the images is seen by the next call")
	}
}

func TestReadDigitsRefuses(t *testing.T) {
	compress := func(text string) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		w.Write([]byte(text))
		w.Close()
		return b.Bytes()
	}
	blank := strings.Repeat("0,", 64)
	for _, tt := range []struct {
		what, want string
		file       []byte
	}{
		{"not compressed", "invalid header", []byte("0,1,2,3,4,5,6,7,8,9\n")},
		{"cut short", "EOF", digitsFile[:len(digitsFile)/2]},
		{"too few fields", "wrong number of fields", compress("0,1\n")},
		{"pixel too bright", `line 2: pixel "17"`, compress(blank + "3\n17," + blank[2:] + "3\n")},
		{"pixel not a number", `pixel "x"`, compress("x," + blank[2:] + "3\n")},
		{"label too large", `label "10"`, compress(blank + "10\n")},
	} {
		if _, err := readDigits(tt.file); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one that contains %q", tt.what, err, tt.want)
		}
	}
}
