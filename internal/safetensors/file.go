package safetensors

import (
	"fmt"
	"os"
	"runtime/debug"
)

// File is a file whose tensors lie in the file itself: on Unix it is mapped
// into memory, and what is never looked at is never read.
type File struct {
	Tensors  map[string]Tensor
	Metadata map[string]string // the texts of the header; nil: none

	mapped []byte
}

// View calls f with the file at path. The tensors are valid until f returns,
// on f's goroutine. Errors about the file name it and what is wrong with it;
// that of f is returned as it is. A file that is cut short while f looks at it
// is an error too; to replace it by renaming another is harmless.
func View(path string, f func(*File) error) (err error) {
	var file *File
	if err := withFile(path, func(f *os.File, size int64) (err error) {
		file, err = openFile(f, size)
		return err
	}); err != nil {
		return err
	}
	defer unmapFile(file.mapped)
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			if _, fault := p.(interface{ Addr() uintptr }); !fault {
				panic(p)
			}
			err = fmt.Errorf("%s: safetensors: the file was cut short while it was read", path)
		}
	}()
	return f(file)
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
