package datasets

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gocrate/gocrate/crate"
)

// cifarRecord is an image whose pixels are all v, but for the first green one.
func cifarRecord(v byte, labels ...byte) []byte {
	record := append(labels, bytes.Repeat([]byte{v}, 3072)...)
	record[len(labels)+1024] = 255
	return record
}

// checkCIFAR checks that the images are those of cifarRecord for the labels and
// pixels.
func checkCIFAR(t *testing.T, x crate.Images, labels []int, pixels ...byte) {
	t.Helper()
	if err := x.Validate(); err != nil || x.Len() != len(pixels) || x.Channels != 3 || x.Height != 32 || x.Width != 32 || !slices.Equal(x.Labels, labels) {
		t.Fatalf("%d images of %d×%d×%d, labels %v; %v", x.Len(), x.Channels, x.Height, x.Width, x.Labels, err)
	}
	for i, v := range pixels {
		for k, p := range x.Image(i) {
			want := float32(v) / 255
			if k == 1024 {
				want = 1
			}
			if p != want {
				t.Fatalf("pixel %d of image %d is %v, want %v", k, i, p, want)
			}
		}
	}
}

func cifar10Files() map[string][]byte {
	files := map[string][]byte{"cifar-10-batches-bin/test_batch.bin": cifarRecord(60, 4), "cifar-10-batches-bin/readme.html": []byte("…")}
	for i := byte(1); i <= 5; i++ {
		files[fmt.Sprintf("cifar-10-batches-bin/data_batch_%d.bin", i)] = append(cifarRecord(10*i, i), cifarRecord(10*i+1, 9)...)
	}
	return files
}

func TestReadCIFAR10(t *testing.T) {
	files := cifar10Files()
	archive := pack(t, packTar(t, files))
	for what, path := range map[string]string{
		"files":                    writeFiles(t, files),
		"the archive":              writeFile(t, "c.tar.gz", archive),
		"a directory with it":      writeFiles(t, map[string][]byte{"cifar-10-binary.tar.gz": archive}),
		"an archive not packed":    writeFile(t, "c.tar", packTar(t, files)),
		"the directory of batches": writeFiles(t, files) + "/cifar-10-batches-bin",
	} {
		train, test, err := ReadCIFAR10(path)
		if err != nil {
			t.Fatal(what, err)
		}
		checkCIFAR(t, train, []int{1, 9, 2, 9, 3, 9, 4, 9, 5, 9}, 10, 11, 20, 21, 30, 31, 40, 41, 50, 51)
		checkCIFAR(t, test, []int{4}, 60)
		if train.Classes != 10 || test.Names[4] != "deer" {
			t.Errorf("%s: %d classes %v", what, train.Classes, test.Names)
		}
	}
}

func TestReadCIFAR100(t *testing.T) {
	var names bytes.Buffer
	for i := range 100 {
		fmt.Fprintf(&names, "class_%d\n", i)
	}
	train, test, err := ReadCIFAR100(writeFiles(t, map[string][]byte{
		"train.bin":            append(cifarRecord(1, 200, 99), cifarRecord(2, 19, 0)...), // the coarse label does not count
		"test.bin":             cifarRecord(3, 0, 50),
		"fine_label_names.txt": names.Bytes(),
	}))
	if err != nil {
		t.Fatal(err)
	}
	checkCIFAR(t, train, []int{99, 0}, 1, 2)
	checkCIFAR(t, test, []int{50}, 3)
	if train.Classes != 100 || train.Names[99] != "class_99" {
		t.Errorf("%d classes %v", train.Classes, train.Names)
	}
}

