package torchfile

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"
)

// openZip reads the archive that PyTorch writes since 1.6.
func (f *File) openZip(r io.ReaderAt, size int64) error {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return fmt.Errorf("torchfile: %w", err)
	}
	records := map[string]*zip.File{}
	top := ""
	for _, record := range archive.File {
		records[record.Name] = record
		if dir, ok := strings.CutSuffix(record.Name, "/data.pkl"); ok && !strings.Contains(dir, "/") {
			top = dir
		}
	}
	switch {
	case top == "":
		return fmt.Errorf("torchfile: the zip archive has no record NAME/data.pkl; it is no file of torch.save")
	case records[top+"/constants.pkl"] != nil:
		return fmt.Errorf("torchfile: this is a TorchScript program; save the model's state_dict instead")
	}
	if err := checkByteOrder(records[top+"/byteorder"], size); err != nil {
		return err
	}
	pickled, err := readRecord(records[top+"/data.pkl"], min(size, maxPickle))
	if err != nil {
		return fmt.Errorf("torchfile: data.pkl: %w", err)
	}
	left := size // no storage is read twice, so together they are not larger
	f.storage = func(s *storage) (err error) {
		s.data, err = readStorage(records[top+"/data/"+s.key], s, left)
		left -= int64(len(s.data))
		return err
	}
	storages := map[string]*storage{}
	f.Root, _, err = unpickle(pickled, func(id []any) (*storage, error) { return sharedStorage(storages, id) })
	if err != nil {
		return fmt.Errorf("torchfile: %w", err)
	}
	return nil
}

// sharedStorage returns the storage of an id, the same for the same key.
func sharedStorage(storages map[string]*storage, id []any) (*storage, error) {
	s, err := newStorage(id)
	if err != nil {
		return nil, err
	}
	if known := storages[s.key]; known != nil {
		if known.dtype != s.dtype || known.size != s.size {
			return nil, fmt.Errorf("storage %.40q has %d elements of %s here and %d of %s there", s.key, s.size, s.dtype, known.size, known.dtype)
		}
		return known, nil
	}
	storages[s.key] = s
	return s, nil
}

// checkByteOrder reports a file from a big-endian machine. Without a record
// the order is little-endian.
func checkByteOrder(record *zip.File, size int64) error {
	if record == nil {
		return nil
	}
	order, err := readRecord(record, size)
	if err == nil && string(order) != "little" {
		err = fmt.Errorf("the numbers are in byte order %.20q; want little", order)
	}
	if err != nil {
		return fmt.Errorf("torchfile: byteorder: %w", err)
	}
	return nil
}

func readStorage(record *zip.File, s *storage, limit int64) ([]byte, error) {
	if record == nil {
		return nil, fmt.Errorf("the archive has no record for it")
	}
	b, err := readRecord(record, limit)
	if err != nil {
		return nil, err
	}
	return s.trim(b)
}

// readRecord returns the bytes of a record that is no longer than limit. As
// PyTorch compresses nothing, a compressed record is refused: it could claim
// any size.
func readRecord(record *zip.File, limit int64) ([]byte, error) {
	if record.Method != zip.Store || record.CompressedSize64 != record.UncompressedSize64 {
		return nil, fmt.Errorf("the record is compressed, which torch.save never does")
	}
	if record.UncompressedSize64 > uint64(limit) {
		return nil, fmt.Errorf("the record claims %d bytes where at most %d are left", record.UncompressedSize64, limit)
	}
	r, err := record.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b := make([]byte, record.UncompressedSize64)
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, err
	}
	_, err = io.Copy(io.Discard, r) // to the end, where the checksum is compared
	return b, err
}
