package datasets

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Source is a data set that can be downloaded. One of your own needs Name and
// Files.
type Source struct {
	Name    string // directory in the cache, "mnist"
	Title   string // what it is
	Page    string // where it is described
	Licence string
	Files   []File
}

// File is a file of a [Source].
type File struct {
	Name   string   // in the cache
	URLs   []string // where it lies, tried in this order
	Size   int64    // in bytes
	SHA256 string   // checksum in hexadecimal; without one nothing is downloaded
}

// The environment variables that [Fetch] heeds.
const (
	offlineVariable = "GOCRATE_OFFLINE" // neither empty nor 0: nothing is downloaded
	cacheVariable   = "GOCRATE_CACHE"   // the directory for data sets, instead of the user's cache
)

// ErrOffline is what [Fetch] fails with, errors.Is says so, if a download is
// needed but the environment variable GOCRATE_OFFLINE forbids it.
var ErrOffline = errors.New("GOCRATE_OFFLINE is set")

// Fetch downloads a data set and returns the directory that it is in: that of its
// Name, in the directory gocrate of the user's cache or in the one that the
// environment variable GOCRATE_CACHE names. What is there already is not
// downloaded again, but its checksum is taken: a file that is not what it should
// be is an error and never used. Nothing is sent but requests for the files.
//
// A download that was interrupted goes on where it stopped. Files appear under
// their name only when they are complete and their checksum is right. If progress
// is not nil, it is called with the bytes of all files that are there, and of all
// that there will be.
//
// An error says what failed at which place, and how to bring the file by other
// means. When ctx ends, Fetch returns its error.
func Fetch(ctx context.Context, s Source, progress func(done, total int64)) (dir string, err error) {
	if err := s.check(); err != nil {
		return "", err
	}
	cache, err := cacheDirectory()
	if err != nil {
		return "", err
	}
	dir = filepath.Join(cache, s.Name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("datasets: %w", err)
	}
	if progress == nil {
		progress = func(done, total int64) {}
	}
	var before int64
	for _, f := range s.Files {
		d := download{File: f, path: filepath.Join(dir, f.Name), progress: func(done int64) { progress(before+done, s.Size()) }}
		if err := d.ensure(ctx); err != nil {
			return "", s.explain(d, err)
		}
		before += f.Size
		progress(before, s.Size())
	}
	return dir, nil
}

// Size returns the bytes of all files.
func (s Source) Size() (n int64) {
	for _, f := range s.Files {
		n += f.Size
	}
	return n
}

// String says what would be downloaded, how much, from where, and under which
// licence.
func (s Source) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", s.Name, s.Title)
	files := "1 file"
	if len(s.Files) != 1 {
		files = fmt.Sprintf("%d files", len(s.Files))
	}
	fmt.Fprintf(&b, "%s in %s, described at %s\nlicence: %s\n", megabytes(s.Size()), files, s.Page, s.Licence)
	for _, f := range s.Files {
		fmt.Fprintf(&b, "%s, %s, SHA-256 %s\n", f.Name, megabytes(f.Size), f.SHA256)
		for _, url := range f.URLs {
			fmt.Fprintf(&b, "\t%s\n", url)
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// explain adds to an error what can be done about it.
func (s Source) explain(d download, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("datasets: %s of %s: %w; call Fetch again to go on", d.Name, s.Name, err)
	}
	places := "its place"
	if len(d.URLs) > 0 {
		places = strings.Join(d.URLs, " or ")
	}
	return fmt.Errorf("datasets: %s of %s (%s): %w\nWithout a network: bring it from %s, %s, SHA-256 %s, and put it at %s",
		d.Name, s.Name, s.Title, err, places, megabytes(d.Size), d.SHA256, d.path)
}

// check refuses a source that could write outside its directory, or that cannot
// be checked.
func (s Source) check() error {
	names := []string{s.Name}
	for _, f := range s.Files {
		names = append(names, f.Name)
		if len(f.SHA256) != 64 || strings.Trim(f.SHA256, "0123456789abcdef") != "" || f.Size <= 0 {
			return fmt.Errorf("datasets: Source %s: file %q has SHA-256 %q and Size %d; want 64 digits of 0123456789abcdef and the exact size", s.Name, f.Name, f.SHA256, f.Size)
		}
	}
	if bad := slices.IndexFunc(names, func(name string) bool { return name == "" || name != filepath.Base(name) || name[0] == '.' }); bad >= 0 {
		return fmt.Errorf("datasets: Source: %q is no name for a file or directory in the cache", names[bad])
	}
	return nil
}

// cacheDirectory returns where data sets are kept.
func cacheDirectory() (string, error) {
	if dir := os.Getenv(cacheVariable); dir != "" {
		return dir, nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("datasets: no cache directory (%w); set %s to one", err, cacheVariable)
	}
	return filepath.Join(dir, "gocrate"), nil
}

func isOffline() bool {
	v := os.Getenv(offlineVariable)
	return v != "" && v != "0"
}

// megabytes returns a number of bytes to be read.
func megabytes(n int64) string {
	switch {
	case n < 1e6:
		return fmt.Sprintf("%.0f kB", float64(n)/1e3)
	case n < 1e9:
		return fmt.Sprintf("%.0f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}