func TestReadCIFARRefuses(t *testing.T) {
	label, short, missing := cifar10Files(), cifar10Files(), cifar10Files()
	label["cifar-10-batches-bin/data_batch_3.bin"][3073] = 10
	short["cifar-10-batches-bin/test_batch.bin"] = cifarRecord(1, 1)[:3000]
	delete(missing, "cifar-10-batches-bin/data_batch_2.bin")
	for _, tt := range []struct {
		what, want string
		path       string
	}{
		{"label", "data_batch_3.bin: record 1: label 10; want 0 to 9", writeFiles(t, label)},
		{"label in an archive", "data_batch_3.bin: record 1: label 10", writeFile(t, "x.tar", packTar(t, label))},
		{"cut short", "record 0 is cut short; the file is not whole records of 3073 bytes", writeFiles(t, short)},
		{"missing", "holds no data_batch_2.bin beside data_batch_1.bin", writeFiles(t, missing)},
		{"missing in an archive", "holds no data_batch_2.bin", writeFile(t, "x.tar", packTar(t, missing))},
		{"nothing", "holds no data_batch_1.bin and no cifar-10-binary.tar.gz; see Fetch", t.TempDir()},
		{"no archive", "not a tar archive", writeFile(t, "x.tar", nil)},
		{"archive cut short", "unexpected EOF", writeFile(t, "x.tgz", pack(t, packTar(t, cifar10Files()))[:300])},
	} {
		if _, _, err := ReadCIFAR10(tt.path); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one that contains %q", tt.what, err, tt.want)
		}
	}
	if _, _, err := ReadCIFAR100(writeFiles(t, map[string][]byte{"train.bin": nil, "test.bin": nil, "fine_label_names.txt": []byte("apple\nbear\n")})); err == nil || !strings.Contains(err.Error(), "2 names; want 100") {
		t.Errorf("names: error %v", err)
	}
}

func TestReadSTL10(t *testing.T) {
	image := make([]byte, 3*stlSide*stlSide)
	for c := range 3 {
		for y := range stlSide {
			for x := range stlSide {
				image[(c*stlSide+x)*stlSide+y] = byte(50*c + y ^ x) // by columns
			}
		}
	}
	files := map[string][]byte{
		"stl10_binary/train_X.bin": append(slices.Clone(image), image...), "stl10_binary/train_y.bin": {1, 10},
		"stl10_binary/test_X.bin": image, "stl10_binary/test_y.bin": {6},
		"stl10_binary/unlabeled_X.bin": image,
	}
	train, test, err := ReadSTL10(writeFile(t, "stl.tar.gz", pack(t, packTar(t, files))))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(train.Labels, []int{0, 9}) || test.Len() != 1 || test.Names[test.Labels[0]] != "dog" || train.Channels != 3 || train.Height != 96 || train.Width != 96 {
		t.Errorf("labels %v and %v, %d×%d×%d", train.Labels, test.Labels, train.Channels, train.Height, train.Width)
	}
	for c := range 3 {
		for y := range stlSide {
			for x := range stlSide {
				if got, want := train.Image(1)[(c*stlSide+y)*stlSide+x], float32(byte(50*c+y^x))/255; got != want {
					t.Fatalf("channel %d, row %d, column %d is %v, want %v", c, y, x, got, want)
				}
			}
		}
	}
	for _, tt := range []struct {
		want, file string
		data       []byte
	}{
		{"label 0; want 1 to 10", "test_y.bin", []byte{0}},
		{"2 labels for 1 images", "test_y.bin", []byte{1, 2}},
		{"record 0 is cut short", "test_X.bin", image[1:]},
	} {
		files["stl10_binary/"+tt.file] = tt.data
		if _, _, err := ReadSTL10(writeFiles(t, files)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("error %v, want one that contains %q", err, tt.want)
		}
	}
}

// What a small compressed file unpacks to has an end.
func TestRecordsAreBounded(t *testing.T) {
	n := 0
	err := records(zeros{}, 1, func([]byte) error { n++; return nil })
	if err == nil || n != maxRecords || !strings.Contains(err.Error(), "more than 16777216 records") {
		t.Errorf("%d records, %v", n, err)
	}
	n = 0
	err = records(zeros{}, 1<<28, func([]byte) error { n++; return nil })
	if err == nil || n != maxFloats>>28 {
		t.Errorf("%d large records, %v", n, err)
	}
}

// zeros is a reader without an end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// Whatever the bytes, records are read or refused, and no more is allocated than
// they can fill.
func FuzzReadCIFAR(f *testing.F) {
	f.Add(cifarRecord(7, 3), false)
	f.Add(append(cifarRecord(7, 3, 99), cifarRecord(8, 3, 100)...), true)
	f.Add([]byte{1, 2, 3}, false)
	f.Fuzz(func(t *testing.T, data []byte, hundred bool) {
		labels, classes := 1, 10
		if hundred {
			labels, classes = 2, 100
		}
		x, err := readCIFAR(bytes.NewReader(data), labels, classes)
		if cap(x.Pixels) > 4*len(data)+1<<13 {
			t.Errorf("memory for %d pixels from %d bytes", cap(x.Pixels), len(data))
		}
		if err == nil && (x.Validate() != nil || x.Len() != len(data)/(labels+cifarPixels)) {
			t.Error(x.Len(), x.Validate())
		}
	})
}
