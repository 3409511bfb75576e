package datasets

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// members calls read with each of the named files of a data set. where is the
// archive of the set; or a directory that holds the archive, under its own name,
// or the files themselves, as they are or compressed by gzip; or a directory with
// such a directory in it.
func members(where, archive string, names []string, read func(name string, r io.Reader) error) error {
	info, err := os.Stat(where)
	if err != nil {
		return fmt.Errorf("datasets: %w", err)
	}
	if !info.IsDir() {
		return packedMembers(where, names, read)
	}
	entries, err := os.ReadDir(where)
	if err != nil {
		return fmt.Errorf("datasets: %w", err)
	}
	dirs := []string{where}
	for _, entry := range entries {
		dirs = append(dirs, filepath.Join(where, entry.Name()))
	}
	for _, dir := range dirs {
		if findMember(dir, names[0]) != "" {
			return looseMembers(dir, names, read)
		}
	}
	packed := filepath.Join(where, archive)
	if _, err := os.Stat(packed); archive == "" || err != nil {
		return fmt.Errorf("datasets: %s holds no %s; see Fetch", where, strings.Join(wanted(archive, names), " and no "))
	}
	return packedMembers(packed, names, read)
}

func wanted(archive string, names []string) []string {
	if archive == "" {
		return names[:1]
	}
	return []string{names[0], archive}
}

// findMember returns the path of a file in a directory, "" if there is none.
func findMember(dir, name string) string {
	for _, end := range []string{"", ".gz"} {
		file := filepath.Join(dir, name+end)
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			return file
		}
	}
	return ""
}

func looseMembers(dir string, names []string, read func(name string, r io.Reader) error) error {
	for _, name := range names {
		file := findMember(dir, name)
		if file == "" {
			return fmt.Errorf("datasets: %s holds no %s beside %s", dir, name, names[0])
		}
		if err := readMember(file, func(r io.Reader) error { return read(name, r) }); err != nil {
			return fmt.Errorf("datasets: %s: %w", file, err)
		}
	}
	return nil
}

func readMember(file string, read func(io.Reader) error) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 1<<16)
	if !strings.HasSuffix(file, ".gz") {
		return read(r)
	}
	unpacked, err := gzip.NewReader(r)
	if err != nil {
		return err
	}
	return read(unpacked)
}

// packedMembers reads the archive up to the last of the files.
func packedMembers(file string, names []string, read func(name string, r io.Reader) error) error {
	a, err := openTar(file)
	if err != nil {
		return fmt.Errorf("datasets: %s: %w", file, err)
	}
	defer a.file.Close()
	entries, err := a.rewind()
	missing := slices.Clone(names)
	for err == nil && len(missing) > 0 {
		header, e := entries.Next()
		if e == io.EOF {
			return fmt.Errorf("datasets: %s holds no %s", file, strings.Join(missing, ", "))
		}
		if err = e; err != nil {
			break
		}
		name := path.Base(header.Name)
		if i := slices.Index(missing, name); i >= 0 {
			missing = slices.Delete(missing, i, i+1)
			if err = read(name, entries); err != nil {
				err = fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	if err != nil {
		return fmt.Errorf("datasets: %s: %w", file, err)
	}
	return nil
}

// maxRecords bounds the records of a file, whatever comes out of its compression.
const maxRecords = 1 << 24

// records calls f with one record of a file after the other. The memory of a
// record is used again for the next.
func records(r io.Reader, size int, f func(record []byte) error) error {
	record := make([]byte, size)
	for n := 0; ; n++ {
		if _, err := io.ReadFull(r, record); err == io.EOF {
			return nil
		} else if errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("record %d is cut short; the file is not whole records of %d bytes", n, size)
		} else if err != nil {
			return err
		}
		if n == maxRecords || int64(n+1)*int64(size) > maxFloats {
			return fmt.Errorf("more than %d records of %d bytes", n, size)
		}
		if err := f(record); err != nil {
			return fmt.Errorf("record %d: %w", n, err)
		}
	}
}
