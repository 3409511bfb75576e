package datasets

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// packTar makes a tar archive of files, in the order of their names, with the
// usual company: directories, links, and paths that begin with a dot.
func packTar(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	add := func(h tar.Header, data []byte) {
		h.Mode, h.Size = 0o644, int64(len(data))
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		w.Write(data)
	}
	add(tar.Header{Name: "./", Typeflag: tar.TypeDir}, nil)
	add(tar.Header{Name: "link.png", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}, nil)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		add(tar.Header{Name: "./" + name, Typeflag: tar.TypeReg}, files[name])
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pack(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(data)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func writeFile(t testing.TB, name string, data []byte) string {
	t.Helper()
	return filepath.Join(writeFiles(t, map[string][]byte{name: data}), name)
}

// withSize gives a PNG file another size in its header.
func withSize(file []byte, w, h uint32) []byte {
	file = slices.Clone(file)
	header := file[12:29]
	binary.BigEndian.PutUint32(header[4:], w)
	binary.BigEndian.PutUint32(header[8:], h)
	binary.BigEndian.PutUint32(file[29:], crc32.ChecksumIEEE(header))
	return file
}

// A folder in an archive is the folder.
func TestOpenArchive(t *testing.T) {
	files := pictureFiles(t)
	dir, err := OpenFolder(writeFiles(t, files), tiny)
	if err != nil {
		t.Fatal(err)
	}
	want, err := dir.Load(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	inside := map[string][]byte{"sets/val/x/1.png": encoded(t, plain(9, 2, 2)), "other.png": []byte("elsewhere")}
	for name, data := range files {
		inside["sets/train/"+name] = data
	}
	archive := packTar(t, inside)
	for name, file := range map[string][]byte{"plain.tar": archive, "packed.tgz": pack(t, archive)} {
		f, err := OpenArchive(writeFile(t, name, file), "sets/train/", tiny)
		if err != nil {
			t.Fatal(err)
		}
		got, err := f.Load(context.Background(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(f.Files, dir.Files) || !slices.Equal(got.Pixels, want.Pixels) || !slices.Equal(got.Labels, want.Labels) || !slices.Equal(got.Names, want.Names) {
			t.Errorf("%s: %v with labels %v %v, want %v with %v %v", name, f.Files, got.Labels, got.Names, dir.Files, want.Labels, want.Names)
		}
		// Backwards, and in parts.
		for i := f.Len() - 1; i >= 0; i-- {
			x, err := f.Read(context.Background(), i, i+1)
			if err != nil || !slices.Equal(x.Pixels, want.Image(i)) {
				t.Errorf("%s: picture %d is %v, want %v; %v", name, i, x.Pixels, want.Image(i), err)
			}
		}
		_, b := f.Split(0.5, 1)
		x, err := b.Load(context.Background(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, file := range b.Files {
			if k := slices.Index(f.Files, file); !slices.Equal(x.Image(i), want.Image(k)) {
				t.Errorf("%s: %s of a part has pixels %v", name, file, x.Image(i))
			}
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if _, err := f.Read(context.Background(), 0, 1); !errors.Is(err, os.ErrClosed) {
			t.Errorf("%s: after Close: %v", name, err)
		}
	}
}

// ImageNet has an archive for each class in one for all.
func TestOpenArchiveOfArchives(t *testing.T) {
	inner := func(greys ...uint8) []byte {
		files := map[string][]byte{}
		for _, g := range greys {
			files[fmt.Sprintf("n_%d.JPEG", g)] = encoded(t, plain(g, 3, 3)) // names tell nothing about formats
		}
		return packTar(t, files)
	}
	all := packTar(t, map[string][]byte{"n02.tar": inner(20, 21), "n01.tar": inner(10), "deep/n03.tar": inner(30)})
	f, err := OpenArchive(writeFile(t, "all.tar", all), "", tiny)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	x, err := f.Load(context.Background(), nil)
	if err != nil || !slices.Equal(f.Names, []string{"deep", "n01", "n02"}) || !slices.Equal(greys(t, x), []int{30, 10, 20, 21}) || !slices.Equal(x.Labels, []int{0, 1, 2, 2}) {
		t.Errorf("%v: greys %v with labels %v, %v", f.Files, x.Pixels, x.Labels, err)
	}
	if f, err := OpenArchive(writeFile(t, "all.tar", all), "n02", tiny); err != nil || !slices.Equal(f.Files, []string{"n_20.JPEG", "n_21.JPEG"}) {
		t.Errorf("one class: %v, %v", f, err)
	}
}

func TestOpenArchiveRefuses(t *testing.T) {
	archive := packTar(t, map[string][]byte{"a/1.png": encoded(t, plain(1, 30, 30)), "a/2.png": encoded(t, plain(1, 30, 30))})
	for _, tt := range []struct {
		what, want, folder string
		file               []byte
	}{
		{"nothing", "not a tar archive", "", nil},
		{"no archive", "entry 0", "", bytes.Repeat([]byte("text "), 300)},
		{"another folder", "no pictures", "b", archive},
		{"half", "unexpected EOF", "", archive[:len(archive)-2000]},
		{"half, packed", "unexpected EOF", "", pack(t, archive)[:200]},
	} {
		_, err := OpenArchive(writeFile(t, "x.tar", tt.file), tt.folder, tiny)
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "x.tar") {
			t.Errorf("%s: error %v, want one that contains %q", tt.what, err, tt.want)
		}
	}
	if _, err := OpenArchive(filepath.Join(t.TempDir(), "none"), "", tiny); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
}

// Whatever the bytes, an archive is read or refused, and no size that it claims
// is believed.
func FuzzOpenArchive(f *testing.F) {
	good := packTar(f, map[string][]byte{"a/1.png": encoded(f, plain(1, 3, 3)), "b/2.png": hugePNG(f, 1<<15, 1<<15)})
	f.Add(good)
	f.Add(pack(f, good))
	f.Add(good[:700])
	f.Add(packTar(f, map[string][]byte{"n.tar": good}))
	f.Fuzz(func(t *testing.T, data []byte) {
		folder, err := OpenArchive(writeFile(t, "x", data), "", tiny)
		if err != nil {
			return
		}
		defer folder.Close()
		folder.maxPixels = 1 << 12
		for i := range min(folder.Len(), 4) {
			x, err := folder.Read(context.Background(), i, i+1)
			if err == nil && x.Validate() != nil {
				t.Error(x.Validate())
			}
		}
	})
}
