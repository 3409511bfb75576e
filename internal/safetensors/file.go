package safetensors

import (
	"fmt"
	"os"
)

// File is an open file whose tensors lie in the file itself: on Unix it is
// mapped into memory, and what is never looked at is never read.
type File struct {
	Tensors  map[string]Tensor // valid until Close
	Metadata map[string]string // the texts of the header; nil: none

	mapped []byte
}

// Open opens a file. Errors name it and what is wrong with it. While it is
// open the file must not be cut short; replacing it by renaming another is
// harmless.
func Open(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	file, err := openFile(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return file, nil
}

func openFile(f *os.File, size int64) (*File, error) {
	header, err := readHeader(f, size)
	if err != nil {
		return nil, err
	}
	start := 8 + int64(len(header))
	entries, metadata, err := parseHeader(header, size-start)
	if err != nil {
		return nil, err
	}
	mapped, err := mapFile(f, int(size))
	if err != nil {
		return nil, fmt.Errorf("safetensors: mapping the file into memory: %w", err)
	}
	return &File{tensorsOf(entries, mapped[start:]), metadata, mapped}, nil
}

// Close ends the mapping. The Data of the tensors must not be used any more.
func (f *File) Close() error { return unmapFile(f.mapped) }
