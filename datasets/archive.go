package datasets

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
)

const (
	maxNames       = 1 << 30 // bytes that an archive's index may take
	maxPackedFile  = 1 << 28 // bytes of a picture in a compressed archive
	entryOverIndex = 64      // bytes of the index for each picture beside its path
)

// OpenArchive opens the pictures of a tar archive, which may be compressed by
// gzip, without unpacking it to disk. folder is the directory in the archive that
// holds them, in the layout of [OpenFolder]; "" is the archive's root. Pictures
// are in the order of the archive. An archive in an archive that is not
// compressed counts as a directory: such is ImageNet's ILSVRC2012_img_train.tar,
// with one for each class.
//
// Opening reads through the archive once. In a compressed one pictures are
// quickly read only from the first to the last, as [Folder.Load] and an
// evaluation do. Close the Folder when done.
func OpenArchive(file, folder string, r Recipe) (*Folder, error) {
	a, err := openArchive(file, folder)
	if err != nil {
		return nil, fmt.Errorf("datasets: %s: %w", file, err)
	}
	return newFolder(path.Join(file, folder), r, a.paths, a.store())
}

// archive is an open tar file and what was found in it.
type archive struct {
	file   *os.File
	packed bool // by gzip
	paths  []string
	at     []span // of each path: its content, if the file is not packed
	entry  []int  // of each path: its number among all entries, if it is
	index  int    // bytes that all this takes
}

// span is a part of a file.
type span struct{ from, size int64 }

// openTar opens an archive without looking for anything in it.
func openTar(name string) (*archive, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	var magic [2]byte
	if _, err := io.ReadFull(file, magic[:]); err != nil {
		file.Close()
		return nil, fmt.Errorf("not a tar archive: %w", err)
	}
	return &archive{file: file, packed: magic == [2]byte{0x1f, 0x8b}}, nil
}

// openArchive makes the index of the pictures in a folder of an archive.
func openArchive(name, folder string) (*archive, error) {
	a, err := openTar(name)
	if err != nil {
		return nil, err
	}
	if err := a.scan(cleanName(folder)); err != nil {
		a.file.Close()
		return nil, err
	}
	return a, nil
}

func (a *archive) scan(folder string) error {
	if a.packed {
		return a.scanPacked(folder)
	}
	info, err := a.file.Stat()
	if err != nil {
		return err
	}
	return a.scanPlain(span{0, info.Size()}, "", folder)
}

// scanPlain finds the pictures in a part of the file that is an archive, whose
// names are below the given path. In ImageNet's own archive each class is an
// archive: it counts as a directory.
func (a *archive) scanPlain(part span, under, folder string) error {
	r := io.NewSectionReader(a.file, part.from, part.size)
	entries := tar.NewReader(r)
	for n := 0; ; n++ {
		header, err := entries.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%sentry %d: %w", under, n, err)
		}
		// The reader of the archive reads no further than an entry's header.
		at, err := r.Seek(0, io.SeekCurrent)
		if err != nil {
			return err
		}
		content := span{part.from + at, header.Size}
		name := under + cleanName(header.Name)
		if class, ok := strings.CutSuffix(name, ".tar"); ok && under == "" && header.Typeflag == tar.TypeReg {
			err = a.scanPlain(content, class+"/", folder)
		} else {
			err = a.add(header, name, folder, content, n)
		}
		if err != nil {
			return err
		}
	}
}

func (a *archive) scanPacked(folder string) error {
	entries, err := a.rewind()
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		header, err := entries.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("entry %d: %w", n, err)
		}
		if err := a.add(header, cleanName(header.Name), folder, span{}, n); err != nil {
			return err
		}
	}
}

// add notes an entry if it is a picture in the folder.
func (a *archive) add(header *tar.Header, name, folder string, content span, n int) error {
	name, ok := below(name, folder)
	if !ok || header.Typeflag != tar.TypeReg || !isPicture(name) {
		return nil
	}
	if a.index += len(name) + entryOverIndex; a.index > maxNames {
		return fmt.Errorf("entry %d: more than %d MB of names", n, maxNames>>20)
	}
	a.paths, a.at, a.entry = append(a.paths, name), append(a.at, content), append(a.entry, n)
	return nil
}

// rewind returns the archive's entries from the first on.
func (a *archive) rewind() (*tar.Reader, error) {
	if _, err := a.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	if !a.packed {
		return tar.NewReader(a.file), nil
	}
	unpacked, err := gzip.NewReader(bufio.NewReaderSize(a.file, 1<<16))
	if err != nil {
		return nil, err
	}
	return tar.NewReader(unpacked), nil
}

func (a *archive) store() store {
	if a.packed {
		return &packedArchive{archive: a}
	}
	return (*plainArchive)(a)
}

// cleanName is a path of an archive without what leads nowhere: "./a//b" is
// "a/b", and the root is "". Nothing is ever written to such a path.
func cleanName(name string) string { return strings.TrimPrefix(path.Clean("/"+name), "/") }

// below returns the path of a file relative to a folder.
func below(name, folder string) (string, bool) {
	if folder == "" {
		return name, true
	}
	return strings.CutPrefix(name, folder+"/")
}

// plainArchive is a store of files in an archive that is not compressed.
type plainArchive archive

func (a *plainArchive) Close() error { return a.file.Close() }

func (a *plainArchive) open(i int) (content, error) {
	return closer{io.NewSectionReader(a.file, a.at[i].from, a.at[i].size)}, nil
}

// packedArchive is a store of files in a compressed archive.
type packedArchive struct {
	*archive
	entries *tar.Reader // or nil
	next    int         // entry that it reads next
}

func (a *packedArchive) Close() error { return a.file.Close() }

// open reads on to the entry, from the beginning if it was passed already, and
// takes its content out.
func (a *packedArchive) open(i int) (content, error) {
	if a.entries == nil || a.entry[i] < a.next {
		entries, err := a.rewind()
		if err != nil {
			return nil, err
		}
		a.entries, a.next = entries, 0
	}
	for ; a.next <= a.entry[i]; a.next++ {
		if _, err := a.entries.Next(); err != nil {
			a.entries = nil
			return nil, fmt.Errorf("archive: %w", noEOF(err))
		}
	}
	data, err := io.ReadAll(io.LimitReader(a.entries, maxPackedFile+1))
	if err != nil {
		a.entries = nil
		return nil, err
	}
	if len(data) > maxPackedFile {
		return nil, fmt.Errorf("more than %d MB", maxPackedFile>>20)
	}
	return closer{bytes.NewReader(data)}, nil
}

// noEOF turns an end where there should be none into an error of its own.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// closer is content that needs no closing.
type closer struct{ io.ReadSeeker }

func (closer) Close() error { return nil }
