package torchfile

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/big"

	"github.com/gocrate/gocrate/internal/safetensors"
)

// legacyMagic is the number that the first pickle of a legacy file holds.
var legacyMagic, _ = new(big.Int).SetString("1950a86a20f9469cfc6c", 16)

// openLegacy reads what PyTorch wrote before 1.6, and still does on demand.
func (f *File) openLegacy(r io.ReaderAt, size int64) error {
	b := make([]byte, size)
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), b); err != nil {
		return fmt.Errorf("torchfile: %w", err)
	}
	if err := f.readLegacy(b); err != nil {
		return fmt.Errorf("torchfile: %w", err)
	}
	f.storage = func(s *storage) error { return fmt.Errorf("the file does not hold it") }
	return nil
}

func (f *File) readLegacy(b []byte) error {
	magic, b, err := next(b, nil)
	if n, ok := magic.(*big.Int); err == nil && (!ok || n.Cmp(legacyMagic) != 0) {
		err = fmt.Errorf("the file is a pickle, but not one of torch.save")
	}
	if err != nil {
		return err
	}
	version, b, err := next(b, nil)
	if err == nil && version != 1001 {
		err = fmt.Errorf("the format has version %s; want 1001", brief(version))
	}
	if err != nil {
		return err
	}
	system, b, err := next(b, nil)
	if d, ok := system.(*Dict); err == nil && (!ok || d.Get("little_endian") != true) {
		err = fmt.Errorf("the numbers are not in little-endian byte order")
	}
	if err != nil {
		return err
	}
	storages := map[string]*storage{}
	f.Root, b, err = next(b, func(id []any) (*storage, error) { return sharedStorage(storages, id) })
	if err != nil {
		return err
	}
	keys, b, err := next(b, nil)
	if err != nil {
		return err
	}
	return readLegacyStorages(keys, storages, b)
}

// next runs the pickle at the start of b and returns what follows it too.
func next(b []byte, load func(id []any) (*storage, error)) (any, []byte, error) {
	v, n, err := unpickle(b, load)
	return v, b[n:], err
}

// readLegacyStorages takes the storages off b: for every key the number of
// elements, in 8 bytes, and the elements.
func readLegacyStorages(keys any, storages map[string]*storage, b []byte) error {
	list, ok := keys.(List)
	if !ok {
		return fmt.Errorf("the keys of the storages are a %T; want a list", keys)
	}
	for _, key := range list {
		name, _ := key.(string)
		s := storages[name]
		if s == nil || len(b) < 8 {
			return fmt.Errorf("storage %s is of no tensor, or beyond the end of the file", brief(key))
		}
		count, size := binary.LittleEndian.Uint64(b), safetensors.Size(s.dtype)
		b = b[8:]
		if count > uint64(len(b)/size) {
			return fmt.Errorf("storage %.40q claims %d elements of %s; the file has %d bytes left", name, count, s.dtype, len(b))
		}
		var err error
		if s.data, err = s.trim(b[:int(count)*size]); err != nil {
			return err
		}
		b = b[int(count)*size:]
	}
	return nil
}

// trim returns the bytes of the storage's elements out of those that the file
// has for it, which may be more.
func (s *storage) trim(b []byte) ([]byte, error) {
	size := safetensors.Size(s.dtype)
	if s.size > len(b)/size {
		return nil, fmt.Errorf("it is said to have %d elements of %s, and has %d bytes", s.size, s.dtype, len(b))
	}
	return b[: s.size*size : s.size*size], nil
}
