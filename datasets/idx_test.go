package datasets

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// idx makes a file: a head of sizes, and bytes.
func idx(data []byte, sizes ...uint32) []byte {
	head := []byte{0, 0, 8, byte(len(sizes))}
	for _, n := range sizes {
		head = binary.BigEndian.AppendUint32(head, n)
	}
	return append(head, data...)
}

// counting are the bytes 0, 1, 2, …
func counting(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i)
	}
	return b
}

func TestReadIDX(t *testing.T) {
	x, err := ReadIDX(bytes.NewReader(idx(counting(24), 4, 3, 2)), bytes.NewReader(idx([]byte{2, 0, 5, 1}, 4)))
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Validate(); err != nil || x.Len() != 4 || x.Channels != 1 || x.Height != 3 || x.Width != 2 || x.Classes != 6 || !slices.Equal(x.Labels, []int{2, 0, 5, 1}) {
		t.Errorf("%+v, %v", x, err)
	}
	for i, p := range x.Pixels {
		if p != float32(i)/255 {
			t.Errorf("pixel %d is %v", i, p)
		}
	}
	x, err = ReadIDX(bytes.NewReader(idx(make([]byte, 200000), 2, 250, 400)), nil)
	if err != nil || x.Len() != 2 || x.Labels != nil {
		t.Errorf("%d images with labels %v, %v", x.Len(), x.Labels, err)
	}
}

func TestReadIDXRefuses(t *testing.T) {
	good := idx(counting(24), 4, 3, 2)
	for _, tt := range []struct {
		what, want     string
		images, labels []byte
	}{
		{"nothing", "unexpected EOF", nil, nil},
		{"half a head", "unexpected EOF", good[:9], nil},
		{"labels for images", "begins with 00 00 08 01; want 00 00 08 03", idx(counting(24), 24), nil},
		{"numbers of 4 bytes", "begins with 00 00 0d 03", append([]byte{0, 0, 0xd, 3}, good[4:]...), nil},
		{"a compressed file", "begins with 1f 8b", pack(t, good), nil},
		{"empty images", "size 0 of an image", idx(nil, 4, 0, 2), nil},
		{"huge images", "size 4294967295 of an image", idx(nil, 1, 1<<32-1, 1), nil},
		{"too many images", "more than 8 GB", idx(nil, 1<<32-1, 28, 28), nil},
		{"a head that lies", "24 of 2352000 pixels: unexpected EOF", idx(counting(24), 3000, 28, 28), nil},
		{"too few labels", "3 labels for 4 images", good, idx([]byte{1, 2, 3}, 3)},
		{"labels cut short", "4 labels announced: unexpected EOF", good, idx([]byte{1, 2, 3}, 4)},
		{"images for labels", "want 00 00 08 01", good, good},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := ReadIDX(bytes.NewReader(tt.images), bytes.NewReader(tt.labels))
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one that contains %q", tt.what, err, tt.want)
		}
		if spent := after.TotalAlloc - before.TotalAlloc; spent > 1<<20 {
			t.Errorf("%s: %d bytes were allocated", tt.what, spent)
		}
	}
}

// mnistFiles are a set of 3 images to train on and 2 to test.
func mnistFiles() map[string][]byte {
	return map[string][]byte{
		"train-images-idx3-ubyte": idx(counting(3*28*28), 3, 28, 28),
		"train-labels-idx1-ubyte": idx([]byte{9, 0, 3}, 3),
		"t10k-images-idx3-ubyte":  idx(counting(2*28*28), 2, 28, 28),
		"t10k-labels-idx1-ubyte":  idx([]byte{1, 1}, 2),
	}
}

func TestReadMNIST(t *testing.T) {
	plain, packed, below := mnistFiles(), map[string][]byte{}, map[string][]byte{}
	for name, data := range plain {
		packed[name+".gz"] = pack(t, data)
		below["raw[1]/"+name] = data
	}
	for what, files := range map[string]map[string][]byte{"plain": plain, "packed": packed, "in a directory": below} {
		train, test, err := ReadFashionMNIST(writeFiles(t, files))
		if err != nil {
			t.Fatal(what, err)
		}
		if train.Len() != 3 || test.Len() != 2 || !slices.Equal(train.Labels, []int{9, 0, 3}) || !slices.Equal(test.Labels, []int{1, 1}) || train.Validate() != nil || test.Validate() != nil {
			t.Errorf("%s: %v %v", what, train.Labels, test.Labels)
		}
		if test.Classes != 10 || test.Names[test.Labels[0]] != "Trouser" || train.Image(1)[0] != float32(28*28%256)/255 {
			t.Errorf("%s: %d classes %v, pixel %v", what, test.Classes, test.Names, train.Image(1)[0])
		}
	}
	train, _, err := ReadMNIST(writeFiles(t, plain))
	if err != nil || train.Names[train.Labels[0]] != "9" {
		t.Error(train.Names, err)
	}
}

func TestReadMNISTRefuses(t *testing.T) {
	wrongLabel, missing, broken := mnistFiles(), mnistFiles(), mnistFiles()
	wrongLabel["t10k-labels-idx1-ubyte"] = idx([]byte{1, 10}, 2)
	delete(missing, "t10k-labels-idx1-ubyte")
	delete(broken, "t10k-images-idx3-ubyte")
	broken["t10k-images-idx3-ubyte.gz"] = []byte("not compressed")
	for what, tt := range map[string]struct {
		files map[string][]byte
		want  string
	}{
		"nothing":       {nil, "holds no train-images-idx3-ubyte; see Fetch"},
		"wrong label":   {wrongLabel, "label 10; want 0 to 9"},
		"missing file":  {missing, "holds no t10k-labels-idx1-ubyte beside t10k-images"},
		"broken packed": {broken, "t10k-images-idx3-ubyte.gz: gzip: invalid header"},
	} {
		if _, _, err := ReadMNIST(writeFiles(t, tt.files)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one that contains %q", what, err, tt.want)
		}
	}
	if _, _, err := ReadMNIST("/no/such/place"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no directory: %v", err)
	}
}

// Whatever the bytes, they are read or refused, and no more is allocated than
// they can fill.
func FuzzReadIDX(f *testing.F) {
	f.Add(idx(counting(24), 4, 3, 2), idx([]byte{2, 0, 5, 1}, 4))
	f.Add(idx(nil, 1<<20, 28, 28), []byte{})
	f.Add(idx(nil, 0, 1, 1), idx(nil, 0))
	f.Fuzz(func(t *testing.T, images, labels []byte) {
		x, err := ReadIDX(bytes.NewReader(images), bytes.NewReader(labels))
		if cap(x.Pixels) > 4*len(images)+1<<16 || cap(x.Labels) > 4*len(labels) {
			t.Errorf("memory for %d pixels and %d labels from %d and %d bytes", cap(x.Pixels), cap(x.Labels), len(images), len(labels))
		}
		if err == nil && x.Validate() != nil {
			t.Error(x.Validate())
		}
	})
}
