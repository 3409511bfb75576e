package torchfile

import (
	"fmt"
	"io"
	"os"

	"github.com/gocrate/gocrate/internal/safetensors"
)

// File is an open file of torch.save.
type File struct {
	Root any // what was saved; the package documentation lists the types

	closer  io.Closer
	storage func(s *storage) error // reads the numbers of a storage
	budget  int                    // bytes that may still be copied out of views
}

// Open opens a file. Errors name it and what is wrong with it.
func Open(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil {
		var file *File
		if file, err = Read(f, info.Size()); err == nil {
			file.closer = f
			return file, nil
		}
	}
	f.Close()
	return nil, fmt.Errorf("%s: %w", path, err)
}

// Read opens a file of the given size in bytes. r is read from until the File
// is no longer used.
func Read(r io.ReaderAt, size int64) (*File, error) {
	f := &File{budget: int(4*size + 1<<20)}
	var magic [2]byte
	if _, err := r.ReadAt(magic[:], 0); err != nil && err != io.EOF {
		return nil, err
	}
	switch {
	case magic == [2]byte{'P', 'K'}:
		return f, f.openZip(r, size)
	case magic == [2]byte{0x80, 2}:
		return f, f.openLegacy(r, size)
	}
	return nil, fmt.Errorf("torchfile: the file starts with %q; a file of torch.save starts with a zip archive's or a pickle's first bytes", magic)
}

// Close closes the file. Tensors that were read remain valid.
func (f *File) Close() error {
	if f.closer == nil {
		return nil
	}
	return f.closer.Close()
}

// Read returns the numbers of a tensor of the file, in order. All that is read
// from one file may be four times as large as the file, which is more than
// enough for tensors that share storages, and not for views that repeat one
// number a billion times.
func (f *File) Read(t *Tensor) (safetensors.Tensor, error) {
	size := safetensors.Size(t.DType)
	n := t.elements(f.budget / size)
	if f.budget -= n * size; f.budget < 0 {
		return safetensors.Tensor{}, fmt.Errorf("torchfile: a tensor of shape %v is larger than its file can explain", t.Shape)
	}
	if t.storage.data == nil && n > 0 {
		if err := f.storage(t.storage); err != nil {
			return safetensors.Tensor{}, fmt.Errorf("torchfile: storage %.40q: %w", t.storage.key, err)
		}
	}
	if n == 0 {
		return safetensors.Tensor{DType: t.DType, Shape: t.Shape}, nil
	}
	return safetensors.Tensor{DType: t.DType, Shape: t.Shape, Data: t.gather(n)}, nil
}

// bytesReader is a bytes.Reader for the pickle library, which wants to read
// byte by byte and must not be able to seek or copy.
type bytesReader struct{ b []byte }

func (r *bytesReader) ReadByte() (byte, error) {
	if len(r.b) == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	c := r.b[0]
	r.b = r.b[1:]
	return c, nil
}

func (r *bytesReader) Read(p []byte) (int, error) {
	n := copy(p, r.b)
	if r.b = r.b[n:]; n == 0 && len(p) > 0 {
		return 0, io.ErrUnexpectedEOF
	}
	return n, nil
}
